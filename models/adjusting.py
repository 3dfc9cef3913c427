"""What an adjustment request asks for, held against the register; and what has become of each request."""

import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from models.chain import plain
from models.held import Held, not_overridden
from models.loading import Loaded, day_of
from models.naming import beneficiaries_of
from models.project_checks import days_out_of_order, impossible_quantities, unknown_beneficiaries, unknown_targets
from models.rulebook import Rulebook
from models.statement import Statement
from models.subjects import row_of
from states.adjustments import KIND_OF
from states.facts import Asked, Order
from states.vocabulary import Authority, Change, RequestStatus


def hold_request(session: Session, book: Rulebook, loaded: Loaded, order: Order) -> Held:
    """Refuse a request for what the register does not know, or for what stands already."""
    asked = order.asked
    reasons = list(not_overridden(order))
    if asked is None:
        return Held(tuple(reasons))
    reasons += unknown_targets(session, loaded.programme_id, asked.targets)
    reasons += impossible_quantities(asked.targets)
    reasons += unknown_beneficiaries(session, asked.beneficiaries or ())
    if strange := sorted(set(asked.columns) - set(KIND_OF)):
        reasons.append(f"Không điều chỉnh được {', '.join(strange)}; điều chỉnh được: {', '.join(sorted(KIND_OF))}.")
        return Held(reasons=tuple(reasons))
    stored = row_of(session, "project", loaded.id)
    days = {day: asked.columns.get(day, stored[day]) for day in ("starts_on", "ends_on")}
    reasons += days_out_of_order(**days)
    if unchanged := _unchanged(session, loaded, asked, stored):
        reasons.append(f"Giá trị mới giống giá trị đang ghi: {', '.join(unchanged)}; hãy bỏ hoặc ghi giá trị khác.")
    return Held(reasons=tuple(reasons))


def _unchanged(session: Session, loaded: Loaded, asked: Asked, stored: Mapping[str, Any]) -> list[str]:
    facts = loaded.facts
    same = [str(source) for source, amount in asked.amounts.items() if amount == facts.approved_now(source)]
    same += [target for target, number in asked.targets.items() if number == facts.quantities.get(target, 0)]
    same += [column for column, value in asked.columns.items() if plain(value) == plain(stored[column])]
    if asked.beneficiaries is not None and set(asked.beneficiaries) == set(beneficiaries_of(session, loaded.id)):
        same.append("beneficiaries")
    return same


def requests_of(session: Session, code: str | None = None, *, only_open: bool = False) -> list[dict[str, Any]]:
    """Adjustment requests, newest first: kinds, old and new values, confirmation, decision.

    `asked`, `was` and `granted` are as stored: amounts in đồng by source, targets, columns, beneficiary ids.
    """
    rows = _REQUESTS.rows(session) if code is None else _REQUESTS_OF.rows(session, code=code)
    found = [_as_read(row) for row in rows]
    return [request for request in found if not only_open or request["status"] is RequestStatus.OPEN]


_SELECT = """
    SELECT a.*, p.code, p.name, p.route, p.unit_id, p.place_id FROM adjustment AS a
    JOIN project AS p ON p.id = a.project_id"""
_REQUESTS = Statement(f"{_SELECT} ORDER BY a.id DESC")
_REQUESTS_OF = Statement(f"{_SELECT} WHERE p.code = :code ORDER BY a.id DESC")


def _as_read(row: Any) -> dict[str, Any]:
    kinds = [Change(kind) for kind in json.loads(row.kinds)]
    return {
        "id": row.id,
        "project": row.code,
        "name": row.name,
        "route": row.route,
        "unit_id": row.unit_id,
        "place_id": row.place_id,
        "status": RequestStatus(row.status),
        "number": row.number,
        "requested_on": day_of(row.requested_on),
        "reason": row.reason,
        "kinds": kinds,
        "kind_labels": [kind.label for kind in kinds],
        "authority": Authority(row.authority),
        "asked": json.loads(row.asked),
        "was": json.loads(row.was),
        "granted": json.loads(row.granted) if row.granted else None,
        "confirmed": {
            "number": row.confirmed_number,
            "on": day_of(row.confirmed_on),
            "signer": row.confirmed_signer,
        },
        "decision": {"number": row.decision_number, "on": day_of(row.decided_on), "signer": row.decision_signer},
    }
