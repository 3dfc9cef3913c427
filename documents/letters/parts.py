"""What an official paper is made of. Texts hold fields in double braces; Word and PDF are both made from them."""

from dataclasses import dataclass
from typing import Any, Literal

#: The tree of the fields of a kind: a leaf is the Vietnamese name of a field, a list what each of several has.
Fields = dict[str, Any]

Style = Literal["body", "basis", "centre", "heading", "authority", "item", "left", "small"]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. `lead` stands bold before it ("Điều 1.")."""

    text: str
    style: Style = "body"
    lead: str = ""

    @property
    def fills_in(self) -> bool:
        """Is there a place to write by hand? Such lines are not spread over the width."""
        return "……" in self.text


@dataclass(frozen=True, slots=True)
class Each:
    """Paragraphs for each of several; within them `name` is the one, and `loop` knows whether it is the last."""

    over: str
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in millimetres; all columns of a table share the 160 of the sheet, or the 247 of an annex.

    A column of amounts has 41, so that "99.999.999.999" stays in one line in bold and in any font a machine puts in
    the place of Times New Roman.
    """

    head: str
    cell: str
    width: int
    align: Literal["left", "centre", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Rows:
    """A table with one row for each of several; `total` are the cells of the last row, one a column."""

    over: str
    name: str
    columns: tuple[Column, ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows is an annex on sheets of its own, which lie on their side: its tables are wide."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Where the signatures stand; every paper has them once, so no paper lists them."""


Part = Line | Each | Rows | NewPage


@dataclass(frozen=True, slots=True)
class Letter:
    """One kind of official paper.

    `head` is who issues it: an office with its number on the left, or two parties under the national title alone.
    A paper without a `title` is a công văn, whose subject stands under its number. `signers` are the columns of the
    signatures; empty means the one who signs for the office, beside the recipients. `form` says to the one who
    writes it which official form it stands for and what of that was not checked; it is never printed.
    """

    kind: str
    label: str
    title: str
    about: str
    parts: tuple[Part, ...]
    fields: Fields
    head: Literal["office", "parties"] = "office"
    addressee: str = ""
    signers: tuple[str, ...] = ()
    form: str = ""


def line(text: str, style: Style = "body", lead: str = "") -> Line:
    return Line(text, style, lead)


#: Each paper leans on its grounds: italic, each line ends with ";", the last with ".".
GROUNDS = Each("grounds", "ground", (Line('{{ ground }}{{ "." if loop.last else ";" }}', "basis"),))
