"""When the office may be written to: 07:30 to 17:00 on working days, working Saturdays included."""

from datetime import date, datetime, time

from states.calendar import Calendar
from states.counting import Workdays, add_workdays
from states.facts import OFFICE_TIME

#: Office hours in Asia/Ho_Chi_Minh. Nothing leaves at the closing itself or later.
OPENS, CLOSES = time(7, 30), time(17)


def send_at(ready_at: datetime, calendar: Calendar, *, urgent: bool) -> datetime:
    """Say when a message that is ready may leave: urgent ones at once in office hours, others with the morning.

    A digest that is ready too late for its own morning waits for the next one; where it must not (the first digest
    of a day on which the sweep ran late), `next_open` answers. Raises ValueError for an instant without a zone.
    """
    return next_open(ready_at, calendar) if urgent else next_opening(ready_at, calendar)


def next_open(at: datetime, calendar: Calendar) -> datetime:
    """Return the instant itself in office hours, else the next opening. Retries ask this too."""
    local = _local(at)
    if calendar.works_on(local.date()) and OPENS <= local.time() < CLOSES:
        return local
    return next_opening(local, calendar)


def next_opening(at: datetime, calendar: Calendar) -> datetime:
    """Return the first opening of the office that is not before the instant."""
    local = _local(at)
    day = calendar.on_or_after(local.date())
    if opening(day) < local:
        day = add_workdays(day, Workdays(1), calendar)
    return opening(day)


def expires_at(leaves_at: datetime, calendar: Calendar, *, urgent: bool) -> datetime:
    """Say from when on a message that was to leave then is of no use any more.

    A digest ends with the next one, which says the same with today's figures: the next opening after it. An urgent
    message ends at the closing of the next workday: two days of attempts, in which the next morning's digest has
    named the same deadline. What expires unsent is still owed and rides in the next digest.
    """
    day = add_workdays(_local(leaves_at).date(), Workdays(1), calendar)
    return closing(day) if urgent else opening(day)


def opening(day: date) -> datetime:
    return datetime.combine(day, OPENS, OFFICE_TIME)


def closing(day: date) -> datetime:
    return datetime.combine(day, CLOSES, OFFICE_TIME)


def _local(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError(f"an instant needs a zone: {at}")
    return at.astimezone(OFFICE_TIME)
