"""The watch: runs what is due, sends what waits, and tells the operator what did not run. It needs no scheduler.

A very small office runs it alone (`dean up --no-prefect`). Beside Prefect it is patient: it only does what Prefect has
left undone for a while, and it is who notices that Prefect is dead.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flows.jobs.composing import alert_body
from flows.jobs.delivering import drain
from flows.jobs.housekeeping import Housekeeper
from flows.jobs.mistakes import told
from flows.jobs.night import Nights
from flows.jobs.reminding import remind
from flows.jobs.running import Ran, Work, run_due
from flows.jobs.settings import Settings
from models.reminders.outbox import NewLetter, queue, to_operator
from models.slots import due, overdue, slot_list
from models.store import Store
from notifications.letters.values import Trouble
from states.facts import OFFICE_TIME
from states.slots import TIMINGS, Job, SlotStatus, due_at

#: How long a failed run rests before it is tried again, doubled with each attempt.
FIRST_REST, LONGEST_REST = timedelta(minutes=5), timedelta(hours=2)
#: How long Prefect may be late before the watch beside it does the work.
PATIENCE = timedelta(minutes=20)


@dataclass(slots=True)
class Round:
    """What one round of the watch did: the runs, how many letters left and were written to the operator.

    `mistakes` are what broke, by job: one job that breaks keeps no other one back.
    """

    ran: list[Ran] = field(default_factory=list)
    handed_over: int = 0
    alerts: int = 0
    mistakes: dict[Job, str] = field(default_factory=dict)


def works(store: Store, settings: Settings) -> dict[Job, Work]:
    """The work of each job that has slots, in the order of the day."""

    def reminders(on: date, at: datetime) -> Mapping[str, Any]:
        return remind(store, settings, as_of=on, at=at).as_json()

    return {
        Job.NIGHTLY: Nights(store, settings, mails=True).work,
        Job.HOUSEKEEPING: Housekeeper(store, settings).work,
        Job.REMINDERS: reminders,
    }


def watch_once(
    store: Store, settings: Settings, *, now: Callable[[], datetime], patience: timedelta = timedelta(0)
) -> Round:
    """Go round once: run what has been due for longer than `patience`, alert the operator, send.

    A job that breaks is kept in the slot ledger and in the answer, and keeps no other one back. Raises what a
    register raises that cannot be reached.
    """
    done = Round()
    for job, work in works(store, settings).items():
        if _is_wanted(store, job, now(), patience):
            try:
                done.ran += run_due(store, job, work, now=now)
            except Exception as mistake:
                done.mistakes[job] = told(mistake)
    done.alerts = alert_overdue(store, settings, at=now())
    try:
        done.handed_over = drain(store, settings, now=now).handed_over
    except Exception as mistake:
        # It has no slot to fail in, so this is where the operator hears of it.
        done.mistakes[Job.DELIVER] = told(mistake)
        done.alerts += alert_failure(store, settings, str(Job.DELIVER), done.mistakes[Job.DELIVER], at=now())
    return done


def _is_wanted(store: Store, job: Job, at: datetime, patience: timedelta) -> bool:
    """Is a run of the job due for long enough that is not resting after it failed?"""
    with store.read() as session:
        dates = [on for on in due(session, job, at=at) if due_at(job, on) + patience <= at]
        # Read only where something is due: most rounds end here.
        rows = slot_list(session, job=job, since=dates[0]) if dates else []
    resting = {row["slot"] for row in rows if _rests(row, at)}
    return any(on.isoformat() not in resting for on in dates)


def _rests(row: Mapping[str, Any], at: datetime) -> bool:
    if row["status"] != SlotStatus.FAILED or not row["ended_at"]:
        return False
    rest = min(FIRST_REST * (1 << min(max(int(row["attempts"]) - 1, 0), 10)), LONGEST_REST)
    ended_at: datetime = datetime.fromisoformat(row["ended_at"])
    return ended_at + rest > at


def alert_overdue(store: Store, settings: Settings, *, at: datetime) -> int:
    """Write to the operator about each run that should be done and is not: once, however often this is called."""
    if not settings.operator_email or settings.notify_mode == "off":
        return 0
    with store.read() as session:
        found = overdue(session, at=at)
    if not found:
        return 0
    letters = [
        _letter(one.job, one.job.label, one.on, one.due_at, one.reason, f"dean run {one.job} --as-of {one.on}", at)
        for one in found
    ]
    with store.write() as session:
        return len(queue(session, letters, at=at))


def alert_failure(store: Store, settings: Settings, flow: str, detail: str, *, at: datetime) -> int:
    """Write to the operator that a flow failed, at most once a day for each flow.

    A job with slots is told by its failed runs, under the key that `alert_overdue` uses: whoever is first writes. So
    a night that ran and found a fault is not told here; its own report tells it.
    """
    if not settings.operator_email or settings.notify_mode == "off":
        return 0
    today = at.astimezone(OFFICE_TIME).date()
    job = Job(flow) if flow in set(Job) else None
    if job is not None and job in TIMINGS:
        with store.read() as session:
            rows = slot_list(session, job=job, since=today - timedelta(days=1))
        letters = [
            _letter(
                str(job),
                job.label,
                date.fromisoformat(row["slot"]),
                datetime.fromisoformat(row["due_at"]),
                row["reason"],
                f"dean run {job} --as-of {row['slot']}",
                at,
            )
            for row in rows
            if row["status"] == SlotStatus.FAILED
        ]
    else:
        command = f"dean run {job}" if job else "dean plan show"
        letters = [_letter(flow, job.label if job else "Kế hoạch năm", today, at, detail[:500], command, at)]
    with store.write() as session:
        return len(queue(session, letters, at=at))


def _letter(job: str, label: str, on: date, since: datetime, detail: str, command: str, at: datetime) -> NewLetter:
    """The one letter about a job's run of a day."""
    name = f"{label} ngày {on:%d/%m/%Y}"
    body = alert_body(Trouble.JOB, name, since.astimezone(OFFICE_TIME), 1, detail, command)
    return to_operator(f"operator:job:{job}:{on}", f"{name} không chạy", body, at=at)
