"""What a lawful step changes, computed and not yet written: stage, flags, money and quantities."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from states.actions import Action
from states.facts import Facts, Order
from states.lifecycle import PLANNED, STATES_OF
from states.vocabulary import MoneyKind, Route, Source, Stage, State


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


@dataclass(frozen=True, slots=True)
class QuantityLine:
    """One append-only entry towards a target of the programme; `quantity` ≥ 0, `direction` +1 or -1."""

    target: str
    kind: QuantityKind
    quantity: int
    direction: int = 1


@dataclass(frozen=True, slots=True)
class Effects:
    """The project after the step, and the entries to append."""

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
    )
    match order.action:
        case Action.RETURN | Action.RETURN_REVIEW | Action.RETURN_SETTLEMENT:
            return replace(after, missing=order.missing)
        case Action.RESUBMIT | Action.RESUBMIT_REVIEW | Action.SETTLE:
            return replace(after, missing=())
        case Action.REROUTE:
            return replace(after, route=other_route(facts.route))
        case Action.SUSPEND:
            return replace(after, resume_stage=facts.stage)
        case Action.RESUME:
            return replace(after, resume_stage=None)
        case Action.REQUEST_ADJUSTMENT:
            return replace(after, adjustment_open=True)
        case Action.APPROVE_ADJUSTMENT | Action.REFUSE_ADJUSTMENT | Action.STOP:
            return replace(after, adjustment_open=False)
        case Action.APPROVE:
            # A project that waited for money is carried out in the year of the list it gets into.
            return replace(after, work_year=max(facts.work_year, order.effective_on.year))
        case Action.CARRY_OVER:
            return replace(after, work_year=facts.work_year + 1)
    return after


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
        case Action.SETTLE:
            return _closing(facts, facts.amount(MoneyKind.ACCEPTED))
        case Action.STOP:
            accepted = min(facts.amount(MoneyKind.ACCEPTED), facts.approved_now())
            kept = order.amounts.get(facts.fund, accepted)
            # What a stopped project may keep is the value of the work that was accepted from it.
            return [*_levels(facts, MoneyKind.ACCEPTED, {facts.fund: kept}), *_closing(facts, kept)]
        case Action.REROUTE:
            return _rerouted(facts)
    return []


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
    Action.ACCEPT: (MoneyKind.ACCEPTED, _standing(MoneyKind.ACCEPTED)),
}


def _levels(facts: Facts, kind: MoneyKind, wanted: Mapping[Source, int]) -> list[MoneyLine]:
    """Bring each level to what is wanted by the entry that makes up the difference."""
    changes = {source: new - facts.amount(kind, source) for source, new in wanted.items()}
    return [_signed(source, kind, change) for source, change in changes.items() if change]


def _closing(facts: Facts, kept: int) -> list[MoneyLine]:
    """Settle what is kept and release the rest, so that approved after adjustments = settled + released."""
    released = facts.approved_now() - kept
    counterpart = facts.amount(MoneyKind.ACCEPTED, Source.COUNTERPART)
    lines = [
        MoneyLine(facts.fund, MoneyKind.SETTLED, kept),
        MoneyLine(facts.fund, MoneyKind.RELEASED, released),
        MoneyLine(Source.COUNTERPART, MoneyKind.SETTLED, counterpart),
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
    planned = facts.quantities
    match order.action:
        case Action.APPROVE:
            return [QuantityLine(target, QuantityKind.APPROVED, number) for target, number in planned.items() if number]
        case Action.ACCEPT:
            return [
                QuantityLine(target, QuantityKind.ACCEPTED, number)
                for target, number in order.quantities.items()
                if number
            ]
        case Action.SETTLE:
            return [
                QuantityLine(target, QuantityKind.SETTLED, number)
                for target, number in facts.accepted.items()
                if number
            ]
    return []
