"""Who may open which page: every route names its roles, and what names none does not exist.

A role opens the page; which projects are on it is the reader's scope, and which steps may be taken the lifecycle's.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

from fastapi import APIRouter, FastAPI, Request
from fastapi.params import Depends as DependsParam
from fastapi.responses import HTMLResponse, Response
from fastapi.routing import APIRoute

from models.desk.denials import note_denial
from models.desk.sessions import signed_in, touch
from states.vocabulary import Role
from web.desk import Desk, Visit

COOKIE = "dean_session"

Function = TypeVar("Function", bound=Callable[..., Any])


class NotSignedIn(Exception):
    """Nobody is signed in; the browser is sent to the sign-in page, a program gets 401."""


class Denied(Exception):
    """A known person asked for what the role does not open."""


class Admission:
    """The dependency that begins a visit and lets it in, or not. Denials are logged.

    `who` None lets strangers in; `scope` names what a token must be good for, None where tokens are not taken.
    """

    def __init__(self, who: frozenset[Role] | None, label: str, scope: str | None = None) -> None:
        self.who = who
        self.label = label
        self.scope = scope

    def __call__(self, request: Request) -> None:
        desk: Desk = request.app.state.desk
        visit = Visit(request, desk, desk.now())
        request.state.visit = visit
        self.recognise(visit)
        if self.who is None:
            return
        if visit.visitor is None:
            raise NotSignedIn
        if visit.visitor.role not in self.who:
            raise Denied(f"{visit.visitor.role.label} không mở được trang «{self.label}».")

    def recognise(self, visit: Visit) -> None:
        """Find out who visits, by the cookie."""
        token = visit.request.cookies.get(COOKIE)
        if not token:
            return
        with visit.desk.store.read() as session:
            found = signed_in(session, token, at=visit.at)
        if found and found.seen_late:
            with visit.desk.store.write() as session:
                touch(session, found.key, at=visit.at, told=found.told)
        visit.signed_in = found


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
    scope: str | None


def permissions(app: FastAPI) -> Iterator[Permission]:
    """Every route with who may open it. Raises TypeError for one without an admission: deny by default."""
    for route in app.routes:
        if not isinstance(route, APIRoute):
            continue
        admissions = [d.dependency for d in route.dependencies if isinstance(d.dependency, Admission)]
        if len(admissions) != 1:
            raise TypeError(f"{route.path} does not say who may open it")
        [admission] = admissions
        for method in sorted(route.methods or ()):
            yield Permission(method, route.path, admission.label, admission.who, admission.scope)


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
            reason=reason,
            address=visit.address,
        )


def set_cookie(response: Response, token: str, *, secure: bool) -> None:
    """Give the browser its session; scripts cannot read it, other sites cannot send it with a form."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=secure, path="/")
