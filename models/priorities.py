"""Priority rules of the register: recorded as dated data and changed by events. `models.plan.ranking` uses them."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from models.append import Origin
from models.dated_rules import RuleTable
from models.priority_file import read_priority_file, read_priority_row
from models.rulebook import read_priorities
from states.priorities import PriorityRule

_TABLE = RuleTable(
    kind="priority_rule",
    what="mức ưu tiên",
    read=read_priorities,
    check_row=read_priority_row,
    numbers=frozenset({"points", "jobs"}),
)


def load_priorities(session: Session, origin: Origin) -> None:
    """Record the priority rules that we ship."""
    _TABLE.load(session, read_priority_file(), origin)


def add_priority(session: Session, *rules: PriorityRule, note: str, origin: Origin) -> None:
    """Record one new rule, or several, all or none, on the word of a document. Raises Refused."""
    _TABLE.add(session, rules, note=note, origin=origin)


def set_priority(session: Session, code: str, values: Mapping[str, Any], *, note: str, origin: Origin) -> None:
    """Change a rule by an event; the numbers of a verified rule stay. Raises Refused."""
    _TABLE.change(session, code, values, note=note, origin=origin)
