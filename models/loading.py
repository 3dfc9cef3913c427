"""Read what the rules judge: projects as facts, people with their scope. Each read takes the lock it needs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, text
from sqlmodel import Session

from models.statement import Statement
from states.facts import Facts, Person
from states.refusal import Refused
from states.vocabulary import Kind, MoneyKind, Paper, Role, Route, Source, Stage, State

_PROJECT = """
    SELECT p.id, p.code, p.version, p.route, p.kind, p.state, p.stage, p.plan_year, p.work_year, p.unit_id,
           p.author_id, a.name AS author_name, p.place_id, p.resume_stage, p.adjustment_open, p.missing,
           p.decided_on, p.moved_at, p.counted, p.programme_id, p.content_no, p.activity, p.total_cost, p.contract_id,
           p.vouched_by,
           e.hash AS previous,
           (SELECT CAST(coalesce(sum(b.direction), 0) AS BIGINT) FROM project_beneficiary AS b
            WHERE b.project_id = p.id) AS named
    FROM project AS p JOIN person AS a ON a.id = p.author_id JOIN event AS e ON e.id = p.last_event_id
"""
_MONEY_KINDS = tuple(MoneyKind)
_MONEY_COLUMNS = ", ".join(_MONEY_KINDS)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A project under judgement: its facts, what the ledger needs to chain the next event, and what a support
    ceiling is measured with: the activity, the whole cost in đồng (0 is unknown) and how many benefit by name.
    """

    id: int
    facts: Facts
    previous: str
    programme_id: int
    content_no: int
    moved_at: Any
    paper_counts: Mapping[Paper, int]
    activity: str
    total_cost: int
    named: int
    contract_id: int | None = None


def load_project(session: Session, code: str, *, lock: bool = False) -> Loaded:
    """Read one project by its code. Raises Refused when there is none."""
    loaded = load_projects(session, [code], lock=lock)
    if code not in loaded:
        raise Refused(f"Không có đề án {code}; hãy kiểm tra mã (dean project search).")
    return loaded[code]


def load_projects(session: Session, codes: Sequence[str], *, lock: bool = False) -> dict[str, Loaded]:
    """Read projects by code, in the order of their ids (the order in which locks are taken)."""
    if lock and session.get_bind().dialect.name == "postgresql":
        _take_locks(session, codes)
    rows = _SELECT_ONE.rows(session, code=codes[0]) if len(codes) == 1 else _many(session, codes)
    ids = [row.id for row in rows]
    money = _FUNDING.of(session, ids)
    quantities = _CONTRIBUTIONS.of(session, ids)
    papers = _PAPERS.of(session, ids)
    return {
        row.code: _loaded(row, money.get(row.id, ()), quantities.get(row.id, ()), papers.get(row.id, ()))
        for row in rows
    }


def _many(session: Session, codes: Sequence[str]) -> list[Any]:
    return list(session.connection().execute(_SELECT_MANY, {"codes": list(codes)}))


def _take_locks(session: Session, codes: Sequence[str]) -> None:
    """Lock contracts before projects, each by id: two last acceptances of one contract must not both think that
    the other is open, and a step that moves the clocks of its siblings must not wait for one that waits for it.

    A lock taken by the reading join itself would wait, then join the new row with the old event, and find none.
    """
    parameters = {"codes": list(codes)}
    session.connection().execute(_LOCK_CONTRACTS, parameters)
    session.connection().execute(_LOCK, parameters)


_LOCK_CONTRACTS = text(
    "SELECT id FROM contract WHERE id IN (SELECT contract_id FROM project WHERE code IN :codes) ORDER BY id FOR UPDATE"
).bindparams(bindparam("codes", expanding=True))
_LOCK = text("SELECT id FROM project WHERE code IN :codes ORDER BY id FOR UPDATE").bindparams(
    bindparam("codes", expanding=True)
)
_SELECT_ONE = Statement(f"{_PROJECT} WHERE p.code = :code")
_SELECT_MANY = text(f"{_PROJECT} WHERE p.code IN :codes ORDER BY p.id").bindparams(bindparam("codes", expanding=True))


class _ByProject:
    """Rows of one or many projects, grouped by project."""

    def __init__(self, columns: str, table: str, key: str, rest: str = "") -> None:
        sql = f"SELECT {key} AS project_id, {columns} FROM {table} WHERE "
        self._one = Statement(f"{sql}{key} = :id {rest}")
        self._many = text(f"{sql}{key} IN :ids {rest}").bindparams(bindparam("ids", expanding=True))

    def of(self, session: Session, ids: Sequence[int]) -> dict[int, list[Any]]:
        if not ids:
            return {}
        if len(ids) == 1:
            return {ids[0]: self._one.rows(session, id=ids[0])}
        groups: dict[int, list[Any]] = {}
        for row in session.connection().execute(self._many, {"ids": list(ids)}):
            groups.setdefault(row.project_id, []).append(row)
        return groups


_FUNDING = _ByProject(f"source, {_MONEY_COLUMNS}", "funding", "project_id")
_CONTRIBUTIONS = _ByProject("target_code, planned, accepted", "contribution", "project_id")
_PAPERS = _ByProject(
    "kind, count(*) AS copies", "paper", "subject_id", "AND subject_kind = 'project' GROUP BY subject_id, kind"
)


def _loaded(row: Any, money: Iterable[Any], quantities: Iterable[Any], papers: Iterable[Any]) -> Loaded:
    balances = {
        (source, kind): amount
        for balance in money
        # Once for a row and not for each of its amounts: a list of thousands has a hundred thousand of these.
        for source in (Source(balance.source),)
        for kind, amount in zip(_MONEY_KINDS, tuple(balance)[2:], strict=True)
    }
    targets = [(sums.target_code, sums.planned, sums.accepted) for sums in quantities]
    counts = {Paper(count.kind): count.copies for count in papers}
    facts = Facts(
        code=row.code,
        route=Route(row.route),
        kind=Kind(row.kind),
        state=State(row.state),
        stage=Stage(row.stage),
        plan_year=row.plan_year,
        work_year=row.work_year,
        unit_id=row.unit_id,
        author_id=row.author_id,
        author_name=row.author_name,
        place_id=row.place_id,
        resume_stage=Stage(row.resume_stage) if row.resume_stage else None,
        has_beneficiary=row.named > 0,
        adjustment_open=bool(row.adjustment_open),
        missing=tuple(json.loads(row.missing)),
        money=balances,
        # A target dropped from the draft keeps its balance row at zero; the project no longer plans for it.
        quantities={target: planned for target, planned, _ in targets if planned},
        accepted={target: accepted for target, _, accepted in targets},
        papers=frozenset(counts),
        is_vouched=row.vouched_by is not None,
        last_decided_on=day_of(row.decided_on),
        version=row.version,
    )
    return Loaded(
        id=row.id,
        facts=facts,
        previous=row.previous,
        programme_id=row.programme_id,
        content_no=row.content_no,
        moved_at=row.moved_at,
        paper_counts=counts,
        activity=row.activity,
        total_cost=row.total_cost,
        named=row.named,
        contract_id=row.contract_id,
    )


def day_of(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def load_person(session: Session, code: str) -> Person:
    """Read who acts. Raises Refused for an unknown code."""
    found = _PERSON.rows(session, code=code)
    if not found:
        raise Refused(f"Không có người dùng «{code}»; hãy xem danh sách bằng dean user list.")
    [row] = found
    area = None if row.place_id is None else area_of(session, row.place_id)
    return Person(row.id, row.code, row.name, Role(row.role), row.unit_id, area, bool(row.active))


_PERSON = Statement("SELECT id, code, name, role, unit_id, place_id, active FROM person WHERE code = :code")


def area_of(session: Session, place_id: int) -> frozenset[int]:
    """A place with all that lies in it and all that it took over: a new commune answers for the old ones."""
    return frozenset(session.connection().execute(_AREA, {"place": place_id}).scalars())


_AREA = text("""
    WITH RECURSIVE area(id) AS (
        SELECT CAST(:place AS BIGINT)
        UNION
        SELECT inner_place.id FROM area JOIN (
            SELECT parent_id AS outer_id, id FROM place WHERE parent_id IS NOT NULL
            UNION ALL SELECT successor_id, place_id FROM place_successor
        ) AS inner_place ON inner_place.outer_id = area.id)
    SELECT id FROM area""")


def who_could(session: Session, roles: Iterable[Role], but_not: Iterable[int], unit_id: int) -> list[str]:
    """Names of up to five people who could record a step, so that a refusal tells whom to ask."""
    listed = sorted(str(role) for role in roles)
    if not listed:
        return []
    rows = session.connection().execute(
        _COULD,
        {"roles": listed, "but_not": [*but_not, -1], "unit": unit_id, "centre": str(Role.CENTRE_OFFICER)},
    )
    return [f"{row.name} ({row.code})" for row in rows]


_COULD = text("""
    SELECT code, name FROM person
    WHERE active = 1 AND role IN :roles AND id NOT IN :but_not AND (role <> :centre OR unit_id = :unit)
    ORDER BY id LIMIT 5""").bindparams(bindparam("roles", expanding=True), bindparam("but_not", expanding=True))
