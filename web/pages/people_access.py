"""What an administrator does to how a person comes in: lock, link for a password, second factor, open browsers."""

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.desk.access_log import AccessAct, note_access
from models.desk.credentials import invite
from models.desk.keys import withdraw_keys
from models.desk.linked_accounts import unlink_account
from models.desk.second_factor import remove_second_factor
from models.desk.sessions import end_sessions_of
from models.loading import load_person
from models.people import edit_person
from models.store import Session
from states.facts import Person
from states.refusal import Refused
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.people import EDITORS, shown

pages = Pages()


@pages.act("/people/{code}/lock", who=EDITORS, label="Khóa người dùng")
async def lock(visit: AtDesk, request: Request, code: str) -> Response:
    return await run_in_threadpool(_set_active, visit, Fields(await request.form()), code, False)


@pages.act("/people/{code}/unlock", who=EDITORS, label="Mở khóa người dùng")
async def unlock(visit: AtDesk, request: Request, code: str) -> Response:
    return await run_in_threadpool(_set_active, visit, Fields(await request.form()), code, True)


def _set_active(visit: Visit, form: Fields, code: str, active: bool) -> Response:
    note = form.line("note", "Lý do")
    try:
        if form.mistakes:
            raise Refused(*form.mistakes.pop("note"))
        with visit.writing() as session:
            edit_person(session, code, visit.origin, active=active, note=note)
            person = load_person(session, code)
            if not active:
                end_sessions_of(session, person.id, at=visit.at)
    except Refused as refused:
        form.refused(refused)
        return shown(visit, code, form, 409)
    done = "Đã mở khóa" if active else "Đã khóa và đăng xuất mọi trình duyệt của"
    return visit.go(f"/people/{code}", told=f"{done} {person.name}.")


@pages.act("/people/{code}/invite", who=EDITORS, label="Lập đường dẫn đặt mật khẩu")
def make_invitation(visit: AtDesk, code: str) -> Response:
    """Show the link once. It is kept as a hash only, so nobody can read it here again."""
    with visit.writing() as session:
        person = load_person(session, code)
        if not person.active:
            raise Refused(f"Tài khoản của {person.name} đã khóa; hãy mở khóa trước.")
        token = invite(session, person.id, at=visit.at)
        _note(session, visit, person, AccessAct.INVITED)
    link = f"{visit.desk.settings.base_url.rstrip('/')}/invite/{token}"
    return shown(visit, code, Fields(), link=link)


@pages.act("/people/{code}/second-factor/reset", who=EDITORS, label="Bỏ xác thực hai bước của người dùng")
def reset_second_factor(visit: AtDesk, code: str) -> Response:
    with visit.writing() as session:
        person = load_person(session, code)
        remove_second_factor(session, person.id)
        _end_browsers(session, visit, person)
        _note(session, visit, person, AccessAct.SECOND_FACTOR_RESET)
    return visit.go(f"/people/{code}", told=f"Đã bỏ xác thực hai bước của {person.name}; nay chỉ cần mật khẩu.")


@pages.act("/people/{code}/keys/withdraw", who=EDITORS, label="Thu hồi mã truy cập và đường dẫn lịch của người dùng")
def withdraw(visit: AtDesk, code: str) -> Response:
    with visit.writing() as session:
        person = load_person(session, code)
        if not withdraw_keys(session, person.id, at=visit.at):
            raise Refused(f"{person.name} không có mã truy cập hay đường dẫn lịch nào đang dùng; hãy tải lại trang.")
        _note(session, visit, person, AccessAct.KEYS_WITHDRAWN)
    return visit.go(f"/people/{code}", told=f"Đã thu hồi mọi mã truy cập và đường dẫn lịch của {person.name}.")


@pages.act("/people/{code}/account/unlink", who=EDITORS, label="Bỏ nối tài khoản của cổng đăng nhập")
def forget_account(visit: AtDesk, code: str) -> Response:
    with visit.writing() as session:
        person = load_person(session, code)
        unlink_account(session, person.id)
        _end_browsers(session, visit, person)
        _note(session, visit, person, AccessAct.ACCOUNT_UNLINKED)
    return visit.go(f"/people/{code}", told=f"Đã bỏ nối tài khoản của {person.name}.")


@pages.act("/people/{code}/sign-out", who=EDITORS, label="Đăng xuất mọi trình duyệt của người dùng")
def sign_out(visit: AtDesk, code: str) -> Response:
    with visit.writing() as session:
        person = load_person(session, code)
        end_sessions_of(session, person.id, at=visit.at)
        _note(session, visit, person, AccessAct.SIGNED_OUT)
    if person.id == visit.person.id:
        return visit.go("/login")
    return visit.go(f"/people/{code}", told=f"Đã đăng xuất mọi trình duyệt của {person.name}.")


def _end_browsers(session: Session, visit: Visit, person: Person) -> None:
    """Sign the person out of every browser, but never the administrator out of this one."""
    end_sessions_of(session, person.id, at=visit.at, but=visit.signed_in.key if visit.signed_in else "")


def _note(session: Session, visit: Visit, person: Person, act: AccessAct) -> None:
    note_access(session, act, person_id=person.id, origin=visit.origin, address=visit.address)
