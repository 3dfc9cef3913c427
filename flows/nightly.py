"""The nightly flow: Prefect keeps the hour and shows the result; the work is `flows.jobs.night`."""

from datetime import date

from prefect import flow

from flows.desk import in_its_slot, opened, publish_page, publish_table, tell_operator
from flows.jobs.links import project_link
from flows.jobs.night import Nights
from flows.jobs.nightly import NightlyReport
from flows.jobs.settings import Settings
from states.slots import Job
from states.words import format_date


@flow(name="nightly", on_failure=[tell_operator], on_crashed=[tell_operator])
async def nightly(as_of: date | None = None) -> dict[str, int]:
    """Verify, reconcile, seal, publish the figures, mail the report: of one night, or of all that are due.

    Late or repeated runs change nothing. Fails when the newest report tells of a fault. Answers with the faults by day.
    """
    with opened() as (store, settings):
        nights = Nights(store, settings, mails=True)
        await in_its_slot(store, settings, Job.NIGHTLY, nights.work, as_of)
        for report in list(nights.reports.values())[-1:]:
            await _publish(report, settings)
            if not report.ok:
                raise RuntimeError(f"the register does not hold: {report.faults} faults, see the report")
    return {on.isoformat(): report.faults for on, report in nights.reports.items()}


async def _publish(report: NightlyReport, settings: Settings) -> None:
    for status in report.programmes:
        shown = [{k: v for k, v in target.items() if k != "projects"} for target in status["targets"]]
        await publish_table(f"programme-{status['programme']['code']}", status["programme"]["name"], shown)
    await publish_table("waiting-longest", "Đề án chờ lâu nhất", report.waiting)
    links = [f"- [{row['code']}]({project_link(settings, row['code'])}) {row['name']}" for row in report.waiting]
    page = "\n".join([f"```\n{report.text()}```", "", *links])
    await publish_page("nightly-report", f"Báo cáo đêm {format_date(report.as_of)}", page)
