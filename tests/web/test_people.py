"""The people: read by those who watch, changed by administrators, never left without one."""

from typing import Any

import pytest

from models.loading import load_person
from models.queries import person
from tests.web.reading import read


def row_of(web: Any, code: str) -> dict[str, Any]:
    with web.office.store.read() as session:
        return person(session, code)


def typed(web: Any, code: str, **changes: Any) -> dict[str, Any]:
    """The form of a person as it is shown, with some fields typed anew."""
    page = read(web.by("giang").get(f"/people/{code}").text)
    return page.form(f"/people/{code}").filled(**changes)


def test_list_shows_everyone_and_who_cannot_sign_in_yet(web: Any) -> None:
    rows = read(web.by("giang").get("/people").text).tables[0][1:]

    assert len(rows) == 10
    assert rows[0][:4] == [
        "Nguyễn Văn An an",
        "Cán bộ đơn vị thực hiện",
        "Trung tâm Khuyến công",
        "chưa có mật khẩu",
    ]


def test_list_is_narrowed_by_role_and_state(web: Any) -> None:
    browser = web.by("giang")
    browser.post("/people/bach/lock", data={"note": "Chuyển công tác"})

    by_role = read(browser.get("/people?role=coordinator").text).tables[0][1:]
    locked = read(browser.get("/people?state=locked").text).tables[0][1:]
    nobody = browser.get("/people?role=auditor&state=locked")

    assert [row[0] for row in by_role] == ["Trần Thị Bình binh", "Đỗ Xuân Bách bach"]
    assert [row[0] for row in locked] == ["Đỗ Xuân Bách bach"]
    assert "hãy bỏ bớt điều kiện lọc" in nobody.text


@pytest.mark.parametrize(("who", "status"), [("chi", 200), ("em", 200), ("binh", 403), ("an", 403), ("hanh", 403)])
def test_list_is_read_by_those_who_watch_and_changed_by_none_of_them(web: Any, who: str, status: int) -> None:
    browser = web.by(who)

    assert browser.get("/people").status_code == status
    assert browser.get("/people/an").status_code == status
    assert browser.get("/people/new").status_code == 403
    assert browser.post("/people/an", data={"name": "Ai Đó"}).status_code == 403
    assert "Sửa thông tin" not in browser.get("/people/an").text


def test_new_person_is_recorded_with_contact_outside_the_events(web: Any) -> None:
    form = {"code": "khoa", "name": "Hồ Văn Khoa", "role": "centre_officer", "unit": "hoi", "email": "khoa@hoi.example"}

    answer = web.by("giang").post("/people/new", data=form)

    assert (answer.status_code, answer.headers["location"]) == (303, "/people/khoa")
    row = row_of(web, "khoa")
    assert (row["name"], row["role"], row["unit"], row["email"]) == (
        "Hồ Văn Khoa",
        "centre_officer",
        "hoi",
        "khoa@hoi.example",
    )
    assert "khoa@hoi.example" not in repr(web.office.everything()["event"])
    web.office.prove()


@pytest.mark.parametrize(
    ("changes", "field", "why"),
    [
        ({"code": ""}, "code", "Hãy ghi mã người dùng"),
        ({"code": "có dấu"}, "code", "hãy dùng chữ không dấu"),
        ({"code": "an"}, "code", "đã có; hãy chọn mã khác"),
        ({"name": ""}, "name", "Hãy ghi Họ tên"),
        ({"role": ""}, "role", "Hãy chọn vai trò"),
        ({"role": "king"}, "role", "không có trong danh sách"),
        ({"unit": ""}, "unit", "phải thuộc một đơn vị"),
        ({"unit": "xyz"}, "unit", "Không có đơn vị «xyz»"),
        ({"email": "khoa"}, "email", "không đúng dạng"),
        ({"phone": "abc"}, "phone", "không đúng dạng"),
        ({"role": "commune_viewer"}, "place", "phải có địa bàn"),
    ],
)
def test_new_person_is_refused_beside_the_field_with_everything_kept(
    web: Any, changes: dict[str, str], field: str, why: str
) -> None:
    form = {"code": "khoa", "name": "Hồ Văn Khoa", "role": "centre_officer", "unit": "hoi", "phone": "0912 345 678"}

    answer = web.by("giang").post("/people/new", data=form | changes)

    page = read(answer.text)
    assert answer.status_code == 409
    assert f"#field-{field}" in page.addresses
    assert why in page.text
    kept = page.form("/people/new").fields
    assert {name: kept[name][0] for name in ("code", "name", "phone")} == {
        name: (form | changes)[name] for name in ("code", "name", "phone")
    }


def test_person_is_edited_and_only_what_changed_is_an_event(web: Any) -> None:
    answer = web.by("giang").post("/people/an", data=typed(web, "an", name="Nguyễn Văn Ân", note="QĐ 12/QĐ-SCT"))

    assert answer.status_code == 303
    assert row_of(web, "an")["name"] == "Nguyễn Văn Ân"
    [body] = [row for row in web.office.everything()["event"] if "QĐ 12/QĐ-SCT" in repr(row)]
    assert '"set":{"name":"Nguyễn Văn Ân"}' in repr(body)
    web.office.prove()


def test_unit_is_taken_away_when_the_role_no_longer_needs_it(web: Any) -> None:
    answer = web.by("giang").post("/people/an", data=typed(web, "an", role="coordinator", unit=""))

    assert answer.status_code == 303
    assert (row_of(web, "an")["role"], row_of(web, "an")["unit"]) == ("coordinator", None)
    web.office.prove()


def test_contact_alone_is_changed_without_an_event(web: Any) -> None:
    before = len(web.office.everything()["event"])

    answer = web.by("giang").post("/people/an", data=typed(web, "an", phone="0912 345 678"))

    assert answer.status_code == 303
    assert (row_of(web, "an")["phone"], len(web.office.everything()["event"])) == ("0912 345 678", before)


def test_nothing_changed_is_said(web: Any) -> None:
    answer = web.by("giang").post("/people/an", data=typed(web, "an"))

    assert (answer.status_code, "Không có gì thay đổi" in answer.text) == (409, True)


def test_stale_form_does_not_undo_what_another_administrator_did(web: Any) -> None:
    mine, theirs = typed(web, "an", phone="0912 345 678"), typed(web, "an", name="Nguyễn Văn Ân")
    web.by("giang").post("/people/an", data=theirs)

    answer = web.by("giang").post("/people/an", data=mine)

    assert (answer.status_code, "vừa được người khác sửa" in answer.text) == (409, True)
    assert row_of(web, "an")["name"] == "Nguyễn Văn Ân"


def test_lock_signs_out_and_unlock_lets_in_again(web: Any) -> None:
    an, giang = web.by("an"), web.by("giang")

    giang.post("/people/an/lock", data={"note": "Nghỉ việc"})
    locked = an.get("/me").status_code
    told = giang.get("/people/an").text
    giang.post("/people/an/unlock", data={})

    assert locked == 303
    assert "Đã khóa và đăng xuất mọi trình duyệt của Nguyễn Văn An." in told
    assert an.get("/me").status_code == 303
    assert web.by("an").get("/me").status_code == 200
    web.office.prove()


@pytest.mark.parametrize("changes", [{"role": "auditor"}, None], ids=["role", "lock"])
def test_last_administrator_stays(web: Any, changes: dict[str, str] | None) -> None:
    browser = web.by("giang")

    if changes is None:
        answer = browser.post("/people/giang/lock", data={})
    else:
        answer = browser.post("/people/giang", data=typed(web, "giang", **changes))

    assert (answer.status_code, "là quản trị cuối cùng" in answer.text) == (409, True)
    assert browser.get("/people").status_code == 200


def test_invitation_is_shown_once_and_works(web: Any) -> None:
    browser = web.by("giang")

    made = browser.post("/people/an/invite")
    later = browser.get("/people/an").text
    [link] = [text for text in read(made.text).texts if "/invite/" in text]

    assert link.startswith("http://127.0.0.1:8321/invite/")
    assert link not in later
    assert "có đường dẫn đặt mật khẩu dùng được đến 04/01/2024 08:00" in read(later).text
    assert web.by().get(link.removeprefix("http://127.0.0.1:8321")).status_code == 200
    assert link.rpartition("/")[2] not in repr(web.office.everything())


def test_locked_person_is_not_invited(web: Any) -> None:
    browser = web.by("giang")
    browser.post("/people/an/lock", data={})

    assert browser.post("/people/an/invite").status_code == 409


def test_sessions_are_ended_by_an_administrator(web: Any) -> None:
    an = [web.by("an"), web.by("an")]

    answer = web.by("giang").post("/people/an/sign-out")

    assert answer.status_code == 303
    assert [browser.get("/me").status_code for browser in an] == [303, 303]


def test_unknown_person_is_not_found(web: Any) -> None:
    assert web.by("giang").get("/people/nobody").status_code == 404


def test_name_of_a_person_is_never_markup(web: Any) -> None:
    browser = web.by("giang")
    browser.post("/people/an", data=typed(web, "an", name="<script>alert(1)</script>"))

    pages = [browser.get(path).text for path in ("/people", "/people/an", "/log")]

    assert not any("<script>alert" in page for page in pages)
    with web.office.store.read() as session:
        assert load_person(session, "an").name == "<script>alert(1)</script>"
