"""The people who work with the register: who they are, what they may, whether they can sign in."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.desk.accounts import account, accounts
from models.loading import load_person
from models.people import add_person, edit_person
from models.queries import people as everyone
from models.queries import person, places, units
from models.reminders.addresses import use_again
from states.contacts import read_email, read_phone, read_short_code
from states.refusal import Refused
from states.vocabulary import Role
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields

pages = Pages()

READERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.LEADER})
EDITORS = frozenset({Role.ADMINISTRATOR})
STALE = "Người này vừa được người khác sửa; hãy xem lại thông tin mới bên dưới rồi sửa tiếp."
#: By which words a refusal belongs to a field.
_WORDS = {
    "name": ("họ tên",),
    "unit": ("đơn vị",),
    "place": ("địa bàn",),
    "role": ("quản trị cuối cùng",),
    "code": ("mã người dùng",),
}


@pages.show("/people", who=READERS, label="Người dùng")
def people_page(visit: AtDesk, role: str = "", state: str = "") -> Response:
    """Everyone, or of one role, or those who are locked or cannot sign in yet."""
    with visit.reading() as session:
        known = accounts(session, at=visit.at)
        rows = [row | known[row["code"]] for row in everyone(session, role=Role(role) if role in set(Role) else None)]
    kept = {"locked": _is_locked, "no_password": _cannot_sign_in}.get(state)
    rows = [row for row in rows if kept is None or kept(row)]
    return visit.page("people.html", rows=rows, role=role, state=state, roles=_roles(), may_edit=_may_edit(visit))


def _is_locked(row: dict[str, Any]) -> bool:
    return not row["active"]


def _cannot_sign_in(row: dict[str, Any]) -> bool:
    return row["active"] and not row["password"] and not row["account"]


def _roles() -> list[tuple[str, str]]:
    return [(str(role), role.label) for role in Role]


def _may_edit(visit: Visit) -> bool:
    return visit.person.role in EDITORS


# --- a new person -------------------------------------------------------------------------------------


@pages.show("/people/new", who=EDITORS, label="Thêm người dùng")
def new_person(visit: AtDesk) -> Response:
    return _form_shown(visit, Fields())


def _form_shown(visit: Visit, form: Fields, status: int = 200) -> Response:
    nobody = dict.fromkeys(("name", "role", "unit", "place", "email", "phone"))
    return visit.page("person_new.html", status=status, form=form, who=nobody, roles=_roles(), **_choices(visit))


def _choices(visit: Visit, who: Mapping[str, Any] | None = None) -> dict[str, list[tuple[str, str]]]:
    """The units and the communes of today as a form offers them, and what the person has now."""
    with visit.reading() as session:
        offices = {row["code"]: row["name"] for row in units(session) if row["active"]}
        communes = places(session, level="commune", on=visit.today, limit=1000)
    areas = {row["code"]: row["full_name"] for row in communes}
    if who:
        offices |= {who["unit"]: who["unit_name"]} if who["unit"] else {}
        areas |= {who["place"]: who["place_name"]} if who["place"] not in (None, *areas) else {}
    return {"units": list(offices.items()), "places": list(areas.items())}


@pages.act("/people/new", who=EDITORS, label="Thêm người dùng")
async def add(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_add, visit, Fields(await request.form()))


def _add(visit: Visit, form: Fields) -> Response:
    code = form.read("code", read_short_code, required="Hãy ghi mã người dùng; đó cũng là tên đăng nhập.")
    values = _typed(form)
    if code is None or form.mistakes:
        return _form_shown(visit, form, 409)
    try:
        with visit.writing() as session:
            add_person(session, code, origin=visit.origin, **values)
    except Refused as refused:
        form.refused(refused, _WORDS)
        return _form_shown(visit, form, 409)
    return visit.go(f"/people/{code}", told=f"Đã thêm {values['name']}; hãy lập đường dẫn để người này đặt mật khẩu.")


def _typed(form: Fields) -> dict[str, Any]:
    """What both forms hold."""
    return {
        "name": form.line("name", "Họ tên", required=True),
        "role": form.code("role", Role, required="Hãy chọn vai trò."),
        "unit": form.typed("unit") or None,
        "place": form.typed("place") or None,
        "email": form.read("email", read_email) or "",
        "phone": form.read("phone", read_phone) or "",
    }


# --- one person ---------------------------------------------------------------------------------------


@pages.show("/people/{code}", who=READERS, label="Một người dùng")
def person_page(visit: AtDesk, code: str) -> Response:
    return shown(visit, code, Fields())


def shown(visit: Visit, code: str, form: Fields, status: int = 200, *, link: str = "") -> Response:
    """The page of a person; `link` is an invitation that was made just now and is shown this once."""
    with visit.reading() as session:
        who = person(session, code)
        who |= account(session, who["code"], at=visit.at)
    values = {"form": form, "who": who, "roles": _roles(), "may_edit": _may_edit(visit), "link": link}
    return visit.page("person.html", status=status, **values, **_choices(visit, who))


@pages.act("/people/{code}", who=EDITORS, label="Sửa người dùng")
async def edit(visit: AtDesk, request: Request, code: str) -> Response:
    return await run_in_threadpool(_edit, visit, Fields(await request.form()), code)


def _edit(visit: Visit, form: Fields, code: str) -> Response:
    values = _typed(form)
    if form.mistakes:
        return shown(visit, code, form, 409)
    try:
        with visit.writing() as session:
            was = person(session, code)
            if str(account(session, code, at=visit.at)["version"]) != form.typed("seen"):
                form.propose_anew("seen")
                raise Refused(STALE)
            given: dict[str, Any] = {
                name: value or "" for name, value in values.items() if (value or "") != (was[name] or "")
            }
            if not given:
                raise Refused("Không có gì thay đổi so với thông tin đang ghi.")
            edit_person(session, code, visit.origin, note=form.line("note", "Lý do"), **given)
            typed = {way: bool(given.get(way)) for way in ("email", "phone")}
            use_again(session, load_person(session, code).id, **typed)
    except Refused as refused:
        form.refused(refused, _WORDS)
        return shown(visit, code, form, 409)
    return visit.go(f"/people/{code}", told=f"Đã sửa thông tin của {values['name']}.")
