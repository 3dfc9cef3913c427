"""One mart written to one file: tables and rows, views, search, and the hash of all of it."""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from models.mart.shape import (
    ALL_TABLES,
    COLUMN_WORDS,
    META,
    NOT_CONTENT,
    SCHEMA_VERSION,
    TABLE_WORDS,
)
from models.mart.views import VIEWS, column_words, table_words

#: "MART" in a file's header, so that a mart is not taken for a register.
APPLICATION_ID = 0x4D415254
#: Marks are gone from the folded text already; the tokenizer folds those that somebody types into a query.
_TOKENIZE = "unicode61 remove_diacritics 2"
#: Rows hashed at a time.
_CHUNK = 1_000


def write_mart(
    place: Path, rows: Iterable[tuple[str, Iterable[tuple[Any, ...]]]], meta: Mapping[str, str], made: Mapping[str, str]
) -> str:
    """Write a mart at `place`, complete on disk when this returns, and return its content hash.

    `meta` says what the content is, `made` who made it and when.
    """
    # sqlite-utils takes half a second to import; only who writes a mart needs it.
    from sqlite_utils import Database

    # Whatever plug-ins an administrator has installed, the night's file does not depend on them.
    mart = Database(place, execute_plugins=False)
    try:
        # Nobody sees the file before it is complete, so a journal of the writing would protect nothing.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF"):
            mart.conn.execute(f"PRAGMA {pragma}")
        mart.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        mart.conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        with mart.atomic():
            _fill(mart, rows)
            _insert(mart, META.name, sorted({**meta, **made}.items()))
        mart.table("project").enable_fts(["folded"], tokenize=_TOKENIZE)
        digest = content_hash(mart.conn)
        with mart.atomic():
            _insert(mart, META.name, [("content_hash", digest)])
    finally:
        mart.close()
    _bring_to_disk(place)
    return digest


def _fill(mart: Any, rows: Iterable[tuple[str, Iterable[tuple[Any, ...]]]]) -> None:
    for table in ALL_TABLES:
        mart.execute(table.create)
    for name, values in rows:
        _insert(mart, name, values)
    _insert(mart, TABLE_WORDS.name, table_words())
    _insert(mart, COLUMN_WORDS.name, column_words())
    for view in VIEWS:
        mart.create_view(view.name, f"-- {view.meaning}\n{view.sql}")
    mart.table("deadline").create_index(["status", "safe_on"], index_name="ix_deadline_status")


_INSERT = {table.name: table.insert for table in ALL_TABLES}


def _insert(mart: Any, name: str, values: Iterable[tuple[Any, ...]]) -> None:
    """Straight to the driver: the same rows take `insert_all` of sqlite-utils two to three times as long."""
    mart.conn.executemany(_INSERT[name], values)


def content_hash(connection: sqlite3.Connection) -> str:
    """The SHA-256 over what a mart says: its tables and views as they are declared, and every row in order.

    The same register and date give the same hash, whenever, where and from which database the mart is made.
    """
    digest = sha256()
    declared = "SELECT sql FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE '%_fts%' ORDER BY name"
    for (sql,) in connection.execute(declared).fetchall():
        digest.update(f"{sql}\n".encode())
    for table in ALL_TABLES:
        digest.update(f"{table.name}\n".encode())
        only = f"WHERE key NOT IN {NOT_CONTENT}" if table is META else ""
        rows = connection.execute(f"SELECT * FROM {table.name} {only} ORDER BY {table.order}")
        while chunk := list(islice(rows, _CHUNK)):
            digest.update(f"{_encode(chunk)}\n".encode())
    return digest.hexdigest()


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _bring_to_disk(place: Path) -> None:
    with place.open("rb+") as stream:
        os.fsync(stream.fileno())


def put_in_place(draft: Path, place: Path) -> None:
    """Put a finished file under its name: who opens the name sees the old file or the new one, never a part."""
    draft.replace(place)
    if os.name == "posix":
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def opened(place: Path) -> Iterator[sqlite3.Connection]:
    """A mart opened for reading; nothing is ever written beside it. Raises sqlite3.Error for what is no database."""
    # A mart is never changed after it was put in its place, so no locks are needed: it may lie on a read-only disk.
    connection = sqlite3.connect(f"{place.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        connection.row_factory = None
        yield connection
    finally:
        connection.close()
