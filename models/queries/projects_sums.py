"""How many projects a list has and what their money adds up to: exactly, or at least so many, and never a guess."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlmodel import Session

from models.queries.projects_orders import FUND
from models.queries.projects_sought import Conditions, run
from models.searching import MONEY_NOW
from states.vocabulary import Source

#: Where counting stops; and where it stops when each project has to be tested.
COUNTED, TESTED = 10_000, 2_000
#: The money of so many projects is added up without being asked for.
SUMMED = 2_000
KINDS = ("asked", "appraised", "approved", "accepted", "settled")


class Count(NamedTuple):
    """How many projects a list has; where counting stopped, at least so many."""

    n: int
    is_exact: bool

    @property
    def is_short(self) -> bool:
        """Are they few enough to be sorted and added up while somebody waits?"""
        return self.is_exact and self.n <= SUMMED


@dataclass(frozen=True, slots=True)
class Sums:
    """Money in đồng: `by_source` rows of what was asked, appraised, approved after adjustments, accepted, settled."""

    by_source: list[dict[str, Any]]

    @property
    def total(self) -> dict[str, int]:
        return {kind: sum(row[kind] for row in self.by_source) for kind in KINDS}


def count_of(session: Session, found: Conditions) -> Count:
    """Count a list, as far as a page may take its time for it."""
    if found.ids is not None:
        return Count(len(found.ids), True)
    most = TESTED if found.tests else COUNTED
    tests = " AND ".join(found.tests) or "1 = 1"
    # Of those that the filters leave, so many are tested; where these are all, all were counted.
    sql = (
        f"SELECT count(*) AS looked_at, count(CASE WHEN {tests} THEN 1 END) AS fitting "
        f"FROM (SELECT p.id FROM project AS p WHERE {found.where} LIMIT {most + 1}) AS p"
    )
    [row] = run(session, sql, found.where.parameters)
    return Count(min(row["fitting"], most), row["looked_at"] <= most)


def exact_count_of(session: Session, found: Conditions) -> Count:
    """Count a list to its end, however long that takes."""
    if found.ids is not None:
        return Count(len(found.ids), True)
    sql = f"SELECT count(*) AS n FROM project AS p WHERE {found.everything}"
    return Count(run(session, sql, found.where.parameters)[0]["n"], True)


def sums_of(session: Session, found: Conditions) -> Sums:
    """Add up the money of all projects of a list, source by source."""
    sums = ", ".join(f"sum({_SUMMED.get(kind, f'f.{kind}')}) AS {kind}" for kind in KINDS)
    whose = "f.project_id IN :ids" if found.ids is not None else f"f.project_id IN ({_IDS.format(found.everything)})"
    sql = f"SELECT f.source, {sums} FROM funding AS f WHERE {whose} GROUP BY f.source"
    rows = {row["source"]: row for row in run(session, sql, found.where.parameters)}
    told = [
        {"source": str(source), "source_label": source.label}
        | {kind: int(rows[source][kind]) if source in rows else 0 for kind in KINDS}
        for source in Source
    ]
    return Sums([row for row in told if any(row[kind] for kind in KINDS)])


def now_of(session: Session, found: Conditions) -> int:
    """What the money of all projects of a list is now, from their state funds, in đồng."""
    whose = "p.id IN :ids" if found.ids is not None else found.everything
    sql = (
        f"SELECT coalesce(sum({MONEY_NOW.format(f='f.')}), 0) AS amount FROM project AS p "
        f"JOIN funding AS f ON f.project_id = p.id AND f.source = {FUND} WHERE {whose}"
    )
    return int(run(session, sql, found.where.parameters)[0]["amount"])


_SUMMED = {"approved": "f.approved + f.adjusted"}
_IDS = "SELECT p.id FROM project AS p WHERE {}"
