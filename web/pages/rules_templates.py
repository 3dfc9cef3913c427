"""Templates of papers: whose each kind has, the file that is used, and a file of the office put in its place."""

import hashlib
from typing import Annotated, Any

from fastapi import Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from flows.jobs.papers.letters.keeping import Keeping, template_in_use
from flows.jobs.papers.letters.templates import TemplateState, template_states
from flows.jobs.papers.tables.frame import File
from models.letter_templates import KEEPERS, recorded_templates
from states.file_kinds import clean_file_name
from states.refusal import Refused
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.exports import sent
from web.pages.rules import tabs
from web.reasons import on_pages
from web.roles import EVERYONE

pages = Pages()

MAY_CHANGE = frozenset(KEEPERS)
#: Bytes of a template; the check says so of a larger one.
MOST = 10 * 2**20
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Kind = Annotated[str, Path(max_length=64)]


@pages.show("/rules/templates", who=EVERYONE, label="Mẫu văn bản")
def templates_page(visit: AtDesk) -> Response:
    rows = [told(visit, state) for state in template_states(visit.desk.settings, check=True)]
    return visit.page("rules/templates.html", rows=rows, tabs=tabs, may_change=visit.person.role in MAY_CHANGE)


def told(visit: Visit, state: TemplateState) -> dict[str, Any]:
    """A kind with whose template it has; who put it there is known where it is the one that was recorded."""
    with visit.reading() as session:
        last = recorded_templates(session).get(state.kind)
    digest = hashlib.sha256(state.own.read_bytes()).hexdigest() if state.own else ""
    return {
        "kind": state.kind,
        "label": state.label,
        "needs": needs_on_page(state.needs),
        "own": state.own is not None,
        "problems": on_pages(state.problems),
        "fields": state.fields,
        "recorded": last if last is not None and last["sha256"] == digest else None,
    }


def needs_on_page(needs: str) -> str:
    """What must be on record before, without how the terminal names a list."""
    return needs.partition(" (NĂM/")[0]


@pages.show("/rules/templates/{kind}", who=EVERYONE, label="Mẫu của một loại văn bản")
def template_page(visit: AtDesk, kind: Kind) -> Response:
    return _shown(visit, kind, Fields())


def _shown(visit: Visit, kind: str, form: Fields, status: int = 200) -> Response:
    [state] = template_states(visit.desk.settings, kind, check=True)
    row, may_change = told(visit, state), visit.person.role in MAY_CHANGE
    return visit.page("rules/template.html", status=status, row=row, form=form, may_change=may_change)


@pages.show("/rules/templates/{kind}/file", who=EVERYONE, label="Tải mẫu đang dùng của một loại văn bản")
def template_file(visit: AtDesk, kind: Kind) -> Response:
    name, content = template_in_use(visit.desk.settings, kind)
    return sent(File(name, WORD, content))


@pages.act("/rules/templates/{kind}", who=MAY_CHANGE, label="Đặt mẫu của cơ quan cho một loại văn bản")
async def use(visit: AtDesk, request: Request, kind: Kind) -> Response:
    return await run_in_threadpool(_use, visit, kind, Fields(await request.form()))


def _use(visit: Visit, kind: str, form: Fields) -> Response:
    upload = form.upload("file")
    try:
        if upload is None:
            raise Refused("Hãy chọn tệp Word (.docx).")
        name = clean_file_name(upload.filename or "")
        # One byte more than may come, so that a file which is too large shows.
        keeping(visit).use(kind, upload.file.read(MOST + 1), name)
    except Refused as refused:
        for reason in on_pages(refused.reasons):
            form.mistaken("file", reason)
        return _shown(visit, kind, form, 409)
    return visit.go(f"/rules/templates/{kind}", told=f"Đã đặt {name} làm mẫu.")


@pages.act("/rules/templates/{kind}/default", who=MAY_CHANGE, label="Trở lại mẫu của phần mềm")
def use_ours(visit: AtDesk, kind: Kind) -> Response:
    keeping(visit).use_ours(kind)
    return visit.go(f"/rules/templates/{kind}", told="Đã trở lại mẫu của phần mềm.")


def keeping(visit: Visit) -> Keeping:
    """Templates as the visitor changes them."""
    return Keeping(visit.desk.settings, visit.desk.store, visit.writing, visit.person, visit.origin)
