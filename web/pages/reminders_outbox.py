"""The outbox: each letter, what became of it and why; and what may be done about it by hand."""

from typing import Annotated, Any

from fastapi import Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from flows.jobs.channels import MODES, channel_rows
from flows.jobs.printed_letters import printed
from models.queries import people
from models.queries.places import bodies
from models.reminders.by_hand import POSTMASTERS, cancel_letter, let_go_on, refuse_others_posting, send_again
from models.reminders.channel_tokens import token_status
from models.reminders.linking import link_status
from models.reminders.reports import letter, letter_to_print, letters
from states.posting import Channel, OutboxStatus, ended_as
from states.refusal import Refused
from states.vocabulary import Authority
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.reminders import WATCHERS, tabs
from web.roles import EVERYONE
from web.words import instant

pages = Pages()

LIMIT = 50
KEEPERS = frozenset(POSTMASTERS)
#: The number of a row in an address; the databases know no larger one.
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


@pages.show("/reminders/outbox", who=EVERYONE, label="Hộp thư đi")
def outbox(visit: AtDesk) -> Response:
    return _listed(visit, Fields(visit.request.query_params))


def _listed(visit: Visit, form: Fields, status: int = 200) -> Response:
    is_watching = visit.person.role in WATCHERS
    chosen: dict[str, Any] = {
        "status": form.code("status", OutboxStatus),
        "channel": form.code("channel", Channel),
        "who": (form.line("who", "mã người dùng") or None) if is_watching else None,
        "since": form.day("since"),
    }
    typed = form.typed("offset")
    offset = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else 0
    rows: list[dict[str, Any]] = []
    with visit.reading() as session:
        everyone = people(session) if is_watching else []
        linked = link_status(session, at=visit.at) if is_watching else {}
        tokens = token_status(session) if is_watching else []
        try:
            rows = letters(session, **chosen, reader=visit.person, limit=LIMIT + 1, offset=offset)
        except Refused as refused:
            form.refused(refused, {"who": ("người dùng",)})
    reason, channels = "", list[dict[str, Any]]()
    if is_watching:
        reason, channels = channel_rows(visit.desk.store, visit.desk.settings, at=visit.at)
    return visit.page(
        "reminders/outbox.html",
        status=400 if form.mistakes and status == 200 else status,
        form=form,
        tabs=tabs,
        rows=rows[:LIMIT],
        has_more=len(rows) > LIMIT,
        offset=offset,
        limit=LIMIT,
        chosen={name: form.typed(name) for name in ("status", "channel", "who", "since")},
        statuses=[(str(each), each.label) for each in OutboxStatus],
        ways=[(str(each), each.label) for each in Channel],
        people=[(one["code"], f"{one['name']} ({one['code']})") for one in everyone],
        channels=channels,
        linked=linked,
        tokens=tokens,
        reason=reason or MODES[visit.desk.settings.notify_mode],
        mode=visit.desk.settings.notify_mode,
        is_watching=is_watching,
        may_act=visit.person.role in KEEPERS,
        dead=sum(row["dead"] for row in channels),
    )


@pages.show("/reminders/outbox/{number}", who=EVERYONE, label="Một thư của hộp thư đi")
def one_letter(visit: AtDesk, number: Id) -> Response:
    return _letter(visit, number, Fields())


def _letter(visit: Visit, number: int, form: Fields, status: int = 200) -> Response:
    with visit.reading() as session:
        told = letter(session, number, reader=visit.person)
        held = letter_to_print(session, number, reader=visit.person)
        office_name = bodies(session).name(Authority.DEPARTMENT, told["made_at"][:10], "") or ""
    try:
        message = printed(held, visit.desk.settings, office_name)
        subject, text = message.subject, message.text
    except Refused as refused:
        subject, text = told["subject"], "\n".join(refused.reasons)
    may_act = visit.person.role in KEEPERS
    return visit.page(
        "reminders/letter.html",
        status=status,
        form=form,
        tabs=tabs,
        told_letter=told,
        subject=subject,
        text=text,
        ended_as=ended_as,
        may_retry=may_act and told["status"] == OutboxStatus.DEAD,
        may_cancel=may_act and told["status"] in (OutboxStatus.DEAD, OutboxStatus.WAITING),
    )


@pages.act("/reminders/outbox/retry", who=KEEPERS, label="Gửi lại mọi thư không gửi được")
def retry_all(visit: AtDesk) -> Response:
    return _again(visit, ())


@pages.act("/reminders/outbox/{number}/retry", who=KEEPERS, label="Gửi lại một thư")
def retry_one(visit: AtDesk, number: Id) -> Response:
    return _again(visit, (number,))


def _again(visit: Visit, ids: tuple[int, ...]) -> Response:
    with visit.writing() as session:
        refuse_others_posting(visit.person)
        number, leaves_at = send_again(session, ids, at=visit.at)
    path = f"/reminders/outbox/{ids[0]}" if ids else "/reminders/outbox"
    return visit.go(path, told=f"{number} thư được gửi lại từ {instant(leaves_at)}.")


@pages.act("/reminders/outbox/{number}/cancel", who=KEEPERS, label="Hủy một thư chưa gửi")
async def cancel_one(visit: AtDesk, request: Request, number: Id) -> Response:
    return await run_in_threadpool(_cancel, visit, number, Fields(await request.form()))


def _cancel(visit: Visit, number: int, form: Fields) -> Response:
    note = form.line("note", "lý do hủy", required=True)
    if form.mistakes:
        return _letter(visit, number, form, 409)
    try:
        with visit.writing() as session:
            refuse_others_posting(visit.person)
            reminders = cancel_letter(session, number, who=visit.person.name, note=note, at=visit.at)
    except Refused as refused:
        form.refused(refused)
        return _letter(visit, number, form, 409)
    return visit.go(f"/reminders/outbox/{number}", told=f"Đã hủy thư số {number} với {reminders} nhắc việc.")


@pages.act("/reminders/channels/{channel}/start", who=KEEPERS, label="Cho một kênh gửi chạy tiếp")
def start_channel(visit: AtDesk, channel: Channel) -> Response:
    with visit.writing() as session:
        refuse_others_posting(visit.person)
        waiting = let_go_on(session, channel)
    return visit.go("/reminders/outbox", told=f"Kênh {channel.label} chạy tiếp; {waiting} thư đang chờ.")
