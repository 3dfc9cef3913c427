"""Forecasting: figures worked out by hand, the choice between method and straight line, and what must always hold."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states.forecasting import METHOD, Forecast, Outlook, Pursued, Verdict, forecast, one_decimal
from states.pace import Counted, Waiting, same_day
from states.refusal import Refused

#: The middle of a leap year: 183 of 366 days are over, and 913 of the 1826 days of 2022-2026.
MIDYEAR = date(2024, 7, 1)
ACCEPTED = (
    Counted(date(2022, 3, 1), 2),
    Counted(date(2022, 11, 1), 4),
    Counted(date(2023, 7, 1), 1),
    Counted(date(2023, 7, 2), 7),
    Counted(date(2024, 5, 15), 3),
)
MACHINERY = Pursued(
    code="T2_2",
    name="cơ sở ứng dụng máy móc",
    unit="cơ sở",
    goal=40,
    accepted=ACCEPTED,
    waiting=(Waiting(2023, 1, 0), Waiting(2024, 3, 4), Waiting(2025, 0, 4)),
    closed=(Waiting(2023, 8, 0), Waiting(2022, 2, 4)),
)
#: As much in the second half of a year as in the first, whatever waits.
STEADY = replace(
    MACHINERY,
    goal=30,
    accepted=tuple(
        Counted(date(year, month, 1), 3) for year, month in ((2022, 3), (2022, 9), (2023, 3), (2023, 9), (2024, 3))
    ),
    closed=(Waiting(2022, 0, 0), Waiting(2023, 20, 0)),
)


def made(target: Pursued, as_of: date = MIDYEAR, last_year: int = 2026) -> Forecast:
    return forecast([target], first_year=2022, last_year=last_year, as_of=as_of)


def outlook(target: Pursued, as_of: date = MIDYEAR, last_year: int = 2026) -> Outlook:
    [found] = made(target, as_of, last_year).outlooks
    return found


def said(target: Pursued, as_of: date = MIDYEAR, last_year: int = 2026) -> tuple[str, ...]:
    on = made(target, as_of, last_year)
    return on.sentences(on.outlooks[0])


# --- worked out by hand -------------------------------------------------------------------------------


def test_rate_is_what_the_closed_years_took_up_with_two_more_taken_up_evenly() -> None:
    found = outlook(MACHINERY)

    # 4 of 6 and 7 of 8 were accepted after 01/07, and half of the year is left: (4 + 7 + 2 × 1/2) / (6 + 8 + 2).
    assert found.rate == Fraction(12, 16)
    assert (found.accepted, found.approved, found.planned, found.usual) == (17, 4, 4, Fraction(7))


def test_total_is_accepted_plus_what_waits_at_the_rate_plus_usual_years() -> None:
    found = outlook(MACHINERY)

    # 17 + 8 × 3/4 for this year, 7 for 2025 (what waits for it gives only 4 × 3/4) and 7 for 2026.
    assert (found.by_method, found.expected) == (Fraction(37), 37)
    # 17 in half of the days.
    assert found.by_naive == 34


def test_year_that_has_more_planned_than_usual_counts_what_is_planned() -> None:
    much = replace(MACHINERY, waiting=(*MACHINERY.waiting, Waiting(2025, 8, 0)))

    # 12 × 3/4 = 9 instead of 7.
    assert outlook(much).by_method == 39


def test_back_test_foretells_each_closed_year_from_the_other_one() -> None:
    tested = outlook(MACHINERY).back_test

    first, second = tested.trials
    assert (first.year, first.result, second.year, second.result) == (2022, 6, 2023, 8)
    # 2022 with the rate of 2023, (7 + 1) / (8 + 2); 2023 with that of 2022, (4 + 1) / (6 + 2).
    assert (first.by_method, second.by_method) == (2 + 6 * Fraction(4, 5), 1 + 8 * Fraction(5, 8))
    # 2 in 182 days drawn to 365; 7 in 547 days drawn to 730, less the 6 of the year before.
    assert (first.by_naive, second.by_naive) == (Fraction(2 * 365, 182), Fraction(7 * 730, 547) - 6)
    assert tested.method_error == (Fraction(4, 5) + 2) / 2
    assert tested.naive_error == (Fraction(181, 91) + Fraction(2548, 547)) / 2


def test_band_is_the_worst_error_of_this_year_and_of_every_year_after() -> None:
    found = outlook(MACHINERY)

    # 2 within the year; 2022 and 2023 guessed from each other miss by 2, for 2025 and 2026.
    assert (found.low, found.high) == (37 - 6, 37 + 6)


@pytest.mark.parametrize(
    ("goal", "verdict", "missing", "still_needed", "per_year"),
    [
        (None, Verdict.NO_GOAL, None, None, None),
        (0, Verdict.REACHED, 0, 0, 0),
        (17, Verdict.REACHED, 0, 0, 0),
        (31, Verdict.REACHED, 0, 14, 5),
        (32, Verdict.AT_RISK, 0, 15, 5),
        (33, Verdict.AT_RISK, 0, 16, 6),
        (43, Verdict.AT_RISK, 6, 26, 9),
        (44, Verdict.MISSED, 7, 27, 9),
    ],
)
def test_verdict_says_what_is_missing_and_how_many_a_year_it_takes(
    goal: int | None, verdict: Verdict, missing: int | None, still_needed: int | None, per_year: int | None
) -> None:
    found = outlook(replace(MACHINERY, goal=goal))

    assert (found.verdict, found.missing, found.still_needed, found.per_year) == (
        verdict,
        missing,
        still_needed,
        per_year,
    )


BACK_TEST = "Kiểm lại 2 năm (2022, 2023): mỗi năm phương pháp sai bình quân 1,4 cơ sở, nhịp bình quân sai 3,3 cơ sở."


@pytest.mark.parametrize(
    ("goal", "sentence"),
    [
        (None, "Không đặt chỉ tiêu số lượng: dự kiến 37 cơ sở đến 31/12/2026 (từ 31 đến 43)."),
        (17, "Đã đạt: nghiệm thu 17 cơ sở, chỉ tiêu 17."),
        (31, "Đạt: dự kiến 37 cơ sở đến 31/12/2026 (từ 31 đến 43), chỉ tiêu 31."),
        (
            36,
            "Có nguy cơ không đạt: dự kiến 37 cơ sở đến 31/12/2026 (từ 31 đến 43), chỉ tiêu 36; còn phải nghiệm thu 19,"
            " mỗi năm 7 trong 3 năm 2024–2026.",
        ),
        (
            50,
            "Sẽ không đạt: dự kiến 37 cơ sở đến 31/12/2026 (từ 31 đến 43), chỉ tiêu 50, thiếu 13; còn phải nghiệm thu"
            " 33, mỗi năm 11 trong 3 năm 2024–2026.",
        ),
    ],
)
def test_verdict_and_both_errors_are_said_in_words(goal: int | None, sentence: str) -> None:
    assert said(replace(MACHINERY, goal=goal)) == (sentence, BACK_TEST)


def test_last_year_of_a_programme_is_named_alone() -> None:
    [verdict, _] = said(MACHINERY, last_year=2024)

    assert verdict == (
        "Sẽ không đạt: dự kiến 23 cơ sở đến 31/12/2024 (từ 21 đến 25), chỉ tiêu 40, thiếu 17; còn phải nghiệm thu 23,"
        " trong năm 2024."
    )


def test_expected_and_low_are_rounded_down_and_high_up() -> None:
    one_less = replace(MACHINERY, waiting=(Waiting(2024, 7, 0),))

    found = outlook(one_less, last_year=2024)

    # 17 + 7 × 3/4 = 22,25, give or take 2.
    assert (found.by_method, found.expected, found.low, found.high) == (Fraction(89, 4), 22, 20, 25)


# --- method or straight line --------------------------------------------------------------------------


def test_straight_line_is_used_and_said_where_it_did_better() -> None:
    found = outlook(STEADY)

    # 2022: 3 and nothing waiting, 3 too few. 2023: 3 and half of 20, 7 too many.
    assert found.back_test.method_error == 5
    assert found.back_test.naive_error == (Fraction(3 * 365, 182) - 6 + Fraction(9 * 730, 547) - 12) / 2
    assert (found.uses_naive, found.by_naive, found.expected) == (True, Fraction(30), 30)
    # Off by 3/182 in the worst year, three times: less than one whole thing to either side.
    assert (found.low, found.high, found.verdict) == (29, 31, Verdict.AT_RISK)
    assert said(STEADY)[1:] == (
        "Kiểm lại 2 năm (2022, 2023): mỗi năm phương pháp sai bình quân 5 cơ sở, nhịp bình quân sai 0 cơ sở.",
        "Khi kiểm lại, phương pháp sai nhiều hơn nhịp bình quân nên số dự kiến lấy theo nhịp bình quân.",
    )


def test_method_is_used_where_both_are_equally_wrong() -> None:
    nothing = replace(STEADY, accepted=(), closed=(Waiting(2022, 0, 0), Waiting(2023, 0, 0)))

    found = outlook(nothing)

    assert (found.back_test.method_error, found.back_test.naive_error, found.uses_naive) == (
        Fraction(),
        Fraction(),
        False,
    )


def test_forecast_carries_its_method_in_words_and_keeps_the_order_of_the_targets() -> None:
    on = forecast([STEADY, replace(MACHINERY, code="T1_1")], first_year=2022, last_year=2026, as_of=MIDYEAR)

    assert [found.target.code for found in on.outlooks] == ["T2_2", "T1_1"]
    assert on.method == METHOD
    assert all(sentence.endswith(".") for sentence in METHOD)


# --- days ---------------------------------------------------------------------------------------------


def test_what_was_accepted_later_or_outside_the_programme_does_not_count() -> None:
    outside = (Counted(date(2021, 12, 31), 50), Counted(date(2024, 7, 2), 50), Counted(date(2027, 1, 1), 50))

    found = outlook(replace(MACHINERY, accepted=(*ACCEPTED, *outside)))

    assert (found.accepted, found.by_method, found.by_naive) == (17, Fraction(37), Fraction(34))


def test_correction_takes_back_what_was_accepted() -> None:
    corrected = replace(MACHINERY, accepted=(*ACCEPTED, Counted(date(2024, 6, 1), -2)))

    assert (outlook(corrected).accepted, outlook(corrected).by_method) == (15, Fraction(35))


@pytest.mark.parametrize(
    ("as_of", "year", "day"),
    [
        (date(2024, 2, 29), 2023, date(2023, 2, 28)),
        (date(2024, 2, 29), 2020, date(2020, 2, 29)),
        (date(2023, 2, 28), 2020, date(2020, 2, 28)),
        (date(2024, 12, 31), 2023, date(2023, 12, 31)),
    ],
)
def test_same_day_of_another_year_knows_leap_years(as_of: date, year: int, day: date) -> None:
    assert same_day(as_of, year) == day


def test_29_february_compares_with_28_february_of_common_years() -> None:
    accepted = (Counted(date(2022, 2, 28), 2), Counted(date(2022, 3, 1), 4), Counted(date(2023, 3, 1), 3))
    leap = replace(MACHINERY, accepted=accepted, closed=(Waiting(2022, 5, 0), Waiting(2023, 5, 0)))

    found = outlook(leap, as_of=date(2024, 2, 29))

    # 4 and 3 of 5 came after; 306 of 366 days are left.
    assert found.rate == (4 + 3 + 2 * Fraction(306, 366)) / (5 + 5 + 2)


def test_on_the_last_day_of_a_year_nothing_more_comes_of_it() -> None:
    found = outlook(MACHINERY, as_of=date(2024, 12, 31))

    assert (found.rate, found.by_method) == (Fraction(), Fraction(17 + 7 + 7))


def test_more_than_waited_never_makes_a_rate_above_one() -> None:
    late_comers = replace(MACHINERY, closed=(Waiting(2022, 1, 0), Waiting(2023, 1, 0)))

    # 4 and 7 were accepted where 1 and 1 waited: (1 + 1 + 1) / (1 + 1 + 2).
    assert outlook(late_comers).rate == Fraction(3, 4)


@pytest.mark.parametrize(("goal", "verdict"), [(17, Verdict.REACHED), (18, Verdict.MISSED)])
def test_after_the_end_only_what_was_accepted_counts(goal: int, verdict: Verdict) -> None:
    over = replace(MACHINERY, goal=goal, accepted=(*ACCEPTED, Counted(date(2025, 1, 5), 9)))

    found = outlook(over, as_of=date(2025, 3, 1), last_year=2024)

    assert (found.accepted, found.expected, found.low, found.high) == (17, 17, 17, 17)
    assert found.by_method == found.by_naive == 17
    assert (found.verdict, found.per_year, found.uses_naive) == (verdict, None, False)
    assert said(over, as_of=date(2025, 3, 1), last_year=2024) == (
        ("Đã đạt: nghiệm thu 17 cơ sở, chỉ tiêu 17.",)
        if goal == 17
        else ("Sẽ không đạt: đến 31/12/2024 đã nghiệm thu 17 cơ sở, chỉ tiêu 18, thiếu 1.",)
    )


# --- refusals -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closed", "as_of", "begins"),
    [
        ((), date(2022, 3, 1), "Chưa có năm nào khép lại"),
        ((Waiting(2022, 2, 4),), date(2023, 3, 1), "Mới có một năm đã khép lại (2022)"),
    ],
)
def test_fewer_than_two_closed_years_are_refused_once_for_all_targets(
    closed: tuple[Waiting, ...], as_of: date, begins: str
) -> None:
    short = replace(MACHINERY, closed=closed)

    with pytest.raises(Refused) as refused:
        forecast([short, replace(short, code="T1_1")], first_year=2022, last_year=2026, as_of=as_of)

    assert refused.value.reasons == (
        f"{begins} nên không kiểm lại được dự báo; hãy dự báo khi đã có ít nhất 2 năm, hoặc nhập số liệu các năm trước"
        " của chương trình.",
    )


def test_day_before_the_programme_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        made(replace(MACHINERY, closed=()), as_of=date(2021, 12, 31))

    assert refused.value.reasons == (
        "Chương trình bắt đầu từ năm 2022, chưa dự báo được tại ngày 31/12/2021; hãy dự báo từ năm 2024.",
    )


@pytest.mark.parametrize("year", [2021, 2022, 2024, 2025])
def test_closed_year_that_is_not_one_is_an_error(year: int) -> None:
    strange = replace(MACHINERY, closed=(*MACHINERY.closed, Waiting(year, 0, 0)))

    with pytest.raises(ValueError, match="closed years of T2_2"):
        made(strange)


def test_nothing_negative_can_wait() -> None:
    with pytest.raises(ValueError, match="negative"):
        Waiting(2024, 1, -1)


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        (Fraction(0), "0"),
        (Fraction(1, 20), "0,1"),
        (Fraction(1, 21), "0"),
        (Fraction(7, 5), "1,4"),
        (Fraction(199, 100), "2"),
        (Fraction(12345, 10), "1.234,5"),
    ],
)
def test_fraction_is_printed_with_one_decimal_and_halves_go_up(number: Fraction, printed: str) -> None:
    assert one_decimal(number) == printed


# --- what must always hold ----------------------------------------------------------------------------

SMALL = st.integers(0, 30)
STARTS, ENDS = 2021, 2026


@st.composite
def situations(draw: st.DrawFn) -> tuple[Pursued, date]:
    as_of = draw(st.dates(date(STARTS + 2, 1, 1), date(ENDS + 1, 12, 31)))
    days = st.dates(date(STARTS, 1, 1), date(ENDS + 1, 12, 31))
    target = Pursued(
        code="T",
        name="mô hình",
        unit="mô hình",
        goal=draw(st.none() | SMALL),
        accepted=tuple(draw(st.lists(st.builds(Counted, days, SMALL), max_size=8))),
        waiting=tuple(draw(st.lists(st.builds(Waiting, st.integers(STARTS, ENDS + 1), SMALL, SMALL), max_size=4))),
        closed=tuple(Waiting(year, draw(SMALL), draw(SMALL)) for year in range(STARTS, min(as_of.year, ENDS + 1))),
    )
    return target, as_of


def seen(target: Pursued, as_of: date) -> Outlook:
    [found] = forecast([target], first_year=STARTS, last_year=ENDS, as_of=as_of).outlooks
    return found


@settings(max_examples=150)
@given(situations())
def test_forecast_is_never_below_what_is_accepted_and_lies_in_its_band(situation: tuple[Pursued, date]) -> None:
    found = seen(*situation)

    assert found.accepted <= found.low <= found.expected <= found.high
    assert found.accepted <= found.by_method
    assert found.accepted <= found.by_naive
    assert 0 <= found.rate <= 1


@settings(max_examples=150)
@given(situations(), st.builds(Waiting, st.integers(STARTS, ENDS), SMALL, SMALL))
def test_more_waiting_never_makes_less(situation: tuple[Pursued, date], more: Waiting) -> None:
    target, as_of = situation
    order = [Verdict.MISSED, Verdict.AT_RISK, Verdict.REACHED]

    before, after = seen(target, as_of), seen(replace(target, waiting=(*target.waiting, more)), as_of)

    assert before.by_method <= after.by_method <= before.by_method + more.quantity
    assert before.expected <= after.expected
    assert before.low <= after.low
    assert before.high <= after.high
    if target.goal is not None:
        assert order.index(before.verdict) <= order.index(after.verdict)


@settings(max_examples=100)
@given(situations(), st.integers(1, 9))
def test_what_lies_after_the_day_changes_nothing(situation: tuple[Pursued, date], quantity: int) -> None:
    target, as_of = situation
    known = tuple(counted for counted in target.accepted if counted.on <= as_of)
    later = Counted(date(as_of.year + 1, 1, 1), quantity)

    assert (
        seen(replace(target, accepted=(*known, later)), as_of).expected
        == seen(replace(target, accepted=known), as_of).expected
    )


@settings(max_examples=100)
@given(situations())
def test_the_better_one_of_the_back_test_is_the_one_that_is_used(situation: tuple[Pursued, date]) -> None:
    found = seen(*situation)

    errors = found.back_test.method_error, found.back_test.naive_error
    used = found.by_naive if found.uses_naive else found.by_method
    assert found.expected == used // 1
    assert found.uses_naive is (errors[1] < errors[0] and found.years_left > 0)
