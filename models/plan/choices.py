"""What a person sees and chooses from while a plan is put together, and whether it still is the plan that was seen."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlmodel import Session

from models.plan.forks import Trial, load_fork
from models.plan.life import amounts_of, may_enter
from models.plan.rows import candidate_lines
from models.plan.scope import Section
from models.plan.standing import held_lines, load_plan, open_plan, small
from models.plan.steps import Door, refuse_step, steps_of
from models.plan.versions import newest_no
from models.queries.scope import Where
from models.statement import Statement
from models.subjects import row_of
from states.folding import quoted
from states.planning import PLAN_STEPS, PlanStatus, PlanStep
from states.refusal import Refused
from states.vocabulary import Route


def seen_version(session: Session, programme: str, year: int, route: Route) -> int:
    """The newest version of a plan, 0 before the first: what a form carries, so that nobody writes over another."""
    plan = open_plan(session, programme, year, route, lock=False)
    return 0 if plan.id is None else newest_no(session, plan.id)


def refuse_moved(session: Session, programme: str, year: int, route: Route, seen: int) -> None:
    """Lock the plan, and raise Refused when it has gone on since a person saw its version."""
    plan = open_plan(session, programme, year, route)
    newest = 0 if plan.id is None else newest_no(session, plan.id)
    if newest != seen:
        raise Refused(
            f"{plan.key.words} đã sang phiên bản {newest} («{plan.status.label}») trong lúc bạn đang làm với phiên bản "
            f"{seen}; hãy tải lại trang, xem phần đã đổi rồi làm lại."
        )


def refuse_moved_fork(session: Session, programme: str, year: int, route: Route, name: str, seen: int) -> None:
    """Lock the plan of a fork, and raise Refused when somebody changed the fork since it was seen."""
    plan = load_plan(session, programme, year, route)
    if fork_version(session, programme, year, route, name) != seen:
        raise Refused(
            f"Phương án {quoted(name)} của {small(plan.key.words)} vừa được người khác sửa; hãy tải lại trang."
        )


def fork_version(session: Session, programme: str, year: int, route: Route, name: str) -> int:
    """How many times a fork was written. Raises Refused for one that is not there."""
    fork = load_fork(session, load_plan(session, programme, year, route, lock=False), name)
    return int(row_of(session, "plan_fork", fork.id, lock=False)["version"])


def plan_choices(session: Session, programme: str, year: int, route: Route) -> list[dict[str, Any]]:
    """The candidates of a plan that are not carried, for somebody who sees every project.

    `may_enter` says that nothing keeps it out, `flags` are the doubts that a reason may waive, `held` that the plan
    has it already.
    """
    plan = open_plan(session, programme, year, route, lock=False)
    lines = [line for line in candidate_lines(session, plan.key) if line["section"] != Section.CARRIED]
    return [
        line | {"held": line["id"] in plan.held, "may_enter": may_enter(line, (), plan.held)}
        for line in sorted(lines, key=lambda line: (line["content"], line["plan_year"], line["serial"]))
    ]


def pending_lines(session: Session, programme: str, year: int, route: Route) -> list[dict[str, Any]]:
    """The lines of a plan with the plan's own amounts, in the order of its newest version's contents."""
    plan = load_plan(session, programme, year, route, lock=False)
    lines = held_lines(session, plan.key, plan.held)
    return sorted(lines, key=lambda line: (line["content"], line["plan_year"], line["serial"]))


def trials_of(session: Session, programme: str, year: int, route: Route, codes: Collection[str]) -> Mapping[int, Trial]:
    """Lines for a fork from codes, with the amounts of their dossiers. Raises Refused for one that is no candidate."""
    known = {line["code"]: line for line in plan_choices(session, programme, year, route)}
    if strange := [code for code in codes if code not in known]:
        raise Refused(
            *(f"{code}: không còn là ứng viên của năm và tuyến này; hãy tính đề xuất lại." for code in strange)
        )
    return {known[code]["id"]: Trial(amounts_of(known[code])) for code in codes}


def plan_steps(session: Session, programme: str, year: int, route: Route, door: Door) -> list[dict[str, Any]]:
    """Every step of a plan, whether this person may take it now, and else why not."""
    plan = open_plan(session, programme, year, route, lock=False)
    found = []
    for step, (sources, _) in PLAN_STEPS.items():
        reasons = refuse_step(plan, step, door)
        if plan.id is None and step is not PlanStep.BUILD:
            reasons = ["Chưa có dự thảo; hãy tổng hợp danh mục trước."]
        told = {"step": str(step), "label": step.label, "open": not reasons, "reasons": reasons}
        found.append(told | {"near": plan.status in sources and (plan.id is not None or step is PlanStep.BUILD)})
    return found


def plan_history(session: Session, programme: str, year: int, route: Route) -> list[dict[str, Any]]:
    """Who took which step of a plan, oldest first; each left the version of the same place behind."""
    plan = open_plan(session, programme, year, route, lock=False)
    return [
        {"label": taken.step.label, "by": taken.by_name, "on": taken.decided_on and taken.decided_on.isoformat()}
        for taken in steps_of(session, plan.id)
    ]


def plan_grid(session: Session) -> dict[tuple[str, int, str], dict[str, Any]]:
    """Every plan by programme, year and route with what may be told to anybody: how far it is, and its newest paper."""
    return {
        (row.programme, row.year, row.route): {
            "status": row.status,
            "status_label": PlanStatus(row.status).label,
            "revision": row.revision,
            "version": row.version,
        }
        for row in _GRID.rows(session)
    }


_GRID = Statement("""
    SELECT g.code AS programme, p.year, p.route, p.status, p.revision,
           (SELECT max(no) FROM plan_version WHERE plan_id = p.id) AS version
    FROM plan AS p JOIN programme AS g ON g.id = p.programme_id""")


def candidates_up_to(session: Session, programme: str, year: int, most: int) -> bool:
    """Has a year no more projects than a page can hold? Counts no further than that, drafts too: the index has them."""
    where = Where()
    where.add("g.code = :programme AND p.plan_year = :year", programme=programme, year=year)
    sql = """
        SELECT count(*) AS found FROM (
            SELECT 1 FROM project AS p JOIN programme AS g ON g.id = p.programme_id WHERE {where} LIMIT :most
        ) AS first_ones"""
    return int(where.rows(session, sql, most=most + 1)[0]["found"]) <= most
