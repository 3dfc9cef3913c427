"""Official and working papers for programs: which can be written now, and each as a file. They record nothing."""

from typing import Annotated

from fastapi import Path, Query
from fastapi.responses import Response

from flows.jobs.papers.letters import subjects
from flows.jobs.papers.letters.making import PaperForm, is_own, possible, possible_of
from flows.jobs.papers.letters.offering import possible_for_list, unverified
from flows.jobs.papers.sheets.dossier import dossier_file
from flows.jobs.papers.sheets.programme import programme_file
from flows.jobs.papers.sheets.proof import proof_file
from models.queries import refuse_hidden, show_project
from models.queries.contract_sheets import contract_sheet, refuse_hidden_contract
from models.queries.decided import decision_sheet
from states.vocabulary import Route, Stage
from web.api.asked import Id, Json
from web.api.routing import Endpoints
from web.desk import AtDesk, Visit
from web.pages.approvals_decisions import decided_about
from web.pages.contracts import signed_about
from web.pages.exports import occasion_of, sent
from web.pages.letters import COORDINATION, pdf_form, written
from web.pages.plan_frame import Year, which_plan
from web.roles import EVERYONE, PROVINCE, RECORDERS

endpoints = Endpoints(tags=["letters"])

Code = Annotated[str, Path(max_length=64)]
Kind = Annotated[str, Path(max_length=64, description="Loại văn bản, như trong danh sách")]
Archive = Annotated[bool, Query(description="Dạng PDF/A để lưu trữ")]
_DECISION = "/decisions/{decision}/letters"
_PLAN = "/plans/{year}/{route}/letters"


def _offered(visit: Visit, letters: list[tuple[str, str]]) -> list[Json]:
    """The papers of a page, each with the address of its forms, whether or not the office has a template of its own."""
    here = visit.request.url.path
    return [
        {
            "kind": kind,
            "label": label,
            "own_template": is_own(visit.desk.settings, kind),
            "files": {form: f"{here}/{kind}/{form}" for form in PaperForm},
        }
        for kind, label in letters
    ]


@endpoints.read("/projects/{code}/letters", who=RECORDERS, label="Văn bản soạn được cho một đề án")
def of_project(visit: AtDesk, code: Code) -> Json:
    """What the person of the token may write now. Number and day stay blank for the records office."""
    with visit.reading() as session:
        refuse_hidden(session, code, visit.person)
        sheet = show_project(session, code, reader=visit.person, today=visit.today)
        letters = possible(visit.person, Stage(sheet["stage"]))
        about = {"unit": sheet["unit"]["name"], "programme": sheet["programme"]["code"]}
        unsure = unverified(session, letters, route=Route(sheet["route"]), on=visit.today, **about)
    told = {"project": sheet["code"], "stage": sheet["stage"]}
    return told | {"letters": _offered(visit, letters), "unverified": unsure}


@endpoints.read(
    "/projects/{code}/letters/{kind}/{form}",
    who=RECORDERS,
    label="Soạn văn bản của một đề án",
    response_class=Response,
)
def project_letter(visit: AtDesk, code: Code, kind: Kind, form: PaperForm) -> Response:
    with visit.reading() as session:
        refuse_hidden(session, code, visit.person)
    return written(visit, kind, form, lambda occasion: subjects.of_project(occasion, code))


@endpoints.read("/contracts/{contract}/letters", who=RECORDERS, label="Văn bản soạn được cho một hợp đồng")
def of_contract(visit: AtDesk, contract: Id) -> Json:
    with visit.reading() as session:
        refuse_hidden_contract(session, contract, visit.person)
        found = contract_sheet(session, contract, reader=visit.person, at=visit.at)
        letters = possible_of(visit.person, "contract")
        unsure = unverified(session, letters, on=visit.today, **signed_about(found))
    return {"contract": contract, "letters": _offered(visit, letters), "unverified": unsure}


@endpoints.read(
    "/contracts/{contract}/letters/{kind}/{form}",
    who=RECORDERS,
    label="Soạn văn bản của một hợp đồng",
    response_class=Response,
)
def contract_letter(visit: AtDesk, contract: Id, kind: Kind, form: PaperForm) -> Response:
    with visit.reading() as session:
        refuse_hidden_contract(session, contract, visit.person)
    return written(visit, kind, form, lambda occasion: subjects.of_contract(occasion, contract))


@endpoints.read(_DECISION, who=COORDINATION, label="Văn bản soạn được cho một quyết định đã ghi")
def of_decision(visit: AtDesk, decision: Id) -> Json:
    with visit.reading() as session:
        found = decision_sheet(session, decision, reader=visit.person)
        letters = possible_of(visit.person, "decision")
        unsure = unverified(session, letters, **decided_about(found))
    return {"decision": decision, "letters": _offered(visit, letters), "unverified": unsure}


@endpoints.read(
    f"{_DECISION}/{{kind}}/{{form}}", who=COORDINATION, label="Soạn lại một quyết định đã ghi", response_class=Response
)
def decision_letter(visit: AtDesk, decision: Id, kind: Kind, form: PaperForm) -> Response:
    return written(visit, kind, form, lambda occasion: subjects.of_decision(occasion, decision))


@endpoints.read(_PLAN, who=COORDINATION, label="Văn bản soạn được cho danh mục của năm")
def of_list(visit: AtDesk, year: Year, route: Route) -> Json:
    """Those that apply to the state of the plan; none where no project waits for its approval."""
    with visit.reading() as session:
        which = which_plan(session, year, route)
        letters = possible_for_list(session, visit.person, year, route)
        unsure = unverified(session, letters, route=route, on=visit.today, programme=which.programme)
    return {"year": year, "route": route, "letters": _offered(visit, letters), "unverified": unsure}


@endpoints.read(
    f"{_PLAN}/{{kind}}/{{form}}",
    who=COORDINATION,
    label="Soạn tờ trình, quyết định của năm",
    response_class=Response,
)
def list_letter(visit: AtDesk, year: Year, route: Route, kind: Kind, form: PaperForm) -> Response:
    return written(visit, kind, form, lambda occasion: subjects.of_list(occasion, year, route))


# --- working papers -----------------------------------------------------------------------------------


@endpoints.read("/projects/{code}/dossier", who=EVERYONE, label="Hồ sơ một đề án (PDF)", response_class=Response)
def dossier(visit: AtDesk, code: Code, archive: Archive = False) -> Response:
    """Facts, deadlines, money and history of a project."""
    with visit.reading() as session:
        return sent(dossier_file(occasion_of(visit, session), code, pdf_form(archive)))


@endpoints.read(
    "/projects/{code}/deadlines/{clock}/sheet",
    who=EVERYONE,
    label="Bảng chứng minh thời hạn (PDF)",
    response_class=Response,
)
def proof_sheet(visit: AtDesk, code: Code, clock: Code, archive: Archive = False) -> Response:
    """Each day of a deadline that was counted or skipped, with its reason and source."""
    with visit.reading() as session:
        return sent(proof_file(occasion_of(visit, session), code, pdf_form(archive), clock))


@endpoints.read("/programmes/{code}/sheet", who=PROVINCE, label="Báo cáo chương trình (PDF)", response_class=Response)
def programme_sheet(visit: AtDesk, code: Code, archive: Archive = False) -> Response:
    """Targets and money of a programme with charts."""
    with visit.reading() as session:
        return sent(programme_file(occasion_of(visit, session), code, pdf_form(archive)))
