"""The figures of a report: every cell added up from the lines of the projects, as far as the register knew."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.queries.past import Happened, Past, past_of, programme_events
from models.report.difficulties import Contracts, contracts_of, difficulties_of
from models.report.lines import (
    Cells,
    Line,
    Path,
    Window,
    added,
    cells_of,
    line_of,
    no_money,
    no_projects,
    no_quantity,
    window_of,
)
from models.rulebook import Rulebook, rulebook
from states.periods import Period
from states.refusal import Refused
from states.vocabulary import Source


@dataclass(frozen=True, slots=True)
class Programme:
    """The programme that a report is about."""

    id: int
    code: str
    name: str
    start_year: int
    end_year: int

    def plain(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("code", "name", "start_year", "end_year")}


def programme_of(session: Session, code: str) -> Programme:
    """Raises Refused for an unknown code."""
    row = session.connection().execute(_PROGRAMME, {"code": code}).one_or_none()
    if row is None:
        raise Refused(f"Không có chương trình «{code}»; hãy xem dean programme list.")
    return Programme(*row)


_PROGRAMME = text("SELECT id, code, name, start_year, end_year FROM programme WHERE code = :code")


def programme_names(session: Session) -> list[tuple[str, str]]:
    """Every programme by code, with its name, the newest first."""
    return [(row.code, row.name) for row in session.connection().execute(_NAMES)]


_NAMES = text("SELECT code, name FROM programme ORDER BY start_year DESC, code")


def figures(
    session: Session, programme: Programme, reported: Period, *, cutoff_event: int | None = None
) -> dict[str, Any]:
    """The figures of a period: `totals`, `contents`, `targets` and `projects`, nested by their paths.

    They count what had been decided by the last day of the period, as far as it was recorded up to the event
    `cutoff_event` (None: up to now). Amounts in đồng.
    """
    counting = Counting(session, programme, reported)
    found = (known_up_to(events, cutoff_event) for _, events in programme_events(session, programme.id))
    return nested(counting.cells(list(found)))


def known_up_to(events: Iterable[Happened], cutoff_event: int | None) -> list[Happened]:
    """The events that had been recorded when the register held so many."""
    return [event for event in events if cutoff_event is None or event.id <= cutoff_event]


class Counting:
    """What one report counts, and with which calendar and rules its deadlines are measured."""

    def __init__(self, session: Session, programme: Programme, reported: Period) -> None:
        self.window: Window = window_of(reported)
        self.book: Rulebook = rulebook(session)
        self._nothing = _nothing(session, programme.id)

    def cells(self, projects: Iterable[list[Happened]]) -> Cells:
        """Add up the cells of the projects whose events are given."""
        pasts = [past_of(0, events) for events in projects]
        contracts = contracts_of(pasts, self.window.last)
        return added([self._nothing, *(self.cells_of(past, contracts) for past in pasts)])

    def cells_of(self, past: Past, contracts: Contracts) -> Cells:
        """What one project puts into the cells."""
        line = self._line(past, contracts)
        return {} if line is None else cells_of(line, self.window)

    def _line(self, past: Past, contracts: Contracts) -> Line | None:
        window = self.window
        found = difficulties_of(past, window.since["period"], window.last, self.book, contracts)
        return line_of(past, window, found)


def _nothing(session: Session, programme_id: int) -> Cells:
    """Zeros for every content, target and source of the programme, so that nothing is missing from a table."""
    contents = session.connection().execute(_CONTENTS, {"id": programme_id}).scalars()
    money: dict[Path, int] = {path: 0 for source in Source for path in no_money(source)}
    groups: list[Path] = [("totals",), *(("contents", str(number)) for number in contents)]
    cells: Cells = {(*group, *path): 0 for group in groups for path in money | no_projects()}
    for code in session.connection().execute(_TARGETS, {"id": programme_id}).scalars():
        cells |= no_quantity(code)
    return cells


_CONTENTS = text("SELECT no FROM content WHERE programme_id = :id ORDER BY no")
_TARGETS = text("SELECT code FROM target WHERE programme_id = :id ORDER BY content_no, line")


def nested(cells: Mapping[Path, int | str]) -> dict[str, Any]:
    """Cells as JSON: each step of a path is a key."""
    tree: dict[str, Any] = {"totals": {}, "contents": {}, "targets": {}, "projects": {}}
    for path, value in cells.items():
        place = tree
        for key in path[:-1]:
            place = place.setdefault(key, {})
        place[path[-1]] = value
    return tree


def flat(tree: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, int | str]]:
    """The cells of nested figures: what `nested` was given."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from flat(value, (*path, key))
        else:
            yield (*path, key), value


def labels(session: Session, programme: Programme) -> dict[str, Any]:
    """The names and goals that stand beside the figures, as they are on the day of the freeze."""
    connection, wanted = session.connection(), {"id": programme.id}
    return {
        "contents": {str(row.no): row.name for row in connection.execute(_CONTENT_NAMES, wanted)},
        "targets": {row["code"]: dict(row) for row in connection.execute(_TARGET_NAMES, wanted).mappings()},
        "units": {row.code: row.name for row in connection.execute(_UNIT_NAMES, wanted)},
    }


_CONTENT_NAMES = text("SELECT no, name FROM content WHERE programme_id = :id ORDER BY no")
_TARGET_NAMES = text("""
    SELECT code, content_no, name, unit, coalesce(quantity, quantity_min) AS goal FROM target
    WHERE programme_id = :id ORDER BY content_no, line""")
_UNIT_NAMES = text("""
    SELECT DISTINCT p.code, u.name FROM project AS p JOIN unit AS u ON u.id = p.unit_id
    WHERE p.programme_id = :id ORDER BY p.code""")
