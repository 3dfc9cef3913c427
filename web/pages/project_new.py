"""A new đề án: its form, with beneficiaries found on the form itself or written down with it."""

from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.projects import open_project
from states.refusal import Refused
from states.vocabulary import Role
from web import words
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.project_form import (
    MARKS,
    choices_of,
    named,
    own_unit,
    programme_of,
    project_form,
    read_new_project,
)
from web.pages.project_picking import picker
from web.reasons import on_pages

pages = Pages()

AUTHORS = frozenset({Role.CENTRE_OFFICER, Role.COORDINATOR})


@pages.show("/projects/new", who=AUTHORS, label="Lập đề án")
def new_page(visit: AtDesk, programme: str = "") -> Response:
    return _shown(visit, Fields(), programme)


@pages.act("/projects/new", who=AUTHORS, label="Lập đề án")
async def open_new(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_open_new, visit, Fields(await request.form()))


def _open_new(visit: Visit, form: Fields) -> Response:
    wanted = form.typed("programme")
    if form.ticked("find"):
        return _shown(visit, form, wanted)
    with visit.reading() as session:
        programme, _ = programme_of(session, wanted, visit.today)
        targets = choices_of(session, visit, programme["code"])["targets"]
        mine = own_unit(session, visit)
    unit = str(mine["code"]) if mine else form.typed("unit").strip()
    values = read_new_project(form, programme["code"], targets, unit)
    if form.mistakes:
        return _shown(visit, form, wanted, 409)
    try:
        with visit.writing() as session:
            values["beneficiaries"] = named(session, form, visit)
            code = open_project(session, project_form(values), by=visit.person, origin=visit.origin)
    except Refused as refused:
        form.refused(Refused(*on_pages(refused.reasons)), MARKS)
        return _shown(visit, form, wanted, 409)
    with words.spoken(visit.language):
        told = words.t("Đã lập bản nháp {code}. Hãy kèm giấy tờ rồi nộp hồ sơ.", code=code)
    return visit.go(f"/projects/{code}", told=told)


def _shown(visit: Visit, form: Fields, wanted: str, status: int = 200) -> Response:
    with visit.reading() as session:
        programme, every = programme_of(session, wanted, visit.today)
        values: dict[str, Any] = choices_of(session, visit, programme["code"])
        values["own_unit"] = own_unit(session, visit)
        values["picking"] = picker(session, form, visit.person)
    year = min(max(visit.today.year + 1, programme["start_year"]), programme["end_year"])
    return visit.page(
        "project/new.html", status=status, form=form, programme=programme, programmes=every, year=year, **values
    )
