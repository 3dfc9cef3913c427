"""How far a programme is: targets and money as a cumulative funnel, with the projects behind each number.

planned: projects submitted and still in the plan · approved: what decisions granted, stopped projects
included · implemented: what was accepted · settled: what was settled. Money in đồng. Basis: design, "Counting".
"""

import json
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from states.refusal import Refused
from states.vocabulary import Source

STEPS = ("planned", "approved", "implemented", "settled")


def programmes(session: Session) -> list[dict[str, Any]]:
    """Every programme with the number of its projects."""
    rows = session.connection().execute(_PROGRAMMES).mappings()
    return [dict(row) | {"verified": bool(row["verified"])} for row in rows]


_PROGRAMMES = text("""
    SELECT p.code, p.name, p.number, p.start_year, p.end_year, p.verified,
           (SELECT count(*) FROM project WHERE programme_id = p.id) AS projects
    FROM programme AS p ORDER BY p.start_year, p.code""")


def current_programme(session: Session, today: date) -> str:
    """The programme to show when none is named: that of today, unless only another one has projects.

    Raises Refused when the register holds no programme.
    """
    known = programmes(session)
    if not known:
        raise Refused("Sổ chưa có chương trình nào; hãy nạp tệp chương trình (dean programme load TỆP).")
    running = [p for p in known if p["start_year"] <= today.year <= p["end_year"] and p["projects"]]
    used = [p for p in known if p["projects"]]
    return str((running or used or known)[-1]["code"])


def programme_status(session: Session, code: str, *, with_projects: bool = True) -> dict[str, Any]:
    """Targets and money of one programme. Raises Refused for an unknown code."""
    head = session.connection().execute(_HEAD, {"code": code}).mappings().one_or_none()
    if head is None:
        raise Refused(f"Không có chương trình «{code}»; hãy xem dean programme list.")
    contents = _contents(session, head["id"])
    sources = {source: _added(content["money"][source] for content in contents) for source in Source}
    return {
        "programme": {
            "code": head["code"],
            "name": head["name"],
            "number": head["number"],
            "start_year": head["start_year"],
            "end_year": head["end_year"],
            "verified": bool(head["verified"]),
            "projects": head["projects"],
        },
        "money": {str(source): sums for source, sums in sources.items()} | {"total": _added(sources.values())},
        "contents": contents,
        "targets": _targets(session, head["id"], with_projects=with_projects),
    }


_HEAD = text("""
    SELECT id, code, name, number, start_year, end_year, verified,
           (SELECT count(*) FROM project WHERE programme_id = p.id AND stage <> 'draft') AS projects
    FROM programme AS p WHERE code = :code""")


def _contents(session: Session, programme_id: int) -> list[dict[str, Any]]:
    rows = session.connection().execute(_CONTENT_NAMES, {"id": programme_id}).mappings()
    contents = {
        row["no"]: {
            "no": row["no"],
            "code": row["code"],
            "name": row["name"],
            "money": {str(s): _nothing() for s in Source},
        }
        for row in rows
    }
    for row in session.connection().execute(_BUDGETS, {"id": programme_id}):
        contents[row.content_no]["money"][row.source]["budget"] = row.amount
    for row in session.connection().execute(_MONEY, {"id": programme_id}):
        sums = contents[row.content_no]["money"][row.source]
        for step in STEPS:
            sums[step] = int(getattr(row, step))
    for content in contents.values():
        content["money"]["total"] = _added(content["money"].values())
    return list(contents.values())


_CONTENT_NAMES = text("SELECT no, code, name FROM content WHERE programme_id = :id ORDER BY no")
_BUDGETS = text("SELECT content_no, source, amount FROM budget WHERE programme_id = :id")
_MONEY = text("""
    SELECT content_no, source, sum(asked * counted) AS planned, sum(approved + adjusted) AS approved,
           sum(accepted) AS implemented, sum(settled) AS settled
    FROM funding WHERE programme_id = :id GROUP BY content_no, source""")


def _nothing() -> dict[str, int]:
    return dict.fromkeys(("budget", *STEPS), 0)


def _added(parts: Any) -> dict[str, int]:
    total = _nothing()
    for part in parts:
        for key, amount in part.items():
            total[key] += amount
    return total


def _targets(session: Session, programme_id: int, *, with_projects: bool) -> list[dict[str, Any]]:
    sums = {
        row.target_code: {step: int(getattr(row, step)) for step in STEPS}
        for row in session.connection().execute(_QUANTITIES, {"id": programme_id})
    }
    behind: dict[str, list[dict[str, Any]]] = {}
    if with_projects:
        for row in session.connection().execute(_BEHIND, {"id": programme_id}).mappings():
            behind.setdefault(row["target_code"], []).append({k: row[k] for k in ("code", "stage", *STEPS)})
    targets = []
    for row in session.connection().execute(_TARGETS, {"id": programme_id}).mappings():
        reached = sums.get(row["code"], dict.fromkeys(STEPS, 0))
        goal = row["quantity"] if row["quantity"] is not None else row["quantity_min"]
        target = {key: row[key] for key in ("code", "content_no", "name", "unit")}
        target["unit_aliases"] = json.loads(row["unit_aliases"])["aliases"]
        target |= {key: row[key] for key in ("quantity", "quantity_min", "quantity_max")}
        target |= reached
        # Whole percent, rounded down: a target is not reached before it is.
        target["percent"] = reached["implemented"] * 100 // goal if goal else None
        target["projects"] = behind.get(row["code"], [])
        targets.append(target)
    return targets


_TARGETS = text("""
    SELECT code, content_no, name, unit, unit_aliases, quantity, quantity_min, quantity_max
    FROM target WHERE programme_id = :id ORDER BY content_no, line""")
_QUANTITIES = text("""
    SELECT target_code, sum(planned * counted) AS planned, sum(approved) AS approved,
           sum(accepted) AS implemented, sum(settled) AS settled
    FROM contribution WHERE programme_id = :id GROUP BY target_code""")
_BEHIND = text("""
    SELECT c.target_code, p.code, p.stage, c.planned * c.counted AS planned, c.approved,
           c.accepted AS implemented, c.settled
    FROM contribution AS c JOIN project AS p ON p.id = c.project_id
    WHERE c.programme_id = :id AND (c.counted = 1 OR c.approved > 0) ORDER BY p.code""")
