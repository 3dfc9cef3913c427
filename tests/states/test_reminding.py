"""The sweep: what is told to whom on which night, what covers what, and what keeps silent."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from models.calendar_file import read_calendar_file
from models.reminder_file import read_reminder_file
from states.facts import Person
from states.recipients import Staff
from states.reminder_rules import Timetable
from states.reminding import (
    ACKNOWLEDGED,
    BEFORE_REMINDERS,
    NO_ANSWERS,
    OVERTAKEN,
    Answers,
    Deadline,
    Obligation,
    Standstill,
    Sweep,
    obligations,
    repeats,
)
from states.vocabulary import Role, Route, Stage

STAFF = Staff(
    [
        Person(1, "an", "Nguyễn Văn An", Role.CENTRE_OFFICER, unit_id=1),
        Person(2, "yen", "Phạm Thị Yến", Role.CENTRE_OFFICER, unit_id=2),
        Person(3, "binh", "Trần Thị Bình", Role.COORDINATOR),
        Person(5, "chi", "Lê Minh Chi", Role.LEADER),
        Person(6, "chau", "Võ Thị Châu", Role.LEADER),
        Person(7, "dung", "Phan Tiến Dũng", Role.FINANCE),
    ],
    in_charge=["chau"],
)
#: Due on Sunday 23/08/2026: safe is the worked Saturday before, rolled the Monday after.
DEADLINE = Deadline(
    subject="KC-VL-2026-001",
    clock="D-CHECK",
    route=Route.LOCAL,
    started_by=7,
    status="open",
    printed_on=date(2026, 8, 23),
    rolled_on=date(2026, 8, 24),
    safe_on=date(2026, 8, 22),
    stage=Stage.SUBMITTED,
    unit_id=1,
)
PROJECT = Standstill(
    subject="KC-VL-2026-001",
    route=Route.LOCAL,
    stage=Stage.UNDERWAY,
    unit_id=1,
    last_event_id=12,
    last_step_on=date(2026, 6, 1),
    stage_event_id=9,
    stage_since=date(2026, 5, 4),
)
LADDER = [
    ("N-T7", "binh", date(2026, 8, 13)),
    ("N-T3", "binh", date(2026, 8, 19)),
    ("N-T1", "binh", date(2026, 8, 21)),
    ("N-T0", "binh", date(2026, 8, 22)),
    ("N-Q1", "binh", date(2026, 8, 25)),
    ("N-Q2", "chau", date(2026, 8, 26)),
    # 31/08 to 02/09 are days off.
    ("N-Q5", "chi", date(2026, 9, 3)),
]


@pytest.fixture(scope="module")
def timetable() -> Timetable:
    return Timetable(read_reminder_file(), read_calendar_file())


def sweep(
    timetable: Timetable, *deadlines: Deadline, as_of: date, written: Any = (), answers: Answers = NO_ANSWERS
) -> list[Obligation]:
    asked = Sweep(as_of=as_of, written=frozenset(written), answers=answers)
    return list(obligations(deadlines, timetable, STAFF, asked))


def names(found: list[Obligation]) -> list[tuple[str, str]]:
    return [(owed.rule.id, owed.person) for owed in found]


def pending(found: list[Obligation]) -> list[tuple[str, str]]:
    return names([owed for owed in found if owed.is_pending])


@pytest.mark.parametrize(("code", "person", "day"), LADDER)
def test_rung_is_told_on_its_day_and_not_before(timetable: Timetable, code: str, person: str, day: date) -> None:
    before = {owed.key for owed in sweep(timetable, DEADLINE, as_of=day - timedelta(days=1))}

    [owed] = sweep(timetable, DEADLINE, as_of=day, written=before)

    assert (owed.rule.id, owed.person, owed.due_on, owed.reason) == (code, person, day, "")


def test_rungs_before_tet_are_counted_around_it(timetable: Timetable) -> None:
    monday = date(2026, 2, 23)
    after_tet = replace(DEADLINE, printed_on=monday, rolled_on=monday, safe_on=monday)

    found = sweep(timetable, after_tet, as_of=date(2026, 2, 20))

    assert [(owed.rule.id, owed.due_on) for owed in found] == [
        ("N-T7", date(2026, 2, 5)),
        ("N-T3", date(2026, 2, 11)),
        ("N-T1", date(2026, 2, 13)),
    ]
    assert pending(found) == [("N-T1", "binh")]


def test_key_names_deadline_version_rule_and_person(timetable: Timetable) -> None:
    [owed] = sweep(timetable, DEADLINE, as_of=date(2026, 8, 13))

    assert owed.about == "deadline:KC-VL-2026-001/D-CHECK/7@20260823-20260824-20260822"
    assert owed.key == f"{owed.about}/N-T7/binh"
    assert (owed.subject, len(owed.short_id)) == ("KC-VL-2026-001", 12)


def test_overtaken_rungs_are_covered_by_the_latest_of_each_person(timetable: Timetable) -> None:
    found = sweep(timetable, DEADLINE, as_of=date(2026, 9, 30))

    told = {owed.person: owed.key for owed in found if owed.is_pending}
    assert pending(found) == [("N-Q1", "binh"), ("N-Q2", "chau"), ("N-Q5", "chi")]
    assert [(owed.rule.id, owed.covered_by, owed.reason) for owed in found if not owed.is_pending] == [
        (code, told["binh"], OVERTAKEN) for code in ("N-T7", "N-T3", "N-T1", "N-T0")
    ]


def test_second_run_of_a_night_finds_nothing(timetable: Timetable) -> None:
    for as_of in (date(2026, 8, 12), date(2026, 8, 22), date(2026, 9, 30)):
        first = sweep(timetable, DEADLINE, as_of=as_of)

        assert sweep(timetable, DEADLINE, as_of=as_of, written={owed.key for owed in first}) == []


def test_rung_that_turns_up_late_is_covered_by_the_one_already_told(timetable: Timetable) -> None:
    found = sweep(timetable, DEADLINE, as_of=date(2026, 8, 21))
    later = next(owed.key for owed in found if owed.is_pending)

    again = sweep(timetable, DEADLINE, as_of=date(2026, 8, 21), written={later})

    assert [(owed.rule.id, owed.covered_by) for owed in again] == [("N-T7", later), ("N-T3", later)]


@pytest.mark.parametrize("status", ["paused", "closed"])
def test_deadline_that_does_not_run_owes_nothing(timetable: Timetable, status: str) -> None:
    still = replace(DEADLINE, status=status)
    without_dates = replace(still, printed_on=None, rolled_on=None, safe_on=None)

    assert sweep(timetable, still, without_dates, as_of=date(2026, 9, 30)) == []


def test_moved_deadline_is_told_anew_and_an_unmoved_one_is_not(timetable: Timetable) -> None:
    as_of = date(2026, 8, 19)
    written = {owed.key for owed in sweep(timetable, DEADLINE, as_of=as_of)}
    moved = replace(DEADLINE, printed_on=date(2026, 8, 24), safe_on=date(2026, 8, 24))

    assert sweep(timetable, replace(DEADLINE, stage=Stage.SUBMITTED), as_of=as_of, written=written) == []
    assert pending(sweep(timetable, moved, as_of=date(2026, 8, 20), written=written)) == [("N-T3", "binh")]
    assert pending(sweep(timetable, DEADLINE, as_of=date(2026, 8, 21), written=written)) == [("N-T1", "binh")]


def test_what_fell_before_the_import_is_written_and_not_told(timetable: Timetable) -> None:
    imported = replace(DEADLINE, remind_from=date(2026, 8, 26))

    first = sweep(timetable, imported, as_of=date(2026, 8, 26))
    later = sweep(timetable, imported, as_of=date(2026, 9, 3), written={owed.key for owed in first})

    assert [(owed.rule.id, owed.reason, owed.covered_by) for owed in first if owed.person == "binh"] == [
        (code, BEFORE_REMINDERS, None) for code in ("N-T7", "N-T3", "N-T1", "N-T0", "N-Q1")
    ]
    assert pending(first) == [("N-Q2", "chau")]
    assert pending(later) == [("N-Q5", "chi")]


def test_acknowledging_stops_repeats_and_not_escalation(timetable: Timetable) -> None:
    answers = Answers(acknowledged={("binh", DEADLINE.about), ("chau", DEADLINE.about)})

    found = sweep(timetable, DEADLINE, as_of=date(2026, 9, 3), answers=answers)

    assert pending(found) == [("N-Q2", "chau"), ("N-Q5", "chi")]
    assert {(owed.person, owed.reason, owed.covered_by) for owed in found if not owed.is_pending} == {
        ("binh", ACKNOWLEDGED, None)
    }


def test_acknowledging_one_version_does_not_silence_the_next(timetable: Timetable) -> None:
    answers = Answers(acknowledged={("binh", DEADLINE.about)})
    moved = replace(DEADLINE, printed_on=date(2026, 8, 24), safe_on=date(2026, 8, 24))

    assert pending(sweep(timetable, moved, as_of=date(2026, 8, 21), answers=answers)) == [("N-T3", "binh")]
    assert pending(sweep(timetable, DEADLINE, as_of=date(2026, 8, 21), answers=answers)) == []


def test_snoozed_person_hears_nothing_before_the_day_and_the_latest_on_it(timetable: Timetable) -> None:
    answers = Answers(snoozed_until={("binh", DEADLINE.about): date(2026, 8, 21)})

    assert sweep(timetable, DEADLINE, as_of=date(2026, 8, 20), answers=answers) == []
    assert names(sweep(timetable, DEADLINE, as_of=date(2026, 8, 21), answers=answers)) == [
        ("N-T7", "binh"),
        ("N-T3", "binh"),
        ("N-T1", "binh"),
    ]
    assert pending(sweep(timetable, DEADLINE, as_of=date(2026, 8, 21), answers=answers)) == [("N-T1", "binh")]


def test_snooze_of_one_person_does_not_hold_back_the_superiors(timetable: Timetable) -> None:
    answers = Answers(snoozed_until={("binh", DEADLINE.about): date(2026, 9, 30)})

    assert pending(sweep(timetable, DEADLINE, as_of=date(2026, 9, 3), answers=answers)) == [
        ("N-Q2", "chau"),
        ("N-Q5", "chi"),
    ]


def test_person_who_joins_late_is_told_the_latest_rung_once(timetable: Timetable) -> None:
    as_of = date(2026, 8, 21)
    written = {owed.key for owed in sweep(timetable, DEADLINE, as_of=as_of)}
    # The dossier went back to the unit, so that its officer is the one to act.
    returned = replace(DEADLINE, stage=Stage.RETURNED)

    found = sweep(timetable, returned, as_of=as_of, written=written)

    assert names(found) == [("N-T7", "an"), ("N-T3", "an"), ("N-T1", "an")]
    assert pending(found) == [("N-T1", "an")]


def test_one_person_with_two_reasons_is_told_once(timetable: Timetable) -> None:
    alone = Staff([Person(5, "chi", "Lê Minh Chi", Role.LEADER)])

    found = list(obligations([DEADLINE], timetable, alone, Sweep(as_of=date(2026, 9, 3), written=())))

    assert len(found) == len(LADDER)
    assert pending(found) == [("N-Q5", "chi")]


def test_of_two_deadlines_of_one_duty_the_earlier_is_told(timetable: Timetable) -> None:
    fifteen = replace(DEADLINE, clock="D-15", route=Route.NATIONAL, stage=Stage.ACCEPTED)
    january = replace(
        fifteen, clock="D-22JAN", printed_on=date(2026, 8, 25), rolled_on=date(2026, 8, 25), safe_on=date(2026, 8, 25)
    )
    as_of = date(2026, 8, 25)

    assert {owed.about for owed in sweep(timetable, january, fifteen, as_of=as_of)} == {fifteen.about}
    assert {owed.about for owed in sweep(timetable, january, replace(fifteen, status="closed"), as_of=as_of)} == {
        january.about
    }
    other = replace(fifteen, subject="KC-VL-2026-002")
    assert {owed.about for owed in sweep(timetable, january, other, as_of=as_of)} == {january.about, other.about}


# --- repeats ------------------------------------------------------------------------------------------


def stand_still(timetable: Timetable, project: Standstill, as_of: date, **more: Any) -> list[Obligation]:
    return list(repeats([project], timetable, STAFF, Sweep(**{"as_of": as_of, "written": (), **more})))


def test_project_that_waits_is_told_to_who_must_act_every_ten_workdays(timetable: Timetable) -> None:
    found = stand_still(timetable, PROJECT, date(2026, 6, 1))

    assert [(owed.key, owed.due_on, owed.is_pending) for owed in found] == [
        ("waiting:KC-VL-2026-001@9/N-WAIT.1/an", date(2026, 5, 18), False),
        ("waiting:KC-VL-2026-001@9/N-WAIT.2/an", date(2026, 6, 1), True),
    ]


def test_untouched_project_is_told_to_the_supervisor_and_a_step_starts_the_count_anew(timetable: Timetable) -> None:
    idle = replace(PROJECT, stage_since=date(2026, 6, 29))
    touched = replace(idle, last_event_id=13, last_step_on=date(2026, 6, 26))

    assert stand_still(timetable, idle, date(2026, 6, 26)) == []
    [owed] = stand_still(timetable, idle, date(2026, 6, 29))
    assert (owed.key, owed.person) == ("inactivity:KC-VL-2026-001@12/N-IDLE.1/chau", "chau")
    assert stand_still(timetable, touched, date(2026, 6, 29), written={owed.key}) == []
    assert stand_still(timetable, idle, date(2026, 6, 29), written={owed.key}) == []


def test_what_passed_before_the_import_does_not_count_as_standing_still(timetable: Timetable) -> None:
    imported = replace(PROJECT, remind_from=date(2026, 8, 3))

    assert stand_still(timetable, imported, date(2026, 8, 14)) == []
    assert names(stand_still(timetable, imported, date(2026, 8, 17))) == [("N-WAIT", "an")]


def test_ended_project_does_not_stand_still(timetable: Timetable) -> None:
    for stage in (Stage.SETTLED, Stage.STOPPED, Stage.WITHDRAWN):
        assert stand_still(timetable, replace(PROJECT, stage=stage), date(2026, 12, 31)) == []


def test_acknowledged_repeat_is_silent_for_everyone_who_acknowledged(timetable: Timetable) -> None:
    acknowledged = {("an", "waiting:KC-VL-2026-001@9"), ("chau", "inactivity:KC-VL-2026-001@12")}

    found = stand_still(timetable, PROJECT, date(2026, 7, 1), answers=Answers(acknowledged=acknowledged))

    assert {(owed.person, owed.reason) for owed in found} == {("an", ACKNOWLEDGED), ("chau", ACKNOWLEDGED)}
