"""What the closed years of a programme teach about the pace of a target, and how well they would have foretold it.

The same day of every year is compared: in March little is accepted and much is planned, in December the other way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median

from states.counting import Years, add_years

#: The learnt rate starts as if this many things had been taken up evenly over what is left of the year.
PRIOR_WEIGHT = 2


@dataclass(frozen=True, slots=True)
class Counted:
    """A quantity accepted on a day; a correction may be negative."""

    on: date
    quantity: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What stood open for a plan year: approved and not accepted, and planned (submitted or cleared)."""

    year: int
    approved: int
    planned: int

    def __post_init__(self) -> None:
        if min(self.approved, self.planned) < 0:
            raise ValueError(f"nothing negative can wait: {self}")

    @property
    def quantity(self) -> int:
        return self.approved + self.planned


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a programme as seen from one of them."""

    first_year: int
    last_year: int
    as_of: date

    @property
    def first(self) -> date:
        return date(self.first_year, 1, 1)

    @property
    def last(self) -> date:
        return date(self.last_year, 12, 31)

    @property
    def years_left(self) -> int:
        """The years that are not over, this one included."""
        return max(0, self.last_year - self.as_of.year + 1)

    @property
    def rest_of_year(self) -> Fraction:
        """The share of this year's days that come after the day."""
        new_year, end = date(self.as_of.year, 1, 1), date(self.as_of.year, 12, 31)
        return Fraction((end - self.as_of).days, _days(new_year, end))

    def straight_line(self, accepted: int, as_of: date, until: date) -> Fraction:
        """The total on the last day if everything goes on as it did from the first day of the programme."""
        return Fraction(accepted * _days(self.first, until), _days(self.first, as_of))


@dataclass(frozen=True, slots=True)
class ClosedYear:
    """A year that is over, as it looked on the same day and as it ended. `before` was accepted in earlier years."""

    year: int
    day: date
    before: int
    by_day: int
    result: int
    waiting: int

    @property
    def taken_up(self) -> int:
        """How much of what waited counts as accepted by the end of the year: never more than waited."""
        return min(max(self.result - self.by_day, 0), self.waiting)


@dataclass(frozen=True, slots=True)
class Trial:
    """A closed year as it would have been forecast on the same day, and what it came to."""

    year: int
    result: int
    by_method: Fraction
    by_naive: Fraction

    @property
    def method_error(self) -> Fraction:
        return abs(self.by_method - self.result)

    @property
    def naive_error(self) -> Fraction:
        return abs(self.by_naive - self.result)


@dataclass(frozen=True, slots=True)
class BackTest:
    """The trials of a target. The errors are mean absolute ones, in units of the target for one year."""

    trials: tuple[Trial, ...]

    @property
    def method_error(self) -> Fraction:
        return sum((trial.method_error for trial in self.trials), Fraction()) / len(self.trials)

    @property
    def naive_error(self) -> Fraction:
        return sum((trial.naive_error for trial in self.trials), Fraction()) / len(self.trials)

    @property
    def prefers_naive(self) -> bool:
        return self.naive_error < self.method_error


def same_day(as_of: date, year: int) -> date:
    """The same day of another year; 29/02 is 28/02 in a common year."""
    return add_years(as_of, Years(year - as_of.year))


def closed_year(stock: Waiting, accepted: Sequence[Counted], span: Span) -> ClosedYear:
    """Look back at a closed year of which this stood open on the same day."""
    new_year, day = date(stock.year, 1, 1), same_day(span.as_of, stock.year)
    return ClosedYear(
        stock.year,
        day,
        before=within(accepted, span.first, date(stock.year - 1, 12, 31)),
        by_day=within(accepted, new_year, day),
        result=within(accepted, new_year, date(stock.year, 12, 31)),
        waiting=stock.quantity,
    )


def within(accepted: Sequence[Counted], first: date, last: date) -> int:
    """What was accepted from the first day to the last, both included."""
    return sum(counted.quantity for counted in accepted if first <= counted.on <= last)


def rate(years: Sequence[ClosedYear], span: Span) -> Fraction:
    """The share of what waits on this day of the year that is accepted by its end; between 0 and 1.

    A few closed years say little, so PRIOR_WEIGHT things are added, taken up evenly over the rest of the year: on
    31/12 nothing more can come, and early in the year nearly everything may.
    """
    taken_up = sum(year.taken_up for year in years) + PRIOR_WEIGHT * span.rest_of_year
    return Fraction(taken_up) / (sum(year.waiting for year in years) + PRIOR_WEIGHT)


def usual(years: Sequence[ClosedYear]) -> Fraction:
    """What a whole year comes to, half of the time at least; years of more corrections than results count as none."""
    return max(Fraction(), median(Fraction(year.result) for year in years))


def back_test(years: Sequence[ClosedYear], span: Span) -> BackTest:
    """Forecast each closed year from its same day, with what the other closed years teach and by the straight line."""
    return BackTest(tuple(_try(year, _others(years, year), span) for year in years))


def worst_of_median(years: Sequence[ClosedYear]) -> Fraction:
    """The largest miss when each closed year is guessed by the median of the others."""
    return max(abs(usual(_others(years, year)) - year.result) for year in years)


def _try(year: ClosedYear, others: Sequence[ClosedYear], span: Span) -> Trial:
    by_method = year.by_day + year.waiting * rate(others, span)
    line = span.straight_line(year.before + year.by_day, year.day, date(year.year, 12, 31))
    return Trial(year.year, year.result, by_method, by_naive=line - year.before)


def _others(years: Sequence[ClosedYear], tried: ClosedYear) -> list[ClosedYear]:
    return [year for year in years if year is not tried]


def _days(first: date, last: date) -> int:
    return (last - first).days + 1
