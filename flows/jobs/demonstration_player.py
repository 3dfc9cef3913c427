"""Plays the happenings of the demonstration on a store, through the public functions of the ledger."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from flows.jobs.demonstration_fates import SUPPORTED_BEFORE
from flows.jobs.demonstration_lives import (
    Amending,
    Approving,
    Closing,
    Happening,
    Opening,
    Sheet,
    Signing,
    Stepping,
    Wish,
)
from flows.jobs.demonstration_material import Material
from flows.jobs.demonstration_plans import OPENED_ON, SIGNERS
from flows.jobs.demonstration_prepayments import LOCAL_RULE
from flows.jobs.demonstration_years import close_the_year, put_before_the_province
from models import contracts, decisions, ledger, people, projects
from models.append import Origin
from models.codes import id_of
from models.forms import BeneficiaryForm, ProjectForm
from models.loading import load_person
from models.prepayments import add_prepayment
from models.store import Session, Store, keep_file
from states.facts import OFFICE_TIME, Asked, Enclosure, Order, Person
from states.steps.terms import BY_APPROVER
from states.vocabulary import STATE_FUND, Kind, Role, Route, Source

DOOR = "demonstration"
OPENED_AT = datetime.combine(OPENED_ON, time(7, 30), OFFICE_TIME)


@dataclass(slots=True)
class Player:
    """Plays happenings and remembers which code each key has got. `steps` counts approvals and signings included."""

    store: Store
    material: Material
    codes: dict[str, str] = field(default_factory=dict)
    steps: int = 0
    people: dict[str, Person] = field(default_factory=dict)
    firms: dict[str, int] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)

    def furnish(self, session: Session) -> None:
        """Record units, people, beneficiaries and the made-up rule in the first hour of the register."""
        origin = Origin(OPENED_AT + timedelta(minutes=20), None, DOOR)
        for unit in self.material.units:
            people.add_unit(session, unit.code, unit.name, origin, executes=unit.executes)
        for person in self.material.people:
            # The top level domain is reserved, so that no mail of a demonstration can reach anybody.
            email = f"{person.code}@khuyencong.example"
            people.add_person(
                session,
                person.code,
                person.name,
                person.role,
                origin,
                unit=person.unit,
                place=person.place,
                email=email,
            )
            self.people[person.code] = load_person(session, person.code)
        for firm in self.material.beneficiaries:
            form = BeneficiaryForm(**firm.model_dump(exclude={"code", "trade"}))
            self.firms[firm.code] = people.add_beneficiary(session, form, origin)
        add_prepayment(session, LOCAL_RULE, note=LOCAL_RULE.basis, origin=origin)

    def play(self, session: Session, happening: Happening) -> None:
        by = self.people[happening.by]
        match happening.what:
            case Opening() as opening:
                form = self._form(opening)
                origin = Origin(happening.at, by.id, DOOR)
                self.codes[happening.key] = projects.open_project(session, form, by=by, origin=origin)
            case Stepping() as stepping:
                order = self._order(session, stepping, by, happening.at)
                ledger.advance(session, self.codes[happening.key], order, door=DOOR)
                self.steps += 1
            case Amending() as amending:
                self._amend(session, happening.key, amending, by, happening.at)
            case Approving() as approving:
                self._approve(session, approving, by, happening.at)
            case Signing() as signing:
                self._sign(session, signing, by, happening.at)
            case Closing() as closing:
                close_the_year(session, self.material.programme, closing, by=by, at=happening.at, door=DOOR)

    def _form(self, opening: Opening) -> ProjectForm:
        proposal = opening.proposal
        amounts = {STATE_FUND[opening.route]: proposal.support, Source.COUNTERPART: proposal.counterpart}
        return ProjectForm(
            name=opening.name,
            equipment=proposal.equipment,
            programme=self.material.programme,
            content=proposal.content,
            activity=proposal.activity,
            route=opening.route,
            kind=proposal.kind,
            plan_year=proposal.year,
            unit=proposal.unit,
            place=proposal.place,
            beneficiaries=() if proposal.kind is Kind.GROUP else self._firm_ids(proposal.beneficiaries),
            amounts={source: amount for source, amount in amounts.items() if amount},
            targets={proposal.target: proposal.quantity},
            total_cost=proposal.cost,
            objectives=_OBJECTIVES[proposal.content],
            starts_on=date(proposal.year, 2 if opening.route is Route.NATIONAL else 6, 1),
            ends_on=date(proposal.year, 12, 31),
            expected_jobs=proposal.jobs,
        )

    def _amend(self, session: Session, key: str, amending: Amending, by: Person, at: datetime) -> None:
        named = amending.beneficiaries
        projects.amend(
            session,
            self.codes[key],
            amending.values,
            by=by,
            origin=Origin(at, by.id, DOOR),
            note=amending.note,
            beneficiaries=None if named is None else self._firm_ids(named),
        )

    def _order(self, session: Session, stepping: Stepping, by: Person, at: datetime) -> Order:
        return Order(
            action=stepping.action,
            by=by,
            at=at,
            decided_on=stepping.decided_on,
            authority=stepping.authority,
            number=self._numbered(stepping.number, stepping.decided_on or _day(at)),
            signer=stepping.signer,
            note=stepping.note,
            amounts=stepping.amounts,
            quantities=stepping.quantities,
            missing=stepping.missing,
            papers=tuple(self._enclose(sheet) for sheet in stepping.sheets),
            cost=stepping.cost,
            progress=stepping.progress,
            beneficiary_id=self.firms[stepping.beneficiary] if stepping.beneficiary else None,
            instalments=stepping.instalments,
            asked=None if stepping.wish is None else self._asked(session, stepping.wish),
        )

    def _asked(self, session: Session, wish: Wish) -> Asked:
        place: Mapping[str, Any] = {"place_id": id_of(session, "place", wish.place)} if wish.place else {}
        named = wish.beneficiaries
        return Asked(
            kinds=wish.kinds,
            amounts=wish.amounts,
            columns={**wish.columns, **place},
            beneficiaries=None if named is None else self._firm_ids(named),
            next_year=wish.next_year,
        )

    def _numbered(self, number: str, on: date) -> str:
        """The next number of a series of the department or a unit; each series starts again with the year."""
        if not number.startswith("/"):
            return number
        series = f"{on.year}{number}"
        self.numbers[series] += 1
        return f"{self.numbers[series]:02d}{number}"

    def _enclose(self, sheet: Sheet) -> Enclosure:
        if not sheet.text:
            return Enclosure(sheet.kind, sheet.title)
        content = sheet.text.encode()
        digest = keep_file(self.store.files, content)
        name = f"{sheet.kind}-minh-hoa.txt"
        return Enclosure(sheet.kind, sheet.title, sha256=digest, size=len(content), file_name=name)

    def _approve(self, session: Session, approving: Approving, by: Person, at: datetime) -> None:
        decision = approving.decision
        [authority] = BY_APPROVER[decision.route]
        fund = STATE_FUND[decision.route]
        total = sum(approving.lines.values())
        paper = decisions.DecisionPaper(
            number=decision.number,
            decided_on=decision.decided_on,
            signer=SIGNERS[authority],
            total=total,
            authority=authority,
            annex_total=total + decision.other_provinces,
        )
        lines = [
            decisions.ApprovalLine(self.codes[key], {fund: support}, note=SUPPORTED_BEFORE.get(key, ""))
            for key, support in sorted(approving.lines.items())
        ]
        [leader, *_] = self.material.who(Role.LEADER)
        put_before_the_province(
            session,
            self.material.programme,
            lines,
            paper,
            decision,
            by=by,
            second=self._colleague(by),
            leader=leader.name,
            at=at,
            door=DOOR,
        )
        self.steps += len(lines)

    def _colleague(self, by: Person) -> Person:
        """Another coordinator: who recorded the proposal of a plan does not record its appraisal."""
        return next(person for person in self.people.values() if person.role is by.role and person.id != by.id)

    def _sign(self, session: Session, signing: Signing, by: Person, at: datetime) -> None:
        paper = contracts.ContractPaper(
            number=self._numbered(signing.number, signing.signed_on),
            signed_on=signing.signed_on,
            signer=signing.signer,
            total=signing.total,
        )
        lines = [contracts.ContractedProject(self.codes[key]) for key in signing.keys]
        contracts.sign(session, lines, paper, by=by, at=at, door=DOOR)
        self.steps += len(lines)

    def _firm_ids(self, codes: Iterable[str]) -> tuple[int, ...]:
        return tuple(self.firms[code] for code in codes)


def _day(at: datetime) -> date:
    return at.astimezone(OFFICE_TIME).date()


#: What each content of the programme is for. Basis: Decision 3082/QĐ-UBND III.
_OBJECTIVES = {
    1: "Nâng cao năng lực quản lý cho cơ sở công nghiệp nông thôn",
    2: "Đổi mới công nghệ, tăng năng suất và chất lượng sản phẩm, sản xuất sạch hơn",
    3: "Phát triển sản phẩm công nghiệp nông thôn tiêu biểu và mở rộng thị trường",
    4: "Tư vấn, trợ giúp cơ sở công nghiệp nông thôn về đầu tư, marketing, mẫu mã và bao bì",
    5: "Thông tin, tuyên truyền về công tác khuyến công",
    6: "Liên kết, hợp tác kinh tế, phát triển cụm công nghiệp và giảm ô nhiễm môi trường",
    7: "Hợp tác quốc tế và học tập kinh nghiệm về khuyến công",
    8: "Nâng cao năng lực quản lý và tổ chức thực hiện hoạt động khuyến công",
}
