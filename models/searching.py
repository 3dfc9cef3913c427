"""What projects are found and sorted by: derived rows beside the ledger, and the indexes that make them fast.

The folded text is the truth, and LIKE finds in it on both databases. SQLite's FTS5 (kept by triggers) and PostgreSQL's
pg_trgm only say where to look; where neither is at hand, everything is found all the same.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from models.statement import Statement
from states.folding import sort_text

#: The virtual table of SQLite that knows in which rows which three letters follow each other.
TRIGRAMS = "project_search_trigrams"
#: So many characters of a name's key decide where it stands; between equal ones the number of the project does.
_LONGEST_KEY = 200


# --- the rows -----------------------------------------------------------------------------------------


def refresh(session: Session, projects: Iterable[int] = (), beneficiaries: Iterable[int] = ()) -> None:
    """Make the rows of these projects anew, and of all that name these beneficiaries, with what changed them."""
    wanted = dict.fromkeys(projects)
    for beneficiary in beneficiaries:
        wanted |= dict.fromkeys(row.project_id for row in _NAMING.rows(session, id=beneficiary))
    rows = [search_row(session, project_id) for project_id in wanted]
    if rows:
        _PUT.run(session, rows)


def search_row(session: Session, project_id: int) -> dict[str, Any]:
    """What the project and its beneficiaries say now; a name that was withdrawn no longer finds the project."""
    told = _TOLD.one(session, id=project_id)
    named = (word for row in _NAMED.rows(session, id=project_id) for word in (row.folded_name, row.tax_code) if word)
    # A word that is looked for holds no line break, so it never spans two of these.
    return {
        "id": project_id,
        "words": "\n".join((told.search_text, *named)),
        "name_key": sort_text(told.name)[:_LONGEST_KEY],
    }


_TOLD = Statement("SELECT name, search_text FROM project WHERE id = :id")
_NAMED = Statement("""
    SELECT b.folded_name, b.tax_code FROM project_beneficiary AS n JOIN beneficiary AS b ON b.id = n.beneficiary_id
    WHERE n.project_id = :id GROUP BY b.id, b.folded_name, b.tax_code HAVING sum(n.direction) > 0 ORDER BY b.id""")
_NAMING = Statement(
    "SELECT DISTINCT project_id FROM project_beneficiary WHERE beneficiary_id = :id ORDER BY project_id"
)
_PUT = Statement("""
    INSERT INTO project_search (project_id, words, name_key) VALUES (:id, :words, :name_key)
    ON CONFLICT (project_id) DO UPDATE SET words = excluded.words, name_key = excluded.name_key""")


# --- with every migration -----------------------------------------------------------------------------


def install_search(connection: Connection) -> None:
    """Make what speeds the search up where the database can, and the rows of projects that have none yet."""
    for statement in _MONEY_INDEXES:
        connection.exec_driver_sql(statement)
    if connection.dialect.name == "sqlite":
        _install_trigrams(connection)
    else:
        _install_pg_trgm(connection)
    with Session(connection, join_transaction_mode="rollback_only") as session:
        while missing := [row.id for row in _MISSING.rows(session, most=1_000)]:
            refresh(session, missing)


_MISSING = Statement("""
    SELECT p.id FROM project AS p LEFT JOIN project_search AS s ON s.project_id = p.id
    WHERE s.project_id IS NULL ORDER BY p.id LIMIT :most""")
#: What a project's money is now, in đồng: what the last milestone says that has said an amount.
MONEY_NOW = (
    "CASE WHEN {f}settled > 0 THEN {f}settled WHEN {f}accepted > 0 THEN {f}accepted "
    "WHEN {f}approved > 0 THEN {f}approved + {f}adjusted WHEN {f}appraised > 0 THEN {f}appraised ELSE {f}asked END"
)
#: Indexes that cannot be declared with the tables: expressions come back from a database in its own words.
_MONEY_INDEXES = (
    f"CREATE INDEX IF NOT EXISTS ix_funding_now ON funding (({MONEY_NOW.format(f='')}), project_id) "
    "WHERE source <> 'counterpart'",
)
_TRIGGERS = {
    "project_search_added": "INSERT ON project_search BEGIN {add}; END",
    "project_search_removed": "DELETE ON project_search BEGIN {remove}; END",
    "project_search_changed": "UPDATE OF words ON project_search BEGIN {remove}; {add}; END",
}
SEARCH_TRIGGERS = frozenset(_TRIGGERS)
_ADD = f"INSERT INTO {TRIGRAMS} (rowid, words) VALUES (NEW.project_id, NEW.words)"
_REMOVE = f"INSERT INTO {TRIGRAMS} ({TRIGRAMS}, rowid, words) VALUES ('delete', OLD.project_id, OLD.words)"


def search_objects(dialect: str) -> frozenset[str]:
    """What is installed here and declared with no table: triggers, indexes, the virtual table and its own ones."""
    if dialect != "sqlite":
        return frozenset({"ix_funding_now", "ix_project_search_words"})
    shadows = (f"{TRIGRAMS}_{part}" for part in ("data", "idx", "config"))
    return frozenset({"ix_funding_now", *_TRIGGERS, TRIGRAMS, *shadows})


def _install_trigrams(connection: Connection) -> None:
    """Neither positions nor lengths are kept: LIKE has the last word, and the index takes half the space."""
    if not connection.exec_driver_sql(_HAS_TRIGRAMS).first():
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(
                    f"CREATE VIRTUAL TABLE {TRIGRAMS} USING fts5(words, content='project_search', "
                    "content_rowid='project_id', tokenize='trigram case_sensitive 1', detail='none', columnsize=0)"
                )
        except DBAPIError:
            # This SQLite was built without FTS5, or before it knew trigrams (3.34).
            return
        connection.exec_driver_sql(f"INSERT INTO {TRIGRAMS} ({TRIGRAMS}) VALUES ('rebuild')")
    for name, body in _TRIGGERS.items():
        connection.exec_driver_sql(f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {body.format(add=_ADD, remove=_REMOVE)}")


_HAS_TRIGRAMS = f"SELECT 1 FROM sqlite_master WHERE name = '{TRIGRAMS}'"


def _install_pg_trgm(connection: Connection) -> None:
    """The extension is trusted, so the owner of a database may make it; a server without it searches without."""
    if not connection.execute(text("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")).first():
        return
    try:
        with connection.begin_nested():
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            connection.execute(
                text(
                    "CREATE INDEX IF NOT EXISTS ix_project_search_words ON project_search "
                    "USING gin (words gin_trgm_ops)"
                )
            )
    except DBAPIError:
        # Whoever runs this register may not make extensions here.
        return


def has_trigrams(session: Session) -> bool:
    """Can this database say where three letters follow each other?"""
    connection = session.connection()
    return connection.dialect.name == "sqlite" and connection.exec_driver_sql(_HAS_TRIGRAMS).first() is not None
