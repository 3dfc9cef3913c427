"""What people answer to a reminder: taken note of, or tell me again on a day. Each answer is an event."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.append import Origin
from models.loading import day_of
from models.queries.scope import Where
from models.reminders.absences import absences
from models.reminders.open_work import people_by_code
from models.rulebook import rulebook
from models.statement import Statement
from models.subjects import open_subject, row_of
from states.facts import OFFICE_TIME, Person
from states.folding import clean_line, quoted
from states.posting import AnswerKind, ObligationStatus
from states.refusal import Refused
from states.reminder_rules import Audience
from states.reminding import Answers, short_id
from states.snoozing import refuse_snooze
from states.stale import Cause
from states.standing_in import addressee
from states.vocabulary import Role
from states.words import format_date


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it was recorded: its event's subject, for whom, and how many waiting reminders it took back."""

    id: int
    person: str
    about: str
    cancelled: int


@dataclass(frozen=True, slots=True)
class Told:
    """One reminder as an answer refers to it: what it is about, and to whom it is owed."""

    about: str
    person: Person


def answers(session: Session) -> Answers:
    """The latest answer of each person to each thing."""
    latest = {(row.code, row.about): row for row in _ANSWERS.rows(session)}
    snoozed = {key: day_of(row.until_on) for key, row in latest.items() if row.kind == AnswerKind.SNOOZE}
    return Answers(
        acknowledged=frozenset(key for key, row in latest.items() if row.kind == AnswerKind.ACKNOWLEDGE),
        snoozed_until={key: day for key, day in snoozed.items() if day is not None},
    )


def answers_about(session: Session, abouts: Collection[str]) -> dict[tuple[str, str], tuple[AnswerKind, date | None]]:
    """The latest answer to each of some things by (person code, what it is about): its kind, and until which day."""
    where = Where()
    where.add("a.about IN :abouts", abouts=sorted(abouts))
    rows = where.rows(session, _ABOUT) if abouts else []
    return {(row["code"], row["about"]): (AnswerKind(row["kind"]), day_of(row["until_on"])) for row in rows}


_ABOUT = """
    SELECT p.code, a.about, a.kind, a.until_on FROM acknowledgement AS a JOIN person AS p ON p.id = a.person_id
    WHERE {where} ORDER BY a.id"""
_ANSWERS = Statement(
    "SELECT p.code, a.about, a.kind, a.until_on FROM acknowledgement AS a JOIN person AS p ON p.id = a.person_id "
    "ORDER BY a.id"
)


def acknowledge(
    session: Session, reminder: str, *, person: str | None = None, by: Person, origin: Origin, reason: str = ""
) -> Answered:
    """Record that a person knows of the thing; the owner is not reminded of it again.

    `reminder` is a key of the ledger of reminders, what stands after “mã …”, or what it is about; `person` is
    needed only where that names reminders of several people. Superiors are still told of what stays overdue.
    Raises Refused.
    """
    told = _told(session, reminder, person, by, origin.at)
    latest = _LATEST.rows(session, person=told.person.id, about=told.about)
    if latest and latest[0].kind == AnswerKind.ACKNOWLEDGE:
        raise Refused("Nhắc việc này đã được báo nhận trước đó; không có gì thay đổi.")
    return _record(session, told, AnswerKind.ACKNOWLEDGE, None, reason, origin)


def snooze(
    session: Session,
    reminder: str,
    *,
    until: date,
    person: str | None = None,
    by: Person,
    origin: Origin,
    reason: str = "",
) -> Answered:
    """Record that a person wants to be told again on a day and not before. Raises Refused; see `states.snoozing`."""
    told = _told(session, reminder, person, by, origin.at)
    safe_on, rolled_on = dates_of(told.about)
    reasons = refuse_snooze(
        until=until,
        today=_office_day(origin.at),
        reason=reason,
        safe_on=safe_on,
        rolled_on=rolled_on,
        calendar=rulebook(session).calendar,
    )
    if reasons:
        raise Refused(*reasons)
    latest = _LATEST.rows(session, person=told.person.id, about=told.about)
    if latest and latest[0].kind == AnswerKind.SNOOZE and day_of(latest[0].until_on) == until:
        raise Refused(f"Nhắc việc này đã được hoãn đến ngày {format_date(until)}; không có gì thay đổi.")
    return _record(session, told, AnswerKind.SNOOZE, until, reason, origin)


_LATEST = Statement(
    "SELECT kind, until_on FROM acknowledgement WHERE person_id = :person AND about = :about ORDER BY id DESC LIMIT 1"
)


def _record(
    session: Session, told: Told, kind: AnswerKind, until: date | None, reason: str, origin: Origin
) -> Answered:
    why = clean_line(reason, "Lý do") if reason.strip() else ""
    values = {"person_id": told.person.id, "about": told.about, "kind": kind, "until_on": until, "reason": why}
    answer = open_subject(session, "acknowledgement", values, origin, note=why)
    cancelled = _take_back(session, told, kind, until)
    return Answered(answer, told.person.code, told.about, cancelled)


def _take_back(session: Session, told: Told, kind: AnswerKind, until: date | None) -> int:
    """Cancel what waits to go into a letter. What is in one already is asked again before it leaves."""
    given = (told.person.code, told.about)
    known = Answers(acknowledged={given})
    audiences = [
        str(audience) for audience in Audience if kind is AnswerKind.SNOOZE or known.is_acknowledged(*given, audience)
    ]
    cause = f"Người nhận đã hoãn nhắc đến ngày {format_date(until)}." if until else Cause.ACKNOWLEDGED.label
    where = Where()
    where.add("r.person_id = :person AND r.about = :about", person=told.person.id, about=told.about)
    where.add("r.status = :waiting", waiting=str(ObligationStatus.WAITING))
    where.add("r.audience IN :audiences", audiences=audiences)
    keys = [row["key"] for row in where.rows(session, "SELECT r.key FROM reminder AS r WHERE {where}")]
    return sum(len(_CANCEL.rows(session, key=key, reason=cause)) for key in keys)


_CANCEL = Statement(
    f"UPDATE reminder SET status = '{ObligationStatus.CANCELLED}', reason = :reason "
    f"WHERE key = :key AND status = '{ObligationStatus.WAITING}' RETURNING key"
)


# --- which reminder, and who may answer it --------------------------------------------------------------


def _told(session: Session, reminder: str, person: str | None, by: Person, at: datetime) -> Told:
    people = people_by_code(session)
    by_id = {one.id: one for one in people.values()}
    found = {(row.about, row.person_id) for row in _matching(session, reminder, by, _office_day(at))}
    if person is not None:
        found = {(about, owed) for about, owed in found if by_id[owed].code == person}
    elif len(found) > 1:
        # Whoever was told answers for themselves unless they say for whom.
        found = {(about, owed) for about, owed in found if owed == by.id} or found
    if not found:
        raise Refused(f"Không có nhắc việc {quoted(reminder)}; hãy xem mã ở cuối thư nhắc.")
    if len(found) > 1:
        names = ", ".join(sorted(by_id[owed].name for _, owed in found))
        raise Refused(f"Nhắc việc này gửi cho nhiều người ({names}); hãy ghi rõ trả lời thay ai.")
    [(about, owed)] = found
    told = Told(about, by_id[owed])
    # Two answers of one person to one thing are taken one after the other.
    row_of(session, "person", told.person.id, lock=True)
    _refuse_strangers(session, told.person, by, people, _office_day(at))
    return told


def _matching(session: Session, reminder: str, by: Person, today: date) -> list[Any]:
    """Reminders by key or by what they are about, or else by what stands after “mã …”, the own ones first."""
    exact = _NAMED.rows(session, named=reminder)
    wanted = reminder.strip().lower().removeprefix("mã").strip()
    if exact or not wanted:
        return exact
    since = (today - _REMEMBERED).isoformat()
    for owed in (_OWN.rows(session, person=by.id, since=since), _ALL.rows(session, since=since)):
        shown = [row for row in owed if short_id(row.key) == wanted]
        if shown:
            return shown
    return []


#: How far back a number is looked up that only a letter says; no column holds it.
_REMEMBERED = timedelta(days=90)
_REMINDER = "SELECT key, about, person_id FROM reminder WHERE"
_NAMED = Statement(f"{_REMINDER} key = :named OR about = :named")
_OWN = Statement(f"{_REMINDER} person_id = :person AND swept_on >= :since")
_ALL = Statement(f"{_REMINDER} swept_on >= :since")


def _refuse_strangers(session: Session, told: Person, by: Person, people: dict[str, Person], today: date) -> None:
    """Let the person told answer, who stands in for them today, or a leader for those who are none.

    A leader cannot silence what goes to another leader: that may be about themselves.
    """
    superior = by.role is Role.LEADER and told.role is not Role.LEADER
    if by.active and (by.id == told.id or superior):
        return
    if by.active and addressee(told, absences(session), people, on=today).person.id == by.id:
        return
    raise Refused(
        f"{by.name} không được trả lời nhắc việc của {told.name}; cần: chính người đó, người đang thay, "
        f"{Role.LEADER.label}."
    )


def dates_of(about: str) -> tuple[date | None, date | None]:
    """The safe and the rolled date of a deadline as it was told; of what has no deadline there are none."""
    if not about.startswith("deadline:"):
        return None, None
    _, rolled, safe = (date.fromisoformat(day) if day else None for day in about.rpartition("@")[2].split("-"))
    return safe, rolled


def _office_day(at: datetime) -> date:
    return at.astimezone(OFFICE_TIME).date()
