"""A local project from draft to settlement: cut twice, lowered, suspended, accepted at the second try."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from models.queries.histories import history
from states.facts import Asked, Enclosure
from states.refusal import Refused
from states.vocabulary import Authority, MoneyKind, Paper, Source, Stage

TRIEU = 1_000_000
FUND, COUNTERPART = Source.LOCAL_FUND, Source.COUNTERPART


def funding(office: Any, code: str, source: Source) -> dict[str, int]:
    """What stands for a source, in triệu đồng, without the zeros."""
    money = office.facts(code).money
    standing = {str(kind): money.get((source, kind), 0) for kind in MoneyKind}
    assert all(amount % TRIEU == 0 for amount in standing.values())
    return {kind: amount // TRIEU for kind, amount in standing.items() if amount}


def propose(office: Any) -> str:
    office.at = datetime.fromisoformat("2023-11-06T02:00:00+00:00")
    code: str = office.open("an")
    papers = (Paper.DOSSIER, Paper.SUPPORT_REQUEST)
    assert office.record("2023-11-10", code, "submit", "an", number="12/TTKC-KC", papers=papers) == "submitted"
    assert office.record("2023-11-13", code, "start_appraisal", "binh", number="05/PKT-QLCN") == "appraising"
    assert (
        office.record(
            "2023-11-24",
            code,
            "pass_appraisal",
            "chi",
            number="31/BB-SCT",
            signer="Lê Minh Chi",
            amounts={FUND: 280 * TRIEU},
        )
        == "appraised"
    )
    sent = {"number": "402/TTr-SCT", "signer": "Lê Minh Chi", "papers": (Paper.ESTIMATE,)}
    assert office.record("2023-11-27", code, "send_to_finance", "chi", **sent) == "reviewing"
    result = {"number": "3120/STC-HCSN", "signer": "Phạm Văn Tài", "decided_on": date(2023, 12, 12)}
    cut = {FUND: 270 * TRIEU}
    assert office.record("2023-12-15", code, "pass_review", "binh", amounts=cut, **result) == "cleared"
    return code


def approve(office: Any, code: str) -> None:
    office.at = datetime.fromisoformat("2024-05-23T02:00:00+00:00")
    office.approve(code, by="binh", total=270 * TRIEU, number="980/QĐ-UBND", decided_on=date(2024, 5, 23))


def carry_out(office: Any, code: str) -> None:
    paper = {"number": "1010/QĐ-UBND", "decided_on": date(2024, 5, 28)}
    assert office.record("2024-05-30", code, "allot", "dung", amounts={FUND: 270 * TRIEU}, **paper) == "approved"
    signed = {"number": "17/HĐ-KC", "signer": "Lê Minh Chi"}
    assert office.record("2024-06-05", code, "sign_contract", "chi", **signed) == "contracted"
    assert office.record("2024-06-10", code, "start", "an", number="18/KH-TTKC") == "underway"
    asked = {"papers": (Paper.PREPAYMENT_REQUEST,), "number": "UNC 0117"}
    assert office.record("2024-06-12", code, "prepay", "dung", amounts={FUND: 81 * TRIEU}, **asked) == "underway"
    wish = {
        "number": "40/TTKC-KC",
        "note": "Giá thiết bị giảm so với dự toán",
        "asked": Asked(amounts={FUND: 250 * TRIEU}),
    }
    assert office.record("2024-07-01", code, "request_adjustment", "an", **wish) == "underway"
    seen = {"number": "611/SCT-QLCN", "signer": "Lê Minh Chi"}
    assert office.record("2024-07-04", code, "confirm_adjustment", "chi", **seen) == "underway"
    amended = {"number": "1312/QĐ-UBND", "decided_on": date(2024, 7, 12), "signer": "Lê Quang Trung"}
    why = {"note": "Giảm theo giá trúng thầu"}
    assert office.record("2024-07-15", code, "approve_adjustment", "binh", **amended, **why) == "underway"
    paused = {"number": "88/QĐ-SCT", "note": "Cơ sở sửa chữa nhà xưởng"}
    assert office.record("2024-08-01", code, "suspend", "chi", **paused) == "suspended"
    resumed = {"number": "93/QĐ-SCT", "note": "Nhà xưởng đã sửa xong"}
    assert office.record("2024-08-20", code, "resume", "chau", **resumed) == "underway"


def accept(office: Any, code: str) -> None:
    done = {"number": "61/BC-TTKC", "papers": (Paper.VOUCHERS,)}
    assert office.record("2024-09-10", code, "report_completion", "an", **done) == "awaiting_acceptance"
    failed = {"number": "70/BB-NT", "note": "Máy chưa chạy đủ công suất"}
    assert office.record("2024-09-18", code, "fail_acceptance", "binh", **failed) == "acceptance_failed"
    assert office.record("2024-09-30", code, "retry_acceptance", "an", number="66/BC-TTKC") == "awaiting_acceptance"
    works = {"amounts": {FUND: 240 * TRIEU, COUNTERPART: 400 * TRIEU}, "quantities": {"T2_2": 1}}
    minutes = {"number": "82/BB-NT", "signer": "Lê Minh Chi"}
    assert office.record("2024-10-08", code, "accept", "chi", **works, **minutes) == "accepted"


def settle(office: Any, code: str) -> None:
    assert office.record("2024-10-15", code, "submit_settlement", "an", number="71/ĐNTT") == "settling"
    defect = {"number": "90/SCT-TC", "note": "Hóa đơn thiếu chữ ký", "missing": ("Hóa đơn số 0045",)}
    back = office.record("2024-10-20", code, "return_settlement", "dung", authority=Authority.FINANCE_DEPARTMENT,
        decided_on=date(2024, 10, 18), **defect,
    )  # fmt: skip
    assert back == "accepted"
    claim = {"number": "74/ĐNTT"}
    with pytest.raises(Refused) as unanswered:
        office.record("2024-10-25", code, "submit_settlement", "an", **claim)
    assert unanswered.value.args == ("Còn mục chưa bổ sung: Hóa đơn số 0045. Hãy kèm từng mục (--paper MỤC=TỆP).",)
    invoice = (Enclosure(Paper.SUPPLEMENT, title="Hóa đơn số 0045"),)
    assert office.record("2024-10-25", code, "submit_settlement", "an", papers=invoice, **claim) == "settling"
    liquidation = {"number": "95/TL-HĐ", "signer": "Lê Minh Chi"}
    with pytest.raises(Refused) as refused:
        office.record("2024-10-26", code, "settle", "dung", **liquidation)
    assert refused.value.args == ("Còn phải thanh toán 159.000.000 đồng trước khi quyết toán (bước pay).",)
    paid = {"number": "UNC 0203", "amounts": {FUND: 159 * TRIEU}}
    assert office.record("2024-10-28", code, "pay", "dung", **paid) == "settling"
    assert office.record("2024-11-05", code, "settle", "dung", **liquidation) == "settled"


def test_local_project_lives_from_draft_to_settlement(office_on_both: Any) -> None:
    office = office_on_both

    code = propose(office)
    approve(office, code)
    carry_out(office, code)
    accept(office, code)
    settle(office, code)

    facts = office.facts(code)
    assert (facts.state, facts.stage, facts.missing, facts.adjustment_open) == ("settled", "settled", (), False)
    assert funding(office, code, FUND) == {
        "asked": 300,
        "appraised": 270,
        "approved": 270,
        "adjusted": -20,
        "contracted": 270,
        "accepted": 240,
        "allotted": 270,
        "prepaid": 81,
        "paid": 159,
        "settled": 240,
        "released": 10,
    }
    assert funding(office, code, COUNTERPART) == {
        "asked": 350,
        "appraised": 350,
        "approved": 350,
        "contracted": 350,
        "adjusted": 50,
        "accepted": 400,
        "paid": 400,
        "settled": 400,
    }
    assert facts.approved_now() == facts.amount(MoneyKind.SETTLED) + facts.amount(MoneyKind.RELEASED)
    assert facts.outstanding == 0
    office.prove()


def test_history_tells_who_decided_who_recorded_when_and_under_which_number(office: Any) -> None:
    code = propose(office)
    approve(office, code)
    carry_out(office, code)
    accept(office, code)
    settle(office, code)

    with office.store.read() as session:
        told = history(session, code)

    lines = [
        (event["decided_on"], event["label"], event["to"], event["authority"], event["recorded_by"], event["number"])
        for event in told
    ]
    assert lines == [
        (None, "Lập đề án", "draft", None, "an", ""),
        ("2023-11-10", "Nộp hồ sơ", "submitted", "unit", "an", "12/TTKC-KC"),
        ("2023-11-13", "Bắt đầu thẩm định", "appraising", "department", "binh", "05/PKT-QLCN"),
        ("2023-11-24", "Đạt thẩm định ở Sở", "appraised", "department", "chi", "31/BB-SCT"),
        ("2023-11-27", "Gửi Sở Tài chính thẩm định", "reviewing", "department", "chi", "402/TTr-SCT"),
        ("2023-12-12", "Cấp trên thẩm định đạt", "cleared", "finance_department", "binh", "3120/STC-HCSN"),
        ("2024-05-23", "Phê duyệt trong kế hoạch", "approved", "province", "binh", "980/QĐ-UBND"),
        ("2024-05-28", "Giao vốn", "approved", "province", "dung", "1010/QĐ-UBND"),
        ("2024-06-05", "Ký hợp đồng", "contracted", "department", "chi", "17/HĐ-KC"),
        ("2024-06-10", "Bắt đầu thực hiện", "underway", "unit", "an", "18/KH-TTKC"),
        ("2024-06-12", "Tạm ứng", "underway", "department", "dung", "UNC 0117"),
        ("2024-07-01", "Đề nghị điều chỉnh", "underway", "unit", "an", "40/TTKC-KC"),
        ("2024-07-04", "Sở xác nhận đề nghị điều chỉnh", "underway", "department", "chi", "611/SCT-QLCN"),
        ("2024-07-12", "Đồng ý điều chỉnh", "underway", "province", "binh", "1312/QĐ-UBND"),
        ("2024-08-01", "Tạm dừng", "suspended", "department", "chi", "88/QĐ-SCT"),
        ("2024-08-20", "Tiếp tục thực hiện", "underway", "department", "chau", "93/QĐ-SCT"),
        ("2024-09-10", "Báo cáo hoàn thành", "awaiting_acceptance", "unit", "an", "61/BC-TTKC"),
        ("2024-09-18", "Nghiệm thu không đạt", "acceptance_failed", "department", "binh", "70/BB-NT"),
        ("2024-09-30", "Đề nghị nghiệm thu lại", "awaiting_acceptance", "unit", "an", "66/BC-TTKC"),
        ("2024-10-08", "Nghiệm thu đạt", "accepted", "department", "chi", "82/BB-NT"),
        ("2024-10-15", "Nộp hồ sơ quyết toán", "settling", "unit", "an", "71/ĐNTT"),
        ("2024-10-18", "Trả hồ sơ quyết toán", "accepted", "finance_department", "dung", "90/SCT-TC"),
        ("2024-10-25", "Nộp hồ sơ quyết toán", "settling", "unit", "an", "74/ĐNTT"),
        ("2024-10-28", "Thanh toán", "settling", "department", "dung", "UNC 0203"),
        ("2024-11-05", "Quyết toán, thanh lý", "settled", "department", "dung", "95/TL-HĐ"),
    ]
    assert told[5]["recorded_at"] == "2023-12-15T02:00:00.000000Z"
    assert [event["seq"] for event in told] == list(range(1, 26))


def test_targets_follow_the_project_to_settlement(office: Any) -> None:
    code = propose(office)
    approve(office, code)
    carry_out(office, code)
    accept(office, code)

    before = _contribution(office)
    settle(office, code)

    assert before == ("T2_2", 1, 1, 1, 0)
    assert _contribution(office) == ("T2_2", 1, 1, 1, 1)


def _contribution(office: Any) -> tuple[Any, ...]:
    with office.store.read() as session:
        row = session.connection().execute(
            text("SELECT target_code, planned, approved, accepted, settled FROM contribution")
        )
        return tuple(row.one())


def test_settled_project_takes_no_step_but_a_correction_by_another_person(office: Any) -> None:
    code = office.bring(office.open(), Stage.SETTLED)

    with pytest.raises(Refused) as refused:
        office.step(code, "stop", "binh", number="9/QĐ-UBND", decided_on=office.today, signer="Trung", note="Thôi")

    assert refused.value.args == (
        "Bước «Ngừng triển khai» chỉ làm được khi đề án ở giai đoạn «Trong kế hoạch», «Đã ký hợp đồng», "
        "«Đang thực hiện», «Tạm dừng», «Chờ nghiệm thu», «Nghiệm thu không đạt», «Đã nghiệm thu», "
        "«Đang quyết toán»; hiện đề án ở giai đoạn «Đã quyết toán».",
    )
    assert office.step(code, "revert", "chi", number="1/PSS", note="Ghi nhầm").to_stage is Stage.SETTLING
