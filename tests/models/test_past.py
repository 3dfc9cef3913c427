"""From which day an event counts, and what takes it back: on events written out by hand."""

from datetime import date
from typing import Any

from models.queries.past import Happened, past_of, undone


def happened(
    number: int, action: str, decided_on: str | None, recorded_on: str = "2024-06-01", **body: Any
) -> Happened:
    said: dict[str, Any] = {"set": {}, "more": {}, "lines": {}} | body
    return Happened(number, number, action, decided_on, f"{recorded_on}T02:00:00.000000Z", "", said)


def counted(events: list[Happened], day: str) -> list[int]:
    return [event.id for event in past_of(0, events).until(date.fromisoformat(day))]


OPENED = happened(1, "open", None, "2024-01-05")
SIGNED = happened(2, "sign_contract", "2024-02-15")
ACCEPTED = happened(3, "accept", "2024-05-01")
#: What an upgrade added years later to the acceptance.
COMPLETED = happened(4, "correct", None, "2026-11-23", more={"completes": 3})
UNDONE = happened(5, "revert", "2026-11-24", more={"reverts": 3})


def test_completion_counts_from_the_day_of_the_step_it_completes() -> None:
    events = [OPENED, SIGNED, ACCEPTED, COMPLETED]

    assert counted(events, "2024-04-30") == [1, 2]
    assert counted(events, "2024-05-01") == [1, 2, 3, 4]


def test_completion_goes_with_the_step_that_is_taken_back() -> None:
    events = [OPENED, SIGNED, ACCEPTED, COMPLETED, UNDONE]

    assert undone(events) == frozenset({3, 4})
    assert counted(events, "2026-12-31") == [1, 2]


def test_older_paper_recorded_late_moves_no_other_step() -> None:
    allotted = happened(3, "allot", "2024-01-30")

    assert counted([OPENED, SIGNED, allotted], "2024-02-14") == [1, 3]
    assert counted([OPENED, SIGNED, allotted], "2024-02-15") == [1, 2, 3]


def test_edit_counts_at_the_latest_from_the_step_taken_on_it() -> None:
    edited = happened(2, "edit", None, "2024-06-01")
    submitted = happened(3, "submit", "2024-03-01")

    assert counted([OPENED, edited, submitted], "2024-02-29") == [1]
    assert counted([OPENED, edited, submitted], "2024-03-01") == [1, 2, 3]
