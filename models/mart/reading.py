"""Read back what a night published: the figures of a programme without adding up the register again.

A mart is complete or not there, and never changes; what it says carries its own cut-off.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.mart.shape import SCHEMA_VERSION
from states.rollups import By, Step
from states.vocabulary import Source, State

#: In which state a project is known to the public: it was approved, and its means are public means.
_APPROVED = ", ".join(f"'{state}'" for state in (State.APPROVED, State.IMPLEMENTED, State.SETTLED))


@dataclass(frozen=True, slots=True)
class Night:
    """The newest published night: for which day, up to which event of the register and when that was recorded."""

    place: Path
    as_of: str
    cutoff_event: int
    cutoff_on: str
    content_hash: str

    @property
    def cutoff(self) -> dict[str, Any]:
        return {"event": self.cutoff_event, "on": self.cutoff_on}


def newest_night(shelf: Path) -> Night | None:
    """The newest mart that this program understands, or None where no night has published one."""
    for place in sorted(shelf.glob("????-??-??.db"), reverse=True):
        try:
            with _open(place) as mart:
                [version] = mart.execute("PRAGMA user_version").fetchone()
                meta = dict(mart.execute("SELECT key, value FROM meta").fetchall())
        except sqlite3.Error:
            # Somebody else's file with a name like ours, or one that a failing disk spoilt.
            continue
        if version == SCHEMA_VERSION and {"as_of", "cutoff_event", "cutoff_on", "content_hash"} <= meta.keys():
            cutoff = int(meta["cutoff_event"]), meta["cutoff_on"]
            return Night(place, meta["as_of"], *cutoff, meta["content_hash"])
    return None


@contextmanager
def _open(place: Path) -> Iterator[sqlite3.Connection]:
    # A published file is replaced in one stroke and never written to, so no lock is needed.
    connection = sqlite3.connect(f"{place.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        yield connection
    finally:
        connection.close()


Funnel = dict[str, int]


def night_money(night: Night, programme: str) -> dict[tuple[int, str], Funnel]:
    """Đồng by content and source, each by step."""
    found: dict[tuple[int, str], Funnel] = {}
    for row in _rows(night, _MONEY, programme, dimension=str(By.CONTENT)):
        if row["source"] in list(Source):
            at = (int(row["key"]), row["source"])
            found.setdefault(at, dict.fromkeys(map(str, Step), 0))[row["step"]] = row["amount"]
    return found


def night_work(night: Night, programme: str) -> dict[str, Funnel]:
    """Work by target, each by step."""
    found: dict[str, Funnel] = {}
    for row in _rows(night, _MONEY, programme, dimension=str(By.TARGET)):
        found.setdefault(row["key"], dict.fromkeys(map(str, Step), 0))[row["step"]] = row["amount"]
    return found


def night_months(night: Night, programme: str) -> dict[str, Funnel]:
    """What was decided in each month (YYYY-MM), đồng of all sources by step."""
    found: dict[str, Funnel] = {}
    for row in _rows(night, _MONEY, programme, dimension=str(By.MONTH)):
        if row["source"] == "total":
            found.setdefault(row["key"], dict.fromkeys(map(str, Step), 0))[row["step"]] = row["amount"]
    return found


_MONEY = """
    SELECT key, source, step, sum(amount) AS amount FROM rollup WHERE programme = :programme AND dimension = :dimension
    GROUP BY key, source, step"""


def night_projects(night: Night, programme: str, *, after: str = "", limit: int) -> list[dict[str, Any]]:
    """The approved projects of a programme in the order of their codes, with their public facts.

    Amounts in đồng; approved ones are those after adjustments. No person is named: the mart knows none.
    """
    rows = _rows(night, _PROJECTS, programme, after=after, limit=limit)
    return [dict(row) for row in rows]


_PROJECTS = f"""
    SELECT p.code, p.name, p.content_no AS content, p.plan_year, p.route, p.unit_name, p.place_name, p.state,
           p.stage_label,
           coalesce(sum(m.approved + m.adjusted) FILTER (WHERE m.source <> 'counterpart'), 0) AS support,
           coalesce(sum(m.approved + m.adjusted) FILTER (WHERE m.source = 'counterpart'), 0) AS counterpart,
           coalesce(sum(m.settled) FILTER (WHERE m.source <> 'counterpart'), 0) AS settled
    FROM (SELECT * FROM project WHERE code > :after AND programme = :programme AND state IN ({_APPROVED})
          ORDER BY code LIMIT :limit) AS p
    LEFT JOIN money AS m ON m.project_id = p.id GROUP BY p.id ORDER BY p.code"""


def night_count(night: Night, programme: str) -> int:
    """How many projects of a programme were approved: read off its roll-up, which counts each of them once."""
    [row] = _rows(night, _COUNT, programme)
    return int(row["projects"])


_COUNT = f"""
    SELECT coalesce(sum(projects), 0) AS projects FROM rollup
    WHERE programme = :programme AND dimension = '{By.CONTENT}' AND source = 'total' AND step = '{Step.APPROVED}'"""


def _rows(night: Night, sql: str, programme: str, **more: Any) -> list[Mapping[str, Any]]:
    with _open(night.place) as mart:
        return [dict(row) for row in mart.execute(sql, {"programme": programme} | more)]
