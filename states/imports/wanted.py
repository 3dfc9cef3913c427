"""What one row of a register wants: the values of a đề án, with a sentence beside each cell that cannot be taken."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from states.imports.known import NewFirm
from states.vocabulary import Route, Source, Stage


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a person says for rows whose file does not say it."""

    programme: str = ""
    plan_year: int | None = None
    unit: str = ""
    route: Route | None = None
    activity: str = ""
    content: int | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a row cannot be taken; `column` is None where the row lacks something that no cell says."""

    column: int | None
    sentence: str


@dataclass(slots=True)
class OldEnd:
    """What the row of an old register says of the end of a project; amounts in đồng, None where it says nothing."""

    stage: Stage | None = None
    status: str = ""
    approved: int | None = None
    settled: int | None = None
    asked: int = 0
    decision: str = ""
    decided_on: date | None = None
    settled_on: date | None = None


@dataclass(slots=True)
class Wanted:
    """What a row says. `values` are columns of the project as the register writes them, only those that were told.

    `fresh` are beneficiaries to be written down with it; `lacking` counts only where the row is a new project;
    `places` tells in which column each value stood. `end` is set where ended projects are read.
    """

    row: int
    code: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    content: int | None = None
    route: Route | None = None
    plan_year: int | None = None
    unit: str | None = None
    amounts: dict[Source, int] = field(default_factory=dict)
    targets: dict[str, int] | None = None
    beneficiaries: tuple[int, ...] | None = None
    end: OldEnd | None = None
    fresh: tuple[NewFirm, ...] = ()
    notes: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    lacking: list[Trouble] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))
