"""What a plan holds for its projects, as append-only lines: added up, changed by differences, asked by decisions."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.append import SELF
from models.loading import Loaded
from models.statement import Statement
from states.planning import PlanStatus
from states.vocabulary import Route, Source

Row = dict[str, Any]
#: Amounts in đồng by source.
Amounts = Mapping[Source, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a plan shall hold for one project: đồng by source (nothing takes it out), and why it is so."""

    amounts: Amounts
    why: str = ""


def plan_lines(session: Session, plan_id: int) -> dict[int, dict[Source, int]]:
    """The projects in a plan by id, with their amounts in đồng by source; one taken out is not in it."""
    held: dict[int, dict[Source, int]] = {}
    for row in _STANDING.rows(session, id=plan_id):
        held.setdefault(row.project_id, {})[Source(row.source)] = int(row.amount)
    return held


_STANDING = Statement("""
    SELECT project_id, source, CAST(sum(amount * direction) AS BIGINT) AS amount FROM plan_line WHERE plan_id = :id
    GROUP BY project_id, source HAVING sum(amount * direction) <> 0 ORDER BY project_id, source""")


def reasons_of_lines(session: Session, plan_id: int) -> dict[int, str]:
    """Why each project stands in a plan as it does: the last word about it since it came in."""
    whys: dict[int, str] = {}
    sums: dict[int, int] = {}
    for row in _REASONS.rows(session, id=plan_id):
        if not sums.get(row.project_id):
            whys.pop(row.project_id, None)
        sums[row.project_id] = sums.get(row.project_id, 0) + row.amount * row.direction
        if row.why:
            whys[row.project_id] = row.why
    return whys


_REASONS = Statement(
    "SELECT project_id, amount, direction, why FROM plan_line WHERE plan_id = :id ORDER BY event_id, line"
)


def changes(plan_id: int | None, held: Mapping[int, Amounts], wanted: Mapping[int, Wanted]) -> list[Row]:
    """The rows that bring a plan from what it holds to what is wanted; projects that are not named stay.

    A plan without an id is being opened by the same event.
    """
    rows = []
    for project_id, line in sorted(wanted.items()):
        stood = held.get(project_id, {})
        for source in Source:
            if change := line.amounts.get(source, 0) - stood.get(source, 0):
                rows.append(_row(plan_id, project_id, source, change, line.why))
    return rows


def _row(plan_id: int | None, project_id: int, source: Source, change: int, why: str) -> Row:
    return {
        "plan_id": SELF if plan_id is None else plan_id,
        "project_id": project_id,
        "source": str(source),
        "amount": abs(change),
        "direction": 1 if change > 0 else -1,
        "why": why,
    }


# --- the gate before an approval ----------------------------------------------------------------------


def outside_the_plan(session: Session, projects: Collection[Loaded]) -> list[str]:
    """One reason for each project that a proposed plan leaves out: only what is in the plan is approved.

    Its own year's plan counts, and those of later years, which take in what waited. A project of which no plan was
    proposed yet is free. Basis: design §9, "Approval".
    """
    reasons = []
    plans: dict[tuple[int, Route], list[Any]] = {}
    for project in projects:
        group = (project.programme_id, project.facts.route)
        if group not in plans:
            plans[group] = _PROPOSED.rows(session, programme=group[0], route=str(group[1]))
        asked = [plan for plan in plans[group] if plan.year >= project.facts.plan_year]
        if asked and not any(_HOLDS.rows(session, plan=plan.id, project=project.id) for plan in asked):
            reasons.append(_outside(project.facts.code, asked))
    return reasons


def _outside(code: str, plans: Iterable[Any]) -> str:
    plan = list(plans)[-1]
    status, route = PlanStatus(plan.status), Route(plan.route)
    how = f"hãy bổ sung vào kế hoạch (dean plan adjust {plan.year} --route {route} --add {code})"
    if status in (PlanStatus.PROPOSED, PlanStatus.APPRAISED):
        how = f"hãy trả lại kế hoạch rồi tổng hợp lại (dean plan return {plan.year} --route {route})"
    if status is PlanStatus.CLOSED:
        how = f"hãy đưa vào kế hoạch năm sau (dean plan build {plan.year + 1} --route {route})"
    return f"{code}: không có trong kế hoạch năm {plan.year}, {route.label.lower()} ({status.label.lower()}); {how}."


_PROPOSED = Statement(f"""
    SELECT id, year, route, status FROM plan
    WHERE programme_id = :programme AND route = :route AND status <> '{PlanStatus.DRAFT}' ORDER BY year""")
_HOLDS = Statement("""
    SELECT sum(amount * direction) AS held FROM plan_line WHERE plan_id = :plan AND project_id = :project
    HAVING sum(amount * direction) > 0""")
