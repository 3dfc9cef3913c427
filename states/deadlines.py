"""Measure a clock by a rule and a calendar: when it is due, and every day of the way for whoever recounts it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from states.calendar import Calendar
from states.clocks import Run
from states.counting import (
    Days,
    Due,
    Roll,
    Workdays,
    due,
    due_before,
    due_by,
    workdays_between,
)
from states.vocabulary import Route

#: Of two clocks of one duty the earlier date governs. Basis: TT 36/2013/TT-BCT Điều 18, 19; domain notes §2.5.
GOVERNED_TOGETHER = frozenset({"D-15", "D-22JAN"})
INTERNAL = "nội bộ"
UNVERIFIED = "chưa kiểm chứng"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How long a clock runs. `statutory` False is the office's own pace and never shown as law."""

    code: str
    clock: str
    label: str
    route: Route | None
    unit: str
    length: int | None
    month: int | None
    day: int | None
    year: str
    year_offset: int
    before: bool
    roll: Roll
    basis: str
    statutory: bool
    verified: bool
    active: bool
    effective_from: date
    effective_until: date | None

    @property
    def standing(self) -> str:
        """Law or office rule, and whether the text was read: what every list prints beside the date."""
        law = "theo quy định" if self.statutory else INTERNAL
        return law if self.verified or not self.statutory else f"{law}, {UNVERIFIED}"


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of a clock with its dates; a paused clock has none, only what was used so far."""

    run: Run
    rule: Rule
    due: Due | None
    paused_units: int

    @property
    def status(self) -> str:
        if not self.run.is_open:
            return "closed"
        return "paused" if self.run.is_paused else "open"


def rule_for(rules: Iterable[Rule], clock: str, route: Route, started_on: date) -> Rule | None:
    """The rule that measures a clock started on a day: that of the route before that of both.

    A rule is pinned by the day on which the clock started; changing rules later does not move it.
    """
    in_force = [
        rule
        for rule in rules
        if rule.clock == clock
        and rule.active
        and rule.route in (route, None)
        and rule.effective_from <= started_on <= (rule.effective_until or date.max)
    ]
    return max(in_force, key=lambda rule: rule.route is not None, default=None)


def measure(run: Run, rule: Rule, calendar: Calendar) -> Measured:
    """Say when a run is due. Each pause adds exactly the time it took, counted in the rule's own unit."""
    paused = sum(_length(pause.since, pause.until, rule, calendar) for pause in run.pauses if pause.until)
    if run.is_paused:
        return Measured(run, rule, None, paused)
    return Measured(run, rule, _due(run, rule, paused, calendar), paused)


def _length(since: date, until: date, rule: Rule, calendar: Calendar) -> int:
    if rule.unit == "workdays":
        return workdays_between(since, until, calendar).count
    return (until - since).days if rule.unit == "days" else 0


def _due(run: Run, rule: Rule, paused: int, calendar: Calendar) -> Due:
    if rule.unit == "date":
        assert rule.month is not None
        assert rule.day is not None
        year = (run.plan_year if rule.year == "plan" else run.work_year) + rule.year_offset
        count = due_before if rule.before else due_by
        return count(date(year, rule.month, rule.day), calendar, roll=rule.roll)
    assert rule.length is not None
    total = rule.length + paused
    term = Workdays(total) if rule.unit == "workdays" else Days(total)
    return due(run.started_on, term, calendar, roll=rule.roll)


@dataclass(frozen=True, slots=True)
class ContractShare:
    """One project of a national contract, as the deadline of the contract in one year sees it.

    `accepted_on` is None while the work is not accepted; `excused` when it ended without.
    """

    project_id: int
    accepted_on: date | None
    excused: bool


def last_acceptance(shares: Sequence[ContractShare]) -> date | None:
    """The day on which the settlement term of a contract starts: its last acceptance, once none is outstanding.

    Basis: TT 36/2013/TT-BCT Điều 18 (15 ngày sau nghiệm thu cơ sở cuối cùng của hợp đồng).
    """
    if any(share.accepted_on is None and not share.excused for share in shares):
        return None
    return max((share.accepted_on for share in shares if share.accepted_on is not None), default=None)


def hang_on_contract(runs: Iterable[Run], starts_on: date | None) -> list[Run]:
    """Move the run of D-15 to the contract's last acceptance; without one it does not run yet."""
    moved = []
    for run in runs:
        if run.clock != "D-15":
            moved.append(run)
        elif starts_on is not None:
            moved.append(replace(run, started_on=starts_on))
    return moved


def governing(measured: Sequence[Measured]) -> Mapping[str, Measured]:
    """Which run governs each clock: of D-15 and 22/01 the earlier one, and both stay visible."""
    chosen = {item.rule.clock: item for item in measured}
    pair = [item for item in measured if item.rule.clock in GOVERNED_TOGETHER and item.due is not None]
    if len(pair) > 1:
        first = min(pair, key=lambda item: item.due.rolled_on if item.due else date.max)
        chosen |= {item.rule.clock: first for item in pair}
    return chosen
