"""Contracts as the desk shows them: filtered lists with what each waits for, and one with everything under it."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models.queries.deadlines import AHEAD, deadlines_of, shown
from models.queries.judged import next_step
from models.queries.letterheads import party_a
from models.queries.scope import PAGE, Where, page, readable_by
from models.rulebook import rulebook
from models.waterfall import waterfall_under
from states.cash import cash
from states.counting import Workdays
from states.facts import OFFICE_TIME, Person
from states.lifecycle import RUNNING, stage_label
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Labelled, Route, Source, Stage

#: The clocks on which a contract is settled. Basis: TT 36/2013/TT-BCT Điều 18, 19.
SETTLEMENT = ("D-15", "D-22JAN", "D-31JAN")
_RUNNING = ", ".join(f"'{stage}'" for stage in sorted(RUNNING))
_SETTLEMENT = ", ".join(f"'{clock}'" for clock in SETTLEMENT)


class Waiting(Labelled):
    """What the projects of a contract still wait for."""

    ACCEPTANCE = "acceptance", "Còn đề án chưa nghiệm thu"
    SETTLEMENT = "settlement", "Đã nghiệm thu, chưa quyết toán"
    NOTHING = "nothing", "Không còn chờ gì"


class Due(Labelled):
    """How near the settlement of a contract is, in workdays to the safe day."""

    OVERDUE = "overdue", "Quá hạn quyết toán"
    SOON = "3", "Đến hạn trong 3 ngày làm việc"
    AHEAD = "7", "Đến hạn trong 7 ngày làm việc"


_STANDS = "SELECT 1 FROM project AS q WHERE q.contract_id = c.id AND q.stage IN ({stages})"
_OPEN = ", ".join(f"'{stage}'" for stage in (Stage.ACCEPTED, Stage.SETTLING, Stage.STOPPED, Stage.RECOVERING))
_WAITS = {
    Waiting.ACCEPTANCE: f"EXISTS ({_STANDS.format(stages=_RUNNING)})",
    Waiting.SETTLEMENT: f"NOT EXISTS ({_STANDS.format(stages=_RUNNING)}) AND EXISTS ({_STANDS.format(stages=_OPEN)})",
    Waiting.NOTHING: f"NOT EXISTS ({_STANDS.format(stages=f'{_RUNNING}, {_OPEN}')})",
}


def contract_list(
    session: Session,
    *,
    reader: Person,
    as_of: date,
    year: int | None = None,
    unit: str = "",
    route: Route | None = None,
    waiting: Waiting | None = None,
    due: Due | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """One page of contracts, the latest signed first: support in đồng, projects that the reader sees, what is due.

    A contract of which the reader sees no project is not listed; who sees everything sees the empty ones too.
    """
    where = Where()
    scope = readable_by(reader)
    if scope.conditions:
        where.add(f"EXISTS (SELECT 1 FROM project AS p WHERE p.contract_id = c.id AND {scope})", **scope.parameters)
    if year is not None:
        where.add("c.signed_on BETWEEN :first AND :last", first=f"{year:04d}-01-01", last=f"{year:04d}-12-31")
    if unit:
        where.add("u.code = :unit", unit=unit)
    if route is not None:
        where.add("c.route = :route", route=str(route))
    if waiting is not None:
        where.add(_WAITS[waiting])
    if due is not None:
        condition, days = _due(session, due, as_of)
        where.add(condition, **days)
    rows = where.rows(session, _LIST, **page(limit, offset))
    return _with_projects(session, rows, reader, as_of)


_LIST = """
    SELECT c.id, c.number, c.signed_on, c.signer, c.route, u.code AS unit, u.name AS unit_name, c.party_b, c.total
    FROM contract AS c JOIN unit AS u ON u.id = c.unit_id WHERE {where}
    ORDER BY c.signed_on DESC, c.id DESC LIMIT :limit OFFSET :offset"""


def _due(session: Session, due: Due, as_of: date) -> tuple[str, dict[str, str]]:
    calendar, today = rulebook(session).calendar, as_of.isoformat()
    open_one = f"""EXISTS (
        SELECT 1 FROM project AS q JOIN deadline AS d ON d.project_id = q.id
        WHERE q.contract_id = c.id AND d.status = 'open' AND d.clock IN ({_SETTLEMENT}) AND """
    if due is Due.OVERDUE:
        return f"{open_one} d.rolled_on < :today)", {"today": today}
    ahead = calendar.workday(as_of, (Workdays(3) if due is Due.SOON else AHEAD).count).isoformat()
    return f"{open_one} d.safe_on <= :ahead AND d.rolled_on >= :today)", {"today": today, "ahead": ahead}


def _with_projects(session: Session, rows: list[dict[str, Any]], reader: Person, as_of: date) -> list[dict[str, Any]]:
    """Add how many projects stand where, and the settlement deadline that comes first."""
    if not rows:
        return []
    where = readable_by(reader)
    where.add("p.contract_id IN :contracts", contracts=[row["id"] for row in rows])
    counts: dict[int, dict[str, int]] = {}
    for found in where.rows(session, _STAGES):
        counts.setdefault(found["contract_id"], {})[found["stage"]] = found["n"]
    first: dict[int, dict[str, Any]] = {}
    book = rulebook(session)
    for found in where.rows(session, _FIRST_DUE):
        first.setdefault(found["contract_id"], shown(found, book, as_of))
    return [
        row
        | {"route_label": Route(row["route"]).label, "projects": sum(counts.get(row["id"], {}).values())}
        | {"running": sum(n for stage, n in counts.get(row["id"], {}).items() if Stage(stage) in RUNNING)}
        | {"deadline": first.get(row["id"])}
        for row in rows
    ]


_STAGES = "SELECT p.contract_id, p.stage, count(*) AS n FROM project AS p WHERE {where} GROUP BY p.contract_id, p.stage"
_FIRST_DUE = f"""
    SELECT p.contract_id, d.clock, d.rule, d.status, d.started_on, d.printed_on, d.rolled_on, d.safe_on, d.provisional,
           d.stopped_on, p.code AS project, p.name, p.stage, '' AS unit
    FROM deadline AS d JOIN project AS p ON p.id = d.project_id
    WHERE {{where}} AND d.status = 'open' AND d.clock IN ({_SETTLEMENT}) ORDER BY p.contract_id, d.safe_on, p.code"""


# --- one contract -------------------------------------------------------------------------------------


def contract_sheet(session: Session, contract_id: int, *, reader: Person | None, at: datetime) -> dict[str, Any]:
    """One contract: its parties, each project with its money and the step it waits for, and the settlement deadlines.

    Raises Refused for an unknown contract, and for one of which the reader may see no project.
    """
    head = _head(session, contract_id)
    money = waterfall_under(session, contract_id, reader=reader)
    if money["scope"]["limited_to"] and not money["projects"]:
        within = money["scope"]["limited_to"]
        raise Refused(f"Không có hợp đồng số «{head['number']}» trong phạm vi xem của {within}; hãy kiểm tra số.")
    projects = [_project(session, row, at) for row in money["projects"]]
    today = at.astimezone(OFFICE_TIME).date()
    deadlines = [
        row
        for project in projects
        for row in deadlines_of(session, project["code"], as_of=today)
        if row["kind"] in SETTLEMENT
    ]
    waits = [project["code"] for project in projects if project.pop("running")]
    return head | {"projects": projects, "waits_for": waits, "deadlines": deadlines}


def _head(session: Session, contract_id: int) -> dict[str, Any]:
    where = Where()
    where.add("c.id = :id", id=contract_id)
    found = where.rows(session, _HEAD)
    if not found:
        raise Refused("Không có hợp đồng này; hãy mở lại danh sách hợp đồng.")
    return found[0] | {"party_a": party_a(session, found[0])}


_HEAD = """
    SELECT c.number, c.signed_on, c.signer, c.authority, c.route, u.name AS unit, c.party_a, c.party_b, c.total
    FROM contract AS c JOIN unit AS u ON u.id = c.unit_id WHERE {where}"""


def _project(session: Session, row: dict[str, Any], at: datetime) -> dict[str, Any]:
    facts, judgement = next_step(session, row["code"], at)
    waiting = judgement and {
        "action": judgement.step.action,
        "label": judgement.step.label,
        "reasons": list(judgement.closed_by),
    }
    head = {name: row[name] for name in ("code", "name", "stage", "stage_label")}
    contracted = {source: sums["contracted"] for source, sums in row["sources"].items()}
    return head | {
        "contracted": contracted,
        "money": cash(facts),
        "waiting_for": waiting,
        "running": facts.stage in RUNNING,
    }


def refuse_hidden_contract(session: Session, contract_id: int, reader: Person) -> None:
    """Refuse a contract of which the reader may see no project, as one that does not exist."""
    where = readable_by(reader)
    is_limited = bool(where.conditions)
    where.add("p.contract_id = :contract", contract=contract_id)
    if is_limited and not where.rows(session, "SELECT p.id FROM project AS p WHERE {where} LIMIT 1"):
        raise Refused("Không có hợp đồng này; hãy mở lại danh sách hợp đồng.")


def contract_events(session: Session, contract_id: int, *, reader: Person | None) -> list[dict[str, Any]]:
    """What was signed, added and taken back, the latest first; amounts in đồng, of projects that the reader sees."""
    where = Where()
    where.add("e.subject_kind = 'contract' AND e.subject_id = :id", id=contract_id)
    visible = readable_by(reader)
    visible.add("l.contract_id = :id", id=contract_id)
    lines: dict[int, list[dict[str, Any]]] = {}
    for row in visible.rows(session, _LINES):
        label = Source(row["source"]).label
        lines.setdefault(row["event_id"], []).append(
            {"code": row["code"], "source_label": label, "amount": row["amount"] * row["direction"]}
        )
    events = where.rows(session, _EVENTS)
    return [_event(row, lines.get(row["id"], [])) for row in events]


def _event(row: dict[str, Any], lines: list[dict[str, Any]]) -> dict[str, Any]:
    body = json.loads(row.pop("body"))
    grows = any(line["amount"] > 0 for line in lines)
    label = "Ký hợp đồng" if row["action"] == "open" else "Thêm hoặc tăng giá trị" if grows else "Giảm hoặc rút lại"
    return row | {"label": label, "signer": body["signer"], "lines": lines}


_EVENTS = """
    SELECT e.id, e.seq, e.action, e.recorded_at, e.decided_on, e.number, e.note, e.hash, e.body, r.name AS by_name
    FROM event AS e LEFT JOIN person AS r ON r.id = e.recorded_by WHERE {where} ORDER BY e.seq DESC"""
_LINES = """
    SELECT l.event_id, p.code, l.source, l.amount, l.direction
    FROM contract_line AS l JOIN project AS p ON p.id = l.project_id WHERE {where} ORDER BY l.event_id, l.line"""


# --- what may be signed -------------------------------------------------------------------------------

#: More projects than this are in no contract.
MOST_LINES = 200


def signable(
    session: Session, *, reader: Person, codes: Iterable[str] = (), unit: str = "", route: Route | None = None
) -> list[dict[str, Any]]:
    """Approved projects without a contract, of one unit and route where these are named, and those of `codes`.

    `granted` is what stands as approved, in đồng of the state fund, with the counterpart beside it.
    """
    where, listed = readable_by(reader), sorted(set(codes))
    conditions, parameters = ["p.stage = 'approved'"], {}
    if unit:
        conditions.append("u.code = :unit")
        parameters["unit"] = unit
    if route is not None:
        conditions.append("p.route = :route")
        parameters["route"] = str(route)
    chosen = " AND ".join(conditions)
    if listed:
        where.add(f"({chosen}) OR p.code IN :codes", codes=listed, **parameters)
    else:
        where.add(chosen, **parameters)
    rows = where.rows(session, _SIGNABLE, limit=MOST_LINES + len(listed))
    return [row | {"stage_label": stage_label(Stage(row["stage"]), Route(row["route"]))} for row in rows]


_FUND = "CASE p.route " + " ".join(f"WHEN '{route}' THEN '{fund}'" for route, fund in STATE_FUND.items()) + " END"
_SIGNABLE = f"""
    SELECT p.code, p.name, p.route, p.stage, p.plan_year, p.version, u.code AS unit, u.name AS unit_name,
           coalesce(f.approved + f.adjusted, 0) AS granted, coalesce(c.approved + c.adjusted, 0) AS counterpart
    FROM project AS p JOIN unit AS u ON u.id = p.unit_id
    LEFT JOIN funding AS f ON f.project_id = p.id AND f.source = {_FUND}
    LEFT JOIN funding AS c ON c.project_id = p.id AND c.source = '{Source.COUNTERPART}'
    WHERE {{where}} ORDER BY p.code LIMIT :limit"""


def contract_years(session: Session) -> list[int]:
    """The years in which contracts were signed, the latest first."""
    rows = Where().rows(session, "SELECT min(signed_on) AS first, max(signed_on) AS last FROM contract")
    first, last = rows[0]["first"], rows[0]["last"]
    return list(range(int(last[:4]), int(first[:4]) - 1, -1)) if first else []
