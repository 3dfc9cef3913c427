"""What a person was reminded of and still stands: one line a thing, with the answer given and what may be answered."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from models.queries.scope import Where, readable_by
from models.reminders.answers import answers_about, dates_of
from models.reminders.open_work import deadlines_of, standstills_of
from models.reminders.reports import LIMITED, REMINDERS, shown_reminders
from models.rulebook import Rulebook, rulebook
from states.facts import Person
from states.lifecycle import ENDS
from states.posting import AnswerKind, ObligationStatus
from states.refusal import Refused
from states.reminder_rules import ReminderKind
from states.snoozing import latest_snooze, needs_reason

#: More than anybody was told in a season; older ones stand in the ledger.
MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """A thing that a person was reminded of; `reminder` is the newest reminder of it, `times` how many there were.

    `still_open`: the deadline or the standstill is as it was told. `answer` and `until` are the latest answer.
    """

    reminder: dict[str, Any]
    times: int
    still_open: bool
    answer: AnswerKind | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Answerable:
    """How long a reminder may be put off: `last` None means not any more; `reasoned` that a reason is asked."""

    last: date | None
    reasoned: bool


def mine(session: Session, person: Person, *, as_of: date) -> list[Mine]:
    """What the person was reminded of lately: what is still open first, the most urgent of it at the head."""
    book = rulebook(session)
    told: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in standing(session, person, limit=MOST):
        told.setdefault((row["person"], row["about"]), []).append(row)
    now = _open_things(session, book, {row["project"] for rows in told.values() for row in rows}, as_of)
    given = answers_about(session, {about for _, about in told})
    found = []
    for (code, about), rows in told.items():
        answer, until = given.get((code, about), (None, None))
        kept = [row for row in rows if row["status"] != ObligationStatus.CANCELLED]
        if not kept and answer is None:
            # Taken back before it was told, and nobody answered it: the person never heard of it.
            continue
        line = Mine(reminder=(kept or rows)[0], times=len(kept), still_open=about in now, answer=answer, until=until)
        found.append(line)
    return sorted(found, key=_urgency)


def _urgency(line: Mine) -> tuple[bool, bool, str, str]:
    row = line.reminder
    return not line.still_open, line.answer is AnswerKind.ACKNOWLEDGE, row["due_on"] or row["swept_on"], row["project"]


def _open_things(session: Session, book: Rulebook, codes: set[str], as_of: date) -> set[str]:
    """What reminders of these projects can be about as things stand now."""
    if not codes:
        return set()
    found = {each.about for each in deadlines_of(session, book, codes, as_of) if each.status == "open"}
    for project in standstills_of(session, codes):
        if project.stage not in ENDS:
            found |= {project.about(kind) for kind in (ReminderKind.INACTIVITY, ReminderKind.WAITING)}
    return found


def answerable(session: Session, about: str, *, today: date) -> Answerable:
    """How long what a reminder is about may be put off."""
    safe_on, rolled_on = dates_of(about)
    calendar = rulebook(session).calendar
    last = latest_snooze(today=today, safe_on=safe_on, rolled_on=rolled_on, calendar=calendar)
    return Answerable(last, needs_reason(today, rolled_on))


# --- reminders read one by one -------------------------------------------------------------------------


def standing(session: Session, person: Person, *, limit: int) -> list[dict[str, Any]]:
    """What a person owes or reads for somebody else, the newest first, without what a later reminder told."""
    where = readable_by(person)
    # Two look-ups by index; a condition on the joined letter would read the whole ledger.
    where.add("r.person_id = :me OR r.outbox_id IN (SELECT id FROM outbox WHERE person_id = :me)", me=person.id)
    where.add("r.status <> :covered", covered=str(ObligationStatus.COVERED))
    rows = where.rows(session, REMINDERS + " ORDER BY r.swept_on DESC, r.key LIMIT :limit", limit=limit)
    return shown_reminders(session, rows)


def reminder(session: Session, key: str, *, reader: Person | None = None) -> dict[str, Any]:
    """One reminder by its key. Raises Refused alike for one that does not exist and one that the reader may not see."""
    where = readable_by(reader)
    where.add("r.key = :key", key=key)
    if reader is not None and reader.role in LIMITED:
        where.add("r.person_id = :me OR o.person_id = :me", me=reader.id)
    found = where.rows(session, REMINDERS)
    if not found:
        raise Refused("Không có nhắc việc này để xem; hãy mở lại từ danh sách nhắc việc.")
    return shown_reminders(session, found)[0]


def last_about(session: Session, about: str, person: str) -> dict[str, Any] | None:
    """The newest reminder of a person about one thing."""
    where = Where()
    where.add("r.about = :about", about=about)
    where.add("n.code = :person", person=person)
    found = where.rows(session, REMINDERS + " ORDER BY r.swept_on DESC, r.due_on DESC LIMIT 1")
    return shown_reminders(session, found)[0] if found else None
