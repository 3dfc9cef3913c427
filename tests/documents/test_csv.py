"""CSV: what Excel and other programs read, and texts that would be formulas."""

import csv
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest

from documents import csv as ours
from documents.json import lines
from documents.tables import Book, Column, Group, Kind, Sheet, amount

MADE = datetime(2026, 1, 20, tzinfo=UTC)
CUT_OFF = "Số liệu đến 20/01/2026"


def book(*groups: Group, mark: str = "") -> Book:
    columns = (Column("name", "Tên"), amount("local", "KCĐP", band="Kinh phí"), Column("on", "Ngày", Kind.DATE))
    return Book("Sở", (Sheet("Biểu", ("Biểu",), columns, iter(groups), grouped_by="Nội dung"),), CUT_OFF, MADE, mark)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_lines_are_utf8_with_a_mark_and_end_as_windows_does() -> None:
    content = ours.write(book(Group([("Sấy", 1, date(2026, 8, 5))])))

    assert content.startswith(b"\xef\xbb\xbf")
    assert (content.count(b"\r\n"), content.count(b"\n")) == (2, 2)
    assert read(content) == [
        ["Tên", "Kinh phí: KCĐP", "Ngày", "Số liệu đến"],
        ["Sấy", "1", "2026-08-05", CUT_OFF],
    ]


def test_numbers_stay_numbers_and_texts_are_quoted() -> None:
    content = ours.write(book(Group([('Máy "A", 2 cái', -411_000_000, None)])))

    assert content.decode().splitlines()[1] == f'"Máy ""A"", 2 cái",-411000000,"","{CUT_OFF}"'


def test_groups_become_a_column_and_sums_are_left_out() -> None:
    content = ours.write(book(Group([("A", 1, None)], "1. Máy"), Group([("B", 2, None)], "2. Chợ"), mark="MINH HỌA"))

    assert read(content) == [
        ["Nội dung", "Tên", "Kinh phí: KCĐP", "Ngày", "Số liệu đến"],
        ["1. Máy", "A", "1", "", f"{CUT_OFF}, MINH HỌA"],
        ["2. Chợ", "B", "2", "", f"{CUT_OFF}, MINH HỌA"],
    ]


def test_table_without_rows_has_its_head() -> None:
    assert [len(read(ours.write(book(*groups)))) for groups in ((), (Group([]),))] == [1, 1]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("=1+1", "'=1+1"),
        ("+84901234567", "'+84901234567"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("  =1+1", "'  =1+1"),
        ("＝1+1", "'＝1+1"),
        ('=cmd|" /C calc"!A0', '\'=cmd|" /C calc"!A0'),
        ("x;=1+1", "x;'=1+1"),
        ("x\n- y", "x\n'- y"),
        ("Máy 3-trong-1 (A=B), +5%", "Máy 3-trong-1 (A=B), +5%"),
        ("", ""),
    ],
)
def test_texts_that_would_be_formulas_are_harmless(typed: str, kept: str) -> None:
    assert ours.harmless(typed) == kept
    assert read(ours.write(book(Group([(typed, 1, None)]))))[1][0] == kept


def test_head_of_a_group_is_harmless_too() -> None:
    assert read(ours.write(book(Group([("A", 1, None)], "=1+1"))))[1][0] == "'=1+1"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({}, "{}\n"),
        ({"a": 1, "rows": iter(())}, '{\n  "a": 1,\n  "rows": []\n}\n'),
        ({"rows": iter([{"tên": "Sấy", "on": date(2026, 8, 5)}, 2])},
         '{\n  "rows": [\n    {"tên": "Sấy", "on": "2026-08-05"},\n    2\n  ]\n}\n'),
    ],
)  # fmt: skip
def test_json_is_written_item_by_item(values: dict[str, Any], text: str) -> None:
    assert b"".join(lines(values)).decode() == text
