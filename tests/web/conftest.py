"""The desk over a real register, visited without a socket; and, for what only a browser shows, on a real one."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from flows.jobs.settings import Settings
from models.desk.sessions import open_session
from models.loading import load_person
from models.queries import register
from models.store import open_store
from web.access import COOKIE
from web.app import create_app
from web.desk import Desk


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


@pytest.fixture(scope="session")
def one_app() -> list[Any]:
    """The application that the tests of one worker share: building its 280 routes takes longer than most tests."""
    return []


def at_the_shared_desk(one_app: list[Any], office: Any) -> WebOffice:
    """Put the shared application before another office. Tests with settings of their own make one (`make_web`)."""
    if not one_app:
        one_app.append(web_office(office).app)
    [app] = one_app
    settings = Settings(_env_file=None, home=office.store.files.parent)
    app.state.desk = Desk(settings, office.store, register(office.store), lambda: office.at)
    return WebOffice(office, app)


@pytest.fixture
def web(one_app: list[Any], office: Any) -> WebOffice:
    """The desk over a small office on SQLite."""
    return at_the_shared_desk(one_app, office)


@pytest.fixture
def at_address(web: WebOffice) -> Callable[[str], TestClient]:
    """A browser in which nobody is signed in, at an address of its own."""

    def browser(address: str) -> TestClient:
        client = TestClient(web.app, base_url="http://127.0.0.1:8321", follow_redirects=False, client=(address, 50000))
        client.headers["sec-fetch-site"] = "same-origin"
        return client

    return browser


@pytest.fixture
def make_web() -> Callable[..., WebOffice]:
    return web_office


@pytest.fixture
def web_on_both(one_app: list[Any], office_on_both: Any) -> WebOffice:
    """The desk over the same office on each database."""
    return at_the_shared_desk(one_app, office_on_both)


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Any]:
    """One Chromium a worker, started by the first test that needs it."""
    from tests.web.browsing import chromium_running

    with chromium_running() as browser:
        yield browser


@pytest.fixture(scope="session")
def windows(chromium_browser: Any) -> Any:
    """The windows of a worker's browser, used again by test after test."""
    from tests.web.browsing import Windows

    return Windows(chromium_browser)


@pytest.fixture(scope="session")
def served_app(one_app: list[Any]) -> Iterator[Callable[[Any], str]]:
    """Serve the shared application, on the same address for every test of a worker."""
    from tests.web.browsing import serving

    with ExitStack() as stack:

        @cache
        def address(app: Any) -> str:
            return stack.enter_context(serving(app))

        yield address


@pytest.fixture
def surfer(web: WebOffice, served_app: Callable[[Any], str], windows: Any) -> Iterator[Any]:
    """Real browsers before the small office's desk; at the end no page may have misbehaved."""
    from tests.web.browsing import Surfer

    surfing = Surfer(windows, web.office, served_app(web.app))
    yield surfing
    surfing.close()
    assert surfing.complaints == []


@pytest.fixture(scope="session")
def open_desk(
    furnished: tuple[Path, int], tmp_path_factory: pytest.TempPathFactory, chromium_browser: Any
) -> Callable[..., Any]:
    """Serve an office that tests share: for whole modules that only look. Answers its sample and its browsers."""
    from tests.conftest import Office
    from tests.web.browsing import Surfer, Windows, serving
    from tests.web.sampled import live

    @contextmanager
    def opened(mark: str = "") -> Iterator[tuple[Any, Any]]:
        folder = tmp_path_factory.mktemp("desk")
        template, beneficiary = furnished
        shutil.copy(template, folder / "dean.db")
        store = open_store(f"sqlite:///{folder / 'dean.db'}", folder / "files")
        office = Office(store, beneficiary=beneficiary)
        sample = live(office, mark)
        with serving(web_office(office).app) as address:
            surfing = Surfer(Windows(chromium_browser), office, address)
            yield sample, surfing
            surfing.close()
            surfing.windows.close()
        store.close()

    return opened
