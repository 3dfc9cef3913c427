"""The slot ledger of the periodic jobs, and the seals over the ledger of events."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.columns import BIG, CodeText, Day, Instant, not_negative, one_of
from models.tables.base import big, table, text
from states.slots import SlotStatus


class Slot(SQLModel, table=True):
    """One row for each expected run of a job: ran, late, missed, skipped with its reason, or failed.

    `slot` names the run within its job: a business date, or that and a time. While a run goes on, `lease_until` keeps
    others from doing the same; whoever finds it run out may take over.
    """

    __tablename__ = "slot"
    __table_args__ = table(
        one_of("status", SlotStatus),
        not_negative("attempts"),
        Index("ix_slot_due", "due_at"),
    )

    job: str = text(primary_key=True)
    slot: str = text(primary_key=True)
    due_at: datetime = Field(sa_type=Instant)
    status: SlotStatus = Field(sa_type=CodeText(SlotStatus))
    attempts: int = big()
    worker: str = text()
    started_at: datetime | None = Field(default=None, sa_type=Instant)
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str = text()
    result: str = text()
    result_hash: str = text()


class Seal(SQLModel, table=True):
    """A seal over a range of events under a key that is not in this database, chained to the seal before.

    Not guarded by the ledger: whoever changes a seal breaks its code.
    """

    __tablename__ = "seal"
    __table_args__ = table(
        CheckConstraint("last_event >= first_event - 1", name="range_in_order"),
        not_negative("count"),
        UniqueConstraint("business_date"),
    )

    no: int = Field(primary_key=True, sa_type=BIG)
    business_date: date = Field(sa_type=Day)
    first_event: int = big()
    last_event: int = big()
    count: int = big()
    root: str = text()
    previous: str = text()
    code: str = text()
