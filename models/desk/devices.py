"""The mark by which a browser is known in which a person signed in before; it opens nothing.

It follows from the key outside the database and from when the password was set: a new password makes all of them
strange again. Basis: OWASP, device cookies against guessing that locks people out.
"""

import hmac
import re
import secrets

from sqlmodel import Session

from models.queries.scope import plain_value
from models.statement import Statement

_MARK = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{64})")


def device_mark(session: Session, key: bytes, code: str) -> str:
    """A new mark for a browser of the person; empty for somebody without a password."""
    nonce = secrets.token_hex(16)
    proof = _proof(session, key, code, nonce)
    return f"{nonce}.{proof}" if proof else ""


def device_of(session: Session, key: bytes, code: str, mark: str) -> str:
    """Under what the guesses of a browser are counted; empty where it brings no mark of this person."""
    found = _MARK.fullmatch(mark)
    proof = _proof(session, key, code, found[1]) if found else ""
    return found[1] if found and proof and hmac.compare_digest(proof, found[2]) else ""


def _proof(session: Session, key: bytes, code: str, nonce: str) -> str:
    rows = _CHANGED.rows(session, code=code)
    if not rows:
        return ""
    told = "\0".join(("device", code, nonce, str(plain_value(rows[0].changed_at))))
    return hmac.digest(key, told.encode(), "sha256").hex()


_CHANGED = Statement(
    "SELECT c.changed_at FROM credential AS c JOIN person AS p ON p.id = c.person_id "
    "WHERE p.code = :code AND c.password_hash <> ''"
)
