"""What every answer carries and every request must be, whatever page it is for."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api.problems import Problem, is_interface, problem

#: Nothing from elsewhere, nothing inline: a script that somebody smuggled into a page does not run.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
READS = frozenset({"GET", "HEAD", "OPTIONS"})
#: Bytes of one request; papers are the largest thing that is sent.
LARGEST_REQUEST = 26 * 1024 * 1024

TOO_LARGE = "Tệp gửi lên quá lớn (tối đa 25 MB); hãy chia nhỏ hoặc quét lại với độ phân giải thấp hơn.\n"
FOREIGN = "Yêu cầu này đến từ một trang khác nên không được nhận; hãy mở lại trang và gửi từ đó.\n"
WITH_NUL = "Địa chỉ có ký tự NUL; hãy mở lại trang từ trình đơn.\n"


class TooLargeError(Exception):
    """More came than a request may carry, and no header had said so."""


class Guard:
    """Refuses forms of other sites and endless bodies, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = self._with_headers(send, scope["path"])
        length = headers.get("content-length", "0")
        is_api = is_interface(scope["path"])
        if not is_api and ("\0" in scope["path"] or b"%00" in scope["query_string"]):
            # The one letter that a database cannot hold in a text; the programming interface says so in its own form.
            await PlainTextResponse(WITH_NUL, 400)(scope, receive, answer)
            return
        if length.isdigit() and int(length) > LARGEST_REQUEST:
            await _refusal(Problem.TOO_LARGE, TOO_LARGE, is_api)(scope, receive, answer)
        elif is_foreign(scope["method"], headers):
            await _refusal(Problem.FOREIGN, FOREIGN, is_api)(scope, receive, answer)
        else:
            try:
                await self.app(scope, _bounded(receive), answer)
            except TooLargeError:
                await _refusal(Problem.TOO_LARGE, TOO_LARGE, is_api)(scope, receive, answer)

    def _with_headers(self, send: Send, path: str) -> Send:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not path.startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
                if self.https:
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        return answer


def _refusal(kind: Problem, sentence: str, is_api: bool) -> Response:
    """What is refused before any route is asked, in the form of whoever reads it."""
    return problem(kind, [sentence.strip()]) if is_api else PlainTextResponse(sentence, kind.status)


def is_foreign(method: str, headers: Headers) -> bool:
    """Was this written by a page of another site? Browsers say so themselves.

    On a plain-HTTP intranet name Chromium sends no Sec-Fetch-Site, so there the origin must be the host asked.
    A program is no browser: it brings neither, nor a cookie.
    """
    if method in READS:
        return False
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin") or headers.get("referer")
    if origin is None:
        return "cookie" in headers
    return urlsplit(origin).netloc != headers.get("host")


def _bounded(receive: Receive) -> Callable[[], Awaitable[Message]]:
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST_REQUEST:
            raise TooLargeError
        return message

    return bounded
