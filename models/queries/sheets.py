"""The sheet of one project: facts, stage, money, papers, people around it; as it stands or as it stood."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.queries.deadlines import deadlines_of
from models.queries.duplicates import duplicates_of
from models.queries.old_records import told
from models.queries.past import Happened, decided_by, events_of, fold, known_by, lines, undone
from models.queries.places import Gazetteer, bodies, gazetteer
from models.queries.scope import plain_row, project_id_of
from states.actions import Action, Entry
from states.effects import QuantityKind
from states.facts import Person
from states.lifecycle import stage_label
from states.refusal import Refused
from states.steps import STEP
from states.vocabulary import Kind, MoneyKind, Paper, Route, Source, Stage, State
from states.words import format_date


@dataclass(frozen=True, slots=True)
class _Standing:
    """A project at one point of the two time axes: its columns, and what hangs on it."""

    columns: dict[str, Any]
    money: dict[str, dict[str, int]]
    quantities: dict[str, dict[str, int]]
    papers: list[dict[str, Any]]
    beneficiaries: list[int]
    events: list[Happened]


def show_project(
    session: Session,
    code: str,
    *,
    as_of: date | None = None,
    known_on: date | None = None,
    reader: Person | None = None,
    today: date | None = None,
) -> dict[str, Any]:
    """The sheet of a project, today or on a past day.

    `as_of` asks what had been decided by then (the dates of the papers), `known_on` what this register knew by
    then (the days of entry); both together ask what it then knew of an even earlier day. Raises Refused for a
    project that the reader may not see, or that did not exist yet.

    With `today` the sheet of today carries the running deadlines, with what is left of each; the past has none.
    Projects by which support may be given twice stand on the sheet of today only.
    """
    project_id = project_id_of(session, code, reader)
    events = events_of(session, project_id)
    axes = {"as_of": _iso(as_of), "known_on": _iso(known_on)}
    if as_of is None and known_on is None:
        running = deadlines_of(session, code, as_of=today) if today else []
        again = duplicates_of(session, code, reader=reader)
        today_only = {"deadlines": running, "duplicates": again}
        return _sheet(session, _present(session, project_id, events)) | axes | today_only
    known = known_by(events, known_on)
    standing = known if as_of is None else decided_by(known, as_of)
    if not standing:
        day = min(day for day in (as_of, known_on) if day is not None)
        raise Refused(f"Đến ngày {format_date(day)} chưa có đề án {code} trong sổ; hãy chọn một ngày muộn hơn.")
    # Whoever looks back sees the places as they were then.
    return _sheet(session, _past(standing), on=axes["as_of"] or axes["known_on"]) | axes


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _present(session: Session, project_id: int, events: list[Happened]) -> _Standing:
    connection = session.connection()
    columns = plain_row(connection.execute(_PROJECT, {"id": project_id}).mappings().one())
    money = {
        row["source"]: _sums(row, MoneyKind) for row in connection.execute(_FUNDING, {"id": project_id}).mappings()
    }
    quantities = {
        row["target_code"]: _sums(row, QuantityKind)
        for row in connection.execute(_CONTRIBUTION, {"id": project_id}).mappings()
    }
    papers = [plain_row(row) for row in connection.execute(_PAPERS, {"id": project_id}).mappings()]
    return _Standing(columns, money, quantities, papers, _named(events), events)


_PROJECT = text("SELECT * FROM project WHERE id = :id")
_FUNDING = text("SELECT * FROM funding WHERE project_id = :id")
_CONTRIBUTION = text("SELECT * FROM contribution WHERE project_id = :id")
_PAPERS = text("SELECT * FROM paper WHERE subject_kind = 'project' AND subject_id = :id ORDER BY event_id, line")


def _sums(row: Any, kinds: Iterable[str]) -> dict[str, int]:
    return {str(kind): int(row[str(kind)]) for kind in kinds}


def _past(events: list[Happened]) -> _Standing:
    money = _added(lines(events, "money_entry"), "source", "amount", MoneyKind)
    quantities = _added(lines(events, "quantity_entry"), "target_code", "quantity", QuantityKind)
    return _Standing(fold(events), money, quantities, lines(events, "paper"), _named(events), events)


def _named(events: list[Happened]) -> list[int]:
    """The beneficiaries whose names stand, in the order in which they were first named."""
    named: dict[int, int] = {}
    for line in lines(events, "project_beneficiary"):
        named[line["beneficiary_id"]] = named.get(line["beneficiary_id"], 0) + line["direction"]
    return [who for who, times in named.items() if times > 0]


def _added(rows: list[dict[str, Any]], by: str, value: str, kinds: Iterable[str]) -> dict[str, dict[str, int]]:
    sums: dict[str, dict[str, int]] = {}
    for row in rows:
        sum_of = sums.setdefault(row[by], {str(kind): 0 for kind in kinds})
        sum_of[row["kind"]] += row[value] * row["direction"]
    return sums


def _sheet(session: Session, standing: _Standing, *, on: str | None = None) -> dict[str, Any]:
    columns = standing.columns
    route, stage, state = Route(columns["route"]), Stage(columns["stage"]), State(columns["state"])
    places = gazetteer(session)
    around = session.connection().execute(_AROUND, {name: columns[name] for name in _KEYS}).one()
    return {
        "code": columns["code"],
        "name": columns["name"],
        "programme": {"code": around.programme, "name": around.programme_name},
        "content": {"no": columns["content_no"], "name": around.content},
        "activity": columns["activity"],
        # Projects opened before the register asked for it have no such column in their events.
        "equipment": columns.get("equipment"),
        "route": str(route),
        "route_label": route.label,
        "kind": columns["kind"],
        "kind_label": Kind(columns["kind"]).label,
        "plan_year": columns["plan_year"],
        "work_year": columns["work_year"],
        "state": str(state),
        "state_label": state.label,
        "stage": str(stage),
        "stage_label": stage_label(stage, route),
        "resume_stage": columns["resume_stage"],
        "adjustment_open": bool(columns["adjustment_open"]),
        "missing": json.loads(columns["missing"]),
        "version": columns["version"],
        "unit": {"code": around.unit, "name": around.unit_name},
        "author": {"code": around.author, "name": around.author_name},
        "place": _place(places, columns["place_id"], on),
        "beneficiaries": _beneficiaries(session, standing.beneficiaries, places, on),
        **{name: columns[name] for name in _AS_WRITTEN},
        "priorities": json.loads(columns["priorities"]),
        "funding": _funding(standing.money),
        "targets": _targets(session, columns["programme_id"], standing.quantities),
        "papers": [_paper(row) for row in standing.papers],
        "deadlines": [],
        "duplicates": [],
        "decided_on": columns["decided_on"],
        "moved_at": columns["moved_at"],
        "vouched": _vouched(session, standing),
        "last_step": _last_step(session, standing.events, around.unit_name),
    }


def _vouched(session: Session, standing: _Standing) -> dict[str, Any] | None:
    """Of an old record who vouches for it and on what basis, as its newest such event says."""
    brought = [event for event in standing.events if event.action == Entry.BRING_IN]
    if not brought:
        return None
    more = brought[-1].body["more"]
    who = session.connection().execute(_PERSON, {"id": more["vouched_by"]}).one()
    return told(more, who.code, who.name)


_PERSON = text("SELECT code, name FROM person WHERE id = :id")
_KEYS = ("programme_id", "content_no", "unit_id", "author_id")
_AROUND = text("""
    SELECT g.code AS programme, g.name AS programme_name, c.name AS content, u.code AS unit, u.name AS unit_name,
           a.code AS author, a.name AS author_name
    FROM programme AS g JOIN content AS c ON c.programme_id = g.id AND c.no = :content_no
    JOIN unit AS u ON u.id = :unit_id JOIN person AS a ON a.id = :author_id
    WHERE g.id = :programme_id""")
_AS_WRITTEN = (
    "partner",
    "objectives",
    "scope",
    "starts_on",
    "ends_on",
    "total_cost",
    "expected_jobs",
    "expected_revenue",
    "expected_effect",
)


def _place(places: Gazetteer, place_id: int | None, on: str | None) -> dict[str, Any] | None:
    if place_id is None:
        return None
    return {"code": places.units[place_id]["code"], "name": places.name(place_id, on=on)}


def _beneficiaries(session: Session, ids: list[int], places: Gazetteer, on: str | None) -> list[dict[str, Any]]:
    named = [session.connection().execute(_BENEFICIARY, {"id": who}).one() for who in ids]
    return [
        {
            "id": row.id,
            "name": row.name,
            "kind": row.kind,
            "tax_code": row.tax_code,
            "place": places.name(row.place_id, on=on),
        }
        for row in named
    ]


_BENEFICIARY = text("SELECT id, name, kind, tax_code, place_id FROM beneficiary WHERE id = :id")


def _funding(money: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    """Sums per source in đồng; `approved_now` is what stands after adjustments."""
    return [
        {"source": str(source), "source_label": source.label}
        | money[source]
        | {"approved_now": money[source]["approved"] + money[source]["adjusted"]}
        for source in Source
        if source in money
    ]


def _targets(session: Session, programme_id: int, quantities: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    known = session.connection().execute(_TARGETS, {"id": programme_id})
    return [
        {"code": row.code, "name": row.name, "unit": row.unit} | quantities[row.code]
        for row in known
        if row.code in quantities
    ]


_TARGETS = text("SELECT code, name, unit FROM target WHERE programme_id = :id ORDER BY content_no, line")


def _paper(row: dict[str, Any]) -> dict[str, Any]:
    names = ("kind", "title", "version", "number", "issued_on", "signer", "sha256", "size", "file_name")
    return {name: row[name] for name in names} | {"label": Paper(row["kind"]).label}


def _last_step(session: Session, events: list[Happened], unit_name: str) -> dict[str, Any] | None:
    """The latest step that still stands."""
    taken_back = undone(events)
    steps = [e for e in events if e.is_step and e.id not in taken_back and e.reverts is None]
    if not steps:
        return None
    last = steps[-1]
    return {
        "seq": last.seq,
        "action": last.action,
        "label": STEP[Action(last.action)].label,
        "decided_on": last.decided_on,
        "recorded_at": last.recorded_at,
        "authority": last.body["authority"],
        "authority_label": bodies(session).name(last.body["authority"], last.decided_on or last.recorded_on, unit_name),
        "number": last.body["number"],
        "note": last.body["note"],
    }
