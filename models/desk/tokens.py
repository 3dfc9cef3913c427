"""Personal tokens: how a program acts for a person, within scopes, until a day or until it is withdrawn."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.columns import instant_text
from models.desk.credentials import hash_of_token
from models.loading import load_person
from models.queries.scope import plain_row
from models.statement import Statement
from states.facts import OFFICE_TIME, Person
from states.folding import clean_line
from states.refusal import Refused
from states.scopes import Scope

#: So that a token found in a log or a repository is recognised as one of ours.
PREFIX = "dean_"
LONGEST = timedelta(days=400)
USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token stands for, and what it may do."""

    person: Person
    scopes: frozenset[Scope]


def make_token(
    session: Session, person: Person, name: str, scopes: Iterable[Scope], *, expires_on: date, at: datetime
) -> str:
    """Make a token and answer with it; it is shown this once. Raises Refused for no scope, or a day too far or past."""
    wanted = sorted(frozenset(scopes))
    today = at.astimezone(OFFICE_TIME).date()
    if not wanted:
        raise Refused("Hãy chọn ít nhất một quyền cho token.")
    if not today <= expires_on <= today + LONGEST:
        raise Refused(f"Ngày hết hạn phải từ hôm nay đến {LONGEST.days} ngày nữa; hãy chọn lại.")
    token = PREFIX + secrets.token_urlsafe(32)
    row = {"hash": hash_of_token(token), "person": person.id, "name": clean_line(name, "Tên token")}
    more = {"scopes": " ".join(wanted), "at": instant_text(at), "expires": expires_on.isoformat()}
    _MAKE.run(session, [row | more])
    return token


_MAKE = Statement(
    "INSERT INTO api_token (token_hash, person_id, name, scopes, made_at, expires_on) "
    "VALUES (:hash, :person, :name, :scopes, :at, :expires)"
)


def bearer(session: Session, token: str, *, at: datetime) -> Bearer | None:
    """Whom a token stands for, or None where it is unknown, withdrawn, over, or its person locked."""
    today = at.astimezone(OFFICE_TIME).date().isoformat()
    rows = _FIND.rows(session, hash=hash_of_token(token), today=today)
    if not rows:
        return None
    return Bearer(load_person(session, rows[0].code), frozenset(map(Scope, rows[0].scopes.split())))


_FIND = Statement("""
    SELECT p.code, t.scopes FROM api_token AS t JOIN person AS p ON p.id = t.person_id
    WHERE t.token_hash = :hash AND t.revoked_at IS NULL AND p.active = 1
      AND (t.expires_on IS NULL OR t.expires_on >= :today)""")


def note_use(session: Session, token: str, *, at: datetime) -> None:
    """Remember that a token was used; the caller asks `is_stale` first, so that reading seldom writes."""
    _USED.run(session, [{"hash": hash_of_token(token), "at": instant_text(at)}])


def is_stale(session: Session, token: str, *, at: datetime) -> bool:
    """Was the token last used long enough ago that its use should be noted again?"""
    since = instant_text(at - USED_EVERY)
    return bool(_STALE.rows(session, hash=hash_of_token(token), since=since))


_USED = Statement("UPDATE api_token SET used_at = :at WHERE token_hash = :hash")
_STALE = Statement("SELECT 1 AS one FROM api_token WHERE token_hash = :hash AND (used_at IS NULL OR used_at < :since)")


def tokens_of(session: Session, person_id: int) -> list[dict[str, Any]]:
    """A person's tokens, the latest first; the key of each is the hash."""
    rows = [plain_row(row._asdict()) for row in _LIST.rows(session, person=person_id)]
    return [row | {"scopes": [Scope(code) for code in row["scopes"].split()]} for row in rows]


_LIST = Statement("""
    SELECT token_hash AS key, name, scopes, made_at, expires_on, revoked_at, used_at FROM api_token
    WHERE person_id = :person ORDER BY made_at DESC""")


def revoke_token(session: Session, person_id: int, key: str, *, at: datetime) -> None:
    """Withdraw one of a person's tokens. Raises Refused where the person has no such living token."""
    if key not in {row["key"] for row in tokens_of(session, person_id) if not row["revoked_at"]}:
        raise Refused("Token này không còn; hãy tải lại trang.")
    _REVOKE.run(session, [{"hash": key, "at": instant_text(at)}])


_REVOKE = Statement("UPDATE api_token SET revoked_at = :at WHERE token_hash = :hash")
