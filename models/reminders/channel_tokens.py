"""The tokens of an Official Account, kept under a lock of the database so that they are renewed exactly once.

Whoever sends brings its own classes of tokens and errors: nothing here knows the post office.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from sqlmodel import Session

from models.columns import instant_text
from models.statement import Statement
from models.store import Store
from states.posting import Channel
from states.refusal import Refused

#: How long an access token of Zalo lives where the answer does not say: 25 hours.
USUAL_LIFE_SECONDS = 90_000
_LONGEST = 4_000
#: ZNS is sent in the name of the Official Account, with its tokens: two pairs would spend each other's.
_ACCOUNT = {Channel.ZALOZNS: Channel.ZALOOA}


class Pair(Protocol):
    """An access token and the refresh token that buys the next one, as the sender knows them."""

    @property
    def access(self) -> str: ...

    @property
    def refresh(self) -> str: ...

    @property
    def expires_in_seconds(self) -> int | None: ...


P = TypeVar("P", bound=Pair)


@dataclass(frozen=True, slots=True, repr=False)
class StoredTokens(Generic[P]):
    """The tokens of one channel in the register. `missing` makes the exception for an account never linked.

    On SQLite whoever renews keeps every other writer of the register waiting for Zalo's answer; the time-out in the
    channel URL bounds that.
    """

    store: Store
    channel: Channel
    make: Callable[..., P]
    missing: Callable[[str], Exception]
    clock: Callable[[], datetime]

    @property
    def account(self) -> Channel:
        """The channel under which the tokens are kept."""
        return _ACCOUNT.get(self.channel, self.channel)

    def current(self) -> P:
        """The stored pair. Raises what `missing` makes."""
        with self.store.read() as session:
            return self._read(session)

    def renew(self, used: P, ask: Callable[[P], P]) -> P:
        """A pair newer than the one just refused, asking for it at most once, stored before it is returned.

        What `ask` raises goes on, and the stored pair stays.
        """
        with self.store.write() as session:
            stored = self._read(session, lock=True)
            if stored.access != used.access:
                return stored
            fresh = ask(stored)
            store_tokens(
                session,
                self.account,
                fresh.access,
                fresh.refresh,
                at=self.clock(),
                lifetime_seconds=fresh.expires_in_seconds,
            )
        # Only now is it committed: nobody may use the access token while the spent refresh token is still stored.
        return fresh

    def _read(self, session: Session, *, lock: bool = False) -> P:
        if lock and session.get_bind().dialect.name == "postgresql":
            _LOCKED.rows(session, channel=str(self.account))
        found = _TOKENS.rows(session, channel=str(self.account))
        if not found:
            raise self.missing(
                f"Tài khoản {self.account.label} chưa được kết nối; hãy nhập token bằng dean zalo token {self.account}."
            )
        [row] = found
        return self.make(access=row.access, refresh=row.refresh, expires_in_seconds=_seconds(row))


_TOKENS = Statement("SELECT access, refresh, expires_at, renewed_at FROM channel_token WHERE channel = :channel")
_LOCKED = Statement("SELECT channel FROM channel_token WHERE channel = :channel FOR UPDATE")


def _seconds(row: Any) -> int:
    return int((_instant(row.expires_at) - _instant(row.renewed_at)).total_seconds())


def _instant(value: Any) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def store_tokens(
    session: Session,
    channel: Channel,
    access: str,
    refresh: str,
    *,
    at: datetime,
    lifetime_seconds: int | None = None,
) -> None:
    """Keep a pair in the place of the one before. Raises Refused for what cannot be a token, without repeating it."""
    for name, token in (("Access token", access), ("Refresh token", refresh)):
        if not token.isascii() or not token.isprintable() or " " in token or not 0 < len(token) <= _LONGEST:
            raise Refused(f"{name} trống hoặc có ký tự lạ; hãy chép lại nguyên một dòng từ trang của Zalo.")
    life = timedelta(seconds=lifetime_seconds if lifetime_seconds is not None else USUAL_LIFE_SECONDS)
    row = {
        "channel": str(channel),
        "access": access,
        "refresh": refresh,
        "expires_at": instant_text(at + life),
        "renewed_at": instant_text(at),
    }
    _PUT.run(session, [row])


_PUT = Statement("""
    INSERT INTO channel_token (channel, access, refresh, expires_at, renewed_at)
    VALUES (:channel, :access, :refresh, :expires_at, :renewed_at)
    ON CONFLICT (channel) DO UPDATE SET access = excluded.access, refresh = excluded.refresh,
        expires_at = excluded.expires_at, renewed_at = excluded.renewed_at""")


def token_status(session: Session) -> list[dict[str, Any]]:
    """When the tokens of each channel were renewed and run out; never the tokens."""
    return [
        {
            "channel": row.channel,
            "renewed_at": _instant(row.renewed_at).isoformat(),
            "expires_at": _instant(row.expires_at).isoformat(),
        }
        for row in _STATUS.rows(session)
    ]


_STATUS = Statement("SELECT channel, renewed_at, expires_at FROM channel_token ORDER BY channel")
