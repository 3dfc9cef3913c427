"""Tables as CSV (RFC 4180): one head, one line a row, no sums, so that any program reads it; Excel too.

Excel and its like take a text that begins with = + - @ for a formula. Such a text gets an apostrophe before it, which
they show and compute nothing; numbers stay numbers. Basis: OWASP, "CSV Injection".
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date
from io import StringIO
from itertools import chain

from documents.tables import Book, Cell, Group, Sheet

MEDIA_TYPE = "text/csv; charset=utf-8"
#: Without this mark at its beginning Excel reads UTF-8 as the letters of its country.
_BOM = "\ufeff"
#: The head of the last column, which says of every line up to when it knows the register.
CUT_OFF = "Số liệu đến"
#: Also in the middle of a text: where Excel cuts lines at semicolons or tabs, a cell begins after each. Some keyboards
#: write the wide forms of the marks, which Excel computes as well.
_BEGINS = re.compile(r"(^|[;\t\r\n])(?=[ \t\r\n]*[=+\-@＝＋－＠\t\r\n])")
_BLOCK = 500


def write(book: Book, part: int = 0) -> bytes:
    """One table of a book, by its place."""
    return b"".join(lines(book, part))


def lines(book: Book, part: int = 0) -> Iterator[bytes]:
    """The same in blocks of lines, as the rows come."""
    yield from _encoded(_rows(book, book.sheets[part]))


def _rows(book: Book, sheet: Sheet) -> Iterator[list[str | int]]:
    cut_off = harmless(", ".join(filter(None, (book.cut_off, book.mark))))
    groups = iter(sheet.groups)
    first = next(groups, Group(()))
    grouped = bool(first.title)
    titles = [column.full_title for column in sheet.columns]
    yield [*([sheet.grouped_by] if grouped else []), *titles, CUT_OFF]
    for group in chain([first], groups):
        before = [harmless(group.title)] if grouped else []
        for row in group.rows:
            yield [*before, *map(_plain, row), cut_off]


def _plain(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, int):
        return cell
    return cell.isoformat() if isinstance(cell, date) else harmless(cell)


def harmless(words: str) -> str:
    """The words so that no cell made of them, or of what follows a separator in them, is a formula."""
    return _BEGINS.sub(r"\1'", words)


def _encoded(rows: Iterable[list[str | int]]) -> Iterator[bytes]:
    block = StringIO(_BOM)
    block.seek(0, 2)
    writer = csv.writer(block, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for number, row in enumerate(rows, start=1):
        writer.writerow(row)
        if number % _BLOCK == 0:
            yield block.getvalue().encode()
            block.seek(0)
            block.truncate()
    yield block.getvalue().encode()
