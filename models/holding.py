"""What the rulebook and the other rows of the register say to a step, beside its own guards."""

from collections.abc import Callable
from dataclasses import replace

from sqlmodel import Session

from models.accepted import hold_against_acceptance
from models.adjusting import hold_request
from models.ceilings import hold_against_ceiling
from models.duplicates import warnings_of
from models.held import Held
from models.loading import Loaded
from models.prepayments import hold_against_prepayment
from models.rulebook import Rulebook
from states.actions import Action
from states.facts import Order
from states.vocabulary import MoneyKind
from states.words import format_dong

_Holds = Callable[[Session, Rulebook, Loaded, Order], Held]


def hold_against_rules(session: Session, book: Rulebook, loaded: Loaded, order: Order) -> Held:
    """Everything that speaks against a step, and everything to warn of: ceilings, prepayment rules, duplicates."""
    held = _HOLDS.get(order.action, hold_against_ceiling)(session, book, loaded, order)
    told = (*held.warnings, *_cash_before_funds(loaded, order))
    if order.action in _TELLS_DUPLICATES:
        told += warnings_of(session, loaded, order.by)
    return replace(held, warnings=told)


def _cash_before_funds(loaded: Loaded, order: Order) -> tuple[str, ...]:
    """Cash that leaves before the funds were allotted is possible, and must be explained later."""
    if order.action not in (Action.PREPAY, Action.PAY):
        return ()
    facts = loaded.facts
    cash = facts.amount(MoneyKind.PREPAID) + facts.amount(MoneyKind.PAID) + order.amounts.get(facts.fund, 0)
    allotted = facts.amount(MoneyKind.ALLOTTED)
    if cash <= allotted:
        return ()
    return (
        f"Tổng chi {format_dong(cash)} vượt vốn đã giao {format_dong(allotted)}; hãy ghi quyết định giao vốn (allot).",
    )


def _prepayment(session: Session, book: Rulebook, loaded: Loaded, order: Order) -> Held:
    return hold_against_prepayment(book, loaded, order)


_HOLDS: dict[Action, _Holds] = {
    Action.ACCEPT: hold_against_acceptance,
    Action.ACCEPT_SHARE: hold_against_acceptance,
    Action.PREPAY: _prepayment,
    Action.REQUEST_ADJUSTMENT: hold_request,
}
#: A support given before is named until the decision is made, never as a refusal.
_TELLS_DUPLICATES = frozenset({Action.SUBMIT, Action.PASS_APPRAISAL, Action.PASS_REVIEW, Action.APPROVE})
