"""How long the command line keeps a person waiting."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

RUNS = 7
DEAN = Path(sys.executable).with_name("dean")


def measure() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"DEAN_HOME": home}
        started = time.perf_counter()
        subprocess.run([DEAN, "demo"], env=environment, check=True, capture_output=True)
        yield f"dean demo (165 projects, all steps): {time.perf_counter() - started:.1f} s"
        for words in (
            "--help",
            "words 74975000000",
            "project list",
            "project search thiet bi",
            "programme status",
            "verify",
        ):
            yield f"dean {words}: {_median(words.split(), environment) * 1000:.0f} ms (median of {RUNS})"
        yield f"python -c pass: {_median(['-c', 'pass'], environment, sys.executable) * 1000:.0f} ms, for comparison"


def _median(words: list[str], environment: dict[str, str], program: str | Path = DEAN) -> float:
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        subprocess.run([program, *words], env=environment, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)
