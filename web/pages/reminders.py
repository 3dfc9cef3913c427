"""Reminders of one's own: what I was told and still stands, and my answers to it."""

from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.reminders.answers import acknowledge, answers_about, snooze
from models.reminders.mine import answerable, mine, reminder
from models.rulebook import rulebook
from states.counting import Workdays, add_workdays
from states.facts import Person
from states.posting import AnswerKind
from states.refusal import Refused
from states.vocabulary import Role
from states.words import format_date
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.roles import EVERYONE
from web.words import t

pages = Pages()

#: Those who see what everybody was told.
WATCHERS = frozenset({Role.COORDINATOR, Role.LEADER, Role.AUDITOR, Role.ADMINISTRATOR})


def tabs(person: Person) -> list[tuple[str, str]]:
    """The parts of this room that a person may open."""
    watching = person.role in WATCHERS
    return [
        ("/reminders", t("Nhắc việc của tôi")),
        *([("/reminders/ledger", t("Sổ nhắc việc"))] if watching else []),
        ("/reminders/outbox", t("Hộp thư đi") if watching else t("Thư của tôi")),
        *([("/reminders/rehearsal", t("Xem trước thư sáng"))] if watching else []),
        ("/reminders/preferences", t("Cách nhận của tôi")),
        ("/rules/reminders", t("Quy định về mốc nhắc")),
    ]


@pages.show("/reminders", who=EVERYONE, label="Nhắc việc của tôi")
def my_reminders(visit: AtDesk) -> Response:
    return _shown(visit, Fields())


def _shown(visit: Visit, form: Fields, status: int = 200) -> Response:
    with visit.reading() as session:
        found = mine(session, visit.person, as_of=visit.today)
    return visit.page(
        "reminders/mine.html",
        status=status,
        form=form,
        tabs=tabs,
        standing=[line for line in found if line.still_open],
        past=[line for line in found if not line.still_open][:30],
        acknowledged=AnswerKind.ACKNOWLEDGE,
    )


@pages.show("/reminders/answer", who=EVERYONE, label="Trả lời một nhắc việc")
def answer_page(visit: AtDesk, key: str = "") -> Response:
    return _answering(visit, key, Fields())


def _answering(visit: Visit, key: str, form: Fields, status: int = 200) -> Response:
    with visit.reading() as session:
        row = reminder(session, key, reader=visit.person)
        bounds = answerable(session, row["about"], today=visit.today)
        given = answers_about(session, [row["about"]]).get((row["person"], row["about"]))
        tomorrow = add_workdays(visit.today, Workdays(1), rulebook(session).calendar)
    proposed = tomorrow if bounds.last is None else min(tomorrow, bounds.last)
    return visit.page(
        "reminders/answer.html",
        status=status,
        form=form,
        tabs=tabs,
        row=row,
        bounds=bounds,
        given=given,
        proposed=proposed,
        acknowledged=AnswerKind.ACKNOWLEDGE,
    )


@pages.act("/reminders/acknowledge", who=EVERYONE, label="Báo nhận một nhắc việc")
async def acknowledge_reminder(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_acknowledge, visit, Fields(await request.form()))


def _acknowledge(visit: Visit, form: Fields) -> Response:
    try:
        with visit.writing() as session:
            row = reminder(session, form.typed("key"), reader=visit.person)
            acknowledge(session, row["key"], **_said(visit, row, form.typed("why")))
    except Refused as refused:
        form.refused(refused)
        return _refused(visit, form)
    return visit.go("/reminders", told=f"Đã báo nhận việc của {row['project']}; không nhắc lại việc này nữa.")


@pages.act("/reminders/snooze", who=EVERYONE, label="Hoãn một nhắc việc")
async def snooze_reminder(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_snooze, visit, Fields(await request.form()))


def _snooze(visit: Visit, form: Fields) -> Response:
    until = form.day("until", required="Chưa chọn ngày nhắc lại; hãy ghi một ngày.")
    if until is None:
        return _refused(visit, form)
    try:
        with visit.writing() as session:
            row = reminder(session, form.typed("key"), reader=visit.person)
            snooze(session, row["key"], until=until, **_said(visit, row, form.typed("reason")))
    except Refused as refused:
        form.refused(refused, {"reason": ("lý do",), "until": ("ngày nhắc lại", "hoãn")})
        return _refused(visit, form)
    return visit.go("/reminders", told=f"Sẽ nhắc lại việc của {row['project']} từ ngày {format_date(until)}.")


def _said(visit: Visit, row: dict[str, Any], reason: str) -> dict[str, Any]:
    return {"person": row["person"], "by": visit.person, "origin": visit.origin, "reason": reason}


def _refused(visit: Visit, form: Fields) -> Response:
    """The page of the one reminder with the sentences; where it is not there any more, that of all."""
    try:
        return _answering(visit, form.typed("key"), form, 409)
    except Refused as unknown:
        form.mistakes.clear()
        form.refused(unknown)
        return _shown(visit, form, 409)
