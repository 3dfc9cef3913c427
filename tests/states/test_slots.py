"""When the periodic jobs are due."""

from datetime import date, datetime, timedelta

import pytest

from states.slots import MOST_DAYS_BACK, TIMINGS, Job, due_at, due_dates, is_late

DAY = date(2026, 3, 10)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+07:00")


def test_night_is_due_at_half_past_one_of_the_office() -> None:
    assert due_at(Job.NIGHTLY, DAY).isoformat() == "2026-03-10T01:30:00+07:00"


@pytest.mark.parametrize(
    ("at", "dates"),
    [
        ("2026-03-10T01:29:59", [8, 9]),
        ("2026-03-10T01:30:00", [8, 9, 10]),
        ("2026-03-10T23:59:59", [8, 9, 10]),
    ],
)
def test_day_becomes_due_with_its_hour(at: str, dates: list[int]) -> None:
    found = due_dates(Job.NIGHTLY, since=date(2026, 3, 8), at=_at(at))

    assert [on.day for on in found] == dates


def test_nobody_runs_nights_of_last_year_again() -> None:
    found = list(due_dates(Job.NIGHTLY, since=date(2020, 1, 1), at=_at("2026-03-10T05:00")))

    assert (len(found), found[-1]) == (MOST_DAYS_BACK, DAY)


def test_run_is_late_after_its_grace_only() -> None:
    in_time = due_at(Job.REMINDERS, DAY) + TIMINGS[Job.REMINDERS].grace

    assert not is_late(Job.REMINDERS, DAY, in_time)
    assert is_late(Job.REMINDERS, DAY, in_time + timedelta(microseconds=1))
