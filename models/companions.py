"""Events of other subjects that a step of a project carries along, in the same transaction.

A contract gets its lines, an adjustment request its fate, a decision loses the line of an approval undone. The id
of the subject stands in the `more` of the project's event, so that a compensating step finds it again.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from models.append import Draft, Origin, append
from models.asked import asked_text, json_text, kinds_text
from models.chain import plain
from models.contract_rows import changed, contract_lines, enter, head_of
from models.decision_rows import taken_back
from models.loading import Loaded
from models.naming import beneficiaries_of
from models.statement import Statement
from models.subjects import row_of
from states.actions import Action, Entry
from states.adjustments import adjustment_authority, kinds_of
from states.facts import Asked, Order
from states.vocabulary import RequestStatus


def companions(session: Session, loaded: Loaded, order: Order, draft: Draft, origin: Origin) -> list[Draft]:
    """What else a step writes. A new contract or request is written at once, because the project names its id."""
    match order.action:
        case Action.SIGN_CONTRACT:
            join_contract(draft, loaded, _signed(session, loaded, order, draft, origin))
            return []
        case Action.REQUEST_ADJUSTMENT:
            draft.more["adjustment"] = _requested(session, loaded, order, draft, origin)
            return []
        case Action.REVERT:
            return _undone(session, loaded, draft)
    drafts = []
    if loaded.contract_id is not None and (rows := contract_lines(draft.lines["money_entry"])):
        draft.more["contract"] = loaded.contract_id
        drafts.append(changed(session, loaded.contract_id, rows))
    if loaded.facts.request is not None:
        draft.more["adjustment"] = loaded.facts.request.id
        drafts.append(_decided(session, loaded, order, draft))
    return drafts


# --- contracts ----------------------------------------------------------------------------------------


def join_contract(draft: Draft, loaded: Loaded, contract_id: int) -> None:
    """Make the event of a signing set the contract of the project."""
    draft.more["contract"] = contract_id
    draft.set["contract_id"], draft.was["contract_id"] = contract_id, loaded.contract_id


def _signed(session: Session, loaded: Loaded, order: Order, draft: Draft, origin: Origin) -> int:
    assert order.authority is not None
    head = head_of(loaded, order.authority, order.number, order.effective_on, order.signer)
    return enter(session, head, contract_lines(draft.lines["money_entry"]), origin)


# --- adjustment requests ------------------------------------------------------------------------------


def _requested(session: Session, loaded: Loaded, order: Order, draft: Draft, origin: Origin) -> int:
    asked = order.asked or Asked()
    kinds = asked.kinds | kinds_of(loaded.facts, asked)
    values = {
        "project_id": loaded.id,
        "status": str(RequestStatus.OPEN),
        "number": order.number,
        "requested_on": order.effective_on,
        "reason": order.note,
        "kinds": kinds_text(kinds),
        "authority": str(adjustment_authority(loaded.facts.route, kinds).authority),
        "asked": asked_text(asked),
        "was": asked_text(_standing(session, loaded, asked)),
        "confirmed_number": "",
        "confirmed_on": None,
        "confirmed_signer": "",
        "decision_number": "",
        "decided_on": None,
        "decision_signer": "",
        "granted": "",
    }
    opening = Draft(
        "adjustment",
        str(Entry.OPEN),
        set=values,
        decided_on=order.effective_on,
        authority=str(order.authority),
        number=order.number,
        note=order.note,
    )
    return append(session, [opening], origin)[0].subject_id


def _standing(session: Session, loaded: Loaded, asked: Asked) -> Asked:
    """What stands on the day of the request where it asks for something else: the old side of the difference."""
    row = row_of(session, "project", loaded.id)
    return Asked(
        amounts={source: loaded.facts.approved_now(source) for source in asked.amounts},
        targets={target: loaded.facts.quantities.get(target, 0) for target in asked.targets},
        columns={column: plain(row[column]) for column in asked.columns},
        beneficiaries=None if asked.beneficiaries is None else tuple(beneficiaries_of(session, loaded.id)),
    )


def _decided(session: Session, loaded: Loaded, order: Order, draft: Draft) -> Draft:
    """What a step does to the open request: the department confirms it, a body grants or refuses it, a stop ends it."""
    assert loaded.facts.request is not None
    decision = {
        "decision_number": order.number,
        "decided_on": order.effective_on,
        "decision_signer": order.signer,
        "authority": str(order.authority),
    }
    match order.action:
        case Action.CONFIRM_ADJUSTMENT:
            values: dict[str, Any] = {
                "confirmed_number": order.number,
                "confirmed_on": order.effective_on,
                "confirmed_signer": order.signer,
            }
        case Action.APPROVE_ADJUSTMENT:
            granted = json_text(_granted(loaded, order, draft))
            values = decision | {"status": str(RequestStatus.APPROVED), "granted": granted}
        case Action.REFUSE_ADJUSTMENT:
            values = decision | {"status": str(RequestStatus.REFUSED)}
        case _:
            values = decision | {"status": str(RequestStatus.CLOSED)}
    return _written(session, loaded.facts.request.id, values, order)


def _granted(loaded: Loaded, order: Order, draft: Draft) -> dict[str, Any]:
    """What the decision wrote, in the words of a request: amounts, quantities, columns and names that changed."""
    assert loaded.facts.request is not None
    asked = loaded.facts.request.asked
    columns = {column: plain(value) for column, value in draft.set.items() if column not in _OF_THE_STEP}
    granted: dict[str, Any] = {
        "amounts": {str(source): amount for source, amount in order.amounts.items()},
        "targets": dict(asked.targets),
        "columns": columns,
        "beneficiaries": list(asked.beneficiaries or ()),
    }
    return {key: value for key, value in granted.items() if value}


_OF_THE_STEP = frozenset({"adjustment_open", "search_text"})


def _written(session: Session, request_id: int, values: Mapping[str, Any], order: Order | None) -> Draft:
    row = row_of(session, "adjustment", request_id, lock=True)
    set_ = {column: value for column, value in values.items() if plain(row[column]) != plain(value)}
    draft = Draft(
        "adjustment",
        str(Entry.CORRECT),
        request_id,
        row["version"],
        row["previous"],
        set=set_,
        was={column: row[column] for column in set_},
    )
    if order is not None:
        draft.decided_on, draft.number, draft.signer = order.effective_on, order.number, order.signer
        draft.authority, draft.note = str(order.authority), order.note
    return draft


# --- undoing ------------------------------------------------------------------------------------------


def _undone(session: Session, loaded: Loaded, draft: Draft) -> list[Draft]:
    """Take back what the undone step wrote beside the project."""
    drafts = []
    if "decision" in draft.more:
        drafts.append(taken_back(session, draft.more["decision"], loaded.id))
    if "contract" in draft.more:
        drafts.append(changed(session, draft.more["contract"], contract_lines(draft.lines["money_entry"])))
    if "adjustment" in draft.more:
        drafts.append(_fate_taken_back(session, draft.more["adjustment"]))
    return drafts


def _fate_taken_back(session: Session, request_id: int) -> Draft:
    """The request as it was before its last standing event, which is that of the step undone.

    A request whose opening is undone is void.
    """
    undone: set[int] = set()
    for row in _EVENTS.rows(session, id=request_id):
        body = json.loads(row.body)
        if "reverts" in body["more"]:
            undone.add(body["more"]["reverts"])
        elif row.id not in undone:
            draft = _written(session, request_id, body["was"] or {"status": str(RequestStatus.WITHDRAWN)}, None)
            draft.more["reverts"] = row.id
            return draft
    raise AssertionError(f"no event of adjustment {request_id} is left to undo")


_EVENTS = Statement("""
    SELECT id, body FROM event WHERE subject_kind = 'adjustment' AND subject_id = :id ORDER BY seq DESC""")
