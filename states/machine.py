"""The machine under the lifecycle table, and the edges that the database checks too."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from transitions import EventData, Machine

from states.actions import Action, Entry
from states.lifecycle import OLD_ENDS, STATES_OF, SUSPENDABLE, Step
from states.steps import STEPS
from states.vocabulary import Route, Stage, State

Edge = tuple[str, Stage | None, Stage]


def step_edges(step: Step) -> frozenset[tuple[Stage, Stage]]:
    """The moves of one row of the table; a staying step is an edge from a stage to itself."""
    if step.action is Action.RESUME:
        return frozenset((Stage.SUSPENDED, stage) for stage in SUSPENDABLE)
    if step.action is Action.REVERT:
        others = (step_edges(other) for other in STEPS if other.action is not Action.REVERT)
        return frozenset((target, source) for edges in others for source, target in edges)
    return frozenset((source, step.target or source) for source in step.sources)


def all_edges() -> frozenset[Edge]:
    """Every (action, from, to) that an event of a project may carry: the path trigger is made of this."""
    moves = {(str(step.action), source, target) for step in STEPS for source, target in step_edges(step)}
    kept = {(str(entry), stage, stage) for entry in (Entry.EDIT, Entry.CORRECT) for stage in Stage}
    brought = {(str(Entry.BRING_IN), source, end) for end in OLD_ENDS for source in (None, *OLD_ENDS)}
    return frozenset(moves | kept | brought | {(str(Entry.OPEN), None, Stage.DRAFT)})


def stage_pairs() -> tuple[tuple[State, Stage], ...]:
    """The (state, stage) pairs that may stand in a row: the CHECK constraint is made of this."""
    return tuple((state, stage) for stage, states in STATES_OF.items() for state in states)


@dataclass(slots=True)
class Mover:
    """What the machine moves: a stage, and where a step that comes back has to arrive."""

    stage: Stage
    route: Route
    goal: Stage | None = None


class _Condition:
    """A callable condition, because transitions looks strings up late and reports a typo only when fired."""

    def __init__(self, holds: Callable[[Mover], bool]) -> None:
        self._holds = holds

    def __call__(self, event: EventData) -> bool:
        mover = event.model
        assert isinstance(mover, Mover)
        return self._holds(mover)


def _on_route(step: Step) -> _Condition:
    return _Condition(lambda mover: mover.route in step.authorities)


def _arrives_at(stage: Stage) -> _Condition:
    return _Condition(lambda mover: mover.goal is stage)


def _build() -> Machine:
    machine = Machine(
        model=None,
        states=Stage,
        initial=None,
        auto_transitions=False,
        send_event=True,
        queued=False,
        model_attribute="stage",
    )
    for step in STEPS:
        for source, target in sorted(step_edges(step)):
            conditions: list[Any] = [_on_route(step)]
            if step.comes_back:
                conditions.append(_arrives_at(target))
            # An internal transition (dest None) keeps the stage without leaving and entering it.
            machine.add_transition(str(step.action), source, None if source is target else target, conditions)
    return machine


MACHINE = _build()


def move(action: Action, stage: Stage, route: Route, goal: Stage | None = None) -> Stage | None:
    """Fire one step on the machine and return the stage reached, or None where the table has no such move."""
    mover = Mover(stage, route, goal)
    event = MACHINE.events[str(action)]
    if stage.name not in event.transitions:
        return None
    return mover.stage if event.trigger(mover) else None
