"""The morning's reminders without writing them: the real run in a transaction that is never committed.

So the answer cannot differ from what the run would do, and nobody has to keep two accounts of it alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flows.jobs.reminding import Reminded, write_letters
from models.queries.places import bodies
from models.queries.scope import Where
from models.reminders.absences import absences
from models.reminders.addresses import reach
from models.reminders.gathering import gather
from models.reminders.handover import Held
from models.reminders.open_work import people_by_code
from models.reminders.preferences import preferences
from models.reminders.reports import last_letter, letter_to_print, letters_after, reminders_in_letters, unwritten
from models.reminders.sweep import Swept, sweep
from models.rulebook import rulebook
from models.store import Session, Store
from states.facts import OFFICE_TIME
from states.sending_hours import next_opening
from states.standing_in import addressee
from states.vocabulary import Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A letter that would be written, and the reminders in it."""

    held: Held
    reminders: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What a run would do. `kept` are reminders that no letter takes along, each with whether its reader is reached."""

    as_of: date
    leaves_at: datetime
    office_name: str
    swept: Swept
    reminded: Reminded
    letters: tuple[Planned, ...]
    kept: tuple[Mapping[str, Any], ...]

    def as_json(self) -> list[dict[str, Any]]:
        """One entry for each reminder, those of one letter together."""
        told = [_entry(row, planned.held) for planned in self.letters for row in planned.reminders]
        return told + [_entry(row, None) for row in self.kept]


class _TakenBackError(Exception):
    """Ends the transaction without a trace."""


def rehearse(store: Store, *, as_of: date) -> Rehearsed:
    """Sweep for a day and write the letters of its morning, and take everything back.

    On a day off the letters are those of the next office day. Writers wait as long as they would for the real run.
    """
    found: list[Rehearsed] = []
    try:
        with store.write() as session:
            found.append(_run(session, as_of))
            raise _TakenBackError
    except _TakenBackError:
        return found[0]


def _run(session: Session, as_of: date) -> Rehearsed:
    opens_at = next_opening(datetime.combine(as_of, time.min, OFFICE_TIME), rulebook(session).calendar)
    before = last_letter(session)
    swept = sweep(session, as_of=as_of, at=opens_at)
    reminded = write_letters(session, as_of=as_of, at=opens_at)
    return Rehearsed(
        as_of=as_of,
        leaves_at=opens_at,
        office_name=bodies(session).name(Authority.DEPARTMENT, as_of.isoformat(), "") or "",
        swept=swept,
        reminded=reminded,
        letters=tuple(_planned(session, as_of, before)),
        kept=tuple(_kept(session, as_of)),
    )


def _planned(session: Session, as_of: date, before: int) -> list[Planned]:
    ids = letters_after(session, before)
    if not ids:
        return []
    tasks = _tasks(session, as_of)
    rows: dict[int, list[dict[str, Any]]] = {}
    for row in reminders_in_letters(session, ids):
        rows.setdefault(row["letter_id"], []).append(row | {"task": tasks[row["key"]], "reachable": True})
    return [Planned(held=letter_to_print(session, one), reminders=tuple(rows.get(one, ()))) for one in ids]


def _kept(session: Session, as_of: date) -> list[dict[str, Any]]:
    """What waits on: its reader is not reached, or had the letters of this morning already."""
    rows = unwritten(session)
    if not rows:
        return []
    people, away, wanted = people_by_code(session), absences(session), preferences(session)
    reached = reach(session, [person.id for person in people.values()])
    tasks = _tasks(session, as_of)
    found = []
    for row in rows:
        reader = addressee(people[row["person"]], away, people, on=as_of).person
        reachable = wanted[reader.id].way(reached.get(reader.id, {})) is not None
        more = {"read_by": reader.code, "read_by_name": reader.name, "reachable": reachable}
        found.append(row | more | {"task": tasks.get(row["key"], "")})
    return found


def _tasks(session: Session, as_of: date) -> dict[str, str]:
    where = Where()
    where.add("r.status IN ('waiting', 'queued')")
    return {owed.key: owed.task for owed in gather(session, where, as_of=as_of)}


def _entry(row: Mapping[str, Any], held: Held | None) -> dict[str, Any]:
    return {
        "recipient": row["read_by"],
        "name": row["read_by_name"],
        "channel": held and str(held.channel),
        "letter": held and str(held.letter),
        "rule": row["rule"],
        "why": row["rule_label"],
        "projects": [row["project"]],
        "key": row["key"],
        "id": row["id"],
        "about": row["about"],
        "task": row["task"],
        "due_on": row["due_on"],
        "rung_on": row["rung_on"],
        "audience": row["audience"],
        "urgent": row["urgent"],
        "stand_in_for": None if row["read_by"] == row["person"] else row["person"],
        "reachable": row["reachable"],
    }
