"""When the periodic jobs are due, and what became of each expected run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from states.facts import OFFICE_TIME
from states.vocabulary import Labelled


class SlotStatus(Labelled):
    """What became of an expected run. A run is late when it began after its grace."""

    RUNNING = "running", "Đang chạy"
    RAN = "ran", "Đã chạy"
    LATE = "late", "Chạy muộn"
    FAILED = "failed", "Lỗi"
    MISSED = "missed", "Bị lỡ"
    SKIPPED = "skipped", "Bỏ qua"


class Job(Labelled):
    """A periodic job; the name is that of `dean run NAME` and of its Prefect flow."""

    NIGHTLY = "nightly", "Việc ban đêm"
    REMINDERS = "reminders", "Nhắc việc buổi sáng"
    DELIVER = "deliver", "Gửi thư"
    HOUSEKEEPING = "housekeeping", "Dọn dẹp, sao lưu"


@dataclass(frozen=True, slots=True)
class Timing:
    """At which office time a job is due each day, how long a run may take its place, and how late is still on time.

    `is_caught_up`: a missed day is run afterwards, for itself; otherwise only the newest one matters and the others
    are skipped with the reason that it covers them.
    """

    at: time
    lease: timedelta
    grace: timedelta
    is_caught_up: bool


#: Jobs with one run a day. Delivering has no slots: it runs every few minutes, and a lost run costs nothing.
TIMINGS = {
    Job.NIGHTLY: Timing(time(1, 30), timedelta(hours=2), timedelta(hours=1), is_caught_up=True),
    Job.REMINDERS: Timing(time(6, 30), timedelta(minutes=30), timedelta(hours=1), is_caught_up=False),
    Job.HOUSEKEEPING: Timing(time(3, 0), timedelta(hours=2), timedelta(hours=4), is_caught_up=False),
}
#: Farther back nobody runs a night again: its figures would be those of today.
MOST_DAYS_BACK = 60


def due_at(job: Job, on: date) -> datetime:
    """The instant at which the run of a business date is due."""
    return datetime.combine(on, TIMINGS[job].at, OFFICE_TIME)


def due_dates(job: Job, *, since: date, at: datetime) -> Iterator[date]:
    """The business dates from `since` on whose run is due by an instant, oldest first, at most MOST_DAYS_BACK."""
    local = at.astimezone(OFFICE_TIME)
    last = local.date() if local >= due_at(job, local.date()) else local.date() - timedelta(days=1)
    day = max(since, last - timedelta(days=MOST_DAYS_BACK - 1))
    while day <= last:
        yield day
        day += timedelta(days=1)


def is_late(job: Job, on: date, started_at: datetime) -> bool:
    return started_at > due_at(job, on) + TIMINGS[job].grace
