"""Which projects make two sums differ: each one's balance against its entries, for one figure of one part."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.difference import Behind


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted: the balances, their entries, the column that both are summed by, and the summed column."""

    balances: str
    entries: str
    by: str
    value: str


MONEY = Counted("funding", "money_entry", "source", "amount")
WORK = Counted("contribution", "quantity_entry", "target_code", "quantity")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: how a balance `f` says it, and which kinds of entries `m` add up to it.

    `only` is a condition on the project `p` of an entry. All of it is SQL of this package.
    """

    words: str
    balance: str
    kinds: tuple[str, ...]
    only: str = "1 = 1"

    @property
    def of_kinds(self) -> str:
        return f"m.kind IN ({', '.join(repr(str(kind)) for kind in self.kinds)})"


def projects_apart(
    session: Session, counted: Counted, name: str, figure: Figure, part: Mapping[str, Any]
) -> Iterator[Behind]:
    """The projects whose balance and entries differ within one part, with how much the balance is ahead.

    `name` is the source or target; `part` the columns that say which part, none for the whole register.
    """
    balances = " AND ".join(["1 = 1", *(f"f.{column} = :{column}" for column in part)])
    entries = " AND ".join(["1 = 1", *(f"p.{column} = :{column}" for column in part)])
    sql = f"""
        SELECT code, sum(apart) AS apart FROM (
            SELECT p.code, {figure.balance} AS apart
            FROM {counted.balances} AS f LEFT JOIN project AS p ON p.id = f.project_id
            WHERE f.{counted.by} = :name AND {balances}
            UNION ALL
            SELECT p.code, -m.{counted.value} * m.direction
            FROM {counted.entries} AS m LEFT JOIN project AS p ON p.id = m.project_id
            WHERE m.{counted.by} = :name AND {figure.of_kinds} AND {figure.only} AND {entries}
        ) AS both_sides GROUP BY code HAVING sum(apart) <> 0 ORDER BY code"""
    for row in session.connection().execute(text(sql), {"name": name, **part}):
        yield Behind("project", f"code={row.code}", int(row.apart))
