"""The morning's reminders: sweep what is due, and write one letter for each person who has something to do.

Sweeping and writing are one transaction: a reminder is in the ledger and in exactly one letter, or in neither.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from flows.jobs.composing import Entry, Remark, stored, subject_of
from flows.jobs.settings import Settings
from models.desk.comments import Mention, untold_mentions
from models.queries.scope import Where
from models.reminders.absences import absences
from models.reminders.addresses import reach
from models.reminders.gathering import Owed, waiting
from models.reminders.handover import expire
from models.reminders.open_work import people_by_code
from models.reminders.outbox import NewLetter, queue
from models.reminders.preferences import Wanted, preferences
from models.reminders.sweep import Swept, sweep
from models.rulebook import rulebook
from models.store import Store
from states.calendar import Calendar
from states.facts import OFFICE_TIME, Person
from states.posting import Channel, Letter, OutboxStatus
from states.sending_hours import expires_at, next_open
from states.standing_in import Absence, addressee


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What a run did. `unreachable` are the names of people whom no channel reaches; they stay owed."""

    as_of: date
    swept: Swept | None = None
    letters: int = 0
    reminders: int = 0
    unreachable: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        swept = self.swept or Swept(0, 0, 0)
        return {
            "as_of": self.as_of.isoformat(),
            "waiting": swept.waiting,
            "covered": swept.covered,
            "cancelled": swept.cancelled,
            "letters": self.letters,
            "reminders": self.reminders,
            "unreachable": list(self.unreachable),
            "warnings": list(self.warnings),
            "reason": self.reason,
        }


def remind(store: Store, settings: Settings, *, as_of: date, at: datetime) -> Reminded:
    """Sweep for a day and write the letters that may leave today; run twice it writes nothing more.

    Where sending is off nothing is written at all: whoever switches it on later is told what is due then, once.
    """
    if settings.notify_mode == "off":
        return Reminded(as_of=as_of, reason="Chế độ gửi đang tắt (DEAN_NOTIFY_MODE=off); không nhắc ai.")
    with store.write() as session:
        swept = sweep(session, as_of=as_of, at=at)
        return replace(write_letters(session, as_of=as_of, at=at), swept=swept)


def write_letters(session: Any, *, as_of: date, at: datetime) -> Reminded:
    """Write the letters of whatever waits to be told, in the caller's transaction; outside office days none."""
    calendar = rulebook(session).calendar
    leaves_at = next_open(at, calendar)
    if leaves_at.date() != at.astimezone(OFFICE_TIME).date():
        reason = "Ngoài giờ làm việc hoặc ngày nghỉ; thư được viết vào sáng ngày làm việc tới."
        return Reminded(as_of=as_of, reason=reason)
    # Nothing leaves before that hour: what is then of no use any more rides in the letters written now.
    expire(session, at=leaves_at)
    office = _Office.read(session, as_of)
    told = waiting(session, as_of=as_of), untold_mentions(session, at=at)
    letters, unreachable = _letters(office, *told, leaves_at, calendar)
    queue(session, letters, at=at)
    return Reminded(
        as_of=as_of,
        letters=len(letters),
        reminders=sum(len(letter.reminders) for letter in letters),
        unreachable=tuple(sorted(unreachable)),
        warnings=tuple(sorted(office.warnings)),
    )


@dataclass(slots=True)
class _Office:
    """People, how they want to be told, who is away, and which letters of the day there are."""

    on: date
    people: Mapping[str, Person]
    wanted: Mapping[int, Wanted]
    reached: Mapping[int, Mapping[Channel, str]]
    away: Sequence[Absence]
    numbers: Counter[str]
    standing: frozenset[str]
    warnings: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, session: Any, on: date) -> "_Office":
        people = people_by_code(session)
        where = Where()
        where.add("o.key LIKE :day", day=f"%:{on}:%")
        rows = where.rows(session, "SELECT o.key, o.status FROM outbox AS o WHERE {where}")
        taken_apart = str(OutboxStatus.CANCELLED)
        return cls(
            on=on,
            people=people,
            wanted=preferences(session),
            reached=reach(session, [person.id for person in people.values()]),
            away=absences(session),
            numbers=Counter(row["key"].rpartition(":")[0] for row in rows),
            standing=frozenset(row["key"].rpartition(":")[0] for row in rows if row["status"] != taken_apart),
        )

    def reader(self, code: str) -> tuple[Person, str | None]:
        """Who reads for a person today, and in whose place."""
        found = addressee(self.people[code], self.away, self.people, on=self.on)
        if found.warning:
            self.warnings.add(found.warning)
        return found.person, found.instead_of.name if found.instead_of else None

    def key(self, letter: Letter, person: Person) -> str:
        """The key of the next letter of a kind to a person today."""
        day = f"{letter}:{person.code}:{self.on}"
        self.numbers[day] += 1
        return f"{day}:{self.numbers[day]}"

    def has(self, letter: Letter, person: Person) -> bool:
        """Was a letter of this kind written today that was not taken apart again?"""
        return f"{letter}:{person.code}:{self.on}" in self.standing

    def way(self, person: Person) -> Channel | None:
        return self.wanted.get(person.id, Wanted()).way(self.reached.get(person.id, {}))


def _letters(
    office: _Office,
    owed: Iterable[Owed],
    mentions: Iterable[Mention],
    leaves_at: datetime,
    calendar: Calendar,
) -> tuple[list[NewLetter], set[str]]:
    """The letters of the day, and the names of those whom nothing reaches."""
    letters: list[NewLetter] = []
    unreachable: set[str] = set()
    latest = _latest(owed)
    by_reader, called = _by_reader(office, (rungs[-1] for rungs in latest.values())), _called(office, mentions)
    for person in dict.fromkeys((*by_reader, *called)):
        channel = office.way(person)
        if channel is None:
            unreachable.add(person.name)
            continue
        remarks = called.get(person, [])
        for letter, key, part in _parted(office, person, by_reader.get(person, []), is_called=bool(remarks)):
            riding = remarks if letter is Letter.DIGEST else []
            letters.append(
                NewLetter(
                    key=key,
                    person_id=person.id,
                    channel=channel,
                    letter=letter,
                    subject=subject_of(letter, part, on=office.on),
                    body=stored(part, [remark for remark, _ in riding], on=office.on),
                    not_before=leaves_at,
                    expires_at=expires_at(leaves_at, calendar, urgent=letter is Letter.URGENT),
                    reminders=[rung.key for entry in part for rung in latest[_task(entry.owed)]],
                    mentions=[(mention.person_id, mention.comment_id) for _, mention in riding],
                )
            )
    return letters, unreachable


def _latest(owed: Iterable[Owed]) -> dict[tuple[str, str, bool], list[Owed]]:
    """Rungs of one deadline that wait for one person: the letter names the last one, and all of them ride in it."""
    rungs: defaultdict[tuple[str, str, bool], list[Owed]] = defaultdict(list)
    for one in owed:
        rungs[_task(one)].append(one)
    return rungs


def _task(owed: Owed) -> tuple[str, str, bool]:
    return owed.person, owed.about, owed.is_escalation


def _by_reader(office: _Office, owed: Iterable[Owed]) -> dict[Person, list[Entry]]:
    groups: defaultdict[Person, list[Entry]] = defaultdict(list)
    for one in owed:
        reader, instead_of = office.reader(one.person)
        groups[reader].append(Entry(owed=one, stand_in_for=instead_of))
    return groups


def _called(office: _Office, mentions: Iterable[Mention]) -> dict[Person, list[tuple[Remark, Mention]]]:
    """The remarks that call somebody, by who reads them today."""
    groups: defaultdict[Person, list[tuple[Remark, Mention]]] = defaultdict(list)
    for one in mentions:
        reader, instead_of = office.reader(one.person)
        said = {"code": one.code, "name": one.name, "author": one.author, "words": one.words}
        groups[reader].append((Remark(**said, on=one.on, stand_in_for=instead_of), one))
    return groups


def _parted(
    office: _Office, person: Person, entries: list[Entry], *, is_called: bool
) -> Iterable[tuple[Letter, str, list[Entry]]]:
    """One digest and one letter about others' overdue work a morning; after that only what is urgent, at once.

    A remark that calls the person rides in the digest, also when there is nothing else in it.
    """
    above = [entry for entry in entries if entry.owed.is_escalation]
    own = [entry for entry in entries if not entry.owed.is_escalation]
    if (own or is_called) and not office.has(Letter.DIGEST, person):
        yield Letter.DIGEST, office.key(Letter.DIGEST, person), own
    elif office.wanted.get(person.id, Wanted()).urgent_at_once:
        for entry in own:
            if entry.owed.urgent:
                yield Letter.URGENT, office.key(Letter.URGENT, person), [entry]
    if above and not office.has(Letter.ESCALATION, person):
        yield Letter.ESCALATION, office.key(Letter.ESCALATION, person), above
