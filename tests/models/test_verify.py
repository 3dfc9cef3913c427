"""Nothing changes behind the ledger's back: every column and row is tampered with, and verify names it.

The tampering is done as a person with the file in hand would do it: guards off, CHECKs and foreign keys off, one
change, guards on again. What verify then says must name the table and the key that were touched.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import BigInteger, Integer, Table, UniqueConstraint
from sqlmodel import SQLModel

from models import projects
from models.forms import BeneficiaryForm
from models.loading import load_person
from models.people import add_beneficiary, change_person
from models.store import keep_file, open_store
from models.verify import GUARDED, Verification, verify
from states.facts import Enclosure
from states.vocabulary import Kind, Paper, Route, Source, Stage

TRIEU = 1_000_000
#: No evidence: contact data may be erased, Alembic keeps its revision; deadlines are tampered with in test_deadlines.
UNGUARDED = {"contact", "deadline", "alembic_version"}
#: Far from every id of a small office.
FAR = 1_000_000
TABLES = SQLModel.metadata.tables
COLUMNS = [(table, column.name) for table in GUARDED for column in TABLES[table].columns]

#: A changed key is a row gone and a row too many; of the other columns each is named.
NOT_COMPARED_ALONE = {table: {column.name for column in TABLES[table].primary_key.columns} for table in GUARDED}
NOT_COMPARED_ALONE["event"] |= {"body", "hash"}
NOT_COMPARED_ALONE["ledger_head"] |= {"last_event_id"}

Tamper = Callable[[Callable[[sqlite3.Connection], None]], Verification]


# --- an office with a past ----------------------------------------------------------------------------


def play(office: Any) -> None:
    """Lives that leave rows in every table: adjusted and settled, returned, stopped, rerouted, group, undone."""
    adjusted_and_settled(office)
    returned = office.bring(office.open(), Stage.SUBMITTED)
    office.step(returned, "return", "binh", number="27/SCT", note="Thiếu hồ sơ", missing=("dự toán", "bản vẽ"))
    stopped_and_half_recovered(office)
    rerouted = office.bring(office.open(), Stage.APPRAISED)
    office.step(rerouted, "reroute", "chi", number="30/SCT", note="Chưa bố trí được vốn địa phương")
    group = office.bring(office.open(kind=Kind.GROUP, beneficiaries=()), Stage.CLEARED)
    twin = office.bring(office.open(), Stage.CLEARED)
    decision = scanned(office, Paper.APPROVAL_DECISION, b"%PDF-1.7 Quyet dinh 980")
    office.approve(group, twin, total=600 * TRIEU, annex_total=2_000 * TRIEU, papers=(decision,))
    office.bring(office.open(route=Route.NATIONAL), Stage.ACCEPTED)
    undone_and_corrected(office)


def adjusted_and_settled(office: Any) -> None:
    code = office.bring(office.open(), Stage.UNDERWAY)
    request = scanned(office, Paper.PREPAYMENT_REQUEST, b"%PDF-1.7 De nghi tam ung")
    money = {Source.LOCAL_FUND: 100 * TRIEU}
    office.step(code, "prepay", "dung", number="20/UNC", papers=(request,), amounts=money)
    office.step(code, "request_adjustment", "an", number="21/TTKC", note="Giá máy giảm")
    amending = {"number": "990/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Giảm mức hỗ trợ"}
    lower = {Source.LOCAL_FUND: 250 * TRIEU}
    office.step(code, "approve_adjustment", "binh", amounts=lower, decided_on=tomorrow(office), **amending)
    office.step(code, "report_completion", "an", number="22/BC")
    done = {"amounts": {Source.LOCAL_FUND: 240 * TRIEU, Source.COUNTERPART: 350 * TRIEU}, "quantities": {"T2_2": 1}}
    office.step(code, "accept", "chi", number="23/BBNT", signer="Lê Minh Chi", **done)
    rest = {Source.LOCAL_FUND: 140 * TRIEU}
    office.step(code, "pay", "dung", number="24/UNC", amounts=rest)
    office.step(code, "submit_settlement", "an", number="25/TTKC", papers=(Paper.VOUCHERS,))
    office.step(code, "settle", "dung", number="26/TL", signer="Lê Minh Chi")


def stopped_and_half_recovered(office: Any) -> None:
    code = office.bring(office.open(), Stage.UNDERWAY)
    money = {Source.LOCAL_FUND: 100 * TRIEU}
    office.step(code, "prepay", "dung", number="28/UNC", papers=(Paper.PREPAYMENT_REQUEST,), amounts=money)
    stop = {"number": "991/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Cơ sở giải thể"}
    office.step(code, "stop", "binh", decided_on=tomorrow(office), **stop)
    office.step(code, "start_recovery", "binh", number="29/QĐ-SCT", signer="Lê Minh Chi")
    back = {Source.LOCAL_FUND: 40 * TRIEU}
    office.step(code, "receive_recovery", "dung", number="29/GNT", amounts=back)


def undone_and_corrected(office: Any) -> None:
    code = office.bring(office.open(), Stage.SUBMITTED)
    office.step(code, "revert", "bach", number="31/SCT", note="Ghi nhầm đề án")
    with office.store.write() as session:
        an = load_person(session, "an")
        other = add_beneficiary(
            session, BeneficiaryForm(name="Xưởng Bánh tráng Cù lao Mây", kind="household"), office.origin
        )
        changes = {"name": "Hỗ trợ máy tráng bánh", "starts_on": "2024-03-01"}
        projects.amend(session, code, changes, by=an, origin=office.origin, beneficiaries=(other,))
        change_person(session, "hanh", {"active": 0}, office.origin, note="Nghỉ hưu")


def scanned(office: Any, kind: Paper, content: bytes) -> Enclosure:
    """A paper with a real file."""
    digest = keep_file(office.store.files, content)
    return Enclosure(kind, sha256=digest, size=len(content), file_name=f"{kind}.pdf")


def tomorrow(office: Any) -> Any:
    return (office.at + timedelta(days=1)).date()


@pytest.fixture(scope="module")
def played() -> dict[str, bytes]:
    """The database and the files of the office with a past, filled by the first test that asks."""
    return {}


@pytest.fixture
def tamper(request: pytest.FixtureRequest, played: dict[str, bytes], tmp_path: Path) -> Tamper:
    """Change a copy of the played database behind the ledger's back, and verify it."""
    if not played:
        office = request.getfixturevalue("office")
        play(office)
        with closing(sqlite3.connect(tmp_path / "dean.db")) as connection:
            played["dean.db"] = connection.serialize()
        for place in office.store.files.rglob("*"):
            if place.is_file():
                played[f"files/{place.relative_to(office.store.files)}"] = place.read_bytes()
    folder = tmp_path / "copy"
    for name, content in played.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    def change_and_verify(change: Callable[[sqlite3.Connection], None]) -> Verification:
        with guards_off(folder / "dean.db") as connection:
            change(connection)
        store = open_store(f"sqlite:///{folder / 'dean.db'}", folder / "files")
        try:
            return verify(store)
        finally:
            store.close()

    return change_and_verify


@contextmanager
def guards_off(path: Path) -> Iterator[sqlite3.Connection]:
    """Take the triggers away and put the very same ones back afterwards, so that their absence tells nothing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.execute(sql)


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
        for table in ("funding", "contribution", "decision_line"):
            connection.execute(f"DELETE FROM {table} WHERE project_id = :project", {"project": project})
        for table in ("money_entry", "quantity_entry", "project_beneficiary", "paper"):
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
