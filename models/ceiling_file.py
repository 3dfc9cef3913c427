"""Read the support ceilings from a file and refuse, in sentences, what cannot stand in it."""

from pathlib import Path
from typing import Any

from pydantic import Field

from models.dated_rule_file import DatedRuleRow, read_dated_rules
from models.forms import Amount, Line
from states.activities import Activity
from states.ceilings import Base, CeilingRule
from states.vocabulary import Route

CEILINGS = Path(__file__).parent / "reference" / "ceilings.yaml"


class CeilingRow(DatedRuleRow):
    """One level of support as its file says it; the head of the shipped file explains each key."""

    activity: Activity = Field(strict=False)
    route: Route | None = Field(strict=False)
    percent: int | None = Field(ge=1, le=100)
    cap: Amount | None
    per: Line = ""
    base: Base = Field(default=Base.ELIGIBLE_COST, strict=False)
    condition: Line = ""
    notes: Line = ""


def read_ceiling_row(row: Any) -> CeilingRule:
    """Read one row. Raises ValidationError, or Refused for words that cannot be printed."""
    read = CeilingRow.model_validate(row)
    return CeilingRule(**read.values(label=read.activity.label))


def read_ceiling_file(path: Path = CEILINGS) -> tuple[CeilingRule, ...]:
    """Read and check a file of ceilings, by default the shipped one; amounts in đồng. Raises Refused."""
    return read_dated_rules(path, read_ceiling_row, "định mức")
