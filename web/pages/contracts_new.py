"""Signing a contract over one or several approved projects of one unit and route."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models import contracts
from models.queries.contract_sheets import signable
from models.recording import record_with_files, rehearsed
from models.store import Session
from states.facts import Enclosure
from states.reading import read_amount, read_id
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Paper, Route
from states.words import amount_in_words_dong, format_dong
from web.access import Pages
from web.desk import DOOR, AtDesk, Visit
from web.fields import Fields
from web.pages.contracts import SIGNERS
from web.placing import place
from web.reasons import on_pages
from web.uploads import Bundle, take_paper

pages = Pages()

MOST_FIELDS = 2_000
BESIDE = {
    "total": ("hợp đồng ghi", "tổng hỗ trợ"),
    "number": ("số văn bản", "số hợp đồng", "đã có hợp đồng"),
    "signed_on": ("ngày quyết định", "ngày văn bản", "ngày ký"),
    "signer": ("người ký",),
}


@pages.show("/contracts/new", who=SIGNERS, label="Ký hợp đồng")
def new_contract_page(
    visit: AtDesk, code: Annotated[list[str] | None, Query()] = None, unit: str = "", route: str = ""
) -> Response:
    codes = code or []
    rows = _rows(visit, codes, unit, route)
    return _shown(visit, Fields({"code": codes}) if codes else Fields(), rows)


def _rows(visit: Visit, codes: list[str], unit: str, route: str) -> list[dict[str, Any]]:
    """The named projects, and those that could be signed with them: of the same unit and route."""
    asked = Fields({"route": route})
    with visit.reading() as session:
        named = signable(session, reader=visit.person, codes=codes, unit="-") if codes else []
        first = named[0] if named else None
        of_unit = first["unit"] if first else unit.strip()
        of_route = Route(first["route"]) if first else asked.code("route", Route)
        return signable(session, reader=visit.person, codes=codes, unit=of_unit, route=of_route)


def _shown(visit: Visit, form: Fields, rows: list[dict[str, Any]], *, status: int = 200, **more: Any) -> Response:
    units = {(row["unit"], row["route"]): row for row in rows}
    values: dict[str, Any] = {
        "ticked": frozenset(form.every("code")),
        "sum": None,
        "agrees": False,
        "warnings": [],
    } | more
    return visit.page("contracts/new.html", status=status, form=form, rows=rows, units=list(units.values()), **values)


@pages.act("/contracts/new", who=SIGNERS, label="Ký hợp đồng")
async def sign_contract(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_sign, visit, Fields(await request.form(max_fields=MOST_FIELDS), visit.waiting))


def _sign(visit: Visit, form: Fields) -> Response:
    codes = list(dict.fromkeys(form.every("code")))
    rows = _rows(visit, [*codes, *form.every("listed")], "", "")
    lines, paper, bundle = _read(form, codes, {row["code"]: row for row in rows})
    total = _sum(lines, rows)
    if paper is None:
        return _shown(visit, form, rows, status=409, sum=total)
    signing = paper

    def entry(session: Session) -> contracts.Signed:
        return contracts.sign(session, lines, signing, by=visit.person, at=visit.at, door=DOOR)

    try:
        if form.typed("do") == "preview":
            tried = rehearsed(visit.writing, entry)
            warnings = on_pages(f"{step.code}: {warning}" for step in tried.projects for warning in step.warnings)
            return _shown(visit, form, rows, sum=total, agrees=True, warnings=warnings)
        done = record_with_files(visit.writing, visit.desk.store.files, bundle.contents, entry)
    except Refused as refused:
        place(form, refused, codes, BESIDE)
        return _shown(visit, form, rows, status=409, sum=total)
    told = f"Đã ký hợp đồng {done.number} cho {len(done.projects)} đề án: hỗ trợ {format_dong(done.total)}"
    return visit.go(f"/contracts/{done.contract_id}", told=f"{told} ({amount_in_words_dong(done.total)}).")


def _read(
    form: Fields, codes: list[str], known: dict[str, dict[str, Any]]
) -> tuple[list[contracts.ContractedProject], contracts.ContractPaper | None, Bundle]:
    if not codes:
        form.mistaken("", "Chưa chọn đề án nào; hãy đánh dấu các đề án ký trong hợp đồng này.")
    lines = [_line(form, code, known.get(code)) for code in codes]
    bundle = Bundle()
    take_paper(form, bundle, "contract_file", Enclosure(Paper.CONTRACT))
    number = form.line("number", "số hợp đồng", required=True)
    signed_on = form.day("signed_on", required="Hãy ghi ngày ký.")
    signer = form.line("signer", "người ký của bên A", required=True)
    total = form.amount("total")
    party_a, party_b = form.line("party_a", "bên A"), form.line("party_b", "bên B")
    if form.mistakes or signed_on is None:
        return lines, None, bundle
    papers = tuple(bundle.enclosures)
    return lines, contracts.ContractPaper(number, signed_on, signer, total, party_a, party_b, papers), bundle


def _line(form: Fields, code: str, row: dict[str, Any] | None) -> contracts.ContractedProject:
    amount = form.read(f"amount-{code}", read_amount)
    seen = form.read(f"seen-{code}", read_id)
    amounts = {} if amount is None or row is None else {STATE_FUND[Route(row["route"])]: amount}
    return contracts.ContractedProject(code, amounts, seen_version=seen)


def _sum(lines: list[contracts.ContractedProject], rows: list[dict[str, Any]]) -> int:
    """The state support of the ticked projects, in đồng."""
    approved = {row["code"]: row["granted"] for row in rows}
    return sum(sum(line.amounts.values()) if line.amounts else approved.get(line.code, 0) for line in lines)
