"""What the ledger refuses, in which words, and that a refusal changes nothing at all."""

import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from models import projects
from models.append import Origin
from models.loading import load_person, load_project
from models.people import add_person, change_person
from models.status import programme_status
from states.facts import Asked, Enclosure
from states.vocabulary import Authority, MoneyKind, Paper, Role, Route, Source, Stage

TRIEU = 1_000_000
FUND = Source.LOCAL_FUND
SUBMISSION = {"number": "1/TTKC", "papers": (Paper.DOSSIER, Paper.SUPPORT_REQUEST)}
APPRAISAL = {"number": "3/BB-SCT", "signer": "Lê Minh Chi"}


# --- who and where ----------------------------------------------------------------------------------------------


def test_unknown_project_is_refused(office_on_both: Any) -> None:
    office_on_both.open()

    with office_on_both.refusing("Không có đề án KC-VL-2024-999; hãy kiểm tra mã (dean project search)."):
        office_on_both.step("KC-VL-2024-999", "submit", "an", **SUBMISSION)


def test_unknown_person_is_refused(office_on_both: Any) -> None:
    code = office_on_both.open()

    with office_on_both.refusing("Không có người dùng «ai-do»; hãy xem danh sách bằng dean user list."):
        office_on_both.step(code, "submit", "ai-do", **SUBMISSION)


def test_wrong_stage_is_refused_without_any_other_reason(office_on_both: Any) -> None:
    code = office_on_both.open()

    with office_on_both.refusing(
        "Bước «Quyết toán, thanh lý» chỉ làm được khi đề án ở giai đoạn «Đang quyết toán»; "
        "hiện đề án ở giai đoạn «Nháp».",
    ):
        office_on_both.step(code, "settle", "em")


def test_wrong_role_hears_who_could(office_on_both: Any) -> None:
    code = office_on_both.bring(office_on_both.open(), Stage.APPRAISING)

    with office_on_both.refusing(
        "Cán bộ đơn vị thực hiện không được ghi bước «Đạt thẩm định ở Sở»; cần: Điều phối viên của Sở, Lãnh đạo Sở.",
        "Phạm Thị Yến chỉ làm việc với đề án của đơn vị mình; đề án này thuộc đơn vị khác.",
        "Người có thể ghi bước này: Trần Thị Bình (binh), Đỗ Xuân Bách (bach), Lê Minh Chi (chi), Võ Thị Châu (chau).",
    ):
        office_on_both.step(code, "pass_appraisal", "yen", **APPRAISAL)


@pytest.mark.parametrize(
    ("by", "role"),
    [
        ("em", "Thanh tra, kiểm toán (chỉ xem)"),
        ("giang", "Quản trị hệ thống"),
        ("chi", "Lãnh đạo Sở"),
        ("dung", "Kế toán của Sở"),
    ],
)
def test_readers_and_the_administrator_record_no_step(office_on_both: Any, by: str, role: str) -> None:
    code = office_on_both.open()

    with office_on_both.refusing(
        f"{role} không được ghi bước «Nộp hồ sơ»; cần: Cán bộ đơn vị thực hiện, Điều phối viên của Sở.",
        "Người có thể ghi bước này: Trần Thị Bình (binh), Đỗ Xuân Bách (bach).",
    ):
        office_on_both.step(code, "submit", by, **SUBMISSION)


def test_officer_of_another_unit_is_refused_and_the_own_officer_is_not(office_on_both: Any) -> None:
    code = office_on_both.open("binh")

    with office_on_both.refusing(
        "Phạm Thị Yến chỉ làm việc với đề án của đơn vị mình; đề án này thuộc đơn vị khác.",
        "Người có thể ghi bước này: Nguyễn Văn An (an), Đỗ Xuân Bách (bach).",
    ):
        office_on_both.step(code, "submit", "yen", **SUBMISSION)
    assert office_on_both.step(code, "submit", "an", **SUBMISSION).to_stage is Stage.SUBMITTED


def test_closed_account_records_nothing(office_on_both: Any) -> None:
    code = office_on_both.bring(office_on_both.open(), Stage.SUBMITTED)
    with office_on_both.store.write() as session:
        change_person(session, "binh", {"active": 0}, office_on_both.origin, note="Chuyển công tác")

    with office_on_both.refusing(
        "Tài khoản của Trần Thị Bình đã khóa; hãy nhờ quản trị mở lại.",
        "Người có thể ghi bước này: Đỗ Xuân Bách (bach).",
    ):
        office_on_both.step(code, "start_appraisal", "binh", number="2/PKT")
    assert office_on_both.step(code, "start_appraisal", "bach", number="2/PKT").to_stage is Stage.APPRAISING


@pytest.mark.parametrize("place", ["vl-p-phuong-9", "vl-p-truong-an", "vlm-p-long-chau"])
def test_person_of_a_new_commune_answers_for_the_old_ones(office_on_both: Any, place: str) -> None:
    lien = new_coordinator(office_on_both)
    code = office_on_both.bring(office_on_both.open(place=place), Stage.SUBMITTED)

    assert office_on_both.step(code, "start_appraisal", lien, number="2/PKT").to_stage is Stage.APPRAISING


@pytest.mark.parametrize("place", ["vl-x-my-hoa", "vlm-p-cai-von", None])
def test_person_of_one_commune_is_refused_elsewhere(office_on_both: Any, place: str | None) -> None:
    office = office_on_both
    lien = new_coordinator(office)
    code = office.bring(office.open(place=place), Stage.SUBMITTED)

    with office.refusing(
        "Mai Ngọc Liên chỉ phụ trách địa bàn được giao; đề án này ở địa bàn khác.",
        "Người có thể ghi bước này: Trần Thị Bình (binh), Đỗ Xuân Bách (bach).",
    ):
        office.step(code, "start_appraisal", lien, number="2/PKT")


def new_coordinator(office: Any) -> str:
    with office.store.write() as session:
        add_person(session, "lien", "Mai Ngọc Liên", Role.COORDINATOR, office.origin, place="vlm-p-long-chau")
    return "lien"


def test_district_answers_for_its_communes_and_the_province_for_all(office_on_both: Any) -> None:
    office = office_on_both
    with office.store.write() as session:
        add_person(session, "khoa", "Hồ Đăng Khoa", Role.COORDINATOR, office.origin, place="vl-tx-binh-minh")
        add_person(session, "minh", "Lý Công Minh", Role.COORDINATOR, office.origin, place="vlm")
    of_the_town = office.bring(office.open(place="vl-x-my-hoa"), Stage.SUBMITTED)
    of_the_city = office.bring(office.open(place="vl-p-phuong-9"), Stage.SUBMITTED)

    office.step(of_the_town, "start_appraisal", "khoa", number="2/PKT")
    with office.refusing(
        "Hồ Đăng Khoa chỉ phụ trách địa bàn được giao; đề án này ở địa bàn khác.",
        "Người có thể ghi bước này: Trần Thị Bình (binh), Đỗ Xuân Bách (bach), Lý Công Minh (minh).",
    ):
        office.step(of_the_city, "start_appraisal", "khoa", number="2/PKT")
    office.step(of_the_city, "start_appraisal", "minh", number="2/PKT")

    assert office.stage(of_the_town) is office.stage(of_the_city) is Stage.APPRAISING


# --- who decides, when, and on which paper ----------------------------------------------------------------------


def test_wrong_authority_is_refused(office_on_both: Any) -> None:
    code = office_on_both.bring(office_on_both.open(), Stage.REVIEWING)

    with office_on_both.refusing(
        "Trên tuyến khuyến công địa phương, bước «Cấp trên thẩm định đạt» do Sở Tài chính (finance_department) "
        "quyết định, không phải Cục quản lý khuyến công.",
    ):
        paper = {"number": "5/KQ", "signer": "Hồ Văn Khoa", "decided_on": office_on_both.today}
        office_on_both.step(code, "pass_review", "binh", authority=Authority.AGENCY, **paper)


def test_missing_papers_are_all_named_at_once(office_on_both: Any) -> None:
    code = office_on_both.open()

    with office_on_both.refusing(
        "Thiếu đề án khuyến công; hãy kèm theo (--paper dossier=TỆP).",
        "Thiếu văn bản đề nghị hỗ trợ của đơn vị thụ hưởng; hãy kèm theo (--paper support_request=TỆP).",
        "Thiếu công văn đề nghị; hãy ghi số (--number) hoặc kèm tệp (--paper submission_letter=TỆP).",
    ):
        office_on_both.step(code, "submit", "an")


def test_paper_put_on_file_before_serves_the_step(office_on_both: Any) -> None:
    code = office_on_both.open()
    with office_on_both.store.write() as session:
        person = load_person(session, "an")
        papers = (Enclosure(Paper.DOSSIER), Enclosure(Paper.SUPPORT_REQUEST))
        projects.attach(session, code, papers, by=person, origin=Origin(office_on_both.at, person.id, "test"))

    assert office_on_both.step(code, "submit", "an", number="1/TTKC").to_stage is Stage.SUBMITTED


def test_decision_of_tomorrow_is_refused(office_on_both: Any) -> None:
    code = office_on_both.open()
    tomorrow = office_on_both.today + timedelta(days=2)

    with office_on_both.refusing(
        "Ngày quyết định 04/01/2024 ở tương lai (hôm nay 03/01/2024); hãy kiểm tra lại ngày trên văn bản.",
    ):
        office_on_both.step(code, "submit", "an", decided_on=tomorrow, **SUBMISSION)


def test_today_is_the_day_of_the_office_and_not_of_greenwich(office_on_both: Any) -> None:
    code = office_on_both.open()
    office_on_both.at = datetime(2024, 1, 9, 18, 30, tzinfo=UTC)

    took = office_on_both.step(code, "submit", "an", decided_on=date(2024, 1, 11), **SUBMISSION)

    assert took.to_stage is Stage.SUBMITTED


def test_decision_before_the_last_step_is_refused(office_on_both: Any) -> None:
    code = office_on_both.bring(office_on_both.open(), Stage.REVIEWING)

    with office_on_both.refusing(
        "Ngày quyết định 05/01/2024 trước bước liền trước (06/01/2024); hãy kiểm tra lại ngày trên văn bản.",
    ):
        paper = {"number": "5/KQ", "signer": "Hồ Văn Khoa", "decided_on": date(2024, 1, 5)}
        office_on_both.step(code, "pass_review", "binh", **paper)


# --- money ------------------------------------------------------------------------------------------------------


def test_amount_over_the_approved_one_is_refused_with_the_excess(office_on_both: Any) -> None:
    code = office_on_both.bring(office_on_both.open(), Stage.AWAITING_ACCEPTANCE)

    with office_on_both.refusing(
        "Nghiệm thu 300.000.001 đồng vượt số phê duyệt 300.000.000 đồng là 1 đồng; hãy ghi không quá mức đó.",
        "Vượt mức hỗ trợ tối đa 1 đồng theo chi phí nghiệm thu (50% chi phí hợp lệ, tối đa 300.000.000 đồng/cơ sở; "
        "TT 28/2018/TT-BTC Điều 8 khoản 4); hãy ghi không quá 300.000.000 đồng.",
    ):
        amounts = {FUND: 300 * TRIEU + 1}
        office_on_both.step(code, "accept", "chi", amounts=amounts, quantities={"T2_2": 1}, **APPRAISAL)


def test_negative_amount_is_refused(office_on_both: Any) -> None:
    code = office_on_both.open()

    with office_on_both.refusing(
        "Số tiền của nguồn KC địa phương không được âm; hãy ghi số đồng từ 0 trở lên.",
        "Chưa ghi số tiền đề nghị hỗ trợ; hãy ghi --amount local_fund=… (đồng).",
    ):
        office_on_both.step(code, "submit", "an", amounts={FUND: -1}, **SUBMISSION)


def test_amount_that_no_column_holds_is_refused(office_on_both: Any) -> None:
    code = office_on_both.open()

    with office_on_both.refusing("Số quá lớn; hãy kiểm tra lại số tiền hoặc số lượng."):
        office_on_both.step(code, "submit", "an", amounts={Source.COUNTERPART: 2**63}, **SUBMISSION)


def test_largest_amounts_leave_the_programme_its_totals(office_on_both: Any) -> None:
    largest = 10**15
    for _ in range(2):
        code = office_on_both.open(amounts={FUND: 300 * TRIEU, Source.COUNTERPART: largest})
        office_on_both.bring(code, Stage.SUBMITTED)

    with office_on_both.store.read() as session:
        money = programme_status(session, "KC-VL-2021-2025")["money"]

    assert money["counterpart"]["planned"] == 2 * largest
    with pytest.raises(ValidationError):
        office_on_both.open(amounts={Source.COUNTERPART: largest + 1})


def test_half_a_dong_never_reaches_the_ledger(office_on_both: Any) -> None:
    code = office_on_both.open()
    before = office_on_both.everything()

    with pytest.raises(TypeError):
        office_on_both.step(code, "submit", "an", amounts={FUND: 1.5}, **SUBMISSION)

    assert office_on_both.everything() == before


def test_amount_on_a_step_that_takes_none_is_refused_and_not_forgotten(office_on_both: Any) -> None:
    code = office_on_both.bring(office_on_both.open(), Stage.SUBMITTED)

    with office_on_both.refusing("Bước «Bắt đầu thẩm định» không ghi số tiền; hãy bỏ số tiền (--amount)."):
        office_on_both.step(code, "start_appraisal", "binh", number="2/PKT", amounts={FUND: 300 * TRIEU})


def test_prepayment_above_a_lowered_support_is_refused(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.UNDERWAY)
    office.ask(code, Asked(amounts={FUND: 100 * TRIEU}))
    decision = {"number": "1312/QĐ-UBND", "decided_on": office.today, "signer": "Lê Quang Trung", "note": "Giảm quy mô"}
    office.step(code, "approve_adjustment", "binh", **decision)

    with office.refusing(
        "Tạm ứng 150.000.000 đồng vượt số phê duyệt 100.000.000 đồng là 50.000.000 đồng; hãy ghi không quá mức đó.",
        "Tạm ứng 150.000.000 đồng vượt mức tối đa 70.000.000 đồng (70% số phê duyệt 100.000.000 đồng; "
        "Quy chế của tỉnh (minh họa)); hãy giảm số tiền.",
    ):
        asked = {"papers": (Paper.PREPAYMENT_REQUEST,), "number": "UNC 1"}
        office.step(code, "prepay", "dung", amounts={FUND: 150 * TRIEU}, **asked)


def test_all_reasons_come_at_once(office_on_both: Any) -> None:
    code = office_on_both.bring(office_on_both.open(), Stage.AWAITING_ACCEPTANCE)

    with office_on_both.refusing(
        "Kế toán của Sở không được ghi bước «Nghiệm thu đạt»; cần: Điều phối viên của Sở, Lãnh đạo Sở.",
        "Phải ghi người ký văn bản (--signer).",
        "Ngày quyết định 01/02/2025 ở tương lai (hôm nay 12/01/2024); hãy kiểm tra lại ngày trên văn bản.",
        "Thiếu biên bản nghiệm thu cơ sở (Mẫu 5a); hãy ghi số (--number) hoặc kèm tệp (--paper form_5a=TỆP).",
        "Đề án khuyến công địa phương chỉ dùng nguồn KC địa phương và đối ứng, không dùng KC quốc gia; "
        "hãy kiểm tra nguồn.",
        "Phải ghi số tiền của nguồn KC địa phương (--amount local_fund=…).",
        "Đề án không đóng góp cho chỉ tiêu T9_9; chỉ tiêu của đề án: T2_2.",
        "Phải ghi số lượng nghiệm thu: --quantity T2_2=….",
        "Nghiệm thu ngày 01/02/2025 sau 31/12/2024; khối lượng chỉ được tính đến hết năm, "
        "trừ khi đã có quyết định chuyển năm (carry_over) từ trước. "
        "Phần làm xong trong năm được ghi nhận ở bước ngừng triển khai (stop).",
        "Người có thể ghi bước này: Trần Thị Bình (binh), Đỗ Xuân Bách (bach), Lê Minh Chi (chi), Võ Thị Châu (chau).",
    ):
        strange = {"amounts": {Source.NATIONAL_FUND: 1}, "quantities": {"T9_9": 1}, "decided_on": date(2025, 2, 1)}
        office_on_both.step(code, "accept", "dung", **strange)


# --- words ------------------------------------------------------------------------------------------------------


def test_decomposed_text_is_stored_composed(office_on_both: Any) -> None:
    office, code = office_on_both, office_on_both.open()

    def decomposed(words: str) -> str:
        return unicodedata.normalize("NFD", words)

    office.bring(code, Stage.SUBMITTED)
    missing = (decomposed("Báo giá thiết bị"),)
    office.step(
        code, "return", "binh", number=decomposed("11/PBS-Sở"), note=decomposed("Thiếu báo giá"), missing=missing
    )

    with office.store.read() as session:
        row = session.connection().execute(
            text("SELECT number, note, body FROM event WHERE action = 'return'")
        ).one()  # fmt: skip
        assert load_project(session, code).facts.missing == ("Báo giá thiết bị",)
    assert (row.number, row.note) == ("11/PBS-Sở", "Thiếu báo giá")
    assert row.body == unicodedata.normalize("NFC", row.body)
    answer = (Enclosure(Paper.SUPPLEMENT, title=decomposed("báo giá thiết bị")),)
    assert office.step(code, "resubmit", "an", papers=answer).to_stage is Stage.SUBMITTED


# --- two at once ------------------------------------------------------------------------------------------------


def test_order_on_an_old_version_hears_who_changed_what_and_when(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.SUBMITTED)
    seen = office.facts(code).version
    office.step(code, "start_appraisal", "bach", number="2/PKT")
    office.at += timedelta(days=30)

    with office.refusing(
        f"Đề án {code} vừa được Đỗ Xuân Bách cập nhật (bước «Bắt đầu thẩm định», ngày 04/01/2024), "
        "nay ở giai đoạn «Sở Công Thương đang thẩm định»; hãy mở lại đề án rồi làm tiếp.",
    ):
        office.step(code, "start_appraisal", "binh", number="2/PKT", seen_version=seen)
    assert office.step(code, "pass_appraisal", "chi", seen_version=seen + 1, **APPRAISAL).version == seen + 2


def test_order_on_an_old_version_hears_of_an_edit_too(office_on_both: Any) -> None:
    office = office_on_both
    code = office.open()
    with office.store.write() as session:
        person = load_person(session, "an")
        origin = Origin(office.at, person.id, "test")
        projects.amend(session, code, {"partner": "Hội Nông dân"}, by=person, origin=origin)

    with office.refusing(
        f"Đề án {code} vừa được Nguyễn Văn An cập nhật (bước «Sửa hồ sơ», ngày 02/01/2024), "
        "nay ở giai đoạn «Nháp»; hãy mở lại đề án rồi làm tiếp.",
    ):
        office.step(code, "submit", "an", seen_version=1, **SUBMISSION)


# --- the doors beside ------------------------------------------------------------------------------------------


def test_approval_goes_through_its_decision_only(office_on_both: Any) -> None:
    code = office_on_both.bring(office_on_both.open(), Stage.CLEARED)

    with office_on_both.refusing(
        "Phê duyệt được ghi theo quyết định; hãy dùng dean approve --decision … (một hoặc nhiều đề án).",
    ):
        office_on_both.step(code, "approve", "binh", number="980/QĐ-UBND", decided_on=office_on_both.today)


@pytest.mark.parametrize(
    ("by", "changes", "reason"),
    [
        (
            "chi",
            {},
            "Lãnh đạo Sở không lập đề án; cần: Cán bộ đơn vị thực hiện, Điều phối viên của Sở (đang hoạt động).",
        ),
        ("yen", {}, "Phạm Thị Yến chỉ làm việc với đề án của đơn vị mình; đề án này thuộc đơn vị khác."),
        ("an", {"programme": "KC-XX"}, "Không có chương trình «KC-XX»; hãy xem dean programme list."),
        (
            "an",
            {"content": 9},
            "Chương trình KC-VL-2021-2025 không có nội dung 9; các nội dung: 1, 2, 3, 4, 5, 6, 7, 8.",
        ),
        (
            "an",
            {"targets": {"T9_9": 1}},
            "Chương trình KC-VL-2021-2025 không có chỉ tiêu T9_9 (dean programme status).",
        ),
        (
            "an",
            {"plan_year": 2026},
            "Năm kế hoạch 2026 nằm ngoài chương trình KC-VL-2021-2025 (2021–2025); "
            "hãy chọn năm hoặc chương trình khác.",
        ),
        (
            "an",
            {"amounts": {Source.NATIONAL_FUND: 1}},
            "Đề án khuyến công địa phương chỉ dùng nguồn KC địa phương và đối ứng; hãy bỏ nguồn kia.",
        ),
        ("an", {"unit": "khac"}, "Không có đơn vị thực hiện «khac»; hãy xem dean unit list."),
        ("an", {"place": "khac"}, "Không có đơn vị hành chính «khac»; hãy xem dean place list."),
        ("an", {"beneficiaries": (2**63,)}, f"Không có đơn vị thụ hưởng số {2**63} (dean beneficiary list)."),
        (
            "an",
            {"starts_on": date(2024, 5, 2), "ends_on": date(2024, 5, 1)},
            "Ngày bắt đầu sau ngày kết thúc; hãy kiểm tra hai ngày.",
        ),
    ],
)
def test_draft_that_cannot_be_is_not_opened(office_on_both: Any, by: str, changes: dict[str, Any], reason: str) -> None:
    with office_on_both.refusing(reason):
        office_on_both.open(by, **changes)


def test_route_decides_which_fund_pays(office_on_both: Any) -> None:
    code = office_on_both.open(route=Route.NATIONAL)

    facts = office_on_both.facts(code)

    assert (facts.fund, facts.amount(MoneyKind.ASKED)) == (Source.NATIONAL_FUND, 300 * TRIEU)
