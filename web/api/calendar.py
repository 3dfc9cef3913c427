"""The working calendar: a year, counting with the proof of every day, and changing it on the word of a document."""

from datetime import date
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from models.calendars import Moves, confirm_year, day_or_swap, refuse_others_ruling, set_days
from models.queries.calendar import added, between, calendar_changes, calendar_year
from models.rulebook import rulebook
from states.counting import TERMS, Roll
from states.listed_days import DayKind
from states.scopes import Scope
from web.api.asked import CalendarYear, Json
from web.api.bodies import Body, ShortText
from web.api.routing import Endpoints
from web.desk import AtDesk
from web.pages.calendar import LONGEST
from web.pages.calendar_changes import LATEST, MAY_CHANGE
from web.roles import EVERYONE

endpoints = Endpoints(tags=["calendar"])

Basis = Annotated[ShortText, Field(min_length=1, description="Văn bản làm căn cứ", examples=["TB 6150/TB-BNV"])]


class DayBody(Body):
    """A day on which the office is off or works, on the word of a document; with another one it is swapped."""

    day: date
    kind: DayKind
    swap_with: date | None = None
    name: ShortText = ""
    basis: Basis


class ConfirmBody(Body):
    """The document with which a year was compared."""

    basis: Basis


@endpoints.read("/calendar/add", who=EVERYONE, label="Cộng một thời hạn vào một ngày")
def add(
    visit: AtDesk,
    start: date,
    number: Annotated[int, Query(ge=0, le=LONGEST)],
    unit: Literal["workdays", "days", "months"] = "workdays",
    roll: Roll = Roll.FORWARD,
) -> Json:
    """Three days (as counted, moved off days off, safe) and each day that was counted."""
    with visit.reading() as session:
        calendar = rulebook(session).calendar
    return {"from": start, "number": number, "unit": unit, "roll": roll} | added(
        calendar, start, TERMS[unit](number), roll
    )


@endpoints.read("/calendar/count", who=EVERYONE, label="Đếm ngày làm việc giữa hai ngày")
def count(visit: AtDesk, start: date, end: date) -> Json:
    with visit.reading() as session:
        calendar = rulebook(session).calendar
    return between(calendar, start, end)


@endpoints.read("/calendar/changes", who=EVERYONE, label="Những lần sửa lịch làm việc")
def changes(visit: AtDesk) -> Json:
    with visit.reading() as session:
        return {"changes": calendar_changes(session, limit=LATEST)}


@endpoints.read("/calendar/{year}", who=EVERYONE, label="Lịch làm việc của một năm")
def one_year(visit: AtDesk, year: CalendarYear) -> Json:
    with visit.reading() as session:
        return calendar_year(rulebook(session).calendar, year)


@endpoints.write(
    "/calendar/days", who=MAY_CHANGE, scope=Scope.ADMINISTRATION, label="Ghi ngày nghỉ, ngày làm bù", status=201
)
def set_day(visit: AtDesk, body: DayBody) -> Json:
    """Open deadlines move with it; the answer names those that did."""
    days = day_or_swap(body.day, str(body.kind), body.swap_with)
    with visit.writing() as session:
        refuse_others_ruling(visit.person)
        moves = set_days(session, days, name=body.name, basis=body.basis, origin=visit.origin)
    return _moved(moves)


@endpoints.write(
    "/calendar/{year}/confirmation", who=MAY_CHANGE, scope=Scope.ADMINISTRATION, label="Xác nhận lịch của một năm"
)
def confirm(visit: AtDesk, year: CalendarYear, body: ConfirmBody) -> Json:
    with visit.writing() as session:
        refuse_others_ruling(visit.person)
        return _moved(confirm_year(session, year, basis=body.basis, origin=visit.origin))


def _moved(moves: Moves) -> Json:
    listed = [
        {"project": each.project, "kind": each.clock, "rule": each.rule, "was": each.was, "now": each.now}
        for each in moves.listed
    ]
    return {"count": moves.count, "moved": listed}
