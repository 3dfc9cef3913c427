"""The register of 50,000 projects as Excel and CSV: how long its writing takes, and that its length costs no memory."""

import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from documents import csv, xlsx
from flows.jobs.papers.tables.frame import Occasion
from flows.jobs.papers.tables.register import register_table
from models.queries.projects_sought import Sought
from states.vocabulary import Stage
from tests.bench.offices import furnished
from tests.bench.rollups import fill

SHORT, LONG = 2_000, 50_000
AT = datetime(2024, 6, 30, 2, 0, tzinfo=UTC)


def measure() -> Iterator[str]:
    for projects in (SHORT, LONG):
        with furnished() as (office, path), tempfile.TemporaryDirectory() as folder:
            office.bring(office.open(), Stage.APPROVED)
            office.store.close()
            fill(path, projects)
            target = Path(folder) / "register.xlsx"
            with office.store.read() as session:
                table = register_table(Occasion(session, None, AT, False), Sought())
                started, cpu = time.perf_counter(), time.process_time()
                xlsx.save(table.book(), target)
                in_excel, cpu = time.perf_counter() - started, time.process_time() - cpu
                started = time.perf_counter()
                size = sum(map(len, csv.lines(table.book())))
                in_lines = time.perf_counter() - started
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            written = f"Excel in {in_excel:.1f} s ({cpu:.1f} s of computing, {target.stat().st_size / 1e6:.1f} MB)"
            yield f"{projects:,} projects: {written}, CSV in {in_lines:.1f} s ({size / 1e6:.1f} MB); peak {peak:.0f} MB"
