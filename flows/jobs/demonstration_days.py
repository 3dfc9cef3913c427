"""Working days, office hours and draws of the demonstration: everything follows from names, nothing from a clock."""

import hashlib
from datetime import UTC, date, datetime, time, timedelta

from states.facts import OFFICE_TIME

#: Weekdays off. Close to the calendars of those years and no more: no deadline is counted on them.
_DAYS_OFF = {
    2021: "01-01 02-10 02-11 02-12 02-15 02-16 04-21 04-30 05-03 09-02 09-03",
    2022: "01-03 01-31 02-01 02-02 02-03 02-04 04-11 05-02 05-03 09-01 09-02",
    2023: "01-02 01-20 01-23 01-24 01-25 01-26 05-01 05-02 05-03 09-01 09-04",
    2024: "01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03",
    2025: "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02",
    2026: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02",
}
DAYS_OFF = frozenset(date.fromisoformat(f"{year}-{day}") for year, days in _DAYS_OFF.items() for day in days.split())

SATURDAY = 5
OPENS, CLOSES = time(7, 30), time(17, 0)
#: Nobody enters anything over the noon break.
NOON, AFTERNOON = time(11, 30), time(13, 0)


def draw(low: int, high: int, *names: object) -> int:
    """A number from low to high that depends on the names alone: adding a project moves no other one."""
    seed = hashlib.sha256("/".join(("3082", *map(str, names))).encode()).digest()
    return low + int.from_bytes(seed[:8], "big") % (high - low + 1)


def is_workday(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in DAYS_OFF


def workday_from(day: date) -> date:
    """The day itself, or the first working day after it."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def workdays_later(day: date, number: int) -> date:
    """The working day that many working days later; a negative number goes back."""
    step = timedelta(days=1 if number > 0 else -1)
    for _ in range(abs(number)):
        day += step
        while not is_workday(day):
            day += step
    return day


def office_instant(day: date, *names: object) -> datetime:
    """An instant of the day in office hours, in UTC."""
    morning = _seconds(NOON) - _seconds(OPENS)
    afternoon = _seconds(CLOSES) - _seconds(AFTERNOON)
    second = draw(0, morning + afternoon - 1, "second", day, *names)
    start = OPENS if second < morning else AFTERNOON
    within = second if second < morning else second - morning
    return (datetime.combine(day, start, OFFICE_TIME) + timedelta(seconds=within)).astimezone(UTC)


def _seconds(of_day: time) -> int:
    return of_day.hour * 3600 + of_day.minute * 60
