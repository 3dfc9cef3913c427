"""The reminders flow: before the office opens, sweep what is due and write each person's letter."""

from asyncio import to_thread
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from prefect import flow

from flows.desk import in_its_slot, opened, publish_page, publish_table, tell_operator
from flows.jobs.due_page import due_page
from flows.jobs.reminding import Reminded, remind
from states.slots import Job
from states.words import format_date


@flow(name="reminders", on_failure=[tell_operator], on_crashed=[tell_operator])
async def reminders(as_of: date | None = None) -> dict[str, int]:
    """Write the letters of a day; the calendar decides whether it is a working day. Answers with letters by day.

    A missed morning is told by the next one, and nobody is told twice.
    """
    done: list[Reminded] = []
    with opened() as (store, settings):

        def work(on: date, at: datetime) -> Mapping[str, Any]:
            done.append(remind(store, settings, as_of=on, at=at))
            return done[-1].as_json()

        await in_its_slot(store, settings, Job.REMINDERS, work, as_of)
        for reminded in done[-1:]:
            day = format_date(reminded.as_of)
            rows, page = await to_thread(due_page, store, settings, reminded)
            await publish_table("due-list", f"Việc quá hạn và sắp đến hạn, {day}", rows)
            await publish_page("reminders", f"Nhắc việc {day}", page)
    return {reminded.as_of.isoformat(): reminded.letters for reminded in done}
