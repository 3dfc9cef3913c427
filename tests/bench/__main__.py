"""Benchmarks: `make bench [step|approve|rollups|mart|plan|command …]`. Ratios are measured side by side."""

import os
import platform
import sqlite3
import sys

from tests.bench import (
    approve,
    command,
    deadlines,
    desk,
    digests,
    drain,
    exports,
    letters,
    mart,
    nightly,
    plan,
    reconcile,
    rollup,
    rollups,
    step,
    suggest,
    sweep,
    workdays,
)

BENCHES = {
    "step": step.measure,
    "approve": approve.measure,
    "rollup": rollup.measure,
    "rollups": rollups.measure,
    "mart": mart.measure,
    "plan": plan.measure,
    "suggest": suggest.measure,
    "reconcile": reconcile.measure,
    "nightly": nightly.measure,
    "workdays": workdays.measure,
    "deadlines": deadlines.measure,
    "letters": letters.measure,
    "digests": digests.measure,
    "drain": drain.measure,
    "sweep": sweep.measure,
    "exports": exports.measure,
    "command": command.measure,
    "desk": desk.measure,
}


def main(names: list[str]) -> int:
    unknown = set(names) - set(BENCHES)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    for name in names or BENCHES:
        print(f"\n{name}")
        for line in BENCHES[name]():
            print(f"  {line}")
    return 0


sys.exit(main(sys.argv[1:]))
