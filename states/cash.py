"""Where the state support of one project stands after its approval: given, accepted, closed, and what follows."""

from typing import Any

from states.actions import Action
from states.facts import Facts
from states.guards.settlement import to_recover
from states.lifecycle import BEFORE_APPROVAL, RUNNING
from states.steps import STEP
from states.vocabulary import MoneyKind
from states.words import format_dong

_KINDS = (
    MoneyKind.CONTRACTED,
    MoneyKind.PREPAID,
    MoneyKind.ACCEPTED,
    MoneyKind.PAID,
    MoneyKind.SETTLED,
    MoneyKind.RELEASED,
    MoneyKind.RECOVERED,
)
#: Between the acceptance or the stop and the end, cash and support may still differ.
_OPEN = STEP[Action.PAY].sources | STEP[Action.RECEIVE_RECOVERY].sources


def cash(facts: Facts) -> dict[str, Any]:
    """The state fund of a project in đồng. Before the acceptance nobody knows what is payable or has to come back."""
    is_known = facts.stage not in RUNNING | BEFORE_APPROVAL
    owed = None if not is_known else to_recover(facts) if facts.stage in _OPEN else 0
    return {
        "source": str(facts.fund),
        "approved": facts.approved_now(),
        **{str(kind): facts.amount(kind) for kind in _KINDS},
        "payable": None if owed is None else max(-owed, 0),
        "to_recover": None if owed is None else max(owed, 0),
    }


def figures(found: dict[str, Any]) -> list[tuple[str, str]]:
    """What was approved, given, accepted and closed, with the words of each; what is nothing is left out."""
    kinds = (kind for kind in (MoneyKind.APPROVED, *_KINDS) if found[kind])
    return [(kind.label.split(",")[0], format_dong(found[kind])) for kind in kinds]


def cash_in_words(found: dict[str, Any]) -> str:
    """What was given and accepted, and what follows from it, in one sentence."""
    told = [f"{words.lower()} {amount}" for words, amount in figures(found)]
    sentence = "; ".join(part for part in (*told, owed_in_words(found)) if part)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def owed_in_words(found: dict[str, Any]) -> str:
    """What has to be paid or to come back: nothing to say before the acceptance."""
    if found["payable"] is None:
        return ""
    if found["payable"]:
        return f"còn phải thanh toán {format_dong(found['payable'])}"
    if found["to_recover"]:
        return f"còn phải thu hồi {format_dong(found['to_recover'])}"
    return "không còn khoản phải thanh toán hay thu hồi"
