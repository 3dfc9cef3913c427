"""Scans sent to a project over the programming interface (multipart/form-data)."""

from datetime import date
from typing import Annotated

from fastapi import File, Form, UploadFile

from models.projects import attach
from models.queries import refuse_hidden
from models.recording import record_with_files
from states.facts import Enclosure
from states.refusal import Refused
from states.scopes import Scope
from states.vocabulary import Paper
from web.api.asked import Json
from web.api.bodies import ShortText
from web.api.routing import Endpoints
from web.desk import AtDesk
from web.fields import Fields
from web.roles import RECORDERS
from web.uploads import Bundle, take_paper

endpoints = Endpoints(tags=["projects"])


@endpoints.write(
    "/projects/{code}/papers", who=RECORDERS, scope=Scope.STEPS, label="Đưa một tệp vào hồ sơ đề án", status=201
)
def add_paper(
    visit: AtDesk,
    code: str,
    kind: Annotated[Paper, Form()],
    file: Annotated[UploadFile, File(description="PDF, ảnh, Word, Excel hoặc ZIP, tối đa 25 MB")],
    title: Annotated[ShortText, Form()] = "",
    number: Annotated[ShortText, Form()] = "",
    issued_on: Annotated[date | None, Form()] = None,
    signer: Annotated[ShortText, Form()] = "",
) -> Json:
    """Put a file on the project's file without a step. A second paper of a kind is its next version."""
    with visit.reading() as session:
        refuse_hidden(session, code, visit.person)
    bundle, form = Bundle(), Fields({"file": file})
    if not take_paper(form, bundle, "file", Enclosure(kind, title, number, issued_on, signer)):
        raise Refused(*form.mistakes.get("file", ["Hãy gửi một tệp có tên (file)."]))
    papers = tuple(bundle.enclosures)
    written = record_with_files(
        visit.writing,
        visit.desk.store.files,
        bundle.contents,
        lambda session: attach(session, code, papers, by=visit.person, origin=visit.origin),
    )
    sha256 = bundle.enclosures[0].sha256
    return {"project": code, "version": written.seq, "event": written.event_id, "hash": written.hash, "sha256": sha256}
