"""A person's own workbook handed back: the faulty cells red, each with the sentence that says what to do."""

from collections.abc import Mapping
from copy import copy
from io import BytesIO
from typing import Any

from documents.reading import Place, Workbook

#: What stands on a sheet, by the row and column of its cell.
Marks = Mapping[Place, str]
_AUTHOR = "dean"
_RED, _DARK_RED = "FFFFC7CE", "FF9C0006"
#: Points of a comment's box; longer sentences get a taller one.
_WIDTH, _LINE, _LETTERS = 320, 20, 48


def mark_workbook(content: bytes, read: Workbook, marks: Mapping[str, Marks]) -> bytes:
    """Mark cells of a workbook that was read and return it as .xlsx; `marks` are by sheet.

    Everything else of an .xlsx stays as it was, but for its macros. What came in another format becomes a new workbook
    with the same cells.
    """
    book = _opened(content) if read.kind == "xlsx" else _copied(read)
    for name, cells in marks.items():
        sheet = book[name]
        owners = {place: area.coord for area in sheet.merged_cells.ranges for place in _inside(area)}
        for (row, column), sentence in cells.items():
            area = owners.get((row + 1, column + 1))
            _mark(sheet[area.partition(":")[0]] if area else sheet.cell(row + 1, column + 1), sentence)
    if first := next((name for name, cells in marks.items() if cells), None):
        book.active = book.sheetnames.index(first)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _opened(content: bytes) -> Any:
    import openpyxl  # type: ignore[import-untyped]

    return openpyxl.load_workbook(BytesIO(content))


def _copied(read: Workbook) -> Any:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet in read.sheets:
        made = book.create_sheet(sheet.name)
        for row, values in enumerate(sheet.rows, 1):
            for column, value in enumerate(values, 1):
                if value is None:
                    continue
                cell = made.cell(row, column, value)
                # What looks like a formula was text in the person's file and stays text.
                if isinstance(value, str):
                    cell.data_type = "s"
        for (top, left), (bottom, right) in sheet.merged:
            made.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        if not sheet.visible:
            made.sheet_state = "hidden"
    return book


def _inside(area: Any) -> list[tuple[int, int]]:
    return [
        (row, column)
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    ]


def _mark(cell: Any, sentence: str) -> None:
    from openpyxl.comments import Comment  # type: ignore[import-untyped]
    from openpyxl.styles import PatternFill  # type: ignore[import-untyped]

    cell.fill = PatternFill("solid", start_color=_RED, end_color=_RED)
    font = copy(cell.font)
    font.color = _DARK_RED
    cell.font = font
    said = f"{cell.comment.text}\n{sentence}" if cell.comment else sentence
    lines = sum(len(line) // _LETTERS + 1 for line in said.splitlines())
    cell.comment = Comment(said, _AUTHOR, height=_LINE * (lines + 1), width=_WIDTH)
