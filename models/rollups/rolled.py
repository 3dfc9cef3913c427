"""Roll-ups: added up twice by independent statements, compared to the đồng and unit, published only if they agree."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from operator import add
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DataError
from sqlmodel import Session

from models.queries.scope import Where, readable_by
from models.rollups import statements
from models.rollups.cells import STEPS, TOTAL, Apart, Cells, Figures, Key, columns_of, nothing, places_of
from models.rollups.naming import Names, read_names
from states.facts import OFFICE_TIME, Person
from states.refusal import Refused
from states.rollups import By, Measure
from states.vocabulary import Source

#: Rows that the driver hands over at a time.
PAGE = 2_000
#: Differences that a refusal names one by one.
MOST_NAMED = 20
#: What is added up together: one pass over the money gives the cells of contents, units and places.
MONEY = frozenset({By.CONTENT, By.COMMUNE, By.UNIT})
EVERYTHING = MONEY | {By.TARGET, By.MONTH}


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Up to where the figures know the register: its last event, and the office's day on which that was recorded."""

    event: int
    on: date

    def as_json(self) -> dict[str, Any]:
        return {"event": self.event, "on": self.on.isoformat()}


@dataclass(frozen=True, slots=True)
class Rollups:
    """The figures of one programme. Where the two ways differ there are no figures, only the differences.

    `limited_to` names a reader whose scope leaves out some of the projects.
    """

    names: Names
    as_of: date
    cutoff: Cutoff
    cells: Cells
    differences: tuple[Apart, ...]
    limited_to: str | None = None

    @property
    def agrees(self) -> bool:
        return not self.differences

    @property
    def reasons(self) -> list[str]:
        """Why nothing is published: each differing figure with both its values, the first ones by name."""
        left = len(self.differences) - MOST_NAMED
        more = [f"… và {left} ô nữa."] if left > 0 else []
        head = "Hai cách cộng số liệu tổng hợp không khớp nên không công bố; hãy chạy dean reconcile và dean verify."
        return [head, *(apart.sentence for apart in self.differences[:MOST_NAMED]), *more]

    def refuse_apart(self) -> None:
        """Raise Refused, naming the figures, when the two ways differ."""
        if not self.agrees:
            raise Refused(*self.reasons)

    def head(self) -> dict[str, Any]:
        """What stands above every output: of which programme, for which day, up to which event."""
        return {
            "programme": {"code": self.names.programme, "name": self.names.programme_name},
            "as_of": self.as_of.isoformat(),
            "cutoff": self.cutoff.as_json(),
            "limited_to": self.limited_to,
            "agrees": self.agrees,
        }

    def as_json(self) -> dict[str, Any]:
        """Everything: one entry for each cell, with `amount` and `projects` of each step by source."""
        return self.head() | {
            "differences": [apart.as_json() for apart in self.differences],
            "cells": [self._cell(key, figures) for key, figures in self.cells.items()],
        }

    def _cell(self, key: Key, figures: Figures) -> dict[str, Any]:
        told = {"by": str(key.by), "year": key.year, "part": self.names.code(key.by, key.part)}
        state = {"state": key.state} if key.by is By.CONTENT else {}
        return told | state | {"figures": shown(key.by, figures)}


def shown(by: By, figures: Figures) -> dict[str, Any]:
    """The figures of a cell by column, step and measure."""
    told: dict[str, Any] = {column: {str(step): {} for step in STEPS} for column in columns_of(by)}
    for (measure, column, step), figure in zip(places_of(by), figures, strict=True):
        told[column][step][str(measure)] = figure
    return told


def rollups(
    session: Session,
    programme: str,
    *,
    as_of: date,
    only: Iterable[By] = EVERYTHING,
    reader: Person | None = None,
) -> Rollups:
    """Add up one programme in both ways, in the caller's one consistent view.

    The figures are those of the register now; `as_of` is the business date that they are published for. `only` limits
    the cuts that are computed. Raises Refused for an unknown programme.
    """
    names = read_names(session, programme)
    where = readable_by(reader)
    limited = reader.name if reader is not None and where.conditions else None
    where.parameters["programme"] = names.programme_id
    cells: dict[Key, Figures] = {}
    differences: list[Apart] = []
    for first, second in _ways(session, where, frozenset(only)):
        differences += _apart(names, first, second)
        cells |= first
    cells = {key: cells[key] for key in sorted(cells, key=lambda key: key.order)} if not differences else {}
    return Rollups(names, as_of, read_cutoff(session), cells, tuple(differences), limited)


def read_cutoff(session: Session) -> Cutoff:
    """The end of the register that this view sees."""
    row = session.connection().execute(_LAST).one()
    at = row.recorded_at if isinstance(row.recorded_at, datetime) else datetime.fromisoformat(row.recorded_at)
    return Cutoff(int(row.id), at.astimezone(OFFICE_TIME).date())


_LAST = text("SELECT id, recorded_at FROM event ORDER BY id DESC LIMIT 1")


# --- both ways ----------------------------------------------------------------------------------------


def _ways(session: Session, where: Where, only: frozenset[By]) -> Iterator[tuple[Cells, Cells]]:
    """The cells of each kind, added up the first way and the second way."""

    def rows(sql: str) -> Iterator[Any]:
        statement = where.statement(sql).execution_options(yield_per=PAGE)
        for page in session.connection().execute(statement, where.parameters).partitions(PAGE):
            yield from page

    if only & (MONEY | {By.SOURCE, By.STATE}):
        first, second = statements.MONEY_BY_BALANCES, statements.MONEY_BY_ENTRIES
        yield _money_cells(rows(first)), _money_cells(rows(second))
    if By.TARGET in only:
        limited = bool(where.conditions)
        balances = statements.WORK_BY_READABLE_BALANCES if limited else statements.WORK_BY_BALANCES
        yield _work_cells(rows(balances)), _work_cells(rows(statements.WORK_BY_ENTRIES))
    if By.MONTH in only:
        dialect = session.get_bind().dialect.name
        by_entries, by_bodies = statements.months_by_entries(dialect), statements.months_by_bodies(dialect)
        yield _month_cells(rows(by_entries)), _told_by_bodies(session, lambda: _month_cells(rows(by_bodies)))


def _told_by_bodies(session: Session, added: Callable[[], Cells]) -> Cells:
    """What the bodies tell by month, or nothing where PostgreSQL stops at one that is no JSON or holds no list.

    Every month differs then, so nothing is published, and the night goes on to name the body; SQLite reads past it.
    """
    try:
        with session.connection().begin_nested():
            return added()
    except DataError:
        return {}


def _money_cells(rows: Iterator[Any]) -> Cells:
    """Add the rows of the finest cut up to the cells of contents, places and units."""
    cells: dict[Key, list[int]] = {}
    # PostgreSQL adds integers up to a decimal, which adds like an integer and is made one in the end.
    for year, content, state, unit, place, *sums in rows:
        for key in (Key(By.CONTENT, year, content, state), Key(By.COMMUNE, year, place), Key(By.UNIT, year, unit)):
            known = cells.get(key)
            cells[key] = sums if known is None else list(map(add, known, sums))
    return _told({key: _with_total(sums) for key, sums in cells.items()})


def _work_cells(rows: Iterator[Any]) -> Cells:
    return _told({Key(By.TARGET, year, target): tuple(map(int, sums)) for year, target, *sums in rows})


def _month_cells(rows: Iterator[Any]) -> Cells:
    return _told({Key(By.MONTH, year, month): _with_total(sums) for year, month, *sums in rows})


def _with_total(sums: list[int]) -> Figures:
    """The figures of a cell of money from what SQL gives: amounts and projects by source, projects counted once."""
    amounts = list(map(int, sums[: len(Source) * len(STEPS)]))
    total = [sum(amounts[place :: len(STEPS)]) for place, _ in enumerate(STEPS)]
    return (*amounts, *total, *map(int, sums[len(amounts) :]))


def _told(cells: dict[Key, Figures]) -> Cells:
    """Without the cells that say nothing: a programme has no cell of its drafts."""
    return {key: figures for key, figures in cells.items() if any(figures)}


def _apart(names: Names, first: Cells, second: Cells) -> Iterator[Apart]:
    """Every figure on which the two ways differ."""
    for key in sorted(first.keys() | second.keys(), key=lambda key: key.order):
        left, right = first.get(key, nothing(key.by)), second.get(key, nothing(key.by))
        if left == right:
            continue
        for (measure, column, step), ours, theirs in zip(places_of(key.by), left, right, strict=True):
            # The total repeats what its sources say, except where each project counts once.
            repeated = column == TOTAL and measure is Measure.AMOUNT and key.by is not By.TARGET
            if ours != theirs and not repeated:
                unit = "đề án" if measure is Measure.PROJECTS else names.unit_of(key)
                yield Apart(key, names.words(key), column, step, measure, unit, ours, theirs)
