"""Mistakes of the program while it works through a list: all of them are told, and none of them with a secret."""

from collections.abc import Sequence

from notifications.discretion import discreet

#: What a ledger keeps of a mistake.
_LONGEST = 500


def told(mistake: BaseException) -> str:
    """A mistake in one line for ledgers, logs and letters; texts of libraries may hold addresses and passwords."""
    if isinstance(mistake, BaseExceptionGroup):
        return "; ".join(told(each) for each in mistake.exceptions)[:_LONGEST]
    return discreet(f"{type(mistake).__name__}: {mistake}")[:_LONGEST]


def raise_together(what: str, mistakes: Sequence[Exception]) -> None:
    """Raise what was put off until the list was done: one by itself, several as a group, nothing where none was."""
    if len(mistakes) == 1:
        raise mistakes[0]
    if mistakes:
        raise ExceptionGroup(what, list(mistakes))
