"""The log of what was asked for and denied: people see too little of it while it is going on."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.columns import instant_text
from models.queries.scope import PAGE, Where, page
from models.statement import Statement


def note_denial(
    session: Session, *, at: datetime, person_id: int | None, method: str, path: str, reason: str, address: str
) -> None:
    """Keep one denial; long texts are cut."""
    row = {"at": instant_text(at), "person": person_id, "method": method[:10], "path": path[:300]}
    _NOTE.run(session, [row | {"reason": reason[:300], "address": address[:100]}])


_NOTE = Statement(
    "INSERT INTO denial (at, person_id, method, path, reason, address) "
    "VALUES (:at, :person, :method, :path, :reason, :address)"
)


def denials(session: Session, *, who: str | None = None, limit: int = PAGE, offset: int = 0) -> list[dict[str, Any]]:
    """One page of denials, the latest first; with `who` only those of one person, by code."""
    where = Where()
    if who:
        where.add("p.code = :who", who=who)
    return where.rows(session, _LIST, **page(limit, offset))


_LIST = """
    SELECT d.id, d.at, p.code AS person, p.name AS person_name, d.method, d.path, d.reason, d.address
    FROM denial AS d LEFT JOIN person AS p ON p.id = d.person_id WHERE {where}
    ORDER BY d.id DESC LIMIT :limit OFFSET :offset"""
