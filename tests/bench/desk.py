"""Pages of the desk at 165 and at 1,000,000 projects: time in the server, bytes on the wire, memory, pages a second.

Each size is measured in a process of its own, through the whole application and without a socket. `DEAN_BENCH_PROJECTS`
asks for fewer than a million.
"""

import asyncio
import gzip
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import unquote_plus

from flows.jobs.supervising import FRUGAL
from tests.bench.crowds import TODAY, crowd
from tests.bench.offices import furnished

FEW, MANY = 165, int(os.environ.get("DEAN_BENCH_PROJECTS", "1000000"))
#: How often each address is opened, and for how many seconds the paged list is asked for by several at once.
ROUNDS, SECONDS, AT_ONCE = 5, 4, 8
PEOPLE = {"coordinator": "binh", "centre officer": "an", "commune viewer": "hanh"}
#: What people ask a list for, in the order in which they do.
LISTS = (
    "",
    "year=2025",
    "year=2023",
    "state=approved",
    "stage=submitted",
    "stage=settling&year=2025",
    "unit=dv3",
    "unit=dv3&state=proposed",
    "route=national&year=2025",
    "content=3",
    "deadline=overdue",
    "deadline=3",
    "deadline=7&unit=dv5",
    "sort=deadline",
    "sort=name",
    "sort=-amount",
    "sort=-moved",
    "year=2025&sort=deadline",
    "state=approved&sort=-moved",
    "unit=dv3&sort=-amount",
)
SEARCHES = (
    "máy sấy",
    "gom do mang",
    "tau hu ky co so ut muoi",
    "kc-vl-2025-001",
    "1500000123",
    "khong co dau",
    "lo nung hai lua",
)


def measure() -> Iterator[str]:
    for projects in (FEW, MANY):
        with furnished() as (office, path):
            crowd(office, path, projects)
            told = subprocess.run(
                [sys.executable, "-m", "tests.bench.desk", str(path)],
                check=True,
                stdout=subprocess.PIPE,
                text=True,
                # As `dean up` starts it.
                env=FRUGAL | dict(os.environ),
            ).stdout
        yield f"{projects:,} projects"
        yield from (f"  {line}" for line in told.splitlines())


# --- in the process that is measured ------------------------------------------------------------------


class Browser:
    """Somebody who is signed in, asking the application without a socket."""

    def __init__(self, app: Any, token: str) -> None:
        self.app = app
        self.headers = [
            (b"host", b"127.0.0.1:8321"),
            (b"accept-encoding", b"gzip"),
            (b"cookie", f"dean_session={token}".encode()),
        ]

    async def get(self, address: str) -> tuple[tuple[float, float], bytes]:
        """Seconds by the clock and of the processor, and the body as it goes over the wire."""
        path, _, query = address.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": unquote_plus(path),
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": self.headers,
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8321),
        }
        body, status = bytearray(), [0]

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
            else:
                body.extend(message.get("body", b""))

        started, worked = time.perf_counter(), time.process_time()
        await self.app(scope, receive, send)
        elapsed = (time.perf_counter() - started, time.process_time() - worked)
        if status[0] != 200:
            raise AssertionError(f"{address}: {status[0]}")
        return elapsed, bytes(body)


def _desk(path: Path) -> tuple[Any, dict[str, Browser]]:
    from flows.jobs.settings import Settings
    from models.desk.sessions import open_session
    from models.loading import load_person
    from models.store import open_store
    from web.app import create_app

    at = datetime(TODAY.year, TODAY.month, TODAY.day, 3, tzinfo=UTC)
    store = open_store(f"sqlite:///{path}", path.parent / "files")
    app = create_app(Settings(_env_file=None, home=path.parent), store, now=lambda: at)
    browsers = {}
    for role, code in PEOPLE.items():
        with store.write() as session:
            token = open_session(session, load_person(session, code).id, at=at, address="bench", agent="bench")
        browsers[role] = Browser(app, token)
    return app, browsers


def _text(body: bytes) -> str:
    return (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()


async def _deep(browser: Browser) -> list[str]:
    """Pages far into lists, as the links of one page to the next lead there."""
    found = []
    for query in ("", "year=2025", "state=approved&sort=-amount", "sort=deadline", "words=may"):
        address = f"/projects?{query}"
        for _ in range(20):
            links = re.findall(r'rel="next" href="([^"]+)"', _text((await browser.get(address))[1]))
            if not links:
                break
            address = links[0].replace("&amp;", "&")
        found.append(address)
    return found


def _line(name: str, times: list[tuple[float, float]], sizes: list[int]) -> str:
    """The clock counts what else the machine does; the processor's time tells what the page itself costs."""
    cuts, worked = (quantiles(each, n=20, method="inclusive") for each in zip(*times, strict=True))
    said = f"p50 {cuts[9] * 1000:5.1f} ms, p95 {cuts[18] * 1000:5.1f} ms"
    said += f" (of the processor {worked[9] * 1000:5.1f} and {worked[18] * 1000:5.1f} ms)"
    return f"{name:22} {said}, {max(sizes) / 1000:4.1f} KB gzip ({len(times)} pages)"


async def _measured(name: str, browsers: list[Browser], addresses: list[str]) -> str:
    times, sizes = [], []
    for number in range(ROUNDS + 1):
        for browser in browsers:
            for address in addresses:
                elapsed, body = await browser.get(address)
                # The first round fills what a process keeps.
                if number:
                    times.append(elapsed)
                    sizes.append(len(body))
    return _line(name, times, sizes)


async def _per_second(browser: Browser, addresses: list[str]) -> str:
    """How many pages of the list one process makes, asked by several browsers at once."""
    until, made = time.perf_counter() + SECONDS, [0]

    async def ask(number: int) -> None:
        while time.perf_counter() < until:
            await browser.get(addresses[(made[0] + number) % len(addresses)])
            made[0] += 1

    started = time.perf_counter()
    await asyncio.gather(*(ask(number) for number in range(AT_ONCE)))
    return f"{'paged list':22} {made[0] / (time.perf_counter() - started):.0f} pages a second, {AT_ONCE} at once"


async def _all(path: Path) -> None:
    app, browsers = _desk(path)
    async with app.router.lifespan_context(app):
        await _visited(browsers)
    print(f"{'process':22} {_peak():.0f} MB at its largest")


async def _visited(browsers: dict[str, Browser]) -> None:
    first = browsers["coordinator"]
    deep = await _deep(first)
    listed = re.findall(r'href="(/projects/KC-[^"]+)"', _text((await first.get("/projects?words=de+an+mau"))[1]))
    everyone = list(browsers.values())
    print(await _measured("list", [first], [f"/projects?{query}" for query in LISTS]))
    print(await _measured("list, deep", [first], deep))
    print(
        await _measured(
            "list, of a scope", everyone[1:], ["/projects", "/projects?sort=deadline", "/projects?words=may"]
        )
    )
    print(await _measured("search", [first], [f"/projects?words={words.replace(' ', '+')}" for words in SEARCHES]))
    print(await _measured("board", everyone, [f"/projects/board?{query}" for query in LISTS[:8]]))
    print(await _measured("time line", [first], [f"/projects/timeline?{query}" for query in LISTS[:8]]))
    print(await _measured("project", [first], list(dict.fromkeys(listed))[:20]))
    print(await _measured("today", everyone, ["/"]))
    print(await _measured("programme", [first], ["/programme/KC-VL-2021-2025"]))
    print(await _per_second(first, ["/projects", *deep[:1], "/projects?year=2025"]))


def _peak() -> float:
    """Megabytes of this process at its largest. What getrusage tells is also that of the process which started it."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    asyncio.run(_all(Path(sys.argv[1])))
