"""The events of a project on the two time axes: what was decided by a day, and what was recorded by a day."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
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
    def told_on(self) -> str | None:
        """The day to show: that of the paper, else of the entry. Of an old record only one that somebody told."""
        if self.action == Entry.BRING_IN:
            ended_on: str | None = self.body["more"]["ended_on"]
            return ended_on
        return self.decided_on or self.recorded_on

    @property
    def is_step(self) -> bool:
        return self.action not in set(Entry)

    @property
    def reverts(self) -> int | None:
        """The id of the event that this one takes back."""
        return int(self.body["more"]["reverts"]) if self.action == Action.REVERT else None

    @property
    def completes(self) -> int | None:
        """The id of the step whose rows this entry added when the register was upgraded."""
        found = self.body["more"].get("completes")
        return None if found is None else int(found)


def events_of(session: Session, project_id: int) -> list[Happened]:
    rows = session.connection().execute(_EVENTS, {"id": project_id}).mappings()
    return [_happened(row) for row in rows]


def _happened(row: Mapping[Any, Any]) -> Happened:
    told = plain_row(row)
    return Happened(**{name: told[name] for name in _NAMES} | {"body": json.loads(row["body"])})


_NAMES = ("id", "seq", "action", "decided_on", "recorded_at", "hash")


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
    """Ids of the events that a later one of these took back, with what completed them."""
    taken_back = frozenset(event.reverts for event in events if event.reverts is not None)
    return taken_back | {event.id for event in events if event.completes in taken_back}


@dataclass(frozen=True, slots=True)
class Past:
    """The events of one project that stand, in their order, and the day from which each counts (by event id).

    A step counts from the date of its paper, and never when it was taken back: it had been recorded by mistake.
    What was merely written down (the draft, an edit) counts from the day of its entry, but at the latest from
    the step that was taken on it. A correction counts from the day of what it puts right or completes.
    """

    project_id: int
    standing: tuple[Happened, ...]
    since: Mapping[int, str]

    def until(self, day: date) -> list[Happened]:
        """What had been decided by the end of a day; nothing where the project did not exist yet."""
        counted = [event for event in self.standing if self.since[event.id] <= day.isoformat()]
        return counted if any(event.action in _BEGINNINGS for event in counted) else []


#: The entries by which a project comes into the register.
_BEGINNINGS = frozenset({Entry.OPEN, Entry.BRING_IN})


def past_of(project_id: int, events: list[Happened]) -> Past:
    """The past of a project as far as `events` know of it."""
    taken_back = undone(events)
    standing = tuple(event for event in events if event.id not in taken_back and event.reverts is None)
    return Past(project_id, standing, _since(standing))


def decided_by(events: list[Happened], as_of: date) -> list[Happened]:
    """What had been decided by the end of a day, as far as `events` know of it."""
    return past_of(0, events).until(as_of)


def _since(standing: tuple[Happened, ...]) -> dict[int, str]:
    since: dict[int, str] = {}
    latest = "9999"
    for event in reversed(standing):
        if event.action != Entry.CORRECT:
            # A paper beside the road may be older than the steps before it, and moves only its own day.
            since[event.id] = event.decided_on or min(latest, event.recorded_on)
            latest = min(latest, since[event.id])
    written: dict[str, str] = {}
    for event in standing:
        columns = event.body["set"]
        if event.completes is not None:
            since[event.id] = since[event.completes]
        elif event.action == Entry.CORRECT:
            since[event.id] = max((written[column] for column in columns), default=event.recorded_on)
        written |= dict.fromkeys(columns, since[event.id])
    return since


def programme_events(session: Session, programme_id: int) -> Iterator[tuple[int, list[Happened]]]:
    """The events of every project of a programme, project by project in the order of their ids."""
    rows = session.connection().execute(_PROGRAMME_EVENTS, {"programme": programme_id}).mappings()
    for project_id, group in groupby(rows, key=lambda row: row["subject_id"]):
        yield int(project_id), [_happened(row) for row in group]


_PROGRAMME_EVENTS = text("""
    SELECT e.subject_id, e.id, e.seq, e.action, e.decided_on, e.recorded_at, e.hash, e.body
    FROM event AS e JOIN project AS p ON p.id = e.subject_id
    WHERE e.subject_kind = 'project' AND p.programme_id = :programme
    ORDER BY e.subject_id, e.seq""").execution_options(yield_per=500)


def fold(events: list[Happened]) -> dict[str, Any]:
    """The columns of the project after these events."""
    columns: dict[str, Any] = {}
    for event in events:
        columns |= event.body["set"]
    return columns | {"version": events[-1].seq}


def lines(events: list[Happened], table: str) -> list[dict[str, Any]]:
    """The rows that these events appended to one table, in their order."""
    return [line for event in events for line in event.body["lines"].get(table, ())]
