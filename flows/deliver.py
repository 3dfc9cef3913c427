"""The deliver flow: every few minutes, send the letters whose hour has come."""

from asyncio import to_thread

from prefect import flow, get_run_logger

from flows.desk import opened, tell_operator
from flows.jobs.delivering import drain
from flows.jobs.settings import clock


@flow(name="deliver", on_failure=[tell_operator], on_crashed=[tell_operator])
async def deliver() -> dict[str, int]:
    """Send until nothing is ready, and answer with the outcomes. A lost or doubled run costs nothing."""
    with opened() as (store, settings):
        done = await to_thread(drain, store, settings, now=lambda: clock(settings))
    get_run_logger().info("%s handed over, %s expired %s", done.handed_over, done.expired, done.reason)
    return done.outcomes
