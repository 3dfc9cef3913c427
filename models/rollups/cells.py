"""The cells of the roll-ups as values: their keys, their figures, and a figure on which two ways differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from states.rollups import By, Measure, Step
from states.vocabulary import Source
from states.words import format_number

TOTAL = "total"
#: The columns of a cell of money; a project with two sources counts once under the total.
COLUMNS = (*map(str, Source), TOTAL)
STEPS = tuple(Step)


@dataclass(frozen=True, slots=True)
class Key:
    """Which cell: its cut, the plan year of its projects, its part, and on a content the state of its projects.

    `part` is the number of a content, the code of a target, the id of a unit or place (None: no place is written
    down), or a month (YYYY-MM).
    """

    by: By
    year: int
    part: int | str | None
    state: str = ""

    @property
    def order(self) -> tuple[Any, ...]:
        """Cuts in the order of their list, then year, part and state; what has no part comes last."""
        return list(By).index(self.by), self.year, self.part is None, self.part, self.state


#: The figures of a cell: for each of its columns the amounts of the four steps, then likewise the projects.
Figures = tuple[int, ...]
Cells = Mapping[Key, Figures]


def columns_of(by: By) -> tuple[str, ...]:
    """Work has no source, and a row that is one source has no other."""
    return (TOTAL,) if by in (By.TARGET, By.SOURCE) else COLUMNS


def places_of(by: By) -> Iterator[tuple[Measure, str, Step]]:
    """What stands at each place of the figures of a cell."""
    for measure in Measure:
        for column in columns_of(by):
            for step in STEPS:
                yield measure, column, step


def nothing(by: By) -> Figures:
    return (0,) * (2 * len(columns_of(by)) * len(STEPS))


@dataclass(frozen=True, slots=True)
class Apart:
    """One figure of one cell on which the two ways of adding up differ."""

    key: Key
    words: str
    column: str
    step: Step
    measure: Measure
    unit: str
    balances: int
    entries: int

    @property
    def sentence(self) -> str:
        """The difference as a person is told of it."""
        source = "" if self.column == TOTAL else f", {Source(self.column).label}"
        what = f"{self.step.label}{' (số đề án)' if self.measure is Measure.PROJECTS else ''}"
        first, second = _FIRST.get(self.key.by, "cộng số dư"), _SECOND.get(self.key.by, "cộng các khoản đã ghi")
        left, right, apart = (
            f"{format_number(figure)} {self.unit}"
            for figure in (self.balances, self.entries, abs(self.balances - self.entries))
        )
        return f"{self.words}{source}, {what}: {first} là {left}, {second} là {right}; lệch {apart}."

    def as_json(self) -> dict[str, Any]:
        return {
            "by": str(self.key.by),
            "year": self.key.year,
            "part": self.words,
            "source": self.column,
            "step": str(self.step),
            "measure": str(self.measure),
            "first": self.balances,
            "second": self.entries,
            "difference": self.balances - self.entries,
            "unit": self.unit,
            "sentence": self.sentence,
        }


_FIRST = {By.MONTH: "cộng các khoản đã ghi"}
_SECOND = {By.MONTH: "tính lại từ các sự kiện", By.TARGET: "cộng các khối lượng đã ghi"}
