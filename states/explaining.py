"""A count written out day by day, so that a person can follow it with a paper calendar and the decisions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from states.calendar import Calendar
from states.counting import (
    Days,
    Due,
    Months,
    Roll,
    Term,
    Workdays,
    Years,
    add_days,
    add_months,
    due,
    due_before,
    due_by,
)
from states.listed_days import weekday_name
from states.vocabulary import Labelled

START_NOT_COUNTED = "Bộ luật Dân sự 2015 Điều 147 khoản 2"
ENDS_WITH_ITS_LAST_DAY = "Bộ luật Dân sự 2015 Điều 148 khoản 1"
ENDS_WITH_ITS_MONTH = "Bộ luật Dân sự 2015 Điều 148 khoản 3"
ENDS_WITH_ITS_YEAR = "Bộ luật Dân sự 2015 Điều 148 khoản 4"
MOVES_TO_NEXT_WORKDAY = "Bộ luật Dân sự 2015 Điều 148 khoản 5"

# No law was found that says it; the cautious reading cannot make anybody late.
READING_OF_BEFORE = "Cách hiểu thận trọng của chữ “trước ngày”"


class Mark(Labelled):
    """What a row of a proof sheet is the answer to."""

    PRINTED = "printed", "hạn theo cách đếm"
    ROLLED = "rolled", "hạn sau khi chuyển ngày"
    SAFE = "safe", "ngày làm việc an toàn"


@dataclass(frozen=True, slots=True)
class Counted:
    """One row of a proof sheet: a day counted (`ordinal` says as which) or skipped, why, and where that is written.

    A term in months or years has one counted row a month or year, on the day that ends it.
    """

    day: date
    weekday: str
    counted: bool
    ordinal: int | None
    reason: str
    basis: str
    verified: bool
    marks: tuple[Mark, ...]

    def plain(self) -> dict[str, Any]:
        """The row as JSON shows it."""
        return {
            "date": self.day.isoformat(),
            "weekday": self.weekday,
            "counted": self.counted,
            "ordinal": self.ordinal,
            "reason": self.reason,
            "basis": self.basis,
            "verified": self.verified,
            "marks": [str(mark) for mark in self.marks],
        }


def explain(start: date, term: Term, calendar: Calendar, *, roll: Roll = Roll.FORWARD) -> tuple[Counted, ...]:
    """Write out how `due` came to its dates: the start, each day counted or skipped, and the days of the roll."""
    ends = due(start, term, calendar, roll=roll)
    sheet = _Sheet(calendar, ends)
    written = {
        start: sheet.row(start, "Ngày bắt đầu, không tính", START_NOT_COUNTED),
        **{row.day: row for row in sheet.term(start, term)},
    }
    for row in sheet.roll():
        if row.day > start:
            written.setdefault(row.day, row)
    return tuple(row for _, row in sorted(written.items()))


def explain_by(day: date, calendar: Calendar, *, roll: Roll = Roll.NONE) -> tuple[Counted, ...]:
    """Write out how `due_by` came to its dates."""
    return tuple(_Sheet(calendar, due_by(day, calendar, roll=roll)).roll())


def explain_before(day: date, calendar: Calendar, *, roll: Roll = Roll.SAFE) -> tuple[Counted, ...]:
    """Write out how `due_before` came to its dates; the last row is the day that is already too late."""
    sheet = _Sheet(calendar, due_before(day, calendar, roll=roll))
    too_late = sheet.row(day, "Không tính: thời hạn là trước ngày này", READING_OF_BEFORE, verified=False)
    return (*sheet.roll(), too_late)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The rows between a start and the dates already found; nothing here decides a date."""

    calendar: Calendar
    ends: Due

    def term(self, start: date, term: Term) -> Iterator[Counted]:
        match term:
            case Workdays():
                return self._workdays(start)
            case Days():
                return self._days(start)
            case Months():
                return self._months(start, term.count, 1, "tháng", ENDS_WITH_ITS_MONTH)
            case Years():
                return self._months(start, term.count, 12, "năm", ENDS_WITH_ITS_YEAR)

    def _workdays(self, start: date) -> Iterator[Counted]:
        ordinal = 0
        for day in _each_day(add_days(start, Days(1)), self.ends.printed_on):
            standing = self.calendar.standing(day)
            ordinal += standing.works
            number = ordinal if standing.works else None
            yield self.row(day, standing.reason, standing.basis, number, verified=standing.verified)

    def _days(self, start: date) -> Iterator[Counted]:
        for ordinal, day in enumerate(_each_day(add_days(start, Days(1)), self.ends.printed_on), start=1):
            yield self._calendar_row(day, "Ngày theo lịch", ENDS_WITH_ITS_LAST_DAY, ordinal)

    def _months(self, start: date, count: int, months: int, unit: str, basis: str) -> Iterator[Counted]:
        for ordinal in range(1, count + 1):
            day = add_months(start, Months(months * ordinal))
            reason = f"Hết {unit} thứ {ordinal}"
            if day.day != start.day:
                reason = f"{reason}; tháng không có ngày {start.day} nên lấy ngày cuối tháng"
            yield self._calendar_row(day, reason, basis, ordinal)

    def roll(self) -> Iterator[Counted]:
        """Yield the days from the safe one to the last of the three, as what they are and not as counted."""
        for day in _each_day(self.ends.safe_on, max(self.ends.printed_on, self.ends.rolled_on)):
            standing = self.calendar.standing(day)
            reason, basis = standing.reason, standing.basis
            if day == self.ends.rolled_on > self.ends.printed_on:
                reason = f"Chuyển sang ngày làm việc tiếp theo ({reason})"
                basis = f"{MOVES_TO_NEXT_WORKDAY}; {basis}"
            yield self.row(day, reason, basis, verified=standing.verified)

    def _calendar_row(self, day: date, reason: str, basis: str, ordinal: int) -> Counted:
        """Return a counted day of a term that counts days off too; what the day is matters where the term ends."""
        standing = self.calendar.standing(day)
        if not standing.works:
            reason = f"{reason}, ngày nghỉ vẫn tính ({standing.reason})"
        if day != self.ends.printed_on:
            return self.row(day, reason, basis, ordinal)
        if standing.works:
            reason = f"{reason} ({standing.reason})"
        return self.row(day, reason, f"{basis}; {standing.basis}", ordinal, verified=standing.verified)

    def row(self, day: date, reason: str, basis: str, ordinal: int | None = None, *, verified: bool = True) -> Counted:
        found = {Mark.PRINTED: self.ends.printed_on, Mark.ROLLED: self.ends.rolled_on, Mark.SAFE: self.ends.safe_on}
        marks = tuple(mark for mark, marked in found.items() if marked == day)
        return Counted(day, weekday_name(day), ordinal is not None, ordinal, reason, basis, verified, marks)


def _each_day(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(ordinal) for ordinal in range(first.toordinal(), last.toordinal() + 1))
