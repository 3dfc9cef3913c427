"""Record the working calendar and the deadline rules, and change them: open deadlines move with the same event."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from models.append import SELF, Draft, Origin, append
from models.calendar_file import read_calendar_file
from models.deadlines import put_measured, remeasure
from models.people import refuse_others_than
from models.rule_file import read_rule_file
from models.rulebook import Rulebook, rulebook
from models.shipped import REFERENCE
from models.statement import Statement
from models.subjects import change_subject, open_subject, open_subjects, row_of
from states.actions import Entry
from states.calendar import Calendar
from states.facts import OFFICE_TIME, Person
from states.listed_days import DayKind, ListedDay
from states.refusal import Refused
from states.vocabulary import Role
from states.words import format_date


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that a change of the calendar moved: whom it concerns, from which day to which."""

    project: str
    clock: str
    rule: str
    was: date | None
    now: date | None


@dataclass(frozen=True, slots=True)
class Moves:
    """How many deadlines a change moved, and the first of them by name."""

    count: int
    listed: list[Moved]

    def with_one(self, moved: Moved) -> "Moves":
        if len(self.listed) < NAMED:
            self.listed.append(moved)
        return Moves(self.count + 1, self.listed)


#: A change may move every deadline of a large register: that many are named, and so many are written at once.
NAMED, BATCH = 1000, 5000


def load_calendar(session: Session, origin: Origin) -> int:
    """Record the calendar that we ship, every day with its paper, and return its id."""
    calendar = read_calendar_file()
    values = {
        "jurisdiction": calendar.jurisdiction,
        "weekend": json.dumps(sorted(calendar.weekend.weekdays)),
        "weekend_basis": calendar.weekend.basis,
        "weekend_verified": int(calendar.weekend.verified),
    }
    years = sorted(calendar.listed_years | calendar.confirmed_years)
    lines = {
        "calendar_entry": [_entry(SELF, listed) for listed in calendar.days],
        "calendar_year": [_year(SELF, year, year in calendar.confirmed_years, "Tệp lịch kèm theo") for year in years],
    }
    return open_subject(session, "calendar", values, origin, lines=lines)


def _entry(calendar_id: int | str, listed: ListedDay) -> dict[str, Any]:
    return {
        "calendar_id": calendar_id,
        "day": listed.day,
        "kind": str(listed.kind),
        "name": listed.name,
        "basis": listed.basis,
        "swap_with": listed.swap_with,
        "verified": int(listed.verified),
        "switchable": int(listed.switchable),
        "active": int(listed.active),
    }


def _year(calendar_id: int | str, year: int, confirmed: bool, basis: str) -> dict[str, Any]:
    return {"calendar_id": calendar_id, "year": year, "confirmed": int(confirmed), "basis": basis}


def load_deadline_rules(session: Session, origin: Origin) -> None:
    """Record the deadline rules that we ship."""
    rules = read_rule_file(REFERENCE / "deadline_rules.yaml")
    open_subjects(session, "deadline_rule", [rule.columns() for rule in rules], origin)


def set_days(session: Session, days: Mapping[date, str], *, name: str, basis: str, origin: Origin) -> Moves:
    """Say of some days that the office is off or works, on the word of a document; open deadlines move with it.

    `days` maps each day to `off` or `work`; two days of which one is off and one works are a swap. A switchable
    day that is listed is only switched on or off. Raises Refused for contradictions and when nothing changes.
    """
    if not basis.strip():
        raise Refused("Phải ghi căn cứ của thay đổi (--basis, ví dụ số thông báo nghỉ lễ).")
    book = rulebook(session)
    given = [_listed(book.calendar, day, DayKind(kind), days, name, basis) for day, kind in sorted(days.items())]
    if all(listed == book.calendar.listed(listed.day) for listed in given):
        raise Refused("Lịch đã ghi đúng như vậy; không có gì thay đổi.")
    calendar = book.calendar.changed(*given, version=book.calendar.version + 1)
    lines = {"calendar_entry": [_entry(book.calendar_id, listed) for listed in given]}
    return _change(session, book, calendar, lines, note=basis, origin=origin, since=min(days))


def day_or_swap(day: date, kind: str, swap_with: date | None) -> dict[date, str]:
    """The day to be set, with the other day of a swap, which is the contrary. Raises Refused for a day and itself."""
    if swap_with is None:
        return {day: kind}
    if swap_with == day:
        raise Refused("Một ngày không hoán đổi với chính nó; hãy ghi ngày khác làm ngày hoán đổi (--with).")
    return {day: kind, swap_with: str(DayKind.WORK if kind == DayKind.OFF else DayKind.OFF)}


def refuse_others_ruling(person: Person) -> None:
    """Only a leader or an administrator changes what everybody's deadlines and sums are measured with."""
    refuse_others_than(person, *RULERS)


#: Who may change calendar and rules.
RULERS = (Role.LEADER, Role.ADMINISTRATOR)


def _listed(calendar: Calendar, day: date, kind: DayKind, days: Mapping[date, str], name: str, basis: str) -> ListedDay:
    known = calendar.listed(day)
    if known is not None and known.switchable:
        return replace(known, active=known.kind is kind, basis=basis, verified=True)
    partners = [other for other, what in days.items() if other != day and what != str(kind)]
    default = "Nghỉ theo thông báo" if kind is DayKind.OFF else "Làm bù"
    return ListedDay(
        day=day,
        kind=kind,
        name=name or default,
        basis=basis,
        verified=True,
        swap_with=partners[0] if len(partners) == 1 and len(days) == 2 else None,
    )


def confirm_year(session: Session, year: int, *, basis: str, origin: Origin) -> Moves:
    """Record that all days off of a year were checked against their documents: its dates stop being provisional."""
    book = rulebook(session)
    if year in book.calendar.confirmed_years:
        raise Refused(f"Lịch năm {year} đã được xác nhận.")
    if not basis.strip():
        raise Refused("Phải ghi căn cứ xác nhận (--basis).")
    unsure = [d for d in book.calendar.days if d.day.year == year and not d.verified]
    checked = tuple(replace(listed, verified=True) for listed in unsure if not listed.switchable)
    calendar = replace(
        book.calendar.changed(*checked, version=book.calendar.version + 1),
        confirmed_years=book.calendar.confirmed_years | {year},
    )
    lines = {
        "calendar_entry": [_entry(book.calendar_id, listed) for listed in checked],
        "calendar_year": [_year(book.calendar_id, year, True, basis)],
    }
    return _change(session, book, calendar, lines, note=basis, origin=origin, since=date(year, 1, 1))


def _change(
    session: Session,
    book: Rulebook,
    calendar: Calendar,
    lines: dict[str, list[dict[str, Any]]],
    *,
    note: str,
    origin: Origin,
    since: date,
) -> Moves:
    """Write the calendar's event with the number of deadlines that it moves, and move them."""
    row = row_of(session, "calendar", book.calendar_id, lock=True)
    changed = replace(book, calendar=calendar)
    moves, batch = Moves(0, []), []
    for old, new in remeasure(session, changed, since):
        batch.append((old, new))
        if str(old.rolled_on) != str(new["rolled_on"]):
            moves = moves.with_one(Moved(old.code, old.clock, old.rule, _day(old.rolled_on), _day(new["rolled_on"])))
        if len(batch) == BATCH:
            put_measured(session, batch)
            batch = []
    put_measured(session, batch)
    draft = Draft(
        "calendar",
        str(Entry.CORRECT),
        row["id"],
        row["version"],
        row["previous"],
        lines=lines,
        note=note,
        more={"moved": moves.count},
    )
    append(session, [draft], origin)
    return moves


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def set_rule(session: Session, code: str, values: Mapping[str, Any], *, note: str, origin: Origin) -> None:
    """Change what a rule is called, whether it was verified, and its last day, by an event. Raises Refused.

    What clocks are measured with is never edited, for it would move the clocks that run: an office rule gets a
    successor (`deadline_rules.set_pace`), and a new text of law is a new rule with its own days of effect.
    """
    found = _RULE.rows(session, code=code)
    if not found:
        raise Refused(f"Không có quy định thời hạn {code}; hãy xem dean rules list.")
    [row] = found
    if row.statutory and set(values) - {"effective_until", "verified"}:
        raise Refused(
            f"Quy định {code} là luật ({row.basis}); không sửa được. Văn bản mới được ghi thành quy định mới, "
            "quy định cũ chỉ ghi ngày hết hiệu lực."
        )
    if strange := sorted(set(values) - {"label", "basis", "effective_until", "verified"}):
        raise Refused(f"Không sửa {', '.join(strange)} của {code} tại chỗ; hãy ghi quy định mới từ một ngày sắp tới.")
    last_day = values.get("effective_until")
    if last_day is not None and last_day < office_day(origin):
        raise Refused(
            f"Ngày hết hiệu lực {format_date(last_day)} đã qua; các hạn đang chạy sẽ bị đổi, hãy ghi từ hôm nay trở đi."
        )
    if not note.strip():
        raise Refused("Phải ghi căn cứ hoặc lý do thay đổi (--basis).")
    change_subject(session, "deadline_rule", row.id, values, origin, note=note)


_RULE = Statement("SELECT id, statutory, basis FROM deadline_rule WHERE code = :code")


def office_day(origin: Origin) -> date:
    """The office's calendar day of an entry."""
    return origin.at.astimezone(OFFICE_TIME).date()


def describe(moved: Moved) -> str:
    """One line for the person who changed the calendar."""
    was, now = (format_date(day) if day else "tạm dừng" for day in (moved.was, moved.now))
    return f"{moved.project} {moved.rule}: {was} → {now}"
