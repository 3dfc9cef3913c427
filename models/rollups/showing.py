"""Roll-ups as a table by one cut: the cells of one year or of all years added up, each part with its name."""

from collections.abc import Iterator
from datetime import date
from operator import add
from typing import Any

from sqlmodel import Session

from models.rollups.cells import COLUMNS, TOTAL, Figures, Key, nothing, places_of
from models.rollups.rolled import Rollups, rollups, shown
from states.facts import Person
from states.rollups import By, Measure

Part = int | str | None
#: Source and state are no cuts of their own: they are read off the cells of the contents.
_READ_OFF = {By.SOURCE: By.CONTENT, By.STATE: By.CONTENT}


def rollup_by(
    session: Session,
    programme: str,
    by: By,
    *,
    as_of: date,
    year: int | None = None,
    reader: Person | None = None,
) -> dict[str, Any]:
    """One table of roll-ups with its data cut-off: `rows[]` and `total`, by source, step and measure.

    Raises Refused, with each differing figure, when the two ways of adding up do not agree.
    """
    cut = _READ_OFF.get(by, by)
    found = rollups(session, programme, as_of=as_of, only={cut}, reader=reader)
    found.refuse_apart()
    chosen = [(key, figures) for key, figures in found.cells.items() if key.by is cut and year in (None, key.year)]
    sums: dict[Part, Figures] = {}
    for key, figures in chosen:
        for part, share in _shares(by, key, figures):
            sums[part] = tuple(map(add, sums.get(part, nothing(by)), share))
    total = _total(by, sums)
    rows = [_row(found, by, part, sums[part]) for part in _in_order(found, by, sums)]
    return found.head() | {"year": year, "by": str(by), "rows": rows, "total": total}


def _shares(by: By, key: Key, figures: Figures) -> Iterator[tuple[Part, Figures]]:
    """To which rows of the table a cell adds what."""
    if by is not By.SOURCE:
        yield (key.state if by is By.STATE else key.part), figures
        return
    places = list(places_of(key.by))
    for column in COLUMNS:
        yield column, tuple(figure for at, figure in zip(places, figures, strict=True) if at[1] == column)


def _total(by: By, sums: dict[Part, Figures]) -> dict[str, Any] | None:
    """All rows together. Targets are counted in units of their own, so that there is nothing to add up."""
    if by is By.TARGET:
        return None
    total = (
        sums.pop(TOTAL, nothing(by))
        if by is By.SOURCE
        else tuple(map(sum, zip(nothing(by), *sums.values(), strict=True)))
    )
    told = shown(by, total)
    if by is By.MONTH:
        # A project stands in every month in which something was decided on it.
        for steps in told.values():
            for measures in steps.values():
                del measures[str(Measure.PROJECTS)]
    return told


def _in_order(found: Rollups, by: By, sums: dict[Part, Figures]) -> list[Part]:
    """The parts that say something, in the order of the programme or the register, months by date."""
    order = {part: place for place, part in enumerate(found.names.parts.get(by, {}))}
    told = [part for part, figures in sums.items() if any(figures)]
    return sorted(told, key=lambda part: (order.get(part, len(order)), str(part)))


def _row(found: Rollups, by: By, part: Part, figures: Figures) -> dict[str, Any]:
    named = found.names.named(by, part)
    unit = {"unit": named.unit} if by is By.TARGET else {}
    return {"key": named.code, "name": named.name, **unit, "figures": shown(by, figures)}
