"""What the database itself refuses, whoever asks: the last line behind the one door."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import SQLModel

from models.store import Store
from models.triggers import APPEND_ONLY, LASTING
from states.facts import Asked, Instalment
from states.vocabulary import Change, Paper, Source, Stage


def refused(store: Store, statements: dict[str, str], sentence: str) -> set[str]:
    """Try each statement in a transaction of its own and return the names of those refused with the sentence."""
    names = set()
    for name, statement in statements.items():
        with store.writer.connect() as connection:
            try:
                done = connection.execute(text(statement))
            except DBAPIError as error:
                if sentence not in str(error.orig):
                    raise
                names.add(name)
            else:
                assert done.rowcount > 0, f"{statement} met no row, so it proves nothing"
    return names


def every(tables: Iterable[str], statement: str) -> dict[str, str]:
    return {table: statement.format(table=table, key=a_key(table)) for table in tables}


def a_key(table: str) -> str:
    return next(iter(SQLModel.metadata.tables[table].primary_key.columns)).name


@pytest.fixture
def approved(office_on_both: Any) -> Any:
    """An office with one approved project."""
    office_on_both.bring(office_on_both.open(), Stage.APPROVED)
    return office_on_both


@pytest.fixture
def recovering(
    office_on_both: Any,
    plan_and_report: Callable[[Any], None],
    away_and_answered: Callable[[Any], None],
    remarked: Callable[[Any, str], None],
    brought_in: Callable[[Any], None],
) -> Any:
    """An office in which every guarded table has rows: a plan, a contract, a remark, money to come back."""
    office = office_on_both
    plan_and_report(office)
    away_and_answered(office)
    code = office.bring(office.open(), Stage.UNDERWAY)
    remarked(office, code)
    brought_in(office)
    cash = {"number": "20/UNC", "papers": (Paper.PREPAYMENT_REQUEST,), "amounts": {Source.LOCAL_FUND: 100_000_000}}
    office.step(code, "prepay", "dung", **cash)
    office.ask(code, Asked(kinds=frozenset({Change.STOP})))
    kept = {"amounts": {Source.LOCAL_FUND: 40_000_000}, "decided_on": office.today, "note": "Cơ sở giải thể"}
    office.step(code, "stop", "binh", number="991/QĐ-UBND", signer="Lê Quang Trung", **kept)
    back = (Instalment(office.today + timedelta(days=30), 60_000_000),)
    office.step(code, "start_recovery", "binh", number="29/QĐ-SCT", signer="Lê Minh Chi", instalments=back)
    return office


def test_database_refuses_to_update_what_is_append_only(recovering: Any) -> None:
    statements = every(APPEND_ONLY, "UPDATE {table} SET {key} = {key}")

    assert refused(recovering.store, statements, "is append-only") == set(APPEND_ONLY)


def test_database_refuses_to_delete_from_the_ledger(recovering: Any) -> None:
    tables = (*APPEND_ONLY, *LASTING)

    assert refused(recovering.store, every(tables, "DELETE FROM {table}"), "is append-only") == set(tables)


@pytest.mark.postgres
def test_postgresql_refuses_to_truncate_the_ledger(postgres_office: Any) -> None:
    tables = (*APPEND_ONLY, *LASTING)

    assert refused(postgres_office.store, every(tables, "TRUNCATE {table} CASCADE"), "is append-only") == set(tables)


WITHOUT_EVENT = {
    "stage": "UPDATE project SET stage = 'contracted'",
    "version too": "UPDATE project SET stage = 'contracted', version = version + 1",
    "name only": "UPDATE project SET name = 'Tên khác'",
    "another event": "UPDATE project SET stage = 'contracted', version = version + 1, last_event_id = 1",
}


def test_database_refuses_to_change_a_project_without_its_event(approved: Any) -> None:
    assert refused(approved.store, WITHOUT_EVENT, "a project changes only with its event") == set(WITHOUT_EVENT)


_EVENT = (
    "INSERT INTO event (id, subject_kind, subject_id, seq, action, from_stage, to_stage, recorded_at, number, note, "
    "body, hash) SELECT id + 1000000, 'project', id, version + 1, '{action}', stage, '{to}', moved_at, '', '', '', '' "
    "FROM project"
)


def test_database_refuses_a_step_that_the_lifecycle_does_not_know(approved: Any) -> None:
    steps = {
        "settle at once": _EVENT.format(action="settle", to="settled"),
        "unknown action": _EVENT.format(action="wave_through", to="contracted"),
        "sign the contract": _EVENT.format(action="sign_contract", to="contracted"),
    }

    names = refused(approved.store, steps, "the lifecycle has no such step")

    assert names == {"settle at once", "unknown action"}


_COLUMNS = [column.name for column in SQLModel.metadata.tables["project"].columns]


@pytest.mark.parametrize(
    ("state", "stage", "fits"),
    [("approved", "approved", True), ("settled", "approved", False), ("approved", "draft", False)],
)
def test_database_checks_that_the_stage_fits_the_state(approved: Any, state: str, stage: str, fits: bool) -> None:
    other = {"id": "id + 1000000", "code": "code || 'x'", "serial": "serial + 1"}
    other |= {"state": f"'{state}'", "stage": f"'{stage}'"}
    values = ", ".join(other.get(column, column) for column in _COLUMNS)
    statement = text(f"INSERT INTO project ({', '.join(_COLUMNS)}) SELECT {values} FROM project")

    with approved.store.writer.connect() as connection:
        if fits:
            assert connection.execute(statement).rowcount == 1
        else:
            with pytest.raises(IntegrityError, match="state_fits_stage"):
                connection.execute(statement)


def test_reader_cannot_write(approved: Any) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), approved.store.read() as session:
        session.connection().execute(text("UPDATE contact SET phone = ''"))
