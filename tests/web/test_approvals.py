"""Phê duyệt theo danh mục: ticked, pasted, tried, recorded all at once or not at all."""

from datetime import timedelta
from typing import Any

import pytest

from models.loading import load_person
from models.plan import life
from models.plan.steps import Door, Letter
from states.vocabulary import Route
from tests.web.reading import read

TRIEU = 1_000_000
PDF = b"%PDF-1.7 quyet dinh"


def cleared(web: Any, number: int = 2, **more: Any) -> list[str]:
    """Projects of different workshops, so that none is held for support given twice."""
    office = web.office
    workshops = [{"beneficiaries": (office.workshop(f"Xưởng {n}"),), "equipment": f"Máy {n}"} for n in range(number)]
    return [office.bring(office.open(**workshop, **more), "cleared") for workshop in workshops]


def decision(web: Any, codes: list[str], **typed: Any) -> dict[str, Any]:
    """A form as a browser sends it."""
    return {
        "do": "approve",
        "sent": "1",
        "route": "local",
        "code": codes,
        "number": "980/QĐ-UBND",
        "decided_on": web.office.today.strftime("%d/%m/%Y"),
        "signer": "Lê Quang Trung",
        "total": f"{300 * len(codes)} triệu",
    } | typed


def stages(web: Any, codes: list[str]) -> set[str]:
    return {str(web.office.stage(code)) for code in codes}


def test_list_holds_what_is_cleared_and_ticks_what_the_address_names(web: Any) -> None:
    first, second = cleared(web)
    draft = web.office.open()

    page = read(web.by("binh").get(f"/approvals?code={second}").text)

    form = page.form("/approvals")
    assert form.fields["code"] == [second]
    assert (first in page.text, draft in page.text) == (True, False)


def test_approval_moves_every_ticked_project_and_shows_the_decision(web: Any) -> None:
    codes = cleared(web)
    browser = web.by("chi")

    answer = browser.post("/approvals", data=decision(web, codes))

    assert answer.status_code == 303, answer.text
    page = read(browser.get(answer.headers["location"]).text)
    assert stages(web, codes) == {"approved"}
    assert "Quyết định 980/QĐ-UBND" in page.text
    assert page.tables[0][-1] == ["Cộng", "600.000.000", "700.000.000", ""]
    assert "Đã phê duyệt 2 đề án: 600.000.000 đồng" in page.text


def test_only_ticked_projects_are_approved(web: Any) -> None:
    first, second = cleared(web)

    answer = web.by("chi").post("/approvals", data=decision(web, [first]))

    assert answer.status_code == 303
    assert (stages(web, [first]), stages(web, [second])) == ({"approved"}, {"cleared"})


def test_amount_and_note_of_a_row_are_those_of_the_decision(web: Any) -> None:
    first, second = cleared(web)
    typed = {f"amount-{first}": "250.000.000", f"note-{first}": "Giảm theo kết luận", "total": "550.000.000"}

    web.by("chi").post("/approvals", data=decision(web, [first, second], **typed))

    page = read(web.by("em").get(latest(web)).text)
    [row] = [row for row in page.tables[0] if first in row[0]]
    assert row[2:] == ["250.000.000", "350.000.000", "Giảm theo kết luận"]


def latest(web: Any) -> str:
    page = read(web.by("em").get("/approvals/decisions").text)
    return next(link for link in page.addresses if link.startswith("/approvals/decisions/"))


def test_one_wrong_row_keeps_everything_and_stands_beside_its_row(web: Any) -> None:
    first, second = cleared(web)
    typed = {f"amount-{second}": "400 triệu", "total": "700 triệu", f"note-{first}": "giữ nguyên"}

    answer = web.by("chi").post("/approvals", data=decision(web, [first, second], **typed))

    page = read(answer.text)
    form = page.form("/approvals")
    assert answer.status_code == 409
    assert stages(web, [first, second]) == {"cleared"}
    assert form.fields["code"] == [first, second]
    assert form.fields[f"amount-{second}"] == ["400 triệu"]
    assert form.fields[f"note-{first}"] == ["giữ nguyên"]
    assert form.fields["signer"] == ["Lê Quang Trung"]
    [row] = [row for row in page.tables[-1] if second in row[1]]
    assert "không" in row[1]
    assert f"#field-amount-{second}" in page.addresses
    assert "--" not in page.text


def test_total_that_does_not_agree_is_shown_to_the_dong(web: Any) -> None:
    codes = cleared(web)

    answer = web.by("chi").post("/approvals", data=decision(web, codes, do="preview", total="599.999.999"))

    page = read(answer.text)
    assert answer.status_code == 409
    assert page.tables[0][1] == ["KC địa phương", "600.000.000", "599.999.999", "1", "lệch"]
    assert stages(web, codes) == {"cleared"}


def test_counterpart_of_the_annex_is_compared_where_it_is_typed(web: Any) -> None:
    codes = cleared(web)

    wrong = web.by("chi").post("/approvals", data=decision(web, codes, counterpart_total="700.000.001"))
    right = web.by("chi").post("/approvals", data=decision(web, codes, counterpart_total="700.000.000"))

    assert (wrong.status_code, right.status_code) == (409, 303)
    assert "Tổng đối ứng của 2 dòng là 700.000.000 đồng" in wrong.text


def test_preview_says_that_nothing_stands_in_the_way_and_writes_nothing(web: Any) -> None:
    codes = cleared(web)
    before = web.office.everything()
    form = decision(web, codes, do="preview")
    browser = web.by("chi")
    sessions = before.pop("web_session")

    answer = browser.post("/approvals", data=form)

    after = web.office.everything()
    after.pop("web_session")
    assert answer.status_code == 200
    assert "không có gì ngăn cản" in answer.text
    assert after == before
    assert sessions == []


def test_pasted_list_ticks_and_fills(web: Any) -> None:
    first, second = cleared(web)
    pasted = f"STT\tMã đề án\tKinh phí hỗ trợ\n1\t{second}\t299,5\n\tCộng\t299,5"

    answer = web.by("binh").post(
        "/approvals", data=decision(web, [first], do="paste", pasted=pasted, unit="trieu", total="299,5 triệu")
    )

    form = read(answer.text).form("/approvals")
    assert answer.status_code == 200
    assert form.fields["code"] == [second]
    assert form.fields[f"amount-{second}"] == ["299.500.000"]
    assert (form.fields["number"], form.fields["total"]) == (["980/QĐ-UBND"], ["299,5 triệu"])


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("", "Không thấy mã đề án nào"),
        ("KC-VL-2024-999\t5.000.000", "KC-VL-2024-999: không có trong sổ"),
        ("KC-VL-2024-001\t5.000.000\t6.000.000", "Dòng 1: KC-VL-2024-001 có 2 số tiền"),
    ],
)
def test_pasted_list_that_cannot_be_taken_is_refused_beside_its_field(web: Any, pasted: str, said: str) -> None:
    codes = cleared(web, 1)

    answer = web.by("binh").post("/approvals", data=decision(web, codes, do="paste", pasted=pasted))

    assert answer.status_code == 409
    assert said in read(answer.text).text


@pytest.mark.parametrize(("doing", "ticked"), [("all", 2), ("none", 0)])
def test_ticks_are_set_at_once_without_scripts(web: Any, doing: str, ticked: int) -> None:
    codes = cleared(web)

    answer = web.by("binh").post("/approvals", data=decision(web, codes[:1], do=doing))

    assert len(read(answer.text).form("/approvals").fields["code"]) == ticked


@pytest.mark.parametrize("missing", ["number", "decided_on", "signer", "total", "code"])
def test_what_is_missing_is_asked_for(web: Any, missing: str) -> None:
    codes = cleared(web, 1)

    answer = web.by("binh").post("/approvals", data=decision(web, codes, **{missing: ""}))

    assert answer.status_code == 409
    assert stages(web, codes) == {"cleared"}


def test_reason_of_every_row_is_said_once_at_its_field(web: Any) -> None:
    codes = cleared(web, 3)

    answer = web.by("binh").post("/approvals", data=decision(web, codes, decided_on="01/01/2030"))

    page = read(answer.text)
    assert answer.status_code == 409
    assert page.text.count("ở tương lai") == 2
    assert "#field-decided_on" in page.addresses


def test_author_of_a_dossier_does_not_approve_it(web: Any) -> None:
    code = _of_binh(web)

    answer = web.by("binh").post("/approvals", data=decision(web, [code]))

    assert answer.status_code == 409
    assert "Người lập hồ sơ (Trần Thị Bình)" in answer.text


def _of_binh(web: Any) -> str:
    """A project that the coordinator wrote; another one passes the appraisals."""
    from states.vocabulary import Paper

    office = web.office
    code = office.bring(office.open(by="binh"), "appraised")
    office.step(code, "send_to_finance", "bach", number="04/TTr-SCT", signer="Lê Minh Chi", papers=(Paper.ESTIMATE,))
    office.step(code, "pass_review", "bach", number="05/KQ", signer="Hồ Văn Khoa", decided_on=office.today)
    return str(code)


def test_file_of_the_decision_is_kept_and_given_back(web: Any) -> None:
    codes = cleared(web, 1)
    browser = web.by("chi")
    name = "Quyết định 980 và phụ lục.pdf"

    browser.post("/approvals", data=decision(web, codes), files={"decision_file": (name, PDF, "application/pdf")})

    page = read(web.by("em").get(latest(web)).text)
    answer = web.by("em").get(page.links[name])
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_file_stays_with_the_form_while_the_list_is_ticked(web: Any) -> None:
    codes = cleared(web)
    browser = web.by("chi")

    ticked = browser.post(
        "/approvals",
        data=decision(web, [], do="all", total="600 triệu"),
        files={"decision_file": ("a.pdf", PDF, "application/pdf")},
    )
    sent = read(ticked.text).form("/approvals").filled(decision_file=None, do="approve")
    done = browser.post("/approvals", data=sent)

    assert (ticked.status_code, done.status_code) == (200, 303)
    assert stages(web, codes) == {"approved"}
    assert [path.read_bytes() for path in web.office.store.files.rglob("*") if path.is_file()] == [PDF]


def test_refused_approval_leaves_no_file(web: Any) -> None:
    codes = cleared(web, 1)

    answer = web.by("chi").post(
        "/approvals", data=decision(web, codes, total="1"), files={"decision_file": ("a.pdf", PDF, "application/pdf")}
    )

    assert answer.status_code == 409
    assert not web.office.store.files.exists() or not list(web.office.store.files.rglob("*"))


def test_file_that_is_none_of_the_kinds_is_refused(web: Any) -> None:
    codes = cleared(web, 1)

    answer = web.by("chi").post(
        "/approvals", data=decision(web, codes), files={"decision_file": ("a.pdf", b"MZ\x90", "application/pdf")}
    )

    assert answer.status_code == 409
    assert stages(web, codes) == {"cleared"}


def test_two_who_press_at_once_approve_once(web: Any) -> None:
    codes = cleared(web, 1)
    form = decision(web, codes)

    first, second = web.by("chi").post("/approvals", data=form), web.by("binh").post("/approvals", data=form)

    assert (first.status_code, second.status_code) == (303, 409)
    assert stages(web, codes) == {"approved"}


def test_waitlisted_projects_lead_to_their_funding(web: Any) -> None:
    [code] = cleared(web, 1)
    web.office.step(code, "waitlist", "binh", note="Chưa bố trí được vốn")

    page = read(web.by("binh").get("/approvals").text)

    assert f"/projects/{code}/steps/fund" in page.addresses


def planned(web: Any, codes: list[str]) -> int:
    """Put the projects into an appraised plan; answer with its number on the page."""
    office = web.office
    key: tuple[Any, ...] = ("KC-VL-2021-2025", 2024, Route.LOCAL)

    def door(who: str) -> Door:
        office.at += timedelta(days=1)
        with office.store.read() as session:
            return Door(load_person(session, who), office.at, "test")

    steps: tuple[tuple[Any, str], ...] = ((life.build, "binh"), (life.propose, "chi"), (life.appraise, "binh"))
    for step, who in steps:
        by = door(who)
        letter = Letter("12/TTr-SCT", by.today, "Lê Minh Chi")
        with office.store.write() as session:
            if step is life.build:
                life.build(session, *key, door=by)
            else:
                step(session, *key, door=by, letter=letter)
    page = read(web.by("chi").get("/approvals").text)
    return int(page.links["Phê duyệt cả kế hoạch"].rpartition("=")[2])


def test_plan_is_approved_with_its_ticked_lines_and_without_the_others(web: Any) -> None:
    first, second = cleared(web)
    plan = planned(web, [first, second])
    shown = read(web.by("chi").get(f"/approvals?route=local&plan={plan}").text).form("/approvals")

    answer = web.by("chi").post("/approvals", data=decision(web, [first], plan=str(plan)))

    assert shown.fields["code"] == [first, second]
    assert answer.status_code == 303, answer.text
    assert (stages(web, [first]), stages(web, [second])) == ({"approved"}, {"cleared"})
    with web.office.store.read() as session:
        from models.plan.reads import plan_list

        [listed] = plan_list(session)
    assert (listed["status"], listed["lines"]) == ("approved", 1)


def test_project_outside_a_proposed_plan_is_refused_with_the_way_out(web: Any) -> None:
    first, *_ = cleared(web, 1)
    planned(web, [first])
    late = web.office.bring(web.office.open(equipment="Máy đến sau"), "cleared")

    answer = web.by("chi").post("/approvals", data=decision(web, [late]))

    assert answer.status_code == 409
    assert f"{late}: không có trong kế hoạch năm 2024" in read(answer.text).text


@pytest.mark.parametrize("who", ["an", "yen", "dung", "em", "giang", "hanh"])
def test_others_do_not_approve(web: Any, who: str) -> None:
    codes = cleared(web, 1)

    looked, sent = web.by(who).get("/approvals"), web.by(who).post("/approvals", data=decision(web, codes))

    assert (looked.status_code, sent.status_code) == (403, 403)
    assert stages(web, codes) == {"cleared"}


@pytest.mark.parametrize("who", ["an", "yen", "hanh"])
def test_decisions_are_not_for_those_who_see_a_part_only(web: Any, who: str) -> None:
    web.office.bring(web.office.open(), "approved")

    assert web.by(who).get("/approvals/decisions").status_code == 403


def test_unknown_decision_is_not_found(web: Any) -> None:
    answers = [web.by("chi").get(f"/approvals/decisions/{n}").status_code for n in (7, 2**63 - 1, 2**70)]

    assert answers == [404, 404, 422]


def test_text_of_others_is_never_markup(web: Any) -> None:
    code, *_ = cleared(web, 1, name="<script>alert(1)</script>")
    typed = {f"note-{code}": '"><img src=x>', "signer": "<b>Trung</b>", "total": "1"}

    answer = web.by("chi").post("/approvals", data=decision(web, [code], **typed))

    assert "<script>alert" not in answer.text
    assert "<img src=x>" not in answer.text
    assert "<b>Trung" not in answer.text
