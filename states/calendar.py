"""The working-day calendar: a value that tells for every day whether the office works, and on whose word."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import accumulate, compress, groupby

from states.listed_days import DayKind, ListedDay, Weekend, contradictions
from states.reading import FIRST_YEAR, LAST_YEAR
from states.refusal import Refused
from states.words import format_date

FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
_ORIGIN = FIRST_DAY.toordinal()
_LENGTH = LAST_DAY.toordinal() - _ORIGIN + 1

OUT_OF_CALENDAR = (
    f"Ngày cần tính nằm ngoài lịch (từ năm {FIRST_YEAR} đến năm {LAST_YEAR});"
    " hãy kiểm tra ngày bắt đầu và độ dài của thời hạn."
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a day is, in words for a proof sheet: `basis` is the paper, `verified` whether it was seen."""

    works: bool
    reason: str
    basis: str
    verified: bool


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """The days of one jurisdiction. Immutable: a change makes a new calendar with a new version.

    A year outside `confirmed_years` is counted as far as it is known, and every result that leans on it is
    provisional. Building one takes some milliseconds, each question after that about a microsecond.
    Raises Refused, with every contradiction found, when the days cannot stand together.
    """

    jurisdiction: str
    version: int
    weekend: Weekend
    days: tuple[ListedDay, ...]
    confirmed_years: frozenset[int]
    _by_day: dict[date, ListedDay] = field(init=False, repr=False, compare=False)
    _unsure: list[ListedDay] = field(init=False, repr=False, compare=False)
    _works: bytearray = field(init=False, repr=False, compare=False)
    # For every day the number of workdays before it, and the ordinals of all workdays in order: with these two
    # an addition is two look-ups, however long the term.
    _before: "array[int]" = field(init=False, repr=False, compare=False)
    _workdays: "array[int]" = field(init=False, repr=False, compare=False)
    _doubtful_before: "array[int]" = field(init=False, repr=False, compare=False)
    _sentences: dict[tuple[int, int, int, int], tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if reasons := contradictions(self.days, self.weekend, self.confirmed_years):
            raise Refused(*reasons)
        # Two calendars with the same days are the same calendar, in whatever order the days were read.
        days = tuple(sorted(self.days, key=lambda listed: listed.day))
        unsure = [listed for listed in days if not listed.verified and listed.departs(self.weekend)]
        unsure = [listed for listed in unsure if listed.day.year in self.confirmed_years]
        works = self._mark_works(days)
        derived = {
            "days": days,
            "_by_day": {listed.day: listed for listed in days},
            "_unsure": unsure,
            "_works": works,
            "_before": array("i", accumulate(works, initial=0)),
            "_workdays": array("i", compress(range(_ORIGIN, _ORIGIN + _LENGTH), works)),
            "_doubtful_before": array("i", accumulate(self._mark_doubtful(unsure), initial=0)),
            "_sentences": {},
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    def _mark_works(self, days: Iterable[ListedDay]) -> bytearray:
        first = FIRST_DAY.isoweekday()
        week = bytes((first + place - 1) % 7 + 1 not in self.weekend.weekdays for place in range(7))
        works = bytearray((week * (_LENGTH // 7 + 1))[:_LENGTH])
        for listed in days:
            if listed.active:
                works[listed.day.toordinal() - _ORIGIN] = listed.kind is DayKind.WORK
        return works

    def _mark_doubtful(self, unsure: Iterable[ListedDay]) -> bytearray:
        doubtful = bytearray(b"\1" * _LENGTH)
        for year in self.confirmed_years:
            start, end = (date(year, month, day).toordinal() - _ORIGIN for month, day in ((1, 1), (12, 31)))
            doubtful[start : end + 1] = bytes(end + 1 - start)
        for listed in unsure:
            doubtful[listed.day.toordinal() - _ORIGIN] = 1
        return doubtful

    @property
    def listed_years(self) -> frozenset[int]:
        """The years of which any day is known beyond the weekly rule."""
        return frozenset(listed.day.year for listed in self.days)

    def listed(self, day: date) -> ListedDay | None:
        """Return the line of the day, whether it is switched on or not."""
        return self._by_day.get(day)

    def works_on(self, day: date) -> bool:
        """Tell whether the office works on the day."""
        return bool(self._works[_place(day)])

    def workday(self, start: date, number: int) -> date:
        """Return the number-th workday after the day, or before it when negative; zero is the day itself."""
        place = _place(start)
        if number > 0:
            return self._nth(self._before[place + 1] + number - 1)
        return self._nth(self._before[place] + number) if number else start

    def on_or_after(self, day: date) -> date:
        """Return the day if the office works then, else the next workday."""
        place = _place(day)
        return day if self._works[place] else self._nth(self._before[place])

    def on_or_before(self, day: date) -> date:
        """Return the day if the office works then, else the workday before it."""
        place = _place(day)
        return day if self._works[place] else self._nth(self._before[place] - 1)

    def workdays_within(self, first: date, last: date) -> int:
        """Count the workdays from the first day to the last, both included."""
        return self._before[_place(last) + 1] - self._before[_place(first)]

    def _nth(self, number: int) -> date:
        if 0 <= number < len(self._workdays):
            return date.fromordinal(self._workdays[number])
        raise Refused(OUT_OF_CALENDAR)

    def standing(self, day: date) -> Standing:
        """Say whether the office works on the day, why, and where that is written."""
        listed = self._by_day.get(day)
        works = self.works_on(day)
        if listed and listed.active:
            return Standing(works, _say_listed(listed), listed.basis, listed.verified)
        confirmed = day.year in self.confirmed_years
        reason = "Ngày làm việc" if works else "Nghỉ hằng tuần"
        if listed and listed.departs(self.weekend):
            return Standing(works, f"{reason}; {listed.name} chưa áp dụng", listed.basis, listed.verified)
        if not confirmed:
            reason = f"{reason}; lịch nghỉ năm {day.year} chưa được xác nhận"
        return Standing(works, reason, self.weekend.basis, self.weekend.verified and confirmed)

    def doubts(self, first: date, last: date) -> tuple[str, ...]:
        """Say what is not certain about the days from first to last: years to confirm, days to verify."""
        start, end = _place(first), _place(last)
        if self._doubtful_before[end + 1] == self._doubtful_before[start]:
            return ()
        lines = bisect_left(self._unsure, first, key=_day_of), bisect_right(self._unsure, last, key=_day_of)
        # A recount asks this for every deadline, and there are few different answers.
        question = (first.year, last.year, *lines)
        if question not in self._sentences:
            self._sentences[question] = tuple(self._say_doubts(*question))
        return self._sentences[question]

    def _say_doubts(self, first_year: int, last_year: int, first_line: int, last_line: int) -> list[str]:
        known = self.listed_years
        open_years = [year for year in range(first_year, last_year + 1) if year not in self.confirmed_years]
        runs = groupby(enumerate(open_years), key=lambda place: (place[1] - place[0], place[1] in known))
        return [
            *(_say_years([year for _, year in run], known=is_known) for (_, is_known), run in runs),
            *(_say_unsure(listed) for listed in self._unsure[first_line:last_line]),
        ]

    def changed(self, *days: ListedDay, version: int) -> "Calendar":
        """Return a calendar in which these lines stand in place of what was said of their days before.

        The days of a swap go together: one of them alone is refused.
        """
        given = {listed.day for listed in days}
        kept = (listed for listed in self.days if listed.day not in given)
        return replace(self, days=(*kept, *days), version=version)


def _place(day: date) -> int:
    place = day.toordinal() - _ORIGIN
    if 0 <= place < _LENGTH:
        return place
    raise Refused(OUT_OF_CALENDAR)


def _day_of(listed: ListedDay) -> date:
    return listed.day


def _say_listed(listed: ListedDay) -> str:
    if listed.kind is DayKind.OFF:
        make_up = f"; làm bù ngày {format_date(listed.swap_with)}" if listed.swap_with else ""
        return f"{listed.name}{make_up}"
    swapped = f"; thay cho ngày nghỉ {format_date(listed.swap_with)}" if listed.swap_with else ""
    return f"Ngày làm việc: {listed.name}{swapped}"


def _say_years(years: list[int], *, known: bool) -> str:
    named = f"năm {years[0]}" if len(years) == 1 else f"các năm {years[0]}–{years[-1]}"
    if known:
        return f"Lịch nghỉ {named} chưa được xác nhận nên kết quả là tạm tính; hãy đối chiếu với thông báo nghỉ lễ."
    return f"Chưa có lịch nghỉ {named} nên kết quả là tạm tính, mới trừ ngày nghỉ hằng tuần; hãy nhập các ngày nghỉ lễ."


def _say_unsure(listed: ListedDay) -> str:
    works = (listed.kind is DayKind.WORK) is listed.active
    counted = DayKind.WORK.label if works else DayKind.OFF.label
    return (
        f"Ngày {format_date(listed.day)} ({listed.name}) chưa được kiểm chứng, đang tính là {counted},"
        " nên kết quả là tạm tính; hãy đối chiếu với văn bản."
    )
