"""The rows of a mart, read from the register as they stream by, in the order in which the mart keeps them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import inspect, text
from sqlmodel import Session

from models.queries.scope import plain_value
from models.rollups.cells import columns_of, places_of
from models.rollups.rolled import Rollups
from states.activities import ACTIVITIES
from states.facts import OFFICE_TIME
from states.folding import fold
from states.lifecycle import stage_label
from states.rollups import Measure, Step
from states.vocabulary import MoneyKind, Route, Stage, State

Values = tuple[Any, ...]
#: Rows that the driver hands over at a time; only so many are in memory.
PAGE = 2_000
_SUBMITTED = f"p.stage <> '{Stage.DRAFT}'"


def gathered(session: Session, found: list[Rollups], as_of: date) -> Iterator[tuple[str, Iterator[Values]]]:
    """Every table of the mart that has rows of the register, with them; days as ISO text from either database."""
    plain: Callable[[Any], Values] = tuple if session.get_bind().dialect.name == "sqlite" else _plain_row
    for name, sql in _PLAIN.items():
        yield name, map(plain, _rows(session, sql))
    yield "project", (plain(_project(row)) for row in _rows(session, _PROJECTS))
    yield "event_head", (plain(_event_head(row)) for row in _rows(session, _HEADS))
    yield "rollup", (row for each in found for row in _rollup(each))
    if inspect(session.connection()).has_table("seal"):
        # The seal of the night itself may come before or after the mart of that night.
        yield "seal", map(plain, _rows(session, _SEALS, {"as_of": as_of.isoformat()}))


def _rows(session: Session, sql: str, parameters: Mapping[str, Any] | None = None) -> Iterator[Any]:
    statement = text(sql).execution_options(yield_per=PAGE)
    for page in session.connection().execute(statement, parameters or {}).partitions(PAGE):
        yield from page


def _plain_row(row: Any) -> Values:
    return tuple(map(plain_value, row))


_KINDS = ", ".join(f"f.{kind}" for kind in MoneyKind)
_NOT_NOTHING = " OR ".join(f"f.{kind} <> 0" for kind in MoneyKind)
#: Tables whose rows need nothing but SQL. Sums are cast, because PostgreSQL adds integers up to a decimal.
_PLAIN: Mapping[str, str] = {
    "programme": "SELECT code, name, number, start_year, end_year, verified FROM programme ORDER BY id",
    "content": """
        SELECT g.code, c.no, c.code, c.name FROM content AS c JOIN programme AS g ON g.id = c.programme_id
        ORDER BY g.id, c.no""",
    "budget": """
        SELECT g.code, b.content_no, b.source, b.amount FROM budget AS b JOIN programme AS g ON g.id = b.programme_id
        ORDER BY g.id, b.content_no""",
    "target": """
        SELECT g.code, t.code, t.content_no, t.name, t.unit, t.quantity, t.quantity_min, t.quantity_max
        FROM target AS t JOIN programme AS g ON g.id = t.programme_id ORDER BY g.id, t.content_no, t.line""",
    "money": f"""
        SELECT f.project_id, f.source, {_KINDS} FROM funding AS f JOIN project AS p ON p.id = f.project_id
        WHERE {_SUBMITTED} AND ({_NOT_NOTHING}) ORDER BY f.project_id""",
    "work": f"""
        SELECT c.project_id, c.target_code, c.planned, c.approved, c.accepted, c.settled
        FROM contribution AS c JOIN project AS p ON p.id = c.project_id
        WHERE {_SUBMITTED} AND (c.planned <> 0 OR c.approved <> 0 OR c.accepted <> 0 OR c.settled <> 0)
        ORDER BY c.project_id""",
    "plan": """
        SELECT k.id, g.code, k.year, k.route, k.status, k.revision
        FROM plan AS k JOIN programme AS g ON g.id = k.programme_id ORDER BY k.id""",
    "plan_line": f"""
        SELECT l.plan_id, l.project_id, l.source, CAST(sum(l.amount * l.direction) AS BIGINT) AS amount
        FROM plan_line AS l JOIN project AS p ON p.id = l.project_id WHERE {_SUBMITTED}
        GROUP BY l.plan_id, l.project_id, l.source HAVING sum(l.amount * l.direction) <> 0
        ORDER BY l.plan_id, l.project_id""",
    "deadline_rule": "SELECT code, label, basis, statutory, verified FROM deadline_rule ORDER BY id",
    "deadline": f"""
        SELECT d.project_id, d.clock, d.started_by, d.rule, d.status, d.started_on, d.printed_on, d.rolled_on,
               d.safe_on, d.stopped_on, d.provisional
        FROM deadline AS d JOIN project AS p ON p.id = d.project_id WHERE {_SUBMITTED}
        ORDER BY d.project_id, d.started_by""",
}
_PROJECTS = f"""
    SELECT p.id, p.code, p.name, g.code AS programme, p.content_no, p.activity, p.route, p.kind, p.plan_year,
           p.work_year, u.code AS unit, u.name AS unit_name, z.code AS place, z.kind || ' ' || z.name AS place_name,
           p.equipment, p.objectives, p.total_cost, p.expected_jobs, p.starts_on, p.ends_on, p.state, p.stage,
           p.counted, p.decided_on, p.version, p.vouched_by, p.search_text
    FROM project AS p JOIN programme AS g ON g.id = p.programme_id JOIN unit AS u ON u.id = p.unit_id
    LEFT JOIN place AS z ON z.id = p.place_id WHERE {_SUBMITTED} ORDER BY p.id"""
_HEADS = f"""
    SELECT p.id, e.id AS event, e.seq, e.action, e.from_stage, e.to_stage,
           CASE e.action WHEN 'bring_in' THEN p.decided_on ELSE e.decided_on END AS decided_on, e.recorded_at, e.number,
           e.hash
    FROM project AS p JOIN event AS e ON e.id = p.last_event_id WHERE {_SUBMITTED} ORDER BY p.id"""
_SEALS = """
    SELECT no, business_date, first_event, last_event, count, root, previous, code
    FROM seal WHERE business_date < :as_of ORDER BY no"""


def _project(row: Any) -> Values:
    """Add the labels, and to the folded text of the register the names of unit and place."""
    folded = " ".join(filter(None, (row.search_text, _folded(row.unit_name), _folded(row.place_name or ""))))
    return (
        *(row.id, row.code, row.name, row.programme, row.content_no),
        *(row.activity, ACTIVITIES.get(row.activity, row.activity)),
        *(row.route, row.kind, row.plan_year, row.work_year),
        *(row.unit, row.unit_name, row.place, row.place_name),
        *(row.equipment, row.objectives, row.total_cost, row.expected_jobs, row.starts_on, row.ends_on),
        *(row.state, _state_label(row.state), row.stage, _stage_label(row.stage, row.route)),
        *(row.counted, row.decided_on, row.version, int(row.vouched_by is not None), folded),
    )


_folded = cache(fold)


@cache
def _state_label(state: str) -> str:
    return State(state).label


@cache
def _stage_label(stage: str, route: str) -> str:
    return stage_label(Stage(stage), Route(route))


def _event_head(row: Any) -> Values:
    """The instant of the entry as the office's day."""
    at = row.recorded_at if isinstance(row.recorded_at, datetime) else datetime.fromisoformat(row.recorded_at)
    on = at.astimezone(OFFICE_TIME).date().isoformat()
    head = (row.id, row.event, row.seq, row.action, row.from_stage, row.to_stage)
    return (*head, row.decided_on, on, row.number, row.hash)


def _rollup(found: Rollups) -> Iterator[Values]:
    """One row for each step of each column of a cell that says something."""
    for key, figures in found.cells.items():
        told = dict(zip(places_of(key.by), figures, strict=True))
        part = found.names.code(key.by, key.part)
        for column in columns_of(key.by):
            for step in Step:
                amount, projects = told[Measure.AMOUNT, column, step], told[Measure.PROJECTS, column, step]
                if amount or projects:
                    head = (found.names.programme, str(key.by), key.year, part, key.state)
                    yield (*head, column, str(step), projects, amount)
