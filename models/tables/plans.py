"""Yearly plans: their lines, their immutable versions, forks to try things out; and frozen reports."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from models.columns import CodeText, Day, not_negative, one_of
from models.tables.base import Line, Subject, big, table, text
from states.periods import PeriodKind
from states.planning import ForkStatus, PlanStatus, ReportStatus
from states.vocabulary import Route, Source

_DIRECTION = "direction IN (-1, 1)"


class Plan(Subject, table=True):
    """The plan of one programme, year and route. `revision` counts the adjustments after the approval."""

    __tablename__ = "plan"
    __table_args__ = table(
        one_of("route", Route),
        one_of("status", PlanStatus),
        not_negative("revision"),
        UniqueConstraint("programme_id", "year", "route"),
    )

    programme_id: int = big(foreign_key="programme.id")
    year: int = big()
    route: Route = Field(sa_type=CodeText(Route))
    status: PlanStatus = Field(sa_type=CodeText(PlanStatus))
    revision: int = big()


class PlanLine(Line, table=True):
    """What a plan proposes for one project, in đồng per source; direction -1 takes it out or lowers it."""

    __tablename__ = "plan_line"
    __table_args__ = table(
        one_of("source", Source),
        not_negative("amount"),
        CheckConstraint(_DIRECTION, name="direction_known"),
        Index("ix_plan_line_plan", "plan_id", "project_id"),
        Index("ix_plan_line_project", "project_id"),
    )

    plan_id: int = big(foreign_key="plan.id")
    project_id: int = big(foreign_key="project.id")
    source: Source = Field(sa_type=CodeText(Source))
    amount: int = big()
    direction: int = big()
    why: str = text()


class PlanVersion(Line, table=True):
    """A plan as it stood when its status changed: canonical JSON under its SHA-256, with the last event it saw."""

    __tablename__ = "plan_version"
    __table_args__ = table(
        one_of("status", PlanStatus),
        UniqueConstraint("plan_id", "no"),
    )

    plan_id: int = big(foreign_key="plan.id")
    no: int = big()
    status: PlanStatus = Field(sa_type=CodeText(PlanStatus))
    revision: int = big()
    cutoff_event: int = big()
    cutoff_on: date = Field(sa_type=Day)
    number: str = text()
    body: str = text()
    sha256: str = text()


class PlanFork(Subject, table=True):
    """A copy of a plan in which something is tried out; it changes nothing until it becomes the proposal."""

    __tablename__ = "plan_fork"
    __table_args__ = table(one_of("status", ForkStatus), UniqueConstraint("plan_id", "name"))

    plan_id: int = big(foreign_key="plan.id")
    name: str = text()
    status: ForkStatus = Field(sa_type=CodeText(ForkStatus))
    note: str = text()


class PlanForkLine(Line, table=True):
    """A line of a fork, as a line of a plan; `months` moves the work of the project later (or, below zero, sooner)."""

    __tablename__ = "plan_fork_line"
    __table_args__ = table(
        one_of("source", Source),
        not_negative("amount"),
        CheckConstraint(_DIRECTION, name="direction_known"),
        Index("ix_plan_fork_line_fork", "fork_id", "project_id"),
    )

    fork_id: int = big(foreign_key="plan_fork.id")
    project_id: int = big(foreign_key="project.id")
    source: Source = Field(sa_type=CodeText(Source))
    amount: int = big()
    direction: int = big()
    months: int = big()
    why: str = text()


class Report(Subject, table=True):
    """A report with its data cut-off. Frozen when signed: the body stays, later entries show as differences."""

    __tablename__ = "report"
    __table_args__ = table(
        one_of("kind", PeriodKind),
        one_of("status", ReportStatus),
        UniqueConstraint("programme_id", "kind", "first_on", "last_on", "issue"),
    )

    programme_id: int = big(foreign_key="programme.id")
    kind: PeriodKind = Field(sa_type=CodeText(PeriodKind))
    first_on: date = Field(sa_type=Day)
    last_on: date = Field(sa_type=Day)
    issue: int = big()
    status: ReportStatus = Field(sa_type=CodeText(ReportStatus))
    cutoff_event: int = big()
    number: str = text()
    signer: str = text()
    signed_on: date | None = Field(default=None, sa_type=Day)
    body: str = text()
    sha256: str = text()
