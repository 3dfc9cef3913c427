"""Steps recorded by mistake: undone by another person, one after the other, with every entry kept."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.queries.histories import history
from models.verify import verify
from states.refusal import Refused
from states.vocabulary import MoneyKind, Route, Source, Stage

TRIEU = 1_000_000
FUND = Source.LOCAL_FUND
MISTAKE = {"number": "1/PSS", "note": "Ghi nhầm đề án"}


def record(office: Any, day: str, code: str, action: str, by: str, **typed: Any) -> str:
    """Take one step in the morning of a day and return the stage reached."""
    office.at = datetime.fromisoformat(f"{day}T02:00:00+00:00") - timedelta(days=1)
    return str(office.step(code, action, by, **typed).to_stage)


def wrongly_accepted(office: Any) -> str:
    """Chi records an acceptance of 200 triệu that belongs to another project."""
    code: str = office.bring(office.open(), Stage.AWAITING_ACCEPTANCE)
    works = {"amounts": {FUND: 200 * TRIEU, Source.COUNTERPART: 1 * TRIEU}, "quantities": {"T2_2": 4}}
    record(office, "2024-06-03", code, "accept", "chi", number="9/BB", signer="Lê Minh Chi", **works)
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

    stage = record(office, "2024-06-05", code, "revert", "chau", **MISTAKE)
    undone = office.facts(code)
    works = {"amounts": {FUND: 300 * TRIEU}, "quantities": {"T2_2": 1}}
    record(office, "2024-06-10", code, "accept", "chi", number="10/BB", signer="Lê Minh Chi", **works)

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
        ("counterpart", 1),
        ("local_fund", -200),
        ("counterpart", -1),
        ("local_fund", 300),
    ]
    assert verify(office.store).problems == ()


def test_nobody_undoes_a_step_of_their_own(office: Any) -> None:
    code = wrongly_accepted(office)

    with pytest.raises(Refused) as refused:
        record(office, "2024-06-05", code, "revert", "chi", **MISTAKE)

    assert refused.value.args == (
        "Người đã ghi bước này không được tự hủy; cần một lãnh đạo khác hoặc người khác ghi bước hủy.",
        "Người có thể ghi bước này: Trần Thị Bình (binh), Đỗ Xuân Bách (bach), Võ Thị Châu (chau).",
    )
    assert office.stage(code) is Stage.ACCEPTED


def test_undoing_twice_goes_one_step_further_back(office: Any) -> None:
    code = wrongly_accepted(office)

    first = record(office, "2024-06-05", code, "revert", "chau", **MISTAKE)
    second = record(office, "2024-06-06", code, "revert", "chau", **MISTAKE)
    third = record(office, "2024-06-07", code, "revert", "binh", **MISTAKE)

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
    assert verify(office.store).problems == ()


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
    assert verify(office.store).problems == ()


def test_undoing_needs_a_reason_and_the_note_of_correction(office: Any) -> None:
    code = wrongly_accepted(office)

    with pytest.raises(Refused) as refused:
        record(office, "2024-06-05", code, "revert", "chau")

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


def test_approval_is_undone_and_given_again_under_another_decision(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.CLEARED)
    office.at = datetime.fromisoformat("2024-05-22T02:00:00+00:00")
    office.approve(code, number="980/QĐ-UBND")

    stage = record(office, "2024-05-27", code, "revert", "chi", **MISTAKE)
    with pytest.raises(Refused) as same_again:
        office.approve(code, number="980/QĐ-UBND", decided_on=date(2024, 5, 23))
    office.approve(code, number="1045/QĐ-UBND")

    assert stage == "cleared"
    assert same_again.value.args == (
        "Quyết định 980/QĐ-UBND ngày 23/05/2024 đã được ghi; mỗi quyết định chỉ ghi một lần, "
        "hãy dùng quyết định bổ sung cho đề án còn lại.",
    )
    assert office.facts(code).amount(MoneyKind.APPROVED) == 300 * TRIEU
    with office.store.read() as session:
        numbers = session.connection().execute(text("SELECT number FROM decision ORDER BY id")).scalars().all()
        entries = session.connection().execute(
            text(
                "SELECT amount * direction / 1000000 FROM money_entry WHERE kind = 'approved' AND source = 'local_fund'"
            )
        )
        assert [int(entry) for entry in entries.scalars()] == [300, -300, 300]
    assert numbers == ["980/QĐ-UBND", "1045/QĐ-UBND"]
    assert verify(office.store).problems == ()


def test_undone_suspension_leaves_the_work_where_it_was(office: Any) -> None:
    code = office.bring(office.open(), Stage.CONTRACTED)
    record(office, "2024-06-03", code, "suspend", "chi", number="8/QĐ", note="Chờ mặt bằng")

    stage = record(office, "2024-06-04", code, "revert", "chau", **MISTAKE)

    assert (stage, office.facts(code).resume_stage) == ("contracted", None)


def test_undone_stop_of_a_suspended_project_can_still_be_resumed(office: Any) -> None:
    code = office.bring(office.open(), Stage.UNDERWAY)
    record(office, "2024-06-03", code, "suspend", "chi", number="8/QĐ", note="Chờ mặt bằng")
    stop = {"number": "2/QĐ-UBND", "decided_on": date(2024, 6, 5), "signer": "Lê Quang Trung", "note": "Cơ sở xin thôi"}
    record(office, "2024-06-06", code, "stop", "binh", **stop)

    undone = record(office, "2024-06-07", code, "revert", "chi", **MISTAKE)
    resumed = record(office, "2024-06-10", code, "resume", "chi", note="Đã có mặt bằng")

    assert (undone, resumed) == ("suspended", "underway")


def test_undone_carry_over_gives_the_year_back(office: Any) -> None:
    code = office.bring(office.open(route=Route.NATIONAL), Stage.UNDERWAY)
    paper = {"number": "3/QĐ-BCT", "decided_on": date(2024, 12, 20), "signer": "Vũ Đức Hải", "note": "Máy về chậm"}
    record(office, "2024-12-23", code, "carry_over", "binh", **paper)
    carried = office.facts(code)

    record(office, "2024-12-24", code, "revert", "chi", **MISTAKE)

    assert (carried.plan_year, carried.work_year) == (2024, 2025)
    assert (office.facts(code).plan_year, office.facts(code).work_year) == (2024, 2024)


def test_work_carried_over_is_accepted_in_the_next_year_and_not_before_the_decision(office: Any) -> None:
    code = office.bring(office.open(), Stage.AWAITING_ACCEPTANCE)
    works = {"amounts": {FUND: 300 * TRIEU}, "quantities": {"T2_2": 1}, "number": "9/BB", "signer": "Lê Minh Chi"}

    with pytest.raises(Refused) as too_late:
        record(office, "2025-01-06", code, "accept", "chi", **works)
    paper = {"number": "3/QĐ-UBND", "decided_on": date(2024, 12, 20), "signer": "Lê Quang Trung", "note": "Máy về chậm"}
    record(office, "2025-01-07", code, "carry_over", "binh", **paper)
    stage = record(office, "2025-01-08", code, "accept", "chi", **works)

    assert too_late.value.args == (
        "Nghiệm thu ngày 06/01/2025 sau 31/12/2024; khối lượng chỉ được tính đến hết năm, "
        "trừ khi đã có quyết định chuyển năm (carry_over) từ trước.",
    )
    assert stage == "accepted"
