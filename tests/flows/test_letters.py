"""Official papers from the register: amounts and names are the ledger's, what is missing is told, nothing is kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from docx import Document

from flows.jobs.papers.letters.kinds import LETTER_KINDS
from flows.jobs.papers.letters.making import PaperForm, possible
from models.loading import load_person
from models.queries.letterheads import party_a
from models.queries.places import shipped_gazetteer
from states.facts import Asked
from states.refusal import Refused
from states.vocabulary import Authority, Route, Source, Stage
from tests.flows.clerks import Clerk, words

PROGRAMME = "KC-VL-2021-2025"
TRIEU = 1_000_000
FUND = Source.LOCAL_FUND


# --- the list and its decision ------------------------------------------------------------------------


def test_a_decision_lists_every_project_with_figures_and_words_that_add_up(office: Any, clerk: Clerk) -> None:
    codes = [office.bring(office.open(equipment=f"Máy {n}"), Stage.CLEARED) for n in range(3)]

    values = clerk.values("approval_decision", "2024/local")

    assert [row["code"] for row in values["projects"]] == codes
    assert {row["support"] for row in values["projects"]} == {"300.000.000"}
    assert values["total"]["projects"] == "3"
    assert values["total"]["support"] == "900.000.000"
    assert values["total"]["support_words"] == "Chín trăm triệu đồng"
    assert values["number"].split() == ["Số:", "/QĐ-UBND"]
    assert values["signing"] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
    assert values["authority"] == "ỦY BAN NHÂN DÂN TỈNH VĨNH LONG"


@pytest.mark.parametrize("form", PaperForm)
def test_each_form_shows_the_whole_annex(form: PaperForm, office: Any, clerk: Clerk) -> None:
    codes = [office.bring(office.open(equipment=f"Máy {n}"), Stage.CLEARED) for n in range(12)]

    file = clerk.file("approval_decision", "2024/local", form)

    told = words(file)
    assert [code for code in codes if code not in told] == []
    assert "3.600.000.000" in told
    assert "Batỷsáutrămtriệuđồng" in told
    assert file.name == f"approval-decision_2024-local_{office.today:%Y%m%d}{_ending(form)}"


def _ending(form: PaperForm) -> str:
    return {PaperForm.DOCX: ".docx", PaperForm.PDF: ".pdf", PaperForm.PDF_A: "_PDFA.pdf"}[form]


def test_a_decision_on_record_is_written_with_its_own_amounts_and_the_names_of_its_day(
    office: Any, clerk: Clerk
) -> None:
    code = office.bring(office.open(), Stage.CLEARED)
    office.approve(code, total=300 * TRIEU)
    office.at = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)

    values = clerk.values("approval_decision", "980/QĐ-UBND")

    assert values["total"]["support"] == "300.000.000"
    # Decree 235/2025 came later than the decision of 2024.
    assert [ground for ground in values["grounds"] if "235/2025" in ground] == []


def test_a_proposal_goes_to_finance_before_its_appraisal_and_to_the_province_after_it(
    office: Any, clerk: Clerk
) -> None:
    appraised = office.bring(office.open(), Stage.APPRAISED)
    cleared = office.bring(office.open(equipment="Máy khác"), Stage.CLEARED)

    before, after = clerk.values("proposal_letter", appraised), clerk.values("proposal_letter", cleared)

    assert (before["addressee"], before["purpose"]) == ("Sở Tài chính tỉnh Vĩnh Long", "thẩm định kinh phí")
    assert (after["addressee"], after["purpose"]) == ("Ủy ban nhân dân tỉnh Vĩnh Long", "phê duyệt")


def test_an_empty_list_says_what_to_do(clerk: Clerk) -> None:
    assert clerk.refused("approval_decision", "2024/local") == (
        "Năm 2024 chưa có đề án khuyến công địa phương nào đạt thẩm định, chờ phê duyệt; hãy ghi kết quả thẩm định của "
        "các đề án trước, rồi soạn danh mục."
    )


# --- the dossier --------------------------------------------------------------------------------------


def test_a_supplement_note_lists_what_is_missing_and_until_when(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), Stage.SUBMITTED)
    office.step(code, "return", "binh", number="27/SCT", note="Thiếu", missing=("dự toán", "bản vẽ"))

    values = clerk.values("supplement_note", code)

    assert values["missing"] == ["dự toán", "bản vẽ"]
    assert values["due"].startswith("đến hết ngày ")
    assert values["addressee"] == values["project"]["unit"]


def test_no_supplement_is_asked_of_a_project_that_has_ended(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), Stage.SUBMITTED)
    office.step(code, "return", "binh", number="27/SCT", note="Thiếu", missing=("dự toán",))
    office.at += timedelta(days=90)
    office.step(code, "lapse", "binh", note="Quá hạn bổ sung")

    assert clerk.refused("supplement_note", code).startswith(f"Đề án {code} đã kết thúc («")


def test_minutes_of_an_appraisal_show_what_was_asked_and_leave_the_result_open(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), "appraising")

    project = clerk.values("appraisal_minutes", code)["project"]

    assert (project["asked"], project["asked_words"]) == ("300.000.000", "Ba trăm triệu đồng")
    assert (project["appraised"], project["appraised_words"]) == ("…", "…")
    assert project["counterpart"] == "350.000.000"


def test_a_reminder_asks_the_unit_only_for_its_own_work(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), Stage.UNDERWAY)
    office.ask(code, Asked(amounts={FUND: 250 * TRIEU}))

    values = clerk.values("reminder_letter", code)

    # The department's answer to the request runs as well, and is no business of the unit.
    assert [(row["label"][:10], row["basis"]) for row in values["deadlines"]] == [
        ("Khối lượng", "Luật NSNN 83/2015/QH13 Điều 64")
    ]
    assert values["doubts"] == []


def test_a_reminder_about_the_departments_own_work_is_refused(office: Any, clerk: Clerk) -> None:
    code = office.submitted_in_2026()

    assert clerk.refused("reminder_letter", code) == (
        f"Các hạn đang chạy của đề án {code} không phải việc của Trung tâm Khuyến công: «Kiểm tra thành phần hồ sơ»; "
        "hãy nhắc người đang giữ việc trong hệ thống, không gửi công văn này."
    )


def test_a_limit_of_the_office_is_told_to_the_writer_and_not_cited_in_the_letter(office: Any, clerk: Clerk) -> None:
    code = office.submitted_in_2026()
    office.step(code, "return", "binh", number="27/SCT", note="Thiếu", missing=("dự toán",))

    file = clerk.file("reminder_letter", code, PaperForm.DOCX)

    [row] = clerk.values("reminder_letter", code)["deadlines"]
    assert (row["label"], row["basis"]) == ("Bổ sung hồ sơ", "")
    assert file.doubts == ("Hạn nội bộ, không có căn cứ pháp luật: Bổ sung hồ sơ.",)
    assert [mark for mark in ("nộibộ", "chưakiểmchứng", "()") if mark in words(file)] == []


def test_which_form_a_paper_stands_for_is_told_and_not_printed(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), Stage.AWAITING_ACCEPTANCE)

    for form in (PaperForm.DOCX, PaperForm.PDF):
        file = clerk.file("acceptance_minutes", code, form)

        assert file.doubts[-1] == "Mẫu 5a: các mục theo cách làm của cơ quan, chưa kiểm chứng."
        assert "chưakiểmchứng" not in words(file)


@pytest.mark.parametrize(
    ("kind", "stage", "reason"),
    [
        ("supplement_note", "appraising", "chưa có nội dung nào phải bổ sung"),
        ("appraisal_minutes", "submitted", "chưa vào thẩm định"),
        ("proposal_letter", "submitted", "chưa trình được"),
        ("approval_decision", "appraised", "chưa chờ phê duyệt"),
        ("contract", "cleared", "không ở bước ký hợp đồng"),
        ("acceptance_minutes", "underway", "chưa chờ nghiệm thu"),
        ("payment_request", "underway", "chưa được nghiệm thu"),
        ("liquidation_minutes", "approved", "chưa có hợp đồng"),
        ("liquidation_minutes", "underway", "còn đề án chưa nghiệm thu"),
        ("reminder_letter", "draft", "không có hạn nào đang chạy"),
    ],
)
def test_a_paper_too_early_is_refused_with_what_is_missing(
    kind: str, stage: str, reason: str, office: Any, clerk: Clerk
) -> None:
    code = office.bring(office.open(), stage)

    told = clerk.refused(kind, code)

    assert reason in told
    assert "; hãy " in told


# --- the contract -------------------------------------------------------------------------------------


def test_a_contract_leans_on_the_decision_and_names_its_parties(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), Stage.APPROVED)

    values = clerk.values("contract", code)

    assert values["grounds"][-1].startswith(f"Căn cứ Quyết định số {code}/QĐ ngày ")
    assert values["contract"]["number"] == "…"
    assert values["contract"]["party_a"] == "Sở Công Thương tỉnh Vĩnh Long"
    assert values["total"]["support_words"] == "Ba trăm triệu đồng"


def test_a_contract_over_several_is_written_by_its_number(office: Any, clerk: Clerk) -> None:
    first, second = (office.bring(office.open(equipment=name), Stage.APPROVED) for name in ("Máy A", "Máy B"))
    office.sign(first, second, number="06/HĐ", total=600 * TRIEU)

    values = clerk.values("contract", "06/HĐ")

    assert [row["code"] for row in values["projects"]] == [first, second]
    assert values["total"]["support"] == "600.000.000"
    assert values["contract"]["number"] == "06/HĐ"
    assert clerk.refused("liquidation_minutes", "06/HĐ").startswith("Hợp đồng 06/HĐ còn đề án chưa nghiệm thu")


def test_a_payment_request_asks_for_what_is_owed_and_then_for_nothing(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), Stage.ACCEPTED)

    values = clerk.values("payment_request", code)

    assert (values["total"]["accepted"], values["total"]["payable"]) == ("300.000.000", "300.000.000")
    assert values["issuer"]["name"] == values["projects"][0]["unit"]
    office.step(code, "pay", "dung", number="24/UNC", amounts={FUND: 300 * TRIEU})
    assert "không còn số phải thanh toán" in clerk.refused("payment_request", code)


def test_acceptance_minutes_show_targets_and_what_is_still_open(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), Stage.AWAITING_ACCEPTANCE)

    project = clerk.values("acceptance_minutes", code)["project"]

    [target] = project["targets"]
    assert (target["approved"], target["accepted"]) == ("1", "…")
    assert (project["contracted"], project["accepted"]) == ("300.000.000", "…")


def test_a_deputy_signs_for_the_head_where_the_office_says_so(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), Stage.CLEARED)

    assert clerk.values("proposal_letter", code)["signing"] == ["GIÁM ĐỐC"]
    assert clerk.values("proposal_letter", code, deputy=True)["signing"] == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]
    assert "KT.CHỦTỊCH" in words(clerk.file("approval_decision", code, PaperForm.DOCX, paper_deputy=True))


def test_a_signed_contract_is_written_again_on_the_law_and_the_names_of_its_day(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(place="vl-p-phuong-2"), Stage.CONTRACTED)
    office.at = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)

    values = clerk.values("contract", code)

    assert [ground for ground in values["grounds"] if "235/2025" in ground] == []
    assert values["projects"][0]["place"] == "phường 2, thành phố Vĩnh Long, tỉnh Vĩnh Long"
    later = clerk.values("appraisal_minutes", code)
    assert len([ground for ground in later["grounds"] if "235/2025" in ground]) == 1
    assert later["project"]["place"].endswith("(nay: phường Long Châu)")


def test_a_contract_names_the_body_that_signs_under_its_name_of_the_day(office: Any, clerk: Clerk) -> None:
    local, national = (office.bring(office.open(route=route), Stage.CONTRACTED) for route in Route)

    parties = [clerk.values("contract", code)["contract"]["party_a"] for code in (local, national)]

    assert parties == ["Sở Công Thương tỉnh Vĩnh Long", "Cục Công Thương địa phương"]
    office.bring(national, Stage.ACCEPTED)
    office.at = datetime(2025, 3, 1, 1, 0, tzinfo=UTC)
    renamed = "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"
    later = clerk.values("liquidation_minutes", national)["contract"]["party_a"]
    assert later == f"Cục Công Thương địa phương (nay: {renamed})"
    assert clerk.values("contract", national)["contract"]["party_a"] == "Cục Công Thương địa phương"
    # Contracts of earlier releases hold the label of the authority.
    kept = {"authority": "agency", "signed_on": "2025-03-01", "party_a": Authority.AGENCY.label}
    with office.store.read() as session:
        assert party_a(session, kept) == renamed
        assert party_a(session, kept | {"party_a": "Cục (ủy quyền)"}) == "Cục (ủy quyền)"


@pytest.mark.parametrize("route", Route)
def test_acceptance_is_signed_by_the_department_on_both_routes(route: Route, office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(route=route), Stage.AWAITING_ACCEPTANCE)

    told = words(clerk.file("acceptance_minutes", code, PaperForm.DOCX))

    assert "1.SởCôngThươngtỉnhVĩnhLong:Ông(bà)" in told
    assert "SỞCÔNGTHƯƠNG(Ký," in told
    assert "Cụcquảnlý" not in told


def test_a_letter_names_who_drafts_it_and_minutes_are_minutes(office: Any, clerk: Clerk) -> None:
    accepted = office.bring(office.open(), Stage.ACCEPTED)
    submitted = office.submitted_in_2026(equipment="Máy khác")
    office.step(submitted, "return", "binh", number="27/SCT", note="Thiếu", missing=("dự toán",))

    note = clerk.file("supplement_note", submitted, PaperForm.DOCX)
    without = clerk.file("supplement_note", submitted, PaperForm.PDF, paper_section="")

    assert "/SCT-QLCN" in words(note)
    assert "-Lưu:VT,QLCN." in words(note)
    assert ("/SCT-QLCN" in words(without), "-Lưu:VT." in words(without)) == (False, True)
    assert clerk.values("liquidation_minutes", accepted)["number"].split() == ["Số:", "/BB-SCT"]


@pytest.mark.parametrize(
    ("day", "law"),
    [
        ("2024-06-01", ["ngày 19 tháng 6 năm 2015", "ngày 22 tháng 11 năm 2019"]),
        ("2025-03-01", ["ngày 19 tháng 02 năm 2025"]),
        ("2025-06-15", ["ngày 19 tháng 02 năm 2025"]),
        ("2025-06-16", ["ngày 16 tháng 6 năm 2025"]),
    ],
)
def test_the_province_decides_on_the_law_of_the_day(day: str, law: list[str], office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), Stage.CLEARED)
    office.at = datetime.fromisoformat(f"{day}T02:00:00+00:00")

    values = clerk.values("approval_decision", code)

    councils = [ground for ground in values["grounds"] if "Luật Tổ chức chính quyền địa phương" in ground]
    assert [ground[ground.index("ngày ") :] for ground in councils] == law
    assert [doubt.partition(":")[0] for doubt in values["doubts"]] == ["Căn cứ chưa kiểm chứng"] * ("2025" in day)
    assert [ground for ground in values["grounds"] if "3082" in ground] == [
        "Căn cứ Quyết định số 3082/QĐ-UBND ngày 12 tháng 11 năm 2020 của Ủy ban nhân dân tỉnh Vĩnh Long về Chương "
        "trình khuyến công tỉnh Vĩnh Long giai đoạn 2021 - 2025"
    ]


def test_what_binds_the_minister_is_no_decision_of_the_province(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(route=Route.NATIONAL), Stage.CLEARED)
    office.at = datetime(2025, 5, 1, 2, tzinfo=UTC)

    values = clerk.values("approval_decision", code)

    assert [
        g for g in values["grounds"] if "UBND" in g or "Ủy ban nhân dân" in g or "chính quyền địa phương" in g
    ] == []
    assert values["grounds"][0].startswith("Căn cứ Nghị định số 40/2025/NĐ-CP ngày 26 tháng 02 năm 2025")
    assert values["archive"] == "VT, ĐCK"


@pytest.mark.parametrize(
    ("place", "day", "written"),
    [
        ("vl-p-phuong-2", "2024-06-01", "phường 2, thành phố Vĩnh Long, tỉnh Vĩnh Long"),
        ("vl-p-phuong-2", "2025-05-15", "phường 2, thành phố Vĩnh Long, tỉnh Vĩnh Long (nay: phường 1)"),
        ("vl-p-phuong-2", "2025-07-01", "phường 2, thành phố Vĩnh Long, tỉnh Vĩnh Long (nay: phường Long Châu)"),
        ("vl-p-cai-von", "2025-06-30", "phường Cái Vồn, thị xã Bình Minh, tỉnh Vĩnh Long"),
        ("vl-p-cai-von", "2025-07-01", "phường Cái Vồn, thị xã Bình Minh, tỉnh Vĩnh Long (nay: …)"),
        ("vlm-p-cai-von", "2025-05-15", None),
        ("vl", "2025-07-01", "tỉnh Vĩnh Long"),
        ("bt", "2025-07-01", "tỉnh Bến Tre (nay: tỉnh Vĩnh Long)"),
    ],
)
def test_a_place_is_written_as_the_day_of_the_paper_knew_it(place: str, day: str, written: str | None) -> None:
    places = shipped_gazetteer()
    [number] = [number for number, unit in places.units.items() if unit["code"] == place]

    assert places.on_paper(number, day) == written


# --- who, and what stays as it is ---------------------------------------------------------------------


def test_only_the_roles_of_the_step_write_its_paper_and_only_within_their_scope(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), Stage.ACCEPTED)

    assert clerk.values("payment_request", code, by="an")["projects"][0]["code"] == code
    assert "trong phạm vi xem" in clerk.refused("payment_request", code, by="yen")
    for outsider in ("hanh", "em", "giang"):
        with pytest.raises(Refused):
            clerk.values("payment_request", code, by=outsider)
    with clerk.office.store.read() as session:
        an, hanh = load_person(session, "an"), load_person(session, "hanh")
    assert [kind for kind, _ in possible(an, Stage.ACCEPTED)] == ["payment_request"]
    assert possible(hanh, Stage.ACCEPTED) == []


def test_a_contract_with_projects_out_of_sight_is_written_for_nobody_who_sees_a_part(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), Stage.ACCEPTED)

    with pytest.raises(Refused):
        clerk.values("payment_request", f"{code}/HĐ", by="yen")

    assert clerk.values("payment_request", f"{code}/HĐ", by="an")["total"]["projects"] == "1"


def test_making_papers_records_nothing(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), Stage.CLEARED)
    before = office.everything()

    for form in PaperForm:
        clerk.file("proposal_letter", code, form, by="binh")
        clerk.file("approval_decision", "2024/local", form, by="chi")

    assert office.everything() == before


def test_every_kind_has_its_words_and_its_rule() -> None:
    from documents.letters.kinds import LETTERS

    assert list(LETTERS) == list(LETTER_KINDS)


# --- templates of the office --------------------------------------------------------------------------


def _own(clerk: Clerk, kind: str, text: str) -> None:
    document = Document()
    document.add_paragraph(text)
    (clerk.home / "templates").mkdir(exist_ok=True)
    document.save(str(clerk.home / "templates" / f"{kind}.docx"))


def test_the_offices_own_template_wins_for_word_only(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), Stage.CLEARED)
    _own(clerk, "proposal_letter", "Mẫu của Sở: {{ total.support_words }}")

    assert words(clerk.file("proposal_letter", code, PaperForm.DOCX)) == "MẫucủaSở:Batrămtriệuđồng"
    assert "TỜTRÌNH" in words(clerk.file("proposal_letter", code, PaperForm.PDF))


def test_a_template_with_unknown_fields_is_refused_with_all_their_names(office: Any, clerk: Clerk) -> None:
    code = office.bring(office.open(), Stage.CLEARED)
    _own(clerk, "proposal_letter", "{{ tong }} {{ total.suport }}")

    with pytest.raises(Refused) as refused:
        clerk.file("proposal_letter", code, PaperForm.DOCX)

    assert refused.value.reasons[1:] == (
        "Không có trường «tong», ở đoạn «{{ tong }} {{ total.suport }}».",
        "Không có trường «total.suport», ở đoạn «{{ tong }} {{ total.suport }}».",
    )
