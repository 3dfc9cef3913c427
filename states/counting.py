"""Counting days, working days, months and years. Basis: Bộ luật Dân sự 2015 Điều 145–148; domain notes §7.2."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Self, TypeAlias

from states.calendar import FIRST_DAY, LAST_DAY, OUT_OF_CALENDAR, Calendar
from states.refusal import Refused
from states.vocabulary import Labelled
from states.words import format_date, format_number

_FIRST, _LAST = FIRST_DAY.toordinal(), LAST_DAY.toordinal()


@dataclass(frozen=True, slots=True)
class _Length:
    """What the four units share: each is added to and compared with its own kind, never with a bare number."""

    unit: ClassVar[str]
    count: int

    def __add__(self, other: Self) -> Self:
        return type(self)(self.count + other.count) if type(other) is type(self) else NotImplemented

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.count - other.count) if type(other) is type(self) else NotImplemented

    def __neg__(self) -> Self:
        return type(self)(-self.count)

    def __lt__(self, other: Self) -> bool:
        return self.count < other.count if type(other) is type(self) else NotImplemented

    def __le__(self, other: Self) -> bool:
        return self.count <= other.count if type(other) is type(self) else NotImplemented

    def __str__(self) -> str:
        return f"{format_number(self.count)} {self.unit}"


@dataclass(frozen=True, slots=True)
class Workdays(_Length):
    """A length in "ngày làm việc": days on which the office works, swapped Saturdays included."""

    unit: ClassVar[str] = "ngày làm việc"


@dataclass(frozen=True, slots=True)
class Days(_Length):
    """A length in "ngày": every day of the calendar counts."""

    unit: ClassVar[str] = "ngày"


@dataclass(frozen=True, slots=True)
class Months(_Length):
    """A length in months that run on: it ends on the same day number. Where a law says 30 days, use Days."""

    unit: ClassVar[str] = "tháng"


@dataclass(frozen=True, slots=True)
class Years(_Length):
    """A length in years that run on: it ends on the same day and month."""

    unit: ClassVar[str] = "năm"


Term: TypeAlias = Workdays | Days | Months | Years
#: The units in which somebody may ask for a count, by name.
TERMS: Mapping[str, type[Workdays] | type[Days] | type[Months]] = {"workdays": Workdays, "days": Days, "months": Months}


class Roll(Labelled):
    """What becomes of a deadline that falls on a day off.

    FORWARD is the law's rule for terms (Bộ luật Dân sự 2015 Điều 148 khoản 5); SAFE is the cautious reading
    of a date that allows no delay; NONE leaves a date that is fixed by itself, such as the end of a year.
    """

    FORWARD = "forward", "chuyển sang ngày làm việc tiếp theo"
    SAFE = "safe", "lấy ngày làm việc liền trước"
    NONE = "none", "giữ nguyên ngày"


@dataclass(frozen=True, slots=True)
class Due:
    """The last day to do something, three times.

    `printed_on` is what the words give; `rolled_on` is what holds after the rule's roll, the day after it is
    overdue; `safe_on` is the last workday not after the printed day, the one to be reminded of. `provisional`
    says that a calendar not yet confirmed could move one of them; `warnings` name it.
    """

    printed_on: date
    rolled_on: date
    safe_on: date
    provisional: bool
    warnings: tuple[str, ...]


def add_workdays(start: date, length: Workdays, calendar: Calendar) -> date:
    """Return the day on which the office has worked that many days after the start; a negative length goes back."""
    return calendar.workday(start, length.count)


def add_days(start: date, length: Days) -> date:
    """Return the day that many days after the start, which itself is not counted."""
    ordinal = start.toordinal() + length.count
    if _FIRST <= ordinal <= _LAST:
        return date.fromordinal(ordinal)
    raise Refused(OUT_OF_CALENDAR)


def add_months(start: date, length: Months) -> date:
    """Return the same day number that many months on, or the last day of a month that has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + length.count, 12)
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise Refused(OUT_OF_CALENDAR)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def add_years(start: date, length: Years) -> date:
    """Return the same day and month that many years on; 29/02 ends on 28/02 of a common year."""
    return add_months(start, Months(length.count * 12))


class MonthPart(Labelled):
    """What papers mean by a part of a month. Basis: Bộ luật Dân sự 2015 Điều 146 khoản 3."""

    START = "start", "đầu tháng"
    MIDDLE = "middle", "giữa tháng"
    END = "end", "cuối tháng"


def day_of_month_part(year: int, month: int, part: MonthPart) -> date:
    """Return the day that "đầu tháng" (1), "giữa tháng" (15) or "cuối tháng" (the last) stands for."""
    day = {MonthPart.START: 1, MonthPart.MIDDLE: 15, MonthPart.END: monthrange(year, month)[1]}[part]
    return date(year, month, day)


def end_of(start: date, term: Term, calendar: Calendar) -> date:
    """Return the last day of a term, before any rolling. The first day is not counted."""
    match term:
        case Workdays():
            return add_workdays(start, term, calendar)
        case Days():
            return add_days(start, term)
        case Months():
            return add_months(start, term)
        case Years():
            return add_years(start, term)


def due(start: date, term: Term, calendar: Calendar, *, roll: Roll = Roll.FORWARD) -> Due:
    """Return when a term that starts with this day's event is over. Raises Refused for a negative term."""
    if term.count < 0:
        raise Refused(f"Thời hạn {term} là số âm; hãy ghi độ dài từ 0 trở lên.")
    printed = end_of(start, term, calendar)
    counts_workdays = isinstance(term, Workdays) and term.count > 0
    # A term in working days leans on every day it passes; the other terms only on where they end.
    return _settled(printed, calendar, roll, leans_from=add_days(start, Days(1)) if counts_workdays else printed)


def due_by(day: date, calendar: Calendar, *, roll: Roll = Roll.NONE) -> Due:
    """Return the deadline of "chậm nhất ngày X", "không muộn hơn ngày X": the day itself is still in time."""
    return _settled(day, calendar, roll, leans_from=day)


def due_before(day: date, calendar: Calendar, *, roll: Roll = Roll.SAFE) -> Due:
    """Return the deadline of "trước ngày X": the printed day is the one before X, for X itself is too late.

    Raises Refused for a forward roll, which could end on X or after it.
    """
    if roll is Roll.FORWARD:
        raise Refused(
            f"Hạn “trước ngày {format_date(day)}” không được chuyển sang ngày làm việc tiếp theo;"
            f" hãy chọn cách “{Roll.SAFE}” ({Roll.SAFE.label}) hoặc “{Roll.NONE}” ({Roll.NONE.label})."
        )
    return due_by(add_days(day, Days(-1)), calendar, roll=roll)


def _settled(printed: date, calendar: Calendar, roll: Roll, *, leans_from: date) -> Due:
    safe = calendar.on_or_before(printed)
    rolled = printed
    if safe != printed and roll is not Roll.NONE:
        rolled = calendar.on_or_after(printed) if roll is Roll.FORWARD else safe
    warnings = calendar.doubts(min(leans_from, safe), max(printed, rolled))
    return Due(printed, rolled, safe, bool(warnings), warnings)


def workdays_between(start: date, end: date, calendar: Calendar) -> Workdays:
    """Count the workdays after the start up to and including the end: what `add_workdays` would have added.

    Negative when the end is earlier; then the days from the end up to the start, without the start, count.
    """
    if end >= start:
        return Workdays(calendar.workdays_within(start, end) - calendar.works_on(start))
    return Workdays(calendar.works_on(start) - calendar.workdays_within(end, start))


def workdays_left(today: date, due_on: date, calendar: Calendar) -> Workdays:
    """Count the workdays after today up to the due day; negative is how many have passed since the due day."""
    if today <= due_on:
        return workdays_between(today, due_on, calendar)
    return -workdays_between(due_on, today, calendar)


def time_left(today: date, due_on: date, calendar: Calendar) -> str:
    """Say how much time is left, as every list of deadlines shows it.

    Count to `Due.rolled_on` what holds, and to `Due.safe_on` what to aim at.
    """
    left = workdays_left(today, due_on, calendar)
    if today == due_on:
        return "Hết hạn hôm nay"
    if left.count:
        return f"Còn {left}" if today < due_on else f"Quá hạn {-left}"
    if today > due_on:
        return f"Quá hạn từ ngày {format_date(add_days(due_on, Days(1)))}"
    # Only days off lie between: the due day itself is one, and its rule does not move it.
    last = "Hôm nay là ngày làm việc cuối cùng" if calendar.works_on(today) else "Không còn ngày làm việc nào"
    return f"{last} trước hạn {format_date(due_on)}"
