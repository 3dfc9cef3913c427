"""The sweep: what is due by a day and not yet in the ledger gets its row; what became pointless is cancelled.

Any number of missed nights is caught up, a second run of the same day adds nothing, and two at once write each row
once: the keys are unique, and on PostgreSQL one sweep waits for the other.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models.columns import instant_text
from models.queries.scope import Where
from models.reminders.answers import answers
from models.reminders.open_work import (
    CHUNK,
    deadlines_of,
    due_deadlines,
    people_by_code,
    staff_of,
    standstills,
    standstills_of,
)
from models.rulebook import Rulebook, rulebook
from models.statement import Statement
from states.facts import Person
from states.posting import ObligationStatus
from states.recipients import Staff
from states.reminder_rules import Audience, ReminderKind, Timetable
from states.reminding import Answers, Obligation, Sweep, obligations, repeats
from states.stale import Cancelled, Pending, stale


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep wrote: rows to be told, rows that a later one covers, rows cancelled."""

    waiting: int
    covered: int
    cancelled: int


def sweep(session: Session, *, as_of: date, at: datetime) -> Swept:
    """Write what is due by a day, and cancel what nobody needs to hear any more, in the caller's transaction."""
    one_at_a_time(session)
    book = rulebook(session)
    people = people_by_code(session)
    staff, given = staff_of(session, people), answers(session)
    cancelled = list(_stale(session, book, staff, given, as_of))
    cancel(session, cancelled)
    owed = list(_owed(session, book, staff, given, as_of))
    _insert(session, owed, people, as_of, at)
    waiting = sum(one.is_pending for one in owed)
    return Swept(waiting, len(owed) - waiting, len(cancelled))


def due_tonight(session: Session, *, as_of: date) -> list[Obligation]:
    """What a sweep would write to be told. Nothing is written."""
    staff = staff_of(session, people_by_code(session))
    return [one for one in _owed(session, rulebook(session), staff, answers(session), as_of) if one.is_pending]


def one_at_a_time(session: Session) -> None:
    """Let one transaction at a time decide what is told; on SQLite every writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


#: An arbitrary number that no other lock of ours uses.
_LOCK = 3082_004


# --- what is due --------------------------------------------------------------------------------------


def _owed(session: Session, book: Rulebook, staff: Staff, given: Answers, as_of: date) -> Iterator[Obligation]:
    timetable = Timetable(book.reminders, book.calendar)
    deadlines = list(due_deadlines(session, book, as_of))
    still = list(standstills(session, book, as_of))
    abouts = [deadline.about for deadline in deadlines]
    abouts += [project.about(kind) for project in still for kind in _REPEATING]
    known = Sweep(as_of=as_of, written=_written(session, abouts), answers=given)
    yield from obligations(deadlines, timetable, staff, known)
    yield from repeats(still, timetable, staff, known)


_REPEATING = (ReminderKind.INACTIVITY, ReminderKind.WAITING)


def _written(session: Session, abouts: list[str]) -> set[str]:
    """The keys that the ledger has; a cancelled one is due again once its deadline stands again."""
    found: set[str] = set()
    for start in range(0, len(abouts), CHUNK):
        where = Where()
        where.add("r.about IN :abouts", abouts=abouts[start : start + CHUNK])
        where.add("r.status <> :cancelled", cancelled=str(ObligationStatus.CANCELLED))
        found.update(row["key"] for row in where.rows(session, "SELECT r.key FROM reminder AS r WHERE {where}"))
    return found


def _insert(session: Session, owed: Iterable[Obligation], people: dict[str, Person], as_of: date, at: datetime) -> None:
    now = {"swept_on": as_of.isoformat(), "created_at": instant_text(at)}
    rows = [_row(one, people[one.person].id) | now for one in owed]
    if rows:
        _PUT.run(session, rows)


def _row(one: Obligation, person_id: int) -> dict[str, Any]:
    status = ObligationStatus.WAITING if one.is_pending else ObligationStatus.COVERED
    return {
        "key": one.key,
        "about": one.about,
        "subject": one.subject,
        "person_id": person_id,
        "rule": one.rule.id,
        "audience": str(one.rule.audience),
        "urgent": int(one.rule.urgent),
        "due_on": one.due_on.isoformat(),
        "status": str(status),
        "covered_by": one.covered_by,
        "reason": one.reason,
    }


_COLUMNS = (
    *("key", "about", "subject", "person_id", "rule", "audience", "urgent", "due_on", "swept_on", "status"),
    *("covered_by", "reason", "created_at"),
)
_AGAIN = ("due_on", "swept_on", "status", "covered_by", "reason", "created_at")
_PUT = Statement(
    f"INSERT INTO reminder ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + c for c in _COLUMNS)}) "
    f"ON CONFLICT (key) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in _AGAIN)}, outbox_id = NULL "
    f"WHERE reminder.status = '{ObligationStatus.CANCELLED}'"
)


# --- what became pointless ----------------------------------------------------------------------------


def _stale(session: Session, book: Rulebook, staff: Staff, given: Answers, as_of: date) -> Iterator[Cancelled]:
    where = Where()
    where.add("r.status IN :open", open=[str(ObligationStatus.WAITING), str(ObligationStatus.QUEUED)])
    # What a worker is sending at this moment can no longer be held back.
    where.add("o.status IS NULL OR o.status = 'waiting'")
    yield from _pointless(session, where, book, staff, given, as_of)


def pointless_in(session: Session, outbox_ids: list[int], *, as_of: date) -> list[Cancelled]:
    """Which reminders in some letters nobody needs to hear any more, asked again just before they leave."""
    where = Where()
    where.add("r.outbox_id IN :outbox", outbox=outbox_ids)
    book = rulebook(session)
    staff = staff_of(session, people_by_code(session))
    return list(_pointless(session, where, book, staff, answers(session), as_of))


def _pointless(
    session: Session, where: Where, book: Rulebook, staff: Staff, given: Answers, as_of: date
) -> Iterator[Cancelled]:
    found = where.rows(session, _OPEN)
    if not found:
        return
    pending = [
        Pending(key=r["key"], about=r["about"], person=r["code"], audience=Audience(r["audience"])) for r in found
    ]
    codes = {row["subject"] for row in found}
    deadlines = deadlines_of(session, book, codes, as_of)
    yield from stale(pending, deadlines, standstills_of(session, codes), staff, as_of=as_of, answers=given)


_OPEN = """
    SELECT r.key, r.about, r.subject, r.audience, n.code
    FROM reminder AS r JOIN person AS n ON n.id = r.person_id LEFT JOIN outbox AS o ON o.id = r.outbox_id
    WHERE {where} ORDER BY r.key"""


def cancel(session: Session, cancelled: Iterable[Cancelled]) -> None:
    """Cancel reminders; a letter that held one of them is taken apart, and its others wait for the next one."""
    rows = [{"key": one.key, "reason": one.reason} for one in cancelled]
    if rows:
        apart = [{"outbox": letter.id} for row in rows for letter in _TAKE_APART.rows(session, key=row["key"])]
        _CANCEL.run(session, rows)
        if apart:
            _LOOSE.run(session, apart)


#: What is in a letter that could not be taken apart (a worker is sending it) is told, so it is not cancelled.
_CANCEL = Statement(f"""
    UPDATE reminder SET status = '{ObligationStatus.CANCELLED}', reason = :reason, outbox_id = NULL
    WHERE key = :key AND NOT EXISTS (
        SELECT 1 FROM outbox AS o WHERE o.id = reminder.outbox_id AND o.status NOT IN ('cancelled', 'expired'))""")
_TAKE_APART = Statement("""
    UPDATE outbox SET status = 'cancelled', detail = 'Nội dung đã đổi; việc còn lại vào thư khác.'
    WHERE status = 'waiting' AND id = (SELECT outbox_id FROM reminder WHERE key = :key) RETURNING id""")
_LOOSE = Statement(f"""
    UPDATE reminder SET status = '{ObligationStatus.WAITING}', outbox_id = NULL
    WHERE outbox_id = :outbox AND status = '{ObligationStatus.QUEUED}'""")
