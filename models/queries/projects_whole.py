"""A whole list of projects with what a register prints of each, read in steps: its length costs no memory."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from models.queries.projects import rows_of
from models.queries.projects_orders import KEYS, Order
from models.queries.projects_sought import Conditions, ids_of, run
from models.searching import MONEY_NOW
from states.vocabulary import Kind, Source

#: Projects that are read at a time.
_STEP = 500


def whole_list(session: Session, found: Conditions, *, today: date | None = None) -> Iterator[dict[str, Any]]:
    """Every project of a list in the order of the codes, as `rows_of` tells them, and more of each.

    `beneficiaries` are names; `counterpart` is what the last milestone says of it, in đồng, as `amount` does of the
    state fund. The ids are read at once, so that rows which come meanwhile shift none.
    """
    order = ", ".join(KEYS[Order.CODE].columns)
    sql = f"SELECT p.id FROM project AS p WHERE {found.everything} ORDER BY {order}"
    ids = ids_of(session, sql, found.where.parameters)
    for start in range(0, len(ids), _STEP):
        yield from _step(session, ids[start : start + _STEP], today)


def _step(session: Session, ids: Sequence[int], today: date | None) -> Iterator[dict[str, Any]]:
    more = {row["code"]: row for row in run(session, _MORE, {"ids": list(ids)})}
    named: dict[str, list[str]] = {}
    for row in run(session, _NAMED, {"ids": list(ids)}):
        named.setdefault(row["code"], []).append(row["name"])
    for row in rows_of(session, ids, today=today):
        extra = more[row["code"]]
        extra |= {"kind_label": Kind(row["kind"]).label, "priorities": json.loads(extra["priorities"])}
        yield row | extra | {"beneficiaries": named.get(row["code"], [])}


_MORE = f"""
    SELECT p.code, n.name AS content_name, p.equipment, p.partner, p.objectives, p.scope, p.starts_on, p.ends_on,
           p.total_cost, p.expected_jobs, p.priorities, c.number AS contract,
           coalesce({MONEY_NOW.format(f="f.")}, 0) AS counterpart
    FROM project AS p JOIN content AS n ON n.programme_id = p.programme_id AND n.no = p.content_no
    LEFT JOIN contract AS c ON c.id = p.contract_id
    LEFT JOIN funding AS f ON f.project_id = p.id AND f.source = '{Source.COUNTERPART}'
    WHERE p.id IN :ids"""
_NAMED = """
    SELECT p.code, b.name FROM project AS p JOIN project_beneficiary AS w ON w.project_id = p.id
    JOIN beneficiary AS b ON b.id = w.beneficiary_id WHERE p.id IN :ids
    GROUP BY p.code, b.id, b.name HAVING sum(w.direction) > 0 ORDER BY b.id"""
