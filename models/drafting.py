"""Write what a judged step changes as the draft of its event: columns with their old values, and lines to append."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session

from models.append import Draft
from models.asked import json_text
from models.chain import plain
from models.loading import Loaded
from models.naming import renamed_lines
from models.papers import paper_lines, with_act
from models.project_values import search_text, unopened_targets
from models.statement import Statement
from models.subjects import row_of
from states.actions import Action
from states.effects import AcceptanceLine, Effects, MoneyLine, QuantityLine, unchanged
from states.facts import Instalment, Order
from states.steps import STEP

#: Subjects beside the project whose ids an event may carry in its `more`.
BESIDE = ("decision", "contract", "adjustment")


def draft_of(session: Session, loaded: Loaded, order: Order, effects: Effects) -> Draft:
    facts = loaded.facts
    changed, was = _changes(session, loaded, order, effects)
    step = STEP[order.action]
    enclosures = with_act(order.papers, step.act, order)
    more: dict[str, Any] = {"missing": list(order.missing)} if order.missing else {}
    if order.progress is not None:
        more["progress"] = order.progress
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
            "acceptance": [_acceptance_row(loaded.id, line) for line in effects.acceptances],
            "recovery_due": [_instalment_row(loaded.id, due) for due in effects.instalments],
            "project_beneficiary": _renamed(session, loaded, effects),
            "paper": paper_lines("project", loaded.id, enclosures, loaded.paper_counts),
        },
        opens_sources=tuple(sorted({line.source for line in effects.money} - known)),
        opens_targets=_unopened(session, loaded, effects),
        from_stage=str(facts.stage),
        to_stage=str(effects.stage),
        decided_on=order.effective_on,
        authority=str(order.authority),
        number=order.number,
        signer=order.signer,
        note=order.note,
        more=more,
    )


def _renamed(session: Session, loaded: Loaded, effects: Effects) -> list[dict[str, Any]]:
    return [] if effects.beneficiaries is None else renamed_lines(session, loaded.id, effects.beneficiaries)


def _unopened(session: Session, loaded: Loaded, effects: Effects) -> tuple[str, ...]:
    """Targets that a decision adds to the project; all others have their balance since the draft."""
    if effects.columns or loaded.facts.request is not None:
        return unopened_targets(session, loaded.id, {line.target for line in effects.quantities})
    return ()


def _changes(session: Session, loaded: Loaded, order: Order, effects: Effects) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns that the step changes, with their old values: what a compensating step would put back."""
    before, after = _columns(unchanged(loaded.facts)), _columns(effects)
    if effects.columns:
        stored = row_of(session, "project", loaded.id)
        before |= {column: plain(stored[column]) for column in (*effects.columns, "search_text")}
        after |= {column: plain(value) for column, value in effects.columns.items()}
        told = stored | dict(effects.columns)
        after["search_text"] = search_text(told["code"], told["name"], told["objectives"])
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


def draft_undoing(session: Session, loaded: Loaded, order: Order) -> Draft:
    """Put back what the last standing step changed, and take its entries back one by one."""
    facts = loaded.facts
    assert facts.last_step is not None
    undone = _written_by(session, loaded.id, facts.last_step.event_id)
    now = row_of(session, "project", loaded.id)
    back = _still_owned(undone, now)
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
        lines={
            name: [line for body in undone for line in _taken_back(body["lines"].get(name, ()))]
            for name in _SIGNED_LINES
        }
        | {"paper": paper_lines("project", loaded.id, enclosures, loaded.paper_counts)},
        from_stage=str(facts.stage),
        to_stage=str(facts.last_step.from_stage),
        decided_on=order.effective_on,
        authority=str(order.authority),
        number=order.number,
        signer=order.signer,
        note=order.note,
        more={"reverts": facts.last_step.event_id}
        | {kind: body["more"][kind] for body in undone for kind in BESIDE if kind in body["more"]},
    )


def _still_owned(undone: Iterable[Mapping[str, Any]], now: Mapping[str, Any]) -> dict[str, Any]:
    """The old values of the columns that still say what the step wrote; what was corrected since is not touched."""
    back = {
        column: value
        for body in undone
        for column, value in body["was"].items()
        if plain(now[column]) == body["set"][column]
    }
    if "search_text" in back:
        told = {**now, **back}
        back["search_text"] = search_text(told["code"], told["name"], told["objectives"])
    return back


def _written_by(session: Session, project_id: int, event_id: int) -> list[dict[str, Any]]:
    """What a step wrote: its own event, and those that completed it later when the register was upgraded."""
    bodies = [json.loads(row.body) for row in _BODIES.rows(session, id=project_id, event=event_id)]
    return [body for body in bodies if event_id in (body["id"], body["more"].get("completes"))]


_BODIES = Statement("""
    SELECT body FROM event WHERE subject_kind = 'project' AND subject_id = :id
      AND (id = :event OR id > :event AND action = 'correct') ORDER BY seq""")


#: Lines with a direction: what an event wrote there is taken back by the same line the other way.
_SIGNED_LINES = ("money_entry", "quantity_entry", "acceptance", "recovery_due", "project_beneficiary")


def _taken_back(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [dict(row) | {"direction": -row["direction"]} for row in rows]


def _money_row(project_id: int, line: MoneyLine) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "beneficiary_id": line.beneficiary_id,
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


def _acceptance_row(project_id: int, line: AcceptanceLine) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "beneficiary_id": line.beneficiary_id,
        "outcome": str(line.outcome),
        "held_on": line.held_on,
        "cost": line.cost,
        "support": line.support,
        "counterpart": line.counterpart,
        "quantities": json_text(dict(line.quantities)),
        "reason": line.reason,
        "direction": line.direction,
    }


def _instalment_row(project_id: int, due: Instalment) -> dict[str, Any]:
    return {"project_id": project_id, "due_on": due.due_on, "amount": due.amount, "direction": 1}
