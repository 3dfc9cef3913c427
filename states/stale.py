"""Which reminders that were not sent yet have become pointless, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from states.lifecycle import ENDS
from states.recipients import Staff, Told
from states.reminder_rules import Audience, ReminderKind
from states.reminding import Answers, Deadline, Standstill
from states.vocabulary import Labelled
from states.words import format_date


class Cause(Labelled):
    """Why a reminder is not sent any more. Its key may come again, should what it is about stand again."""

    ENDED = "ended", "Việc này đã xong hoặc không còn hạn."
    PAUSED = "paused", "Hạn đang tạm dừng."
    MOVED = "moved", "Hạn đã dời."
    WENT_ON = "went_on", "Đề án đã có bước mới."
    HANDED_OVER = "handed_over", "Việc này nay do người khác xử lý."
    ACKNOWLEDGED = "acknowledged", "Người nhận đã báo nhận."
    SNOOZED = "snoozed", "Người nhận đã hoãn nhắc."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A row of the ledger that waits to be sent."""

    key: str
    about: str
    person: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A reminder not to be sent; `reason` is a sentence for whoever asks what became of it."""

    key: str
    cause: Cause
    reason: str


def stale(
    pending: Iterable[Pending],
    deadlines: Iterable[Deadline],
    standstills: Iterable[Standstill],
    staff: Staff,
    *,
    as_of: date,
    answers: Answers,
) -> Iterator[Cancelled]:
    """Yield the reminders to cancel. What is not among the deadlines and projects given has ended."""
    current = {deadline.series: deadline for deadline in deadlines}
    still = {project.about(kind): project for project in standstills for kind in _REPEATING}
    subjects = {project.subject for project in still.values()}
    for row in pending:
        series = row.about.rpartition("@")[0]
        if series.startswith("deadline:"):
            found = _of_deadline(row, current.get(series), staff)
        else:
            found = _of_standstill(row, still.get(row.about), series.partition(":")[2] in subjects, staff)
        if found is None:
            found = _of_answers(row, answers, as_of)
        if found is not None:
            yield found


_REPEATING = (ReminderKind.INACTIVITY, ReminderKind.WAITING)


def _of_deadline(row: Pending, deadline: Deadline | None, staff: Staff) -> Cancelled | None:
    if deadline is None or deadline.status == "closed":
        return _cancelled(row, Cause.ENDED)
    if deadline.status == "paused":
        return _cancelled(row, Cause.PAUSED)
    if deadline.about != row.about:
        day = deadline.rolled_on
        return Cancelled(
            row.key, Cause.MOVED, f"Hạn đã dời sang ngày {format_date(day)}." if day else Cause.MOVED.label
        )
    return _handed_over(row, staff.told(deadline.duty))


def _of_standstill(row: Pending, project: Standstill | None, goes_on: bool, staff: Staff) -> Cancelled | None:
    if project is None:
        return _cancelled(row, Cause.WENT_ON if goes_on else Cause.ENDED)
    if project.stage in ENDS:
        return _cancelled(row, Cause.ENDED)
    return _handed_over(row, staff.told(project.duty))


def _handed_over(row: Pending, told: Told) -> Cancelled | None:
    return None if row.person in told[row.audience] else _cancelled(row, Cause.HANDED_OVER)


def _of_answers(row: Pending, answers: Answers, as_of: date) -> Cancelled | None:
    if answers.is_acknowledged(row.person, row.about, row.audience):
        return _cancelled(row, Cause.ACKNOWLEDGED)
    return _cancelled(row, Cause.SNOOZED) if answers.is_snoozed(row.person, row.about, as_of) else None


def _cancelled(row: Pending, cause: Cause) -> Cancelled:
    return Cancelled(row.key, cause, cause.label)
