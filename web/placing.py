"""Refusals of a list, put where they belong: beside the row, beside the field, or at the head of the form."""

import re
from collections.abc import Iterable, Mapping, Sequence

from states.refusal import Refused
from web.fields import Fields
from web.reasons import on_page

_OF_ONE = re.compile(r"(KC-[A-Z]{2,4}-[0-9]{4}-[0-9]+): (.+)", re.DOTALL)


def place(form: Fields, refused: Refused, codes: Iterable[str], beside: Mapping[str, Sequence[str]]) -> None:
    """Put each reason beside the amount of its project, or the field whose words it has.

    What is said of every project alike is the matter of the paper, so it is said once.
    """
    chosen = list(codes)
    about: dict[str, list[str]] = {}
    for reason in refused.reasons:
        found = _OF_ONE.fullmatch(reason)
        about.setdefault(on_page(found[2] if found else reason), []).append(found[1] if found else "")
    for sentence, whose in about.items():
        rows = [code for code in whose if code in chosen]
        if rows and (len(rows) < len(chosen) or len(rows) == 1):
            for code in rows:
                form.mistaken(f"amount-{code}", f"{code}: {sentence}")
        else:
            named = [code for code in whose if code and code not in chosen]
            form.mistaken(_field(sentence, beside), f"{', '.join(named)}: {sentence}" if named else sentence)


def _field(sentence: str, beside: Mapping[str, Sequence[str]]) -> str:
    low = sentence.casefold()
    return next((name for name, marks in beside.items() if any(mark in low for mark in marks)), "")
