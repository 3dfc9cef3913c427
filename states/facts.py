"""What a step is judged on: the facts of a project, the person who records, and the order to take the step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from states.actions import Action
from states.vocabulary import STATE_FUND, Authority, Kind, MoneyKind, Paper, Role, Route, Source, Stage, State

#: Asia/Ho_Chi_Minh; Viet Nam keeps no summer time.
OFFICE_TIME = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

#: The largest amount in đồng (and quantity) that a step or a form takes: above any budget of the state, and small
#: enough that a 64-bit column still holds the sum over a whole register, so that no slip breaks everybody's totals.
LARGEST_AMOUNT = 10**15


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts. `unit_id` binds a centre officer to the projects of that unit; `place_ids` is an area scope."""

    id: int
    code: str
    name: str
    role: Role
    unit_id: int | None = None
    place_ids: frozenset[int] | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Facts:
    """A project as the rules see it: a value, never a row.

    `money` in đồng by (source, kind); `quantities` and `accepted` are what it plans and what was accepted
    towards each target of the programme. `work_year` is the plan year, or the year it was carried to.
    """

    code: str
    route: Route
    kind: Kind
    state: State
    stage: Stage
    plan_year: int
    work_year: int
    unit_id: int
    author_id: int
    author_name: str
    place_id: int | None = None
    resume_stage: Stage | None = None
    has_beneficiary: bool = False
    adjustment_open: bool = False
    missing: tuple[str, ...] = ()
    money: Mapping[tuple[Source, MoneyKind], int] = field(default_factory=dict)
    quantities: Mapping[str, int] = field(default_factory=dict)
    accepted: Mapping[str, int] = field(default_factory=dict)
    papers: frozenset[Paper] = frozenset()
    last_decided_on: date | None = None
    last_step: "LastStep | None" = None
    supplement_due_on: date | None = None
    version: int = 1

    @property
    def fund(self) -> Source:
        """The one state fund of the project's route."""
        return STATE_FUND[self.route]

    def amount(self, kind: MoneyKind, source: Source | None = None) -> int:
        return self.money.get((source or self.fund, kind), 0)

    def approved_now(self, source: Source | None = None) -> int:
        """Approved support after adjustments, in đồng."""
        return self.amount(MoneyKind.APPROVED, source) + self.amount(MoneyKind.ADJUSTED, source)

    @property
    def outstanding(self) -> int:
        """Cash given and neither settled nor recovered, in đồng; negative when the department still owes."""
        given = self.amount(MoneyKind.PREPAID) + self.amount(MoneyKind.PAID)
        return given - self.amount(MoneyKind.SETTLED) - self.amount(MoneyKind.RECOVERED)


@dataclass(frozen=True, slots=True)
class LastStep:
    """The latest step that still stands: what a compensating step would undo."""

    event_id: int
    action: Action
    label: str
    from_stage: Stage
    recorder_id: int


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A paper that comes with a step; `sha256` is empty when only the paper original is on file."""

    kind: Paper
    title: str = ""
    number: str = ""
    issued_on: date | None = None
    signer: str = ""
    sha256: str = ""
    size: int = 0
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """The wish to take one step, as it was typed. `decided_on` is the paper's date, `at` the instant of entry.

    `override` is the reason to go above the support ceiling; the paper of the step is what allows it.
    """

    action: Action
    by: Person
    at: datetime
    decided_on: date | None = None
    authority: Authority | None = None
    number: str = ""
    signer: str = ""
    note: str = ""
    amounts: Mapping[Source, int] = field(default_factory=dict)
    quantities: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    papers: tuple[Enclosure, ...] = ()
    override: str = ""
    seen_version: int | None = None

    @property
    def today(self) -> date:
        """The office's calendar day of the entry."""
        return self.at.astimezone(OFFICE_TIME).date()

    @property
    def effective_on(self) -> date:
        """The day on which the decision counts: the paper's date, or today for the department's own steps."""
        return self.decided_on or self.today
