"""The cells of one row by what their columns say."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from states.imports.cells import says_nothing
from states.imports.head_words import Field
from states.imports.heads import Column, Value
from states.imports.wanted import Trouble, Wanted
from states.refusal import Refused

Read = TypeVar("Read")


class Cells:
    """The cells of one row by what their columns say; failures go to the row."""

    def __init__(self, columns: Mapping[Field, Column], cells: Mapping[int, Value], wanted: Wanted) -> None:
        self._columns, self._cells, self.wanted = columns, cells, wanted

    def value(self, name: Field) -> Value:
        column = self._columns.get(name)
        value = self._cells.get(column.index) if column else None
        return None if says_nothing(value) else value

    def read(self, name: Field, reader: Callable[[Value], Read]) -> Read | None:
        value = self.value(name)
        if value is None:
            return None
        try:
            return reader(value)
        except Refused as refused:
            self.fail(name, *refused.reasons)
            return None

    def scale(self, name: Field) -> int | None:
        """What one unit of a column's amounts is in đồng, where its head says so."""
        column = self._columns.get(name)
        return column.scale if column else None

    def put(self, name: Field, column: str, value: Any) -> None:
        self.wanted.values[column] = value
        self.wanted.places[column] = self._columns[name].index

    def place(self, name: Field, told: str) -> None:
        """Remember in which column a value that is no column of the project stood."""
        if column := self._columns.get(name):
            self.wanted.places[told] = column.index

    def fail(self, name: Field, *sentences: str) -> None:
        column = self._columns.get(name)
        self.wanted.troubles += [Trouble(column.index if column else None, sentence) for sentence in sentences]


def several(value: Value) -> list[str]:
    """Several names in one cell stand on lines of their own, or between semicolons."""
    if value is None:
        return []
    return [part.strip() for line in str(value).splitlines() for part in line.split(";") if part.strip()]
