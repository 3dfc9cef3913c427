"""The night over 10,000 projects that went the whole way: what it takes, and each part of it.

The first night rebuilds every subject and seals every day so far; the second one is a night as all others are.
"""

import resource
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flows.jobs.night import Nights
from flows.jobs.settings import Settings
from models.mart import publish
from models.night_share import share_of_night
from models.reconciliation import reconcile
from models.verify import verify
from states.facts import OFFICE_TIME
from states.slots import Job, due_at
from tests.bench.copies import multiply
from tests.bench.offices import furnished

PROJECTS = 10_000


def measure() -> Iterator[str]:
    with furnished() as (office, path):
        built = _timed(lambda: multiply(office, path, PROJECTS))
        yield f"{PROJECTS:,} projects out of one: {built}"
        settings = Settings(_env_file=None, home=path.parent)
        first_on = office.at.astimezone(OFFICE_TIME).date() + timedelta(days=1)
        at = [due_at(Job.NIGHTLY, first_on + timedelta(days=days)) for days in (0, 1, 1)]
        first, second, again = (_timed(partial(_night, office, settings, each)) for each in at)
        yield f"the night {second}; repeated {again}; the first one, which rebuilds everything, {first}"
        yield from _parts(office, at[-1])
        yield f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


def _night(office: Any, settings: Settings, at: datetime) -> None:
    nights = Nights(office.store, settings)
    nights.run(now=lambda: at, as_of=at.astimezone(OFFICE_TIME).date())
    [report] = nights.reports.values()
    assert report.ok, report.text()


def _parts(office: Any, at: datetime) -> Iterator[str]:
    on = at.astimezone(OFFICE_TIME).date()
    with office.store.read() as session, TemporaryDirectory() as home:
        share = share_of_night(session, on)
        parts: dict[str, Callable[[], object]] = {
            "its share verified": lambda: verify(office.store, share),
            "reconciled": lambda: reconcile(session),
            "mart": lambda: publish(office.store, Path(home), as_of=on, at=at),
        }
        yield "of it: " + "; ".join(f"{name} {_timed(part)}" for name, part in parts.items())


def _timed(work: Callable[[], object]) -> str:
    """How long some work takes, and how much of that the processor worked for it: others may be at work beside."""
    started, busy = time.perf_counter(), time.process_time()
    work()
    return f"{time.perf_counter() - started:.1f} s (processor {time.process_time() - busy:.1f} s)"
