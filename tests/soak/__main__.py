"""Soak tests: `make soak [ARGS="away …"]`. What takes too long for every change and must hold all the same."""

import sys

from tests.soak import away

SOAKS = {"away": away.play}


def main(names: list[str]) -> int:
    unknown = set(names) - set(SOAKS)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(SOAKS)}", file=sys.stderr)
        return 2
    for name in names or SOAKS:
        print(f"\n{name}", flush=True)
        for line in SOAKS[name]():
            print(f"  {line}", flush=True)
    return 0


sys.exit(main(sys.argv[1:]))
