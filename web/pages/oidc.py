"""Signing in with the office's account: out to the account server, and back with what it says."""

import base64
import json
import logging
import secrets

from fastapi.responses import RedirectResponse, Response

from models.append import Origin
from models.desk.access_log import AccessAct, note_access
from models.desk.linked_accounts import person_of_account
from states.facts import Person
from states.refusal import Refused
from web.access import Pages
from web.desk import DOOR, AtDesk, Visit
from web.fields import Fields
from web.oidc import Attempt, Identity, begin, provider_of
from web.pages.entrance import admit, login_shown, own_path
from web.roles import ANYONE

pages = Pages()
log = logging.getLogger("dean.web")

#: The cookie of a sign-in that is on its way, and how long it may take, in seconds.
COOKIE, LASTS = "dean_signing_in", 600
STRANGE = "Lần đăng nhập này không bắt đầu từ trình duyệt này, hoặc đã quá lâu; hãy bắt đầu lại."


@pages.show("/login/oidc", who=ANYONE, label="Đăng nhập bằng tài khoản của cơ quan")
def go_out(visit: AtDesk, next: str = "/") -> Response:
    """Send the browser to the account server, with a cookie by which its answer will be known."""
    attempt = begin(own_path(next))
    try:
        door = provider_of(visit.desk.settings).door(attempt)
    except Refused as refused:
        return _shown(visit, refused, attempt.onward)
    answer = RedirectResponse(door, 303)
    secure = visit.desk.is_https
    written = base64.urlsafe_b64encode(json.dumps(attempt.as_json()).encode()).decode()
    # Lax: the way back is a link from the other site, and must bring the cookie.
    answer.set_cookie(_cookie(visit), written, max_age=LASTS, httponly=True, samesite="lax", secure=secure, path="/")
    return answer


def _cookie(visit: Visit) -> str:
    return f"__Host-{COOKIE}" if visit.desk.is_https else COOKIE


def _shown(visit: Visit, refused: Refused, onward: str) -> Response:
    form = Fields()
    form.refused(refused)
    answer = login_shown(visit, form, onward, 409)
    answer.delete_cookie(_cookie(visit), httponly=True, samesite="lax", secure=visit.desk.is_https, path="/")
    return answer


@pages.show("/login/oidc/callback", who=ANYONE, label="Trở về từ cổng đăng nhập của cơ quan")
def come_back(visit: AtDesk, code: str = "", state: str = "", error: str = "") -> Response:
    """Let in whom the account server has recognised and the register knows."""
    attempt = _attempt(visit)
    onward = attempt.onward if attempt else "/"
    try:
        if attempt is None or not secrets.compare_digest(state.encode(), attempt.state.encode()):
            raise Refused(STRANGE)
        if error or not code:
            raise Refused("Cổng đăng nhập không cho vào, hoặc bạn đã thôi giữa chừng; hãy thử lại.")
        identity = provider_of(visit.desk.settings).identity(code, attempt, at=visit.at)
        person = _known(visit, identity)
    except Refused as refused:
        log.warning("Đăng nhập qua cổng không thành từ %s: %s", visit.address, " ".join(refused.reasons))
        return _shown(visit, refused, onward)
    answer = admit(visit, person, onward)
    answer.delete_cookie(_cookie(visit), httponly=True, samesite="lax", secure=visit.desk.is_https, path="/")
    return answer


def _attempt(visit: Visit) -> Attempt | None:
    """What the cookie says of the sign-in that this browser has begun; None for what is no such cookie."""
    try:
        told = json.loads(base64.urlsafe_b64decode(visit.request.cookies.get(_cookie(visit), "")))
        state, nonce, verifier = (str(told[name]) for name in ("state", "nonce", "verifier"))
        return Attempt(state, nonce, verifier, own_path(told["onward"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _known(visit: Visit, identity: Identity) -> Person:
    """The person of the account; the first time it is found by the proved e-mail address, and kept."""
    account = f"{visit.desk.settings.oidc_issuer} {identity.subject}"
    with visit.writing() as session:
        person, is_new = person_of_account(session, account, identity.email, at=visit.at)
        if is_new:
            origin = Origin(visit.at, person.id, DOOR)
            note_access(session, AccessAct.ACCOUNT_LINKED, person_id=person.id, origin=origin, address=visit.address)
    return person
