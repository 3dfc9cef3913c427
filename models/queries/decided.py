"""Approving decisions on record: a page of them, and one with its lines and papers."""

from typing import Any

from sqlmodel import Session

from models.queries.places import bodies
from models.queries.scope import PAGE, Where, page, readable_by
from states.facts import Person
from states.lifecycle import stage_label
from states.refusal import Refused
from states.vocabulary import Authority, Paper, Route, Source, Stage


def decision_list(
    session: Session, *, year: int | None = None, words: str = "", limit: int = PAGE, offset: int = 0
) -> list[dict[str, Any]]:
    """One page of decisions, the newest first, with the number of projects that each grants something to."""
    where = Where()
    if year is not None:
        where.add("d.decided_on BETWEEN :since AND :until", since=f"{year:04d}-01-01", until=f"{year:04d}-12-31")
    if words:
        where.add("d.number LIKE :words", words=f"%{words}%")
    names = bodies(session)
    return [_headed(row, names) for row in where.rows(session, _LIST, **page(limit, offset))]


# A line that was taken back grants nothing.
_COUNT = """(
    SELECT count(*) FROM (
        SELECT l.project_id FROM decision_line AS l WHERE l.decision_id = d.id
        GROUP BY l.project_id HAVING sum(l.amount * l.direction) > 0) AS granted)"""
_HEAD = f"d.id, d.number, d.decided_on, d.signer, d.authority, d.total, d.annex_total, {_COUNT} AS projects"
_LIST = f"""
    SELECT {_HEAD} FROM decision AS d WHERE {{where}}
    ORDER BY d.decided_on DESC, d.id DESC LIMIT :limit OFFSET :offset"""


def _headed(row: dict[str, Any], names: Any) -> dict[str, Any]:
    label = Authority(row["authority"]).label
    return row | {"authority_label": names.name(row["authority"], row["decided_on"], label)}


def decision_sheet(session: Session, decision_id: int, *, reader: Person | None) -> dict[str, Any]:
    """One decision with the lines of the projects that the reader may see, in the order of their codes.

    A line that was taken back stands there with nothing granted. Raises Refused for an unknown number.
    """
    where = Where()
    where.add("d.id = :id", id=decision_id)
    found = where.rows(session, f"SELECT {_HEAD} FROM decision AS d WHERE {{where}}")
    if not found:
        raise Refused("Không có quyết định này; hãy mở lại danh sách quyết định.")
    visible = readable_by(reader)
    visible.add("l.decision_id = :id", id=decision_id)
    lines: dict[str, dict[str, Any]] = {}
    for row in visible.rows(session, _LINES):
        stage, route = Stage(row["stage"]), Route(row["route"])
        head = {name: row[name] for name in ("code", "name", "unit_name", "stage")}
        line = lines.setdefault(
            row["code"], head | {"stage_label": stage_label(stage, route), "money": {}, "note": row["note"]}
        )
        line["money"][row["source"]] = int(row["amount"])
    sums = {str(s): sum(line["money"].get(str(s), 0) for line in lines.values()) for s in Source}
    shown = {source: amount for source, amount in sums.items() if amount}
    return _headed(found[0], bodies(session)) | {"lines": list(lines.values()), "sums": shown}


_LINES = """
    SELECT p.code, p.name, p.stage, p.route, u.name AS unit_name, l.source, max(l.note) AS note,
           CAST(sum(l.amount * l.direction) AS BIGINT) AS amount
    FROM decision_line AS l JOIN project AS p ON p.id = l.project_id JOIN unit AS u ON u.id = p.unit_id
    WHERE {where} GROUP BY p.code, p.name, p.stage, p.route, u.name, l.source ORDER BY p.code, l.source"""


def decision_of(session: Session, number: str) -> int | None:
    """The latest decision of a number."""
    where = Where()
    where.add("d.number = :number", number=number)
    found = where.rows(session, "SELECT max(d.id) AS id FROM decision AS d WHERE {where}")
    return None if found[0]["id"] is None else int(found[0]["id"])


# --- papers of what is no project ---------------------------------------------------------------------


def papers_on(session: Session, kind: str, subject_id: int) -> list[dict[str, Any]]:
    """The papers of a decision or a contract, the newest first. The caller has seen to who may read it."""
    where = Where()
    where.add("a.subject_kind = :kind AND a.subject_id = :id", kind=kind, id=subject_id)
    return [row | {"label": Paper(row["kind"]).label} for row in where.rows(session, _PAPERS)]


def paper_on(session: Session, kind: str, subject_id: int, event: int, line: int) -> dict[str, Any]:
    """One of them with a file. Raises Refused where there is none."""
    found = [row for row in papers_on(session, kind, subject_id) if (row["event"], row["line"]) == (event, line)]
    if not found or not found[0]["sha256"]:
        raise Refused("Không có tệp này; hãy mở lại trang rồi chọn giấy tờ trong danh sách.")
    return found[0]


_PAPERS = """
    SELECT a.event_id AS event, a.line, a.kind, a.title, a.version, a.number, a.issued_on, a.signer, a.sha256, a.size,
           a.file_name, e.recorded_at, w.name AS recorded_by_name
    FROM paper AS a JOIN event AS e ON e.id = a.event_id LEFT JOIN person AS w ON w.id = e.recorded_by
    WHERE {where} ORDER BY a.event_id DESC, a.line"""
