"""When the money of one project moved: every entry with its day, the days between, acceptances, what must come back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.queries.histories import ENTRY_LABELS
from models.queries.past import Happened, events_of, undone
from states.actions import Action, Entry
from states.steps import STEP
from states.vocabulary import MoneyKind, Outcome, Source

#: The day on which each of these first happened, by the paper's date.
_DAYS = {
    "contracted_on": Action.SIGN_CONTRACT,
    "allotted_on": Action.ALLOT,
    "arrived_on": Action.RECEIVE_FUNDS,
    "prepaid_on": Action.PREPAY,
    "accepted_on": Action.ACCEPT,
    "paid_on": Action.PAY,
    "settled_on": Action.SETTLE,
}
#: Waiting that users complain of, in calendar days; negative when the later paper bears the earlier date.
_WAITS = {
    "allotted_to_arrived": ("allotted_on", "arrived_on"),
    "arrived_to_prepaid": ("arrived_on", "prepaid_on"),
    "arrived_to_paid": ("arrived_on", "paid_on"),
    "allotted_to_paid": ("allotted_on", "paid_on"),
    "accepted_to_paid": ("accepted_on", "paid_on"),
}


def money_days(session: Session, project_id: int, *, as_of: date) -> dict[str, Any]:
    """`dates`, `entries`, `acceptances` and `recovery` of a project; steps taken back count only among the entries."""
    events = events_of(session, project_id)
    taken_back = undone(events)
    standing = [event for event in events if event.id not in taken_back and event.reverts is None]
    return {
        "dates": _dates(standing),
        "entries": [entry for event in events for entry in _entries(event, undone=event.id in taken_back)],
        "acceptances": _acceptances(session, standing),
        "recovery": _recovery(standing, as_of.isoformat()),
    }


def _dates(standing: list[Happened]) -> dict[str, Any]:
    days = {
        name: next((event.decided_on for event in standing if event.action == action), None)
        for name, action in _DAYS.items()
    }
    return days | {"days": {wait: _between(days[since], days[until]) for wait, (since, until) in _WAITS.items()}}


def _between(since: str | None, until: str | None) -> int | None:
    if since is None or until is None:
        return None
    return (date.fromisoformat(until) - date.fromisoformat(since)).days


def _entries(event: Happened, *, undone: bool) -> Iterator[dict[str, Any]]:
    for place, line in enumerate(event.body["lines"].get("money_entry", ()), start=1):
        source, kind = Source(line["source"]), MoneyKind(line["kind"])
        yield {
            "event": event.id,
            "line": place,
            "seq": event.seq,
            "date": event.told_on,
            "action": event.action,
            "label": STEP[Action(event.action)].label if event.is_step else ENTRY_LABELS[Entry(event.action)],
            "source": str(source),
            "source_label": source.label,
            "kind": str(kind),
            "kind_label": kind.label,
            "amount": line["amount"] * line["direction"],
            "number": event.body["number"],
            "undone": undone,
        }


def _acceptances(session: Session, standing: list[Happened]) -> list[dict[str, Any]]:
    """Acceptances in their order; a stop that leaves a project less than was accepted is a negative one."""
    return [
        {
            "event": event.id,
            "held_on": row["held_on"],
            "beneficiary": _name_of(session, row["beneficiary_id"]),
            "outcome": row["outcome"],
            "outcome_label": Outcome(row["outcome"]).label,
            **{name: row[name] * row["direction"] for name in ("cost", "support", "counterpart")},
            "reason": row["reason"],
            "quantities": json.loads(row["quantities"]),
        }
        for event in standing
        for row in event.body["lines"].get("acceptance", ())
    ]


def _name_of(session: Session, beneficiary_id: int | None) -> str | None:
    if beneficiary_id is None:
        return None
    name: str = session.connection().execute(_NAME, {"id": beneficiary_id}).scalar_one()
    return name


_NAME = text("SELECT name FROM beneficiary WHERE id = :id")


# --- what must come back ------------------------------------------------------------------------------


@dataclass(slots=True)
class _Instalment:
    """Money to come back by a day, in đồng, and what of it has come."""

    due_on: str
    amount: int
    received: int = 0

    @property
    def left(self) -> int:
        return self.amount - self.received


def _recovery(standing: list[Happened], as_of: str) -> dict[str, Any]:
    """The schedule with what came in for it by a day, first in first out.

    The latest demand covers all that had to come back on its day, so its schedule takes the place of the one
    before, and only what came back after it counts towards it.
    """
    schedule: list[_Instalment] = []
    received = 0
    for event in standing:
        if demanded := event.body["lines"].get("recovery_due"):
            parts = [_Instalment(row["due_on"], row["amount"]) for row in demanded]
            schedule = sorted(parts, key=lambda part: part.due_on)
        if event.action == Action.RECEIVE_RECOVERY and (event.decided_on or event.recorded_on) <= as_of:
            amount = sum(line["amount"] * line["direction"] for line in event.body["lines"].get("money_entry", ()))
            received += amount
            _receive(schedule, amount)
    return {
        "as_of": as_of,
        "due": [
            {"due_on": part.due_on, "amount": part.amount, "received": part.received, "left": part.left}
            | {"overdue": part.left > 0 and part.due_on < as_of}
            for part in schedule
        ],
        "received": received,
        "overdue": sum(part.left for part in schedule if part.due_on < as_of),
    }


def _receive(schedule: list[_Instalment], amount: int) -> None:
    for part in schedule:
        taken = min(amount, part.left)
        part.received += taken
        amount -= taken
