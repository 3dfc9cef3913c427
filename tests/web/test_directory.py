"""Danh bạ: found without accents, written once, counted as far as the reader sees."""

from typing import Any

import pytest

from tests.web.reading import read


def written(**typed: Any) -> dict[str, Any]:
    return {"name": "Cơ sở Gạch Cầu Đôi", "kind": "household", "tax_code": "1500123456"} | typed


def test_beneficiary_is_found_without_accents(web: Any) -> None:
    web.office.workshop("Cơ sở Bánh tráng Cù lao Mây")

    page = read(web.by("an").get("/directory?words=banh trang cu lao").text)

    assert [row[1] for row in page.tables[0][1:]] == ["Cơ sở Bánh tráng Cù lao Mây"]


@pytest.mark.parametrize("who", ["an", "binh", "giang"])
def test_beneficiary_is_added_and_shown(web: Any, who: str) -> None:
    browser = web.by(who)

    answer = browser.post("/directory/beneficiaries/new", data=written(women_owned="1", place="vlm-p-long-chau"))

    page = read(browser.get(answer.headers["location"]).text)
    assert answer.status_code == 303
    assert "Cơ sở Gạch Cầu Đôi" in page.text
    assert "1500123456" in page.text
    assert "do phụ nữ làm chủ" in page.text


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"tax_code": "9900912345"}, "tax_code", "Mã số thuế 9900912345 đã có"),
        ({"tax_code": "12"}, "tax_code", "phải gồm 10 chữ số"),
        ({"name": "Co so tau hu ky My Hoa"}, "name", "Tên gần giống đơn vị đã có"),
        ({"name": ""}, "name", "Hãy ghi tên đơn vị thụ hưởng"),
        ({"kind": "bank"}, "kind", "Loại này không có trong danh sách"),
        ({"place": "nowhere"}, "place", ""),
    ],
)
def test_refusal_stands_beside_its_field_and_keeps_the_rest(
    web: Any, typed: dict[str, str], field: str, said: str
) -> None:
    answer = web.by("an").post("/directory/beneficiaries/new", data=written(**typed))

    page = read(answer.text)
    assert answer.status_code == 409
    assert said in page.text
    assert f"#field-{field}" in page.addresses
    assert page.form("/directory/beneficiaries/new").fields["name"] == [typed.get("name", "Cơ sở Gạch Cầu Đôi")]
    assert "--distinct" not in page.text


def test_like_name_is_taken_when_it_is_another_one(web: Any) -> None:
    answer = web.by("an").post(
        "/directory/beneficiaries/new", data=written(name="Co so tau hu ky My Hoa", distinct="1")
    )

    assert answer.status_code == 303


def test_beneficiary_is_put_right_by_an_event(web: Any) -> None:
    number = web.office.workshop("Cơ sở Cũ")
    browser, path = web.by("binh"), f"/directory/beneficiaries/{number}"
    form = read(browser.get(f"{path}/edit").text).form(f"{path}/edit")

    answer = browser.post(f"{path}/edit", data=form.filled(name="Cơ sở Mới", note="Theo giấy phép mới"))

    assert answer.status_code == 303, answer.text
    assert "Cơ sở Mới" in browser.get(path).text
    last = max(web.office.everything()["event"])
    assert ("beneficiary", number) == tuple(last[1:3])
    web.office.prove()


def test_edit_that_changes_nothing_is_refused(web: Any) -> None:
    number = web.office.workshop("Cơ sở Cũ")
    browser, path = web.by("binh"), f"/directory/beneficiaries/{number}/edit"
    form = read(browser.get(path).text).form(path)

    assert browser.post(path, data=form.filled()).status_code == 409


def test_edit_does_not_take_the_tax_code_of_another(web: Any) -> None:
    number = web.office.workshop("Cơ sở Cũ")

    answer = web.by("binh").post(
        f"/directory/beneficiaries/{number}/edit", data=written(name="Cơ sở Cũ", tax_code="9900912345")
    )

    assert answer.status_code == 409
    assert "Mã số thuế 9900912345 đã có" in answer.text


@pytest.mark.parametrize("who", ["an", "chi", "dung", "em", "hanh"])
def test_others_do_not_edit(web: Any, who: str) -> None:
    path = f"/directory/beneficiaries/{web.office.beneficiary}/edit"

    answers = web.by(who).get(path), web.by(who).post(path, data=written())

    assert [answer.status_code for answer in answers] == [403, 403]


def test_projects_and_counts_are_those_that_the_reader_sees(web: Any) -> None:
    code = web.office.bring(web.office.open(name="Đề án của trung tâm"), "approved")
    path = f"/directory/beneficiaries/{web.office.beneficiary}"

    own, other = (read(web.by(who).get(path).text) for who in ("an", "yen"))
    counts = {who: read(web.by(who).get("/directory").text).tables[0][1][-1] for who in ("an", "yen", "em")}

    assert [row[3] for row in own.tables[0][1:]] == ["300.000.000"]
    assert code not in other.text
    assert counts == {"an": "1", "yen": "0", "em": "1"}


def test_units_are_listed_with_own_counts_and_added_by_few(web: Any) -> None:
    web.office.open()
    browser = web.by("binh")

    answer = browser.post("/directory/units", data={"code": "phusa", "name": "Công ty Phù Sa"})
    again = browser.post("/directory/units", data={"code": "phusa", "name": "Khác"})

    rows = {row[0]: row[1:] for row in read(browser.get("/directory/units").text).tables[0][1:]}
    hidden = {row[0]: row[-1] for row in read(web.by("yen").get("/directory/units").text).tables[0][1:]}
    assert (answer.status_code, again.status_code) == (303, 409)
    assert rows["phusa"] == ["Công ty Phù Sa", "thực hiện đề án", "0"]
    assert rows["ttkc"][-1].startswith("1")
    assert hidden["ttkc"] == "0"
    assert web.by("an").post("/directory/units", data={"code": "x", "name": "X"}).status_code == 403


def test_places_are_found_by_name_level_and_day(web: Any) -> None:
    browser = web.by("an")

    today = read(browser.get("/directory/places?words=long chau&level=commune&on=01/08/2025").text)
    wrong = browser.get("/directory/places?on=31/02/2025")
    place = read(browser.get("/directory/places/vlm-p-long-chau").text)

    assert [row[0] for row in today.tables[0][1:]] == ["vlm-p-long-chau"]
    assert (wrong.status_code, "không có trong lịch" in wrong.text) == (200, True)
    assert "Long Châu" in place.title
    assert browser.get("/directory/places/atlantis").status_code == 404


def test_place_counts_what_the_reader_sees(web: Any) -> None:
    web.office.bring(web.office.open(place="vlm-p-long-chau"), "submitted")

    seen, hidden = (read(web.by(who).get("/directory/places/vlm-p-long-chau").text) for who in ("an", "yen"))

    assert "/projects?place=vlm-p-long-chau" in seen.addresses
    assert "/projects?place=vlm-p-long-chau" not in hidden.addresses


def test_bodies_are_listed_with_their_days(web: Any) -> None:
    page = read(web.by("an").get("/directory/bodies").text)

    assert {row[0] for row in page.tables[0][1:]} >= {"Sở Công Thương", "UBND tỉnh"}


def test_doubles_are_shown(web: Any) -> None:
    web.by("binh").post("/directory/beneficiaries/new", data=written(name="Co so tau hu ky My Hoa", distinct="1"))

    page = read(web.by("em").get("/directory/duplicates").text)

    assert len(page.tables[0][1:]) == 2
    assert web.by("an").get("/directory/duplicates").status_code == 403


@pytest.mark.parametrize(
    "path", ["/directory", "/directory/units", "/directory/places", "/directory/bodies", "/directory/beneficiaries/1"]
)
def test_commune_viewers_do_not_open_the_directory(web: Any, path: str) -> None:
    assert web.by("hanh").get(path).status_code == 403


def test_strange_numbers_are_not_found(web: Any) -> None:
    answers = [web.by("an").get(f"/directory/beneficiaries/{n}").status_code for n in (99, 2**63 - 1, 2**64, 0)]

    assert answers == [404, 404, 422, 422]


def test_directory_opens_on_both_databases(web_on_both: Any) -> None:
    web_on_both.office.open()
    browser = web_on_both.by("binh")
    number = web_on_both.office.beneficiary
    paths = (
        "/directory?words=my hoa",
        "/directory/units",
        f"/directory/beneficiaries/{number}",
        "/directory/duplicates",
    )

    assert [browser.get(path).status_code for path in (*paths, "/directory/places/vlm-p-long-chau")] == [200] * 5


def test_text_of_others_is_never_markup(web: Any) -> None:
    number = web.office.workshop("<script>alert(1)</script>")

    text = "".join(web.by("an").get(path).text for path in ("/directory", f"/directory/beneficiaries/{number}"))

    assert "<script>alert" not in text
