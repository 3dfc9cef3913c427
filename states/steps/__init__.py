"""The lifecycle table: every lawful step of a đề án khuyến công, for both routes.

Read it as a civil servant would: from which stage to which, who decides, who may record it, which papers,
what must hold, which clocks move, whom it tells, and on what basis. Everything else is derived from it: the
machine, the database CHECK and path trigger, permissions, buttons, the README's diagram and the tests.
Authority is the body that *decides*; `recorders` are the roles that may *enter* the decision here.
"""

from collections.abc import Mapping

from states.actions import Action
from states.lifecycle import Step
from states.steps.changing import CHANGING
from states.steps.implementation import IMPLEMENTATION
from states.steps.proposal import PROPOSAL
from states.steps.review import REVIEW
from states.steps.settlement import SETTLEMENT

STEPS: tuple[Step, ...] = (*PROPOSAL, *REVIEW, *IMPLEMENTATION, *CHANGING, *SETTLEMENT)
STEP: Mapping[Action, Step] = {step.action: step for step in STEPS}
