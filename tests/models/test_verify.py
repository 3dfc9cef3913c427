"""Nothing changes behind the ledger's back: every column and row is tampered with, and verify names it.

What verify then says must name the table and the key that were touched.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import BigInteger, Integer, Table, UniqueConstraint
from sqlmodel import SQLModel

from models.searching import search_objects
from models.verify import GUARDED, Verification

#: No evidence: contact data may be erased, Alembic keeps its revision; deadlines are tampered with in test_deadlines.
UNGUARDED = {"contact", "deadline", "alembic_version"}
#: Written by machines that run again after a crash; their people may be forgotten.
UNGUARDED |= {"reminder", "outbox", "attempt", "mention_told", "channel_state", "channel_token", "incoming_message"}
UNGUARDED |= {"address", "link_code", "used_link"}
#: Seals are guarded by a key that is not in the database, and slots say what machines did.
UNGUARDED |= {"seal", "slot"}
#: How people sign in and like their pages: forgotten with them.
UNGUARDED |= {"credential", "invitation", "web_session", "login_failure", "denial", "saved_view", "personal_setting"}
UNGUARDED |= {"access_note"}
UNGUARDED |= {"api_token", "idempotency_key", "feed", "webhook"}
#: What projects are found by follows from their rows, which are guarded: tested in test_searching.
UNGUARDED |= {"project_search"} | search_objects("sqlite")
#: Far from every id of a small office.
FAR = 1_000_000
TABLES = SQLModel.metadata.tables
COLUMNS = [(table, column.name) for table in GUARDED for column in TABLES[table].columns]

#: A changed key is a row gone and a row too many; of the other columns each is named.
NOT_COMPARED_ALONE = {table: {column.name for column in TABLES[table].primary_key.columns} for table in GUARDED}
NOT_COMPARED_ALONE["event"] |= {"body", "hash"}
NOT_COMPARED_ALONE["ledger_head"] |= {"last_event_id"}

Tamper = Callable[[Callable[[sqlite3.Connection], None]], Verification]


def found(verification: Verification) -> set[tuple[str, str]]:
    return {(problem.table, problem.key) for problem in verification.problems}


def test_verification_shares_no_code_with_the_writer() -> None:
    listing = "import sys, models.verify; print(*(name for name in sys.modules if name.startswith('models.')))"

    loaded = subprocess.run([sys.executable, "-c", listing], check=True, capture_output=True, text=True).stdout.split()

    assert "models.replay" in loaded
    assert {"models.append", "models.chain", "models.ledger"}.isdisjoint(loaded)


# --- every column, every row --------------------------------------------------------------------------


def test_untouched_register_has_no_problem(tamper: Tamper) -> None:
    verification = tamper(lambda connection: None)

    assert (verification.ok, verification.problems) == (True, ())


def test_every_stored_column_is_tampered_with_below(tamper: Tamper) -> None:
    stored: set[tuple[str, str]] = set()

    def read(connection: sqlite3.Connection) -> None:
        stored.update(
            connection.execute(
                "SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'"
            )
        )

    tamper(read)
    guarded = {(table, column) for table, column in stored if table not in UNGUARDED}

    assert len(COLUMNS) == len(guarded)
    assert set(COLUMNS) == guarded


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{table}.{column}" for table, column in COLUMNS])
def test_edited_column_is_found(tamper: Tamper, table: str, column: str) -> None:
    touched: list[str] = []

    def edit(connection: sqlite3.Connection) -> None:
        row = row_in_the_middle(connection, table)
        connection.execute(
            f"UPDATE {table} SET {column} = :new WHERE {by_key(table)}",
            {"new": another(table, column, row[column]), **row},
        )
        touched.append(key_text(table, row))

    verification = tamper(edit)

    said = [problem.what for problem in verification.problems if (problem.table, problem.key) == (table, touched[0])]
    assert said != []
    assert column in NOT_COMPARED_ALONE[table] or any(what.startswith(f"cột {column} đang là") for what in said)


@pytest.mark.parametrize("table", GUARDED)
def test_deleted_row_is_found(tamper: Tamper, table: str) -> None:
    touched: list[str] = []

    def delete(connection: sqlite3.Connection) -> None:
        row = row_in_the_middle(connection, table)
        connection.execute(f"DELETE FROM {table} WHERE {by_key(table)}", row)
        touched.append(key_text(table, row))

    verification = tamper(delete)

    assert (table, touched[0]) in found(verification)


@pytest.mark.parametrize("table", GUARDED)
def test_row_inserted_beside_the_ledger_is_found(tamper: Tamper, table: str) -> None:
    touched: list[str] = []

    def insert(connection: sqlite3.Connection) -> None:
        row = row_in_the_middle(connection, table)
        row |= {column: another(table, column, row[column]) for column in unique_columns(TABLES[table])}
        values = ", ".join(f":{column}" for column in row)
        connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})", row)
        touched.append(key_text(table, row))

    verification = tamper(insert)

    assert (table, touched[0]) in found(verification)


@pytest.mark.parametrize("table", [table for table in GUARDED if "event_id" in TABLES[table].columns])
def test_line_added_to_a_true_event_is_found(tamper: Tamper, table: str) -> None:
    touched: list[str] = []

    def insert(connection: sqlite3.Connection) -> None:
        row = row_in_the_middle(connection, table)
        for column in unique_columns(TABLES[table]) - {"event_id"}:
            row[column] = another(table, column, row[column])
        values = ", ".join(f":{column}" for column in row)
        connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})", row)
        touched.append(key_text(table, row))

    verification = tamper(insert)

    assert found(verification) == {(table, touched[0])}


def row_in_the_middle(connection: sqlite3.Connection, table: str) -> dict[str, Any]:
    count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    assert count > 0, f"the played office leaves {table} empty"
    connection.row_factory = sqlite3.Row
    keys = ", ".join(keys_of(table))
    row = connection.execute(f"SELECT * FROM {table} ORDER BY {keys} LIMIT 1 OFFSET {count // 2}").fetchone()
    connection.row_factory = None
    return dict(row)


def keys_of(table: str) -> list[str]:
    return [column.name for column in TABLES[table].primary_key.columns]


def by_key(table: str) -> str:
    return " AND ".join(f"{column} = :{column}" for column in keys_of(table))


def key_text(table: str, row: dict[str, Any]) -> str:
    return ",".join(f"{column}={row[column]}" for column in keys_of(table))


def another(table: str, column: str, value: Any) -> Any:
    """A different value that a STRICT column accepts and that collides with nothing."""
    if isinstance(TABLES[table].columns[column].type, BigInteger | Integer):
        return (value or 0) + FAR
    return f"{value or ''}~"


def unique_columns(table: Table) -> set[str]:
    """One column of the primary key and of each unique constraint; changing them makes a copied row insertable."""
    unique = [constraint.columns for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    unique += [index.columns for index in table.indexes if index.unique]
    chosen = [sorted(columns, key=lambda column: (not_a_number(column), column.name))[0].name for columns in unique]
    return {*chosen, *keys_of(table.name)}


def not_a_number(column: Any) -> bool:
    return not isinstance(column.type, BigInteger | Integer)
