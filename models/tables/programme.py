"""Programmes: contents, budgets by source, numbered targets."""

from datetime import date

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from models.columns import BIG, CodeText, Day, flag, not_negative, one_of
from models.tables.base import Line, Subject, big, table, text
from states.vocabulary import Source


class Programme(Subject, table=True):
    """A programme of several years by decision of the province."""

    __tablename__ = "programme"
    __table_args__ = table(flag("verified"), CheckConstraint("start_year <= end_year", name="years_in_order"))

    code: str = text(unique=True)
    name: str = text()
    prefix: str = text()
    number: str = text()
    issued_on: date | None = Field(default=None, sa_type=Day)
    issuer: str = text()
    signer: str = text()
    start_year: int = big()
    end_year: int = big()
    verified: int = big()


class Content(Line, table=True):
    """One of the programme's contents (nội dung); number 0 stands for what was printed without one (chưa phân bổ)."""

    __tablename__ = "content"
    __table_args__ = table(UniqueConstraint("programme_id", "no"))

    programme_id: int = big(foreign_key="programme.id")
    no: int = big()
    code: str = text()
    name: str = text()


class Budget(Line, table=True):
    """Money of the programme by content and source, in đồng."""

    __tablename__ = "budget"
    __table_args__ = table(
        UniqueConstraint("programme_id", "content_no", "source"),
        one_of("source", Source),
        not_negative("amount"),
    )

    programme_id: int = big(foreign_key="programme.id")
    content_no: int = big()
    source: Source = Field(sa_type=CodeText(Source))
    amount: int = big()


class Target(Line, table=True):
    """A target (chỉ tiêu): one number, a range, or none (then no percentage applies)."""

    __tablename__ = "target"
    __table_args__ = table(UniqueConstraint("programme_id", "code"))

    programme_id: int = big(foreign_key="programme.id")
    content_no: int = big()
    code: str = text()
    name: str = text()
    unit: str = text()
    unit_aliases: str = Field(sa_type=Text)
    quantity: int | None = Field(default=None, sa_type=BIG)
    quantity_min: int | None = Field(default=None, sa_type=BIG)
    quantity_max: int | None = Field(default=None, sa_type=BIG)
