"""Prove that the tables say what the events say: `dean verify` recomputes everything with code of its own.

What it finds: an edited, inserted or deleted row of any guarded table; an event edited, inserted, deleted or cut
off the end, and a whole subject taken out with its lines and events, because events are numbered without gaps
and counted; a stage that no lawful step explains; sums, totals and searched text that do not follow from the
entries; guards that are missing from the database; uploaded files that are lost, changed or belong to no row.

What it cannot find: a forger who rewrites consistently. Cutting the last events together with the counter, their
lines and the rows as they stood before leaves a database that could have been; so does writing a subject's last
events anew with right hashes and rows. Only seals kept outside the database find these. Nor can it know that a
person recorded something false. Contact data are not guarded: personal data may be erased.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain, groupby, islice
from typing import Any

from sqlalchemy import Connection, Row, bindparam, text

from models.filing import filing_problems
from models.replay import (
    BALANCE_TABLES,
    COLUMNS,
    EDGES,
    LINE_TABLES,
    SUBJECT_TABLES,
    Key,
    Problem,
    Replayed,
    columns_of,
    compare,
    key_of,
    named,
    replay,
)
from models.store import Store
from models.tables import LINES, SUBJECTS
from models.triggers import APPEND_ONLY, LASTING, guard_names

#: Events that are held in memory at a time; a subject is never split.
CHUNK = 500
#: Beyond this many the list would not help a person, and memory must stay bounded.
MOST_PROBLEMS = 10_000
#: Tables that hold no evidence: contact data may be erased, Alembic keeps its own table.
UNGUARDED = frozenset({"contact"})
GUARDED = ("event", "ledger_head", "lifecycle_edge", *SUBJECT_TABLES, *LINE_TABLES, *BALANCE_TABLES)

#: The column that ties a row to its event or subject.
_TIE = {table: "id" for table in SUBJECT_TABLES} | {table: "event_id" for table in LINE_TABLES}
_TIE |= {table: "project_id" for table in BALANCE_TABLES}


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found: `ok` when there is no problem, and how many events were read."""

    ok: bool
    events: int
    problems: tuple[Problem, ...]


def verify(store: Store) -> Verification:
    """Recompute chains, stages, rows, sums and files from the events, in one consistent read transaction.

    At most MOST_PROBLEMS are listed; one more then says that there are others.
    """
    with store.read() as session:
        connection = session.connection()
        with _reading_anything(connection):
            unreadable = tuple(_missing_columns(connection))
            if unreadable:
                return Verification(False, 0, unreadable)
            found = list(islice(_problems(connection), MOST_PROBLEMS + 1))
            found += islice(filing_problems(connection, store.files), MOST_PROBLEMS + 1)
            events: int = connection.execute(text("SELECT count(*) FROM event")).scalar_one()
    with store.read() as session:
        # A file is stored before its row is committed, so a row may have come after the first look.
        ...
