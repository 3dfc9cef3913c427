"""Which steps are open, for one person or for anybody of a role."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from states.actions import Action
from states.facts import Facts, Order, Person
from states.judge import Judgement, judge, why_not
from states.lifecycle import ENDS, Step
from states.steps import STEPS
from states.vocabulary import Role


def judged(session: Any, code: str, at: datetime, person: Person | None) -> tuple[Facts, list[Judgement]]:
    """Judge every step for a person, or as if the right person asked: then only the facts and papers speak."""
    facts = _facts(session, code)
    if person is not None:
        return facts, why_not(facts, person, _blank(person, at))
    return facts, [_for_role(facts, step, next(r for r in Role if r in step.recorders), at) for step in STEPS]


def open_by_role(session: Any, code: str, at: datetime, person: Person | None) -> list[tuple[str, list[Step]]]:
    """Who could take which step now: the person named, or each role that has something to do."""
    facts = _facts(session, code)
    if person is not None:
        open_now = [judgement.step for judgement in why_not(facts, person, _blank(person, at)) if judgement.is_open]
        return [(f"{person.name} ({person.code})", open_now)]
    able = [
        (role.label, [s for s in STEPS if role in s.recorders and _for_role(facts, s, role, at).is_open])
        for role in Role
    ]
    return [(who, steps) for who, steps in able if steps]


def in_place(step: Step, facts: Facts) -> bool:
    """Does the step exist on this route from this stage? Otherwise its reasons are of no help."""
    return facts.route in step.authorities and facts.stage in step.sources


def next_step(session: Any, code: str, at: datetime) -> tuple[Facts, Judgement | None]:
    """The step that the project waits for on its straight road, judged as if the right person asked; None at an end."""
    facts, judgements = judged(session, code, at, None)
    by_action = {judgement.step.action: judgement for judgement in judgements}
    waited = (by_action[action] for action in _ROAD if facts.stage in by_action[action].step.sources)
    return facts, next((judgement for judgement in waited if facts.stage not in ENDS or judgement.is_open), None)


#: After the approval one step leads on from each stage; from an end only what is still open.
_ROAD = (
    Action.SIGN_CONTRACT,
    Action.START,
    Action.REPORT_COMPLETION,
    Action.ACCEPT,
    Action.RETRY_ACCEPTANCE,
    Action.SUBMIT_SETTLEMENT,
    Action.SETTLE,
    Action.RESUME,
    Action.START_RECOVERY,
    Action.CLOSE_RECOVERY,
)


def target_of(step: Step, facts: Facts) -> str:
    """Where the step would lead."""
    if step.action is Action.RESUME:
        return str(facts.resume_stage or facts.stage)
    if step.action is Action.REVERT:
        return str(facts.last_step.from_stage if facts.last_step else facts.stage)
    return str(step.target or facts.stage)


def _facts(session: Any, code: str) -> Facts:
    from models.loading import load_project
    from models.more_facts import with_all

    return with_all(session, load_project(session, code)).facts


def _blank(person: Person, at: datetime) -> Order:
    return Order(Action.SUBMIT, person, at)


def _for_role(facts: Facts, step: Step, role: Role, at: datetime) -> Judgement:
    """Judge for somebody of the role who neither wrote the dossier nor recorded the last step."""
    anybody = Person(id=0, code="", name="", role=role, unit_id=facts.unit_id)
    return judge(facts, replace(_blank(anybody, at), action=step.action))
