"""Changing the working calendar on the word of a document: a day off, a swap, a year confirmed; and who did."""

from collections.abc import Callable
from datetime import date

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.calendars import RULERS, Moves, confirm_year, day_or_swap, describe, refuse_others_ruling, set_days
from models.queries.calendar import calendar_changes
from models.rulebook import rulebook
from models.store import Session
from states.listed_days import DayKind
from states.refusal import Refused
from states.words import format_date, format_number
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.calendar import read_year, tabs
from web.roles import EVERYONE

pages = Pages()

MAY_CHANGE = frozenset(RULERS)
#: Changes on the page, and deadlines named when a change is only tried or was made.
LATEST, NAMED, TOLD = 50, 50, 3
KINDS = ((str(DayKind.OFF), "ngày nghỉ"), (str(DayKind.WORK), "ngày làm việc"))


class _OnlyTriedError(Exception):
    """Ends the transaction without a trace."""


@pages.show("/calendar/changes", who=EVERYONE, label="Những lần sửa lịch làm việc")
def changes_page(visit: AtDesk) -> Response:
    return _shown(visit)


def _shown(
    visit: Visit,
    *,
    day_form: Fields | None = None,
    year_form: Fields | None = None,
    status: int = 200,
    tried: Moves | None = None,
) -> Response:
    with visit.reading() as session:
        changes = calendar_changes(session, limit=LATEST)
        calendar = rulebook(session).calendar
    open_years = sorted(calendar.listed_years - calendar.confirmed_years)
    return visit.page(
        "calendar/changes.html",
        status=status,
        tabs=tabs,
        day_form=day_form or Fields(),
        year_form=year_form or Fields(),
        kinds=KINDS,
        changes=changes,
        open_years=open_years,
        tried=tried,
        moved=[describe(each) for each in tried.listed[:NAMED]] if tried else [],
        may_change=visit.person.role in MAY_CHANGE,
    )


@pages.act("/calendar/days", who=MAY_CHANGE, label="Ghi ngày nghỉ, ngày làm bù")
async def set_day(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_set_day, visit, Fields(await request.form()))


def _set_day(visit: Visit, form: Fields) -> Response:
    day = form.day("day", required="Hãy ghi ngày.")
    kind = form.code("kind", DayKind, required="Hãy chọn nghỉ hoặc làm việc.")
    partner = form.day("swap_with")
    name, basis = form.line("name", "tên ngày"), form.line("basis", "văn bản làm căn cứ", required=True)
    if form.mistakes or day is None or kind is None:
        return _shown(visit, day_form=form, status=409)
    try:
        days = day_or_swap(day, str(kind), partner)
        moves = _changed(
            visit,
            lambda session: set_days(session, days, name=name, basis=basis, origin=visit.origin),
            only_tried=form.ticked("check"),
        )
    except Refused as refused:
        form.refused(refused, {"swap_with": ("hoán đổi",), "basis": ("căn cứ",)})
        return _shown(visit, day_form=form, status=409)
    if form.ticked("check"):
        return _shown(visit, day_form=form, tried=moves)
    what = "; ".join(f"{format_date(each)} {DayKind(kind).label}" for each, kind in days.items())
    return visit.go(_year_of(day), told=f"Đã ghi lịch: {what}. {told_moves(moves)}")


@pages.act("/calendar/years", who=MAY_CHANGE, label="Xác nhận lịch của một năm")
async def confirm(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_confirm, visit, Fields(await request.form()))


def _confirm(visit: Visit, form: Fields) -> Response:
    year = form.read("year", read_year, required="Hãy ghi năm đã đối chiếu.")
    basis = form.line("year_basis", "văn bản làm căn cứ", required=True)
    if form.mistakes or year is None:
        return _shown(visit, year_form=form, status=409)
    try:
        moves = _changed(
            visit,
            lambda session: confirm_year(session, year, basis=basis, origin=visit.origin),
            only_tried=form.ticked("check"),
        )
    except Refused as refused:
        form.refused(refused, {"year": ("năm",), "year_basis": ("căn cứ",)})
        return _shown(visit, year_form=form, status=409)
    if form.ticked("check"):
        return _shown(visit, year_form=form, tried=moves)
    told = f"Đã xác nhận lịch năm {year}; các hạn qua năm đó không còn là tạm tính. {told_moves(moves)}"
    return visit.go(f"/calendar?year={year}", told=told)


def _changed(visit: Visit, change: Callable[[Session], Moves], *, only_tried: bool) -> Moves:
    """Make a change, or only find out what it would move: the real one, taken back."""
    found: list[Moves] = []
    try:
        with visit.writing() as session:
            refuse_others_ruling(visit.person)
            found.append(change(session))
            if only_tried:
                raise _OnlyTriedError
    except _OnlyTriedError:
        pass
    return found[0]


def told_moves(moves: Moves) -> str:
    """How many deadlines a change moved, with the first of them."""
    if not moves.count:
        return "Không hạn nào dời."
    named = "; ".join(describe(each) for each in moves.listed[:TOLD])
    more = f" … và {format_number(moves.count - TOLD)} hạn khác" if moves.count > TOLD else ""
    return f"{format_number(moves.count)} hạn đã dời: {named}{more}."


def _year_of(day: date) -> str:
    return f"/calendar?year={day.year}"
