"""Money and quantities: append-only entries, and the balances that are their sums."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text
from sqlmodel import Field, SQLModel

from models.columns import BIG, CodeText, flag, not_negative, one_of
from models.tables.base import Line, big, table, text
from states.effects import QuantityKind
from states.vocabulary import MoneyKind, Source

_DIRECTION = "direction IN (-1, 1)"


class MoneyEntry(Line, table=True):
    """One amount in đồng, ≥ 0, that an event added (direction 1) or took back (-1)."""

    __tablename__ = "money_entry"
    __table_args__ = table(
        one_of("source", Source),
        one_of("kind", MoneyKind),
        not_negative("amount"),
        CheckConstraint(_DIRECTION, name="direction_known"),
        Index("ix_money_entry_project", "project_id"),
    )

    project_id: int = big(foreign_key="project.id")
    beneficiary_id: int | None = Field(default=None, sa_type=BIG, foreign_key="beneficiary.id")
    source: Source = Field(sa_type=CodeText(Source))
    kind: MoneyKind = Field(sa_type=CodeText(MoneyKind))
    amount: int = big()
    direction: int = big()


class QuantityEntry(Line, table=True):
    """One quantity towards a target that an event added or took back."""

    __tablename__ = "quantity_entry"
    __table_args__ = table(
        one_of("kind", QuantityKind),
        not_negative("quantity"),
        CheckConstraint(_DIRECTION, name="direction_known"),
        Index("ix_quantity_entry_project", "project_id"),
    )

    project_id: int = big(foreign_key="project.id")
    target_code: str = text()
    kind: QuantityKind = Field(sa_type=CodeText(QuantityKind))
    quantity: int = big()
    direction: int = big()


class Funding(SQLModel, table=True):
    """The money of one project from one source: the sums of its entries in đồng, for guards and roll-ups.

    `adjusted` alone may be negative: it is the change that decisions made to what was approved.
    """

    __tablename__ = "funding"
    __table_args__ = table(
        one_of("source", Source),
        not_negative(*(kind for kind in MoneyKind if kind is not MoneyKind.ADJUSTED)),
        CheckConstraint("approved + adjusted >= 0", name="approved_now_not_negative"),
        flag("counted"),
        ForeignKeyConstraint(["programme_id", "content_no"], ["content.programme_id", "content.no"]),
        Index("ix_funding_rollup", "programme_id", "content_no", "source"),
    )

    project_id: int = Field(primary_key=True, sa_type=BIG, foreign_key="project.id")
    source: Source = Field(primary_key=True, sa_type=CodeText(Source))
    programme_id: int = big()
    content_no: int = big()
    plan_year: int = big()
    counted: int = big()
    asked: int = big()
    appraised: int = big()
    approved: int = big()
    adjusted: int = big()
    contracted: int = big()
    accepted: int = big()
    allotted: int = big()
    prepaid: int = big()
    paid: int = big()
    settled: int = big()
    released: int = big()
    recovered: int = big()


class Contribution(SQLModel, table=True):
    """What one project adds to one target: the sums of its entries, ready for the roll-up without a join."""

    __tablename__ = "contribution"
    __table_args__ = table(
        not_negative(*QuantityKind),
        flag("counted"),
        ForeignKeyConstraint(["programme_id", "target_code"], ["target.programme_id", "target.code"]),
        Index("ix_contribution_rollup", "programme_id", "target_code"),
    )

    project_id: int = Field(primary_key=True, sa_type=BIG, foreign_key="project.id")
    target_code: str = Field(primary_key=True, sa_type=Text)
    programme_id: int = big()
    plan_year: int = big()
    counted: int = big()
    planned: int = big()
    approved: int = big()
    accepted: int = big()
    settled: int = big()
