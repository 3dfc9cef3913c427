"""Choosing a password by a link that an administrator made: the first one of a new office, and every other one."""

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.append import Origin
from models.desk.access_log import AccessAct, note_access
from models.desk.credentials import accept_invitation, hash_password, invited
from models.desk.throttle import forgive_everywhere
from states.refusal import Refused
from web.access import Pages
from web.desk import DOOR, AtDesk, Visit
from web.fields import Fields
from web.pages.entrance import admit
from web.roles import ANYONE

pages = Pages()


def chosen_password(form: Fields, *, code: str) -> str:
    """The hash of a password typed twice as it should be; the mistakes go into the form. Slow on purpose."""
    typed = form.typed("new")
    if typed != form.typed("again"):
        form.mistaken("again", "Hai lần gõ mật khẩu mới không giống nhau; hãy gõ lại.")
    try:
        # Not stripped of blanks, as those of the sign-in are not.
        return hash_password(typed, code=code) if not form.mistakes else ""
    except Refused as refused:
        form.mistaken("new", *refused.reasons)
        return ""


@pages.show("/invite/{token}", who=ANYONE, label="Đặt mật khẩu theo đường dẫn được gửi")
def invitation(visit: AtDesk, token: str) -> Response:
    """Show what the link is for. Looking changes nothing: mail scanners look too."""
    return _shown(visit, Fields(), token)


def _shown(visit: Visit, form: Fields, token: str, status: int = 200) -> Response:
    with visit.reading() as session:
        who = invited(session, token, at=visit.at)
    return visit.page("invite.html", status=status, form=form, who=who, token=token)


@pages.act("/invite/{token}", who=ANYONE, label="Đặt mật khẩu theo đường dẫn được gửi")
async def choose_password(visit: AtDesk, request: Request, token: str) -> Response:
    return await run_in_threadpool(_choose_password, visit, Fields(await request.form()), token)


def _choose_password(visit: Visit, form: Fields, token: str) -> Response:
    with visit.reading() as session:
        who = invited(session, token, at=visit.at)
    chosen = chosen_password(form, code=who.code)
    if form.mistakes:
        return _shown(visit, form, token, 409)
    with visit.writing() as session:
        person = accept_invitation(session, token, chosen, at=visit.at)
        forgive_everywhere(session, person.code.lower())
        origin = Origin(visit.at, person.id, DOOR)
        note_access(session, AccessAct.PASSWORD, person_id=person.id, origin=origin, address=visit.address)
    return admit(visit, person, "/")
