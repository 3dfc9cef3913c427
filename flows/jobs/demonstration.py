"""The demonstration register: 165 projects of 2021–2025, played through the public functions of the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby

from flows.jobs.demonstration_days import draw
from flows.jobs.demonstration_fates import FATES, Fate
from flows.jobs.demonstration_lives import Amending, Approving, Desk, Happening, Life, Opening, Sheet, Stepping
from flows.jobs.demonstration_material import Material, Proposal, read_material
from flows.jobs.demonstration_plans import ENDED_ON, OPENED_ON, SIGNERS, Decision
from flows.jobs.demonstration_proposals import propose
from flows.jobs.demonstration_works import carry_out
from models import decisions, ledger, people, projects
from models.append import Origin
from models.forms import BeneficiaryForm, ProjectForm
from models.loading import load_person
from models.setup import initialise
from models.store import Session, Store, keep_file
from states.facts import OFFICE_TIME, Enclosure, Order, Person
from states.refusal import Refused
from states.steps.terms import BY_APPROVER
from states.vocabulary import STATE_FUND, Kind, Role, Route, Source
from states.words import format_date

DOOR = "demonstration"
OPENED_AT = datetime.combine(OPENED_ON, time(7, 30), OFFICE_TIME)


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What was played: projects opened, and steps of the lifecycle taken, approvals included."""

    projects: int
    steps: int


def load_demonstration(store: Store, *, at: datetime, until: date | None = None) -> Demonstration:
    """Make a register that says it is a demonstration, and play what happened from 16/11/2020 up to `until`.

    Every entry carries the past instant at which it would have been made, so `at` (the instant of loading)
    enters nothing; it only keeps the future out. The last day is 20/01/2026 unless told otherwise: the
    projects of 2025 are settled but for a handful that wait on the desk for a dossier, an answer, an
    acceptance, money to come back, or the liquidation that ends on 22/01. A later day plays a few of these
    on; an earlier one leaves the register as it stood then.

    Raises Refused when the database holds a register, or when `at` is before the first entry.
    """
    if at < OPENED_AT:
        raise Refused(f"Sổ minh họa bắt đầu từ {format_date(OPENED_ON)}; hãy đặt DEAN_TODAY từ ngày đó trở đi.")
    initialise(store, at=OPENED_AT, demonstration=True)
    material = read_material()
    player = _Player(store, material)
    with store.write() as session:
        player.furnish(session)
    last_day = until or ENDED_ON
    played = [h for h in _happenings(material) if h.at <= at and _day(h) <= last_day]
    # One transaction a day: what an office enters between morning and evening, and one flush of the disk.
    for _, entries in groupby(played, key=_day):
        with store.write() as session:
            for happening in entries:
                player.play(session, happening)
    return Demonstration(len(player.codes), player.steps)


def _day(happening: Happening) -> date:
    return happening.at.astimezone(OFFICE_TIME).date()


def _happenings(material: Material) -> list[Happening]:
    """The lives of all projects and the decisions on them, in the order of time."""
    happenings: list[Happening] = []
    approved: defaultdict[Decision, dict[str, int]] = defaultdict(dict)
    for proposal in material.proposals:
        life = _life(material, proposal)
        if propose(life):
            assert life.decision is not None
            approved[life.decision][proposal.key] = life.granted
            carry_out(life)
        happenings += life.happenings
    coordinator = material.who(Role.COORDINATOR)[0].code
    happenings += [
        Happening(decision.entered_at, decision.number, coordinator, Approving(decision, lines))
        for decision, lines in approved.items()
    ]
    return sorted(happenings, key=lambda happening: (happening.at, happening.key))


def _life(material: Material, proposal: Proposal) -> Life:
    fate = FATES.get(proposal.key, Fate.STRAIGHT)
    [author, *_] = material.who(Role.CENTRE_OFFICER, proposal.unit)
    first, second, *_ = material.who(Role.COORDINATOR)
    if draw(0, 1, proposal.key, "coordinator"):
        first, second = second, first
    [leader, *_] = material.who(Role.LEADER)
    [finance, *_] = material.who(Role.FINANCE)
    return Life(
        proposal=proposal,
        fate=fate,
        desk=Desk(author.code, first.code, second.code, leader.code, leader.name, finance.code),
        route=Route.NATIONAL if fate is Fate.REROUTED else proposal.route,
        granted=proposal.support,
        counterpart=proposal.counterpart,
        work_year=proposal.year,
    )


@dataclass(slots=True)
class _Player:
    """Plays happenings on a store and remembers which code each key has got."""

    store: Store
    material: Material
    codes: dict[str, str] = field(default_factory=dict)
    steps: int = 0
    people: dict[str, Person] = field(default_factory=dict)
    firms: dict[str, int] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)

    def furnish(self, session: Session) -> None:
        """Record units, people and beneficiaries in the first hour of the register."""
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

    def play(self, session: Session, happening: Happening) -> None:
        by = self.people[happening.by]
        origin = Origin(happening.at, by.id, DOOR)
        match happening.what:
            case Opening() as opening:
                self.codes[happening.key] = projects.open_project(session, self._form(opening), by=by, origin=origin)
            case Stepping() as stepping:
                order = self._order(stepping, by, happening.at)
                ledger.advance(session, self.codes[happening.key], order, door=DOOR)
                self.steps += 1
            case Amending() as amending:
                named = amending.beneficiaries
                projects.amend(
                    session,
                    self.codes[happening.key],
                    amending.values,
                    by=by,
                    origin=origin,
                    note=amending.note,
                    beneficiaries=None if named is None else self._firm_ids(named),
                )
            case Approving() as approving:
                self._approve(session, approving, by, happening.at)

    def _form(self, opening: Opening) -> ProjectForm:
        proposal = opening.proposal
        amounts = {STATE_FUND[opening.route]: proposal.support, Source.COUNTERPART: proposal.counterpart}
        return ProjectForm(
            name=opening.name,
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

    def _order(self, stepping: Stepping, by: Person, at: datetime) -> Order:
        return Order(
            action=stepping.action,
            by=by,
            at=at,
            decided_on=stepping.decided_on,
            authority=stepping.authority,
            number=self._numbered(stepping.number, at),
            signer=stepping.signer,
            note=stepping.note,
            amounts=stepping.amounts,
            quantities=stepping.quantities,
            missing=stepping.missing,
            papers=tuple(self._enclose(sheet) for sheet in stepping.sheets),
        )

    def _numbered(self, number: str, at: datetime) -> str:
        """The next number of a series of the department or a unit; each series starts again with the year."""
        if not number.startswith("/"):
            return number
        series = f"{at.astimezone(OFFICE_TIME).year}{number}"
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
            decisions.ApprovalLine(self.codes[key], {fund: support}) for key, support in sorted(approving.lines.items())
        ]
        decisions.approve(session, lines, paper, by=by, at=at, door=DOOR)
        self.steps += len(lines)

    def _firm_ids(self, codes: Iterable[str]) -> tuple[int, ...]:
        return tuple(self.firms[code] for code in codes)


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
