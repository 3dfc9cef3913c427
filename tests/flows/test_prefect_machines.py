"""The deployed flows on a Prefect server with workers of a pool, and what the slot ledger makes of their deaths."""

import os
import secrets
import signal
import socket
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from flows.jobs.night import Nights
from flows.jobs.settings import Settings, clock
from models.slots import slot_list
from notifications.demo_servers import Fault
from states.slots import Job
from tests.soak.machines import (
    IMPATIENT,
    Machines,
    Standstill,
    environment_of,
    is_alive,
    runner_of,
    until,
    watching,
)

pytestmark = [
    # One Prefect after the other: two at once would starve the machine.
    pytest.mark.xdist_group("prefect"),
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc and stops them at a pipe"),
]
#: A Monday on which a step of the project has been due for a while.
DAY = date(2026, 3, 9)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """A server and a worker on which everything is deployed."""
    place = Machines(tmp_path_factory.mktemp("machines"))
    try:
        place.stand_up()
        place.deploy()
        yield place
    finally:
        place.stop()


@pytest.fixture
def machines(deployed: Machines) -> Machines:
    """They are all up, whatever the test before left of them."""
    deployed.stand_up()
    return deployed


@pytest.fixture
def working(mornings: Any) -> Any:
    """An office with something to remind of."""
    mornings.office.submitted_in_2026()
    return mornings


@pytest.fixture
def seal_key(tmp_path: Path) -> Iterator[Standstill]:
    """The night stands still in its middle, where it reads the key of the seals."""
    key = Standstill(tmp_path / "seal.key", secrets.token_bytes(32))
    yield key
    key.release()


def _environment(working: Any, day: date = DAY) -> dict[str, str]:
    return environment_of(working.store, working.settings, day)


def _slots(working: Any) -> dict[tuple[str, str], dict[str, Any]]:
    with working.store.read() as session:
        return {(row["job"], row["slot"]): row for row in slot_list(session)}


def _ended(working: Any) -> dict[str, tuple[str, int]]:
    """How each job's run of the day ended, and with which attempt."""
    return {job: (row["status"], row["attempts"]) for (job, _), row in sorted(_slots(working).items())}


def _runner(working: Any, day: date = DAY) -> int:
    return runner_of(working.store, Job.NIGHTLY, day)


def test_server_that_is_away_for_long_takes_nothing_from_the_night(
    machines: Machines, working: Any, seal_key: Standstill
) -> None:
    environment = _environment(working)
    run = machines.trigger("nightly", environment | IMPATIENT)
    until(seal_key.is_reached)
    runner = _runner(working)

    machines.kill_server()
    seal_key.release()
    until(lambda: not is_alive(runner))
    done = _ended(working)
    with watching(environment, "--no-prefect", "--beside-prefect"):
        until(lambda: len(_slots(working)) == 3 and set(working.count("outbox")) == {"sent"})
    machines.let_leases_run_out()
    machines.stand_up()
    second = machines.trigger("nightly", environment)

    assert done == {"nightly": ("late", 1)}
    assert machines.state(run) == "RUNNING", "the run could tell nobody that it was done"
    assert machines.ended(second) == "COMPLETED"
    assert "nightly: nothing is due that was not done" in machines.log(second)
    assert _ended(working) == dict.fromkeys(("housekeeping", "nightly", "reminders"), ("late", 1))
    reminder = "1 việc khuyến công đến hạn trong 3 ngày làm việc – 09/03/2026"
    assert working.arrived() == [
        ("bach", reminder),
        ("binh", reminder),
        ("vanhanh", f"Báo cáo đêm {DAY:%d/%m/%Y}: sổ khớp"),
    ]


def test_nights_that_were_killed_end_like_quiet_ones(
    machines: Machines, working: Any, again: Any, seal_key: Standstill, tmp_path: Path
) -> None:
    days = [DAY + timedelta(days=number) for number in range(3)]
    quiet = again(tmp_path / "quiet")
    first = machines.trigger("nightly", _environment(working, days[0]))
    until(seal_key.is_reached)
    os.kill(_runner(working, days[0]), signal.SIGKILL)
    first_ended = machines.ended(first)
    seal_key.release()

    # The report has arrived, and the server keeps its answer to itself: nothing is left to do but to say so.
    working.server.script("content", Fault.HANG)
    machines.trigger("nightly", _environment(working, days[1]))
    until(lambda: working.server.mails)
    runner = _runner(working, days[1])
    left = {on: row["status"] for (_, on), row in _slots(working).items()}
    machines.kill_worker("first")
    os.kill(runner, signal.SIGKILL)
    machines.kill_server()
    machines.let_leases_run_out()
    machines.stand_up()
    last = machines.trigger("nightly", _environment(working, days[2]))

    assert machines.ended(last) == "COMPLETED"
    assert first_ended == "CRASHED"
    assert left == {str(days[0]): "late", str(days[1]): "running"}
    assert _hashes(working) == _hashes_of_quiet_nights(quiet, seal_key, days)
    assert [row["attempts"] for row in _slots(working).values()] == [1, 2, 2]
    assert [subject for _, subject in working.arrived()] == [f"Báo cáo đêm {day:%d/%m/%Y}: sổ khớp" for day in days[1:]]


def _hashes(working: Any) -> dict[str, str]:
    return {on: row["result_hash"] for (job, on), row in _slots(working).items() if job == "nightly"}


def _hashes_of_quiet_nights(quiet: Any, key: Standstill, days: list[date]) -> dict[str, str]:
    """The same nights on a copy of the register, with the same key, where nobody is killed."""
    home = Path(quiet.store.files).parent
    (home / "seal.key").write_bytes(key.content)
    for day in days:
        settings = Settings(_env_file=None, home=home, today=day)
        Nights(quiet.store, settings).run(now=partial(clock, settings))
    return _hashes(quiet)


def test_two_workers_do_each_due_run_once(machines: Machines, working: Any, seal_key: Standstill) -> None:
    machines.start_worker("second")
    machines.lift_limits("nightly")
    environment = _environment(working)
    night = machines.trigger("nightly", environment)
    until(seal_key.is_reached)
    runner = f"{socket.gethostname()}:{_runner(working)}"

    # Each worker takes one run at a time, so these go to the one that does not do the night.
    others = [machines.trigger(name, environment) for name in ("nightly", "reminders")]
    ended = [machines.ended(run) for run in others]
    seal_key.release()
    ended.append(machines.ended(night))

    [repeated, reminders] = [machines.log(run) for run in others]
    assert ended == ["COMPLETED"] * 3
    assert f"nightly {DAY}: Việc ban đêm ngày {DAY:%d/%m/%Y} đang được {runner} chạy." in repeated
    assert f"reminders {DAY}: late" in reminders
    assert {machines.worker(run) for run in others} == {"first", "second"} - {machines.worker(night)}
    assert _ended(working) == {"nightly": ("late", 1), "reminders": ("late", 1)}
    assert [subject for _, subject in working.arrived()] == [f"Báo cáo đêm {DAY:%d/%m/%Y}: sổ khớp"]
