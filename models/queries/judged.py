"""Which steps are open, for one person or for anybody of a role, and who could take the closed ones."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from models.loading import Loaded, load_project, who_could
from models.more_facts import with_all
from states.actions import Action
from states.facts import Facts, Order, Person
from states.judge import Judgement, judge, why_not
from states.lifecycle import ENDS, Step, stage_label
from states.steps import STEP, STEPS
from states.vocabulary import Role, Stage


def judged(session: Session, code: str, at: datetime, person: Person | None) -> tuple[Facts, list[Judgement]]:
    """Judge every step for a person, or as if the right person asked: then only the facts and papers speak."""
    facts = _facts(session, code)
    if person is not None:
        return facts, why_not(facts, person, _blank(person, at))
    return facts, [_for_role(facts, step, next(r for r in Role if r in step.recorders), at) for step in STEPS]


def open_by_role(session: Session, code: str, at: datetime, person: Person | None) -> list[tuple[str, list[Step]]]:
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


def next_step(session: Session, code: str, at: datetime) -> tuple[Facts, Judgement | None]:
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


@dataclass(frozen=True, slots=True)
class Choice:
    """A step as one person meets it: whether it is open, where it leads, and who else could record it."""

    judgement: Judgement
    target: str
    who: tuple[str, ...] = ()

    @property
    def step(self) -> Step:
        return self.judgement.step

    @property
    def is_open(self) -> bool:
        return self.judgement.is_open


def choices(session: Session, loaded: Loaded, person: Person, at: datetime) -> tuple[list[Choice], list[Choice]]:
    """The steps of a project for a person: those of its stage and route, the open ones first, and all others.

    `loaded` must carry what the guards of every step look at (`with_all`). Where another person could take a
    closed step, up to five are named. An old record has no steps at all.
    """
    facts = loaded.facts
    if facts.is_vouched:
        return [], []
    named: dict[frozenset[Role], tuple[str, ...]] = {}
    here, elsewhere = [], []
    for judgement in why_not(facts, person, _blank(person, at)):
        if not in_place(judgement.step, facts):
            elsewhere.append(Choice(judgement, ""))
            continue
        recorders = judgement.step.recorders
        if judgement.wrong_person and recorders not in named:
            named[recorders] = tuple(who_could(session, recorders, (person.id, facts.author_id), facts.unit_id))
        target = stage_label(Stage(target_of(judgement.step, facts)), facts.route)
        here.append(Choice(judgement, target, named[recorders] if judgement.wrong_person else ()))
    return sorted(here, key=lambda choice: (not choice.is_open, _rank(choice.step))), elsewhere


def choice_of(session: Session, loaded: Loaded, action: Action, person: Person, at: datetime) -> Choice:
    """One step as a person meets it, with nothing typed yet."""
    facts, step = loaded.facts, STEP[action]
    judgement = judge(facts, replace(_blank(person, at), action=action))
    who: tuple[str, ...] = ()
    if judgement.wrong_person:
        who = tuple(who_could(session, step.recorders, (person.id, facts.author_id), facts.unit_id))
    target = stage_label(Stage(target_of(step, facts)), facts.route) if in_place(step, facts) else ""
    return Choice(judgement, target, who)


#: Steps that end a life, or take something back, stand after those that lead on.
_ASIDE = frozenset(
    {Action.FAIL_APPRAISAL, Action.FAIL_REVIEW, Action.FAIL_ACCEPTANCE, Action.FAIL_SHARE, Action.REFUSE_ADJUSTMENT}
    | {Action.LAPSE, Action.WITHDRAW, Action.STOP, Action.WRITE_OFF, Action.REVERT}
)


def is_grave(step: Step) -> bool:
    """Does the step end the project's life or take back what was recorded?"""
    return step.action in _ASIDE


def _rank(step: Step) -> tuple[bool, bool, int]:
    leads_on = step.target is not None and not is_grave(step)
    return is_grave(step), not leads_on, STEPS.index(step)


def _facts(session: Session, code: str) -> Facts:
    return with_all(session, load_project(session, code)).facts


def _blank(person: Person, at: datetime) -> Order:
    return Order(Action.SUBMIT, person, at)


def _for_role(facts: Facts, step: Step, role: Role, at: datetime) -> Judgement:
    """Judge for somebody of the role who neither wrote the dossier nor recorded the last step."""
    anybody = Person(id=0, code="", name="", role=role, unit_id=facts.unit_id)
    return judge(facts, replace(_blank(anybody, at), action=step.action))
