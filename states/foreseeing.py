"""Which duties of a planned project fall into which month, before anything has happened: what a plan asks of the desk.

From the planned days of the work follow its beginning, its end, the acceptance and the settlement, each by the clock
that will run then. It is a forecast of the desk's load and never a deadline: that one is measured when its clock
starts (`states.deadlines`).
"""

import calendar as gregorian
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from states.calendar import Calendar
from states.clocks import Run
from states.deadlines import Rule, measure, rule_for
from states.vocabulary import Route

#: After the end of the work; those of the next year follow from the year in which it ends.
_AFTER_THE_WORK = ("D-ACCEPT", "D-15", "D-22JAN", "D-31JAN")
BEGINS, ENDS = "Ký hợp đồng và bắt đầu", "Hoàn thành khối lượng"


@dataclass(frozen=True, slots=True)
class Planned:
    """A project as its dossier plans the work. `months` moves both days later, below zero sooner."""

    code: str
    route: Route
    starts_on: date | None
    ends_on: date | None
    months: int = 0


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A duty that a planned project will bring."""

    code: str
    on: date
    label: str
    basis: str


def moved(day: date, months: int) -> date:
    """The same day number so many months later, the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def foresee(planned: Planned, rules: Sequence[Rule], calendar: Calendar) -> list[Foreseen]:
    """The duties of one project by day; a project without planned days brings none that could be foreseen."""
    found = []
    if planned.starts_on is not None:
        found.append(Foreseen(planned.code, moved(planned.starts_on, planned.months), BEGINS, "thuyết minh đề án"))
    if planned.ends_on is not None:
        end = moved(planned.ends_on, planned.months)
        found.append(Foreseen(planned.code, end, ENDS, "thuyết minh đề án"))
        found += _after_the_work(planned, end, rules, calendar)
    return sorted(found, key=lambda duty: duty.on)


def _after_the_work(planned: Planned, end: date, rules: Sequence[Rule], calendar: Calendar) -> list[Foreseen]:
    found: list[Foreseen] = []
    starts_on = end
    for clock in _AFTER_THE_WORK:
        rule = rule_for(rules, clock, planned.route, starts_on)
        if rule is None:
            continue
        run = Run(clock, planned.route, starts_on, 0, plan_year=end.year, work_year=end.year)
        due = measure(run, rule, calendar).due
        assert due is not None
        found.append(Foreseen(planned.code, due.rolled_on, rule.label, rule.basis))
        if clock == "D-ACCEPT":
            # The settlement term starts with the acceptance, which is expected on its last day.
            starts_on = due.rolled_on
    return found


def by_month(duties: Iterable[Foreseen]) -> Mapping[str, Mapping[str, int]]:
    """How many duties of each kind fall into each month ("2026-08"), in the order of the months."""
    months: dict[str, dict[str, int]] = {}
    for duty in sorted(duties, key=lambda duty: (duty.on.year, duty.on.month)):
        month = months.setdefault(f"{duty.on:%Y-%m}", {})
        month[duty.label] = month.get(duty.label, 0) + 1
    return months
