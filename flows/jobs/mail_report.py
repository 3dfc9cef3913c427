"""Hand the nightly report to the operator by e-mail. A mail that fails never undoes the night's work."""

from flows.jobs.nightly import NightlyReport
from flows.jobs.settings import Settings
from notifications.message import Attachment, Message
from notifications.outcome import Delivery
from notifications.post import deliver
from states.words import format_date


def report_message(report: NightlyReport, address: str) -> Message:
    """The report as a message. Its key is the business date, so a second run hands over the same Message-ID."""
    mark = "[Minh họa] " if report.is_demonstration else ""
    state = "sổ khớp" if report.ok else f"{report.faults} SAI LỆCH"
    text = report.text()
    return Message(
        key=f"nightly/{report.as_of.isoformat()}",
        to_address=address,
        to_name="Người vận hành",
        subject=f"{mark}Báo cáo đêm {format_date(report.as_of)}: {state}",
        text=text,
        attachments=(
            Attachment(
                name=f"Báo cáo đêm {report.as_of.isoformat()}.txt",
                media_type="text/plain; charset=utf-8",
                content=text.encode(),
            ),
        ),
        created_at=report.at,
    )


def mail_report(report: NightlyReport, settings: Settings) -> Delivery | None:
    """Send the report to the operator, or answer None where no operator or server is set, or sending is off.

    A fresh install has mode `off`: it can mail nobody. `redirect` sends everything to one address.
    """
    address = settings.notify_redirect if settings.notify_mode == "redirect" else settings.operator_email
    if settings.notify_mode == "off" or not address or settings.smtp_url is None:
        return None
    return deliver(report_message(report, address), settings.smtp_url.get_secret_value())
