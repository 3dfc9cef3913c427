"""Make a database: schema by Alembic, guards, and the first event that says what the database is."""

from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlmodel import Session

from models.append import Origin
from models.calendars import load_calendar, load_deadline_rules
from models.ceilings import load_ceilings
from models.prepayments import load_prepayments
from models.priorities import load_priorities
from models.programmes import load_programme
from models.reference_data import load_bodies, load_places
from models.reminders.rules import load_reminders
from models.searching import install_search
from models.shipped import PROGRAMMES, PROVINCE
from models.store import BrokenLedgerError, Store
from models.subjects import open_subject
from models.triggers import install_guards
from states.refusal import Refused

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(store: Store) -> None:
    """Bring the schema to the newest revision; reinstall the guards and the search, which migrations may drop."""
    # Who only asks whether there is a register, as every command and the desk do, need not load Alembic.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.writer.connect() as connection, _free_to_rebuild(connection), connection.begin():
        config.attributes["connection"] = connection
        with redirect_stdout(StringIO()):
            command.upgrade(config, "head")
        install_guards(connection)
        install_search(connection)
        _refuse_broken_references(connection)


@contextmanager
def _free_to_rebuild(connection: Connection) -> Iterator[None]:
    """SQLite changes a constraint by making the table anew, which rows that refer to it would forbid.

    The switch is deaf inside a transaction, so it is thrown on the driver before one begins.
    """
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _refuse_broken_references(connection: Connection) -> None:
    """Check what was switched off for the rebuilding, before anything is committed."""
    if connection.dialect.name != "sqlite":
        return
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5):
        raise BrokenLedgerError(f"rows refer to nothing after the migration: {broken}")


def has_register(store: Store) -> bool:
    """Is there a register in this database already?"""
    with store.writer.connect() as connection:
        if not inspect(connection).has_table("register"):
            return False
        return connection.execute(text("SELECT 1 FROM register")).first() is not None


def is_demonstration(session: Session) -> bool:
    """Does the register's first event say that it is a demonstration?"""
    return bool(session.connection().execute(text("SELECT is_demonstration FROM register")).scalar())


def initialise(store: Store, *, at: datetime, demonstration: bool = False, os_user: str = "") -> None:
    """Create the register: its first event, administrative units, bodies and the programmes we ship.

    Raises Refused when the database already holds a register, which is never written over.
    """
    if has_register(store):
        raise Refused("Cơ sở dữ liệu này đã có sổ; dean không ghi đè. Muốn làm sổ mới, hãy đặt DEAN_HOME khác.")
    migrate(store)
    with store.write() as session:
        connection = session.connection()
        connection.execute(text("INSERT INTO ledger_head (id, last_event_id) VALUES (1, 0)"))
        origin = Origin(at, None, "init", os_user)
        title = "Sổ minh họa, số liệu không có thật" if demonstration else "Sổ đề án khuyến công"
        values = {"title": title, "province": PROVINCE, "is_demonstration": int(demonstration)}
        open_subject(session, "register", values, origin)
        load_bodies(session, load_places(session, origin), origin)
        for path in sorted(PROGRAMMES.glob("*.yaml")):
            load_programme(session, path, origin)
        load_calendar(session, origin)
        load_deadline_rules(session, origin)
        load_ceilings(session, origin)
        load_prepayments(session, origin)
        load_priorities(session, origin)
        load_reminders(session, origin)
