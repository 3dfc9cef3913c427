"""The housekeeping flow: a checked backup, and no more old copies than are of use."""

from datetime import date

from prefect import flow

from flows.desk import in_its_slot, opened, publish_page, tell_operator
from flows.jobs.housekeeping import Housekeeper
from states.slots import Job
from states.words import format_date


@flow(name="housekeeping", on_failure=[tell_operator], on_crashed=[tell_operator])
async def housekeeping(as_of: date | None = None) -> dict[str, str]:
    """Back up and tidy up for a day. Prefect's own database is thinned out by its server, as `dean up` starts it."""
    with opened() as (store, settings):
        keeper = Housekeeper(store, settings)
        ran = await in_its_slot(store, settings, Job.HOUSEKEEPING, keeper.work, as_of)
        if keeper.last is not None:
            await publish_page("housekeeping", f"Dọn dẹp {format_date(keeper.last.as_of)}", keeper.last.text())
    return {one.on.isoformat(): str(one.status or one.reason) for one in ran}
