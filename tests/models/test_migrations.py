"""The migrations make the schema that the tables declare, on both databases, guards included."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Inspector, create_engine, inspect, text
from sqlmodel import SQLModel

from models.desk.denials import denials, note_denial
from models.schema import REVISION, refuse_other_revision
from models.searching import SEARCH_TRIGGERS, search_objects
from models.setup import MIGRATIONS, migrate
from models.store import open_store
from models.triggers import APPEND_ONLY, LASTING, guard_names
from models.verify import verify
from states.facts import OFFICE_TIME
from states.refusal import Refused

TABLES = sorted(SQLModel.metadata.tables)
#: A schema on PostgreSQL in which the tables are made as declared, beside the migrated ones.
DECLARED = "declared"

_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
}


@pytest.fixture
def migrated(office_on_both: Any) -> Iterator[Connection]:
    with office_on_both.store.writer.connect() as connection:
        yield connection


def is_declared(name: str | None, _kind: str, _parents: Any) -> bool:
    """Is a table or index declared with the tables? The search of a database is made where it can be."""
    return name not in search_objects("sqlite") | search_objects("postgresql")


def triggers(connection: Connection) -> set[str]:
    return set(connection.execute(text(_TRIGGERS[connection.dialect.name])).scalars())


def constraints(inspector: Inspector, table: str, schema: str | None) -> dict[str, Any]:
    """What autogenerate does not compare: CHECKs above all, which are derived from the lifecycle."""
    return {
        "check": {row["name"]: row["sqltext"] for row in inspector.get_check_constraints(table, schema)},
        "unique": {row["name"]: row["column_names"] for row in inspector.get_unique_constraints(table, schema)},
        "primary key": inspector.get_pk_constraint(table, schema)["constrained_columns"],
        "not null": {row["name"] for row in inspector.get_columns(table, schema) if not row["nullable"]},
        "foreign": {
            row["name"]: (row["constrained_columns"], row["referred_table"], row["referred_columns"])
            for row in inspector.get_foreign_keys(table, schema)
        },
    }


def test_autogenerate_finds_nothing_to_change(migrated: Connection) -> None:
    context = MigrationContext.configure(
        migrated, opts={"compare_type": True, "compare_server_default": True, "include_name": is_declared}
    )

    assert compare_metadata(context, SQLModel.metadata) == []


def test_migrated_constraints_are_the_declared_ones(migrated: Connection, tmp_path: Path) -> None:
    if migrated.dialect.name == "sqlite":
        declared, schema = create_engine(f"sqlite:///{tmp_path / 'declared.db'}"), None
        SQLModel.metadata.create_all(declared)
    else:
        migrated.execute(text(f"CREATE SCHEMA {DECLARED}"))
        migrated.commit()
        declared, schema = migrated.engine.execution_options(schema_translate_map={None: DECLARED}), DECLARED
        SQLModel.metadata.create_all(declared)

    wanted = {table: constraints(inspect(declared), table, schema) for table in TABLES}
    found = {table: constraints(inspect(migrated), table, None) for table in TABLES}
    declared.dispose()

    assert found == wanted


def test_every_table_is_strict_on_sqlite(office: Any) -> None:
    with closing(office.store.writer.raw_connection()) as connection:
        strict = connection.cursor().execute("SELECT name FROM pragma_table_list WHERE strict = 1").fetchall()

    assert sorted(name for (name,) in strict) == TABLES


def test_every_guard_is_installed_and_no_other_trigger(migrated: Connection) -> None:
    expected = set(guard_names())
    if migrated.dialect.name == "postgresql":
        expected |= {f"{table}_keeps_truncate" for table in (*APPEND_ONLY, *LASTING)}
    else:
        expected |= SEARCH_TRIGGERS

    assert triggers(migrated) == expected


def test_migrating_again_changes_nothing(office_on_both: Any) -> None:
    store = office_on_both.store
    with store.writer.connect() as connection:
        before = triggers(connection)

    migrate(store)

    with store.writer.connect() as connection:
        assert triggers(connection) == before
        context = MigrationContext.configure(connection, opts={"include_name": is_declared})
        assert compare_metadata(context, SQLModel.metadata) == []
    assert verify(store).problems == ()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_denials_of_an_earlier_program_count_once_each(kind: str, request: Any, tmp_path: Path) -> None:
    where = (
        f"sqlite:///{tmp_path / 'old.db'}" if kind == "sqlite" else request.getfixturevalue("postgres")(furnished=False)
    )
    with closing(open_store(where, tmp_path / "files")) as store:
        with store.writer.connect() as connection, connection.begin():
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "0006")
            connection.execute(
                text(
                    "INSERT INTO denial (at, person_id, method, path, reason, address) VALUES "
                    "('2026-03-02T17:30:00.000000Z', NULL, 'GET', '/people', 'Chưa đăng nhập.', '10.0.0.7')"
                )
            )

        migrate(store)

        with store.write() as session:
            note_denial(
                session,
                at=datetime(2026, 3, 3, 9, tzinfo=OFFICE_TIME),
                person_id=None,
                method="GET",
                path="/people",
                route="/people",
                reason="Chưa đăng nhập.",
                address="10.0.0.8",
            )
            counted = [(row["times"], row["path"], row["address"]) for row in denials(session)]
    # Half past five in the afternoon UTC is the next day at the office, so both fall on 3 March and are one row.
    assert counted == [(2, "/people", "10.0.0.8")]


def test_program_names_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))

    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


@pytest.mark.parametrize(
    ("stored", "sentence"),
    [
        ("0000", f"Sổ có cấu trúc 0000, chương trình cần {REVISION}; hãy sao lưu sổ rồi chạy dean upgrade."),
        ("9999", f"Sổ có cấu trúc 9999 mới hơn chương trình ({REVISION}); hãy cập nhật chương trình."),
    ],
)
def test_register_of_another_revision_is_refused(office_on_both: Any, stored: str, sentence: str) -> None:
    store = office_on_both.store
    refuse_other_revision(store)
    with store.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :stored"), {"stored": stored})

    with pytest.raises(Refused) as refused:
        refuse_other_revision(store)

    assert refused.value.reasons == (sentence,)
