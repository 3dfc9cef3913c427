"""Forms of a đề án that are refused: what was typed stays, each sentence beside its field, and nothing is written."""

from datetime import timedelta
from typing import Any

import pytest

from models.desk.denials import denials
from states.vocabulary import Source, Stage
from tests.web.reading import read

PDF = b"%PDF-1.7\n" + b"x" * 100


def path_of(code: str, action: str) -> str:
    return f"/projects/{code}/steps/{action}"


def filled(browser: Any, path: str, **typed: Any) -> dict[str, Any]:
    return read(browser.get(path).text).form(path).filled(**typed)


def mistakes(html: str) -> dict[str, str]:
    """The sentences at the head of the form by the field to which each leads; "" is the form itself."""
    import re

    found = re.search(r'id="mistakes">(.*?)</div>', html, re.DOTALL)
    assert found, read(html).text
    said = {}
    for item in re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL):
        linked = re.match(r'<a href="#field-([^"]*)">(.*)</a>', item, re.DOTALL)
        said[linked[1] if linked else ""] = linked[2] if linked else item
    return said


def test_empty_step_is_refused_with_each_sentence_beside_its_field(web: Any) -> None:
    code = web.office.bring(web.office.open(), "draft")
    browser, path = web.by("an"), path_of(code, "submit")

    answer = browser.post(path, data=filled(browser, path, note="Gửi <b>Sở</b>"))

    assert answer.status_code == 409
    assert mistakes(answer.text) == {
        "paper_dossier": "Thiếu đề án khuyến công; hãy kèm theo.",
        "paper_support_request": "Thiếu văn bản đề nghị hỗ trợ của đơn vị thụ hưởng; hãy kèm theo.",
        "paper_submission_letter": "Thiếu công văn đề nghị; hãy ghi số hoặc kèm tệp.",
    }
    assert read(answer.text).form(path).fields["note"] == ["Gửi <b>Sở</b>"]
    assert web.office.stage(code) is Stage.DRAFT


@pytest.mark.parametrize(
    ("stage", "action", "by", "typed", "field", "sentence"),
    [
        ("appraising", "pass_appraisal", "chi", {}, "signer", "Phải ghi người ký văn bản."),
        ("appraising", "fail_appraisal", "chi", {}, "note", "Phải ghi lý do."),
        (
            "appraising",
            "pass_appraisal",
            "chi",
            {"amount_local_fund": "400tr", "signer": "Lê Minh Chi", "number": "1"},
            "amount_local_fund",
            "Thẩm định 400.000.000 đồng vượt số đề nghị 300.000.000 đồng là 100.000.000 đồng; "
            "hãy ghi không quá mức đó.",
        ),
        (
            "appraising",
            "pass_appraisal",
            "chi",
            {"amount_local_fund": "nhiều tiền"},
            "amount_local_fund",
            "Số tiền “nhiều tiền” không đọc được; hãy gõ số tiền, ví dụ 300.000.000, 300tr hoặc 1,5 tỷ.",
        ),
        ("reviewing", "pass_review", "binh", {"number": "5"}, "decided_on", "Phải ghi ngày văn bản của Sở Tài chính."),
        (
            "submitted",
            "return",
            "binh",
            {"note": "x", "number": "1"},
            "missing",
            "Phải liệt kê ít nhất một mục còn thiếu.",
        ),
        (
            "submitted",
            "start_appraisal",
            "binh",
            {"decided_on": "2024-13-05"},
            "decided_on",
            "Ngày “2024-13-05” có tháng 13; hãy gõ ngày trước, tháng sau (từ 1 đến 12), ví dụ 05/08/2026.",
        ),
        (
            "awaiting_acceptance",
            "accept",
            "chi",
            {"quantity_T2_2": "", "cost": "500tr", "signer": "Lê Minh Chi", "number": "9"},
            "quantity_T2_2",
            "Phải ghi số lượng nghiệm thu: T2_2.",
        ),
        (
            "underway",
            "request_adjustment",
            "an",
            {"note": "Giá máy giảm", "number": "1", "asked_amount": "0"},
            "asked_amount",
            "Giảm hỗ trợ về 0 đồng là ngừng triển khai; hãy đề nghị loại điều chỉnh «Ngừng triển khai».",
        ),
    ],
)
def test_sentence_stands_beside_the_field_it_is_about(
    web: Any, stage: str, action: str, by: str, typed: dict[str, str], field: str, sentence: str
) -> None:
    code = web.office.bring(web.office.open(), stage)
    browser, path = web.by(by), path_of(code, action)
    version = web.office.facts(code).version

    answer = browser.post(path, data=filled(browser, path, **typed))

    assert answer.status_code == 409
    assert mistakes(answer.text).get(field) == sentence, mistakes(answer.text)
    fields = read(answer.text).form(path).fields
    assert {name: fields[name][0] for name in typed} == typed
    assert web.office.facts(code).version == version


def test_of_two_browsers_one_wins_and_the_other_is_told(web: Any) -> None:
    code = web.office.bring(web.office.open(), "submitted")
    first, second, path = web.by("binh"), web.by("bach"), path_of(code, "start_appraisal")
    sent = [filled(browser, path, number="2/SCT") for browser in (first, second)]

    answers = [browser.post(path, data=form) for browser, form in zip((first, second), sent, strict=True)]

    assert [answer.status_code for answer in answers] == [303, 409]
    assert "vừa được Trần Thị Bình cập nhật (bước «Bắt đầu thẩm định»" in answers[1].text
    assert web.office.stage(code) is Stage.APPRAISING


def test_stale_form_of_a_step_that_is_still_open_can_be_sent_again_knowingly(web: Any) -> None:
    code = web.office.bring(web.office.open(), "appraising")
    browser, path = web.by("chi"), path_of(code, "pass_appraisal")
    sent = filled(browser, path, number="3/BB", signer="Lê Minh Chi")
    edit, other = f"/projects/{code}/edit", web.by("binh")
    other.post(edit, data=filled(other, edit, partner="Hội", note="Gõ nhầm"))

    told = browser.post(path, data=sent)
    again = browser.post(path, data=read(told.text).form(path).filled())

    assert (told.status_code, again.status_code) == (409, 303)
    assert "vừa được Trần Thị Bình cập nhật" in told.text
    assert web.office.stage(code) is Stage.APPRAISED


def test_contract_is_not_signed_on_an_old_version(web: Any) -> None:
    code = web.office.bring(web.office.open(), "approved")
    browser, path = web.by("chi"), path_of(code, "sign_contract")
    sent = filled(browser, path, number="6/HĐ", signer="Lê Minh Chi", decided_on="20/02/2024")
    web.office.step(code, "allot", "dung", number="1/QĐ", decided_on=web.office.today, amounts={Source.LOCAL_FUND: 1})

    answer = web.by("chi").post(path, data=sent)

    assert answer.status_code == 409
    assert "bước «Giao vốn»" in answer.text
    assert web.office.stage(code) is Stage.APPROVED


def test_closed_step_shows_why_and_who_could(web: Any) -> None:
    code = web.office.bring(web.office.open(), "appraising")

    page = read(web.by("binh").get(path_of(code, "suspend")).text)
    own = read(web.by("an").get(path_of(code, "pass_appraisal")).text)

    assert "chỉ làm được khi đề án ở giai đoạn" in page.text
    assert [form.action for form in page.forms if "/steps/" in form.action] == []
    assert "Cán bộ đơn vị thực hiện không được ghi bước «Đạt thẩm định ở Sở»; cần:" in own.text
    assert "Người có thể ghi bước này: Trần Thị Bình (binh)" in own.text


def test_outsiders_meet_no_project_and_no_step(web: Any) -> None:
    code = web.office.bring(web.office.open(name="Bí mật chế biến bưởi"), "submitted")
    pages = ("", "/history", "/edit", "/steps/withdraw", "/deadlines/D-CHECK", "/papers/1/1/download", "/copy")
    posts = ("/steps/withdraw", "/edit", "/copy", "/papers", "/comments", "/comments/1/withdraw")

    seen = {page: web.by("yen").get(f"/projects/{code}{page}") for page in pages}
    sent = {page: web.by("yen").post(f"/projects/{code}{page}", data={"seen": "2", "words": "x"}) for page in posts}

    assert {page: answer.status_code for page, answer in seen.items()} == dict.fromkeys(pages, 404)
    assert {page: answer.status_code for page, answer in sent.items()} == dict.fromkeys(posts, 404)
    assert [page for page, answer in (seen | sent).items() if "Bí mật" in answer.text] == []
    with web.office.store.read() as session:
        asked = [(row["person"], row["method"]) for row in denials(session)]
    assert sorted(asked) == [("yen", "GET")] * len(pages) + [("yen", "POST")] * len(posts)
    assert web.by("an").get(f"/projects/{code}").status_code == 200


def test_commune_viewer_sees_the_own_area_without_drafts_and_records_nothing(web: Any) -> None:
    inside = web.office.bring(web.office.open(place="vlm-p-long-chau"), "submitted")
    draft = web.office.open(place="vlm-p-long-chau")
    outside = web.office.bring(web.office.open(), "submitted")
    browser = web.by("hanh")

    page = browser.get(f"/projects/{inside}")

    assert page.status_code == 200
    assert [browser.get(f"/projects/{code}").status_code for code in (draft, outside)] == [404, 404]
    assert browser.get(path_of(inside, "withdraw")).status_code == 403
    assert browser.post(f"/projects/{inside}/comments", data={"words": "x"}).status_code == 403
    assert [form.action for form in read(page.text).forms if inside in form.action] == []


def test_unknown_step_and_project_are_not_found(web: Any) -> None:
    code = web.office.open()

    answers = [web.by("binh").get(path) for path in (path_of(code, "fly"), "/projects/KC-VL-2024-999", "/projects/x")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


# --- files --------------------------------------------------------------------------------------------


def kept(web: Any) -> list[str]:
    return [path.name for path in web.office.store.files.rglob("*") if path.is_file()]


def test_paper_with_a_vietnamese_name_comes_back_as_it_was_sent(web: Any) -> None:
    import unicodedata
    from urllib.parse import quote

    code = web.office.open()
    name = "Đề án đóng gói – bản cuối.pdf"
    browser = web.by("an")

    sent = browser.post(
        f"/projects/{code}/papers",
        data={"paper_kind": "dossier", "paper_number": "12/ĐA"},
        files={"paper_file": (unicodedata.normalize("NFD", name), PDF, "application/pdf")},
    )
    page = read(browser.get(f"/projects/{code}").text)
    got = browser.get(page.links[name])

    assert sent.status_code == 303
    assert got.content == PDF
    assert got.headers["content-disposition"] == f"attachment; filename*=utf-8''{quote(name)}"
    assert (got.headers["content-type"], got.headers["x-content-type-options"]) == ("application/pdf", "nosniff")
    assert web.by("yen").get(page.links[name]).status_code == 404
    assert web.by("hanh").get(page.links[name]).status_code == 404


def test_second_paper_of_a_kind_is_its_next_version(web: Any) -> None:
    code = web.office.open()
    browser = web.by("an")
    for content in (PDF, PDF + b"2"):
        browser.post(
            f"/projects/{code}/papers", data={"paper_kind": "dossier"}, files={"paper_file": ("de-an.pdf", content)}
        )

    page = browser.get(f"/projects/{code}").text
    [table] = [table for table in read(page).tables if table[0][0] == "Giấy tờ"]

    assert [row[:2] for row in table[1:]] == [["Đề án khuyến công", "2"], ["Đề án khuyến công", "1 đã có bản sau"]]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("de-an.pdf", b"", "Tệp “de-an.pdf” rỗng; hãy chọn tệp có nội dung."),
        ("de-an.pdf", b"MZ\x90\x00 chay di", "Tệp “de-an.pdf” không phải loại giấy tờ nhận được; "),
        ("trang.html", b"<script>alert(1)</script>", "Tệp “trang.html” không phải loại giấy tờ nhận được; "),
        ("de-an.html", PDF, "Nội dung của tệp “de-an.html” là PDF; hãy đặt đuôi tên tệp là .pdf."),
        ("to.pdf", b"%PDF-" + b"0" * (25 * 1024 * 1024), "Tệp “to.pdf” lớn hơn 25 MB; "),
    ],
)
def test_file_that_is_no_paper_is_refused(web: Any, name: str, content: bytes, sentence: str) -> None:
    code = web.office.open()

    answer = web.by("an").post(
        f"/projects/{code}/papers", data={"paper_kind": "dossier"}, files={"paper_file": (name, content)}
    )

    assert answer.status_code == 409
    assert mistakes(answer.text)["paper_file"].startswith(sentence)
    assert kept(web) == []


def test_refused_step_keeps_no_file(web: Any) -> None:
    code = web.office.open()
    browser, path = web.by("an"), path_of(code, "submit")

    refused = browser.post(path, data=filled(browser, path), files={"paper_dossier": ("de-an.pdf", PDF)})
    again = browser.post(
        path,
        data=filled(browser, path, number="1/TTKC", has_paper_support_request="1"),
        files={"paper_dossier": ("de-an.pdf", PDF)},
    )

    assert (refused.status_code, again.status_code) == (409, 303)
    assert len(kept(web)) == 1


# --- words that would be code -------------------------------------------------------------------------

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}{code}"


def test_free_text_is_never_code(web: Any) -> None:
    office = web.office
    workshop = office.workshop(EVIL)
    code = office.open(
        name=EVIL,
        equipment=EVIL,
        objectives=EVIL,
        scope=EVIL,
        partner=EVIL,
        expected_effect=EVIL,
        priorities=(EVIL,),
        beneficiaries=(workshop,),
    )
    office.bring(code, "submitted")
    office.step(code, "return", "binh", number=EVIL, note=EVIL, missing=(EVIL,))
    web.by("binh").post(f"/projects/{code}/comments", data={"words": f"{EVIL} @chi"})
    typed = {"number": EVIL, "note": EVIL, "signer": EVIL, "extra_title": EVIL, "seen": "1"}

    paths = ("", "/history", "/history?as_of=01/12/2024&known_on=" + "%3Cscript%3E", "/edit", "/steps/resubmit")
    pages = [web.by("an").get(f"/projects/{code}{path}") for path in paths]
    pages += [
        web.by("an").post(path_of(code, "resubmit"), data=typed),
        web.by("an").post(f"/projects/{code}/edit", data=typed | {"name": EVIL, "activity": EVIL}),
        web.by("an").post("/projects/new", data=typed | {"name": EVIL, "find_beneficiary": EVIL, "find": "1"}),
        web.by("an").get(path_of(code, "%3Cscript%3Ealert(1)")),
    ]

    assert [page.status_code for page in pages] == [200, 200, 400, 200, 200, 409, 409, 200, 404]
    assert [page.url.path for page in pages if "<script>alert" in page.text or "<img src=x" in page.text] == []
    assert [page.url.path for page in pages if ">49<" in page.text] == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages[0].text


def test_time_moves_on_between_steps(web: Any) -> None:
    """A paper dated in the future is refused beside its day."""
    code = web.office.bring(web.office.open(), "submitted")
    browser, path = web.by("binh"), path_of(code, "start_appraisal")
    tomorrow = (web.office.at + timedelta(days=2)).date()

    answer = browser.post(path, data=filled(browser, path, number="2", decided_on=f"{tomorrow:%d/%m/%Y}"))

    assert "ở tương lai" in mistakes(answer.text)["decided_on"]
