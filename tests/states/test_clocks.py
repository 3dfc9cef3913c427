"""The clocks of a life as a fold over its steps: started, paused, resumed, stopped, and started anew in a new year."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from states.actions import Action
from states.clocks import Pause, Run, Taken, fold, tick
from states.vocabulary import Route, Stage

FIRST = date(2024, 1, 15)
APPROVED, UNDERWAY, SUSPENDED = Stage.APPROVED, Stage.UNDERWAY, Stage.SUSPENDED
APPROVE, CARRY, ADJUST = Action.APPROVE, Action.CARRY_OVER, Action.APPROVE_ADJUSTMENT

Step = tuple[Action, Stage] | tuple[Action, Stage, int]


def life(*steps: Step, route: Route = Route.LOCAL) -> Iterator[Taken]:
    """Steps numbered from 1, one a day from the sixteenth of January 2024; a third member is the work year."""
    for number, (action, stage, *year) in enumerate(steps, start=1):
        work_year = year[0] if year else 2024
        yield Taken(number, action, FIRST + timedelta(days=number), route, stage, 2024, work_year)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def runs(clock: str, *steps: Step) -> list[Run]:
    return [run for run in fold(life(*steps)) if run.clock == clock]


def year_end(started: int, year: int, stopped: int | None = None) -> Run:
    """A run of the end of the year, from the step that started it to the one that stopped it."""
    stopped_on = None if stopped is None else day(stopped)
    return Run("D-END", Route.LOCAL, day(started), started, 2024, year, (), stopped_on, stopped)


# --- the end of the year --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("carried_by", [CARRY, ADJUST])
@pytest.mark.parametrize("stage", [APPROVED, UNDERWAY, SUSPENDED, Stage.AWAITING_ACCEPTANCE])
def test_end_of_the_year_starts_anew_when_the_work_is_carried_to_the_next_one(carried_by: Action, stage: Stage) -> None:
    found = runs("D-END", (APPROVE, APPROVED), (carried_by, stage, 2025))

    assert found == [year_end(1, 2024, stopped=2), year_end(2, 2025)]


def test_end_of_the_year_starts_anew_each_time_the_work_is_carried() -> None:
    found = runs("D-END", (APPROVE, APPROVED), (ADJUST, UNDERWAY, 2025), (CARRY, UNDERWAY, 2026))

    assert found == [year_end(1, 2024, stopped=2), year_end(2, 2025, stopped=3), year_end(3, 2026)]


def test_adjustment_within_the_year_leaves_the_end_of_the_year_alone() -> None:
    within = runs("D-END", (APPROVE, APPROVED), (ADJUST, UNDERWAY))
    after_carrying = runs("D-END", (APPROVE, APPROVED), (CARRY, UNDERWAY, 2025), (ADJUST, UNDERWAY, 2025))

    assert within == [year_end(1, 2024)]
    assert after_carrying == [year_end(1, 2024, stopped=2), year_end(2, 2025)]


def test_request_confirmation_and_refusal_move_no_end_of_the_year() -> None:
    steps: list[Step] = [
        (APPROVE, APPROVED),
        (Action.REQUEST_ADJUSTMENT, APPROVED),
        (Action.CONFIRM_ADJUSTMENT, APPROVED),
        (Action.REFUSE_ADJUSTMENT, APPROVED),
    ]

    assert runs("D-END", *steps) == [year_end(1, 2024)]
    assert runs("D-ADJ", *steps) == [Run("D-ADJ", Route.LOCAL, day(2), 2, 2024, 2024, (), day(4), 4)]


def test_adjustment_starts_no_end_of_a_year_that_was_not_running() -> None:
    going, stopped = tick({}, next(life((ADJUST, UNDERWAY, 2025))))

    assert (going, stopped) == ({}, [])


def test_end_of_the_year_ends_with_the_acceptance_and_not_with_a_share_of_it() -> None:
    waiting = Stage.AWAITING_ACCEPTANCE
    shares = [(APPROVE, APPROVED), (Action.ACCEPT_SHARE, waiting), (Action.FAIL_SHARE, waiting)]

    open_still = runs("D-END", *shares)
    accepted = runs("D-END", *shares, (Action.ACCEPT, Stage.ACCEPTED))

    assert open_still == [year_end(1, 2024)]
    assert accepted == [year_end(1, 2024, stopped=4)]


# --- steps beside the road ------------------------------------------------------------------------------------------

BESIDE = [
    (Action.ALLOT, UNDERWAY),
    (Action.RECEIVE_FUNDS, UNDERWAY),
    (Action.AMEND_CONTRACT, UNDERWAY),
    (Action.PREPAY, UNDERWAY),
    (Action.CONFIRM_ADJUSTMENT, UNDERWAY),
    (Action.ACCEPT_SHARE, Stage.AWAITING_ACCEPTANCE),
    (Action.FAIL_SHARE, Stage.AWAITING_ACCEPTANCE),
    (Action.DEMAND_REFUND, Stage.SETTLING),
    (Action.PAY, Stage.ACCEPTED),
    (Action.RECEIVE_RECOVERY, Stage.RECOVERING),
]


CLOCKS = ["D-CONTRACT", "D-MONTHLY", "D-ADJ", "D-ACCEPT", "D-END", "D-15", "D-22JAN", "D-31JAN", "D-SUPP", "D-RECOVER"]


@pytest.mark.parametrize("step", BESIDE, ids=lambda step: str(step[0]))
def test_money_annexes_and_shares_move_no_clock(step: Step) -> None:
    running = {clock: Run(clock, Route.LOCAL, FIRST, 0, 2024, 2024) for clock in CLOCKS}

    going, stopped = tick(running, next(life(step)))

    assert (going, stopped) == (running, [])


# --- pauses ---------------------------------------------------------------------------------------------------------


def test_suspension_pauses_the_offices_clocks_and_never_the_end_of_the_year() -> None:
    steps: list[Step] = [
        (APPROVE, APPROVED),
        (Action.SIGN_CONTRACT, Stage.CONTRACTED),
        (Action.START, UNDERWAY),
        (Action.SUSPEND, SUSPENDED),
        (Action.RESUME, UNDERWAY),
    ]

    paused, resumed = runs("D-MONTHLY", *steps[:4]), runs("D-MONTHLY", *steps)

    assert paused == [Run("D-MONTHLY", Route.LOCAL, day(3), 3, 2024, 2024, (Pause(day(4), 4),))]
    assert resumed == [Run("D-MONTHLY", Route.LOCAL, day(3), 3, 2024, 2024, (Pause(day(4), 4, day(5), 5),))]
    assert (paused[0].is_paused, resumed[0].is_paused) == (True, False)
    assert runs("D-END", *steps) == [year_end(1, 2024)]


def test_dossier_returned_pauses_the_check_and_its_answer_lets_it_go_on() -> None:
    steps: list[Step] = [
        (Action.SUBMIT, Stage.SUBMITTED),
        (Action.RETURN, Stage.RETURNED),
        (Action.RESUBMIT, Stage.SUBMITTED),
    ]

    assert runs("D-CHECK", *steps) == [
        Run("D-CHECK", Route.LOCAL, day(1), 1, 2024, 2024, (Pause(day(2), 2, day(3), 3),))
    ]
    assert runs("D-SUPP", *steps) == [Run("D-SUPP", Route.LOCAL, day(2), 2, 2024, 2024, (), day(3), 3)]


def test_settlement_dossier_returned_opens_the_supplement_until_it_is_answered() -> None:
    steps: list[Step] = [
        (Action.RETURN_SETTLEMENT, Stage.ACCEPTED),
        (Action.SUBMIT_SETTLEMENT, Stage.SETTLING),
    ]

    assert runs("D-SUPP", *steps) == [Run("D-SUPP", Route.LOCAL, day(1), 1, 2024, 2024, (), day(2), 2)]


# --- ends -----------------------------------------------------------------------------------------------------------


def test_stop_ends_every_clock_paused_ones_too_and_recovery_opens_its_own() -> None:
    steps: list[Step] = [
        (APPROVE, APPROVED),
        (Action.SIGN_CONTRACT, Stage.CONTRACTED),
        (Action.START, UNDERWAY),
        (Action.SUSPEND, SUSPENDED),
        (Action.REQUEST_ADJUSTMENT, SUSPENDED),
        (Action.STOP, Stage.STOPPED),
        (Action.START_RECOVERY, Stage.RECOVERING),
    ]

    found = fold(life(*steps))

    assert [(run.clock, run.started_by, run.stopped_by) for run in found] == [
        ("D-CONTRACT", 1, 2),
        ("D-END", 1, 6),
        ("D-MONTHLY", 3, 6),
        ("D-ADJ", 5, 6),
        ("D-RECOVER", 7, None),
    ]
    assert found[2].pauses == (Pause(day(4), 4, day(6), 6),)


ENDINGS = [
    (Action.FAIL_APPRAISAL, Stage.REJECTED),
    (Action.WITHDRAW, Stage.WITHDRAWN),
    (Action.LAPSE, Stage.LAPSED),
    (Action.SETTLE, Stage.SETTLED),
    (Action.STOP, Stage.STOPPED),
    (Action.CLOSE_RECOVERY, Stage.RECOVERED),
    (Action.WRITE_OFF, Stage.WRITTEN_OFF),
]


@pytest.mark.parametrize("step", ENDINGS, ids=lambda step: str(step[0]))
def test_no_clock_outlives_an_end(step: Step) -> None:
    running = {clock: Run(clock, Route.LOCAL, FIRST, 0, 2024, 2024) for clock in CLOCKS}

    going, stopped = tick(running, next(life(step)))

    assert going == {}
    assert {run.clock for run in stopped} == set(CLOCKS)
