"""The server of Prefect is away for five minutes in the middle of a night, with every client as patient as usual."""

import secrets
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

from flows.jobs.settings import Settings
from models.people import edit_person
from models.slots import slot_list
from notifications.demo_servers import LoopbackSmtp
from states.slots import Job
from tests.bench.offices import furnished
from tests.soak.machines import Machines, Standstill, environment_of, is_alive, runner_of, until, watching

#: Seconds that the server is away; a client waits for about 66.
AWAY = 300
DAY = date(2026, 3, 9)
ADDRESS = "vanhanh@sct.example"


def play() -> Iterator[str]:
    """Kill the server while a night stands still in its middle, and let it come back five minutes later.

    Raises AssertionError where the night is not done once, or the second trigger does it again.
    """
    with furnished() as (office, path), LoopbackSmtp() as server:
        office.submitted_in_2026()
        with office.store.write() as session:
            for person in ("binh", "bach"):
                edit_person(session, person, office.origin, email=f"{person}@sct.example")
        live: dict[str, Any] = {"notify_mode": "live", "operator_email": ADDRESS, "smtp_url": server.url(ADDRESS)}
        settings = Settings(home=path.parent, **live, _env_file=None)
        home = path.parent / "machines"
        home.mkdir()
        machines = Machines(home)
        try:
            yield from _play(machines, office, settings, server)
        finally:
            machines.stop()


def _play(machines: Machines, office: Any, settings: Settings, server: LoopbackSmtp) -> Iterator[str]:
    environment = environment_of(office.store, settings, DAY)
    machines.start_server()
    machines.start_worker("first")
    machines.deploy()
    key = Standstill(settings.seal_key_path, secrets.token_bytes(32))
    run = machines.trigger("nightly", environment)
    until(key.is_reached)
    runner = runner_of(office.store, Job.NIGHTLY, DAY)

    machines.kill_server()
    gone = time.monotonic()
    key.release()
    with watching(environment, "--no-prefect", "--beside-prefect"):
        until(lambda: len(_slots(office)) == 3 and len(server.mails) == 3)
        yield f"{time.monotonic() - gone:.0f} s: the night, the reminders and the backup are done, 3 letters have left"
        until(lambda: not is_alive(runner), AWAY)
        yield f"{time.monotonic() - gone:.0f} s: the flow has given up the server"
        time.sleep(max(AWAY - (time.monotonic() - gone), 0))
    assert _slots(office) == dict.fromkeys(("housekeeping", "nightly", "reminders"), ("late", 1))

    machines.start_server()
    yield f"{time.monotonic() - gone:.0f} s: the server is back; the run of the night is {machines.state(run)} there"
    yield f"the worker {'has waited' if machines.workers['first'].poll() is None else 'has given up'}"
    if machines.workers["first"].poll() is not None:
        machines.start_worker("first")
    second = machines.trigger("nightly", environment)
    assert machines.ended(second) == "COMPLETED"
    yield f"{time.monotonic() - gone:.0f} s: the second trigger: {machines.log(second)[-2]}"
    assert "nightly: nothing is due that was not done" in machines.log(second)
    assert _slots(office) == dict.fromkeys(("housekeeping", "nightly", "reminders"), ("late", 1))
    assert len(server.mails) == 3


def _slots(office: Any) -> dict[str, tuple[str, int]]:
    with office.store.read() as session:
        return {row["job"]: (row["status"], row["attempts"]) for row in slot_list(session)}
