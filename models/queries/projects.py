"""Lists of projects: by what they are, by words, and by how long they wait."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models.queries.deadlines import shown, urgency
from models.queries.projects_orders import FUND
from models.queries.projects_pages import narrowed, offset_page
from models.queries.projects_sought import Sought, conditions, run
from models.queries.scope import PAGE, Where, page, readable_by
from models.rulebook import rulebook
from models.searching import MONEY_NOW
from states.facts import OFFICE_TIME, Person
from states.lifecycle import ENDS, stage_label
from states.vocabulary import Route, Stage, State

#: What a list of projects shows of each; the amounts are those of the state fund, in đồng. `amount` is what the last
#: milestone says of it.
_ROWS = f"""
    SELECT p.id, p.code, p.name, g.code AS programme, p.content_no AS content, p.activity, p.route, p.kind,
           p.plan_year, p.work_year, u.code AS unit, u.name AS unit_name, z.code AS place,
           z.kind || ' ' || z.name AS place_name, p.state, p.stage, p.version, p.moved_at,
           CASE WHEN p.vouched_by IS NULL THEN 0 ELSE 1 END AS old_record,
           f.asked, f.appraised, f.approved + f.adjusted AS approved, f.accepted, f.settled,
           {MONEY_NOW.format(f="f.")} AS amount
    FROM project AS p
    JOIN programme AS g ON g.id = p.programme_id
    JOIN unit AS u ON u.id = p.unit_id
    LEFT JOIN place AS z ON z.id = p.place_id
    LEFT JOIN funding AS f ON f.project_id = p.id AND f.source = {FUND}
    WHERE p.id IN :ids"""


def list_projects(
    session: Session,
    *,
    programme: str | None = None,
    year: int | None = None,
    state: State | None = None,
    stage: Stage | None = None,
    route: Route | None = None,
    content: int | None = None,
    unit: str | None = None,
    place: str | None = None,
    words: str | None = None,
    reader: Person | None = None,
    today: date | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """One page of projects in the order of their codes; the amounts are those of the state fund, in đồng.

    With `today` each row carries its most urgent `deadline`, with what is left of it.

    A place stands for all that lies in it and all that it took over. Raises Refused for an unknown programme,
    unit or place: a list that is empty because of a typing mistake would say something wrong.
    """
    sought = Sought(programme, year, state, stage, route, content, unit, place, words)
    found = narrowed(session, conditions(session, sought, reader=reader, today=today))
    return rows_of(session, offset_page(session, found, limit=limit, offset=offset), today=today)


def rows_of(session: Session, ids: Sequence[int], *, today: date | None = None) -> list[dict[str, Any]]:
    """The rows of a list in the order of their ids, each with its most urgent `deadline` where there is a `today`."""
    if not ids:
        return []
    rows = {row.pop("id"): row for row in run(session, _ROWS, {"ids": list(ids)})}
    urgent = _most_urgent(session, ids, today) if today else {}
    for row in rows.values():
        row["old_record"] = bool(row["old_record"])
    return [rows[id_] | _labels(rows[id_]) | {"deadline": urgent.get(id_)} for id_ in ids]


#: A page reads them with as few words as possible: it is what people wait for most often.
_RUNNING = """
    SELECT d.project_id, d.clock, d.rule, d.status, d.started_on, d.printed_on, d.rolled_on, d.safe_on,
           d.provisional, d.stopped_on, NULL AS project, NULL AS name, NULL AS stage, NULL AS unit
    FROM deadline AS d WHERE d.project_id IN :ids AND d.status <> 'closed'"""
_SHOWN = (
    "kind",
    "label",
    "status",
    "due_on",
    "safe_on",
    "workdays_left",
    "left",
    "statutory",
    "verified",
    "provisional",
)


def _most_urgent(session: Session, ids: Sequence[int], today: date) -> dict[int, dict[str, Any]]:
    """Of each project the open deadline that comes first, or a paused one where nothing else runs."""
    book = rulebook(session)
    first: dict[int, dict[str, Any]] = {}
    for row in run(session, _RUNNING, {"ids": list(ids)}):
        known = first.get(row["project_id"])
        if known is None or urgency(row) < urgency(known):
            first[row["project_id"]] = row
    told = ((id_, shown(row, book, today)) for id_, row in first.items())
    return {id_: {name: row[name] for name in _SHOWN} for id_, row in told}


def search(
    session: Session,
    words: str,
    *,
    reader: Person | None = None,
    today: date | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """Projects in which every word is found, accents or not: in code, name and objectives, or in a beneficiary.

    Raises Refused when no word is left to look for.
    """
    return list_projects(session, words=words, reader=reader, today=today, limit=limit, offset=offset)


def _labels(row: dict[str, Any]) -> dict[str, str]:
    route, stage = Route(row["route"]), Stage(row["stage"])
    return {
        "route_label": route.label,
        "state_label": State(row["state"]).label,
        "stage_label": stage_label(stage, route),
    }


#: Stages in which somebody's move is awaited. A draft waits for nobody: nothing has been handed in.
AWAITED = tuple(stage for stage in Stage if stage not in ENDS and stage is not Stage.DRAFT)


def waiting_longest(
    session: Session, *, at: datetime, limit: int = 20, reader: Person | None = None
) -> list[dict[str, Any]]:
    """The projects that have stood longest in one stage, the longest first; `days` are calendar days."""
    where = readable_by(reader)
    parts = [_AWAITED.format(stage=stage, where=where) for stage in AWAITED]
    sql = f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS waiting ORDER BY moved_at, code LIMIT :limit"
    rows = Where(parameters=dict(where.parameters)).rows(session, sql, limit=page(limit, 0)["limit"])
    return [row | _labels(row) | {"days": _days_since(row["moved_at"], at)} for row in rows]


#: Each stage by itself, so that the index on (stage, moved_at) gives the oldest without reading the others.
_AWAITED = """
    SELECT * FROM (
        SELECT p.code, p.name, p.route, p.state, p.stage, p.plan_year, u.code AS unit, u.name AS unit_name, p.moved_at
        FROM project AS p JOIN unit AS u ON u.id = p.unit_id
        WHERE p.stage = '{stage}' AND {where} ORDER BY p.moved_at LIMIT :limit) AS in_{stage}"""


def _days_since(moved_at: str, at: datetime) -> int:
    return (_office_day(at) - _office_day(datetime.fromisoformat(moved_at))).days


def _office_day(at: datetime) -> date:
    return at.astimezone(OFFICE_TIME).date()
