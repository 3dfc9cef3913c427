"""Papers and remarks on a đề án: files in and out, words between colleagues."""

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, Response

from models.desk.comments import remark, take_back
from models.projects import attach
from models.queries import refuse_hidden
from models.queries.papers import paper_of
from models.recording import record_with_files
from models.store import file_path
from states.facts import Enclosure
from states.file_kinds import media_type_of
from states.reading import read_id
from states.refusal import Refused
from states.vocabulary import Paper
from web import words
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.project import shown
from web.pages.project_steps import hidden
from web.reasons import on_pages
from web.roles import EVERYONE, OFFICE, RECORDERS
from web.uploads import Bundle, take_paper

pages = Pages()


@pages.show("/projects/{code}/papers/{event}/{line}/download", who=EVERYONE, label="Tải một giấy tờ của đề án")
def download(visit: AtDesk, code: str, event: str, line: str) -> Response:
    with visit.reading() as session:
        paper = paper_of(session, code, read_id(event), read_id(line), reader=visit.person)
    path = file_path(visit.desk.store.files, paper["sha256"])
    if not path.is_file():
        raise Refused(f"Tệp {paper['file_name']} không còn trên máy chủ; hãy báo quản trị kiểm tra bản sao lưu.")
    # Never shown in the page: a file that a person brought must not run with the rights of the desk.
    media_type = media_type_of(paper["file_name"])
    return FileResponse(path, media_type=media_type, filename=paper["file_name"] or paper["sha256"])


@pages.act("/projects/{code}/papers", who=RECORDERS, label="Bổ sung giấy tờ vào hồ sơ đề án")
async def add_papers(visit: AtDesk, request: Request, code: str) -> Response:
    return await run_in_threadpool(_add_papers, visit, code, Fields(await request.form(), visit.waiting))


def _add_papers(visit: Visit, code: str, form: Fields) -> Response:
    try:
        with visit.reading() as session:
            refuse_hidden(session, code, visit.person)
    except Refused as refused:
        return hidden(visit, refused)
    bundle = _read_papers(form)
    if not form.mistakes:
        try:
            record_with_files(
                visit.writing,
                visit.desk.store.files,
                bundle.contents,
                lambda session: attach(session, code, tuple(bundle.enclosures), by=visit.person, origin=visit.origin),
            )
        except Refused as refused:
            form.refused(Refused(*on_pages(refused.reasons)))
    if form.mistakes:
        return shown(visit, code, form, 409)
    with words.spoken(visit.language):
        told = words.t("Đã đưa giấy tờ vào hồ sơ.")
    return visit.go(f"/projects/{code}#papers", told=told)


def _read_papers(form: Fields) -> Bundle:
    bundle = Bundle()
    kind = form.code("paper_kind", Paper, required="Hãy chọn đây là giấy tờ gì.")
    enclosure = Enclosure(
        kind or Paper.OTHER,
        title=form.line("paper_title", "tên giấy tờ"),
        number=form.line("paper_number", "số văn bản"),
        issued_on=form.day("paper_issued_on"),
        signer=form.line("paper_signer", "người ký"),
    )
    if not take_paper(form, bundle, "paper_file", enclosure) and "paper_file" not in form.mistakes:
        if form.ticked("paper_original"):
            bundle.add(enclosure)
        else:
            form.mistaken("paper_file", "Hãy chọn tệp, hoặc đánh dấu là có bản giấy.")
    return bundle


@pages.act("/projects/{code}/comments", who=OFFICE, label="Ghi ý kiến về đề án")
async def add_remark(visit: AtDesk, request: Request, code: str) -> Response:
    return await run_in_threadpool(_add_remark, visit, code, Fields(await request.form(), visit.waiting))


def _add_remark(visit: Visit, code: str, form: Fields) -> Response:
    try:
        with visit.reading() as session:
            refuse_hidden(session, code, visit.person)
    except Refused as refused:
        return hidden(visit, refused)
    try:
        with visit.writing() as session:
            remark(session, code, form.typed("words"), by=visit.person, origin=visit.origin)
    except Refused as refused:
        form.mistaken("words", *refused.reasons)
        return shown(visit, code, form, 409)
    return visit.go(f"/projects/{code}#remarks")


@pages.act("/projects/{code}/comments/{number}/withdraw", who=OFFICE, label="Rút ý kiến của mình")
def withdraw_remark(visit: AtDesk, code: str, number: str) -> Response:
    try:
        with visit.reading() as session:
            refuse_hidden(session, code, visit.person)
    except Refused as refused:
        return hidden(visit, refused)
    with visit.writing() as session:
        take_back(session, read_id(number), by=visit.person, origin=visit.origin)
    return visit.go(f"/projects/{code}#remarks")
