"""After the approval: contracts, adjustment requests, acceptances, and the days on which money must come back."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from models.columns import BIG, CodeText, Day, not_negative, one_of
from models.tables.base import Line, Subject, big, table, text
from states.vocabulary import Authority, Outcome, RequestStatus, Route, Source

_DIRECTION = "direction IN (-1, 1)"


class Contract(Subject, table=True):
    """A contract over one or several projects of one unit and route. `total` is their state support in đồng."""

    __tablename__ = "contract"
    __table_args__ = table(
        one_of("authority", Authority),
        one_of("route", Route),
        not_negative("total"),
        UniqueConstraint("authority", "number", "signed_on"),
        Index("ix_contract_signed_on", "signed_on"),
    )

    number: str = text()
    signed_on: date = Field(sa_type=Day)
    signer: str = text()
    authority: Authority = Field(sa_type=CodeText(Authority))
    route: Route = Field(sa_type=CodeText(Route))
    unit_id: int = big(foreign_key="unit.id")
    party_a: str = text()
    party_b: str = text()
    total: int = big()


class ContractLine(Line, table=True):
    """What a contract gives to one project, in đồng per source; an annex adds the difference, -1 takes back."""

    __tablename__ = "contract_line"
    __table_args__ = table(
        one_of("source", Source),
        not_negative("amount"),
        CheckConstraint(_DIRECTION, name="direction_known"),
        Index("ix_contract_line_contract", "contract_id", "project_id"),
        Index("ix_contract_line_project", "project_id"),
    )

    contract_id: int = big(foreign_key="contract.id")
    project_id: int = big(foreign_key="project.id")
    source: Source = Field(sa_type=CodeText(Source))
    amount: int = big()
    direction: int = big()


class Adjustment(Subject, table=True):
    """A request to change an approved project, and what became of it.

    `kinds`, `asked`, `was` and `granted` are JSON: what kinds of change, the new values asked for, the values
    that stood on the day of the request, and what the decision wrote.
    """

    __tablename__ = "adjustment"
    __table_args__ = table(
        one_of("authority", Authority),
        one_of("status", RequestStatus),
        Index("ix_adjustment_project", "project_id", "status"),
    )

    project_id: int = big(foreign_key="project.id")
    status: RequestStatus = Field(sa_type=CodeText(RequestStatus))
    number: str = text()
    requested_on: date = Field(sa_type=Day)
    reason: str = text()
    kinds: str = text()
    authority: Authority = Field(sa_type=CodeText(Authority))
    asked: str = text()
    was: str = text()
    confirmed_number: str = text()
    confirmed_on: date | None = Field(default=None, sa_type=Day)
    confirmed_signer: str = text()
    decision_number: str = text()
    decided_on: date | None = Field(default=None, sa_type=Day)
    decision_signer: str = text()
    granted: str = text()


class Acceptance(Line, table=True):
    """One facility acceptance: of a project, or of one beneficiary's share in a group project.

    `cost` is the eligible cost that was accepted (0: not stated), `support` and `counterpart` the accepted value,
    all in đồng; `quantities` is JSON by target. An acceptance recorded by mistake is a row with direction -1.
    """

    __tablename__ = "acceptance"
    __table_args__ = table(
        one_of("outcome", Outcome),
        not_negative("cost", "support", "counterpart"),
        CheckConstraint(_DIRECTION, name="direction_known"),
        Index("ix_acceptance_project", "project_id"),
    )

    project_id: int = big(foreign_key="project.id")
    beneficiary_id: int | None = Field(default=None, sa_type=BIG, foreign_key="beneficiary.id")
    outcome: Outcome = Field(sa_type=CodeText(Outcome))
    held_on: date = Field(sa_type=Day)
    cost: int = big()
    support: int = big()
    counterpart: int = big()
    quantities: str = text()
    reason: str = text()
    direction: int = big()


class RecoveryDue(Line, table=True):
    """A day by which part of the money must have come back, in đồng. The receipts are the money entries."""

    __tablename__ = "recovery_due"
    __table_args__ = table(
        not_negative("amount"),
        CheckConstraint(_DIRECTION, name="direction_known"),
        Index("ix_recovery_due_project", "project_id"),
    )

    project_id: int = big(foreign_key="project.id")
    due_on: date = Field(sa_type=Day)
    amount: int = big()
    direction: int = big()
