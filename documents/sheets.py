"""Working papers on A4, as values: headings, facts, tables, the track of the five states, bars; set as a PDF."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal

from documents.typeset import pdf as typeset

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    kind: str = field(default="heading", init=False)


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; `quiet` is small print."""

    text: str
    quiet: bool = False
    kind: str = field(default="words", init=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """Names beside their values; what has no value is left out."""

    rows: Sequence[tuple[str, str]]
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are shares of the page; `shaded` are the numbers of rows that stand back, `total` is the last row."""

    heads: Sequence[str]
    widths: Sequence[int]
    aligned: Sequence[Align]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    shaded: Sequence[int] = ()
    size: float = 9.5
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class Milestone:
    """One of the states in order, with the day on which it was reached, or nothing."""

    label: str
    reached: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    milestones: Sequence[Milestone]
    kind: str = field(default="track", init=False)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is, its amount in words, and its length in thousandths of the scale."""

    label: str
    amount: str
    permille: int


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of one thing on one scale; `goal` in thousandths is where a line crosses them. `told` says it in words."""

    title: str
    bars: Sequence[Bar]
    told: str
    goal: int | None = None
    kind: str = field(default="bars", init=False)


Block = Heading | Words | Facts | Table | Track | Bars


@dataclass(frozen=True, slots=True)
class Paper:
    """A working paper: who issues it, its title, up to when it knows the register, what stands on it."""

    issuer: str
    title: str
    subtitles: Sequence[str]
    cut_off: str
    made_at: datetime
    mark: str
    blocks: Sequence[Block]


def pdf(paper: Paper, *, archive: bool = False) -> bytes:
    """Set a working paper. Raises UnprintableError, for archives only."""
    values: dict[str, Any] = {
        "issuer": paper.issuer,
        "title": paper.title,
        "subtitles": list(paper.subtitles),
        "cut_off": paper.cut_off,
        "made_at": paper.made_at,
        "mark": paper.mark or None,
        "blocks": [asdict(block) for block in paper.blocks],
    }
    return typeset("sheet", values, archive=archive)
