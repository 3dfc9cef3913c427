"""Read deadline rules from their reference file, checked at the boundary."""

from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.forms import refuse_invalid
from states.refusal import Refused
from states.vocabulary import Route


class DeadlineRuleFile(BaseModel):
    """One rule as its file says it; the file's head explains each key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[A-Z0-9-]+$")
    clock: str
    label: str
    route: Route | None
    unit: Literal["workdays", "days", "date"]
    length: int | None = Field(default=None, ge=1, le=3650)
    month: int | None = Field(default=None, ge=1, le=12)
    day: int | None = Field(default=None, ge=1, le=31)
    year: Literal["plan", "work"] = "work"
    year_offset: int = 0
    before: bool = False
    roll: Literal["forward", "safe", "none"]
    basis: str
    statutory: bool
    verified: bool
    active: bool
    effective_from: date
    effective_until: date | None

    @model_validator(mode="after")
    def _is_whole(self) -> "DeadlineRuleFile":
        if (self.unit == "date") != (self.month is not None and self.day is not None):
            raise ValueError("a date rule needs month and day, others must not have them")
        if (self.unit == "date") == (self.length is not None):
            raise ValueError("workdays and days need a length, a date must not have one")
        return self

    def columns(self) -> dict[str, Any]:
        """The values of a row of `deadline_rule`."""
        values = self.model_dump(exclude={"id"})
        flags = {name: int(values[name]) for name in ("before", "statutory", "verified", "active")}
        return {"code": self.id, **values, **flags, "route": str(self.route) if self.route else None}


class _File(BaseModel):
    schema_version: Literal[1]
    rules: tuple[DeadlineRuleFile, ...]


def read_rule_file(path: Path) -> tuple[DeadlineRuleFile, ...]:
    """Read and check a file of deadline rules. Raises Refused with every contradiction.

    Two active rules of one clock and route may not be in force on the same day: nobody could say which holds.
    """
    try:
        rules = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).rules
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Refused(f"Không đọc được tệp quy định {path.name}; hãy kiểm tra lại tệp YAML.") from error
    except ValidationError as error:
        raise refuse_invalid(error, f"Tệp quy định {path.name}") from error
    problems = [
        f"Quy định {one.id} và {other.id} cùng có hiệu lực cho {one.clock}; hãy sửa ngày hiệu lực của một trong hai."
        for place, one in enumerate(rules)
        for other in rules[place + 1 :]
        if contradicts(one, other)
    ]
    ids = [rule.id for rule in rules]
    problems += [f"Quy định {rule} ghi hai lần; hãy bỏ một." for rule in sorted({i for i in ids if ids.count(i) > 1})]
    if problems:
        raise Refused(*problems)
    return rules


def contradicts(one: DeadlineRuleFile, other: DeadlineRuleFile) -> bool:
    """Could both rules measure a clock that starts on some day on some route?"""
    if one.clock != other.clock or one.route is not other.route or not (one.active and other.active):
        return False
    ends = (one.effective_until or date.max, other.effective_until or date.max)
    return max(one.effective_from, other.effective_from) <= min(ends)
