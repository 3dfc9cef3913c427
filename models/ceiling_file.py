"""Read the support ceilings from a file and refuse, in sentences, what cannot stand in it."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from models.forms import Amount, Line, refuse_invalid
from states.ceilings import NATIONAL, Activity, Base, CeilingRule, contradictions
from states.folding import quoted
from states.refusal import Refused
from states.vocabulary import Route

CEILINGS = Path(__file__).parent / "reference" / "ceilings.yaml"


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


class CeilingRow(BaseModel):
    """One level of support as its file says it; the head of the shipped file explains each key."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: Annotated[str, AfterValidator(_id)]
    activity: Activity = Field(strict=False)
    label: Line = ""
    jurisdiction: Annotated[str, AfterValidator(_jurisdiction)]
    route: Route | None = Field(strict=False)
    percent: int | None = Field(ge=1, le=100)
    cap: Amount | None
    per: Line = ""
    base: Base = Field(default=Base.ELIGIBLE_COST, strict=False)
    basis: Line
    verified: bool
    doubt: Line = ""
    condition: Line = ""
    notes: Line = ""
    effective_from: date
    effective_until: date | None = None

    def rule(self) -> CeilingRule:
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return CeilingRule(**{**values, "label": self.label or self.activity.label})


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    schema_version: Literal[1]
    rows: tuple[Any, ...] = Field(strict=False)


def read_ceiling_file(path: Path = CEILINGS) -> tuple[CeilingRule, ...]:
    """Read and check a file of ceilings, by default the shipped one; amounts in đồng.

    Raises Refused with every row that is not whole, and then with every contradiction between rows.
    """
    file = _read_file(path)
    rules: list[CeilingRule] = []
    reasons: list[str] = []
    for place, row in enumerate(file.rows, start=1):
        what = f"Tệp định mức {path.name}, dòng {_name(row, place)}"
        try:
            rules.append(CeilingRow.model_validate(row).rule())
        except ValidationError as error:
            reasons.extend(refuse_invalid(error, what).reasons)
        except Refused as refusal:
            reasons.extend(f"{what}: {reason}" for reason in refusal.reasons)
    reasons.extend(contradictions(rules))
    if reasons:
        raise Refused(*reasons)
    return tuple(rules)


def _read_file(path: Path) -> _File:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    # A day that no calendar has (2025-02-30) is a ValueError of the YAML reader, like text that is not UTF-8.
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise Refused(f"Không đọc được tệp định mức {path.name}; hãy kiểm tra lại tệp YAML.") from error
    try:
        return _File.model_validate(content)
    except ValidationError as error:
        raise Refused(
            f"Tệp định mức {path.name} không đúng mẫu; hãy ghi schema_version: 1 và danh sách rows."
        ) from error


def _name(row: Any, place: int) -> str:
    named = row.get("id") if isinstance(row, dict) else None
    return quoted(named) if isinstance(named, str) and named else str(place)
