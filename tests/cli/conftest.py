"""The command line in a folder of its own, on the office of the shared fixtures or on nothing at all."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from cli.main import dean as root
from models.people import edit_person
from models.store import open_store
from notifications.demo_servers import LoopbackSmtp

TODAY = "2024-06-03"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """The printed lines with single spaces: what stands in a table, whatever its widths."""
        return [" ".join(line.split()) for line in self.out.splitlines()]


class Terminal:
    """Types commands in this process. DEAN_HOME is a fresh folder, DEAN_TODAY a day on which nothing is late."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        self._monkeypatch = monkeypatch

    def __call__(self, *words: str) -> Answer:
        result = CliRunner().invoke(root, list(words))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Answer(result.exit_code, result.stdout, result.stderr)

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self._monkeypatch.setenv(f"DEAN_{name.upper()}", value)

    def file(self, name: str, content: str | bytes = "nội dung") -> str:
        path = self.home / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def events(self) -> int:
        """The number of the ledger's last event."""
        store = open_store(f"sqlite:///{self.home / 'dean.db'}", self.home / "files")
        try:
            with store.read() as session:
                return int(session.connection().execute(text("SELECT last_event_id FROM ledger_head")).scalar_one())
        finally:
            store.close()

    def kept_files(self) -> list[str]:
        """The names of the files kept beside the register."""
        return sorted(path.name for path in (self.home / "files").rglob("*") if path.is_file())


@pytest.fixture
def dean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """The command `dean` where no setting of this machine reaches it."""
    for name in os.environ:
        if name.startswith("DEAN_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(tmp_path, monkeypatch)
    terminal.set(home=str(tmp_path), today=TODAY)
    return terminal


@pytest.fixture
def mailbox() -> Iterator[LoopbackSmtp]:
    """A mail server on this machine that keeps what it gets."""
    with LoopbackSmtp() as server:
        yield server


@pytest.fixture
def morning(office: Any, dean: Terminal, mailbox: LoopbackSmtp) -> str:
    """Thursday 05/03/2026: the check of one project ends in three workdays, and its coordinators read mail.

    The project's code. Letters go to the people (mode live) into `mailbox`.
    """
    code: str = office.submitted_in_2026()
    with office.store.write() as session:
        for person in ("an", "binh", "bach", "chi", "chau"):
            edit_person(session, person, office.origin, email=f"{person}@sct.example")
    dean.set(today="2026-03-05", notify_mode="live", smtp_url=mailbox.url("Sở <khuyencong@sct.example>"))
    return code
