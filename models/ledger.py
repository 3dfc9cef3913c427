"""The one door through which a project changes its stage.

Order inside one transaction: judge (on facts, not on rows) → append the event → write the stage and the sums.
Reminders and clocks hang on the event in the same transaction; mail failure never changes a stage.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from models.accepted import with_accepted_support
from models.append import Appended, Draft, Origin, append
from models.companions import companions
from models.deadlines import move_clocks, rebuild_after_undoing
from models.drafting import draft_of, draft_undoing
from models.holding import hold_against_rules
from models.loading import Loaded, load_project, who_could
from models.more_facts import with_all
from models.rulebook import Rulebook, rulebook
from models.stale import refuse_stale
from states.actions import Action
from states.clocks import Taken
from states.facts import Order
from states.judge import Judgement, arrive, completed, judge, why_not
from states.refusal import Refused
from states.steps import STEP
from states.vocabulary import Route, Stage


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a step did: the project's code, where it came from and arrived, and the event that explains it.

    `warnings` are sentences about what the step was allowed in spite of, such as a ceiling not yet verified.
    """

    code: str
    action: Action
    from_stage: Stage
    to_stage: Stage
    state: str
    version: int
    event_id: int
    hash: str
    warnings: tuple[str, ...] = ()


def advance(session: Session, code: str, order: Order, *, door: str = "system", os_user: str = "") -> Advanced:
    """Take one step of the lifecycle, or raise Refused with every reason; a refusal changes nothing.

    The project is locked first, then judged, so of two people who press at once one wins and the other is
    told what changed. An approval is a decision over a list: it goes through `decisions.approve`.
    """
    if order.action is Action.APPROVE:
        raise Refused("Phê duyệt được ghi theo quyết định; hãy dùng dean approve --decision … (một hoặc nhiều đề án).")
    loaded = load_project(session, code, lock=True)
    refuse_stale(session, loaded, order.seen_version)
    loaded = with_all(session, loaded, order.action)
    book = rulebook(session)
    order = completed(STEP[order.action], loaded.facts, order)
    draft, warnings = draft_step(session, loaded, order, book)
    origin = Origin(order.at, order.by.id, door, os_user)
    drafts = [draft, *companions(session, loaded, order, draft, origin)]
    written, *_ = append(session, drafts, origin)
    if order.action is Action.REVERT:
        rebuild_after_undoing(session, loaded.id, loaded.contract_id, book)
    else:
        move_clocks(session, [(loaded.id, taken(loaded, order.action, draft, written))], book)
    return advanced(loaded, order.action, draft, written, warnings)


def draft_step(session: Session, loaded: Loaded, order: Order, book: Rulebook) -> tuple[Draft, tuple[str, ...]]:
    """Judge one step on a locked project and prepare its event, with what to warn of beside it.

    Raises Refused with every reason.
    """
    facts = loaded.facts
    order = with_accepted_support(session, book, loaded, completed(STEP[order.action], facts, order))
    judgement = judge(facts, order)
    held = hold_against_rules(session, book, loaded, order)
    if judgement.reasons or held.reasons:
        raise Refused(*judgement.reasons, *held.reasons, *_who_instead(session, judgement, loaded, order))
    if order.action is Action.REVERT:
        return draft_undoing(session, loaded, order), held.warnings
    draft = draft_of(session, loaded, order, arrive(facts, order))
    if held.override:
        draft.more["override"] = held.override
    return draft, held.warnings


def judgements(session: Session, code: str, blank: Order) -> list[Judgement]:
    """Judge every step of the table for the person of `blank`: the buttons, and why some are closed."""
    loaded = with_all(session, load_project(session, code))
    return why_not(loaded.facts, blank.by, blank)


def _who_instead(session: Session, judgement: Judgement, loaded: Loaded, order: Order) -> Iterable[str]:
    if not judgement.wrong_person:
        return ()
    names = who_could(session, judgement.step.recorders, (order.by.id, loaded.facts.author_id), loaded.facts.unit_id)
    return (f"Người có thể ghi bước này: {', '.join(names)}.",) if names else ()


def draft_all(
    session: Session, loaded: Mapping[str, Loaded], orders: Mapping[str, Order], book: Rulebook
) -> tuple[dict[str, Draft], dict[str, tuple[str, ...]], list[str]]:
    """Draft the same step of many projects; answer with drafts, warnings and reasons against by code."""
    drafts, warnings, reasons = {}, {}, []
    for code, project in loaded.items():
        try:
            refuse_stale(session, project, orders[code].seen_version)
            drafts[code], warnings[code] = draft_step(session, project, orders[code], book)
        except Refused as refused:
            reasons += [f"{code}: {reason}" for reason in refused.reasons]
    return drafts, warnings, reasons


def taken(loaded: Loaded, action: Action, draft: Draft, written: Appended) -> Taken:
    """The step as the clocks see it, after it was written."""
    assert draft.decided_on is not None
    return Taken(
        event_id=written.event_id,
        action=action,
        on=draft.decided_on,
        route=Route(draft.set.get("route", loaded.facts.route)),
        stage=Stage(str(draft.to_stage)),
        plan_year=loaded.facts.plan_year,
        work_year=draft.set.get("work_year", loaded.facts.work_year),
    )


def advanced(
    loaded: Loaded, action: Action, draft: Draft, written: Appended, warnings: tuple[str, ...] = ()
) -> Advanced:
    return Advanced(
        code=loaded.facts.code,
        action=action,
        from_stage=loaded.facts.stage,
        to_stage=Stage(str(draft.to_stage)),
        state=str(draft.set.get("state", loaded.facts.state)),
        version=written.seq,
        event_id=written.event_id,
        hash=written.hash,
        warnings=warnings,
    )
