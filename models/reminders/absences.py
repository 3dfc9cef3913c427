"""Who is away and who stands in: entered, ended and read as the rules of reminding want it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from models.append import Origin
from models.loading import day_of, load_person
from models.queries.scope import Where
from models.subjects import change_subject, open_subject, row_of
from states.facts import OFFICE_TIME, Person
from states.refusal import Refused
from states.standing_in import Absence, refuse_absence
from states.vocabulary import Role
from states.words import format_date

#: Who may say of another person that they are away, or how they are told.
ARRANGING = (Role.LEADER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Entered:
    """An absence with the number of its subject in the ledger."""

    id: int
    absence: Absence


def absences(session: Session) -> list[Absence]:
    """Every absence that was not called off, past ones too, in the order of entry."""
    return [entered.absence for entered in _entered(session)]


def absences_of(session: Session, code: str, *, since: date) -> list[Absence]:
    """The absences of one person that are not over on a day, the earliest first."""
    found = [entered.absence for entered in _entered(session, code) if entered.absence.last_on >= since]
    return sorted(found, key=lambda absence: absence.first_on)


def enter_absence(session: Session, absence: Absence, *, by: Person, origin: Origin, note: str = "") -> int:
    """Record that somebody stands in for a person. Raises Refused."""
    person, substitute = (load_person(session, code) for code in (absence.person, absence.substitute))
    refuse_others_arranging(by, person)
    _take_locks(session, (person, substitute))
    today = _today(origin)
    if absence.last_on < today:
        raise Refused(f"Ngày hết vắng {format_date(absence.last_on)} đã qua; hãy ghi ngày từ {format_date(today)}.")
    reasons = refuse_absence(absence, absences(session), {person.code: person, substitute.code: substitute})
    if reasons:
        raise Refused(*reasons)
    values = {
        "person_id": person.id,
        "substitute_id": substitute.id,
        "from_on": absence.first_on,
        "until_on": absence.last_on,
        "active": 1,
    }
    return open_subject(session, "stand_in", values, origin, note=note)


def end_absence(
    session: Session, code: str, *, first_on: date | None = None, by: Person, origin: Origin, note: str = ""
) -> Absence | None:
    """Call an absence off; one that has begun ends yesterday, and is returned as it then stands.

    `first_on` names it where a person has several ahead. Raises Refused.
    """
    person = load_person(session, code)
    refuse_others_arranging(by, person)
    _take_locks(session, (person,))
    today = _today(origin)
    entered = _only([found for found in _entered(session, code) if found.absence.last_on >= today], first_on, person)
    absence = entered.absence
    begun = absence.first_on < today
    yesterday = today - timedelta(days=1)
    change = {"until_on": yesterday} if begun else {"active": 0}
    change_subject(session, "stand_in", entered.id, change, origin, note=note)
    if not begun:
        return None
    return Absence(person=absence.person, substitute=absence.substitute, first_on=absence.first_on, last_on=yesterday)


def refuse_others_arranging(by: Person, person: Person) -> None:
    """Let people arrange their own post, and leaders and the administrator that of anybody."""
    if by.active and (by.id == person.id or by.role in ARRANGING):
        return
    wanted = ", ".join(role.label for role in ARRANGING)
    raise Refused(f"{by.name} không được đặt việc này cho {person.name}; cần: chính người đó, {wanted}.")


def _only(found: Collection[Entered], first_on: date | None, person: Person) -> Entered:
    chosen = [one for one in found if first_on in (None, one.absence.first_on)]
    if len(chosen) == 1:
        return chosen[0]
    if not found:
        raise Refused(f"{person.name} không có lần vắng nào đang hoặc sắp diễn ra; không có gì để hủy.")
    days = ", ".join(format_date(one.absence.first_on) for one in found)
    raise Refused(f"{person.name} có lần vắng bắt đầu ngày {days}; hãy ghi --from bằng đúng một ngày đó.")


def _entered(session: Session, code: str | None = None) -> list[Entered]:
    where = Where()
    where.add("s.active = 1")
    if code is not None:
        where.add("p.code = :code", code=code)
    return [_row(row) for row in where.rows(session, _ABSENCES)]


_ABSENCES = """
    SELECT s.id, p.code AS person, r.code AS substitute, s.from_on, s.until_on
    FROM stand_in AS s JOIN person AS p ON p.id = s.person_id JOIN person AS r ON r.id = s.substitute_id
    WHERE {where} ORDER BY s.id"""


def _row(row: dict[str, Any]) -> Entered:
    first_on, last_on = day_of(row["from_on"]), day_of(row["until_on"])
    assert first_on is not None
    assert last_on is not None
    absence = Absence(person=row["person"], substitute=row["substitute"], first_on=first_on, last_on=last_on)
    return Entered(row["id"], absence)


def _take_locks(session: Session, people: Collection[Person]) -> None:
    """Hold the people, so that two absences entered at once see each other."""
    for person_id in sorted({person.id for person in people}):
        row_of(session, "person", person_id, lock=True)


def _today(origin: Origin) -> date:
    return origin.at.astimezone(OFFICE_TIME).date()
