"""Read dated rules from a file and refuse, in sentences, what cannot stand in it."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from models.forms import Line, refuse_invalid
from states.dated_rules import NATIONAL, DatedRule, contradictions
from states.folding import quoted
from states.refusal import Refused

Rule = TypeVar("Rule", bound=DatedRule)


def _id(text: str) -> str:
    if re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)*", text):
        return text
    raise Refused(f"Mã {quoted(text)} không đúng mẫu; hãy dùng chữ hoa không dấu, số và gạch nối, như C-VL-MACHINERY.")


def _jurisdiction(text: str) -> str:
    if re.fullmatch(r"[a-z]+(-[a-z]+)*", text):
        return text
    raise Refused(
        f"Địa phương {quoted(text)} không đúng mẫu; hãy ghi {NATIONAL}, hoặc tên tỉnh không dấu như vinh-long."
    )


class DatedRuleRow(BaseModel):
    """What every row says; each kind of rule adds its own keys, and the head of its shipped file explains them."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: Annotated[str, AfterValidator(_id)]
    label: Line = ""
    jurisdiction: Annotated[str, AfterValidator(_jurisdiction)]
    basis: Line
    verified: bool
    doubt: Line = ""
    effective_from: date
    effective_until: date | None = None

    def values(self, *, label: str) -> dict[str, Any]:
        """The fields of the rule; `label` is what it is called where the row has no words of its own."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {**values, "label": self.label or label}


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    schema_version: Literal[1]
    rows: tuple[Any, ...] = Field(strict=False)


def read_dated_rules(path: Path, read_row: Callable[[Any], Rule], what: str) -> tuple[Rule, ...]:
    """Read and check a file of rules of one kind; `what` names the kind in the refusals.

    Raises Refused with every row that is not whole, and then with every contradiction between rows.
    """
    file = _read_file(path, what)
    rules: list[Rule] = []
    reasons: list[str] = []
    for place, row in enumerate(file.rows, start=1):
        where = f"Tệp {what} {path.name}, dòng {_name(row, place)}"
        try:
            rules.append(read_row(row))
        except ValidationError as error:
            reasons.extend(refuse_invalid(error, where).reasons)
        except Refused as refusal:
            reasons.extend(f"{where}: {reason}" for reason in refusal.reasons)
    reasons.extend(contradictions(rules))
    if reasons:
        raise Refused(*reasons)
    return tuple(rules)


def _read_file(path: Path, what: str) -> _File:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    # A day that no calendar has (2025-02-30) is a ValueError of the YAML reader, like text that is not UTF-8.
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise Refused(f"Không đọc được tệp {what} {path.name}; hãy kiểm tra lại tệp YAML.") from error
    try:
        return _File.model_validate(content)
    except ValidationError as error:
        raise Refused(f"Tệp {what} {path.name} không đúng mẫu; hãy ghi schema_version: 1 và danh sách rows.") from error


def _name(row: Any, place: int) -> str:
    named = row.get("id") if isinstance(row, dict) else None
    return quoted(named) if isinstance(named, str) and named else str(place)
