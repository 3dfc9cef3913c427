"""Stand-ins: who reads the messages of somebody who is away, and for whom."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from states.facts import Person
from states.vocabulary import Role
from states.words import format_date

#: Who reads every project, and so may read the messages of another one of them.
OFFICE = frozenset({Role.COORDINATOR, Role.LEADER, Role.FINANCE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """From the first to the last day, both included, the substitute reads for the person; both are codes."""

    person: str
    substitute: str
    first_on: date
    last_on: date

    def covers(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets a message; `instead_of` is for whom a stand-in reads. `warning` is a sentence for the operator."""

    person: Person
    instead_of: Person | None = None
    warning: str = ""

    @property
    def note(self) -> str:
        """What the message of a stand-in says first."""
        return f"Anh/chị nhận thư này thay {self.instead_of.name} đang vắng mặt." if self.instead_of else ""


def addressee(person: Person, absences: Iterable[Absence], people: Mapping[str, Person], *, on: date) -> Addressee:
    """Find who reads for a person on a day: the substitute, or the substitute's own one, each asked once.

    A message must not get lost, so the person keeps it when the chain turns back or ends at somebody who is not
    active; the warning says so.
    """
    away = {absence.person: absence.substitute for absence in absences if absence.covers(on)}
    passed = [person.code]
    while passed[-1] in away:
        following = away[passed[-1]]
        if following in passed:
            return Addressee(person, warning=f"Việc thay nhau của {person.name} quay vòng; hãy đổi người thay.")
        substitute = people.get(following)
        if substitute is None or not substitute.active:
            name = substitute.name if substitute else following
            return Addressee(
                person, warning=f"{name} thay {person.name} nhưng không còn hoạt động; hãy chọn người thay khác."
            )
        passed.append(following)
    return Addressee(person) if len(passed) == 1 else Addressee(people[passed[-1]], person)


def refuse_absence(new: Absence, absences: Sequence[Absence], people: Mapping[str, Person]) -> tuple[str, ...]:
    """Say why an absence cannot be entered; nothing when it can. Both people must be known."""
    person, substitute = people[new.person], people[new.substitute]
    reasons = [*_unfit(new, person, substitute)]
    for other in absences:
        if other.person == new.person and other.first_on <= new.last_on and new.first_on <= other.last_on:
            reasons.append(
                f"{person.name} đã có người thay từ {format_date(other.first_on)} đến {format_date(other.last_on)};"
                " hãy sửa lại ngày."
            )
    if not reasons and (day := _turns_back(new, absences)):
        reasons.append(
            f"Ngày {format_date(day)} việc thay nhau sẽ quay vòng về {person.name}; hãy chọn người thay khác hoặc"
            " ngày khác."
        )
    return tuple(reasons)


def _unfit(new: Absence, person: Person, substitute: Person) -> Iterator[str]:
    if new.last_on < new.first_on:
        yield "Ngày hết vắng đứng trước ngày bắt đầu vắng; hãy sửa lại ngày."
    if person.code == substitute.code:
        yield f"{person.name} không thể tự thay mình; hãy chọn người khác."
    elif not substitute.active:
        yield f"{substitute.name} không còn hoạt động; hãy chọn người thay khác."
    elif not _may_read(substitute, person):
        # A message names projects: whoever reads it must be allowed to read them.
        yield (
            f"{substitute.name} ({substitute.role.label}) không được xem các đề án của {person.name}; hãy chọn người"
            " cùng đơn vị hoặc người của Sở."
        )


def _may_read(substitute: Person, person: Person) -> bool:
    if substitute.role in OFFICE:
        return True
    if substitute.role is not person.role:
        return False
    if person.role is Role.COMMUNE_VIEWER:
        return (person.place_ids or frozenset()) <= (substitute.place_ids or frozenset())
    return substitute.unit_id == person.unit_id


def _turns_back(new: Absence, absences: Sequence[Absence]) -> date | None:
    """The first day on which the chain that starts with the new absence comes back to its person."""
    # Who is away only changes on the first day of an absence or after a last one, and leaving closes no circle.
    firsts = {new.first_on, *(other.first_on for other in absences if new.covers(other.first_on))}
    for day in sorted(firsts):
        away = {other.person: other.substitute for other in absences if other.covers(day)}
        reader, seen = new.substitute, {new.person}
        while reader in away and reader not in seen:
            seen.add(reader)
            reader = away[reader]
        if reader == new.person:
            return day
    return None
