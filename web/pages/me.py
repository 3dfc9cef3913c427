"""My account: who I am to the register, my password, and the browsers in which I am signed in."""

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.desk.credentials import hash_password, is_password, password_hash_of, set_password
from models.desk.sessions import end_session, sessions_of
from models.queries import person
from states.refusal import Refused
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.entrance import let_in
from web.roles import EVERYONE

pages = Pages()


@pages.show("/me", who=EVERYONE, label="Tài khoản của tôi")
def account(visit: AtDesk) -> Response:
    return _shown(visit, Fields())


def _shown(visit: Visit, form: Fields, status: int = 200) -> Response:
    with visit.reading() as session:
        who = person(session, visit.person.code)
        browsers = sessions_of(session, visit.person.id, at=visit.at)
    return visit.page("me.html", status=status, form=form, who=who, browsers=browsers)


@pages.act("/me/password", who=EVERYONE, label="Đổi mật khẩu của mình")
async def change_password(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_change_password, visit, Fields(await request.form()))


def _change_password(visit: Visit, form: Fields) -> Response:
    me = visit.person
    with visit.reading() as session:
        hashed = password_hash_of(session, me.code)
    if not visit.desk.is_demonstration and not is_password(hashed, form.typed("old")):
        form.mistaken("old", "Mật khẩu đang dùng không đúng; hãy gõ lại.")
    if form.typed("new") != form.typed("again"):
        form.mistaken("again", "Hai lần gõ mật khẩu mới không giống nhau; hãy gõ lại.")
    chosen = form.read("new", lambda text: hash_password(text, code=me.code), required="Hãy gõ mật khẩu mới.")
    if form.mistakes or chosen is None:
        return _shown(visit, form, 409)
    with visit.writing() as session:
        set_password(session, me.id, chosen, at=visit.at)
    # Every session of the old password has ended, this one too: it is opened anew.
    return let_in(visit, me, "/me")


@pages.act("/me/browsers/{key}/end", who=EVERYONE, label="Đăng xuất một trình duyệt của mình")
def end_browser(visit: AtDesk, key: str) -> Response:
    with visit.writing() as session:
        if key not in {row["token_hash"] for row in sessions_of(session, visit.person.id, at=visit.at)}:
            raise Refused("Trình duyệt này đã đăng xuất rồi; hãy tải lại trang.")
        end_session(session, key, at=visit.at)
    return visit.go("/me", told="Đã đăng xuất trình duyệt đó.")
