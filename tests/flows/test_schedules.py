"""The flows under a real Prefect, which `dean up` has started: deployed, scheduled, run, failed, killed."""

import asyncio
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.jobs.supervising import health_of, prefect_environment
from models.slots import begin, slot_list
from states.slots import TIMINGS, Job, due_at
from tests.soak.machines import PATIENCE, ask, free_port, until, without_settings

#: One Prefect server serves them all, so they stay with one worker of the test run.
pytestmark = pytest.mark.xdist_group("prefect")
ROOT = Path(__file__).parents[2]
DAY = date(2024, 3, 1)
FLOW_FILES = sorted(path for path in (ROOT / "flows").glob("*.py") if path.stem != "__init__")
DECLARED = {each["name"]: each for each in yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]}


# --- what needs no server -----------------------------------------------------------------------------


def _load(path: Path) -> Any:
    """Import a flow file by its path, as a worker does."""
    spec = importlib.util.spec_from_file_location(f"flow_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", FLOW_FILES, ids=lambda path: str(path.stem))
def test_every_flow_file_can_be_imported(path: Path) -> None:
    """`prefect deploy` says nothing of a flow file that cannot be."""
    assert _load(path).__doc__


def test_flow_file_that_is_broken_fails_the_import(tmp_path: Path) -> None:
    broken = tmp_path / "nightly.py"
    broken.write_text((ROOT / "flows" / "nightly.py").read_text("utf-8").replace("flows.desk", "flows.dusk"), "utf-8")

    with pytest.raises(ModuleNotFoundError, match=r"flows\.dusk"):
        _load(broken)


def test_deployments_name_their_flows_and_hours() -> None:
    names = {}
    for name, declared in DECLARED.items():
        path, _, function = declared["entrypoint"].partition(":")
        names[name] = getattr(_load(ROOT / path), function).name

    assert names == {name: name for name in ("nightly", "housekeeping", "reminders", "deliver", "yearly-plan")}
    slugs = [schedule["slug"] for declared in DECLARED.values() for schedule in declared["schedules"]]
    assert len(set(slugs)) == len(DECLARED)
    assert {s["timezone"] for declared in DECLARED.values() for s in declared["schedules"]} == {"Asia/Ho_Chi_Minh"}


@pytest.mark.parametrize("job", TIMINGS)
def test_schedule_and_slot_ledger_expect_a_job_at_the_same_hour(job: Job) -> None:
    at = TIMINGS[job].at

    [schedule] = DECLARED[str(job)]["schedules"]

    assert schedule["cron"] == f"{at.minute} {at.hour} * * *"


def test_no_flow_file_is_named_like_something_it_would_hide() -> None:
    """The entry point puts flows/ first on sys.path, so a file there would hide a module of the same name."""
    rooms = {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    installed = {path.stem for path in Path(yaml.__file__).parents[1].iterdir()}

    assert {path.stem for path in FLOW_FILES} & (rooms | set(sys.stdlib_module_names) | installed) == set()


# --- under a real server ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Up:
    """A running `dean up`: its process, port, home and environment."""

    process: "subprocess.Popen[str]"
    port: int
    home: Path
    environment: dict[str, str]

    def ask(self, question: Callable[[Any], Awaitable[Any]]) -> Any:
        """Put a question to the server's API."""
        return ask(self.environment["PREFECT_API_URL"], question)

    def prefect(self, *words: str) -> str:
        command = [sys.executable, "-m", "prefect", "--no-prompt", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, text=True, capture_output=True, timeout=PATIENCE, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def part(self, words: str) -> int:
        """The process id of a part by the words of its command, 0 while there is none."""
        for path in Path("/proc").glob("[0-9]*"):
            try:
                command = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                parent = (path / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if words in command and parent == str(self.process.pid):
                return int(path.name)
        return 0


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """`dean up` with everything, on an empty register of its own."""
    home = tmp_path_factory.mktemp("up")
    port = free_port()
    asked = without_settings("DEAN_", "PREFECT_") | {"DEAN_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    dean = [sys.executable, "-m", "cli.main"]
    subprocess.run([*dean, "init"], cwd=home, env=asked, check=True, capture_output=True, timeout=PATIENCE)
    command = [*dean, "up", "--port", str(port), "--web-port", str(free_port())]
    process = subprocess.Popen(
        command, cwd=home, env=asked, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    running = Up(process, port, home, asked | _of_prefect(home, port))
    try:
        until(health_of(port), of=process)
        until(lambda: len(running.ask(lambda client: client.read_deployments())) == len(DECLARED))
        yield running
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def _of_prefect(home: Path, port: int) -> dict[str, str]:
    found = prefect_environment(home, port)
    return {name: value for name, value in found.items() if name.startswith("PREFECT_") or name == "DO_NOT_TRACK"}


@pytest.fixture
def flow_run(up: Up, office: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Run a flow in this process on the small office; answers with its final state."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    monkeypatch.setenv("DEAN_DATABASE_URL", office.store.url)
    monkeypatch.setenv("DEAN_HOME", str(tmp_path))
    monkeypatch.setenv("DEAN_TODAY", "2024-03-01")
    monkeypatch.setenv("DEAN_NOTIFY_MODE", "live")
    monkeypatch.setenv("DEAN_OPERATOR_EMAIL", "vanhanh@sct.example")

    def run(name: str, **parameters: Any) -> Any:
        path, _, function = DECLARED[name]["entrypoint"].partition(":")
        module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        with temporary_settings({PREFECT_API_URL: up.environment["PREFECT_API_URL"]}):
            return asyncio.run(getattr(module, function)(**parameters, return_state=True))

    return run


def _artifacts(up: Up) -> dict[str, str]:
    return {str(each.key): str(each.data) for each in up.ask(lambda client: client.read_artifacts(limit=200))}


@pytest.mark.slow
def test_everything_is_deployed_and_twice_doubles_nothing(up: Up) -> None:
    up.prefect("work-pool", "create", "office", "--type", "process")
    for _ in range(2):
        up.prefect("deploy", "--all")

    found = up.ask(lambda client: client.read_deployments())

    assert {each.name: [(s.schedule.cron, s.slug) for s in each.schedules] for each in found} == {
        name: [(s["cron"], s["slug"]) for s in declared["schedules"]] for name, declared in DECLARED.items()
    }


@pytest.mark.slow
def test_run_at_half_past_one_here_is_half_past_six_in_the_evening_in_utc(up: Up) -> None:
    async def scheduled(client: Any) -> list[Any]:
        by_id = {each.id: each.name for each in await client.read_deployments()}
        runs = await client.read_flow_runs(limit=200)
        return [run for run in runs if by_id.get(run.deployment_id) == "nightly" and run.auto_scheduled]

    runs = until(lambda: up.ask(scheduled))

    assert {run.expected_start_time.astimezone(UTC).strftime("%H:%M") for run in runs} == {"18:30"}


@pytest.mark.slow
def test_nightly_flow_publishes_what_it_found(up: Up, flow_run: Any, office: Any) -> None:
    code = office.bring(office.open(), "appraising")

    state = flow_run("nightly", as_of=DAY)

    published = _artifacts(up)
    assert (state.type.value, state.result()) == ("COMPLETED", {"2024-03-01": 0})
    assert {"nightly-report", "programme-kc-vl-2021-2025", "waiting-longest"} <= set(published)
    assert f"[{code}](http://127.0.0.1:8321/projects/{code})" in published["nightly-report"]


@pytest.mark.slow
def test_second_of_two_nightly_runs_says_who_does_the_work(flow_run: Any, office: Any) -> None:
    with office.store.write() as session:
        begin(session, Job.NIGHTLY, DAY, worker="other:7", at=due_at(Job.NIGHTLY, DAY).replace(hour=11, minute=59))

    state = flow_run("nightly", as_of=DAY)

    with office.store.read() as session:
        [row] = slot_list(session, job=Job.NIGHTLY)
    assert (state.type.value, state.result()) == ("COMPLETED", {})
    assert (row["status"], row["worker"], row["attempts"]) == ("running", "other:7", 1)


@pytest.mark.slow
def test_reminders_flow_publishes_the_due_list(up: Up, flow_run: Any, office: Any, monkeypatch: Any) -> None:
    code = office.submitted_in_2026()
    monkeypatch.setenv("DEAN_TODAY", "2026-03-09")

    state = flow_run("reminders", as_of=date(2026, 3, 9))

    published = _artifacts(up)
    assert state.type.value == "COMPLETED"
    assert code in published["due-list"]
    assert f"[{code}]" in published["reminders"]


@pytest.mark.slow
def test_yearly_plan_flow_publishes_the_plan_as_tables(up: Up, flow_run: Any, office: Any) -> None:
    code = office.bring(office.open(), "cleared")

    state = flow_run("yearly-plan", year=2024)

    published = _artifacts(up)
    assert state.type.value == "COMPLETED"
    assert code in published["plan-2024-lines"]
    assert {f"plan-2024-{part}" for part in ("contents", "sources", "places", "units", "envelope", "targets")} <= set(
        published
    )


@pytest.mark.slow
def test_deliver_flow_sends_nothing_where_nothing_waits(flow_run: Any) -> None:
    state = flow_run("deliver")

    assert (state.type.value, state.result()) == ("COMPLETED", {})


@pytest.mark.slow
def test_flow_that_fails_tells_the_operator_once(flow_run: Any, office: Any, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("a file in the place of the folder")

    states = [flow_run("housekeeping", as_of=DAY).type.value for _ in range(2)]

    with office.store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT key, letter FROM outbox").all()
    assert states == ["FAILED", "FAILED"]
    assert [tuple(row) for row in rows] == [("operator:job:housekeeping:2024-03-01", "operator")]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="finds the parts in /proc")
@pytest.mark.parametrize("words", ["flows.runner", "prefect server start", "--beside-prefect"])
def test_killed_part_comes_back(up: Up, words: str) -> None:
    killed = until(lambda: up.part(words))
    os.kill(killed, signal.SIGKILL)

    back = until(lambda: up.part(words) not in (0, killed))
    until(health_of(up.port))

    assert back
    assert len(until(lambda: up.ask(lambda client: client.read_deployments()))) == len(DECLARED)
