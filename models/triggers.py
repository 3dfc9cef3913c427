"""The database's own guards: append-only rows, the path trigger, and the edges it looks up.

They are derived from the lifecycle table and reinstalled after every migration, because Alembic's batch
migrations on SQLite rebuild tables and lose them.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from models.tables import LINES, SUBJECTS
from states.machine import all_edges

#: Rows that may only be added.
APPEND_ONLY = ("event", *(str(t.__tablename__) for t in LINES))
#: Rows that may change through events but never disappear.
LASTING = ("ledger_head", *(str(t.__tablename__) for t in SUBJECTS))

_STAGE_WITHOUT_EVENT = """
    NOT EXISTS (
        SELECT 1 FROM event AS e
        WHERE e.id = NEW.last_event_id AND e.subject_kind = 'project' AND e.subject_id = NEW.id
          AND e.seq = NEW.version AND NEW.version = OLD.version + 1
          AND e.from_stage = OLD.stage AND e.to_stage = NEW.stage)"""
_NO_SUCH_EDGE = """
    NEW.subject_kind = 'project' AND NOT EXISTS (
        SELECT 1 FROM lifecycle_edge AS edge
        WHERE edge.action = NEW.action AND edge.from_stage = coalesce(NEW.from_stage, '')
          AND edge.to_stage = NEW.to_stage)"""


def install_guards(connection: Connection) -> None:
    """Drop and make again every trigger, and refill the edges from the lifecycle table."""
    connection.execute(text("DELETE FROM lifecycle_edge"))
    connection.execute(
        text("INSERT INTO lifecycle_edge (action, from_stage, to_stage) VALUES (:action, :source, :target)"),
        [{"action": action, "source": source or "", "target": target} for action, source, target in all_edges()],
    )
    statements = _sqlite() if connection.dialect.name == "sqlite" else _postgresql()
    for statement in statements:
        connection.exec_driver_sql(statement)


def guard_names() -> frozenset[str]:
    """The triggers that must be there: `dean verify` compares them with the catalogue."""
    kept = {f"{table}_keeps_{event}" for table in APPEND_ONLY for event in ("update", "delete")}
    lasting = {f"{table}_keeps_delete" for table in LASTING}
    return frozenset(kept | lasting | {"project_path", "event_edge"})


def guard_texts(dialect: str) -> dict[str, str]:
    """What each guard says, as the catalogue keeps it: a trigger on SQLite, a function's body on PostgreSQL."""
    if dialect == "sqlite":
        made = (statement for statement in _sqlite() if statement.startswith("CREATE"))
        return {statement.split()[2]: statement for statement in made}
    made = (statement for statement in _postgresql() if "FUNCTION dean_" in statement and "$$" in statement)
    return {statement.split("FUNCTION ")[1].split("(")[0]: statement.split("$$")[1] for statement in made}


def _refusals() -> Iterator[tuple[str, str, str]]:
    """(trigger, moment, table) of the plain prohibitions."""
    for table in APPEND_ONLY:
        yield f"{table}_keeps_update", "UPDATE", table
        yield f"{table}_keeps_delete", "DELETE", table
    for table in LASTING:
        yield f"{table}_keeps_delete", "DELETE", table


def _sqlite() -> Iterator[str]:
    for name, moment, table in _refusals():
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield (
            f"CREATE TRIGGER {name} BEFORE {moment} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    yield "DROP TRIGGER IF EXISTS project_path"
    yield (
        f"CREATE TRIGGER project_path BEFORE UPDATE ON project WHEN {_STAGE_WITHOUT_EVENT} "
        "BEGIN SELECT RAISE(ABORT, 'a project changes only with its event'); END"
    )
    yield "DROP TRIGGER IF EXISTS event_edge"
    yield (
        f"CREATE TRIGGER event_edge BEFORE INSERT ON event WHEN {_NO_SUCH_EDGE} "
        "BEGIN SELECT RAISE(ABORT, 'the lifecycle has no such step'); END"
    )


def _postgresql() -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION dean_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"
    )
    yield (
        "CREATE OR REPLACE FUNCTION dean_project_path() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_STAGE_WITHOUT_EVENT} THEN RAISE EXCEPTION 'a project changes only with its event'; "
        "END IF; RETURN NEW; END $$"
    )
    yield (
        "CREATE OR REPLACE FUNCTION dean_event_edge() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {_NO_SUCH_EDGE} THEN RAISE EXCEPTION 'the lifecycle has no such step'; "
        "END IF; RETURN NEW; END $$"
    )
    for name, moment, table in _refusals():
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        yield f"CREATE TRIGGER {name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION dean_refuse()"
    for table in (*APPEND_ONLY, *LASTING):
        yield f"DROP TRIGGER IF EXISTS {table}_keeps_truncate ON {table}"
        yield (
            f"CREATE TRIGGER {table}_keeps_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION dean_refuse()"
        )
    yield "DROP TRIGGER IF EXISTS project_path ON project"
    yield ("CREATE TRIGGER project_path BEFORE UPDATE ON project FOR EACH ROW EXECUTE FUNCTION dean_project_path()")
    yield "DROP TRIGGER IF EXISTS event_edge ON event"
    yield "CREATE TRIGGER event_edge BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION dean_event_edge()"
