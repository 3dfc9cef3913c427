"""Contracts: signed over one or several projects, listed, read with what they wait for."""

from datetime import date

from fastapi.responses import Response
from pydantic import Field

from models import contracts
from models.queries import contract_sheets as sheets
from models.queries.decided import paper_on, papers_on
from models.queries.scope import PAGE
from models.waterfall import waterfall_under
from states.scopes import Scope
from states.vocabulary import Route
from web.api.approvals import as_read
from web.api.asked import AnyYear, Id, Json, Limit, Offset, Words, paged
from web.api.bodies import Amount, Amounts, Body, Code, PaperBody, ShortText, Version
from web.api.routing import Endpoints
from web.desk import DOOR, AtDesk
from web.downloads import attached
from web.pages.contracts import SIGNERS
from web.roles import OFFICE

endpoints = Endpoints(tags=["contracts"])


class ContractedLine(Body):
    """One project of the contract; without amounts its support is what was approved."""

    project: Code
    amounts: Amounts = Field(default_factory=dict)
    seen_version: Version | None = None
    note: ShortText = ""

    def line(self) -> contracts.ContractedProject:
        return contracts.ContractedProject(self.project, dict(self.amounts), self.note, self.seen_version)


class ContractBody(Body):
    """A contract as it is printed."""

    number: ShortText = Field(min_length=1)
    signed_on: date
    signer: ShortText = Field(min_length=1)
    total: Amount | None = None
    party_a: ShortText = ""
    party_b: ShortText = ""
    projects: tuple[ContractedLine, ...] = Field(min_length=1, max_length=1000)
    papers: tuple[PaperBody, ...] = ()

    def paper(self) -> contracts.ContractPaper:
        papers = tuple(paper.enclosure() for paper in self.papers)
        parties = (self.party_a, self.party_b)
        return contracts.ContractPaper(self.number, self.signed_on, self.signer, self.total, *parties, papers)


@endpoints.read("/contracts", who=OFFICE, label="Hợp đồng")
def listed(
    visit: AtDesk,
    year: AnyYear = None,
    unit: Words = "",
    route: Route | None = None,
    waiting: sheets.Waiting | None = None,
    due: sheets.Due | None = None,
    limit: Limit = PAGE,
    offset: Offset = 0,
) -> Json:
    """The latest signed first: support in đồng, projects that the person sees, what is due."""
    with visit.reading() as session:
        rows = sheets.contract_list(
            session,
            reader=visit.person,
            as_of=visit.today,
            year=year,
            unit=unit.strip(),
            route=route,
            waiting=waiting,
            due=due,
            limit=limit + 1,
            offset=offset,
        )
    return paged("contracts", rows, limit, offset)


@endpoints.read("/contracts/signable", who=SIGNERS, label="Đề án đã phê duyệt, chưa ký hợp đồng")
def signable(visit: AtDesk, unit: Words = "", route: Route | None = None) -> Json:
    with visit.reading() as session:
        return {"projects": sheets.signable(session, reader=visit.person, unit=unit.strip(), route=route)}


@endpoints.write("/contracts", who=SIGNERS, scope=Scope.STEPS, label="Ký một hợp đồng", status=201)
def sign(visit: AtDesk, body: ContractBody) -> Json:
    """Sign one contract over projects of one route and unit, all or none."""
    lines = [line.line() for line in body.projects]
    with visit.writing() as session:
        done = contracts.sign(session, lines, body.paper(), by=visit.person, at=visit.at, door=DOOR)
    told = [as_read(step) for step in done.projects]
    return {"id": done.contract_id, "contract": done.number, "total": done.total, "projects": told}


@endpoints.read("/contracts/{contract}", who=OFFICE, label="Một hợp đồng")
def one(visit: AtDesk, contract: Id) -> Json:
    with visit.reading() as session:
        found = sheets.contract_sheet(session, contract, reader=visit.person, at=visit.at)
        return found | {"papers": papers_on(session, "contract", contract)}


@endpoints.read("/contracts/{contract}/history", who=OFFICE, label="Mọi việc đã ghi của một hợp đồng")
def history(visit: AtDesk, contract: Id) -> Json:
    with visit.reading() as session:
        sheets.refuse_hidden_contract(session, contract, visit.person)
        return {"contract": contract, "events": sheets.contract_events(session, contract, reader=visit.person)}


@endpoints.read("/contracts/{contract}/waterfall", who=OFFICE, label="Dòng tiền của một hợp đồng")
def waterfall(visit: AtDesk, contract: Id) -> Json:
    with visit.reading() as session:
        sheets.refuse_hidden_contract(session, contract, visit.person)
        return waterfall_under(session, contract, reader=visit.person)


@endpoints.read(
    "/contracts/{contract}/papers/{event}/{line}",
    who=OFFICE,
    label="Tải tệp của một hợp đồng",
    response_class=Response,
)
def paper(visit: AtDesk, contract: Id, event: Id, line: Id) -> Response:
    with visit.reading() as session:
        sheets.refuse_hidden_contract(session, contract, visit.person)
        found = paper_on(session, "contract", contract, event, line)
    return attached(visit.desk.store.files, found["sha256"], found["file_name"])
