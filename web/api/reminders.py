"""Reminders: mine and my answers, how I am told, who reads in my place, what is due; the ledger for those who watch."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from models.loading import load_person
from models.queries.deadlines import due_list
from models.queries.scope import PAGE
from models.reminders.absences import absences_of, end_absence, enter_absence, refuse_others_arranging
from models.reminders.answers import Answered, acknowledge, snooze
from models.reminders.mine import mine, reminder
from models.reminders.preferences import preference_of, set_preference
from models.reminders.reports import told, told_counts
from states.counting import Workdays
from states.facts import Person
from states.posting import Channel, ObligationStatus
from states.scopes import Scope
from states.standing_in import Absence
from web.api.asked import Json, Limit, Offset, Words, paged
from web.api.bodies import Body, Code, ShortText
from web.api.routing import Endpoints
from web.desk import AtDesk, Visit
from web.pages.reminders import WATCHERS
from web.roles import EVERYONE

endpoints = Endpoints(tags=["reminders"])

Key = Annotated[ShortText, Field(min_length=1, description="Khóa của nhắc việc (key)")]


class AcknowledgeBody(Body):
    """The reminder that was taken note of."""

    key: Key
    reason: ShortText = ""


class SnoozeBody(AcknowledgeBody):
    """The reminder to be told again, and from which day."""

    until: date


class PreferencesBody(Body):
    """How a person wants to be told; what is left out stays. `person` is oneself where it is left out."""

    person: Code | None = None
    channels: tuple[Channel, ...] | None = Field(default=None, min_length=1, max_length=len(Channel))
    urgent_at_once: bool | None = None
    in_charge: bool | None = None


class AbsenceBody(Body):
    """Who reads in whose place, from one day to another."""

    person: Code | None = None
    substitute: Code
    first_on: date | None = None
    last_on: date
    note: ShortText = ""


class EndBody(Body):
    """The absence that ends: the one that begins on a day, or the coming one."""

    person: Code | None = None
    begins_on: date | None = None


@endpoints.read("/due", who=EVERYONE, label="Việc quá hạn và sắp đến hạn")
def due(
    visit: AtDesk,
    within: Annotated[int, Query(ge=0, le=1000, description="Số ngày làm việc tới")] = 7,
    as_of: date | None = None,
    unit: Words = "",
    limit: Limit = PAGE,
    offset: Offset = 0,
) -> Json:
    """Open deadlines, the most urgent first; what is left counts to the safe day, what is overdue from the deadline."""
    with visit.reading() as session:
        rows = due_list(
            session,
            as_of=as_of or visit.today,
            within=Workdays(within),
            reader=visit.person,
            unit=unit or None,
            limit=limit + 1,
            offset=offset,
        )
    return paged("deadlines", rows, limit, offset)


# --- mine ---------------------------------------------------------------------------------------------


@endpoints.read("/reminders", who=EVERYONE, label="Nhắc việc của tôi")
def my_reminders(visit: AtDesk) -> Json:
    with visit.reading() as session:
        return {"reminders": [asdict(line) for line in mine(session, visit.person, as_of=visit.today)]}


@endpoints.write("/reminders/acknowledge", who=EVERYONE, scope=Scope.REMINDERS, label="Báo nhận một nhắc việc")
def take_note(visit: AtDesk, body: AcknowledgeBody) -> Json:
    with visit.writing() as session:
        row = reminder(session, body.key, reader=visit.person)
        return _answered(acknowledge(session, row["key"], **_said(visit, row, body.reason)))


@endpoints.write("/reminders/snooze", who=EVERYONE, scope=Scope.REMINDERS, label="Hoãn một nhắc việc")
def put_off(visit: AtDesk, body: SnoozeBody) -> Json:
    with visit.writing() as session:
        row = reminder(session, body.key, reader=visit.person)
        return _answered(snooze(session, row["key"], until=body.until, **_said(visit, row, body.reason)))


def _said(visit: Visit, row: Mapping[str, Any], reason: str) -> Json:
    return {"person": row["person"], "by": visit.person, "origin": visit.origin, "reason": reason}


def _answered(found: Answered) -> Json:
    return {"person": found.person, "about": found.about, "cancelled": found.cancelled}


@endpoints.read("/reminders/preferences", who=EVERYONE, label="Cách nhận nhắc việc")
def preferences(visit: AtDesk, person: Words = "") -> Json:
    """How a person is told, and who reads in their place: one's own, or by a leader or administrator anybody's."""
    with visit.reading() as session:
        whose = _whose(visit, session, person)
        wanted, away = preference_of(session, whose.id), absences_of(session, whose.code, since=visit.today)
    return {"person": whose.code} | _wanted(wanted) | {"absences": [asdict(absence) for absence in away]}


def _whose(visit: Visit, session: Any, code: str) -> Person:
    whose = load_person(session, code) if code else visit.person
    refuse_others_arranging(visit.person, whose)
    return whose


def _wanted(wanted: Any) -> Json:
    names = ("channels", "urgent_at_once", "in_charge")
    return {name: getattr(wanted, name) for name in names}


@endpoints.write(
    "/reminders/preferences", who=EVERYONE, scope=Scope.REMINDERS, label="Đổi cách nhận nhắc việc", method="PATCH"
)
def prefer(visit: AtDesk, body: PreferencesBody) -> Json:
    code = body.person or visit.person.code
    given = {name: value for name, value in body.model_dump(exclude={"person"}).items() if value is not None}
    with visit.writing() as session:
        wanted = set_preference(session, code, **given, by=visit.person, origin=visit.origin)
    return {"person": code} | _wanted(wanted)


@endpoints.write(
    "/reminders/absences", who=EVERYONE, scope=Scope.REMINDERS, label="Nhờ người đọc nhắc việc thay", status=201
)
def be_away(visit: AtDesk, body: AbsenceBody) -> Json:
    code = body.person or visit.person.code
    first_on = body.first_on or visit.today
    absence = Absence(person=code, substitute=body.substitute, first_on=first_on, last_on=body.last_on)
    with visit.writing() as session:
        enter_absence(session, absence, by=visit.person, origin=visit.origin, note=body.note)
    return asdict(absence)


@endpoints.write(
    "/reminders/absences/end", who=EVERYONE, scope=Scope.REMINDERS, label="Hủy hoặc kết thúc sớm một lần vắng"
)
def be_back(visit: AtDesk, body: EndBody) -> Json:
    """Call an absence off; one that has begun ends yesterday and is answered as it then stands."""
    code = body.person or visit.person.code
    with visit.writing() as session:
        left = end_absence(session, code, first_on=body.begins_on, by=visit.person, origin=visit.origin)
    return {"person": code, "absence": None if left is None else asdict(left)}


# --- everybody's --------------------------------------------------------------------------------------


@endpoints.read("/reminders/ledger", who=WATCHERS, label="Sổ nhắc việc")
def ledger(
    visit: AtDesk,
    person: Words = "",
    project: Words = "",
    rule: Words = "",
    status: ObligationStatus | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: Limit = PAGE,
    offset: Offset = 0,
) -> Json:
    """Who was told what, when, over which channel and with which outcome, and why not; `counts` over all pages."""
    chosen: Json = {"who": person or None, "project": project or None, "rule": rule or None}
    chosen |= {"since": since, "until": until, "reader": visit.person}
    with visit.reading() as session:
        counts = told_counts(session, **chosen)
        rows = told(session, **chosen, status=status, limit=limit + 1, offset=offset)
    return paged("reminders", rows, limit, offset) | {"counts": counts}
