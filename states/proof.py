"""The proof sheet of one deadline: each day counted or skipped, with pauses, as an inspector would recount it."""

from dataclasses import replace
from datetime import date

from states.calendar import Calendar
from states.clocks import Pause
from states.counting import Days, Workdays
from states.deadlines import Measured
from states.explaining import Counted, explain, explain_before, explain_by


def proof(measured: Measured, calendar: Calendar) -> tuple[Counted, ...]:
    """Write out a measured deadline day by day. A clock that stands still has no sheet yet, so it must be running.

    The days of a pause are shown and not counted; what they took is added at the end, so that the counted days
    are exactly as many as the rule says.
    """
    run, rule = measured.run, measured.rule
    if rule.unit == "date":
        year = (run.plan_year if rule.year == "plan" else run.work_year) + rule.year_offset
        day = date(year, rule.month or 1, rule.day or 1)
        write = explain_before if rule.before else explain_by
        return write(day, calendar, roll=rule.roll)
    total = (rule.length or 0) + measured.paused_units
    term = Workdays(total) if rule.unit == "workdays" else Days(total)
    return _without_pauses(explain(run.started_on, term, calendar, roll=rule.roll), run.pauses)


def _without_pauses(rows: tuple[Counted, ...], pauses: tuple[Pause, ...]) -> tuple[Counted, ...]:
    """Take the days of the pauses out of the count and number the others anew."""
    written, ordinal = [], 0
    for row in rows:
        pause = next((p for p in pauses if p.until and p.since < row.day <= p.until), None)
        if row.counted and pause is not None:
            why = f"Tạm dừng từ sau ngày {pause.since:%d/%m/%Y} (sự kiện {pause.paused_by}), không tính"
            written.append(replace(row, counted=False, ordinal=None, reason=why))
            continue
        ordinal += row.counted
        written.append(replace(row, ordinal=ordinal) if row.counted else row)
    return tuple(written)
