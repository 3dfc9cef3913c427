"""Lists of projects: by what they are, by words, and by how long they wait."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models.codes import id_of
from models.loading import area_of
from models.queries.deadlines import most_urgent
from models.queries.scope import PAGE, Where, page, readable_by
from states.facts import OFFICE_TIME, Person
from states.folding import fold
from states.lifecycle import ENDS, stage_label
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Route, Stage, State

_FUND = "CASE p.route " + " ".join(f"WHEN '{route}' THEN '{fund}'" for route, fund in STATE_FUND.items()) + " END"
_PROJECTS = f"""
    SELECT p.code, p.name, g.code AS programme, p.content_no AS content, p.activity, p.route, p.kind, p.plan_year,
           p.work_year, u.code AS unit, u.name AS unit_name, z.code AS place, z.kind || ' ' || z.name AS place_name,
           p.state, p.stage, p.version, p.moved_at, f.asked, f.appraised, f.approved + f.adjusted AS approved,
           f.accepted, f.settled
    FROM project AS p
    JOIN programme AS g ON g.id = p.programme_id
    JOIN unit AS u ON u.id = p.unit_id
    LEFT JOIN place AS z ON z.id = p.place_id
    LEFT JOIN funding AS f ON f.project_id = p.id AND f.source = {_FUND}
    WHERE {{where}}
    ORDER BY p.programme_id, p.plan_year, p.serial
    LIMIT :limit OFFSET :offset"""


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
    where = readable_by(reader)
    for column, value in (("plan_year", year), ("state", state), ("stage", stage), ("route", route)):
        if value is not None:
            where.add(f"p.{column} = :{column}", **{column: value if isinstance(value, int) else str(value)})
    if content is not None:
        where.add("p.content_no = :content", content=content)
    if programme is not None:
        where.add("p.programme_id = :programme", programme=id_of(session, "programme", programme))
    if unit is not None:
        where.add("p.unit_id = :unit", unit=id_of(session, "unit", unit))
    if (place_id := id_of(session, "place", place)) is not None:
        where.add("p.place_id IN :area", area=sorted(area_of(session, place_id)))
    if words is not None:
        _match(where, words)
    rows = where.rows(session, _PROJECTS, **page(limit, offset))
    urgent = most_urgent(session, [row["code"] for row in rows], as_of=today) if today and rows else {}
    return [row | _labels(row) | {"deadline": _deadline(urgent.get(row["code"]))} for row in rows]


_SHOWN = ("kind", "label", "status", "due_on", "safe_on", "workdays_left", "left", "statutory", "provisional")


def _deadline(row: dict[str, Any] | None) -> dict[str, Any] | None:
    return row and {name: row[name] for name in _SHOWN}


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


def _match(where: Where, words: str) -> None:
    folded = fold(words).split()
    if not folded:
        raise Refused("Chưa có từ khóa; hãy gõ vài từ trong tên đề án, tên đơn vị thụ hưởng hoặc mã.")
    for number, word in enumerate(folded):
        name = f"word_{number}"
        where.add(
            f"p.search_text LIKE :{name} ESCAPE '!' OR p.id IN ({_NAMED.format(name=name)})",
            **{name: f"%{_escaped(word)}%"},
        )


#: Beneficiaries named now; a name withdrawn no longer finds the project.
_NAMED = """
    SELECT n.project_id FROM project_beneficiary AS n JOIN beneficiary AS b ON b.id = n.beneficiary_id
    WHERE b.folded_name LIKE :{name} ESCAPE '!' OR b.tax_code LIKE :{name} ESCAPE '!'
    GROUP BY n.project_id, n.beneficiary_id HAVING sum(n.direction) > 0"""


def _escaped(word: str) -> str:
    """Percent signs and underscores that were typed are looked for as such."""
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")


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
