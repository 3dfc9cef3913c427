"""The figures of a yearly plan over 1,000,000 projects of one year against the bare SQL."""

import resource
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from models.plan.figures import plan_figures
from tests.bench.offices import furnished
from tests.bench.rollup import fill

PROJECTS = 1_000_000
_MONEY = """CASE WHEN p.state IN ('approved', 'implemented', 'settled') THEN f.approved + f.adjusted
                 WHEN p.state = 'appraised' THEN f.appraised ELSE f.asked END"""
_IN_THE_PLAN = """
    FROM project AS p JOIN {table} AS f ON f.project_id = p.id
    WHERE p.programme_id = ? AND p.plan_year = 2024 AND p.stage NOT IN ('draft', 'rejected', 'withdrawn', 'lapsed')"""
#: The same sums as plain statements; names, waiting and carried projects and the adding up come on top of them.
_BY = ("f.source", "p.content_no", "p.unit_id", "p.place_id")
_BARE = f"""
    SELECT {", ".join(_BY)}, count(*), sum({_MONEY}), sum(f.released) {_IN_THE_PLAN.format(table="funding")}
    GROUP BY {", ".join(_BY)}"""
_TARGETS = f"""
    SELECT f.target_code, sum(CASE WHEN p.state IN ('implemented', 'settled') THEN f.accepted
                                   WHEN p.state = 'approved' THEN f.approved ELSE f.planned END)
    {_IN_THE_PLAN.format(table="contribution")} GROUP BY f.target_code"""


def measure() -> Iterator[str]:
    with furnished() as (office, path):
        office.open()
        office.store.close()
        fill(path)
        ratios = []
        for _ in range(3):
            started = time.perf_counter()
            with office.store.read() as session:
                plan_figures(session, "KC-VL-2021-2025", 2024, with_lines=False)
            ours = time.perf_counter() - started
            bare = _bare(path)
            ratios.append((ours / bare, ours, bare))
        ratio, ours, bare = sorted(ratios)[1]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield f"{PROJECTS:,} projects: ours {ours:.2f} s, bare SQL {bare:.2f} s, ratio {ratio:.2f}; peak {peak:.0f} MB"


def _bare(path: Path) -> float:
    connection = sqlite3.connect(path)
    programme = connection.execute("SELECT id FROM programme WHERE code = 'KC-VL-2021-2025'").fetchone()
    started = time.perf_counter()
    connection.execute(_BARE, programme).fetchall()
    connection.execute(_TARGETS, programme).fetchall()
    elapsed = time.perf_counter() - started
    connection.close()
    return elapsed
