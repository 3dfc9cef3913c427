"""A rule of any kind changed, or new ones entered, always on the word of a document: what each kind lets be said."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from models.append import Origin
from models.calendars import refuse_others_ruling, set_rule
from models.ceiling_file import read_ceiling_file
from models.ceilings import add_ceilings, set_ceiling
from models.deadline_rules import add_deadline_rules, set_pace
from models.prepayment_file import read_prepayment_file
from models.prepayments import add_prepayment, set_prepayment
from models.priorities import add_priority, set_priority
from models.priority_file import read_priority_file
from models.queries.rules import CEILING, DEADLINE, PREPAYMENT, PRIORITY, REMINDER, rule_id, rule_named
from models.reminder_file import read_reminder_file
from models.reminders.rules import add_reminder, set_reminder
from models.rule_file import read_rule_file
from models.rulebook import rulebook
from models.stale import refuse_stale_subject
from states.facts import Person
from states.refusal import Refused

#: What may be said of a rule of each kind; of one that is not verified all of it, of a verified one only a part.
_OF_EVERY_LEVEL = ("label", "starts_on", "until", "verified", "doubt")
SAID: Mapping[str, tuple[str, ...]] = {
    DEADLINE: ("length", "on_day", "starts_on", "until", "verified", "label"),
    CEILING: ("percent", "cap", "per", "condition", "notes", *_OF_EVERY_LEVEL),
    PREPAYMENT: ("percent", "progress", "papers", *_OF_EVERY_LEVEL),
    PRIORITY: ("points", "jobs", *_OF_EVERY_LEVEL),
    REMINDER: ("workdays", "every", "urgent", "active", *_OF_EVERY_LEVEL),
}
_WHAT = {
    DEADLINE: "thời hạn",
    CEILING: "định mức",
    PREPAYMENT: "mức tạm ứng",
    PRIORITY: "mức ưu tiên",
    REMINDER: "mốc nhắc",
}
_SET: Mapping[str, Callable[..., None]] = {
    CEILING: set_ceiling,
    PREPAYMENT: set_prepayment,
    PRIORITY: set_priority,
    REMINDER: set_reminder,
}
_COLUMN = {"starts_on": "effective_from", "until": "effective_until"}
#: What makes a level another one, or certain: then the document given is the level's own basis.
_RESTATING = frozenset({"percent", "cap", "per", "progress", "papers", "points", "jobs", "workdays", "every", "urgent"})


def change_rule(
    session: Session,
    code: str,
    wanted: Mapping[str, Any],
    *,
    basis: str,
    by: Person,
    origin: Origin,
    seen_version: int | None = None,
) -> str:
    """Change a rule by an event, and return the code of the rule that holds then.

    An office pace gets a successor from a coming day on; what else is said changes the rule itself. For leaders
    and administrators. Raises Refused, also for what does not fit the kind of the rule, and for what was made on an
    older version than stands.
    """
    refuse_others_ruling(by)
    kind, _ = rule_named(rulebook(session), code)
    refuse_stale_subject(session, kind, rule_id(session, kind, code), seen_version, f"Quy định {code}")
    _refuse_unfit(code, wanted, set(SAID[kind]), _WHAT[kind])
    if kind == DEADLINE:
        return _change_deadline_rule(session, code, wanted, basis, origin)
    values = {_COLUMN.get(name, name): value for name, value in wanted.items()}
    if _RESTATING & set(values) or values.get("verified"):
        values["basis"] = basis
    _SET[kind](session, code, values, note=basis, origin=origin)
    return code


def _change_deadline_rule(session: Session, code: str, wanted: Mapping[str, Any], basis: str, origin: Origin) -> str:
    if wanted.keys() & {"length", "on_day", "starts_on"}:
        _refuse_unfit(code, wanted, {"length", "on_day", "starts_on"}, "thời hạn, khi ghi thời hạn mới")
        return set_pace(session, code, **wanted, note=basis, origin=origin)
    values = {_COLUMN.get(name, name): value for name, value in wanted.items()}
    values |= {"verified": int(values["verified"])} if "verified" in values else {}
    set_rule(session, code, values, note=basis, origin=origin)
    return code


#: Options of two words at the terminal: what is typed for yes and for no.
_PAIRS = {"urgent": ("urgent", "no-urgent"), "active": ("active", "inactive"), "verified": ("verified", "unverified")}


def _refuse_unfit(code: str, wanted: Mapping[str, Any], fit: set[str], what: str) -> None:
    flags = {"starts_on": "--from", "on_day": "--on-day", "papers": "--paper"}
    flags |= {name: f"--{yes if wanted.get(name) else no}" for name, (yes, no) in _PAIRS.items()}
    if found := [flags.get(name, f"--{name}") for name in wanted if name not in fit]:
        raise Refused(f"{code} là {what}, không ghi {', '.join(found)}; hãy bỏ các tùy chọn đó.")


# --- new rules ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Added:
    """The codes of new rules, and how many projects got other deadlines by them."""

    codes: tuple[str, ...]
    moved: int = 0


def add_rules(session: Session, kind: str, path: Path, *, basis: str, by: Person, origin: Origin) -> Added:
    """Record every rule of a YAML file, all or none; `kind` is deadlines, ceilings, prepayments, priorities, reminders.

    For leaders and administrators. Raises Refused.
    """
    refuse_others_ruling(by)
    return _ADD[kind](session, path, basis, origin)


def _ceilings(session: Session, path: Path, basis: str, origin: Origin) -> Added:
    levels = read_ceiling_file(path)
    add_ceilings(session, levels, note=basis, origin=origin)
    return Added(tuple(level.id for level in levels))


def _prepayments(session: Session, path: Path, basis: str, origin: Origin) -> Added:
    shares = read_prepayment_file(path)
    add_prepayment(session, *shares, note=basis, origin=origin)
    return Added(tuple(share.id for share in shares))


def _priorities(session: Session, path: Path, basis: str, origin: Origin) -> Added:
    priorities = read_priority_file(path)
    add_priority(session, *priorities, note=basis, origin=origin)
    return Added(tuple(priority.id for priority in priorities))


def _reminders(session: Session, path: Path, basis: str, origin: Origin) -> Added:
    reminders = read_reminder_file(path)
    add_reminder(session, *reminders, note=basis, origin=origin)
    return Added(tuple(reminder.id for reminder in reminders))


def _deadlines(session: Session, path: Path, basis: str, origin: Origin) -> Added:
    terms = read_rule_file(path)
    moved = add_deadline_rules(session, terms, note=basis, origin=origin)
    return Added(tuple(term.id for term in terms), moved)


_ADD: Mapping[str, Callable[[Session, Path, str, Origin], Added]] = {
    "deadlines": _deadlines,
    "ceilings": _ceilings,
    "prepayments": _prepayments,
    "priorities": _priorities,
    "reminders": _reminders,
}
