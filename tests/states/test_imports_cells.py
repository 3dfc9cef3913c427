"""What cells of a register say: amounts exact or refused, days and spans of time, counts."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from states.imports.cells import read_count, read_line, read_money, read_span, read_year
from states.refusal import Refused

TRIEU = 1_000_000


def why(reader: Any, *values: Any) -> str:
    with pytest.raises(Refused) as refused:
        reader(*values)
    return str(refused.value.reasons[0])


@pytest.mark.parametrize(
    ("value", "scale", "amount"),
    [
        (411_000_000, None, 411_000_000),
        (300, TRIEU, 300_000_000),
        (Decimal("195.75"), TRIEU, 195_750_000),
        ("411.000.000 đ", None, 411_000_000),
        ("411.000.000", 1, 411_000_000),
        ("1.234,5", TRIEU, 1_234_500_000),
        ("500tr", TRIEU, 500_000_000),
        ("1,5 tỷ", None, 1_500_000_000),
        ("300.000 ₫", None, 300_000),
        (0, None, 0),
        (56, 10**9, 56_000_000_000),
    ],
)
def test_amounts_are_read_exactly(value: Any, scale: int | None, amount: int) -> None:
    assert read_money(value, scale) == amount


@pytest.mark.parametrize(
    ("value", "scale", "sentence"),
    [
        ("khoảng 500tr", None, "chưa phải con số chính xác; hãy gõ đúng số tiền"),
        (300, None, "chưa rõ là đồng hay triệu đồng"),
        ("300", None, "chưa rõ là đồng hay triệu đồng"),
        (Decimal("300.5"), 1, "có phần lẻ nhỏ hơn một đồng"),
        (-5, TRIEU, "là số âm"),
        (411_000_000, 10**9, "quá lớn; hãy kiểm tra đơn vị tính"),
        ("#REF!", None, "Ô đang báo lỗi #REF!"),
        (True, None, "TRUE/FALSE"),
        (date(2026, 1, 1), None, "ngày 01/01/2026"),
        ("theo dự toán", TRIEU, "không đọc được"),
    ],
)
def test_amounts_that_nobody_can_be_sure_of_are_refused(value: Any, scale: int | None, sentence: str) -> None:
    assert sentence in why(read_money, value, scale)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        (date(2026, 3, 5), date(2026, 3, 5), date(2026, 3, 5)),
        ("05/03/2026", date(2026, 3, 5), date(2026, 3, 5)),
        ("5/3", date(2026, 3, 5), date(2026, 3, 5)),
        ("quý III", date(2026, 7, 1), date(2026, 9, 30)),
        ("Quý 4/2027", date(2027, 10, 1), date(2027, 12, 31)),
        ("tháng 8", date(2026, 8, 1), date(2026, 8, 31)),
        ("T2/2028", date(2028, 2, 1), date(2028, 2, 29)),
        ("11/2026", date(2026, 11, 1), date(2026, 11, 30)),
        (2024, date(2024, 1, 1), date(2024, 12, 31)),
        ("năm 2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("cả năm", date(2026, 1, 1), date(2026, 12, 31)),
        ("6 tháng cuối năm", date(2026, 7, 1), date(2026, 12, 31)),
        ("tháng 3 - tháng 11/2026", date(2026, 3, 1), date(2026, 11, 30)),
        ("Từ tháng 3 đến tháng 11 năm 2027", date(2027, 3, 1), date(2027, 11, 30)),
        ("quý I-III/2026", date(2026, 1, 1), date(2026, 9, 30)),
        ("tháng 3–11", date(2026, 3, 1), date(2026, 11, 30)),
        ("01/03/2026 - 30/06/2026", date(2026, 3, 1), date(2026, 6, 30)),
        ("2025-2026", date(2025, 1, 1), date(2026, 12, 31)),
    ],
)
def test_spans_of_time(value: Any, first: date, last: date) -> None:
    span = read_span(value, 2026)

    assert (span.first, span.last) == (first, last)


def test_words_of_time_are_told_as_they_were_understood_and_plain_days_are_not() -> None:
    assert read_span("quý III", 2026).note == "“quý III” được hiểu là từ 01/07/2026 đến 30/09/2026"
    assert read_span("05/03/2026", 2026).note == ""


@pytest.mark.parametrize(
    ("value", "year", "sentence"),
    [
        ("quý III", None, "chưa có năm"),
        ("sau Tết", 2026, "không đọc được; hãy gõ ngày"),
        ("31/02/2026", 2026, "không có trong lịch"),
        ("tháng 13", 2026, "không đọc được"),
        ("05/08/26", 2026, "chưa đủ bốn chữ số"),
        ("#N/A", 2026, "Ô đang báo lỗi"),
    ],
)
def test_times_that_cannot_be_understood_are_refused(value: Any, year: int | None, sentence: str) -> None:
    assert sentence in why(read_span, value, year)


def test_counts_years_and_lines() -> None:
    assert [read_count(value) for value in (17, "1.200", "12 người")] == [17, 1200, 12]
    assert [read_year(value) for value in (2026, "Năm 2025", "2024.")] == [2026, 2025, 2024]
    assert read_line("Hỗ trợ máy\n  sấy\u00a0lúa", "tên") == "Hỗ trợ máy sấy lúa"
    assert "không dùng được" in why(read_count, Decimal("1.5"))
    assert "Năm “26” không đọc được" in why(read_year, 26)
    assert "phải là chữ" in why(read_line, True, "tên")
