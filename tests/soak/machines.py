"""Prefect on several machines, as real processes that may be killed: a server, workers, runs of our deployments."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from flows.jobs.settings import Settings
from flows.jobs.supervising import health_of, prefect_environment
from models.slots import slot_list
from models.store import Store
from states.slots import Job

ROOT = Path(__file__).parents[2]
#: Seconds after which waiting is given up; nothing takes so long on a machine that is not overloaded.
PATIENCE = 180.0
#: The settings of a client of Prefect that gives up after a few seconds and not after more than a minute.
IMPATIENT = {"PREFECT_CLIENT_MAX_RETRIES": "1"}
#: How often workers and the server's own services look for something to do: their usual 10 to 30 seconds only wait.
QUICK = {
    "PREFECT_WORKER_QUERY_SECONDS": "1",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "1",
    "PREFECT_SERVER_CONCURRENCY_MAXIMUM_CONCURRENCY_SLOT_WAIT_SECONDS": "1",
}
LONG_AGO = "2000-01-01T00:00:00+00:00"

Found = TypeVar("Found")


def until(
    condition: Callable[[], Found], patience: float = PATIENCE, *, of: "subprocess.Popen[str] | None" = None
) -> Found:
    """Ask again and again until there is an answer. A process `of` which it is asked must not end meanwhile."""
    ends = time.monotonic() + patience
    while not (found := condition()):
        assert of is None or of.poll() is None, f"ended with {of.returncode}: {of.stdout.read() if of.stdout else ''}"
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.1)
    return found


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def without_settings(*prefixes: str) -> dict[str, str]:
    """The environment of the caller without its settings of these programs."""
    return {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}


def ask(api: str, question: Callable[[Any], Awaitable[Any]]) -> Any:
    """Put a question to a server's API, which must be up: the client is patient."""
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings

    async def answer() -> Any:
        async with get_client() as client:
            return await question(client)

    with temporary_settings({PREFECT_API_URL: api}):
        return asyncio.run(answer())


def is_alive(pid: int) -> bool:
    """Does the process still do anything? A zombie does not."""
    try:
        return _stat(pid)[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children_of(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if _stat(int(path.name))[1] == str(pid):
                found.append(int(path.name))
    return found


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def environment_of(store: Store, settings: Settings, day: date) -> dict[str, str]:
    """The settings of an office at the noon of a day, as the environment of a process."""
    sending = settings.smtp_url.get_secret_value() if settings.smtp_url else ""
    return {
        "DEAN_HOME": str(settings.home),
        "DEAN_DATABASE_URL": store.url,
        "DEAN_TODAY": day.isoformat(),
        "DEAN_NOTIFY_MODE": settings.notify_mode,
        "DEAN_OPERATOR_EMAIL": settings.operator_email,
        "DEAN_SMTP_URL": sending,
    }


def runner_of(store: Store, job: Job, day: date) -> int:
    """The process that does a job for a day, by what it wrote into the slot ledger."""
    with store.read() as session:
        rows = slot_list(session, job=job, since=day)
    return next(int(row["worker"].partition(":")[2]) for row in rows if row["slot"] == day.isoformat())


@contextmanager
def watching(office: Mapping[str, str], *options: str) -> Iterator["subprocess.Popen[str]"]:
    """Run `dean up` with these options in the environment of an office; it must stop cleanly when told."""
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "up", *options, "--web-port", str(free_port())],
        env=without_settings("DEAN_", "PREFECT_") | dict(office),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


@dataclass
class Machines:
    """A server and its workers. Everything lies in `home`; each run brings the environment of its office."""

    home: Path
    port: int = field(default_factory=free_port)
    server: "subprocess.Popen[bytes] | None" = None
    workers: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        told = prefect_environment(self.home, self.port)
        ours = {name: value for name, value in told.items() if name not in os.environ or name == "PREFECT_API_URL"}
        return without_settings("DEAN_", "PREFECT_") | ours | QUICK

    # The machines.

    def stand_up(self) -> None:
        """Start the server if it is down, and with it the worker: one whose server stays away gives up in the end."""
        if self.server is None or self.server.poll() is not None:
            self.start_server()
            self.kill_worker("first")
        if "first" not in self.workers:
            self.start_worker("first", **IMPATIENT)

    def start_server(self) -> None:
        """Start the server and wait until it answers."""
        command = ("server", "start", "--host", "127.0.0.1", "--port", str(self.port))
        self.server = self._start("server", command)
        until(health_of(self.port))

    def start_worker(self, name: str, **settings: str) -> None:
        """Start a worker of the pool that `prefect.yaml` names; a pool that is not there yet it makes itself.

        It takes one run at a time, so that two workers show whether two runs at once disturb each other.
        """
        command = ("worker", "start", "--pool", "office", "--type", "process", "--name", name, "--limit", "1")
        self.workers[name] = self._start(name, command, **settings)

    def _start(self, name: str, words: tuple[str, ...], **settings: str) -> "subprocess.Popen[bytes]":
        with (self.home / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "prefect", *words],
                cwd=ROOT,
                env=self.environment | settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill_server(self) -> None:
        assert self.server is not None
        self.server.kill()
        self.server.wait()
        self.server = None

    def let_leases_run_out(self) -> None:
        """Make the places over that dead runs hold, as they are after five minutes. The server must be down."""
        for path in (self.home / "prefect" / "concurrency_leases").glob("*.json"):
            kept = json.loads(path.read_text())
            over = kept | {"expiration": LONG_AGO} if "expiration" in kept else dict.fromkeys(kept, LONG_AGO)
            path.write_text(json.dumps(over))

    def kill_worker(self, name: str) -> None:
        if worker := self.workers.pop(name, None):
            worker.kill()
            worker.wait()

    def stop(self) -> None:
        """End everything that is left, the runs of the workers too."""
        started = [*self.workers.values(), *([self.server] if self.server else [])]
        for pid in [*(run for process in started for run in children_of(process.pid)), *(p.pid for p in started)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for process in started:
            process.wait()

    # What runs on them.

    def ask(self, question: Callable[[Any], Awaitable[Any]]) -> Any:
        return ask(f"http://127.0.0.1:{self.port}/api", question)

    def deploy(self) -> None:
        """Deploy what `prefect.yaml` declares, with every schedule off: only what is triggered here runs."""
        until(lambda: self.ask(lambda client: client.read_work_pools()))
        command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE)

        async def switch_off(client: Any) -> None:
            for deployment in await client.read_deployments():
                for schedule in deployment.schedules:
                    await client.update_deployment_schedule(deployment.id, schedule.id, active=False)

        self.ask(switch_off)

    def lift_limits(self, *names: str) -> None:
        """Let runs of these deployments go on at once: what Prefect holds apart our own ledger must hold apart."""
        from prefect.client.schemas.actions import DeploymentUpdate

        async def lift(client: Any) -> None:
            for name in names:
                deployment = await client.read_deployment_by_name(f"{name}/{name}")
                await client.update_deployment(deployment.id, DeploymentUpdate(concurrency_limit=None))

        self.ask(lift)

    def trigger(self, name: str, office: Mapping[str, str]) -> UUID:
        """Ask for a run of a deployment now, as its schedule does, in the environment of an office."""

        async def create(client: Any) -> UUID:
            deployment = await client.read_deployment_by_name(f"{name}/{name}")
            run = await client.create_flow_run_from_deployment(deployment.id, job_variables={"env": dict(office)})
            return UUID(str(run.id))

        return UUID(str(self.ask(create)))

    def state(self, run: UUID) -> str:
        """The state of a run as Prefect has it, in capitals."""
        found = self.ask(lambda client: client.read_flow_run(run))
        return str(found.state.type.value)

    def ended(self, run: UUID) -> str:
        """Wait for the end of a run and answer with its state; one client asks, because each costs a while to make."""
        final = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}

        async def wait(client: Any) -> str:
            async with asyncio.timeout(PATIENCE):
                while (state := (await client.read_flow_run(run)).state.type.value) not in final:
                    await asyncio.sleep(0.3)
            return str(state)

        return str(self.ask(wait))

    def log(self, run: UUID) -> list[str]:
        """The whole log of a run that ended well at Prefect, which has it a little later than its end."""
        from prefect.client.schemas.filters import LogFilter, LogFilterFlowRunId

        wanted = LogFilter(flow_run_id=LogFilterFlowRunId(any_=[run]))

        def whole() -> list[str]:
            lines = [entry.message for entry in self.ask(lambda client: client.read_logs(wanted))]
            return lines if any(line.startswith("Finished in state") for line in lines) else []

        return until(whole)

    def worker(self, run: UUID) -> str:
        """The name of the worker that took a run."""
        [taken] = [line for line in self.log(run) if line.startswith("Worker ")]
        return taken.split("'")[1]


class Standstill:
    """A file whose readers stand still until it is released: a pipe into which nobody has written yet."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path, self.content = path, content
        self._writer = -1
        os.mkfifo(path)

    def is_reached(self) -> bool:
        """Does somebody stand there? A pipe without a reader refuses a writer that will not wait."""
        try:
            self._writer = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            return False
        return True

    def release(self) -> None:
        """Put the file where the pipe is, and let go on whoever stands there and still lives."""
        whole = self.path.with_name(f"{self.path.name}.whole")
        whole.write_bytes(self.content)
        whole.replace(self.path)
        if self._writer >= 0:
            try:
                os.write(self._writer, self.content)
            except BrokenPipeError:
                pass
            finally:
                os.close(self._writer)
                self._writer = -1
