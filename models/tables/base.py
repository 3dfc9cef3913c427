"""What all tables share: naming, STRICT, and the two kinds of guarded rows."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Constraint, Index, Text
from sqlmodel import Field, SQLModel

from models.columns import BIG

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def table(*constraints: Constraint | Index | Iterable[Constraint]) -> tuple[Any, ...]:
    """Table arguments: the constraints, and STRICT typing on SQLite."""
    flat: list[Constraint | Index] = []
    for item in constraints:
        flat.extend([item] if isinstance(item, Constraint | Index) else item)
    return (*flat, {"sqlite_strict": True})


class Subject(SQLModel):
    """A row with a life of its own: its id is that of the event that opened it, its version counts its events."""

    id: int = Field(primary_key=True, sa_type=BIG)
    version: int = Field(sa_type=BIG)
    last_event_id: int = Field(sa_type=BIG)


class Line(SQLModel):
    """An append-only row, known by the event that wrote it and its place among that event's rows."""

    event_id: int = Field(primary_key=True, sa_type=BIG, foreign_key="event.id")
    line: int = Field(primary_key=True, sa_type=BIG)


def text(**more: Any) -> Any:
    """A required text column."""
    return Field(sa_type=Text, **more)


def big(**more: Any) -> Any:
    """A required 64-bit integer: an id, a count or đồng."""
    return Field(sa_type=BIG, **more)
