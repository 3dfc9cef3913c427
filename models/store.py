"""One open database: its engines, its units of work, its folder of files."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, IntegrityError, OperationalError
from sqlmodel import Session as Session

from states.folding import quoted
from states.refusal import Refused

#: How long a writer waits for another one, in milliseconds. Write transactions take a few milliseconds.
BUSY_TIMEOUT = 10_000


class BrokenLedgerError(Exception):
    """The database refused what the ledger wrote: our bug or corrupt data, never a person's mistake."""


@dataclass(frozen=True, slots=True)
class Store:
    """The doors open one, begin a unit of work and pass its session down; nothing behind a door commits."""

    url: str
    files: Path
    writer: Engine
    reader: Engine

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One short transaction: everything in it happens, or nothing.

        On SQLite it begins IMMEDIATE, so that what is read inside cannot change before it is written.
        """
        with self._unit_of_work(self.writer) as session:
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view that cannot write."""
        with self._unit_of_work(self.reader) as session:
            yield session

    @contextmanager
    def _unit_of_work(self, engine: Engine) -> Iterator[Session]:
        """The connection carries the transaction and the session joins it: a session's own costs 100 µs a step."""
        with (
            _translated(engine),
            engine.connect() as connection,
            connection.begin(),
            Session(connection, join_transaction_mode="rollback_only") as session,
        ):
            yield session

    def close(self) -> None:
        self.writer.dispose()
        self.reader.dispose()


def open_store(url: str, files: Path) -> Store:
    """Open a database by URL; `files` is the folder that keeps uploaded papers by SHA-256.

    Raises Refused for an address that cannot be understood. Whether anything answers there shows at the first read.
    """
    try:
        if make_url(url).get_backend_name() == "sqlite":
            return Store(url, files, _sqlite(url, writing=True), _sqlite(url, writing=False))
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)
    except (ArgumentError, ImportError, ValueError) as error:
        # ArgumentError: no such form or dialect; ImportError: its driver is missing; ValueError: the port.
        raise Refused(f"Không mở được cơ sở dữ liệu ({_cause(error)}); hãy kiểm tra DEAN_DATABASE_URL.") from error
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Store(url, files, engine, reader)


def unreachable(error: Exception) -> Refused:
    """Say that a database cannot be read, with the driver's own words as the cause."""
    return Refused(
        f"Không đọc được sổ ({_cause(error)}); hãy kiểm tra DEAN_HOME và DEAN_DATABASE_URL (dean settings), "
        "hoặc tạo sổ bằng dean init."
    )


def _cause(error: Exception) -> str:
    return quoted(str(getattr(error, "orig", None) or error).strip().partition("\n")[0])


def _sqlite(url: str, *, writing: bool) -> Engine:
    """SQLAlchemy's default driver mode loses concurrent read-modify-writes, so we begin transactions ourselves."""
    # What stands in a statement may be a secret: a mistake that a log tells of must not tell of that.
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: a step that was confirmed to a person survives a power cut; NORMAL could lose the last ones.
        connection.execute("PRAGMA synchronous = FULL")
        if not writing:
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: DBAPIConnection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


@contextmanager
def _translated(engine: Engine) -> Iterator[None]:
    """A busy database is a person's matter, a violated constraint is ours.

    The hot path speaks to the driver itself, so its errors come both wrapped and bare.
    """
    driver = engine.dialect.loaded_dbapi
    try:
        yield
    except (OperationalError, driver.OperationalError) as error:
        if "database is locked" in str(error):
            raise Refused("Cơ sở dữ liệu đang bận ghi việc khác; hãy thử lại sau ít giây.") from error
        raise
    except (IntegrityError, driver.IntegrityError) as error:
        raise BrokenLedgerError(str(error)) from error


def keep_file(files: Path, content: bytes) -> str:
    """Store a file under its SHA-256 and return the digest; the same content is stored once.

    The file is complete on disk before its row is committed: a crash leaves at most an unreferenced file,
    which `dean verify` lists, and never a row without its file.
    """
    digest = hashlib.sha256(content).hexdigest()
    place = file_path(files, digest)
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_suffix(f".{os.getpid()}.part")
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(place)
    return digest


def file_path(files: Path, digest: str) -> Path:
    return files / digest[:2] / digest
