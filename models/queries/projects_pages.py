"""Pages of a list of projects, in any order, from any place of it at the same price.

A page begins after the keys of the last row of the page before. Where no index has both the filter and the order,
the first few thousand rows in that order are looked through; only when they hold too few, all that fit are sorted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from models.queries.projects_orders import FUND, KEYS, NO_DEADLINE, Keys, Order, Sort, number
from models.queries.projects_sought import Conditions, ids_of, run
from models.queries.scope import Where
from models.queries.scope import page as bounded
from states.refusal import Refused
from states.vocabulary import Stage

#: Fewer than this is a set to start from: each of its projects is looked at.
NARROW = 5_000
#: How the first rows of an order are looked through: where to begin, how many. Most lists are found in the first.
_CHUNKS = ((0, 60), (60, 500), (560, 4_000))


@dataclass(frozen=True, slots=True)
class Page:
    """Ids in their order, and the places before the first and after the last of them where there are more."""

    ids: list[int]
    before: str = ""
    after: str = ""


#: In a place of the list this stands for the rows at its end, which have no deadline.
_NONE = "none"
_LOST = "Không đọc được chỗ của trang trong danh sách; hãy mở lại danh sách từ trang đầu."


# --- narrowing ----------------------------------------------------------------------------------------


def narrowed(session: Session, found: Conditions) -> Conditions:
    """Look whether words or a deadline leave so few projects that they can be named; then nothing else is tested."""
    few: set[int] | None = None
    for start in found.quick_starts:
        ids = ids_of(session, f"{start} LIMIT {NARROW + 1}", found.where.parameters)
        if len(ids) <= NARROW:
            few = set(ids) if few is None else few & set(ids)
    if few is None:
        return found
    sql = f"SELECT p.id FROM project AS p WHERE p.id IN :few AND {found.everything}"
    parameters = {**found.where.parameters, "few": sorted(few)}
    return named(ids_of(session, sql, parameters) if few else [])


def named(ids: list[int]) -> Conditions:
    """The conditions of being one of these."""
    where = Where()
    where.add("p.id IN :ids", ids=ids)
    return Conditions(where, ids=ids)


# --- pages --------------------------------------------------------------------------------------------


def page_of(
    session: Session,
    found: Conditions,
    sort: Sort,
    *,
    limit: int,
    after: str = "",
    before: str = "",
    is_short: bool = False,
) -> Page:
    """One page of ids: from the beginning, after a place, or before one. Places come from an earlier page.

    `is_short` says that all that fit are few enough to be sorted. Raises Refused for a place that is none of this
    order.
    """
    bounded(limit, 0)
    reading = _Reading(session, found, limit + 1, is_short or found.ids is not None)
    if before:
        rows = reading.rows(sort, before, backward=True)
        if len(rows) <= limit:
            # The page before the second one is the first, and that is a whole one.
            return page_of(session, found, sort, limit=limit, is_short=is_short)
        shown = rows[:limit][::-1]
        return Page([row["id"] for row in shown], _place(shown[0]), _place(shown[-1]))
    rows = reading.rows(sort, after)
    shown = rows[:limit]
    first = _place(shown[0]) if after and shown else ""
    return Page([row["id"] for row in shown], first, _place(shown[-1]) if len(rows) > limit else "")


def offset_page(session: Session, found: Conditions, *, limit: int, offset: int) -> list[int]:
    """One page of ids in the order of codes, by the number of rows before it."""
    sql = f"SELECT p.id FROM project AS p WHERE {found.everything} ORDER BY {', '.join(KEYS[Order.CODE].columns)}"
    parameters = found.where.parameters | bounded(limit, offset)
    return [row["id"] for row in run(session, f"{sql} LIMIT :limit OFFSET :offset", parameters)]


def _place(row: Mapping[str, Any]) -> str:
    """Where a row stands in its order, as text for an address."""
    return "~".join(str(value) for name, value in row.items() if name != "id")


@dataclass(frozen=True, slots=True)
class _Reading:
    """One page to be read: rows of `id` and the keys `k1`, `k2` … of the order."""

    session: Session
    found: Conditions
    limit: int
    is_short: bool

    def rows(self, sort: Sort, place: str, *, backward: bool = False) -> list[dict[str, Any]]:
        """The rows of an order from a place on, either way."""
        if not self.found.stages:
            return []
        down = sort.down is not backward
        if sort.by is not Order.DEADLINE:
            return self._ordered(_Way(self, KEYS[sort.by], down, place))
        # Those with a deadline in the order of their days; then, either way, those without, the newest first.
        without = replace(self, found=replace(self.found, tests=[*self.found.tests, NO_DEADLINE]))
        if place.startswith(_NONE):
            rows = without._last(not backward, self.limit, place.removeprefix(f"{_NONE}~"))
            rest = _Way(self, KEYS[sort.by], down, "")
            return rows + (self._ordered(rest)[: self.limit - len(rows)] if backward and self.found.may_be_due else [])
        rows = self._ordered(_Way(self, KEYS[sort.by], down, place)) if self.found.may_be_due else []
        if backward or len(rows) >= self.limit:
            return rows
        return rows + without._last(True, self.limit - len(rows), "")

    def _last(self, down: bool, limit: int, place: str) -> list[dict[str, Any]]:
        rows = replace(self, limit=limit)._ordered(_Way(self, KEYS[Order.CODE], down, place))
        return [{"none": _NONE, **row} for row in rows]

    def _ordered(self, way: "_Way") -> list[dict[str, Any]]:
        if self.is_short:
            return way.sorted(self.limit)
        if way.keys is KEYS[Order.CODE] and not self.found.tests:
            return way.straight(self.limit)
        return way.among_the_first(self.limit) or way.sorted(self.limit)


class _Way:
    """An order walked in one direction from a place, and the ways in which its rows may be found."""

    def __init__(self, reading: _Reading, keys: Keys, down: bool, place: str) -> None:
        self.session, self.found, self.keys = reading.session, reading.found, keys
        numbers = range(1, len(keys.columns) + 1)
        way = " DESC" if down else ""
        self.by_columns = ", ".join(column + way for column in keys.columns)
        self.by_names = ", ".join(f"k{n}{way}" for n in numbers)
        self.names = ", ".join(f"w.k{n}" for n in numbers)
        self.selected = ", ".join(f"{column} AS k{n}" for n, column in zip(numbers, keys.columns, strict=True))
        self.parameters = dict(self.found.where.parameters)
        self.beyond = "<" if down else ">"
        if place:
            self._read(place)
        self.since = self._since(keys.columns) if place else "1 = 1"
        self.since_names = self._since([f"k{n}" for n in numbers]) if place else "1 = 1"

    def _read(self, place: str) -> None:
        values = place.split("~")
        try:
            known = [self.keys.read(values[0]), *map(number, values[1:])]
        except ValueError:
            raise Refused(_LOST) from None
        if len(known) != len(self.keys.columns):
            raise Refused(_LOST)
        self.parameters |= {f"k{n}": value for n, value in enumerate(known, start=1)}

    def _since(self, columns: Sequence[str]) -> str:
        wanted = ", ".join(f":k{n}" for n in range(1, len(columns) + 1))
        # The first condition follows from the second, and is the one that an index understands.
        return f"{columns[0]} {self.beyond}= :k1 AND ({', '.join(columns)}) {self.beyond} ({wanted})"

    def straight(self, limit: int) -> list[dict[str, Any]]:
        """By an index that has the filter and the order."""
        return self._run(f"{self._by_stage(limit)} ORDER BY {self.by_names} LIMIT :limit", limit)

    def _by_stage(self, most: int) -> str:
        """The first rows of each stage: the indexes on stages have the order of one stage only."""
        by_code = self.keys is KEYS[Order.CODE]
        where = f"{self.found.where} AND {self.since}" if by_code or self.found.is_local else self.since
        if not self._is_by_stage:
            return (
                f"SELECT * FROM (SELECT p.id, {self.selected} FROM project AS p WHERE {where} {self._cut(most)}) AS c"
            )
        each = " UNION ALL ".join(
            f"SELECT * FROM (SELECT p.id, {self.selected} FROM project AS p "
            f"WHERE p.stage = '{stage}' AND {where} {self._cut(most)}) AS in_{stage}"
            for stage in self.found.stages
        )
        return f"SELECT * FROM ({each}) AS stages"

    @property
    def _is_by_stage(self) -> bool:
        """Has each stage to be walked by itself? That makes the later chunks dear."""
        if self.keys.table:
            return False
        by_moves = self.keys is KEYS[Order.MOVED]
        return by_moves or self.found.is_local or len(self.found.stages) < len(Stage)

    def _cut(self, most: int) -> str:
        return f"ORDER BY {self.by_columns} LIMIT {most}"

    def among_the_first(self, limit: int) -> list[dict[str, Any]]:
        """From the first few thousand in this order; none where these hold too few."""
        rows: list[dict[str, Any]] = []
        for skip, size in _CHUNKS[: 2 if self._is_by_stage else 3]:
            rows += self._run(
                f"SELECT w.id, {self.names} FROM ({self._walk(skip, size)}) AS w CROSS JOIN project AS p "
                f"WHERE p.id = w.id AND {self.found.everything} AND {self.keys.fits.format(k='w', fund=FUND)} "
                f"ORDER BY {self.by_names} LIMIT :limit",
                limit,
            )
            if len(rows) >= limit:
                return rows[:limit]
        return []

    def _walk(self, skip: int, size: int) -> str:
        cut = f"LIMIT {size} OFFSET {skip}"
        if table := self.keys.table:
            carried = f", {self.keys.carried}" if self.keys.carried else ""
            return (
                f"SELECT k.project_id AS id, {self.selected}{carried} FROM {table} "
                f"WHERE {self.keys.said} AND {self.since} ORDER BY {self.by_columns} {cut}"
            )
        return f"{self._by_stage(skip + size)} ORDER BY {self.by_names} {cut}"

    def sorted(self, limit: int) -> list[dict[str, Any]]:
        """From all that fit; the database may not choose to walk the order instead."""
        starts = [*self.found.quick_starts, *self.found.slow_starts]
        start, tied = "project AS p", "1 = 1"
        if starts:
            start, tied = f"(SELECT DISTINCT c.id FROM ({starts[0]}) AS c) AS c CROSS JOIN project AS p", "p.id = c.id"
        return self._run(
            f"WITH fitting AS MATERIALIZED (SELECT p.id, {FUND} AS fund FROM {start} "
            f"WHERE {tied} AND {self.found.everything}), "
            f"keyed AS ({self._keyed()}) "
            f"SELECT * FROM keyed WHERE k1 IS NOT NULL AND {self.since_names} ORDER BY {self.by_names} LIMIT :limit",
            limit,
        )

    def _keyed(self) -> str:
        """The keys of each project that fits."""
        if self.keys.alone:
            return f"SELECT w.id, {self.keys.alone} AS k1, w.id AS k2 FROM fitting AS w"
        table, joined = "project AS p", "p.id = w.id"
        if self.keys.table:
            table, joined = self.keys.table, f"k.project_id = w.id AND {self.keys.said}"
        fits = self.keys.fits.format(k="k", fund="w.fund")
        return f"SELECT w.id, {self.selected} FROM fitting AS w CROSS JOIN {table} WHERE {joined} AND {fits}"

    def _run(self, sql: str, limit: int) -> list[dict[str, Any]]:
        return run(self.session, sql, self.parameters | {"limit": limit})
