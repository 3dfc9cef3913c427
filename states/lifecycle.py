"""The shape of the lifecycle: which stage belongs to which state, what a row of the table says, groups of stages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from states.actions import Action
from states.facts import Facts, Order
from states.vocabulary import Authority, Labelled, MoneyKind, Paper, Role, Route, Stage, State

#: The states in which a stage may stand. Ends keep the last milestone, so they stand in several.
STATES_OF: Mapping[Stage, tuple[State, ...]] = {
    Stage.DRAFT: (State.PROPOSED,),
    Stage.SUBMITTED: (State.PROPOSED,),
    Stage.RETURNED: (State.PROPOSED,),
    Stage.APPRAISING: (State.PROPOSED,),
    Stage.APPRAISED: (State.APPRAISED,),
    Stage.REVIEWING: (State.APPRAISED,),
    Stage.REVIEW_RETURNED: (State.APPRAISED,),
    Stage.CLEARED: (State.APPRAISED,),
    Stage.WAITLISTED: (State.APPRAISED,),
    Stage.APPROVED: (State.APPROVED,),
    Stage.CONTRACTED: (State.APPROVED,),
    Stage.UNDERWAY: (State.APPROVED,),
    Stage.SUSPENDED: (State.APPROVED,),
    Stage.AWAITING_ACCEPTANCE: (State.APPROVED,),
    Stage.ACCEPTANCE_FAILED: (State.APPROVED,),
    Stage.ACCEPTED: (State.IMPLEMENTED,),
    Stage.SETTLING: (State.IMPLEMENTED,),
    Stage.SETTLED: (State.SETTLED,),
    Stage.REJECTED: (State.PROPOSED, State.APPRAISED),
    Stage.WITHDRAWN: (State.PROPOSED, State.APPRAISED),
    Stage.LAPSED: (State.PROPOSED, State.APPRAISED),
    Stage.STOPPED: (State.APPROVED, State.IMPLEMENTED),
    Stage.RECOVERING: (State.APPROVED, State.IMPLEMENTED),
    Stage.RECOVERED: (State.APPROVED, State.IMPLEMENTED),
    Stage.WRITTEN_OFF: (State.APPROVED, State.IMPLEMENTED),
}

#: Nothing more is expected; what was recorded by mistake can still be compensated.
ENDS = frozenset(
    {
        Stage.SETTLED,
        Stage.REJECTED,
        Stage.WITHDRAWN,
        Stage.LAPSED,
        Stage.STOPPED,
        Stage.RECOVERED,
        Stage.WRITTEN_OFF,
    }
)
#: Ends in which a project may come in from a register kept on paper before this one.
OLD_ENDS = (Stage.SETTLED, Stage.STOPPED)
#: Ends by which a project leaves the planned figures (design: counting is a cumulative funnel).
LEFT_THE_PLAN = frozenset(
    {
        Stage.REJECTED,
        Stage.WITHDRAWN,
        Stage.LAPSED,
        Stage.STOPPED,
        Stage.RECOVERING,
        Stage.RECOVERED,
        Stage.WRITTEN_OFF,
    }
)
#: A project counts as planned from the day it is submitted until it leaves the plan.
PLANNED = frozenset(Stage) - LEFT_THE_PLAN - {Stage.DRAFT}
#: The dossier lies with its author, who may still change what it says.
WITH_THE_UNIT = frozenset({Stage.DRAFT, Stage.RETURNED, Stage.REVIEW_RETURNED})
#: Work that may be suspended: approved and not yet accepted.
SUSPENDABLE = frozenset(
    {Stage.APPROVED, Stage.CONTRACTED, Stage.UNDERWAY, Stage.AWAITING_ACCEPTANCE, Stage.ACCEPTANCE_FAILED}
)
BEFORE_APPROVAL = frozenset(s for s, states in STATES_OF.items() if states[0].rank < State.APPROVED.rank) - ENDS
RUNNING = SUSPENDABLE | {Stage.SUSPENDED}

#: Where the law's words differ by route.
ROUTE_LABELS: Mapping[tuple[Stage, Route], str] = {
    (Stage.APPRAISING, Route.LOCAL): "Sở Công Thương đang thẩm định",
    (Stage.APPRAISED, Route.NATIONAL): "Đạt thẩm định cấp cơ sở",
    (Stage.REVIEWING, Route.LOCAL): "Sở Tài chính đang thẩm định",
    (Stage.REVIEWING, Route.NATIONAL): "Cục đang thẩm định cấp Bộ",
    (Stage.REVIEW_RETURNED, Route.LOCAL): "Chờ bổ sung cho Sở Tài chính",
    (Stage.REVIEW_RETURNED, Route.NATIONAL): "Chờ bổ sung cho Cục",
    (Stage.CLEARED, Route.NATIONAL): "Đạt thẩm định cấp Bộ, chờ phê duyệt",
}


def stage_label(stage: Stage, route: Route) -> str:
    return ROUTE_LABELS.get((stage, route), stage.label)


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a step comes from. A text binds one route only, an office rule (no `since`) is never shown as law."""

    text: str
    since: date | None = None
    route: Route | None = None


class Field(Labelled):
    """Fields of an order that only some steps have; the label says how they are typed."""

    QUANTITIES = "quantities", "số lượng (--quantity)"
    MISSING = "missing", "mục còn thiếu (--missing)"
    COST = "cost", "chi phí hợp lệ (--cost)"
    PROGRESS = "progress", "tỷ lệ khối lượng (--progress)"
    BENEFICIARY = "beneficiary_id", "đơn vị thụ hưởng (--beneficiary)"
    INSTALMENTS = "instalments", "kỳ hạn hoàn trả (--due)"
    ASKED = "asked", "nội dung điều chỉnh (--kind)"


Guard = Callable[[Facts, Order], str | None]
Authorities = Mapping[Route, tuple[Authority, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the lifecycle table.

    `target` None means that the stage stays, except for the two steps that come back to a stored stage:
    `resume` (the stage before the suspension) and `revert` (the stage before the step undone).
    `papers` must be on file or come along; `act` is the paper made by this very step, so it must come
    along, by its number or as a file. `closes` are guards on the facts and the person: they grey the
    button. `needs` are guards on what is typed: they stand beside the fields of the form. `takes` names what
    else the form of this step has beside number, day, signer, note, money and papers. Clocks: `opens` starts a
    clock or lets a paused one go on, `resumes` only the latter; every end stops all clocks.
    """

    action: Action
    label: str
    sources: frozenset[Stage]
    target: Stage | None
    authorities: Authorities
    recorders: frozenset[Role]
    basis: tuple[Basis, ...]
    papers: tuple[Paper, ...] = ()
    act: Paper | None = None
    signed: bool = False
    noted: bool = False
    money: MoneyKind | None = None
    takes: tuple[Field, ...] = ()
    closes: tuple[Guard, ...] = ()
    needs: tuple[Guard, ...] = ()
    opens: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    closes_deadlines: tuple[str, ...] = ()
    tells: tuple[Role, ...] = ()

    @property
    def routes(self) -> tuple[Route, ...]:
        return tuple(self.authorities)

    def basis_on(self, route: Route) -> tuple[Basis, ...]:
        """The texts that bind this route; office rules stand in only where no text does."""
        binding = tuple(basis for basis in self.basis if basis.route is route)
        return binding or tuple(basis for basis in self.basis if basis.route is None)

    @property
    def comes_back(self) -> bool:
        return self.action in (Action.RESUME, Action.REVERT)
