"""What dated rules say to a step: reasons against it and warnings beside it."""

from dataclasses import dataclass
from functools import cache

from states.activities import read_activity
from states.facts import Order
from states.refusal import Refused
from states.steps import STEP


@dataclass(frozen=True, slots=True)
class Held:
    """What a rule says to a step: reasons against it, warnings beside it, and the override that it needed."""

    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    override: str = ""


NOTHING = Held()


def not_overridden(order: Order) -> tuple[str, ...]:
    """Refuse the reason to go above a ceiling on a step that raises no support; nothing where none was typed."""
    if not order.override:
        return ()
    label = STEP[order.action].label
    return (f"Bước «{label}» không nâng mức hỗ trợ; hãy bỏ lý do vượt định mức (--override).",)


@cache
def activity_code(text: str) -> str:
    """The code of an activity that was typed by code or label; anything else is looked for as it is."""
    try:
        return read_activity(text)
    except Refused:
        return text
