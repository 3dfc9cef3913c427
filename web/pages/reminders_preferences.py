"""How I want to be told: channels in their order, urgent at once, who stands in for me, and my Zalo account."""

from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from flows.jobs.linking import new_code
from flows.jobs.trying import try_channel
from models.loading import load_person
from models.queries import people
from models.reminders.absences import ARRANGING, absences_of, end_absence, enter_absence, refuse_others_arranging
from models.reminders.addresses import LINKED, places
from models.reminders.linking import LIFE, remove_link
from models.reminders.links import secret_key
from models.reminders.preferences import preference_of, set_preference
from states.facts import Person
from states.posting import Channel, ended_as
from states.refusal import Refused
from states.standing_in import OFFICE, Absence
from states.vocabulary import Role
from states.words import format_date
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.reminders import tabs
from web.rendering import address
from web.roles import EVERYONE

pages = Pages()

#: Fields of the form for the first, second … channel; more choices than channels make no sense.
CHOICES = tuple(f"channel_{place}" for place in range(1, len(Channel) + 1))


@pages.show("/reminders/preferences", who=EVERYONE, label="Cách nhận nhắc việc")
def preferences_page(visit: AtDesk, who: str = "") -> Response:
    return _shown(visit, who, Fields())


def _shown(
    visit: Visit, who: str, form: Fields, status: int = 200, *, away_form: Fields | None = None, code_line: str = ""
) -> Response:
    with visit.reading() as session:
        person = load_person(session, who) if who else visit.person
        refuse_others_arranging(visit.person, person)
        wanted = preference_of(session, person.id)
        reached = {place.channel: place for place in places(session, [person.id])[person.id]}
        away = absences_of(session, person.code, since=visit.today)
        known = people(session)
    everyone = [one for one in known if one["active"]]
    whose = next(one for one in known if one["code"] == person.code)
    substitutes = [one for one in everyone if one["code"] != person.code and _may_stand_in(one, whose)]
    own = person.id == visit.person.id
    return visit.page(
        "reminders/preferences.html",
        status=status,
        form=form,
        away_form=away_form or Fields(),
        tabs=tabs,
        person=person,
        own=own,
        wanted=wanted,
        choices=list(zip(CHOICES, (*wanted.channels, *[""] * len(Channel)), strict=False)),
        channels=[(str(each), each.label) for each in Channel],
        reached=[(each, reached.get(each)) for each in Channel],
        linked=LINKED,
        away=away,
        people=[(one["code"], f"{one['name']} ({one['code']})") for one in substitutes],
        names={one["code"]: one["name"] for one in everyone},
        may_say_in_charge=visit.person.role in ARRANGING and person.role is Role.LEADER,
        may_link=own or visit.person.role is Role.ADMINISTRATOR,
        may_try=(own or visit.person.role is Role.ADMINISTRATOR) and visit.desk.settings.notify_mode != "off",
        arranged=everyone if visit.person.role in ARRANGING else [],
        code_line=code_line,
        code_ends=visit.at + LIFE,
    )


def _may_stand_in(one: dict[str, Any], whose: dict[str, Any]) -> bool:
    """May the rules let one read for the other? Only those are named: people elsewhere are nobody's business."""
    return one["role"] in OFFICE or all(one[name] == whose[name] for name in ("role", "unit", "place"))


def _home(person: str, visit: Visit) -> str:
    return address("/reminders/preferences", who="" if person == visit.person.code else person)


@pages.act("/reminders/preferences", who=EVERYONE, label="Đổi cách nhận nhắc việc")
async def change_preferences(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_change, visit, Fields(await request.form()))


def _change(visit: Visit, form: Fields) -> Response:
    code = form.typed("who") or visit.person.code
    chosen = [channel for name in CHOICES if (channel := form.code(name, Channel)) is not None]
    if not chosen:
        form.mistaken(CHOICES[0], "Hãy chọn ít nhất một kênh.")
    wanted: dict[str, Any] = {"channels": chosen, "urgent_at_once": form.ticked("urgent_at_once")}
    if form.typed("says_in_charge"):
        wanted["in_charge"] = form.ticked("in_charge")
    if form.mistakes:
        return _shown(visit, code, form, 409)
    try:
        with visit.writing() as session:
            set_preference(session, code, **wanted, by=visit.person, origin=visit.origin)
    except Refused as refused:
        form.refused(refused, {CHOICES[0]: ("kênh",)})
        return _shown(visit, code, form, 409)
    return visit.go(_home(code, visit), told="Đã ghi cách nhận nhắc việc.")


# --- away ---------------------------------------------------------------------------------------------


@pages.act("/reminders/absences", who=EVERYONE, label="Nhờ người đọc nhắc việc thay")
async def enter(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_enter, visit, Fields(await request.form()))


def _enter(visit: Visit, form: Fields) -> Response:
    code = form.typed("who") or visit.person.code
    first_on = form.day("first_on") or visit.today
    last_on = form.day("last_on", required="Hãy ghi ngày cuối vắng mặt.")
    substitute = form.line("substitute", "người thay", required=True)
    if form.mistakes or last_on is None:
        return _shown(visit, code, Fields(), 409, away_form=form)
    try:
        absence = Absence(person=code, substitute=substitute, first_on=first_on, last_on=last_on)
        with visit.writing() as session:
            enter_absence(session, absence, by=visit.person, origin=visit.origin, note=form.line("note", "ghi chú"))
    except Refused as refused:
        form.refused(refused, {"last_on": ("ngày hết vắng",), "substitute": ("người thay",)})
        return _shown(visit, code, Fields(), 409, away_form=form)
    days = f"từ {format_date(first_on)} đến {format_date(last_on)}"
    return visit.go(_home(code, visit), told=f"Đã ghi người đọc nhắc việc thay {days}.")


@pages.act("/reminders/absences/end", who=EVERYONE, label="Hủy hoặc kết thúc sớm một lần vắng")
async def end(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_end, visit, Fields(await request.form()))


def _end(visit: Visit, form: Fields) -> Response:
    code = form.typed("who") or visit.person.code
    with visit.writing() as session:
        left = end_absence(session, code, first_on=form.day("begins"), by=visit.person, origin=visit.origin)
    told = "Đã hủy lần vắng." if left is None else f"Lần vắng kết thúc ngày {format_date(left.last_on)}."
    return visit.go(_home(code, visit), told=told)


# --- Zalo, and a letter to try ------------------------------------------------------------------------


@pages.act("/reminders/zalo/{channel}/code", who=EVERYONE, label="Lấy mã liên kết Zalo")
async def link_zalo(visit: AtDesk, request: Request, channel: Channel) -> Response:
    return await run_in_threadpool(_link, visit, channel, Fields(await request.form()))


def _link(visit: Visit, channel: Channel, form: Fields) -> Response:
    """Show the line to be sent, this once: it is nowhere kept, so a page loaded again cannot show it."""
    code = form.typed("who") or visit.person.code
    key = secret_key(visit.desk.settings.secret_key_path)
    with visit.writing() as session:
        text = new_code(session, code, channel, key=key, by=visit.person, at=visit.at)
    return _shown(visit, code, Fields(), code_line=text)


@pages.act("/reminders/zalo/{channel}/unlink", who=EVERYONE, label="Gỡ liên kết Zalo")
async def unlink_zalo(visit: AtDesk, request: Request, channel: Channel) -> Response:
    return await run_in_threadpool(_unlink, visit, channel, Fields(await request.form()))


def _unlink(visit: Visit, channel: Channel, form: Fields) -> Response:
    code = form.typed("who") or visit.person.code
    with visit.writing() as session:
        remove_link(session, code, channel, by=visit.person)
    return visit.go(_home(code, visit), told=f"Đã gỡ liên kết {channel.label}; thư điện tử vẫn được gửi.")


@pages.act("/reminders/try", who=EVERYONE, label="Gửi thử một thư nhắc việc")
async def try_letter(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_try, visit, Fields(await request.form()))


def _try(visit: Visit, form: Fields) -> Response:
    code = form.typed("who") or visit.person.code
    _refuse_others(visit.person, code)
    desk = visit.desk
    tried = try_channel(desk.store, desk.settings, code, form.code("channel", Channel), now=desk.now)
    told = f"Thư thử số {tried.outbox_id} qua {tried.channel.label}: {ended_as(tried.outcome)}. {tried.detail}"
    return visit.go(_home(code, visit), told=told.strip())


def _refuse_others(person: Person, code: str) -> None:
    """A letter to try costs something and disturbs: one's own, or by the administrator."""
    if code != person.code and person.role is not Role.ADMINISTRATOR:
        raise Refused(f"{person.name} chỉ gửi thử cho mình được; cần: {Role.ADMINISTRATOR.label}.")
