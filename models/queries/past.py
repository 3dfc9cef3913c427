"""The events of a project on the two time axes: what was decided by a day, and what was recorded by a day."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.queries.scope import plain_row
from states.actions import Action, Entry
from states.facts import OFFICE_TIME


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a project; days and instants as ISO text."""

    id: int
    seq: int
    action: str
    decided_on: str | None
    recorded_at: str
    hash: str
    body: dict[str, Any]

    @property
    def recorded_on(self) -> str:
        """The office's calendar day of the entry."""
        return datetime.fromisoformat(self.recorded_at).astimezone(OFFICE_TIME).date().isoformat()

    @property
    def is_step(self) -> bool:
        return self.action not in set(Entry)

    @property
    def reverts(self) -> int | None:
        """The id of the event that this one takes back."""
        return int(self.body["more"]["reverts"]) if self.action == Action.REVERT else None


def events_of(session: Session, project_id: int) -> list[Happened]:
    rows = session.connection().execute(_EVENTS, {"id": project_id}).mappings()
    return [Happened(**plain_row(row) | {"body": json.loads(row["body"])}) for row in rows]


_EVENTS = text(
    "SELECT id, seq, action, decided_on, recorded_at, hash, body FROM event "
    "WHERE subject_kind = 'project' AND subject_id = :id ORDER BY seq"
)


def known_by(events: list[Happened], known_on: date | None) -> list[Happened]:
    """What had been recorded by the end of a day, mistakes included that were found only later."""
    if known_on is None:
        return events
    return [event for event in events if event.recorded_on <= known_on.isoformat()]


def undone(events: list[Happened]) -> frozenset[int]:
    """Ids of the events that a later one of these took back."""
    return frozenset(event.reverts for event in events if event.reverts is not None)


def decided_by(events: list[Happened], as_of: date) -> list[Happened]:
    """What had been decided by the end of a day, as far as `events` know of it.

    A step counts from the date of its paper, and never when it was taken back: it had been recorded by mistake.
    What was merely written down (the draft, an edit) counts from the day of its entry, but at the latest from
    the step that was taken on it. A correction counts from the day of what it puts right.
    """
    taken_back = undone(events)
    standing = [event for event in events if event.id not in taken_back and event.reverts is None]
    since = _since(standing)
    counted = [event for event in standing if since[event.id] <= as_of.isoformat()]
    return counted if any(event.action == Entry.OPEN for event in counted) else []


def _since(standing: list[Happened]) -> dict[int, str]:
    """The day from which each event counts, by the event's id."""
    since: dict[int, str] = {}
    latest = "9999"
    for event in reversed(standing):
        if event.action != Entry.CORRECT:
            latest = since[event.id] = min(latest, event.decided_on or event.recorded_on)
    written: dict[str, str] = {}
    for event in standing:
        columns = event.body["set"]
        if event.action == Entry.CORRECT:
            since[event.id] = max((written[column] for column in columns), default=event.recorded_on)
        written |= dict.fromkeys(columns, since[event.id])
    return since


def fold(events: list[Happened]) -> dict[str, Any]:
    """The columns of the project after these events."""
    columns: dict[str, Any] = {}
    for event in events:
        columns |= event.body["set"]
    return columns | {"version": events[-1].seq}


def lines(events: list[Happened], table: str) -> list[dict[str, Any]]:
    """The rows that these events appended to one table, in their order."""
    return [line for event in events for line in event.body["lines"].get(table, ())]
