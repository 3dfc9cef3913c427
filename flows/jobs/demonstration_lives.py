"""One project's life in the demonstration, written down as happenings that are played later in the order of time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flows.jobs.demonstration_days import draw, office_instant, workday_from, workdays_later
from flows.jobs.demonstration_fates import Fate
from flows.jobs.demonstration_material import Proposal
from flows.jobs.demonstration_plans import SIGNERS, Decision, letters, outside_number
from states.actions import Action
from states.facts import Instalment
from states.judge import OUTSIDE
from states.steps import STEP
from states.vocabulary import STATE_FUND, Authority, Change, Paper, Route, Source


@dataclass(frozen=True, slots=True)
class Desk:
    """The codes of the people who work on a project; `leader_name` signs for the department."""

    author: str
    coordinator: str
    colleague: str
    leader: str
    leader_name: str
    finance: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper to enclose; with `text` also a file."""

    kind: Paper
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """The author writes a draft, under a name that may hold a slip of the pen."""

    proposal: Proposal
    route: Route
    name: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What an adjustment request asks for: as `states.facts.Asked`, with place and beneficiaries by their codes."""

    kinds: frozenset[Change] = frozenset()
    amounts: Mapping[Source, int] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""
    beneficiaries: tuple[str, ...] | None = None
    next_year: bool = False


@dataclass(frozen=True, slots=True)
class Stepping:
    """A step of the lifecycle. A `number` that starts with a slash is a series, numbered when it is played.

    `beneficiary` is the code of whose share is accepted; all else is as in `states.facts.Order`.
    """

    action: Action
    authority: Authority
    number: str = ""
    decided_on: date | None = None
    signer: str = ""
    note: str = ""
    amounts: Mapping[Source, int] = field(default_factory=dict)
    quantities: Mapping[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    cost: int | None = None
    progress: int | None = None
    beneficiary: str = ""
    instalments: tuple[Instalment, ...] = ()
    wish: Wish | None = None


@dataclass(frozen=True, slots=True)
class Amending:
    """A change of what the project says; `beneficiaries` names those of a group project."""

    values: Mapping[str, Any]
    note: str
    beneficiaries: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Approving:
    """A decision on the projects of `lines`, with the state support of each in đồng."""

    decision: Decision
    lines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Signing:
    """One contract over the projects of `keys`; its number is a series and `total` their state support in đồng."""

    keys: tuple[str, ...]
    number: str
    signed_on: date
    signer: str
    total: int


@dataclass(frozen=True, slots=True)
class Closing:
    """The close of the plan of a year and route."""

    year: int
    route: Route


@dataclass(frozen=True, slots=True)
class Happening:
    at: datetime
    key: str
    by: str
    what: Opening | Stepping | Amending | Approving | Signing | Closing


@dataclass(slots=True)
class Life:
    """A project's days so far. Each happening is entered on a later working day than the one before.

    `granted` is the state support that stands now, in đồng: asked, then appraised, then approved and adjusted;
    `cost` and `counterpart` are the whole cost and the firm's part of it. `beneficiaries` are known from the
    approval on. `partners` are all projects of the same contract, and `done_on` is the day from which this one
    no longer holds up their settlement.
    """

    proposal: Proposal
    fate: Fate
    desk: Desk
    route: Route
    granted: int
    counterpart: int
    cost: int
    work_year: int
    beneficiaries: tuple[str, ...]
    day: date = date.min
    paper_on: date = date.min
    done_on: date = date.max
    prepaid: int = 0
    accepted: int = 0
    is_funded: bool = False
    decision: Decision | None = None
    partners: "tuple[Life, ...]" = field(default=(), repr=False, compare=False)
    happenings: list[Happening] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.proposal.key

    @property
    def fund(self) -> Source:
        return STATE_FUND[self.route]

    @property
    def is_national(self) -> bool:
        return self.route is Route.NATIONAL

    @property
    def plan(self) -> Decision:
        """The decision that approved the project."""
        assert self.decision is not None
        return self.decision

    def draw(self, low: int, high: int, what: str) -> int:
        return draw(low, high, self.key, what)

    def wait(self, low: int, high: int, *, by: date | None = None) -> None:
        """Let a drawn number of working days pass, but not beyond `by` where one more day is left before it."""
        day = workdays_later(self.day, self.draw(low, high, f"wait {len(self.happenings)}"))
        if by is not None and day > by:
            day = max(workdays_later(by + timedelta(days=1), -1), workdays_later(self.day, 1))
        self.day = day

    def not_before(self, day: date) -> None:
        self.day = max(self.day, workday_from(day))

    def happens(self, by: str, what: Opening | Stepping | Amending) -> None:
        self.happenings.append(Happening(office_instant(self.day, self.key), self.key, by, what))

    def step(self, action: Action, by: str, prefix: str = "", **typed: Any) -> None:
        """Take a step today. A paper from outside the department is dated up to three working days earlier.

        `prefix` is the abbreviation of the paper's type; the body's own letters and a number join it.
        """
        authority = typed.pop("authority", None) or STEP[action].authorities[self.route][0]
        outside = authority in OUTSIDE
        if outside and "decided_on" not in typed:
            lag = self.draw(0, 3, f"lag {len(self.happenings)}")
            typed["decided_on"] = max(self.paper_on, workdays_later(self.day, -lag))
        dated = typed.get("decided_on") or self.day
        if prefix:
            typed["number"] = (
                outside_number(authority, prefix, dated, self.key)
                if outside and prefix not in _COUNTED
                else f"/{prefix}-{self._own_letters(authority, dated)}"
            )
        if STEP[action].signed:
            typed["signer"] = SIGNERS.get(authority, self.desk.leader_name)
        self.happens(by, Stepping(action, authority, **typed))
        self.paper_on = dated

    def _own_letters(self, authority: Authority, on: date) -> str:
        return _UNIT_LETTERS[self.proposal.unit] if authority is Authority.UNIT else letters(authority, on)


#: Papers of outside bodies that we number in a row: a number and a year stand for one contract.
_COUNTED = ("HĐ",)
_UNIT_LETTERS = {"ttkc": "TTKC", "phusa": "PSX", "hoidn": "HDN"}


def supplements(missing: tuple[str, ...]) -> tuple[Sheet, ...]:
    """A paper for each thing that was missing."""
    return tuple(Sheet(Paper.SUPPLEMENT, title=item) for item in missing)
