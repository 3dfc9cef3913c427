"""Projects that end before approval: failed at the department, failed higher up, withdrawn."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.queries.histories import history
from states.refusal import Refused
from states.vocabulary import Paper, Route, Stage

MINUTES = {"number": "31/BB-SCT", "signer": "Lê Minh Chi", "note": "Công nghệ đã lạc hậu"}


def appraising(office: Any, by: str = "an") -> str:
    office.at = datetime.fromisoformat("2024-01-08T02:00:00+00:00")
    code: str = office.open(by)
    papers = (Paper.DOSSIER, Paper.SUPPORT_REQUEST)
    office.record("2024-01-09", code, "submit", by, number="1/TTKC", papers=papers)
    assert office.record("2024-01-10", code, "start_appraisal", "bach", number="2/PKT") == "appraising"
    return code


def counted(office: Any, code: str) -> int:
    with office.store.read() as session:
        found = session.connection().execute(text("SELECT counted FROM project WHERE code = :code"), {"code": code})
        return int(found.scalar_one())


def test_project_that_fails_the_appraisal_ends_and_leaves_the_plan(office_on_both: Any) -> None:
    office = office_on_both
    code = appraising(office)
    before = counted(office, code)

    stage = office.record("2024-01-20", code, "fail_appraisal", "chi", **MINUTES)

    assert (before, stage, counted(office, code)) == (1, "rejected", 0)
    assert office.facts(code).state == "proposed"
    office.prove()


def test_rejected_project_goes_nowhere(office: Any) -> None:
    code = appraising(office)
    office.record("2024-01-20", code, "fail_appraisal", "chi", **MINUTES)

    with pytest.raises(Refused) as refused:
        office.record("2024-01-22", code, "pass_appraisal", "chi", number="32/BB", signer="Lê Minh Chi")

    assert refused.value.args == (
        "Bước «Đạt thẩm định ở Sở» chỉ làm được khi đề án ở giai đoạn «Sở Công Thương đang thẩm định»; "
        "hiện đề án ở giai đoạn «Không đạt thẩm định».",
    )
    assert office.stage(code) is Stage.REJECTED


def test_failure_needs_minutes_a_signer_and_a_reason(office: Any) -> None:
    code = appraising(office)

    with pytest.raises(Refused) as refused:
        office.record("2024-01-20", code, "fail_appraisal", "chi")

    assert refused.value.args == (
        "Phải ghi người ký văn bản (--signer).",
        "Phải ghi lý do (--note).",
        "Thiếu biên bản thẩm định; hãy ghi số (--number) hoặc kèm tệp (--paper appraisal_minutes=TỆP).",
    )


def test_author_of_the_dossier_does_not_record_its_appraisal_and_hears_who_may(office: Any) -> None:
    code = appraising(office, by="binh")

    with pytest.raises(Refused) as refused:
        office.record("2024-01-20", code, "fail_appraisal", "binh", **MINUTES)
    stage = office.record("2024-01-20", code, "fail_appraisal", "bach", **MINUTES)

    assert refused.value.args == (
        "Người lập hồ sơ (Trần Thị Bình) không được ghi kết quả này; cần một người khác ghi.",
        "Người có thể ghi bước này: Đỗ Xuân Bách (bach), Lê Minh Chi (chi), Võ Thị Châu (chau).",
    )
    assert stage == "rejected"


def test_author_does_not_sign_the_appraisal_that_another_records(office: Any) -> None:
    code = appraising(office)

    with pytest.raises(Refused) as refused:
        office.record("2024-01-20", code, "pass_appraisal", "chi", number="31/BB", signer="Nguyễn Văn An")

    assert refused.value.args == ("Người ký (Nguyễn Văn An) là người lập hồ sơ; kết quả phải do người khác ký.",)


def test_project_that_fails_higher_up_keeps_the_milestone_it_reached(office: Any) -> None:
    code = office.bring(office.open(route=Route.NATIONAL), Stage.REVIEWING)
    result = {"number": "900/CTĐP-KC", "signer": "Đinh Công Thành", "note": "Không thuộc danh mục"}

    stage = office.record("2024-02-01", code, "fail_review", "binh", decided_on=date(2024, 1, 30), **result)

    assert (stage, office.facts(code).state) == ("rejected", "appraised")
    with office.store.read() as session:
        last = history(session, code)[-1]
    assert (last["authority"], last["number"], last["note"]) == ("agency", "900/CTĐP-KC", "Không thuộc danh mục")


@pytest.mark.parametrize(
    "stage", [Stage.DRAFT, Stage.SUBMITTED, Stage.APPRAISING, Stage.APPRAISED, Stage.REVIEWING, Stage.CLEARED]
)
def test_unit_withdraws_until_the_plan_is_approved(office: Any, stage: Stage) -> None:
    code = office.bring(office.open(), stage)
    state = office.facts(code).state

    office.step(code, "withdraw", "an", number="9/TTKC", note="Cơ sở đổi ý")

    assert (office.stage(code), office.facts(code).state) == (Stage.WITHDRAWN, state)


def test_unit_does_not_withdraw_an_approved_project(office: Any) -> None:
    code = office.bring(office.open(), Stage.APPROVED)

    with pytest.raises(Refused) as refused:
        office.step(code, "withdraw", "an", number="9/TTKC", note="Cơ sở đổi ý")

    assert refused.value.args == (
        "Bước «Rút hồ sơ» chỉ làm được khi đề án ở giai đoạn «Nháp», «Đã nộp», «Chờ bổ sung hồ sơ», "
        "«Sở Công Thương đang thẩm định», «Đạt thẩm định ở Sở», «Sở Tài chính đang thẩm định», "
        "«Chờ bổ sung cho Sở Tài chính», «Đạt thẩm định, chờ phê duyệt», «Chờ bố trí vốn»; "
        "hiện đề án ở giai đoạn «Trong kế hoạch».",
    )


def test_dossier_lapses_only_after_its_supplement_was_due(office: Any) -> None:
    code = office.bring(office.open(), Stage.SUBMITTED)
    office.step(code, "return", "binh", number="TB 1", note="Thiếu báo giá", missing=("báo giá",))

    with pytest.raises(Refused) as refused:
        office.step(code, "lapse", "binh", note="Không bổ sung")
    office.at += timedelta(days=30)
    office.step(code, "lapse", "binh", note="Đã gọi điện, đơn vị không bổ sung")

    assert refused.value.reasons == ("Hạn bổ sung còn đến hết ngày 18/01/2024; chỉ xác nhận quá hạn sau ngày đó.",)
    assert office.stage(code) is Stage.LAPSED
