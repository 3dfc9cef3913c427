"""The one door through which a project changes its stage.

Order inside one transaction: judge (on facts, not on rows) → append the event → write the stage and the sums.
Reminders and clocks hang on the event in the same transaction; mail failure never changes a stage.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.append import Appended, Draft, Origin, append
from models.ceilings import hold_against_ceiling
from models.deadlines import move_clocks, rebuild_after_undoing
from models.decision_rows import taken_back
from models.loading import Loaded, load_project, who_could, with_last_step, with_supplement_due
from models.papers import paper_lines, with_act
from models.rulebook import Rulebook, rulebook
from models.statement import Statement
from states.actions import Action
from states.clocks import Taken
from states.effects import Effects, MoneyLine, QuantityLine, unchanged
from states.facts import OFFICE_TIME, Order
from states.judge import Judgement, arrive, judge, why_not, with_sole_authority
from states.lifecycle import stage_label
from states.refusal import Refused
from states.steps import STEP
from states.vocabulary import Route, Stage
from states.words import format_date


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
    refuse_stale(session, loaded, order)
    if order.action is Action.REVERT:
        loaded = with_last_step(session, loaded)
    if order.action is Action.LAPSE:
        loaded = with_supplement_due(session, loaded)
    book = rulebook(session)
    draft, warnings = draft_step(session, loaded, order, book)
    drafts = [draft]
    if decision := draft.more.get("decision"):
        drafts.append(taken_back(session, decision, loaded.id))
    written, *_ = append(session, drafts, Origin(order.at, order.by.id, door, os_user))
    if order.action is Action.REVERT:
        rebuild_after_undoing(session, loaded.id, book)
    else:
        move_clocks(session, [(loaded.id, taken(loaded, order.action, draft, written))], book)
    return advanced(loaded, order.action, draft, written, warnings)


def draft_step(session: Session, loaded: Loaded, order: Order, book: Rulebook) -> tuple[Draft, tuple[str, ...]]:
    """Judge one step on a locked project and prepare its event, with what to warn of beside it.

    Raises Refused with every reason.
    """
    facts = loaded.facts
    step = STEP[order.action]
    order = with_sole_authority(step, facts.route, order)
    judgement = judge(facts, order)
    held = hold_against_ceiling(session, book, loaded, order)
    if judgement.reasons or held.reasons:
        raise Refused(*judgement.reasons, *held.reasons, *_who_instead(session, judgement, loaded, order))
    if order.action is Action.REVERT:
        return _draft_undoing(session, loaded, order), held.warnings
    draft = _draft(loaded, order, arrive(facts, order))
    if held.override:
        draft.more["override"] = held.override
    return draft, held.warnings


def judgements(session: Session, code: str, blank: Order) -> list[Judgement]:
    """Judge every step of the table for the person of `blank`: the buttons, and why some are closed."""
    loaded = with_supplement_due(session, with_last_step(session, load_project(session, code)))
    return why_not(loaded.facts, blank.by, blank)


def refuse_stale(session: Session, loaded: Loaded, order: Order) -> None:
    """Refuse an order made on an older version than the one stored, and tell what changed meanwhile."""
    if order.seen_version is None or order.seen_version == loaded.facts.version:
        return
    last = _LAST.one(session, id=loaded.id, seq=loaded.facts.version)
    recorded_at = datetime.fromisoformat(last.recorded_at) if isinstance(last.recorded_at, str) else last.recorded_at
    label = STEP[Action(last.action)].label if last.action in set(Action) else "Sửa hồ sơ"
    raise Refused(
        f"Đề án {loaded.facts.code} vừa được {last.name or 'hệ thống'} cập nhật (bước «{label}», ngày "
        f"{format_date(recorded_at.astimezone(OFFICE_TIME).date())}), nay ở giai đoạn "
        f"«{stage_label(loaded.facts.stage, loaded.facts.route)}»; hãy mở lại đề án rồi làm tiếp."
    )


_LAST = Statement(
    "SELECT e.action, e.recorded_at, p.name FROM event AS e LEFT JOIN person AS p ON p.id = e.recorded_by "
    "WHERE e.subject_kind = 'project' AND e.subject_id = :id AND e.seq = :seq"
)


def _who_instead(session: Session, judgement: Judgement, loaded: Loaded, order: Order) -> Iterable[str]:
    if not judgement.wrong_person:
        return ()
    names = who_could(session, judgement.step.recorders, (order.by.id, loaded.facts.author_id), loaded.facts.unit_id)
    return (f"Người có thể ghi bước này: {', '.join(names)}.",) if names else ()


def _draft(loaded: Loaded, order: Order, effects: Effects) -> Draft:
    facts = loaded.facts
    changed, was = _changes(loaded, order, effects)
    step = STEP[order.action]
    enclosures = with_act(order.papers, step.act, order)
    more: dict[str, Any] = {"missing": list(order.missing)} if order.missing else {}
    known = {source for source, _ in facts.money}
    return Draft(
        kind="project",
        action=str(order.action),
        subject_id=loaded.id,
        version=facts.version,
        previous=loaded.previous,
        set=changed,
        was=was,
        lines={
            "money_entry": [_money_row(loaded.id, line) for line in effects.money],
            "quantity_entry": [_quantity_row(loaded.id, line) for line in effects.quantities],
            "paper": paper_lines("project", loaded.id, enclosures, loaded.paper_counts),
        },
        opens_sources=tuple(sorted({line.source for line in effects.money} - known)),
        from_stage=str(facts.stage),
        to_stage=str(effects.stage),
        decided_on=order.effective_on,
        authority=str(order.authority),
        number=order.number,
        signer=order.signer,
        note=order.note,
        more=more,
    )


def _changes(loaded: Loaded, order: Order, effects: Effects) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns that the step changes, with their old values: what a compensating step would put back."""
    before, after = _columns(unchanged(loaded.facts)), _columns(effects)
    changed = {column: value for column, value in after.items() if value != before[column]}
    was = {column: before[column] for column in changed}
    if effects.stage is not loaded.facts.stage:
        # Papers beside the road (an allotment, a registration) may arrive late; only moves are in order of their days.
        changed["decided_on"], was["decided_on"] = order.effective_on, loaded.facts.last_decided_on
        changed["moved_at"], was["moved_at"] = order.at, loaded.moved_at
    return changed, was


def _columns(effects: Effects) -> dict[str, Any]:
    return {
        "state": str(effects.state),
        "stage": str(effects.stage),
        "route": str(effects.route),
        "work_year": effects.work_year,
        "resume_stage": str(effects.resume_stage) if effects.resume_stage else None,
        "adjustment_open": int(effects.adjustment_open),
        "missing": json.dumps(effects.missing, ensure_ascii=False),
        "counted": int(effects.counted),
    }


def _draft_undoing(session: Session, loaded: Loaded, order: Order) -> Draft:
    """Put back what the last standing step changed, and take its entries back one by one."""
    facts = loaded.facts
    assert facts.last_step is not None
    row = _BODY.one(session, id=facts.last_step.event_id)
    undone = json.loads(row.body)
    back = dict(undone["was"])
    now = _columns(unchanged(facts)) | {"decided_on": facts.last_decided_on, "moved_at": loaded.moved_at}
    was = {column: now[column] for column in back}
    if "moved_at" in back:
        back["moved_at"] = order.at
    enclosures = with_act(order.papers, STEP[Action.REVERT].act, order)
    return Draft(
        kind="project",
        action=str(Action.REVERT),
        subject_id=loaded.id,
        version=facts.version,
        previous=loaded.previous,
        set=back,
        was=was,
        lines={name: _taken_back(undone["lines"].get(name, ())) for name in ("money_entry", "quantity_entry")}
        | {"paper": paper_lines("project", loaded.id, enclosures, loaded.paper_counts)},
        from_stage=str(facts.stage),
        to_stage=str(facts.last_step.from_stage),
        decided_on=order.effective_on,
        authority=str(order.authority),
        number=order.number,
        signer=order.signer,
        note=order.note,
        more={"reverts": facts.last_step.event_id} | _decision_of(undone),
    )


_BODY = Statement("SELECT body FROM event WHERE id = :id")


def _decision_of(undone: Mapping[str, Any]) -> dict[str, Any]:
    """The decision whose line an undone approval leaves empty."""
    decision = undone["more"].get("decision")
    return {"decision": decision} if decision is not None else {}


def _taken_back(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [dict(row) | {"direction": -row["direction"]} for row in rows]


def _money_row(project_id: int, line: MoneyLine) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "beneficiary_id": None,
        "source": str(line.source),
        "kind": str(line.kind),
        "amount": line.amount,
        "direction": line.direction,
    }


def _quantity_row(project_id: int, line: QuantityLine) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "target_code": line.target,
        "kind": str(line.kind),
        "quantity": line.quantity,
        "direction": line.direction,
    }


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
