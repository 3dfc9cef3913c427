"""Working-day arithmetic: one addition, and a million deadlines after a change of the calendar."""

import random
import resource
import time
from array import array
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import cycle

from models.calendar_file import read_calendar_file
from states.calendar import Calendar
from states.counting import Days, Term, Workdays, add_workdays, due

SPANS = 1_000_000
FIRST, LAST = date(2020, 1, 1).toordinal(), date(2031, 6, 30).toordinal()
# The lengths that rules use, most of them in working days.
TERMS: tuple[Term, ...] = (*(Workdays(count) for count in (1, 3, 5, 7, 10, 15, 20, 30)), Days(15), Days(30))


def measure() -> Iterator[str]:
    started = time.perf_counter()
    calendar = read_calendar_file()
    read = time.perf_counter() - started
    listed = calendar.listed(date(2026, 11, 24))
    assert listed is not None
    started = time.perf_counter()
    changed = calendar.changed(replace(listed, active=True), version=calendar.version + 1)
    built = time.perf_counter() - started
    yield f"reading the file {read * 1e3:.0f} ms, building a changed calendar {built * 1e3:.0f} ms"

    chance = random.Random(3082)
    starts = [date.fromordinal(chance.randint(FIRST, LAST)) for _ in range(SPANS)]
    lengths = [Workdays(chance.randint(1, 250)) for _ in range(SPANS)]
    started = time.perf_counter()
    for start, length in zip(starts, lengths, strict=True):
        add_workdays(start, length, calendar)
    elapsed = time.perf_counter() - started
    yield f"{SPANS:,} additions of working days: {elapsed / SPANS * 1e6:.2f} µs each"

    before, first = _recount(starts, calendar)
    after, again = _recount(starts, changed)
    moved = sum(old != new for old, new in zip(before, after, strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield (
        f"{len(after):,} deadlines counted in {first:.2f} s, again after the change in {again:.2f} s"
        f" ({moved:,} moved); peak {peak:.0f} MB"
    )


def _recount(starts: list[date], calendar: Calendar) -> "tuple[array[int], float]":
    """Count a deadline from every start; return the days and the seconds taken."""
    started = time.perf_counter()
    found = array("i", (due(start, term, calendar).rolled_on.toordinal() for start, term in zip(starts, cycle(TERMS))))
    return found, time.perf_counter() - started
