"""Where each stretch of a life stands in a drawing: days become places on a scale of years."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from states.vocabulary import Stage

#: Pixels: of the names, of the scale, of a row, of the head; and of the shortest bar.
LABEL, WIDE, ROW, HEAD = 220, 760, 30, 34
_LEAST = 6
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch after one milestone; the last one of a life still open is `open`."""

    x: float
    width: float
    state: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A deadline that runs."""

    x: float
    label: str
    due_on: date
    is_over: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One project: its bars and marks, and the place where its life ended before the last milestone."""

    y: int
    row: dict[str, Any]
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    end: float | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of one page: `ticks` are the beginnings of years and quarters with what stands under them."""

    width: int
    height: int
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, str, bool], ...]
    today: float


def draw(rows: Sequence[dict[str, Any]], *, today: date) -> Drawing:
    """Draw the lives of rows; the scale reaches from the first day that any of them knows to the last."""
    days = [today, *_days(rows)]
    first = min(days)
    first = date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
    # Room for the half of a mark that stands on the last day.
    last = max(days) + max(_WEEK, (max(days) - first) / 50)
    scale = _Scale(first, max(last, first + timedelta(days=90)))
    lanes = tuple(_lane(number, row, scale, today) for number, row in enumerate(rows))
    return Drawing(LABEL + WIDE, HEAD + ROW * len(rows) + 6, lanes, tuple(_ticks(scale)), scale.x(today))


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    last: date

    def x(self, day: date) -> float:
        share = (day - self.first).days / (self.last - self.first).days
        return round(LABEL + share * WIDE, 1)


def _days(rows: Sequence[dict[str, Any]]) -> Iterator[date]:
    for row in rows:
        life = row["life"]
        yield from (span.since for span in life.spans)
        yield from (deadline["due_on"] for deadline in life.deadlines)
        if life.ended_on:
            yield life.ended_on


def _lane(number: int, row: dict[str, Any], scale: _Scale, today: date) -> Lane:
    life = row["life"]
    bars = []
    for span in life.spans:
        x = scale.x(span.since)
        # A day by itself has no width, and a settlement is but a day: both are drawn all the same.
        width = max(scale.x(span.until or max(today, span.since)) - x, _LEAST)
        bars.append(Bar(x, round(width, 1), str(span.state or "draft"), span.since, span.until))
    marks = tuple(
        Mark(scale.x(deadline["due_on"]), deadline["label"], deadline["due_on"], deadline["due_on"] < today)
        for deadline in life.deadlines
    )
    is_cut = life.ended_on and row["stage"] != Stage.SETTLED
    end = scale.x(life.ended_on) if is_cut else None
    return Lane(HEAD + number * ROW, row, tuple(bars), marks, end)


def _ticks(scale: _Scale) -> Iterator[tuple[float, str, bool]]:
    """The beginning of each year, and of each quarter while there is room for it."""
    quarters = (scale.last - scale.first).days <= 5 * 366
    day = scale.first
    while day <= scale.last:
        if day.month == 1:
            yield scale.x(day), str(day.year), True
        elif quarters:
            yield scale.x(day), f"{day.month}/{day.year}" if day == scale.first else "", False
        day = date(day.year + (day.month + 2) // 12, (day.month + 2) % 12 + 1, 1)
