"""Choosing a password by a link: once, in time, by nobody else; and how the first administrator comes in."""

from datetime import timedelta
from typing import Any

import pytest

from models.desk.access_log import access_log
from models.desk.credentials import invite
from models.loading import load_person
from models.people import edit_person

PASSWORD = "trời xanh mây trắng 2026"
TWICE = {"new": PASSWORD, "again": PASSWORD}


def link(web: Any, who: str = "giang") -> str:
    with web.office.store.write() as session:
        return f"/invite/{invite(session, load_person(session, who).id, at=web.office.at)}"


def test_new_office_says_how_its_administrator_comes_in(web: Any) -> None:
    page = web.by().get("/login")

    assert "Sổ này chưa có ai đặt mật khẩu" in page.text
    assert "Vào sổ minh họa" not in page.text


def test_link_sets_a_password_and_lets_in(web: Any) -> None:
    browser, path = web.by(), link(web)

    shown = browser.get(path)
    answer = browser.post(path, data=TWICE)
    again = web.by().post("/login", data={"name": "giang", "password": PASSWORD})

    assert "cho Bùi Trường Giang, tên đăng nhập giang" in shown.text
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.get("/me").status_code == 200
    assert again.status_code == 303
    with web.office.store.read() as session:
        assert [(row["act"], row["person"]) for row in access_log(session)] == [("password", "giang")]


def test_looking_at_the_link_uses_nothing_up(web: Any) -> None:
    path = link(web)

    assert [web.by().get(path).status_code for _ in range(3)] == [200, 200, 200]


def test_link_works_once(web: Any) -> None:
    path = link(web)
    web.by().post(path, data=TWICE)

    answers = [web.by().get(path), web.by().post(path, data=TWICE)]

    assert [answer.status_code for answer in answers] == [404, 409]
    assert all("hãy nhờ quản trị gửi đường dẫn mới" in answer.text for answer in answers)


def test_link_ends_after_two_days(web: Any) -> None:
    path = link(web)

    web.office.at += timedelta(hours=48)

    assert web.by().get(path).status_code == 404


def test_newer_link_ends_the_older_one(web: Any) -> None:
    old = link(web)
    new = link(web)

    assert [web.by().get(path).status_code for path in (old, new)] == [404, 200]


def test_link_of_a_locked_person_is_dead(web: Any) -> None:
    path = link(web, "binh")

    with web.office.store.write() as session:
        edit_person(session, "binh", web.office.origin, active=False)

    assert web.by().get(path).status_code == 404


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"new": PASSWORD, "again": "khác hẳn mật khẩu kia"}, "không giống nhau"),
        ({"new": "ngắn", "again": "ngắn"}, "phải dài từ 10 ký tự"),
        ({}, "phải dài từ 10 ký tự"),
    ],
)
def test_password_that_will_not_do_is_refused_and_the_link_stays(web: Any, typed: dict[str, str], why: str) -> None:
    path = link(web)

    refused = web.by().post(path, data=typed)

    assert (refused.status_code, why in refused.text) == (409, True)
    assert PASSWORD not in refused.text
    assert web.by().post(path, data=TWICE).status_code == 303


def test_link_ends_the_sessions_of_the_old_password_and_forgives_failures(web: Any) -> None:
    old = web.by("giang")
    for _ in range(5):
        web.by().post("/login", data={"name": "giang", "password": "sai"})
    browser = web.by()

    browser.post(link(web), data=TWICE)

    assert old.get("/me").status_code == 303
    assert web.by().post("/login", data={"name": "giang", "password": PASSWORD}).status_code == 303


def test_blanks_around_a_password_belong_to_it(web: Any) -> None:
    web.by().post(link(web), data={"new": f" {PASSWORD}", "again": f" {PASSWORD}"})

    answers = [web.by().post("/login", data={"name": "giang", "password": word}) for word in (PASSWORD, f" {PASSWORD}")]

    assert [answer.status_code for answer in answers] == [403, 303]
