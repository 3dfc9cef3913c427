"""Work that rests for a while: suspended and resumed by a leader, with the clocks of the work standing still."""

from datetime import date
from typing import Any

import pytest

from models.queries.deadlines import deadlines_of
from states.vocabulary import Paper, Source, Stage

TRIEU = 1_000_000
FUND = Source.LOCAL_FUND
REST = {"number": "8/QĐ-SCT", "note": "Nhà xưởng bị ngập"}
GO_ON = {"number": "9/QĐ-SCT", "note": "Nhà xưởng đã khô"}


def clock(office: Any, code: str, kind: str) -> tuple[str, str | None, str]:
    """Status, due day and what is left, as people see it."""
    with office.store.read() as session:
        [row] = [row for row in deadlines_of(session, code, as_of=office.today, every=True) if row["kind"] == kind]
    return row["status"], row["due_on"], row["left"]


def awaiting(office: Any) -> str:
    """A project whose work is reported as done on Monday 03/06/2024."""
    code: str = office.bring(office.open(), Stage.UNDERWAY)
    office.record("2024-06-03", code, "report_completion", "an", number="8/BC", papers=(Paper.VOUCHERS,))
    return code


def test_term_of_the_acceptance_rests_with_the_work(office_on_both: Any) -> None:
    office = office_on_both
    code = awaiting(office)
    before = clock(office, code, "D-ACCEPT")

    suspended = office.record("2024-06-05", code, "suspend", "chi", **REST)
    resting = clock(office, code, "D-ACCEPT")
    resumed = office.record("2024-06-19", code, "resume", "chau", **GO_ON)

    # Ten workdays from Tuesday 04/06; ten workdays (06/06–19/06) do not count.
    assert (before[:2], resting) == (("open", "2024-06-17"), ("paused", None, "Tạm dừng"))
    assert (suspended, resumed) == ("suspended", "awaiting_acceptance")
    assert clock(office, code, "D-ACCEPT")[:2] == ("open", "2024-07-01")
    # The end of the year waits for nobody.
    assert clock(office, code, "D-END")[:2] == ("open", "2024-12-31")
    office.prove()


def test_two_rests_add_up(office: Any) -> None:
    code = awaiting(office)

    for rest, go_on in (("2024-06-05", "2024-06-07"), ("2024-06-10", "2024-06-11")):
        office.record(rest, code, "suspend", "chi", **REST)
        office.record(go_on, code, "resume", "chi", **GO_ON)

    # 06/06, 07/06 and 11/06 do not count.
    assert clock(office, code, "D-ACCEPT")[:2] == ("open", "2024-06-20")
    office.prove()


def test_suspension_changes_no_amount_and_money_still_moves(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.UNDERWAY)
    office.record("2024-04-01", code, "suspend", "chi", **REST)

    allotted = {"number": "20/QĐ-UBND", "decided_on": date(2024, 4, 2), "amounts": {FUND: 300 * TRIEU}}
    office.record("2024-04-03", code, "allot", "dung", **allotted)
    office.record("2024-04-04", code, "receive_funds", "dung", number="GBC 1")

    figures = {"asked": 300, "appraised": 300, "approved": 300, "contracted": 300, "allotted": 300, "balance": 300}
    assert office.waterfall(code) == figures
    assert office.stage(code) is Stage.SUSPENDED
    office.prove()


def test_suspended_project_is_stopped_without_being_resumed(office: Any) -> None:
    code = awaiting(office)
    office.record("2024-06-05", code, "suspend", "chi", **REST)

    stop = {"number": "88/QĐ-UBND", "decided_on": date(2024, 6, 20), "signer": "Lê Quang Trung", "note": "Giải thể"}
    stage = office.record("2024-06-24", code, "stop", "binh", **stop)

    assert (stage, clock(office, code, "D-ACCEPT")[:2]) == ("stopped", ("closed", "2024-07-02"))
    assert office.waterfall(code)["released"] == 300
    office.prove()


@pytest.mark.parametrize(("by", "stage"), [("binh", Stage.UNDERWAY), ("dung", Stage.UNDERWAY), ("chi", Stage.ACCEPTED)])
def test_only_a_leader_suspends_and_only_work_that_is_not_accepted(office: Any, by: str, stage: Stage) -> None:
    code = office.bring(office.open(), stage)
    outside = (
        "Bước «Tạm dừng» chỉ làm được khi đề án ở giai đoạn «Trong kế hoạch», «Đã ký hợp đồng», «Đang thực hiện», "
        "«Chờ nghiệm thu», «Nghiệm thu không đạt»; hiện đề án ở giai đoạn «Đã nghiệm thu».",
    )
    person = {"binh": "Điều phối viên của Sở", "dung": "Kế toán của Sở"}
    stranger = (
        f"{person.get(by)} không được ghi bước «Tạm dừng»; cần: Lãnh đạo Sở.",
        "Người có thể ghi bước này: Lê Minh Chi (chi), Võ Thị Châu (chau).",
    )

    with office.refusing(*(outside if stage is Stage.ACCEPTED else stranger)):
        office.step(code, "suspend", by, **REST)
