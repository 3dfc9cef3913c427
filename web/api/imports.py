"""An office's own register over the programming interface: previewed, marked, confirmed by the hash of its file."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Annotated, Any, Literal

from fastapi import File, Form, Path, Query, UploadFile
from fastapi.responses import Response
from pydantic import Field, StringConstraints

from documents.marking import mark_workbook
from documents.reading import LARGEST_WORKBOOK
from flows.jobs.imports.confirming import confirm
from flows.jobs.imports.old_records import OldBook
from flows.jobs.imports.preview import Preview, preview
from flows.jobs.imports.telling import as_values
from flows.jobs.papers.tables.frame import File as Paper
from states.activities import Activity
from states.file_kinds import clean_file_name
from states.imports.wanted import Defaults
from states.scopes import Scope
from states.vocabulary import Route
from web.api.asked import Json
from web.api.bodies import Body, ShortText
from web.api.routing import Endpoints
from web.desk import AtDesk, Visit
from web.pages.exports import sent
from web.pages.project_import import AUTHORS, WORKBOOK

endpoints = Endpoints(tags=["imports"])

_HASH = r"^[0-9a-f]{64}$"
Digest = Annotated[str, StringConstraints(pattern=_HASH)]
PlanYear = Annotated[int, Field(ge=2000, le=2100)]
Content = Annotated[int, Field(ge=1, le=99)]


class ImportBody(Body):
    """What was previewed, by its hash, with what was said beside the file then."""

    sha256: Digest
    file_name: ShortText = Field(min_length=1)
    sheet: ShortText = ""
    programme: ShortText = ""
    plan_year: PlanYear | None = None
    unit: ShortText = ""
    route: Route | None = None
    activity: Activity | None = None
    content: Content | None = None
    #: By the address of a cell that the register and a workbook that was handed out both changed.
    choices: Mapping[ShortText, Literal["ours", "theirs"]] = Field(default_factory=dict)
    #: Why dossiers that were handed in are corrected.
    note: ShortText = ""
    #: Beneficiaries that nobody knows and that have no tax code are new ones.
    new_beneficiaries: bool = False
    #: Of an old register of ended projects: who vouches (a code), on what basis, and why earlier rows are put right.
    vouched_by: ShortText = ""
    basis: ShortText = ""
    correct: ShortText = ""

    def defaults(self) -> Defaults:
        return _defaults(self.programme, self.plan_year, self.unit, self.route, self.activity, self.content)


def _defaults(
    programme: str, year: int | None, unit: str, route: Route | None, activity: Activity | None, content: int | None
) -> Defaults:
    return Defaults(programme, year, unit, route, str(activity or ""), content)


def _book(vouched_by: str, basis: str, correct: str = "") -> OldBook | None:
    """An old register, where somebody is named who vouches for it."""
    return OldBook(vouched_by, basis, correct) if vouched_by or basis or correct else None


@endpoints.write("/imports/preview", who=AUTHORS, scope=Scope.STEPS, label="Xem trước bảng đề án cần nhập")
def preview_file(
    visit: AtDesk,
    file: Annotated[UploadFile, File(description=".xlsx, .xls, .ods hoặc .csv (UTF-8), tối đa 10 MB")],
    sheet: Annotated[ShortText, Form()] = "",
    programme: Annotated[ShortText, Form()] = "",
    plan_year: Annotated[PlanYear | None, Form()] = None,
    unit: Annotated[ShortText, Form()] = "",
    route: Annotated[Route | None, Form()] = None,
    activity: Annotated[Activity | None, Form()] = None,
    content: Annotated[Content | None, Form()] = None,
    vouched_by: Annotated[ShortText, Form()] = "",
    basis: Annotated[ShortText, Form()] = "",
    correct: Annotated[ShortText, Form()] = "",
) -> Json:
    """Tell what each row would do and which cells cannot be taken. The file waits a day for POST /imports.

    With `vouched_by` and `basis` it is an old register, of projects that have ended.
    """
    name = clean_file_name(file.filename or "")
    # One byte more than may come, so that a file which is too large shows.
    sheets = file.file.read(LARGEST_WORKBOOK + 1)
    defaults, book = _defaults(programme, plan_year, unit, route, activity, content), _book(vouched_by, basis, correct)
    seen = _seen(visit, sheets, name, defaults, sheet, book)
    visit.waiting.put(sheets)
    return as_values(seen) | {"may_confirm": not seen.errors and seen.changes_anything}


@endpoints.write("/imports", who=AUTHORS, scope=Scope.STEPS, label="Nhập bảng đề án đã xem trước")
def take_in(visit: AtDesk, body: ImportBody) -> Json:
    """Take in the very bytes that were previewed: all rows or none. `import` is null where nothing had changed."""
    name = clean_file_name(body.file_name)
    sheets = visit.waiting.take(body.sha256)
    with visit.writing() as session:
        done = confirm(
            session,
            sheets,
            name,
            files=visit.desk.store.files,
            by=visit.person,
            origin=visit.origin,
            today=visit.today,
            defaults=body.defaults(),
            sheet=body.sheet,
            choices=body.choices,
            book=_book(body.vouched_by, body.basis, body.correct),
            sha256=body.sha256,
            note=body.note,
            adds_firms=body.new_beneficiaries,
        )
    return {
        "import": done.import_id or None,
        "sha256": body.sha256,
        "opened": list(done.opened),
        "amended": list(done.amended),
        "unchanged": done.unchanged,
        "sentence": done.sentence,
    }


@endpoints.read(
    "/imports/{sha256}/marked", who=AUTHORS, label="Bảng đã xem trước, có đánh dấu các ô lỗi", response_class=Response
)
def marked(
    visit: AtDesk,
    sha256: Annotated[str, Path(max_length=64)],
    file_name: Annotated[ShortText, Query(min_length=1)],
    sheet: Annotated[ShortText, Query()] = "",
    programme: Annotated[ShortText, Query()] = "",
    plan_year: Annotated[PlanYear | None, Query()] = None,
    unit: Annotated[ShortText, Query()] = "",
    route: Annotated[Route | None, Query()] = None,
    activity: Annotated[Activity | None, Query()] = None,
    content: Annotated[Content | None, Query()] = None,
    vouched_by: Annotated[ShortText, Query()] = "",
    basis: Annotated[ShortText, Query()] = "",
    correct: Annotated[ShortText, Query()] = "",
) -> Response:
    """The person's own file with the faulty cells red and commented; ask with what was said beside it."""
    name = clean_file_name(file_name)
    sheets = visit.waiting.take(sha256)
    defaults, book = _defaults(programme, plan_year, unit, route, activity, content), _book(vouched_by, basis, correct)
    seen = _seen(visit, sheets, name, defaults, sheet, book)
    written = mark_workbook(sheets, seen.workbook, seen.marks())
    return sent(Paper(f"{PurePath(name).stem} (ô lỗi).xlsx", WORKBOOK, written))


def _seen(visit: Visit, sheets: bytes, name: str, defaults: Defaults, sheet: str, book: OldBook | None) -> Preview:
    more: dict[str, Any] = {
        "by": visit.person,
        "today": visit.today,
        "defaults": defaults,
        "sheet": sheet,
        "book": book,
    }
    with visit.reading() as session:
        return preview(session, sheets, name, **more)
