"""Endpoints: like pages they name who may use them, and which scope a token needs; writes happen once a key."""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.params import Depends as DependsParam
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute

from models.desk.idempotency import AlreadyDone, Claim, keep_answer, kept_answer
from states.refusal import Refused
from states.scopes import Scope
from states.vocabulary import Role
from web.access import Admission
from web.api.problems import Problem, documented, problem
from web.desk import Visit

Function = TypeVar("Function", bound=Callable[..., Any])

KEY_HEADER = "idempotency-key"
LONGEST_KEY = 200
ALWAYS = (Problem.NOT_SIGNED_IN, Problem.DENIED, Problem.UNREADABLE, Problem.TOO_LARGE)


class ReadRoute(APIRoute):
    """Something that is looked at."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def read(request: Request) -> Response:
            return _unwritable(request) or await handler(request)

        return read


def _unwritable(request: Request, body: bytes = b"") -> Response | None:
    """Refuse the one letter that a database cannot hold in a text, wherever it stands."""
    if b"\0" in request.scope["path"].encode() or b"%00" in request.scope["query_string"] or b"\\u0000" in body:
        return problem(Problem.UNREADABLE, ["Yêu cầu có ký tự NUL; hãy bỏ ký tự này."])
    return None


class OnceRoute(APIRoute):
    """A write that happens once for an Idempotency-Key: asked again, it answers what it answered."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()
        [admission] = [d.dependency for d in self.dependencies if isinstance(d.dependency, Admission)]

        async def once(request: Request) -> Response:
            body = await request.body()
            is_json = "multipart/" not in request.headers.get("content-type", "")
            if refused := _unwritable(request, body if is_json else b""):
                return refused
            key = request.headers.get(KEY_HEADER, "")
            if not key:
                return await handler(request)
            if len(key) > LONGEST_KEY or not key.isprintable():
                return problem(
                    Problem.UNREADABLE, [f"Idempotency-Key dài quá {LONGEST_KEY} ký tự; hãy dùng khóa ngắn."]
                )
            await run_in_threadpool(admission, request)
            visit: Visit = request.state.visit
            asked = b"\n".join((request.method.encode(), str(request.url).encode(), body))
            visit.claim = Claim(visit.person.id, key, hashlib.sha256(asked).hexdigest(), visit.at)
            if replayed := await run_in_threadpool(_replayed, visit):
                return replayed
            try:
                answer = await handler(request)
            except AlreadyDone:
                # Another request under the same key was quicker by a moment.
                return await run_in_threadpool(_replayed, visit) or _lost()
            await run_in_threadpool(_kept, visit, answer)
            return answer

        return once


def _replayed(visit: Visit) -> Response | None:
    assert visit.claim is not None
    with visit.reading() as session:
        try:
            kept = kept_answer(session, visit.claim)
        except Refused as refused:
            return problem(Problem.REFUSED, refused.reasons)
    if kept is None:
        return None
    if not kept.status:
        return _lost()
    return Response(
        kept.answer, kept.status, media_type=JSONResponse.media_type, headers={"Idempotency-Replayed": "true"}
    )


def _lost() -> Response:
    return problem(Problem.ALREADY_DONE, ["Yêu cầu này đã được ghi; hãy đọc lại để biết kết quả."])


def _kept(visit: Visit, answer: Response) -> None:
    if answer.status_code < 300 and visit.claimed and visit.claim is not None:
        with visit.desk.store.write() as session:
            keep_answer(session, visit.claim, answer.status_code, bytes(answer.body).decode())


class Endpoints(APIRouter):
    """A router of the programming interface."""

    def __init__(self, **more: Any) -> None:
        super().__init__(prefix="/api/v1", **more)

    def read(
        self, path: str, *, who: frozenset[Role] | None, label: str, refuses: tuple[Problem, ...] = (), **more: Any
    ) -> Callable[[Function], Function]:
        """Something that is looked at, with a token of scope `read`."""
        known = (*ALWAYS, *refuses, Problem.WRONG_QUERY, *((Problem.NOT_FOUND,) if "{" in path else ()))

        def decorate(function: Function) -> Function:
            self.add_api_route(
                path,
                function,
                methods=["GET"],
                summary=label,
                operation_id=self._named(function),
                dependencies=[DependsParam(Admission(who, label, Scope.READ))],
                responses=documented(*known),
                route_class_override=ReadRoute,
                **more,
            )
            return function

        return decorate

    def _named(self, function: Callable[..., Any]) -> str:
        """The name under which programs written from the description call an endpoint."""
        return f"{self.tags[0]}_{function.__name__}" if self.tags else function.__name__

    def write(
        self,
        path: str,
        *,
        who: frozenset[Role] | None,
        scope: Scope,
        label: str,
        method: str = "POST",
        status: int = 200,
        **more: Any,
    ) -> Callable[[Function], Function]:
        """Something that is recorded, with a token of the scope; takes an Idempotency-Key."""

        def decorate(function: Function) -> Function:
            self.add_api_route(
                path,
                function,
                methods=[method],
                summary=label,
                operation_id=self._named(function),
                status_code=status,
                dependencies=[DependsParam(Admission(who, label, scope))],
                responses=documented(*ALWAYS, Problem.NOT_FOUND, Problem.REFUSED),
                route_class_override=OnceRoute,
                **more,
            )
            return function

        return decorate
