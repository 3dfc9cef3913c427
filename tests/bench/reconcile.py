"""Reconciling 10,000 settled projects against the bare SQL sums of the same entries."""

import resource
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.reconciliation import reconcile
from states.vocabulary import Stage
from tests.bench.offices import furnished

PROJECTS = 10_000
#: The sums that a reconciliation compares: by project, by year, by content, and all.
_BARE = (
    "SELECT project_id, source, kind, sum(amount * direction) FROM money_entry GROUP BY project_id, source, kind",
    """SELECT p.programme_id, p.plan_year, m.source, m.kind, sum(m.amount * m.direction)
       FROM money_entry AS m JOIN project AS p ON p.id = m.project_id GROUP BY 1, 2, 3, 4""",
    """SELECT p.programme_id, p.content_no, m.source, m.kind, sum(m.amount * m.direction)
       FROM money_entry AS m JOIN project AS p ON p.id = m.project_id GROUP BY 1, 2, 3, 4""",
    "SELECT source, kind, sum(amount * direction) FROM money_entry GROUP BY source, kind",
)


def measure() -> Iterator[str]:
    with furnished() as (office, path):
        office.bring(office.open(), Stage.SETTLED)
        office.store.close()
        _fill(path)
        _, said = sorted(_round(office, path) for _ in range(3))[1]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield f"{said}; peak {peak:.0f} MB"


def _round(office: Any, path: Path) -> tuple[float, str]:
    started = time.perf_counter()
    with office.store.read() as session:
        found = reconcile(session)
    ours, bare = time.perf_counter() - started, _bare(path)
    assert found.ok, found.lines()[:3]
    looked_at = f"{PROJECTS:,} projects, {found.checked['entries']:,} entries, {found.checked['events']:,} events"
    return ours / bare, f"{looked_at}: ours {ours:.2f} s, bare SQL sums {bare:.2f} s, ratio {ours / bare:.1f}"


def _bare(path: Path) -> float:
    connection = sqlite3.connect(path)
    started = time.perf_counter()
    for sql in _BARE:
        connection.execute(sql).fetchall()
    elapsed = time.perf_counter() - started
    connection.close()
    return elapsed


#: What differs from the one project in each of its copies, by table.
_CHANGED = {
    "project": {"id": "id + :far * (i + 1)", "code": "code || '-' || i", "serial": "serial + i + 1"},
    "event": {"id": "id + :far * (i + 1)", "subject_id": "subject_id + :far * (i + 1)"},
    **{
        table: {"project_id": "project_id + :far * (i + 1)", "event_id": "event_id + :far * (i + 1)"}
        for table in ("money_entry", "quantity_entry", "acceptance", "contract_line", "decision_line")
    },
    "funding": {"project_id": "project_id + :far * (i + 1)"},
    "contribution": {"project_id": "project_id + :far * (i + 1)"},
}
#: Numbers between one copy and the next; more than the furnished office has events.
_FAR = 1_000


def _fill(path: Path) -> None:
    """Multiply the one project with its events behind the ledger's back, under the one contract and decision."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    for table, changed in _CHANGED.items():
        _multiply(connection, table, changed)
    for table in ("contract", "decision"):
        connection.execute(f"UPDATE {table} SET total = total * ?, version = version + 1", (PROJECTS,))
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


def _multiply(connection: Any, table: str, changed: dict[str, str]) -> None:
    names = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {PROJECTS - 2})"
    selected = ", ".join(changed.get(name, name) for name in names)
    only = "WHERE subject_kind = 'project'" if table == "event" else ""
    connection.execute(f"INSERT INTO {table} {numbers} SELECT {selected} FROM {table}, n {only}", {"far": _FAR})
