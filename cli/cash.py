"""Where the state support of one project stands after a step, as the commands of money tell it."""

from cli.step import Taken, tell
from states.cash import cash, cash_in_words, figures, owed_in_words

__all__ = ["cash", "cash_in_words", "figures", "owed_in_words", "tell_cash"]


def tell_cash(taken: Taken, as_json: bool) -> None:
    """Print what a step did, and where that leaves the money."""
    standing = cash(taken.facts)
    tell(taken, as_json, cash_in_words(standing), money=standing)
