"""The nightly flow: Prefect keeps the hour and shows the result; the work is `flows.jobs.nightly`."""

from asyncio import to_thread
from datetime import date

from prefect import flow, get_run_logger
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact

from flows.jobs.mail_report import mail_report
from flows.jobs.nightly import nightly as nightly_report
from flows.jobs.settings import Settings, clock, open_register
from states.facts import OFFICE_TIME
from states.words import format_date


@flow(name="nightly")
async def nightly(as_of: date | None = None) -> dict[str, object]:
    """Verify the ledger, reconcile the money, add up the programmes, list what waits; publish and mail the result.

    Late or repeated runs change nothing: the work only reads, and its mail bears the same Message-ID.
    """
    logger = get_run_logger()
    settings = Settings()
    at = clock(settings)
    day = as_of or at.astimezone(OFFICE_TIME).date()
    store = open_register(settings)
    try:
        report = await to_thread(nightly_report, store, as_of=day, at=at)
    finally:
        store.close()
    found, money = report.verification, report.reconciliation
    logger.info("%s events verified, %s problems", found.events, len(found.problems))
    logger.info("%s entries reconciled, %s differences", money.checked["entries"], len(money.differences))
    for status in report.programmes:
        key = f"programme-{status['programme']['code']}".lower()
        shown = [{k: v for k, v in target.items() if k != "projects"} for target in status["targets"]]
        await acreate_table_artifact(table=shown, key=key, description=status["programme"]["name"])
    await acreate_table_artifact(table=list(report.waiting), key="waiting-longest", description="Đề án chờ lâu nhất")
    title = f"Báo cáo đêm {format_date(day)}"
    await acreate_markdown_artifact(markdown=f"```\n{report.text()}```", key="nightly-report", description=title)
    delivery = await to_thread(mail_report, report, settings)
    logger.info("report mailed: %s", "no" if delivery is None else delivery.outcome)
    if not report.ok:
        raise RuntimeError(
            f"the ledger does not hold: {len(found.problems)} problems, {len(money.differences)} differences, "
            "see the report"
        )
    return {"as_of": day.isoformat(), "events": found.events, "problems": report.faults}
