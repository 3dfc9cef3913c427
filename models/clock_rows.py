"""Runs of clocks as rows of the table `deadline`, and back."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from models.rulebook import Rulebook
from states.clocks import Pause, Run
from states.deadlines import Measured, measure, rule_for
from states.vocabulary import Route

COLUMNS = (
    "project_id",
    "clock",
    "started_by",
    "rule",
    "route",
    "plan_year",
    "work_year",
    "status",
    "started_on",
    "printed_on",
    "rolled_on",
    "safe_on",
    "provisional",
    "paused_units",
    "pauses",
    "stopped_on",
    "stopped_by",
)


def rows_of(project_id: int, runs: Iterable[Run], book: Rulebook) -> list[dict[str, Any]]:
    """Measure runs and write them as rows. A clock without a rule in force on its route gives no deadline."""
    rows = []
    for run in runs:
        rule = rule_for(book.rules, run.clock, run.route, run.started_on)
        if rule is not None:
            rows.append(row_of(project_id, measure(run, rule, book.calendar)))
    return rows


def row_of(project_id: int, measured: Measured) -> dict[str, Any]:
    run, due = measured.run, measured.due
    return {
        "project_id": project_id,
        "clock": run.clock,
        "started_by": run.started_by,
        "rule": measured.rule.code,
        "route": str(run.route),
        "plan_year": run.plan_year,
        "work_year": run.work_year,
        "status": measured.status,
        "started_on": run.started_on.isoformat(),
        "printed_on": due.printed_on.isoformat() if due else None,
        "rolled_on": due.rolled_on.isoformat() if due else None,
        "safe_on": due.safe_on.isoformat() if due else None,
        "provisional": int(due.provisional) if due else 0,
        "paused_units": measured.paused_units,
        "pauses": json.dumps([_pause_text(pause) for pause in run.pauses]),
        "stopped_on": run.stopped_on.isoformat() if run.stopped_on else None,
        "stopped_by": run.stopped_by,
    }


def run_of(row: Any) -> Run:
    """The run behind a row: all that a new calendar needs to measure it again, without its events."""
    return Run(
        clock=row.clock,
        route=Route(row.route),
        started_on=_day(row.started_on),
        started_by=row.started_by,
        plan_year=row.plan_year,
        work_year=row.work_year,
        pauses=tuple(_pause(item) for item in json.loads(row.pauses)) if row.pauses != "[]" else (),
        stopped_on=_day(row.stopped_on) if row.stopped_on else None,
        stopped_by=row.stopped_by,
    )


def _pause_text(pause: Pause) -> list[str | int | None]:
    until = pause.until.isoformat() if pause.until else None
    return [pause.since.isoformat(), pause.paused_by, until, pause.resumed_by]


def _pause(item: Any) -> Pause:
    since, paused_by, until, resumed_by = item
    return Pause(date.fromisoformat(since), paused_by, date.fromisoformat(until) if until else None, resumed_by)


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def key_of(row: Mapping[str, Any]) -> tuple[str, int]:
    return row["clock"], row["started_by"]
