"""Roll-ups of 1,000,000 projects, added up in both ways, against the bare SQL of both; months on their own register.

The projects differ in year, content, unit and place as those of a province do. Their events are not multiplied
(they alone would take 10 GB), and a month is what events say, so months are measured on fewer projects with events.
"""

import resource
import sqlite3
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from models.rollups import rollups, statements
from models.rollups.rolled import MONEY
from states.rollups import By
from states.vocabulary import Stage
from tests.bench.offices import furnished

PROJECTS, WITH_EVENTS = 1_000_000, 10_000
PROGRAMME, AS_OF = "KC-VL-2021-2025", date(2024, 6, 30)
#: The statements of both ways, as somebody would type them who wants these sums and nothing else.
_BARE = (
    statements.MONEY_BY_BALANCES,
    statements.MONEY_BY_ENTRIES,
    statements.WORK_BY_BALANCES,
    statements.WORK_BY_ENTRIES,
)


def measure() -> Iterator[str]:
    yield from _rolled(PROJECTS, MONEY | {By.TARGET}, _BARE, "both ways")
    months = (statements.months_by_entries("sqlite"), statements.months_by_bodies("sqlite"))
    yield from _rolled(WITH_EVENTS, frozenset({By.MONTH}), months, "months, both ways", with_events=True)


def _rolled(
    projects: int, only: frozenset[By], bare: tuple[str, ...], words: str, *, with_events: bool = False
) -> Iterator[str]:
    with furnished() as (office, path):
        office.bring(office.open(), Stage.APPROVED)
        office.store.close()
        fill(path, projects, with_events=with_events)
        rounds = sorted(_round(office, path, only, bare) for _ in range(3))
        ratio, ours, sql = rounds[1]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        said = f"ours {ours:.2f} s, bare SQL {sql:.2f} s, ratio {ratio:.2f}; peak {peak:.0f} MB"
        yield f"{projects:,} projects, {words}: {said}"


def _round(office: Any, path: Path, only: frozenset[By], bare: tuple[str, ...]) -> tuple[float, float, float]:
    started = time.perf_counter()
    with office.store.read() as session:
        found = rollups(session, PROGRAMME, as_of=AS_OF, only=only)
    ours = time.perf_counter() - started
    found.refuse_apart()
    sql = _bare(path, bare)
    return ours / sql, ours, sql


def _bare(path: Path, sqls: tuple[str, ...]) -> float:
    connection = sqlite3.connect(path)
    [programme] = connection.execute("SELECT id FROM programme WHERE code = ?", (PROGRAMME,)).fetchone()
    started = time.perf_counter()
    for sql in sqls:
        for _ in connection.execute(sql.format(where="1 = 1"), {"programme": programme}):
            pass
    elapsed = time.perf_counter() - started
    connection.close()
    return elapsed


_YEAR, _CONTENT, _MORE = "2021 + (i * 7 + i / 50) % 5", "1 + (i * 11 + i / 90) % 8", "i * 1000"
#: What differs from the one project in each of its copies, by table.
_CHANGED: dict[str, dict[str, str]] = {
    "project": {
        "id": "id + :far * (i + 1)",
        "code": "code || '-' || i",
        "serial": "serial + i + 1",
        "plan_year": _YEAR,
        "work_year": "2025",
        "content_no": _CONTENT,
        "place_id": "(SELECT id FROM spread WHERE n = (i * 13 + i / 70) % 100)",
    },
    "funding": {
        "project_id": "project_id + :far * (i + 1)",
        "plan_year": _YEAR,
        "content_no": _CONTENT,
        **{kind: f"{kind} + {_MORE}" for kind in ("asked", "appraised", "approved")},
    },
    "contribution": {"project_id": "project_id + :far * (i + 1)", "plan_year": _YEAR},
    "money_entry": {"project_id": "project_id + :far * (i + 1)", "amount": f"amount + {_MORE}"},
    "quantity_entry": {"project_id": "project_id + :far * (i + 1)"},
}
#: Numbers between one copy and the next; more than the furnished office has events.
_FAR = 1_000


def fill(path: Path, projects: int, *, with_events: bool = False) -> None:
    """Multiply the one project behind the ledger's back, with events of its own or under the events of the first."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous = OFF", "journal_mode = OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    connection.execute("CREATE TEMP TABLE spread (n INTEGER PRIMARY KEY, id INTEGER)")
    connection.execute("INSERT INTO spread SELECT row_number() OVER (ORDER BY id) - 1, id FROM place LIMIT 100")
    changed = dict(_CHANGED)
    own = {"event_id": "event_id + :far * (i + 1)"} if with_events else {"line": "line + 100 * (i + 1)"}
    for table in ("money_entry", "quantity_entry"):
        changed[table] = changed[table] | own
    if with_events:
        # The bodies of the copies would tell the amounts of the first one.
        changed["event"] = {"id": "id + :far * (i + 1)", "subject_id": "subject_id + :far * (i + 1)"}
        changed["money_entry"] = {name: sql for name, sql in changed["money_entry"].items() if name != "amount"}
        changed["funding"] = {name: sql for name, sql in changed["funding"].items() if _MORE not in sql}
    for table, columns in changed.items():
        _multiply(connection, table, columns, projects)
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


def _multiply(connection: sqlite3.Connection, table: str, changed: dict[str, str], projects: int) -> None:
    names = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {projects - 2})"
    selected = ", ".join(changed.get(name, name) for name in names)
    only = "WHERE subject_kind = 'project'" if table == "event" else ""
    # The copies of one project follow each other, as its rows do where projects are entered one by one.
    sql = f"INSERT INTO {table} {numbers} SELECT {selected} FROM n CROSS JOIN {table} {only}"
    connection.execute(sql, {"far": _FAR} if ":far" in selected else {})
