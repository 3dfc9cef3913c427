"""The history of one project: every event in words, with who decided and who recorded."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.queries.old_records import told as told_by_voucher
from models.queries.past import Happened, decided_by, events_of, known_by, undone
from models.queries.places import Bodies, Gazetteer, bodies, gazetteer
from models.queries.scope import project_id_of
from states.actions import Action, Entry
from states.facts import OFFICE_TIME, Person
from states.lifecycle import STATES_OF, stage_label
from states.old_records import STATE_AT
from states.steps import STEP
from states.vocabulary import Kind, MoneyKind, Paper, Route, Source, Stage, State

ENTRY_LABELS = {
    Entry.OPEN: "Lập đề án",
    Entry.EDIT: "Sửa hồ sơ",
    Entry.CORRECT: "Sửa sai sót",
    Entry.BRING_IN: "Nhập từ sổ cũ",
}
#: What an edit or a correction may change, in the words of the form.
FIELD_LABELS = {
    "name": "Tên đề án",
    "content_no": "Nội dung",
    "activity": "Hoạt động",
    "equipment": "Máy móc, thiết bị, sản phẩm được hỗ trợ",
    "kind": "Loại đề án",
    "place_id": "Địa điểm",
    "partner": "Đơn vị phối hợp",
    "objectives": "Mục tiêu",
    "scope": "Quy mô, nội dung",
    "starts_on": "Ngày bắt đầu",
    "ends_on": "Ngày kết thúc",
    "priorities": "Tiêu chí ưu tiên",
    "total_cost": "Tổng kinh phí",
    "expected_jobs": "Lao động dự kiến",
    "expected_revenue": "Doanh thu dự kiến",
    "expected_effect": "Hiệu quả dự kiến",
    "beneficiaries": "Đơn vị thụ hưởng",
    "targets": "Chỉ tiêu",
}


class _Reading:
    """The names that a history is written with, read once; the route follows the events."""

    def __init__(self, session: Session, events: list[Happened]) -> None:
        self.places: Gazetteer = gazetteer(session)
        self.bodies: Bodies = bodies(session)
        self.people = {row.id: row for row in session.connection().execute(_PEOPLE)}
        self.unit_name = session.connection().execute(_UNIT, {"id": events[0].body["set"]["unit_id"]}).scalar_one()
        self.beneficiaries = {
            line["beneficiary_id"]: session.connection().execute(_NAME, {"id": line["beneficiary_id"]}).scalar_one()
            for event in events
            for line in event.body["lines"].get("project_beneficiary", ())
        }
        self.seqs = {event.id: event.seq for event in events}
        self.undone = undone(events)
        self.route = Route(events[0].body["set"]["route"])


_PEOPLE = text("SELECT id, code, name FROM person")
_UNIT = text("SELECT name FROM unit WHERE id = :id")
_NAME = text("SELECT name FROM beneficiary WHERE id = :id")


def history(
    session: Session,
    code: str,
    *,
    as_of: date | None = None,
    known_on: date | None = None,
    reader: Person | None = None,
) -> list[dict[str, Any]]:
    """Every event of a project in order, with labels beside the codes.

    `changes` holds old and new values where an entry or a decision changed what the project says, `money` the
    amounts in đồng that the event added or took back, `undone` whether a later step took the event back.
    `known_on` leaves out what was recorded after that day, `as_of` what had not been decided by it or is undone.
    """
    events = events_of(session, project_id_of(session, code, reader))
    reading = _Reading(session, events)
    known = known_by(events, known_on)
    reading.undone = undone(known)
    return [_told(event, reading) for event in (known if as_of is None else decided_by(known, as_of))]


def milestones(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The five states in order: whether a history `reached` each, and `on` which day of a paper, None where unknown.

    A draft proposes nothing yet: the first milestone is the day on which the dossier was handed in. Of an old record
    only the days are known that the old register told.
    """
    if old := next((event for event in reversed(events) if event["vouched"]), None):
        return _old_milestones(old)
    reached: dict[State, str] = {}
    for event in events:
        if event["to"] is None or event["undone"] or event["reverts"] is not None or event["to"] == Stage.DRAFT:
            continue
        states = STATES_OF[Stage(event["to"])]
        if len(states) == 1:
            reached.setdefault(states[0], event["decided_on"] or _day_of(event["recorded_at"]))
    return [_milestone(state, reached.get(state), reached=state in reached) for state in State]


def _old_milestones(event: dict[str, Any]) -> list[dict[str, Any]]:
    last, said = STATE_AT[Stage(event["to"])], event["vouched"]
    days = {State.APPROVED: said["decided_on"], State.SETTLED: said["settled_on"]}
    return [
        _milestone(state, days.get(state) if state.rank <= last.rank else None, reached=state.rank <= last.rank)
        for state in State
    ]


def _milestone(state: State, on: str | None, *, reached: bool) -> dict[str, Any]:
    return {"state": str(state), "label": state.label, "reached": reached, "on": on}


def _day_of(instant: str) -> str:
    return datetime.fromisoformat(instant).astimezone(OFFICE_TIME).date().isoformat()


def _told(event: Happened, reading: _Reading) -> dict[str, Any]:
    body = event.body
    route = reading.route
    reading.route = Route(body["set"].get("route", route))
    who = reading.people.get(body["recorded_by"])
    vouched = _vouched(event, reading)
    day = event.decided_on or event.recorded_on
    return {
        "seq": event.seq,
        "action": event.action,
        "label": _label(event),
        "vouched": vouched,
        "from": body["from"],
        "from_label": _stage(body["from"], route),
        "to": body["to"],
        "to_label": _stage(body["to"], reading.route),
        # The day from which an old record counts may be no day of any paper.
        "decided_on": vouched["settled_on"] if vouched else event.decided_on,
        "recorded_at": event.recorded_at,
        "authority": body["authority"],
        "authority_label": reading.bodies.name(body["authority"], day, reading.unit_name),
        "recorded_by": who and who.code,
        "recorded_by_name": who and who.name,
        "door": body["door"],
        "os_user": body["os_user"],
        "number": body["number"],
        "signer": body["signer"],
        "note": body["note"],
        "override": body["more"].get("override", ""),
        "missing": body["more"].get("missing", []),
        "reverts": reading.seqs[event.reverts] if event.reverts else None,
        "undone": event.id in reading.undone,
        "changes": _changes(event, reading),
        "money": [_amount(line) for line in body["lines"].get("money_entry", ())],
        "quantities": [_quantity(line) for line in body["lines"].get("quantity_entry", ())],
        "papers": [_paper(line) for line in body["lines"].get("paper", ())],
        "hash": event.hash,
    }


def _vouched(event: Happened, reading: _Reading) -> dict[str, Any] | None:
    """Of an old record who vouches for it, on what basis, and the days that were told."""
    if event.action != Entry.BRING_IN:
        return None
    more = event.body["more"]
    who = reading.people[more["vouched_by"]]
    return told_by_voucher(more, who.code, who.name)


def _label(event: Happened) -> str:
    return STEP[Action(event.action)].label if event.is_step else ENTRY_LABELS[Entry(event.action)]


def _stage(stage: str | None, route: Route) -> str | None:
    return None if stage is None else stage_label(Stage(stage), route)


def _changes(event: Happened, reading: _Reading) -> list[dict[str, Any]]:
    if event.action not in (Entry.EDIT, Entry.CORRECT, Entry.BRING_IN, Action.APPROVE_ADJUSTMENT) or event.seq == 1:
        return []
    new, old = event.body["set"], event.body["was"]
    changes = [
        _change(field, _said(field, old[field], reading), _said(field, new[field], reading))
        for field in FIELD_LABELS
        if field in new
    ]
    named = event.body["lines"].get("project_beneficiary", ())
    if named:
        gone, come = (
            "; ".join(reading.beneficiaries[line["beneficiary_id"]] for line in named if line["direction"] == way)
            for way in (-1, 1)
        )
        changes.append(_change("beneficiaries", gone, come))
    if planned := event.body["more"].get("targets"):
        changes.append(_change("targets", *(_listed(planned[side]) for side in ("was", "set"))))
    return changes


def _listed(quantities: dict[str, int]) -> str:
    return "; ".join(f"{target}={quantity}" for target, quantity in sorted(quantities.items()))


def _change(field: str, old: Any, new: Any) -> dict[str, Any]:
    return {"field": field, "label": FIELD_LABELS[field], "old": old, "new": new}


def _said(field: str, value: Any, reading: _Reading) -> Any:
    """The value as people know it: the name of a place, the label of a code."""
    match field:
        case "place_id":
            return reading.places.name(value)
        case "kind":
            return Kind(value).label
        case "priorities":
            return "; ".join(json.loads(value))
    return value


def _amount(line: dict[str, Any]) -> dict[str, Any]:
    kind, source = MoneyKind(line["kind"]), Source(line["source"])
    return {
        "source": str(source),
        "source_label": source.label,
        "kind": str(kind),
        "kind_label": kind.label,
        "amount": line["amount"] * line["direction"],
    }


def _quantity(line: dict[str, Any]) -> dict[str, Any]:
    return {
        "target": line["target_code"],
        "kind": line["kind"],
        "quantity": line["quantity"] * line["direction"],
    }


def _paper(line: dict[str, Any]) -> dict[str, Any]:
    names = ("kind", "title", "version", "number", "issued_on", "signer", "sha256", "file_name")
    return {name: line[name] for name in names} | {"label": Paper(line["kind"]).label}
