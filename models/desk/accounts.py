"""How people stand with the desk: whether they can sign in, with what, and when they were last there."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.columns import instant_text
from models.desk.sessions import IDLE
from models.queries.scope import plain_row
from models.statement import Statement


def accounts(session: Session, *, at: datetime) -> dict[str, dict[str, Any]]:
    """Of every person by code: `password`, `second_factor` and `account` are set up, `browsers` open, `seen_at`."""
    rows = _ACCOUNTS.rows(session, at=instant_text(at), idle=instant_text(at - IDLE))
    return {row.code: _account(row) for row in rows}


def account(session: Session, code: str, *, at: datetime) -> dict[str, Any]:
    """One person's account, with the `version` of the person that a form has to name.

    `keys` counts what opens the register without a browser: living tokens and calendar addresses.
    """
    rows = _ACCOUNT.rows(session, code=code, at=instant_text(at), idle=instant_text(at - IDLE))
    told = plain_row(rows[0]._asdict())
    return _account(rows[0]) | {name: told[name] for name in ("invited_until", "keys")}


def _account(row: Any) -> dict[str, Any]:
    told = plain_row(row._asdict())
    marks = {name: bool(told[name]) for name in ("password", "second_factor", "account")}
    return {name: told[name] for name in ("version", "browsers", "seen_at")} | marks


_COLUMNS = """
    SELECT p.code, p.version, coalesce(c.password_hash, '') <> '' AS password,
           coalesce(c.totp_secret, '') <> '' AS second_factor, c.oidc_subject IS NOT NULL AS account,
           (SELECT count(*) FROM web_session AS s WHERE s.person_id = p.id AND s.ended_at IS NULL AND s.ends_at > :at
            AND s.seen_at > :idle) AS browsers,
           (SELECT max(s.seen_at) FROM web_session AS s WHERE s.person_id = p.id) AS seen_at"""
_FROM = "FROM person AS p LEFT JOIN credential AS c ON c.person_id = p.id"
_ACCOUNTS = Statement(f"{_COLUMNS} {_FROM}")
_ACCOUNT = Statement(f"""
    {_COLUMNS}, (SELECT max(i.expires_at) FROM invitation AS i WHERE i.person_id = p.id AND i.used_at IS NULL
                 AND i.expires_at > :at) AS invited_until,
           (SELECT count(*) FROM api_token AS t WHERE t.person_id = p.id AND t.revoked_at IS NULL)
           + (SELECT count(*) FROM feed AS f WHERE f.person_id = p.id AND f.revoked_at IS NULL) AS keys
    {_FROM} WHERE p.code = :code""")
