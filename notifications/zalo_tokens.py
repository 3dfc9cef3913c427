"""The access tokens of a Zalo Official Account: who keeps them, and how they are renewed exactly once.

Written from public documents; not tried against the live service.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from notifications.outcome import Delivery


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """One pair of tokens: the access token lives 25 hours, the refresh token 3 months and for a single use."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_in_seconds: int | None = None
    """Counted from the moment Zalo gave them; None when it did not say."""


class NoTokens(Exception):  # noqa: N818  # the name says what is missing
    """The account was never linked; the argument is a Vietnamese sentence that says what to do."""


class NotRenewed(Exception):  # noqa: N818  # the name says what happened
    """Zalo gave no new tokens; the delivery says what that means for the message that needed them."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery.detail)
        self.delivery = delivery


class TokenKeeper(Protocol):
    """Where the tokens live. Every sender of an account, in any process, must share one keeper and its lock."""

    def current(self) -> Tokens:
        """Return the stored tokens; raises NoTokens."""

    def renew(self, used: Tokens, ask: Callable[[Tokens], Tokens]) -> Tokens:
        """Return tokens newer than the ones just refused, asking Zalo at most once.

        Under the lock: when the stored access token is no longer `used.access`, another sender was first and
        the stored pair is returned; else `ask` is called with the stored pair and its answer is persisted
        BEFORE it is returned, because the refresh token that bought it is spent. An exception of `ask` (such
        as NotRenewed) goes on to the caller and leaves the stored pair as it is.
        """


class InProcessKeeper:
    """Keep the tokens in memory, for one process: demonstrations and tests."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        self._tokens = tokens
        self._lock = threading.Lock()

    def current(self) -> Tokens:
        if self._tokens is None:
            raise NoTokens("Tài khoản Zalo OA chưa được kết nối; hãy nhập access token và refresh token.")
        return self._tokens

    def renew(self, used: Tokens, ask: Callable[[Tokens], Tokens]) -> Tokens:
        with self._lock:
            stored = self.current()
            if stored.access == used.access:
                stored = self._tokens = ask(stored)
            return stored
