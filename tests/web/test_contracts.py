"""Hợp đồng: signed over several projects at once, listed by what they wait for, seen by those whose they are."""

from datetime import timedelta
from typing import Any

import pytest

from tests.web.reading import read

PDF = b"%PDF-1.7 hop dong"


def approved(web: Any, number: int = 2, **more: Any) -> list[str]:
    """Approved projects of different workshops."""
    office = web.office
    workshops = [{"beneficiaries": (office.workshop(f"Xưởng {n}"),), "equipment": f"Máy {n}"} for n in range(number)]
    return [office.bring(office.open(**workshop, **more), "approved") for workshop in workshops]


def contract(web: Any, codes: list[str], **typed: Any) -> dict[str, Any]:
    """A form as a browser sends it."""
    return {
        "do": "sign",
        "code": codes,
        "number": "45/2024/HĐ-KC",
        "signed_on": web.office.today.strftime("%d/%m/%Y"),
        "signer": "Lê Minh Chi",
    } | typed


def test_form_offers_what_can_be_signed_together(web: Any) -> None:
    first, second = approved(web)
    other = web.office.bring(web.office.open(equipment="Lò"), "submitted")

    page = read(web.by("chi").get(f"/contracts/new?code={first}").text)

    assert page.form("/contracts/new").fields["code"] == [first]
    assert (second in page.text, other in page.text) == (True, False)


def test_contract_is_signed_over_several_projects(web: Any) -> None:
    codes = approved(web)
    browser = web.by("chi")

    answer = browser.post("/contracts/new", data=contract(web, codes, total="600 triệu"))

    assert answer.status_code == 303, answer.text
    page = read(browser.get(answer.headers["location"]).text)
    assert {str(web.office.stage(code)) for code in codes} == {"contracted"}
    assert "600.000.000 đồng (Sáu trăm triệu đồng" in page.text
    assert [row[1] for row in page.tables[0][1:]] == ["300.000.000", "300.000.000"]
    assert f"/projects/{codes[0]}/steps/start" not in page.addresses
    unit = read(web.by("an").get(answer.headers["location"]).text)
    assert f"/projects/{codes[0]}/steps/start" in unit.addresses


def test_one_project_that_cannot_be_signed_keeps_all_and_everything_typed(web: Any) -> None:
    first, second = approved(web)
    typed = {f"amount-{second}": "301 triệu", "party_b": "Trung tâm (ủy quyền)"}

    answer = web.by("chi").post("/contracts/new", data=contract(web, [first, second], **typed))

    page = read(answer.text)
    form = page.form("/contracts/new")
    assert answer.status_code == 409
    assert {str(web.office.stage(code)) for code in (first, second)} == {"approved"}
    assert (form.fields[f"amount-{second}"], form.fields["party_b"]) == (["301 triệu"], ["Trung tâm (ủy quyền)"])
    assert f"#field-amount-{second}" in page.addresses


def test_preview_writes_nothing(web: Any) -> None:
    codes = approved(web)

    answer = web.by("chi").post("/contracts/new", data=contract(web, codes, do="preview"))

    assert answer.status_code == 200
    assert "600.000.000 đồng" in answer.text
    assert {str(web.office.stage(code)) for code in codes} == {"approved"}


def test_project_that_changed_meanwhile_is_not_signed(web: Any) -> None:
    [code] = approved(web, 1)
    seen = str(web.office.facts(code).version - 1)

    answer = web.by("chi").post("/contracts/new", data=contract(web, [code], **{f"seen-{code}": seen}))

    assert answer.status_code == 409
    assert "vừa được" in answer.text


@pytest.mark.parametrize("missing", ["number", "signed_on", "signer", "code"])
def test_what_is_missing_is_asked_for(web: Any, missing: str) -> None:
    codes = approved(web, 1)

    answer = web.by("chi").post("/contracts/new", data=contract(web, codes, **{missing: ""}))

    assert answer.status_code == 409
    assert str(web.office.stage(codes[0])) == "approved"


def test_file_of_the_contract_is_kept_and_given_back_to_its_unit_only(web: Any) -> None:
    codes = approved(web, 1)
    browser, name = web.by("chi"), "Hợp đồng số 45.pdf"

    answer = browser.post(
        "/contracts/new", data=contract(web, codes), files={"contract_file": (name, PDF, "application/pdf")}
    )

    path = read(browser.get(answer.headers["location"]).text).links[name]
    answers = {who: web.by(who).get(path) for who in ("an", "yen", "em")}
    assert {who: found.status_code for who, found in answers.items()} == {"an": 200, "yen": 404, "em": 200}
    assert answers["an"].content == PDF
    assert answers["an"].headers["content-disposition"].startswith("attachment")


def signed(web: Any, *codes: str, **paper: Any) -> int:
    return int(web.office.sign(*codes, **paper).contract_id)


def test_list_is_filtered_by_what_a_contract_waits_for(web: Any) -> None:
    first, second = approved(web)
    signed(web, first, number="01/HĐ")
    signed(web, second, number="02/HĐ")
    web.office.bring(second, "accepted")

    def numbers(query: str) -> list[str]:
        page = read(web.by("binh").get(f"/contracts{query}").text)
        return [row[0] for table in page.tables for row in table[1:]]

    assert numbers("") == ["02/HĐ", "01/HĐ"]
    assert numbers("?waiting=acceptance") == ["01/HĐ"]
    assert numbers("?waiting=settlement") == ["02/HĐ"]
    assert numbers("?waiting=nothing") == []
    assert numbers("?year=2024&unit=ttkc&route=local") == ["02/HĐ", "01/HĐ"]
    assert numbers("?unit=hoi") == []
    assert numbers("?route=national") == []
    assert numbers("?due=overdue") == []


def test_settlement_that_is_late_is_found(web: Any) -> None:
    [code] = approved(web, 1)
    signed(web, code)
    web.office.bring(code, "accepted")
    web.office.at += timedelta(days=600)

    page = read(web.by("binh").get("/contracts?due=overdue").text)

    assert len(page.tables[0]) == 2
    assert "quá hạn" in page.tables[0][1][-1]


def test_contract_shows_money_and_entries_by_role(web: Any) -> None:
    [code] = approved(web, 1)
    number = signed(web, code)
    web.office.bring(code, "accepted")

    cashier, unit = (read(web.by(who).get(f"/contracts/{number}").text) for who in ("dung", "an"))

    assert f"/projects/{code}/steps/pay" in cashier.addresses
    assert f"/projects/{code}/steps/pay" not in unit.addresses
    assert cashier.tables[0][1][-2:] == ["300.000.000", "0"]


@pytest.mark.parametrize("who", ["yen", "hanh"])
def test_outsiders_see_no_contract(web: Any, who: str) -> None:
    [code] = approved(web, 1)
    number = signed(web, code, number="77/HĐ-KÍN")

    listed, one = web.by(who).get("/contracts"), web.by(who).get(f"/contracts/{number}")

    assert "77/HĐ-KÍN" not in listed.text
    assert "77/HĐ-KÍN" not in one.text
    assert (listed.status_code, one.status_code) == ((200, 404) if who == "yen" else (403, 403))


@pytest.mark.parametrize("who", ["an", "dung", "em", "giang", "hanh"])
def test_others_do_not_sign(web: Any, who: str) -> None:
    codes = approved(web, 1)

    looked, sent = web.by(who).get("/contracts/new"), web.by(who).post("/contracts/new", data=contract(web, codes))

    assert (looked.status_code, sent.status_code) == (403, 403)
    assert str(web.office.stage(codes[0])) == "approved"


def test_contract_taken_back_still_has_its_page(web: Any) -> None:
    [code] = approved(web, 1)
    number = signed(web, code)
    web.office.step(code, "revert", "chau", number="01/PSS", note="Ghi nhầm hợp đồng")

    page = read(web.by("binh").get(f"/contracts/{number}").text)

    assert "Hợp đồng không còn đề án nào" in page.text
    assert [row[1].split(" ")[0] for row in page.tables[-1][1:]] == ["Giảm", "Ký"]


def test_contracts_open_on_both_databases(web_on_both: Any) -> None:
    codes = approved(web_on_both)
    number = signed(web_on_both, *codes)
    browser = web_on_both.by("binh")

    answers = [
        browser.get(path).status_code
        for path in ("/contracts?due=7&waiting=acceptance", "/contracts?due=overdue", f"/contracts/{number}")
    ]

    assert answers == [200, 200, 200]


def test_text_of_others_is_never_markup(web: Any) -> None:
    codes = approved(web, 1, name="<script>alert(1)</script>")
    browser = web.by("chi")

    answer = browser.post("/contracts/new", data=contract(web, codes, party_b="<img src=x>", signer="<b>Chi</b>"))

    text = browser.get(answer.headers["location"]).text + browser.get("/contracts").text
    assert [mark for mark in ("<script>alert", "<img src=x>", "<b>Chi") if mark in text] == []
