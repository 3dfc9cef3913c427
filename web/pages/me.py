"""My account: who I am to the register, my password, and the browsers in which I am signed in."""

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.desk.access_log import AccessAct, note_access
from models.desk.credentials import set_password
from models.desk.keys import withdraw_keys
from models.desk.second_factor import recovery_codes_left
from models.desk.sessions import end_session, end_sessions_of, sessions_of
from models.queries import person
from models.store import Session
from states.refusal import Refused
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.entrance import let_in
from web.pages.proving import ask_password, wants_password
from web.pages.setup import chosen_password
from web.roles import EVERYONE

pages = Pages()


@pages.show("/me", who=EVERYONE, label="Tài khoản của tôi")
def account(visit: AtDesk) -> Response:
    return _shown(visit, Fields())


def _shown(visit: Visit, form: Fields, status: int = 200) -> Response:
    with visit.reading() as session:
        who = person(session, visit.person.code)
        browsers = sessions_of(session, visit.person.id, at=visit.at)
        codes_left = recovery_codes_left(session, visit.person.id)
    values = {"browsers": browsers, "codes_left": codes_left, "wants_password": wants_password(visit)}
    return visit.page("me.html", status=status, form=form, who=who, **values)


@pages.act("/me/password", who=EVERYONE, label="Đổi mật khẩu của mình")
async def change_password(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_change_password, visit, Fields(await request.form()))


def _change_password(visit: Visit, form: Fields) -> Response:
    me = visit.person
    ask_password(visit, form, "old")
    chosen = chosen_password(form, code=me.code)
    if form.mistakes:
        return _shown(visit, form, 409)
    with visit.writing() as session:
        set_password(session, me.id, chosen, at=visit.at)
        _note(session, visit, AccessAct.PASSWORD)
        if form.ticked("keys") and withdraw_keys(session, me.id, at=visit.at):
            _note(session, visit, AccessAct.KEYS_WITHDRAWN)
    # Every session of the old password has ended, this one too: it is opened anew.
    return let_in(visit, me, "/me")


@pages.act("/me/browsers/{key}/end", who=EVERYONE, label="Đăng xuất một trình duyệt của mình")
def end_browser(visit: AtDesk, key: str) -> Response:
    with visit.writing() as session:
        if key not in {row["token_hash"] for row in sessions_of(session, visit.person.id, at=visit.at)}:
            raise Refused("Trình duyệt này đã đăng xuất rồi; hãy tải lại trang.")
        end_session(session, key, at=visit.at)
    return visit.go("/me", told="Đã đăng xuất trình duyệt đó.")


@pages.act("/me/browsers/end-others", who=EVERYONE, label="Đăng xuất mọi trình duyệt khác của mình")
def end_other_browsers(visit: AtDesk) -> Response:
    mine = visit.signed_in.key if visit.signed_in else ""
    with visit.writing() as session:
        end_sessions_of(session, visit.person.id, at=visit.at, but=mine)
        _note(session, visit, AccessAct.SIGNED_OUT)
    return visit.go("/me", told="Đã đăng xuất mọi trình duyệt khác.")


def _note(session: Session, visit: Visit, act: AccessAct) -> None:
    note_access(session, act, person_id=visit.person.id, origin=visit.origin, address=visit.address)
