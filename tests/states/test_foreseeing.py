"""The duties that a planned project will bring, by day and by month."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rulebook import shipped_rulebook
from states.foreseeing import Planned, by_month, foresee, moved
from states.vocabulary import Route

BOOK = shipped_rulebook()
WORK = (date(2024, 4, 1), date(2024, 9, 30))


def _days(planned: Planned) -> list[tuple[date, str]]:
    return [(duty.on, duty.label) for duty in foresee(planned, BOOK.rules, BOOK.calendar)]


def test_local_project_brings_its_work_its_acceptance_and_the_close_of_the_year() -> None:
    assert _days(Planned("A", Route.LOCAL, *WORK)) == [
        (date(2024, 4, 1), "Ký hợp đồng và bắt đầu"),
        (date(2024, 9, 30), "Hoàn thành khối lượng"),
        (date(2024, 10, 14), "Nghiệm thu cơ sở sau báo cáo hoàn thành"),
        (date(2025, 1, 31), "Hết thời gian chỉnh lý quyết toán ngân sách 31/01 năm sau"),
    ]


def test_national_project_is_settled_fifteen_days_after_the_expected_acceptance() -> None:
    days = _days(Planned("A", Route.NATIONAL, *WORK))

    assert (date(2024, 10, 29), "Hồ sơ quyết toán trong 15 ngày sau nghiệm thu cuối cùng của hợp đồng") in days
    assert (date(2025, 1, 22), "Quyết toán, thanh lý không muộn hơn ngày 22/01 năm sau") in days


def test_work_that_moves_over_the_year_moves_its_settlement_by_a_year() -> None:
    days = {label: on for on, label in _days(Planned("A", Route.LOCAL, *WORK, months=4))}

    assert days["Hoàn thành khối lượng"] == date(2025, 1, 30)
    assert days["Hết thời gian chỉnh lý quyết toán ngân sách 31/01 năm sau"] == date(2026, 1, 31)


def test_project_without_days_brings_nothing_that_could_be_foreseen() -> None:
    assert _days(Planned("A", Route.LOCAL, None, None)) == []


@pytest.mark.parametrize(
    ("day", "months", "there"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 1, 15), -1, date(2023, 12, 15)),
        (date(2024, 8, 31), -6, date(2024, 2, 29)),
    ],
)
def test_month_ends_bound_a_moved_day(day: date, months: int, there: date) -> None:
    assert moved(day, months) == there


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)), st.integers(-24, 24))
def test_moved_day_lies_in_the_month_that_was_counted(day: date, months: int) -> None:
    there = moved(day, months)

    assert there.year * 12 + there.month == day.year * 12 + day.month + months
    assert there.day == day.day or (there.day < day.day and moved(there, 0).day == there.day)


def test_months_count_the_duties_of_each_kind() -> None:
    duties = [
        duty
        for code in ("A", "B")
        for duty in foresee(Planned(code, Route.LOCAL, *WORK, months=int(code == "B")), BOOK.rules, BOOK.calendar)
    ]

    months = by_month(duties)

    assert list(months) == ["2024-04", "2024-05", "2024-09", "2024-10", "2024-11", "2025-01"]
    assert months["2024-10"] == {"Nghiệm thu cơ sở sau báo cáo hoàn thành": 1, "Hoàn thành khối lượng": 1}
    assert months["2025-01"] == {"Hết thời gian chỉnh lý quyết toán ngân sách 31/01 năm sau": 2}
