"""A real browser before a real desk: every page it opens must stay at home, keep quiet and obey the policy."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Request, sync_playwright
from playwright.sync_api import TimeoutError as PatienceLost

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
PATIENCE = 40_000


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


class Windows:
    """Windows of one browser that tests use one after the other: to open a new one takes longer than many tests.

    Each has cookies of its own, and none when it is taken.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.closed: dict[tuple[str, bool], list[Page]] = {}

    def take(self, address: str, *, scripts: bool) -> Page:
        free = self.closed.get((address, scripts), [])
        if free:
            return free.pop()
        context = self.browser.new_context(base_url=address, java_script_enabled=scripts, locale="vi-VN")
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    def give_back(self, page: Page, address: str, *, scripts: bool) -> None:
        """Leave the desk and forget who was signed in; the browser keeps our files only, as it does for people."""
        page.goto("about:blank")
        page.context.clear_cookies()
        self.closed.setdefault((address, scripts), []).append(page)

    def close(self) -> None:
        for page in (page for pages in self.closed.values() for page in pages):
            page.context.close()


@dataclass
class Surfer:
    """Browsers of people at one desk. `open(code)` gives a page in which that person is signed in."""

    windows: Windows
    office: Any
    address: str
    pages: list[tuple[Page, bool]] = field(default_factory=list)
    #: What a page must not do, and did.
    complaints: list[str] = field(default_factory=list)

    def open(self, code: str | None = None, *, scripts: bool = True, dark: bool = False, width: int = 1280) -> Page:
        page = self.windows.take(self.address, scripts=scripts)
        self.pages.append((page, scripts))
        page.set_viewport_size({"width": width, "height": 900})
        # Colours that are still on their way from one scheme to the other are those of neither.
        page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        if code is not None:
            with self.office.store.write() as session:
                person = load_person(session, code)
                token = open_session(session, person.id, at=self.office.at, address="test", agent="test")
            page.context.add_cookies([{"name": COOKIE, "value": token, "url": self.address}])
        for event, listener in self._listeners.items():
            page.on(event, listener)  # type: ignore[call-overload]
        return page

    @cached_property
    def _listeners(self) -> dict[str, Callable[[Any], None]]:
        return {"request": self._stays_at_home, "console": self._keeps_quiet, "pageerror": self._runs}

    def _stays_at_home(self, request: Request) -> None:
        if urlsplit(request.url).scheme not in ("data", "blob") and not request.url.startswith(self.address):
            self.complaints.append(f"asked elsewhere: {request.url}")

    def _runs(self, error: Error) -> None:
        self.complaints.append(f"script error: {error}")

    def _keeps_quiet(self, message: ConsoleMessage) -> None:
        # The browser itself notes answers with 4xx; refusals are ours and meant.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"console {message.type}: {message.text}")

    def close(self) -> None:
        for page, scripts in self.pages:
            for event, listener in self._listeners.items():
                page.remove_listener(event, listener)
            self.windows.give_back(page, self.address, scripts=scripts)


def axe_violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands: one line a rule, with the first element."""
    # The tool is half a megabyte, and stays on the page; what passes is nobody's concern here.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(_AXE)
    return [f"{rule['id']}: {rule['help']}: {rule['nodes'][0]['html'][:160]}" for rule in found]


#: Contrast takes axe three quarters of its time, and a long table has the same few kinds of text in every row. So it is
#: judged for three texts of each kind: same tag, colour, size, weight and grounds. All other rules see every element.
_AXE = """async () => {
  const grounds = new Map(), kinds = new Map();
  const ground = (it) => {
    if (!it) return '';
    if (!grounds.has(it)) {
      const style = getComputedStyle(it), own = [style.backgroundColor, style.backgroundImage, style.opacity].join();
      const covers = /^rgb\\(/.test(style.backgroundColor) && style.opacity === '1';
      grounds.set(it, covers ? own : own + ground(it.parentElement));
    }
    return grounds.get(it);
  };
  for (const it of document.body.querySelectorAll('*')) {
    const own = [...it.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (!(own || it.matches('input, select, textarea')) || !it.checkVisibility() || it.matches(':disabled')) continue;
    const style = getComputedStyle(it), box = it.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const kind = [it.tagName, style.color, style.fontSize, style.fontWeight, style.textShadow, ground(it)].join('|');
    if (!kinds.has(kind)) kinds.set(kind, []);
    if (kinds.get(kind).length < 3) kinds.get(kind).push(it);
  }
  const quiet = {reporter: 'no-passes', resultTypes: ['violations']};
  const all = await axe.run({...quiet, rules: {'color-contrast': {enabled: false}}});
  const include = [...kinds.values()].flat();
  if (!include.length) return all.violations;
  const contrast = await axe.run({include}, {...quiet, runOnly: ['color-contrast']});
  return [...contrast.violations, ...all.violations];
}"""


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


Opener = Callable[..., Page]


class Hand:
    """Somebody before a page, who knows it only by what it says: by the words on links, fields and buttons."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go(self, address: str) -> None:
        self.page.goto(address)

    def follow(self, words: str) -> None:
        """Open a link of the page itself, not of its frame."""
        self._press(self.page.locator("#main").get_by_role("link", name=words, exact=True).first)

    def room(self, words: str) -> None:
        """Open a room of the desk."""
        self._press(self.page.locator("nav.rooms").get_by_role("link", name=words, exact=True))

    def press(self, words: str) -> None:
        self._press(self.page.get_by_role("button", name=words, exact=True))

    def unfold(self, words: str) -> None:
        """Open what is folded under some words."""
        self._press(self.page.locator("summary").get_by_text(words, exact=True))

    def type(self, words: str, typed: str) -> None:
        """Fill a field, whatever it proposed."""
        self._field(words).fill(typed)

    def tick(self, words: str) -> None:
        self.page.get_by_role("checkbox", name=words, exact=True).check()

    def choose(self, words: str, option: str) -> None:
        self.page.get_by_role("combobox", name=words, exact=True).select_option(label=option)

    def told(self) -> str:
        """What the page says on top after a form was taken, or why it was not."""
        answer = self.page.locator("p.told, #mistakes").first
        try:
            return answer.inner_text()
        except PatienceLost as error:
            raise AssertionError(f"no answer at {self.page.url}:\n{self.page.inner_text('#main')}") from error

    def _field(self, words: str) -> Locator:
        # Passwords have no role by which they could be found.
        return self.page.get_by_role("textbox", name=words, exact=True).or_(
            self.page.locator("input[type=password]").and_(self.page.get_by_label(words))
        )

    def _press(self, found: Locator) -> None:
        found.click()


#: Is the focus on an element, behind it, before it, or nowhere yet while the element is in the page's own part?
_WHERE_IS_FOCUS = """it => it === document.activeElement ? 'here' :
  document.activeElement === document.body && it.closest('main') && document.querySelector('.skip') ? 'nowhere' :
  it.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING ? 'behind' : 'before'"""


class KeyboardHand(Hand):
    """The same with the keyboard alone."""

    def tick(self, words: str) -> None:
        self._reach(self.page.get_by_role("checkbox", name=words, exact=True))
        self.page.keyboard.press("Space")

    def type(self, words: str, typed: str) -> None:
        self._reach(self._field(words))
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(typed)

    def choose(self, words: str, option: str) -> None:
        found = self.page.get_by_role("combobox", name=words, exact=True)
        self._reach(found)
        labels = found.evaluate("list => [...list.options].map(option => option.label)")
        chosen = int(found.evaluate("list => list.selectedIndex"))
        for _ in range(abs(labels.index(option) - chosen)):
            self.page.keyboard.press("ArrowDown" if labels.index(option) > chosen else "ArrowUp")
        assert found.evaluate("list => list.selectedOptions[0].label") == option

    def _press(self, found: Locator) -> None:
        self._reach(found)
        leaves = found.evaluate("it => it.matches('a[href], button:not([type=button])')")
        if not leaves:
            self.page.keyboard.press("Enter")
            return
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _reach(self, found: Locator) -> None:
        """Walk with Tab until the focus is there, and back with Shift+Tab, as somebody without a mouse does."""
        target = found.element_handle()
        assert target is not None
        for _ in range(400):
            where = target.evaluate(_WHERE_IS_FOCUS)
            if where == "here":
                return
            self.page.keyboard.press("Shift+Tab" if where == "behind" else "Tab")
            if where == "nowhere":
                # The page is new, and its first link leads over the frame.
                self.page.keyboard.press("Enter")
        raise AssertionError(f"the keyboard does not reach {found}")
