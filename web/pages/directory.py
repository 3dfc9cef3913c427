"""Danh bạ: units, places of today and before, and the bodies behind each authority; the beneficiaries stand beside."""

from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.people import add_unit, refuse_others_than
from models.queries.directory import place_facts, places
from models.queries.directory_sheets import MOST, body_list, projects_in, unit_list
from models.queries.scope import PAGE
from states.contacts import read_short_code
from states.refusal import Refused
from states.vocabulary import Role
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.reasons import on_page
from web.rendering import address
from web.roles import OFFICE

pages = Pages()

UNIT_MAKERS = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
LEVELS = {"province": "tỉnh", "district": "huyện", "commune": "xã"}
FARTHEST = 100_000
TABS = (
    ("/directory", "Đơn vị thụ hưởng"),
    ("/directory/units", "Đơn vị thực hiện"),
    ("/directory/places", "Địa bàn"),
    ("/directory/bodies", "Cơ quan"),
)


@pages.show("/directory/units", who=OFFICE, label="Danh bạ: đơn vị thực hiện")
def units_page(visit: AtDesk) -> Response:
    return _units(visit, Fields())


def _units(visit: Visit, form: Fields, status: int = 200) -> Response:
    with visit.reading() as session:
        rows = unit_list(session, reader=visit.person)
    may_add = visit.person.role in UNIT_MAKERS
    return visit.page(
        "directory/units.html", status=status, form=form, rows=rows, may_add=may_add, most=MOST, tabs=TABS
    )


@pages.act("/directory/units", who=UNIT_MAKERS, label="Thêm đơn vị thực hiện hoặc cơ quan")
async def make_unit(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_make_unit, visit, Fields(await request.form()))


def _make_unit(visit: Visit, form: Fields) -> Response:
    code = form.read("code", read_short_code, required="Hãy ghi mã đơn vị.")
    name = form.line("name", "tên đơn vị", required=True)
    if form.mistakes or code is None:
        return _units(visit, form, 409)
    try:
        with visit.writing() as session:
            refuse_others_than(visit.person, *UNIT_MAKERS)
            add_unit(session, code, name, visit.origin, executes=not form.ticked("office"))
    except Refused as refused:
        form.refused(refused, {"code": ("mã đơn vị",), "name": ("tên đơn vị",)})
        return _units(visit, form, 409)
    return visit.go("/directory/units", told=f"Đã thêm đơn vị {code}: {name}.")


@pages.show("/directory/places", who=OFFICE, label="Danh bạ: địa bàn")
def places_page(visit: AtDesk, words: str = "", level: str = "", on: str = "", offset: int = 0) -> Response:
    asked = Fields({"words": words, "level": level, "on": on})
    day, first = asked.day("on"), min(max(offset, 0), FARTHEST)
    chosen = level if level in LEVELS else None
    with visit.reading() as session:
        rows = places(session, words=words, level=chosen, on=day, limit=PAGE + 1, offset=first)

    def here(offset: int) -> str:
        return address("/directory/places", words=words, level=chosen, on=on, offset=offset or None)

    shown: dict[str, Any] = {"rows": rows[:PAGE], "has_more": len(rows) > PAGE}
    return visit.page(
        "directory/places.html", form=asked, offset=first, size=PAGE, here=here, levels=LEVELS, tabs=TABS, **shown
    )


@pages.show("/directory/places/{code}", who=OFFICE, label="Danh bạ: một địa bàn")
def place_page(visit: AtDesk, code: str) -> Response:
    with visit.reading() as session:
        try:
            found = place_facts(session, code)
        except Refused as refused:
            raise Refused(*map(on_page, refused.reasons)) from refused
        count = projects_in(session, code, reader=visit.person)
    return visit.page("directory/place.html", place=found, count=min(count, MOST), is_more=count > MOST, tabs=TABS)


@pages.show("/directory/bodies", who=OFFICE, label="Danh bạ: cơ quan quyết định")
def bodies_page(visit: AtDesk) -> Response:
    with visit.reading() as session:
        rows = body_list(session)
    return visit.page("directory/bodies.html", rows=rows, tabs=TABS)
