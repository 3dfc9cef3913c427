"""Which targets will be missed at today's pace: a simple method, tried on the closed years, beside the naive one.

Quantities are whole things. Everything is counted exactly in fractions and rounded once, at the end: what is expected
and its low end down (half a model is no model), the high end up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil, floor

from states.pace import (
    PRIOR_WEIGHT,
    BackTest,
    ClosedYear,
    Counted,
    Span,
    Waiting,
    back_test,
    closed_year,
    rate,
    usual,
    within,
    worst_of_median,
)
from states.refusal import Refused
from states.vocabulary import Labelled
from states.words import format_date, format_number

#: With one closed year nothing could be tried on another one.
LEAST_CLOSED_YEARS = 2

METHOD = (
    "Dự kiến đến hết giai đoạn = số đã nghiệm thu + số đang có của năm nay và các năm trước × tỷ lệ hoàn thành + kết"
    " quả trung vị của các năm đã khép lại cho mỗi năm sau (hoặc số đã xếp cho năm đó × tỷ lệ hoàn thành nếu lớn hơn).",
    "Tỷ lệ hoàn thành: trong số đang có vào cùng ngày của các năm đã khép lại, phần được nghiệm thu đến 31/12 năm đó;"
    f" làm trơn bằng {PRIOR_WEIGHT} đơn vị hoàn thành đều theo thời gian còn lại của năm.",
    "Nhịp bình quân: số đã nghiệm thu chia cho số ngày đã qua của giai đoạn, kéo thẳng đến hết giai đoạn.",
    "Kiểm lại: đứng ở cùng ngày của từng năm đã khép lại, dự báo kết quả năm đó theo các năm khép lại khác, rồi so với"
    " kết quả thật. Cách nào sai ít hơn thì dùng; khoảng thấp – cao lấy theo sai số lớn nhất của cách được dùng.",
)


class Verdict(Labelled):
    """What becomes of a target: the low end reaches it, only the high end does, or not even that."""

    REACHED = "reached", "Đạt"
    AT_RISK = "at_risk", "Có nguy cơ không đạt"
    MISSED = "missed", "Sẽ không đạt"
    NO_GOAL = "no_goal", "Không đặt chỉ tiêu số lượng"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pursued:
    """A target with what is known of it.

    `goal` is the number, the least of a range, or None. `accepted` is everything accepted in the programme.
    `waiting` is what stands open on the day of the forecast, by plan year. `closed` has a line for each closed
    year: what stood open on the same day of it, left over from earlier years included.
    """

    code: str
    name: str
    unit: str
    goal: int | None
    accepted: tuple[Counted, ...]
    waiting: tuple[Waiting, ...] = ()
    closed: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is expected of one target by the end of the programme.

    `approved` and `planned` stand open for this year, earlier years included. `rate` is the share of them that
    should be accepted this year, `usual` what a year comes to. `by_method` and `by_naive` are totals before
    rounding; `expected` is the one that the back-test prefers, from `low` to `high`.
    """

    target: Pursued
    accepted: int
    approved: int
    planned: int
    rate: Fraction
    usual: Fraction
    by_method: Fraction
    by_naive: Fraction
    back_test: BackTest
    uses_naive: bool
    expected: int
    low: int
    high: int
    years_left: int

    @property
    def verdict(self) -> Verdict:
        goal = self.target.goal
        if goal is None:
            return Verdict.NO_GOAL
        if self.low >= goal:
            return Verdict.REACHED
        return Verdict.AT_RISK if self.high >= goal else Verdict.MISSED

    @property
    def missing(self) -> int | None:
        """The goal less what is expected; None without a goal."""
        return None if self.target.goal is None else max(0, self.target.goal - self.expected)

    @property
    def still_needed(self) -> int | None:
        """The goal less what is accepted; None without a goal."""
        return None if self.target.goal is None else max(0, self.target.goal - self.accepted)

    @property
    def per_year(self) -> int | None:
        """What is still needed for each year that is not over, rounded up; None without a goal or a year left."""
        if self.still_needed is None or not self.years_left:
            return None
        return -(-self.still_needed // self.years_left)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The outlook of every target on a day, in the order given, and the method in words."""

    as_of: date
    first_year: int
    last_year: int
    outlooks: tuple[Outlook, ...]
    method: tuple[str, ...] = METHOD

    def sentences(self, outlook: Outlook) -> tuple[str, ...]:
        """The verdict on a target, what the back-test found, and whether the naive rate was used instead."""
        verdict = _say_verdict(outlook, self)
        if not outlook.years_left:
            return (verdict,)
        naive = ("Khi kiểm lại, phương pháp sai nhiều hơn nhịp bình quân nên số dự kiến lấy theo nhịp bình quân.",)
        return (verdict, _say_back_test(outlook), *(naive if outlook.uses_naive else ()))


def forecast(targets: Iterable[Pursued], *, first_year: int, last_year: int, as_of: date) -> Forecast:
    """Forecast every target to 31/12 of the last year with what is known on the day `as_of`.

    Quantities accepted later, or outside the programme's years, do not count. Raises Refused before the programme
    and with fewer than two closed years; ValueError for a closed year that is not one of the programme's.
    """
    if as_of.year < first_year:
        raise Refused(
            f"Chương trình bắt đầu từ năm {first_year}, chưa dự báo được tại ngày {format_date(as_of)};"
            f" hãy dự báo từ năm {first_year + LEAST_CLOSED_YEARS}."
        )
    span, pursued = Span(first_year, last_year, as_of), tuple(targets)
    if reasons := dict.fromkeys(reason for target in pursued for reason in _too_few(target, span)):
        raise Refused(*reasons)
    return Forecast(as_of, first_year, last_year, tuple(_outlook(target, span) for target in pursued))


def one_decimal(number: Fraction) -> str:
    """Print a fraction that is not negative with at most one decimal, halves up: "2,5", "3"."""
    whole, tenth = divmod(floor(number * 10 + Fraction(1, 2)), 10)
    return f"{format_number(whole)},{tenth}" if tenth else format_number(whole)


def _too_few(target: Pursued, span: Span) -> tuple[str, ...]:
    years = sorted(stock.year for stock in target.closed)
    closed = range(span.first_year, min(span.as_of.year, span.last_year + 1))
    if len(set(years)) < len(years) or not set(years) <= set(closed):
        raise ValueError(f"closed years of {target.code} must be different ones of {closed}: {years}")
    if len(years) >= LEAST_CLOSED_YEARS:
        return ()
    known = f"Mới có một năm đã khép lại ({years[0]})" if years else "Chưa có năm nào khép lại"
    return (
        f"{known} nên không kiểm lại được dự báo; hãy dự báo khi đã có ít nhất {LEAST_CLOSED_YEARS} năm, hoặc nhập số"
        " liệu các năm trước của chương trình.",
    )


def _outlook(target: Pursued, span: Span) -> Outlook:
    years = [closed_year(stock, target.accepted, span) for stock in sorted(target.closed, key=lambda it: it.year)]
    accepted = within(target.accepted, span.first, min(span.as_of, span.last))
    by_method, by_naive = _to_the_end(target, years, accepted, span)
    tested = back_test(years, span)
    # After the end nothing is expected any more, so there is nothing to choose.
    uses_naive = tested.prefers_naive and span.years_left > 0
    total = by_naive if uses_naive else by_method
    spread = _spread(tested, years, span, naive=uses_naive)
    now = [stock for stock in target.waiting if stock.year <= span.as_of.year]
    return Outlook(
        target=target,
        accepted=accepted,
        approved=sum(stock.approved for stock in now),
        planned=sum(stock.planned for stock in now),
        rate=rate(years, span),
        usual=usual(years),
        by_method=by_method,
        by_naive=by_naive,
        back_test=tested,
        uses_naive=uses_naive,
        expected=floor(total),
        low=max(accepted, floor(total - spread)),
        high=ceil(total + spread),
        years_left=span.years_left,
    )


def _to_the_end(target: Pursued, years: Sequence[ClosedYear], accepted: int, span: Span) -> tuple[Fraction, Fraction]:
    """The total on the last day by the method, and by the straight line."""
    if not span.years_left:
        return Fraction(accepted), Fraction(accepted)
    learnt, in_a_year = rate(years, span), usual(years)
    this_year = sum(stock.quantity for stock in target.waiting if stock.year <= span.as_of.year)
    later = (
        max(in_a_year, learnt * sum(stock.quantity for stock in target.waiting if stock.year == year))
        for year in range(span.as_of.year + 1, span.last_year + 1)
    )
    by_method = accepted + learnt * this_year + sum(later, Fraction())
    return by_method, span.straight_line(accepted, span.as_of, span.last)


def _spread(tested: BackTest, years: Sequence[ClosedYear], span: Span, *, naive: bool) -> Fraction:
    """How far the total may be off: the worst error of the back-test, and the worst of a year for each year after."""
    if not span.years_left:
        return Fraction()
    if naive:
        return max(trial.naive_error for trial in tested.trials) * span.years_left
    this_year = max(trial.method_error for trial in tested.trials)
    return this_year + worst_of_median(years) * (span.years_left - 1)


def _say_verdict(outlook: Outlook, on: Forecast) -> str:
    target, label = outlook.target, outlook.verdict.label
    by_end = f"đến 31/12/{on.last_year}"
    expected = (
        f"{label}: dự kiến {format_number(outlook.expected)} {target.unit} {by_end}"
        f" (từ {format_number(outlook.low)} đến {format_number(outlook.high)})"
    )
    if not outlook.years_left:
        expected = f"{label}: {by_end} đã nghiệm thu {format_number(outlook.accepted)} {target.unit}"
    if target.goal is None:
        return f"{expected}."
    if outlook.accepted >= target.goal:
        return f"Đã đạt: nghiệm thu {format_number(outlook.accepted)} {target.unit}, chỉ tiêu {_goal(target)}."
    missing = f", thiếu {format_number(outlook.missing)}" if outlook.missing else ""
    said = f"{expected}, chỉ tiêu {_goal(target)}{missing}"
    if outlook.verdict is Verdict.REACHED or outlook.per_year is None:
        return f"{said}."
    return f"{said}; còn phải nghiệm thu {format_number(outlook.still_needed or 0)}, {_say_pace(outlook, on)}."


def _goal(target: Pursued) -> str:
    return format_number(target.goal or 0)


def _say_pace(outlook: Outlook, on: Forecast) -> str:
    if outlook.years_left == 1:
        return f"trong năm {on.last_year}"
    years = f"{outlook.years_left} năm {on.as_of.year}–{on.last_year}"
    return f"mỗi năm {format_number(outlook.per_year or 0)} trong {years}"


def _say_back_test(outlook: Outlook) -> str:
    tested, unit = outlook.back_test, outlook.target.unit
    years = ", ".join(str(trial.year) for trial in tested.trials)
    return (
        f"Kiểm lại {len(tested.trials)} năm ({years}): mỗi năm phương pháp sai bình quân"
        f" {one_decimal(tested.method_error)} {unit}, nhịp bình quân sai {one_decimal(tested.naive_error)} {unit}."
    )
