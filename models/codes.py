"""From the code that a person types to the row behind it. Reads use this too, so nothing of the writing is here."""

from sqlalchemy import text
from sqlmodel import Session

from states.refusal import Refused


def id_of(session: Session, table: str, code: str | None) -> int | None:
    """The id behind a code, or None for no code. Raises Refused for an unknown one."""
    if code is None:
        return None
    found = session.connection().execute(text(f"SELECT id FROM {table} WHERE code = :code"), {"code": code}).scalar()
    if found is None:
        raise Refused(f"Không có {_NOUNS[table]} «{code}»; hãy kiểm tra mã.")
    return int(found)


_NOUNS = {"unit": "đơn vị", "place": "đơn vị hành chính", "person": "người dùng", "programme": "chương trình"}
