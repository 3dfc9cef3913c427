"""Projects, what stands around them, and their papers."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy import text as sql_text
from sqlmodel import Field, SQLModel

from models.columns import BIG, BYTEWISE, CodeText, Day, Instant, flag, not_negative, one_of
from models.tables.base import Line, Subject, big, table, text
from states.machine import stage_pairs
from states.vocabulary import Authority, Kind, Paper, Route, Source, Stage, State

#: What a code is made of, in the order of codes; and what seldom changes.
_BY_CODE = ("programme_id", "plan_year", "serial", "route", "content_no")
_PAIRS = ", ".join(f"'{state}/{stage}'" for state, stage in stage_pairs())


class Project(Subject, table=True):
    """A đề án khuyến công. `work_year` is the plan year, or the year that the work was carried to.

    `equipment` names the machine, line or product supported, by which support given twice is recognised.
    """

    __tablename__ = "project"
    __table_args__ = table(
        one_of("route", Route),
        one_of("kind", Kind),
        CheckConstraint(f"state || '/' || stage IN ({_PAIRS})", name="state_fits_stage"),
        CheckConstraint("work_year >= plan_year", name="work_year_in_order"),
        CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="days_in_order"),
        flag("adjustment_open", "counted"),
        not_negative("total_cost", "expected_jobs", "expected_revenue"),
        UniqueConstraint("programme_id", "plan_year", "serial"),
        ForeignKeyConstraint(["programme_id", "content_no"], ["content.programme_id", "content.no"]),
        Index("ix_project_stage_moved", "stage", "moved_at"),
        # What waits for the officers of a unit, and what a commune sees, is found without reading other projects.
        Index("ix_project_unit_stage", "unit_id", "stage", "moved_at"),
        Index("ix_project_place_stage", "place_id", "stage", "moved_at"),
        # Lists in the order of codes, with all that they may be filtered by: of everything, of a stage, and of a stage
        # within a unit or a place.
        Index("ix_project_code_order", *_BY_CODE, "unit_id", "place_id"),
        Index("ix_project_stage_code", "stage", *_BY_CODE, "unit_id", "place_id", "state"),
        Index("ix_project_unit_code", "unit_id", "stage", *_BY_CODE, "place_id", "state"),
        Index("ix_project_place_code", "place_id", "stage", *_BY_CODE, "unit_id", "state"),
        Index(
            "ix_project_vouched",
            "programme_id",
            sqlite_where=sql_text("vouched_by IS NOT NULL"),
            postgresql_where=sql_text("vouched_by IS NOT NULL"),
        ),
    )

    code: str = text(unique=True)
    serial: int = big()
    name: str = text()
    programme_id: int = big(foreign_key="programme.id")
    content_no: int = big()
    activity: str = text()
    route: Route = Field(sa_type=CodeText(Route))
    kind: Kind = Field(sa_type=CodeText(Kind))
    plan_year: int = big()
    work_year: int = big()
    unit_id: int = big(foreign_key="unit.id")
    author_id: int = big(foreign_key="person.id")
    place_id: int | None = Field(default=None, sa_type=BIG, foreign_key="place.id")
    contract_id: int | None = Field(default=None, sa_type=BIG, foreign_key="contract.id", index=True)
    equipment: str | None = Field(default=None, sa_type=Text)
    partner: str = text()
    objectives: str = text()
    scope: str = text()
    starts_on: date | None = Field(default=None, sa_type=Day)
    ends_on: date | None = Field(default=None, sa_type=Day)
    total_cost: int = big()
    expected_jobs: int = big()
    expected_revenue: int = big()
    expected_effect: str = text()
    priorities: str = text()
    state: State = Field(sa_type=CodeText(State))
    stage: Stage = Field(sa_type=CodeText(Stage))
    resume_stage: Stage | None = Field(default=None, sa_type=CodeText(Stage))
    adjustment_open: int = big()
    missing: str = text()
    counted: int = big()
    decided_on: date | None = Field(default=None, sa_type=Day)
    moved_at: datetime = Field(sa_type=Instant)
    #: Set for what came in whole: nobody is reminded of what fell before.
    remind_from: date | None = Field(default=None, sa_type=Day)
    #: Who answers for an old record: set for what came in ended, and for nothing else.
    vouched_by: int | None = Field(default=None, sa_type=BIG, foreign_key="person.id")
    search_text: str = text()


class ProjectSearch(SQLModel, table=True):
    """What a project is found and sorted by, derived from its row and its beneficiaries; `searching` makes it anew.

    `words` is folded text: that of the project, then name and tax code of each beneficiary, a line each. `name_key`
    has the order of a Vietnamese dictionary in its bytes.
    """

    __tablename__ = "project_search"
    __table_args__ = table(Index("ix_project_search_name", "name_key", "project_id"))

    project_id: int = Field(primary_key=True, sa_type=BIG, foreign_key="project.id")
    words: str = text()
    name_key: str = Field(sa_type=BYTEWISE)


class ProjectBeneficiary(Line, table=True):
    """Who benefits from a project. A name withdrawn is a row with direction -1."""

    __tablename__ = "project_beneficiary"
    __table_args__ = table(
        Index("ix_project_beneficiary_project", "project_id"),
        Index("ix_project_beneficiary_beneficiary", "beneficiary_id"),
        CheckConstraint("direction IN (-1, 1)", name="direction_known"),
    )

    project_id: int = big(foreign_key="project.id")
    beneficiary_id: int = big(foreign_key="beneficiary.id")
    direction: int = big()


class PaperRow(Line, table=True):
    """A paper with its number and, where it was uploaded, its file under its SHA-256."""

    __tablename__ = "paper"
    __table_args__ = table(
        one_of("kind", Paper),
        not_negative("size"),
        Index("ix_paper_subject", "subject_kind", "subject_id", "kind"),
        Index("ix_paper_sha256", "sha256"),
    )

    subject_kind: str = text()
    subject_id: int = big()
    kind: Paper = Field(sa_type=CodeText(Paper))
    title: str = text()
    version: int = big()
    number: str = text()
    issued_on: date | None = Field(default=None, sa_type=Day)
    signer: str = text()
    sha256: str = text()
    size: int = big()
    file_name: str = text()


class Decision(Subject, table=True):
    """A decision that covers many projects. `annex_total` is its printed grand total, other provinces included."""

    __tablename__ = "decision"
    __table_args__ = table(
        one_of("authority", Authority),
        not_negative("total"),
        UniqueConstraint("authority", "number", "decided_on"),
    )

    number: str = text()
    decided_on: date = Field(sa_type=Day)
    signer: str = text()
    authority: Authority = Field(sa_type=CodeText(Authority))
    total: int = big()
    annex_total: int | None = Field(default=None, sa_type=BIG)


class DecisionLine(Line, table=True):
    """What one decision grants to one project, in đồng per source; direction -1 takes a mistaken line back."""

    __tablename__ = "decision_line"
    __table_args__ = table(
        one_of("source", Source),
        not_negative("amount"),
        CheckConstraint("direction IN (-1, 1)", name="direction_known"),
        Index("ix_decision_line_decision", "decision_id", "project_id"),
        Index("ix_decision_line_project", "project_id"),
    )

    decision_id: int = big(foreign_key="decision.id")
    project_id: int = big(foreign_key="project.id")
    source: Source = Field(sa_type=CodeText(Source))
    amount: int = big()
    direction: int = big()
    note: str = Field(default="", sa_type=Text)
