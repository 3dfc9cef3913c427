"""The parts equal the whole: years, contents, programmes and the register, each added up by a query of its own.

Balances are added up by the columns in which they repeat their project's, entries by the project that they belong
to, events by what they set: three ways that share nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.apart import MONEY, Figure, projects_apart
from models.difference import Behind, Difference, Scope, behind, kind_words
from models.retold import Retold
from models.standing import KINDS, NOTHING, Standing
from states.vocabulary import MoneyKind, Source

#: A programme's id, its year or content, and a source; a shorter key stands for all that lies below it.
Key = tuple[Any, ...]
Cut = dict[Key, tuple[int, ...]]
YEAR, CONTENT = "plan_year", "content_no"
_SCOPES = {YEAR: Scope.YEAR, CONTENT: Scope.CONTENT}
_PLACE = {str(kind): place for place, kind in enumerate(KINDS)}
#: Projects remembered as an explanation: a longer list would help nobody, and memory must stay bounded.
MOST_ODD = 1_000


@dataclass(slots=True)
class RetoldWhole:
    """What the events say of years and contents, gathered while the projects stream by.

    `odd` are the projects whose entries are not what their events say, with how much the entries are ahead.
    """

    cuts: dict[str, defaultdict[Key, list[int]]] = field(default_factory=lambda: {YEAR: _empty(), CONTENT: _empty()})
    odd: list[tuple[str, Mapping[str, Any], Mapping[tuple[str, str], int]]] = field(default_factory=list)

    def add(self, told: Retold) -> None:
        for column, cut in self.cuts.items():
            for (source, kind), amount in told.sums.items():
                cut[told.columns.get("programme_id"), told.columns.get(column), source][_PLACE[kind]] += amount

    def remember(self, project: Standing, told: Retold) -> None:
        """Keep a project as an explanation when its entries are not what its events say."""
        apart = {
            (source, str(kind)): amount
            for source, sums in project.entries.items()
            for kind, amount in zip(KINDS, sums, strict=True)
            if amount
        }
        for of, amount in told.sums.items():
            apart[of] = apart.get(of, 0) - amount
        if any(apart.values()) and len(self.odd) < MOST_ODD:
            self.odd.append((project.subject, told.columns, apart))

    def rows(self, column: str, key: Key, kind: MoneyKind) -> Iterator[Behind]:
        """The remembered projects of one part that make its entries and its events differ."""
        for subject, columns, apart in self.odd:
            amount = apart.get((key[-1], str(kind)), 0)
            if amount and (columns.get("programme_id"), columns.get(column)) == key[:2]:
                yield Behind("project", f"code={subject}", amount)


def _empty() -> defaultdict[Key, list[int]]:
    return defaultdict(lambda: list(NOTHING))


@dataclass(frozen=True, slots=True)
class Whole:
    """The register cut by year and by content: from the balances, and from the entries."""

    balances: Mapping[str, Cut]
    entries: Mapping[str, Cut]
    programmes: Mapping[int, str]

    def subject(self, key: Key) -> str:
        code = self.programmes.get(key[0], f"id={key[0]} (không có trong sổ)")
        return f"{key[1]} ({code})" if len(key) == 3 else code

    @property
    def programme_ids(self) -> list[int]:
        """Programmes that have money."""
        return sorted({key[0] for cut in (*self.balances.values(), *self.entries.values()) for key in cut})


def read_whole(session: Session) -> Whole:
    columns = (YEAR, CONTENT)
    return Whole(
        balances={column: _cut(session, _BALANCES.format(column=column)) for column in columns},
        entries={column: _cut(session, _ENTRIES.format(column=column)) for column in columns},
        programmes={row.id: row.code for row in session.connection().execute(text("SELECT id, code FROM programme"))},
    )


def _cut(session: Session, sql: str) -> Cut:
    """Sums by key; the last columns hold one figure for each kind."""
    rows = [tuple(row) for row in session.connection().execute(text(sql))]
    return {row[: -len(KINDS)]: tuple(map(int, row[-len(KINDS) :])) for row in rows}


_PIVOT = ", ".join(
    f"sum(CASE WHEN m.kind = '{kind}' THEN m.amount * m.direction ELSE 0 END) AS {kind}" for kind in KINDS
)
_BALANCES = f"""
    SELECT programme_id, {{column}}, source, {", ".join(f"sum({kind}) AS {kind}" for kind in KINDS)}
    FROM funding GROUP BY programme_id, {{column}}, source"""
_ENTRIES = f"""
    SELECT p.programme_id, p.{{column}}, m.source, {_PIVOT}
    FROM money_entry AS m JOIN project AS p ON p.id = m.project_id GROUP BY p.programme_id, p.{{column}}, m.source"""
_WHOLE = f"SELECT m.source, {_PIVOT} FROM money_entry AS m GROUP BY m.source"


def check_parts(session: Session, whole: Whole, retold: RetoldWhole) -> Iterator[Difference]:
    """Every sum over projects on which two ways of adding up do not agree."""
    for column, scope in _SCOPES.items():
        balances, entries = whole.balances[column], whole.entries[column]
        for key, kind, left, right in _unequal(balances, entries):
            rows = _apart(session, key[-1], kind, {"programme_id": key[0], column: key[1]})
            words = (f"cộng số dư {kind_words(kind)}", "cộng các khoản đã ghi của các đề án")
            yield Difference(scope, whole.subject(key), Source(key[-1]), *words, left, right, **behind(rows))
        told = {key: tuple(sums) for key, sums in retold.cuts[column].items()}
        for key, kind, left, right in _unequal(entries, told):
            rows = retold.rows(column, key, kind)
            words = (f"cộng các khoản {kind_words(kind)} đã ghi", "tính lại từ các sự kiện")
            yield Difference(scope, whole.subject(key), Source(key[-1]), *words, left, right, **behind(rows))
    yield from _programmes(session, whole)
    yield from _register(session, whole)


def _programmes(session: Session, whole: Whole) -> Iterator[Difference]:
    by_year, by_content = _rolled_up(whole.balances[YEAR], depth=1), _rolled_up(whole.entries[CONTENT], depth=1)
    for key, kind, left, right in _unequal(by_year, by_content):
        rows = _apart(session, key[-1], kind, {"programme_id": key[0]})
        words = (f"cộng số dư {kind_words(kind)} của các năm", "cộng các khoản đã ghi của các nội dung")
        yield Difference(Scope.PROGRAMME, whole.subject(key), Source(key[-1]), *words, left, right, **behind(rows))


def _register(session: Session, whole: Whole) -> Iterator[Difference]:
    by_content = _rolled_up(whole.balances[CONTENT], depth=0)
    for key, kind, left, right in _unequal(by_content, _cut(session, _WHOLE)):
        rows = _apart(session, key[-1], kind, {})
        words = (f"cộng số dư {kind_words(kind)} của các chương trình", "cộng mọi khoản đã ghi")
        yield Difference(Scope.REGISTER, "", Source(key[-1]), *words, left, right, **behind(rows))


def _apart(session: Session, source: str, kind: MoneyKind, part: Mapping[str, Any]) -> Iterator[Behind]:
    return projects_apart(session, MONEY, source, Figure(kind_words(kind), f"f.{kind}", (kind,)), part)


def _unequal(left: Cut, right: Cut) -> Iterator[tuple[Key, MoneyKind, int, int]]:
    """Key, kind and both figures wherever two cuts differ."""
    for key in sorted(left.keys() | right.keys(), key=str):
        for kind, ours, theirs in zip(KINDS, left.get(key, NOTHING), right.get(key, NOTHING), strict=True):
            if ours != theirs:
                yield key, kind, ours, theirs


def _rolled_up(cut: Cut, *, depth: int) -> Cut:
    """Add up the parts: keep so much of the key, and the source."""
    rolled: Cut = {}
    for key, sums in cut.items():
        short = (*key[:depth], key[-1])
        rolled[short] = tuple(map(sum, zip(rolled.get(short, NOTHING), sums, strict=True)))
    return rolled
