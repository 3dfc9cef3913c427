"""Every figure of money against every other: nothing to say on lawful lives, and on a forged one the exact đồng."""

import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from models import contracts
from models.contracts import ContractedProject, ContractPaper
from models.difference import ROWS_SHOWN, Difference
from models.forms import BeneficiaryForm
from models.loading import load_person
from models.people import add_beneficiary
from models.reconciliation import Reconciliation, reconcile
from models.standing import STRETCH
from models.triggers import guard_names, install_guards
from models.verify import verify
from states.facts import Asked, Instalment
from states.vocabulary import Change, Kind, Paper, Route, Source, Stage

TRIEU = 1_000_000
FUND, OWN = Source.LOCAL_FUND, Source.COUNTERPART
PROGRAMME = "KC-VL-2021-2025"


# --- lawful lives -------------------------------------------------------------------------------------


def money(support: int, own: int | None = None) -> dict[Source, int]:
    """Amounts in triệu."""
    return {FUND: support * TRIEU} | ({} if own is None else {OWN: own * TRIEU})


def prepay(office: Any, code: str, support: int) -> None:
    papers = {"papers": ("prepayment_request",), "amounts": money(support)}
    office.step(code, "prepay", "dung", number="20/UNC", **papers)


def accept(office: Any, code: str, support: int, own: int) -> None:
    done = {"amounts": money(support, own), "quantities": {"T2_2": 1}}
    office.step(code, "accept", "chi", number="09/BBNT", signer="Lê Minh Chi", **done)


def overpaid_and_settled(office: Any) -> str:
    """Prepaid 140, accepted 130: 10 demanded back in two parts, received, settled with an overspent counterpart."""
    code: str = office.bring(office.open(amounts=money(200, 350)), Stage.UNDERWAY)
    prepay(office, code, 140)
    office.bring(code, Stage.AWAITING_ACCEPTANCE)
    accept(office, code, 130, 400)
    days = (office.today + timedelta(days=30), office.today + timedelta(days=60))
    parts = tuple(Instalment(day, 5 * TRIEU) for day in days)
    office.step(code, "demand_refund", "dung", number="1/CV", instalments=parts)
    office.step(code, "receive_recovery", "dung", number="1/GNT", amounts=money(4))
    office.step(code, "demand_refund", "dung", number="2/CV", instalments=(Instalment(days[1], 6 * TRIEU),))
    office.step(code, "receive_recovery", "dung", number="2/GNT", amounts=money(6))
    office.step(code, "submit_settlement", "an", number="11/ĐNTT")
    office.step(code, "settle", "dung", number="12/TL", signer="Lê Minh Chi")
    return code


def stopped_and_written_off(office: Any) -> str:
    """Prepaid 100, stopped, 40 back by schedule, the rest written off."""
    code: str = office.bring(office.open(), Stage.UNDERWAY)
    prepay(office, code, 100)
    tomorrow = office.today + timedelta(days=1)
    stop = {"number": "991/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Cơ sở giải thể", "decided_on": tomorrow}
    office.step(code, "stop", "binh", **stop)
    parts = (Instalment(office.today + timedelta(days=30), 100 * TRIEU),)
    schedule = {"number": "29/QĐ-SCT", "signer": "Lê Minh Chi", "instalments": parts}
    office.step(code, "start_recovery", "binh", **schedule)
    office.step(code, "receive_recovery", "dung", number="3/GNT", amounts=money(40))
    paper = {"number": "1200/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Chủ cơ sở đã chết"}
    office.step(code, "write_off", "chi", decided_on=office.today + timedelta(days=1), **paper)
    return code


def adjusted_and_stopped_with_work_kept(office: Any) -> str:
    """Brought down from 300 to 250 on request, stopped with 60 worth of work to keep."""
    code: str = office.bring(office.open(), Stage.UNDERWAY)
    asked = Asked(frozenset({Change.OTHER_NOT_INCREASING}), amounts=money(250))
    office.step(code, "request_adjustment", "an", number="1/TTKC", note="Giá máy giảm", asked=asked)
    office.step(code, "confirm_adjustment", "chi", number="2/SCT", signer="Lê Minh Chi")
    paper = {"number": "990/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Đồng ý"}
    tomorrow = {"decided_on": office.today + timedelta(days=1)}
    office.step(code, "approve_adjustment", "binh", amounts=money(250), **paper, **tomorrow)
    stop = {"number": "992/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Cơ sở chuyển nghề"}
    proof = (Paper.FORM_5A,)
    tomorrow = {"decided_on": office.today + timedelta(days=1)}
    office.step(code, "stop", "binh", amounts=money(60), quantities={"T2_2": 1}, papers=proof, **stop, **tomorrow)
    office.step(code, "pay", "dung", number="30/UNC", amounts=money(60))
    return code


def group_accepted_by_shares(office: Any) -> str:
    with office.store.write() as session:
        form = BeneficiaryForm(name="Cơ sở Bánh tráng Cù lao Mây", kind="household")
        second = add_beneficiary(session, form, office.origin)
    code = office.open(kind=Kind.GROUP, beneficiaries=(office.beneficiary, second), targets={"T2_2": 2})
    office.bring(code, Stage.AWAITING_ACCEPTANCE)
    share = {"number": "1/BB", "signer": "Lê Minh Chi", "quantities": {"T2_2": 1}}
    for who, support in ((office.beneficiary, 150), (second, 140)):
        office.step(code, "accept_share", "chi", beneficiary_id=who, amounts=money(support, 160), **share)
    office.step(code, "accept", "chi", number="2/BB", signer="Lê Minh Chi")
    return str(code)


def three_under_one_contract(office: Any) -> list[str]:
    codes = [office.bring(office.open(amounts=money(100 * n, 100)), Stage.APPROVED) for n in (1, 2, 3)]
    office.at += timedelta(days=1)
    with office.store.write() as session:
        paper = ContractPaper("50/HĐ", office.today, "Lê Minh Chi")
        lines = [ContractedProject(code) for code in codes]
        contracts.sign(session, lines, paper, by=load_person(session, "chi"), at=office.at, door="test")
    annex = {"number": "51/PLHĐ", "signer": "Lê Minh Chi", "note": "Giảm khối lượng"}
    office.step(codes[2], "amend_contract", "binh", amounts=money(280), **annex)
    return codes


def much_taken_back(office: Any) -> str:
    """Everything from the approval on was recorded for the wrong project, is taken back and recorded anew."""
    code: str = office.bring(office.open(), Stage.UNDERWAY)
    prepay(office, code, 200)
    office.bring(code, Stage.AWAITING_ACCEPTANCE)
    accept(office, code, 100, 150)
    part = Instalment(office.today + timedelta(days=30), 100 * TRIEU)
    office.step(code, "demand_refund", "dung", number="1/CV", instalments=(part,))
    while office.stage(code) != Stage.CLEARED:
        last_by = one(office, f"SELECT max(seq) FROM event WHERE subject_id = {id_of(office, code)}") % 2
        office.step(code, "revert", ("chau", "bach")[last_by], number="1/PSS", note="Ghi nhầm đề án")
    office.approve(code, number="981/QĐ-UBND")
    office.step(code, "sign_contract", "chi", number="60/HĐ", signer="Lê Minh Chi")
    return str(office.bring(code, Stage.SETTLED))


def lives(office: Any) -> dict[str, str]:
    """Projects by what happened to them."""
    told = {
        "settled": office.bring(office.open(), Stage.SETTLED),
        "overpaid": overpaid_and_settled(office),
        "written_off": stopped_and_written_off(office),
        "adjusted": adjusted_and_stopped_with_work_kept(office),
        "group": group_accepted_by_shares(office),
        "contracted": three_under_one_contract(office)[2],
        "reverted": much_taken_back(office),
        "national": office.bring(office.open(route=Route.NATIONAL), Stage.ACCEPTED),
        "draft": office.open(plan_year=2025),
    }
    rerouted = office.bring(office.open(), Stage.APPRAISED)
    office.step(rerouted, "reroute", "chi", number="30/SCT", note="Chưa bố trí được vốn địa phương")
    return told | {"rerouted": rerouted}


def reconciled(office: Any) -> Reconciliation:
    with office.store.read() as session:
        return reconcile(session)


def test_lawful_lives_leave_no_difference(office_on_both: Any) -> None:
    lives(office_on_both)

    found = reconciled(office_on_both)

    assert found.lines()[1:] == []
    assert (found.ok, found.differences) == (True, ())
    assert (found.checked["projects"], found.checked["contracts"], found.checked["decisions"]) == (12, 9, 11)
    assert found.lines()[0].startswith("Đối chiếu khớp đến từng đồng: 12 đề án, 9 hợp đồng, 11 quyết định, ")
    assert verify(office_on_both.store).problems == ()


def test_telling_again_shares_no_code_with_the_sums_or_the_writer() -> None:
    listing = "import sys, models.retold; print(*(name for name in sys.modules if name.startswith('models')))"

    loaded = subprocess.run([sys.executable, "-c", listing], check=True, capture_output=True, text=True).stdout.split()

    assert loaded == ["models", "models.retold"]


def test_empty_register_reconciles(office: Any) -> None:
    found = reconciled(office)

    assert (found.ok, found.checked["projects"], found.checked["entries"]) == (True, 0, 0)


def test_projects_of_many_stretches_are_all_reconciled(office: Any) -> None:
    last = [office.open() for _ in range(STRETCH + 2)][-1]

    untouched = reconciled(office)
    forge(
        office,
        f"UPDATE funding SET asked = asked + 1 WHERE source = 'local_fund' AND project_id = {id_of(office, last)}",
    )
    found = reconciled(office)

    assert (untouched.ok, untouched.checked["projects"]) == (True, STRETCH + 2)
    assert of_scope(found, "project") == [(last, "local_fund", 300 * TRIEU + 1, 300 * TRIEU)]


# --- forged lives -------------------------------------------------------------------------------------


def forge(office: Any, *statements: str, also: Callable[[Connection], None] | None = None) -> None:
    """Change rows as the owner of the database can: guards off, the change, guards on again."""
    with office.store.writer.begin() as connection:
        drop_triggers(connection)
        for statement in statements:
            changed = connection.execute(text(statement))
            assert changed.rowcount > 0, f"nothing changed: {statement}"
        if also is not None:
            also(connection)
        install_guards(connection)


def drop_triggers(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for name in guard_names():
            connection.execute(text(f"DROP TRIGGER {name}"))
        return
    rows = connection.execute(
        text("SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal")
    )
    for name, table in rows.all():
        connection.execute(text(f"DROP TRIGGER {name} ON {table}"))


def rewritten(event_id: int, change: Callable[[dict[str, Any]], object]) -> Callable[[Connection], None]:
    """Rewrite a body and its hash as the ledger would have written them."""

    def write(connection: Connection) -> None:
        stored = connection.execute(text("SELECT body FROM event WHERE id = :id"), {"id": event_id}).scalar_one()
        said = json.loads(stored)
        change(said)
        body = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        values = {"body": body, "hash": hashlib.sha256(body.encode()).hexdigest(), "id": event_id}
        connection.execute(text("UPDATE event SET body = :body, hash = :hash WHERE id = :id"), values)

    return write


def one(office: Any, sql: str) -> Any:
    with office.store.read() as session:
        return session.connection().execute(text(sql)).scalar_one()


def id_of(office: Any, code: str) -> int:
    return int(one(office, f"SELECT id FROM project WHERE code = '{code}'"))


def event_of(office: Any, code: str, action: str) -> int:
    """The latest event of a project with this action."""
    sql = "SELECT max(id) FROM event WHERE subject_kind = 'project' AND subject_id = {id} AND action = '{action}'"
    return int(one(office, sql.format(id=id_of(office, code), action=action)))


def of_scope(found: Reconciliation, scope: str) -> list[tuple[str, str | None, int, int]]:
    return [(d.subject, d.source, d.left, d.right) for d in found.differences if d.scope == scope]


def keys(difference: Difference) -> list[tuple[str, str, int]]:
    return [(row.table, row.key, row.amount) for row in difference.rows]


def equations(found: Reconciliation, scope: str) -> list[str]:
    return [d.equation for d in found.differences if d.scope == scope]


def test_balance_off_by_one_dong_is_named_at_every_level(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.SETTLED)
    project, event = id_of(office, code), event_of(office, code, "settle")

    forge(office, f"UPDATE funding SET settled = settled - 1 WHERE project_id = {project} AND source = 'local_fund'")
    found = reconciled(office)

    first, *whole = found.differences
    right = 300 * TRIEU
    assert (first.scope, first.subject, first.source, first.left, first.right, first.difference) == (
        *("project", code, "local_fund"),
        *(right - 1, right, -1),
    )
    assert first.sentence == (
        f"Đề án {code}, KC địa phương: số dư quyết toán là 299.999.999 đồng, "
        "cộng các khoản đã ghi là 300.000.000 đồng; lệch 1 đồng."
    )
    assert keys(first) == [
        ("funding", f"project_id={project},source=local_fund", right - 1),
        ("money_entry", f"event_id={event},line=1", right),
    ]
    assert [(d.scope, d.subject) for d in whole] == [
        ("year", f"2024 ({PROGRAMME})"),
        ("content", f"2 ({PROGRAMME})"),
        ("programme", PROGRAMME),
        ("register", ""),
        ("programme", PROGRAMME),
    ]
    assert {(d.difference, keys(d)[0], d.row_count) for d in whole} == {(-1, ("project", f"code={code}", -1), 1)}


def test_entry_edited_deleted_or_inserted_is_named_against_its_event(office_on_both: Any) -> None:
    office = office_on_both
    edited, deleted, doubled = (office.bring(office.open(), Stage.ACCEPTED) for _ in range(3))
    events = [event_of(office, code, "accept") for code in (edited, deleted, doubled)]
    columns = "project_id, beneficiary_id, source, kind, amount, direction"

    forge(
        office,
        f"UPDATE money_entry SET amount = amount + 7 WHERE event_id = {events[0]} AND line = 1",
        f"DELETE FROM money_entry WHERE event_id = {events[1]} AND line = 2",
        f"INSERT INTO money_entry (event_id, line, {columns}) "
        f"SELECT event_id, 9, {columns} FROM money_entry WHERE event_id = {events[2]} AND line = 1",
    )
    found = reconciled(office)

    told = [d for d in found.differences if d.scope == "project" and "sự kiện" in d.right_words]
    assert [(d.subject, d.source, d.left, d.right) for d in told] == [
        (edited, "local_fund", 300 * TRIEU + 7, 300 * TRIEU),
        (deleted, "counterpart", 0, 350 * TRIEU),
        (doubled, "local_fund", 600 * TRIEU, 300 * TRIEU),
    ]
    assert [keys(d) for d in told] == [
        [
            ("money_entry", f"event_id={events[0]},line=1", 300 * TRIEU + 7),
            ("event", f"event_id={events[0]},line=1", -300 * TRIEU),
        ],
        [("event", f"event_id={events[1]},line=2", -350 * TRIEU)],
        [("money_entry", f"event_id={events[2]},line=9", 300 * TRIEU)],
    ]
    # The balances, the acceptances and every whole say it too, each with its own figures.
    years = [d for d in found.differences if d.scope == "year" and "sự kiện" in d.right_words]
    assert [(d.source, d.difference, keys(d)) for d in years] == [
        ("counterpart", -350 * TRIEU, [("project", f"code={deleted}", -350 * TRIEU)]),
        (
            *("local_fund", 300 * TRIEU + 7),
            [("project", f"code={edited}", 7), ("project", f"code={doubled}", 300 * TRIEU)],
        ),
    ]


def test_settlement_rewritten_everywhere_breaks_only_the_two_equations(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.SETTLED)
    project, event = id_of(office, code), event_of(office, code, "settle")

    def lower(said: dict[str, Any]) -> None:
        said["lines"]["money_entry"][0]["amount"] -= TRIEU

    forge(
        office,
        f"UPDATE money_entry SET amount = amount - {TRIEU} WHERE event_id = {event} AND source = 'local_fund'",
        f"UPDATE funding SET settled = settled - {TRIEU} WHERE project_id = {project} AND source = 'local_fund'",
        also=rewritten(event, lower),
    )
    found = reconciled(office)

    assert [(d.equation, d.left, d.right, d.difference) for d in found.differences] == [
        ("phê duyệt + điều chỉnh = quyết toán + hủy dự toán", 300 * TRIEU, 299 * TRIEU, TRIEU),
        ("tạm ứng + thanh toán = quyết toán + thu hồi", 300 * TRIEU, 299 * TRIEU, TRIEU),
    ]
    assert {(d.scope, d.subject, d.source) for d in found.differences} == {("project", code, "local_fund")}
    assert keys(found.differences[1]) == [
        ("money_entry", f"event_id={event_of(office, code, 'pay')},line=1", 300 * TRIEU),
        ("money_entry", f"event_id={event},line=1", 299 * TRIEU),
    ]


def test_money_settled_before_the_end_is_named(office: Any) -> None:
    code = office.bring(office.open(), Stage.ACCEPTED)
    project, event = id_of(office, code), event_of(office, code, "accept")
    line = {"project_id": project, "beneficiary_id": None, "source": "counterpart", "kind": "released"}
    line |= {"amount": 5, "direction": 1}

    forge(
        office,
        f"INSERT INTO money_entry VALUES ({event}, 3, {project}, NULL, 'counterpart', 'released', 5, 1)",
        f"UPDATE funding SET released = 5 WHERE project_id = {project} AND source = 'counterpart'",
        also=rewritten(event, lambda said: said["lines"]["money_entry"].append(line)),
    )
    found = reconciled(office)

    [difference] = found.differences
    assert difference.equation == "hủy dự toán = số được phép khi chưa kết thúc"
    assert (difference.subject, difference.source, difference.left, difference.right) == (code, "counterpart", 5, 0)
    assert keys(difference) == [("money_entry", f"event_id={event},line=3", 5)]


def test_contract_line_and_total_are_held_against_the_project(office_on_both: Any) -> None:
    office = office_on_both
    first, _, third = three_under_one_contract(office)
    contract = one(office, "SELECT id FROM contract WHERE number = '50/HĐ'")

    forge(
        office,
        f"UPDATE contract_line SET amount = amount + 9 WHERE project_id = {id_of(office, first)} "
        "AND source = 'local_fund'",
        f"UPDATE contract SET total = total + 2 WHERE id = {contract}",
    )
    found = reconciled(office)

    assert [(d.scope, d.subject, d.source, d.equation) for d in found.differences] == [
        ("contract", "50/HĐ", "local_fund", f"các dòng hợp đồng của {first} = số hợp đồng của đề án"),
        ("contract", "50/HĐ", None, "tổng hỗ trợ của hợp đồng = cộng các dòng vốn nhà nước"),
    ]
    assert [(d.left, d.right) for d in found.differences] == [
        (100 * TRIEU + 9, 100 * TRIEU),
        (580 * TRIEU + 2, 580 * TRIEU + 9),
    ]
    # The annex of the third project stands among the rows behind the total.
    assert (-20 * TRIEU) in [row.amount for row in found.differences[1].rows]
    assert found.differences[1].row_count == 5
    assert third not in found.differences[0].equation


def test_project_moved_to_another_contract_is_named_in_both(office: Any) -> None:
    codes = [office.bring(office.open(), Stage.CONTRACTED) for _ in range(2)]
    other = one(office, f"SELECT contract_id FROM project WHERE code = '{codes[1]}'")

    forge(office, f"UPDATE project SET contract_id = {other} WHERE code = '{codes[0]}'")
    found = reconciled(office)

    assert of_scope(found, "contract") == [
        (f"{codes[0]}/HĐ", "counterpart", 350 * TRIEU, 0),
        (f"{codes[0]}/HĐ", "local_fund", 300 * TRIEU, 0),
        (f"{codes[1]}/HĐ", "counterpart", 0, 350 * TRIEU),
        (f"{codes[1]}/HĐ", "local_fund", 0, 300 * TRIEU),
    ]
    assert len(found.differences) == 4


def test_project_that_counts_as_contracted_without_a_contract_is_named(office: Any) -> None:
    code = office.bring(office.open(), Stage.CONTRACTED)

    forge(
        office,
        f"DELETE FROM contract_line WHERE project_id = {id_of(office, code)}",
        f"UPDATE project SET contract_id = NULL WHERE code = '{code}'",
        "UPDATE contract SET total = 0",
    )
    found = reconciled(office)

    assert [(d.scope, d.subject, d.source, d.left, d.right) for d in found.differences] == [
        ("project", code, "counterpart", 0, 350 * TRIEU),
        ("project", code, "local_fund", 0, 300 * TRIEU),
    ]


def test_decision_line_is_held_against_what_was_approved_with_it(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.APPROVED)
    decision, event = event_of_decision(office), event_of(office, code, "approve")

    forge(
        office,
        f"UPDATE decision_line SET amount = amount - 1 WHERE decision_id = {decision} AND source = 'local_fund'",
        f"UPDATE decision SET total = total - 1 WHERE id = {decision}",
    )
    found = reconciled(office)

    [difference] = found.differences
    assert (difference.scope, difference.subject, difference.difference) == ("decision", f"{code}/QĐ", -1)
    assert difference.equation == f"các dòng quyết định của {code} = số phê duyệt ghi theo quyết định"
    assert keys(difference) == [
        ("decision_line", f"event_id={decision},line=1", 300 * TRIEU - 1),
        ("money_entry", f"event_id={event},line=1", 300 * TRIEU),
    ]


def event_of_decision(office: Any) -> int:
    return int(one(office, "SELECT id FROM decision"))


def test_acceptance_is_held_against_the_accepted_money_of_each_beneficiary(office_on_both: Any) -> None:
    office = office_on_both
    code = group_accepted_by_shares(office)
    event = one(office, f"SELECT event_id FROM acceptance WHERE beneficiary_id = {office.beneficiary}")

    forge(office, f"UPDATE acceptance SET support = support + 3, counterpart = 0 WHERE event_id = {event}")
    found = reconciled(office)

    assert of_scope(found, "project") == [
        (code, "local_fund", 150 * TRIEU, 150 * TRIEU + 3),
        (code, "counterpart", 160 * TRIEU, 0),
    ]
    assert found.differences[0].left_words == f"số nghiệm thu đã ghi của đơn vị thụ hưởng số {office.beneficiary}"
    assert keys(found.differences[0]) == [
        ("acceptance", f"event_id={event},line=1", 150 * TRIEU + 3),
        ("money_entry", f"event_id={event},line=1", 150 * TRIEU),
    ]
    assert len(found.differences) == 2


def test_schedule_above_what_was_to_come_back_is_named(office_on_both: Any) -> None:
    office = office_on_both
    code = stopped_and_written_off(office)
    event = event_of(office, code, "start_recovery")

    forge(office, f"UPDATE recovery_due SET amount = amount + 1 WHERE event_id = {event}")
    found = reconciled(office)

    [difference] = found.differences
    assert difference.equation == "tổng các kỳ phải nộp trả ≤ số chi vượt phần được hưởng vào ngày yêu cầu"
    assert (difference.left, difference.right) == (100 * TRIEU + 1, 100 * TRIEU)
    assert keys(difference) == [("recovery_due", f"event_id={event},line=1", 100 * TRIEU + 1)]


def test_approved_request_without_its_step_and_the_other_way_round_are_named(office_on_both: Any) -> None:
    office = office_on_both
    code = adjusted_and_stopped_with_work_kept(office)
    adjustment = one(office, "SELECT id FROM adjustment")

    forge(office, "UPDATE adjustment SET status = 'refused'")
    found = reconciled(office)

    [difference] = found.differences
    assert (difference.subject, difference.source, difference.left, difference.right) == (code, None, 0, 1)
    assert difference.sentence == (
        f"Đề án {code}: đề nghị điều chỉnh đã được đồng ý là 0 đề nghị, "
        "bước đồng ý điều chỉnh còn hiệu lực là 1 đề nghị; lệch 1 đề nghị."
    )
    assert keys(difference) == [("adjustment", f"id={adjustment}", -1)]


@pytest.mark.parametrize(("table", "column"), [("funding", "plan_year"), ("project", "plan_year")])
def test_year_that_a_row_claims_for_itself_is_found_by_the_other_way_of_adding_up(
    office_on_both: Any, table: str, column: str
) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.APPROVED)
    key = "project_id" if table == "funding" else "id"

    forge(office, f"UPDATE {table} SET {column} = 2023 WHERE {key} = {id_of(office, code)}")
    found = reconciled(office)

    assert {d.scope for d in found.differences} == {"year"}
    [of_2023, *_] = [d for d in found.differences if d.subject.startswith("2023") and d.source == "local_fund"]
    assert abs(of_2023.difference) == 300 * TRIEU
    assert (abs(of_2023.rows[0].amount), of_2023.rows[0].key) == (300 * TRIEU, f"code={code}")


def test_status_of_a_programme_is_held_against_the_entries(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.SETTLED)
    project = id_of(office, code)

    forge(
        office,
        f"UPDATE contribution SET accepted = accepted + 4 WHERE project_id = {project}",
        f"UPDATE funding SET counted = 0 WHERE project_id = {project} AND source = 'counterpart'",
    )
    found = reconciled(office)

    assert [(d.scope, d.subject, d.source, d.left, d.right, d.unit) for d in found.differences] == [
        ("programme", PROGRAMME, "counterpart", 0, 350 * TRIEU, "đồng"),
        ("programme", PROGRAMME, None, 5, 1, "lượt cơ sở"),
    ]
    assert [d.left_words for d in found.differences] == [
        "kinh phí đã lên kế hoạch của nội dung 2 trong tiến độ",
        "khối lượng nghiệm thu của chỉ tiêu T2_2 trong tiến độ",
    ]
    assert [keys(d) for d in found.differences] == [
        [("project", f"code={code}", -350 * TRIEU)],
        [("project", f"code={code}", 4)],
    ]


def test_event_that_cannot_be_read_is_named_with_the_money_it_hides(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.APPRAISED)
    event = event_of(office, code, "pass_appraisal")

    forge(office, f"UPDATE event SET body = '[1, 2' WHERE id = {event}")
    found = reconciled(office)

    unread, *hidden = [d for d in found.differences if d.scope == "project"]
    assert (unread.subject, unread.left, unread.right, unread.unit) == (code, 4, 3, "sự kiện")
    assert keys(unread) == [("event", f"id={event}", 0)]
    assert [(d.source, d.difference) for d in hidden] == [("counterpart", 350 * TRIEU), ("local_fund", 300 * TRIEU)]


@contextmanager
def without_references(path: Path) -> Iterator[sqlite3.Connection]:
    """The file in hand: no guards, no foreign keys."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for name in guard_names():
            connection.execute(f"DROP TRIGGER {name}")
        yield connection


def test_bytes_that_are_no_text_do_not_stop_the_reconciliation(office: Any, tmp_path: Path) -> None:
    code = office.bring(office.open(), Stage.SUBMITTED)
    event = event_of(office, code, "open")

    with without_references(tmp_path / "dean.db") as connection:
        connection.execute(f"UPDATE event SET body = CAST(X'7BFF' AS TEXT) WHERE id = {event}")
    found = reconciled(office)

    assert keys(found.differences[0]) == [("event", f"id={event}", 0)]
    assert not found.ok


def test_money_of_a_project_that_does_not_exist_is_named(office: Any, tmp_path: Path) -> None:
    code = office.bring(office.open(), Stage.SUBMITTED)
    event = event_of(office, code, "open")

    with without_references(tmp_path / "dean.db") as connection:
        connection.execute(f"INSERT INTO money_entry VALUES ({event}, 9, 999999, NULL, 'local_fund', 'paid', 8, 1)")
    found = reconciled(office)

    assert of_scope(found, "project") == [
        ("id=999999 (không có trong sổ)", "local_fund", *pair) for pair in ((0, 8), (8, 0))
    ]
    assert of_scope(found, "register") == [("", "local_fund", 0, 8)]


def test_whole_shows_the_first_projects_behind_it_and_how_many_there_are(office: Any) -> None:
    for _ in range(ROWS_SHOWN + 5):
        office.open()

    forge(office, "UPDATE funding SET plan_year = 2023 WHERE source = 'local_fund'")
    found = reconciled(office)

    [lost] = [d for d in found.differences if d.subject.startswith("2024")]
    assert (len(lost.rows), lost.row_count) == (ROWS_SHOWN, ROWS_SHOWN + 5)
    assert lost.rows[0].key == "code=KC-VL-2024-001"
    assert found.lines()[-1] == "    … và 5 dòng nữa"
