"""The raw material of the demonstration: people, firms and projects as the reference file lists them."""

from functools import cached_property

import yaml
from pydantic import BaseModel, ConfigDict

from models.shipped import REFERENCE
from states.folding import nfc
from states.vocabulary import Kind, Role, Route


class _Part(BaseModel):
    """Keys that only people read (levels of support, notes) are allowed and not used."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class UnitRow(_Part):
    code: str
    name: str
    executes: bool


class PersonRow(_Part):
    code: str
    name: str
    role: Role
    unit: str
    place: str | None = None


class BeneficiaryRow(_Part):
    code: str
    name: str
    kind: str
    tax_code: str
    place: str
    trade: str
    women_owned: bool = False
    ethnic_minority_owned: bool = False


class ProjectRow(_Part):
    """Amounts in đồng; what the cost has above the support is the counterpart."""

    year: int
    beneficiaries: tuple[str, ...]
    cost: int
    support: int
    quantity: int = 1
    subject: str = ""
    kind: Kind | None = None
    jobs: int = 0


class Series(_Part):
    code: str
    content: int
    target: str
    activity: str
    route: Route
    unit: str
    kind: Kind
    place: str | None
    name: str
    equipment: str = ""
    projects: tuple[ProjectRow, ...]


class Proposal(_Part):
    """One project as it will be proposed. `key` names it in draws and fates, before it has a code."""

    key: str
    name: str
    content: int
    target: str
    activity: str
    route: Route
    kind: Kind
    year: int
    unit: str
    place: str
    beneficiaries: tuple[str, ...]
    cost: int
    support: int
    quantity: int
    jobs: int
    equipment: str

    @property
    def counterpart(self) -> int:
        return self.cost - self.support


class Material(_Part):
    programme: str
    units: tuple[UnitRow, ...]
    people: tuple[PersonRow, ...]
    beneficiaries: tuple[BeneficiaryRow, ...]
    series: tuple[Series, ...]

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        firms = {firm.code: firm for firm in self.beneficiaries}
        made = [_propose(series, row, firms[row.beneficiaries[0]]) for series in self.series for row in series.projects]
        return tuple(_with_distinct_keys(made))

    def who(self, role: Role, unit: str | None = None) -> tuple[PersonRow, ...]:
        return tuple(person for person in self.people if person.role is role and unit in (None, person.unit))


def read_material() -> Material:
    text = (REFERENCE / "demonstration.yaml").read_text(encoding="utf-8")
    return Material.model_validate(yaml.safe_load(nfc(text)))


def _propose(series: Series, row: ProjectRow, first: BeneficiaryRow) -> Proposal:
    words = {"subject": row.subject, "year": row.year, "trade": first.trade, "beneficiary": first.name}
    return Proposal(
        key=f"{series.code}/{row.year}/{row.beneficiaries[0]}",
        name=series.name.format(**words),
        content=series.content,
        target=series.target,
        activity=series.activity,
        route=series.route,
        kind=row.kind or series.kind,
        year=row.year,
        unit=series.unit,
        place=series.place or first.place,
        beneficiaries=row.beneficiaries,
        cost=row.cost,
        support=row.support,
        quantity=row.quantity,
        jobs=row.jobs,
        equipment=series.equipment.format(**words),
    )


def _with_distinct_keys(proposals: list[Proposal]) -> list[Proposal]:
    """The centre runs several conferences a year: the second one of a key is called …/2."""
    seen: dict[str, int] = {}
    distinct = []
    for proposal in proposals:
        count = seen[proposal.key] = seen.get(proposal.key, 0) + 1
        distinct.append(proposal if count == 1 else proposal.model_copy(update={"key": f"{proposal.key}/{count}"}))
    return distinct
