"""One đề án in the browser: where it stands, what can be done next, and everything that is known of it."""

from datetime import timedelta
from typing import Any

from states.facts import Asked
from states.steps import STEPS
from states.vocabulary import Paper, Source, Stage
from tests.web.reading import Page, read

TRIEU = 1_000_000


def page_of(web: Any, code: str, by: str = "binh", path: str = "") -> Page:
    answer = web.by(by).get(f"/projects/{code}{path}")
    assert answer.status_code == 200, read(answer.text).text
    return read(answer.text)


def table(page: Page, head: str) -> list[list[str]]:
    return next(rows for rows in page.tables if rows[0][0] == head)


def test_track_shows_each_milestone_with_its_day(web: Any) -> None:
    code = web.office.bring(web.office.open(), "contracted")

    text = page_of(web, code).text

    assert "Đã đề xuất 03/01/2024 Đã thẩm định 05/01/2024 Đã phê duyệt 08/01/2024 Thực hiện chưa tới" in text


def test_step_taken_back_is_no_milestone(web: Any) -> None:
    code = web.office.bring(web.office.open(), "appraised")
    web.office.step(code, "revert", "chau", number="1", note="Ghi nhầm")

    assert "Đã đề xuất 03/01/2024 Thẩm định chưa tới" in page_of(web, code).text


def test_buttons_are_the_open_steps_and_the_table_says_why_not(web: Any) -> None:
    code = web.office.bring(web.office.open(), "submitted")

    coordinator, author = page_of(web, code), page_of(web, code, "an")

    assert coordinator.links["Bắt đầu thẩm định"] == f"/projects/{code}/steps/start_appraisal"
    assert "Bắt đầu thẩm định" not in author.links
    assert author.links["Rút hồ sơ"] == f"/projects/{code}/steps/withdraw"
    [row] = [row for row in table(author, "Bước") if row[0].startswith("Bắt đầu thẩm định")]
    assert "Cán bộ đơn vị thực hiện không được ghi bước «Bắt đầu thẩm định»; cần: Điều phối viên của Sở." in row[1]
    assert row[2] == "Trần Thị Bình (binh), Đỗ Xuân Bách (bach)"


def test_every_step_is_explained_on_every_page(web: Any) -> None:
    """Buttons, reasons and the steps of other stages together are the whole lifecycle."""
    code = web.office.bring(web.office.open(), "underway")

    page = page_of(web, code, "chi")

    text = page.text
    assert [step.label for step in STEPS if step.label not in text] == []


def test_approval_button_leads_to_the_list(web: Any) -> None:
    code = web.office.bring(web.office.open(), "cleared")

    assert page_of(web, code).links["Phê duyệt trong kế hoạch"] == f"/approvals?code={code}"


def test_money_runs_down_per_source(web: Any) -> None:
    code = web.office.bring(web.office.open(), "accepted")

    rows = {row[0]: row[1:] for row in table(page_of(web, code), "Dòng tiền")}

    assert rows["Dòng tiền"] == ["KC địa phương", "Biểu đồ", "Đối ứng", "Biểu đồ", "Tổng"]
    assert rows["Nghiệm thu"] == ["300.000.000", "", "350.000.000", "", "650.000.000"]
    assert rows["Còn chưa quyết toán, chưa hủy"] == ["300.000.000", "", "350.000.000", "", "650.000.000"]
    assert "Đã nghiệm thu, còn phải thanh toán, KC địa phương: 300.000.000 đồng" in page_of(web, code).text


def test_deadline_leads_to_its_proof_day_by_day(web: Any) -> None:
    code = web.office.submitted_in_2026()

    page = page_of(web, code)
    proof = page_of(web, code, path="/deadlines/D-CHECK")

    assert f"/projects/{code}/deadlines/D-CHECK" in page.addresses
    days = table(proof, "Ngày")
    assert days[1][:4] == ["03/03/2026", "Thứ Ba", "bỏ qua", "Ngày bắt đầu, không tính"]
    assert [row[2] for row in days[2:]] == ["1", "2", "3", "bỏ qua", "bỏ qua", "4", "5"]
    assert days[-1][0] == "10/03/2026"
    assert "Nộp hồ sơ" in proof.text


def test_adjustment_request_shows_old_and_new_and_who_decides(web: Any) -> None:
    code = web.office.bring(web.office.open(), "underway")
    web.office.ask(code, Asked(amounts={Source.LOCAL_FUND: 250 * TRIEU}, columns={"partner": "Hội Nghề"}))

    page = page_of(web, code)

    rows = next(rows for rows in page.tables if rows[0][:2] == ["Nội dung", "Đang ghi"])
    assert rows[1:] == [
        ["KC địa phương (đồng)", "300.000.000", "250.000.000", "–"],
        ["Đơn vị phối hợp", "–", "Hội Nghề", "–"],
    ]
    assert "UBND tỉnh (QĐ 3082/QĐ-UBND mục VI.11)" in page.text
    assert "số 21/SCT" in page.text


def test_duplicate_support_is_flagged(web: Any) -> None:
    first = web.office.bring(web.office.open(equipment="Máy đóng gói"), "approved")
    second = web.office.bring(web.office.open(equipment="Máy đóng gói"), "submitted")

    page = page_of(web, second)

    assert "Cần đối chiếu để tránh trùng hỗ trợ" in page.text
    assert page.links[f"Mở {first}"] == f"/projects/{first}"


def test_history_tells_every_event_with_its_hash_and_both_axes(web: Any) -> None:
    office = web.office
    code = office.bring(office.open(), "approved")
    with office.store.read() as session:
        from models.queries import history

        hashes = [event["hash"] for event in history(session, code)]

    whole = page_of(web, code, path="/history")
    then = page_of(web, code, path="/history?as_of=04/01/2024")
    known = page_of(web, code, path="/history?known_on=2024-01-05")

    assert [mark for mark in hashes if mark not in whole.text] == []
    assert "Như đã quyết định đến 04/01/2024" in then.text
    assert "Sở Công Thương đang thẩm định Đã đề xuất, phiên bản 3" in then.text
    assert "Phê duyệt trong kế hoạch" not in then.text
    assert "Đạt thẩm định ở Sở Đã thẩm định, phiên bản 4" in known.text


def test_history_of_a_day_before_the_project_says_so(web: Any) -> None:
    code = web.office.bring(web.office.open(), "submitted")

    answer = web.by("binh").get(f"/projects/{code}/history?known_on=01/01/2020")

    assert answer.status_code == 400
    assert f"Đến ngày 01/01/2020 chưa có đề án {code} trong sổ; hãy chọn một ngày muộn hơn." in read(answer.text).text


def test_contract_of_the_project_is_linked(web: Any) -> None:
    code = web.office.bring(web.office.open(), "contracted")
    with web.office.store.read() as session:
        from models.loading import load_project

        contract = load_project(session, code).contract_id

    assert page_of(web, code).links[f"Hợp đồng {code}/HĐ"] == f"/contracts/{contract}"


# --- words between colleagues --------------------------------------------------------------------------


def test_remark_stands_on_the_page_until_its_author_takes_it_back(web: Any) -> None:
    code = web.office.bring(web.office.open(), "submitted")
    path = f"/projects/{code}/comments"

    web.by("binh").post(path, data={"words": "Nhờ @chi xem dự toán\r\nvà @bach"})
    seen = web.by("chi").get(f"/projects/{code}").text
    [withdraw] = [form.action for form in page_of(web, code).forms if form.action.startswith(f"{path}/")]
    by_another = web.by("chi").post(withdraw)
    by_author = web.by("binh").post(withdraw)

    assert '<b class="mention">@chi</b> xem dự toán\nvà <b class="mention">@bach</b>' in seen
    assert [form.action for form in read(seen).forms if form.action.startswith(f"{path}/")] == []
    assert (by_another.status_code, by_author.status_code) == (409, 303)
    assert "Nhờ" not in page_of(web, code).text


def test_remark_that_mentions_nobody_known_is_refused_and_kept(web: Any) -> None:
    code = web.office.bring(web.office.open(), "submitted")

    answer = web.by("binh").post(f"/projects/{code}/comments", data={"words": "Nhờ @aido xem"})

    page = read(answer.text)
    assert answer.status_code == 409
    assert "Không có người dùng «aido»; hãy kiểm tra tên sau dấu @." in page.text
    assert page.form(f"/projects/{code}/comments").fields["words"] == ["Nhờ @aido xem"]


def test_remark_offers_only_people_who_may_see_the_project(web: Any) -> None:
    code = web.office.bring(web.office.open(), "submitted")

    text = page_of(web, code).text

    assert [who for who in ("@an", "@binh", "@chi", "@dung", "@yen", "@hanh") if who not in text.split()] == [
        "@yen",
        "@hanh",
    ]


# --- English and width ---------------------------------------------------------------------------------


def test_page_speaks_english_where_it_can(web: Any) -> None:
    code = web.office.bring(web.office.open(), "underway")
    browser = web.by("chi")
    browser.post("/language", data={"language": "en"})

    text = read(browser.get(f"/projects/{code}").text).text

    assert "Next step" in text
    assert "Suspension" in text
    assert "Bước tiếp theo" not in text


def test_page_is_light(web: Any) -> None:
    import gzip

    office = web.office
    code = office.bring(office.open(), "settling")
    office.at += timedelta(days=1)

    html = web.by("chi").get(f"/projects/{code}").text

    assert len(gzip.compress(html.encode())) < 20_000


# --- new, edited, copied -------------------------------------------------------------------------------

WRITTEN = {
    "name": "Hỗ trợ dây chuyền sấy bưởi",
    "route": "local",
    "plan_year": "2024",
    "content": "2",
    "activity": "machinery",
    "kind": "ordinary",
    "equipment": "Máy sấy lạnh",
    "place": "vl-x-my-hoa",
    "partner": "Hội Làm vườn",
    "objectives": "Tăng sản lượng\r\nGiảm hao hụt",
    "scope": "Một dây chuyền",
    "starts_on": "01/03/2024",
    "ends_on": "30/11/2024",
    "total_cost": "650 triệu",
    "expected_jobs": "12",
    "expected_revenue": "1,5 tỷ",
    "expected_effect": "Thêm việc làm",
    "priorities": "Địa bàn khó khăn\r\nPhụ nữ làm chủ",
    "amount_fund": "300.000.000",
    "amount_counterpart": "350tr",
    "target_T2_2": "1",
}


def test_new_project_is_written_with_all_its_fields_and_a_new_beneficiary(web: Any) -> None:
    browser = web.by("an")
    form = read(browser.get("/projects/new?programme=KC-VL-2021-2025").text).form("/projects/new")
    fresh = {"new_beneficiary": "Hợp tác xã Bưởi Năm Roi", "new_kind": "cooperative", "new_tax_code": "1500998877"}

    answer = browser.post(
        "/projects/new",
        data=form.filled(**WRITTEN, **fresh, new_women_owned="1", beneficiary=[str(web.office.beneficiary)]),
    )

    assert answer.status_code == 303, read(answer.text).text
    code = answer.headers["location"].rpartition("/")[2]
    with web.office.store.read() as session:
        from models.queries import show_project

        sheet = show_project(session, code)
    assert {name: sheet[name] for name in ("name", "equipment", "partner", "objectives", "expected_effect")} == {
        "name": "Hỗ trợ dây chuyền sấy bưởi",
        "equipment": "Máy sấy lạnh",
        "partner": "Hội Làm vườn",
        "objectives": "Tăng sản lượng\nGiảm hao hụt",
        "expected_effect": "Thêm việc làm",
    }
    assert (sheet["starts_on"], sheet["ends_on"], sheet["total_cost"]) == ("2024-03-01", "2024-11-30", 650 * TRIEU)
    assert (sheet["expected_jobs"], sheet["expected_revenue"]) == (12, 1500 * TRIEU)
    assert sheet["priorities"] == ["Địa bàn khó khăn", "Phụ nữ làm chủ"]
    assert (sheet["unit"]["code"], sheet["place"]["code"], sheet["author"]["code"]) == ("ttkc", "vl-x-my-hoa", "an")
    assert [row["name"] for row in sheet["beneficiaries"]] == ["Cơ sở Tàu hủ ky Mỹ Hòa", "Hợp tác xã Bưởi Năm Roi"]
    assert [(row["source"], row["asked"]) for row in sheet["funding"]] == [
        ("local_fund", 300 * TRIEU),
        ("counterpart", 350 * TRIEU),
    ]
    assert [(row["code"], row["planned"]) for row in sheet["targets"]] == [("T2_2", 1)]


def test_beneficiary_is_found_on_the_form_without_losing_what_was_typed(web: Any) -> None:
    browser = web.by("an")

    found = browser.post(
        "/projects/new",
        data=WRITTEN | {"programme": "KC-VL-2021-2025", "find_beneficiary": "tau hu ky", "find": "1"},
    )

    form = read(found.text).form("/projects/new")
    assert found.status_code == 200
    assert "Cơ sở Tàu hủ ky Mỹ Hòa" in found.text
    assert form.fields["beneficiary"] == []
    assert {name: form.fields[name] for name in ("name", "total_cost", "target_T2_2", "activity")} == {
        "name": ["Hỗ trợ dây chuyền sấy bưởi"],
        "total_cost": ["650 triệu"],
        "target_T2_2": ["1"],
        "activity": ["machinery"],
    }


def test_new_project_that_cannot_be_is_refused_and_leaves_nothing(web: Any) -> None:
    browser, before = web.by("an"), web.office.everything()
    wrong = {"plan_year": "2031", "new_beneficiary": "Cơ sở tàu hủ ky mỹ hòa", "ends_on": "01/01/2024"}

    answer = browser.post("/projects/new", data=WRITTEN | {"programme": "KC-VL-2021-2025"} | wrong)
    year = browser.post(
        "/projects/new", data=WRITTEN | {"programme": "KC-VL-2021-2025", "plan_year": "2031", "ends_on": "01/01/2024"}
    )
    empty = browser.post("/projects/new", data={"programme": "KC-VL-2021-2025", "name": " "})

    assert [one.status_code for one in (answer, year, empty)] == [409, 409, 409]
    assert 'href="#field-new_beneficiary">Tên gần giống đơn vị đã có' in answer.text
    assert 'href="#field-plan_year">Năm kế hoạch 2031 nằm ngoài chương trình' in year.text
    assert 'href="#field-ends_on">Ngày bắt đầu sau ngày kết thúc' in year.text
    for field in ("name", "route", "content", "plan_year", "activity"):
        assert f'href="#field-{field}"' in empty.text
    after = web.office.everything()
    assert {name for name in after if after[name] != before[name]} <= {"web_session"}


def test_coordinator_chooses_the_unit_and_an_auditor_writes_nothing(web: Any) -> None:
    form = read(web.by("binh").get("/projects/new?programme=KC-VL-2021-2025").text).form("/projects/new")

    answer = web.by("binh").post("/projects/new", data=form.filled(**WRITTEN, unit="hoi"))

    assert {"ttkc", "hoi"} <= set(form.options["unit"])
    assert answer.status_code == 303
    assert web.by("em").get("/projects/new").status_code == 403
    assert web.by("em").post("/projects/new", data=WRITTEN).status_code == 403


def test_edit_changes_only_what_was_changed(web: Any) -> None:
    code = web.office.open()
    browser, path = web.by("an"), f"/projects/{code}/edit"
    form = read(browser.get(path).text).form(path)

    same = browser.post(path, data=form.filled())
    changed = browser.post(path, data=form.filled(partner="Hội Nghề", target_T2_2="2", total_cost=""))

    assert same.status_code == 409
    assert "Không có gì thay đổi so với dữ liệu đang ghi." in read(same.text).text
    assert changed.status_code == 303
    events = page_of(web, code, path="/history").text
    assert "Đơn vị phối hợp – → Hội Nghề" in events
    assert "Tổng kinh phí 650.000.000 → 0" in events
    assert "Chỉ tiêu T2_2=1 → T2_2=2" in events
    assert "Mục tiêu" not in events


def test_correction_after_the_submission_needs_a_reason_and_an_officer(web: Any) -> None:
    code = web.office.bring(web.office.open(), "submitted")
    path = f"/projects/{code}/edit"
    forms = {who: read(web.by(who).get(path).text).form(path) for who in ("an", "binh")}

    by_author = web.by("an").post(path, data=forms["an"].filled(name="Tên khác", note="Gõ nhầm"))
    silent = web.by("binh").post(path, data=forms["binh"].filled(name="Tên khác"))
    told = web.by("binh").post(path, data=forms["binh"].filled(name="Tên khác", note="Gõ nhầm"))

    assert [answer.status_code for answer in (by_author, silent, told)] == [409, 409, 303]
    assert 'href="#field-note">Phải ghi lý do sửa.' in silent.text
    assert read(silent.text).form(path).fields["name"] == ["Tên khác"]
    assert "Sửa sai sót" in page_of(web, code, path="/history").text


def test_refused_project_is_copied_into_a_draft_by_its_author(web: Any) -> None:
    office = web.office
    code = office.bring(office.open(), "appraising")
    office.step(code, "fail_appraisal", "chi", number="1/BB", signer="Lê Minh Chi", note="Chưa rõ hiệu quả")
    browser, path = web.by("an"), f"/projects/{code}/copy"

    assert page_of(web, code, "an").links["Sao thành bản nháp mới"] == path
    wrong = browser.post(path, data={"plan_year": "2031"})
    answer = browser.post(path, data={"plan_year": "2025"})

    assert wrong.status_code == 409
    assert 'href="#field-plan_year">' in wrong.text
    assert answer.headers["location"] == "/projects/KC-VL-2025-001"
    assert office.stage("KC-VL-2025-001") is Stage.DRAFT
    assert web.by("yen").post(path, data={"plan_year": "2025"}).status_code == 404


def test_running_project_offers_no_copy(web: Any) -> None:
    code = web.office.bring(web.office.open(), "underway")

    answer = web.by("an").post(f"/projects/{code}/copy", data={"plan_year": "2025"})

    assert "Sao thành bản nháp mới" not in page_of(web, code, "an").links
    assert answer.status_code == 409
    assert web.office.stage(code) is Stage.UNDERWAY


# --- a whole life --------------------------------------------------------------------------------------


def test_small_life_runs_through_forms_from_draft_to_settlement(web: Any) -> None:
    """A workshop's machine, by the people of the office, each at the own browser; the approval stands on its list."""
    office = web.office

    def send(by: str, path: str, **typed: Any) -> str:
        office.at += timedelta(days=1)
        browser = web.by(by)
        form = read(browser.get(path).text).form(path.partition("?")[0])
        answer = browser.post(form.action, data=form.filled(**typed))
        assert answer.status_code == 303, (path, read(answer.text).text)
        return str(answer.headers["location"]).rpartition("/")[2]

    new = "/projects/new?programme=KC-VL-2021-2025"
    code = send("an", new, **WRITTEN, beneficiary=[str(office.beneficiary)])
    road: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("submit", "an", {"number": "1/TTKC", "has_paper_dossier": "1", "has_paper_support_request": "1"}),
        ("return", "binh", {"number": "2/SCT", "note": "Thiếu ảnh", "missing": "Ảnh nhà xưởng"}),
        ("resubmit", "an", {"has_item_1": "1"}),
        ("start_appraisal", "binh", {"number": "3/SCT"}),
        ("pass_appraisal", "chi", {"number": "4/BB", "signer": "Lê Minh Chi", "amount_local_fund": "290tr"}),
        ("send_to_finance", "binh", {"number": "5/TTr", "signer": "Lê Minh Chi", "has_paper_estimate": "1"}),
        ("pass_review", "binh", {"number": "6/STC", "signer": "Hồ Văn Khoa", "decided_on": "TODAY"}),
        ("approve", "binh", {}),
        ("sign_contract", "chi", {"number": "7/HĐ", "signer": "Lê Minh Chi", "decided_on": "TODAY"}),
        ("start", "an", {"number": "8/KH"}),
        ("report_completion", "an", {"number": "9/BC", "has_paper_vouchers": "1"}),
        ("accept", "chi", {"number": "10/BBNT", "signer": "Lê Minh Chi", "cost": "560tr"}),
        ("pay", "dung", {"number": "11/UNC"}),
        ("submit_settlement", "an", {"number": "12/ĐNTT"}),
        ("settle", "dung", {"number": "13/TL", "signer": "Lê Minh Chi"}),
    )
    for action, by, typed in road:
        if action == "approve":
            office.approve(code, total=290 * TRIEU)
            continue
        today = f"{(office.at + timedelta(days=1)).date():%d/%m/%Y}"
        send(by, f"/projects/{code}/steps/{action}", **{k: today if v == "TODAY" else v for k, v in typed.items()})

    assert office.stage(code) is Stage.SETTLED
    assert office.waterfall(code)["settled"] == 280
    assert office.waterfall(code)["released"] == 10
    assert Paper.VOUCHERS in office.facts(code).papers
    assert "Đã quyết toán" in page_of(web, code).text
    office.prove()
