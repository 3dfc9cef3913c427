"""The directory page by page: one beneficiary with its projects of all years, units, and bodies with their days."""

from typing import Any

from sqlmodel import Session

from models.codes import id_of
from models.loading import area_of
from models.queries.places import gazetteer
from models.queries.scope import Where, readable_by
from states.facts import Person
from states.lifecycle import stage_label
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Authority, Route, Stage

#: Where counting stops; one more means "more than".
MOST = 1_000


def beneficiary_sheet(session: Session, number: int, *, reader: Person) -> dict[str, Any]:
    """One beneficiary with the projects that the reader may see, the latest year first; amounts in đồng.

    `support` is that of the state: approved after adjustments, and settled. Raises Refused for an unknown number.
    """
    where = Where()
    where.add("b.id = :id", id=number)
    found = where.rows(session, _ONE)
    if not found:
        raise Refused(f"Không có đơn vị thụ hưởng số {number}; hãy tìm lại trong danh bạ.")
    names = gazetteer(session)
    row = found[0]
    place = row.pop("place_id")
    visible = readable_by(reader)
    visible.add(_NAMED, id=number)
    projects = [_project(project) for project in visible.rows(session, _PROJECTS)]
    flags = {name: bool(row[name]) for name in ("women_owned", "ethnic_minority_owned")}
    place_code = None if place is None else names.units[place]["code"]
    return row | flags | {"place": names.name(place), "place_code": place_code, "projects": projects}


_ONE = """
    SELECT b.id, b.name, b.kind, b.tax_code, b.place_id, b.women_owned, b.ethnic_minority_owned, b.version
    FROM beneficiary AS b WHERE {where}"""
_NAMED = """
    p.id IN (SELECT n.project_id FROM project_beneficiary AS n WHERE n.beneficiary_id = :id
             GROUP BY n.project_id HAVING sum(n.direction) > 0)"""
_FUND = "CASE p.route " + " ".join(f"WHEN '{route}' THEN '{fund}'" for route, fund in STATE_FUND.items()) + " END"
_PROJECTS = f"""
    SELECT p.code, p.name, p.plan_year, p.route, p.stage, u.name AS unit_name,
           coalesce(f.approved + f.adjusted, 0) AS approved, coalesce(f.settled, 0) AS settled
    FROM project AS p JOIN unit AS u ON u.id = p.unit_id
    LEFT JOIN funding AS f ON f.project_id = p.id AND f.source = {_FUND}
    WHERE {{where}} ORDER BY p.plan_year DESC, p.code LIMIT 200"""


def _project(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"stage_label": stage_label(Stage(row["stage"]), Route(row["route"]))}


def unit_list(session: Session, *, reader: Person) -> list[dict[str, Any]]:
    """Executing units and offices with the number of their projects that the reader may see, counted up to `MOST`."""
    visible = readable_by(reader)
    where = Where(parameters=dict(visible.parameters))
    rows = where.rows(session, _UNITS.replace("{visible}", str(visible)), most=MOST + 1)
    return [row | {"executes": bool(row["executes"]), "active": bool(row["active"])} for row in rows]


_UNITS = """
    SELECT u.code, u.name, u.executes, u.active,
           (SELECT count(*) FROM (
               SELECT 1 AS one FROM project AS p WHERE p.unit_id = u.id AND {visible} LIMIT :most) AS found) AS projects
    FROM unit AS u ORDER BY u.id"""


def body_list(session: Session) -> list[dict[str, Any]]:
    """The bodies behind each authority, that of today first; some pay or keep money and decide no step."""
    order = {str(authority): place for place, authority in enumerate(Authority)}
    rows = sorted(Where().rows(session, _BODIES), key=lambda row: row["valid_from"] or "", reverse=True)
    rows.sort(key=lambda row: order.get(row["authority"], len(order)))
    return [
        row | {"authority_label": _authority(row) or row["name"], "verified": bool(row["verified"])} for row in rows
    ]


def _authority(row: dict[str, Any]) -> str:
    return Authority(row["authority"]).label if row["authority"] in set(Authority) else ""


_BODIES = "SELECT d.authority, d.name, d.head, d.valid_from, d.valid_to, d.verified FROM body AS d"


def projects_in(session: Session, code: str, *, reader: Person) -> int:
    """How many projects of a place, of all that lies in it and that it took over, the reader may see: up to `MOST`."""

    place = id_of(session, "place", code)
    assert place is not None
    where = readable_by(reader)
    where.add("p.place_id IN :area", area=sorted(area_of(session, place)))
    return int(where.rows(session, _COUNT, most=MOST + 1)[0]["n"])


_COUNT = "SELECT count(*) AS n FROM (SELECT 1 AS one FROM project AS p WHERE {where} LIMIT :most) AS found"
