"""Prove that every figure of money says the same wherever it stands: `dean reconcile`.

Balances against entries, entries against events told again, closed lines against their two equations, contracts,
decisions, acceptances and recoveries against the projects, parts against wholes, the status of programmes against
all of them. `dean verify` finds what was changed behind the ledger's back; this finds what does not add up, whoever
wrote it, and says it in đồng.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.difference import Behind, Difference, Scope, behind
from models.project_equations import check_project
from models.retold import Retold, retell
from models.standing import Standing, line_rows, read_stretch, stretches
from models.status_figures import check_status
from models.whole_and_parts import RetoldWhole, check_parts, read_whole
from states.words import format_number

#: A longer list would help nobody, and memory must stay bounded.
MOST_DIFFERENCES = 10_000
#: What a person is told of the amount of work.
_COUNTED = {
    "projects": "đề án",
    "contracts": "hợp đồng",
    "decisions": "quyết định",
    "entries": "khoản tiền",
    "events": "sự kiện của đề án",
}


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a reconciliation found: `ok` when every equation holds, and how much was looked at."""

    ok: bool
    checked: dict[str, int]
    differences: tuple[Difference, ...]

    def lines(self, *, most: int = MOST_DIFFERENCES) -> list[str]:
        """The result as a person reads it: one sentence when all is well, else each difference with its rows."""
        looked_at = ", ".join(f"{format_number(self.checked[name])} {words}" for name, words in _COUNTED.items())
        if self.ok:
            return [f"Đối chiếu khớp đến từng đồng: {looked_at}."]
        told = [f"Đối chiếu thấy {format_number(len(self.differences))} chỗ lệch trong {looked_at}:"]
        for difference in self.differences[:most]:
            told.append(f"- {difference.sentence}")
            told += [f"    {row}" for row in difference.rows]
            if (left := difference.row_count - len(difference.rows)) > 0:
                told.append(f"    … và {format_number(left)} dòng nữa")
        if len(self.differences) > most or len(self.differences) == MOST_DIFFERENCES:
            told.append("… chỉ liệt kê những chỗ lệch đầu tiên; có thể còn chỗ khác (dean reconcile).")
        return told

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "checked": self.checked,
            "differences": [difference.as_json() for difference in self.differences],
        }


@dataclass(slots=True)
class _Counts:
    """What streamed by."""

    projects: int = 0
    events: int = 0
    retold: RetoldWhole = field(default_factory=RetoldWhole)


def reconcile(session: Session) -> Reconciliation:
    """Compare every figure of money with every other way of computing it, in the caller's one consistent view."""
    counts = _Counts()
    found = chain(_projects(session, counts), _papers(session), _wholes(session, counts))
    differences = tuple(islice(found, MOST_DIFFERENCES))
    return Reconciliation(not differences, _checked(session, counts), differences)


def _projects(session: Session, counts: _Counts) -> Iterator[Difference]:
    """Each project by itself. A stretch of projects is read, then their events stream by in the same order."""
    for after, until in stretches(session):
        standing = read_stretch(session, after, until)
        for told in retell(session, after=after, until=until):
            project = standing.pop(told.project_id, None) or Standing(told.project_id)
            yield from _project(session, project, told, counts)
        # What is left has rows, and no event at all.
        for project in standing.values():
            yield from _project(session, project, Retold(project.id), counts)


def _project(session: Session, project: Standing, told: Retold, counts: _Counts) -> Iterator[Difference]:
    counts.projects += bool(project.code)
    counts.events += told.events
    counts.retold.add(told)
    if found := list(check_project(session, project, told)):
        counts.retold.remember(project, told)
        yield from found


def _papers(session: Session) -> Iterator[Difference]:
    """The total of a contract or decision is the state support of its lines. Basis: design §9, "Approval"."""
    for table, scope in (("contract", Scope.CONTRACT), ("decision", Scope.DECISION)):
        sql = f"""
            SELECT s.id, s.number, s.total, coalesce(sum(l.amount * l.direction), 0) AS granted
            FROM {table} AS s LEFT JOIN {table}_line AS l ON l.{table}_id = s.id AND l.source <> 'counterpart'
            GROUP BY s.id, s.number, s.total HAVING s.total <> coalesce(sum(l.amount * l.direction), 0) ORDER BY s.id"""
        for row in session.connection().execute(text(sql)).all():
            own = f"{table}_id = :id AND source <> 'counterpart'"
            rows = [Behind(table, f"id={row.id}", row.total), *line_rows(session, f"{table}_line", own, id=row.id)]
            words = (f"tổng hỗ trợ của {scope.label.lower()}", "cộng các dòng vốn nhà nước")
            yield Difference(scope, row.number, None, *words, row.total, int(row.granted), **behind(rows))


def _wholes(session: Session, counts: _Counts) -> Iterator[Difference]:
    whole = read_whole(session)
    yield from check_parts(session, whole, counts.retold)
    for programme_id in whole.programme_ids:
        if programme_id in whole.programmes:
            yield from check_status(session, programme_id, whole.programmes[programme_id])


def _checked(session: Session, counts: _Counts) -> dict[str, int]:
    tables = {"entries": "money_entry", "contracts": "contract", "decisions": "decision", "acceptances": "acceptance"}
    counted = {
        name: session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        for name, table in tables.items()
    }
    return {"projects": counts.projects, "events": counts.events, **counted}
