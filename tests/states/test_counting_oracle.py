"""The fast counting against a slow one that walks from day to day over a table typed by hand."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from models.calendar_file import read_calendar_file
from states.calendar import Calendar
from states.counting import Days, Roll, Workdays, add_workdays, due, workdays_between

FIRST, LAST = date(2015, 1, 1), date(2031, 12, 31)
STARTS, SPANS_EACH, LONGEST = 4_000, 260, 600
ONE_DAY = timedelta(days=1)

# Weekdays on which offices were (or are expected to be) closed, and Saturdays on which they worked: typed from the
# notices and domain notes §7.1, not from the reference file. Nothing is listed before 2020.
CLOSED = """
2020: 1/1 23/1 24/1 27/1 28/1 29/1 2/4 30/4 1/5 2/9
2021: 1/1 10/2 11/2 12/2 15/2 16/2 21/4 30/4 3/5 2/9 3/9
2022: 3/1 31/1 1/2 2/2 3/2 4/2 11/4 2/5 3/5 1/9 2/9
2023: 2/1 20/1 23/1 24/1 25/1 26/1 1/5 2/5 3/5 1/9 4/9
2024: 1/1 8/2 9/2 12/2 13/2 14/2 18/4 29/4 30/4 1/5 2/9 3/9
2025: 1/1 27/1 28/1 29/1 30/1 31/1 7/4 30/4 1/5 2/5 1/9 2/9
2026: 1/1 2/1 16/2 17/2 18/2 19/2 20/2 27/4 30/4 1/5 31/8 1/9 2/9
2027: 1/1 4/2 5/2 8/2 9/2 10/2 16/4 30/4 3/5 2/9 3/9
2028: 3/1 24/1 25/1 26/1 27/1 28/1 4/4 1/5 2/5 1/9 4/9
2029: 1/1 12/2 13/2 14/2 15/2 16/2 23/4 30/4 1/5 3/9 4/9
2030: 1/1 31/1 1/2 4/2 5/2 6/2 12/4 30/4 1/5 2/9 3/9
2031: 1/1 21/1 22/1 23/1 24/1 27/1 1/4 30/4 1/5 1/9 2/9
"""
WORKED = """
2024: 4/5
2025: 26/4
2026: 10/1 22/8
"""
FINAL_YEARS = (2025, 2026)
UNDECIDED = date(2026, 11, 24)


def typed(table: str) -> set[date]:
    days = set()
    for line in table.split("\n"):
        year, _, listed = line.partition(":")
        for text in listed.split():
            day, month = text.split("/")
            days.add(date(int(year), int(month), int(day)))
    return days


CLOSED_DAYS, WORKED_DAYS = typed(CLOSED), typed(WORKED)


def is_open(day: date) -> bool:
    return day in WORKED_DAYS or (day.weekday() < 5 and day not in CLOSED_DAYS)


def is_final(day: date) -> bool:
    return day.year in FINAL_YEARS and day != UNDECIDED


def walk(start: date, last: date) -> Iterator[date]:
    day = start
    while day < last:
        day += ONE_DAY
        yield day


def nearest_open(day: date, step: timedelta) -> date:
    while not is_open(day):
        day += step
    return day


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return read_calendar_file()


def test_every_day_of_the_calendar_is_as_typed(calendar: Calendar) -> None:
    days = [FIRST, *walk(FIRST, LAST)]

    assert [day for day in days if calendar.works_on(day) is not is_open(day)] == []
    assert [day for day in days if (calendar.doubts(day, day) == ()) is not is_final(day)] == []


@pytest.mark.slow
def test_random_spans_end_where_a_walk_from_day_to_day_ends(
    calendar: Calendar, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(3082)
    wrong: list[tuple[date, object]] = []
    spans = 0

    for _ in range(STARTS):
        start = date.fromordinal(chance.randint(FIRST.toordinal(), LAST.toordinal() - 1))
        # What the walk has passed when it reaches each day: open days so far, and whether all of them were final.
        opened, final, reached = 0, True, []
        ends_of: list[tuple[date, bool]] = [(start, True)]
        for day in walk(start, min(start + timedelta(days=LONGEST), LAST)):
            final = final and is_final(day)
            if is_open(day):
                opened += 1
                ends_of.append((day, final))
            reached.append((day, opened))
        for _ in range(SPANS_EACH):
            number = chance.randrange(len(ends_of))
            end, certain = ends_of[number]
            if add_workdays(start, Workdays(number), calendar) != end:
                wrong.append((start, Workdays(number)))
            if number and due(start, Workdays(number), calendar).provisional is certain:
                wrong.append((start, f"provisional after {number}"))
            day, between = chance.choice(reached)
            if workdays_between(start, day, calendar) != Workdays(between):
                wrong.append((start, day))
        spans += SPANS_EACH

    with capsys.disabled():
        print(f"\n{spans:,} random spans walked day by day")
    assert (wrong, spans >= 1_000_000) == ([], True)


def test_random_terms_in_days_roll_where_a_walk_rolls(calendar: Calendar) -> None:
    chance = random.Random(2015)
    wrong = []

    for _ in range(20_000):
        start = date.fromordinal(chance.randint(FIRST.toordinal(), LAST.toordinal() - LONGEST))
        length = chance.randrange(LONGEST - 30)
        *_, end = start, *walk(start, start + timedelta(days=length))
        later, earlier = nearest_open(end, ONE_DAY), nearest_open(end, -ONE_DAY)
        for roll, rolled in ((Roll.FORWARD, later), (Roll.SAFE, earlier), (Roll.NONE, end)):
            found = due(start, Days(length), calendar, roll=roll)
            if (found.printed_on, found.rolled_on, found.safe_on) != (end, rolled, earlier):
                wrong.append((start, length, roll))

    assert wrong == []
