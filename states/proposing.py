"""What the form of a step proposes: the amounts and quantities that follow from the facts. A person may type others."""

from states import guards
from states.actions import Action
from states.effects import kept_support, usual_levels
from states.facts import Facts, Order
from states.lifecycle import Step
from states.vocabulary import MoneyKind, Source


def money_sources(step: Step, facts: Facts) -> tuple[Source, ...]:
    """The sources that a step has an amount for; none where the shares of a group project are the whole."""
    if step.money is None or (step.action is Action.ACCEPT and facts.shares):
        return ()
    return (facts.fund,) if guards.one_state_amount_only in step.needs else facts.own_sources


def proposed_amounts(facts: Facts, order: Order) -> dict[Source, int]:
    """Amounts in đồng that follow from what stands; what is nothing is left out.

    An acceptance proposes none: its support follows from the cost that is typed. A prepayment's follows from the
    rulebook, which is not known here.
    """
    fund = facts.fund
    match order.action:
        case Action.ACCEPT | Action.ACCEPT_SHARE | Action.PREPAY:
            proposed = {}
        case Action.ALLOT:
            proposed = {fund: facts.approved_now() - facts.amount(MoneyKind.ALLOTTED)}
        case Action.AMEND_APPROVAL:
            proposed = {source: facts.approved_now(source) for source in facts.own_sources}
        case Action.APPROVE_ADJUSTMENT:
            proposed = dict(facts.request.asked.amounts) if facts.request else {}
        case Action.PAY:
            proposed = {fund: facts.payable}
        case Action.RECEIVE_RECOVERY:
            proposed = {fund: -facts.payable}
        case Action.SETTLE:
            proposed = {source: facts.amount(MoneyKind.ACCEPTED, source) for source in facts.own_sources}
        case Action.STOP:
            proposed = {fund: kept_support(facts, order)}
        case _:
            proposed = usual_levels(facts, order.action)
    return {source: amount for source, amount in proposed.items() if amount > 0}


def proposed_quantities(facts: Facts, action: Action) -> dict[str, int]:
    """Quantities by target: all that is planned, at a stop what was accepted, of a share an even part."""
    if action is Action.STOP:
        return {target: facts.accepted.get(target, 0) for target in facts.quantities}
    if action is Action.ACCEPT_SHARE:
        named = len(facts.named) or 1
        return {target: planned // named for target, planned in facts.quantities.items() if planned % named == 0}
    return dict(facts.quantities)
