"""Prove that the tables say what the events say: `dean verify` recomputes everything with code of its own.

What it finds: an edited, inserted or deleted row of any guarded table; an event edited, inserted, deleted or cut
off the end, and a whole subject taken out with its lines and events, because events are numbered without gaps
and counted; a stage that no lawful step explains; sums, totals and searched text that do not follow from the
entries; guards that are missing from the database; uploaded files that are lost, changed or named by no paper.

What it cannot find: a forger who rewrites consistently. Cutting the last events together with the counter, their
lines and the rows as they stood before leaves a database that could have been; so does writing a subject's last
events anew with right hashes and rows. Only seals kept outside the database find these. Nor can it know that a
person recorded something false. Contact data are not guarded: personal data may be erased.

A night rebuilds only a share of a large register and looks at the rest (`models.night_share`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, SQLModel

from models.deadlines import wrong_rows
from models.filing import lost_or_changed, still_unclaimed, strange_files, unclaimed
from models.night_share import Share, looked_at
from models.problem import Finding, Key, Problem, Row, compare, key_of, named
from models.replay import BALANCE_TABLES, COLUMNS, EDGES, LINE_TABLES, SUBJECT_TABLES, Replayed, replay
from models.store import Store
from models.triggers import APPEND_ONLY, LASTING, guard_names, guard_texts

#: Events held in memory at a time; a subject is never split.
CHUNK = 2_000
#: A longer list would help nobody, and memory must stay bounded.
MOST_PROBLEMS = 10_000
GUARDED = ("event", "ledger_head", "lifecycle_edge", *SUBJECT_TABLES, *LINE_TABLES, *BALANCE_TABLES)


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found: `ok` when there is no problem, and how many events the ledger holds.

    Of so many `subjects` so many were `rebuilt`: all of them (`is_whole`), unless a share was asked for.
    """

    ok: bool
    events: int
    problems: tuple[Problem, ...]
    subjects: int = 0
    rebuilt: int = 0
    is_whole: bool = True


@dataclass(slots=True)
class _Counts:
    """What is counted while the events stream by."""

    events: int = 0
    subjects: int = 0
    rebuilt: int = 0


def verify(store: Store, share: Share | None = None) -> Verification:
    """Recompute chains, stages, rows, sums and files from the events, in one consistent read transaction.

    With a share only its subjects are rebuilt; the others are looked at.
    """
    counts = _Counts()
    try:
        found = _look(store, share, counts)
    except OperationalError as error:
        if "decode to UTF-8" not in str(error):
            raise
        counts = _Counts()
        found = _look(store, share, counts, damaged=True)
    problems, strangers = found
    if strangers:
        # A file is stored before the row that names it, so the row may have come since the view was taken.
        with store.read() as session:
            strangers = still_unclaimed(session.connection(), store.files, strangers)
        problems += strange_files(store.files, strangers)
    if len(problems) >= MOST_PROBLEMS:
        problems.append(Problem("…", "…", f"chỉ liệt kê {len(problems)} sai lệch đầu tiên; có thể còn sai lệch khác."))
    counted = (counts.subjects, counts.rebuilt)
    return Verification(not problems, counts.events, tuple(problems), *counted, is_whole=share is None)


def _look(
    store: Store, share: Share | None, counts: _Counts, *, damaged: bool = False
) -> tuple[list[Problem], set[Path]]:
    """Find the problems, and the files that no paper names."""
    with store.read() as session, _text_as_it_is(session.connection(), damaged) as connection:
        problems = list(_missing_columns(connection))
        if problems:
            return problems, set()
        counts.events = connection.execute(text("SELECT count(*) FROM event")).scalar_one()
        counts.subjects = connection.execute(_SUBJECTS).scalar_one()
        problems = list(islice(_problems(connection, store, share, counts), MOST_PROBLEMS))
        if not problems:
            # Deadlines are measured from the events, so they are worth measuring only on events that hold.
            problems = list(islice(_deadlines(session, share), MOST_PROBLEMS))
        return problems, unclaimed(connection, store.files)


@contextmanager
def _text_as_it_is(connection: Connection, damaged: bool) -> Iterator[Connection]:
    """Read text that is no longer UTF-8 too, so that a damaged row is named instead of stopping everything.

    Decoding in Python costs a tenth of the verification, so it waits until something cannot be read otherwise.
    """
    driver: Any = connection.connection.dbapi_connection
    if not damaged:
        yield connection
        return
    driver.text_factory = lambda raw: raw.decode("utf-8", "replace")
    try:
        yield connection
    finally:
        driver.text_factory = str


def _problems(connection: Connection, store: Store, share: Share | None, counts: _Counts) -> Iterator[Problem]:
    yield from _guards(connection)
    yield from _edges(connection)
    yield from _sequence(connection)
    for chunk in _chunks(connection, share):
        subjects = []
        for kind, subject_id, rows in chunk:
            subjects.append((yield from replay(kind, subject_id, rows)))
        yield from compared(connection, subjects)
        counts.rebuilt += len(subjects)
    if share is not None:
        yield from looked_at(connection, share)
    yield from _unexplained(connection)
    yield from lost_or_changed(connection, store.files, share.has("subject_id") if share else None)


_SUBJECTS = text("SELECT count(*) FROM (SELECT DISTINCT subject_kind, subject_id FROM event) AS subjects")


def _deadlines(session: Session, share: Share | None) -> Iterator[Problem]:
    for project_id, clock in wrong_rows(session, share.has("id") if share else None):
        what = "hạn đang ghi không đúng với các sự kiện; chạy dean deadline rebuild để tính lại."
        yield Problem("deadline", f"project_id={project_id},clock={clock}", what)


# --- the database itself ------------------------------------------------------------------------------


def _missing_columns(connection: Connection) -> Iterator[Problem]:
    """Nothing can be compared where a table or column is gone."""
    found = {tuple(row) for row in connection.execute(text(_CATALOGUE[connection.dialect.name]))}
    for table in GUARDED:
        for column in SQLModel.metadata.tables[table].columns:
            if (table, column.name) not in found:
                yield Problem(table, column.name, "thiếu cột này trong cơ sở dữ liệu; hãy khôi phục từ bản sao lưu.")


_CATALOGUE = {
    "sqlite": "SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'",
    "postgresql": """
        SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()""",
}


def _guards(connection: Connection) -> Iterator[Problem]:
    """Check that the database still refuses what the ledger never does."""
    dialect = connection.dialect.name
    expected = set(guard_names())
    if dialect == "postgresql":
        expected |= {f"{table}_keeps_truncate" for table in (*APPEND_ONLY, *LASTING)}
    active = set(connection.execute(text(_TRIGGERS[dialect])).scalars())
    for name in sorted(expected - active):
        yield Problem(
            "trigger", name, "thiếu trigger bảo vệ sổ hoặc trigger đã bị tắt; hãy cài lại và tìm nguyên nhân."
        )
    says = {row.name: row.says for row in connection.execute(text(_GUARD_TEXTS[dialect]))}
    for name, wanted in sorted(guard_texts(dialect).items()):
        if name in says and says[name] != wanted:
            yield Problem("trigger", name, "trigger bảo vệ sổ đã bị thay nội dung; hãy cài lại và tìm nguyên nhân.")
    if dialect == "sqlite":
        strict = set(connection.execute(text("SELECT name FROM pragma_table_list WHERE strict = 1")).scalars())
        for table in sorted(set(GUARDED) - strict):
            yield Problem(table, "STRICT", "bảng không còn là STRICT, kiểu dữ liệu không còn được kiểm tra.")


_GUARD_TEXTS = {
    "sqlite": "SELECT name, sql AS says FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT proname AS name, prosrc AS says FROM pg_proc WHERE proname LIKE 'dean_%'",
}
_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """
        SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = current_schema() AND NOT tgisinternal AND tgenabled IN ('O', 'A')""",
}


def _edges(connection: Connection) -> Iterator[Problem]:
    """Check that the path trigger looks up the edges of the lifecycle table and no others."""
    expected = {(action, source or "", target) for action, source, target in EDGES}
    found = {tuple(row) for row in connection.execute(text(_select("lifecycle_edge", key_of("lifecycle_edge"))))}
    for edge in sorted(expected - found):
        yield _edge(edge, "thiếu bước này của vòng đời; dòng này đã bị xóa hoặc sửa.")
    for edge in sorted(found - expected):
        yield _edge(edge, "vòng đời không có bước này; dòng này được chèn hoặc sửa.")


def _edge(edge: Sequence[Any], what: str) -> Problem:
    return Problem("lifecycle_edge", named("lifecycle_edge", edge), what)


def _sequence(connection: Connection) -> Iterator[Problem]:
    """Check that events are numbered 1, 2, 3 … up to the counter: a hole or a cut tail shows here."""
    if connection.execute(_GAPS).scalar_one():
        for row in connection.execute(_HOLES):
            yield _absent(row.first, row.last)
    heads = {row.id: row.last_event_id for row in connection.execute(text("SELECT * FROM ledger_head ORDER BY id"))}
    last = connection.execute(text("SELECT coalesce(max(id), 0) FROM event")).scalar_one()
    counted = heads.pop(1, None)
    for strange in heads:
        yield Problem(
            "ledger_head", named("ledger_head", (strange,)), "sổ chỉ có một bộ đếm, id=1; dòng này được chèn."
        )
    if counted != last:
        shown = "không còn" if counted is None else f"ghi {counted}"
        yield Problem("ledger_head", "id=1", f"bộ đếm {shown}, sự kiện cuối cùng là {last}; cuối sổ bị cắt hoặc nối.")
    if counted is not None and counted > last:
        yield _absent(last + 1, counted)


#: Numbering all events to find the holes takes ten times as long as asking whether there are any.
_GAPS = text("SELECT CASE WHEN count(*) = max(id) AND min(id) = 1 THEN 0 ELSE count(*) END FROM event")
_HOLES = text("""
    SELECT previous + 1 AS first, id - 1 AS last
    FROM (SELECT id, lag(id, 1, 0) OVER (ORDER BY id) AS previous FROM event) AS numbered
    WHERE id > previous + 1 ORDER BY id""")


def _absent(first: int, last: int) -> Problem:
    key = f"id={first}" if first == last else f"id={first}..{last}"
    return Problem("event", key, "thiếu trong dãy số liên tục của sổ; sự kiện đã bị xóa.")


# --- what the events say, against what stands in the tables -------------------------------------------


def _chunks(connection: Connection, share: Share | None) -> Iterator[list[tuple[str, int, list[Mapping[str, Any]]]]]:
    """Read the events subject by subject, some hundreds at a time: all, or those of the subjects of a share."""
    chunk: list[tuple[str, int, list[Mapping[str, Any]]]] = []
    where = f"WHERE {share.has('subject_id')}" if share else ""
    ordered = text(_select("event", COLUMNS["event"], f"{where} ORDER BY subject_kind, subject_id, seq"))
    pages = connection.execute(ordered.execution_options(yield_per=CHUNK)).partitions(CHUNK)
    rows = (dict(zip(COLUMNS["event"], plain_values(row), strict=True)) for page in pages for row in page)
    held = 0
    for (kind, subject_id), grouped in groupby(rows, key=lambda row: (row["subject_kind"], row["subject_id"])):
        events: list[Mapping[str, Any]] = list(grouped)
        chunk.append((kind, subject_id, events))
        held += len(events)
        if held >= CHUNK:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


def _select(table: str, columns: Sequence[str], where: str = "") -> str:
    return f"SELECT {', '.join(columns)} FROM {table} {where}"


def plain_values(row: Sequence[Any]) -> Row:
    """Write days and instants as bodies do; PostgreSQL returns objects where SQLite keeps the text."""
    if _DATES.isdisjoint(map(type, row)):
        return tuple(row)
    return tuple(_as_text(value) if isinstance(value, date) else value for value in row)


_DATES = frozenset({date, datetime})


def _as_text(value: date) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    return value.isoformat()


def compared(connection: Connection, subjects: Sequence[Replayed]) -> Iterator[Problem]:
    """Compare the rows, lines and balances of some subjects with what their events say."""
    for kind in SUBJECT_TABLES:
        rows = {(s.id,): s.row() for s in subjects if s.whole and s.kind == kind}
        yield from _table(connection, kind, "id", [key[0] for key in rows], rows)
    events = [event_id for subject in subjects for event_id in subject.events]
    for table in LINE_TABLES:
        lines = {key: row for subject in subjects for key, row in subject.lines.get(table, {}).items()}
        yield from _table(connection, table, "event_id", events, lines)
    projects = [subject for subject in subjects if subject.whole and subject.kind == "project"]
    for table in BALANCE_TABLES:
        balances = {key: row for project in projects for key, row in project.balances(table).items()}
        yield from _table(connection, table, "project_id", [project.id for project in projects], balances)


def _table(
    connection: Connection, table: str, tie: str, ids: Sequence[int], expected: Mapping[Key, Row]
) -> Iterator[Problem]:
    stored = yield from _stored(connection, table, tie, ids)
    yield from compare(table, expected, stored)


def _stored(connection: Connection, table: str, tie: str, ids: Sequence[int]) -> Finding[dict[Key, Row]]:
    """Read the rows that belong to some subjects or events, by their primary key."""
    if not ids:
        return {}
    postgresql = connection.dialect.name == "postgresql"
    statement = _of_ids(table, tie, postgresql)
    places = [COLUMNS[table].index(column) for column in key_of(table)]
    stored: dict[Key, Row] = {}
    for start in range(0, len(ids), CHUNK):
        some = list(ids[start : start + CHUNK])
        for row in connection.execute(statement, {"ids": some if postgresql else json.dumps(some)}).all():
            key = tuple(row[place] for place in places)
            if key in stored:
                yield Problem(table, named(table, key), "khóa này có hai dòng; một dòng được chèn ngoài sổ.")
            stored[key] = plain_values(row)
    return stored


@cache
def _of_ids(table: str, tie: str, postgresql: bool) -> TextClause:
    """One parameter for all ids keeps the statement the same, whatever their number."""
    among = "= ANY(:ids)" if postgresql else "IN (SELECT value FROM json_each(:ids))"
    return text(_select(table, COLUMNS[table], f"WHERE {tie} {among}"))


def _unexplained(connection: Connection) -> Iterator[Problem]:
    """Find rows whose subject or event does not exist at all."""
    subject = "e.subject_kind = '{kind}' AND e.subject_id = t.{tie}"
    ties = [(table, subject.format(kind=table, tie="id")) for table in SUBJECT_TABLES]
    ties += [(table, "e.id = t.event_id") for table in LINE_TABLES]
    ties += [(table, subject.format(kind="project", tie="project_id")) for table in BALANCE_TABLES]
    for table, tie in ties:
        names = key_of(table)
        where = f"AS t WHERE NOT EXISTS (SELECT 1 FROM event AS e WHERE {tie}) ORDER BY {', '.join(names)}"
        for row in connection.execute(text(_select(table, names, where)).execution_options(yield_per=CHUNK)):
            yield from compare(table, {}, {tuple(row): ()})
