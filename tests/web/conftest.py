"""The desk over a real register, visited without a socket; and, for what only a browser shows, on a real one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.testclient import TestClient

from flows.jobs.settings import Settings
from models.desk.sessions import open_session
from models.loading import load_person
from web.access import COOKIE
from web.app import create_app


@dataclass
class WebOffice:
    """An office with its desk. `by(code)` is a browser in which that person is signed in; nobody without a code."""

    office: Any
    app: Any

    def by(self, code: str | None = None) -> TestClient:
        client = TestClient(self.app, base_url="http://127.0.0.1:8321", follow_redirects=False)
        client.headers["sec-fetch-site"] = "same-origin"
        if code is not None:
            with self.office.store.write() as session:
                person = load_person(session, code)
                token = open_session(session, person.id, at=self.office.at, address="test", agent="test")
            client.cookies.set(COOKIE, token)
        return client


def web_office(office: Any, **settings: Any) -> WebOffice:
    """Put a desk over an office; its clock is the office's."""
    settings.setdefault("home", office.store.files.parent)
    app = create_app(Settings(_env_file=None, **settings), office.store, now=lambda: office.at)
    return WebOffice(office, app)


@pytest.fixture
def web(office: Any) -> WebOffice:
    """The desk over a small office on SQLite."""
    return web_office(office)


@pytest.fixture
def make_web() -> Callable[..., WebOffice]:
    return web_office


@pytest.fixture
def web_on_both(office_on_both: Any) -> WebOffice:
    """The desk over the same office on each database."""
    return web_office(office_on_both)


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Any]:
    """One Chromium a worker, started by the first test that needs it."""
    from tests.web.browsing import chromium_running

    with chromium_running() as browser:
        yield browser


@pytest.fixture
def surfer(web: WebOffice, chromium_browser: Any) -> Iterator[Any]:
    """Real browsers before the small office's desk; at the end no page may have misbehaved."""
    from tests.web.browsing import Surfer, serving

    with serving(web.app) as address:
        surfing = Surfer(chromium_browser, web.office, address)
        yield surfing
        surfing.close()
    assert surfing.complaints == []
