"""The slot ledger: one run for each day, whoever asks, and what never happened is seen."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from flows.jobs.running import COVERED, Ran, run_due, run_slot
from models.slots import begin, due, overdue, slot_list
from states.refusal import Refused
from states.slots import TIMINGS, Job, SlotStatus, due_at

DAY = date(2026, 3, 10)
NIGHT = due_at(Job.NIGHTLY, DAY)


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def _run(office: Any, on: date = DAY, at: datetime = NIGHT, job: Job = Job.NIGHTLY, **more: Any) -> Ran:
    return run_slot(office.store, job, on, lambda day, _: {"day": day.isoformat()}, now=Clock(at), **more)


def _rows(office: Any) -> list[tuple[str, str, str, int]]:
    with office.store.read() as session:
        return [(r["job"], r["slot"], r["status"], r["attempts"]) for r in slot_list(session)]


def test_run_keeps_its_result_with_its_hash(office_on_both: Any) -> None:
    ran = _run(office_on_both)

    with office_on_both.store.read() as session:
        [row] = slot_list(session, job=Job.NIGHTLY)
    assert (ran.status, row["status"], row["result"]) == ("ran", "ran", '{"day":"2026-03-10"}')
    assert (len(row["result_hash"]), row["seconds"]) == (64, 0.0)


def test_second_run_of_a_day_does_nothing_and_says_so(office_on_both: Any) -> None:
    _run(office_on_both)

    again = _run(office_on_both)

    assert (again.status, again.reason) == (None, "Việc ban đêm ngày 10/03/2026: đã chạy; không chạy lại.")
    assert _rows(office_on_both) == [("nightly", "2026-03-10", "ran", 1)]


def test_run_that_is_asked_for_again_runs_and_gives_the_same_hash(office_on_both: Any) -> None:
    office = office_on_both
    _run(office)
    with office.store.read() as session:
        [first] = slot_list(session)

    _run(office, at=NIGHT + timedelta(days=1), again=True)

    with office.store.read() as session:
        [second] = slot_list(session)
    assert (second["attempts"], second["result_hash"]) == (2, first["result_hash"])
    assert second["status"] == "late"


def test_two_at_once_do_the_work_once(office_on_both: Any) -> None:
    runs: list[date] = []
    inside, go = threading.Event(), threading.Event()

    def work(on: date, _: datetime) -> dict[str, Any]:
        runs.append(on)
        inside.set()
        go.wait(20)
        return {}

    first = threading.Thread(
        target=run_slot, args=(office_on_both.store, Job.NIGHTLY, DAY, work), kwargs={"now": Clock(NIGHT)}
    )
    first.start()
    inside.wait(20)
    second = run_slot(office_on_both.store, Job.NIGHTLY, DAY, work, now=Clock(NIGHT))
    go.set()
    first.join()

    assert runs == [DAY]
    assert second.status is None
    assert second.reason.startswith("Việc ban đêm ngày 10/03/2026 đang được ")


def test_run_that_was_cut_off_is_taken_over_when_its_lease_is_over(office_on_both: Any) -> None:
    with office_on_both.store.write() as session:
        begin(session, Job.NIGHTLY, DAY, worker="máy cũ", at=NIGHT)
    lease = TIMINGS[Job.NIGHTLY].lease

    early = _run(office_on_both, at=NIGHT + lease - timedelta(seconds=1))
    late = _run(office_on_both, at=NIGHT + lease)

    assert (early.status, late.status) == (None, "late")
    assert _rows(office_on_both) == [("nightly", "2026-03-10", "late", 2)]


def test_failure_is_kept_and_the_next_run_repairs_it(office_on_both: Any) -> None:
    office = office_on_both

    def fail(on: date, at: datetime) -> dict[str, Any]:
        raise ZeroDivisionError("chia cho không")

    with pytest.raises(ZeroDivisionError):
        run_slot(office.store, Job.NIGHTLY, DAY, fail, now=Clock(NIGHT))
    with office.store.read() as session:
        [failed] = slot_list(session)
    _run(office)

    assert (failed["status"], failed["reason"]) == ("failed", "ZeroDivisionError: chia cho không")
    assert _rows(office) == [("nightly", "2026-03-10", "ran", 2)]


def test_refusal_is_an_answer(office_on_both: Any) -> None:
    def refuse(on: date, at: datetime) -> dict[str, Any]:
        raise Refused("Chưa có khóa.")

    ran = run_slot(office_on_both.store, Job.NIGHTLY, DAY, refuse, now=Clock(NIGHT))

    assert (ran.status, ran.ok, ran.reason) == (SlotStatus.FAILED, False, "Chưa có khóa.")


def test_worker_that_lost_its_place_writes_nothing(office_on_both: Any) -> None:
    def slow(on: date, at: datetime) -> dict[str, Any]:
        _run(office_on_both, at=NIGHT + TIMINGS[Job.NIGHTLY].lease)
        return {"slow": 1}

    run_slot(office_on_both.store, Job.NIGHTLY, DAY, slow, now=Clock(NIGHT))

    with office_on_both.store.read() as session:
        [row] = slot_list(session)
    assert (row["result"], row["attempts"]) == ('{"day":"2026-03-10"}', 2)


# --- missed days --------------------------------------------------------------------------------------


def test_missed_nights_are_run_for_themselves_oldest_first(office_on_both: Any) -> None:
    office = office_on_both
    _run(office)
    later = due_at(Job.NIGHTLY, date(2026, 3, 14))

    runs = run_due(office.store, Job.NIGHTLY, lambda on, _: {"day": on.isoformat()}, now=Clock(later))

    assert [(ran.on.day, ran.status) for ran in runs] == [(11, "late"), (12, "late"), (13, "late"), (14, "ran")]
    assert run_due(office.store, Job.NIGHTLY, lambda on, _: {}, now=Clock(later)) == []


def test_missed_mornings_are_covered_by_the_newest(office_on_both: Any) -> None:
    start = due_at(Job.REMINDERS, DAY)
    _run(office_on_both, at=start, job=Job.REMINDERS)
    later = due_at(Job.REMINDERS, date(2026, 3, 14))

    runs = run_due(office_on_both.store, Job.REMINDERS, lambda on, _: {}, now=Clock(later))

    with office_on_both.store.read() as session:
        rows = {row["slot"]: (row["status"], row["reason"]) for row in slot_list(session)}
    assert [ran.on.day for ran in runs] == [14]
    assert rows["2026-03-12"] == ("skipped", COVERED)
    assert rows["2026-03-14"] == ("ran", "")


def test_office_that_starts_today_has_missed_nothing(office_on_both: Any) -> None:
    with office_on_both.store.read() as session:
        # The night of the office_on_both is still the evening before in UTC.
        for at in (NIGHT, NIGHT.astimezone(UTC)):
            assert list(due(session, Job.NIGHTLY, at=at)) == [DAY]
            assert overdue(session, at=at) == []


def test_run_that_did_not_happen_is_seen_after_its_grace(office_on_both: Any) -> None:
    office = office_on_both
    _run(office)
    _run(office, at=NIGHT + timedelta(hours=5), job=Job.REMINDERS)
    _run(office, at=NIGHT + timedelta(hours=2), job=Job.HOUSEKEEPING)
    next_night = due_at(Job.NIGHTLY, DAY + timedelta(days=1))

    with office.store.read() as session:
        in_time = overdue(session, at=next_night + TIMINGS[Job.NIGHTLY].grace)
        found = overdue(session, at=next_night + TIMINGS[Job.NIGHTLY].grace + timedelta(seconds=1))

    assert in_time == []
    assert [(one.job, one.on, one.reason) for one in found] == [("nightly", date(2026, 3, 11), "chưa bắt đầu")]
