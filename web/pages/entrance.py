"""Coming in and going out: sign-in, the demonstration's open door, language, sign-out."""

from urllib.parse import urlsplit

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from models.desk.credentials import has_credentials, is_password, password_hash_of
from models.desk.personal import keep_personal
from models.desk.sessions import end_session, open_session
from models.desk.throttle import forgive, note_failure, refuse_guessing
from models.loading import load_person
from models.queries import people
from states.facts import Person
from states.refusal import Refused
from web import words
from web.access import COOKIE, Pages, set_cookie
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.roles import ANYONE

pages = Pages()

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng; hãy thử lại."


def own_path(path: str) -> str:
    """A path of this desk, whatever was written into `next`: an address elsewhere would lead people astray."""
    parts = urlsplit(path)
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and "\\" not in path
    return path if is_own and path.isprintable() else "/"


@pages.show("/login", who=ANYONE, label="Đăng nhập")
def login_page(visit: AtDesk, next: str = "/") -> Response:
    if visit.signed_in:
        return RedirectResponse(own_path(next), 303)
    return _shown(visit, Fields(), next)


def _shown(visit: Visit, form: Fields, onward: str, status: int = 200) -> Response:
    with visit.reading() as session:
        everyone = [row for row in people(session) if row["active"]] if visit.desk.is_demonstration else []
        is_new = not visit.desk.is_demonstration and not has_credentials(session)
    return visit.page("login.html", status=status, form=form, onward=own_path(onward), everyone=everyone, is_new=is_new)


@pages.act("/login", who=ANYONE, label="Đăng nhập")
async def log_in(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_log_in, visit, Fields(await request.form()))


def _log_in(visit: Visit, form: Fields) -> Response:
    onward, name = own_path(form.typed("next") or "/"), form.typed("name").strip().lower()[:64]
    try:
        with visit.reading() as session:
            refuse_guessing(session, name, visit.address, at=visit.at)
            hashed = password_hash_of(session, name)
    except Refused as refused:
        form.refused(refused)
        return _shown(visit, form, onward, 429)
    if not is_password(hashed, form.typed("password")):
        with visit.writing() as session:
            note_failure(session, name, visit.address, at=visit.at)
        form.mistaken("", WRONG)
        return _shown(visit, form, onward, 403)
    with visit.writing() as session:
        forgive(session, name)
        person = load_person(session, name)
    return let_in(visit, person, onward)


def let_in(visit: Visit, person: Person, onward: str) -> Response:
    """Open a session for a person who has proved who they are, and send the browser on."""
    with visit.writing() as session:
        agent = visit.request.headers.get("user-agent", "")
        token = open_session(session, person.id, at=visit.at, address=visit.address, agent=agent)
    answer = RedirectResponse(onward, 303)
    set_cookie(answer, token, secure=visit.desk.settings.base_url.startswith("https://"))
    return answer


@pages.act("/login/demonstration", who=ANYONE, label="Vào sổ minh họa không cần mật khẩu")
async def log_in_to_demonstration(visit: AtDesk, request: Request) -> Response:
    form = Fields(await request.form())
    if not visit.desk.is_demonstration:
        raise Refused("Chỉ sổ minh họa mới vào được không cần mật khẩu; hãy đăng nhập.")
    with visit.reading() as session:
        person = load_person(session, form.typed("name"))
    if not person.active:
        raise Refused(f"Tài khoản của {person.name} đã khóa; hãy chọn người khác.")
    return let_in(visit, person, own_path(form.typed("next") or "/"))


@pages.act("/logout", who=ANYONE, label="Đăng xuất")
def log_out(visit: AtDesk) -> Response:
    if visit.signed_in:
        with visit.writing() as session:
            end_session(session, visit.signed_in.key, at=visit.at)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


@pages.act("/language", who=ANYONE, label="Đổi ngôn ngữ của trang")
async def change_language(visit: AtDesk, request: Request) -> Response:
    form = Fields(await request.form())
    chosen = form.typed("language")
    answer = RedirectResponse(own_path(form.typed("next") or "/"), 303)
    if chosen in words.LANGUAGES:
        if visit.signed_in:
            with visit.writing() as session:
                keep_personal(session, visit.person.id, "language", chosen)
        answer.set_cookie("language", chosen, samesite="lax", max_age=31_536_000)
    return answer
