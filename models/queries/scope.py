"""What a person may read, as a condition of the SQL, and how a page of rows is cut."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import TextClause, bindparam, text
from sqlmodel import Session

from states.facts import Person
from states.refusal import Refused
from states.vocabulary import Role, Stage

#: A list that nobody limits shows this many rows; no list shows more than the largest.
PAGE = 50
LARGEST_PAGE = 1000
#: In every refusal of a project that the reader's scope hides, or that does not exist: nobody can tell which.
OUT_OF_SIGHT = "trong phạm vi xem"
#: Doors ask for one row more than they show, to know whether another page follows.
AND_ONE = 1


@dataclass(slots=True)
class Where:
    """Conditions joined by AND, with their parameters. A list or set as a value is for an IN condition."""

    conditions: list[str] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)

    def add(self, condition: str, **parameters: Any) -> None:
        self.conditions.append(condition)
        self.parameters |= parameters

    def __str__(self) -> str:
        return " AND ".join(f"({condition})" for condition in self.conditions) or "1 = 1"

    def statement(self, sql: str) -> TextClause:
        """Finish `sql`, in which {where} stands for the conditions; names of columns never come from outside."""
        several = [name for name, value in self.parameters.items() if isinstance(value, list)]
        return text(sql.format(where=self)).bindparams(*(bindparam(name, expanding=True) for name in several))

    def rows(self, session: Session, sql: str, **more: Any) -> list[dict[str, Any]]:
        found = session.connection().execute(self.statement(sql), self.parameters | more).mappings()
        return [plain_row(row) for row in found]


def readable_by(reader: Person | None) -> Where:
    """Conditions on `project AS p`: a commune viewer sees the area and no drafts, a centre officer the own unit.

    Everyone else reads everything, and so does a door that asks for nobody in particular.
    """
    where = Where()
    if reader is None:
        return where
    if reader.role is Role.CENTRE_OFFICER:
        where.add("p.unit_id = :reader_unit", reader_unit=reader.unit_id)
    if reader.role is Role.COMMUNE_VIEWER:
        where.add("p.stage <> :draft", draft=str(Stage.DRAFT))
        where.add("p.place_id IN :reader_area", reader_area=sorted(reader.place_ids or ()))
    return where


def project_id_of(session: Session, code: str, reader: Person | None) -> int:
    """The id of a project that the reader may see. Raises Refused alike for an unknown and a hidden one."""
    where = readable_by(reader)
    where.add("p.code = :code", code=code)
    found = where.rows(session, "SELECT p.id FROM project AS p WHERE {where}")
    if not found:
        seen = f" {OUT_OF_SIGHT} của {reader.name}" if reader and where.conditions[:-1] else ""
        raise Refused(f"Không có đề án {code}{seen}; hãy kiểm tra mã (dean project search).")
    return int(found[0]["id"])


def refuse_hidden(session: Session, code: str, reader: Person | None) -> None:
    """Refuse a project that the reader may not see, in the same words as one that does not exist."""
    project_id_of(session, code, reader)


def page(limit: int, offset: int) -> dict[str, int]:
    """Bound what one read may ask for."""
    if not 1 <= limit <= LARGEST_PAGE + AND_ONE:
        raise Refused(f"Mỗi lần xem từ 1 đến {LARGEST_PAGE} dòng; hãy ghi --limit trong khoảng đó.")
    if not 0 <= offset < 2**63:
        raise Refused("Số dòng bỏ qua phải từ 0 trở lên; hãy ghi lại --offset.")
    return {"limit": limit, "offset": offset}


def plain_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row as both databases would give it in JSON: PostgreSQL brings dates and instants, SQLite their text."""
    return {str(key): plain_value(value) for key, value in row.items()}


def plain_value(value: Any) -> Any:
    if isinstance(value, datetime):
        # Only PostgreSQL gets here, and the columns bring its dialect with them.
        from models.columns import instant_text

        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value
