"""The application: its routers, its guards, and what people read when something is refused, hidden or broken."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

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
from models.store import Store
from states.refusal import Refused
from web.access import Admission, Denied, NotSignedIn, log_denial
from web.desk import Desk, Visit
from web.pages import every
from web.rendering import STATIC
from web.roles import ANYONE
from web.security import Guard

log = logging.getLogger("dean.web")


def create_app(settings: Settings, store: Store, *, now: Callable[[], datetime]) -> FastAPI:
    """Build the desk over an open register. `now` reads the clock, once per request.

    Raises Refused where there is no register to read.
    """
    app = FastAPI(title="Sổ khuyến công", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.desk = Desk(settings, store, register(store), now)
    for router in every():
        app.include_router(router)
    app.mount("/static", Assets(directory=STATIC))
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Guard, https=settings.base_url.startswith("https://"))
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts(settings), www_redirect=False)
    app.add_exception_handler(NotSignedIn, _sign_in)
    app.add_exception_handler(Denied, _denied)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _missing)
    app.add_exception_handler(Exception, _broken)
    return app


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
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    onward = f"?next={quote(here)}" if request.method == "GET" and here != "/" else ""
    return RedirectResponse(f"/login{onward}", 303)


def _denied(request: Request, error: Exception) -> Response:
    log_denial(request, str(error))
    return visit_of(request).page("refused.html", status=403, title="Không được mở trang này", reasons=[str(error)])


def _refused(request: Request, error: Exception) -> Response:
    """A refusal that no form has shown beside its field: what was looked for is not there, or cannot be done."""
    assert isinstance(error, Refused)
    if request.method != "GET":
        status, title = 409, "Chưa thực hiện được"
    elif request.path_params:
        status, title = 404, "Không tìm thấy"
    else:
        status, title = 400, "Không hiểu yêu cầu"
    return visit_of(request).page("refused.html", status=status, title=title, reasons=error.reasons)


def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = sorted({str(found["loc"][-1]) for found in error.errors()})
    reason = f"Không đọc được: {', '.join(fields)}; hãy mở lại trang từ trình đơn rồi làm lại."
    return visit_of(request).page("refused.html", status=422, title="Không hiểu yêu cầu", reasons=[reason])


def _missing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
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
    log.error("Sự cố %s %s %s: %s", mark, request.method, request.url.path, told(error), exc_info=error)
    reasons = [f"Chương trình gặp lỗi và chưa ghi gì. Hãy báo quản trị mã sự cố {mark}."]
    return visit_of(request).page("refused.html", status=500, title="Chương trình gặp lỗi", reasons=reasons)
