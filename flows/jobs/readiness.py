"""Is the office served: does the register answer, did the night run, is a run missing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.slots import Overdue, overdue, slot_list
from models.store import Store
from states.slots import Job, SlotStatus
from states.words import format_date

#: After this long without a night figures and reminders are those of another day.
NIGHT_TOO_OLD = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a watchdog wants to know. `night_ended_at` None: no night has run yet."""

    night_ended_at: datetime | None
    missing: tuple[Overdue, ...]
    reasons: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        return not self.reasons

    def night_age(self, at: datetime) -> float | None:
        """Seconds since the last night ended."""
        return None if self.night_ended_at is None else (at - self.night_ended_at).total_seconds()


def readiness(store: Store, *, at: datetime) -> Readiness:
    """Judge whether the office is served now; an office whose schedule was never switched on is."""
    with store.read() as session:
        nights = slot_list(session, job=Job.NIGHTLY, limit=10)
        missing = tuple(overdue(session, at=at))
    ended = [row["ended_at"] for row in nights if row["status"] in (SlotStatus.RAN, SlotStatus.LATE)]
    last = datetime.fromisoformat(max(ended)) if ended else None
    reasons = [f"{one.job.label} ngày {format_date(one.on)}: {one.reason}." for one in missing]
    if last is not None and at - last > NIGHT_TOO_OLD:
        hours = int((at - last).total_seconds() // 3600)
        reasons.append(f"Việc ban đêm chạy xong lần cuối cách đây {hours} giờ; hãy xem dean runs missed.")
    return Readiness(last, missing, tuple(reasons))
