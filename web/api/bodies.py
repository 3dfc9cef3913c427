"""What programs send: the same facts as the forms, as JSON. Amounts are đồng as integers, days ISO."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from models.decisions import DecisionPaper
from states.facts import LARGEST_AMOUNT, Asked, Enclosure, Instalment
from states.vocabulary import Authority, Change, Paper, Source

Amount = Annotated[int, Field(strict=True, ge=0, le=LARGEST_AMOUNT, description="đồng")]
Quantity = Annotated[int, Field(strict=True, ge=0, le=LARGEST_AMOUNT)]
RowId = Annotated[int, Field(strict=True, ge=1, le=2**63 - 1)]
Version = Annotated[int, Field(strict=True, ge=1, le=2**63 - 1, description="Phiên bản đã xem")]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Amounts = Mapping[Source, Amount]


class Body(BaseModel):
    """A body takes nothing that it does not know: a misspelt field would be lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PaperBody(Body):
    """A paper that is on file as an original; upload its scan with POST /projects/{code}/papers."""

    kind: Paper
    title: ShortText = ""
    number: ShortText = ""
    issued_on: date | None = None
    signer: ShortText = ""

    def enclosure(self) -> Enclosure:
        return Enclosure(self.kind, self.title, self.number, self.issued_on, self.signer)


class DecisionBody(Body):
    """A decision as it is printed: `total` is the state support of the lines that are ours."""

    number: ShortText = Field(min_length=1, examples=["980/QĐ-UBND"])
    decided_on: date
    signer: ShortText = Field(min_length=1)
    total: Amount
    annex_total: Amount | None = Field(default=None, description="Tổng in trên phụ lục, nếu gồm cả tỉnh khác")
    counterpart_total: Amount | None = None
    authority: Authority | None = None
    papers: tuple[PaperBody, ...] = ()

    def paper(self) -> DecisionPaper:
        papers = tuple(paper.enclosure() for paper in self.papers)
        printed = (self.number, self.decided_on, self.signer, self.total, self.authority, self.annex_total)
        return DecisionPaper(*printed, papers, self.counterpart_total)


class InstalmentBody(Body):
    """Part of the money to come back and the day by which it must be here."""

    due_on: date
    amount: Amount


class AskedBody(Body):
    """New values that an adjustment request asks for; what is left out stays."""

    kinds: tuple[Change, ...] = ()
    amounts: Mapping[Source, Amount] = Field(default_factory=dict)
    targets: Mapping[str, Quantity] = Field(default_factory=dict)
    activity: ShortText | None = None
    equipment: ShortText | None = None
    partner: ShortText | None = None
    objectives: LongText | None = None
    scope: LongText | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    total_cost: Amount | None = None
    place: Code | None = None
    beneficiaries: tuple[RowId, ...] | None = None
    next_year: bool = False

    def asked(self, place_id: int | None) -> Asked:
        """The request as the rules judge it."""
        names = ("activity", "equipment", "partner", "objectives", "scope", "starts_on", "ends_on", "total_cost")
        columns: dict[str, Any] = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        if place_id is not None:
            columns["place_id"] = place_id
        return Asked(
            frozenset(self.kinds), dict(self.amounts), dict(self.targets), columns, self.beneficiaries, self.next_year
        )


class StepBody(Body):
    """One step of the lifecycle; GET /projects/{code}/steps says what each takes."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "seen_version": 3,
                    "number": "03/BB-SCT",
                    "signer": "Lê Minh Chi",
                    "amounts": {"local_fund": 300_000_000, "counterpart": 350_000_000},
                }
            ]
        },
    )

    seen_version: Version
    number: ShortText = ""
    decided_on: date | None = None
    signer: ShortText = ""
    note: LongText = ""
    authority: Authority | None = None
    amounts: Mapping[Source, Amount] = Field(default_factory=dict)
    quantities: Mapping[str, Quantity] = Field(default_factory=dict)
    missing: tuple[ShortText, ...] = ()
    papers: tuple[PaperBody, ...] = ()
    override: LongText = ""
    cost: Amount | None = None
    progress: Annotated[int, Field(strict=True, ge=0, le=100)] | None = None
    beneficiary_id: RowId | None = None
    instalments: tuple[InstalmentBody, ...] = ()
    asked: AskedBody | None = None

    def values(self, place_id: int | None) -> dict[str, Any]:
        """What an order holds, beside who takes the step and when."""
        same = ("seen_version", "number", "decided_on", "signer", "note", "authority", "missing", "override", "cost")
        return {name: getattr(self, name) for name in (*same, "progress", "beneficiary_id")} | {
            "amounts": dict(self.amounts),
            "quantities": dict(self.quantities),
            "papers": tuple(paper.enclosure() for paper in self.papers),
            "instalments": tuple(Instalment(one.due_on, one.amount) for one in self.instalments),
            "asked": None if self.asked is None else self.asked.asked(place_id),
        }


class FactsBody(Body):
    """New values of a project's facts; what is left out stays."""

    seen_version: Version
    note: LongText = ""
    name: ShortText | None = None
    equipment: ShortText | None = None
    activity: ShortText | None = None
    partner: ShortText | None = None
    objectives: LongText | None = None
    scope: LongText | None = None
    expected_effect: LongText | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    total_cost: Amount | None = None
    expected_jobs: Quantity | None = None
    expected_revenue: Amount | None = None
    place: Code | None = None
    content: Annotated[int, Field(strict=True, ge=1, le=99)] | None = None
    targets: Mapping[str, Quantity] | None = None
    beneficiaries: tuple[RowId, ...] | None = None


class CommentBody(Body):
    """A remark on a project; `@mã` mentions a person."""

    words: LongText = Field(min_length=1, examples=["Nhờ @an xem lại báo giá"])
