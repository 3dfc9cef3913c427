"""How much support an acceptance may grant for a cost, for showing before it is recorded and beside it."""

from datetime import date
from typing import Any

from sqlmodel import Session

from models.ceilings import approved_on, times_granted
from models.held import activity_code
from models.loading import Loaded
from models.rulebook import rulebook
from states.ceilings import ceiling, rule_for


def acceptance_limit(
    session: Session, loaded: Loaded, *, cost: int, on: date, of_share: bool = False
) -> dict[str, Any]:
    """The least of what is approved, the percentage of the accepted cost, and the cap; amounts in đồng.

    Of a share `approved` is what the other shares have left. `by_percent`, `cap` and `support` are None where the
    rulebook has no such number: then nobody can compute the support, and it has to be typed. Basis: design §9.
    """
    book, facts = rulebook(session), loaded.facts
    activity, decided_on = activity_code(loaded.activity), approved_on(session, loaded.id) or on
    left = max(facts.approved_now() - (facts.accepted_support if of_share else 0), 0)
    rule = rule_for(book.ceilings, activity, route=facts.route, on=decided_on, jurisdiction=book.jurisdiction)
    times = 1 if of_share else times_granted(rule, loaded)
    found = ceiling(
        book.ceilings,
        activity,
        cost=cost,
        ask=0,
        route=facts.route,
        on=decided_on,
        jurisdiction=book.jurisdiction,
        quantity=times,
    )
    return {
        "cost": cost,
        "approved": left,
        "percent": found.percent,
        "by_percent": None if rule is None else cost * (100 if found.percent is None else found.percent) // 100,
        "cap": None if found.cap is None else found.cap * times,
        "support": None if found.allowed is None else min(left, found.allowed),
        "rule": found.rule_id,
        "level": found.level,
        "basis": found.basis,
        "verified": found.verified,
        "warnings": list(found.warnings),
    }
