"""The yearly plans: years by routes, one plan as it was kept or as its candidates stand, its ranking, its versions."""

from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response

from flows.jobs.papers.letters.offering import possible_for_list, unverified
from models.plan.choices import plan_grid, plan_history, plan_steps
from models.plan.ranking import rank_plan
from models.plan.reads import live_plan, plan_list, plan_version, shown_plan
from models.plan.scope import Section
from models.plan.standing import place_of
from models.status import programme_heads
from models.store import Session
from states.reading import read_date
from states.vocabulary import Route
from web.access import Pages
from web.desk import AtDesk, Visit
from web.pages.plan_frame import (
    Which,
    Year,
    added,
    door_of,
    frame,
    grouped,
    has_too_many,
    refuse_too_many,
    sees_all,
    which_plan,
)
from web.roles import EVERYONE, PROVINCE

pages = Pages()

#: So many lines a page shows before somebody asks for all of them.
MOST_LINES = 300

Version = Annotated[int | None, Query(ge=1, le=1_000_000)]


@pages.show("/plans", who=EVERYONE, label="Kế hoạch năm")
def plan_years(visit: AtDesk) -> Response:
    with visit.reading() as session:
        heads = programme_heads(session)
        grid = plan_grid(session)
        listed = plan_list(session) if sees_all(visit) else []
    figures = {(row["programme"], row["year"], row["route"]): row for row in listed}
    years = {
        head["code"]: sorted({*range(head["start_year"], head["end_year"] + 1), *_years(grid, head["code"])})
        for head in heads
    }
    doubled = {year for each in years.values() for year in each if sum(year in some for some in years.values()) > 1}
    return visit.page(
        "plans/years.html",
        programmes=sorted(heads, key=lambda head: -int(head["start_year"])),
        years=years,
        grid=grid,
        figures=figures,
        routes=list(Route),
        doubled=doubled,
        sees_all=sees_all(visit),
    )


def _years(grid: dict[tuple[str, int, str], Any], programme: str) -> set[int]:
    return {year for code, year, _ in grid if code == programme}


# --- one plan -----------------------------------------------------------------------------------------


@pages.show("/plans/{year}/{route}", who=EVERYONE, label="Kế hoạch của một năm và tuyến")
def plan_page(
    visit: AtDesk,
    year: Year,
    route: Route,
    programme: str = "",
    version: Version = None,
    now: bool = False,
    whole: bool = False,
) -> Response:
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
        plan = _plan(session, visit, which, version, now)
        steps = plan_steps(session, *which.key, door_of(visit)) if sees_all(visit) else []
        letters = possible_for_list(session, visit.person, year, route)
        unsure = unverified(session, letters, route=route, on=visit.today, programme=which.programme)
    planned = [line for line in plan["lines"] if line["section"] != Section.CARRIED]
    carried = plan.get("carried_lines") or [line for line in plan["lines"] if line["section"] == Section.CARRIED]
    groups = grouped(planned)
    return visit.page(
        "plans/plan.html",
        letters=letters,
        unverified=unsure,
        **frame(visit, which, plan=plan, steps=steps, now=now, version=version),
        groups=groups,
        total=added(groups),
        carried=carried,
        most=None if whole else MOST_LINES,
        has_figures=sees_all(visit) and not plan["too_many"],
    )


def _plan(session: Session, visit: Visit, which: Which, version: int | None, now: bool) -> dict[str, Any]:
    """A kept version where there is one and it is asked for, else the candidates as they stand."""
    found: dict[str, Any] | None = None
    if version is not None:
        found = plan_version(session, *which.key, version, reader=visit.person)
    elif not now:
        found = shown_plan(session, *which.key, reader=visit.person)
    if found is None and not has_too_many(session, which):
        found = live_plan(session, *which.key, reader=visit.person)
    if found is None:
        # Not even their sums come quickly: the yearly figures of a large register are those of its programme.
        nothing = dict.fromkeys(("version", "limited_to", "totals", "envelope", "targets", "drafts"))
        head = {"programme": {"code": which.programme, "name": which.programme}, "lines": [], "blocked": []}
        found = nothing | head | {"too_many": True}
    return {"too_many": False, "versions": [], "pending": []} | found


@pages.show("/plans/{year}/{route}/ranking", who=EVERYONE, label="Xếp hạng đề án của một năm")
def ranking_page(visit: AtDesk, year: Year, route: Route, programme: str = "", on: str = "") -> Response:
    day = read_date(on) if on.strip() else visit.today
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
        refuse_too_many(session, which)
        ranking = rank_plan(session, *which.key, on=day, reader=visit.person)
    rows = [
        {"code": one.candidate.code, "name": one.candidate.name, "unit": one.candidate.unit}
        | {"record": str(one.candidate.record), **place_of(one)}
        for one in ranking.placed
    ]
    return visit.page(
        "plans/ranking.html", **frame(visit, which, "/ranking", rows=rows, on=day, warnings=ranking.warnings)
    )


@pages.show("/plans/{year}/{route}/versions", who=PROVINCE, label="Các phiên bản của kế hoạch")
def versions_page(visit: AtDesk, year: Year, route: Route, programme: str = "") -> Response:
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
        plan = shown_plan(session, *which.key, reader=visit.person)
        history = plan_history(session, *which.key)
    kept = plan["versions"] if plan else []
    rows = [version | taken for version, taken in zip(kept, history, strict=False)]
    return visit.page("plans/versions.html", **frame(visit, which, "/versions", rows=rows[::-1]))
