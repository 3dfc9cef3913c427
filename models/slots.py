"""The slot ledger: who runs a job for a day, what came of it, and which runs never happened.

It is ours and not the scheduler's: a trigger that comes late, twice or never changes nothing here but the words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models.chain import canonical, digest, plain
from models.columns import instant_text
from models.queries.scope import Where
from models.statement import Statement
from states.facts import OFFICE_TIME
from states.slots import TIMINGS, Job, SlotStatus, due_at, due_dates, is_late

#: A run that ended so needs no other one.
DONE = frozenset({SlotStatus.RAN, SlotStatus.LATE, SlotStatus.SKIPPED})


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that this worker may do. `reason` says why there is nothing to do where `attempt` is 0."""

    job: Job
    on: date
    attempt: int
    reason: str = ""

    @property
    def may_run(self) -> bool:
        return self.attempt > 0


def begin(session: Session, job: Job, on: date, *, worker: str, at: datetime, again: bool = False) -> Begun:
    """Take the place of a job's run for a business date, unless it ran or somebody runs it now.

    A run whose lease is over was cut off; the next one takes its place. `again` runs what ran before: the jobs are
    made so that this changes nothing.
    """
    values = {
        "job": str(job),
        "slot": on.isoformat(),
        "due_at": instant_text(due_at(job, on)),
        "worker": worker,
        "at": instant_text(at),
        "until": instant_text(at + TIMINGS[job].lease),
        "again": int(again),
    }
    taken = _BEGIN.rows(session, **values)
    if taken:
        return Begun(job, on, int(taken[0].attempts))
    [row] = _ONE.rows(session, job=str(job), slot=on.isoformat())
    status = SlotStatus(row.status)
    if status is SlotStatus.RUNNING:
        return Begun(job, on, 0, f"{job.label} ngày {on:%d/%m/%Y} đang được {row.worker} chạy.")
    return Begun(job, on, 0, f"{job.label} ngày {on:%d/%m/%Y}: {status.label.lower()}; không chạy lại.")


_DONE = ", ".join(f"'{status}'" for status in sorted(DONE))
_BEGIN = Statement(f"""
    INSERT INTO slot (job, slot, due_at, status, attempts, worker, started_at, lease_until, reason, result, result_hash)
    VALUES (:job, :slot, :due_at, 'running', 1, :worker, :at, :until, '', '', '')
    ON CONFLICT (job, slot) DO UPDATE SET status = 'running', attempts = slot.attempts + 1, worker = excluded.worker,
        started_at = excluded.started_at, lease_until = excluded.lease_until, ended_at = NULL, reason = ''
    WHERE (slot.status = 'running' AND slot.lease_until <= excluded.started_at)
       OR (slot.status <> 'running' AND (:again = 1 OR slot.status NOT IN ({_DONE})))
    RETURNING attempts""")
_ONE = Statement("SELECT status, worker FROM slot WHERE job = :job AND slot = :slot")


def end(
    session: Session,
    begun: Begun,
    *,
    worker: str,
    at: datetime,
    started_at: datetime,
    result: Mapping[str, Any] | None = None,
    failure: str = "",
) -> SlotStatus:
    """Write down how a run ended; `result` is kept with its hash. A run that lost its place writes nothing."""
    status = SlotStatus.FAILED
    if not failure:
        status = SlotStatus.LATE if is_late(begun.job, begun.on, started_at) else SlotStatus.RAN
    text = canonical(plain(dict(result or {})))
    values = {
        "job": str(begun.job),
        "slot": begun.on.isoformat(),
        "worker": worker,
        "attempt": begun.attempt,
        "status": str(status),
        "at": instant_text(at),
        "reason": failure,
        "result": text,
        "hash": digest(text),
    }
    _END.run(session, [values])
    return status


_END = Statement("""
    UPDATE slot SET status = :status, ended_at = :at, lease_until = NULL, reason = :reason, result = :result,
        result_hash = :hash
    WHERE job = :job AND slot = :slot AND worker = :worker AND attempts = :attempt AND status = 'running'""")


def skip(session: Session, job: Job, on: date, *, reason: str, at: datetime) -> None:
    """Say of a run that never began why none is needed."""
    values = {"job": str(job), "slot": on.isoformat(), "due_at": instant_text(due_at(job, on))}
    _SKIP.run(session, [values | {"reason": reason, "at": instant_text(at)}])


_SKIP = Statement("""
    INSERT INTO slot (job, slot, due_at, status, attempts, worker, ended_at, reason, result, result_hash)
    VALUES (:job, :slot, :due_at, 'skipped', 0, '', :at, :reason, '', '')
    ON CONFLICT (job, slot) DO UPDATE SET status = 'skipped', ended_at = excluded.ended_at, reason = excluded.reason
    WHERE slot.status IN ('failed', 'missed')""")


def close_cut_off(session: Session, *, at: datetime) -> list[tuple[Job, date]]:
    """Write down of every run whose lease is over that it was cut off, and answer with them."""
    return [(Job(row.job), date.fromisoformat(row.slot)) for row in _CLOSE.rows(session, at=instant_text(at))]


_CLOSE = Statement("""
    UPDATE slot SET status = 'failed', ended_at = :at, lease_until = NULL, reason = 'bị ngắt giữa chừng'
    WHERE status = 'running' AND lease_until <= :at RETURNING job, slot""")


# --- what is due --------------------------------------------------------------------------------------


def due(session: Session, job: Job, *, at: datetime) -> Iterator[date]:
    """The business dates of a job that are due and not done, oldest first.

    Nothing is due before the first slot that was ever written: an office that starts today has missed nothing.
    """
    since = _first_slot(session)
    done = {row.slot for row in _DONE_SLOTS.rows(session, job=str(job))}
    for on in due_dates(job, since=since or at.astimezone(OFFICE_TIME).date(), at=at):
        if on.isoformat() not in done:
            yield on


def _first_slot(session: Session) -> date | None:
    first = _FIRST.one(session).first
    return date.fromisoformat(first) if first else None


_FIRST = Statement("SELECT min(slot) AS first FROM slot")
_DONE_SLOTS = Statement(f"SELECT slot FROM slot WHERE job = :job AND status IN ({_DONE})")


@dataclass(frozen=True, slots=True)
class Overdue:
    """An expected run that did not happen in its time, for whoever watches."""

    job: Job
    on: date
    due_at: datetime
    reason: str


def overdue(session: Session, *, at: datetime) -> list[Overdue]:
    """The runs that should be done by now and are not: never begun, failed, or cut off.

    Where no run was ever written the schedule was never switched on, and nothing is overdue.
    """
    found: list[Overdue] = []
    if _first_slot(session) is None:
        return found
    for job, timing in TIMINGS.items():
        rows = {row.slot: row for row in _OPEN.rows(session, job=str(job))}
        for on in due(session, job, at=at):
            row = rows.get(on.isoformat())
            if at <= due_at(job, on) + timing.grace or (row is not None and _is_held(row, at)):
                continue
            reason = "chưa bắt đầu" if row is None else row.reason or "bị ngắt giữa chừng"
            found.append(Overdue(job, on, due_at(job, on), reason))
    return found


def _is_held(row: Any, at: datetime) -> bool:
    until = row.lease_until
    if row.status != SlotStatus.RUNNING or until is None:
        return False
    return (until if isinstance(until, datetime) else datetime.fromisoformat(until)) > at


_OPEN = Statement(f"SELECT slot, status, reason, lease_until FROM slot WHERE job = :job AND status NOT IN ({_DONE})")


def slot_list(
    session: Session, *, job: Job | None = None, since: date | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """The runs as they were, newest first, with how long each took in seconds."""
    where = Where()
    if job is not None:
        where.add("s.job = :job", job=str(job))
    if since is not None:
        where.add("s.slot >= :since", since=since.isoformat())
    rows = where.rows(session, _LIST, limit=limit)
    return [row | {"status_label": SlotStatus(row["status"]).label, "seconds": _seconds(row)} for row in rows]


_LIST = """
    SELECT s.job, s.slot, s.due_at, s.status, s.attempts, s.worker, s.started_at, s.ended_at, s.reason, s.result,
           s.result_hash
    FROM slot AS s WHERE {where} ORDER BY s.due_at DESC, s.job LIMIT :limit"""


def _seconds(row: Mapping[str, Any]) -> float | None:
    if not row["started_at"] or not row["ended_at"]:
        return None
    took = datetime.fromisoformat(row["ended_at"]) - datetime.fromisoformat(row["started_at"])
    return round(took.total_seconds(), 1)
