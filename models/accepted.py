"""The support that an acceptance may grant: what the approval and the ceiling leave of the accepted cost.

Accepted support = min(approved after adjustments, the ceiling of the day of the approving decision applied to the
eligible cost that was accepted). Basis: design §9, "Money"; TT 28/2018/TT-BTC Điều 8.
"""

import json
from dataclasses import replace

from sqlmodel import Session

from models.ceilings import approved_on, times_granted
from models.held import NOTHING, Held, activity_code, not_overridden
from models.loading import Loaded
from models.rulebook import Rulebook
from models.statement import Statement
from states.actions import Action
from states.ceilings import Ceiling, ceiling, rule_for
from states.facts import LARGEST_AMOUNT, Order
from states.steps import STEP
from states.vocabulary import Source
from states.words import format_dong

_ACCEPTING = frozenset({Action.ACCEPT, Action.ACCEPT_SHARE})


def with_accepted_support(session: Session, book: Rulebook, loaded: Loaded, order: Order) -> Order:
    """Compute the accepted support from the accepted cost where only the cost was typed.

    Without a ceiling in the rulebook nobody can compute it, and the amount has to be typed.
    """
    fund = loaded.facts.fund
    if not _is_acceptance(loaded, order) or order.cost is None or fund in order.amounts or order.cost <= 0:
        return order
    found = _measured(session, book, loaded, order, cost=order.cost, ask=0)
    if found.allowed is None:
        return order
    left = loaded.facts.approved_now()
    if order.action is Action.ACCEPT_SHARE:
        left = max(left - loaded.facts.accepted_support, 0)
    support = min(left, found.allowed)
    # What the support leaves of the accepted cost was paid by the beneficiary, where he is to pay a part.
    own = {Source.COUNTERPART: order.cost - support} if loaded.facts.approved_now(Source.COUNTERPART) else {}
    return replace(order, amounts={**own, **order.amounts, fund: support})


def hold_against_acceptance(session: Session, book: Rulebook, loaded: Loaded, order: Order) -> Held:
    """Hold the support that an acceptance states against the ceiling of the accepted cost.

    A verified level refuses what is above it, unless the approval itself was above the ceiling on purpose;
    an unverified one, an unknown activity or an unknown cost only warns.
    """
    typed = order.amounts.get(loaded.facts.fund)
    if not _is_acceptance(loaded, order):
        return NOTHING
    reasons = not_overridden(order)
    if typed is None or not 0 <= typed <= LARGEST_AMOUNT:
        return Held(reasons)
    cost, warnings = _cost(loaded, order)
    warnings += _more_than_planned(loaded, order)
    if not cost:
        return Held(reasons, warnings)
    found = _measured(session, book, loaded, order, cost=cost, ask=typed)
    if found.ok:
        return Held(reasons, (*warnings, *found.warnings))
    excess = _excess(found)
    if found.verified and not (permission := _permission(session, loaded.id)):
        return Held((*reasons, *excess))
    if found.verified:
        excess = (f"Vượt định mức theo chi phí nghiệm thu; phê duyệt đã cho phép vượt: {permission}.",)
    return Held(reasons, (*warnings, *found.warnings, *excess))


def _excess(found: Ceiling) -> tuple[str, ...]:
    """How far the support lies above the level; nothing where no level is known. An acceptance lifts no level."""
    if found.over is None or found.allowed is None:
        return ()
    return (
        f"Vượt mức hỗ trợ tối đa {format_dong(found.over)} theo chi phí nghiệm thu ({found.level}; {found.basis});"
        f" hãy ghi không quá {format_dong(found.allowed)}.",
    )


def _more_than_planned(loaded: Loaded, order: Order) -> tuple[str, ...]:
    planned = loaded.facts.quantities
    more = [f"{t}: {n} so với {planned[t]}" for t, n in order.quantities.items() if n > planned.get(t, n)]
    return (f"Số lượng nghiệm thu nhiều hơn kế hoạch ({'; '.join(more)}); hãy kiểm tra lại.",) if more else ()


def _is_acceptance(loaded: Loaded, order: Order) -> bool:
    return order.action in _ACCEPTING and loaded.facts.stage in STEP[order.action].sources


def _cost(loaded: Loaded, order: Order) -> tuple[int, tuple[str, ...]]:
    """The accepted cost in đồng: as typed, else all that was accepted from every source, else that of the approval."""
    if order.cost is not None:
        return order.cost, ()
    if order.amounts.get(Source.COUNTERPART):
        return sum(order.amounts.values()), ()
    assumed = "Chưa ghi chi phí hợp lệ nghiệm thu (--cost); đang đối chiếu định mức theo tổng kinh phí của đề án."
    return loaded.total_cost, (assumed,)


def _measured(session: Session, book: Rulebook, loaded: Loaded, order: Order, *, cost: int, ask: int) -> Ceiling:
    activity, route = activity_code(loaded.activity), loaded.facts.route
    on = approved_on(session, loaded.id) or order.effective_on
    rule = rule_for(book.ceilings, activity, route=route, on=on, jurisdiction=book.jurisdiction)
    # The cap is granted once for one beneficiary's share, however many the project names.
    times = 1 if order.action is Action.ACCEPT_SHARE else times_granted(rule, loaded)
    return ceiling(
        book.ceilings,
        activity,
        cost=cost,
        ask=ask,
        route=route,
        on=on,
        jurisdiction=book.jurisdiction,
        quantity=times,
    )


def _permission(session: Session, project_id: int) -> str:
    """The reason for which a standing decision went above the ceiling, or nothing."""
    granted: dict[int, str] = {}
    for row in _GRANTED.rows(session, id=project_id):
        more = json.loads(row.body)["more"]
        if "override" in more:
            granted[row.id] = more["override"]
        granted.pop(more.get("reverts"), None)
    return list(granted.values())[-1] if granted else ""


_GRANTED = Statement("""
    SELECT id, body FROM event WHERE subject_kind = 'project' AND subject_id = :id
      AND action IN ('approve', 'amend_approval', 'approve_adjustment', 'revert') ORDER BY seq""")
