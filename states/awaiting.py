"""Whose turn it is: for each stage the step that leads on, who takes it, and for which body one has to wait.

Read from the lifecycle table; the reminders tell people about the same turns when a day has come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from states import guards
from states.actions import Action
from states.lifecycle import BEFORE_APPROVAL, Step
from states.recipients import CLOSEST, steps_awaited
from states.steps import STEP
from states.vocabulary import Authority, Role, Route, Stage

#: Of several steps that lead on from a stage, the one that brings the project forward.
ROAD = (
    Action.SUBMIT,
    Action.RESUBMIT,
    Action.START_APPRAISAL,
    Action.PASS_APPRAISAL,
    Action.SEND_TO_AGENCY,
    Action.SEND_TO_FINANCE,
    Action.PASS_REVIEW,
    Action.RESUBMIT_REVIEW,
    Action.FUND,
    Action.APPROVE,
    Action.SIGN_CONTRACT,
    Action.START,
    Action.REPORT_COMPLETION,
    Action.ACCEPT,
    Action.RETRY_ACCEPTANCE,
    Action.SUBMIT_SETTLEMENT,
    Action.RESUME,
)


class Money(StrEnum):
    """How the money of a project must stand for a step to be anybody's turn."""

    ANYHOW = "anyhow"
    TO_PAY = "to_pay"
    TO_COME_BACK = "to_come_back"
    EVEN = "even"
    ASKED_FOR = "asked_for"


#: Where the money and not the stage says what is awaited.
_BY_MONEY = (
    (Action.PREPAY, Stage.CONTRACTED, Money.ASKED_FOR),
    (Action.PREPAY, Stage.UNDERWAY, Money.ASKED_FOR),
    (Action.PAY, Stage.ACCEPTED, Money.TO_PAY),
    (Action.PAY, Stage.SETTLING, Money.TO_PAY),
    (Action.PAY, Stage.STOPPED, Money.TO_PAY),
    (Action.SETTLE, Stage.SETTLING, Money.EVEN),
    (Action.RECEIVE_RECOVERY, Stage.ACCEPTED, Money.TO_COME_BACK),
    (Action.RECEIVE_RECOVERY, Stage.SETTLING, Money.TO_COME_BACK),
    (Action.RECEIVE_RECOVERY, Stage.RECOVERING, Money.TO_COME_BACK),
    (Action.START_RECOVERY, Stage.STOPPED, Money.TO_COME_BACK),
    (Action.CLOSE_RECOVERY, Stage.RECOVERING, Money.EVEN),
)
#: Here another body has the file, and nothing can be done but wait and record its answer.
_ELSEWHERE = frozenset({Action.PASS_REVIEW})
#: What the cashiers see of other people's turns: the projects that have money.
_WITH_MONEY = frozenset(Stage) - BEFORE_APPROVAL


@dataclass(frozen=True, slots=True)
class Turn:
    """A step that is awaited from the projects of one stage, as far as their money stands so.

    `actions` has the step of each route; most stages ask for the same on both.
    """

    stage: Stage
    actions: Mapping[Route, Action]
    money: Money = Money.ANYHOW

    @property
    def key(self) -> Action:
        """What names the turn, also over several stages that wait for the same step."""
        return self.actions[Route.LOCAL]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The step of each route, one where they are the same."""
        return tuple(STEP[action] for action in dict.fromkeys(self.actions.values()))

    def body(self, route: Route) -> Authority | None:
        """The body outside that has the file; None while the file lies with people of this register."""
        return STEP[self.actions[route]].authorities[route][0] if self.is_elsewhere else None

    @property
    def is_elsewhere(self) -> bool:
        return not _ELSEWHERE.isdisjoint(self.actions.values())

    @property
    def role(self) -> Role:
        """The role that is closest to the work among those that may record the step."""
        return next(role for role in CLOSEST if all(role in step.recorders for step in self.steps))

    @property
    def is_free_of_adjustments(self) -> bool:
        """Does the step wait for the decision on an adjustment request?"""
        return any(guards.no_open_adjustment in step.closes for step in self.steps)

    @property
    def is_not_for_authors(self) -> bool:
        """Must somebody else than the author of the dossier take it?"""
        return any(guards.author_does_not_judge in step.closes for step in self.steps)

    def is_of(self, role: Role) -> bool:
        """Is it the turn of this role? A leader's too where the leader may record what is signed."""
        if self.is_elsewhere:
            return False
        signs = role is Role.LEADER and all(step.signed and role in step.recorders for step in self.steps)
        return role is self.role or signs


def _turns() -> tuple[Turn, ...]:
    by_road = [Turn(stage, _on_the_road(stage)) for stage in Stage if _on_the_road(stage)]
    by_money = [Turn(stage, dict.fromkeys(Route, action), money) for action, stage, money in _BY_MONEY]
    return (*by_road, *by_money)


def _on_the_road(stage: Stage) -> Mapping[Route, Action]:
    found = {
        route: next((a for a in ROAD if stage in STEP[a].sources and route in STEP[a].authorities), None)
        for route in Route
    }
    return {route: action for route, action in found.items() if action is not None}


#: Every turn of the lifecycle, in the order of its stages.
TURNS = _turns()


def turns_of(role: Role) -> tuple[Turn, ...]:
    """What a role is waited for."""
    return tuple(turn for turn in TURNS if turn.is_of(role))


def turns_of_others(role: Role) -> tuple[Turn, ...]:
    """What a role waits for: the turns of others that lead on, of the cashiers only where there is money.

    Nobody waits for a draft that was not handed in.
    """
    seen = _WITH_MONEY if role is Role.FINANCE else frozenset(Stage) - {Stage.DRAFT}
    return tuple(t for t in TURNS if t.money is Money.ANYHOW and t.stage in seen and not t.is_of(role))


def step_to(clock: str, stage: Stage, route: Route) -> Action | None:
    """The step that solves a deadline from a stage: the one that stops it, or the next one on the way there."""
    actions = [step.action for step in steps_awaited(clock, route, stage)]
    forward = [action for action in (*ROAD, *(action for action, _, _ in _BY_MONEY)) if action in actions]
    return next(iter((*forward, *actions)), None)
