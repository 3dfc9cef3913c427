"""Sweeping 1,000,000 open deadlines of which 20,000 are due, against bare SQL that writes the same rows."""

import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from models.reminders.sweep import sweep
from tests.bench.offices import at_rest, furnished
from tests.bench.replay import copied

DEADLINES, DUE = 1_000_000, 20_000
#: Each due deadline has its rung seven workdays before the end today; the others end months later.
ON, ENDS_ON, LATER = date(2026, 3, 13), date(2026, 3, 24), date(2026, 6, 1)
AT = datetime(2026, 3, 12, 23, tzinfo=UTC)


def measure() -> Iterator[str]:
    with furnished() as (office, path):
        office.at = datetime(2026, 2, 20, 1, tzinfo=UTC)
        office.bring(office.open(plan_year=2025), "underway")
        office.store.close()
        _fill(path)
        bare = copied(path, "bare.db")
        started = time.perf_counter()
        with office.store.write() as session:
            swept = sweep(session, as_of=ON, at=AT)
        first = time.perf_counter() - started
        started = time.perf_counter()
        with office.store.write() as session:
            sweep(session, as_of=ON, at=AT)
        again = time.perf_counter() - started
        at_rest(office)
        theirs = _bare(path, bare)
        yield (
            f"{DEADLINES:,} open deadlines, {DUE:,} due: {swept.waiting:,} rows in {first:.2f} s; "
            f"bare SQL finds and writes the same in {theirs:.2f} s, ratio {first / theirs:.1f}"
        )
        yield f"the second sweep of the same day in {again:.2f} s"


def _bare(ours: Path, bare: Path) -> float:
    """Find the due deadlines and write the rows that the sweep wrote, as values that are already there."""
    connection = sqlite3.connect(ours)
    names = [column[1] for column in connection.execute("PRAGMA table_info(reminder)")]
    rows = connection.execute("SELECT * FROM reminder").fetchall()
    connection.close()
    connection = sqlite3.connect(bare, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    started = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    found = connection.execute(
        "SELECT p.code, d.clock, d.route, d.started_by, d.status, d.printed_on, d.rolled_on, d.safe_on, p.stage, "
        "p.unit_id FROM deadline AS d JOIN project AS p ON p.id = d.project_id "
        "WHERE d.status = 'open' AND d.safe_on <= ? ORDER BY d.safe_on, p.code, d.clock",
        (ENDS_ON.isoformat(),),
    ).fetchall()
    assert len(found) == DUE
    marks = ", ".join("?" * len(names))
    connection.executemany(f"INSERT INTO reminder ({', '.join(names)}) VALUES ({marks}) ON CONFLICT DO NOTHING", rows)
    connection.execute("COMMIT")
    elapsed = time.perf_counter() - started
    connection.close()
    return elapsed


def _fill(path: Path) -> None:
    """Multiply the one project and its open deadline behind the ledger's back."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {DEADLINES})"
    day = f"CASE WHEN i <= {DUE} THEN '{ENDS_ON}' ELSE date('{LATER}', (i % 200) || ' days') END"
    changed = {
        "project": {"id": "id + 1000 + i", "code": "code || '-' || i", "serial": "serial + i"}
        | {"ends_on": f"'{LATER + timedelta(days=200)}'"},
        "deadline": {"project_id": "project_id + 1000 + i"}
        | dict.fromkeys(("printed_on", "rolled_on", "safe_on"), day),
    }
    connection.execute("BEGIN")
    connection.execute("DELETE FROM deadline WHERE status <> 'open'")
    for table, values in changed.items():
        names = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
        selected = ", ".join(values.get(name, name) for name in names)
        connection.execute(f"INSERT INTO {table} {numbers} SELECT {selected} FROM {table}, n")
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()
