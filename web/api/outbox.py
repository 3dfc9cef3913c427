"""The outbox: each letter and what became of it, and what may be done about it by hand; the channels."""

from pydantic import Field

from flows.jobs.channels import channel_rows
from models.queries.scope import PAGE
from models.reminders.by_hand import cancel_letter, let_go_on, refuse_others_posting, send_again
from models.reminders.reports import letter, letters
from states.posting import Channel, OutboxStatus
from states.scopes import Scope
from web.api.asked import Day, Id, Json, Limit, Offset, Words, paged
from web.api.bodies import Body, ShortText
from web.api.routing import Endpoints
from web.desk import AtDesk
from web.pages.reminders import WATCHERS
from web.pages.reminders_outbox import KEEPERS
from web.roles import EVERYONE

endpoints = Endpoints(tags=["outbox"])


class RetryBody(Body):
    """The letters to be sent again; none named: every one that did not arrive."""

    letters: tuple[Id, ...] = ()


class CancelBody(Body):
    """Why the letter shall not leave."""

    note: ShortText = Field(min_length=1)


@endpoints.read("/outbox", who=EVERYONE, label="Hộp thư đi")
def listed(
    visit: AtDesk,
    status: OutboxStatus | None = None,
    channel: Channel | None = None,
    person: Words = "",
    since: Day | None = None,
    limit: Limit = PAGE,
    offset: Offset = 0,
) -> Json:
    """The newest first; without any address. Officers of a unit and of communes see their own letters."""
    chosen: Json = {"status": status, "channel": channel, "who": person or None, "since": since}
    with visit.reading() as session:
        rows = letters(session, **chosen, reader=visit.person, limit=limit + 1, offset=offset)
    return paged("letters", rows, limit, offset)


@endpoints.read("/outbox/{number}", who=EVERYONE, label="Một thư của hộp thư đi")
def one(visit: AtDesk, number: Id) -> Json:
    """One letter with every attempt to send it and the reminders in it."""
    with visit.reading() as session:
        return letter(session, number, reader=visit.person)


@endpoints.write("/outbox/retry", who=KEEPERS, scope=Scope.ADMINISTRATION, label="Gửi lại thư không gửi được")
def again(visit: AtDesk, body: RetryBody) -> Json:
    with visit.writing() as session:
        refuse_others_posting(visit.person)
        number, leaves_at = send_again(session, body.letters, at=visit.at)
    return {"letters": number, "leaves_at": leaves_at}


@endpoints.write("/outbox/{number}/cancel", who=KEEPERS, scope=Scope.ADMINISTRATION, label="Hủy một thư chưa gửi")
def cancel(visit: AtDesk, number: Id, body: CancelBody) -> Json:
    with visit.writing() as session:
        refuse_others_posting(visit.person)
        reminders = cancel_letter(session, number, who=visit.person.name, note=body.note, at=visit.at)
    return {"letter": number, "reminders": reminders}


@endpoints.read("/channels", who=WATCHERS, label="Các kênh gửi")
def channels(visit: AtDesk) -> Json:
    """Each channel with what waits on it; `reason` says why nothing leaves."""
    reason, rows = channel_rows(visit.desk.store, visit.desk.settings, at=visit.at)
    return {"reason": reason, "channels": rows}


@endpoints.write("/channels/{channel}/start", who=KEEPERS, scope=Scope.ADMINISTRATION, label="Cho một kênh chạy tiếp")
def start(visit: AtDesk, channel: Channel) -> Json:
    with visit.writing() as session:
        refuse_others_posting(visit.person)
        return {"channel": channel, "waiting": let_go_on(session, channel)}
