"""Run a job now because somebody asks for it on a page: in a process of its own, so that the pages stay quick."""

import os
import subprocess
import sys
from threading import Thread

from flows.jobs.settings import Settings
from states.slots import Job

#: Seconds for which the person who asked may wait to see it done; a small register's night takes two.
PATIENCE = 8.0


def run_by_hand(settings: Settings, job: Job, *, patience: float | None = None) -> int | None:
    """Start `dean run JOB` and wait a little: its exit code, or None while it still goes on.

    Of two at once the slot ledger lets one run. What it prints goes to a log beside those of `dean up`.
    """
    logs = settings.home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / "by-hand.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "run", str(job)],
            env=dict(os.environ) | _same_register(settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=os.name == "posix",
        )
    try:
        return process.wait(PATIENCE if patience is None else patience)
    except subprocess.TimeoutExpired:
        # Somebody has to take its exit code when it ends, or it stays in the list of processes.
        Thread(target=process.wait, name="by hand", daemon=True).start()
        return None


def _same_register(settings: Settings) -> dict[str, str]:
    """What the process must know to open the register that the pages show, on the day that they show."""
    told = {"DEAN_HOME": str(settings.home.absolute()), "DEAN_DEMO": "1" if settings.demo else "0"}
    if settings.database_url is not None:
        told["DEAN_DATABASE_URL"] = settings.database_url.get_secret_value()
    if settings.today is not None:
        told["DEAN_TODAY"] = settings.today.isoformat()
    return told
