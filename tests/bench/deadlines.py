"""Recomputing 1,000,000 open deadlines after a change of the calendar, and sweeping what is due, against bare SQL."""

import resource
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from models.append import Origin
from models.calendars import set_days
from models.queries.deadlines import due_list
from models.rulebook import shipped_rulebook
from states.counting import Workdays, due
from tests.bench.offices import furnished

PROJECTS = 1_000_000
_DUE = """
    SELECT safe_on, rolled_on, project_id, clock, rule FROM deadline
    WHERE status = 'open' AND safe_on <= ? ORDER BY safe_on"""


def measure() -> Iterator[str]:
    with furnished() as (office, path):
        office.at = datetime(2026, 11, 2, 1, tzinfo=UTC)
        office.bring(office.open(plan_year=2025), "submitted")
        office.store.close()
        _fill(path)
        yield _sweep(office, path)
        yield _recompute(office)


def _sweep(office: Any, path: Path) -> str:
    started = time.perf_counter()
    with office.store.read() as session:
        found = due_list(session, as_of=date(2026, 11, 25), limit=1000)
    ours = time.perf_counter() - started
    connection = sqlite3.connect(path)
    started = time.perf_counter()
    due = len(connection.execute(_DUE, ("2026-12-04",)).fetchall())
    bare = time.perf_counter() - started
    connection.close()
    return (
        f"{PROJECTS:,} open deadlines: first page of {len(found)} in {ours * 1e3:.0f} ms; "
        f"all {due:,} due by the bare index in {bare * 1e3:.0f} ms"
    )


def _recompute(office: Any) -> str:
    started = time.perf_counter()
    with office.store.write() as session:
        origin = Origin(office.at, None)
        moved = set_days(session, {date(2026, 11, 24): "off"}, name="", basis="thử tốc độ", origin=origin)
    elapsed = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"calendar change over {PROJECTS:,} open deadlines: {elapsed:.1f} s, {moved.count:,} moved; peak {peak:.0f} MB"
    )


def _fill(path: Path) -> None:
    """Multiply the one project and its open deadline behind the ledger's back, started over 200 days."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {PROJECTS - 1})"
    # Started on 15 days before the changed one with the very days that the rule gives, so every deadline moves.
    book = shipped_rulebook()
    days = [date(2026, 11, 9) + timedelta(days=place) for place in range(15)]
    ends = [due(day, Workdays(15), book.calendar).rolled_on for day in days]
    changed = {
        "project": {"id": "id + 1000 + i", "code": "code || '-' || i", "serial": "serial + i"},
        "deadline": {"project_id": "project_id + 1000 + i", "rule": "'D-APPR'", "provisional": "1"}
        | {"started_on": _chosen(days)}
        | {column: _chosen(ends) for column in ("printed_on", "rolled_on", "safe_on")},
    }
    connection.execute("BEGIN")
    for table, values in changed.items():
        names = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
        selected = ", ".join(values.get(name, name) for name in names)
        connection.execute(f"INSERT INTO {table} {numbers} SELECT {selected} FROM {table}, n")
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


def _chosen(days: list[date]) -> str:
    """SQL that deals the days out over the rows."""
    cases = " ".join(f"WHEN {place} THEN '{day.isoformat()}'" for place, day in enumerate(days))
    return f"CASE i % {len(days)} {cases} END"
