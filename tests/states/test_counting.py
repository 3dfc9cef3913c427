"""Counting by hand: the examples of the domain notes, the words of the law, and what must always hold."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar_file import read_calendar_file
from states.counting import (
    Days,
    Due,
    MonthPart,
    Months,
    Roll,
    Term,
    Workdays,
    Years,
    add_days,
    add_months,
    add_workdays,
    add_years,
    day_of_month_part,
    due,
    due_before,
    due_by,
    time_left,
    workdays_between,
    workdays_left,
)
from states.refusal import Refused

CALENDAR = read_calendar_file()
DAYS = st.dates(date(2015, 1, 1), date(2031, 12, 31))
LENGTHS = st.integers(0, 900)
TERMS = st.one_of(
    LENGTHS.map(Workdays), LENGTHS.map(Days), st.integers(0, 60).map(Months), st.integers(0, 10).map(Years)
)


def certain(printed_on: date, rolled_on: date, safe_on: date) -> Due:
    return Due(printed_on, rolled_on, safe_on, provisional=False, warnings=())


# --- working days -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        (date(2026, 8, 21), 5, date(2026, 8, 27)),
        (date(2026, 2, 9), 10, date(2026, 3, 2)),
        (date(2025, 12, 31), 3, date(2026, 1, 7)),
        (date(2026, 1, 5), 5, date(2026, 1, 10)),
        (date(2026, 4, 23), 10, date(2026, 5, 12)),
    ],
)
def test_workdays_end_as_the_trap_examples_say(start: date, length: int, end: date) -> None:
    assert add_workdays(start, Workdays(length), CALENDAR) == end
    assert due(start, Workdays(length), CALENDAR) == certain(end, end, end)
    assert workdays_between(start, end, CALENDAR) == Workdays(length)


def test_switching_a_day_off_on_moves_a_deadline_that_spans_it_by_one_workday() -> None:
    listed = CALENDAR.listed(date(2026, 11, 24))
    assert listed is not None
    switched = CALENDAR.changed(replace(listed, active=True), version=2)

    spanning = [due(date(2026, 11, 20), Workdays(3), calendar) for calendar in (CALENDAR, switched)]
    before = [due(date(2026, 11, 16), Workdays(5), calendar) for calendar in (CALENDAR, switched)]

    assert [found.rolled_on for found in spanning] == [date(2026, 11, 25), date(2026, 11, 26)]
    assert [found.provisional for found in spanning] == [True, True]
    assert before == [certain(*[date(2026, 11, 23)] * 3)] * 2


def test_unknown_year_gives_a_provisional_date_and_names_the_year() -> None:
    found = due(date(2035, 3, 1), Workdays(2), CALENDAR)

    assert found == Due(
        date(2035, 3, 5),
        date(2035, 3, 5),
        date(2035, 3, 5),
        provisional=True,
        warnings=(
            "Chưa có lịch nghỉ năm 2035 nên kết quả là tạm tính, mới trừ ngày nghỉ hằng tuần;"
            " hãy nhập các ngày nghỉ lễ.",
        ),
    )


def test_unconfirmed_year_matters_only_to_what_leans_on_it() -> None:
    inside = due(date(2026, 12, 28), Workdays(3), CALENDAR)
    across = due(date(2026, 12, 28), Workdays(4), CALENDAR)
    over_it = due(date(2024, 6, 1), Months(14), CALENDAR)

    assert inside == certain(*[date(2026, 12, 31)] * 3)
    assert (across.printed_on, across.provisional) == (date(2027, 1, 4), True)
    assert across.warnings == (
        "Lịch nghỉ năm 2027 chưa được xác nhận nên kết quả là tạm tính; hãy đối chiếu với thông báo nghỉ lễ.",
    )
    assert over_it == certain(*[date(2025, 8, 1)] * 3)


def test_start_in_an_unconfirmed_year_does_not_make_a_date_provisional() -> None:
    assert due(date(2024, 12, 31), Workdays(1), CALENDAR) == certain(*[date(2025, 1, 2)] * 3)
    assert due(date(2024, 12, 30), Workdays(1), CALENDAR).provisional is True


def test_roll_into_an_unconfirmed_year_makes_a_date_provisional() -> None:
    # 31/12/2022 is a Saturday and 01/01/2023 a Sunday.
    only_2022, only_2023 = (replace(CALENDAR, confirmed_years=frozenset({year})) for year in (2022, 2023))
    last, first = date(2022, 12, 31), date(2023, 1, 1)

    assert [due_by(last, only_2022, roll=roll).provisional for roll in Roll] == [True, False, False]
    assert [due_by(first, only_2023, roll=roll).provisional for roll in Roll] == [True, True, True]
    assert due_by(first, only_2023).warnings == (
        "Lịch nghỉ năm 2022 chưa được xác nhận nên kết quả là tạm tính; hãy đối chiếu với thông báo nghỉ lễ.",
    )


# --- days, months, years ------------------------------------------------------------------------------


def test_first_day_is_not_counted() -> None:
    assert due(date(2026, 3, 2), Days(1), CALENDAR) == certain(*[date(2026, 3, 3)] * 3)
    assert due(date(2026, 3, 2), Workdays(1), CALENDAR) == certain(*[date(2026, 3, 3)] * 3)
    assert due(date(2026, 3, 2), Days(0), CALENDAR) == certain(*[date(2026, 3, 2)] * 3)


@pytest.mark.parametrize(
    ("roll", "rolled_on"),
    [(Roll.FORWARD, date(2026, 2, 23)), (Roll.SAFE, date(2026, 2, 13)), (Roll.NONE, date(2026, 2, 18))],
)
def test_deadline_within_tet_shows_printed_rolled_and_safe_day(roll: Roll, rolled_on: date) -> None:
    assert due(date(2026, 2, 3), Days(15), CALENDAR, roll=roll) == certain(
        date(2026, 2, 18), rolled_on, date(2026, 2, 13)
    )


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        (date(2026, 1, 31), Months(1), date(2026, 2, 28)),
        (date(2024, 1, 31), Months(1), date(2024, 2, 29)),
        (date(2026, 1, 31), Months(2), date(2026, 3, 31)),
        (date(2026, 1, 31), Months(3), date(2026, 4, 30)),
        (date(2026, 2, 28), Months(1), date(2026, 3, 28)),
        (date(2025, 12, 15), Months(1), date(2026, 1, 15)),
        (date(2026, 3, 31), Months(-1), date(2026, 2, 28)),
        (date(2026, 1, 15), Months(-1), date(2025, 12, 15)),
    ],
)
def test_month_ends_on_the_same_day_number_or_the_last_of_the_month(start: date, term: Months, end: date) -> None:
    assert add_months(start, term) == end


def test_thirty_days_are_not_a_month() -> None:
    assert add_days(date(2026, 1, 31), Days(30)) == date(2026, 3, 2)
    assert add_months(date(2026, 1, 31), Months(1)) == date(2026, 2, 28)


def test_year_ends_on_the_same_date_and_a_leap_day_on_the_28th() -> None:
    assert add_years(date(2025, 6, 20), Years(1)) == date(2026, 6, 20)
    assert add_years(date(2024, 2, 29), Years(1)) == date(2025, 2, 28)
    assert add_years(date(2024, 2, 29), Years(4)) == date(2028, 2, 29)


# --- dates that are printed ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "found"),
    [
        # 20/6/2025 is a Friday; 20/6/2026 a Saturday; 22/6/2026 a Monday after a weekend.
        (date(2025, 6, 20), certain(*[date(2025, 6, 19)] * 3)),
        (date(2026, 6, 20), certain(*[date(2026, 6, 19)] * 3)),
        (date(2026, 6, 22), certain(date(2026, 6, 21), date(2026, 6, 19), date(2026, 6, 19))),
        # The Saturday before is worked.
        (date(2026, 8, 23), certain(*[date(2026, 8, 22)] * 3)),
    ],
)
def test_before_a_day_excludes_the_day(day: date, found: Due) -> None:
    assert due_before(day, CALENDAR) == found


def test_before_a_day_never_rolls_onto_it() -> None:
    with pytest.raises(Refused) as refused:
        due_before(date(2026, 6, 22), CALENDAR, roll=Roll.FORWARD)

    assert refused.value.reasons == (
        "Hạn “trước ngày 22/06/2026” không được chuyển sang ngày làm việc tiếp theo; hãy chọn cách"
        " “safe” (lấy ngày làm việc liền trước) hoặc “none” (giữ nguyên ngày).",
    )
    assert due_before(date(2026, 6, 22), CALENDAR, roll=Roll.NONE).rolled_on == date(2026, 6, 21)


def test_by_a_day_includes_the_day() -> None:
    saturday, sunday, friday, monday = (date(2026, *day) for day in ((1, 31), (2, 1), (1, 30), (2, 2)))

    assert due_by(date(2026, 1, 22), CALENDAR) == certain(*[date(2026, 1, 22)] * 3)
    assert due_by(saturday, CALENDAR) == certain(saturday, saturday, friday)
    assert due_by(sunday, CALENDAR, roll=Roll.FORWARD) == certain(sunday, monday, friday)


# --- what is left -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "due_on", "left", "words"),
    [
        (date(2026, 8, 21), date(2026, 8, 25), 3, "Còn 3 ngày làm việc"),
        (date(2026, 8, 24), date(2026, 8, 25), 1, "Còn 1 ngày làm việc"),
        (date(2026, 8, 22), date(2026, 8, 24), 1, "Còn 1 ngày làm việc"),
        (date(2026, 8, 25), date(2026, 8, 25), 0, "Hết hạn hôm nay"),
        (date(2026, 1, 31), date(2026, 1, 31), 0, "Hết hạn hôm nay"),
        (date(2026, 8, 27), date(2026, 8, 25), -2, "Quá hạn 2 ngày làm việc"),
        (date(2026, 8, 24), date(2026, 8, 21), -2, "Quá hạn 2 ngày làm việc"),
        (date(2026, 9, 3), date(2026, 8, 28), -1, "Quá hạn 1 ngày làm việc"),
        (date(2026, 8, 30), date(2026, 8, 28), 0, "Quá hạn từ ngày 29/08/2026"),
        (date(2026, 1, 30), date(2026, 1, 31), 0, "Hôm nay là ngày làm việc cuối cùng trước hạn 31/01/2026"),
        (date(2026, 1, 31), date(2026, 2, 1), 0, "Không còn ngày làm việc nào trước hạn 01/02/2026"),
    ],
)
def test_time_left_is_said_in_working_days(today: date, due_on: date, left: int, words: str) -> None:
    assert workdays_left(today, due_on, CALENDAR) == Workdays(left)
    assert time_left(today, due_on, CALENDAR) == words


# --- units do not mix ---------------------------------------------------------------------------------


def test_units_add_and_compare_only_with_their_own_kind() -> None:
    # Each of these marks is itself checked: strict mypy reports one that hides no error.
    with pytest.raises(TypeError):
        Workdays(3) + Days(2)  # type: ignore[operator]
    with pytest.raises(TypeError):
        Workdays(3) - 2  # type: ignore[operator]
    with pytest.raises(TypeError):
        Months(1) < Days(31)  # type: ignore[operator]  # noqa: B015
    with pytest.raises(TypeError):
        Years(1) <= Months(12)  # type: ignore[operator]  # noqa: B015
    with pytest.raises(TypeError):
        date(2026, 1, 1) + Workdays(3)  # type: ignore[operator]
    with pytest.raises(TypeError):
        add_workdays(date(2026, 1, 1), Workdays(3))  # type: ignore[call-arg]

    assert Workdays(3) + Workdays(2) == Workdays(5)
    assert Days(3) - Days(5) == -Days(2)
    assert (Days(2) < Days(3), Days(3) <= Days(2), Days(3) > Days(2)) == (True, False, True)
    assert len({Workdays(3), Days(3), Months(3), Years(3)}) == 4


def test_units_are_said_in_words() -> None:
    assert [str(term) for term in (Workdays(3), Days(15), Months(1_200), Years(-1))] == [
        "3 ngày làm việc",
        "15 ngày",
        "1.200 tháng",
        "-1 năm",
    ]


@pytest.mark.parametrize("term", [Workdays(-1), Days(-1), Months(-1), Years(-1)])
def test_negative_term_is_refused(term: Term) -> None:
    with pytest.raises(Refused) as refused:
        due(date(2026, 3, 2), term, CALENDAR)

    assert refused.value.reasons == (f"Thời hạn {term} là số âm; hãy ghi độ dài từ 0 trở lên.",)


@pytest.mark.parametrize("term", [Workdays(10**7), Days(10**12), Months(10**6), Years(10**6)])
def test_term_beyond_the_calendar_is_refused(term: Term) -> None:
    with pytest.raises(Refused, match="nằm ngoài lịch"):
        due(date(2026, 3, 2), term, CALENDAR)


# --- what always holds --------------------------------------------------------------------------------


@given(DAYS, LENGTHS)
def test_counting_returns_what_was_added(start: date, length: int) -> None:
    later = add_workdays(start, Workdays(length), CALENDAR)
    earlier = add_workdays(start, Workdays(-length), CALENDAR)

    assert workdays_between(start, later, CALENDAR) == Workdays(length)
    assert workdays_between(start, earlier, CALENDAR) == Workdays(-length)
    assert (later >= start >= earlier) is True


@given(DAYS, LENGTHS, LENGTHS)
def test_workdays_add_up(start: date, first: int, second: int) -> None:
    stop = add_workdays(start, Workdays(first), CALENDAR)

    assert add_workdays(stop, Workdays(second), CALENDAR) == add_workdays(start, Workdays(first + second), CALENDAR)


@given(DAYS, TERMS)
def test_three_dates_of_a_deadline_stand_in_order(start: date, term: Term) -> None:
    forward, safe, none = (due(start, term, CALENDAR, roll=roll) for roll in (Roll.FORWARD, Roll.SAFE, Roll.NONE))

    assert start <= forward.printed_on <= forward.rolled_on
    assert safe.safe_on == safe.rolled_on <= safe.printed_on == none.rolled_on
    assert {forward.printed_on, safe.printed_on, none.printed_on} == {none.printed_on}
    assert CALENDAR.works_on(forward.rolled_on)
    assert CALENDAR.works_on(safe.rolled_on)
    assert workdays_between(forward.safe_on, forward.rolled_on, CALENDAR).count in (0, 1)


@given(DAYS, TERMS)
def test_provisional_is_said_with_a_warning_and_only_then(start: date, term: Term) -> None:
    found = due(start, term, CALENDAR)

    assert found.provisional is (found.warnings != ())


@given(DAYS)
def test_nothing_added_is_the_day_itself(day: date) -> None:
    assert {
        add_workdays(day, Workdays(0), CALENDAR),
        add_days(day, Days(0)),
        add_months(day, Months(0)),
        add_years(day, Years(0)),
    } == {day}


@given(DAYS, st.integers(0, 240))
def test_month_ends_hold_for_every_day(start: date, months: int) -> None:
    end = add_months(start, Months(months))

    is_last_of_month = (end + timedelta(days=1)).day == 1
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end.day < start.day and is_last_of_month)


@given(DAYS)
def test_before_is_one_day_earlier_than_by(day: date) -> None:
    assert due_before(day, CALENDAR) == due_by(day - timedelta(days=1), CALENDAR, roll=Roll.SAFE)


@pytest.mark.parametrize(
    ("year", "month", "part", "day"),
    [
        (2026, 2, MonthPart.START, date(2026, 2, 1)),
        (2026, 2, MonthPart.MIDDLE, date(2026, 2, 15)),
        (2026, 2, MonthPart.END, date(2026, 2, 28)),
        (2028, 2, MonthPart.END, date(2028, 2, 29)),
        (2026, 12, MonthPart.END, date(2026, 12, 31)),
    ],
)
def test_part_of_a_month_is_the_day_that_the_code_names(year: int, month: int, part: MonthPart, day: date) -> None:
    assert day_of_month_part(year, month, part) == day
