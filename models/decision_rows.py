"""Decisions as rows: written once, taken back line by line after a mistaken entry, and entered again."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from models.append import SELF, Draft
from models.statement import Statement
from models.subjects import row_of
from states.actions import Entry
from states.folding import fold
from states.refusal import Refused
from states.vocabulary import Authority, Source
from states.words import format_date

Row = dict[str, Any]


def line_row(project_id: int, source: Source, amount: int, note: str) -> Row:
    """What a decision grants to a project from one source, in đồng."""
    return {
        "decision_id": SELF,
        "project_id": project_id,
        "source": str(source),
        "amount": amount,
        "direction": 1,
        "note": note,
    }


def to_enter_again(session: Session, number: str, on: Any, authority: Authority, projects: Iterable[int]) -> int | None:
    """The decision of this number, when all that is to be entered was once entered under it and taken back.

    None when the number is new. Raises Refused when it is known and something else is to be entered: numbers
    start anew each year (Nghị định 30/2020/NĐ-CP), so a number with another day of the same year is a mistake.
    """
    _lock_numbers(session)
    same = [
        row
        for row in _OF_AUTHORITY.rows(session, authority=str(authority))
        if fold(row.number) == fold(number) and str(row.decided_on)[:4] == f"{on:%Y}"
    ]
    if not same:
        return None
    [known] = same
    day = _day(known.decided_on)
    if str(known.decided_on) == on.isoformat():
        standing = {row.project_id: row.granted for row in _STANDING.rows(session, id=known.id)}
        if all(standing.get(project) == 0 for project in projects):
            return int(known.id)
    raise Refused(
        f"Quyết định {known.number} ngày {day} đã được ghi; mỗi quyết định chỉ ghi một lần. Hãy kiểm tra số và ngày, "
        "hoặc dùng quyết định bổ sung cho đề án còn lại."
    )


def _lock_numbers(session: Session) -> None:
    """Two people entering one decision over different projects share no row but the counter, so it is taken first."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("SELECT last_event_id FROM ledger_head WHERE id = 1 FOR UPDATE")


def _day(value: Any) -> str:
    return format_date(value) if not isinstance(value, str) else "/".join(reversed(value.split("-")))


_OF_AUTHORITY = Statement("SELECT id, number, decided_on FROM decision WHERE authority = :authority")
_STANDING = Statement("""
    SELECT project_id, CAST(sum(amount * direction) AS BIGINT) AS granted FROM decision_line WHERE decision_id = :id
    GROUP BY project_id""")


def entered_again(session: Session, decision_id: int, lines: list[Row], total: int) -> Draft:
    """The event that enters lines under a decision again; `total` in đồng is added to what it grants."""
    rows = [row | {"decision_id": decision_id} for row in lines]
    return _changed(session, decision_id, rows, total)


def taken_back(session: Session, decision_id: int, project_id: int) -> Draft:
    """The event that takes the lines of one project out of a decision, with the entries of both kept."""
    _lock_numbers(session)
    found = _LINES.rows(session, decision=decision_id, project=project_id)
    rows = [
        {
            "decision_id": decision_id,
            "project_id": project_id,
            "source": row.source,
            # PostgreSQL adds integers up to a decimal.
            "amount": int(row.amount),
            "direction": -1,
            "note": row.note,
        }
        for row in found
        if row.amount
    ]
    granted = sum(row["amount"] for row in rows if row["source"] != Source.COUNTERPART)
    return _changed(session, decision_id, rows, -granted)


_LINES = Statement("""
    SELECT source, max(note) AS note, CAST(sum(amount * direction) AS BIGINT) AS amount FROM decision_line
    WHERE decision_id = :decision AND project_id = :project GROUP BY source""")


def _changed(session: Session, decision_id: int, rows: list[Row], change: int) -> Draft:
    row = row_of(session, "decision", decision_id, lock=True)
    return Draft(
        "decision",
        str(Entry.CORRECT),
        decision_id,
        row["version"],
        row["previous"],
        set={"total": row["total"] + change},
        was={"total": row["total"]},
        lines={"decision_line": rows},
    )
