"""The night over 10,000 projects that went the whole way, played through the ledger: what each part of it takes."""

import resource
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flows.jobs.night import night
from flows.jobs.settings import Settings
from models.reconciliation import reconcile
from models.verify import verify
from states.facts import OFFICE_TIME
from tests.bench.offices import beneficiaries, furnished

PROJECTS = 10_000


def measure() -> Iterator[str]:
    with furnished() as (office, path):
        _play(office)
        settings = Settings(_env_file=None, home=path.parent)
        first = _timed(lambda: _night(office, settings))
        again = _timed(lambda: _night(office, settings))
        report = _night(office, settings)
        assert report.ok, report.text()
        yield (
            f"{PROJECTS:,} projects, {report.verification.events:,} events: the night {again:.1f} s "
            f"(the first one, which seals every day so far, {first:.1f} s)"
        )
        with office.store.read() as session:
            yield f"of it: verify {_timed(lambda: verify(office.store)):.1f} s, reconcile " + (
                f"{_timed(lambda: reconcile(session)):.1f} s"
            )
        yield f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


def _night(office: Any, settings: Settings) -> Any:
    at = office.at + timedelta(days=1)
    return night(office.store, settings, as_of=at.astimezone(OFFICE_TIME).date(), at=at)


def _timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _play(office: Any) -> None:
    """Bring every project to its settlement, a quarter of an hour's work; nobody waits for the disk."""
    with office.store.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA synchronous = OFF")
    begun = office.at
    for number, workshop in enumerate(beneficiaries(office, PROJECTS)):
        # Fifty files begin each day, so that the last ones end in the year of their plan.
        office.at = begun + timedelta(days=number // 50)
        office.bring(office.open(name=f"Đề án {number}", beneficiaries=(workshop,)), "settled")
