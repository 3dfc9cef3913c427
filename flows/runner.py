"""Serves every deployment of `prefect.yaml` from one process on one machine: `python -m flows.runner`."""

from pathlib import Path
from typing import Any

import yaml
from prefect import serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron

ROOT = Path(__file__).parents[1]
#: How many runs may go on at once: on SQLite a third one only waits for the database.
MOST_AT_ONCE = 2


def deployments() -> list[RunnerDeployment]:
    """The deployments as `prefect deploy` makes them, without the pool."""
    declared = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    return [_deployment(each) for each in declared]


def _deployment(declared: dict[str, Any]) -> RunnerDeployment:
    limit = declared["concurrency_limit"]
    # The folder of the process stays the caller's, because DEAN_HOME and .env are looked for there.
    return RunnerDeployment.from_entrypoint(
        f"{ROOT / declared['entrypoint']}",
        name=declared["name"],
        description=declared["description"],
        schedules=[
            Cron(schedule["cron"], timezone=schedule["timezone"], slug=schedule["slug"])
            for schedule in declared["schedules"]
        ],
        concurrency_limit=ConcurrencyLimitConfig(**limit) if isinstance(limit, dict) else limit,
    )


if __name__ == "__main__":
    # Paused on its way out, a deployment would lose its scheduled runs and never catch up.
    serve(*deployments(), pause_on_shutdown=False, limit=MOST_AT_ONCE, print_starting_message=False)
