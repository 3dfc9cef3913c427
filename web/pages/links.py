"""Signed links in letters: opening one shows what it does, pressing its button does it, once, without sign-in.

Opening changes nothing: programs that look through mail for evil links open every one.
"""

from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, Response

from models.loading import load_person
from models.reminders.links import Link, Purpose, is_used, read_link, secret_key, use_link
from models.reminders.mine import answerable, last_about
from models.reminders.preferences import Wanted, preference_of
from models.rulebook import rulebook
from models.store import Session
from states.counting import Workdays, add_workdays
from states.posting import Channel
from states.refusal import Refused
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.roles import ANYONE

pages = Pages()

#: How events of a link are marked: its reader has not signed in, the signature stands for them.
DOOR = "link"
#: What a mail program posts when its reader presses its own "unsubscribe". Basis: RFC 8058.
ONE_CLICK = ("List-Unsubscribe", "One-Click")
_CHOICES = ("channel_1", "channel_2", "channel_3")


@pages.show("/l/{token}", who=ANYONE, label="Liên kết trong thư: xem sẽ làm gì")
def show_link(visit: AtDesk, token: str) -> Response:
    return _shown(visit, token, Fields())


def _shown(visit: Visit, token: str, form: Fields, status: int = 200) -> Response:
    try:
        link = _read(visit, token)
        with visit.reading() as session:
            values = _about(visit, session, link)
    except Refused as refused:
        return visit.page("links/unusable.html", status=404, reasons=refused.reasons)
    return visit.page("links/link.html", status=status, form=form, token=token, link=link, purposes=Purpose, **values)


def _read(visit: Visit, token: str) -> Link:
    return read_link(secret_key(visit.desk.settings.secret_key_path), token, at=visit.at)


def _about(visit: Visit, session: Session, link: Link) -> dict[str, Any]:
    """What the page says: nothing that the letter did not say itself, for whoever has the letter has the link."""
    person = load_person(session, link.person)
    values: dict[str, Any] = {"person": person, "used": is_used(session, link), "row": None, "bounds": None}
    if link.purpose in (Purpose.ACKNOWLEDGE, Purpose.SNOOZE):
        values["row"] = last_about(session, link.about, link.person)
    if link.purpose is Purpose.SNOOZE:
        bounds = answerable(session, link.about, today=visit.today)
        tomorrow = add_workdays(visit.today, Workdays(1), rulebook(session).calendar)
        values |= {"bounds": bounds, "proposed": min(tomorrow, bounds.last) if bounds.last else tomorrow}
    if link.purpose is Purpose.UNSUBSCRIBE:
        values["channel"] = Channel(link.about)
    if link.purpose is Purpose.PREFERENCES:
        wanted = preference_of(session, person.id)
        values["wanted"] = wanted
        values["choices"] = list(zip(_CHOICES, (*wanted.channels, "", "", ""), strict=False))
        values["channels"] = [(str(each), each.label) for each in Channel]
    return values


@pages.act("/l/{token}", who=ANYONE, label="Liên kết trong thư: làm")
async def use(visit: AtDesk, request: Request, token: str) -> Response:
    return await run_in_threadpool(_use, visit, token, Fields(await request.form()))


def _use(visit: Visit, token: str, form: Fields) -> Response:
    try:
        link = _read(visit, token)
    except Refused as refused:
        return visit.page("links/unusable.html", status=404, reasons=refused.reasons)
    typed = _typed(link, form)
    if form.mistakes:
        return _shown(visit, token, form, 409)
    try:
        with visit.writing() as session:
            used = use_link(session, link, door=DOOR, at=visit.at, **typed)
    except Refused as refused:
        form.refused(refused, {"reason": ("lý do",), "until": ("ngày nhắc lại", "hoãn")})
        return _shown(visit, token, form, 409)
    if form.typed(ONE_CLICK[0]) == ONE_CLICK[1]:
        # A program asked, and nobody looks at what it gets.
        return PlainTextResponse(f"{used.sentence}\n")
    return visit.page("links/done.html", used=used, link=link)


def _typed(link: Link, form: Fields) -> dict[str, Any]:
    if link.purpose is Purpose.SNOOZE:
        until = form.day("until", required="Chưa chọn ngày nhắc lại; hãy ghi một ngày.")
        return {"until": until, "reason": form.typed("reason")}
    if link.purpose is Purpose.PREFERENCES:
        chosen = [channel for name in _CHOICES if (channel := form.code(name, Channel)) is not None]
        if not chosen:
            form.mistaken(_CHOICES[0], "Hãy chọn ít nhất một kênh.")
        return {"wanted": Wanted(tuple(chosen), form.ticked("urgent_at_once"))}
    return {}
