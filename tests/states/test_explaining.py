"""Proof sheets: every row as a person would write it, and always the dates that were counted."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar_file import read_calendar_file
from states.counting import Days, Months, Roll, Term, Workdays, Years, due, due_before, due_by
from states.explaining import Counted, Mark, explain, explain_before, explain_by
from states.refusal import Refused

CALENDAR = read_calendar_file()
WEEK = "Quyết định 188/1999/QĐ-TTg Điều 1"
SWAP = "Văn bản 12729/VPCP-KGVX ngày 25/12/2025"
START = "Bộ luật Dân sự 2015 Điều 147 khoản 2"
ALL_MARKS = (Mark.PRINTED, Mark.ROLLED, Mark.SAFE)
DAYS = st.dates(date(2015, 1, 1), date(2031, 12, 31))
TERMS = st.one_of(
    st.integers(0, 90).map(Workdays),
    st.integers(0, 90).map(Days),
    st.integers(0, 30).map(Months),
    st.integers(0, 5).map(Years),
)

Line = tuple[str, str, int | None, str, str]


def lines(rows: tuple[Counted, ...]) -> list[Line]:
    return [(f"{row.day:%d/%m}", row.weekday, row.ordinal, row.reason, row.basis) for row in rows]


def test_workdays_are_written_out_day_by_day() -> None:
    rows = explain(date(2025, 12, 31), Workdays(7), CALENDAR)

    assert lines(rows) == [
        ("31/12", "Thứ Tư", None, "Ngày bắt đầu, không tính", START),
        ("01/01", "Thứ Năm", None, "Tết Dương lịch", "Bộ luật Lao động 2019 Điều 112 khoản 1"),
        ("02/01", "Thứ Sáu", None, "Nghỉ hoán đổi dịp Tết Dương lịch; làm bù ngày 10/01/2026", SWAP),
        ("03/01", "Thứ Bảy", None, "Nghỉ hằng tuần", WEEK),
        ("04/01", "Chủ nhật", None, "Nghỉ hằng tuần", WEEK),
        ("05/01", "Thứ Hai", 1, "Ngày làm việc", WEEK),
        ("06/01", "Thứ Ba", 2, "Ngày làm việc", WEEK),
        ("07/01", "Thứ Tư", 3, "Ngày làm việc", WEEK),
        ("08/01", "Thứ Năm", 4, "Ngày làm việc", WEEK),
        ("09/01", "Thứ Sáu", 5, "Ngày làm việc", WEEK),
        ("10/01", "Thứ Bảy", 6, "Ngày làm việc: Làm bù dịp Tết Dương lịch; thay cho ngày nghỉ 02/01/2026", SWAP),
        ("11/01", "Chủ nhật", None, "Nghỉ hằng tuần", WEEK),
        ("12/01", "Thứ Hai", 7, "Ngày làm việc", WEEK),
    ]
    assert [row.marks for row in rows] == [()] * 12 + [ALL_MARKS]
    assert {row.verified for row in rows} == {True}


def test_days_count_days_off_and_show_where_the_deadline_rolls() -> None:
    rows = explain(date(2026, 1, 30), Days(2), CALENDAR)

    law = "Bộ luật Dân sự 2015 Điều 148"
    off = "Ngày theo lịch, ngày nghỉ vẫn tính (Nghỉ hằng tuần)"
    assert lines(rows) == [
        ("30/01", "Thứ Sáu", None, "Ngày bắt đầu, không tính", START),
        ("31/01", "Thứ Bảy", 1, off, f"{law} khoản 1"),
        ("01/02", "Chủ nhật", 2, off, f"{law} khoản 1; {WEEK}"),
        ("02/02", "Thứ Hai", None, "Chuyển sang ngày làm việc tiếp theo (Ngày làm việc)", f"{law} khoản 5; {WEEK}"),
    ]
    assert [row.marks for row in rows] == [(Mark.SAFE,), (), (Mark.PRINTED,), (Mark.ROLLED,)]


def test_months_have_a_row_each_and_the_days_around_the_end() -> None:
    rows = explain(date(2025, 12, 31), Months(2), CALENDAR)

    law = "Bộ luật Dân sự 2015 Điều 148"
    off = "ngày nghỉ vẫn tính (Nghỉ hằng tuần)"
    last = f"Hết tháng thứ 2; tháng không có ngày 31 nên lấy ngày cuối tháng, {off}"
    assert lines(rows) == [
        ("31/12", "Thứ Tư", None, "Ngày bắt đầu, không tính", START),
        ("31/01", "Thứ Bảy", 1, f"Hết tháng thứ 1, {off}", f"{law} khoản 3"),
        ("27/02", "Thứ Sáu", None, "Ngày làm việc", WEEK),
        ("28/02", "Thứ Bảy", 2, last, f"{law} khoản 3; {WEEK}"),
        ("01/03", "Chủ nhật", None, "Nghỉ hằng tuần", WEEK),
        ("02/03", "Thứ Hai", None, "Chuyển sang ngày làm việc tiếp theo (Ngày làm việc)", f"{law} khoản 5; {WEEK}"),
    ]


def test_years_have_a_row_each() -> None:
    rows = explain(date(2024, 2, 29), Years(2), CALENDAR, roll=Roll.NONE)

    assert [(row.day, row.ordinal) for row in rows if row.counted] == [
        (date(2025, 2, 28), 1),
        (date(2026, 2, 28), 2),
    ]
    assert rows[1].basis == "Bộ luật Dân sự 2015 Điều 148 khoản 4"
    assert rows[1].reason == "Hết năm thứ 1; tháng không có ngày 29 nên lấy ngày cuối tháng"


def test_rows_of_an_unconfirmed_year_say_so() -> None:
    by_workdays = explain(date(2026, 12, 31), Workdays(1), CALENDAR)
    by_days = explain(date(2026, 12, 31), Days(4), CALENDAR)

    open_year = "Ngày làm việc; lịch nghỉ năm 2027 chưa được xác nhận"
    assert [(row.reason, row.verified) for row in by_workdays[1:]] == [
        ("Tết Dương lịch", False),
        ("Nghỉ hằng tuần; lịch nghỉ năm 2027 chưa được xác nhận", False),
        ("Nghỉ hằng tuần; lịch nghỉ năm 2027 chưa được xác nhận", False),
        (open_year, False),
    ]
    assert (by_days[-1].reason, by_days[-1].verified) == (f"Ngày theo lịch ({open_year})", False)


def test_before_a_day_shows_the_day_that_is_too_late() -> None:
    rows = explain_before(date(2026, 6, 22), CALENDAR)

    assert lines(rows) == [
        ("19/06", "Thứ Sáu", None, "Ngày làm việc", WEEK),
        ("20/06", "Thứ Bảy", None, "Nghỉ hằng tuần", WEEK),
        ("21/06", "Chủ nhật", None, "Nghỉ hằng tuần", WEEK),
        (
            "22/06",
            "Thứ Hai",
            None,
            "Không tính: thời hạn là trước ngày này",
            "Cách hiểu thận trọng của chữ “trước ngày”",
        ),
    ]
    assert [row.marks for row in rows] == [(Mark.ROLLED, Mark.SAFE), (), (Mark.PRINTED,), ()]
    assert [row.verified for row in rows] == [True, True, True, False]


def test_what_cannot_be_counted_cannot_be_explained() -> None:
    with pytest.raises(Refused):
        explain(date(2026, 1, 1), Workdays(-1), CALENDAR)
    with pytest.raises(Refused):
        explain_before(date(2026, 6, 22), CALENDAR, roll=Roll.FORWARD)


@given(DAYS, TERMS, st.sampled_from(Roll))
def test_sheet_shows_the_dates_that_were_counted(start: date, term: Term, roll: Roll) -> None:
    rows = explain(start, term, CALENDAR, roll=roll)

    found = due(start, term, CALENDAR, roll=roll)
    ordinals = [row.ordinal for row in rows if row.counted]
    marked = {mark: row.day for row in rows for mark in row.marks}
    assert [row.day for row in rows] == sorted({row.day for row in rows})
    assert (rows[0].day, rows[0].counted) == (start, False)
    assert ordinals == list(range(1, term.count + 1))
    assert (marked[Mark.PRINTED], marked.get(Mark.ROLLED, found.rolled_on)) == (found.printed_on, found.rolled_on)
    # A safe day before the start has no row: nothing could have been done on it.
    assert marked.get(Mark.SAFE, found.safe_on) == found.safe_on


@given(DAYS, st.sampled_from(Roll))
def test_sheet_of_a_printed_date_runs_from_the_safe_day_to_the_last(day: date, roll: Roll) -> None:
    found = due_by(day, CALENDAR, roll=roll)
    rows = explain_by(day, CALENDAR, roll=roll)

    assert (rows[0].day, rows[-1].day) == (found.safe_on, max(found.printed_on, found.rolled_on))
    assert {mark for row in rows for mark in row.marks} == set(Mark)
    assert len(rows) == (rows[-1].day - rows[0].day).days + 1


@given(DAYS)
def test_sheet_of_before_ends_with_the_excluded_day(day: date) -> None:
    rows = explain_before(day, CALENDAR)

    assert (rows[0].day, rows[-1].day, rows[-1].marks) == (due_before(day, CALENDAR).safe_on, day, ())
