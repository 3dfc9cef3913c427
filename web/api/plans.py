"""Yearly plans as they are read: the list, one plan, its versions, the ranking, forks side by side."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Query

from models.plan.choices import fork_version, plan_history, plan_steps, seen_version
from models.plan.comparing import compare, fork_view
from models.plan.forks import fork_list
from models.plan.ranking import rank_plan
from models.plan.reads import live_plan, plan_list, plan_version, shown_plan
from models.plan.standing import load_plan, place_of
from models.store import Session
from states.vocabulary import Route
from web.api.asked import AnyYear, Json, Words
from web.api.routing import Endpoints
from web.desk import AtDesk, Visit
from web.pages.plan_frame import Which, Year, door_of, refuse_too_many, sees_all, which_plan
from web.roles import EVERYONE, PROVINCE

endpoints = Endpoints(tags=["plans"])

Version = Annotated[int | None, Query(ge=1, le=1_000_000)]
#: What sums up projects that a reader with a scope does not see.
_FIGURES = frozenset({"totals", "carried", "envelope", "targets", "contents", "versions", "pending", "support"})


@endpoints.read("/plans", who=EVERYONE, label="Các kế hoạch đã lập")
def listed(visit: AtDesk, year: AnyYear = None, programme: Words = "") -> Json:
    with visit.reading() as session:
        rows = plan_list(session, programme=programme or None, year=year)
    return {"plans": rows if sees_all(visit) else [_without_figures(row, "lines") for row in rows]}


def _without_figures(plan: Mapping[str, Any], *more: str) -> Json:
    return {name: value for name, value in plan.items() if name not in _FIGURES and name not in more}


@endpoints.read("/plans/{year}/{route}", who=EVERYONE, label="Kế hoạch của một năm và tuyến")
def one(
    visit: AtDesk, year: Year, route: Route, programme: Words = "", version: Version = None, now: bool = False
) -> Json:
    """The newest version, the one named, or (`now`, and before the first draft) the candidates as they stand.

    `seen_version` is what a step of the plan must have seen.
    """
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
        found = _plan(session, visit, which, version, now)
        seen = seen_version(session, *which.key)
    return (found if sees_all(visit) else _without_figures(found)) | {"seen_version": seen}


def _plan(session: Session, visit: Visit, which: Which, version: int | None, now: bool) -> Json:
    if version is not None:
        return plan_version(session, *which.key, version, reader=visit.person)
    found = None if now else shown_plan(session, *which.key, reader=visit.person)
    if found is None:
        refuse_too_many(session, which)
        found = live_plan(session, *which.key, reader=visit.person)
    return found


@endpoints.read("/plans/{year}/{route}/steps", who=PROVINCE, label="Bước nào của kế hoạch làm được và vì sao không")
def steps(visit: AtDesk, year: Year, route: Route, programme: Words = "") -> Json:
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
        told = plan_steps(session, *which.key, door_of(visit))
        return {"steps": told, "seen_version": seen_version(session, *which.key)}


@endpoints.read("/plans/{year}/{route}/history", who=PROVINCE, label="Các bước đã ghi của kế hoạch")
def history(visit: AtDesk, year: Year, route: Route, programme: Words = "") -> Json:
    with visit.reading() as session:
        return {"steps": plan_history(session, *which_plan(session, year, route, programme).key)}


@endpoints.read("/plans/{year}/{route}/ranking", who=EVERYONE, label="Xếp hạng đề án của một năm")
def ranking(visit: AtDesk, year: Year, route: Route, programme: Words = "", on: date | None = None) -> Json:
    """The order of priority with every point explained; places are those in the whole list."""
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
        refuse_too_many(session, which)
        found = rank_plan(session, *which.key, on=on or visit.today, reader=visit.person)
    rows = [
        {"project": one.candidate.code, "name": one.candidate.name, "unit": one.candidate.unit}
        | place_of(one)
        | {"record": str(one.candidate.record)}
        for one in found.placed
    ]
    return {"year": year, "route": route, "on": found.on, "ranked": rows, "warnings": list(found.warnings)}


# --- forks --------------------------------------------------------------------------------------------


@endpoints.read("/plans/{year}/{route}/forks", who=PROVINCE, label="Các phương án của kế hoạch")
def forks(visit: AtDesk, year: Year, route: Route, programme: Words = "") -> Json:
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
        return {"forks": fork_list(session, load_plan(session, *which.key, lock=False))}


@endpoints.read("/plans/{year}/{route}/fork", who=PROVINCE, label="Một phương án")
def fork(visit: AtDesk, year: Year, route: Route, name: Words, programme: Words = "") -> Json:
    """A fork with its load by month and what speaks against it; `seen_version` is what a change must have seen."""
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
        found = fork_view(session, *which.key, name, reader=visit.person)
        return found | {"seen_version": fork_version(session, *which.key, name)}


@endpoints.read("/plans/{year}/{route}/compare", who=PROVINCE, label="So sánh hai phương án")
def compared(
    visit: AtDesk, year: Year, route: Route, left: Words = "", right: Words = "", programme: Words = ""
) -> Json:
    """Two forks side by side; an empty name is the plan itself."""
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
        return compare(session, *which.key, left or None, right or None, reader=visit.person)
