"""Whose turn it is: written out by hand from the law's words, beside the table that it is read from."""

import pytest

from states.actions import Action
from states.awaiting import TURNS, Money, Turn, step_to, turns_of, turns_of_others
from states.lifecycle import ENDS
from states.steps import STEP
from states.vocabulary import Authority, Role, Route, Stage


def stages(role: Role) -> dict[str, str]:
    return {str(turn.stage): str(turn.key) for turn in turns_of(role) if turn.money is Money.ANYHOW}


def test_unit_writes_answers_works_and_hands_in() -> None:
    assert stages(Role.CENTRE_OFFICER) == {
        "draft": "submit",
        "returned": "resubmit",
        "contracted": "start",
        "underway": "report_completion",
        "acceptance_failed": "retry_acceptance",
        "accepted": "submit_settlement",
    }


def test_coordinator_moves_what_lies_at_the_department() -> None:
    assert stages(Role.COORDINATOR) == {
        "submitted": "start_appraisal",
        "appraising": "pass_appraisal",
        "appraised": "send_to_finance",
        "review_returned": "resubmit_review",
        "waitlisted": "fund",
        "cleared": "approve",
        "approved": "sign_contract",
        "awaiting_acceptance": "accept",
    }


def test_leader_signs_decides_and_lets_go_on() -> None:
    assert stages(Role.LEADER) == {
        "appraising": "pass_appraisal",
        "appraised": "send_to_finance",
        "cleared": "approve",
        "approved": "sign_contract",
        "suspended": "resume",
        "awaiting_acceptance": "accept",
    }


def test_cashier_follows_the_money() -> None:
    turns = {(str(turn.key), str(turn.money)) for turn in turns_of(Role.FINANCE)}

    assert turns == {
        ("prepay", "asked_for"),
        ("pay", "to_pay"),
        ("settle", "even"),
        ("receive_recovery", "to_come_back"),
        ("close_recovery", "even"),
    }


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.COMMUNE_VIEWER])
def test_nothing_waits_for_those_who_only_look(role: Role) -> None:
    assert turns_of(role) == ()


def test_file_at_another_body_waits_for_that_body() -> None:
    [turn] = [turn for turn in TURNS if turn.stage is Stage.REVIEWING]

    assert (turn.body(Route.LOCAL), turn.body(Route.NATIONAL)) == (Authority.FINANCE_DEPARTMENT, Authority.AGENCY)
    assert not any(turn.is_of(role) for role in Role)


def test_routes_that_ask_for_different_steps_keep_each_their_own() -> None:
    [turn] = [turn for turn in TURNS if turn.stage is Stage.APPRAISED]

    assert dict(turn.actions) == {Route.LOCAL: Action.SEND_TO_FINANCE, Route.NATIONAL: Action.SEND_TO_AGENCY}


def test_every_stage_that_is_no_end_is_somebodys_turn() -> None:
    assert {turn.stage for turn in TURNS} >= frozenset(Stage) - ENDS


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: f"{turn.stage}-{turn.key}")
def test_turn_is_a_lawful_step_of_its_stage(turn: Turn) -> None:
    for route, action in turn.actions.items():
        assert turn.stage in STEP[action].sources
        assert route in STEP[action].authorities


def test_what_is_mine_is_not_waited_for() -> None:
    for role in Role:
        mine = {(turn.stage, turn.money) for turn in turns_of(role)}
        assert mine.isdisjoint({(turn.stage, turn.money) for turn in turns_of_others(role)})


@pytest.mark.parametrize(
    ("clock", "stage", "step"),
    [
        ("D-CHECK", Stage.SUBMITTED, Action.START_APPRAISAL),
        ("D-SUPP", Stage.RETURNED, Action.RESUBMIT),
        ("D-APPR", Stage.APPRAISING, Action.PASS_APPRAISAL),
        ("D-CONTRACT", Stage.APPROVED, Action.SIGN_CONTRACT),
        ("D-END", Stage.UNDERWAY, Action.REPORT_COMPLETION),
        ("D-ACCEPT", Stage.AWAITING_ACCEPTANCE, Action.ACCEPT),
        ("D-31JAN", Stage.ACCEPTED, Action.SUBMIT_SETTLEMENT),
        ("D-31JAN", Stage.SETTLING, Action.SETTLE),
        ("D-ADJ", Stage.UNDERWAY, Action.APPROVE_ADJUSTMENT),
    ],
)
def test_deadline_is_solved_by_the_step_on_the_way(clock: str, stage: Stage, step: Action) -> None:
    assert step_to(clock, stage, Route.LOCAL) is step
