"""`dean up` where Prefect cannot even be imported: the watch does the day's work alone."""

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from models.slots import slot_list
from tests.soak.machines import environment_of, free_port, until, watching

pytestmark = pytest.mark.skipif(os.name != "posix", reason="is stopped by a signal")
DAY = date(2024, 3, 1)


@pytest.mark.slow
@pytest.mark.parametrize("with_prefect", [False, True], ids=["not wanted", "broken"])
def test_day_is_done_without_prefect(mornings: Any, tmp_path: Path, with_prefect: bool) -> None:
    """Where it is wanted and broken, its parts die again and again, and nothing else is kept back."""
    package = tmp_path / "path" / "prefect"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('no Prefect here')", encoding="utf-8")
    environment = environment_of(mornings.store, mornings.settings, DAY) | {"PYTHONPATH": str(package.parent)}
    options = ["--port", str(free_port())] if with_prefect else ["--no-prefect"]

    log = tmp_path / "logs" / "prefect.log"

    with watching(environment, *options):
        done = until(lambda: rows if _are_over(rows := _slots(mornings)) else {})
        if with_prefect:
            until(lambda: log.exists() and "no Prefect here" in log.read_text(encoding="utf-8"))

    assert done == dict.fromkeys(("housekeeping", "nightly", "reminders"), "late")


def _slots(mornings: Any) -> dict[str, str]:
    with mornings.store.read() as session:
        return {row["job"]: row["status"] for row in slot_list(session)}


def _are_over(rows: dict[str, str]) -> bool:
    return len(rows) == 3 and "running" not in rows.values()
