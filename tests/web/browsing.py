"""A real browser before a real desk: every page it opens must stay at home, keep quiet and obey the policy."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from models.desk.sessions import open_session
from models.loading import load_person
from web.access import COOKIE

#: It must not look around in the world while it drives our pages.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: Milliseconds after which a browser test gives up; pages answer in a few dozen.
PATIENCE = 20_000


def chromium() -> str:
    """Where Chromium is. Without one the test is skipped, and in CI it fails."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("DEAN_TEST_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        why = "no Chromium here: install the package chromium, or set DEAN_TEST_CHROMIUM to its program"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    return found


@contextmanager
def chromium_running() -> Iterator[Browser]:
    """One headless browser."""
    program = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """Serve an application on a free port of the loopback; answers its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off"))
    started = threading.Event()
    startup = server.startup

    async def tell(*given: Any, **named: Any) -> None:
        await startup(*given, **named)
        started.set()

    server.startup = tell  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        assert started.wait(30), "the server did not start"
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


@dataclass
class Surfer:
    """Browsers of people at one desk. `open(code)` gives a page in which that person is signed in."""

    browser: Browser
    office: Any
    address: str
    contexts: list[BrowserContext] = field(default_factory=list)
    #: What a page must not do, and did.
    complaints: list[str] = field(default_factory=list)

    def open(self, code: str | None = None, *, scripts: bool = True, dark: bool = False, width: int = 1280) -> Page:
        context = self.browser.new_context(
            base_url=self.address,
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            viewport={"width": width, "height": 900},
            locale="vi-VN",
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        if code is not None:
            with self.office.store.write() as session:
                person = load_person(session, code)
                token = open_session(session, person.id, at=self.office.at, address="test", agent="test")
            context.add_cookies([{"name": COOKIE, "value": token, "url": self.address}])
        page = context.new_page()
        page.on("request", self._stays_at_home)
        page.on("console", self._keeps_quiet)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        return page

    def _stays_at_home(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob") and not request.url.startswith(self.address):
            self.complaints.append(f"asked elsewhere: {request.url}")

    def _keeps_quiet(self, message: ConsoleMessage) -> None:
        # The browser itself notes answers with 4xx; refusals are ours and meant.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"console {message.type}: {message.text}")

    def close(self) -> None:
        for context in self.contexts:
            context.close()


def axe_violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands: one line a rule, with the first element."""
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['help']}: {rule['nodes'][0]['html'][:160]}" for rule in found]


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


Opener = Callable[..., Page]
