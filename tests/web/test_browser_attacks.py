"""Pages of somebody else, opened in the browser of a person who is signed in: nothing that they send is taken."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from tests.web.browsing import serving

pytestmark = pytest.mark.browser


@contextmanager
def attacker(target: str) -> Iterator[str]:
    """A site of its own on the loopback whose page sends a form to the desk when its button is pressed."""

    def page(_request: Request) -> HTMLResponse:
        return HTMLResponse(f'<form method="post" action="{target}"><button>Nhận quà</button></form>')

    def frame(_request: Request) -> HTMLResponse:
        return HTMLResponse(f'<iframe src="{target}"></iframe>')

    with serving(Starlette(routes=[Route("/", page), Route("/frame", frame)])) as address:
        yield address


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["another_port", "another_site"])
def test_form_of_another_origin_is_refused(surfer: Any, host: str) -> None:
    page = surfer.open("binh")
    answers: list[int] = []
    page.on("response", lambda answer: answers.append(answer.status) if answer.url.endswith("/logout") else None)

    with attacker(f"{surfer.address}/logout") as site:
        page.goto(site.replace("127.0.0.1", host))
        page.get_by_role("button").click()
        page.wait_for_url("**/logout")

    assert answers == [403]
    page.goto("/me")
    assert page.get_by_role("heading", level=1).inner_text() == "Tài khoản của tôi"
    # The way to the other site is what this test is about.
    surfer.complaints.clear()


def test_desk_cannot_be_framed(surfer: Any) -> None:
    page = surfer.open("binh")

    with attacker(f"{surfer.address}/me") as site:
        page.goto(f"{site}/frame")
        page.wait_for_load_state("networkidle")
        framed = [frame for frame in page.frames if frame.url.startswith(surfer.address)]

    assert framed == []
    assert any("frame-ancestors" in complaint for complaint in surfer.complaints)
    surfer.complaints.clear()
