"""Kế hoạch năm: built, proposed, approved, adjusted and closed in the browser; forks tried, suggestions kept."""

from datetime import timedelta
from typing import Any

import pytest

from models.plan.forks import PLAN
from tests.web.reading import Page, read

TRIEU = 1_000_000
PLAN_2024 = "/plans/2024/local"
PDF = b"%PDF-1.7 quyet dinh"


def cleared(web: Any, number: int = 2, **more: Any) -> list[str]:
    """Projects of different workshops, so that none is held for support given twice."""
    office = web.office
    firms = [office.workshop(f"Xưởng {office.at:%j%H} {place}") for place in range(number)]
    return [office.bring(office.open(beneficiaries=(firm,), **more), "cleared") for firm in firms]


def send(web: Any, by: str, step: str, **typed: Any) -> Any:
    """Send the form of a step as it stands, with some fields typed anew, a day after the last step."""
    web.office.at += timedelta(days=1)
    browser, path = web.by(by), f"{PLAN_2024}/steps/{step}"
    sent = read(browser.get(path).text).form(path).filled(**{"do": "take"} | typed)
    return browser.post(path, data=sent)


def letter(web: Any, number: str, **more: Any) -> dict[str, str]:
    day = (web.office.today + timedelta(days=1)).strftime("%d/%m/%Y")
    return {"number": number, "decided_on": day, "signer": "Hồ Văn Khoa"} | more


def drafted(web: Any, number: int = 2, **more: Any) -> list[str]:
    codes = cleared(web, number, **more)
    assert send(web, "binh", "build").status_code == 303
    return codes


def appraised(web: Any, number: int = 2, **more: Any) -> list[str]:
    codes = drafted(web, number, **more)
    assert send(web, "binh", "propose", **letter(web, "50/TTr-SCT")).status_code == 303
    assert send(web, "bach", "appraise", **letter(web, "60/STC")).status_code == 303
    return codes


def approved(web: Any, number: int = 2, **more: Any) -> list[str]:
    codes = appraised(web, number, **more)
    total = f"{300 * number} triệu"
    assert send(web, "binh", "approve", **letter(web, "980/QĐ-UBND", total=total)).status_code == 303
    return codes


def look(web: Any, by: str = "binh", path: str = PLAN_2024) -> Page:
    answer = web.by(by).get(path)
    assert answer.status_code == 200, answer.text
    return read(answer.text)


# --- the list of years, and one plan ------------------------------------------------------------------


def test_years_stand_beside_routes_with_what_became_of_each(web: Any) -> None:
    drafted(web)

    page = look(web, path="/plans")

    [row] = [row for table in page.tables for row in table if row and row[0] == "2024"]
    assert row[1].startswith("Đang lập")
    assert "2 đề án · hỗ trợ 600 triệu đồng" in row[1]
    assert row[2].startswith("Chưa lập; xem ứng viên")


def test_years_tell_outsiders_no_sums(web: Any) -> None:
    drafted(web)

    for outsider in ("hanh", "yen"):
        page = look(web, outsider, "/plans")

        assert "Đang lập" in page.text
        assert "600" not in page.text
        assert "2 đề án" not in page.text


def test_candidates_are_shown_before_there_is_a_plan(web: Any) -> None:
    [ready] = cleared(web, 1)
    blocked = web.office.bring(web.office.open(beneficiaries=(web.office.workshop("Khác"),)), "submitted")

    page = look(web)

    assert "Chưa lập kế hoạch: đây là ứng viên theo số liệu lúc này." in page.text
    assert f"/projects/{ready}" in page.addresses
    assert "Chưa vào kế hoạch: 1 đề án" in page.text
    [row] = [row for table in page.tables for row in table if row and row[0].startswith(blocked)]
    assert "chưa thẩm định; hãy thẩm định ở Sở trước" in row[1]


def test_plan_has_the_columns_of_the_annex_with_sums_by_content(web: Any) -> None:
    drafted(web)
    cleared(web, 1, content=3, activity="trademark", targets={"T3_4": 1})
    send(web, "binh", "build")

    [annex] = [table for table in look(web).tables if table[0][0] == "STT"]

    assert annex[0][1:] == [
        *("Tên đề án", "Đơn vị thụ hưởng Đơn vị thực hiện", "Địa điểm", "Thời gian", "Tổng kinh phí"),
        *("KC quốc gia", "KC địa phương", "Đối ứng", "Ưu tiên", "Ghi chú"),
    ]
    groups = [row[1:5] for row in annex if row[0].startswith("Nội dung")]
    assert groups == [["1.300", "0", "600", "700"], ["650", "0", "300", "350"]]
    assert annex[-1][:5] == ["Cộng 3 đề án", "1.950", "0", "900", "1.050"]


def test_reader_with_a_scope_sees_the_own_lines_and_no_sum_of_others(web: Any) -> None:
    firm = web.office.workshop("Cơ sở của hội")
    mine = web.office.open(by="yen", unit="hoi", beneficiaries=(firm,))
    web.office.step(mine, "submit", "yen", number="01/HDN", papers=("dossier", "support_request"))
    web.office.bring(mine, "cleared")
    [other] = drafted(web, 1)

    for path in (PLAN_2024, f"{PLAN_2024}?now=1", f"{PLAN_2024}?version=1", f"{PLAN_2024}/ranking"):
        page = look(web, "yen", path)

        assert f"/projects/{mine}" in page.addresses
        assert other not in page.text
        assert "1.300" not in page.text
    assert "Chỉ gồm đề án trong phạm vi xem của Phạm Thị Yến" in look(web, "yen").text


def test_commune_viewer_sees_nothing_of_other_places(web: Any) -> None:
    [other] = drafted(web, 1)

    for path in (PLAN_2024, f"{PLAN_2024}?now=1", f"{PLAN_2024}/ranking"):
        page = look(web, "hanh", path)

        assert other not in page.text
        assert "650" not in page.text


@pytest.mark.parametrize("sub", ["/forks", "/suggest", "/fork?name=A", "/compare?right=A", "/steps/build", "/versions"])
@pytest.mark.parametrize("outsider", ["hanh", "yen"])
def test_forks_and_suggestions_are_for_those_who_see_everything(web: Any, sub: str, outsider: str) -> None:
    drafted(web, 1)

    assert web.by(outsider).get(f"{PLAN_2024}{sub}").status_code == 403


@pytest.mark.parametrize("outsider", ["hanh", "yen"])
def test_pages_and_interface_hide_the_history_of_a_plan_alike(web: Any, outsider: str) -> None:
    drafted(web, 1)
    browser = web.by(outsider)

    answers = [browser.get(path).status_code for path in (f"{PLAN_2024}/versions", f"/api/v1{PLAN_2024}/history")]

    assert answers == [403, 403]
    assert "/versions" not in browser.get(PLAN_2024).text


@pytest.mark.parametrize("by", ["dung", "em", "giang"])
def test_those_who_do_not_plan_get_no_form_of_a_step(web: Any, by: str) -> None:
    drafted(web, 1)

    assert web.by(by).get(f"{PLAN_2024}/steps/propose").status_code == 403
    assert web.by(by).post(f"{PLAN_2024}/steps/propose", data={"seen": "1"}).status_code == 403
    assert f"{PLAN_2024}/steps/propose" not in look(web, by).addresses


def test_closed_steps_say_why(web: Any) -> None:
    drafted(web, 1)

    text = look(web).text

    assert "Bước «Phê duyệt» chỉ làm được khi kế hoạch «Đã thẩm định»" in text


def test_unknown_year_and_version_are_not_found(web: Any) -> None:
    drafted(web, 1)

    assert web.by("binh").get("/plans/2031/local").status_code == 404
    assert web.by("binh").get(f"{PLAN_2024}?version=9").status_code == 404
    assert web.by("binh").get("/plans/2024/elsewhere").status_code == 422


def test_ranking_explains_each_place(web: Any) -> None:
    first, second = cleared(web, 2)
    [model] = cleared(web, 1, priorities=("farm_processing",))

    [table] = look(web, path=f"{PLAN_2024}/ranking").tables

    order = [next(code for code in (first, second, model) if code in row[1]) for row in table[1:]]
    assert (order[0], sorted(order[1:])) == (model, sorted((first, second)))
    assert "+10" in table[1][3]


# --- the straight road --------------------------------------------------------------------------------


def test_plan_goes_its_whole_way_in_the_browser(web: Any) -> None:
    codes = approved(web)
    assert [str(web.office.stage(code)) for code in codes] == ["approved", "approved"]

    for code in codes:
        web.office.bring(code, "settled")
    closed = send(web, "chi", "close")

    assert closed.status_code == 303
    versions = look(web, path=f"{PLAN_2024}/versions").tables[0][1:]
    assert [(row[0], row[2]) for row in versions] == [
        *(("5", "Đã khép"), ("4", "Đã phê duyệt"), ("3", "Đã thẩm định"), ("2", "Đã trình"), ("1", "Đang lập"))
    ]
    assert all(len(row[5]) == 64 for row in versions)
    assert look(web, path=f"{PLAN_2024}?version=2").text.count("50/TTr-SCT") == 1
    web.office.prove()


def test_who_proposed_does_not_record_the_appraisal(web: Any) -> None:
    drafted(web, 1)
    send(web, "binh", "propose", **letter(web, "50/TTr-SCT"))

    refused = send(web, "binh", "appraise", **letter(web, "60/STC"))

    assert refused.status_code == 409
    assert "cần người khác ghi" in refused.text


def test_refused_step_keeps_what_was_typed_with_the_sentence_beside_its_field(web: Any) -> None:
    drafted(web, 1)

    refused = send(web, "binh", "propose", number="50/TTr-SCT", decided_on="31/12/2030", signer="", note="gấp")

    page = read(refused.text)
    fields = page.form(f"{PLAN_2024}/steps/propose").fields
    assert refused.status_code == 409
    assert [fields[name] for name in ("number", "decided_on", "note")] == [["50/TTr-SCT"], ["31/12/2030"], ["gấp"]]
    assert 'href="#field-signer"' in refused.text
    assert 'href="#field-decided_on"' in refused.text
    assert "--" not in page.text


def test_candidate_that_is_not_ticked_stays_out(web: Any) -> None:
    first, second = cleared(web)

    send(web, "binh", "build", take=[second])

    page = look(web)
    assert "Danh mục: 1 đề án" in page.text
    assert "Đủ điều kiện nhưng không được chọn vào kế hoạch." in page.text
    assert first in page.text


def test_possible_duplicate_enters_with_a_reason_only(web: Any) -> None:
    earlier = web.office.bring(web.office.open(plan_year=2023, equipment="Máy đóng gói"), "approved")
    doubted = web.office.bring(web.office.open(equipment="Máy đóng gói"), "cleared")

    silent = send(web, "binh", "build", take=[doubted])
    told = send(web, "binh", "build", take=[doubted], **{f"why:{doubted}": "Máy thứ hai, công suất khác"})

    assert (silent.status_code, told.status_code) == (409, 303)
    assert earlier in silent.text
    assert "phải ghi lý do đưa vào kế hoạch" in silent.text
    assert "Máy thứ hai, công suất khác" in look(web).text


def test_trial_says_what_would_happen_and_writes_nothing(web: Any) -> None:
    appraised(web)
    before = web.office.everything()["event"]

    tried = send(web, "binh", "approve", **letter(web, "980/QĐ-UBND", total="600 triệu", do="try"))
    wrong = send(web, "binh", "approve", **letter(web, "980/QĐ-UBND", total="599 triệu", do="try"))

    assert (tried.status_code, wrong.status_code) == (200, 409)
    assert "Thử được, chưa ghi gì" in tried.text
    assert "chênh lệch 1.000.000 đồng" in wrong.text
    assert web.office.everything()["event"] == before


def test_decision_may_grant_less_and_leave_a_line_out(web: Any) -> None:
    first, second = appraised(web)

    typed = letter(web, "980/QĐ-UBND", total="250 triệu", **{f"amount:{first}": "250 triệu"})
    done = send(web, "binh", "approve", take=[first], **typed)

    assert done.status_code == 303
    assert [str(web.office.stage(code)) for code in (first, second)] == ["approved", "cleared"]
    assert web.office.waterfall(first)["approved"] == 250


def test_decision_comes_with_its_file(web: Any) -> None:
    codes = appraised(web)
    paper = letter(web, "980/QĐ-UBND", total="600 triệu", do="take")
    web.office.at += timedelta(days=1)
    browser, path = web.by("binh"), f"{PLAN_2024}/steps/approve"
    sent = read(browser.get(path).text).form(path).filled(**paper, decision_file=None)

    refused = browser.post(path, data=sent, files={"decision_file": ("quyết định.pdf", b"MZ virus")})
    done = browser.post(path, data=sent, files={"decision_file": ("quyết định.pdf", PDF)})

    assert (refused.status_code, done.status_code) == (409, 303)
    assert str(web.office.stage(codes[0])) == "approved"
    assert [path.read_bytes() for path in web.office.store.files.rglob("*") if path.is_file()] == [PDF]


def test_form_of_a_plan_that_went_on_is_told_so(web: Any) -> None:
    drafted(web, 1)
    path = f"{PLAN_2024}/steps/build"
    sent = read(web.by("bach").get(path).text).form(path).filled(do="take")
    send(web, "binh", "propose", **letter(web, "50/TTr-SCT"))

    refused = web.by("bach").post(path, data=sent)

    assert refused.status_code == 409
    assert "đã sang phiên bản 2 («Đã trình») trong lúc bạn đang làm với phiên bản 1" in refused.text


def test_supplementary_decision_adds_a_project(web: Any) -> None:
    approved(web, 1)
    [late] = cleared(web, 1)

    missing = send(web, "binh", "adjust", take=[late], number="1200/QĐ-UBND", signer="Lê Quang Trung")
    added = send(web, "binh", "adjust", take=[late], **letter(web, "1200/QĐ-UBND", total="300 triệu"))

    assert (missing.status_code, added.status_code) == (409, 303)
    assert "Bổ sung đề án cần tổng hỗ trợ" in missing.text
    assert str(web.office.stage(late)) == "approved"
    assert "điều chỉnh lần 1" in look(web).text


def test_adjustment_without_anything_to_adjust_is_refused(web: Any) -> None:
    approved(web, 1)

    refused = send(web, "binh", "adjust", note="rà soát")

    assert refused.status_code == 409
    assert "không có gì để điều chỉnh" in refused.text


# --- forks --------------------------------------------------------------------------------------------

FORK = f"{PLAN_2024}/fork?name=%C3%8Dt+ti%E1%BB%81n"


def forked(web: Any) -> list[str]:
    codes = drafted(web, starts_on="2024-04-01", ends_on="2024-09-30")
    opened = web.by("binh").post(f"{PLAN_2024}/forks", data={"name": "Ít tiền", "note": "Nếu bị cắt", "copy_of": ""})
    assert (opened.status_code, opened.headers["location"]) == (303, FORK)
    return codes


def change(web: Any, by: str = "binh", **typed: Any) -> Any:
    browser = web.by(by)
    return browser.post(FORK, data=read(browser.get(FORK).text).form(FORK).filled(**typed))


def test_fork_is_changed_compared_and_made_the_draft(web: Any) -> None:
    first, second = forked(web)

    changed = change(web, drop=[second], why="Để năm sau", **{f"amount:{first}": "200tr", f"months:{first}": "2"})
    compared = look(web, path=f"{PLAN_2024}/compare?right=%C3%8Dt+ti%E1%BB%81n")
    browser = web.by("binh")
    end = read(browser.get(FORK).text).form(f"{PLAN_2024}/fork/end?name=%C3%8Dt+ti%E1%BB%81n")
    proposed = browser.post(end.action, data=end.filled(do="propose"))

    assert changed.status_code == 303, changed.text
    rows = {row[0].split()[0]: row for row in compared.tables[0][1:]}
    assert rows[first][1:5] == ["300", "200", "−100", "+2"]
    assert rows[second][1:4] == ["300", "không có", "−300"]
    assert (proposed.status_code, proposed.headers["location"]) == (303, PLAN_2024)
    page = read(browser.get(PLAN_2024).text)
    assert "Danh mục: 1 đề án" in page.text
    assert f"{first}: phương án ghi số tiền khác hồ sơ" in page.text
    web.office.prove()


def test_project_is_added_to_a_fork_with_other_money(web: Any) -> None:
    forked(web)
    [late] = cleared(web, 1)

    added = change(web, take=[late], **{f"amount:{late}": "150 triệu"})

    assert added.status_code == 303
    form = read(web.by("binh").get(FORK).text).form(FORK)
    assert form.fields[f"amount:{late}"] == ["150.000.000"]


def test_fork_form_of_somebody_slower_is_refused(web: Any) -> None:
    first, _ = forked(web)
    late = web.by("bach")
    sent = read(late.get(FORK).text).form(FORK).filled(**{f"amount:{first}": "100tr"})
    change(web, **{f"amount:{first}": "200tr"})

    refused = late.post(FORK, data=sent)

    assert refused.status_code == 409
    assert "vừa được người khác sửa" in refused.text
    assert 'value="100tr"' in refused.text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [("months", "mai", "Số tháng không hợp lệ"), ("amount", "nhiều", "không đọc được"), ("amount", "0", "lớn hơn 0")],
)
def test_what_cannot_be_tried_is_said_beside_its_row(web: Any, field: str, typed: str, sentence: str) -> None:
    first, _ = forked(web)

    refused = change(web, **{f"{field}:{first}": typed})

    assert refused.status_code == 409
    assert sentence in refused.text
    assert read(refused.text).form(FORK).fields[f"{field}:{first}"] == [typed]


def test_fork_is_put_aside_and_stays_readable(web: Any) -> None:
    forked(web)
    browser = web.by("chi")
    end = read(browser.get(FORK).text).form(f"{PLAN_2024}/fork/end?name=%C3%8Dt+ti%E1%BB%81n")

    dropped = browser.post(end.action, data=end.filled(do="drop"))

    assert dropped.status_code == 303
    assert "Đã bỏ" in look(web, path=f"{PLAN_2024}/forks").text
    assert "Đã bỏ" in look(web, path=FORK).text
    assert change_form_is_gone(web)


def change_form_is_gone(web: Any) -> bool:
    return FORK not in [form.action for form in look(web, path=FORK).forms]


@pytest.mark.parametrize(("name", "sentence"), [("", "Hãy ghi tên phương án."), (PLAN, "tên gọi chính kế hoạch")])
def test_fork_without_a_name_of_its_own_is_refused(web: Any, name: str, sentence: str) -> None:
    drafted(web, 1)

    refused = web.by("binh").post(f"{PLAN_2024}/forks", data={"name": name, "note": "giữ lại", "copy_of": ""})

    assert refused.status_code == 409
    assert sentence in refused.text
    assert "giữ lại" in refused.text


def test_names_of_forks_are_shown_as_text(web: Any) -> None:
    drafted(web, 1)
    web.by("binh").post(f"{PLAN_2024}/forks", data={"name": "<script>x</script>", "note": "<b>", "copy_of": ""})

    html = web.by("binh").get(f"{PLAN_2024}/forks").text

    assert "<script>x" not in html
    assert "&lt;script&gt;x" in html


# --- the suggestion -----------------------------------------------------------------------------------


def test_suggestion_gives_reasons_and_is_kept_as_a_fork(web: Any) -> None:
    first, second = drafted(web, 2)
    browser, path = web.by("binh"), f"{PLAN_2024}/suggest"

    form = read(browser.get(path).text).form(path).filled(budget="500 triệu", **{f"wish:{second}": "must"})
    found = browser.post(path, data=form)
    page = read(found.text)
    kept = browser.post(f"{path}/keep", data=page.form(f"{path}/keep").filled(name="Theo máy"))

    assert found.status_code == 200
    assert "Đã chứng minh" in page.text
    assert "bạn yêu cầu phải có" in page.text
    [left] = [row for table in page.tables for row in table if len(row) == 2 and first in row[0]]
    assert "chỉ còn 200.000.000 đồng" in left[1]
    assert kept.status_code == 303
    assert "Trong phương án: 1 đề án" in look(web, path=kept.headers["location"]).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"budget": "nhiều"}, "không đọc được"), ({"seconds": "900"}, "Số giây phải là số nguyên từ 1 đến 60")],
)
def test_suggestion_with_wrong_limits_is_refused(web: Any, typed: dict[str, str], sentence: str) -> None:
    cleared(web, 1)
    path = f"{PLAN_2024}/suggest"

    refused = web.by("binh").post(path, data={"budget": "", "seconds": ""} | typed)

    assert refused.status_code == 409
    assert sentence in refused.text


def test_suggestion_that_cannot_be_followed_says_so_at_the_row(web: Any) -> None:
    [code] = cleared(web, 1)
    path = f"{PLAN_2024}/suggest"

    refused = web.by("em").post(path, data={"budget": "100 triệu", "seconds": "", f"wish:{code}": "must"})

    assert refused.status_code == 409
    assert "chỉ còn 100.000.000 đồng" in refused.text


# --- more than a page can hold ------------------------------------------------------------------------


def test_year_of_too_many_candidates_leads_to_the_list(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    codes = cleared(web, 2)
    monkeypatch.setattr("web.pages.plan_frame.MOST_CANDIDATES", 1)

    page = look(web)

    assert "/projects?programme=KC-VL-2021-2025&year=2024&route=local" in page.addresses
    assert [code for code in codes if code in page.text] == []
    for sub in ("/ranking", "/suggest", "/steps/build"):
        assert web.by("binh").get(f"{PLAN_2024}{sub}").status_code == 404


def test_long_list_is_cut_until_somebody_asks_for_all(web: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = drafted(web)
    monkeypatch.setattr("web.pages.plans.MOST_LINES", 1)

    page = look(web)
    whole = look(web, path=page.links["Xem đủ 2 đề án"].partition("#")[0])

    listed = [[code for code in (first, second) if f"/projects/{code}" in shown.addresses] for shown in (page, whole)]
    assert [len(codes) for codes in listed] == [1, 2]
    assert "Cộng 2 đề án" in page.text
