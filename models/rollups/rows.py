"""The rows behind a figure of the roll-ups: each project with what it adds."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from models.queries.scope import Where, readable_by
from models.rollups import statements
from models.rollups.naming import Names, read_names
from states.facts import Person
from states.rollups import By, Step
from states.vocabulary import Source, State


def rows_behind(
    session: Session,
    programme: str,
    by: By,
    key: str,
    step: Step,
    *,
    source: Source | None = None,
    state: State | None = None,
    year: int | None = None,
    reader: Person | None = None,
) -> list[dict[str, Any]]:
    """The projects behind one figure: `project, name, amount`; their number and sum are what the figure says.

    `old_record` marks what somebody vouches for. `key` is a code as the roll-up shows it. Raises Refused for an
    unknown one.
    """
    names = read_names(session, programme)
    where = readable_by(reader)
    where.add("p.programme_id = :programme", programme=names.programme_id)
    for column, value in (("plan_year", year), ("state", state)):
        if value is not None:
            where.add(f"p.{column} = :{column}", **{column: value if isinstance(value, int) else str(value)})
    if source is not None and by is not By.TARGET:
        where.add("f.source = :source", source=str(source))
    amount, tables = _READ[by](session, where, names, key, step) if by in _READ else _cut(where, names, by, key, step)
    sql = f"""
        SELECT p.code AS project, p.name, CASE WHEN p.vouched_by IS NULL THEN 0 ELSE 1 END AS old_record,
               sum({amount}) AS amount FROM {tables} WHERE {{where}}
        GROUP BY p.id, p.code, p.name, p.vouched_by
        HAVING sum({amount}) <> 0 ORDER BY min(p.plan_year), min(p.serial)"""
    return [
        row | {"amount": int(row["amount"]), "old_record": bool(row["old_record"])} for row in where.rows(session, sql)
    ]


_BALANCES = "project AS p JOIN funding AS f ON f.project_id = p.id"


def _cut(where: Where, names: Names, by: By, key: str, step: Step) -> tuple[str, str]:
    """A cut by a column of the project, or by the source of its money."""
    part = names.part_of(by, key)
    if part is None:
        where.add(f"{_COLUMNS[by]} IS NULL")
    else:
        where.add(f"{_COLUMNS[by]} = :part", part=part)
    return statements.MONEY_BALANCE[step], _BALANCES


_COLUMNS = {
    By.CONTENT: "p.content_no",
    By.SOURCE: "f.source",
    By.COMMUNE: "p.place_id",
    By.UNIT: "p.unit_id",
    By.STATE: "p.state",
}


def _target(session: Session, where: Where, names: Names, key: str, step: Step) -> tuple[str, str]:
    where.add("f.target_code = :part", part=names.part_of(By.TARGET, key))
    return statements.WORK_BALANCE[step], "project AS p JOIN contribution AS f ON f.project_id = p.id"


def _month(session: Session, where: Where, names: Names, key: str, step: Step) -> tuple[str, str]:
    """A month has no balance: its figure is the sum of its entries."""
    where.add(f"{statements.MONTH[session.get_bind().dialect.name]} = :part", part=names.part_of(By.MONTH, key))
    where.add(statements.of_kinds(step, "f"))
    if step is Step.PLANNED:
        where.add("p.counted = 1")
    tables = "project AS p JOIN money_entry AS f ON f.project_id = p.id JOIN event AS e ON e.id = f.event_id"
    return "f.amount * f.direction", tables


_READ: dict[By, Callable[[Session, Where, Names, str, Step], tuple[str, str]]] = {
    By.TARGET: _target,
    By.MONTH: _month,
}
