"""The log of what was asked for and denied: people see too little of it while it is going on.

Every denial counts, and a loop of them fills no disk: the same one again on a day raises a number, and of one route
only so many different ones are kept apart.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.columns import instant_text
from models.queries.scope import PAGE, Where, page
from models.statement import Statement
from states.facts import OFFICE_TIME

#: Different addresses of one route that are kept for a person and a day; further ones count under its pattern.
APART = 20


def note_denial(
    session: Session,
    *,
    at: datetime,
    person_id: int | None,
    method: str,
    path: str,
    route: str,
    reason: str,
    address: str,
) -> None:
    """Keep one denial; long texts are cut. `route` is the pattern of the path: one of few, whatever is asked for."""
    day = at.astimezone(OFFICE_TIME).date().isoformat()
    whose = {"day": day, "person": -1 if person_id is None else person_id, "route": route[:300]}
    told = {"method": method[:10], "path": path[:300], "reason": reason[:300]}
    again = {"at": instant_text(at), "address": address[:100]}
    if _AGAIN.rows(session, **whose, **told, **again):
        return
    if _KINDS.one(session, **whose).kinds >= APART:
        # A name of its own, which no path has: a stranger must not choose what the rest counts as.
        told |= {"path": f"{route[:290]} (…)", "reason": "Nhiều địa chỉ khác cùng loại."}
        if _AGAIN.rows(session, **whose, **told, **again):
            return
    _NOTE.run(session, [whose | told | again | {"person": person_id}])


_SAME = "day = :day AND coalesce(person_id, -1) = :person AND route = :route"
_AGAIN = Statement(f"""
    UPDATE denial SET times = times + 1, last_at = :at, address = :address
    WHERE {_SAME} AND method = :method AND path = :path AND reason = :reason RETURNING id""")
_KINDS = Statement(f"SELECT count(*) AS kinds FROM denial WHERE {_SAME}")
_NOTE = Statement(
    "INSERT INTO denial (at, last_at, times, day, person_id, method, path, route, reason, address) "
    "VALUES (:at, :at, 1, :day, :person, :method, :path, :route, :reason, :address)"
)


def denials(session: Session, *, who: str | None = None, limit: int = PAGE, offset: int = 0) -> list[dict[str, Any]]:
    """One page of denials, the latest first; with `who` only those of one person, by code.

    `times` says how often it happened from `at` to `last_at`, on one day.
    """
    where = Where()
    if who:
        where.add("p.code = :who", who=who)
    return where.rows(session, _LIST, **page(limit, offset))


_LIST = """
    SELECT d.id, d.at, d.last_at, d.times, p.code AS person, p.name AS person_name, d.method, d.path, d.reason,
           d.address
    FROM denial AS d LEFT JOIN person AS p ON p.id = d.person_id WHERE {where}
    ORDER BY d.id DESC LIMIT :limit OFFSET :offset"""
