"""Snoozing: how far a reminder may be put off, and with which words it is refused."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar_file import read_calendar_file
from states.snoozing import latest_snooze, needs_reason, refuse_snooze

CALENDAR = read_calendar_file()
#: Printed on Sunday 23/08/2026; T-1 of the safe Saturday is Friday 21/08.
SAFE, ROLLED = date(2026, 8, 22), date(2026, 8, 24)


def refused(until: date, today: date, reason: str = "", safe_on: date | None = SAFE) -> tuple[str, ...]:
    rolled_on = ROLLED if safe_on else None
    return refuse_snooze(
        until=until, today=today, reason=reason, safe_on=safe_on, rolled_on=rolled_on, calendar=CALENDAR
    )


@pytest.mark.parametrize(
    ("until", "today"),
    [
        (date(2026, 8, 21), date(2026, 8, 10)),
        (date(2026, 8, 21), date(2026, 8, 20)),
        (date(2026, 8, 11), date(2026, 8, 10)),
    ],
)
def test_snooze_up_to_the_day_before_the_safe_date_is_allowed(until: date, today: date) -> None:
    assert refused(until, today) == ()


@pytest.mark.parametrize(
    ("until", "today", "sentence"),
    [
        (
            date(2026, 8, 10),
            date(2026, 8, 10),
            "Ngày nhắc lại 10/08/2026 không còn ở phía trước; hãy chọn ngày sau 10/08/2026.",
        ),
        (
            date(2026, 8, 22),
            date(2026, 8, 10),
            "Không hoãn nhắc đến ngày 22/08/2026 được; hãy chọn ngày nhắc lại chậm nhất là 21/08/2026.",
        ),
        (
            date(2026, 8, 23),
            date(2026, 8, 21),
            "Hạn 22/08/2026 đã sát nên không hoãn nhắc được nữa; hãy xử lý việc này hoặc báo nhận.",
        ),
        (
            date(2026, 8, 25),
            ROLLED,
            "Hạn 22/08/2026 đã sát nên không hoãn nhắc được nữa; hãy xử lý việc này hoặc báo nhận.",
        ),
    ],
)
def test_snooze_is_refused_with_the_day_that_is_allowed(until: date, today: date, sentence: str) -> None:
    assert refused(until, today, "có lý do") == (sentence,)


def test_overdue_snooze_needs_a_reason_and_is_short() -> None:
    today = date(2026, 8, 25)
    # Five workdays on: 26, 27, 28/08 and, after the days off, 03 and 04/09.
    assert refused(date(2026, 9, 4), today, "chờ chủ đầu tư ký") == ()
    assert refused(date(2026, 9, 4), today, "  ") == ("Việc đã quá hạn; hãy ghi lý do hoãn nhắc.",)
    assert refused(date(2026, 9, 7), today) == (
        "Việc đã quá hạn; hãy ghi lý do hoãn nhắc.",
        "Không hoãn nhắc đến ngày 07/09/2026 được; hãy chọn ngày nhắc lại chậm nhất là 04/09/2026.",
    )


def test_reminder_without_a_deadline_is_put_off_by_a_month_at_most() -> None:
    today = date(2026, 8, 3)

    assert refused(date(2026, 8, 28), today, safe_on=None) == ()
    assert refused(date(2026, 8, 31), today, safe_on=None) == (
        "Không hoãn nhắc đến ngày 31/08/2026 được; hãy chọn ngày nhắc lại chậm nhất là 28/08/2026.",
    )


DAYS = st.dates(date(2026, 8, 1), date(2026, 9, 15))


@settings(max_examples=200)
@given(until=DAYS, today=DAYS)
def test_no_snooze_that_is_allowed_reaches_past_the_last_warning(until: date, today: date) -> None:
    if not refused(until, today):
        assert until <= date(2026, 8, 21)


@settings(max_examples=200)
@given(today=st.dates(date(2026, 7, 1), date(2026, 9, 30)), has_deadline=st.booleans())
def test_latest_day_offered_is_the_last_one_that_is_not_refused(today: date, has_deadline: bool) -> None:
    safe_on, rolled_on = (SAFE, ROLLED) if has_deadline else (None, None)
    days = [date.fromordinal(today.toordinal() + ahead) for ahead in range(1, 60)]
    allowed = [day for day in days if not refused(day, today, "Đi công tác", safe_on)]

    offered = latest_snooze(today=today, safe_on=safe_on, rolled_on=rolled_on, calendar=CALENDAR)

    assert offered == max(allowed, default=None)
    assert needs_reason(today, rolled_on) is (has_deadline and today > ROLLED)
