"""Danh bạ: the establishments that projects support, shared by all years and units."""

from typing import Annotated, Any

from fastapi import Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import ValidationError

from models.beneficiaries import edit_beneficiary
from models.forms import BeneficiaryForm, refuse_invalid
from models.people import add_beneficiary, refuse_others_than
from models.queries import beneficiaries, duplicate_beneficiaries
from models.queries.choosing import place_choices
from models.queries.directory_sheets import beneficiary_sheet
from models.queries.scope import PAGE
from states.beneficiaries import BENEFICIARY_KINDS
from states.folding import clean_line
from states.refusal import Refused
from states.vocabulary import Role
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.directory import FARTHEST, TABS
from web.reasons import on_page
from web.rendering import address
from web.roles import OFFICE, PROVINCE

pages = Pages()

#: The number of a row in an address.
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
MAKERS = frozenset({Role.CENTRE_OFFICER, Role.COORDINATOR, Role.ADMINISTRATOR})
#: Who changes what others rely on.
EDITORS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
STALE = "Đơn vị này vừa được người khác sửa; hãy xem lại thông tin mới ở danh bạ rồi sửa tiếp."
_BESIDE = {
    "tax_code": ("mã số thuế",),
    "name": ("tên gần giống", "tên (name)"),
    "kind": ("loại",),
    "place": ("địa bàn", "đơn vị hành chính"),
}


@pages.show("/directory", who=OFFICE, label="Danh bạ: đơn vị thụ hưởng")
def beneficiaries_page(visit: AtDesk, words: str = "", offset: int = 0) -> Response:
    first = min(max(offset, 0), FARTHEST)
    with visit.reading() as session:
        rows = beneficiaries(session, words=words, reader=visit.person, limit=PAGE + 1, offset=first)

    def here(offset: int) -> str:
        return address("/directory", words=words, offset=offset or None)

    shown: dict[str, Any] = {"rows": rows[:PAGE], "has_more": len(rows) > PAGE, "offset": first, "size": PAGE}
    shown |= {"may_add": visit.person.role in MAKERS, "sees_doubles": visit.person.role in PROVINCE}
    return visit.page("directory/list.html", words=words, here=here, kinds=BENEFICIARY_KINDS, tabs=TABS, **shown)


@pages.show("/directory/duplicates", who=PROVINCE, label="Danh bạ: đơn vị có thể đã ghi hai lần")
def duplicates_page(visit: AtDesk) -> Response:
    with visit.reading() as session:
        groups = duplicate_beneficiaries(session)
    return visit.page("directory/duplicates.html", groups=groups, kinds=BENEFICIARY_KINDS, tabs=TABS)


@pages.show("/directory/beneficiaries/new", who=MAKERS, label="Thêm đơn vị thụ hưởng")
def new_beneficiary_page(visit: AtDesk) -> Response:
    return _form(visit, Fields(), None)


def _form(visit: Visit, form: Fields, found: dict[str, Any] | None, status: int = 200) -> Response:
    with visit.reading() as session:
        chosen = place_choices(session, on=visit.today, also=found["place_code"] if found else None)
    return visit.page(
        "directory/form.html",
        status=status,
        form=form,
        found=found,
        kinds=BENEFICIARY_KINDS,
        places=[(row["code"], row["name"]) for row in chosen],
        tabs=TABS,
    )


@pages.act("/directory/beneficiaries/new", who=MAKERS, label="Thêm đơn vị thụ hưởng")
async def make_beneficiary(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_make, visit, Fields(await request.form()))


def _make(visit: Visit, form: Fields) -> Response:
    written = _read(form)
    if form.mistakes:
        return _form(visit, form, None, 409)
    try:
        with visit.writing() as session:
            refuse_others_than(visit.person, *MAKERS)
            number = add_beneficiary(session, _checked(written), visit.origin, distinct=form.ticked("distinct"))
    except Refused as refused:
        form.refused(_said(refused), _BESIDE)
        return _form(visit, form, None, 409)
    return visit.go(f"/directory/beneficiaries/{number}", told=f"Đã thêm đơn vị thụ hưởng số {number}.")


def _read(form: Fields) -> dict[str, Any]:
    return {
        "name": form.line("name", "tên đơn vị thụ hưởng", required=True),
        "kind": form.read("kind", _kind, required="Hãy chọn loại đơn vị."),
        "tax_code": form.line("tax_code", "mã số thuế") or None,
        "place": form.line("place", "địa bàn") or None,
        "women_owned": form.ticked("women_owned"),
        "ethnic_minority_owned": form.ticked("ethnic_minority_owned"),
    }


def _kind(text: str) -> str:
    if text not in BENEFICIARY_KINDS:
        raise Refused("Loại này không có trong danh sách; hãy chọn lại.")
    return text


def _checked(written: dict[str, Any]) -> BeneficiaryForm:
    try:
        return BeneficiaryForm.model_validate(written)
    except ValidationError as error:
        raise refuse_invalid(error, "Đơn vị thụ hưởng") from error


def _said(refused: Refused) -> Refused:
    return Refused(*map(on_page, refused.reasons))


@pages.show("/directory/beneficiaries/{number}", who=OFFICE, label="Danh bạ: một đơn vị thụ hưởng")
def beneficiary_page(visit: AtDesk, number: Id) -> Response:
    with visit.reading() as session:
        found = beneficiary_sheet(session, number, reader=visit.person)
    may_edit = visit.person.role in EDITORS
    return visit.page("directory/one.html", found=found, kinds=BENEFICIARY_KINDS, may_edit=may_edit, tabs=TABS)


@pages.show("/directory/beneficiaries/{number}/edit", who=EDITORS, label="Sửa đơn vị thụ hưởng")
def edit_page(visit: AtDesk, number: Id) -> Response:
    with visit.reading() as session:
        found = beneficiary_sheet(session, number, reader=visit.person)
    return _form(visit, Fields(), found)


@pages.act("/directory/beneficiaries/{number}/edit", who=EDITORS, label="Sửa đơn vị thụ hưởng")
async def edit(visit: AtDesk, request: Request, number: Id) -> Response:
    return await run_in_threadpool(_edit, visit, number, Fields(await request.form()))


def _edit(visit: Visit, number: int, form: Fields) -> Response:
    with visit.reading() as session:
        found = beneficiary_sheet(session, number, reader=visit.person)
    written, note = _read(form), form.read("note", lambda text: clean_line(text, "Lý do sửa")) or ""
    if form.mistakes:
        return _form(visit, form, found, 409)
    try:
        with visit.writing() as session:
            standing = beneficiary_sheet(session, number, reader=visit.person)
            if form.typed("seen") not in ("", str(standing["version"])):
                form.propose_anew("seen")
                found = standing
                raise Refused(STALE)
            edit_beneficiary(
                session,
                number,
                written,
                by=visit.person,
                origin=visit.origin,
                distinct=form.ticked("distinct"),
                note=note,
            )
    except Refused as refused:
        form.refused(_said(refused), _BESIDE)
        return _form(visit, form, found, 409)
    return visit.go(f"/directory/beneficiaries/{number}", told="Đã sửa; sự kiện ghi cả giá trị cũ và mới.")
