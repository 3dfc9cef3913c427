"""The programme's roll-up over 1,000,000 projects against the bare SQL."""

import resource
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from models.status import programme_status
from tests.bench.offices import furnished

PROJECTS = 1_000_000
_MONEY = """
    SELECT content_no, source, sum(asked * counted), sum(approved + adjusted), sum(accepted), sum(settled)
    FROM funding WHERE programme_id = ? GROUP BY content_no, source"""
_TARGETS = """
    SELECT target_code, sum(planned * counted), sum(approved), sum(accepted), sum(settled)
    FROM contribution WHERE programme_id = ? GROUP BY target_code"""


def measure() -> Iterator[str]:
    with furnished() as (office, path):
        office.open()
        office.store.close()
        fill(path)
        ratios = []
        for _ in range(3):
            started = time.perf_counter()
            with office.store.read() as session:
                programme_status(session, "KC-VL-2021-2025", with_projects=False)
            ours = time.perf_counter() - started
            bare = _bare(path)
            ratios.append((ours / bare, ours, bare))
        ratio, ours, bare = sorted(ratios)[1]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield f"{PROJECTS:,} projects: ours {ours:.2f} s, bare SQL {bare:.2f} s, ratio {ratio:.2f}; peak {peak:.0f} MB"


def _bare(path: Path) -> float:
    connection = sqlite3.connect(path)
    programme = connection.execute("SELECT id FROM programme WHERE code = 'KC-VL-2021-2025'").fetchone()
    started = time.perf_counter()
    connection.execute(_MONEY, programme).fetchall()
    connection.execute(_TARGETS, programme).fetchall()
    elapsed = time.perf_counter() - started
    connection.close()
    return elapsed


def fill(path: Path) -> None:
    """Multiply the one project's rows behind the ledger's back; only the sums' tables and the projects matter here."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    columns = {
        t: [c[1] for c in connection.execute(f"PRAGMA table_info({t})")] for t in ("project", "funding", "contribution")
    }
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {PROJECTS - 1})"
    changed = {
        "project": {"id": "id + 1000 + i", "code": "code || '-' || i", "serial": "serial + i", "stage": "'submitted'"},
        "funding": {"project_id": "project_id + 1000 + i", "content_no": "1 + i % 8", "approved": "i", "counted": "1"},
        "contribution": {"project_id": "project_id + 1000 + i", "approved": "1", "counted": "1"},
    }
    connection.execute("BEGIN")
    for table, names in columns.items():
        values = ", ".join(changed[table].get(name, name) for name in names)
        connection.execute(f"INSERT INTO {table} {numbers} SELECT {values} FROM {table}, n")
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()
