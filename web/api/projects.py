"""Projects over the programming interface: lists, sheets, histories, steps, facts, papers and remarks."""

from datetime import date
from typing import Annotated

from fastapi import Query
from fastapi.responses import Response
from pydantic import Field

from models import ledger, projects
from models.codes import id_of
from models.copying import copy_project
from models.desk.comments import remark, remarks, take_back
from models.forms import ProjectForm
from models.queries import duplicates_of, history, list_projects, refuse_hidden, show_project
from models.queries.deadlines import deadline_proof, deadlines_of
from models.queries.judged import judged, target_of
from models.queries.papers import paper_of, papers_of
from models.waterfall import project_waterfall
from states.actions import Action
from states.facts import Order
from states.refusal import Refused
from states.scopes import Scope
from states.vocabulary import Role, Route, Stage, State
from web.api.approvals import as_read
from web.api.asked import Json, Limit, Offset
from web.api.bodies import Body, CommentBody, FactsBody, StepBody
from web.api.routing import Endpoints
from web.desk import DOOR, AtDesk
from web.downloads import attached
from web.pages.project_new import AUTHORS
from web.roles import EVERYONE, OFFICE, RECORDERS

endpoints = Endpoints(tags=["projects"])


@endpoints.read("/projects", who=EVERYONE, label="Danh sách đề án")
def listed(
    visit: AtDesk,
    words: str | None = None,
    programme: str | None = None,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    state: State | None = None,
    stage: Stage | None = None,
    route: Route | None = None,
    content: Annotated[int | None, Query(ge=1, le=99)] = None,
    unit: str | None = None,
    place: str | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Json:
    """One page of projects in the order of their codes; amounts are those of the state fund, in đồng."""
    wanted: Json = {
        "words": words,
        "programme": programme,
        "year": year,
        "state": state,
        "stage": stage,
        "route": route,
    }
    wanted |= {"content": content, "unit": unit, "place": place}
    with visit.reading() as session:
        rows = list_projects(session, reader=visit.person, today=visit.today, limit=limit + 1, offset=offset, **wanted)
    return {"projects": rows[:limit], "next_offset": offset + limit if len(rows) > limit else None}


@endpoints.read("/projects/{code}", who=EVERYONE, label="Một đề án, hôm nay hoặc ở một ngày đã qua")
def one(visit: AtDesk, code: str, as_of: date | None = None, known_on: date | None = None) -> Json:
    """The whole sheet; `as_of` asks by the days of the papers, `known_on` by the days of entry."""
    with visit.reading() as session:
        return show_project(session, code, as_of=as_of, known_on=known_on, reader=visit.person, today=visit.today)


@endpoints.read("/projects/{code}/history", who=EVERYONE, label="Mọi việc đã ghi của một đề án")
def events(visit: AtDesk, code: str) -> Json:
    with visit.reading() as session:
        return {"project": code, "events": history(session, code, reader=visit.person)}


@endpoints.read("/projects/{code}/steps", who=EVERYONE, label="Bước nào làm được, bước nào chưa và vì sao")
def steps(visit: AtDesk, code: str) -> Json:
    """Every step of the table, judged for the person of the token; `version` is what a step must have seen."""
    with visit.reading() as session:
        refuse_hidden(session, code, visit.person)
        facts, judgements = judged(session, code, visit.at, visit.person)
    return {
        "project": code,
        "version": facts.version,
        "state": facts.state,
        "stage": facts.stage,
        "actions": [
            {
                "action": judgement.step.action,
                "label": judgement.step.label,
                "target": target_of(judgement.step, facts),
                "open": judgement.is_open,
                "reasons": list(judgement.reasons),
                "needs": list(judgement.needs),
                "takes": [str(field) for field in judgement.step.takes],
                "papers": [str(paper) for paper in judgement.step.papers],
            }
            for judgement in judgements
        ],
    }


@endpoints.write("/projects/{code}/steps/{action}", who=RECORDERS, scope=Scope.STEPS, label="Ghi một bước của đề án")
def take(visit: AtDesk, code: str, action: Action, body: StepBody) -> Json:
    """Take one step. Refused with every reason; of two that saw the same version one wins."""
    with visit.writing() as session:
        refuse_hidden(session, code, visit.person)
        place = id_of(session, "place", body.asked.place) if body.asked else None
        order = Order(action, visit.person, visit.at, **body.values(place))
        done = ledger.advance(session, code, order, door=DOOR)
    return as_read(done)


@endpoints.write("/projects", who=RECORDERS, scope=Scope.STEPS, label="Lập một đề án (bản nháp)", status=201)
def open_one(visit: AtDesk, body: ProjectForm) -> Json:
    with visit.writing() as session:
        code = projects.open_project(session, body, by=visit.person, origin=visit.origin)
    return {"project": code}


@endpoints.write("/projects/{code}", who=RECORDERS, scope=Scope.STEPS, label="Sửa nội dung một đề án", method="PATCH")
def change(visit: AtDesk, code: str, body: FactsBody) -> Json:
    """Change facts; after the dossier was handed in this is a correction and needs a reason (`note`)."""
    apart = {"seen_version", "note", "place", "content", "targets", "beneficiaries"}
    values = body.model_dump(exclude_none=True, exclude=apart)
    with visit.writing() as session:
        refuse_hidden(session, code, visit.person)
        if body.place is not None:
            values["place_id"] = id_of(session, "place", body.place)
        written = projects.amend(
            session,
            code,
            values,
            by=visit.person,
            origin=visit.origin,
            note=body.note,
            beneficiaries=body.beneficiaries,
            content=body.content,
            targets=body.targets,
            seen_version=body.seen_version,
        )
    return {"project": code, "version": written.seq, "event": written.event_id, "hash": written.hash}


class CopyBody(Body):
    """The plan year of the new draft; without one that of the old project."""

    plan_year: Annotated[int, Field(ge=2000, le=2100)] | None = None


@endpoints.write(
    "/projects/{code}/copies", who=AUTHORS, scope=Scope.STEPS, label="Sao đề án thành bản nháp mới", status=201
)
def copy(visit: AtDesk, code: str, body: CopyBody) -> Json:
    """Open a draft that says what a rejected, withdrawn or lapsed project said; papers and results stay behind."""
    with visit.writing() as session:
        fresh = copy_project(session, code, by=visit.person, origin=visit.origin, plan_year=body.plan_year)
    return {"project": fresh}


# --- papers -------------------------------------------------------------------------------------------


@endpoints.read("/projects/{code}/papers", who=EVERYONE, label="Giấy tờ của một đề án")
def papers(visit: AtDesk, code: str) -> Json:
    with visit.reading() as session:
        return {"project": code, "papers": papers_of(session, code, reader=visit.person)}


@endpoints.read("/projects/{code}/papers/{event}/{line}", who=EVERYONE, label="Tải một tệp", response_class=Response)
def paper(visit: AtDesk, code: str, event: int, line: int) -> Response:
    """The file itself, as an attachment."""
    with visit.reading() as session:
        found = paper_of(session, code, _bounded(event), _bounded(line), reader=visit.person)
    return attached(visit.desk.store.files, found["sha256"], found["file_name"])


def _bounded(number: int) -> int:
    """A number of a row. The database would answer a longer one with an error of ours."""
    if not 0 <= number < 2**63:
        raise Refused("Không có giấy tờ này.")
    return number


# --- what stands around a project ---------------------------------------------------------------------


@endpoints.read("/projects/{code}/deadlines", who=EVERYONE, label="Các hạn của một đề án")
def deadlines(visit: AtDesk, code: str, every: bool = False) -> Json:
    """The deadlines that run or rest; `every` adds those that are closed."""
    with visit.reading() as session:
        refuse_hidden(session, code, visit.person)
        return {"project": code, "deadlines": deadlines_of(session, code, as_of=visit.today, every=every)}


@endpoints.read("/projects/{code}/deadlines/proof", who=EVERYONE, label="Bảng chứng minh các hạn của một đề án")
def proof(visit: AtDesk, code: str, clock: str | None = None) -> Json:
    """Each day that was counted or skipped, with its reason and source."""
    with visit.reading() as session:
        refuse_hidden(session, code, visit.person)
        return {"project": code, "sheets": deadline_proof(session, code, clock)}


@endpoints.read("/projects/{code}/waterfall", who=EVERYONE, label="Dòng tiền của một đề án")
def waterfall(visit: AtDesk, code: str) -> Json:
    with visit.reading() as session:
        refuse_hidden(session, code, visit.person)
        return project_waterfall(session, code, as_of=visit.today)


@endpoints.read("/projects/{code}/duplicates", who=OFFICE, label="Dò trùng hỗ trợ của một đề án")
def duplicates(visit: AtDesk, code: str) -> Json:
    with visit.reading() as session:
        return {"project": code, "duplicates": duplicates_of(session, code, reader=visit.person)}


@endpoints.read("/projects/{code}/comments", who=EVERYONE, label="Ý kiến về một đề án")
def comments(visit: AtDesk, code: str) -> Json:
    with visit.reading() as session:
        return {"project": code, "comments": remarks(session, code, reader=visit.person)}


@endpoints.write(
    "/projects/{code}/comments",
    who=EVERYONE - {Role.COMMUNE_VIEWER},
    scope=Scope.STEPS,
    label="Viết ý kiến về một đề án",
    status=201,
)
def comment(visit: AtDesk, code: str, body: CommentBody) -> Json:
    with visit.writing() as session:
        return {"project": code, "comment": remark(session, code, body.words, by=visit.person, origin=visit.origin)}


@endpoints.write(
    "/projects/{code}/comments/{comment_id}",
    who=EVERYONE - {Role.COMMUNE_VIEWER},
    scope=Scope.STEPS,
    label="Rút ý kiến của mình",
    method="DELETE",
)
def uncomment(visit: AtDesk, code: str, comment_id: int) -> Json:
    with visit.writing() as session:
        refuse_hidden(session, code, visit.person)
        take_back(session, _bounded(comment_id), by=visit.person, origin=visit.origin)
    return {"project": code, "comment": comment_id}
