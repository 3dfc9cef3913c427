"""Tables as Excel workbooks, ready to print: A4 across, heads on every page, live sums that carry their values.

Rows go to disk as they come, so that the length of a table costs no memory. Texts are written as texts and never as
formulas, whatever they begin with.
"""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_rowcol_to_cell  # type: ignore[import-untyped]

from documents.tables import Book, Cell, Column, Group, Kind, Row, Sheet, Sums, TooLongError, bands, sums_of

#: Of the format: rows of a sheet, letters of a cell and of a sheet's name, digits that a number keeps.
MOST_ROWS, _LETTERS, _NAME, _EXACT = 1_048_576, 32_767, 31, 10**15
#: Rows that are left for what stands over and under a table.
_AROUND = 60
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FONT = "Times New Roman"
_A4 = 9
#: Inches: what is bound stands on the left.
_MARGINS = {"left": 0.7, "right": 0.4, "top": 0.6, "bottom": 0.7}
_FORMATS = {Kind.AMOUNT: "#,##0", Kind.NUMBER: "#,##0", Kind.WHOLE: "0", Kind.DATE: "dd/mm/yyyy", Kind.PERCENT: "0%"}
#: SUBTOTAL(9; …) is a sum that leaves other subtotals and rows that a filter hides out.
_SUM = "=SUBTOTAL(9,{first}:{last})"
#: Points of a line; and how much of a line is filled where words wrap.
_LINE, _FILLED = 15.0, 1.0
#: Excel makes no row higher.
_HIGHEST = 409.0


def write(book: Book) -> bytes:
    """The workbook as bytes; the same values make the same bytes."""
    target = BytesIO()
    _save(book, target)
    return target.getvalue()


def save(book: Book, path: Path) -> None:
    """Write the workbook to a path. Raises TooLongError for more rows than a sheet holds."""
    with path.open("wb") as target:
        _save(book, target)


def _save(book: Book, target: IO[bytes]) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": FONT, "font_size": 11},
    }
    with xlsxwriter.Workbook(target, options) as workbook:
        moment = book.made_at.replace(tzinfo=None)
        title = " ".join(book.sheets[0].titles)
        workbook.set_properties({"title": title, "author": book.issuer, "comments": book.cut_off, "created": moment})
        # Whoever opens the file sees the sums of today's rows, also in a program that trusts no value but its own.
        workbook.set_calc_mode("auto")
        formats = _Formats(workbook)
        for sheet, name in zip(book.sheets, _names(book), strict=True):
            _Writing(book, sheet, workbook.add_worksheet(name), formats).write()


def _names(book: Book) -> Iterator[str]:
    """The names of the sheets, as the format allows them: short, without marks of addresses, none twice."""
    known: set[str] = set()
    for number, sheet in enumerate(book.sheets, start=1):
        name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", sheet.name).strip(" '")[:_NAME].rstrip() or f"Bảng {number}"
        if name.casefold() in known:
            name = f"{name[: _NAME - 4]} ({number})"
        known.add(name.casefold())
        yield name


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            made = self._workbook.add_format({"font_name": FONT, "font_size": 11, "valign": "vcenter"} | properties)
            self._made[key] = made
        return self._made[key]

    def cell(self, column: Column, **more: Any) -> Any:
        """How the cells of a column look."""
        properties: dict[str, Any] = {"border": 1, **more}
        if column.kind in _FORMATS:
            properties["num_format"] = _FORMATS[column.kind]
        if column.kind is Kind.TEXT:
            properties["text_wrap"] = True
        if column.kind in (Kind.DATE, Kind.WHOLE):
            properties["align"] = "center"
        return self(**properties)


class _Writing:
    """One sheet being written, from its first row to its last: no row can be gone back to."""

    def __init__(self, book: Book, sheet: Sheet, target: Any, formats: _Formats) -> None:
        self.book, self.sheet, self.target, self.formats = book, sheet, target, formats
        self.row = 0
        self.last = len(sheet.columns) - 1
        self.width = sum(column.width for column in sheet.columns)
        self.places = {column.key: place for place, column in enumerate(sheet.columns)}
        self.cells = [formats.cell(column) for column in sheet.columns]

    def write(self) -> None:
        for place, column in enumerate(self.sheet.columns):
            self.target.set_column(place, place, column.width)
        self._over()
        head_first, head_last = self._heads()
        sums, first = Sums(), self.row
        for group in self.sheet.groups:
            self._group(group, sums)
        if self.row > first:
            self.target.autofilter(head_last, 0, self.row - 1, self.last)
        if self.sheet.total and self.sheet.summed:
            self._sums(self.sheet.total, sums, first, self.row - 1)
        self._under()
        self._pages(head_first, head_last)

    # --- over the table ---------------------------------------------------------------------------------

    def _over(self) -> None:
        book, sheet = self.book, self.sheet
        self._across(book.issuer.upper(), bold=True, align="left")
        for title in sheet.titles:
            self._across(title.upper(), bold=True, font_size=14, align="center")
        for subtitle in sheet.subtitles:
            self._across(subtitle, italic=True, align="center")
        self._across(book.cut_off, italic=True, align="center")
        if book.mark:
            self._across(book.mark, bold=True, font_color="#C00000", align="center")
        if sheet.unit:
            self._across(sheet.unit, italic=True, align="right")

    def _across(self, words: str, *, height: float = 0, **properties: Any) -> None:
        """Words over the whole width; a merged row has no height of its own, so it is told."""
        size = properties.get("font_size", 11) / 11
        self.target.set_row(self.row, height or _height(words, self.width / size) * size)
        self._merge(0, self.last, words, self.formats(text_wrap=True, **properties))
        self.row += 1

    def _merge(self, first: int, last: int, words: str, style: Any) -> None:
        if last > first:
            self.target.merge_range(self.row, first, self.row, last, "", style)
        self.target.write_string(self.row, first, words[:_LETTERS], style)

    def _heads(self) -> tuple[int, int]:
        """The heads of the columns, under their bands where there are any; the rows that they take."""
        first, columns = self.row, self.sheet.columns
        bold: dict[str, Any] = {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#E7EDF3"}
        banded = any(column.band for column in columns)
        if banded:
            # A row that has been left cannot be gone back to, so no head spans both rows; it only looks as if.
            upper = self.formats(**bold, top=1, left=1, right=1)
            for words, place, count in bands(columns):
                self._merge(place, place + count - 1, words, self.formats(**bold, border=1) if words else upper)
            self.row += 1
        lower = self.formats(**bold, bottom=1, left=1, right=1)
        self.target.set_row(self.row, max(_height(column.title, column.width - 2) for column in columns) + 6)
        for place, column in enumerate(columns):
            style = lower if banded and not column.band else self.formats(**bold, border=1)
            self.target.write_string(self.row, place, column.title, style)
        self.row += 1
        return first, self.row - 1

    # --- the table --------------------------------------------------------------------------------------

    def _group(self, group: Group, sums: Sums) -> None:
        if not group.title:
            for row in group.rows:
                self._row(row)
                sums.add(self.sheet, row)
            return
        rows = list(group.rows)
        own = sums_of(self.sheet, rows)
        self._sums(group.title, own, self.row + 1, self.row + len(rows), bg_color="#F4F6F8")
        for row in rows:
            self._row(row)
            sums.add(self.sheet, row)

    def _row(self, row: Row) -> None:
        if self.row >= MOST_ROWS - _AROUND:
            raise TooLongError(MOST_ROWS - _AROUND)
        if (height := self._row_height(row)) > _LINE:
            self.target.set_row(self.row, height)
        for place, (column, cell, style) in enumerate(zip(self.sheet.columns, row, self.cells, strict=True)):
            if column.formula and isinstance(cell, int):
                self.target.write_formula(self.row, place, self._formula(column.formula), style, cell)
            else:
                self._cell(place, column.kind, cell, style)
        self.row += 1

    def _row_height(self, row: Row) -> float:
        """What the longest text of a row needs: not every program makes room for wrapped texts by itself."""
        texts = (
            _height(cell, column.width * _FILLED)
            for column, cell in zip(self.sheet.columns, row, strict=True)
            if isinstance(cell, str) and len(cell) > column.width * _FILLED
        )
        return max(texts, default=_LINE)

    def _formula(self, formula: str) -> str:
        addresses = {key: xl_rowcol_to_cell(self.row, place) for key, place in self.places.items()}
        return f"={formula.format_map(addresses)}"

    def _cell(self, place: int, kind: Kind, cell: Cell, style: Any) -> None:
        if cell is None or cell == "":
            self.target.write_blank(self.row, place, None, style)
        elif isinstance(cell, date) and cell.year > 1900:
            self.target.write_datetime(self.row, place, cell, style)
        elif isinstance(cell, int) and abs(cell) < _EXACT:
            self.target.write_number(self.row, place, cell / 100 if kind is Kind.PERCENT else cell, style)
        else:
            # A number with more digits than Excel keeps stays exact as a text.
            self.target.write_string(self.row, place, str(cell)[:_LETTERS], style)

    def _sums(self, label: str, sums: Sums, first: int, last: int, **more: Any) -> None:
        """A line of sums over the rows from `first` to `last`."""
        span = self.sheet.label_span
        room = sum(column.width for column in self.sheet.columns[:span])
        self.target.set_row(self.row, _height(label, room * _FILLED) + 3)
        self._merge(0, span - 1, label, self.formats(bold=True, border=1, text_wrap=True, **more))
        for place in range(span, len(self.sheet.columns)):
            column = self.sheet.columns[place]
            style = self.formats.cell(column, bold=True, **more)
            if column.summed and last < first:
                # Over no row at all there is nothing that a formula could point to.
                self.target.write_number(self.row, place, 0, style)
            elif column.summed:
                ends = (xl_rowcol_to_cell(row, place) for row in (first, last))
                formula = _SUM.format_map(dict(zip(("first", "last"), ends, strict=True)))
                self.target.write_formula(self.row, place, formula, style, sums.at(place))
            else:
                self.target.write_blank(self.row, place, None, style)
        self.row += 1

    # --- under the table --------------------------------------------------------------------------------

    def _under(self) -> None:
        if self.sheet.notes:
            self.row += 1
        for note in self.sheet.notes:
            self._across(note, italic=True, align="left", valign="top")
        signers = self.sheet.signers
        if not signers:
            return
        self.row += 1
        parts = _parts(self.last + 1, len(signers))
        # The day is written by hand, over the last to sign.
        days = [""] * (len(signers) - 1) + ["Ngày       tháng       năm            "]
        lines = (days, [signer.upper() for signer in signers], ["(Ký, ghi rõ họ tên)"] * len(signers))
        for number, line in enumerate(lines):
            style = self.formats(bold=number == 1, italic=number != 1, align="center", text_wrap=True)
            for words, (first, last) in zip(line, parts, strict=True):
                self._merge(first, last, words, style)
            self.row += 1

    def _pages(self, head_first: int, head_last: int) -> None:
        target, book = self.target, self.book
        target.set_landscape()
        target.set_paper(_A4)
        target.set_margins(**_MARGINS)
        target.fit_to_pages(1, 0)
        target.center_horizontally()
        target.repeat_rows(head_first, head_last)
        target.freeze_panes(head_last + 1, self.sheet.frozen)
        target.hide_gridlines(2)
        if book.mark:
            target.set_header(f'&R&"{FONT},Bold"&9{_in_margin(book.mark)}')
        target.set_footer(f'&L&"{FONT},Italic"&9{_in_margin(book.cut_off)}&R&"{FONT},Regular"&9Trang &P/&N')


def _parts(columns: int, parts: int) -> list[tuple[int, int]]:
    """Cut so many columns into parts of much the same size, side by side: the first and the last of each."""
    edges = [columns * n // parts for n in range(parts + 1)]
    return [(first, max(last - 1, first)) for first, last in pairwise(edges)]


def _in_margin(words: str) -> str:
    """Words in a head or foot, where & begins a code; Excel takes 255 letters of both together."""
    return words.replace("&", "&&")[:150]


def _height(words: str, width: float) -> float:
    """Points that words need in so many letters of width."""
    lines = sum(max(-(-len(part) // max(int(width), 1)), 1) for part in words.splitlines() or [""])
    return min(_LINE * lines, _HIGHEST)
