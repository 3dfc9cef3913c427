"""The watch without any scheduler: what is due is done once, what breaks is retried and told, and told once."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from flows.jobs.night import Nights
from flows.jobs.running import run_slot
from flows.jobs.watching import PATIENCE, alert_failure, alert_overdue, watch_once
from models.slots import begin, slot_list
from states.slots import Job, due_at

#: A Tuesday with the night before it behind us.
DAY = date(2026, 3, 3)
NOON = due_at(Job.NIGHTLY, DAY) + timedelta(hours=10, minutes=30)


@pytest.fixture
def watched(mornings_on_both: Any) -> Any:
    """An office that has run before: yesterday's night is done, so that today's is expected."""
    return _ran_before(mornings_on_both)


@pytest.fixture
def broken(mornings: Any) -> Any:
    """The same on SQLite, with a file where the folder of the backups belongs; a server makes its own backups."""
    _backups(mornings).write_text("")
    return _ran_before(mornings)


def _backups(mornings: Any) -> Path:
    place: Path = mornings.settings.home / "backups"
    return place


def _ran_before(mornings: Any) -> Any:
    mornings.office.submitted_in_2026()
    yesterday = DAY - timedelta(days=1)
    for job in (Job.NIGHTLY, Job.REMINDERS, Job.HOUSEKEEPING):
        at = due_at(job, yesterday)
        run_slot(mornings.store, job, yesterday, lambda on, _: {}, now=partial(min, at, at))
    return mornings


def _slots(watched: Any) -> list[tuple[str, str, str]]:
    with watched.store.read() as session:
        return sorted((row["job"], row["slot"], row["status"]) for row in slot_list(session, since=DAY))


def _watch(watched: Any, at: Any = NOON, **more: Any) -> Any:
    return watch_once(watched.store, watched.settings, now=lambda: at, **more)


def test_round_does_everything_that_is_due_and_sends(watched: Any) -> None:
    done = _watch(watched)

    assert sorted(str(ran.job) for ran in done.ran) == ["housekeeping", "nightly", "reminders"]
    assert [status for *_, status in _slots(watched)] == ["late", "late", "late"]
    assert done.mistakes == {}
    assert "Báo cáo đêm 03/03/2026: sổ khớp" in [str(mail.parsed["Subject"]) for mail in watched.server.mails]


def test_second_round_has_nothing_left_to_do(watched: Any) -> None:
    _watch(watched)
    sent = len(watched.server.mails)

    again = _watch(watched, NOON + timedelta(minutes=1))

    assert (again.ran, again.alerts, again.handed_over) == ([], 0, 0)
    assert len(watched.server.mails) == sent


def test_round_before_the_hour_runs_nothing(watched: Any) -> None:
    done = _watch(watched, due_at(Job.NIGHTLY, DAY) - timedelta(minutes=1))

    assert done.ran == []


def test_beside_prefect_it_waits_for_a_while(watched: Any) -> None:
    due = due_at(Job.NIGHTLY, DAY)

    early = _watch(watched, due + PATIENCE - timedelta(minutes=1), patience=PATIENCE)
    late = _watch(watched, due + PATIENCE, patience=PATIENCE)

    assert early.ran == []
    assert [str(ran.job) for ran in late.ran] == ["nightly"]


def test_days_on_which_the_machine_was_off_are_caught_up(watched: Any) -> None:
    _watch(watched, NOON + timedelta(days=3))

    assert _slots(watched) == [
        *(("housekeeping", f"2026-03-0{day}", "skipped") for day in (3, 4, 5)),
        ("housekeeping", "2026-03-06", "late"),
        *(("nightly", f"2026-03-0{day}", "late") for day in (3, 4, 5, 6)),
        *(("reminders", f"2026-03-0{day}", "skipped") for day in (3, 4, 5)),
        ("reminders", "2026-03-06", "late"),
    ]


def test_job_that_breaks_keeps_no_other_one_back(broken: Any) -> None:
    done = _watch(broken)

    assert set(done.mistakes) == {Job.HOUSEKEEPING}
    assert done.mistakes[Job.HOUSEKEEPING].startswith("FileExistsError")
    assert [(job, status) for job, _, status in _slots(broken)] == [
        ("housekeeping", "failed"),
        ("nightly", "late"),
        ("reminders", "late"),
    ]


def test_delivery_that_breaks_is_told_to_the_operator_once(watched: Any) -> None:
    (watched.settings.home / "secret.key").write_bytes(b"no key")

    rounds = [_watch(watched), _watch(watched, NOON + timedelta(minutes=1))]

    assert [set(done.mistakes) for done in rounds] == [{Job.DELIVER}] * 2
    assert [done.alerts for done in rounds] == [1, 0]
    with watched.store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT key FROM outbox WHERE letter = 'operator'").all()
    assert [tuple(row) for row in rows] == [(f"operator:job:deliver:{DAY}",)]


def test_failed_run_rests_before_it_is_tried_again(broken: Any) -> None:
    _watch(broken)
    _backups(broken).unlink()

    soon = _watch(broken, NOON + timedelta(minutes=4))
    later = _watch(broken, NOON + timedelta(minutes=6))

    assert soon.ran == []
    assert [str(ran.job) for ran in later.ran] == ["housekeeping"]


def test_operator_is_told_once_of_a_run_that_did_not_happen(broken: Any) -> None:
    rounds = [_watch(broken, NOON + timedelta(minutes=10 * number)) for number in range(3)]

    subjects = [str(mail.parsed["Subject"]) for mail in broken.server.mails]
    told = [subject for subject in subjects if "không chạy" in subject]
    assert [each.alerts for each in rounds] == [1, 0, 0]
    assert told == ["[Vận hành] Công việc định kỳ “Dọn dẹp, sao lưu ngày 03/03/2026” không chạy – 03/03/2026"]


def test_each_day_is_told_for_itself(watched: Any) -> None:
    told = [alert_overdue(watched.store, watched.settings, at=NOON + timedelta(days=days)) for days in (0, 1, 1)]

    assert told == [3, 3, 0]


def test_run_in_progress_is_not_told(watched: Any) -> None:
    with watched.store.write() as session:
        begin(session, Job.NIGHTLY, DAY, worker="prefect:1", at=NOON - timedelta(minutes=1))

    done = _watch(watched)

    assert [(str(ran.job), ran.status) for ran in done.ran if ran.status is None] == [("nightly", None)]
    assert done.alerts == 0


def test_nobody_is_told_where_sending_is_off(watched: Any) -> None:
    watched.change(notify_mode="off")

    assert alert_overdue(watched.store, watched.settings, at=NOON) == 0


def test_office_that_never_ran_is_not_overdue(mornings_on_both: Any) -> None:
    done = watch_once(mornings_on_both.store, mornings_on_both.settings, now=lambda: NOON)

    assert sorted((str(ran.job), ran.on) for ran in done.ran) == [
        ("housekeeping", DAY),
        ("nightly", DAY),
        ("reminders", DAY),
    ]
    assert done.alerts == 0


def test_watch_and_a_person_at_once_do_the_night_once(watched: Any) -> None:
    nights = Nights(watched.store, watched.settings)
    nights.run(now=lambda: NOON, as_of=DAY)

    done = _watch(watched)

    assert [str(ran.job) for ran in done.ran] == ["housekeeping", "reminders"]


# --- a flow that failed -------------------------------------------------------------------------------


def test_failed_flow_without_slots_is_told_once_a_day(watched: Any) -> None:
    hours = (0, 1, 24)

    told = [
        alert_failure(watched.store, watched.settings, flow, "hỏng", at=NOON + timedelta(hours=hour))
        for flow in ("deliver", "yearly-plan")
        for hour in hours
    ]

    assert told == [1, 0, 1, 1, 0, 1]


def test_failed_job_is_told_by_whoever_notices_first(broken: Any) -> None:
    _watch(broken)

    told = alert_failure(broken.store, broken.settings, "housekeeping", "hỏng", at=NOON)

    assert told == 0
    assert broken.rows("outbox", "key", "letter = 'operator'") == [("operator:job:housekeeping:2026-03-03",)]


def test_night_that_ran_and_found_a_fault_is_no_run_that_failed(watched: Any) -> None:
    _watch(watched)

    assert alert_failure(watched.store, watched.settings, "nightly", "1 faults", at=NOON) == 0
