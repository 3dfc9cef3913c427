"""The application: its routers, its guards, and what people read when something is refused, hidden or broken."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from flows.jobs.mistakes import told
from flows.jobs.settings import Settings
from models.queries import register
from models.queries.scope import OUT_OF_SIGHT
from models.store import Store
from states.refusal import Refused
from states.vocabulary import Role
from web.access import Admission, Denied, NotSignedIn, Permission, log_denial, permissions
from web.api.every import every as every_endpoint
from web.api.health import Counted, Figures
from web.api.problems import Problem, is_api, problem
from web.desk import Desk, Visit
from web.pages import every as every_page
from web.reasons import on_pages
from web.rendering import STATIC
from web.roles import ANYONE
from web.security import HEADERS, Guard

log = logging.getLogger("dean.web")

#: Pages that are made at once. Python runs one of its threads at a time: more only take memory, each with a connection
#: to the database; fewer, and some long exports would keep everybody waiting.
THREADS = 12


def create_app(settings: Settings, store: Store, *, now: Callable[[], datetime]) -> FastAPI:
    """Build the desk over an open register. `now` reads the clock, once per request.

    Raises Refused where there is no register to read.
    """
    app = _routed()
    app.state.desk = Desk(settings, store, register(store), now)
    app.state.figures = Figures()
    # The highest level takes three times as long for two hundredths fewer bytes.
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Guard, https=settings.base_url.startswith("https://"))
    app.add_middleware(Counted, figures=app.state.figures)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts(settings), www_redirect=False)
    app.add_exception_handler(NotSignedIn, _sign_in)
    app.add_exception_handler(Denied, _denied)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _missing)
    app.add_exception_handler(Exception, _broken)
    return app


def _routed() -> FastAPI:
    """Every page and endpoint, with the table of who may open them, which needs no register."""
    app = FastAPI(title="Sổ khuyến công", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_living)
    for router in (*every_page(), *every_endpoint()):
        app.include_router(router)
    app.mount("/static", Assets(directory=STATIC))
    # Raises for a route that says nobody's name: better no desk than one with a door left open.
    app.state.permissions = tuple(permissions(app))
    return app


@asynccontextmanager
async def _living(_app: FastAPI) -> AsyncIterator[None]:
    current_default_thread_limiter().total_tokens = THREADS
    yield


def permission_rows() -> list[dict[str, Any]]:
    """The permission table as the terminal prints it: `who` None lets strangers in."""
    told: tuple[Permission, ...] = _routed().state.permissions
    return [
        {"method": one.method, "path": one.path, "label": one.label, "scope": one.scope, "who": _sorted(one.who)}
        for one in sorted(told, key=lambda one: (one.path, one.method))
    ]


def _sorted(who: frozenset[Role] | None) -> list[str] | None:
    return None if who is None else [str(role) for role in Role if role in who]


def hosts(settings: Settings) -> list[str]:
    """The names under which this desk answers: another one in a request is a trick on somebody's browser."""
    own = urlsplit(settings.base_url).hostname or "127.0.0.1"
    return list(dict.fromkeys((own, "127.0.0.1", "localhost", *settings.web_hosts.split())))


class Assets(StaticFiles):
    """Our files, under an address that changes with their content: `/static/<mark>/<name>`."""

    def get_path(self, scope: Scope) -> str:
        return str(Path(*Path(super().get_path(scope)).parts[1:]))

    def file_response(self, *arguments: Any, **named: Any) -> Response:
        answer = super().file_response(*arguments, **named)
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


def visit_of(request: Request) -> Visit:
    """The visit of a request, also of one that no route has admitted."""
    if not hasattr(request.state, "visit"):
        request.state.visit = None
    if request.state.visit is None:
        desk: Desk = request.app.state.desk
        request.state.visit = Visit(request, desk, desk.now())
        Admission(ANYONE, "").recognise(request.state.visit)
    visit: Visit = request.state.visit
    return visit


def _sign_in(request: Request, _error: Exception) -> Response:
    if is_api(request):
        return problem(Problem.NOT_SIGNED_IN, ["Hãy gửi token còn hiệu lực: Authorization: Bearer dean_…"])
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    onward = f"?next={quote(here)}" if request.method == "GET" and here != "/" else ""
    return RedirectResponse(f"/login{onward}", 303)


def _denied(request: Request, error: Exception) -> Response:
    log_denial(request, str(error))
    if is_api(request):
        return problem(Problem.DENIED, [str(error)])
    return visit_of(request).page("refused.html", status=403, title="Không được mở trang này", reasons=[str(error)])


def _refused(request: Request, error: Exception) -> Response:
    """A refusal that no form has shown beside its field: what was looked for is not there, or cannot be done."""
    assert isinstance(error, Refused)
    _note_hidden(request, error)
    if is_api(request):
        return problem(_kind_of_refusal(request), error.reasons)
    if request.method != "GET":
        status, title = 409, "Chưa thực hiện được"
    elif request.path_params:
        status, title = 404, "Không tìm thấy"
    else:
        status, title = 400, "Không hiểu yêu cầu"
    reasons = on_pages(error.reasons)
    if status == 400 and not any("hãy" in reason.casefold() for reason in reasons):
        # What the terminal would have advised was left out.
        reasons = [*reasons, "Hãy mở lại trang từ trình đơn rồi chọn trong danh sách."]
    return visit_of(request).page("refused.html", status=status, title=title, reasons=reasons)


def _note_hidden(request: Request, refused: Refused) -> None:
    """Who asks for a project by its address that is not in their scope, or not there, is kept in the log as well."""
    visit = visit_of(request)
    hidden = [reason for reason in refused.reasons if OUT_OF_SIGHT in reason]
    if hidden and visit.visitor is not None:
        log_denial(request, hidden[0])


def _kind_of_refusal(request: Request) -> Problem:
    if request.method != "GET":
        return Problem.REFUSED
    return Problem.NOT_FOUND if request.path_params else Problem.WRONG_QUERY


def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    is_query = request.method == "GET" and all(found["loc"][0] == "query" for found in error.errors())
    if is_api(request):
        kind = Problem.WRONG_QUERY if is_query else Problem.UNREADABLE
        return problem(kind, [_misread(found) for found in error.errors()])
    fields = sorted({str(found["loc"][-1]) for found in error.errors()})
    reason = f"Không đọc được: {', '.join(fields)}; hãy mở lại trang từ trình đơn rồi làm lại."
    status = 400 if is_query else 422
    return visit_of(request).page("refused.html", status=status, title="Không hiểu yêu cầu", reasons=[reason])


def _misread(found: dict[str, Any]) -> str:
    place = ".".join(str(part) for part in found["loc"][1:]) or str(found["loc"][0])
    return f"{place}: không đúng dạng ({found['type']}); hãy xem mô tả ở /api/v1/openapi.json."


def _missing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if is_api(request):
        kinds = {404: Problem.NOT_FOUND, 405: Problem.NOT_TAKEN, 413: Problem.TOO_LARGE}
        kind = kinds.get(error.status_code, Problem.UNREADABLE)
        return problem(kind, ["Không có đường dẫn hoặc cách gọi này; hãy xem /api/v1/openapi.json."])
    if error.status_code == 404:
        reasons = ["Không có trang này; hãy kiểm tra địa chỉ, hoặc về trang chính."]
        return visit_of(request).page("refused.html", status=404, title="Không tìm thấy", reasons=reasons)
    reasons = ["Trang này không nhận yêu cầu như vậy; hãy mở lại từ trình đơn."]
    return visit_of(request).page(
        "refused.html", status=error.status_code, title="Không thực hiện được", reasons=reasons
    )


def _broken(request: Request, error: Exception) -> Response:
    """A mistake of ours: the log gets all of it, the person a mark to quote, and no secret leaves the machine."""
    mark = f"{visit_of(request).at:%Y%m%d-%H%M%S%f}"[:19]
    # The pattern of the route and not the path: that may carry an invitation or the secret of a calendar.
    place = getattr(request.scope.get("route"), "path", "")
    log.error("Sự cố %s %s %s: %s", mark, request.method, place, told(error), exc_info=error)
    if is_api(request):
        answer: Response = problem(Problem.BROKEN, [f"Chương trình gặp lỗi. Hãy báo quản trị mã sự cố {mark}."])
    else:
        reasons = [f"Chương trình gặp lỗi và chưa ghi gì. Hãy báo quản trị mã sự cố {mark}."]
        answer = visit_of(request).page("refused.html", status=500, title="Chương trình gặp lỗi", reasons=reasons)
    # Made outside of every middleware, so the guard cannot put them on.
    answer.headers.update(HEADERS | {"Cache-Control": "no-store"})
    return answer
