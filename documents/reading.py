"""Workbooks of other people as plain values: sheets of rows of typed cells, each with the address a person knows."""

import csv
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import PurePath
from typing import Any

from documents.packages import Package, UnreadableError, open_package

#: Bytes of a workbook; ten times a register of 5,000 rows.
LARGEST_WORKBOOK = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 250
#: Rows times columns over all sheets that are read: what keeps a wide file from filling the memory.
MOST_CELLS = 2_000_000

#: What a cell holds; a time of day becomes text. A text that begins with # and is in `Sheet.faults` is an error.
Value = str | int | Decimal | date | bool | None
#: Row and column of a cell, counted from 0.
Place = tuple[int, int]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
#: How an OLE file names its parts: an encrypted package, or the stream of an old workbook.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_BOOKS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows` begin at A1 and are equally long.

    `merged` holds the first and last cell of each merged range; `unsaved` the cells whose formula was saved without
    its value; `faults` those that show an error; `hidden` the rows and `hidden_columns` the columns that are not shown.
    """

    name: str
    rows: list[list[Value]]
    visible: bool = True
    merged: tuple[tuple[Place, Place], ...] = ()
    unsaved: frozenset[Place] = frozenset()
    faults: dict[Place, str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file that was read. `kind` is xlsx, xls, ods or csv."""

    kind: str
    sheets: tuple[Sheet, ...]

    @property
    def visible(self) -> tuple[Sheet, ...]:
        return tuple(sheet for sheet in self.sheets if sheet.visible)


def address(row: int, column: int) -> str:
    """The address of a cell as a person reads it: (0, 0) is A1."""
    return f"{column_name(column)}{row + 1}"


def column_name(column: int) -> str:
    letters = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        letters, column = chr(ord("A") + rest) + letters, column - 1
    return letters


def read_workbook(content: bytes, file_name: str) -> Workbook:
    """Read a workbook of Excel or LibreOffice, or a table in text. Macros are never run.

    Raises UnreadableError with a sentence in Vietnamese for what is no workbook, is encrypted, too large or broken.
    """
    if len(content) > LARGEST_WORKBOOK:
        raise UnreadableError(
            f"Tệp dài {len(content) / 1024 / 1024:.1f} MB; bảng tính nhập vào nhiều nhất 10 MB, hãy chia nhỏ bảng."
        )
    if not content.strip(b"\0 \r\n\t"):
        raise UnreadableError("Tệp trống; hãy chọn lại tệp bảng tính.")
    if content.startswith(_ZIP):
        return _open_zip(content)
    if content.startswith(_OLE):
        return _open_old(content)
    if PurePath(file_name).suffix.lower() in (".csv", ".txt", ".tsv"):
        return Workbook("csv", (_read_text(content),))
    raise UnreadableError(
        "Tệp không phải bảng tính đọc được; hãy lưu thành Excel (.xlsx), LibreOffice (.ods) hoặc CSV UTF-8."
    )


def _open_zip(content: bytes) -> Workbook:
    package = open_package(content)
    for sheet in package.sheets.values():
        _refuse_size(sheet.rows, sheet.columns, sheet.name)
    return _read(content, package)


def _open_old(content: bytes) -> Workbook:
    if _ENCRYPTED in content:
        raise UnreadableError("Bảng tính đặt mật khẩu nên không đọc được; hãy bỏ mật khẩu, lưu lại rồi nhập.")
    if not any(name in content for name in _OLD_BOOKS):
        raise UnreadableError("Tệp này không phải bảng tính (có thể là văn bản Word cũ); hãy chọn lại tệp.")
    return _read(content, Package("xls"))


def _read(content: bytes, package: Package) -> Workbook:
    sheets = tuple(_sheet(about, found, grid, package) for about, found, grid in _drawn(content))
    if not sheets:
        raise UnreadableError("Bảng tính không có trang nào; hãy chọn lại tệp.")
    return Workbook(package.kind, sheets)


def _drawn(content: bytes) -> list[tuple[Any, Any, list[list[Any]]]]:
    """Let calamine read what was looked through: each sheet with its cells. What it cannot read is a broken file."""
    import python_calamine

    drawn = []
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(content))
        for about in book.sheets_metadata:
            if about.typ == python_calamine.SheetTypeEnum.WorkSheet:
                found = book.get_sheet_by_name(about.name)
                _refuse_size(found.total_height, found.total_width, about.name)
                drawn.append((about, found, found.to_python(skip_empty_area=False)))
    except UnreadableError:
        raise
    except python_calamine.PasswordError:
        raise UnreadableError("Bảng tính đặt mật khẩu nên không đọc được; hãy bỏ mật khẩu, lưu lại rồi nhập.") from None
    except Exception as error:
        # Only foreign code runs here, and a hostile file may make it raise anything.
        raise UnreadableError(
            "Bảng tính hỏng, không đọc được; hãy mở bằng Excel, lưu lại thành tệp mới rồi nhập."
        ) from error
    return drawn


def _sheet(about: Any, found: Any, grid: list[list[Any]], package: Package) -> Sheet:
    import python_calamine

    seen = package.sheets.get(about.name)
    rows = [[_value(cell) for cell in row] for row in grid]
    faults = dict(seen.faults) if seen else {}
    for (row, column), fault in faults.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = fault
    return Sheet(
        name=str(about.name),
        rows=rows,
        visible=about.visible == python_calamine.SheetVisibleEnum.Visible,
        merged=tuple(found.merged_cell_ranges or ()),
        unsaved=seen.unsaved if seen else frozenset(),
        faults=faults,
        hidden=seen.hidden if seen else frozenset(),
        hidden_columns=seen.hidden_columns if seen else frozenset(),
    )


def _refuse_size(rows: int, columns: int, name: str) -> None:
    if rows > MOST_ROWS:
        raise UnreadableError(
            f"Trang «{name}» có {_grouped(rows)} dòng; mỗi lần nhập nhiều nhất {_grouped(MOST_ROWS)} dòng, hãy "
            "chia bảng (hoặc xóa các ô thừa ở cuối trang)."
        )
    if columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise UnreadableError(
            f"Trang «{name}» có {_grouped(columns)} cột; mỗi trang nhiều nhất {MOST_COLUMNS} cột, hãy xóa các ô thừa "
            "ở bên phải."
        )


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _value(cell: Any) -> Value:
    """A number has the fifteen digits that the programs show: what binary fractions add behind them is no figure."""
    kind = type(cell)
    if kind is str:
        return cell if cell.strip() else None
    if kind is float:
        if cell.is_integer() and abs(cell) < 1e15:
            return int(cell)
        shown = Decimal(f"{cell:.15g}")
        return int(shown) if shown == shown.to_integral_value() else shown
    if kind is datetime:
        return cell.date()  # type: ignore[no-any-return]
    if kind in (time, timedelta):
        return str(cell)
    return cell  # type: ignore[no-any-return]


def _read_text(content: bytes) -> Sheet:
    text = _decoded(content)
    if "\0" in text:
        raise UnreadableError("Tệp không phải văn bản; hãy lưu thành CSV UTF-8 hoặc .xlsx rồi nhập lại.")
    csv.field_size_limit(1_000_000)
    try:
        lines = list(csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise UnreadableError("Tệp CSV hỏng (dấu nháy hoặc dấu ngăn không khớp); hãy lưu lại rồi nhập.") from error
    width = max(map(len, lines), default=0)
    _refuse_size(len(lines), width, "CSV")
    rows: list[list[Value]] = [[cell if cell.strip() else None for cell in line] for line in lines]
    return Sheet("CSV", [row + [None] * (width - len(row)) for row in rows])


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError(
            "Tệp CSV không phải UTF-8 nên chữ Việt bị hỏng; hãy lưu lại với lựa chọn «CSV UTF-8» rồi nhập."
        ) from error


def _delimiter(text: str) -> str:
    """The mark that stands most often in the first lines; amounts are written with commas and dots too."""
    head = "\n".join(text.splitlines()[:30])
    return max((";", "\t", ","), key=head.count)
