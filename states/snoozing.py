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
    if safe_on is None or rolled_on is None:
        return _refuse_beyond(until, add_workdays(today, LONGEST_WITHOUT_DEADLINE, calendar))
    if today > rolled_on:
        asked = () if reason.strip() else ("Việc đã quá hạn; hãy ghi lý do hoãn nhắc.",)
        return (*asked, *_refuse_beyond(until, add_workdays(today, LONGEST_WHEN_OVERDUE, calendar)))
    last = add_workdays(safe_on, LAST_WARNING, calendar)
    if last <= today:
        return (f"Hạn {format_date(safe_on)} đã sát nên không hoãn nhắc được nữa; hãy xử lý việc này hoặc báo nhận.",)
    return _refuse_beyond(until, last)


def _refuse_beyond(until: date, last: date) -> tuple[str, ...]:
    if until <= last:
        return ()
    return (
        f"Không hoãn nhắc đến ngày {format_date(until)} được; hãy chọn ngày nhắc lại chậm nhất là {format_date(last)}.",
    )
