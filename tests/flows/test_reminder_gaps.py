"""Missed nights: every gap from 1 to 30 of them, over deadlines of every distance, against running every night."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from models.rulebook import shipped_rulebook
from models.store import open_store

#: The last night before the gap; deadlines end on every workday from that of the first project on.
FIRST, LAST_NIGHT = date(2026, 3, 3), date(2026, 3, 10)
LONGEST = 30
PROJECTS = 24


@dataclass(frozen=True)
class Ledger:
    """What stands in the ledger: the rows, which of them were told in which letter, and the letters that were sent."""

    keys: frozenset[str]
    told: dict[str, str]
    covered_by: dict[str, str | None]
    letters: tuple[str, ...]


def ledger(mornings: Any) -> Ledger:
    joined = "reminder AS r LEFT JOIN outbox AS o ON o.id = r.outbox_id"
    rows = mornings.rows(joined, "r.key, r.status, r.covered_by, o.key")
    return Ledger(
        keys=frozenset(key for key, *_ in rows),
        told={key: letter for key, status, _, letter in rows if status == "told"},
        covered_by={key: by for key, status, by, _ in rows if status == "covered"},
        letters=tuple(key for (key,) in mornings.rows("outbox", "key", "status = 'sent'")),
    )


def task_of(key: str) -> tuple[str, str]:
    """What a key is about, and to whom it is told."""
    about, _, person = key.rsplit("/", 2)
    return about, person


def days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def furnish(office: Any) -> None:
    """Hand in a project on each workday, and leave others in stages whose clocks run for months."""
    day = FIRST
    for _ in range(PROJECTS):
        office.at = datetime.fromisoformat(f"{day}T01:00:00+00:00") - timedelta(days=1)
        office.bring(office.open(plan_year=2025), "submitted")
        day = WORKDAYS(day, 1)
    for stage in ("appraising", "reviewing", "contracted", "accepted"):
        office.at = datetime.fromisoformat("2026-02-20T01:00:00+00:00")
        office.bring(office.open(plan_year=2025), stage)
    # The sweep asks for days and never for the order in which things were entered.
    office.at = datetime.fromisoformat("2026-02-27T01:00:00+00:00")


WORKDAYS: Callable[[date, int], date] = shipped_rulebook().calendar.workday


def last_told(nights: Iterable[frozenset[str]]) -> dict[tuple[str, str], str]:
    """Of what was told night by night the last key of each task and person."""
    found: dict[tuple[str, str], str] = {}
    for keys in nights:
        found |= {task_of(key): key for key in keys}
    return found


def test_missed_nights_lose_nothing_and_double_nothing(mornings: Any, tmp_path: Path, again: Any) -> None:
    furnish(mornings.office)
    nightly: dict[date, Ledger] = {}
    copies = {}
    for day in days(FIRST, LAST_NIGHT + timedelta(days=LONGEST + 4)):
        mornings.morning(str(day))
        nightly[day] = ledger(mornings)
        if day == LAST_NIGHT:
            copies = {gap: again(tmp_path / f"gap-{gap}") for gap in range(1, LONGEST + 1)}
    before = nightly[LAST_NIGHT]
    rules = set()

    for gap, late in copies.items():
        # What a day off catches up, the next workday tells.
        first = LAST_NIGHT + timedelta(days=gap + 1)
        day = WORKDAYS(first - timedelta(days=1), 1)
        for night in days(first, day):
            late.morning(str(night))
        found = ledger(late)
        told = [frozenset(nightly[night].told) for night in days(LAST_NIGHT, day)]
        wanted = last_told(keys - passed for passed, keys in pairwise(told))
        rules |= {key.rsplit("/", 2)[1] for key in told[-1] - told[0]}

        # Nothing is lost: each row is there, and the last thing said every night is said now.
        assert found.keys == nightly[day].keys, f"gap of {gap}"
        assert frozenset(wanted.values()) <= frozenset(found.told), f"gap of {gap}"
        # What was overtaken rides in the letter that says it, or is covered by something that does.
        for key in (told[-1] - told[0]).difference(wanted.values()):
            said = found.covered_by.get(key) or key
            assert found.told[said] == found.told[wanted[task_of(key)]], f"gap of {gap}"
        # Nothing is doubled: nobody has two letters of a kind, and another run says nothing.
        assert frozenset(found.told) <= told[-1], f"gap of {gap}"
        new = [letter for letter in found.letters if letter not in before.letters]
        assert len({letter.rsplit(":", 1)[0] for letter in new}) == len(new), f"gap of {gap}"
        late.morning(str(day))
        assert ledger(late) == found, f"gap of {gap}"
        late.store.close()

    assert rules == {
        "N-T7",
        "N-T3",
        "N-T1",
        "N-T0",
        "N-Q1",
        "N-Q2",
        "N-Q5",
        "N-WAIT.1",
        "N-WAIT.2",
        "N-WAIT.3",
        "N-IDLE.1",
    }


@pytest.mark.postgres
def test_missed_nights_leave_the_same_ledger_on_postgresql(
    mornings: Any, postgres: Callable[..., str], tmp_path: Path, again: Any
) -> None:
    """One register is swept every night on SQLite, the other one on PostgreSQL after gaps of 1, 6 and 20 nights."""
    store = open_store(postgres(), tmp_path / "files")
    late = again(store)
    for office in (mornings.office, late.office):
        furnish(office)
    nights = (date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 13), date(2026, 4, 3))

    for day in days(FIRST, nights[-1]):
        mornings.morning(str(day))
    for day in nights:
        late.morning(str(day))

    every, some = ledger(mornings), ledger(late)
    store.close()
    assert some.keys == every.keys
    assert set(some.told) < set(every.told)
    assert set(map(task_of, some.told)) == set(map(task_of, every.told))
    tasks = defaultdict(list)
    for letter in some.letters:
        tasks[letter.rsplit(":", 1)[0]].append(letter)
    assert {len(letters) for letters in tasks.values()} == {1}


def test_three_runs_of_every_night_write_what_one_does(mornings: Any, tmp_path: Path, again: Any) -> None:
    furnish(mornings.office)
    thrice = again(tmp_path / "thrice")

    for day in days(FIRST, date(2026, 3, 13)):
        mornings.morning(str(day))
        for _ in range(3):
            thrice.sweep(str(day))
        thrice.send(str(day))

    assert ledger(thrice) == ledger(mornings)
    thrice.store.close()
