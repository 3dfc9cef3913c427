"""What people hand in, checked at the boundary: forms as pydantic models, errors as Vietnamese sentences."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from states.facts import LARGEST_AMOUNT
from states.folding import clean_line
from states.refusal import Refused
from states.vocabulary import Kind, Route, Source

LARGEST = 2**63 - 1

Amount = Annotated[int, Field(strict=True, ge=0, le=LARGEST_AMOUNT)]
Quantity = Annotated[int, Field(strict=True, ge=0, le=LARGEST_AMOUNT)]
Line = Annotated[str, AfterValidator(lambda text: clean_line(text, "Dòng chữ") if text.strip() else "")]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProjectForm(_Form):
    """A new đề án as its author writes it. Amounts in đồng; `targets` maps target codes to planned quantities.

    `equipment` is the machine, line or product supported: what finds support that was given before.
    """

    name: Line = Field(min_length=1)
    equipment: Line = ""
    programme: str
    content: int
    activity: Line = Field(min_length=1)
    route: Route
    kind: Kind = Kind.ORDINARY
    plan_year: int = Field(ge=2000, le=2100)
    unit: str
    place: str | None = None
    beneficiaries: tuple[int, ...] = ()
    amounts: dict[Source, Amount] = Field(default_factory=dict)
    targets: dict[str, Quantity] = Field(default_factory=dict)
    total_cost: Amount = 0
    partner: Line = ""
    objectives: str = ""
    scope: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    expected_jobs: Quantity = 0
    expected_revenue: Amount = 0
    expected_effect: str = ""
    priorities: tuple[str, ...] = ()


class BeneficiaryForm(_Form):
    """A cơ sở công nghiệp nông thôn; the tax code is what finds it again in other years."""

    name: Line = Field(min_length=1)
    kind: str
    tax_code: str | None = Field(default=None, pattern=r"^\d{10}(-\d{3})?$")
    place: str | None = None
    women_owned: bool = False
    ethnic_minority_owned: bool = False


_FIELD_LABELS = {
    "name": "tên",
    "activity": "hoạt động",
    "equipment": "máy móc, thiết bị được hỗ trợ",
    "plan_year": "năm kế hoạch",
    "tax_code": "mã số thuế",
    "amounts": "số tiền",
    "targets": "số lượng chỉ tiêu",
    "total_cost": "tổng kinh phí",
    "expected_jobs": "số lao động",
    "expected_revenue": "doanh thu dự kiến",
}
_SENTENCES = {
    "missing": "còn thiếu",
    "int_type": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "greater_than_equal": "không được nhỏ hơn {ge}",
    "less_than_equal": "không được lớn hơn {le}",
    "string_too_short": "không được để trống",
    "string_pattern_mismatch": "phải gồm 10 chữ số, hoặc 10 chữ số-3 chữ số của chi nhánh",
    "extra_forbidden": "không có trong mẫu",
    "enum": "phải là một trong: {expected}",
}


def refuse_invalid(error: ValidationError, what: str) -> Refused:
    """Turn pydantic's findings into one sentence per field."""
    reasons: list[str] = []
    for found in error.errors():
        cause = found.get("ctx", {}).get("error")
        if isinstance(cause, Refused):
            reasons.extend(cause.reasons)
            continue
        place = ".".join(str(part) for part in found["loc"])
        label = _FIELD_LABELS.get(str(found["loc"][0]) if found["loc"] else "", place)
        sentence = _SENTENCES.get(found["type"], "không đúng dạng").format_map(_Quiet(found.get("ctx", {})))
        reasons.append(f"{what}: {label} ({place}) {sentence}; hãy ghi lại.")
    return Refused(*reasons)


class _Quiet(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"
