"""My account: the password changed by who knows the old one, browsers signed out one by one or all."""

from datetime import timedelta
from typing import Any

import pytest

from flows.jobs.housekeeping import housekeeping
from flows.jobs.settings import Settings
from models.desk.credentials import hash_password, set_password
from models.desk.throttle import FAILURES
from models.loading import load_person
from tests.web.reading import read

PASSWORD, NEW = "trời xanh mây trắng 2026", "ruộng vàng sông xanh 2027"


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(PASSWORD, code="binh")


@pytest.fixture
def binh(web: Any, hashed: str) -> Any:
    with web.office.store.write() as session:
        set_password(session, load_person(session, "binh").id, hashed, at=web.office.at)
    return web.by("binh")


def test_account_shows_who_i_am(binh: Any) -> None:
    text = read(binh.get("/me").text).text

    assert "Trần Thị Bình (binh)" in text
    assert "Điều phối viên của Sở" in text


def test_password_is_changed_and_this_browser_stays(web: Any, binh: Any) -> None:
    elsewhere = web.by("binh")

    answer = binh.post("/me/password", data={"old": PASSWORD, "new": NEW, "again": NEW})

    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    assert [browser.get("/me").status_code for browser in (binh, elsewhere)] == [200, 303]
    logins = [web.by().post("/login", data={"name": "binh", "password": word}).status_code for word in (PASSWORD, NEW)]
    assert logins == [403, 303]


def test_wrong_old_password_is_refused_beside_its_field_and_rests_after_many(web: Any, binh: Any) -> None:
    typed = {"old": "sai", "new": NEW, "again": NEW}

    answers = [binh.post("/me/password", data=typed) for _ in range(FAILURES + 1)]

    assert {answer.status_code for answer in answers} == {409}
    assert 'id="mistake-old">Mật khẩu đang dùng không đúng' in answers[0].text
    assert "hãy đợi 15 phút" in answers[-1].text
    assert not any(word in answer.text for answer in answers for word in (NEW, 'sai"'))


def test_one_browser_is_signed_out_from_another(web: Any, binh: Any) -> None:
    lost = web.by("binh")
    page = read(binh.get("/me").text)
    [action] = [form.action for form in page.forms if form.action.endswith("/end")]

    answer = binh.post(action)

    assert answer.status_code == 303
    assert [browser.get("/me").status_code for browser in (binh, lost)] == [200, 303]


def test_all_other_browsers_are_signed_out(web: Any, binh: Any) -> None:
    lost = [web.by("binh") for _ in range(3)]

    binh.post("/me/browsers/end-others")

    assert [browser.get("/me").status_code for browser in (binh, *lost)] == [200, 303, 303, 303]


def test_browser_of_somebody_else_is_nobodys_to_end(web: Any, binh: Any) -> None:
    other = web.by("bach")
    page = read(web.by("bach").get("/me").text)
    [action] = [form.action for form in page.forms if form.action.endswith("/end")]

    answer = binh.post(action)

    assert answer.status_code == 409
    assert other.get("/me").status_code == 200


def test_housekeeping_forgets_sessions_long_ended_and_old_failures(web: Any, binh: Any) -> None:
    web.by().post("/login", data={"name": "binh", "password": "sai"})
    kept = {days: tables_after(web, days) for days in (1, 8, 92)}

    assert kept == {1: {"web_session", "login_failure"}, 8: {"web_session"}, 92: set()}


def tables_after(web: Any, days: int) -> set[str]:
    """Which of the tables still hold rows when housekeeping ran some days later."""
    settings = Settings(_env_file=None, home=web.office.store.files.parent)
    at = web.office.at + timedelta(days=days)
    housekeeping(web.office.store, settings, as_of=at.date(), at=at)
    return {table for table in ("web_session", "login_failure") if web.office.everything()[table]}


def test_cookie_is_bound_to_the_host_where_the_desk_is_reached_over_https(office: Any, make_web: Any) -> None:
    from fastapi.testclient import TestClient

    with office.store.write() as session:
        set_password(session, load_person(session, "binh").id, hash_password(PASSWORD, code="binh"), at=office.at)
    web = make_web(office, base_url="https://kc.vinhlong.example")
    browser = TestClient(web.app, base_url="https://kc.vinhlong.example", follow_redirects=False)
    browser.headers["sec-fetch-site"] = "same-origin"

    answer = browser.post("/login", data={"name": "binh", "password": PASSWORD})

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-dean_session=")
    assert all(mark in cookie.lower() for mark in ("secure", "httponly", "path=/", "samesite=lax"))
    assert "domain=" not in cookie.lower()
    assert browser.get("/me").status_code == 200
    assert "max-age" in answer.headers["strict-transport-security"]
    browser.post("/logout")
    assert browser.get("/me").status_code == 303
