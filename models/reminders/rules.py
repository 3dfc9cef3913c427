"""Reminder rules of the register: recorded as dated data and changed by events. `states.reminding` uses them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from models.append import Origin
from models.dated_rules import RuleTable
from models.reminder_file import read_reminder_file, read_reminder_row
from models.rulebook import read_reminders
from states.reminder_rules import ReminderRule

_TABLE = RuleTable(
    kind="reminder_rule",
    what="mốc nhắc",
    read=read_reminders,
    check_row=read_reminder_row,
    numbers=frozenset({"workdays", "every", "urgent"}),
    remarks=frozenset({"active"}),
)


def load_reminders(session: Session, origin: Origin) -> None:
    """Record the reminder rules that we ship."""
    _TABLE.load(session, read_reminder_file(), origin)


def add_reminder(session: Session, *rules: ReminderRule, note: str, origin: Origin) -> None:
    """Record one new rule, or several, all or none, on the word of a document. Raises Refused."""
    _TABLE.add(session, rules, note=note, origin=origin)


def set_reminder(session: Session, code: str, values: Mapping[str, Any], *, note: str, origin: Origin) -> None:
    """Change a rule by an event. Raises Refused.

    A rule that bears no name of its own is called by what it says, so the name changes with it.
    """
    _TABLE.change(session, code, _renamed(session, code, values), note=note, origin=origin)


def _renamed(session: Session, code: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
    rule = next((rule for rule in read_reminders(session) if rule.id == code), None)
    if rule is None or rule.label != rule.level or not _SAID & set(values):
        return values
    return {"label": replace(rule, **{name: values[name] for name in _SAID & set(values)}).level, **values}


#: What the words of a rule are made of.
_SAID = frozenset({"workdays", "every"})
