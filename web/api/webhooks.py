"""Subscribers to events: listed, added, ended, and what became of the last events."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from flows.jobs.webhooks import subscribe
from models.desk.webhooks import deliveries, end_hook, hooks
from states.scopes import Scope
from states.webhooks import LONGEST_URL, Topic
from web.api.asked import Id, Json
from web.api.bodies import Body, ShortText
from web.api.routing import Endpoints
from web.desk import AtDesk
from web.pages.operations_webhooks import KEEPERS, READERS

endpoints = Endpoints(tags=["webhooks"])


class HookBody(Body):
    """Who is told of what, and where."""

    name: ShortText = Field(min_length=1)
    url: ShortText = Field(min_length=1, max_length=LONGEST_URL)
    topics: tuple[Topic, ...] = Field(min_length=1)


@endpoints.read("/webhooks", who=READERS, label="Webhook")
def listed(visit: AtDesk) -> Json:
    with visit.reading() as session:
        return {"webhooks": hooks(session)}


@endpoints.write("/webhooks", who=KEEPERS, scope=Scope.ADMINISTRATION, label="Thêm một webhook", status=201)
def add(visit: AtDesk, body: HookBody) -> Json:
    """Tell a program of what happens from now on. The secret of the signature is answered this once."""
    wanted: Json = body.model_dump()
    number, secret = subscribe(visit.writing, visit.desk.settings, **wanted, by=visit.person, at=visit.at)
    # The answer is not kept for a repetition: a copy of the database must not hold the secret.
    visit.claim = None
    return {"id": number, "secret": secret}


@endpoints.read("/webhooks/{number}/deliveries", who=READERS, label="Những lần gửi của một webhook")
def sent(visit: AtDesk, number: Id, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> Json:
    with visit.reading() as session:
        return {"webhook": number, "deliveries": deliveries(session, number, limit=limit)}


@endpoints.write(
    "/webhooks/{number}", who=KEEPERS, scope=Scope.ADMINISTRATION, label="Tắt một webhook", method="DELETE"
)
def end(visit: AtDesk, number: Id) -> Json:
    """End the subscription for good."""
    with visit.writing() as session:
        end_hook(session, number, by=visit.person, at=visit.at)
    return {"id": number}
