"""What is prepaid in the demonstration: within the shipped rules and a rule for the local route that is not real."""

from datetime import date
from functools import cache

from flows.jobs.demonstration_lives import Life
from models.prepayment_file import read_prepayment_file
from models.shipped import PROVINCE
from states.dated_rules import jurisdiction_of
from states.prepayments import PrepaymentRule, limit, rule_for
from states.vocabulary import Route

#: No rule of the province was found, and without one nothing is prepaid on the local route.
LOCAL_RULE = PrepaymentRule(
    id="P-MINH-HOA",
    activity=None,
    label="Mọi hoạt động (minh họa)",
    jurisdiction=jurisdiction_of(PROVINCE),
    route=Route.LOCAL,
    percent=50,
    progress=0,
    papers=(),
    basis="Quy chế minh họa, không có thật",
    verified=False,
    doubt="mức này do sổ minh họa đặt ra, không theo văn bản nào",
    effective_from=date(2020, 11, 16),
    effective_until=None,
)

#: Works and machines are prepaid less than the rule would allow: most of it is paid for at the end.
_INVESTMENTS = frozenset(
    (
        "machinery",
        "production_line",
        "demonstration_model",
        "cleaner_production_model",
        "pollution_treatment",
    )
)
_OF_INVESTMENTS = 30
#: Prepayments are whole hundred thousands of đồng.
_UNIT = 100_000


@cache
def _rules() -> tuple[PrepaymentRule, ...]:
    return (*read_prepayment_file(), LOCAL_RULE)


def prepayment_rule(life: Life) -> PrepaymentRule | None:
    """The rule of the day; None where nothing may be prepaid, as for machinery on the national route."""
    return rule_for(
        _rules(), life.proposal.activity, route=life.route, on=life.day, jurisdiction=LOCAL_RULE.jurisdiction
    )


def prepayment(rule: PrepaymentRule, life: Life) -> int:
    """What is prepaid of the support, in đồng."""
    allowed = limit(rule, approved=life.granted, contracted=life.granted)
    if life.proposal.activity in _INVESTMENTS:
        allowed = min(allowed, life.granted * _OF_INVESTMENTS // 100)
    return allowed // _UNIT * _UNIT
