"""What every flow does around its job: open the register, keep its slot, publish what was found, tell of a failure."""

from asyncio import to_thread
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from prefect import get_run_logger
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact
from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow

from flows.jobs.running import Ran, Work, run_due, run_slot
from flows.jobs.settings import Settings, clock, open_register
from flows.jobs.watching import alert_failure
from models.store import Store
from states.slots import Job, SlotStatus


@contextmanager
def opened() -> Iterator[tuple[Store, Settings]]:
    """Read the settings and open the register for one flow run."""
    settings = Settings()
    store = open_register(settings)
    try:
        yield store, settings
    finally:
        store.close()


async def in_its_slot(store: Store, settings: Settings, job: Job, work: Work, as_of: date | None) -> list[Ran]:
    """Run a job for a date, also again, or without one for every day that is due; who else does it is only logged.

    Raises RuntimeError when the job refused.
    """

    def now() -> datetime:
        return clock(settings)

    if as_of is None:
        ran = await to_thread(run_due, store, job, work, now=now)
    else:
        ran = [await to_thread(run_slot, store, job, as_of, work, now=now, again=True)]
    logger = get_run_logger()
    for one in ran:
        logger.info("%s %s: %s", one.job, one.on, one.reason if one.status is None else one.status)
    if not ran:
        logger.info("%s: nothing is due that was not done", job)
    failed = [one for one in ran if one.status is SlotStatus.FAILED]
    if failed:
        raise RuntimeError("; ".join(f"{one.on}: {one.reason}" for one in failed))
    return ran


async def publish_table(key: str, title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Publish a table under a key that keeps its history; Prefect takes small letters, digits and hyphens only."""
    await acreate_table_artifact(key=_key(key), description=title, table=[dict(row) for row in rows])


async def publish_page(key: str, title: str, markdown: str) -> None:
    await acreate_markdown_artifact(key=_key(key), description=title, markdown=markdown)


def _key(name: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())


def tell_operator(flow: Flow[Any, Any], flow_run: FlowRun, state: State) -> None:
    """The hook of a flow that failed or crashed: a letter to the operator, one a day for each job."""
    with opened() as (store, settings):
        alert_failure(store, settings, flow.name, state.message or state.name or "", at=clock(settings))
