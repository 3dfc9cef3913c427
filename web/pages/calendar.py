"""The working calendar: a year to look at and to print, and counting workdays with the proof of every day."""

from datetime import date
from typing import Any

from fastapi.responses import Response

from models.calendars import RULERS
from models.queries.calendar import added, between, calendar_year, proof_between, year_grid
from models.rulebook import rulebook
from states.calendar import Calendar
from states.counting import TERMS, Roll
from states.facts import Person
from states.folding import quoted
from states.reading import FIRST_YEAR, LAST_YEAR
from states.refusal import Refused
from states.words import format_number
from web.access import Pages
from web.desk import AtDesk
from web.fields import Fields
from web.roles import EVERYONE
from web.words import t

pages = Pages()

#: The longest count, and how many days of it are written out on one page.
LONGEST, MOST_DAYS = 2_000, 370
WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
UNITS = {"workdays": "ngày làm việc", "days": "ngày theo lịch", "months": "tháng"}


def tabs(person: Person) -> list[tuple[str, str]]:
    """The parts of this room."""
    changes = t("Sửa lịch") if person.role in RULERS else t("Những lần sửa lịch")
    return [("/calendar", t("Cả năm")), ("/calendar/count", t("Đếm ngày")), ("/calendar/changes", changes)]


@pages.show("/calendar", who=EVERYONE, label="Lịch làm việc của một năm")
def calendar_page(visit: AtDesk, year: str = "") -> Response:
    chosen = read_year(year) if year else visit.today.year
    with visit.reading() as session:
        calendar = rulebook(session).calendar
    grid = year_grid(calendar, chosen)
    return visit.page(
        "calendar/year.html",
        tabs=tabs,
        shown=calendar_year(calendar, chosen),
        months=[(month, _workdays(calendar, chosen, month), weeks) for month, weeks in enumerate(grid, start=1)],
        weekdays=WEEKDAYS,
        year=chosen,
        before=chosen - 1 if chosen > FIRST_YEAR else None,
        after=chosen + 1 if chosen < LAST_YEAR else None,
        may_change=visit.person.role in RULERS,
    )


def _workdays(calendar: Calendar, year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1) if (year, month) != (LAST_YEAR, 12) else None
    last = date.fromordinal(following.toordinal() - 1) if following else date(year, 12, 31)
    return calendar.workdays_within(date(year, month, 1), last)


def read_year(typed: str) -> int:
    """A year that the calendar has. Raises Refused."""
    text = typed.strip()
    if text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR:
        return int(text)
    raise Refused(f"Năm {quoted(typed)} không có trong lịch; hãy gõ năm từ {FIRST_YEAR} đến {LAST_YEAR}.")


@pages.show("/calendar/count", who=EVERYONE, label="Đếm ngày làm việc")
def count_page(visit: AtDesk) -> Response:
    form = Fields(visit.request.query_params)
    with visit.reading() as session:
        calendar = rulebook(session).calendar
    answer: dict[str, Any] = {}
    if form.typed("how") == "add":
        answer = _added(form, calendar)
    elif form.typed("how") == "between":
        answer = _between(form, calendar)
    return visit.page(
        "calendar/count.html",
        status=400 if form.mistakes else 200,
        tabs=tabs,
        add_form=form if form.typed("how") == "add" else Fields(),
        between_form=form if form.typed("how") == "between" else Fields(),
        units=list(UNITS.items()),
        rolls=[(str(roll), roll.label) for roll in Roll],
        answer=answer,
        most=MOST_DAYS,
    )


def _added(form: Fields, calendar: Calendar) -> dict[str, Any]:
    start = form.day("start", required="Hãy ghi ngày bắt đầu.")
    number = form.read("number", _read_number, required="Hãy ghi độ dài của thời hạn.")
    roll = form.code("roll", Roll) or Roll.FORWARD
    unit = form.typed("unit") or "workdays"
    if unit not in TERMS:
        form.mistaken("unit", "Hãy chọn ngày làm việc, ngày theo lịch hoặc tháng.")
    if form.mistakes or start is None or number is None:
        return {}
    try:
        found = added(calendar, start, TERMS[unit](number), roll)
    except Refused as refused:
        form.refused(refused)
        return {}
    return found | {"how": "add", "start": start, "term": f"{format_number(number)} {UNITS[unit]}", "roll": roll}


def _read_number(typed: str) -> int:
    if typed.isascii() and typed.isdigit() and len(typed) < 10 and int(typed) <= LONGEST:
        return int(typed)
    raise Refused(f"Độ dài {quoted(typed)} không hợp lệ; hãy gõ một số nguyên từ 0 đến {LONGEST}.")


def _between(form: Fields, calendar: Calendar) -> dict[str, Any]:
    start = form.day("first", required="Hãy ghi ngày đầu.")
    end = form.day("last", required="Hãy ghi ngày cuối.")
    if form.mistakes or start is None or end is None:
        return {}
    try:
        found = between(calendar, start, end)
    except Refused as refused:
        form.refused(refused)
        return {}
    first, last = min(start, end), max(start, end)
    days = proof_between(calendar, first, last) if (last - first).days <= MOST_DAYS else []
    return found | {"how": "between", "start": start, "end": end, "span": found["days"], "days": days}
