"""Deadline clocks: a fold over what the steps open, pause, resume and close."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from states.actions import Action
from states.lifecycle import ENDS
from states.steps import STEP
from states.vocabulary import Route, Stage


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that stands (compensated ones are left out), with what a clock needs to know of it.

    `on` is the legal day of the step: the paper's date, or the day of entry for the department's own steps.
    """

    event_id: int
    action: Action
    on: date
    route: Route
    stage: Stage
    plan_year: int
    work_year: int


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still after `since` up to and including `until`; `until` None while it still does."""

    since: date
    paused_by: int
    until: date | None = None
    resumed_by: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one clock, from the event that started it to the one that stopped it."""

    clock: str
    route: Route
    started_on: date
    started_by: int
    plan_year: int
    work_year: int
    pauses: tuple[Pause, ...] = ()
    stopped_on: date | None = None
    stopped_by: int | None = None

    @property
    def is_paused(self) -> bool:
        return self.stopped_by is None and bool(self.pauses) and self.pauses[-1].until is None

    @property
    def is_open(self) -> bool:
        return self.stopped_by is None


Running = Mapping[str, Run]


def fold(steps: Iterable[Taken]) -> list[Run]:
    """Every run of every clock of one project, in the order in which they started."""
    running: dict[str, Run] = {}
    finished: list[Run] = []
    for step in steps:
        running, stopped = tick(running, step)
        finished += stopped
    return sorted([*finished, *running.values()], key=lambda run: (run.started_by, run.clock))


def tick(running: Running, step: Taken) -> tuple[dict[str, Run], list[Run]]:
    """Apply one step to the running clocks: those that go on running, and those that it stopped.

    Opening a clock that runs already starts it anew (the work year was carried over); opening a paused one
    lets it go on. An end of the project stops everything.
    """
    row = STEP[step.action]
    opens = (*row.opens, *_carried(running, step))
    going, stopped = dict(running), []
    ended = tuple(going) if step.stage in ENDS else row.closes_deadlines
    restarted = tuple(clock for clock in opens if clock in going and not going[clock].is_paused)
    for clock in dict.fromkeys((*ended, *restarted)):
        if clock in going:
            stopped.append(_stopped(going.pop(clock), step))
    for clock in row.pauses:
        if clock in going and not going[clock].is_paused:
            going[clock] = _paused(going[clock], step)
    for clock in (*opens, *row.resumes):
        if clock in going and going[clock].is_paused:
            going[clock] = _resumed(going[clock], step)
        elif clock in opens and step.stage not in ENDS:
            going[clock] = Run(clock, step.route, step.on, step.event_id, step.plan_year, step.work_year)
    return going, stopped


def _carried(running: Running, step: Taken) -> tuple[str, ...]:
    """The end of the year starts anew when an adjustment carries the work to the next one."""
    moved = step.action is Action.APPROVE_ADJUSTMENT and "D-END" in running
    return ("D-END",) if moved and running["D-END"].work_year != step.work_year else ()


def _paused(run: Run, step: Taken) -> Run:
    return replace(run, pauses=(*run.pauses, Pause(step.on, step.event_id)))


def _resumed(run: Run, step: Taken) -> Run:
    last = replace(run.pauses[-1], until=step.on, resumed_by=step.event_id)
    return replace(run, pauses=(*run.pauses[:-1], last))


def _stopped(run: Run, step: Taken) -> Run:
    """Stop a run; a pause that was still open ends with it."""
    if run.is_paused:
        run = _resumed(run, step)
    return replace(run, stopped_on=step.on, stopped_by=step.event_id)
