"""Support ceilings of the register: recorded as dated data, changed by events, and held against what steps state."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session

from models.append import Origin
from models.ceiling_file import read_ceiling_file, read_ceiling_row
from models.dated_rules import RuleTable
from models.forms import LARGEST
from models.held import NOTHING, Held, activity_code, not_overridden
from models.loading import Loaded
from models.rulebook import Rulebook, read_ceilings
from models.statement import Statement
from states.actions import Action
from states.ceilings import CeilingRule, Override, ceiling, check_support, rule_for
from states.facts import Facts, Order
from states.folding import fold
from states.steps import STEP
from states.vocabulary import MoneyKind

# --- recorded and changed -----------------------------------------------------------------------------

_TABLE = RuleTable(
    kind="ceiling_rule",
    what="định mức",
    read=read_ceilings,
    check_row=read_ceiling_row,
    numbers=frozenset({"percent", "cap", "per"}),
    remarks=frozenset({"condition", "notes"}),
)


def load_ceilings(session: Session, origin: Origin) -> None:
    """Record the ceilings that we ship."""
    _TABLE.load(session, read_ceiling_file(), origin)


def add_ceilings(session: Session, rules: Sequence[CeilingRule], *, note: str, origin: Origin) -> None:
    """Record new levels, all or none, on the word of a document. Raises Refused."""
    _TABLE.add(session, rules, note=note, origin=origin)


def set_ceiling(session: Session, code: str, values: Mapping[str, Any], *, note: str, origin: Origin) -> None:
    """Change a level by an event; the numbers of a verified level stay. Raises Refused."""
    _TABLE.change(session, code, values, note=note, origin=origin)


# --- held against what a step states ------------------------------------------------------------------

#: Steps that state a support, and the level before it, which it may not exceed. Basis: domain notes §2.4, T6, T14.
_STATED = {
    Action.PASS_APPRAISAL: MoneyKind.ASKED,
    Action.APPROVE: MoneyKind.APPRAISED,
}
#: Steps that may raise what was held against the ceiling before.
_RAISED = {
    Action.RESUBMIT: MoneyKind.ASKED,
    Action.PASS_REVIEW: MoneyKind.APPRAISED,
    Action.AMEND_APPROVAL: MoneyKind.APPROVED,
    Action.APPROVE_ADJUSTMENT: MoneyKind.APPROVED,
}
#: Steps that may be recorded above a ceiling where their paper allows it: the form then asks for the reason.
OVERRIDABLE = frozenset({Action.SUBMIT, *_STATED, *_RAISED})


def hold_against_ceiling(session: Session, book: Rulebook, loaded: Loaded, order: Order) -> Held:
    """Hold the state support that a step states against the ceiling of its time; other steps pass.

    The ceiling is that of the day on which the step takes effect, and after the approval that of the approving
    decision: a project keeps the rules of its time.
    """
    if loaded.facts.stage not in STEP[order.action].sources:
        return NOTHING
    on = order.effective_on
    if _RAISED.get(order.action) is MoneyKind.APPROVED and _stated(loaded.facts, order) is not None:
        on = approved_on(session, loaded.id) or on
    return check(book, _as_granted(loaded, order), order, on=on)


def _as_granted(loaded: Loaded, order: Order) -> Loaded:
    """The project as the adjustment would leave it: a request may raise the cost together with the support."""
    facts = loaded.facts
    if order.action is not Action.APPROVE_ADJUSTMENT or facts.request is None:
        return loaded
    asked = facts.request.asked
    return replace(
        loaded,
        facts=replace(facts, quantities={**facts.quantities, **asked.targets}),
        activity=asked.columns.get("activity", loaded.activity),
        total_cost=asked.columns.get("total_cost", loaded.total_cost),
        named=loaded.named if asked.beneficiaries is None else len(set(asked.beneficiaries)),
    )


def approved_on(session: Session, project_id: int) -> date | None:
    day = _APPROVED_ON.one(session, id=project_id).decided_on
    return date.fromisoformat(day) if isinstance(day, str) else day


_APPROVED_ON = Statement(
    "SELECT max(decided_on) AS decided_on FROM event "
    "WHERE subject_kind = 'project' AND subject_id = :id AND action = 'approve'"
)


def check(book: Rulebook, loaded: Loaded, order: Order, *, on: date) -> Held:
    """Hold one step against the ceilings of a rulebook.

    Above a verified level the step is refused unless the order overrides it; an unverified level, an unknown
    activity or an unknown cost never refuses, and is never silent. Basis: TT 28/2018/TT-BTC Điều 8.
    """
    asked = _stated(loaded.facts, order)
    if asked is None or not 0 <= asked <= LARGEST:
        return Held(reasons=not_overridden(order))
    activity, route = activity_code(loaded.activity), loaded.facts.route
    rule = rule_for(book.ceilings, activity, route=route, on=on, jurisdiction=book.jurisdiction)
    if rule is not None and not loaded.total_cost:
        return Held(warnings=(_no_cost(rule),), override=order.override)
    found = ceiling(
        book.ceilings,
        activity,
        cost=loaded.total_cost,
        ask=asked,
        route=route,
        on=on,
        jurisdiction=book.jurisdiction,
        quantity=times_granted(rule, loaded),
    )
    if found.ok:
        idle = ("Số tiền không vượt định mức nên không ghi lý do vượt.",) if order.override else ()
        return Held(warnings=(*found.warnings, *idle))
    override = Override(order.override, order.number) if order.override else None
    excess = check_support(found, override)
    if found.verified:
        return Held(reasons=excess) if excess else Held(warnings=found.warnings, override=order.override)
    told = excess if found.over is not None else ()
    return Held(warnings=(*found.warnings, *told), override=order.override)


def _stated(facts: Facts, order: Order) -> int | None:
    """The state support that the step states, in đồng; None when it states none, or none that is higher."""
    typed = order.amounts.get(facts.fund)
    if order.action is Action.SUBMIT:
        return facts.amount(MoneyKind.ASKED) if typed is None else typed
    if order.action in _STATED:
        # What is typed above the level before is refused by the step's own guard, in its own words.
        before = facts.amount(_STATED[order.action])
        return before if typed is None else min(typed, before)
    if typed is None or order.action not in _RAISED:
        return None
    kind = _RAISED[order.action]
    before = facts.approved_now() if kind is MoneyKind.APPROVED else facts.amount(kind)
    return typed if typed > before else None


def times_granted(rule: CeilingRule | None, loaded: Loaded) -> int:
    """How many times the cap is granted: by the beneficiaries named where it is one for each, else as planned.

    A group project names its beneficiaries only after the approval; until then its plan says how many.
    """
    return times_of(rule, named=loaded.named, quantities=loaded.facts.quantities)


def times_of(rule: CeilingRule | None, *, named: int, quantities: Mapping[str, int]) -> int:
    planned = max(quantities.values(), default=1)
    for_each_named = rule is not None and fold(rule.per) == fold("cơ sở")
    return max(1, named if for_each_named and named else planned)


def _no_cost(rule: CeilingRule) -> str:
    return (
        f"Chưa ghi tổng kinh phí của đề án nên chưa đối chiếu được với mức {rule.level} ({rule.basis});"
        " hãy ghi tổng kinh phí (dean project edit MÃ --total-cost)."
    )
