"""Tables as plain values, and what every form of them shares: their sums, their heads, how their cells are written.

A table is described once; documents.xlsx, documents.csv and documents.table_pages write it. Amounts are integers in
đồng. Groups and rows may be iterators, so that a table longer than the memory can be written; such a table is
written once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby


class Kind(StrEnum):
    """How the cells of a column are written: `whole` are numbers that are names (years), `number` are counted."""

    TEXT = "text"
    AMOUNT = "amount"
    WHOLE = "whole"
    NUMBER = "number"
    DATE = "date"
    PERCENT = "percent"


#: Nothing is an empty cell. A percentage is whole: 75 is 75 %.
Cell = str | int | date | None
Row = Sequence[Cell]


class TooLongError(Exception):
    """More rows than a form holds; `most` is how many it does."""

    def __init__(self, most: int) -> None:
        super().__init__(f"more than {most} rows")
        self.most = most


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the name that programs know it by, its head, and its width in letters.

    Neighbours of one `band` stand under a common head. A `formula` computes the cell from others of its row, named by
    their keys in braces; the rows bring its value along, for whoever does not compute.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    width: int = 12
    band: str = ""
    summed: bool = False
    formula: str = ""

    @property
    def full_title(self) -> str:
        """The head where no band can stand over it."""
        return f"{self.band}: {self.title}" if self.band else self.title


def amount(key: str, title: str, *, band: str = "", width: int = 15, formula: str = "") -> Column:
    """A column of money in đồng, which is always added up."""
    return Column(key, title, Kind.AMOUNT, width, band, summed=True, formula=formula)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together. With a title they get a line of their own with their sums."""

    rows: Iterable[Row]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table on its pages: what stands over it, its rows, what stands under it."""

    name: str
    titles: tuple[str, ...]
    columns: tuple[Column, ...]
    groups: Iterable[Group]
    #: What the table is about more closely: filters, whose scope, which version.
    subtitles: tuple[str, ...] = ()
    unit: str = ""
    notes: tuple[str, ...] = ()
    #: Who signs, from left to right; nobody where it is empty.
    signers: tuple[str, ...] = ()
    #: The head of the line with all sums; none where it is empty.
    total: str = "Tổng cộng"
    #: What groups are, where their titles stand in a column.
    grouped_by: str = "Nhóm"
    #: Columns at the left that stay when one scrolls.
    frozen: int = 0

    @property
    def summed(self) -> tuple[int, ...]:
        """The places of the columns that are added up."""
        return tuple(place for place, column in enumerate(self.columns) if column.summed)

    @property
    def label_span(self) -> int:
        """How many columns at the left the head of a line of sums takes: all before the first sum."""
        return max(self.summed[0] if self.summed else len(self.columns), 1)


@dataclass(frozen=True, slots=True)
class Book:
    """Several tables in one file. `cut_off` says up to when and which event the figures know the register."""

    issuer: str
    sheets: tuple[Sheet, ...]
    cut_off: str
    made_at: datetime
    #: A warning on every page; empty where nothing has to be warned of.
    mark: str = ""


@dataclass(slots=True)
class Sums:
    """The sums of the columns that are added up, by their places."""

    by_place: dict[int, int] = field(default_factory=dict)

    def add(self, sheet: Sheet, row: Row) -> None:
        for place in sheet.summed:
            value = row[place]
            if isinstance(value, int):
                self.by_place[place] = self.by_place.get(place, 0) + value

    def at(self, place: int) -> int:
        return self.by_place.get(place, 0)


def sums_of(sheet: Sheet, rows: Iterable[Row]) -> Sums:
    """Add up rows."""
    sums = Sums()
    for row in rows:
        sums.add(sheet, row)
    return sums


def bands(columns: Sequence[Column]) -> Iterator[tuple[str, int, int]]:
    """The heads over the columns: the words, the first place, how many; columns without one come one by one."""
    place = 0
    for band, group in groupby(columns, key=lambda column: column.band):
        count = len(list(group))
        if band:
            yield band, place, count
        else:
            yield from (("", place + n, 1) for n in range(count))
        place += count


def dotted(number: int) -> str:
    """A number as the office writes it: 1.234.567."""
    return f"{number:,}".replace(",", ".")


def written(cell: Cell, kind: Kind) -> str:
    """A cell in words, for forms that have nothing but text."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year:04d}"
    if isinstance(cell, int) and kind in (Kind.AMOUNT, Kind.NUMBER):
        return dotted(cell)
    return f"{cell}%" if kind is Kind.PERCENT else str(cell)
