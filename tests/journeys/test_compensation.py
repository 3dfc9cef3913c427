"""Steps recorded by mistake: undone by another person, one after the other, with every entry kept."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from models.queries.histories import history
from states.refusal import Refused
from states.vocabulary import MoneyKind, Paper, Route, Source, Stage

TRIEU = 1_000_000
FUND = Source.LOCAL_FUND
MISTAKE = {"number": "1/PSS", "note": "Ghi nhầm đề án"}


def wrongly_accepted(office: Any) -> str:
    """Chi records an acceptance of 200 triệu that belongs to another project."""
    code: str = office.bring(office.open(), Stage.AWAITING_ACCEPTANCE)
    works = {"amounts": {FUND: 200 * TRIEU, Source.COUNTERPART: 400 * TRIEU}, "quantities": {"T2_2": 4}}
    office.record("2024-06-03", code, "accept", "chi", number="9/BB", signer="Lê Minh Chi", **works)
    return code


def accepted_entries(office: Any) -> list[tuple[str, int]]:
    with office.store.read() as session:
        rows = session.connection().execute(
            text(
                "SELECT source, amount * direction / 1000000 FROM money_entry WHERE kind = 'accepted' "
                "ORDER BY event_id, line"
            )
        )
        return [(row[0], int(row[1])) for row in rows]


def test_wrong_acceptance_is_undone_by_another_person_and_recorded_rightly(office_on_both: Any) -> None:
    office = office_on_both
    code = wrongly_accepted(office)

    stage = office.record("2024-06-05", code, "revert", "chau", **MISTAKE)
    undone = office.facts(code)
    works = {"amounts": {FUND: 300 * TRIEU}, "quantities": {"T2_2": 1}}
    office.record("2024-06-10", code, "accept", "chi", number="10/BB", signer="Lê Minh Chi", **works)

    assert (stage, undone.state, undone.amount(MoneyKind.ACCEPTED), undone.accepted) == (
        "awaiting_acceptance",
        "approved",
        0,
        {"T2_2": 0},
    )
    assert (office.facts(code).state, office.facts(code).amount(MoneyKind.ACCEPTED)) == ("implemented", 300 * TRIEU)
    assert office.facts(code).accepted == {"T2_2": 1}
    assert accepted_entries(office) == [
        ("local_fund", 200),
        ("counterpart", 400),
        ("local_fund", -200),
        ("counterpart", -400),
        ("local_fund", 300),
    ]
    office.prove()


def test_nobody_undoes_a_step_of_their_own(office: Any) -> None:
    code = wrongly_accepted(office)

    with pytest.raises(Refused) as refused:
        office.record("2024-06-05", code, "revert", "chi", **MISTAKE)

    assert refused.value.args == (
        "Người đã ghi bước này không được tự hủy; cần một lãnh đạo khác hoặc người khác ghi bước hủy.",
        "Người có thể ghi bước này: Trần Thị Bình (binh), Đỗ Xuân Bách (bach), Võ Thị Châu (chau).",
    )
    assert office.stage(code) is Stage.ACCEPTED


def test_undoing_twice_goes_one_step_further_back(office: Any) -> None:
    code = wrongly_accepted(office)

    first = office.record("2024-06-05", code, "revert", "chau", **MISTAKE)
    second = office.record("2024-06-06", code, "revert", "chau", **MISTAKE)
    third = office.record("2024-06-07", code, "revert", "binh", **MISTAKE)

    assert (first, second, third) == ("awaiting_acceptance", "underway", "contracted")
    with office.store.read() as session:
        told = history(session, code)
    assert [(event["label"], event["undone"], event["reverts"]) for event in told[-6:]] == [
        ("Bắt đầu thực hiện", True, None),
        ("Báo cáo hoàn thành", True, None),
        ("Nghiệm thu đạt", True, None),
        ("Hủy bước ghi nhầm", False, 11),
        ("Hủy bước ghi nhầm", False, 10),
        ("Hủy bước ghi nhầm", False, 9),
    ]
    office.prove()


def test_whole_life_can_be_undone_down_to_the_draft_and_no_further(office: Any) -> None:
    code = office.bring(office.open(), Stage.SETTLED)
    while office.stage(code) is not Stage.DRAFT:
        office.step(code, "revert", "bach", **MISTAKE)

    with pytest.raises(Refused) as refused:
        office.step(code, "revert", "bach", **MISTAKE)

    facts = office.facts(code)
    assert refused.value.args == ("Không còn bước nào để hủy ghi nhận.",)
    assert (facts.state, facts.version, facts.outstanding) == ("proposed", 1 + 13 + 13, 0)
    assert {kind: facts.amount(kind) for kind in MoneyKind if facts.amount(kind)} == {MoneyKind.ASKED: 300 * TRIEU}
    office.prove()


def test_undoing_needs_a_reason_and_the_note_of_correction(office: Any) -> None:
    code = wrongly_accepted(office)

    with pytest.raises(Refused) as refused:
        office.record("2024-06-05", code, "revert", "chau")

    assert refused.value.args == (
        "Phải ghi lý do (--note).",
        "Thiếu phiếu sửa sai sót; hãy ghi số (--number) hoặc kèm tệp (--paper correction_note=TỆP).",
    )


@pytest.mark.parametrize("by", ["an", "dung", "em", "giang", "hanh"])
def test_only_the_office_undoes(office: Any, by: str) -> None:
    code = office.bring(office.open(), Stage.UNDERWAY)

    with pytest.raises(Refused):
        office.step(code, "revert", by, **MISTAKE)

    assert office.stage(code) is Stage.UNDERWAY


@pytest.mark.parametrize("number", ["1045/QĐ-UBND", "980/QĐ-UBND"], ids=["another-decision", "the-same-decision"])
def test_approval_is_undone_and_recorded_again(office_on_both: Any, number: str) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.CLEARED)
    office.at = datetime.fromisoformat("2024-05-22T02:00:00+00:00")
    office.approve(code, number="980/QĐ-UBND")

    stage = office.record("2024-05-27", code, "revert", "chi", **MISTAKE)
    undone = office.facts(code).amount(MoneyKind.APPROVED)
    office.approve(code, number=number, decided_on=date(2024, 5, 23))

    assert (stage, undone, office.facts(code).amount(MoneyKind.APPROVED)) == ("cleared", 0, 300 * TRIEU)
    with office.store.read() as session:
        entries = session.connection().execute(
            text(
                "SELECT amount * direction / 1000000 FROM money_entry "
                "WHERE kind = 'approved' AND source = 'local_fund' ORDER BY event_id"
            )
        )
        assert [int(entry) for entry in entries.scalars()] == [300, -300, 300]
        decided = session.connection().execute(text("SELECT number, total FROM decision WHERE total > 0"))
        assert [tuple(row) for row in decided] == [(number, 300 * TRIEU)]
    office.prove()


def test_decision_that_still_stands_is_not_recorded_again(office: Any) -> None:
    approved, other = (office.bring(office.open(), Stage.CLEARED) for _ in range(2))
    office.approve(approved, number="980/QĐ-UBND")
    on = office.today

    with pytest.raises(Refused) as refused:
        office.approve(other, number="980/QĐ-UBND", decided_on=on)

    assert refused.value.args == (
        f"Quyết định 980/QĐ-UBND ngày {on:%d/%m/%Y} đã được ghi; mỗi quyết định chỉ ghi một lần. "
        "Hãy kiểm tra số và ngày, hoặc dùng quyết định bổ sung cho đề án còn lại.",
    )


def test_undone_suspension_leaves_the_work_where_it_was(office: Any) -> None:
    code = office.bring(office.open(), Stage.CONTRACTED)
    office.record("2024-06-03", code, "suspend", "chi", number="8/QĐ", note="Chờ mặt bằng")

    stage = office.record("2024-06-04", code, "revert", "chau", **MISTAKE)

    assert (stage, office.facts(code).resume_stage) == ("contracted", None)


def test_undone_stop_of_a_suspended_project_can_still_be_resumed(office: Any) -> None:
    code = office.bring(office.open(), Stage.UNDERWAY)
    office.record("2024-06-03", code, "suspend", "chi", number="8/QĐ", note="Chờ mặt bằng")
    stop = {"number": "2/QĐ-UBND", "decided_on": date(2024, 6, 5), "signer": "Lê Quang Trung", "note": "Cơ sở xin thôi"}
    office.record("2024-06-06", code, "stop", "binh", **stop)

    undone = office.record("2024-06-07", code, "revert", "chi", **MISTAKE)
    resumed = office.record("2024-06-10", code, "resume", "chi", number="9/QĐ", note="Đã có mặt bằng")

    assert (undone, resumed) == ("suspended", "underway")


def test_undone_carry_over_gives_the_year_back(office: Any) -> None:
    code = office.bring(office.open(route=Route.NATIONAL), Stage.UNDERWAY)
    paper = {"number": "3/QĐ-BCT", "decided_on": date(2024, 12, 20), "signer": "Vũ Đức Hải", "note": "Máy về chậm"}
    office.record("2024-12-23", code, "carry_over", "binh", **paper)
    carried = office.facts(code)

    office.record("2024-12-24", code, "revert", "chi", **MISTAKE)

    assert (carried.plan_year, carried.work_year) == (2024, 2025)
    assert (office.facts(code).plan_year, office.facts(code).work_year) == (2024, 2024)


def test_work_carried_over_is_accepted_in_the_next_year_and_not_before_the_decision(office: Any) -> None:
    code = office.bring(office.open(), Stage.AWAITING_ACCEPTANCE)
    works = {"amounts": {FUND: 300 * TRIEU}, "quantities": {"T2_2": 1}, "number": "9/BB", "signer": "Lê Minh Chi"}

    with pytest.raises(Refused) as too_late:
        office.record("2025-01-06", code, "accept", "chi", **works)
    paper = {"number": "3/QĐ-UBND", "decided_on": date(2024, 12, 20), "signer": "Lê Quang Trung", "note": "Máy về chậm"}
    office.record("2025-01-07", code, "carry_over", "binh", **paper)
    stage = office.record("2025-01-08", code, "accept", "chi", **works)

    assert too_late.value.args == (
        "Nghiệm thu ngày 06/01/2025 sau 31/12/2024; khối lượng chỉ được tính đến hết năm, "
        "trừ khi đã có quyết định chuyển năm (carry_over) từ trước. "
        "Phần làm xong trong năm được ghi nhận ở bước ngừng triển khai (stop).",
    )
    assert stage == "accepted"


def contract_of_two(office: Any) -> list[str]:
    """Two national projects under one contract, both waiting for acceptance."""
    codes = [office.bring(office.open(route=Route.NATIONAL), Stage.APPROVED) for _ in range(2)]
    signed = {"number": "07/HĐ-KCQG", "signer": "Đinh Công Thành", "decided_on": date(2024, 3, 29)}
    for code in codes:
        office.record("2024-04-01", code, "sign_contract", "chi", **signed)
    for code in codes:
        office.record("2024-04-02", code, "start", "an", number="8/KH")
    for code in codes:
        office.record("2024-06-03", code, "report_completion", "an", number="9/BC", papers=(Paper.VOUCHERS,))
    return codes


def test_undone_acceptance_stops_the_settlement_term_of_the_whole_contract(office: Any) -> None:
    first, second = contract_of_two(office)
    works = {"amounts": {Source.NATIONAL_FUND: 300 * TRIEU}, "quantities": {"T2_2": 1}, "signer": "Lê Minh Chi"}
    office.record("2024-06-10", first, "accept", "chi", number="10/BB", **works)
    office.record("2024-06-20", second, "accept", "chi", number="11/BB", **works)
    running = settlement_terms(office)

    office.record("2024-06-21", second, "revert", "chau", **MISTAKE)

    assert running == [(first, "2024-06-20"), (second, "2024-06-20")]
    assert settlement_terms(office) == []
    office.prove()


def test_undone_signing_takes_the_project_out_of_the_contract(office: Any) -> None:
    first, second = contract_of_two(office)
    works = {"amounts": {Source.NATIONAL_FUND: 300 * TRIEU}, "quantities": {"T2_2": 1}, "signer": "Lê Minh Chi"}
    office.record("2024-06-10", first, "accept", "chi", number="10/BB", **works)
    waiting = settlement_terms(office)

    for _ in range(3):
        office.record("2024-06-21", second, "revert", "chau", **MISTAKE)

    assert office.stage(second) is Stage.APPROVED
    assert (waiting, settlement_terms(office)) == ([], [(first, "2024-06-10")])
    office.prove()


def test_project_that_joins_a_contract_late_holds_up_its_settlement_term(office: Any) -> None:
    first, late = (office.bring(office.open(route=Route.NATIONAL), Stage.APPROVED) for _ in range(2))
    signed = {"number": "07/HĐ-KCQG", "signer": "Đinh Công Thành", "decided_on": office.today}
    office.record("2024-04-01", first, "sign_contract", "chi", **signed)
    office.bring(first, Stage.ACCEPTED)
    alone = len(settlement_terms(office))

    office.record("2024-07-01", late, "sign_contract", "chi", **signed)

    assert (alone, settlement_terms(office)) == (1, [])
    office.prove()


def settlement_terms(office: Any) -> list[tuple[str, str]]:
    """The open terms of fifteen days after the last acceptance: project and starting day."""
    with office.store.read() as session:
        rows = session.connection().execute(
            text(
                "SELECT p.code, d.started_on FROM deadline AS d JOIN project AS p ON p.id = d.project_id "
                "WHERE d.clock = 'D-15' AND d.status <> 'closed' ORDER BY p.code"
            )
        )
        return [(row[0], str(row[1])) for row in rows]
