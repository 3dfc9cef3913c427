"""Coming in with a real browser: with the keyboard alone, without scripts, in the dark, on a phone."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from models.desk.credentials import hash_password, set_password
from models.loading import load_person
from tests.web.browsing import axe_violations, sideways

pytestmark = pytest.mark.browser

PASSWORD = "trời xanh mây trắng 2026"


def choose(office: Any, code: str) -> None:
    hashed = hash_password(PASSWORD, code=code)
    with office.store.write() as session:
        set_password(session, load_person(session, code).id, hashed, at=office.at)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no_scripts"])
def test_person_signs_in_by_keyboard_alone(surfer: Any, scripts: bool) -> None:
    choose(surfer.office, "binh")
    page = surfer.open(scripts=scripts)

    page.goto("/me")
    page.keyboard.type("binh")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    # The address of the form ends with /me too: it says where to go afterwards.
    page.wait_for_url(lambda url: urlsplit(url).path == "/me")

    assert page.get_by_role("heading", level=1).inner_text() == "Tài khoản của tôi"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_login_page_is_accessible_and_fits_a_phone(surfer: Any, dark: bool) -> None:
    page = surfer.open(dark=dark, width=360)

    page.goto("/login")

    assert axe_violations(page) == []
    assert sideways(page) == 0


def test_refused_login_is_accessible_and_keeps_the_name(surfer: Any) -> None:
    page = surfer.open()

    page.goto("/login")
    page.get_by_label("Tên đăng nhập").fill("binh")
    page.get_by_label("Mật khẩu").fill("sai rồi")
    page.get_by_role("button", name="Đăng nhập").click()

    assert page.get_by_role("alert").inner_text().endswith("Tên đăng nhập hoặc mật khẩu không đúng; hãy thử lại.")
    assert page.get_by_label("Tên đăng nhập").input_value() == "binh"
    assert axe_violations(page) == []
