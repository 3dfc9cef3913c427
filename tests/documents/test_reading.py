"""Workbooks of other people as plain values, and every file that is refused with a sentence."""

import contextlib
import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from documents.packages import UnreadableError
from documents.reading import address, read_workbook


def book(fill: Callable[[Any], None]) -> bytes:
    """An .xlsx with one sheet as openpyxl writes it."""
    made = openpyxl.Workbook()
    fill(made.active)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def rebuilt(content: bytes, changes: dict[str, bytes]) -> bytes:
    """The same package with some parts replaced or added."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.pop(name, old.read(name)))
        for name, part in changes.items():
            new.writestr(name, part)
    return written.getvalue()


def why(content: bytes, name: str = "so.xlsx") -> str:
    with pytest.raises(UnreadableError) as refused:
        read_workbook(content, name)
    return str(refused.value)


def test_cells_keep_their_types_and_addresses() -> None:
    def fill(sheet: Any) -> None:
        sheet["B2"], sheet["C2"], sheet["D2"] = "Máy sấy", 411_000_000, 195.75
        sheet["E2"], sheet["F2"] = date(2026, 3, 5), True

    [sheet] = read_workbook(book(fill), "so.xlsx").sheets

    assert sheet.rows[1] == [None, "Máy sấy", 411_000_000, Decimal("195.75"), date(2026, 3, 5), True]
    assert [address(1, 1), address(0, 25), address(0, 26), address(9, 702)] == ["B2", "Z1", "AA1", "AAA10"]


def test_noise_of_binary_fractions_is_no_figure() -> None:
    [sheet] = read_workbook(book(lambda sheet: sheet.append([0.1 + 0.2, 56.25 * 3])), "so.xlsx").sheets

    assert sheet.rows[0] == [Decimal("0.3"), Decimal("168.75")]


def test_merged_hidden_unsaved_and_faulty_cells_are_known() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = "Kinh phí"
        sheet.merge_cells("A1:B1")
        sheet["A2"] = "=1+1"
        sheet["B2"] = "#REF!"
        sheet["B2"].data_type = "e"
        sheet["A3"] = "ẩn"
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    [sheet] = read_workbook(book(fill), "so.xlsx").sheets

    assert sheet.merged == (((0, 0), (0, 1)),)
    assert sheet.unsaved == {(1, 0)}
    assert (sheet.faults, sheet.rows[1][1]) == ({(1, 1): "#REF!"}, "#REF!")
    assert [set(found) for found in (sheet.hidden, sheet.hidden_columns)] == [{2}, {1}]


def test_a_formula_with_its_value_is_a_value() -> None:
    written = io.BytesIO()
    made = xlsxwriter.Workbook(written, {"in_memory": True})
    made.add_worksheet().write_formula("A1", "=150+150", None, 300)
    made.close()

    [sheet] = read_workbook(written.getvalue(), "so.xlsx").sheets

    assert (sheet.rows[0], sheet.unsaved) == ([300], frozenset())


def test_hidden_sheets_are_read_and_said_to_be_hidden() -> None:
    made = openpyxl.Workbook()
    made.active.append(["Tên đề án"])
    made.create_sheet("mã").sheet_state = "veryHidden"
    written = io.BytesIO()
    made.save(written)

    read = read_workbook(written.getvalue(), "so.xlsx")

    assert [(sheet.name, sheet.visible) for sheet in read.sheets] == [("Sheet", True), ("mã", False)]


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ("Tên đề án;Số tiền\r\nMáy sấy;300.000.000 đ\r\n".encode("utf-8-sig"), ["Máy sấy", "300.000.000 đ"]),
        ("Tên đề án\tSố tiền\nMáy sấy\t300tr\n".encode("utf-16"), ["Máy sấy", "300tr"]),
        ('Tên đề án,Số tiền\n"Máy sấy, máy xát",300\n'.encode(), ["Máy sấy, máy xát", "300"]),
    ],
    ids=["semicolons", "utf-16 with tabs", "commas and quotes"],
)
def test_text_tables_are_read_with_the_mark_they_use(content: bytes, row: list[str]) -> None:
    [sheet] = read_workbook(content, "so.csv").sheets

    assert sheet.rows[1] == row


def test_files_that_are_no_workbook_are_refused() -> None:
    word = io.BytesIO()
    with zipfile.ZipFile(word, "w") as package:
        package.writestr("word/document.xml", "<w/>")

    assert "không phải bảng tính đọc được" in why(b"%PDF-1.7", "so.pdf")
    assert "không phải bảng tính (có thể là văn bản hoặc tệp nén)" in why(word.getvalue())
    assert "Tệp trống" in why(b"   ")
    assert "Tệp hỏng" in why(b"PK\x03\x04 hong")
    assert "không phải UTF-8" in why("Tên đề án".encode("utf-16-le") + b"\xff\xfe\xc3(", "so.csv")
    assert "văn bản Word cũ" in why(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "so.xls")


def test_encrypted_workbooks_are_refused() -> None:
    encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024) + "EncryptedPackage".encode("utf-16-le") + bytes(64)

    assert "đặt mật khẩu" in why(encrypted)


def test_files_above_ten_megabytes_are_refused() -> None:
    assert why(b"PK\x03\x04" + bytes(11 * 1024 * 1024)).startswith(
        "Tệp dài 11.0 MB; bảng tính nhập vào nhiều nhất 10 MB"
    )


def test_zip_bombs_are_refused_before_they_unfold() -> None:
    small = book(lambda sheet: sheet.append(["Tên đề án"]))

    dense = rebuilt(small, {"xl/media/a.bin": bytes(8 * 1024 * 1024)})
    many = rebuilt(small, {f"xl/{number}.xml": b"<a/>" for number in range(2_001)})

    assert "Tệp nén bất thường" in why(dense)
    assert "bung ra quá lớn" in why(many)


def test_a_part_that_declares_less_than_it_holds_is_refused() -> None:
    content = bytearray(rebuilt(book(lambda sheet: sheet.append(["a"])), {"xl/media/a.bin": bytes(3 * 1024 * 1024)}))
    entry = content.rfind(b"PK\x01\x02", 0, content.rfind(b"xl/media/a.bin"))
    content[entry + 24 : entry + 28] = struct.pack("<I", 10)

    assert "Tệp hỏng" in why(bytes(content))


PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def packed(content: bytes, packing: int) -> bytes:
    """The same workbook packed in another way."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", packing) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return made.getvalue()


WHOLE = [packed(book(lambda sheet: sheet.append(["Tên đề án", 1_000])), packing) for packing in PACKINGS]


@given(
    whole=st.sampled_from(WHOLE),
    where=st.floats(0, 1, exclude_max=True),
    byte=st.integers(0, 255),
    lost=st.integers(0, 60),
)
def test_damaged_workbooks_are_read_or_refused(whole: bytes, where: float, byte: int, lost: int) -> None:
    at = int(where * len(whole))
    content = whole[:at] + bytes([byte]) + whole[at + 1 + lost :]

    with contextlib.suppress(UnreadableError):
        assert read_workbook(content, "so.xlsx").sheets


@pytest.mark.parametrize("whole", WHOLE)
def test_workbooks_that_were_cut_off_are_refused(whole: bytes) -> None:
    told = {why(whole[:length]) for length in range(8, len(whole), 53)}

    assert told == {"Tệp hỏng hoặc không đúng định dạng; hãy mở bằng Excel, lưu lại rồi nhập."}


def test_entities_are_refused() -> None:
    small = book(lambda sheet: sheet.append(["a"]))
    hostile = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'

    assert "khai báo XML" in why(rebuilt(small, {"xl/worksheets/sheet1.xml": hostile}))


@pytest.mark.parametrize("cell", ["A20001", "A1048576", "XFD1"])
def test_sheets_that_reach_too_far_are_refused_before_they_fill_the_memory(cell: str) -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = "Tên đề án"
        sheet[cell] = 1

    assert "mỗi" in why(book(fill))


def test_formats_without_values_do_not_count() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = "Tên đề án"
        sheet["XFD9"].number_format = "0.00"
        sheet["A90000"].number_format = "0.00"

    [sheet] = read_workbook(book(fill), "so.xlsx").sheets

    assert sheet.rows == [["Tên đề án"]]


def ods(*lines: str) -> bytes:
    """A spreadsheet as LibreOffice writes it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", _CONTENT.format("".join(lines)))
    return made.getvalue()


_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    "</manifest:manifest>"
)
_CONTENT = (
    '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:calcext="urn:org:documentfoundation:names:'
    'experimental:calc:xmlns:calcext:1.0"><office:body><office:spreadsheet><table:table table:name="Đề án">{}'
    "</table:table></office:spreadsheet></office:body></office:document-content>"
)


def test_faulty_unsaved_and_hidden_parts_of_ods_are_known() -> None:
    word = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    fault = (
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" '
        'calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
    )
    numbered = fault.replace("#DIV/0!", "Err:508")
    unsaved = '<table:table-cell table:formula="of:=[.A1]+1"/>'
    empty_text = '<table:table-cell table:formula="of:=T(1)" office:value-type="string" office:string-value=""/>'
    columns = (
        '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
        '<table:table-column table:number-columns-repeated="16381"/>'
    )
    blank = '<table:table-cell table:number-columns-repeated="2"/>'

    [sheet] = read_workbook(
        ods(
            f"{columns}<table:table-row>{word}{blank}{fault}</table:table-row>",
            f'<table:table-row table:visibility="filter" table:number-rows-repeated="2">{word}{numbered}',
            "</table:table-row>",
            f"<table:table-row>{word}{empty_text}{unsaved}</table:table-row>",
            '<table:table-row table:visibility="collapse" table:number-rows-repeated="1048572"><table:table-cell/>',
            "</table:table-row>",
        ),
        "so.ods",
    ).sheets

    assert sheet.faults == {(0, 3): "#DIV/0!", (1, 1): "#VALUE!", (2, 1): "#VALUE!"}
    assert (sheet.rows[0][3], set(sheet.unsaved), set(sheet.hidden_columns)) == ("#DIV/0!", {(3, 2)}, {1, 2})
    assert {row for row in sheet.hidden if row < len(sheet.rows)} == {1, 2}


def test_ods_that_repeats_a_value_a_million_times_is_refused() -> None:
    row = b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float"/>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", b"<office:document-content>" + row + b"</table:table-row>")

    assert "lặp một ô hoặc một dòng 1000000 lần" in why(made.getvalue(), "so.ods")
