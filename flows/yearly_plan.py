"""The yearly plan flow: the figures of a year's plan as tables, on demand and while plans are being made."""

from asyncio import to_thread
from datetime import date

from prefect import flow

from flows.desk import opened, publish_table, tell_operator
from flows.jobs.plan_tables import plan_tables, year_in_the_making
from flows.jobs.settings import clock
from states.facts import OFFICE_TIME


@flow(name="yearly-plan", on_failure=[tell_operator], on_crashed=[tell_operator])
async def yearly_plan(year: int | None = None, as_of: date | None = None) -> dict[str, int]:
    """Publish the plan of a year: by content, source, commune and unit, against the envelope and the targets.

    Without a year that of the plan that is being made on the date. It only reads. Answers with the rows by table.
    """
    with opened() as (store, settings):
        on = as_of or clock(settings).astimezone(OFFICE_TIME).date()
        tables = await to_thread(plan_tables, store, year or year_in_the_making(on))
        for key, (title, rows) in tables.items():
            await publish_table(key, title, rows)
    return {key: len(rows) for key, (_, rows) in tables.items()}
