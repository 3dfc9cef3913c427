"""Units, people, beneficiaries, places and bodies."""

from datetime import date

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from models.columns import BIG, CodeText, Day, flag, one_of
from models.tables.base import Line, Subject, big, table, text
from states.vocabulary import Role


class Place(Subject, table=True):
    """An administrative unit with its days of validity; an old record keeps the unit of its time."""

    __tablename__ = "place"
    __table_args__ = table(flag("verified"))

    code: str = text(unique=True)
    name: str = text()
    kind: str = text()
    level: str = text()
    parent_id: int | None = Field(default=None, sa_type=BIG, foreign_key="place.id")
    valid_from: date | None = Field(default=None, sa_type=Day)
    valid_to: date | None = Field(default=None, sa_type=Day)
    folded_name: str = text(index=True)
    basis: str = text()
    verified: int = big()


class PlaceSuccessor(Line, table=True):
    """Which unit took over which: n to m, because an old commune may have been split."""

    __tablename__ = "place_successor"
    __table_args__ = table(Index("ix_place_successor_place", "place_id", "successor_id"))

    place_id: int = big(foreign_key="place.id")
    successor_id: int = big(foreign_key="place.id")
    verified: int = big()


class Body(Subject, table=True):
    """The real body behind an authority between two days, so that old papers print the old name."""

    __tablename__ = "body"
    __table_args__ = table(flag("verified"))

    authority: str = text()
    name: str = text()
    letters: str = text()
    head: str = text()
    place_id: int | None = Field(default=None, sa_type=BIG, foreign_key="place.id")
    valid_from: date | None = Field(default=None, sa_type=Day)
    valid_to: date | None = Field(default=None, sa_type=Day)
    basis: str = text()
    verified: int = big()


class Unit(Subject, table=True):
    """An executing unit (đơn vị thực hiện), or an office that people belong to."""

    __tablename__ = "unit"
    __table_args__ = table(flag("executes", "active"))

    code: str = text(unique=True)
    name: str = text()
    executes: int = big()
    active: int = big()


class PersonRow(Subject, table=True):
    """A person who works with the register. Contact data stand apart, so that events never carry them."""

    __tablename__ = "person"
    __table_args__ = table(one_of("role", Role), flag("active"))

    code: str = text(unique=True)
    name: str = text()
    role: Role = Field(sa_type=CodeText(Role))
    unit_id: int | None = Field(default=None, sa_type=BIG, foreign_key="unit.id")
    place_id: int | None = Field(default=None, sa_type=BIG, foreign_key="place.id")
    active: int = big()


class Contact(SQLModel, table=True):
    """Where a person is reached. Not guarded by the ledger: personal data may be erased."""

    __tablename__ = "contact"
    __table_args__ = table()

    person_id: int = Field(primary_key=True, sa_type=BIG, foreign_key="person.id")
    email: str = text()
    phone: str = text()


class Beneficiary(Subject, table=True):
    """A cơ sở công nghiệp nông thôn. One row across all years, found again by tax code and folded name."""

    __tablename__ = "beneficiary"
    __table_args__ = table(flag("women_owned", "ethnic_minority_owned"))

    name: str = text()
    folded_name: str = text(index=True)
    tax_code: str | None = Field(default=None, sa_type=Text, unique=True)
    kind: str = text()
    place_id: int | None = Field(default=None, sa_type=BIG, foreign_key="place.id")
    women_owned: int = big()
    ethnic_minority_owned: int = big()
