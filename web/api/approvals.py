"""Approving a list under one decision, and the decisions on record."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response
from pydantic import Field

from models import decisions
from models.ledger import Advanced
from models.queries.cleared import cleared, plans_in_way
from models.queries.decided import decision_list, decision_sheet, paper_on, papers_on
from models.queries.scope import PAGE
from states.scopes import Scope
from states.vocabulary import Route, Stage
from web.api.asked import AnyYear, Id, Json, Limit, Offset, Words, paged
from web.api.bodies import Amounts, Body, Code, DecisionBody, LongText, ShortText, Version
from web.api.routing import Endpoints
from web.desk import DOOR, AtDesk
from web.downloads import attached
from web.pages.approvals import APPROVERS
from web.roles import PROVINCE

endpoints = Endpoints(tags=["approvals"])


class ApprovedLine(Body):
    """One line of the annex; without amounts it is approved as it was appraised."""

    project: Code
    seen_version: Version | None = None
    amounts: Amounts = Field(default_factory=dict)
    note: ShortText = ""
    override: LongText = Field(default="", description="Lý do vượt định mức theo quyết định này")

    def line(self) -> decisions.ApprovalLine:
        return decisions.ApprovalLine(self.project, dict(self.amounts), self.note, self.override, self.seen_version)


class ApprovalBody(DecisionBody):
    """A decision with its annex: every line is approved, or none."""

    lines: tuple[ApprovedLine, ...] = Field(min_length=1, max_length=5000)


@endpoints.read("/approvals", who=APPROVERS, label="Đề án đủ điều kiện đưa vào danh mục phê duyệt")
def waiting(
    visit: AtDesk, route: Annotated[Route, Query()], year: AnyYear = None, stage: Stage = Stage.CLEARED
) -> Json:
    """Projects that passed every appraisal, and the plans that must be decided as a whole instead."""
    with visit.reading() as session:
        rows = cleared(session, visit.person, route=route, year=year, stage=stage)
        plans = plans_in_way(session, route)
    return {"projects": rows, "plans": plans}


@endpoints.write("/decisions", who=APPROVERS, scope=Scope.STEPS, label="Phê duyệt theo danh mục", status=201)
def approve(visit: AtDesk, body: ApprovalBody) -> Json:
    """Approve a list under one decision, all or nothing; its total must be right to the đồng."""
    lines = [line.line() for line in body.lines]
    with visit.writing() as session:
        done = decisions.approve(session, lines, body.paper(), by=visit.person, at=visit.at, door=DOOR)
    told = [as_read(step) for step in done.projects]
    return {"id": done.decision_id, "decision": done.number, "total": done.total, "projects": told}


def as_read(done: Advanced) -> Json:
    """What a step did."""
    return {
        "project": done.code,
        "action": done.action,
        "from": done.from_stage,
        "to": done.to_stage,
        "state": done.state,
        "version": done.version,
        "event": done.event_id,
        "hash": done.hash,
        "warnings": list(done.warnings),
    }


@endpoints.read("/decisions", who=PROVINCE, label="Các quyết định phê duyệt")
def listed(visit: AtDesk, year: AnyYear = None, words: Words = "", limit: Limit = PAGE, offset: Offset = 0) -> Json:
    with visit.reading() as session:
        rows = decision_list(session, year=year, words=words.strip(), limit=limit + 1, offset=offset)
    return paged("decisions", rows, limit, offset)


@endpoints.read("/decisions/{decision}", who=PROVINCE, label="Một quyết định phê duyệt")
def one(visit: AtDesk, decision: Id) -> Json:
    with visit.reading() as session:
        found = decision_sheet(session, decision, reader=visit.person)
        return found | {"papers": papers_on(session, "decision", decision)}


@endpoints.read(
    "/decisions/{decision}/papers/{event}/{line}",
    who=PROVINCE,
    label="Tải tệp của một quyết định",
    response_class=Response,
)
def paper(visit: AtDesk, decision: Id, event: Id, line: Id) -> Response:
    with visit.reading() as session:
        found = paper_on(session, "decision", decision, event, line)
    return attached(visit.desk.store.files, found["sha256"], found["file_name"])
