"""A workbook that is handed out, filled in elsewhere and comes back: hidden in it is what it held when it left."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO

from documents.packages import UnreadableError
from documents.reading import Sheet, Value, Workbook

#: The very hidden sheet, and what its first cell says; a later form gets a higher number.
_SHEET, _MARK, _FORM = "dean", "dean-round-trip", 2
#: What the first line of every workbook that we hand out begins with: it stays when the hidden sheet is lost.
TITLE = "BẢNG ĐIỀN THÔNG TIN"
_TITLE_LINES = 6
#: Rows left open below the last one, for what the receiver adds.
_OPEN_ROWS = 10


@dataclass(frozen=True, slots=True)
class Editable:
    """A column of the visible sheet; one that is not open is locked. `kind` (text, number, day) shows open rows."""

    head: str
    width: int
    is_open: bool = True
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What a workbook held when it left: its rows by their first cell, and what holds for rows added to it."""

    rows: dict[str, list[Value]]
    made_for: dict[str, str]


def write_round_trip(
    title: Sequence[str],
    columns: Sequence[Editable],
    rows: Sequence[Sequence[Value]],
    made_for: Mapping[str, str] | None = None,
) -> bytes:
    """Write the workbook. The first cell of each row names it; dates stay dates, text never becomes a formula.

    Some rows are left open below; `made_for` says what holds for what is added there.
    """
    import xlsxwriter  # type: ignore[import-untyped]

    written = BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    font = {"font_name": "Times New Roman", "font_size": 11, "valign": "top", "border": 1, "text_wrap": True}
    formats = {
        (is_open, kind): book.add_format(
            font | {"locked": not is_open, "num_format": shown} | (_SHADE if not is_open else {})
        )
        for is_open in (True, False)
        for kind, shown in (("text", "@"), ("number", "#,##0"), ("day", "dd/mm/yyyy"))
    }
    head = book.add_format(font | {"bold": True, "bg_color": "#DDE6F0", "align": "center"})
    sheet = book.add_worksheet("Đề án")
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for line, text in enumerate(title):
        sheet.write_string(line, 0, text, book.add_format({"font_name": "Times New Roman", "bold": line == 0}))
    top = len(title) + 1
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(top, place, column.head, head)
    sheet.freeze_panes(top + 1, 2)
    sheet.repeat_rows(top)
    kept = book.add_worksheet(_SHEET)
    kept.very_hidden()
    told = json.dumps(dict(made_for or {}), ensure_ascii=False, sort_keys=True)
    kept.write_row(0, 0, [_MARK, _FORM, len(columns)])
    kept.write_string(0, 3, told)
    kept.write_string(0, 4, _hash([told]))
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for line, row in enumerate(rows):
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write(sheet, top + 1 + line, place, value, lambda kind, is_open=column.is_open: formats[is_open, kind])
            _write(kept, line + 1, place + 1, value, lambda kind: day if kind == "day" else None)
        kept.write_string(line + 1, 0, _hash(row))
    for line in range(len(rows), len(rows) + _OPEN_ROWS):
        for place, column in enumerate(columns):
            sheet.write_blank(top + 1 + line, place, None, formats[column.is_open, column.kind])
    book.close()
    return written.getvalue()


_SHADE = {"bg_color": "#F2F2F2"}


def _write(sheet, row, column, value, format_of) -> None:  # type: ignore[no-untyped-def]
    if value is None or value == "":
        sheet.write_blank(row, column, None, format_of("text"))
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime.combine(value, time()), format_of("day"))
    elif isinstance(value, int | Decimal):
        sheet.write_number(row, column, value, format_of("number"))
    else:
        sheet.write_string(row, column, value, format_of("text"))


def handed_out(book: Workbook) -> HandedOut | None:
    """What a workbook held when it left; None for a workbook that we did not hand out.

    Raises UnreadableError when the sheet that was hidden is gone or was changed, or belongs to a later form: without it
    what was filled in cannot be told from what was only handed out.
    """
    # Somebody who shows the hidden sheet changes nothing in it.
    kept = next((sheet for sheet in book.sheets if sheet.name == _SHEET), None)
    if kept is None and not any(_is_titled(sheet) for sheet in book.sheets):
        return None
    if kept is None or not kept.rows or len(kept.rows[0]) < 3 or kept.rows[0][0] != _MARK:
        if kept is not None and kept.visible and not any(_is_titled(sheet) for sheet in book.sheets):
            return None
        raise UnreadableError(
            "Bảng này do sổ đưa ra để điền nhưng trang ẩn để đối chiếu đã mất hoặc bị sửa (xóa trang, lưu thành CSV, "
            "chép sang tệp khác), nên không biết ô nào đã điền và có thể ghi đè điều mới hơn trong sổ; hãy gửi lại "
            "chính tệp đã tải, hoặc tải lại bảng từ sổ rồi điền."
        )
    form, width = kept.rows[0][1], kept.rows[0][2]
    if form != _FORM or not isinstance(width, int):
        raise UnreadableError("Bảng này do phiên bản khác của chương trình làm ra; hãy tải lại bảng từ sổ rồi điền.")
    told = kept.rows[0][3] if len(kept.rows[0]) > 4 else None
    if not isinstance(told, str) or kept.rows[0][4] != _hash([told]):
        raise UnreadableError(_CHANGED)
    found: dict[str, list[Value]] = {}
    for row in kept.rows[1:]:
        values = [*row[1 : width + 1], *[None] * (width - len(row) + 1)]
        if row[0] != _hash(values):
            raise UnreadableError(_CHANGED)
        found[str(values[0])] = values
    return HandedOut(found, json.loads(told))


_CHANGED = "Trang ẩn của bảng đã bị sửa nên không đối chiếu được; hãy tải lại bảng từ sổ rồi điền."


def _is_titled(sheet: Sheet) -> bool:
    said = (value for row in sheet.rows[:_TITLE_LINES] for value in row if isinstance(value, str))
    return any(" ".join(unicodedata.normalize("NFC", text).upper().split()).startswith(TITLE) for text in said)


def _hash(values: Sequence[Value]) -> str:
    told = "\x1f".join("" if value is None else str(value) for value in values)
    return hashlib.sha256(told.encode()).hexdigest()[:32]
