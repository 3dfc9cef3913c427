"""Coming in: with a password, as a demonstration user, and for strangers nowhere."""

from typing import Any

import pytest

from models.desk.credentials import hash_password, set_password
from models.desk.throttle import FAILURES
from models.loading import load_person
from states.refusal import Refused
from web.access import COOKIE
from web.pages.entrance import WRONG, own_path

PASSWORD = "trời xanh mây trắng 2026"


def choose(web: Any, code: str, password: str = PASSWORD) -> None:
    hashed = hash_password(password, code=code)
    with web.office.store.write() as session:
        set_password(session, load_person(session, code).id, hashed, at=web.office.at)


def test_login_opens_a_session_and_goes_where_the_person_wanted(web: Any) -> None:
    choose(web, "binh")
    browser = web.by()

    answer = browser.post("/login", data={"name": "binh", "password": PASSWORD, "next": "/calendar"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/calendar")
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert browser.cookies[COOKIE]


def test_login_with_decomposed_letters_is_the_same_password(web: Any) -> None:
    import unicodedata

    choose(web, "binh")

    answer = web.by().post("/login", data={"name": "binh", "password": unicodedata.normalize("NFD", PASSWORD)})

    assert answer.status_code == 303


@pytest.mark.parametrize(("name", "password"), [("binh", "sai mật khẩu"), ("nobody", PASSWORD), ("", "")])
def test_login_says_the_same_of_a_wrong_name_and_a_wrong_password(web: Any, name: str, password: str) -> None:
    choose(web, "binh")

    answer = web.by().post("/login", data={"name": name, "password": password})

    assert answer.status_code == 403
    assert WRONG in answer.text
    assert password not in answer.text or not password


def test_login_rests_after_too_many_failures_and_recovers(web: Any) -> None:
    from datetime import timedelta

    choose(web, "binh")
    for _ in range(FAILURES):
        web.by().post("/login", data={"name": "binh", "password": "sai"})

    resting = web.by().post("/login", data={"name": "binh", "password": PASSWORD})
    web.office.at += timedelta(minutes=16)
    rested = web.by().post("/login", data={"name": "binh", "password": PASSWORD})

    assert (resting.status_code, rested.status_code) == (429, 303)
    assert "hãy đợi 15 phút" in resting.text


def test_stranger_is_sent_to_the_login_and_back(web: Any) -> None:
    answer = web.by().get("/me?tab=1")

    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/me%3Ftab%3D1")


def test_session_ends_with_time_with_the_logout_and_with_the_lock(web: Any) -> None:
    from datetime import timedelta

    browser = web.by("binh")
    assert browser.get("/login").headers["location"] == "/"

    browser.post("/logout")
    assert browser.get("/login").status_code == 200
    left_alone = web.by("binh")
    web.office.at += timedelta(minutes=31)
    assert left_alone.get("/login").status_code == 200


def test_new_password_ends_every_session(web: Any) -> None:
    browser = web.by("binh")

    choose(web, "binh")

    assert browser.get("/login").status_code == 200


def test_demonstration_door_is_closed_in_an_office(web: Any) -> None:
    answer = web.by().post("/login/demonstration", data={"name": "giang"})

    assert answer.status_code == 409
    assert COOKIE not in answer.cookies


@pytest.mark.parametrize(
    ("typed", "led"),
    [
        ("/projects?x=1", "/projects?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("projects", "/"),
        ("/a\nb", "/"),
    ],
)
def test_next_leads_nowhere_else(typed: str, led: str) -> None:
    assert own_path(typed) == led


@pytest.mark.parametrize("password", ["ngắn", "aaaaaaaaaaaaaaa", "binhbinhbinh", "1234567890123", "x" * 201])
def test_password_that_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(Refused):
        hash_password(password, code="binh")


# --- other sites ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "", "origin": "http://evil.example"},
        {"sec-fetch-site": "", "origin": "null"},
        {"sec-fetch-site": "", "referer": "http://evil.example/form"},
    ],
    ids=lambda headers: "_".join(headers.values()).strip("_"),
)
def test_form_of_another_site_is_refused(web: Any, headers: dict[str, str]) -> None:
    browser = web.by("binh")
    browser.headers.pop("sec-fetch-site")

    answer = browser.post("/logout", headers={name: value for name, value in headers.items() if value})

    assert answer.status_code == 403
    assert browser.get("/login").headers["location"] == "/"


@pytest.mark.parametrize(
    "headers", [{"sec-fetch-site": "same-origin"}, {"origin": "http://127.0.0.1:8321"}], ids=["named", "by_origin"]
)
def test_form_of_our_own_page_is_taken(web: Any, headers: dict[str, str]) -> None:
    browser = web.by("binh")
    browser.headers.pop("sec-fetch-site")

    assert browser.post("/logout", headers=headers).status_code == 303


def test_unknown_host_is_refused(web: Any) -> None:
    assert web.by().get("/login", headers={"host": "evil.example"}).status_code == 400


def test_every_answer_carries_the_guards(web: Any) -> None:
    answer = web.by().get("/login")

    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in answer.headers


def test_endless_body_is_refused(web: Any) -> None:
    browser = web.by("binh")

    answer = browser.post("/language", content=b"x" * (27 * 1024 * 1024))

    assert answer.status_code == 413
