"""What is cut off or taken out as a whole, and guards that are gone from the database itself: verify finds both."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from models.store import open_store
from models.verify import Verification, verify

Tamper = Callable[[Callable[[sqlite3.Connection], None]], Verification]


def found(verification: Verification) -> set[tuple[str, str]]:
    return {(problem.table, problem.key) for problem in verification.problems}


# --- tails and whole subjects -------------------------------------------------------------------------


def test_cut_tail_is_found_by_the_counter(tamper: Tamper) -> None:
    def cut(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM event WHERE id > (SELECT last_event_id - 3 FROM ledger_head)")

    before = tamper(lambda connection: None).events
    verification = tamper(cut)

    assert {("ledger_head", "id=1"), ("event", f"id={before - 2}..{before}")} <= found(verification)


def test_cut_tail_with_the_counter_turned_back_is_found_by_its_rows(tamper: Tamper) -> None:
    person: list[int] = []

    def cut(connection: sqlite3.Connection) -> None:
        [last] = connection.execute("SELECT subject_id FROM event ORDER BY id DESC LIMIT 1").fetchone()
        person.append(last)
        connection.execute("DELETE FROM event WHERE id = (SELECT last_event_id FROM ledger_head)")
        connection.execute("UPDATE ledger_head SET last_event_id = last_event_id - 1")

    verification = tamper(cut)

    assert found(verification) == {("person", f"id={person[0]}")}


def test_subject_taken_out_with_all_its_rows_is_found(tamper: Tamper) -> None:
    gone: list[int] = []

    def take_out(connection: sqlite3.Connection) -> None:
        [project] = connection.execute("SELECT min(id) FROM project").fetchone()
        of_project = "SELECT id FROM event WHERE subject_kind = 'project' AND subject_id = :project"
        gone.extend(row[0] for row in connection.execute(f"{of_project} ORDER BY id", {"project": project}))
        for table in ("funding", "contribution", "decision_line", "contract_line"):
            connection.execute(f"DELETE FROM {table} WHERE project_id = :project", {"project": project})
        lines = ("money_entry", "quantity_entry", "acceptance", "recovery_due", "project_beneficiary", "paper")
        for table in lines:
            connection.execute(f"DELETE FROM {table} WHERE event_id IN ({of_project})", {"project": project})
        connection.execute("DELETE FROM project WHERE id = :project", {"project": project})
        connection.execute(
            "DELETE FROM event WHERE subject_kind = 'project' AND subject_id = :project", {"project": project}
        )

    verification = tamper(take_out)

    assert {("event", hole) for hole in holes(gone)} <= found(verification)


def holes(ids: list[int]) -> set[str]:
    """Runs of missing numbers as verify writes them."""
    runs: list[list[int]] = []
    for number in ids:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return {f"id={run[0]}" if len(run) == 1 else f"id={run[0]}..{run[-1]}" for run in runs}


# --- the database's own guards ------------------------------------------------------------------------


def test_missing_trigger_is_found(tamper: Tamper, tmp_path: Path) -> None:
    tamper(lambda connection: None)
    with closing(sqlite3.connect(tmp_path / "copy" / "dean.db")) as connection:
        connection.execute("DROP TRIGGER money_entry_keeps_update")

    store = open_store(f"sqlite:///{tmp_path / 'copy' / 'dean.db'}", tmp_path / "copy" / "files")
    verification = verify(store)
    store.close()

    assert found(verification) == {("trigger", "money_entry_keeps_update")}


def test_table_that_lost_its_strict_typing_is_found(tamper: Tamper) -> None:
    def rebuild(connection: sqlite3.Connection) -> None:
        [sql] = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'unit'").fetchone()
        connection.execute("ALTER TABLE unit RENAME TO old_unit")
        connection.execute(sql.replace("STRICT", ""))
        connection.execute("INSERT INTO unit SELECT * FROM old_unit")
        connection.execute("DROP TABLE old_unit")

    assert found(tamper(rebuild)) == {("unit", "STRICT")}


def test_missing_column_stops_the_verification_with_its_name(tamper: Tamper) -> None:
    def drop(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE paper DROP COLUMN signer")

    assert found(tamper(drop)) == {("paper", "signer")}


def test_trigger_replaced_by_one_that_does_nothing_is_found(office: Any) -> None:
    with office.store.writer.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER event_keeps_update")
        connection.exec_driver_sql("CREATE TRIGGER event_keeps_update BEFORE UPDATE ON event BEGIN SELECT 1; END")

    found = verify(office.store)

    assert [(problem.table, problem.key) for problem in found.problems] == [("trigger", "event_keeps_update")]


@pytest.mark.postgres
def test_guard_function_emptied_on_postgresql_is_found(postgres_office: Any) -> None:
    before = verify(postgres_office.store)
    with postgres_office.store.writer.begin() as connection:
        connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION dean_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
        )

    found = verify(postgres_office.store)

    assert before.ok
    assert [(problem.table, problem.key) for problem in found.problems] == [("trigger", "dean_refuse")]
