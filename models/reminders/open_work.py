"""What is open in the register, as the rules of reminding see it: deadlines, projects that stand still, people."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.loading import day_of
from models.queries.deadlines import registrations
from models.queries.scope import Where
from models.reminders.preferences import preferences
from models.rulebook import Rulebook
from states.facts import OFFICE_TIME, Person
from states.lifecycle import ENDS
from states.recipients import Staff
from states.reminder_rules import ReminderKind
from states.reminding import Deadline, Standstill
from states.vocabulary import Role, Route, Stage

#: How many values go into one statement; SQLite takes some ten thousand parameters.
CHUNK = 5_000
#: Nobody has handed these in, so nobody waits for them.
_NOT_ASKED = (*ENDS, Stage.DRAFT)


def people_by_code(session: Session) -> dict[str, Person]:
    """Everybody, the inactive too: the scope of a commune viewer plays no part in reminding."""
    found = Where().rows(session, "SELECT id, code, name, role, unit_id, active FROM person ORDER BY id")
    return {
        row["code"]: Person(
            row["id"], row["code"], row["name"], Role(row["role"]), row["unit_id"], None, bool(row["active"])
        )
        for row in found
    }


def staff_of(session: Session, people: dict[str, Person]) -> Staff:
    """Who is told what, with the leaders that were said to be in charge."""
    wanted = preferences(session)
    in_charge = [person.code for person in people.values() if person.id in wanted and wanted[person.id].in_charge]
    return Staff(people.values(), in_charge=in_charge)


# --- deadlines ----------------------------------------------------------------------------------------


def due_deadlines(session: Session, book: Rulebook, as_of: date) -> Iterator[Deadline]:
    """Open deadlines of which a rung may have come; the partial index on open deadlines gives them by their day."""
    ahead = max((-rule.workdays for rule in book.reminders if rule.workdays < 0), default=0)
    where = Where()
    where.add("d.status = 'open' AND d.safe_on <= :until", until=book.calendar.workday(as_of, ahead).isoformat())
    yield from map(_deadline, where.rows(session, _DEADLINES))
    yield from _of_the_year(session, book, as_of)


def deadlines_of(session: Session, book: Rulebook, codes: Iterable[str], as_of: date) -> Iterator[Deadline]:
    """All deadlines of some projects, closed and paused ones too, and those of the year."""
    listed = sorted(set(codes))
    for start in range(0, len(listed), CHUNK):
        where = Where()
        where.add("p.code IN :codes", codes=listed[start : start + CHUNK])
        yield from map(_deadline, where.rows(session, _DEADLINES))
    yield from _of_the_year(session, book, as_of)


_DEADLINES = """
    SELECT p.code, d.clock, d.route, d.started_by, d.status, d.printed_on, d.rolled_on, d.safe_on, p.stage, p.unit_id,
           p.remind_from
    FROM deadline AS d JOIN project AS p ON p.id = d.project_id WHERE {where} ORDER BY d.safe_on, p.code, d.clock"""


def _deadline(row: dict[str, Any]) -> Deadline:
    return Deadline(
        subject=row["code"],
        clock=row["clock"],
        route=Route(row["route"]),
        started_by=row["started_by"],
        status=row["status"],
        printed_on=day_of(row["printed_on"]),
        rolled_on=day_of(row["rolled_on"]),
        safe_on=day_of(row["safe_on"]),
        stage=Stage(row["stage"]),
        unit_id=row["unit_id"],
        remind_from=day_of(row["remind_from"]),
    )


def _of_the_year(session: Session, book: Rulebook, as_of: date) -> Iterator[Deadline]:
    """The registration of next year's national projects, which belongs to no project."""
    for row in registrations(session, book, as_of):
        yield Deadline(
            subject=f"{row['kind']}-{as_of.year + 1}",
            clock=row["kind"],
            route=Route.NATIONAL,
            started_by=0,
            status="open",
            printed_on=day_of(row["printed_on"]),
            rolled_on=day_of(row["due_on"]),
            safe_on=day_of(row["safe_on"]),
        )


# --- projects that stand still ------------------------------------------------------------------------


def standstills(session: Session, book: Rulebook, as_of: date) -> Iterator[Standstill]:
    """Projects in whose stage nothing happened for as long as the shortest repeat takes."""
    everies = [rule.every for rule in book.reminders if rule.kind is not ReminderKind.LADDER and rule.active]
    if not everies:
        return
    since = book.calendar.workday(as_of, -min(everies))
    where = Where()
    where.add("p.stage IN :stages", stages=[str(stage) for stage in Stage if stage not in _NOT_ASKED])
    moved = "CAST(:moved AS TIMESTAMPTZ)" if session.get_bind().dialect.name == "postgresql" else ":moved"
    # The step was taken on an office day; the column holds instants, so the night after it is let in.
    where.add(f"p.moved_at < {moved}", moved=f"{since + timedelta(days=1)}T00:00:00.000000Z")
    yield from map(_standstill, where.rows(session, _STANDSTILLS))


def standstills_of(session: Session, codes: Iterable[str]) -> Iterator[Standstill]:
    """Some projects as they stand, ended ones too."""
    listed = sorted(set(codes))
    for start in range(0, len(listed), CHUNK):
        where = Where()
        where.add("p.code IN :codes", codes=listed[start : start + CHUNK])
        yield from map(_standstill, where.rows(session, _STANDSTILLS))


_STANDSTILLS = """
    SELECT p.code, p.route, p.stage, p.unit_id, p.ends_on, p.remind_from, p.last_event_id, last.recorded_at AS last_at,
           moved.id AS moved_id, moved.recorded_at AS moved_at
    FROM project AS p JOIN event AS last ON last.id = p.last_event_id
    JOIN event AS moved ON moved.id = (
        SELECT max(e.id) FROM event AS e WHERE e.subject_kind = 'project' AND e.subject_id = p.id
        AND (e.from_stage IS NULL OR e.from_stage <> e.to_stage))
    WHERE {where} ORDER BY p.code"""


def _standstill(row: dict[str, Any]) -> Standstill:
    return Standstill(
        subject=row["code"],
        route=Route(row["route"]),
        stage=Stage(row["stage"]),
        unit_id=row["unit_id"],
        last_event_id=row["last_event_id"],
        last_step_on=quiet_until(row["stage"], row["ends_on"], office_day(row["last_at"])),
        stage_event_id=row["moved_id"],
        stage_since=quiet_until(row["stage"], row["ends_on"], office_day(row["moved_at"])),
        remind_from=day_of(row["remind_from"]),
    )


def quiet_until(stage: str, ends_on: str | None, done_on: date) -> date:
    """The day from which a standstill counts: work is quiet by nature until the day on which it is to end."""
    ends = day_of(ends_on) if stage == Stage.UNDERWAY else None
    return max(done_on, ends or done_on)


def office_day(instant: str) -> date:
    """The day on which something was done, on the clock of the office."""
    return datetime.fromisoformat(instant).astimezone(OFFICE_TIME).date()
