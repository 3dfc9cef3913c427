"""Read the priority rules from a file and refuse, in sentences, what cannot stand in it."""

from pathlib import Path
from typing import Any

from pydantic import Field

from models.dated_rule_file import DatedRuleRow, read_dated_rules
from states.priorities import Criterion, PriorityRule
from states.vocabulary import Route

PRIORITIES = Path(__file__).parent / "reference" / "priorities.yaml"


class PriorityRow(DatedRuleRow):
    """One priority rule as its file says it; the head of the shipped file explains each key."""

    # No file needs to write it: a stored rule has the column, and is read through this row when it is checked again.
    activity: None = None
    criterion: Criterion = Field(strict=False)
    route: Route | None = Field(strict=False)
    points: int = Field(ge=0, le=1000)
    jobs: int = Field(default=0, ge=0, le=100_000)


def read_priority_row(row: Any) -> PriorityRule:
    """Read one row. Raises ValidationError, or Refused for words that cannot be printed."""
    read = PriorityRow.model_validate(row)
    return PriorityRule(**read.values(label=read.criterion.label))


def read_priority_file(path: Path = PRIORITIES) -> tuple[PriorityRule, ...]:
    """Read and check a file of priority rules, by default the shipped one. Raises Refused."""
    return read_dated_rules(path, read_priority_row, "mức ưu tiên")
