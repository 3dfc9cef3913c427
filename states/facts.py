"""What a step is judged on: the facts of a project, the person who records, and the order to take the step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from states.actions import Action
from states.vocabulary import STATE_FUND, Authority, Change, Kind, MoneyKind, Paper, Role, Route, Source, Stage, State

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
    `contract_waits_for` are the codes of the same contract whose work is not accepted yet. Of a group project
    `named` are its beneficiaries by id, and `shares` says of each one accepted so far whether it passed.
    `is_vouched` marks an old record: it came in ended, and takes no step here.
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
    request: "Request | None" = None
    contract_waits_for: tuple[str, ...] = ()
    named: Mapping[int, str] = field(default_factory=dict)
    shares: Mapping[int, bool] = field(default_factory=dict)
    is_vouched: bool = False
    version: int = 1

    @property
    def fund(self) -> Source:
        """The one state fund of the project's route."""
        return STATE_FUND[self.route]

    @property
    def own_sources(self) -> tuple[Source, Source]:
        """The sources of the project: its state fund, and the counterpart."""
        return (self.fund, Source.COUNTERPART)

    def amount(self, kind: MoneyKind, source: Source | None = None) -> int:
        return self.money.get((source or self.fund, kind), 0)

    def approved_now(self, source: Source | None = None) -> int:
        """Approved support after adjustments, in đồng."""
        return self.amount(MoneyKind.APPROVED, source) + self.amount(MoneyKind.ADJUSTED, source)

    @property
    def accepted_support(self) -> int:
        """State support accepted so far, in đồng."""
        return self.amount(MoneyKind.ACCEPTED)

    @property
    def payable(self) -> int:
        """What the department still owes, in đồng; negative is what must come back. Basis: design §9.

        Before the end the accepted support is due, after it only what was settled and not yet paid.
        """
        closed = self.amount(MoneyKind.SETTLED) or self.amount(MoneyKind.RELEASED)
        return (0 if closed else self.accepted_support) - self.outstanding

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
class Asked:
    """New values that an adjustment asks for; what is left out stays as it is.

    `amounts` are the new approved đồng by source, `targets` the new quantities, `columns` new values of the
    project's own columns (place, partner, days, activity, scope, cost), `beneficiaries` all that shall be named.
    """

    kinds: frozenset[Change] = frozenset()
    amounts: Mapping[Source, int] = field(default_factory=dict)
    targets: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    beneficiaries: tuple[int, ...] | None = None
    next_year: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """The adjustment request that is open: what it asks for and whether the department has confirmed it.

    `since` is the latest day on its papers: that of the confirmation, or of the request itself.
    """

    id: int
    asked: Asked
    confirmed: bool
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Instalment:
    """Part of the money to come back, in đồng, and the day by which it must be here."""

    due_on: date
    amount: int


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

    `override` is the reason to go above the support ceiling; the paper of the step is what allows it. `cost` is
    the eligible cost accepted, in đồng; `progress` the percent of the work done; `beneficiary_id` whose share of a
    group project is accepted; `instalments` when the money shall come back; `asked` what an adjustment asks for;
    `listed_year` the year of the plan that an approval is a line of.
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
    cost: int | None = None
    progress: int | None = None
    beneficiary_id: int | None = None
    instalments: tuple[Instalment, ...] = ()
    asked: Asked | None = None
    listed_year: int | None = None
    seen_version: int | None = None

    @property
    def today(self) -> date:
        """The office's calendar day of the entry."""
        return self.at.astimezone(OFFICE_TIME).date()

    @property
    def effective_on(self) -> date:
        """The day on which the decision counts: the paper's date, or today for the department's own steps."""
        return self.decided_on or self.today
