"""An office with a past, and a way to change its register behind the ledger's back.

The tampering is done as a person with the file in hand would do it: guards off, CHECKs and foreign keys off, one
change, guards on again.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from models import projects
from models.append import Origin
from models.desk.comments import remark
from models.desk.publication import publish
from models.forms import BeneficiaryForm, ProjectForm
from models.imports.files import imported_paper, record_import
from models.letter_templates import record_template
from models.loading import load_person
from models.old_records import Correction, OldRecordForm, Vouching, bring_in, correct_old_record
from models.people import add_beneficiary, change_person
from models.plan import life
from models.plan.forks import Changes, change_fork, open_fork, propose_fork
from models.plan.steps import Door
from models.reminders.absences import enter_absence
from models.reminders.answers import acknowledge, snooze
from models.reminders.preferences import set_preference
from models.report.freezing import freeze
from models.store import keep_file, open_store
from models.tables import Reminder
from models.verify import Verification, verify
from states.facts import Asked, Enclosure, Instalment
from states.periods import read_period
from states.posting import Channel, ObligationStatus
from states.reminder_rules import Audience
from states.standing_in import Absence
from states.vocabulary import Kind, Paper, Route, Source, Stage

TRIEU = 1_000_000
FUND, COUNTERPART = Source.LOCAL_FUND, Source.COUNTERPART
SIGNED = {"signer": "Lê Minh Chi"}

Tamper = Callable[[Callable[[sqlite3.Connection], None]], Verification]


@pytest.fixture(scope="module")
def played() -> dict[str, bytes]:
    """The database and the files of the office with a past, filled by the first test that asks."""
    return {}


@pytest.fixture
def tamper(request: pytest.FixtureRequest, played: dict[str, bytes], tmp_path: Path) -> Tamper:
    """Change a copy of the played database behind the ledger's back, and verify it."""
    if not played:
        office = request.getfixturevalue("office")
        play(office)
        with closing(sqlite3.connect(tmp_path / "dean.db")) as connection:
            played["dean.db"] = connection.serialize()
        for place in office.store.files.rglob("*"):
            if place.is_file():
                played[f"files/{place.relative_to(office.store.files)}"] = place.read_bytes()
    folder = tmp_path / "copy"
    for name, content in played.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    def change_and_verify(change: Callable[[sqlite3.Connection], None]) -> Verification:
        with guards_off(folder / "dean.db") as connection:
            change(connection)
        store = open_store(f"sqlite:///{folder / 'dean.db'}", folder / "files")
        try:
            return verify(store)
        finally:
            store.close()

    return change_and_verify


@contextmanager
def guards_off(path: Path) -> Iterator[sqlite3.Connection]:
    """Take the triggers away and put the very same ones back afterwards, so that their absence tells nothing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA ignore_check_constraints = ON")
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in triggers:
            connection.execute(sql)


@pytest.fixture
def plan_and_report() -> Callable[[Any], None]:
    """Give an office a plan, a fork and a report."""
    return planned_tried_and_reported


@pytest.fixture
def away_and_answered() -> Callable[[Any], None]:
    """Give an office an absence, a preference and answers to a reminder."""
    return reminded_and_answered


@pytest.fixture
def remarked() -> Callable[[Any, str], None]:
    """Put a remark on a project of an office, and open a public page."""
    return remarked_and_published


@pytest.fixture
def brought_in() -> Callable[[Any], None]:
    """Give an office a project that came in from a file."""
    return brought_in_from_a_file


@pytest.fixture
def remind() -> Callable[..., str]:
    """Put one reminder into the ledger of reminders, as a sweep would: answers its key."""
    return reminded


# --- the past -----------------------------------------------------------------------------------------


def play(office: Any) -> None:
    """Lives that leave rows in every table: adjusted and settled, returned, stopped, rerouted, group, undone."""
    adjusted_and_settled(office)
    returned = office.bring(office.open(), Stage.SUBMITTED)
    office.step(returned, "return", "binh", number="27/SCT", note="Thiếu hồ sơ", missing=("dự toán", "bản vẽ"))
    stopped_and_half_recovered(office)
    rerouted = office.bring(office.open(), Stage.APPRAISED)
    office.step(rerouted, "reroute", "chi", number="30/SCT", note="Chưa bố trí được vốn địa phương")
    unnamed = office.bring(office.open(kind=Kind.GROUP, beneficiaries=()), Stage.CLEARED)
    twin = office.bring(office.open(equipment="Máy đóng gói chân không"), Stage.CLEARED)
    decision = scanned(office, Paper.APPROVAL_DECISION, b"%PDF-1.7 Quyet dinh 980")
    office.approve(unnamed, twin, total=600 * TRIEU, annex_total=2_000 * TRIEU, papers=(decision,))
    one_contract_over_two(office)
    group_accepted_share_by_share(office)
    planned_tried_and_reported(office)
    reminded_and_answered(office)
    remarked_and_published(office, twin)
    brought_in_from_a_file(office)
    brought_in_from_an_old_register(office)
    undone_and_corrected(office)


def adjusted_and_settled(office: Any) -> None:
    code = office.bring(office.open(), Stage.UNDERWAY)
    request = scanned(office, Paper.PREPAYMENT_REQUEST, b"%PDF-1.7 De nghi tam ung")
    office.step(code, "prepay", "dung", number="20/UNC", papers=(request,), amounts={FUND: 100 * TRIEU})
    office.ask(code, Asked(amounts={FUND: 250 * TRIEU}, columns={"total_cost": 600 * TRIEU, "equipment": "Máy cũ hơn"}))
    amending = {"number": "990/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Giảm mức hỗ trợ"}
    office.step(code, "approve_adjustment", "binh", decided_on=tomorrow(office), **amending)
    annex = {"number": "06/PLHĐ", "note": "Theo quyết định điều chỉnh", "amounts": {FUND: 250 * TRIEU}}
    office.step(code, "amend_contract", "chi", **annex, **SIGNED)
    office.step(code, "report_completion", "an", number="22/BC", papers=(Paper.VOUCHERS,))
    office.step(code, "fail_acceptance", "chi", number="22/BB", note="Máy chưa chạy đủ công suất")
    office.step(code, "retry_acceptance", "an", number="22/BCKP")
    done = {"amounts": {FUND: 240 * TRIEU, COUNTERPART: 350 * TRIEU}, "cost": 590 * TRIEU, "quantities": {"T2_2": 1}}
    office.step(code, "accept", "chi", number="23/BBNT", **SIGNED, **done)
    office.step(code, "pay", "dung", number="24/UNC", amounts={FUND: 140 * TRIEU})
    office.step(code, "submit_settlement", "an", number="25/TTKC")
    office.step(code, "settle", "dung", number="26/TL", **SIGNED)


def stopped_and_half_recovered(office: Any) -> None:
    code = office.bring(office.open(), Stage.UNDERWAY)
    money = {"papers": (Paper.PREPAYMENT_REQUEST,), "amounts": {FUND: 100 * TRIEU}}
    office.step(code, "prepay", "dung", number="28/UNC", **money)
    stop = {"number": "991/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Cơ sở giải thể"}
    office.step(code, "stop", "binh", decided_on=tomorrow(office), **stop)
    days = (office.today + timedelta(days=30), office.today + timedelta(days=60))
    halves = tuple(Instalment(day, 50 * TRIEU) for day in days)
    office.step(code, "start_recovery", "binh", number="29/QĐ-SCT", instalments=halves, **SIGNED)
    office.step(code, "receive_recovery", "dung", number="29/GNT", amounts={FUND: 40 * TRIEU})


def one_contract_over_two(office: Any) -> None:
    """A national contract: one project accepted, the other still with an open request."""
    first, second = (office.bring(office.open(route=Route.NATIONAL), Stage.APPROVED) for _ in range(2))
    contract = scanned(office, Paper.CONTRACT, b"%PDF-1.7 Hop dong 07")
    office.sign(first, second, number="07/HĐ-KCQG", total=600 * TRIEU, papers=(contract,))
    office.bring(first, Stage.ACCEPTED)
    office.ask(second, Asked(columns={"ends_on": date(2024, 11, 30)}))


def group_accepted_share_by_share(office: Any) -> None:
    other = office.workshop("Xưởng Khô cá Long Hồ")
    code = office.bring(
        office.open(kind=Kind.GROUP, beneficiaries=(office.beneficiary, other)), Stage.AWAITING_ACCEPTANCE
    )
    share = {"amounts": {FUND: 150 * TRIEU, COUNTERPART: 175 * TRIEU}, "quantities": {"T2_2": 1}}
    office.step(code, "accept_share", "chi", number="40/BB", beneficiary_id=office.beneficiary, **share, **SIGNED)
    office.step(code, "fail_share", "chi", number="41/BB", beneficiary_id=other, note="Chưa lắp máy")


def undone_and_corrected(office: Any) -> None:
    code = office.bring(office.open(), Stage.SUBMITTED)
    office.step(code, "revert", "bach", number="31/SCT", note="Ghi nhầm đề án")
    signed = office.bring(office.open(), Stage.CONTRACTED)
    office.step(signed, "revert", "bach", number="32/SCT", note="Ghi nhầm hợp đồng")
    with office.store.write() as session:
        an = load_person(session, "an")
        form = BeneficiaryForm(name="Xưởng Bánh tráng Cù lao Mây", kind="household")
        other = add_beneficiary(session, form, office.origin)
        changes = {"name": "Hỗ trợ máy tráng bánh", "starts_on": "2024-03-01"}
        projects.amend(session, code, changes, by=an, origin=office.origin, beneficiaries=(other,))
        change_person(session, "hanh", {"active": 0}, office.origin, note="Nghỉ hưu")


def planned_tried_and_reported(office: Any) -> None:
    """A plan with two versions, a fork in which money and time were tried, and a report that was frozen."""
    days = {"starts_on": date(2024, 5, 1), "ends_on": date(2024, 10, 31)}
    chosen = office.bring(office.open(beneficiaries=(office.workshop("Xưởng Mứt gừng"),), **days), Stage.CLEARED)
    year = ("KC-VL-2021-2025", 2024, Route.LOCAL)
    with office.store.write() as session:
        door = Door(load_person(session, "binh"), office.at, "test")
        life.build(session, *year, door=door)
        open_fork(session, *year, "Ít tiền hơn", door=door, note="Nếu tỉnh chỉ cấp 200 triệu")
        tried = Changes(money={chosen: {FUND: 200 * TRIEU}}, shift={chosen: 1}, why="Giảm mức hỗ trợ")
        change_fork(session, *year, "Ít tiền hơn", tried, door=door)
        propose_fork(session, *year, "Ít tiền hơn", door=door)
        freeze(session, year[0], read_period("năm 2023"), by=door.by, origin=door.origin)


def reminded_and_answered(office: Any) -> None:
    """Somebody away, somebody who wants Zalo first, a reminder put off and then taken note of."""
    with office.store.write() as session:
        binh = load_person(session, "binh")
        who: dict[str, Any] = {"by": binh, "origin": Origin(office.at, binh.id, "test")}
        days: dict[str, date] = {"first_on": tomorrow(office), "last_on": tomorrow(office) + timedelta(days=3)}
        enter_absence(session, Absence(person="binh", substitute="bach", **days), note="Nghỉ phép", **who)
        set_preference(session, "binh", channels=(Channel.ZALOBOT, Channel.EMAIL), **who)
    key = reminded(office, "binh", about="waiting:KC-VL-2024-001@7")
    with office.store.write() as session:
        snooze(session, key, until=office.today + timedelta(days=7), reason="Chờ báo giá", **who)
        acknowledge(session, key, **who)


def remarked_and_published(office: Any, code: str) -> None:
    with office.store.write() as session:
        binh, chi = load_person(session, "binh"), load_person(session, "chi")
        remark(session, code, "Nhờ @an xem lại báo giá", by=binh, origin=Origin(office.at, binh.id, "test"))
        publish(session, "KC-VL-2021-2025", shown=True, by=chi, origin=Origin(office.at, chi.id, "test"))


def brought_in_from_a_file(office: Any) -> None:
    """A workbook of one row, kept with the row that says who imported it."""
    content = b"PK so de an cua don vi"
    paper = imported_paper("Sổ đề án.xlsx", keep_file(office.store.files, content), len(content))
    form = ProjectForm(
        name="Hỗ trợ máy sấy lúa",
        programme="KC-VL-2021-2025",
        content=2,
        activity="machinery",
        route=Route.LOCAL,
        plan_year=2024,
        unit="ttkc",
    )
    with office.store.write() as session:
        an = load_person(session, "an")
        origin = Origin(office.at, an.id, "test")
        number = record_import(session, paper, "Sheet1", opened=1, amended=0, unchanged=0, origin=origin)
        source = {"import": number, "sha256": paper.sha256, "row": 5}
        projects.open_project(session, form, by=an, origin=origin, remind_from=office.today, more=source)
    templates_of_the_office(office)


def templates_of_the_office(office: Any) -> None:
    """A template of the office, and the one that took its place."""
    for content in (b"PK mau hop dong", b"PK mau hop dong moi"):
        stored: dict[str, Any] = {"sha256": keep_file(office.store.files, content), "size": len(content)}
        file = Enclosure(Paper.OTHER, "Mẫu", file_name="contract.docx", **stored)
        with office.store.write() as session:
            giang = load_person(session, "giang")
            record_template(session, "contract", file, by=giang, origin=Origin(office.at, giang.id, "test"))


def brought_in_from_an_old_register(office: Any) -> None:
    """An ended project that the leader vouches for, put right once."""
    told: dict[str, Any] = {"programme": "KC-VL-2021-2025", "content": 2, "activity": "machinery", "unit": "ttkc"}
    told |= {"name": "Hỗ trợ máy xay bột", "route": Route.LOCAL, "plan_year": 2022, "targets": {"T2_2": 1}}
    form = OldRecordForm(stage=Stage.SETTLED, approved=300 * TRIEU, settled=280 * TRIEU, **told)
    with office.store.write() as session:
        binh, chi = load_person(session, "binh"), load_person(session, "chi")
        origin, vouching = Origin(office.at, binh.id, "test"), Vouching(chi, "Sổ theo dõi 2022")
        code = bring_in(session, form, vouching, by=binh, origin=origin)
        right = Correction(replace(form.ended, settled=270 * TRIEU))
        correct_old_record(session, code, right, vouching, by=binh, origin=origin, note="Cộng nhầm")


def reminded(office: Any, person: str, *, about: str, rule: str = "N-WAIT", **changes: Any) -> str:
    key = f"{about}/{rule}/{person}"
    with office.store.write() as session:
        row: dict[str, Any] = {
            "key": key,
            "about": about,
            "subject": about.partition(":")[2].partition("@")[0].partition("/")[0],
            "person_id": load_person(session, person).id,
            "rule": rule,
            "audience": Audience.OWNER,
            "urgent": 0,
            "due_on": office.today,
            "swept_on": office.today,
            "status": ObligationStatus.WAITING,
            "reason": "",
            "created_at": office.at,
        }
        session.connection().execute(insert(Reminder).values(row | changes))
    return key


def scanned(office: Any, kind: Paper, content: bytes) -> Enclosure:
    """A paper with a real file."""
    digest = keep_file(office.store.files, content)
    return Enclosure(kind, sha256=digest, size=len(content), file_name=f"{kind}.pdf")


def tomorrow(office: Any) -> date:
    day: date = (office.at + timedelta(days=1)).date()
    return day
