"""Who is signed in: one row a browser, found by the hash of its cookie, ended by time or by hand."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.columns import instant_text
from models.desk.credentials import hash_of_token
from models.loading import load_person
from models.statement import Statement
from states.facts import Person

#: A browser that was left alone, and one that was never left.
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=10)
#: How long a browser that has shown a password may take to show the second factor.
HALFWAY = timedelta(minutes=5)
#: `seen_at` is written this often at most, so that reading a page seldom writes.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A living session: its key, the person as the register has them now, the language chosen, what to tell next.

    `seen_late` says that the session should be touched.
    """

    key: str
    person: Person
    language: str
    told: str
    seen_late: bool


def open_session(
    session: Session, person_id: int, *, at: datetime, address: str, agent: str, proved: bool = False
) -> str:
    """Sign a person in and answer with the token for the cookie. `proved`: the second factor was shown too.

    Without it the session of a person who has set one up is good for nothing but showing it: see `halfway`.
    """
    token = secrets.token_urlsafe(32)
    row = {"hash": hash_of_token(token), "person": person_id, "at": instant_text(at), "address": address[:100]}
    _OPEN.run(session, [row | {"ends": instant_text(at + LONGEST), "agent": agent[:300], "proved": int(proved)}])
    return token


_OPEN = Statement("""
    INSERT INTO web_session (token_hash, person_id, opened_at, seen_at, ends_at, second_factor, address, agent, told)
    VALUES (:hash, :person, :at, :at, :ends, :proved, :address, :agent, '')""")


def signed_in(session: Session, token: str, *, at: datetime) -> SignedIn | None:
    """Who the token belongs to, or None where it is unknown, ended, left alone too long or its person is locked.

    Or where the person has a second factor that this browser has not shown.
    """
    key = hash_of_token(token)
    rows = _READ.rows(session, hash=key, at=instant_text(at), idle=instant_text(at - IDLE))
    if not rows:
        return None
    row = rows[0]
    return SignedIn(
        key=key,
        person=load_person(session, row.code),
        language=row.language or "vi",
        told=row.told,
        seen_late=_text(row.seen_at) < instant_text(at - SEEN_EVERY),
    )


_LIVES = "s.ended_at IS NULL AND s.ends_at > :at AND s.seen_at > :idle"
_PROVED = "(s.second_factor = 1 OR coalesce(c.totp_secret, '') = '')"
_READ = Statement(f"""
    SELECT p.code, s.told, s.seen_at, l.value AS language
    FROM web_session AS s JOIN person AS p ON p.id = s.person_id LEFT JOIN credential AS c ON c.person_id = s.person_id
    LEFT JOIN personal_setting AS l ON l.person_id = s.person_id AND l.name = 'language'
    WHERE s.token_hash = :hash AND {_LIVES} AND {_PROVED} AND p.active = 1""")


def halfway(session: Session, token: str, *, at: datetime) -> tuple[str, Person] | None:
    """The key and the person of a session that still waits for the second factor, for a few minutes."""
    key = hash_of_token(token)
    lives = {"at": instant_text(at), "idle": instant_text(at - IDLE), "since": instant_text(at - HALFWAY)}
    rows = _HALFWAY.rows(session, hash=key, **lives)
    return (key, load_person(session, rows[0].code)) if rows else None


_HALFWAY = Statement(f"""
    SELECT p.code FROM web_session AS s JOIN person AS p ON p.id = s.person_id
    JOIN credential AS c ON c.person_id = s.person_id
    WHERE s.token_hash = :hash AND {_LIVES} AND NOT {_PROVED} AND s.opened_at > :since AND p.active = 1""")


def _text(instant: Any) -> str:
    return instant if isinstance(instant, str) else instant_text(instant)


def touch(session: Session, key: str, *, at: datetime, told: str = "") -> None:
    """Note that the browser is in use, and what its next page tells."""
    _TOUCH.run(session, [{"hash": key, "at": instant_text(at), "told": told}])


_TOUCH = Statement("UPDATE web_session SET seen_at = :at, told = :told WHERE token_hash = :hash")


def end_session(session: Session, key: str, *, at: datetime) -> None:
    """Sign a browser out."""
    _END.run(session, [{"hash": key, "at": instant_text(at)}])


_END = Statement("UPDATE web_session SET ended_at = :at WHERE token_hash = :hash AND ended_at IS NULL")


def end_sessions_of(session: Session, person_id: int, *, at: datetime, but: str = "") -> None:
    """Sign a person out of every browser, except the one of a key."""
    _END_ALL.run(session, [{"person": person_id, "at": instant_text(at), "but": but}])


_END_ALL = Statement(
    "UPDATE web_session SET ended_at = :at WHERE person_id = :person AND ended_at IS NULL AND token_hash <> :but"
)


def mark_proved(session: Session, key: str) -> None:
    """Note that a browser has shown the second factor, which was set up in it just now."""
    _MARK.run(session, [{"hash": key}])


_MARK = Statement("UPDATE web_session SET second_factor = 1 WHERE token_hash = :hash")


def sessions_of(session: Session, person_id: int, *, at: datetime) -> list[dict[str, Any]]:
    """The browsers in which a person is signed in, the latest first."""
    rows = _LIST.rows(session, person=person_id, at=instant_text(at), idle=instant_text(at - IDLE))
    return [row._asdict() for row in rows]


_LIST = Statement(f"""
    SELECT s.token_hash, s.opened_at, s.seen_at, s.address, s.agent
    FROM web_session AS s LEFT JOIN credential AS c ON c.person_id = s.person_id
    WHERE s.person_id = :person AND {_LIVES} AND {_PROVED} ORDER BY s.seen_at DESC""")


def forget_old(session: Session, *, at: datetime) -> None:
    """Delete what is of no use any more of sessions, invitations, failures and answers of the API."""
    for statement, kept in _FORGET:
        statement.run(session, [{"before": instant_text(at - kept)}])


#: A session tells when its person was last here, so it stays longer than what only guards against repetition.
_FORGET = (
    (Statement("DELETE FROM web_session WHERE ends_at < :before"), timedelta(days=90)),
    (Statement("DELETE FROM invitation WHERE expires_at < :before"), timedelta(days=7)),
    # Browsers that showed a password and never the second factor: of no use to anybody, and quickly many.
    (
        Statement(
            "DELETE FROM web_session WHERE second_factor = 0 AND opened_at < :before AND EXISTS (SELECT 1 FROM "
            "credential AS c WHERE c.person_id = web_session.person_id AND c.totp_secret <> '')"
        ),
        timedelta(days=1),
    ),
    (Statement("DELETE FROM login_failure WHERE at < :before"), timedelta(days=1)),
    (Statement("DELETE FROM idempotency_key WHERE at < :before"), timedelta(days=7)),
)
