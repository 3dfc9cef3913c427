"""Load programme files: what is printed must reconcile, or loading is refused with the difference."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import text
from sqlmodel import Session

from models.append import SELF, Origin
from models.chain import canonical, plain
from models.forms import refuse_invalid
from models.subjects import open_subject
from states.refusal import Refused
from states.vocabulary import Source
from states.words import format_number

#: Programme files print money in triệu đồng.
TRIEU = 1_000_000
UNALLOCATED = 0


class _Part(BaseModel):
    """Keys that only people read (clauses, notes, duties) are allowed and not stored."""

    model_config = ConfigDict(extra="ignore", strict=True)


class TargetFile(_Part):
    code: str
    name: str
    unit: str
    unit_aliases: tuple[str, ...] = Field(default=(), strict=False)
    quantity: int | None = Field(default=None, ge=0)
    quantity_min: int | None = Field(default=None, ge=0)
    quantity_max: int | None = Field(default=None, ge=0)


class BudgetFile(_Part):
    local_fund: int | None = Field(default=None, ge=0)
    national_fund: int | None = Field(default=None, ge=0)
    counterpart: int | None = Field(default=None, ge=0)
    total_printed: int | None = None

    def amounts(self) -> dict[Source, int]:
        """Triệu đồng per source, as printed; a source that was not printed is absent."""
        printed = {source: getattr(self, source) for source in Source}
        return {source: amount for source, amount in printed.items() if amount is not None}


class ContentFile(_Part):
    number: int = Field(ge=1)
    code: str
    name: str
    targets: tuple[TargetFile, ...] = Field(default=(), strict=False)
    budget: BudgetFile


class TotalsFile(_Part):
    grand_total: int | None = None
    state_budget: int | None = None
    local_fund: int | None = None
    national_fund: int | None = None
    counterpart: int | None = None


class PeriodFile(_Part):
    start_year: int
    end_year: int


class ProgrammeHead(_Part):
    code: str
    name: str
    province: str
    period: PeriodFile
    unit: str


class SignerFile(_Part):
    name: str


class DocumentFile(_Part):
    number: str | None
    date: "date | None"
    issuer: str
    signer: SignerFile | None = None


class ProgrammeFile(_Part):
    """A programme as printed; amounts in triệu đồng."""

    schema_version: int
    verified: bool
    document: DocumentFile
    programme: ProgrammeHead
    content_groups: tuple[ContentFile, ...] = Field(strict=False)
    unallocated_budget: BudgetFile | None = None
    unallocated_targets: tuple[TargetFile, ...] = Field(default=(), strict=False)
    totals_printed: TotalsFile

    def budgets(self) -> list[tuple[int, BudgetFile]]:
        split = [(content.number, content.budget) for content in self.content_groups]
        return split + ([(UNALLOCATED, self.unallocated_budget)] if self.unallocated_budget else [])

    def targets(self) -> list[tuple[int, TargetFile]]:
        split = [(content.number, target) for content in self.content_groups for target in content.targets]
        return split + [(UNALLOCATED, target) for target in self.unallocated_targets]


def read_programme_file(path: Path) -> ProgrammeFile:
    """Read and reconcile one file. Raises Refused with every difference, in triệu đồng."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        programme = ProgrammeFile.model_validate(content)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Refused(f"Không đọc được tệp chương trình {path.name}; hãy kiểm tra lại tệp YAML.") from error
    except ValidationError as error:
        raise refuse_invalid(error, f"Tệp chương trình {path.name}") from error
    problems = _problems(programme)
    if problems:
        raise Refused(*problems)
    return programme


def _problems(file: ProgrammeFile) -> list[str]:
    problems = []
    if file.schema_version != 1 or file.programme.unit != "trieu_dong":
        problems.append("Tệp chương trình phải có schema_version: 1 và unit: trieu_dong.")
    for number, budget in file.budgets():
        problems += _compare(f"Nội dung {number}: tổng các nguồn", sum(budget.amounts().values()), budget.total_printed)
    totals, printed = _sums(file), file.totals_printed
    for source in Source:
        problems += _compare(f"Tổng nguồn {source.label}", totals[source], getattr(printed, source))
    state = totals[Source.LOCAL_FUND] + totals[Source.NATIONAL_FUND]
    problems += _compare("Tổng ngân sách nhà nước", state, printed.state_budget)
    problems += _compare("Tổng chương trình", sum(totals.values()), printed.grand_total)
    codes = [target.code for _, target in file.targets()]
    if len(codes) != len(set(codes)):
        problems.append("Mã chỉ tiêu bị trùng trong tệp; mỗi chỉ tiêu cần một mã riêng.")
    return problems


def _sums(file: ProgrammeFile) -> dict[Source, int]:
    return {source: sum(budget.amounts().get(source, 0) for _, budget in file.budgets()) for source in Source}


def _compare(what: str, added: int, printed: int | None) -> list[str]:
    """Only what is printed is checked."""
    if printed is None or printed == added:
        return []
    return [
        f"{what} cộng lại là {format_number(added)} triệu, văn bản in {format_number(printed)} triệu, "
        f"chênh lệch {format_number(abs(added - printed))} triệu; hãy đối chiếu với quyết định."
    ]


def load_programme(session: Session, path: Path, origin: Origin) -> int:
    """Record a programme with its contents, budgets (đồng) and targets in one event, and return its id.

    Raises Refused when its figures do not reconcile or its code is already there.
    """
    file = read_programme_file(path)
    head = file.programme
    if session.connection().execute(text("SELECT 1 FROM programme WHERE code = :code"), {"code": head.code}).first():
        raise Refused(f"Chương trình {head.code} đã có trong sổ; muốn sửa, hãy ghi một quyết định điều chỉnh.")
    values = {
        "code": head.code,
        "name": head.name,
        "prefix": "-".join(head.code.split("-")[:2]),
        "number": file.document.number or "",
        "issued_on": file.document.date,
        "issuer": file.document.issuer,
        "signer": file.document.signer.name if file.document.signer else "",
        "start_year": head.period.start_year,
        "end_year": head.period.end_year,
        "verified": int(file.verified),
    }
    lines = {"content": _contents(file), "budget": _budgets(file), "target": _targets(file)}
    return open_subject(session, "programme", values, origin, lines=lines)


def _contents(file: ProgrammeFile) -> list[dict[str, Any]]:
    rows = [{"no": content.number, "code": content.code, "name": content.name} for content in file.content_groups]
    if file.unallocated_budget or file.unallocated_targets:
        rows.append({"no": UNALLOCATED, "code": "CHUA_PHAN_BO", "name": "Chưa phân bổ theo nội dung"})
    return [{"programme_id": SELF} | row for row in rows]


def _budgets(file: ProgrammeFile) -> list[dict[str, Any]]:
    return [
        {"programme_id": SELF, "content_no": number, "source": str(source), "amount": amount * TRIEU}
        for number, budget in file.budgets()
        for source, amount in budget.amounts().items()
    ]


def _targets(file: ProgrammeFile) -> list[dict[str, Any]]:
    return [
        {
            "programme_id": SELF,
            "content_no": number,
            "code": target.code,
            "name": target.name,
            "unit": target.unit,
            "unit_aliases": canonical({"aliases": plain(target.unit_aliases)}),
            "quantity": target.quantity,
            "quantity_min": target.quantity_min,
            "quantity_max": target.quantity_max,
        }
        for number, target in file.targets()
    ]
