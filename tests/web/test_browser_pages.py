"""Every page in a real browser: accessible in light and dark, fit for a phone, quiet, and at home."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from states.vocabulary import Role
from tests.web.browsing import axe_violations, sideways
from tests.web.sampled import NO_PAGES, PAGES, Look, looks

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(open_desk: Callable[..., Any]) -> Iterator[Any]:
    """A desk at which nobody writes: the sample of its office and its browsers."""
    with open_desk() as opened:
        yield opened


@pytest.fixture(scope="module")
def opened_by(desk: Any) -> Callable[[str | None], Page]:
    """A window a person, kept open from page to page."""
    _, surfer = desk
    opened: dict[str | None, Page] = {}

    def window(who: str | None) -> Page:
        if who not in opened:
            opened[who] = surfer.open(who)
        return opened[who]

    return window


@pytest.mark.parametrize("look", list(looks()), ids=lambda look: look.name)
def test_page_is_accessible_quiet_and_fits_a_phone(
    desk: Any, opened_by: Callable[[str | None], Page], look: Look
) -> None:
    sample, surfer = desk
    page = opened_by(look.who)
    surfer.complaints.clear()
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")

    page.goto(look.address.format(**sample.named))
    light = axe_violations(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 360, "height": 740})
    dark = axe_violations(page)

    assert (light, dark) == ([], [])
    assert sideways(page) == 0
    assert page.locator("html").get_attribute("lang") == "vi"
    assert page.locator("h1").count() == 1
    assert surfer.complaints == []


def test_every_page_of_the_application_is_looked_at(web: Any) -> None:
    opened = {route.path for route in web.app.state.permissions if route.method == "GET"}

    assert {path for path in opened if not path.startswith("/api/")} == {*PAGES, *NO_PAGES}


#: Who opens what is no page: the first of them whose role may.
WHO = {Role.ADMINISTRATOR: "giang", Role.COORDINATOR: "binh", Role.LEADER: "chi", Role.CENTRE_OFFICER: "an"}


def test_what_is_no_page_shows_none(desk: Any, web: Any, opened_by: Callable[[str | None], Page]) -> None:
    sample, surfer = desk
    may = {route.path: route.who for route in web.app.state.permissions if route.method == "GET"}

    shown = {}
    for route, address in NO_PAGES.items():
        who = next(code for role, code in WHO.items() if may[route] is None or role in may[route])
        request = opened_by(who).context.request
        answer = request.get(surfer.address + address.format(**sample.named), max_redirects=0)
        is_page = answer.headers.get("content-type", "").startswith("text/html")
        shown[route] = (answer.status in (404, 500), is_page)

    assert shown == dict.fromkeys(NO_PAGES, (False, False))
