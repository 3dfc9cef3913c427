"""An office with something to show on every page, and the addresses under which its pages are opened."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import text

from flows.jobs.night import Nights
from flows.jobs.settings import Settings
from models import projects
from models.append import Origin
from models.desk.comments import remark
from models.desk.credentials import invite
from models.desk.feeds import make_feed
from models.desk.publication import publish
from models.desk.webhooks import add_hook
from models.forms import BeneficiaryForm
from models.loading import load_person
from models.people import add_beneficiary
from models.plan import life
from models.plan.forks import Changes, change_fork, open_fork
from models.plan.steps import Door, Letter
from models.reminders import reports
from models.reminders.absences import enter_absence
from models.reminders.links import Purpose, make_link, secret_key
from models.reminders.outbox import NewLetter, queue
from models.reminders.sweep import sweep
from models.report.freezing import freeze
from models.store import keep_file
from states.facts import Asked, Enclosure, Instalment
from states.periods import read_period
from states.posting import Channel
from states.posting import Letter as KindOfLetter
from states.standing_in import Absence
from states.vocabulary import Kind, Paper, Route, Source, Stage

TRIEU = 1_000_000
PROGRAMME = "KC-VL-2021-2025"
FUND = Source.LOCAL_FUND
#: A Thursday in a confirmed calendar, three workdays before the check of the newest dossier ends.
TODAY = date(2026, 3, 5)


@dataclass
class Sample:
    """The office, and what stands in the addresses of its pages: `{underway}` is the code of a project."""

    office: Any
    #: Put behind every free text: what shows whether a page prints texts as texts.
    mark: str = ""
    named: dict[str, str] = field(default_factory=dict)

    def said(self, words: str) -> str:
        return f"{words}{self.mark}"

    def open(self, name: str, firm: str, **changes: Any) -> str:
        """Open a draft with every free text filled, for a workshop of its own."""
        texts = {
            "name": self.said(name),
            "equipment": self.said(f"Máy của {firm}"),
            "partner": self.said("Hội Nghề thủ công"),
            "objectives": self.said("Tăng năng suất"),
            "scope": self.said("Một dây chuyền"),
            "expected_effect": self.said("Thêm việc làm"),
            "priorities": (self.said("Vùng khó khăn"),),
            "place": "vlm-p-long-chau",
            "starts_on": date(2024, 1, 15),
            "ends_on": date(2024, 11, 30),
            "beneficiaries": (self.workshop(firm),),
        }
        return str(self.office.open(**(texts | changes)))

    def workshop(self, name: str) -> int:
        form = BeneficiaryForm(name=self.said(name), kind="household", place="vlm-p-long-chau")
        with self.office.store.write() as session:
            return add_beneficiary(session, form, self.office.origin)

    def brought(self, stage: Stage, name: str, firm: str, **changes: Any) -> str:
        return str(self.office.bring(self.open(name, firm, **changes), stage))

    def paper(self, kind: Paper, content: bytes) -> Enclosure:
        """A paper with a real file under a title of its own."""
        digest = keep_file(self.office.store.files, content)
        title = self.said("Bản quét")
        return Enclosure(kind, title=title, sha256=digest, size=len(content), file_name=f"{kind} số 1.pdf")

    def step(self, code: str, action: str, by: str, **typed: Any) -> None:
        said = {name: self.said(typed[name]) for name in ("number", "signer", "note") if name in typed}
        self.office.step(code, action, by, **(typed | said))

    def tomorrow(self) -> date:
        return (self.office.at + timedelta(days=1)).date()  # type: ignore[no-any-return]

    def origin_of(self, code: str) -> tuple[Any, Origin]:
        with self.office.store.read() as session:
            person = load_person(session, code)
        return person, Origin(self.office.at, person.id, "test")

    def one(self, statement: str, **values: Any) -> str:
        """The only value that a statement finds in the register, as it stands in an address."""
        with self.office.store.read() as session:
            return str(session.connection().execute(text(statement), values).scalar_one())


def live(office: Any, mark: str = "") -> Sample:
    """Let an office live two years, so that each page has rows."""
    sample = Sample(office, mark)
    _ended(sample)
    _at_work(sample)
    _planned(sample)
    _on_the_way(sample)
    _reminded(sample)
    _looked_after(sample)
    return sample


def _ended(sample: Sample) -> None:
    """Settled; stopped and half recovered; rejected; a contract over two on the national route."""
    named = sample.named
    named["settled"] = sample.brought(Stage.SETTLED, "Hỗ trợ máy đóng gói chân không", "Cơ sở Khô cá Long Hồ")
    stopped = sample.brought(Stage.UNDERWAY, "Hỗ trợ lò sấy thăng hoa", "Xưởng Sấy Bình Minh")
    money = {"papers": (Paper.PREPAYMENT_REQUEST,), "amounts": {FUND: 100 * TRIEU}}
    sample.step(stopped, "prepay", "dung", number="28/UNC", **money)
    stop = {"number": "991/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Cơ sở giải thể"}
    sample.step(stopped, "stop", "binh", decided_on=sample.tomorrow(), **stop)
    halves = tuple(Instalment(sample.tomorrow() + timedelta(days=days), 50 * TRIEU) for days in (30, 60))
    recovery = {"number": "29/QĐ-SCT", "signer": "Lê Minh Chi", "instalments": halves}
    sample.step(stopped, "start_recovery", "binh", **recovery)
    sample.step(stopped, "receive_recovery", "dung", number="29/GNT", amounts={FUND: 40 * TRIEU})
    named["recovering"] = stopped
    rejected = sample.brought(Stage.APPRAISING, "Hỗ trợ máy cưa lọng", "Cơ sở Mộc Tam Bình")
    refusal = {"number": "12/BB", "signer": "Lê Minh Chi", "note": "Không đúng đối tượng"}
    sample.step(rejected, "fail_appraisal", "chi", **refusal)
    named["rejected"] = rejected
    national = [
        sample.brought(Stage.APPROVED, f"Mô hình trình diễn {name}", f"Xưởng {name}", route=Route.NATIONAL)
        for name in ("gốm", "thảm xơ dừa")
    ]
    contract = sample.paper(Paper.CONTRACT, b"%PDF-1.7 Hop dong 07")
    sample.office.sign(*national, number="07/HĐ-KCQG", total=600 * TRIEU, papers=(contract,))
    named["national"] = national[0]


def _planned(sample: Sample) -> None:
    """A list approved with its scan, the plan of 2024 proposed, and reports of two years."""
    office, named = sample.office, sample.named
    sample.brought(Stage.CLEARED, "Hỗ trợ máy xay bột nếp", "Cơ sở Bánh tráng Cù lao Mây")
    named["approved"] = sample.brought(Stage.CLEARED, "Hỗ trợ máy ép dầu dừa", "Cơ sở Dầu dừa Vũng Liêm")
    scan = sample.paper(Paper.APPROVAL_DECISION, b"%PDF-1.7 Quyet dinh 980")
    office.approve(named["approved"], number="980/QĐ-UBND", annex_total=900 * TRIEU, papers=(scan,))
    year = (PROGRAMME, 2024, Route.LOCAL)
    letter: dict[str, Any] = {"signer": sample.said("Hồ Văn Khoa"), "note": sample.said("Theo cuộc họp")}
    _plan(sample, lambda session, door: life.build(session, *year, door=door))
    sent = Letter(sample.said("50/TTr-SCT"), sample.tomorrow(), **letter)
    _plan(sample, lambda session, door: life.propose(session, *year, letter=sent, door=door))
    office.at = datetime(2025, 1, 8, 2, 0, tzinfo=UTC)
    coordinator, origin = sample.origin_of("binh")
    with office.store.write() as session:
        for period in ("năm 2023", "năm 2024"):
            freeze(session, PROGRAMME, read_period(period), by=coordinator, origin=origin)
    named["report"] = sample.one("SELECT max(id) FROM report")


def _plan(sample: Sample, step: Any, by: str = "binh") -> None:
    sample.office.at += timedelta(days=1)
    with sample.office.store.write() as session:
        step(session, Door(load_person(session, by), sample.office.at, "test"))


def _at_work(sample: Sample) -> None:
    """Under way with a request; accepted; signed; a group accepted share by share."""
    office, named = sample.office, sample.named
    underway = sample.brought(Stage.UNDERWAY, "Hỗ trợ máy se chỉ xơ dừa", "Cơ sở Chỉ xơ dừa Trà Ôn")
    request = sample.paper(Paper.PREPAYMENT_REQUEST, b"%PDF-1.7 De nghi tam ung")
    sample.step(underway, "prepay", "dung", number="20/UNC", papers=(request,), amounts={FUND: 100 * TRIEU})
    wish = Asked(amounts={FUND: 250 * TRIEU}, columns={"equipment": sample.said("Máy cũ hơn")})
    sample.step(underway, "request_adjustment", "an", number="20/TTKC", note="Giá máy thay đổi", asked=wish)
    with office.store.write() as session:
        binh = load_person(session, "binh")
        words = sample.said("Nhờ @an và @chi xem lại báo giá")
        remark(session, underway, words, by=binh, origin=Origin(office.at, binh.id, "test"))
    named["underway"] = underway
    named["accepted"] = sample.brought(Stage.ACCEPTED, "Hỗ trợ máy tráng bánh", "Cơ sở Bánh Mỹ Hòa")
    named["contracted"] = sample.brought(Stage.CONTRACTED, "Hỗ trợ máy dệt chiếu", "Cơ sở Chiếu Long Định")
    members = (sample.workshop("Hộ gốm An Phước"), sample.workshop("Hộ gốm Nhơn Phú"))
    group = sample.brought(
        Stage.AWAITING_ACCEPTANCE, "Hỗ trợ nhóm hộ gốm đỏ", "Hộ gốm Mang Thít", kind=Kind.GROUP, beneficiaries=members
    )
    share = {"amounts": {FUND: 150 * TRIEU, Source.COUNTERPART: 175 * TRIEU}, "quantities": {"T2_2": 1}}
    judged = {"beneficiary_id": members[0], "number": "40/BB", "signer": "Lê Minh Chi", **share}
    sample.step(group, "accept_share", "chi", **judged)
    named["group"] = group


def _on_the_way(sample: Sample) -> None:
    """The plan of 2025 as a draft with a fork; dossiers on their way; one handed in this week."""
    office, named = sample.office, sample.named
    office.at = datetime(2025, 6, 2, 1, 0, tzinfo=UTC)
    later: dict[str, Any] = {"plan_year": 2025, "starts_on": date(2025, 7, 1), "ends_on": date(2025, 11, 30)}
    named["cleared"] = sample.brought(Stage.CLEARED, "Hỗ trợ máy sấy lạnh", "Cơ sở Khoai lang Bình Tân", **later)
    year = (PROGRAMME, 2025, Route.LOCAL)
    tried = Changes(
        money={named["cleared"]: {FUND: 200 * TRIEU}}, shift={named["cleared"]: 1}, why=sample.said("Ít vốn")
    )
    _plan(sample, lambda session, door: life.build(session, *year, door=door))
    note = sample.said("Nếu tỉnh chỉ cấp 200 triệu")
    _plan(sample, lambda session, door: open_fork(session, *year, "Ít tiền hơn", door=door, note=note))
    _plan(sample, lambda session, door: change_fork(session, *year, "Ít tiền hơn", tried, door=door))
    named["reviewing"] = sample.brought(Stage.REVIEWING, "Hỗ trợ máy cắt laser", "Cơ sở Cơ khí Phú Quới", **later)
    returned = sample.brought(Stage.SUBMITTED, "Hỗ trợ máy nghiền vỏ sò", "Cơ sở Vôi Vĩnh Long", **later)
    missing = (sample.said("dự toán"), "bản vẽ")
    sample.step(returned, "return", "binh", number="27/SCT", note="Thiếu hồ sơ", missing=missing)
    named["returned"] = returned
    office.at = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    named["draft"] = sample.open("Hỗ trợ máy ươm tơ", "Cơ sở Tơ tằm Cái Nhum", **later)
    named["submitted"] = sample.brought(Stage.SUBMITTED, "Hỗ trợ máy tách hạt", "Cơ sở Hạt điều Tam Bình", **later)
    office.at = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
    person, origin = sample.origin_of("an")
    coordinator, today = sample.origin_of("binh")
    with office.store.write() as session:
        remark(session, named["submitted"], sample.said("@an bổ sung ảnh nhà xưởng"), by=coordinator, origin=today)
        changes = {"scope": sample.said("Hai dây chuyền")}
        projects.amend(session, named["draft"], changes, by=person, origin=origin)


def _reminded(sample: Sample) -> None:
    """Thursday's sweep, a letter that waits, links of a letter, somebody away."""
    office, named = sample.office, sample.named
    office.at = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
    with office.store.write() as session:
        sweep(session, as_of=TODAY, at=office.at)
        binh = load_person(session, "binh")
        origin = Origin(office.at, binh.id, "test")
        away = Absence(person="binh", substitute="bach", first_on=date(2026, 4, 1), last_on=date(2026, 4, 3))
        enter_absence(session, away, note=sample.said("Nghỉ phép"), by=binh, origin=origin)
        mine = [row for row in reports.unwritten(session) if row["person"] == "binh"]
        letter = NewLetter(
            key="digest:binh:1",
            person_id=binh.id,
            channel=Channel.EMAIL,
            letter=KindOfLetter.TEST,
            subject="Thư nhắc việc",
            body="{}",
            not_before=office.at,
            reminders=[mine[0]["key"]],
        )
        [number] = queue(session, [letter], at=office.at)
    named |= {"letter": str(number), "reminder": mine[0]["key"]}
    key = secret_key(office.store.files.parent / "secret.key")
    made: dict[str, Any] = {"person": "binh", "about": mine[0]["about"], "letter": "digest:binh:1"}
    valid = office.at + timedelta(days=30)
    for purpose in (Purpose.ACKNOWLEDGE, Purpose.SNOOZE):
        named[f"link_{purpose}"] = make_link(key, "", purpose=purpose, expires_at=valid, **made).rpartition("/")[2]


def _looked_after(sample: Sample) -> None:
    """A night that ran, a public page, an invitation; and the numbers under which rows are found."""
    office, named = sample.office, sample.named
    settings = Settings(_env_file=None, home=office.store.files.parent)
    Nights(office.store, settings).run(now=lambda: office.at, as_of=TODAY - timedelta(days=1))
    with office.store.write() as session:
        chi = load_person(session, "chi")
        publish(session, PROGRAMME, shown=True, by=chi, origin=Origin(office.at, chi.id, "test"))
        hook: dict[str, Any] = {
            "name": sample.said("Trục liên thông"),
            "url": "https://truc.example/nhan",
            "topics": ["project"],
        }
        keeper = load_person(session, "giang")
        number, _ = add_hook(session, secret_key(settings.secret_key_path), **hook, by=keeper, at=office.at)
        named["webhook"] = str(number)
        named["feed"] = make_feed(session, chi.id, at=office.at)
        named["invitation"] = invite(session, load_person(session, "em").id, at=office.at)
    paper = "SELECT event_id || '/' || line FROM paper WHERE sha256 IS NOT NULL AND event_id IN"
    named["paper"] = sample.one(
        f"{paper} (SELECT id FROM event WHERE subject_kind = 'project' AND action = 'prepay') "
        "AND file_name LIKE 'prepayment_request%'"
    )
    named["decision"] = sample.one("SELECT id FROM decision WHERE number = '980/QĐ-UBND'")
    named["contract"] = sample.one("SELECT id FROM contract WHERE number = '07/HĐ-KCQG'")
    for kind in ("decision", "contract"):
        named[f"{kind}_paper"] = sample.one(
            f"{paper} (SELECT id FROM event WHERE subject_kind = :kind AND subject_id = :id)", kind=kind, id=named[kind]
        )
    named["event"] = sample.one("SELECT max(id) FROM event WHERE action = 'request_adjustment'")
    named["beneficiary"] = sample.one("SELECT id FROM beneficiary WHERE name LIKE 'Cơ sở Chỉ xơ dừa%'")
    named["programme"] = PROGRAMME
    named["night"] = (TODAY - timedelta(days=1)).isoformat()


class Look(NamedTuple):
    """A page as one person opens it: the path of its route, who, and the address with the sample's names."""

    route: str
    who: str | None
    address: str

    @property
    def name(self) -> str:
        """How a test of it is called."""
        return f"{self.who or 'stranger'} {self.address}"


def looks() -> Iterator[Look]:
    """Every page of the desk, some as several people or over several projects."""
    for route, addresses in PAGES.items():
        for who, address in addresses:
            yield Look(route, who, address)


def _by(who: str | None, *addresses: str) -> tuple[tuple[str | None, str], ...]:
    return tuple((who, address) for address in addresses)


#: By the path of the route: who opens it under which addresses.
PAGES: dict[str, tuple[tuple[str | None, str], ...]] = {
    "/login": _by(None, "/login", "/login?next=/me"),
    "/login/code": _by("binh", "/login/code"),
    "/login/oidc": _by(None, "/login/oidc"),
    "/login/oidc/callback": _by(None, "/login/oidc/callback?code=x&state=x"),
    "/invite/{token}": _by(None, "/invite/{invitation}", "/invite/gone"),
    "/me": _by("binh", "/me"),
    "/me/tokens": _by("binh", "/me/tokens"),
    "/me/second-factor": _by("binh", "/me/second-factor"),
    "/": tuple((who, "/") for who in ("an", "binh", "chi", "dung", "em", "giang", "hanh")),
    "/projects": (
        *_by("binh", "/projects", "/projects?words=may+say&state=appraised&sort=-amount", "/projects?words=khongthay"),
        *_by("hanh", "/projects"),
    ),
    "/projects/board": _by("binh", "/projects/board", "/projects/board?year=2024"),
    "/projects/timeline": _by("binh", "/projects/timeline"),
    "/projects/selection": _by("binh", "/projects/selection?code={underway}&code={settled}", "/projects/selection"),
    "/projects/print": _by("binh", "/projects/print?code={underway}&code={settled}", "/projects/print"),
    "/projects/new": _by("an", "/projects/new") + _by("binh", "/projects/new"),
    "/projects/import": _by("an", "/projects/import") + _by("binh", "/projects/import"),
    "/projects/import/old": _by("binh", "/projects/import/old"),
    "/projects/{code}": (
        *_by("an", "/projects/{draft}", "/projects/{returned}", "/projects/{underway}"),
        *_by("binh", "/projects/{submitted}", "/projects/{cleared}", "/projects/{national}", "/projects/{group}"),
        *_by("chi", "/projects/{approved}", "/projects/{underway}", "/projects/{recovering}"),
        *_by("dung", "/projects/{accepted}", "/projects/{settled}"),
        *_by("hanh", "/projects/{contracted}"),
        *_by("em", "/projects/{rejected}"),
    ),
    "/projects/{code}/edit": _by("an", "/projects/{draft}/edit") + _by("binh", "/projects/{submitted}/edit"),
    "/projects/{code}/copy": _by("an", "/projects/{rejected}/copy"),
    "/projects/{code}/history": _by(
        "binh", "/projects/{underway}/history", "/projects/{underway}/history?as_of=01/03/2024&known_on=2024-06-01"
    ),
    "/projects/{code}/deadlines/{clock}": _by("binh", "/projects/{submitted}/deadlines/D-CHECK"),
    # Every action has its form opened in test_browser_steps.
    "/projects/{code}/steps/{action}": (
        *_by("an", "/projects/{underway}/steps/request_adjustment", "/projects/{draft}/steps/submit"),
        *_by("chi", "/projects/{group}/steps/accept_share", "/projects/{submitted}/steps/settle"),
    ),
    "/approvals": _by("binh", "/approvals", "/approvals?code={cleared}", "/approvals?route=national&year=2024"),
    "/approvals/decisions": _by("em", "/approvals/decisions"),
    "/approvals/decisions/{decision}": _by("em", "/approvals/decisions/{decision}"),
    "/contracts": _by("binh", "/contracts"),
    "/contracts/new": _by("chi", "/contracts/new", "/contracts/new?code={approved}"),
    "/contracts/{contract}": _by("chi", "/contracts/{contract}"),
    "/plans": _by("binh", "/plans") + _by("hanh", "/plans"),
    "/plans/{year}/{route}": (
        *_by("binh", "/plans/2024/local", "/plans/2025/local", "/plans/2025/local?version=1", "/plans/2024/national"),
        *_by("hanh", "/plans/2024/local"),
    ),
    "/plans/{year}/{route}/ranking": _by("binh", "/plans/2025/local/ranking"),
    "/plans/{year}/{route}/versions": _by("binh", "/plans/2024/local/versions"),
    "/plans/{year}/{route}/steps/{step}": _by(
        "bach",
        *(f"/plans/2024/local/steps/{step}" for step in ("appraise", "return", "approve")),
        *(f"/plans/2025/local/steps/{step}" for step in ("build", "propose", "adjust", "close")),
    ),
    "/plans/{year}/{route}/forks": _by("binh", "/plans/2025/local/forks"),
    "/plans/{year}/{route}/fork": _by("binh", "/plans/2025/local/fork?name=Ít tiền hơn"),
    "/plans/{year}/{route}/compare": _by("binh", "/plans/2025/local/compare"),
    "/plans/{year}/{route}/suggest": _by("binh", "/plans/2025/local/suggest"),
    "/programme/{code}": _by("binh", "/programme/{programme}") + _by("hanh", "/programme/{programme}"),
    "/programme/{code}/rows": _by(
        "binh", "/programme/{programme}/rows", "/programme/{programme}/rows?by=content&key=2&source=local_fund"
    ),
    "/programme/{code}/forecast": _by("chi", "/programme/{programme}/forecast?on=2024-09-30"),
    "/programme/{code}/checks": _by("em", "/programme/{programme}/checks", "/programme/{programme}/checks?now=1"),
    "/public/{code}": _by(None, "/public/{programme}", "/public/unknown"),
    "/reports": _by("binh", "/reports"),
    "/exports": _by("binh", "/exports") + _by("em", "/exports"),
    "/reports/{number}": _by("binh", "/reports/{report}"),
    "/reports/{number}/differences": _by("binh", "/reports/{report}/differences"),
    "/reminders": _by("binh", "/reminders"),
    "/reminders/answer": _by("binh", "/reminders/answer?key={reminder}"),
    "/reminders/ledger": _by("em", "/reminders/ledger"),
    "/reminders/rehearsal": _by("giang", "/reminders/rehearsal"),
    "/reminders/outbox": _by("giang", "/reminders/outbox"),
    "/reminders/outbox/{number}": _by("giang", "/reminders/outbox/{letter}"),
    "/reminders/preferences": _by("binh", "/reminders/preferences"),
    "/l/{token}": _by(None, "/l/{link_acknowledge}", "/l/{link_snooze}", "/l/broken"),
    "/calendar": _by("binh", "/calendar?year=2026") + _by("giang", "/calendar?year=2030"),
    "/calendar/count": _by("an", "/calendar/count", "/calendar/count?since=2026-04-28&days=5&from=28/04/2026&n=5"),
    "/calendar/changes": _by("giang", "/calendar/changes"),
    "/rules": _by("an", "/rules", "/rules?route=national&stage=accepted"),
    "/rules/drawing": _by("an", "/rules/drawing", "/rules/drawing?route=national"),
    "/rules/deadlines": _by("an", "/rules/deadlines"),
    "/rules/prepayments": _by("dung", "/rules/prepayments"),
    "/rules/priorities": _by("binh", "/rules/priorities"),
    "/rules/reminders": _by("binh", "/rules/reminders"),
    "/rules/templates": _by("giang", "/rules/templates") + _by("an", "/rules/templates"),
    "/rules/templates/{kind}": _by("giang", "/rules/templates/contract")
    + _by("an", "/rules/templates/approval_decision"),
    "/rules/ceilings": _by("an", "/rules/ceilings", "/rules/ceilings?activity=machinery&cost=650 triệu"),
    "/rules/code/{code}": _by("chi", "/rules/code/P-VL") + _by("an", "/rules/code/D-CHECK"),
    "/rules/new": _by("chi", "/rules/new"),
    "/directory": _by("binh", "/directory", "/directory?words=che"),
    "/directory/duplicates": _by("binh", "/directory/duplicates"),
    "/directory/beneficiaries/new": _by("binh", "/directory/beneficiaries/new"),
    "/directory/beneficiaries/{number}": _by("binh", "/directory/beneficiaries/{beneficiary}"),
    "/directory/beneficiaries/{number}/edit": _by("binh", "/directory/beneficiaries/{beneficiary}/edit"),
    "/directory/units": _by("an", "/directory/units"),
    "/directory/places": _by("an", "/directory/places"),
    "/directory/places/{code}": _by("an", "/directory/places/vlm-p-long-chau"),
    "/directory/bodies": _by("an", "/directory/bodies"),
    "/people": _by("giang", "/people") + _by("em", "/people"),
    "/people/new": _by("giang", "/people/new"),
    "/people/{code}": _by("giang", "/people/binh") + _by("em", "/people/an"),
    "/log": _by("em", "/log", "/log?kind=project"),
    "/log/events/{number}": _by("em", "/log/events/{event}", "/log/events/{event}?verify=1"),
    "/log/seals": _by("em", "/log/seals"),
    "/log/denials": _by("em", "/log/denials"),
    "/log/access": _by("giang", "/log/access"),
    "/operations": _by("giang", "/operations") + _by("em", "/operations"),
    "/operations/webhooks": _by("giang", "/operations/webhooks"),
    "/operations/webhooks/{number}": _by("giang", "/operations/webhooks/{webhook}"),
    "/operations/runs/{job}/{on}": _by("giang", "/operations/runs/nightly/{night}"),
    "/permissions": _by("em", "/permissions"),
}
#: What is opened but is no page: files, redirects, figures for machines.
NO_PAGES: dict[str, str] = {
    "/programme": "/programme",
    "/public/{code}.json": "/public/{programme}.json",
    "/projects/{code}/papers/{event}/{line}/download": "/projects/{underway}/papers/{paper}/download",
    "/approvals/decisions/{decision}/papers/{event}/{line}": "/approvals/decisions/{decision}/papers/{decision_paper}",
    "/contracts/{contract}/papers/{event}/{line}": "/contracts/{contract}/papers/{contract_paper}",
    "/rules/sample/{many}": "/rules/sample/prepayments",
    "/rules/templates/{kind}/file": "/rules/templates/contract/file",
    "/exports/register/{form}": "/exports/register/csv",
    "/exports/plan/{year}/{route}/{form}": "/exports/plan/2024/local/xlsx",
    "/exports/consolidated/{year}/{route}/{form}": "/exports/consolidated/2024/national/csv",
    "/exports/programme/{code}/{form}": "/exports/programme/{programme}/csv",
    "/exports/settlement/{form}": "/exports/settlement/csv?year=2024",
    "/exports/reminders/{form}": "/exports/reminders/csv",
    "/exports/reports/{number}/{form}": "/exports/reports/{report}/xlsx",
    "/exports/calendar/{code}": "/exports/calendar/{submitted}",
    "/exports/commune": "/exports/commune?unit=ttkc",
    "/exports/mart": "/exports/mart",
    "/exports/mart/description": "/exports/mart/description",
    "/projects/{code}/letters/{kind}/{form}": "/projects/{cleared}/letters/proposal_letter/pdf",
    "/contracts/{contract}/letters/{kind}/{form}": "/contracts/{contract}/letters/contract/docx",
    "/approvals/decisions/{decision}/letters/{kind}/{form}": (
        "/approvals/decisions/{decision}/letters/approval_decision/pdf-a"
    ),
    "/plans/{year}/{route}/letters/{kind}/{form}": "/plans/2025/local/letters/proposal_letter/docx",
    "/projects/{code}/dossier": "/projects/{underway}/dossier",
    "/projects/{code}/deadlines/{clock}/sheet": "/projects/{submitted}/deadlines/D-CHECK/sheet",
    "/programme/{code}/sheet": "/programme/{programme}/sheet",
    "/feeds/{secret}.ics": "/feeds/{feed}.ics",
    "/healthz": "/healthz",
    "/readyz": "/readyz",
    "/metrics": "/metrics",
}
