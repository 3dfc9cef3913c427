"""Prepayment rules of the register: recorded as dated data, changed by events, and held against a prepayment."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session

from models.append import Origin
from models.dated_rules import RuleTable
from models.held import NOTHING, Held, activity_code, not_overridden
from models.loading import Loaded
from models.prepayment_file import read_prepayment_file, read_prepayment_row
from models.rulebook import Rulebook, read_prepayments
from states.actions import Action
from states.facts import Facts, Order
from states.prepayments import PrepaymentRule, base_in_words, check_prepayment, limit, no_rule, rule_for
from states.steps import STEP
from states.vocabulary import MoneyKind

# --- recorded and changed -----------------------------------------------------------------------------

_TABLE = RuleTable(
    kind="prepayment_rule",
    what="mức tạm ứng",
    read=read_prepayments,
    check_row=read_prepayment_row,
    numbers=frozenset({"percent", "progress", "papers"}),
)


def load_prepayments(session: Session, origin: Origin) -> None:
    """Record the prepayment rules that we ship."""
    _TABLE.load(session, read_prepayment_file(), origin)


def add_prepayment(session: Session, *rules: PrepaymentRule, note: str, origin: Origin) -> None:
    """Record one new rule, or several, all or none, on the word of a document. Raises Refused."""
    _TABLE.add(session, rules, note=note, origin=origin)


def set_prepayment(session: Session, code: str, values: Mapping[str, Any], *, note: str, origin: Origin) -> None:
    """Change a rule by an event; the numbers of a verified rule stay. Raises Refused."""
    _TABLE.change(session, code, values, note=note, origin=origin)


# --- held against a prepayment ------------------------------------------------------------------------


def hold_against_prepayment(book: Rulebook, loaded: Loaded, order: Order) -> Held:
    """Hold a prepayment against the rule of the day on which it is made; other steps pass.

    Without a rule nothing is prepaid: no share is ever assumed. A rule that is not verified holds like any other,
    with a warning. Basis: TT 36/2013/TT-BCT Điều 15.
    """
    facts = loaded.facts
    step = STEP[order.action]
    if order.action is not Action.PREPAY or facts.stage not in step.sources:
        return NOTHING
    on = order.effective_on
    rule = _rule(book, loaded, on)
    if rule is None:
        return Held(reasons=(no_rule(activity_code(loaded.activity), facts.route, on), *not_overridden(order)))
    reasons = check_prepayment(
        rule,
        # An amount that was not typed is asked for by the step itself, like the papers of every prepayment.
        amount=order.amounts.get(facts.fund, 0),
        progress=order.progress,
        papers=facts.papers | {paper.kind for paper in order.papers} | set(step.papers),
        **_support(facts),
    )
    return Held(reasons=(*reasons, *not_overridden(order)), warnings=rule.doubts())


def prepayment_limit(book: Rulebook, loaded: Loaded, on: date) -> dict[str, Any]:
    """What may be prepaid for a project on a day, for showing; amounts in đồng.

    `base` is what the percentage is taken of. Where nothing may be prepaid `allowed` is None and `reason` says why.
    """
    facts = loaded.facts
    rule = _rule(book, loaded, on)
    found: dict[str, Any] = {"allowed": None, "prepaid": facts.amount(MoneyKind.PREPAID), "reason": None}
    if rule is None:
        return found | {"rule": None, "reason": no_rule(activity_code(loaded.activity), facts.route, on)}
    found |= {
        "rule": rule.id,
        "percent": rule.percent,
        "level": rule.level,
        "basis": rule.basis,
        "verified": rule.verified,
        "doubt": rule.doubt,
        "progress": rule.progress,
        "papers": [str(paper) for paper in rule.papers],
        "warnings": list(rule.doubts()),
    }
    support = _support(facts)
    if not support["contracted"]:
        return found | {"base": None, "base_in_words": "", "reason": "Chưa ký hợp đồng; hãy ký rồi tạm ứng."}
    return found | {
        "allowed": limit(rule, **support),
        "base": min(support.values()),
        "base_in_words": base_in_words(**support),
    }


def _rule(book: Rulebook, loaded: Loaded, on: date) -> PrepaymentRule | None:
    activity = activity_code(loaded.activity)
    return rule_for(book.prepayments, activity, route=loaded.facts.route, on=on, jurisdiction=book.jurisdiction)


def _support(facts: Facts) -> dict[str, int]:
    return {"approved": facts.approved_now(), "contracted": facts.amount(MoneyKind.CONTRACTED)}
