"""Change what a đề án says: an author's editing, an officer's correction; and start anew from one that has ended."""

import json
from datetime import date
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.codes import id_of
from models.copying import COPYABLE, copy_project
from models.projects import amend
from models.queries import show_project
from models.queries.adjustments import adjustments
from models.stale import Stale
from models.store import Session
from states.lifecycle import WITH_THE_UNIT
from states.reading import read_id, read_quantity
from states.refusal import Refused
from states.vocabulary import Stage
from web import words
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.project_form import MARKS, choices_of, named, read_said, read_targets
from web.pages.project_new import AUTHORS
from web.pages.project_picking import picker
from web.pages.project_step_reading import paragraph
from web.pages.project_steps import hidden
from web.reasons import on_pages
from web.roles import RECORDERS

pages = Pages()


@pages.show("/projects/{code}/edit", who=RECORDERS, label="Sửa hồ sơ đề án")
def edit_page(visit: AtDesk, code: str) -> Response:
    with visit.reading() as session:
        sheet = show_project(session, code, reader=visit.person)
    return _shown(visit, sheet, Fields())


@pages.act("/projects/{code}/edit", who=RECORDERS, label="Sửa hồ sơ đề án")
async def edit(visit: AtDesk, request: Request, code: str) -> Response:
    return await run_in_threadpool(_edit, visit, code, Fields(await request.form()))


def _edit(visit: Visit, code: str, form: Fields) -> Response:
    try:
        with visit.reading() as session:
            sheet = show_project(session, code, reader=visit.person)
            targets = choices_of(session, visit, sheet["programme"]["code"])["targets"]
    except Refused as refused:
        return hidden(visit, refused)
    if form.ticked("find"):
        return _shown(visit, sheet, form)
    said = read_said(form)
    said["priorities"] = json.dumps(said["priorities"], ensure_ascii=False)
    seen = form.read("seen", read_id, required="Hãy mở lại đề án rồi sửa lại.")
    is_draft = sheet["stage"] == Stage.DRAFT
    content = form.read("content", read_quantity) if is_draft else None
    planned = read_targets(form, targets) if is_draft else None
    note = paragraph(form, "note", "lý do sửa")
    if form.mistakes:
        return _shown(visit, sheet, form, 409)
    try:
        with visit.writing() as session:
            said["place_id"] = id_of(session, "place", form.typed("place").strip() or None)
            amend(
                session,
                code,
                _changed(said, sheet, session),
                by=visit.person,
                origin=visit.origin,
                note=note,
                beneficiaries=_renamed(session, form, visit, sheet),
                content=content,
                targets=planned,
                seen_version=seen,
            )
    except Refused as refused:
        if isinstance(refused, Stale):
            form.propose_anew("seen")
        form.refused(Refused(*on_pages(refused.reasons)), MARKS)
        with visit.reading() as session:
            sheet = show_project(session, code, reader=visit.person)
        return _shown(visit, sheet, form, 409)
    with words.spoken(visit.language):
        told = words.t("Đã sửa hồ sơ.")
    return visit.go(f"/projects/{code}", told=told)


def _changed(said: dict[str, Any], sheet: dict[str, Any], session: Session) -> dict[str, Any]:
    """What differs from what stands: a column that is left as it was is not touched, so nobody else's rule asks."""
    stands = {name: sheet[name] for name in said if name in sheet}
    stands["place_id"] = id_of(session, "place", sheet["place"] and sheet["place"]["code"])
    stands["priorities"] = json.dumps(sheet["priorities"], ensure_ascii=False)
    stands["equipment"] = sheet["equipment"] or ""
    return {name: value for name, value in said.items() if _plain(value) != stands[name]}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _renamed(session: Session, form: Fields, visit: Visit, sheet: dict[str, Any]) -> tuple[int, ...] | None:
    standing = tuple(row["id"] for row in sheet["beneficiaries"])
    chosen = named(session, form, visit, standing)
    return None if set(chosen) == set(standing) else chosen


def _shown(visit: Visit, sheet: dict[str, Any], form: Fields, status: int = 200) -> Response:
    place = sheet["place"] and sheet["place"]["code"]
    with visit.reading() as session:
        values = choices_of(session, visit, sheet["programme"]["code"], place=place, activity=sheet["activity"])
        values["picking"] = picker(session, form, visit.person, [row["id"] for row in sheet["beneficiaries"]])
        asked = adjustments(session, code=sheet["code"], only_open=True, reader=visit.person)
    return visit.page(
        "project/edit.html",
        status=status,
        form=form,
        sheet=sheet,
        is_draft=sheet["stage"] == Stage.DRAFT,
        is_editing=Stage(sheet["stage"]) in WITH_THE_UNIT,
        planned={row["code"]: row["planned"] for row in sheet["targets"]},
        open_request=bool(asked),
        **values,
    )


# --- start anew ---------------------------------------------------------------------------------------


@pages.show("/projects/{code}/copy", who=AUTHORS, label="Sao đề án thành bản nháp mới")
def copy_page(visit: AtDesk, code: str) -> Response:
    with visit.reading() as session:
        sheet = show_project(session, code, reader=visit.person)
    return _copy_shown(visit, sheet, Fields())


@pages.act("/projects/{code}/copy", who=AUTHORS, label="Sao đề án thành bản nháp mới")
async def copy(visit: AtDesk, request: Request, code: str) -> Response:
    return await run_in_threadpool(_copy, visit, code, Fields(await request.form()))


def _copy(visit: Visit, code: str, form: Fields) -> Response:
    try:
        with visit.reading() as session:
            sheet = show_project(session, code, reader=visit.person)
    except Refused as refused:
        return hidden(visit, refused)
    year = form.read("plan_year", read_quantity, required="Hãy ghi năm kế hoạch của bản mới.")
    if form.mistakes:
        return _copy_shown(visit, sheet, form, 409)
    try:
        with visit.writing() as session:
            fresh = copy_project(session, code, by=visit.person, origin=visit.origin, plan_year=year)
    except Refused as refused:
        form.refused(Refused(*on_pages(refused.reasons)), {"plan_year": MARKS["plan_year"]})
        return _copy_shown(visit, sheet, form, 409)
    with words.spoken(visit.language):
        told = words.t("Đã lập bản nháp {code} từ đề án {old}.", code=fresh, old=code)
    return visit.go(f"/projects/{fresh}", told=told)


def _copy_shown(visit: Visit, sheet: dict[str, Any], form: Fields, status: int = 200) -> Response:
    is_copyable = Stage(sheet["stage"]) in COPYABLE
    ends = [stage.label for stage in COPYABLE]
    return visit.page("project/copy.html", status=status, form=form, sheet=sheet, is_copyable=is_copyable, ends=ends)
