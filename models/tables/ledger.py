"""The ledger's own tables: the counter, the events, and the edges that the path trigger looks up."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field, SQLModel

from models.columns import BIG, CodeText, Day, Instant
from models.tables.base import Subject, big, table, text
from states.vocabulary import Authority, Stage


class LedgerHead(SQLModel, table=True):
    """One row: the number of the last event. Counted in the same transaction, so a cut tail shows at once."""

    __tablename__ = "ledger_head"
    __table_args__ = table(CheckConstraint("id = 1", name="one_row"))

    id: int = Field(primary_key=True, sa_type=BIG)
    last_event_id: int = big()


class Event(SQLModel, table=True):
    """One thing that happened. `body` is the canonical text that is hashed; the columns repeat it for queries."""

    __tablename__ = "event"
    __table_args__ = table(
        Index("uq_event_subject", "subject_kind", "subject_id", "seq", unique=True),
        Index("ix_event_recorded_at", "recorded_at"),
    )

    id: int = Field(primary_key=True, sa_type=BIG)
    subject_kind: str = text()
    subject_id: int = big()
    seq: int = big()
    action: str = text()
    from_stage: Stage | None = Field(default=None, sa_type=CodeText(Stage))
    to_stage: Stage | None = Field(default=None, sa_type=CodeText(Stage))
    decided_on: date | None = Field(default=None, sa_type=Day)
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: int | None = Field(default=None, sa_type=BIG)
    authority: Authority | None = Field(default=None, sa_type=CodeText(Authority))
    number: str = text()
    note: str = text()
    body: str = text()
    hash: str = text()


class LifecycleEdge(SQLModel, table=True):
    """The lawful moves of a project, derived from the lifecycle table and compared with it by `dean verify`."""

    __tablename__ = "lifecycle_edge"
    __table_args__ = table()

    action: str = Field(primary_key=True, sa_type=Text)
    from_stage: str = Field(primary_key=True, sa_type=Text)
    to_stage: str = Field(primary_key=True, sa_type=Text)


class Register(Subject, table=True):
    """What this database is: an office's register or a demonstration. Its first event says which."""

    __tablename__ = "register"
    __table_args__ = table(CheckConstraint("is_demonstration IN (0, 1)", name="is_demonstration_flag"))

    title: str = text()
    province: str = text()
    is_demonstration: int = big()
