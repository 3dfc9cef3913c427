"""An office's own register comes in from a workbook: previewed cell by cell, marked for its author, confirmed whole."""

from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from documents.marking import mark_workbook
from documents.reading import LARGEST_WORKBOOK
from flows.jobs.imports.confirming import confirm
from flows.jobs.imports.old_records import OldBook
from flows.jobs.imports.preview import Preview, preview
from flows.jobs.imports.rows import Outcome
from models.project_checks import AUTHORS as WRITERS
from models.queries import people
from models.queries.choosing import content_choices, place_choices, programme_choices, unit_choices
from models.store import Session
from states.activities import ACTIVITIES, Activity
from states.file_kinds import clean_file_name
from states.folding import clean_line
from states.imports.wanted import Defaults
from states.old_records import BRINGERS, VOUCHERS
from states.reading import read_id
from states.refusal import Refused
from states.vocabulary import Role, Route
from web import words
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.exports import sent, to_fill_in
from web.pages.project_form import own_unit, said
from web.reasons import on_page, on_pages
from web.roles import EVERYONE

pages = Pages()

AUTHORS = frozenset(WRITERS)
COORDINATORS = frozenset(BRINGERS)
#: Rows and errors that one page shows; the marked file has all errors.
MOST_SHOWN = 300
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What the form says beside the file, kept from the preview to the confirmation.
VOUCHED = ("vouched_by", "basis", "correct")
CHOSEN = ("programme", "plan_year", "unit", "route", "activity", "content", "sheet")


#: The path of a list of projects at work, and that of the register of ended ones.
AT_WORK, ENDED = "/projects/import", "/projects/import/old"


@pages.show(AT_WORK, who=AUTHORS, label="Nhập đề án từ bảng tính")
def import_page(visit: AtDesk) -> Response:
    return _shown(visit, Fields(), AT_WORK)


@pages.show(ENDED, who=COORDINATORS, label="Nhập sổ cũ: đề án đã kết thúc")
def import_old_page(visit: AtDesk) -> Response:
    return _shown(visit, Fields(), ENDED)


@pages.show("/exports/commune", who=EVERYONE, label="Tải bảng để điền khi không vào mạng")
def commune(visit: AtDesk, place: str = "", unit: str = "") -> Response:
    try:
        return sent(to_fill_in(visit, place, unit))
    except Refused as refused:
        if visit.person.role not in AUTHORS:
            raise
        form = Fields()
        form.mistaken("offline", *on_pages(refused.reasons))
        return _shown(visit, form, AT_WORK, status=400)


@pages.act(AT_WORK, who=AUTHORS, label="Xem trước bảng đề án cần nhập")
async def preview_file(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_preview, visit, Fields(await request.form()), AT_WORK)


@pages.act(ENDED, who=COORDINATORS, label="Xem trước sổ cũ cần nhập")
async def preview_old_file(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_preview, visit, Fields(await request.form()), ENDED)


def _preview(visit: Visit, form: Fields, path: str) -> Response:
    upload = form.upload("file")
    if upload is None:
        form.mistaken("file", "Hãy chọn tệp bảng tính.")
        return _shown(visit, form, path, status=409)
    try:
        name = clean_file_name(upload.filename or "")
        # One byte more than may come, so that a file which is too large shows.
        content = upload.file.read(LARGEST_WORKBOOK + 1)
        seen = _seen(visit, form, path, content, name)
    except Refused as refused:
        form.refused(Refused(*on_pages(refused.reasons)))
        return _shown(visit, form, path, status=409)
    visit.waiting.put(content)
    return _shown(visit, form, path, seen)


@pages.act(f"{AT_WORK}/confirm", who=AUTHORS, label="Nhập bảng đề án đã xem trước")
async def confirm_file(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_confirm, visit, Fields(await request.form()), AT_WORK)


@pages.act(f"{ENDED}/confirm", who=COORDINATORS, label="Nhập sổ cũ đã xem trước")
async def confirm_old_file(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_confirm, visit, Fields(await request.form()), ENDED)


def _confirm(visit: Visit, form: Fields, path: str) -> Response:
    try:
        content, name = _waiting(visit, form)
        with visit.writing() as session:
            done = confirm(
                session,
                content,
                name,
                files=visit.desk.store.files,
                by=visit.person,
                origin=visit.origin,
                today=visit.today,
                defaults=_defaults(form),
                sheet=form.typed("sheet").strip(),
                choices=_choices(form),
                book=_book(form, path),
                sha256=form.typed("sha256"),
                note=form.line("note", "Lý do sửa") or "",
                adds_firms=form.ticked("adds_firms"),
            )
    except Refused as refused:
        form.refused(Refused(*on_pages(refused.reasons)))
        return _shown(visit, form, path, _seen_again(visit, form, path), status=409)
    return visit.go("/projects", told=done.sentence)


@pages.act(f"{AT_WORK}/marked", who=AUTHORS, label="Tải bảng có đánh dấu các ô lỗi")
async def marked_file(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_marked, visit, Fields(await request.form()), AT_WORK)


@pages.act(f"{ENDED}/marked", who=COORDINATORS, label="Tải sổ cũ có đánh dấu các ô lỗi")
async def marked_old_file(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_marked, visit, Fields(await request.form()), ENDED)


def _marked(visit: Visit, form: Fields, path: str) -> Response:
    try:
        content, name = _waiting(visit, form)
        seen = _seen(visit, form, path, content, name)
    except Refused as refused:
        form.refused(Refused(*on_pages(refused.reasons)))
        return _shown(visit, form, path, status=409)
    marked = mark_workbook(content, seen.workbook, seen.marks())
    file_name = quote(f"{PurePath(name).stem} (ô lỗi).xlsx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{file_name}"}
    return Response(marked, media_type=WORKBOOK, headers=headers)


def _waiting(visit: Visit, form: Fields) -> tuple[bytes, str]:
    name = clean_file_name(form.typed("file_name"))
    return visit.waiting.take(form.typed("sha256")), name


def _seen(visit: Visit, form: Fields, path: str, content: bytes, name: str) -> Preview:
    with visit.reading() as session:
        return preview(
            session,
            content,
            name,
            by=visit.person,
            today=visit.today,
            defaults=_defaults(form),
            sheet=form.typed("sheet").strip(),
            book=_book(form, path),
        )


def _seen_again(visit: Visit, form: Fields, path: str) -> Preview | None:
    """The preview of a file that still waits, so that whoever was refused need not send it again."""
    try:
        return _seen(visit, form, path, *_waiting(visit, form))
    except Refused:
        return None


def _book(form: Fields, path: str) -> OldBook | None:
    """Who vouches for an old register and on what basis; None on the page of projects at work."""
    if path == AT_WORK:
        return None
    typed = {name: form.typed(name).strip() for name in VOUCHED}
    for name in ("basis", "correct"):
        typed[name] = clean_line(typed[name], "Căn cứ, lý do") if typed[name] else ""
    return OldBook(**typed)


def _defaults(form: Fields) -> Defaults:
    """What holds for rows that do not say it. Raises Refused for what is in no list."""
    said = {name: form.typed(name).strip() for name in CHOSEN}
    if said["route"] not in ("", *Route) or said["activity"] not in ("", *Activity):
        raise Refused("Tuyến hoặc hoạt động không có trong danh sách; hãy chọn lại.")
    year = read_id(said["plan_year"]) if said["plan_year"] else None
    if year is not None and not 2000 <= year <= 2100:
        raise Refused("Năm kế hoạch phải từ 2000 đến 2100; hãy gõ lại.")
    return Defaults(
        programme=said["programme"],
        plan_year=year,
        unit=said["unit"],
        route=Route(said["route"]) if said["route"] else None,
        activity=said["activity"],
        content=read_id(said["content"]) if said["content"] else None,
    )


def _choices(form: Fields) -> dict[str, str]:
    """Whose cell counts, as chosen in the lists of the preview: "J5=theirs"."""
    return {cell: side for cell, _, side in (chosen.partition("=") for chosen in form.every("choose")) if side}


def _shown(visit: Visit, form: Fields, path: str, seen: Preview | None = None, *, status: int = 200) -> Response:
    with visit.reading() as session:
        programmes = programme_choices(session)
        contents = sorted({row["no"] for one in programmes for row in content_choices(session, one["code"])})
        values: dict[str, Any] = {
            "programmes": [(row["code"], row["name"]) for row in programmes],
            "contents": [(number, str(number)) for number in contents],
            "units": [(row["code"], row["name"]) for row in unit_choices(session)],
            "own_unit": own_unit(session, visit),
            "places": [(row["code"], row["name"]) for row in place_choices(session, on=visit.today)],
            "vouchers": _vouchers(session, visit) if path == ENDED else [],
        }
    with words.spoken(visit.language):
        values["routes"] = said([(route, route.label) for route in Route])
        values["activities"] = said(ACTIVITIES.items())
    if seen is not None:
        # Rows that cannot be taken first: they are what the person has to do something about.
        rows = sorted(seen.rows, key=lambda row: row.outcome is not Outcome.WRONG)
        values |= {
            "rows": rows[:MOST_SHOWN],
            "counts": [(outcome, outcome.label, seen.count(outcome)) for outcome in Outcome],
        }
    values |= {"on_page": on_page, "path": path, "is_old": path == ENDED, "may_old": visit.person.role in COORDINATORS}
    carried = (*CHOSEN, *VOUCHED) if path == ENDED else CHOSEN
    return visit.page("project/import.html", status=status, form=form, seen=seen, chosen=carried, **values)


def _vouchers(session: Session, visit: Visit) -> list[tuple[str, str]]:
    """Who may vouch for what this person brings in: who answers for dossiers or for money, but not the own self."""
    able = [
        row for row in people(session) if row["active"] and row["role"] in VOUCHERS and row["code"] != visit.person.code
    ]
    return [(row["code"], f"{row['name']} ({Role(row['role']).label})") for row in able]
