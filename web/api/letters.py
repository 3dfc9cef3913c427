"""Official and working papers for programs: which can be written now, and each as a file. They record nothing."""

from typing import Annotated

from fastapi import Path, Query
from fastapi.responses import Response

from flows.jobs.papers.letters import subjects
from flows.jobs.papers.letters.making import PaperForm, is_own, possible, possible_of
from flows.jobs.papers.sheets.dossier import dossier_file
from flows.jobs.papers.sheets.programme import programme_file
from flows.jobs.papers.sheets.proof import proof_file
from models.loading import load_project
from models.queries import refuse_hidden
from models.queries.contract_sheets import refuse_hidden_contract
from models.queries.decided import decision_sheet
from states.vocabulary import Route
from web.api.asked import Id, Json
from web.api.routing import Endpoints
from web.desk import AtDesk, Visit
from web.pages.exports import occasion_of, sent
from web.pages.letters import COORDINATION, pdf_form, written
from web.pages.plan_frame import Year
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
        stage = load_project(session, code).facts.stage
    return {"project": code, "stage": stage, "letters": _offered(visit, possible(visit.person, stage))}


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
    return {"contract": contract, "letters": _offered(visit, possible_of(visit.person, "contract"))}


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
        decision_sheet(session, decision, reader=visit.person)
    return {"decision": decision, "letters": _offered(visit, possible_of(visit.person, "decision"))}


@endpoints.read(
    f"{_DECISION}/{{kind}}/{{form}}", who=COORDINATION, label="Soạn lại một quyết định đã ghi", response_class=Response
)
def decision_letter(visit: AtDesk, decision: Id, kind: Kind, form: PaperForm) -> Response:
    return written(visit, kind, form, lambda occasion: subjects.of_decision(occasion, decision))


@endpoints.read(_PLAN, who=COORDINATION, label="Văn bản soạn được cho danh mục của năm")
def of_list(visit: AtDesk, year: Year, route: Route) -> Json:
    return {"year": year, "route": route, "letters": _offered(visit, possible_of(visit.person, "list"))}


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
