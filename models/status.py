"""How far a programme is: targets and money as a cumulative funnel, with the projects behind each number.

planned: projects submitted and still in the plan · approved: what decisions granted, stopped projects
included · implemented: what was accepted · settled: what was settled. Money in đồng. Basis: design, "Counting".
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlmodel import Session

from states.refusal import Refused
from states.vocabulary import Source
from states.words import whole_percent

STEPS = ("planned", "approved", "implemented", "settled")


class Sums(NamedTuple):
    """The funnel added up: đồng by content and source, work by target; each by step."""

    money: Mapping[tuple[int, str], Mapping[str, int]]
    work: Mapping[str, Mapping[str, int]]


def programmes(session: Session) -> list[dict[str, Any]]:
    """Every programme with the number of its projects."""
    rows = session.connection().execute(_PROGRAMMES).mappings()
    return [dict(row) | {"verified": bool(row["verified"])} for row in rows]


_PROGRAMMES = text("""
    SELECT p.code, p.name, p.number, p.start_year, p.end_year, p.verified,
           (SELECT count(*) FROM project WHERE programme_id = p.id) AS projects
    FROM programme AS p ORDER BY p.start_year, p.code""")


def programme_heads(session: Session) -> list[dict[str, Any]]:
    """Every programme without a count, which would go through a million rows: `projects` says whether it has any."""
    rows = session.connection().execute(_HEADS).mappings()
    return [dict(row) | {"verified": bool(row["verified"]), "projects": bool(row["projects"])} for row in rows]


_HEADS = text("""
    SELECT p.code, p.name, p.number, p.start_year, p.end_year, p.verified,
           EXISTS (SELECT 1 FROM project WHERE programme_id = p.id) AS projects
    FROM programme AS p ORDER BY p.start_year, p.code""")


def programme_of_year(session: Session, year: int, given: str | None = None) -> str:
    """The programme that is named, or the one that runs in a year. Raises Refused where that is not exactly one."""
    if given is not None:
        return given
    codes = [row["code"] for row in programme_heads(session) if row["start_year"] <= year <= row["end_year"]]
    if len(codes) != 1:
        found = f"có {len(codes)} chương trình" if codes else "chưa có chương trình nào"
        raise Refused(f"Năm {year} {found}; hãy ghi --programme MÃ (dean programme list).")
    return str(codes[0])


def current_programme(session: Session, today: date) -> str:
    """The programme to show when none is named: that of today, unless only another one has projects.

    Raises Refused when the register holds no programme.
    """
    known = programme_heads(session)
    if not known:
        raise Refused("Sổ chưa có chương trình nào; hãy nạp tệp chương trình (dean programme load TỆP).")
    running = [p for p in known if p["start_year"] <= today.year <= p["end_year"] and p["projects"]]
    used = [p for p in known if p["projects"]]
    return str((running or used or known)[-1]["code"])


def programme_status(session: Session, code: str, *, with_projects: bool = True) -> dict[str, Any]:
    """Targets and money of one programme. Raises Refused for an unknown code."""
    head = session.connection().execute(_HEAD, {"code": code}).mappings().one_or_none()
    if head is None:
        raise unknown_programme(code)
    behind = _behind(session, head["id"]) if with_projects else {}
    programme = {name: head[name] for name in ("code", "name", "number", "start_year", "end_year")}
    programme |= {"verified": bool(head["verified"]), "projects": head["projects"]}
    return {"programme": programme} | dressed(session, head["id"], sums_of(session, head["id"]), behind)


def unknown_programme(code: str) -> Refused:
    return Refused(f"Không có chương trình «{code}»; hãy xem dean programme list.")


def sums_of(session: Session, programme_id: int) -> Sums:
    """Add up the balances of a programme."""
    money = session.connection().execute(_MONEY, {"id": programme_id})
    work = session.connection().execute(_QUANTITIES, {"id": programme_id})
    return Sums(
        {(row.content_no, row.source): {step: int(getattr(row, step)) for step in STEPS} for row in money},
        {row.target_code: {step: int(getattr(row, step)) for step in STEPS} for row in work},
    )


def dressed(
    session: Session, programme_id: int, sums: Sums, behind: Mapping[str, list[dict[str, Any]]] | None = None
) -> dict[str, Any]:
    """Sums beside what the programme asks for: `money` by source, `contents` and `targets` with their names."""
    contents = _contents(session, programme_id, sums)
    sources = {source: _added(content["money"][source] for content in contents) for source in Source}
    return {
        "money": {str(source): added for source, added in sources.items()} | {"total": _added(sources.values())},
        "contents": contents,
        "targets": _targets(session, programme_id, sums, behind or {}),
    }


_HEAD = text("""
    SELECT id, code, name, number, start_year, end_year, verified,
           (SELECT count(*) FROM project WHERE programme_id = p.id AND stage <> 'draft') AS projects
    FROM programme AS p WHERE code = :code""")


def _contents(session: Session, programme_id: int, sums: Sums) -> list[dict[str, Any]]:
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
    for (content_no, source), steps in sums.money.items():
        contents[content_no]["money"][source] |= steps
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


def _behind(session: Session, programme_id: int) -> dict[str, list[dict[str, Any]]]:
    behind: dict[str, list[dict[str, Any]]] = {}
    for row in session.connection().execute(_BEHIND, {"id": programme_id}).mappings():
        behind.setdefault(row["target_code"], []).append({k: row[k] for k in ("code", "stage", *STEPS)})
    return behind


def _targets(
    session: Session, programme_id: int, sums: Sums, behind: Mapping[str, list[dict[str, Any]]]
) -> list[dict[str, Any]]:
    targets = []
    for row in session.connection().execute(_TARGETS, {"id": programme_id}).mappings():
        reached = sums.work.get(row["code"], dict.fromkeys(STEPS, 0))
        goal = row["quantity"] if row["quantity"] is not None else row["quantity_min"]
        target = {key: row[key] for key in ("code", "content_no", "name", "unit")}
        target["unit_aliases"] = json.loads(row["unit_aliases"])["aliases"]
        target |= {key: row[key] for key in ("quantity", "quantity_min", "quantity_max")}
        target |= reached
        target["percent"] = whole_percent(reached["implemented"], goal) if goal else None
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
