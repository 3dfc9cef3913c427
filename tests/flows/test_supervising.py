"""The supervisor over small programs: started in order, started again when killed, stopped with what they started."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from queue import Queue
from select import select
from threading import Thread

import pytest

from flows.jobs import supervising
from flows.jobs.supervising import Part, Supervisor, prefect_environment, refuse_taken_port
from notifications.demo_servers import LoopbackSmtp
from states.refusal import Refused

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are killed by signals here")
#: Says that it is up by a line in its own file, then waits for the end.
STAY = "import os,signal,sys; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); signal.pause()"
PATIENCE = 20


def _part(folder: Path, name: str, program: str = STAY, is_ready: Callable[[], object] | None = None) -> Part:
    return Part(name, name.capitalize(), (sys.executable, "-c", program, str(folder / name)), is_ready)


def _pids(folder: Path, name: str) -> list[int]:
    path = folder / name
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def _ended(ends: list[int]) -> int:
    """How many of the processes behind these descriptors end while we wait; they need not be our children."""
    return sum(len(select([end], [], [], PATIENCE)[0]) for end in ends)


def _alive(pid: int) -> bool:
    """Does the process still do anything? A zombie of ours does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@contextmanager
def _supervised(folder: Path, *parts: Part) -> Iterator["Queue[str]"]:
    """The parts under a supervisor in a thread; what it says comes through the queue."""
    said: Queue[str] = Queue()
    supervisor = Supervisor(parts, dict(os.environ), folder / "logs", said.put)
    thread = Thread(target=supervisor.run)
    thread.start()
    try:
        yield said
    finally:
        supervisor.stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def _hear(said: "Queue[str]", *expected: str) -> None:
    assert [said.get(timeout=PATIENCE) for _ in expected] == list(expected)


def test_each_part_waits_until_the_one_before_is_ready(tmp_path: Path) -> None:
    first = _part(tmp_path, "first", is_ready=partial(_pids, tmp_path, "first"))
    second = _part(tmp_path, "second", is_ready=partial(_pids, tmp_path, "second"))

    with _supervised(tmp_path, first, second) as said:
        _hear(said, "First: đã chạy.", "Second: đã chạy.")
        started = [_pids(tmp_path, name) for name in ("first", "second")]

    assert [len(pids) for pids in started] == [1, 1]
    assert not any(_alive(pid) for [pid] in started)


def test_killed_part_is_started_again_and_the_others_stay(tmp_path: Path) -> None:
    parts = [_part(tmp_path, name, is_ready=partial(_pids, tmp_path, name)) for name in ("first", "second")]

    with _supervised(tmp_path, *parts) as said:
        _hear(said, "First: đã chạy.", "Second: đã chạy.")
        os.kill(_pids(tmp_path, "first")[0], signal.SIGKILL)
        _hear(
            said,
            f"First: dừng bất ngờ (mã -9), chạy lại sau 2 giây; xem {tmp_path / 'logs' / 'first.log'}.",
            "First: đã chạy lại.",
        )

    assert (len(_pids(tmp_path, "first")), len(_pids(tmp_path, "second"))) == (2, 1)


def test_part_that_dies_again_and_again_rests_longer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "FIRST_REST", 0.05)
    monkeypatch.setattr(supervising, "LONGEST_REST", 0.4)
    broken = _part(tmp_path, "broken", "import sys; print('hỏng', file=sys.stderr); sys.exit(3)")

    with _supervised(tmp_path, broken) as said:
        told = [said.get(timeout=PATIENCE) for _ in range(8)]

    assert sum("dừng bất ngờ (mã 3)" in line for line in told) >= 3
    assert "hỏng" in (tmp_path / "logs" / "broken.log").read_text(encoding="utf-8")


def test_part_that_does_not_listen_is_killed_with_its_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "GRACE", 0.5)
    child = f"import subprocess,sys; subprocess.Popen([sys.executable, '-c', {STAY!r}, sys.argv[1]]).wait()"
    deaf = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {child}"
    part = _part(tmp_path, "deaf", deaf, is_ready=partial(_pids, tmp_path, "deaf"))

    with _supervised(tmp_path, part) as said:
        _hear(said, "Deaf: đã chạy.")
        ends = [os.pidfd_open(pid) for pid in _pids(tmp_path, "deaf")]

    assert _ended(ends) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel to tell a part that we are dead")
def test_parts_do_not_outlive_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    program = f"""
import os, sys
from pathlib import Path
from flows.jobs.supervising import Part, Supervisor
up = Path({str(tmp_path / "first")!r})
part = Part("first", "First", (sys.executable, "-c", {STAY!r}, str(up)), lambda: up.exists() and up.read_text())
Supervisor([part], dict(os.environ), Path({str(tmp_path / "logs")!r}), lambda said: print(said, flush=True)).run()
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, encoding="utf-8") as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == "First: đã chạy.\n"
        ends = [os.pidfd_open(pid) for pid in _pids(tmp_path, "first")]
        supervisor.kill()

    assert _ended(ends) == 1


def test_nobody_waits_for_a_part_that_the_others_can_do_without(tmp_path: Path) -> None:
    broken = replace(_part(tmp_path, "first", "raise SystemExit(3)", is_ready=lambda: True), others_wait=False)

    with _supervised(tmp_path, broken, _part(tmp_path, "second", is_ready=partial(_pids, tmp_path, "second"))) as said:
        heard = [said.get(timeout=PATIENCE)]
        while heard[-1] != "Second: đã chạy.":
            heard.append(said.get(timeout=PATIENCE))

    assert len(_pids(tmp_path, "second")) == 1


def test_stop_while_a_part_is_not_ready_yet_stops_it(tmp_path: Path) -> None:
    begun = Queue[bool]()

    def never() -> bool:
        begun.put(True)
        return False

    with _supervised(tmp_path, _part(tmp_path, "slow", is_ready=never), _part(tmp_path, "second")):
        begun.get(timeout=PATIENCE)

    assert not any(_alive(pid) for pid in _pids(tmp_path, "slow"))
    assert _pids(tmp_path, "second") == []


def test_long_log_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "LONGEST_LOG", 3)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "first.log").write_text("từ hôm qua", encoding="utf-8")

    with _supervised(tmp_path, _part(tmp_path, "first", is_ready=partial(_pids, tmp_path, "first"))) as said:
        _hear(said, "First: đã chạy.")

    assert (tmp_path / "logs" / "first.log.old").read_text(encoding="utf-8") == "từ hôm qua"
    assert (tmp_path / "logs" / "first.log").read_text(encoding="utf-8") == ""


def test_taken_port_is_refused() -> None:
    with LoopbackSmtp() as server, pytest.raises(Refused, match="đang có chương trình khác dùng"):
        refuse_taken_port(server.port)


def test_environment_calls_nobody_and_keeps_what_the_office_has_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql+asyncpg://prefect@db/prefect"
    monkeypatch.setenv("PREFECT_SERVER_DATABASE_CONNECTION_URL", url)
    monkeypatch.setenv("PREFECT_API_URL", "http://elsewhere/api")

    environment = prefect_environment(tmp_path, 4299)

    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environment["DO_NOT_TRACK"] == "1"
    assert environment["PREFECT_SERVER_DATABASE_CONNECTION_URL"] == url
    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4299/api"
    assert environment["PREFECT_HOME"] == str(tmp_path / "prefect")
