"""Draining 2,000 mails into a real SMTP server in a process of its own, by one worker and by four."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from pydantic import SecretStr

from flows.jobs.delivering import drain
from flows.jobs.reminding import remind
from flows.jobs.settings import Settings
from models.store import open_store
from notifications.demo_servers import LoopbackSmtp
from tests.bench import digests
from tests.bench.offices import at_rest
from tests.bench.replay import copied

SEND = datetime(2026, 3, 13, 0, 30, tzinfo=UTC)


def measure() -> Iterator[str]:
    with digests.crowded() as (office, folder):
        settings = Settings(home=folder, notify_mode="live", _env_file=None)
        remind(office.store, settings, as_of=digests.ON, at=digests.AT)
        at_rest(office)
        for workers in (1, 2, 4):
            yield _drained(copied(folder / "dean.db", f"by-{workers}.db"), folder, workers)


def _drained(path: Path, folder: Path, workers: int) -> str:
    store = open_store(f"sqlite:///{path}", folder / "files")
    with _server() as url:
        settings = Settings(home=folder, notify_mode="live", smtp_url=SecretStr(url), _env_file=None)
        started, cpu = time.perf_counter(), time.process_time()
        done = drain(store, settings, now=lambda: SEND, workers=workers)
        elapsed, busy = time.perf_counter() - started, time.process_time() - cpu
    store.close()
    assert done.outcomes == {"ok": digests.PEOPLE}, done
    return (
        f"{done.handed_over:,} mails by {workers} workers in {elapsed:.1f} s: {done.handed_over / elapsed:.0f}/s, "
        f"{busy / done.handed_over * 1e3:.1f} ms of our processor each"
    )


@contextmanager
def _server() -> Iterator[str]:
    """A mail server on loopback that shares no interpreter with the workers, as no mail server does."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,))
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("stop")
        process.join()


def _serve(pipe: Connection) -> None:
    with LoopbackSmtp(on_mail=lambda _: server.mails.clear()) as server:
        pipe.send(server.url("khuyencong@sct.example"))
        pipe.recv()
