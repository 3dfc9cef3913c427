"""Two figures that should be one: where they stand, what they say, how far they lie apart, and the rows behind them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from states.vocabulary import Labelled, MoneyKind, Source
from states.words import format_number

#: Rows that a difference shows; how many there are it always says.
ROWS_SHOWN = 50


class Scope(Labelled):
    """What a figure is about."""

    PROJECT = "project", "Đề án"
    CONTRACT = "contract", "Hợp đồng"
    DECISION = "decision", "Quyết định"
    YEAR = "year", "Năm kế hoạch"
    CONTENT = "content", "Nội dung"
    PROGRAMME = "programme", "Chương trình"
    REGISTER = "register", "Cả sổ"


@dataclass(frozen=True, slots=True)
class Behind:
    """One row behind a figure: its table, its key as `dean verify` writes keys, and what it adds."""

    table: str
    key: str
    amount: int

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {signed(self.amount)}"


@dataclass(frozen=True, slots=True)
class Difference:
    """An equation that does not hold. Amounts in đồng unless `unit` says otherwise; `source` None is no money."""

    scope: Scope
    subject: str
    source: Source | None
    left_words: str
    right_words: str
    left: int
    right: int
    rows: tuple[Behind, ...] = ()
    row_count: int = 0
    sign: str = "="
    unit: str = "đồng"

    @property
    def equation(self) -> str:
        return f"{self.left_words} {self.sign} {self.right_words}"

    @property
    def difference(self) -> int:
        return self.left - self.right

    @property
    def sentence(self) -> str:
        """The difference as a person is told of it."""
        where = f"{self.scope.label} {self.subject}".strip() + (f", {self.source.label}" if self.source else "")
        left, right = (f"{format_number(figure)} {self.unit}" for figure in (self.left, self.right))
        apart = f"{format_number(abs(self.difference))} {self.unit}"
        return f"{where}: {self.left_words} là {left}, {self.right_words} là {right}; lệch {apart}."

    def as_json(self) -> dict[str, Any]:
        return {
            "scope": str(self.scope),
            "subject": self.subject,
            "source": self.source and str(self.source),
            "equation": self.equation,
            "left": self.left,
            "right": self.right,
            "difference": self.difference,
            "unit": self.unit,
            "rows": [{"table": row.table, "key": row.key, "amount": row.amount} for row in self.rows],
            "row_count": self.row_count,
            "sentence": self.sentence,
        }


def behind(rows: Iterable[Behind]) -> dict[str, Any]:
    """The rows of a difference, cut to what is shown, and their number."""
    listed = list(rows)
    return {"rows": tuple(listed[:ROWS_SHOWN]), "row_count": len(listed)}


def kind_words(*kinds: MoneyKind) -> str:
    """The short names of some kinds of money, as one side of an equation."""
    return " + ".join(_SHORT.get(kind, kind.label.lower()) for kind in kinds)


_SHORT: Mapping[MoneyKind, str] = {MoneyKind.ADJUSTED: "điều chỉnh", MoneyKind.RELEASED: "hủy dự toán"}


def signed(amount: int) -> str:
    return f"{'-' if amount < 0 else '+'}{format_number(abs(amount))}"
