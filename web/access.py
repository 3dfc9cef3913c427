"""Who may open which page: every route names its roles, and what names none does not exist.

A role opens the page; which projects are on it is the reader's scope, and which steps may be taken the lifecycle's.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from fastapi import APIRouter, FastAPI, Request
from fastapi.params import Depends as DependsParam
from fastapi.responses import HTMLResponse, Response
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from models.desk.denials import note_denial
from models.desk.sessions import signed_in, touch
from models.desk.tokens import bearer, is_stale, note_use
from states.scopes import Scope
from states.vocabulary import Role
from web.desk import Desk, Visit

COOKIE = "dean_session"
#: Browsers take a cookie of such a name only over https, from this very host, for all of it.
HOST_COOKIE = f"__Host-{COOKIE}"
#: Seconds for which a browser stays known to a person who signed in there.
KNOWN_FOR = 180 * 24 * 3600

Function = TypeVar("Function", bound=Callable[..., Any])


class NotSignedIn(Exception):
    """Nobody is signed in; the browser is sent to the sign-in page, a program gets 401."""


class Denied(Exception):
    """A known person asked for what the role does not open."""


class Admission:
    """The dependency that begins a visit and lets it in, or not. Denials are logged.

    `who` None lets strangers in; `scope` names what a token must be good for, None where tokens are not taken.
    """

    def __init__(self, who: frozenset[Role] | None, label: str, scope: Scope | None = None) -> None:
        self.who = who
        self.label = label
        self.scope = scope

    def __call__(self, request: Request) -> None:
        if getattr(request.state, "admitted_by", None) is self:
            return
        desk: Desk = request.app.state.desk
        visit = Visit(request, desk, desk.now())
        request.state.visit = visit
        self.recognise(visit)
        self.judge(visit)
        request.state.admitted_by = self

    def judge(self, visit: Visit) -> None:
        """Let the visit in, or raise NotSignedIn or Denied."""
        if self.who is None:
            return
        if visit.visitor is None:
            raise NotSignedIn
        if visit.visitor.role not in self.who:
            raise Denied(f"{visit.visitor.role.label} không mở được trang «{self.label}».")
        if visit.bearer and self.scope not in visit.scopes:
            needed = f"quyền «{self.scope}»" if self.scope else "phiên đăng nhập, không nhận token"
            raise Denied(f"«{self.label}» cần {needed}.")

    def recognise(self, visit: Visit) -> None:
        """Find out who visits: by the token that a program brings, else by the cookie.

        A program that brings a token is never taken for the browser that it may run in.
        """
        authorization = visit.request.headers.get("authorization", "")
        if authorization:
            self._recognise_bearer(visit, authorization)
            return
        token = session_token(visit)
        if not token:
            return
        with visit.desk.store.read() as session:
            found = signed_in(session, token, at=visit.at)
        if found and found.seen_late:
            with visit.desk.store.write() as session:
                touch(session, found.key, at=visit.at, told=found.told)
        visit.signed_in = found

    def _recognise_bearer(self, visit: Visit, authorization: str) -> None:
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer":
            return
        with visit.desk.store.read() as session:
            found = bearer(session, token.strip(), at=visit.at)
            stale = found is not None and is_stale(session, token.strip(), at=visit.at)
        if found is None:
            return
        visit.bearer, visit.scopes = found.person, found.scopes
        if stale:
            with visit.desk.store.write() as session:
                note_use(session, token.strip(), at=visit.at)


class Pages(APIRouter):
    """A router on which a route cannot be made without saying who may open it."""

    def __init__(self) -> None:
        super().__init__(default_response_class=HTMLResponse, include_in_schema=False)

    def show(self, path: str, *, who: frozenset[Role] | None, label: str) -> Callable[[Function], Function]:
        """A page that is looked at; `label` names it in the permission table."""
        return self.get(path, dependencies=[DependsParam(Admission(who, label))], response_model=None)

    def act(self, path: str, *, who: frozenset[Role] | None, label: str) -> Callable[[Function], Function]:
        """A form that is sent."""
        return self.post(path, dependencies=[DependsParam(Admission(who, label))], response_model=None)


class Permission(NamedTuple):
    """One line of the permission table."""

    method: str
    path: str
    label: str
    who: frozenset[Role] | None
    scope: Scope | None


def permissions(app: FastAPI) -> Iterator[Permission]:
    """Every route with who may open it. Raises TypeError for one without an admission: deny by default."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, Mount) and isinstance(route.original_route.app, StaticFiles):
            continue
        dependencies = getattr(route.original_route, "dependencies", ())
        admissions = [d.dependency for d in dependencies if isinstance(d.dependency, Admission)]
        if len(admissions) != 1:
            raise TypeError(f"{route.path} does not say who may open it")
        [admission] = admissions
        for method in sorted(route.methods or ()):
            yield Permission(method, str(route.path), admission.label, admission.who, admission.scope)


def log_denial(request: Request, reason: str) -> None:
    """Keep a denial in the log that auditors read."""
    visit: Visit = request.state.visit
    with visit.desk.store.write() as session:
        note_denial(
            session,
            at=visit.at,
            person_id=visit.visitor.id if visit.visitor else None,
            method=request.method,
            path=request.url.path,
            route=getattr(request.scope.get("route"), "path", ""),
            reason=reason,
            address=visit.address,
        )


def session_token(visit: Visit) -> str:
    """What the browser brings to be known by; empty where it brings nothing."""
    return visit.request.cookies.get(HOST_COOKIE if visit.desk.is_https else COOKIE, "")


def set_cookie(response: Response, visit: Visit, token: str) -> None:
    """Give the browser its session; scripts cannot read it, other sites cannot send it with a form."""
    secure = visit.desk.is_https
    response.set_cookie(
        HOST_COOKIE if secure else COOKIE, token, httponly=True, samesite="lax", secure=secure, path="/"
    )


def device_cookie(visit: Visit, code: str) -> str:
    """The name of the cookie by which a browser is known to a person, who may share it with others."""
    name = f"dean_device_{sha256(code.encode()).hexdigest()[:12]}"
    return f"__Host-{name}" if visit.desk.is_https else name


def set_device_cookie(response: Response, visit: Visit, code: str, mark: str) -> None:
    """Let the browser be known when the person comes again; this opens nothing."""
    response.set_cookie(
        device_cookie(visit, code),
        mark,
        httponly=True,
        samesite="lax",
        secure=visit.desk.is_https,
        path="/",
        max_age=KNOWN_FOR,
    )


def drop_cookie(response: Response, visit: Visit) -> None:
    """Take the session from the browser."""
    secure = visit.desk.is_https
    response.delete_cookie(HOST_COOKIE if secure else COOKIE, httponly=True, samesite="lax", secure=secure, path="/")
