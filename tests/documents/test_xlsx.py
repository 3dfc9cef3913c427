"""Workbooks, read back by another library than the one that wrote them."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from documents import xlsx
from documents.tables import Book, Column, Group, Kind, Sheet, TooLongError, amount

COLUMNS = (
    Column("no", "STT", Kind.WHOLE, 5),
    Column("name", "Tên đề án", width=40),
    amount("local", "KC địa phương", band="Kinh phí"),
    amount("own", "Đối ứng", band="Kinh phí"),
    amount("all", "Cộng", formula="{local} + {own}"),
    Column("percent", "Tỷ lệ", Kind.PERCENT),
    Column("on", "Ngày", Kind.DATE),
)
#: Over the first row of the table: the issuer, one title, the cut-off, the unit, two lines of heads.
ABOVE = 6


def book(*groups: Group, names: tuple[str, ...] = ("Kế hoạch năm",), **more: Any) -> Book:
    settings: dict[str, Any] = {"unit": "Đơn vị tính: đồng", "frozen": 2} | more
    sheets = tuple(Sheet(name, ("Kế hoạch",), COLUMNS, iter(groups), **settings) for name in names)
    return Book("Sở Công Thương", sheets, "Số liệu đến 20/01/2026", datetime(2026, 1, 20, tzinfo=UTC), "MINH HỌA")


def row(number: int, name: str = "Máy sấy") -> tuple[Any, ...]:
    return number, name, number * 1_000_000, 5, number * 1_000_000 + 5, 75, date(2026, 8, 5)


GROUPS = (Group([row(1), row(2)], "1. Máy móc"), Group([row(3)], "2. Hội chợ"), Group([], "3. Không có"))


def opened(content: bytes, *, values: bool = True) -> Any:
    return openpyxl.load_workbook(BytesIO(content), data_only=values)


def rows_of(sheet: Any) -> list[list[Any]]:
    return [list(cells) for cells in sheet.iter_rows(values_only=True)]


def test_sums_are_live_and_carry_their_values() -> None:
    content = xlsx.write(book(*GROUPS))

    values, formulas = (rows_of(opened(content, values=told).active)[7:] for told in (True, False))

    assert [(line[0], line[2], line[3], line[4]) for line in values[:7]] == [
        ("1. Máy móc", 3_000_000, 10, 3_000_010),
        (1, 1_000_000, 5, 1_000_005),
        (2, 2_000_000, 5, 2_000_005),
        ("2. Hội chợ", 3_000_000, 5, 3_000_005),
        (3, 3_000_000, 5, 3_000_005),
        ("3. Không có", 0, 0, 0),
        ("Tổng cộng", 6_000_000, 15, 6_000_015),
    ]
    assert [line[2] for line in formulas[:7]] == [
        *("=SUBTOTAL(9,C9:C10)", 1_000_000, 2_000_000, "=SUBTOTAL(9,C12:C12)", 3_000_000, 0, "=SUBTOTAL(9,C8:C13)")
    ]
    assert formulas[1][4] == "=C9 + D9"


def test_sheet_is_ready_to_print() -> None:
    sheet = opened(xlsx.write(book(*GROUPS, signers=("Người lập biểu", "Thủ trưởng đơn vị")))).active

    page = sheet.page_setup
    assert (page.orientation, page.paperSize, page.fitToWidth, page.fitToHeight) == ("landscape", 9, None, 0)
    assert (sheet.print_title_rows, sheet.freeze_panes, sheet.auto_filter.ref) == ("$6:$7", "C8", "A7:G13")
    assert (sheet.oddFooter.left.text, sheet.oddFooter.right.text) == ("Số liệu đến 20/01/2026", "Trang &P/&N")
    assert sheet.oddHeader.right.text == "MINH HỌA"
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.font.name for cell in cells} == {"Times New Roman"}
    assert [sheet.cell(9, place).number_format for place in (3, 6, 7)] == ["#,##0", "0%", "dd/mm/yyyy"]
    assert [line[:1] for line in rows_of(sheet)[:5]] == [
        ["SỞ CÔNG THƯƠNG"], ["KẾ HOẠCH"], ["Số liệu đến 20/01/2026"], ["MINH HỌA"], ["Đơn vị tính: đồng"]
    ]  # fmt: skip
    assert [value for value in rows_of(sheet)[-2] if value] == ["NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ"]


@pytest.mark.parametrize("typed", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(\"http://x\")", "{=1}", "00123",
                                   "http://x.vn", "A & <b>", "Ð-đ-₫ ươ"])  # fmt: skip
def test_texts_stay_texts(typed: str) -> None:
    sheet = opened(xlsx.write(book(Group([row(1, typed)]))), values=False).active

    cell = sheet.cell(8, 2)
    assert (cell.value, cell.data_type, cell.hyperlink) == (typed, "s", None)


def test_numbers_that_excel_would_round_stay_exact() -> None:
    big = 123_456_789_012_345_678
    line = (1, "A", big, 0, big, 75, date(1899, 1, 1))

    sheet = opened(xlsx.write(book(Group([line])))).active

    assert [sheet.cell(8, place).value for place in (3, 6, 7)] == [str(big), 0.75, "1899-01-01"]


def test_names_of_sheets_are_made_fit() -> None:
    names = ("a/b:c [1]", "Một tên rất dài dài quá ba mươi mốt chữ", "Trùng", "trùng", "''")

    made = opened(xlsx.write(book(names=names))).sheetnames

    assert made == ["a b c  1", "Một tên rất dài dài quá ba mươi", "Trùng", "trùng (4)", "Bảng 5"]


def test_table_without_rows_adds_up_to_nothing() -> None:
    lines = rows_of(opened(xlsx.write(book(Group([])))).active)

    assert [line[:3] for line in lines if line[0] == "Tổng cộng"] == [["Tổng cộng", None, 0]]


def test_same_values_make_the_same_bytes() -> None:
    assert xlsx.write(book(Group([row(1)]))) == xlsx.write(book(Group([row(1)])))


def test_more_rows_than_a_sheet_holds_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 100)

    with pytest.raises(TooLongError) as told:
        xlsx.write(book(Group(row(n) for n in range(100))))

    assert told.value.most == 40


def test_length_of_a_table_costs_no_memory(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        def each() -> Iterator[tuple[Any, ...]]:
            yield from (row(n, f"Máy sấy số {n}") for n in range(rows))

        tracemalloc.start()
        xlsx.save(book(Group(each())), tmp_path / "long.xlsx")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    short, long = peak(500), peak(4_000)

    assert long - short < 200_000
