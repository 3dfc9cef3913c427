"""Rules of every kind as people look them up: what they say, and who changed them on whose word."""

import json
from datetime import date
from typing import Any

from sqlmodel import Session

from models.queries.scope import plain_value
from models.rulebook import Rulebook
from models.statement import Statement
from states.ceilings import CeilingRule
from states.dated_rules import DatedRule
from states.deadlines import Rule
from states.prepayments import PrepaymentRule
from states.priorities import PriorityRule
from states.refusal import Refused
from states.reminder_rules import ReminderKind, ReminderRule

DEADLINE, CEILING, PREPAYMENT, PRIORITY = "deadline_rule", "ceiling_rule", "prepayment_rule", "priority_rule"
REMINDER = "reminder_rule"


def rule_list(book: Rulebook, *, on: date | None = None) -> dict[str, list[dict[str, Any]]]:
    """Every rule, or those in force on a day, by kind, with basis and dates."""
    return {
        "deadlines": [deadline_row(rule) for rule in book.rules if on is None or _measures_on(rule, on)],
        "ceilings": [ceiling_row(rule) for rule in book.ceilings if on is None or rule.is_in_force(on)],
        "prepayments": [prepayment_row(rule) for rule in book.prepayments if on is None or rule.is_in_force(on)],
        "priorities": [priority_row(rule) for rule in book.priorities if on is None or rule.is_in_force(on)],
        "reminders": [reminder_row(rule) for rule in book.reminders if on is None or _reminds_on(rule, on)],
    }


def _measures_on(rule: Rule, on: date) -> bool:
    return rule.active and rule.effective_from <= on <= (rule.effective_until or date.max)


def _reminds_on(rule: ReminderRule, on: date) -> bool:
    return rule.active and rule.is_in_force(on)


def rule_named(book: Rulebook, code: str) -> tuple[str, dict[str, Any]]:
    """The table of a rule and the rule. Raises Refused for an unknown code."""
    for many, rows in rule_list(book).items():
        for row in rows:
            if row["code"] == code:
                return _TABLES[many], row
    raise Refused(f"Không có quy định {code}; hãy xem dean rules list.")


_TABLES = {
    "deadlines": DEADLINE,
    "ceilings": CEILING,
    "prepayments": PREPAYMENT,
    "priorities": PRIORITY,
    "reminders": REMINDER,
}


def deadline_row(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "kind": "deadline",
        "clock": rule.clock,
        "label": rule.label,
        "route": rule.route and str(rule.route),
        "unit": rule.unit,
        "length": rule.length,
        "month": rule.month,
        "day": rule.day,
        "year": rule.year,
        "year_offset": rule.year_offset,
        "before": rule.before,
        "roll": str(rule.roll),
        "basis": rule.basis,
        "statutory": rule.statutory,
        "standing": rule.standing,
        "verified": rule.verified,
        "active": rule.active,
        "effective_from": rule.effective_from.isoformat(),
        "effective_until": plain_value(rule.effective_until),
    }


def ceiling_row(rule: CeilingRule) -> dict[str, Any]:
    return _dated_row(rule, "ceiling") | {
        "percent": rule.percent,
        "cap": rule.cap,
        "per": rule.per,
        "base": str(rule.base),
        "condition": rule.condition,
        "notes": rule.notes,
    }


def prepayment_row(rule: PrepaymentRule) -> dict[str, Any]:
    return _dated_row(rule, "prepayment") | {
        "percent": rule.percent,
        "progress": rule.progress,
        "papers": [str(paper) for paper in rule.papers],
    }


def priority_row(rule: PriorityRule) -> dict[str, Any]:
    return _dated_row(rule, "priority") | {
        "criterion": str(rule.criterion),
        "points": rule.points,
        "jobs": rule.jobs,
    }


def reminder_row(rule: ReminderRule) -> dict[str, Any]:
    return _dated_row(rule, "reminder") | {
        "counts": str(rule.kind),
        "counts_label": rule.kind.label,
        "clock": rule.clock,
        "audience": str(rule.audience),
        "audience_label": rule.audience.label,
        "workdays": rule.workdays if rule.kind is ReminderKind.LADDER else None,
        "every": rule.every or None,
        "urgent": rule.urgent,
        "active": rule.active,
    }


def _dated_row(rule: DatedRule, kind: str) -> dict[str, Any]:
    return {
        "code": rule.id,
        "kind": kind,
        "activity": rule.activity and str(rule.activity),
        "label": rule.label,
        "jurisdiction": rule.jurisdiction,
        "route": rule.route and str(rule.route),
        "level": rule.level,
        "basis": rule.basis,
        "verified": rule.verified,
        "doubt": rule.doubt,
        "effective_from": rule.effective_from.isoformat(),
        "effective_until": plain_value(rule.effective_until),
    }


def rule_changes(session: Session, kind: str, code: str) -> list[dict[str, Any]]:
    """The events of a rule, oldest first: when, by whom, on whose word, and what was changed from what.

    `seq` of the last one is the version that a change names.
    """
    found = _EVENTS.rows(session, kind=kind, id=rule_id(session, kind, code))
    return [
        {
            "seq": event.seq,
            "recorded_at": plain_value(event.recorded_at),
            "recorded_by": event.code,
            "recorded_by_name": event.name,
            "note": event.note,
            "changes": _changes(json.loads(event.body)) if event.seq > 1 else [],
        }
        for event in found
    ]


def rule_id(session: Session, kind: str, code: str) -> int:
    """The id of a rule of a table."""
    return int(_IDS[kind].one(session, code=code).id)


_IDS = {kind: Statement(f"SELECT id FROM {kind} WHERE code = :code") for kind in _TABLES.values()}
_EVENTS = Statement(
    "SELECT e.seq, e.recorded_at, p.code, p.name, e.note, e.body FROM event AS e "
    "LEFT JOIN person AS p ON p.id = e.recorded_by "
    "WHERE e.subject_kind = :kind AND e.subject_id = :id ORDER BY e.seq"
)


def _changes(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"field": field, "old": body["was"].get(field), "new": new} for field, new in body["set"].items()]
