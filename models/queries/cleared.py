"""What may be approved by one decision: the cleared projects of a route, and the plans that wait for theirs."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from models.plan.lines import plan_lines
from models.queries.scope import Where, readable_by
from states.facts import Person
from states.lifecycle import stage_label
from states.planning import PlanStatus
from states.vocabulary import STATE_FUND, Route, Source, Stage

#: An annex of this province has some hundred lines; more than this is not one decision.
MOST_LINES = 1_000


def cleared(
    session: Session,
    reader: Person | None,
    *,
    route: Route,
    year: int | None = None,
    stage: Stage = Stage.CLEARED,
    limit: int = MOST_LINES,
) -> list[dict[str, Any]]:
    """Projects of one route that passed every appraisal (or wait for funds), by code; one row more than the limit.

    `granted` is what an approval would grant unless told otherwise: what was appraised, in đồng of the state fund,
    with the counterpart beside it.
    """
    where = readable_by(reader)
    where.add("p.stage = :stage AND p.route = :route", stage=str(stage), route=str(route))
    if year:
        where.add("p.plan_year = :year", year=year)
    return [_line(row) for row in where.rows(session, _CLEARED, limit=limit + 1)]


def by_code(session: Session, reader: Person, codes: Iterable[str]) -> list[dict[str, Any]]:
    """The projects of these codes that the reader may see, by code, whatever their stage is."""
    listed = sorted(set(codes))
    if not listed:
        return []
    where = readable_by(reader)
    where.add("p.code IN :codes", codes=listed)
    return [_line(row) for row in where.rows(session, _CLEARED, limit=len(listed))]


def _line(row: dict[str, Any]) -> dict[str, Any]:
    route, stage = Route(row["route"]), Stage(row["stage"])
    return row | {
        "granted": row["appraised"],
        "stage_label": stage_label(stage, route),
        "is_cleared": stage is Stage.CLEARED,
    }


_FUND = "CASE p.route " + " ".join(f"WHEN '{route}' THEN '{fund}'" for route, fund in STATE_FUND.items()) + " END"
_CLEARED = f"""
    SELECT p.id, p.code, p.version, p.name, p.route, p.stage, p.plan_year, u.name AS unit_name,
           coalesce(f.asked, 0) AS asked,
           coalesce(f.appraised, 0) AS appraised, coalesce(c.appraised, 0) AS counterpart
    FROM project AS p JOIN unit AS u ON u.id = p.unit_id
    LEFT JOIN funding AS f ON f.project_id = p.id AND f.source = {_FUND}
    LEFT JOIN funding AS c ON c.project_id = p.id AND c.source = '{Source.COUNTERPART}'
    WHERE {{where}} ORDER BY p.code LIMIT :limit"""


def plans_in_way(session: Session, route: Route) -> list[dict[str, Any]]:
    """The plans of a route that were proposed or appraised and wait for their decision, the latest year first."""
    where = Where()
    waiting = [str(PlanStatus.PROPOSED), str(PlanStatus.APPRAISED)]
    where.add("k.route = :route AND k.status IN :waiting", route=str(route), waiting=waiting)
    rows = where.rows(session, _PLANS)
    return [
        row | {"status_label": PlanStatus(row["status"]).label, "is_ready": row["status"] == PlanStatus.APPRAISED}
        for row in rows
    ]


_PLANS = """
    SELECT k.id, g.code AS programme, g.name AS programme_name, k.year, k.route, k.status
    FROM plan AS k JOIN programme AS g ON g.id = k.programme_id WHERE {where} ORDER BY k.year DESC, k.id"""


def lines_to_approve(session: Session, reader: Person | None, plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The projects that a plan holds and that are not approved yet, with the amounts that the plan proposes."""
    held = plan_lines(session, plan["id"])
    fund = STATE_FUND[Route(plan["route"])]
    rows = _of_ids(session, reader, held)
    return [
        row | {"granted": held[row["id"]].get(fund, 0), "counterpart": held[row["id"]].get(Source.COUNTERPART, 0)}
        for row in rows
    ]


def _of_ids(session: Session, reader: Person | None, ids: Iterable[int]) -> list[dict[str, Any]]:
    where = readable_by(reader)
    where.add("p.state IN ('proposed', 'appraised')")
    where.add("p.id IN :ids", ids=sorted(ids) or [-1])
    return [_line(row) for row in where.rows(session, _CLEARED, limit=MOST_LINES + 1)]
