"""Record what the ledger writes, and write the same rows again with bare sqlite3 on a copy of the same database."""

import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from models.statement import Statement

Written = list[tuple[str, list[Mapping[str, Any]]]]


@contextmanager
def recorded() -> Iterator[list[Written]]:
    """Collect the writing statements of each unit of work; `mark` on the list begins the next one."""
    steps: list[Written] = []
    run, rows = Statement.run, Statement.rows

    def run_and_keep(self: Statement, session: Any, parameters: Any) -> None:
        steps[-1].append((self._sql["sqlite"], list(parameters)))
        run(self, session, parameters)

    def rows_and_keep(self: Statement, session: Any, **parameters: Any) -> list[Any]:
        if self._sql["sqlite"].startswith("UPDATE"):
            steps[-1].append((self._sql["sqlite"], [parameters]))
        return rows(self, session, **parameters)

    Statement.run, Statement.rows = run_and_keep, rows_and_keep  # type: ignore[method-assign]
    try:
        yield steps
    finally:
        Statement.run, Statement.rows = run, rows  # type: ignore[method-assign]


def copied(path: Path, name: str) -> Path:
    """A copy of a closed database file beside it."""
    copy = path.with_name(name)
    shutil.copy(path, copy)
    return copy


def write_bare(path: Path, steps: list[Written]) -> float:
    """Seconds that bare sqlite3 needs for the same rows, one transaction per step, same durability and triggers."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    started = time.perf_counter()
    for statements in steps:
        connection.execute("BEGIN IMMEDIATE")
        for sql, rows in statements:
            if len(rows) == 1:
                connection.execute(sql, rows[0])
            else:
                connection.executemany(sql, rows)
        connection.execute("COMMIT")
    elapsed = time.perf_counter() - started
    connection.close()
    return elapsed
