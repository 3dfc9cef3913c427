"""The night's work as a plain function: verify, reconcile, seal the day, publish the figures, and tell all of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from flows.jobs.mail_report import mail_report
from flows.jobs.nightly import LISTED, NightlyReport, Publishing, Sealing
from flows.jobs.running import Ran, run_due, run_slot
from flows.jobs.settings import Settings
from models.night_share import WHOLE_UP_TO, share_of_night
from models.queries import waiting_longest
from models.reconciliation import reconcile
from models.reminders.links import secret_key
from models.seals import broken_seals, seal_up_to, seals
from models.setup import is_demonstration
from models.slots import overdue
from models.status import programme_status, programmes
from models.store import Store
from models.verify import verify
from states.facts import OFFICE_TIME
from states.refusal import Refused
from states.slots import Job


def night(
    store: Store, settings: Settings, *, as_of: date, at: datetime, whole_up_to: int = WHOLE_UP_TO
) -> NightlyReport:
    """Do the work of the night of a business date. Done again it says the same and writes nothing more.

    The verification recomputes clocks from the events; it changes none, because a wrong one has a cause. A register
    of more events than `whole_up_to` is rebuilt within seven nights, share by share.
    """
    with store.read() as session:
        share = share_of_night(session, as_of, whole_up_to=whole_up_to)
    verification = verify(store, share)
    with store.read() as session:
        reconciliation = reconcile(session)
        used = [programme["code"] for programme in programmes(session) if programme["projects"]]
        statuses = tuple(programme_status(session, code, with_projects=False) for code in used)
        evening = datetime.combine(as_of, time.max, OFFICE_TIME)
        # What moved after the date of a report for a past day was not waiting yet, or no longer where it is now.
        waiting = tuple(row for row in waiting_longest(session, at=evening, limit=LISTED) if row["days"] >= 0)
        demonstration = is_demonstration(session)
        late = tuple(overdue(session, at=at))
    # The mart holds the seals, so the day is sealed first: a night that is repeated publishes the very same file.
    sealing = _seal(store, settings, as_of, at)
    return NightlyReport(
        as_of=as_of,
        at=at,
        is_demonstration=demonstration,
        programmes=statuses,
        waiting=waiting,
        verification=verification,
        reconciliation=reconciliation,
        sealing=sealing,
        publishing=_publish(store, settings, as_of, at),
        overdue=late,
    )


def _publish(store: Store, settings: Settings, as_of: date, at: datetime) -> Publishing:
    """Publish the figures as the mart of the night, or say which of them differ between the two ways of adding up."""
    # Brings sqlite-utils along, which half the commands that import this room never need.
    from models.mart import publish

    published = publish(store, settings.home, as_of=as_of, at=at)
    if published.path is None:
        return Publishing(differences=published.reasons)
    return Publishing(published.path.name, published.content_hash or "")


def _seal(store: Store, settings: Settings, as_of: date, at: datetime) -> Sealing:
    """Check every seal, then seal each day that is over, up to the one before the business date."""
    until = min(as_of, at.astimezone(OFFICE_TIME).date()) - timedelta(days=1)
    path = settings.seal_key_path
    with store.read() as session:
        newest = next(iter(seals(session, newest=1)), None)
        if newest is not None and not path.exists():
            # A new key would be made in silence and would fit no seal; the old one is somewhere on paper.
            lost = f"mất khóa niêm {path.name}; hãy đặt lại khóa cũ (DEAN_SEAL_KEY_FILE), đêm nay không niêm được."
            return Sealing(newest, (lost,))
        try:
            key = secret_key(path)
        except Refused as unusable:
            return Sealing(newest, tuple(unusable.reasons))
        problems = tuple(f"Niêm {found.no}: {found.what}" for found in broken_seals(session, key))
    with store.write() as session:
        seal_up_to(session, key, until)
    with store.read() as session:
        newest = next(iter(seals(session, newest=1)), None)
        past = 0 if newest is None else max((newest.business_date - until).days, 0)
        sealed = next(iter(seals(session, newest=1 + past)), None)
    return Sealing(sealed if sealed and sealed.business_date <= until else None, problems)


# --- in its place of the slot ledger ------------------------------------------------------------------


@dataclass(slots=True)
class Nights:
    """The night as work of the slot ledger; it keeps the reports of the nights that it did.

    With `mails` the report goes to the operator before its run is done: a run that is cut off in between mails it
    again under the same Message-ID. Of nights that are caught up only the last one is mailed; it carries their seals.
    """

    store: Store
    settings: Settings
    mails: bool = False
    whole_up_to: int = WHOLE_UP_TO
    reports: dict[date, NightlyReport] = field(default_factory=dict)

    def work(self, on: date, at: datetime) -> Mapping[str, Any]:
        report = night(self.store, self.settings, as_of=on, at=at, whole_up_to=self.whole_up_to)
        self.reports[on] = report
        if self.mails and on == at.astimezone(OFFICE_TIME).date():
            mail_report(report, self.settings)
        return report.outcome()

    def run(self, *, now: Callable[[], datetime], as_of: date | None = None) -> list[Ran]:
        """Run one night, also again, or without a date whatever nights are due."""
        if as_of is None:
            return run_due(self.store, Job.NIGHTLY, self.work, now=now)
        return [run_slot(self.store, Job.NIGHTLY, as_of, self.work, now=now, again=True)]
