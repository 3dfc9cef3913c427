"""Read the prepayment rules from a file and refuse, in sentences, what cannot stand in it."""

from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from models.dated_rule_file import DatedRuleRow, read_dated_rules
from states.activities import Activity
from states.prepayments import PrepaymentRule
from states.vocabulary import Paper, Route

PREPAYMENTS = Path(__file__).parent / "reference" / "prepayments.yaml"


class PrepaymentRow(DatedRuleRow):
    """One prepayment rule as its file says it; the head of the shipped file explains each key."""

    activity: Activity | None = Field(strict=False)
    route: Route = Field(strict=False)
    percent: int = Field(ge=1, le=100)
    # More than all of the work can never be done, so 100 would be a rule that grants nothing.
    progress: int = Field(default=0, ge=0, le=99)
    papers: tuple[Annotated[Paper, Field(strict=False)], ...] = Field(default=(), strict=False)


def read_prepayment_row(row: Any) -> PrepaymentRule:
    """Read one row. Raises ValidationError, or Refused for words that cannot be printed."""
    read = PrepaymentRow.model_validate(row)
    label = read.activity.label if read.activity else "Mọi hoạt động"
    return PrepaymentRule(**read.values(label=label))


def read_prepayment_file(path: Path = PREPAYMENTS) -> tuple[PrepaymentRule, ...]:
    """Read and check a file of prepayment rules, by default the shipped one. Raises Refused."""
    return read_dated_rules(path, read_prepayment_row, "mức tạm ứng")
