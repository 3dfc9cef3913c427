"""Office hours: when a message may leave, and when it is of no use any more."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar_file import read_calendar_file
from states.facts import OFFICE_TIME
from states.sending_hours import expires_at, next_open, next_opening, send_at

CALENDAR = read_calendar_file()


def local(day: str, clock: str = "07:30") -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), OFFICE_TIME)


@pytest.mark.parametrize(
    ("ready", "urgent", "digest"),
    [
        # Monday 03/08/2026 to Saturday 08/08.
        (local("2026-08-03", "02:00"), local("2026-08-03"), local("2026-08-03")),
        (local("2026-08-03", "07:29:59"), local("2026-08-03"), local("2026-08-03")),
        (local("2026-08-03", "07:30"), local("2026-08-03"), local("2026-08-03")),
        (local("2026-08-03", "07:30:01"), local("2026-08-03", "07:30:01"), local("2026-08-04")),
        (local("2026-08-03", "12:00"), local("2026-08-03", "12:00"), local("2026-08-04")),
        (local("2026-08-03", "16:59:59"), local("2026-08-03", "16:59:59"), local("2026-08-04")),
        (local("2026-08-03", "17:00"), local("2026-08-04"), local("2026-08-04")),
        (local("2026-08-03", "23:59:59"), local("2026-08-04"), local("2026-08-04")),
        (local("2026-08-07", "18:00"), local("2026-08-10"), local("2026-08-10")),
        (local("2026-08-08", "10:00"), local("2026-08-10"), local("2026-08-10")),
        # A worked Saturday.
        (local("2026-08-21", "20:00"), local("2026-08-22"), local("2026-08-22")),
        (local("2026-08-22", "10:00"), local("2026-08-22", "10:00"), local("2026-08-24")),
        # Tết: 16 to 20/02/2026 are days off, 21 and 22 a weekend.
        (local("2026-02-13", "17:30"), local("2026-02-23"), local("2026-02-23")),
        (local("2026-02-18", "09:00"), local("2026-02-23"), local("2026-02-23")),
    ],
)
def test_urgent_leaves_in_office_hours_and_the_digest_with_the_morning(
    ready: datetime, urgent: datetime, digest: datetime
) -> None:
    assert send_at(ready, CALENDAR, urgent=True) == urgent
    assert send_at(ready, CALENDAR, urgent=False) == digest


def test_hours_are_those_of_the_office_wherever_the_instant_was_read() -> None:
    # 18:00 UTC on Sunday is Monday 01:00 in the office; 10:00 UTC on Monday is its closing.
    sunday, monday = datetime(2026, 8, 2, 18, tzinfo=UTC), datetime(2026, 8, 3, 10, tzinfo=UTC)

    assert next_open(sunday, CALENDAR) == datetime(2026, 8, 3, 0, 30, tzinfo=UTC)
    assert next_open(monday, CALENDAR) == datetime(2026, 8, 4, 0, 30, tzinfo=UTC)


def test_office_time_is_that_of_ho_chi_minh_city_in_summer_and_winter() -> None:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")

    for month in range(1, 13):
        at = datetime(2026, month, 15, 7, 30, tzinfo=OFFICE_TIME)
        assert at == datetime(2026, month, 15, 7, 30, tzinfo=zone)


def test_instant_without_a_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        send_at(datetime(2026, 8, 3, 8), CALENDAR, urgent=True)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("leaves", "digest", "urgent"),
    [
        (local("2026-08-03"), local("2026-08-04"), local("2026-08-04", "17:00")),
        (local("2026-08-03", "10:00"), local("2026-08-04"), local("2026-08-04", "17:00")),
        (local("2026-08-07"), local("2026-08-10"), local("2026-08-10", "17:00")),
        (local("2026-08-21"), local("2026-08-22"), local("2026-08-22", "17:00")),
        (local("2026-02-13"), local("2026-02-23"), local("2026-02-23", "17:00")),
    ],
)
def test_digest_ends_with_the_next_one_and_urgent_with_the_next_workday(
    leaves: datetime, digest: datetime, urgent: datetime
) -> None:
    assert expires_at(leaves, CALENDAR, urgent=False) == digest
    assert expires_at(leaves, CALENDAR, urgent=True) == urgent


INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=300)
@given(at=INSTANTS, later=st.timedeltas(timedelta(), timedelta(days=9)), urgent=st.booleans())
def test_messages_leave_in_office_hours_in_order_and_before_they_expire(
    at: datetime, later: timedelta, urgent: bool
) -> None:
    leaves = send_at(at, CALENDAR, urgent=urgent)

    assert leaves >= at
    assert CALENDAR.works_on(leaves.date())
    assert time(7, 30) <= leaves.time() < time(17)
    assert send_at(leaves, CALENDAR, urgent=urgent) == leaves
    assert send_at(at + later, CALENDAR, urgent=urgent) >= leaves
    assert expires_at(leaves, CALENDAR, urgent=urgent) > leaves
    assert next_open(at, CALENDAR) <= next_opening(at, CALENDAR)
