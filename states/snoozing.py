"""How long somebody may ask not to be reminded."""

from datetime import date

from states.calendar import Calendar
from states.counting import Workdays, add_workdays
from states.words import format_date

#: Nothing comes later than this many workdays before the safe date.
LAST_WARNING = Workdays(-1)
#: An overdue deadline may be put off by this much at a time, with a reason. A rule of the office.
LONGEST_WHEN_OVERDUE = Workdays(5)
#: A reminder without a deadline may be put off by this much at a time. A rule of the office.
LONGEST_WITHOUT_DEADLINE = Workdays(20)


def refuse_snooze(
    *,
    until: date,
    today: date,
    reason: str,
    safe_on: date | None,
    rolled_on: date | None,
    calendar: Calendar,
) -> tuple[str, ...]:
    """Say why a reminder cannot be put off until a day, on which it would come again; nothing when it can.

    `safe_on` and `rolled_on` are None where the reminder counts to no deadline.
    """
    if until <= today:
        return (f"Ngày nhắc lại {format_date(until)} không còn ở phía trước; hãy chọn ngày sau {format_date(today)}.",)
    last = latest_snooze(today=today, safe_on=safe_on, rolled_on=rolled_on, calendar=calendar)
    if last is None:
        assert safe_on is not None, "what has no deadline can always be put off"
        return (f"Hạn {format_date(safe_on)} đã sát nên không hoãn nhắc được nữa; hãy xử lý việc này hoặc báo nhận.",)
    asked = (
        ("Việc đã quá hạn; hãy ghi lý do hoãn nhắc.",) if needs_reason(today, rolled_on) and not reason.strip() else ()
    )
    return (*asked, *_refuse_beyond(until, last))


def latest_snooze(*, today: date, safe_on: date | None, rolled_on: date | None, calendar: Calendar) -> date | None:
    """The last day until which a reminder can be put off; None when its deadline is too close for that."""
    if safe_on is None or rolled_on is None:
        return add_workdays(today, LONGEST_WITHOUT_DEADLINE, calendar)
    if today > rolled_on:
        return add_workdays(today, LONGEST_WHEN_OVERDUE, calendar)
    last = add_workdays(safe_on, LAST_WARNING, calendar)
    return last if last > today else None


def needs_reason(today: date, rolled_on: date | None) -> bool:
    """Whoever puts off what is overdue says why."""
    return rolled_on is not None and today > rolled_on


def _refuse_beyond(until: date, last: date) -> tuple[str, ...]:
    if until <= last:
        return ()
    return (
        f"Không hoãn nhắc đến ngày {format_date(until)} được; hãy chọn ngày nhắc lại chậm nhất là {format_date(last)}.",
    )
