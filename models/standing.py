"""What the tables say of the money of each project, read for a stretch of projects at a time and added up by SQL."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.difference import Behind
from models.problem import named
from models.retold import LARGEST_ID
from states.vocabulary import STATE_FUND, MoneyKind, RequestStatus, Route, Source, Stage

KINDS = tuple(MoneyKind)
#: Projects read at a time: what is held in memory does not grow with the register.
STRETCH = 500

Sums = dict[str, tuple[int, ...]]
NOTHING = (0,) * len(KINDS)


@dataclass(slots=True)
class Standing:
    """One project in the tables, in đồng: balances and entries by source (one figure per kind), and the rows beside.

    `contract_lines` and `decision_lines` by (id, source); `accepted` is what the standing acceptances of the whole
    (None) or of each beneficiary say, as (state support, counterpart), `accepted_entries` the same from the entries;
    `demands` is what the schedule of each event demands back.
    A row of money whose project does not exist stands under a project without a code.
    """

    id: int
    code: str = ""
    stage: Stage = Stage.DRAFT
    fund: Source = Source.LOCAL_FUND
    contract_id: int | None = None
    is_vouched: bool = False
    balances: Sums = field(default_factory=dict)
    entries: Sums = field(default_factory=dict)
    contract_lines: dict[tuple[int, str], int] = field(default_factory=dict)
    decision_lines: dict[tuple[int, str], int] = field(default_factory=dict)
    accepted: dict[int | None, tuple[int, int]] = field(default_factory=dict)
    accepted_entries: dict[int | None, tuple[int, int]] = field(default_factory=dict)
    demands: dict[int, int] = field(default_factory=dict)
    adjustments: set[int] = field(default_factory=set)

    @property
    def subject(self) -> str:
        return self.code or f"id={self.id} (không có trong sổ)"

    def amount(self, kind: MoneyKind, source: str) -> int:
        """The sum of the entries of one kind from one source."""
        return self.entries.get(source, NOTHING)[KINDS.index(kind)]


def stretches(session: Session) -> Iterator[tuple[int, int]]:
    """The whole space of ids in pieces of so many projects each: above the first number, up to the second."""
    after = -LARGEST_ID
    while True:
        found = session.connection().execute(_LAST, {"after": after, "place": STRETCH - 1}).scalar()
        if found is None:
            yield after, LARGEST_ID
            return
        yield after, found
        after = found


_LAST = text("SELECT id FROM project WHERE id > :after ORDER BY id LIMIT 1 OFFSET :place")


def read_stretch(session: Session, after: int, until: int) -> dict[int, Standing]:
    """The projects of a stretch by id, with everything that names one of them."""

    def rows(sql: str) -> Iterator[Any]:
        return iter(session.connection().execute(text(sql), {"after": after, "until": until}))

    found = {row.project_id: _project(row) for row in rows(_PROJECTS)}
    for sql, put in _BESIDE:
        for row in rows(sql):
            put(found.setdefault(row.project_id, Standing(row.project_id)), row)
    return found


def _project(row: Any) -> Standing:
    fund = STATE_FUND[Route(row.route)]
    is_vouched = row.vouched_by is not None
    return Standing(row.project_id, row.code, Stage(row.stage), fund, row.contract_id, is_vouched)


def _put_balances(project: Standing, row: Any) -> None:
    project.balances[row.source] = tuple(row)[2:]


def _put_entries(project: Standing, row: Any) -> None:
    # PostgreSQL adds integers up to a decimal.
    project.entries[row.source] = tuple(map(int, tuple(row)[2:]))


def _put_contract(project: Standing, row: Any) -> None:
    project.contract_lines[row.contract_id, row.source] = int(row.amount)


def _put_decision(project: Standing, row: Any) -> None:
    project.decision_lines[row.decision_id, row.source] = int(row.amount)


def _put_acceptance(project: Standing, row: Any) -> None:
    project.accepted[row.beneficiary_id] = int(row.support), int(row.counterpart)


def _put_accepted(project: Standing, row: Any) -> None:
    project.accepted_entries[row.beneficiary_id] = int(row.support), int(row.counterpart)


def _put_demand(project: Standing, row: Any) -> None:
    project.demands[row.event_id] = int(row.amount)


def _put_adjustment(project: Standing, row: Any) -> None:
    project.adjustments.add(row.id)


_STRETCH = "project_id > :after AND project_id <= :until"
_PROJECTS = """
    SELECT id AS project_id, code, stage, route, contract_id, vouched_by
    FROM project WHERE id > :after AND id <= :until"""
_PIVOT = ", ".join(f"sum(CASE WHEN kind = '{kind}' THEN amount * direction ELSE 0 END) AS {kind}" for kind in KINDS)
_FROM_STATE, _FROM_OWNER = (
    f"sum(CASE WHEN source {sign} '{Source.COUNTERPART}' THEN amount * direction ELSE 0 END)" for sign in ("<>", "=")
)
#: What is read beside the projects, and where it goes.
_BESIDE = (
    (f"SELECT project_id, source, {', '.join(KINDS)} FROM funding WHERE {_STRETCH}", _put_balances),
    (
        f"SELECT project_id, source, {_PIVOT} FROM money_entry WHERE {_STRETCH} GROUP BY project_id, source",
        _put_entries,
    ),
    (
        f"SELECT project_id, contract_id, source, sum(amount * direction) AS amount FROM contract_line "
        f"WHERE {_STRETCH} GROUP BY project_id, contract_id, source",
        _put_contract,
    ),
    (
        f"SELECT project_id, decision_id, source, sum(amount * direction) AS amount FROM decision_line "
        f"WHERE {_STRETCH} GROUP BY project_id, decision_id, source",
        _put_decision,
    ),
    (
        f"SELECT project_id, beneficiary_id, sum(support * direction) AS support, "
        f"sum(counterpart * direction) AS counterpart FROM acceptance "
        f"WHERE {_STRETCH} GROUP BY project_id, beneficiary_id",
        _put_acceptance,
    ),
    (
        f"SELECT project_id, beneficiary_id, {_FROM_STATE} AS support, {_FROM_OWNER} AS counterpart FROM money_entry "
        f"WHERE {_STRETCH} AND kind = '{MoneyKind.ACCEPTED}' GROUP BY project_id, beneficiary_id",
        _put_accepted,
    ),
    (
        f"SELECT project_id, event_id, sum(amount) AS amount FROM recovery_due "
        f"WHERE {_STRETCH} AND direction = 1 GROUP BY project_id, event_id",
        _put_demand,
    ),
    (
        f"SELECT project_id, id FROM adjustment WHERE {_STRETCH} AND status = '{RequestStatus.APPROVED}'",
        _put_adjustment,
    ),
)


# --- the rows behind a figure -------------------------------------------------------------------------


def entry_rows(session: Session, project_id: int, source: str, *kinds: MoneyKind) -> Iterator[Behind]:
    """The entries of one project from one source, of these kinds."""
    wanted = ", ".join(f"'{kind}'" for kind in kinds)
    where = f"project_id = :project AND source = :source AND kind IN ({wanted})"
    return line_rows(session, "money_entry", where, project=project_id, source=source)


def line_rows(
    session: Session, table: str, where: str, *, column: str = "amount", **parameters: Any
) -> Iterator[Behind]:
    """Rows of a table of lines with what each adds; `where` is SQL of this package."""
    sql = f"SELECT event_id, line, {column} * direction AS amount FROM {table} WHERE {where} ORDER BY event_id, line"
    for row in session.connection().execute(text(sql), parameters):
        yield Behind(table, named(table, (row.event_id, row.line)), int(row.amount))
