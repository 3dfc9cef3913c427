"""Rules as dated data: calendar, deadlines, ceilings, prepayments, priorities; and the deadlines measured by them."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy import text as sql_text
from sqlmodel import Field, SQLModel

from models.columns import BIG, CodeText, Day, flag, not_negative, one_of
from models.tables.base import Line, Subject, big, table, text
from states.activities import Activity
from states.ceilings import Base
from states.priorities import Criterion
from states.vocabulary import Route


class CalendarRow(Subject, table=True):
    """The working calendar of a jurisdiction; its version counts the changes of its days."""

    __tablename__ = "calendar"
    __table_args__ = table()

    jurisdiction: str = text(unique=True)
    weekend: str = text()
    weekend_basis: str = text()
    weekend_verified: int = big()


class CalendarEntry(Line, table=True):
    """One day that differs from the week, with its document. The latest line of a day is the one that holds."""

    __tablename__ = "calendar_entry"
    __table_args__ = table(
        CheckConstraint("kind IN ('off', 'work')", name="kind_known"),
        flag("verified", "switchable", "active"),
        Index("ix_calendar_entry_day", "calendar_id", "day"),
    )

    calendar_id: int = big(foreign_key="calendar.id")
    day: date = Field(sa_type=Day)
    kind: str = text()
    name: str = text()
    basis: str = text()
    swap_with: date | None = Field(default=None, sa_type=Day)
    verified: int = big()
    switchable: int = big()
    active: int = big()


class CalendarYear(Line, table=True):
    """Whether the days off of a year were confirmed by a document; the latest line of a year holds."""

    __tablename__ = "calendar_year"
    __table_args__ = table(flag("confirmed"))

    calendar_id: int = big(foreign_key="calendar.id")
    year: int = big()
    confirmed: int = big()
    basis: str = text()


class DeadlineRuleRow(Subject, table=True):
    """How long a clock of the lifecycle runs, on which route, since when, on what basis."""

    __tablename__ = "deadline_rule"
    __table_args__ = table(
        CheckConstraint("unit IN ('workdays', 'days', 'date')", name="unit_known"),
        CheckConstraint("roll IN ('forward', 'safe', 'none')", name="roll_known"),
        CheckConstraint("(unit = 'date') = (month IS NOT NULL AND day IS NOT NULL)", name="date_complete"),
        CheckConstraint("(unit <> 'date') = (length IS NOT NULL)", name="length_complete"),
        flag("before", "statutory", "verified", "active"),
    )

    code: str = text(unique=True)
    clock: str = text()
    label: str = text()
    route: Route | None = Field(default=None, sa_type=CodeText(Route))
    unit: str = text()
    length: int | None = Field(default=None, sa_type=BIG)
    month: int | None = Field(default=None, sa_type=BIG)
    day: int | None = Field(default=None, sa_type=BIG)
    year: str = text()
    year_offset: int = big()
    before: int = big()
    roll: str = text()
    basis: str = text()
    statutory: int = big()
    verified: int = big()
    active: int = big()
    effective_from: date = Field(sa_type=Day)
    effective_until: date | None = Field(default=None, sa_type=Day)


class CeilingRuleRow(Subject, table=True):
    """How much support an activity may get: percent of the base and at most `cap` đồng for each `per`."""

    __tablename__ = "ceiling_rule"
    __table_args__ = table(
        one_of("activity", Activity),
        one_of("base", Base),
        one_of("route", Route),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_of_the_base"),
        CheckConstraint("percent IS NOT NULL OR cap IS NOT NULL", name="says_something"),
        CheckConstraint("cap IS NULL OR per <> ''", name="cap_for_each"),
        not_negative("cap"),
        flag("verified"),
    )

    code: str = text(unique=True)
    activity: str = text()
    label: str = text()
    jurisdiction: str = text()
    route: Route | None = Field(default=None, sa_type=CodeText(Route))
    percent: int | None = Field(default=None, sa_type=BIG)
    cap: int | None = Field(default=None, sa_type=BIG)
    per: str = text()
    base: str = text()
    basis: str = text()
    verified: int = big()
    doubt: str = text()
    condition: str = text()
    notes: str = text()
    effective_from: date = Field(sa_type=Day)
    effective_until: date | None = Field(default=None, sa_type=Day)


class PrepaymentRuleRow(Subject, table=True):
    """Which share of the support may be prepaid, by activity and route; `activity` None serves every activity.

    `progress` is the percent of the work that must be done first (0: none); `papers` (JSON) are asked for beside
    those of the step. Without a rule nothing may be prepaid.
    """

    __tablename__ = "prepayment_rule"
    __table_args__ = table(
        one_of("activity", Activity),
        one_of("route", Route),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_of_the_support"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress_in_percent"),
        flag("verified"),
    )

    code: str = text(unique=True)
    activity: Activity | None = Field(default=None, sa_type=CodeText(Activity))
    label: str = text()
    jurisdiction: str = text()
    route: Route = Field(sa_type=CodeText(Route))
    percent: int = big()
    progress: int = big()
    papers: str = text()
    basis: str = text()
    verified: int = big()
    doubt: str = text()
    effective_from: date = Field(sa_type=Day)
    effective_until: date | None = Field(default=None, sa_type=Day)


class PriorityRuleRow(Subject, table=True):
    """What a criterion counts when the projects of a yearly plan are ranked; `route` None serves both routes.

    A model project has no points: it goes first. `jobs` is from how many expected jobs on a project is labour-intensive
    without saying so (0: only where it says so). `activity` is empty: every rule of this kind serves every activity.
    """

    __tablename__ = "priority_rule"
    __table_args__ = table(
        one_of("activity", Activity),
        one_of("criterion", Criterion),
        one_of("route", Route),
        not_negative("points", "jobs"),
        flag("verified"),
    )

    code: str = text(unique=True)
    activity: Activity | None = Field(default=None, sa_type=CodeText(Activity))
    criterion: Criterion = Field(sa_type=CodeText(Criterion))
    label: str = text()
    jurisdiction: str = text()
    route: Route | None = Field(default=None, sa_type=CodeText(Route))
    points: int = big()
    jobs: int = big()
    basis: str = text()
    verified: int = big()
    doubt: str = text()
    effective_from: date = Field(sa_type=Day)
    effective_until: date | None = Field(default=None, sa_type=Day)


class Deadline(SQLModel, table=True):
    """One run of one clock, measured. Derived from events, rules and calendar; `deadlines.rebuild` makes it anew.

    While a clock is paused it has no days; `pauses` keeps the stretches (JSON) that a change of the calendar
    has to measure again.
    """

    __tablename__ = "deadline"
    __table_args__ = table(
        CheckConstraint("status IN ('open', 'paused', 'closed')", name="status_known"),
        CheckConstraint("(status = 'paused') = (printed_on IS NULL)", name="days_unless_paused"),
        one_of("route", Route),
        flag("provisional"),
        not_negative("paused_units"),
        Index("ix_deadline_project", "project_id"),
        # Partial and covering: a sweep reads only what is open, without touching the table.
        Index(
            "ix_deadline_open",
            "safe_on",
            "rolled_on",
            "project_id",
            "clock",
            "rule",
            sqlite_where=sql_text("status = 'open'"),
            postgresql_where=sql_text("status = 'open'"),
        ),
        # Of a project what still runs: most of its deadlines are closed.
        Index(
            "ix_deadline_running",
            "project_id",
            "status",
            "safe_on",
            "rolled_on",
            sqlite_where=sql_text("status <> 'closed'"),
            postgresql_where=sql_text("status <> 'closed'"),
        ),
    )

    project_id: int = Field(primary_key=True, sa_type=BIG, foreign_key="project.id")
    clock: str = Field(primary_key=True, sa_type=Text)
    started_by: int = Field(primary_key=True, sa_type=BIG)
    rule: str = text()
    route: Route = Field(sa_type=CodeText(Route))
    plan_year: int = big()
    work_year: int = big()
    status: str = text()
    started_on: date = Field(sa_type=Day)
    printed_on: date | None = Field(default=None, sa_type=Day)
    rolled_on: date | None = Field(default=None, sa_type=Day)
    safe_on: date | None = Field(default=None, sa_type=Day)
    provisional: int = big()
    paused_units: int = big()
    pauses: str = text()
    stopped_on: date | None = Field(default=None, sa_type=Day)
    stopped_by: int | None = Field(default=None, sa_type=BIG)
