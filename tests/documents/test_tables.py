"""What every form of a table shares: sums, heads over heads, cells in words; and the pages of a PDF."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from documents import table_pages
from documents.tables import Book, Column, Group, Kind, Sheet, TooLongError, amount, bands, sums_of, written

COLUMNS = (
    Column("no", "STT", Kind.WHOLE, 5),
    Column("name", "Tên đề án", width=40),
    amount("local", "KC địa phương", band="Kinh phí"),
    amount("own", "Đối ứng", band="Kinh phí"),
    Column("on", "Ngày", Kind.DATE),
)


def book(*groups: Group, **more: Any) -> Book:
    sheet = Sheet("Biểu", ("Kế hoạch khuyến công",), COLUMNS, iter(groups), **({"unit": "Đơn vị tính: đồng"} | more))
    return Book("Sở Công Thương", (sheet,), "Số liệu đến 20/01/2026, sự kiện 7", datetime(2026, 1, 20, tzinfo=UTC))


def row(number: int, name: str = "Máy sấy", on: date | None = None) -> tuple[Any, ...]:
    return number, name, number * 1_000_000, 5, on


def text_of(content: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


def test_money_is_added_up_and_nothing_else() -> None:
    [sheet] = book().sheets

    sums = sums_of(sheet, [row(1), row(2), (3, "Chưa có số", None, 5, None)])

    assert (sheet.summed, sheet.label_span) == ((2, 3), 2)
    assert [sums.at(place) for place in range(5)] == [0, 0, 3_000_000, 15, 0]


def test_neighbours_of_a_band_stand_under_one_head() -> None:
    assert list(bands(COLUMNS)) == [("", 0, 1), ("", 1, 1), ("Kinh phí", 2, 2), ("", 4, 1)]


@pytest.mark.parametrize(
    ("cell", "kind", "words"),
    [
        (1_234_567, Kind.AMOUNT, "1.234.567"),
        (-5_000, Kind.AMOUNT, "-5.000"),
        (2026, Kind.WHOLE, "2026"),
        (1_500, Kind.NUMBER, "1.500"),
        (75, Kind.PERCENT, "75%"),
        (date(2026, 8, 5), Kind.DATE, "05/08/2026"),
        (None, Kind.AMOUNT, ""),
        ("=1+1", Kind.TEXT, "=1+1"),
    ],
)
def test_cells_are_written_as_the_office_writes_them(cell: Any, kind: Kind, words: str) -> None:
    assert written(cell, kind) == words


def test_pages_hold_heads_groups_sums_and_where_the_figures_are_from() -> None:
    groups = (Group([row(1, on=date(2026, 8, 5))], "1. Máy móc"), Group([row(2), row(3)], "2. Hội chợ"))

    text = text_of(table_pages.pdf(book(*groups, signers=("Người lập biểu", "Thủ trưởng đơn vị"))))

    for words in ("KẾ HOẠCH KHUYẾN CÔNG", "Đơn vị tính: đồng", "Kinh phí", "05/08/2026", "NGƯỜI LẬP BIỂU", "Trang 1/1"):
        assert words in text
    assert "1. Máy móc 1.000.000 5" in " ".join(text.split())
    assert "2. Hội chợ 5.000.000 10" in " ".join(text.split())
    assert "Tổng cộng 6.000.000 15" in " ".join(text.split())
    assert "Số liệu đến 20/01/2026, sự kiện 7" in text


def test_pages_repeat_the_heads_and_lie_across() -> None:
    reader = PdfReader(BytesIO(table_pages.pdf(book(Group([row(n) for n in range(1, 91)])))))

    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) > 1
    assert ["Tên đề án" in text for text in texts] == [True] * len(texts)
    # A4 across, in points.
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [842, 595]


def test_pages_show_markup_as_text() -> None:
    hostile = 'a #set text(red) *b* _c_ $x$ `{{ y }}` <w:p> & "z" \\n //no'

    text = text_of(table_pages.pdf(book(Group([row(1, hostile)]))))

    assert " ".join(hostile.split()) in " ".join(text.split())


def test_more_rows_than_pages_hold_are_told() -> None:
    with pytest.raises(TooLongError) as told:
        table_pages.pdf(book(Group(row(n) for n in range(table_pages.MOST_ROWS + 1))))

    assert told.value.most == table_pages.MOST_ROWS
