"""Templates of papers for programs: whose each kind has, the file that is used, one of the office put in its place."""

from typing import Annotated

from fastapi import File, Path, UploadFile
from fastapi.responses import Response

from flows.jobs.papers.letters.keeping import template_in_use
from flows.jobs.papers.letters.templates import template_states
from flows.jobs.papers.tables.frame import File as Paper
from states.file_kinds import clean_file_name
from states.scopes import Scope
from web.api.asked import Json
from web.api.routing import Endpoints
from web.desk import AtDesk, Visit
from web.pages.exports import sent
from web.pages.rules_templates import MAY_CHANGE, MOST, WORD, keeping, told
from web.roles import EVERYONE

endpoints = Endpoints(tags=["letters"])

Kind = Annotated[str, Path(max_length=64, description="Loại văn bản, như trong danh sách")]


@endpoints.read("/templates", who=EVERYONE, label="Mẫu văn bản: của ai, dùng được những trường nào")
def listed(visit: AtDesk) -> Json:
    """Each kind with whose template it has, what is wrong with that, and the fields that it may use."""
    states = template_states(visit.desk.settings, check=True)
    return {"templates": [_shown(told(visit, state)) for state in states]}


def _shown(row: Json) -> Json:
    names = ("kind", "label", "needs", "own", "problems", "recorded")
    return {name: row[name] for name in names} | {"fields": dict(row["fields"])}


@endpoints.read(
    "/templates/{kind}/file", who=EVERYONE, label="Mẫu đang dùng của một loại văn bản", response_class=Response
)
def file_of(visit: AtDesk, kind: Kind) -> Response:
    name, content = template_in_use(visit.desk.settings, kind)
    return sent(Paper(name, WORD, content))


@endpoints.write(
    "/templates/{kind}",
    who=MAY_CHANGE,
    scope=Scope.ADMINISTRATION,
    label="Đặt mẫu của cơ quan cho một loại văn bản",
    method="PUT",
)
def use(
    visit: AtDesk, kind: Kind, file: Annotated[UploadFile, File(description="Tệp .docx không có macro, tối đa 10 MB")]
) -> Json:
    """Check a Word file and use it from now on; refused with everything that is wrong with it."""
    # One byte more than may come, so that a file which is too large shows.
    keeping(visit).use(kind, file.file.read(MOST + 1), clean_file_name(file.filename or ""))
    return _one(visit, kind)


@endpoints.write(
    "/templates/{kind}",
    who=MAY_CHANGE,
    scope=Scope.ADMINISTRATION,
    label="Trở lại mẫu của phần mềm",
    method="DELETE",
)
def use_ours(visit: AtDesk, kind: Kind) -> Json:
    keeping(visit).use_ours(kind)
    return _one(visit, kind)


def _one(visit: Visit, kind: str) -> Json:
    [state] = template_states(visit.desk.settings, kind, check=True)
    return _shown(told(visit, state))
