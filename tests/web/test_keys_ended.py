"""What ends with a password, a second factor or a sign-out: other browsers, tokens, calendar addresses."""

from datetime import timedelta
from typing import Any

import pytest

from models.desk.access_log import access_log
from models.desk.credentials import hash_password, invite, set_password
from models.desk.feeds import make_feed
from models.desk.second_factor import new_seed, secret_of, set_up
from models.desk.tokens import make_token
from models.loading import load_person
from models.reminders.links import secret_key
from states.scopes import Scope
from tests.web.reading import read

PASSWORD, NEW = "trời xanh mây trắng 2026", "ruộng vàng sông xanh 2027"


@pytest.fixture(scope="module")
def hashed() -> str:
    return hash_password(PASSWORD, code="binh")


@pytest.fixture
def opened(web: Any, hashed: str) -> dict[str, str]:
    """A token and a calendar address of Bình, who has a password."""
    with web.office.store.write() as session:
        binh = load_person(session, "binh")
        set_password(session, binh.id, hashed, at=web.office.at)
        until = web.office.today + timedelta(days=30)
        token = make_token(session, binh, "Kế toán", [Scope.READ], expires_on=until, at=web.office.at)
        return {"token": token, "feed": make_feed(session, binh.id, at=web.office.at)}


def living(web: Any, opened: dict[str, str]) -> tuple[bool, bool]:
    """Do the token and the calendar address still open anything?"""
    by_token = web.by().get("/api/v1/projects", headers={"Authorization": f"Bearer {opened['token']}"})
    return by_token.status_code == 200, web.by().get(f"/feeds/{opened['feed']}.ics").status_code == 200


def acts(web: Any) -> list[tuple[str, str, str | None]]:
    with web.office.store.read() as session:
        return [(row["act"], row["person"], row["by_code"]) for row in access_log(session)]


def test_password_by_a_link_ends_tokens_and_calendar(web: Any, opened: dict[str, str]) -> None:
    with web.office.store.write() as session:
        token = invite(session, load_person(session, "binh").id, at=web.office.at)
    before = living(web, opened)

    web.by().post(f"/invite/{token}", data={"new": NEW, "again": NEW})

    assert (before, living(web, opened)) == ((True, True), (False, False))


@pytest.mark.parametrize(("ticked", "left"), [({"keys": "1"}, (False, False)), ({}, (True, True))])
def test_own_new_password_ends_them_where_ticked(
    web: Any, opened: dict[str, str], ticked: dict[str, str], left: tuple[bool, bool]
) -> None:
    browser = web.by("binh")

    browser.post("/me/password", data={"old": PASSWORD, "new": NEW, "again": NEW} | ticked)

    assert living(web, opened) == left
    assert ("keys_withdrawn" in {act for act, _, _ in acts(web)}) == bool(ticked)


def test_tick_is_on_when_the_form_is_opened(web: Any, opened: dict[str, str]) -> None:
    form = read(web.by("binh").get("/me").text).form("/me/password")

    assert form.fields["keys"] == ["1"]


def test_administrator_ends_them(web: Any, opened: dict[str, str]) -> None:
    giang = web.by("giang")
    page = giang.get("/people/binh").text

    answer = giang.post("/people/binh/keys/withdraw")
    again = giang.post("/people/binh/keys/withdraw")

    assert "Đang có 2: " in read(page).text
    assert (answer.status_code, again.status_code) == (303, 409)
    assert living(web, opened) == (False, False)
    assert acts(web) == [("keys_withdrawn", "binh", "giang")]
    assert "/keys/withdraw" not in giang.get("/people/binh").text


def test_nobody_else_ends_them(web: Any, opened: dict[str, str]) -> None:
    answers = [web.by(who).post("/people/binh/keys/withdraw").status_code for who in ("chi", "em", "binh", None)]

    assert answers == [403, 403, 403, 303]
    assert living(web, opened) == (True, True)


def with_second_factor(web: Any, who: str) -> None:
    from pyotp import TOTP

    key, seed = secret_key(web.office.store.files.parent / "secret.key"), new_seed()
    with web.office.store.write() as session:
        code = TOTP(secret_of(key, seed)).at(web.office.at)
        set_up(session, key, load_person(session, who).id, seed, code, ["a", "b"], at=web.office.at)


def test_reset_of_the_second_factor_signs_the_person_out(web: Any) -> None:
    browser, giang = web.by("binh"), web.by("giang")
    with_second_factor(web, "binh")

    giang.post("/people/binh/second-factor/reset")

    assert (browser.get("/me").status_code, giang.get("/me").status_code) == (303, 200)
