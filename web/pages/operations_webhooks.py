"""Webhooks: other programs that are told of events, what became of the last ones, and switching them off."""

from typing import Annotated, Any

from fastapi import Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from flows.jobs.webhooks import subscribe
from models.desk.webhooks import deliveries, end_hook, hooks
from states.refusal import Refused
from states.vocabulary import Role
from states.webhooks import Topic
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields

pages = Pages()

KEEPERS = frozenset({Role.ADMINISTRATOR})
READERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
LATEST = 30
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


@pages.show("/operations/webhooks", who=READERS, label="Webhook")
def webhooks_page(visit: AtDesk) -> Response:
    return _shown(visit, Fields())


def _shown(visit: Visit, form: Fields, status: int = 200, *, secret: str = "") -> Response:
    with visit.reading() as session:
        rows = hooks(session)
    return visit.page(
        "operations_webhooks.html",
        status=status,
        form=form,
        rows=rows,
        topics=list(Topic),
        labels={str(topic): topic.label for topic in Topic},
        secret=secret,
        may_change=visit.person.role in KEEPERS,
        is_live=visit.desk.settings.notify_mode == "live" and not visit.desk.is_demonstration,
    )


@pages.act("/operations/webhooks", who=KEEPERS, label="Thêm một webhook")
async def add(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_add, visit, Fields(await request.form()))


def _add(visit: Visit, form: Fields) -> Response:
    name, url = form.line("name", "tên nơi nhận", required=True), form.line("url", "địa chỉ nhận", required=True)
    if form.mistakes:
        return _shown(visit, form, 409)
    wanted: dict[str, Any] = {"name": name, "url": url, "topics": form.every("topics")}
    try:
        _, secret = subscribe(visit.writing, visit.desk.settings, **wanted, by=visit.person, at=visit.at)
    except Refused as refused:
        form.refused(refused, {"url": ("địa chỉ nhận",), "topics": ("loại sự kiện",), "name": ("tên nơi nhận",)})
        return _shown(visit, form, 409)
    return _shown(visit, Fields(), secret=secret)


@pages.show("/operations/webhooks/{number}", who=READERS, label="Những lần gửi của một webhook")
def one_webhook(visit: AtDesk, number: Id) -> Response:
    with visit.reading() as session:
        sent = deliveries(session, number, limit=LATEST)
        [hook] = [row for row in hooks(session) if row["id"] == number]
    return visit.page("operations_webhook.html", hook=hook, sent=sent)


@pages.act("/operations/webhooks/{number}/end", who=KEEPERS, label="Tắt một webhook")
def end(visit: AtDesk, number: Id) -> Response:
    with visit.writing() as session:
        end_hook(session, number, by=visit.person, at=visit.at)
    return visit.go("/operations/webhooks", told="Đã tắt webhook; nơi đó không được báo gì nữa.")
