"""Workers killed with SIGKILL before every statement from the deadline to the mailbox, and around each letter.

This file is also the program that is killed: run as a script it loads everything once and forks a worker for each
line it reads, which ends itself at the asked moment. So the killing costs a fork and not a start of Python.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import event, make_url

from flows.jobs import delivering
from flows.jobs.delivering import drain
from flows.jobs.reminding import remind
from flows.jobs.settings import Settings
from models.store import Store, open_store
from notifications.letters.notices import write_test
from notifications.letters.values import Cover
from notifications.post import deliver

#: A Thursday on which two owners and a leader have letters, and the leases of a worker killed at 07:30 are over.
DAY = "2026-03-12"
SWEEP, SEND, LATER = (datetime.fromisoformat(f"{DAY}T{time}:00+07:00") for time in ("06:00", "07:30", "07:36"))
BATCH = 2


# --- the program that is killed -------------------------------------------------------------------------


def serve() -> None:
    """Fork a worker for each order on standard input and say how it ended."""
    _warm()
    for line in sys.stdin:
        order = json.loads(line)
        told, tell = os.pipe()
        worker = os.fork()
        if worker == 0:
            os.close(told)
            _work(order, tell)
            os._exit(0)
        os.close(tell)
        with os.fdopen(told) as pipe:
            moments = pipe.read()
        _, status = os.waitpid(worker, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print(json.dumps({"killed": killed, "moments": int(moments or 0), "status": status}), flush=True)


def _warm() -> None:
    """Load what the first letter of a process loads: nobody listens at the port, so nothing leaves."""
    cover = Cover(
        to_name="", on=SEND.date(), office_name="Sở", settings_link=None, unsubscribe_link=None, created_at=SEND
    )
    letter = write_test(cover, "Thư điện tử")
    message = letter.addressed(key="warm", to_address="a@sct.example", to_name="", created_at=SEND)
    deliver(message, "smtp://127.0.0.1:1?from=b@sct.example")


def _work(order: dict[str, Any], tell: int) -> None:
    """Do what is asked and die at the moment of the asked number, if there are so many."""
    moments = count(1)
    passed = 0

    def moment(*_: object) -> None:
        nonlocal passed
        passed = next(moments)
        if passed == order["die_at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    store = open_store(order["url"], Path(order["home"]) / "files")
    _watch(store, moment)

    def watched(*asked: Any) -> Any:
        moment()
        delivery = deliver(*asked)
        moment()
        if order.get("die_with_letter"):
            os.kill(os.getpid(), signal.SIGKILL)
        return delivery

    delivering.deliver = watched  # type: ignore[attr-defined, assignment]
    settings = _settings(order["home"], order["smtp_url"])
    if order["job"] == "remind":
        remind(store, settings, as_of=date.fromisoformat(DAY), at=SWEEP)
    else:
        drain(store, settings, now=lambda: SEND, batch=BATCH)
    os.write(tell, str(passed).encode())


def _watch(store: Store, moment: Callable[..., None]) -> None:
    """Call `moment` before every statement that reaches the database, BEGIN and COMMIT among them."""
    if store.url.startswith("sqlite"):
        for engine in (store.writer, store.reader):
            event.listen(engine, "connect", lambda connection, _: connection.set_trace_callback(moment))
        return
    for kind, name in ((psycopg.Cursor, "execute"), (psycopg.Cursor, "executemany"), (psycopg.Connection, "commit")):
        setattr(kind, name, _announced(getattr(kind, name), moment))


def _announced(method: Callable[..., Any], moment: Callable[..., None]) -> Callable[..., Any]:
    def announced(*asked: Any, **more: Any) -> Any:
        moment()
        return method(*asked, **more)

    return announced


def _settings(home: str, smtp_url: str) -> Settings:
    return Settings(home=Path(home), smtp_url=SecretStr(smtp_url), notify_mode="live", _env_file=None)


# --- the tests ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def killer() -> Iterator[Callable[..., dict[str, Any]]]:
    command = [sys.executable, __file__]
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(root)}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root, env=environment
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None

        def kill(**order: Any) -> dict[str, Any]:
            program.stdin.write(json.dumps(order) + "\n")  # type: ignore[union-attr]
            program.stdin.flush()  # type: ignore[union-attr]
            return dict(json.loads(program.stdout.readline()))  # type: ignore[union-attr]

        yield kill
        program.stdin.close()


class Crashes:
    """An office whose register can be had again and again as it was before the job that is killed."""

    def __init__(self, mornings: Any, folder: Path, kill: Callable[..., dict[str, Any]], undo: ExitStack) -> None:
        self.mornings, self.server, self.folder, self.kill, self.undo = mornings, mornings.server, folder, kill, undo
        self.settings = mornings.settings
        self.url = mornings.store.url
        for _ in range(2):
            mornings.office.submitted_in_2026()
        mornings.without_address("chau")

    def keep(self) -> None:
        """Let the register as it is now be the one that every copy is made of."""
        if self.url.startswith("sqlite"):
            with self.mornings.store.writer.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        # A database of PostgreSQL can be copied only while nobody uses it.
        self.mornings.store.close()

    def copy(self, number: int) -> str:
        if self.url.startswith("sqlite"):
            copied = self.folder / f"copy-{number}.db"
            shutil.copy(self.url.removeprefix("sqlite:///"), copied)
            return f"sqlite:///{copied}"
        source = make_url(self.url)
        name = f"{source.database}_copy_{number}"
        server = source.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {source.database}")
        self.undo.callback(_drop, server, name)
        return source.set(database=name).render_as_string(hide_password=False)

    def killed(self, job: str, url: str, die_at: int = 0, **more: Any) -> dict[str, Any]:
        smtp_url = self.settings.smtp_url.get_secret_value()
        ended = self.kill(job=job, url=url, die_at=die_at, home=str(self.settings.home), smtp_url=smtp_url, **more)
        assert ended["killed"] or ended["status"] == 0, ended
        return ended

    def standing(self, url: str, after: Callable[[Store], object] = lambda _: None) -> dict[str, Any]:
        """Do something with a register and read what is then in it."""
        store = open_store(url, self.folder / "files")
        after(store)
        self.mornings.store = store
        read = self.mornings.rows
        rows = {
            "reminder": read("reminder", "key, status, covered_by"),
            "outbox": read("outbox", "key, status, body"),
            "unknown": len(read("attempt", "no", "outcome = 'unknown'")),
        }
        store.close()
        return rows

    def drained(self, at: datetime) -> Callable[[Store], object]:
        return lambda store: drain(store, self.settings, now=lambda: at, batch=BATCH)

    def reminded(self, store: Store) -> object:
        return remind(store, self.settings, as_of=date.fromisoformat(DAY), at=SWEEP)


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def crashes(mornings_on_both: Any, tmp_path: Path, killer: Any) -> Iterator[Crashes]:
    with ExitStack() as undo:
        yield Crashes(mornings_on_both, tmp_path, killer, undo)


def moments(crashes: Crashes) -> Iterator[int]:
    """Every moment of the job on SQLite, a sample of them on PostgreSQL."""
    return count(1) if crashes.url.startswith("sqlite") else count(1, 9)


def test_sweep_killed_at_any_statement_is_made_good_by_the_next(crashes: Crashes) -> None:
    crashes.keep()
    before = crashes.standing(crashes.copy(0))
    whole = crashes.standing(crashes.copy(1), crashes.reminded)
    assert (len(whole["outbox"]), len(whole["reminder"])) == (3, 24)

    killed = 0
    for number in moments(crashes):
        url = crashes.copy(number + 1)
        if not crashes.killed("remind", url, number)["killed"]:
            break
        killed += 1
        # Sweep and letters are one transaction: until its COMMIT there is nothing, and after it everything.
        assert crashes.standing(url) == before
        assert crashes.standing(url, crashes.reminded) == whole

    print(f"sweep killed at {killed} statements")
    assert killed >= (40 if crashes.url.startswith("sqlite") else 3)


def test_worker_killed_at_any_moment_loses_no_letter_and_doubles_none(crashes: Crashes) -> None:
    crashes.reminded(crashes.mornings.store)
    crashes.keep()
    whole = crashes.standing(crashes.copy(0), crashes.drained(SEND))
    written = {mail.parsed["Message-ID"]: mail.content for mail in crashes.server.mails}
    assert {status for _, status, _ in whole["outbox"]} == {"sent"}
    assert Counter(status for _, status, _ in whole["reminder"]) == {"told": 6, "covered": 16, "waiting": 2}
    assert len(written) == 3

    killed = repeated = 0
    for number in moments(crashes):
        url = crashes.copy(number)
        crashes.server.mails.clear()
        if not crashes.killed("drain", url, number)["killed"]:
            break
        killed += 1
        after = crashes.standing(url, crashes.drained(LATER))
        arrived = Counter(mail.parsed["Message-ID"] for mail in crashes.server.mails)
        # Nothing is lost: every reminder is told and every letter arrived; nothing is there that was not before.
        assert {name: after[name] for name in ("reminder", "outbox")} == {
            name: whole[name] for name in ("reminder", "outbox")
        }
        assert set(arrived) == set(written)
        # A mail that arrives twice is the same mail, and only the one in the worker's hands can.
        assert [
            mail.content for mail in crashes.server.mails if written[mail.parsed["Message-ID"]] != mail.content
        ] == []
        twice = [name for name, copies in arrived.items() if copies > 1]
        assert (len(twice), max(arrived.values())) in ((0, 1), (1, 2))
        repeated += len(twice)

    print(f"worker killed at {killed} moments, {repeated} mails handed over twice")
    assert killed >= (60 if crashes.url.startswith("sqlite") else 5)
    assert repeated >= (3 if crashes.url.startswith("sqlite") else 0)


def test_letter_in_the_hands_of_a_killed_worker_waits_for_its_lease(crashes: Crashes) -> None:
    crashes.reminded(crashes.mornings.store)
    crashes.keep()
    url = crashes.copy(0)
    crashes.killed("drain", url, die_with_letter=True)

    within = crashes.standing(url, crashes.drained(SEND + timedelta(minutes=4)))
    in_time = len(crashes.server.mails)
    afterwards = crashes.standing(url, crashes.drained(LATER))

    assert Counter(status for _, status, _ in within["outbox"]) == {"leased": BATCH, "sent": 1}
    assert in_time == 2
    assert (afterwards["unknown"], len(crashes.server.mails)) == (BATCH, 4)


if __name__ == "__main__":
    serve()
