"""Reporting windows: the days of the decree, no gap between them, and the ways people type them."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from models.calendar_file import read_calendar_file
from states.periods import Period, PeriodKind, due_on, next_period, period, programme_period, read_period
from states.refusal import Refused

CALENDAR = read_calendar_file()
K = PeriodKind
NUMBERS = {K.MONTH: 12, K.QUARTER: 4, K.HALF_YEAR: 2, K.YEAR: 1}


@pytest.mark.parametrize(
    ("kind", "no", "first", "last", "label"),
    [
        (K.MONTH, 1, date(2025, 12, 15), date(2026, 1, 14), "tháng 01 năm 2026"),
        (K.MONTH, 3, date(2026, 2, 15), date(2026, 3, 14), "tháng 03 năm 2026"),
        (K.MONTH, 12, date(2026, 11, 15), date(2026, 12, 14), "tháng 12 năm 2026"),
        (K.QUARTER, 1, date(2025, 12, 15), date(2026, 3, 14), "quý I năm 2026"),
        (K.QUARTER, 2, date(2026, 3, 15), date(2026, 6, 14), "quý II năm 2026"),
        (K.QUARTER, 4, date(2026, 9, 15), date(2026, 12, 14), "quý IV năm 2026"),
        (K.HALF_YEAR, 1, date(2025, 12, 15), date(2026, 6, 14), "6 tháng đầu năm 2026"),
        (K.HALF_YEAR, 2, date(2026, 6, 15), date(2026, 12, 14), "6 tháng cuối năm 2026"),
        (K.YEAR, 1, date(2025, 12, 15), date(2026, 12, 14), "năm 2026"),
    ],
)
def test_window_runs_from_the_15th_to_the_14th(kind: K, no: int, first: date, last: date, label: str) -> None:
    found = period(kind, 2026, no)

    assert (found.kind, found.first, found.last, found.cutoff, found.label) == (kind, first, last, last, label)


def test_windows_seen_second_hand_are_marked_and_the_others_are_not() -> None:
    doubts = {kind: period(kind, 2026).doubt for kind in NUMBERS}

    assert doubts == {
        K.MONTH: "kỳ tháng từ ngày 15 đến ngày 14 mới đọc qua nguồn thứ cấp",
        K.QUARTER: "kỳ quý từ ngày 15 đến ngày 14 mới đọc qua nguồn thứ cấp",
        K.HALF_YEAR: "",
        K.YEAR: "",
    }
    assert (period(K.QUARTER, 2026).verified, period(K.YEAR, 2026).verified) == (False, True)


@pytest.mark.parametrize(("kind", "times"), NUMBERS.items())
def test_windows_of_a_year_fill_it_without_gap_or_overlap(kind: K, times: int) -> None:
    windows = [period(kind, 2028, no) for no in range(1, times + 1)]

    assert (windows[0].first, windows[-1].last) == (period(K.YEAR, 2028).first, period(K.YEAR, 2028).last)
    for before, after in pairwise(windows):
        assert after.first == before.last + timedelta(days=1)
        assert next_period(before) == after
    assert next_period(windows[-1]) == period(kind, 2029, 1)


def test_day_belongs_to_a_window_from_its_first_to_its_last_day() -> None:
    march = period(K.MONTH, 2026, 3)

    days = [date(2026, 2, 14), date(2026, 2, 15), date(2026, 3, 14), date(2026, 3, 15)]

    assert [march.has(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("kind", "no", "due"),
    [
        # Saturday 14/03/2026, so Monday; the same for Sunday 14/06; Monday 14/12.
        (K.MONTH, 3, date(2026, 3, 16)),
        (K.HALF_YEAR, 1, date(2026, 6, 15)),
        (K.YEAR, 1, date(2026, 12, 15)),
        # 14/02/2026 begins the Tết days off, the office is back on Monday 23/02.
        (K.MONTH, 2, date(2026, 2, 23)),
    ],
)
def test_report_is_due_one_working_day_after_its_cutoff_at_the_earliest(kind: K, no: int, due: date) -> None:
    assert due_on(period(kind, 2026, no), CALENDAR).rolled_on == due


def test_due_day_of_a_year_without_known_holidays_is_provisional() -> None:
    due = due_on(period(K.MONTH, 2031, 1), CALENDAR)

    assert (due.provisional, len(due.warnings)) == (True, 1)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("tháng 3/2026", period(K.MONTH, 2026, 3)),
        ("Thang 03 nam 2026", period(K.MONTH, 2026, 3)),
        ("12/2026", period(K.MONTH, 2026, 12)),
        ("t3-2026", period(K.MONTH, 2026, 3)),
        ("quý 1/2026", period(K.QUARTER, 2026, 1)),
        ("Quý IV năm 2026", period(K.QUARTER, 2026, 4)),
        ("q2 2026", period(K.QUARTER, 2026, 2)),
        ("6 tháng đầu năm 2026", period(K.HALF_YEAR, 2026, 1)),
        ("sáu tháng cuối năm 2026", period(K.HALF_YEAR, 2026, 2)),
        ("6 thang dau 2026", period(K.HALF_YEAR, 2026, 1)),
        ("năm 2026", period(K.YEAR, 2026)),
        ("2026", period(K.YEAR, 2026)),
        ("giai đoạn 2021–2025", programme_period(2021, 2025)),
        ("giai doan 2026 - 2030", programme_period(2026, 2030)),
        ("giai đoạn", programme_period(2021, 2025)),
    ],
)
def test_period_is_read_as_people_write_it(typed: str, found: Period) -> None:
    assert read_period(typed, programme=(2021, 2025)) == found


@pytest.mark.parametrize("kind", NUMBERS)
def test_label_of_a_period_is_read_as_that_period(kind: K) -> None:
    windows = [period(kind, 2026, no) for no in range(1, NUMBERS[kind] + 1)]

    assert [read_period(window.label) for window in windows] == windows


def test_programme_runs_through_whole_calendar_years_and_has_no_successor() -> None:
    whole = programme_period(2021, 2025)

    assert (whole.kind, whole.first, whole.cutoff) == (K.PROGRAMME, date(2021, 1, 1), date(2025, 12, 31))
    assert (whole.label, read_period(whole.label)) == ("giai đoạn 2021–2025", whole)
    with pytest.raises(Refused):
        next_period(whole)
    with pytest.raises(ValueError, match="programme_period"):
        period(K.PROGRAMME, 2021)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("tháng 13/2026", "Không có tháng 13 trong một năm; hãy gõ số từ 1 đến 12."),
        ("tháng 0/2026", "Không có tháng 0 trong một năm; hãy gõ số từ 1 đến 12."),
        ("quý 5/2026", "Không có quý 5 trong một năm; hãy gõ số từ 1 đến 4."),
        ("năm 1999", "Năm 1999 không có kỳ báo cáo; hãy gõ năm từ 2000 đến 2100."),
        ("năm 2101", "Năm 2101 không có kỳ báo cáo; hãy gõ năm từ 2000 đến 2100."),
        ("giai đoạn", "Chưa biết giai đoạn nào; hãy gõ cả hai năm, ví dụ giai đoạn 2021-2025."),
        (
            "giai đoạn 2025-2021",
            "Giai đoạn 2025–2021 kết thúc trước khi bắt đầu; hãy gõ năm đầu rồi đến năm cuối.",
        ),
        (
            "tuần 3/2026",
            "Không đọc được kỳ báo cáo “tuần 3/2026”; hãy gõ tháng 3/2026, quý 1/2026, 6 tháng đầu năm 2026, năm 2026"
            " hoặc giai đoạn 2021-2025.",
        ),
    ],
)
def test_period_that_there_is_not_is_refused(typed: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read_period(typed)

    assert refused.value.reasons == (sentence,)


@pytest.mark.parametrize(
    ("kind", "no", "sentence"),
    [
        (K.HALF_YEAR, 3, "Không có nửa năm thứ 3 trong một năm; hãy gõ số từ 1 đến 2."),
        (K.YEAR, 2, "Báo cáo năm không có số thứ tự; hãy bỏ số 2."),
    ],
)
def test_number_that_a_year_does_not_have_is_refused(kind: K, no: int, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        period(kind, 2026, no)

    assert refused.value.reasons == (sentence,)
