"""Read the reminder rules from a file and refuse, in sentences, what cannot stand in it."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from models.dated_rule_file import DatedRuleRow, read_dated_rules
from states.dated_rules import NATIONAL
from states.folding import quoted
from states.refusal import Refused
from states.reminder_rules import Audience, ReminderKind, ReminderRule
from states.vocabulary import Route

REMINDERS = Path(__file__).parent / "reference" / "reminders.yaml"


def _clock(text: str) -> str:
    if re.fullmatch(r"D-[A-Z0-9]+", text):
        return text
    raise Refused(f"Loại hạn {quoted(text)} không đúng mẫu; hãy ghi mã của hạn như D-CHECK, D-22JAN.")


class ReminderRow(DatedRuleRow):
    """One reminder rule as its file says it; the head of the shipped file explains each key."""

    # No file needs to write these two: a stored rule has the columns, and is read through this row when it is checked
    # again.
    activity: None = None
    jurisdiction: str = NATIONAL
    kind: ReminderKind = Field(strict=False)
    clock: Annotated[str, AfterValidator(_clock)] | None = None
    route: Route | None = Field(default=None, strict=False)
    audience: Audience = Field(strict=False)
    workdays: int = Field(default=0, ge=-60, le=60)
    every: int = Field(default=0, ge=0, le=250)
    urgent: bool = False
    active: bool = True


def read_reminder_row(row: Any) -> ReminderRule:
    """Read one row. Raises ValidationError, or Refused for words that cannot be printed."""
    rule = ReminderRule(**ReminderRow.model_validate(row).values(label=""))
    return rule if rule.label else replace(rule, label=rule.level)


def read_reminder_file(path: Path = REMINDERS) -> tuple[ReminderRule, ...]:
    """Read and check a file of reminder rules, by default the shipped one. Raises Refused."""
    return read_dated_rules(path, read_reminder_row, "mốc nhắc")
