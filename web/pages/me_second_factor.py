"""My second factor: turned on with a code of my telephone, turned off with one, recovery codes shown once."""

from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from markupsafe import Markup

from models.desk.access_log import AccessAct, note_access
from models.desk.second_factor import (
    enrolment_uri,
    is_seed,
    new_recovery_codes,
    new_seed,
    prove,
    recovery_codes_left,
    remove_second_factor,
    renew_recovery_codes,
    secret_of,
    set_up,
)
from models.desk.sessions import end_sessions_of, mark_proved
from models.desk.throttle import claim_attempt, forgive
from models.desk.throttle import second_factor as guess_of
from models.reminders.links import secret_key
from models.store import Session
from states.refusal import Refused
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.entrance import WRONG_CODE
from web.pages.proving import ask_password, wants_password
from web.roles import EVERYONE

pages = Pages()

#: The name under which telephones keep the code; short, so that the square stays easy to scan.
ISSUER = "Sổ khuyến công"


@pages.show("/me/second-factor", who=EVERYONE, label="Xác thực hai bước của mình")
def second_factor(visit: AtDesk) -> Response:
    return _shown(visit, Fields())


def _shown(visit: Visit, form: Fields, status: int = 200, *, codes: list[str] | None = None) -> Response:
    """The page as it stands: with a new square to scan while it is off; with the codes just made, once."""
    with visit.reading() as session:
        left = recovery_codes_left(session, visit.person.id)
    seed = form.typed("seed") if is_seed(form.typed("seed")) else new_seed()
    secret = secret_of(_key(visit), seed) if left is None else ""
    square = _square(enrolment_uri(secret, code=visit.person.code, title=ISSUER)) if secret else ""
    spelled = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    values: dict[str, Any] = {"left": left, "seed": seed, "square": square, "spelled": spelled, "codes": codes or []}
    values["wants_password"] = wants_password(visit)
    return visit.page("second_factor.html", status=status, form=form, **values)


def _key(visit: Visit) -> bytes:
    return secret_key(visit.desk.settings.secret_key_path)


def _square(text: str) -> Markup:
    """The text as a QR code, drawn in the page itself: the secret goes nowhere else. On white also in the dark."""
    import segno

    drawn = segno.make(text, error="m").svg_inline(scale=4, border=4, light="#fff", svgclass="square", lineclass="")
    return Markup(drawn)


@pages.act("/me/second-factor", who=EVERYONE, label="Bật xác thực hai bước của mình")
async def turn_on(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_turn_on, visit, Fields(await request.form()))


def _turn_on(visit: Visit, form: Fields) -> Response:
    me, codes = visit.person, new_recovery_codes()
    ask_password(visit, form, "password")
    if form.mistakes:
        return _shown(visit, form, 409)
    try:
        with visit.writing() as session:
            set_up(session, _key(visit), me.id, form.typed("seed"), form.typed("code"), codes, at=visit.at)
            _note(session, visit, AccessAct.SECOND_FACTOR)
            if visit.signed_in:
                mark_proved(session, visit.signed_in.key)
                end_sessions_of(session, me.id, at=visit.at, but=visit.signed_in.key)
    except Refused as refused:
        form.refused(refused, {"code": ("mã 6 số",)})
        return _shown(visit, form, 409)
    return _shown(visit, Fields(), codes=codes)


@pages.act("/me/second-factor/off", who=EVERYONE, label="Tắt xác thực hai bước của mình")
async def turn_off(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_turn_off, visit, Fields(await request.form()))


def _turn_off(visit: Visit, form: Fields) -> Response:
    ask_password(visit, form, "password")
    # A code is used up by showing it, so it is not asked for where the password was wrong.
    if form.mistakes or not _is_proved(visit, form):
        return _shown(visit, form, 409)
    with visit.writing() as session:
        remove_second_factor(session, visit.person.id)
        end_sessions_of(session, visit.person.id, at=visit.at, but=visit.signed_in.key if visit.signed_in else "")
        _note(session, visit, AccessAct.SECOND_FACTOR_OFF)
    return visit.go("/me", told="Đã tắt xác thực hai bước; từ nay chỉ cần mật khẩu.")


@pages.act("/me/second-factor/codes", who=EVERYONE, label="Lập mã dự phòng mới của mình")
async def make_codes(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_make_codes, visit, Fields(await request.form()))


def _make_codes(visit: Visit, form: Fields) -> Response:
    if not _is_proved(visit, form):
        return _shown(visit, form, 409)
    codes = new_recovery_codes()
    with visit.writing() as session:
        renew_recovery_codes(session, visit.person.id, codes)
        _note(session, visit, AccessAct.RECOVERY_CODES)
    return _shown(visit, Fields(), codes=codes)


def _is_proved(visit: Visit, form: Fields) -> bool:
    """Who changes the second factor shows it: a browser left open is not enough. The mistake goes into the form."""
    guess = guess_of(visit.person.code.lower())
    try:
        with visit.writing() as session:
            attempt = claim_attempt(session, guess, at=visit.at)
        with visit.writing() as session:
            if prove(session, _key(visit), visit.person.id, form.typed("code"), at=visit.at) is not None:
                forgive(session, guess, attempt)
                return True
    except Refused as refused:
        form.refused(refused)
        return False
    form.mistaken("code", WRONG_CODE)
    return False


def _note(session: Session, visit: Visit, act: AccessAct) -> None:
    note_access(session, act, person_id=visit.person.id, origin=visit.origin, address=visit.address)
