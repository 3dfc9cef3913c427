"""Contracts as lists show them: one row each, within the scope of the reader."""

from typing import Any

from sqlmodel import Session

from models.queries.scope import PAGE, page, readable_by
from states.facts import Person
from states.vocabulary import Authority, Route


def contracts(
    session: Session,
    *,
    year: int | None = None,
    reader: Person | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """Contracts signed in a year, newest first: their state support in đồng and how many projects the reader sees."""
    where = readable_by(reader)
    if year is not None:
        where.add("c.signed_on BETWEEN :first AND :last", first=f"{year}-01-01", last=f"{year}-12-31")
    rows = where.rows(session, _CONTRACTS, **page(limit, offset))
    labels = {"authority": Authority, "route": Route}
    return [row | {f"{name}_label": codes(row[name]).label for name, codes in labels.items()} for row in rows]


# A contract whose only project took its signing back has no project left; whoever reads everything still sees it.
_CONTRACTS = """
    SELECT c.number, c.signed_on, c.signer, c.authority, c.route, u.code AS unit, u.name AS unit_name,
           c.party_a, c.party_b, c.total, count(p.id) AS projects
    FROM contract AS c JOIN unit AS u ON u.id = c.unit_id LEFT JOIN project AS p ON p.contract_id = c.id
    WHERE {where} GROUP BY c.id, u.code, u.name ORDER BY c.signed_on DESC, c.id DESC LIMIT :limit OFFSET :offset"""
