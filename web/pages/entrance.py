"""Coming in and going out: sign-in, the second factor, the demonstration's open door, language, sign-out."""

from urllib.parse import quote, urlsplit

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from models.append import Origin
from models.desk.access_log import AccessAct, note_access
from models.desk.credentials import has_credentials, is_password, known_as, password_hash_of
from models.desk.devices import device_mark, device_of
from models.desk.personal import keep_personal
from models.desk.second_factor import Proof, prove, recovery_codes_left
from models.desk.sessions import end_session, halfway, open_session
from models.desk.throttle import at_the_door, claim_attempt, forgive, second_factor
from models.loading import load_person
from models.queries import people
from models.reminders.links import secret_key
from models.store import Session
from states.facts import Person
from states.refusal import Refused
from web import words
from web.access import Pages, device_cookie, drop_cookie, session_token, set_cookie, set_device_cookie
from web.desk import DOOR, AtDesk, Visit
from web.fields import Fields
from web.roles import ANYONE

pages = Pages()

WRONG = "Tên đăng nhập hoặc mật khẩu không đúng; hãy thử lại."
WRONG_CODE = "Mã không đúng hoặc đã dùng; hãy đợi điện thoại hiện mã mới rồi gõ lại, hoặc dùng một mã dự phòng."


def own_path(path: str) -> str:
    """A path of this desk, whatever was written into `next`: an address elsewhere would lead people astray."""
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.netloc and "\\" not in path
    return path if is_own and path.isprintable() else "/"


@pages.show("/login", who=ANYONE, label="Đăng nhập")
def login_page(visit: AtDesk, next: str = "/") -> Response:
    if visit.signed_in:
        return RedirectResponse(own_path(next), 303)
    return login_shown(visit, Fields(), next)


def login_shown(visit: Visit, form: Fields, onward: str, status: int = 200) -> Response:
    """The sign-in page, with whatever speaks against coming in."""
    with visit.reading() as session:
        everyone = [row for row in people(session) if row["active"]] if visit.desk.is_demonstration else []
        is_new = not visit.desk.is_demonstration and not has_credentials(session)
    return visit.page("login.html", status=status, form=form, onward=own_path(onward), everyone=everyone, is_new=is_new)


@pages.act("/login", who=ANYONE, label="Đăng nhập")
async def log_in(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_log_in, visit, Fields(await request.form()))


def _log_in(visit: Visit, form: Fields) -> Response:
    onward, name = own_path(form.typed("next") or "/"), form.typed("name").strip()[:64]
    try:
        with visit.writing() as session:
            # Counted under the name that is meant: other letters for it are no further attempts.
            name = known_as(session, name)
            guess = at_the_door(name.lower(), visit.address, _device(session, visit, name))
            attempt = claim_attempt(session, guess, at=visit.at)
            hashed = password_hash_of(session, name)
    except Refused as refused:
        form.refused(refused)
        return login_shown(visit, form, onward, 429)
    if not is_password(hashed, form.typed("password")):
        form.mistaken("", WRONG)
        return login_shown(visit, form, onward, 403)
    with visit.writing() as session:
        person = load_person(session, name)
        forgive(session, guess, attempt)
    return admit(visit, person, onward)


def _device(session: Session, visit: Visit, name: str) -> str:
    """Under what the guesses of a browser count in which this person signed in before; empty for any other."""
    mark = visit.request.cookies.get(device_cookie(visit, name), "")
    return device_of(session, secret_key(visit.desk.settings.secret_key_path), name, mark) if mark else ""


def admit(visit: Visit, person: Person, onward: str) -> Response:
    """Send a person who has shown one proof on: into the desk, or to the second factor where one is set up."""
    with visit.reading() as session:
        wants_more = recovery_codes_left(session, person.id) is not None
    if not wants_more:
        return let_in(visit, person, onward)
    return _opened(visit, person, f"/login/code?next={quote(onward)}", proved=False)


def let_in(visit: Visit, person: Person, onward: str) -> Response:
    """Open a session for a person who has proved who they are, and send the browser on."""
    return _opened(visit, person, onward, proved=True)


def _opened(visit: Visit, person: Person, onward: str, *, proved: bool) -> Response:
    with visit.writing() as session:
        if visit.signed_in:
            end_session(session, visit.signed_in.key, at=visit.at)
        agent = visit.request.headers.get("user-agent", "")
        token = open_session(session, person.id, at=visit.at, address=visit.address, agent=agent, proved=proved)
        mark = _mark(session, visit, person) if proved else ""
    answer = RedirectResponse(onward, 303)
    set_cookie(answer, visit, token)
    if mark:
        set_device_cookie(answer, visit, person.code, mark)
    return answer


def _mark(session: Session, visit: Visit, person: Person) -> str:
    """A mark for a browser that is new to the person; empty where it has one, or the person has no password."""
    if _device(session, visit, person.code):
        return ""
    return device_mark(session, secret_key(visit.desk.settings.secret_key_path), person.code)


# --- the second factor --------------------------------------------------------------------------------


@pages.show("/login/code", who=ANYONE, label="Xác thực hai bước")
def code_page(visit: AtDesk, next: str = "/") -> Response:
    with visit.reading() as session:
        waits = halfway(session, session_token(visit), at=visit.at)
    if waits is None:
        return RedirectResponse(own_path(next) if visit.signed_in else "/login", 303)
    return visit.page("login_code.html", form=Fields(), onward=own_path(next), who=waits[1])


@pages.act("/login/code", who=ANYONE, label="Xác thực hai bước")
async def show_code(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_show_code, visit, Fields(await request.form()))


def _show_code(visit: Visit, form: Fields) -> Response:
    onward = own_path(form.typed("next") or "/")
    with visit.reading() as session:
        waits = halfway(session, session_token(visit), at=visit.at)
    if waits is None:
        return RedirectResponse(f"/login?next={quote(onward)}", 303)
    key, person = waits
    try:
        proof = _proof(visit, person, form.typed("code"))
    except Refused as refused:
        form.refused(refused)
        return visit.page("login_code.html", status=429, form=form, onward=onward, who=person)
    if proof is None:
        form.mistaken("code", WRONG_CODE)
        return visit.page("login_code.html", status=403, form=form, onward=onward, who=person)
    with visit.writing() as session:
        end_session(session, key, at=visit.at)
    return let_in(visit, person, onward)


def _proof(visit: Visit, person: Person, typed: str) -> Proof | None:
    """Use a code up. Raises Refused after too many failures, from wherever they came."""
    guess = second_factor(person.code.lower())
    with visit.writing() as session:
        attempt = claim_attempt(session, guess, at=visit.at)
    with visit.writing() as session:
        key = secret_key(visit.desk.settings.secret_key_path)
        proof = prove(session, key, person.id, typed, at=visit.at)
        if proof is not None:
            forgive(session, guess, attempt)
        if proof is Proof.RECOVERY:
            origin = Origin(visit.at, person.id, DOOR)
            note_access(
                session, AccessAct.RECOVERY_CODE_USED, person_id=person.id, origin=origin, address=visit.address
            )
    return proof


# --- other doors --------------------------------------------------------------------------------------


@pages.act("/login/demonstration", who=ANYONE, label="Vào sổ minh họa không cần mật khẩu")
async def log_in_to_demonstration(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_log_in_to_demonstration, visit, Fields(await request.form()))


def _log_in_to_demonstration(visit: Visit, form: Fields) -> Response:
    if not visit.desk.is_demonstration:
        raise Refused("Chỉ sổ minh họa mới vào được không cần mật khẩu; hãy đăng nhập.")
    with visit.reading() as session:
        person = load_person(session, form.typed("name"))
    if not person.active:
        raise Refused(f"Tài khoản của {person.name} đã khóa; hãy chọn người khác.")
    return let_in(visit, person, own_path(form.typed("next") or "/"))


@pages.act("/logout", who=ANYONE, label="Đăng xuất")
def log_out(visit: AtDesk) -> Response:
    with visit.writing() as session:
        if visit.signed_in:
            end_session(session, visit.signed_in.key, at=visit.at)
        elif waits := halfway(session, session_token(visit), at=visit.at):
            end_session(session, waits[0], at=visit.at)
    answer = RedirectResponse("/login", 303)
    drop_cookie(answer, visit)
    return answer


@pages.act("/language", who=ANYONE, label="Đổi ngôn ngữ của trang")
async def change_language(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_change_language, visit, Fields(await request.form()))


def _change_language(visit: Visit, form: Fields) -> Response:
    chosen = form.typed("language")
    answer = RedirectResponse(own_path(form.typed("next") or "/"), 303)
    if chosen in words.LANGUAGES:
        if visit.signed_in:
            with visit.writing() as session:
                keep_personal(session, visit.person.id, "language", chosen)
        secure = visit.desk.is_https
        answer.set_cookie("language", chosen, samesite="lax", max_age=31_536_000, secure=secure, httponly=True)
    return answer
