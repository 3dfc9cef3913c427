"""What a lawful step changes, computed and not yet written: stage, flags, money and quantities."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from states.actions import Action
from states.facts import Asked, Facts, Instalment, Order
from states.lifecycle import PLANNED, STATES_OF
from states.vocabulary import MoneyKind, Outcome, Route, Source, Stage, State


class QuantityKind(StrEnum):
    PLANNED = "planned"
    APPROVED = "approved"
    ACCEPTED = "accepted"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One append-only entry: `amount` ≥ 0 đồng; `direction` -1 lowers a level, closes a line or undoes an entry."""

    source: Source
    kind: MoneyKind
    amount: int
    direction: int = 1
    beneficiary_id: int | None = None


@dataclass(frozen=True, slots=True)
class QuantityLine:
    """One append-only entry towards a target of the programme; `quantity` ≥ 0, `direction` +1 or -1."""

    target: str
    kind: QuantityKind
    quantity: int
    direction: int = 1


@dataclass(frozen=True, slots=True)
class AcceptanceLine:
    """One facility acceptance, of the project or of one beneficiary's share; amounts in đồng."""

    outcome: Outcome
    held_on: date
    beneficiary_id: int | None = None
    cost: int = 0
    support: int = 0
    counterpart: int = 0
    quantities: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""
    direction: int = 1


@dataclass(frozen=True, slots=True)
class Effects:
    """The project after the step, and the entries to append.

    `columns` are new values of the project's own columns, and `beneficiaries` all that are named from now on.
    """

    state: State
    stage: Stage
    route: Route
    work_year: int
    resume_stage: Stage | None
    adjustment_open: bool
    missing: tuple[str, ...]
    counted: bool
    money: tuple[MoneyLine, ...] = ()
    quantities: tuple[QuantityLine, ...] = ()
    acceptances: tuple[AcceptanceLine, ...] = ()
    instalments: tuple[Instalment, ...] = ()
    columns: Mapping[str, Any] = field(default_factory=dict)
    beneficiaries: tuple[int, ...] | None = None


def unchanged(facts: Facts) -> Effects:
    return Effects(
        state=facts.state,
        stage=facts.stage,
        route=facts.route,
        work_year=facts.work_year,
        resume_stage=facts.resume_stage,
        adjustment_open=facts.adjustment_open,
        missing=facts.missing,
        counted=facts.stage in PLANNED,
    )


def effects_of(facts: Facts, order: Order, stage: Stage) -> Effects:
    """Compute what the step changes; `stage` is where the machine arrived. The step must have been judged lawful.

    Reverting is not computed here: what is undone is read from the event that it undoes.
    """
    after = replace(
        unchanged(facts),
        stage=stage,
        state=_milestone(facts, stage),
        counted=stage in PLANNED,
        money=tuple(_money(facts, order)),
        quantities=tuple(_quantities(facts, order)),
        acceptances=tuple(_acceptances(facts, order)),
        instalments=order.instalments,
    )
    match order.action:
        case Action.RETURN | Action.RETURN_REVIEW | Action.RETURN_SETTLEMENT:
            return replace(after, missing=order.missing)
        case Action.RESUBMIT | Action.RESUBMIT_REVIEW | Action.SUBMIT_SETTLEMENT:
            return replace(after, missing=())
        case Action.REROUTE:
            return replace(after, route=other_route(facts.route))
        case Action.SUSPEND | Action.RESUME:
            return replace(after, resume_stage=facts.stage if order.action is Action.SUSPEND else None)
        case Action.REQUEST_ADJUSTMENT:
            return replace(after, adjustment_open=True)
        case Action.APPROVE_ADJUSTMENT:
            return _adjusted(facts, after)
        case Action.REFUSE_ADJUSTMENT | Action.STOP:
            return replace(after, adjustment_open=False)
        case Action.APPROVE:
            # A project that waited for money is carried out in the year of the list it gets into.
            listed_in = order.effective_on.year if order.listed_year is None else order.listed_year
            return replace(after, work_year=max(facts.work_year, listed_in))
        case Action.CARRY_OVER:
            return replace(after, work_year=facts.work_year + 1)
    return after


def _adjusted(facts: Facts, after: Effects) -> Effects:
    """What the decision on a request changes beside the money: all that was asked for."""
    asked = facts.request.asked if facts.request else Asked()
    return replace(
        after,
        adjustment_open=False,
        columns=asked.columns,
        beneficiaries=asked.beneficiaries,
        work_year=facts.work_year + asked.next_year,
    )


def other_route(route: Route) -> Route:
    return Route.NATIONAL if route is Route.LOCAL else Route.LOCAL


def _milestone(facts: Facts, stage: Stage) -> State:
    """The furthest milestone: an end keeps the one reached, and no step goes back behind it."""
    states = STATES_OF[stage]
    return facts.state if facts.state in states else states[0]


def _money(facts: Facts, order: Order) -> list[MoneyLine]:
    if order.action in _FLOWS:
        flow = _FLOWS[order.action]
        return [MoneyLine(source, flow, amount) for source, amount in order.amounts.items()]
    if order.action in _LEVELS:
        level, default = _LEVELS[order.action]
        return _levels(facts, level, default(facts) | dict(order.amounts))
    match order.action:
        case Action.AMEND_APPROVAL | Action.APPROVE_ADJUSTMENT:
            changes = {source: new - facts.approved_now(source) for source, new in order.amounts.items()}
            return [_signed(source, MoneyKind.ADJUSTED, change) for source, change in changes.items() if change]
        case Action.ACCEPT_SHARE:
            whose = order.beneficiary_id
            return [MoneyLine(s, MoneyKind.ACCEPTED, a, beneficiary_id=whose) for s, a in order.amounts.items() if a]
        case Action.SETTLE:
            return _closing(facts, facts.amount(MoneyKind.ACCEPTED))
        case Action.STOP:
            kept = kept_support(facts, order)
            # What a stopped project may keep is the value of the work that was accepted from it.
            return [*_levels(facts, MoneyKind.ACCEPTED, {facts.fund: kept}), *_closing(facts, kept)]
        case Action.REROUTE:
            return _rerouted(facts)
    return []


def kept_support(facts: Facts, order: Order) -> int:
    """The state support that a stopped project keeps, in đồng: what was accepted unless another amount is typed."""
    return order.amounts.get(facts.fund, min(facts.amount(MoneyKind.ACCEPTED), facts.approved_now()))


_FLOWS: Mapping[Action, MoneyKind] = {
    Action.ALLOT: MoneyKind.ALLOTTED,
    Action.PREPAY: MoneyKind.PREPAID,
    Action.PAY: MoneyKind.PAID,
    Action.RECEIVE_RECOVERY: MoneyKind.RECOVERED,
}


def _signed(source: Source, kind: MoneyKind, change: int) -> MoneyLine:
    return MoneyLine(source, kind, abs(change), 1 if change > 0 else -1)


def _standing(kind: MoneyKind) -> Callable[[Facts], dict[Source, int]]:
    """Where nothing is typed, a level starts from what another level says."""

    def amounts(facts: Facts) -> dict[Source, int]:
        own = (facts.fund, Source.COUNTERPART)
        return {source: amount for source in own if (amount := facts.amount(kind, source))}

    return amounts


def _approved_now(facts: Facts) -> dict[Source, int]:
    return {source: facts.approved_now(source) for source in (facts.fund, Source.COUNTERPART)}


#: Which level a step states, and what it says where nothing is typed.
_LEVELS: Mapping[Action, tuple[MoneyKind, Callable[[Facts], dict[Source, int]]]] = {
    Action.SUBMIT: (MoneyKind.ASKED, _standing(MoneyKind.ASKED)),
    Action.RESUBMIT: (MoneyKind.ASKED, _standing(MoneyKind.ASKED)),
    Action.PASS_APPRAISAL: (MoneyKind.APPRAISED, _standing(MoneyKind.ASKED)),
    Action.PASS_REVIEW: (MoneyKind.APPRAISED, _standing(MoneyKind.APPRAISED)),
    Action.APPROVE: (MoneyKind.APPROVED, _standing(MoneyKind.APPRAISED)),
    Action.SIGN_CONTRACT: (MoneyKind.CONTRACTED, _approved_now),
    Action.AMEND_CONTRACT: (MoneyKind.CONTRACTED, _standing(MoneyKind.CONTRACTED)),
    Action.ACCEPT: (MoneyKind.ACCEPTED, _standing(MoneyKind.ACCEPTED)),
}


def usual_levels(facts: Facts, action: Action) -> dict[Source, int]:
    """What a step says of each source where nothing is typed, in đồng; empty for a step that states no level."""
    return _LEVELS[action][1](facts) if action in _LEVELS else {}


def _levels(facts: Facts, kind: MoneyKind, wanted: Mapping[Source, int]) -> list[MoneyLine]:
    """Bring each level to what is wanted by the entry that makes up the difference."""
    changes = {source: new - facts.amount(kind, source) for source, new in wanted.items()}
    return [_signed(source, kind, change) for source, change in changes.items() if change]


def _closing(facts: Facts, kept: int) -> list[MoneyLine]:
    """Settle what is kept and release the rest, so that approved after adjustments = settled + released.

    The counterpart closes too: its owner paid what was accepted, by his own vouchers, and may have spent more
    than he promised; it is an expectation and never a ceiling. Basis: design §9, "Money".
    """
    spent, promised = facts.amount(MoneyKind.ACCEPTED, Source.COUNTERPART), facts.approved_now(Source.COUNTERPART)
    lines = [
        MoneyLine(facts.fund, MoneyKind.SETTLED, kept),
        MoneyLine(facts.fund, MoneyKind.RELEASED, facts.approved_now() - kept),
        MoneyLine(Source.COUNTERPART, MoneyKind.ADJUSTED, max(spent - promised, 0)),
        MoneyLine(Source.COUNTERPART, MoneyKind.PAID, spent - facts.amount(MoneyKind.PAID, Source.COUNTERPART)),
        MoneyLine(Source.COUNTERPART, MoneyKind.SETTLED, spent),
        MoneyLine(Source.COUNTERPART, MoneyKind.RELEASED, max(promised - spent, 0)),
    ]
    return [line for line in lines if line.amount]


def _rerouted(facts: Facts) -> list[MoneyLine]:
    """Close the old fund's lines and open the same amounts in the new fund; both stay in the ledger.

    What was appraised so far moves on as the amount to start from; the chain of the new fund appraises it again.
    """
    new_fund = Source.NATIONAL_FUND if facts.fund is Source.LOCAL_FUND else Source.LOCAL_FUND
    lines = []
    for kind in (MoneyKind.ASKED, MoneyKind.APPRAISED):
        if amount := facts.amount(kind):
            lines.append(MoneyLine(facts.fund, kind, amount, -1))
            lines.append(MoneyLine(new_fund, kind, amount))
    return lines


def _quantities(facts: Facts, order: Order) -> list[QuantityLine]:
    match order.action:
        case Action.APPROVE:
            return _counted(QuantityKind.APPROVED, facts.quantities)
        case Action.APPROVE_ADJUSTMENT:
            asked = facts.request.asked.targets if facts.request else {}
            changes = {target: number - facts.quantities.get(target, 0) for target, number in asked.items()}
            kinds = (QuantityKind.PLANNED, QuantityKind.APPROVED)
            return [line for kind in kinds for line in _counted(kind, changes)]
        case Action.ACCEPT | Action.ACCEPT_SHARE:
            return _counted(QuantityKind.ACCEPTED, order.quantities)
        case Action.SETTLE:
            return _counted(QuantityKind.SETTLED, facts.accepted)
        case Action.STOP:
            kept = {**facts.accepted, **order.quantities}
            changes = {target: number - facts.accepted.get(target, 0) for target, number in kept.items()}
            return [*_counted(QuantityKind.ACCEPTED, changes), *_counted(QuantityKind.SETTLED, kept)]
    return []


def _counted(kind: QuantityKind, numbers: Mapping[str, int]) -> list[QuantityLine]:
    return [QuantityLine(target, kind, abs(n), 1 if n > 0 else -1) for target, n in numbers.items() if n]


def _acceptances(facts: Facts, order: Order) -> list[AcceptanceLine]:
    """The row of an acceptance. A project accepted share by share has its rows already."""
    match order.action:
        case Action.ACCEPT if facts.shares:
            return []
        case Action.ACCEPT | Action.ACCEPT_SHARE:
            return [
                AcceptanceLine(
                    Outcome.PASSED,
                    order.effective_on,
                    order.beneficiary_id,
                    cost=order.cost or 0,
                    support=order.amounts.get(facts.fund, 0),
                    counterpart=order.amounts.get(Source.COUNTERPART, 0),
                    quantities=order.quantities,
                )
            ]
        case Action.FAIL_ACCEPTANCE | Action.FAIL_SHARE:
            return [AcceptanceLine(Outcome.FAILED, order.effective_on, order.beneficiary_id, reason=order.note)]
        case Action.STOP:
            return _kept(facts, order)
    return []


def _kept(facts: Facts, order: Order) -> list[AcceptanceLine]:
    """What a stopped project may keep beyond what was accepted before, or short of it."""
    change = kept_support(facts, order) - facts.amount(MoneyKind.ACCEPTED)
    direction = -1 if change < 0 else 1
    more = {target: (n - facts.accepted.get(target, 0)) * direction for target, n in order.quantities.items()}
    if not change and not any(more.values()):
        return []
    return [
        AcceptanceLine(
            Outcome.PASSED,
            order.effective_on,
            support=abs(change),
            quantities=more,
            reason=order.note,
            direction=direction,
        )
    ]
