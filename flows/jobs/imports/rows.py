"""What becomes of one row of a file."""

from dataclasses import dataclass, field

from documents.reading import address
from states.imports.wanted import Trouble, Wanted
from states.vocabulary import Labelled


class Outcome(Labelled):
    """What importing a row does."""

    NEW = "new", "mới"
    CHANGED = "changed", "cập nhật"
    SAME = "same", "không đổi"
    WRONG = "wrong", "lỗi"


@dataclass(frozen=True, slots=True)
class CellError:
    """Why a cell, or the row where `column` is None, cannot be taken. `address` is as the person's program shows it."""

    address: str
    sentence: str
    column: int | None = None

    def __str__(self) -> str:
        return f"{self.address}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Change:
    """One value of a project that the row would change, in words."""

    label: str
    was: str
    now: str
    address: str = ""


@dataclass(slots=True)
class Row:
    """A row with its outcome; `number` is as the person's program shows it."""

    number: int
    outcome: Outcome
    code: str | None
    name: str
    wanted: Wanted
    changes: list[Change] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    #: What is handed to the door: the form of a new project, or what to amend.
    form: dict[str, object] = field(default_factory=dict)
    version: int | None = None
    #: The dossier has left its unit: changing it is a correction, which wants a reason.
    is_handed_in: bool = False

    @classmethod
    def wrong(cls, wanted: Wanted) -> "Row":
        return cls(wanted.row + 1, Outcome.WRONG, wanted.code, wanted.name, wanted, [], wanted.notes, errors_of(wanted))


def errors_of(wanted: Wanted) -> list[CellError]:
    """The faults of a row from left to right, those of the whole row last."""
    troubles = sorted(wanted.troubles, key=lambda trouble: (trouble.column is None, trouble.column or 0))
    return [cell_error(wanted.row, trouble) for trouble in troubles]


def cell_error(row: int, trouble: Trouble) -> CellError:
    where = f"Dòng {row + 1}" if trouble.column is None else address(row, trouble.column)
    return CellError(where, trouble.sentence, trouble.column)
