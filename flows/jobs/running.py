"""Run a periodic job once for each business date, whoever asks and however often: the slot ledger decides.

Prefect, a loop of our own, or a person at a terminal may ask at the same time; one of them does the work, the others
hear who does.
"""

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flows.jobs.mistakes import raise_together, told
from models.slots import begin, due, end, skip
from models.store import Store
from states.refusal import Refused
from states.slots import TIMINGS, Job, SlotStatus

COVERED = "Lần chạy mới hơn đã làm cả việc của lần này."
#: The work of a job for a business date, at an instant; what it answers is kept with the slot.
Work = Callable[[date, datetime], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one expected run; `status` None: somebody else does it, or it was done before."""

    job: Job
    on: date
    status: SlotStatus | None
    reason: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status is not SlotStatus.FAILED


def run_slot(store: Store, job: Job, on: date, work: Work, *, now: Callable[[], datetime], again: bool = False) -> Ran:
    """Do a job for a business date in its place of the slot ledger.

    What the work raises is kept as the reason and raised again, except a refusal, which is an answer.
    """
    worker = f"{socket.gethostname()}:{os.getpid()}"
    started_at = now()
    with store.write() as session:
        begun = begin(session, job, on, worker=worker, at=started_at, again=again)
    if not begun.may_run:
        return Ran(job, on, None, begun.reason)
    try:
        result = work(on, started_at)
    except Exception as error:
        reason = "; ".join(error.reasons) if isinstance(error, Refused) else told(error)
        with store.write() as session:
            end(session, begun, worker=worker, at=now(), started_at=started_at, failure=reason[:500])
        if isinstance(error, Refused):
            return Ran(job, on, SlotStatus.FAILED, reason)
        raise
    with store.write() as session:
        status = end(session, begun, worker=worker, at=now(), started_at=started_at, result=result)
    return Ran(job, on, status, result=result)


def run_due(store: Store, job: Job, work: Work, *, now: Callable[[], datetime]) -> list[Ran]:
    """Do whatever of a job is due and not done, oldest first.

    A job that is caught up runs each missed day for itself; of another one the newest day covers the others. A day on
    which the work breaks keeps no other one back; the mistakes are raised at the end.
    """
    at = now()
    with store.read() as session:
        dates = list(due(session, job, at=at))
    if not dates:
        return []
    if not TIMINGS[job].is_caught_up:
        with store.write() as session:
            for on in dates[:-1]:
                skip(session, job, on, reason=COVERED, at=at)
        dates = dates[-1:]
    ran: list[Ran] = []
    bugs: list[Exception] = []
    for on in dates:
        try:
            ran.append(run_slot(store, job, on, work, now=now))
        except Exception as bug:
            bugs.append(bug)
    raise_together(f"{job.label}: {len(bugs)} ngày lỗi", bugs)
    return ran
