"""The working calendar as people look it up: the days of a year, and what stands in a span of days."""

from calendar import monthrange
from datetime import date
from typing import Any

from sqlmodel import Session

from models.queries.scope import plain_row
from models.statement import Statement
from states.calendar import Calendar
from states.counting import Roll, Term, due, workdays_between
from states.explaining import explain
from states.listed_days import DayKind, ListedDay, weekday_name


def calendar_year(calendar: Calendar, year: int) -> dict[str, Any]:
    """The days of a year that depart from the weekly rule, with their papers, and what is not certain about it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return {
        "year": year,
        "jurisdiction": calendar.jurisdiction,
        "version": calendar.version,
        "confirmed": year in calendar.confirmed_years,
        "workdays": calendar.workdays_within(first, last),
        "weekend": sorted(calendar.weekend.weekdays),
        "weekend_basis": calendar.weekend.basis,
        "days": [_listed(listed) for listed in calendar.days if listed.day.year == year],
        "warnings": list(calendar.doubts(first, last)),
    }


def _listed(listed: ListedDay) -> dict[str, Any]:
    return {
        "date": listed.day.isoformat(),
        "weekday": weekday_name(listed.day),
        "kind": str(listed.kind),
        "name": listed.name,
        "basis": listed.basis,
        "verified": listed.verified,
        "switchable": listed.switchable,
        "active": listed.active,
        "swap_with": listed.swap_with and listed.swap_with.isoformat(),
    }


def year_grid(calendar: Calendar, year: int) -> list[list[list[dict[str, Any] | None]]]:
    """Twelve months of weeks from Monday to Sunday; None where a week reaches into another month.

    A day says whether the office works (`works`), and as what it stands out (`mark`): off or work beyond the
    weekly rule, in both with its name, or a day that is listed and not in force (waiting).
    """
    return [_month(calendar, year, month) for month in range(1, 13)]


def _month(calendar: Calendar, year: int, month: int) -> list[list[dict[str, Any] | None]]:
    days: list[dict[str, Any] | None] = [None] * date(year, month, 1).weekday()
    days += [_square(calendar, date(year, month, number + 1)) for number in range(monthrange(year, month)[1])]
    days += [None] * (-len(days) % 7)
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def _square(calendar: Calendar, day: date) -> dict[str, Any]:
    listed = calendar.listed(day)
    mark = "" if listed is None else "waiting" if not listed.active else str(listed.kind)
    name = listed.name if listed else ""
    verified = listed is None or listed.verified
    return {"day": day, "works": calendar.works_on(day), "mark": mark, "name": name, "verified": verified}


def listed_within(calendar: Calendar, first: date, last: date) -> list[dict[str, Any]]:
    """The days after the first to the last that are listed, off or worked: what a paper calendar does not show."""
    return [
        {
            "date": listed.day.isoformat(),
            "weekday": weekday_name(listed.day),
            "works": calendar.works_on(listed.day),
            "reason": calendar.standing(listed.day).reason,
            "basis": listed.basis,
            "verified": listed.verified,
        }
        for listed in calendar.days
        if first < listed.day <= last
    ]


def added(calendar: Calendar, start: date, term: Term, roll: Roll) -> dict[str, Any]:
    """Where a term from a day ends: as counted, moved off days off, and safe; and each day that was counted."""
    counted = due(start, term, calendar, roll=roll)
    return {
        "printed_on": counted.printed_on.isoformat(),
        "rolled_on": counted.rolled_on.isoformat(),
        "safe_on": counted.safe_on.isoformat(),
        "provisional": counted.provisional,
        "warnings": list(counted.warnings),
        "days": [row.plain() for row in explain(start, term, calendar, roll=roll)],
    }


def between(calendar: Calendar, start: date, end: date) -> dict[str, Any]:
    """How many workdays lie after a day up to another one, negative backwards; `listed` are the days that matter."""
    first, last = min(start, end), max(start, end)
    warnings = calendar.doubts(first, last)
    return {
        "from": start.isoformat(),
        "to": end.isoformat(),
        "workdays": workdays_between(start, end, calendar).count,
        "days": (end - start).days,
        "provisional": bool(warnings),
        "warnings": list(warnings),
        "listed": listed_within(calendar, first, last),
    }


def proof_between(calendar: Calendar, start: date, end: date) -> list[dict[str, Any]]:
    """Each day after the start up to the end, with the number it was counted as and why it was skipped."""
    rows, counted = [], 0
    for ordinal in range(start.toordinal() + 1, end.toordinal() + 1):
        day = date.fromordinal(ordinal)
        standing = calendar.standing(day)
        counted += standing.works
        rows.append(
            {"date": day.isoformat(), "weekday": weekday_name(day), "counted": standing.works, "marks": []}
            | {"ordinal": counted if standing.works else None, "reason": standing.reason}
            | {"basis": standing.basis, "verified": standing.verified}
        )
    return rows


def calendar_changes(session: Session, *, limit: int) -> list[dict[str, Any]]:
    """The latest changes of the calendar: when, by whom, on whose word, which days, how many deadlines moved."""
    found = []
    for event in _CHANGES.rows(session, limit=limit):
        days = [_entry(row) for row in _ENTRIES.rows(session, event=event.id)]
        years = [row.year for row in _YEARS.rows(session, event=event.id)]
        found.append(plain_row(event._asdict()) | {"days": days, "years": years})
    return found


def _entry(row: Any) -> dict[str, Any]:
    told = plain_row(row._asdict())
    return told | {"works": told["kind"] == DayKind.WORK, "active": bool(told["active"])}


# The first event is what we ship: it lists every day there is.
_CHANGES = Statement(
    "SELECT e.id, e.recorded_at, e.note, p.name AS recorded_by FROM event AS e "
    "LEFT JOIN person AS p ON p.id = e.recorded_by "
    "WHERE e.subject_kind = 'calendar' AND e.seq > 1 ORDER BY e.id DESC LIMIT :limit"
)
_ENTRIES = Statement("SELECT day, kind, name, active FROM calendar_entry WHERE event_id = :event ORDER BY day")
_YEARS = Statement("SELECT year FROM calendar_year WHERE event_id = :event ORDER BY year")
