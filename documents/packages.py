"""The zip package of a workbook, looked through before anything unfolds it: bombs, lies, what readers do not tell."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO
from lzma import LZMAError
from zlib import error as BrokenStreamError  # noqa: N812 - zlib names its exception in lower case

from documents.ods_cells import ods_sheets

#: What zipfile lets out of a broken file: each way of packing has an error of its own, and a file that was cut off
#: leads it to places before the beginning.
_BROKEN = (
    zipfile.BadZipFile,
    BrokenStreamError,
    LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
#: What a package may unfold to, in bytes, and of how many parts it may be.
LARGEST_UNFOLDED = 200 * 1024 * 1024
MOST_PARTS = 2_000
#: Columns of a sheet that is read.
_WIDEST = 250
#: No sheet is written three hundred times as long as it is stored; a part below the first size is never a bomb.
_HARMLESS, _DENSEST = 4 * 1024 * 1024, 300
_AT_A_TIME = 1024 * 1024


class UnreadableError(Exception):
    """A file that cannot be taken: the sentence says, in Vietnamese, why and what to do."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the XML of a sheet says beyond its values. `rows` and `columns` count up to the last cell that holds one."""

    name: str
    rows: int = 0
    columns: int = 0
    unsaved: frozenset[tuple[int, int]] = frozenset()
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook file: what it is, and what was seen of its sheets by name."""

    kind: str
    sheets: dict[str, Seen] = field(default_factory=dict)


def open_package(content: bytes) -> Package:
    """Unfold every part once, within bounds, and look into the sheets. Raises UnreadableError."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            _refuse_bombs(parts)
            names = {part.filename for part in parts}
            wanted = _wanted(names)
            texts = {part.filename: text for part in parts if (text := _unfolded(archive, part, wanted)) is not None}
    except _BROKEN as error:
        raise UnreadableError("Tệp hỏng hoặc không đúng định dạng; hãy mở bằng Excel, lưu lại rồi nhập.") from error
    if "xl/workbook.xml" in names:
        return Package("xlsx", {seen.name: seen for seen in _excel_sheets(texts)})
    if "xl/workbook.bin" in names:
        return Package("xlsb")
    if "content.xml" in names and b"opendocument.spreadsheet" in texts.get("mimetype", b""):
        return Package("ods", {seen.name: seen for seen in _ods_sheets(texts["content.xml"])})
    raise UnreadableError("Tệp này không phải bảng tính (có thể là văn bản hoặc tệp nén); hãy chọn lại tệp.")


def _refuse_bombs(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNFOLDED:
        raise UnreadableError(
            "Tệp bung ra quá lớn (hơn 200 MB) nên không đọc; hãy chép riêng bảng cần nhập sang tệp mới."
        )
    for part in parts:
        if part.file_size > _HARMLESS and part.file_size > _DENSEST * max(part.compress_size, 1):
            raise UnreadableError("Tệp nén bất thường nên không đọc; hãy chép riêng bảng cần nhập sang tệp mới.")
        if part.flag_bits & 1:
            raise UnreadableError("Bảng tính đặt mật khẩu nên không đọc được; hãy bỏ mật khẩu, lưu lại rồi nhập.")


def _wanted(names: set[str]) -> set[str]:
    """The parts whose text is looked at."""
    sheets = {name for name in names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)}
    return names & {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "content.xml", "mimetype"} | sheets


def _unfolded(archive: zipfile.ZipFile, part: zipfile.ZipInfo, wanted: set[str]) -> bytes | None:
    """Read a part to its end. A part that holds more than it declares fails its checksum and is refused."""
    kept: list[bytes] = []
    with archive.open(part) as stream:
        first = True
        while chunk := stream.read(_AT_A_TIME):
            if first and (b"<!DOCTYPE" in chunk[:4096] or b"<!ENTITY" in chunk[:4096]) and _is_xml(part.filename):
                raise UnreadableError("Tệp có khai báo XML không được phép; hãy mở bằng Excel, lưu lại rồi nhập.")
            first = False
            if part.filename in wanted:
                kept.append(chunk)
    return b"".join(kept) if part.filename in wanted else None


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


# --- sheets of Excel ----------------------------------------------------------------------------------

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^<>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^<>]*)>")
_NAME = re.compile(rb'\bname="([^"]*)"')
_LINKED = re.compile(rb'\b\w+:id="([^"]*)"')
_ID, _TARGET = re.compile(rb'\bId="([^"]*)"'), re.compile(rb'\bTarget="([^"]*)"')
#: A cell that is not closed at once holds a value, a formula or a text.
_FILLED = re.compile(rb'<(?:\w+:)?c\b[^<>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^<>]*[^/>]>')
_FAR = re.compile(rb'<(?:\w+:)?c\b[^<>]*?\br="(?:[A-Z]{3}[0-9]+|[A-Z]{1,2}[0-9]{5,7})"[^<>]*[^/>]>(?!</)')
#: Formulas without their value: empty, or none at all.
_UNSAVED = re.compile(
    rb'<(?:\w+:)?c\b[^<>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^<>]*>'
    rb"<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?</(?:\w+:)?c>"
)
_FAULT = re.compile(
    rb'<(?:\w+:)?c\b(?=[^<>]*\bt="e")[^<>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^<>]*>'
    rb"(?:<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>([^<]*)</(?:\w+:)?v>"
)
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\b(?=[^<>]*\bhidden="(?:1|true)")([^<>]*)>')
_FROM, _UNTIL = re.compile(rb'\bmin="([0-9]{1,5})"'), re.compile(rb'\bmax="([0-9]{1,5})"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\b(?=[^<>]*\bhidden="(?:1|true)")[^<>]*?\br="([0-9]{1,7})"')
#: A cell that does not say where it stands follows the one before, in a row that may stand anywhere.
_PLACELESS = re.compile(rb'<(?:\w+:)?c\b(?![^<>]*\br=")[^<>]*[^/]>|<(?:\w+:)?c>')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^<>]*?\br="([0-9]{1,7})"')


def _excel_sheets(texts: dict[str, bytes]) -> Iterator[Seen]:
    """What stands in the sheets; a part that no sheet names is looked at too, for what it would unfold to."""
    targets = {
        _one(_ID, found): _one(_TARGET, found).rpartition("worksheets/")[2]
        for found in _RELATION.findall(texts.get("xl/_rels/workbook.xml.rels", b""))
    }
    names = {
        targets.get(_one(_LINKED, found), ""): unescape(_one(_NAME, found))
        for found in _SHEET.findall(texts["xl/workbook.xml"])
    }
    for part, text in texts.items():
        if part.startswith("xl/worksheets/"):
            file_name = part.rpartition("/")[2]
            yield _seen(names.get(file_name, file_name), text)


def _one(pattern: re.Pattern[bytes], text: bytes) -> str:
    found = pattern.search(text)
    return found[1].decode("utf-8", "replace") if found else ""


def _seen(name: str, text: bytes) -> Seen:
    rows, columns = _size(text)
    unsaved = faults = hidden = columns_hidden = None
    if b"<f" in text or b":f" in text:
        unsaved = frozenset(_place(*found) for found in _UNSAVED.findall(text))
    if b't="e"' in text:
        faults = {_place(column, row): fault.decode() for column, row, fault in _FAULT.findall(text)}
    if b"hidden=" in text:
        hidden = frozenset(int(row) - 1 for row in _HIDDEN.findall(text))
        columns_hidden = frozenset(_hidden_columns(text))
    told = (unsaved or frozenset(), faults or {}, hidden or frozenset(), columns_hidden or frozenset())
    return Seen(name, rows, columns, *told)


def _hidden_columns(text: bytes) -> Iterator[int]:
    for said in _HIDDEN_COLUMN.findall(text):
        first, last = _FROM.search(said), _UNTIL.search(said)
        if first and last:
            yield from range(int(first[1]) - 1, min(int(last[1]), _WIDEST))


def _size(text: bytes) -> tuple[int, int]:
    """Rows and columns up to the last filled cell, as far as they may be too many; small sheets are not measured."""
    far = [_place(*_split(found)) for found in _FAR.findall(text)]
    if _PLACELESS.search(text):
        far += [(int(row) - 1, 0) for row in _ROW.findall(text)]
    return max((row + 1 for row, _ in far), default=0), max((column + 1 for _, column in far), default=0)


def _split(cell: bytes) -> tuple[bytes, bytes]:
    found = _FILLED.search(cell)
    assert found is not None
    return found[1], found[2]


def _place(letters: bytes, row: bytes) -> tuple[int, int]:
    column = 0
    for letter in letters:
        column = column * 26 + letter - ord("A") + 1
    return int(row) - 1, column - 1


# --- sheets of LibreOffice ----------------------------------------------------------------------------

_REPEATED_CELL = re.compile(
    rb'<table:table-cell\b(?=[^<>]*office:value-type)[^<>]*number-columns-repeated="([0-9]{4,})"'
)
_REPEATED_ROW = re.compile(
    rb'<table:table-row\b[^<>]*number-rows-repeated="([0-9]{4,})"[^<>]*>(.{0,20000}?)</table:table-row>', re.S
)


def _ods_sheets(text: bytes) -> Iterator[Seen]:
    """Refuse what a short text would unfold to; tell what stands in the sheets beyond their values."""
    repeated = [int(times) for times in _REPEATED_CELL.findall(text)]
    repeated += [int(times) for times, row in _REPEATED_ROW.findall(text) if b"office:value-type" in row]
    if repeated:
        raise UnreadableError(
            f"Bảng tính lặp một ô hoặc một dòng {max(repeated)} lần nên không đọc; hãy xóa các ô thừa rồi nhập lại."
        )
    for name, sheet in ods_sheets(text).items():
        yield Seen(
            name,
            unsaved=frozenset(sheet.unsaved),
            faults=sheet.faults,
            hidden=frozenset(sheet.hidden),
            hidden_columns=frozenset(sheet.hidden_columns),
        )
