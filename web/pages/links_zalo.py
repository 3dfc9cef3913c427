"""Where Zalo posts what people write to our bot or Official Account; no person ever opens these addresses."""

import logging
from collections.abc import Callable

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, Response
from starlette.background import BackgroundTask

from flows.jobs.incoming import LONGEST, Answer, NotBelieved, hear_account, hear_bot, write_back
from states.refusal import Refused
from web.access import Pages
from web.desk import AtDesk, Visit
from web.roles import ANYONE

pages = Pages()
log = logging.getLogger("dean.web.zalo")

Hear = Callable[..., Answer | None]


@pages.act("/zalo/bot", who=ANYONE, label="Sự kiện của Zalo Bot (có mã bí mật)")
async def from_bot(visit: AtDesk, request: Request) -> Response:
    return await _heard(visit, hear_bot, request.headers.get("x-bot-api-secret-token"))


@pages.act("/zalo/oa", who=ANYONE, label="Sự kiện của Zalo OA (có chữ ký)")
async def from_account(visit: AtDesk, request: Request) -> Response:
    return await _heard(visit, hear_account, request.headers.get("x-zevent-signature"))


async def _heard(visit: Visit, hear: Hear, proof: str | None) -> Response:
    """Take the event in, tell Zalo at once, and write back to the person afterwards: Zalo waits two seconds only."""
    body = await _bounded(visit.request)
    if body is None:
        return PlainTextResponse("too long", 413)
    desk = visit.desk
    try:
        answer = await run_in_threadpool(hear, desk.store, desk.settings, body, proof, at=visit.at)
    except NotBelieved as doubt:
        log.warning("%s: %s", visit.request.url.path, doubt)
        return PlainTextResponse("not believed", 403)
    except Refused as refused:
        log.warning("%s: %s", visit.request.url.path, " ".join(refused.reasons))
        return PlainTextResponse("not set up", 404)
    after = None if answer is None else BackgroundTask(_write_back, visit, answer)
    return PlainTextResponse("ok", background=after)


async def _bounded(request: Request) -> bytes | None:
    """The raw body, over which the signature goes; None where it is too long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST:
            return None
    return body


def _write_back(visit: Visit, answer: Answer) -> None:
    desk = visit.desk
    if not write_back(desk.store, desk.settings, answer, now=desk.now):
        log.warning("%s: an answer did not arrive", answer.channel)
