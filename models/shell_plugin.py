"""Our functions in the shell of sqlite-utils: fold, dong, ngay, workdays_between, by the rules of the house.

sqlite-utils finds this module by the entry point of its name and prepares every connection that it opens.
"""

import sqlite3
from datetime import date, datetime
from functools import cache

from sqlite_utils import hookimpl

from states.calendar import Calendar
from states.counting import workdays_between
from states.facts import OFFICE_TIME
from states.folding import fold
from states.words import format_date, format_dong


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Give a connection our functions. NULL stays NULL; what cannot be read stops the query."""
    for name, function, arguments in (("fold", _fold, 1), ("dong", _dong, 1), ("ngay", _ngay, 1)):
        conn.create_function(name, arguments, function, deterministic=True)
    conn.create_function("workdays_between", 2, _workdays_between, deterministic=True)


def _fold(value: str | None) -> str | None:
    """“Thiết bị” as “thiet bi”."""
    return None if value is None else fold(str(value))


def _dong(amount: int | None) -> str | None:
    """1234567 as “1.234.567 đồng”."""
    return None if amount is None else format_dong(int(amount))


def _ngay(day: str | None) -> str | None:
    """2026-08-05 as “05/08/2026”; of an instant its day in the office."""
    return None if day is None else format_date(_day(day))


def _day(value: str) -> date:
    if "T" in value:
        return datetime.fromisoformat(value).astimezone(OFFICE_TIME).date()
    return date.fromisoformat(value)


def _workdays_between(first: str | None, last: str | None) -> int | None:
    """Workdays after the first day up to and including the last one, by the calendar that we ship."""
    if first is None or last is None:
        return None
    return workdays_between(_day(first), _day(last), _calendar()).count


@cache
def _calendar() -> Calendar:
    # Reading the file brings pydantic along, which somebody who only folds text need not wait for.
    from models.calendar_file import read_calendar_file

    return read_calendar_file()
