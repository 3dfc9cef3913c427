"""Reminders that were not sent yet and have become pointless: which, and what is said of them."""

from dataclasses import replace
from datetime import date

import pytest

from models.calendar_file import read_calendar_file
from models.reminder_file import read_reminder_file
from states.facts import Person
from states.recipients import Staff
from states.reminder_rules import Audience, Timetable
from states.reminding import NO_ANSWERS, Answers, Deadline, Standstill, Sweep, obligations
from states.stale import Cancelled, Cause, Pending, stale
from states.vocabulary import Role, Route, Stage

STAFF = Staff(
    [
        Person(1, "an", "An", Role.CENTRE_OFFICER, unit_id=1),
        Person(3, "binh", "Bình", Role.COORDINATOR),
        Person(5, "chi", "Chi", Role.LEADER),
    ]
)
ON = date(2026, 8, 19)
DUE = date(2026, 8, 24)
DEADLINE = Deadline(
    subject="KC-VL-2026-001",
    clock="D-CHECK",
    route=Route.LOCAL,
    started_by=7,
    status="open",
    printed_on=DUE,
    rolled_on=DUE,
    safe_on=DUE,
    stage=Stage.SUBMITTED,
    unit_id=1,
)
PROJECT = Standstill(
    subject="KC-VL-2026-001",
    route=Route.LOCAL,
    stage=Stage.SUBMITTED,
    unit_id=1,
    last_event_id=12,
    last_step_on=date(2026, 6, 1),
    stage_event_id=9,
    stage_since=date(2026, 5, 4),
)
ROW = Pending(key=f"{DEADLINE.about}/N-T3/binh", about=DEADLINE.about, person="binh", audience=Audience.OWNER)
WAITING = Pending(key="w", about="waiting:KC-VL-2026-001@9", person="binh", audience=Audience.OWNER)


def cancelled(
    row: Pending,
    deadline: Deadline | None = DEADLINE,
    project: Standstill | None = PROJECT,
    answers: Answers = NO_ANSWERS,
) -> list[Cancelled]:
    deadlines = [deadline] if deadline else []
    projects = [project] if project else []
    return list(stale([row], deadlines, projects, STAFF, as_of=ON, answers=answers))


def test_reminder_of_what_still_stands_is_sent() -> None:
    assert cancelled(ROW) == []
    assert cancelled(WAITING) == []


@pytest.mark.parametrize(
    ("deadline", "cause", "reason"),
    [
        (None, Cause.ENDED, "Việc này đã xong hoặc không còn hạn."),
        (replace(DEADLINE, status="closed"), Cause.ENDED, "Việc này đã xong hoặc không còn hạn."),
        (replace(DEADLINE, started_by=8), Cause.ENDED, "Việc này đã xong hoặc không còn hạn."),
        (replace(DEADLINE, status="paused", safe_on=None), Cause.PAUSED, "Hạn đang tạm dừng."),
        (replace(DEADLINE, rolled_on=date(2026, 8, 25)), Cause.MOVED, "Hạn đã dời sang ngày 25/08/2026."),
        (replace(DEADLINE, stage=Stage.RETURNED), Cause.HANDED_OVER, "Việc này nay do người khác xử lý."),
    ],
)
def test_reminder_of_a_deadline_is_cancelled_with_the_reason(
    deadline: Deadline | None, cause: Cause, reason: str
) -> None:
    assert cancelled(ROW, deadline) == [Cancelled(ROW.key, cause, reason)]


@pytest.mark.parametrize(
    ("project", "cause"),
    [
        (None, Cause.ENDED),
        (replace(PROJECT, stage=Stage.WITHDRAWN), Cause.ENDED),
        (replace(PROJECT, stage_event_id=13), Cause.WENT_ON),
        (replace(PROJECT, stage=Stage.RETURNED), Cause.HANDED_OVER),
    ],
)
def test_reminder_of_a_standstill_is_cancelled_with_the_reason(project: Standstill | None, cause: Cause) -> None:
    assert cancelled(WAITING, project=project) == [Cancelled(WAITING.key, cause, cause.label)]


def test_answers_cancel_what_is_not_sent_yet_and_spare_the_superiors() -> None:
    escalated = replace(ROW, person="chi", audience=Audience.SUPERVISOR)
    said = {(person, DEADLINE.about) for person in ("binh", "chi")}
    acknowledged = Answers(acknowledged=said)
    snoozed = Answers(snoozed_until={("binh", DEADLINE.about): date(2026, 8, 20)})

    assert [found.cause for found in cancelled(ROW, answers=acknowledged)] == [Cause.ACKNOWLEDGED]
    assert cancelled(escalated, answers=acknowledged) == []
    assert [found.cause for found in cancelled(ROW, answers=snoozed)] == [Cause.SNOOZED]
    over = Answers(snoozed_until={("binh", DEADLINE.about): ON})
    assert cancelled(ROW, answers=over) == []


def test_cancelled_reminder_is_due_again_when_the_deadline_moves_back() -> None:
    timetable = Timetable(read_reminder_file(), read_calendar_file())
    first = list(obligations([DEADLINE], timetable, STAFF, Sweep(as_of=date(2026, 8, 20), written=())))
    [row] = [owed for owed in first if owed.is_pending]
    waiting = Pending(key=row.key, about=row.about, person=row.person, audience=row.rule.audience)
    moved = replace(DEADLINE, printed_on=date(2026, 9, 4), rolled_on=date(2026, 9, 4), safe_on=date(2026, 9, 4))

    [gone] = cancelled(waiting, moved)
    written = {owed.key for owed in first} - {gone.key}

    [back] = obligations([DEADLINE], timetable, STAFF, Sweep(as_of=date(2026, 8, 20), written=written))
    assert (back.key, back.is_pending) == (row.key, True)
