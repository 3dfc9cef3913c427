"""A national project: registered with the agency, returned twice by the department and once by the agency."""

from datetime import date, datetime
from typing import Any

import pytest

from models.queries.histories import history
from states.facts import Enclosure
from states.refusal import Refused
from states.vocabulary import Authority, MoneyKind, Paper, Route, Source

TRIEU = 1_000_000
FUND = Source.NATIONAL_FUND


def refusal(office: Any, day: str, code: str, action: str, by: str, **typed: Any) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        office.record(day, code, action, by, **typed)
    return refused.value.reasons


def propose(office: Any) -> str:
    office.at = datetime.fromisoformat("2023-05-02T02:00:00+00:00")
    code: str = office.open("an", route=Route.NATIONAL, name="Mô hình trình diễn sản xuất thạch dừa", content=2)
    listed = office.record("2023-06-12", code, "register", "binh", number="77/BC-SCT")
    assert listed == "draft"
    papers = (Paper.DOSSIER, Paper.SUPPORT_REQUEST)
    assert office.record("2023-07-03", code, "submit", "an", number="30/TTKC-KC", papers=papers) == "submitted"
    return code


def return_twice(office: Any, code: str) -> None:
    first = {"number": "11/PBS", "note": "Thiếu báo giá", "missing": ("Ba báo giá thiết bị", "estimate")}
    assert office.record("2023-07-06", code, "return", "binh", **first) == "returned"
    half = (Enclosure(Paper.ESTIMATE),)
    assert refusal(office, "2023-07-10", code, "resubmit", "an", papers=half) == (
        "Còn mục chưa bổ sung: Ba báo giá thiết bị. Hãy kèm từng mục (--paper MỤC=TỆP).",
    )
    both = (Enclosure(Paper.ESTIMATE), Enclosure(Paper.SUPPLEMENT, title="ba báo giá THIẾT BỊ"))
    assert office.record("2023-07-12", code, "resubmit", "an", papers=both) == "submitted"
    assert office.facts(code).missing == ()
    assert office.record("2023-07-13", code, "start_appraisal", "binh", number="12/PKT") == "appraising"
    second = {"number": "13/PBS", "note": "Chưa có cam kết đối ứng", "missing": ("Cam kết vốn đối ứng",)}
    assert office.record("2023-07-18", code, "return", "binh", **second) == "returned"
    pledge = (Enclosure(Paper.SUPPLEMENT, title="Cam kết vốn đối ứng"),)
    assert office.record("2023-07-20", code, "resubmit", "an", papers=pledge) == "submitted"
    assert office.record("2023-07-21", code, "start_appraisal", "binh", number="14/PKT") == "appraising"


def appraise(office: Any, code: str) -> None:
    signed = {"number": "15/BB-SCT", "signer": "Lê Minh Chi"}
    assert office.record("2023-07-28", code, "pass_appraisal", "chi", **signed) == "appraised"
    assert refusal(
        office, "2023-07-31", code, "send_to_finance", "chi", number="16/TTr", signer="Lê Minh Chi",
        papers=(Paper.ESTIMATE,),
    ) == (
        "Bước «Gửi Sở Tài chính thẩm định» chỉ dùng cho khuyến công địa phương; "
        "đề án này thuộc khuyến công quốc gia.",
    )  # fmt: skip
    report = {"number": "16/BC-SCT", "signer": "Lê Minh Chi", "papers": (Paper.FORM_2,)}
    assert office.record("2023-08-01", code, "send_to_agency", "chi", **report) == "reviewing"
    asked = {"number": "900/CTĐP-KC", "note": "Bổ sung thuyết minh", "missing": ("Thuyết minh công nghệ",)}
    agency = {"decided_on": date(2023, 9, 4), "authority": Authority.AGENCY}
    assert office.record("2023-09-06", code, "return_review", "binh", **asked, **agency) == "review_returned"
    answer = (Enclosure(Paper.SUPPLEMENT, title="Thuyết minh công nghệ"),)
    assert office.record("2023-09-11", code, "resubmit_review", "binh", papers=answer) == "reviewing"
    result = {"number": "1010/CTĐP-KC", "decided_on": date(2023, 10, 2), "signer": "Đinh Công Thành"}
    assert office.record("2023-10-05", code, "pass_review", "binh", **result) == "cleared"


def finish(office: Any, code: str) -> None:
    agency = {"number": "22/HĐ-CTĐP", "decided_on": date(2024, 2, 1), "signer": "Đinh Công Thành"}
    assert office.record("2024-02-05", code, "sign_contract", "chi", **agency) == "contracted"
    assert office.record("2024-02-10", code, "start", "an", number="5/KH") == "underway"
    assert (
        office.record("2024-08-01", code, "report_completion", "an", number="40/BC", papers=(Paper.VOUCHERS,))
        == "awaiting_acceptance"
    )
    works = {"amounts": {FUND: 300 * TRIEU, Source.COUNTERPART: 350 * TRIEU}, "quantities": {"T2_2": 1}}
    assert (
        office.record("2024-08-09", code, "accept", "chi", number="41/BB", signer="Lê Minh Chi", **works) == "accepted"
    )
    assert office.record("2024-08-20", code, "submit_settlement", "an", number="42/ĐNTT") == "settling"
    order = {"number": "UNC 55", "decided_on": date(2024, 9, 10), "amounts": {FUND: 300 * TRIEU}}
    assert office.record("2024-09-12", code, "pay", "dung", **order) == "settling"
    closing = {"number": "60/TL-CTĐP", "decided_on": date(2025, 1, 15), "signer": "Đinh Công Thành"}
    assert office.record("2025-01-17", code, "settle", "dung", **closing) == "settled"


def test_national_project_returned_twice_is_settled_in_the_end(office_on_both: Any) -> None:
    office = office_on_both

    code = propose(office)
    return_twice(office, code)
    appraise(office, code)
    office.at = datetime.fromisoformat("2023-12-28T02:00:00+00:00")
    office.approve(code, number="3300/QĐ-BCT", decided_on=date(2023, 12, 27), signer="Vũ Đức Hải")
    finish(office, code)

    facts = office.facts(code)
    assert (facts.state, facts.stage, facts.outstanding) == ("settled", "settled", 0)
    assert {kind: facts.amount(kind) for kind in (MoneyKind.APPROVED, MoneyKind.SETTLED, MoneyKind.RELEASED)} == {
        MoneyKind.APPROVED: 300 * TRIEU,
        MoneyKind.SETTLED: 300 * TRIEU,
        MoneyKind.RELEASED: 0,
    }
    assert facts.amount(MoneyKind.APPROVED, Source.LOCAL_FUND) == 0
    office.prove()


def test_province_does_not_approve_a_national_project(office: Any) -> None:
    code = propose(office)
    return_twice(office, code)
    appraise(office, code)
    office.at = datetime.fromisoformat("2023-12-28T02:00:00+00:00")

    with pytest.raises(Refused) as refused:
        office.approve(code, authority=Authority.PROVINCE)

    assert refused.value.args == (
        f"{code}: Trên tuyến khuyến công quốc gia, bước «Phê duyệt trong kế hoạch» do Bộ Công Thương (ministry) "
        "quyết định, không phải UBND tỉnh.",
    )
    assert office.stage(code) == "cleared"


def test_papers_of_the_agency_need_its_number_and_date(office: Any) -> None:
    code = propose(office)
    office.record("2023-07-04", code, "start_appraisal", "binh", number="12/PKT")
    office.record("2023-07-05", code, "pass_appraisal", "chi", number="15/BB", signer="Lê Minh Chi")
    papers = (Paper.FORM_2,)
    office.record("2023-07-06", code, "send_to_agency", "chi", number="16/BC", signer="Lê Minh Chi", papers=papers)

    reasons = refusal(office, "2023-10-05", code, "pass_review", "binh", signer="Đinh Công Thành")

    assert reasons == (
        "Phải ghi ngày văn bản của Cục quản lý khuyến công (--decided-on dd/mm/yyyy).",
        "Phải ghi số văn bản của Cục quản lý khuyến công (--number).",
        "Thiếu văn bản kết quả thẩm định của cấp trên; hãy ghi số (--number) hoặc kèm tệp (--paper review_result=TỆP).",
    )


def test_history_keeps_both_returns_with_their_missing_items_and_the_answers(office: Any) -> None:
    code = propose(office)
    return_twice(office, code)

    with office.store.read() as session:
        told = history(session, code)

    returns = [(event["decided_on"], event["note"], event["missing"]) for event in told if event["action"] == "return"]
    answers = [[paper["title"] for paper in e["papers"]] for e in told if e["action"] == "resubmit"]
    assert returns == [
        ("2023-07-06", "Thiếu báo giá", ["Ba báo giá thiết bị", "estimate"]),
        ("2023-07-18", "Chưa có cam kết đối ứng", ["Cam kết vốn đối ứng"]),
    ]
    assert answers == [["dự toán kinh phí", "ba báo giá THIẾT BỊ"], ["Cam kết vốn đối ứng"]]


def test_unanswered_request_lapses_only_when_the_coordinator_confirms(office: Any) -> None:
    code = propose(office)
    asked = {"number": "11/PBS", "note": "Thiếu báo giá", "missing": ("Ba báo giá thiết bị",)}
    office.record("2023-07-06", code, "return", "binh", **asked)

    by_leader = refusal(office, "2023-09-06", code, "lapse", "chi", note="Quá hạn bổ sung")
    stage = office.record("2023-09-06", code, "lapse", "binh", note="Quá hạn bổ sung, đã gọi hai lần")

    assert by_leader == (
        "Lãnh đạo Sở không được ghi bước «Xác nhận quá hạn bổ sung»; cần: Điều phối viên của Sở.",
        "Người có thể ghi bước này: Trần Thị Bình (binh), Đỗ Xuân Bách (bach).",
    )
    assert (stage, office.facts(code).state) == ("lapsed", "proposed")
