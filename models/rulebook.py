"""The rules in force as values: calendar, deadlines, money, priorities, reminders; read again when they change."""

import json
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlmodel import Session

from models.calendar_file import read_calendar_file
from models.ceiling_file import read_ceiling_file
from models.prepayment_file import read_prepayment_file
from models.priority_file import read_priority_file
from models.reminder_file import read_reminder_file
from models.rule_file import read_rule_file
from models.shipped import PROVINCE, REFERENCE
from models.statement import Statement
from states.activities import Activity
from states.calendar import Calendar
from states.ceilings import Base, CeilingRule
from states.counting import Roll
from states.dated_rules import jurisdiction_of
from states.deadlines import Rule
from states.listed_days import DayKind, ListedDay, Weekend
from states.prepayments import PrepaymentRule
from states.priorities import Criterion, PriorityRule
from states.reminder_rules import Audience, ReminderKind, ReminderRule
from states.vocabulary import Paper, Route


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What deadlines and sums are measured with; `version` is the hash of the newest event that changed any of it.

    `jurisdiction` is the province whose own rules win on the local route.
    """

    version: str
    calendar: Calendar
    calendar_id: int
    rules: tuple[Rule, ...]
    ceilings: tuple[CeilingRule, ...]
    prepayments: tuple[PrepaymentRule, ...]
    priorities: tuple[PriorityRule, ...]
    reminders: tuple[ReminderRule, ...]
    jurisdiction: str


def rulebook(session: Session) -> Rulebook:
    """The rulebook of this database. Building a calendar takes milliseconds, so it is kept until it changes."""
    version: str = _VERSION.one(session).version
    key = str(session.get_bind().engine.url)
    known = _KNOWN.get(key)
    if known is None or known.version != version:
        known = _KNOWN[key] = _read(session, version)
    return known


#: One rulebook per database of this process; an immutable value, so that threads may share it.
_KNOWN: dict[str, Rulebook] = {}
# The hash and not the number: an event that was taken back with its transaction gives its number to another one.
_VERSION = Statement("""
    SELECT hash AS version FROM event WHERE id = (
        SELECT max(newest) FROM (
            SELECT max(last_event_id) AS newest FROM calendar
            UNION ALL SELECT max(last_event_id) FROM deadline_rule
            UNION ALL SELECT max(last_event_id) FROM ceiling_rule
            UNION ALL SELECT max(last_event_id) FROM prepayment_rule
            UNION ALL SELECT max(last_event_id) FROM priority_rule
            UNION ALL SELECT max(last_event_id) FROM reminder_rule) AS changed)""")


def _read(session: Session, version: str) -> Rulebook:
    rows = _CALENDAR.rows(session)
    if not rows:
        raise LookupError("the register has no calendar")
    [head] = rows
    return Rulebook(
        version,
        calendar=read_calendar(session, head),
        calendar_id=head.id,
        rules=tuple(read_rules(session)),
        ceilings=tuple(read_ceilings(session)),
        prepayments=tuple(read_prepayments(session)),
        priorities=tuple(read_priorities(session)),
        reminders=tuple(read_reminders(session)),
        jurisdiction=jurisdiction_of(_PROVINCE.one(session).province),
    )


_CALENDAR = Statement("SELECT * FROM calendar WHERE jurisdiction = 'VN'")
_PROVINCE = Statement("SELECT province FROM register")


def shipped_rulebook() -> Rulebook:
    """What a fresh register will know: the reference files, for questions that are asked without a register."""
    return Rulebook(
        version="",
        calendar=read_calendar_file(),
        calendar_id=0,
        rules=tuple(
            _rule(SimpleNamespace(**row.columns())) for row in read_rule_file(REFERENCE / "deadline_rules.yaml")
        ),
        ceilings=read_ceiling_file(),
        prepayments=read_prepayment_file(),
        priorities=read_priority_file(),
        reminders=read_reminder_file(),
        jurisdiction=jurisdiction_of(PROVINCE),
    )


def read_calendar(session: Session, head: Any) -> Calendar:
    """The calendar as its latest lines say."""
    days = {row.day: _listed(row) for row in _ENTRIES.rows(session, id=head.id)}
    years = {row.year: row.confirmed for row in _YEARS.rows(session, id=head.id)}
    return Calendar(
        jurisdiction=head.jurisdiction,
        version=head.version,
        weekend=Weekend(
            weekdays=frozenset(json.loads(head.weekend)), basis=head.weekend_basis, verified=bool(head.weekend_verified)
        ),
        days=tuple(days.values()),
        confirmed_years=frozenset(year for year, confirmed in years.items() if confirmed),
    )


# Later lines of a day replace earlier ones, so they are read in the order of their events.
_ENTRIES = Statement("SELECT * FROM calendar_entry WHERE calendar_id = :id ORDER BY event_id, line")
_YEARS = Statement("SELECT year, confirmed FROM calendar_year WHERE calendar_id = :id ORDER BY event_id, line")


def _listed(row: Any) -> ListedDay:
    return ListedDay(
        day=_day(row.day),
        kind=DayKind(row.kind),
        name=row.name,
        basis=row.basis,
        verified=bool(row.verified),
        switchable=bool(row.switchable),
        active=bool(row.active),
        swap_with=_day(row.swap_with) if row.swap_with else None,
    )


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def read_rules(session: Session) -> list[Rule]:
    """Every deadline rule, in the order of their codes."""
    return [_rule(row) for row in _RULES.rows(session)]


_RULES = Statement("SELECT * FROM deadline_rule ORDER BY code")


def _rule(row: Any) -> Rule:
    return Rule(
        code=row.code,
        clock=row.clock,
        label=row.label,
        route=Route(row.route) if row.route else None,
        unit=row.unit,
        length=row.length,
        month=row.month,
        day=row.day,
        year=row.year,
        year_offset=row.year_offset,
        before=bool(row.before),
        roll=Roll(row.roll),
        basis=row.basis,
        statutory=bool(row.statutory),
        verified=bool(row.verified),
        active=bool(row.active),
        effective_from=_day(row.effective_from),
        effective_until=_day(row.effective_until) if row.effective_until else None,
    )


def read_ceilings(session: Session) -> list[CeilingRule]:
    """Every support ceiling, in the order in which they were entered."""
    return [_ceiling(row) for row in _CEILINGS.rows(session)]


_CEILINGS = Statement("SELECT * FROM ceiling_rule ORDER BY id")


def _ceiling(row: Any) -> CeilingRule:
    return CeilingRule(
        **_dated(row),
        activity=Activity(row.activity),
        route=Route(row.route) if row.route else None,
        percent=row.percent,
        cap=row.cap,
        per=row.per,
        base=Base(row.base),
        condition=row.condition,
        notes=row.notes,
    )


def read_prepayments(session: Session) -> list[PrepaymentRule]:
    """Every prepayment rule, in the order in which they were entered."""
    return [_prepayment(row) for row in _PREPAYMENTS.rows(session)]


_PREPAYMENTS = Statement("SELECT * FROM prepayment_rule ORDER BY id")


def _prepayment(row: Any) -> PrepaymentRule:
    return PrepaymentRule(
        **_dated(row),
        activity=Activity(row.activity) if row.activity else None,
        route=Route(row.route),
        percent=row.percent,
        progress=row.progress,
        papers=tuple(Paper(kind) for kind in json.loads(row.papers)),
    )


def read_priorities(session: Session) -> list[PriorityRule]:
    """Every priority rule, in the order in which they were entered."""
    return [_priority(row) for row in _PRIORITIES.rows(session)]


_PRIORITIES = Statement("SELECT * FROM priority_rule ORDER BY id")


def _priority(row: Any) -> PriorityRule:
    return PriorityRule(
        **_dated(row),
        criterion=Criterion(row.criterion),
        route=Route(row.route) if row.route else None,
        points=row.points,
        jobs=row.jobs,
    )


def read_reminders(session: Session) -> list[ReminderRule]:
    """Every reminder rule, in the order in which they were entered."""
    return [_reminder(row) for row in _REMINDERS.rows(session)]


_REMINDERS = Statement("SELECT * FROM reminder_rule ORDER BY id")


def _reminder(row: Any) -> ReminderRule:
    return ReminderRule(
        **_dated(row),
        kind=ReminderKind(row.kind),
        clock=row.clock,
        route=Route(row.route) if row.route else None,
        audience=Audience(row.audience),
        workdays=row.workdays,
        every=row.every,
        urgent=bool(row.urgent),
        active=bool(row.active),
    )


def _dated(row: Any) -> dict[str, Any]:
    """What these rules have in common."""
    return {
        "id": row.code,
        "label": row.label,
        "jurisdiction": row.jurisdiction,
        "basis": row.basis,
        "verified": bool(row.verified),
        "doubt": row.doubt,
        "effective_from": _day(row.effective_from),
        "effective_until": _day(row.effective_until) if row.effective_until else None,
    }
