"""Official papers and working papers as files: the same job functions as `dean paper`. They record nothing."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Path
from fastapi.responses import Response

from flows.jobs.papers.letters import subjects
from flows.jobs.papers.letters.making import PaperForm, letter_file, refuse_other_roles
from flows.jobs.papers.sheets.dossier import dossier_file
from flows.jobs.papers.sheets.programme import programme_file
from flows.jobs.papers.sheets.proof import proof_file
from flows.jobs.papers.tables.frame import Occasion
from models.queries import refuse_hidden
from models.queries.contract_sheets import refuse_hidden_contract
from states.vocabulary import Role, Route
from web.access import Pages
from web.desk import AtDesk, Visit
from web.pages.exports import occasion_of, sent
from web.pages.plan_frame import Year
from web.roles import EVERYONE, PROVINCE, RECORDERS

pages = Pages()

COORDINATION = frozenset({Role.COORDINATOR, Role.LEADER})
#: The number of a row in an address.
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


def written(visit: Visit, kind: str, form: PaperForm, about: Callable[[Occasion], subjects.Subject]) -> Response:
    """Write one paper and send it."""
    with visit.reading() as session:
        occasion = occasion_of(visit, session)
        refuse_other_roles(visit.person, kind)
        return sent(letter_file(occasion, visit.desk.settings, kind, about(occasion), form))


@pages.show("/projects/{code}/letters/{kind}/{form}", who=RECORDERS, label="Soạn văn bản của một đề án")
def project_letter(visit: AtDesk, code: str, kind: str, form: PaperForm) -> Response:
    with visit.reading() as session:
        refuse_hidden(session, code, visit.person)
    return written(visit, kind, form, lambda occasion: subjects.of_project(occasion, code))


@pages.show("/contracts/{contract}/letters/{kind}/{form}", who=RECORDERS, label="Soạn văn bản của một hợp đồng")
def contract_letter(visit: AtDesk, contract: Id, kind: str, form: PaperForm) -> Response:
    with visit.reading() as session:
        refuse_hidden_contract(session, contract, visit.person)
    return written(visit, kind, form, lambda occasion: subjects.of_contract(occasion, contract))


@pages.show(
    "/approvals/decisions/{decision}/letters/{kind}/{form}", who=COORDINATION, label="Soạn lại một quyết định đã ghi"
)
def decision_letter(visit: AtDesk, decision: Id, kind: str, form: PaperForm) -> Response:
    return written(visit, kind, form, lambda occasion: subjects.of_decision(occasion, decision))


@pages.show("/plans/{year}/{route}/letters/{kind}/{form}", who=COORDINATION, label="Soạn tờ trình, quyết định của năm")
def list_letter(visit: AtDesk, year: Year, route: Route, kind: str, form: PaperForm) -> Response:
    return written(visit, kind, form, lambda occasion: subjects.of_list(occasion, year, route))


# --- working papers -----------------------------------------------------------------------------------


@pages.show("/projects/{code}/dossier", who=EVERYONE, label="Tải hồ sơ một đề án (PDF)")
def dossier(visit: AtDesk, code: str, archive: bool = False) -> Response:
    with visit.reading() as session:
        return sent(dossier_file(occasion_of(visit, session), code, pdf_form(archive)))


@pages.show("/projects/{code}/deadlines/{clock}/sheet", who=EVERYONE, label="Tải bảng chứng minh thời hạn (PDF)")
def proof_sheet(visit: AtDesk, code: str, clock: str, archive: bool = False) -> Response:
    with visit.reading() as session:
        return sent(proof_file(occasion_of(visit, session), code, pdf_form(archive), clock))


@pages.show("/programme/{code}/sheet", who=PROVINCE, label="Tải báo cáo chương trình (PDF)")
def programme_sheet(visit: AtDesk, code: str, archive: bool = False) -> Response:
    with visit.reading() as session:
        return sent(programme_file(occasion_of(visit, session), code, pdf_form(archive)))


def pdf_form(archive: bool) -> PaperForm:
    return PaperForm.PDF_A if archive else PaperForm.PDF
