"""From the words of a person to the paper that is meant: a kind by code or label, or an item that was asked for."""

from collections.abc import Sequence
from functools import cache

from states.facts import Enclosure
from states.folding import fold
from states.vocabulary import Paper


@cache
def paper_kinds() -> dict[str, Paper]:
    """Every kind of paper by what may be typed for it."""
    return {fold(kind.label): kind for kind in Paper} | {str(kind): kind for kind in Paper}


def named_paper(text: str, missing: Sequence[str]) -> Enclosure | None:
    """The paper that a word names: by code, by label, or as one of the items that were asked for."""
    typed = fold(text)
    kind = paper_kinds().get(typed.replace("-", "_")) or paper_kinds().get(typed)
    if kind is not None:
        return Enclosure(kind)
    asked = next((item for item in missing if fold(item) == typed), None)
    return Enclosure(Paper.OTHER, title=asked) if asked else None
