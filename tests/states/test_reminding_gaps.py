"""Missed nights: nothing is lost and nothing doubled, whichever nights were missed and whichever rung fell in them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar_file import read_calendar_file
from models.reminder_file import read_reminder_file
from states.counting import Roll, due_by
from states.facts import Person
from states.recipients import Staff
from states.reminder_rules import ReminderKind, Timetable
from states.reminding import Answers, Deadline, Obligation, Standstill, Sweep, obligations, repeats
from states.vocabulary import Role, Route, Stage

RULES, CALENDAR = read_reminder_file(), read_calendar_file()
TIMETABLE = Timetable(RULES, CALENDAR)
STAFF = Staff(
    [
        Person(1, "an", "An", Role.CENTRE_OFFICER, unit_id=1),
        Person(3, "binh", "Bình", Role.COORDINATOR),
        Person(4, "bach", "Bách", Role.COORDINATOR),
        Person(5, "chi", "Chi", Role.LEADER),
        Person(6, "chau", "Châu", Role.LEADER),
    ],
    in_charge=["chi"],
)
FIRST = date(2026, 7, 1)
NIGHTS = [FIRST + timedelta(days=number) for number in range(130)]


def deadline(number: int, day: date) -> Deadline:
    dates = due_by(day, CALENDAR, roll=Roll.FORWARD)
    return Deadline(
        subject=f"KC-VL-2026-{number:03d}",
        clock="D-CHECK",
        route=Route.LOCAL,
        started_by=number,
        status="open",
        printed_on=dates.printed_on,
        rolled_on=dates.rolled_on,
        safe_on=dates.safe_on,
        stage=Stage.SUBMITTED,
        unit_id=1,
    )


DEADLINE = deadline(1, date(2026, 8, 23))
PROJECT = Standstill(
    subject="KC-VL-2026-001",
    route=Route.LOCAL,
    stage=Stage.UNDERWAY,
    unit_id=1,
    last_event_id=12,
    last_step_on=date(2026, 7, 10),
    stage_event_id=9,
    stage_since=date(2026, 7, 10),
)


def run(
    nights: Iterable[date], deadlines: Sequence[Deadline] = (DEADLINE,), answers: Answers | None = None
) -> dict[str, Obligation]:
    """The ledger after the sweeps of these nights; a key that comes twice is an error."""
    ledger: dict[str, Obligation] = {}
    for night in nights:
        sweep = Sweep(as_of=night, written=ledger.keys(), answers=answers or Answers())
        found = [
            *obligations(deadlines, TIMETABLE, STAFF, sweep),
            *repeats([PROJECT], TIMETABLE, STAFF, sweep),
        ]
        keys = [owed.key for owed in found]
        assert len(keys) == len(set(keys))
        assert ledger.keys().isdisjoint(keys)
        ledger |= {owed.key: owed for owed in found}
    return ledger


def last_told(ledger: dict[str, Obligation]) -> dict[tuple[str, str], str]:
    """Of each person and matter the key of the last rung that was told."""
    told: dict[tuple[str, str], Obligation] = {}
    for owed in ledger.values():
        known = told.get((owed.person, owed.about))
        if owed.is_pending and (known is None or known.due_on < owed.due_on):
            told[owed.person, owed.about] = owed
    return {who: owed.key for who, owed in told.items()}


def is_explained(ledger: dict[str, Obligation]) -> bool:
    """Every rung that was not told is covered by a later one of the same person that was."""
    return all(
        owed.is_pending
        or (
            owed.covered_by is not None
            and ledger[owed.covered_by].is_pending
            and ledger[owed.covered_by].person == owed.person
            and ledger[owed.covered_by].due_on >= owed.due_on
        )
        for owed in ledger.values()
    )


NIGHTLY = run(NIGHTS)
DAYS = {rule.id: min(owed.due_on for owed in NIGHTLY.values() if owed.rule is rule) for rule in RULES}


def test_nightly_runs_tell_every_rung_of_every_rule_on_its_day() -> None:
    ladder = [owed for owed in NIGHTLY.values() if owed.rule.kind is ReminderKind.LADDER]

    assert set(DAYS) == {rule.id for rule in RULES}
    # Two coordinators own the deadline, and each superior is one person.
    assert len(ladder) == 5 * 2 + 2
    assert all(owed.is_pending for owed in NIGHTLY.values())


@pytest.mark.parametrize("missed", range(1, 31))
@pytest.mark.parametrize("code", list(DAYS))
def test_gap_over_any_rung_loses_and_doubles_nothing(code: str, missed: int) -> None:
    from_its_day, up_to_its_day = DAYS[code], DAYS[code] - timedelta(days=missed - 1)

    for start in (from_its_day, up_to_its_day):
        gap = {start + timedelta(days=number) for number in range(missed)}
        ledger = run(night for night in NIGHTS if night not in gap)

        assert ledger.keys() == NIGHTLY.keys()
        assert last_told(ledger) == last_told(NIGHTLY)
        assert is_explained(ledger)


DUE_DAYS = st.lists(st.sampled_from(NIGHTS[:100]), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(days=DUE_DAYS, ran=st.sets(st.sampled_from(NIGHTS[:-1]), max_size=25), snooze=st.sampled_from([None, *NIGHTS]))
def test_any_choice_of_nights_ends_with_the_same_ledger(days: list[date], ran: set[date], snooze: date | None) -> None:
    deadlines = [deadline(number, day) for number, day in enumerate(days, start=1)]
    snoozed = {("binh", deadlines[0].about): snooze} if snooze else {}
    answers = Answers(snoozed_until=snoozed, acknowledged={("bach", deadlines[-1].about)})

    whole = run(NIGHTS, deadlines, answers)
    ledger = run([*sorted(ran), NIGHTS[-1]], deadlines, answers)

    assert ledger.keys() == whole.keys()
    assert last_told(ledger) == last_told(whole)


@settings(max_examples=60, deadline=None)
@given(
    ran=st.sets(st.sampled_from(NIGHTS[:-1]), max_size=25),
    moves=st.dictionaries(st.sampled_from(NIGHTS), st.sampled_from(NIGHTS[20:100]), max_size=3),
)
def test_deadline_that_moves_is_told_in_its_last_version_and_each_key_once(
    ran: set[date], moves: dict[date, date]
) -> None:
    ledger: dict[str, Obligation] = {}
    current = DEADLINE
    for night in NIGHTS:
        if night in moves:
            current = replace(deadline(1, moves[night]), started_by=DEADLINE.started_by)
        if night in ran or night == NIGHTS[-1]:
            found = list(obligations([current], TIMETABLE, STAFF, Sweep(as_of=night, written=ledger.keys())))
            assert ledger.keys().isdisjoint(owed.key for owed in found)
            ledger |= {owed.key: owed for owed in found}

    straight = run([NIGHTS[-1]], [current])
    latest = {owed.key for owed in ledger.values() if owed.about == current.about}
    assert latest == {key for key, owed in straight.items() if owed.about == current.about}
