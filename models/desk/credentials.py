"""Passwords: argon2 hashes beside the register, never in its events.

A wrong name takes as long as a wrong password, and says the same.
"""

import hashlib
import secrets
import unicodedata
from datetime import datetime, timedelta
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlmodel import Session

from models.columns import instant_text
from models.desk.keys import withdraw_keys
from models.loading import load_person
from models.statement import Statement
from states.facts import Person
from states.refusal import Refused

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 200
#: One hash takes 64 MiB and a fifth of a second: more at a time would starve the pages of everybody else.
_AT_ONCE = BoundedSemaphore(2)
#: How long a link for choosing a password works.
INVITED_FOR = timedelta(hours=48)


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash that no password fits: a name that does not exist must take as long as one that does."""
    return _hashed(secrets.token_urlsafe(32))


def _hashed(password: str) -> str:
    with _AT_ONCE:
        return _hasher().hash(unicodedata.normalize("NFC", password))


def _fits(hashed: str, password: str) -> bool:
    from argon2.exceptions import VerificationError

    with _AT_ONCE:
        try:
            return _hasher().verify(hashed, unicodedata.normalize("NFC", password))
        except VerificationError:
            return False


def hash_password(password: str, *, code: str) -> str:
    """Hash a new password; slow on purpose, so do it before a transaction begins.

    Raises Refused for one that is too short, too long or the person's own name.
    """
    if len(password) < SHORTEST:
        raise Refused(f"Mật khẩu phải dài từ {SHORTEST} ký tự; một câu ngắn dễ nhớ là tốt nhất.")
    if len(password) > LONGEST:
        raise Refused(f"Mật khẩu dài quá {LONGEST} ký tự; hãy chọn câu ngắn hơn.")
    plain = password.casefold().strip()
    if len(set(plain)) < 5 or plain in (code * 5)[: len(plain)] or plain in "0123456789" * 20:
        raise Refused("Mật khẩu này quá dễ đoán; hãy chọn một câu không có tên đăng nhập và không lặp một ký tự.")
    return _hashed(password)


def set_password(session: Session, person_id: int, hashed: str, *, at: datetime) -> None:
    """Store a person's password hash and end every session that the old one opened."""
    _SET.run(session, [{"id": person_id, "hash": hashed, "at": instant_text(at)}])
    _END_SESSIONS.run(session, [{"id": person_id, "at": instant_text(at)}])


_SET = Statement("""
    INSERT INTO credential (person_id, password_hash, changed_at, totp_secret, totp_step, recovery_hashes)
    VALUES (:id, :hash, :at, '', 0, '')
    ON CONFLICT (person_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at""")
_END_SESSIONS = Statement("UPDATE web_session SET ended_at = :at WHERE person_id = :id AND ended_at IS NULL")


def password_hash_of(session: Session, code: str) -> str:
    """The stored hash of a person by code, or one that nothing fits."""
    found = session.connection().execute(_HASH, {"code": code}).scalar()
    return str(found) if found else _nobody()


_HASH = text(
    "SELECT c.password_hash FROM credential AS c JOIN person AS p ON p.id = c.person_id "
    "WHERE p.code = :code AND p.active = 1"
)


def known_as(session: Session, typed: str) -> str:
    """The code of the person that somebody signs in as: as typed, or in other letters where only one person fits."""
    rows = _KNOWN.rows(session, typed=typed)
    codes = [str(row.code) for row in rows]
    return typed if typed in codes or len(codes) != 1 else codes[0]


_KNOWN = Statement("SELECT code FROM person WHERE lower(code) = lower(:typed)")


def is_password(hashed: str, password: str) -> bool:
    """Does the password fit the hash? Slow on purpose: ask outside a transaction."""
    return len(password) <= LONGEST and _fits(hashed, password)


def has_password(session: Session, person_id: int) -> bool:
    """Has the person chosen a password? Somebody may come in by an account of the office alone."""
    return bool(_HAS.rows(session, id=person_id))


_HAS = Statement("SELECT 1 AS one FROM credential WHERE person_id = :id AND password_hash <> ''")


def has_credentials(session: Session) -> bool:
    """Can anybody sign in with a password yet?"""
    return session.connection().execute(_ANY).first() is not None


_ANY = text("SELECT 1 FROM credential WHERE password_hash <> '' LIMIT 1")


def invite(session: Session, person_id: int, *, at: datetime) -> str:
    """Make a link token by which the person chooses a password once; older ones stop working. Answers the token."""
    token = secrets.token_urlsafe(24)
    _FORGET.run(session, [{"id": person_id, "at": instant_text(at)}])
    _INVITE.run(
        session,
        [
            {
                "hash": hash_of_token(token),
                "id": person_id,
                "at": instant_text(at),
                "expires": instant_text(at + INVITED_FOR),
            }
        ],
    )
    return token


_FORGET = Statement("UPDATE invitation SET used_at = :at WHERE person_id = :id AND used_at IS NULL")
_INVITE = Statement(
    "INSERT INTO invitation (token_hash, person_id, made_at, expires_at) VALUES (:hash, :id, :at, :expires)"
)


def invited(session: Session, token: str, *, at: datetime) -> Person:
    """Whom a link token invites. Raises Refused for one that is unknown, used or too old."""
    row = {"hash": hash_of_token(token), "at": instant_text(at)}
    code = session.connection().execute(_INVITED, row).scalar()
    if code is None:
        raise Refused("Đường dẫn đặt mật khẩu này không dùng được nữa; hãy nhờ quản trị gửi đường dẫn mới.")
    return load_person(session, str(code))


_INVITED = text(
    "SELECT p.code FROM invitation AS i JOIN person AS p ON p.id = i.person_id "
    "WHERE i.token_hash = :hash AND i.used_at IS NULL AND i.expires_at > :at AND p.active = 1"
)


def accept_invitation(session: Session, token: str, hashed: str, *, at: datetime) -> Person:
    """Set the password that an invited person chose, and use the invitation up. Raises Refused as `invited` does.

    Whoever had the old password may have made keys with it: they end as the sessions do.
    """
    person = invited(session, token, at=at)
    _FORGET.run(session, [{"id": person.id, "at": instant_text(at)}])
    set_password(session, person.id, hashed, at=at)
    withdraw_keys(session, person.id, at=at)
    return person


def hash_of_token(token: str) -> str:
    """What is stored of a token: it is long and random, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
