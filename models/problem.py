"""What a verification finds, and how a row that differs from its events is told."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import SQLModel

import models.tables  # noqa: F401  (fills the metadata)
from states.folding import quoted

Row = tuple[Any, ...]
Key = tuple[Any, ...]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that the events do not explain: the table, the exact row, and a sentence for a person."""

    table: str
    key: str
    what: str


#: Yields what it finds wrong and returns what it could read nevertheless.
Finding = Generator[Problem, None, Answer]


def columns_of(table: str) -> tuple[str, ...]:
    return tuple(SQLModel.metadata.tables[table].columns.keys())


def key_of(table: str) -> tuple[str, ...]:
    return tuple(SQLModel.metadata.tables[table].primary_key.columns.keys())


def compare(table: str, expected: Mapping[Key, Row], stored: Mapping[Key, Row]) -> Iterator[Problem]:
    """Compare the rows that the events explain with the rows that stand in a table."""
    if expected == stored:
        return
    for key in sorted(expected.keys() | stored.keys(), key=str):
        if key not in stored:
            yield Problem(table, named(table, key), "thiếu dòng mà sự kiện đã ghi; dòng này đã bị xóa hoặc đổi khóa.")
        elif key not in expected:
            yield Problem(table, named(table, key), "dòng không do sự kiện nào ghi; dòng này được chèn ngoài sổ.")
        else:
            for column, rebuilt, found in zip(columns_of(table), expected[key], stored[key], strict=True):
                if rebuilt != found:
                    yield differs(table, key, column, found, rebuilt)


def differs(table: str, key: Sequence[Any], column: str, found: Any, rebuilt: Any) -> Problem:
    what = f"cột {column} đang là {shown(found)}, theo các sự kiện phải là {shown(rebuilt)}."
    return Problem(table, named(table, key), what)


def named(table: str, key: Sequence[Any]) -> str:
    """Write a primary key as people and scripts find it again: `event_id=40,line=2`."""
    return ",".join(f"{name}={value}" for name, value in zip(key_of(table), key, strict=True))


def shown(value: Any) -> str:
    if value is None:
        return "trống"
    return str(value) if isinstance(value, int) else quoted(str(value))
