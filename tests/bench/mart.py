"""The mart of 100,000 projects with events of their own: how long its writing takes, beside the roll-ups in it."""

import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from models.mart import publish
from models.rollups import rollups
from states.vocabulary import Stage
from tests.bench.offices import furnished
from tests.bench.rollups import PROGRAMME, fill

PROJECTS = 100_000
AS_OF, AT = date(2024, 6, 30), datetime(2024, 6, 30, 18, 30, tzinfo=UTC)


def measure() -> Iterator[str]:
    with furnished() as (office, path), tempfile.TemporaryDirectory() as home:
        office.bring(office.open(), Stage.APPROVED)
        office.store.close()
        fill(path, PROJECTS, with_events=True)
        rounds = []
        for _ in range(3):
            started = time.perf_counter()
            with office.store.read() as session:
                rollups(session, PROGRAMME, as_of=AS_OF).refuse_apart()
            summed = time.perf_counter() - started
            published = publish(office.store, Path(home), as_of=AS_OF, at=AT)
            assert published.path is not None
            # The publication adds the roll-ups up once more.
            rounds.append((time.perf_counter() - started - 2 * summed, summed, published.path.stat().st_size / 1e6))
        written, summed, size = sorted(rounds)[1]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield (
            f"{PROJECTS:,} projects: mart written in {written:.1f} s beside {summed:.1f} s for its roll-ups in both "
            f"ways; {size:.0f} MB; peak {peak:.0f} MB"
        )
