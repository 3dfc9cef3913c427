"""One process tree: starts its parts in order, starts a dead one again, and stops all of them, last one first."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from urllib.error import URLError
from urllib.request import urlopen

from states.refusal import Refused

#: Seconds. A part that dies again soon rests longer and longer; one that stood for long begins anew.
FIRST_REST, LONGEST_REST, STEADY_AFTER = 1.0, 60.0, 300.0
#: Seconds that a part is given to stop by itself.
GRACE = 15.0
#: Seconds between two looks at the parts.
BEAT = 0.2
#: Bytes after which a log is set aside when its part starts; the one before it goes.
LONGEST_LOG = 10_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """A program to keep running. `label` names it for people, `name` its log file.

    `is_ready` is asked until it says yes, and only then the next part starts; None is at once. Nobody waits for a
    part that the others can do without.
    """

    name: str
    label: str
    command: Sequence[str]
    is_ready: Callable[[], object] | None = None
    others_wait: bool = True


@dataclass(slots=True)
class _Running:
    part: Part
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    rest: float = FIRST_REST
    again_at: float = 0.0
    was_ready: bool = False
    starts: int = 0


@dataclass(slots=True)
class Supervisor:
    """Keeps the parts running until it is told to stop. Their output goes to one file each in `logs`."""

    parts: Sequence[Part]
    environment: Mapping[str, str]
    logs: Path
    say: Callable[[str], None]
    stop: Event = field(default_factory=Event)
    _running: list[_Running] = field(default_factory=list)

    def run(self) -> None:
        """Start everything, keep it up, and stop it when `stop` is set, whatever happens in between."""
        self.logs.mkdir(parents=True, exist_ok=True)
        try:
            for part in self.parts:
                one = _Running(part)
                self._running.append(one)
                self._start(one)
                while part.others_wait and not self.stop.is_set() and not self._is_ready(one):
                    self._look_after()
                    self.stop.wait(BEAT)
                if self.stop.is_set():
                    return
            while not self.stop.wait(BEAT):
                self._look_after()
        finally:
            self._stop_all()

    def _is_ready(self, one: _Running) -> bool:
        if not one.was_ready:
            alive = one.process is not None and one.process.poll() is None
            one.was_ready = alive and (one.part.is_ready is None or bool(one.part.is_ready()))
            if one.was_ready:
                self.say(f"{one.part.label}: đã chạy{' lại' if one.starts > 1 else ''}.")
        return one.was_ready

    def _look_after(self) -> None:
        """Notice the dead and start those again whose rest is over."""
        for one in self._running:
            now = time.monotonic()
            if one.process is None:
                if now >= one.again_at:
                    self._start(one)
            elif (code := one.process.poll()) is None:
                self._is_ready(one)
            else:
                one.process, one.was_ready = None, False
                one.rest = FIRST_REST if now - one.started >= STEADY_AFTER else min(one.rest * 2, LONGEST_REST)
                one.again_at = now + one.rest
                log = self.logs / f"{one.part.name}.log"
                self.say(f"{one.part.label}: dừng bất ngờ (mã {code}), chạy lại sau {one.rest:.0f} giây; xem {log}.")

    def _start(self, one: _Running) -> None:
        one.started = time.monotonic()
        one.starts += 1
        path = self.logs / f"{one.part.name}.log"
        if path.exists() and path.stat().st_size > LONGEST_LOG:
            path.replace(path.with_suffix(".log.old"))
        with path.open("ab") as log:
            one.process = subprocess.Popen(
                list(one.part.command),
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C at the terminal is for us; the parts are stopped in their order.
                start_new_session=os.name == "posix",
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )

    def _stop_all(self) -> None:
        for one in reversed(self._running):
            if one.process is not None:
                _stop(one.process)
        self._running.clear()


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a part and everything that it started to stop, and after a while make it."""
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if sys.platform != "win32":
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


if sys.platform == "linux":
    import ctypes

    _LIBC = ctypes.CDLL(None)

    def _die_with_parent() -> None:
        """Let no part outlive us when we are killed, nor be deaf to interrupts because a shell started us behind."""
        pr_set_pdeathsig = 1
        _LIBC.prctl(pr_set_pdeathsig, signal.SIGTERM)
        signal.signal(signal.SIGINT, signal.default_int_handler)

else:
    _die_with_parent = None


# --- what `dean up` keeps running ---------------------------------------------------------------------


#: The C library keeps a heap for each few threads, and gives none back: two are enough for one processor at a time.
FRUGAL = {"MALLOC_ARENA_MAX": "2"}


def prefect_environment(home: Path, port: int) -> dict[str, str]:
    """The environment of the Prefect server and of everything that talks to it; what the caller has set stays.

    Nothing of it calls the outside. The server thins out its own database: runs are not, unless they are named.
    """
    settled = {
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "DEAN_HOME": str(home.absolute()),
    }
    usual = FRUGAL | {
        "PREFECT_HOME": str((home / "prefect").absolute()),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        # In memory, a place taken by a run that died with the machine would stay taken.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    }
    return usual | dict(os.environ) | settled


def web_part(port: int) -> Part:
    """The desk in the browser. Whoever waits for the night must not wait for it."""
    command = (sys.executable, "-m", "web", "--port", str(port))
    return Part("web", "Trang làm việc", command, answers_at(f"http://127.0.0.1:{port}/login"), others_wait=False)


def office_parts(port: int) -> list[Part]:
    """The watch first, because it needs nobody; then Prefect's server, and the runner when the server answers."""
    server = ("server", "start", "--host", "127.0.0.1", "--port", str(port))
    return [
        Part("watch", "Bộ canh việc", (sys.executable, "-m", "cli.main", "up", "--no-prefect", "--beside-prefect")),
        Part("prefect", "Máy chủ lịch (Prefect)", (sys.executable, "-m", "prefect", *server), health_of(port)),
        Part("runner", "Bộ chạy theo lịch", (sys.executable, "-m", "flows.runner")),
    ]


def health_of(port: int) -> Callable[[], bool]:
    """Does a Prefect server answer on this port?"""
    return answers_at(f"http://127.0.0.1:{port}/api/health")


def answers_at(address: str) -> Callable[[], bool]:
    """Does a server answer well at this address?"""

    def answers() -> bool:
        try:
            with urlopen(address, timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    return answers


def refuse_taken_port(port: int, option: str = "--port") -> None:
    """Raises Refused where another program answers on the port: it would be taken for our own server."""
    with socket.socket() as knock:
        knock.settimeout(2)
        if knock.connect_ex(("127.0.0.1", port)) == 0:
            raise Refused(
                f"Cổng {port} đang có chương trình khác dùng (có thể dean up đã chạy); hãy dừng nó hoặc chọn cổng khác "
                f"({option})."
            )
