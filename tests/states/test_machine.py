"""The machine under the lifecycle table: no back doors, nothing kept, the same answer in every thread."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from transitions import MachineError

from states.actions import Action
from states.facts import Facts
from states.lifecycle import ENDS, STATES_OF
from states.machine import MACHINE, Mover, all_edges, move, stage_pairs, step_edges
from states.steps import STEP, STEPS
from states.vocabulary import Kind, Route, Stage, State


def test_machine_knows_the_actions_of_the_table_and_no_trigger_besides() -> None:
    assert list(MACHINE.events) == [str(step.action) for step in STEPS]
    assert set(MACHINE.events) == {str(action) for action in Action}


def test_machine_has_no_back_door_past_the_guards() -> None:
    assert MACHINE.auto_transitions is False
    assert [trigger for trigger in MACHINE.events if trigger.startswith(("to_", "may_"))] == []


def test_machine_has_every_stage_as_a_state() -> None:
    assert list(MACHINE.states) == [stage.name for stage in Stage]


def test_plain_string_is_no_stage() -> None:
    mover = Mover("draft", Route.LOCAL)  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="State 'draft' is not a registered state"):
        MACHINE.events["submit"].trigger(mover)

    assert move(Action.SUBMIT, Stage("draft"), Route.LOCAL) is Stage.SUBMITTED


def test_machine_refuses_a_step_that_the_stage_does_not_have() -> None:
    mover = Mover(Stage.UNDERWAY, Route.LOCAL)

    with pytest.raises(MachineError):
        MACHINE.events["submit"].trigger(mover)

    assert mover.stage is Stage.UNDERWAY
    assert move(Action.SUBMIT, Stage.UNDERWAY, Route.LOCAL) is None


def test_machine_refuses_the_step_of_the_other_route_and_leaves_the_stage() -> None:
    mover = Mover(Stage.APPRAISED, Route.LOCAL)

    fired = MACHINE.events["send_to_agency"].trigger(mover)

    assert (fired, mover.stage) == (False, Stage.APPRAISED)
    assert move(Action.SEND_TO_AGENCY, Stage.APPRAISED, Route.NATIONAL) is Stage.REVIEWING


def test_step_that_comes_back_needs_to_know_where() -> None:
    assert move(Action.RESUME, Stage.SUSPENDED, Route.LOCAL) is None
    assert move(Action.RESUME, Stage.SUSPENDED, Route.LOCAL, Stage.DRAFT) is None
    assert move(Action.RESUME, Stage.SUSPENDED, Route.LOCAL, Stage.CONTRACTED) is Stage.CONTRACTED


def test_staying_step_keeps_the_stage() -> None:
    assert move(Action.PREPAY, Stage.UNDERWAY, Route.LOCAL) is Stage.UNDERWAY


def test_machine_keeps_nothing_of_what_it_moved() -> None:
    first, second = Mover(Stage.DRAFT, Route.LOCAL), Mover(Stage.DRAFT, Route.LOCAL)

    MACHINE.events["submit"].trigger(first)

    assert (first.stage, second.stage) == (Stage.SUBMITTED, Stage.DRAFT)
    assert MACHINE.models == []


def test_facts_are_a_value_that_no_move_changes() -> None:
    facts = Facts("KC-VL-2024-001", Route.LOCAL, Kind.ORDINARY, State.PROPOSED, Stage.DRAFT, 2024, 2024, 1, 1, "An")

    arrived = move(Action.SUBMIT, facts.stage, facts.route)

    assert (arrived, facts.stage) == (Stage.SUBMITTED, Stage.DRAFT)
    with pytest.raises(AttributeError):
        facts.stage = Stage.SUBMITTED  # type: ignore[misc]


ROADS = {
    Route.LOCAL: ("submit", "start_appraisal", "pass_appraisal", "send_to_finance", "pass_review", "approve"),
    Route.NATIONAL: ("submit", "start_appraisal", "pass_appraisal", "send_to_agency", "pass_review", "approve"),
}


def _walk(route: Route) -> Stage | None:
    stage: Stage | None = Stage.DRAFT
    for action in ROADS[route]:
        assert stage is not None
        stage = move(Action(action), stage, route)
    return stage


def test_machine_answers_the_same_in_many_threads() -> None:
    routes = [Route.LOCAL, Route.NATIONAL] * 200

    with ThreadPoolExecutor(max_workers=8) as pool:
        arrived = list(pool.map(_walk, routes))

    assert arrived == [Stage.APPROVED] * 400


def test_step_that_the_machine_does_not_know_is_a_broken_promise() -> None:
    with pytest.raises(KeyError):
        MACHINE.events["to_SETTLED"]


@pytest.mark.parametrize("action", list(Action))
def test_machine_has_exactly_the_edges_of_the_table(action: Action) -> None:
    edges = {
        (Stage[transition.source], Stage[transition.dest or transition.source])
        for transitions in MACHINE.events[action].transitions.values()
        for transition in transitions
    }

    assert edges == step_edges(STEP[action])


def test_path_trigger_and_check_speak_of_the_same_stages() -> None:
    assert {target for _, _, target in all_edges()} == set(Stage)
    assert {stage for _, stage in stage_pairs()} == set(Stage)
    assert len(stage_pairs()) == sum(len(states) for states in STATES_OF.values()) == 32


def test_projects_are_opened_as_drafts_or_brought_in_ended_and_come_in_no_other_way() -> None:
    assert {edge for edge in all_edges() if edge[1] is None} == {
        ("open", None, Stage.DRAFT),
        ("bring_in", None, Stage.SETTLED),
        ("bring_in", None, Stage.STOPPED),
    }


def test_ends_have_no_edge_forward_but_the_money_of_a_stop() -> None:
    forward = {
        (source, target)
        for action, source, target in all_edges()
        if source in ENDS and action not in ("revert", "edit", "correct", "bring_in")
    }

    assert forward == {
        (Stage.STOPPED, Stage.STOPPED),
        (Stage.STOPPED, Stage.RECOVERING),
        (Stage.STOPPED, Stage.WRITTEN_OFF),
    }
