"""What the tests of the jobs share: the demonstration register played once, and an office that is reminded."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from flows.jobs.delivering import Delivered, drain
from flows.jobs.demonstration import Demonstration, load_demonstration
from flows.jobs.reminding import Reminded, remind
from flows.jobs.settings import Settings
from models.loading import load_person
from models.people import add_person, edit_person
from models.reminders.addresses import link
from models.reminders.preferences import set_preference
from models.store import Store, open_store
from notifications.demo_servers import ArrivedMail, LoopbackSmtp
from notifications.demo_zalo import LoopbackZalo
from states.posting import Channel
from states.vocabulary import Role
from tests.flows.clerks import Clerk

PEOPLE = ("an", "yen", "binh", "bach", "chi", "chau", "dung", "em", "giang", "hanh")


class Mornings:
    """An office that is reminded by mail: each person has an address, and time is moved by the test.

    Days are written as "2026-03-04", hours as "07:30" on the office's clock.
    """

    def __init__(self, office: Any, server: LoopbackSmtp, home: Path, **settings: Any) -> None:
        self.office, self.server, self.store = office, server, office.store
        usual = {"smtp_url": server.url("khuyencong@sct.example"), "operator_email": "vanhanh@sct.example"}
        asked: dict[str, Any] = {"home": home, "notify_mode": "live"} | usual | settings
        self.settings = Settings(**asked, _env_file=None)
        with self.store.write() as session:
            for code in PEOPLE:
                edit_person(session, code, office.origin, email=f"{code}@sct.example")

    def change(self, **settings: Any) -> None:
        """Change the settings of the office."""
        self.settings = Settings(**(dict(self.settings) | settings), _env_file=None)

    # Time passes.

    def sweep(self, day: str, time: str = "06:00") -> Reminded:
        return remind(self.store, self.settings, as_of=date.fromisoformat(day), at=instant(day, time))

    def send(self, day: str, time: str = "07:30", **more: Any) -> Delivered:
        return drain(self.store, self.settings, now=lambda: instant(day, time), **more)

    def morning(self, day: str) -> list[tuple[str, str]]:
        """Remind and send, and answer who got which subject, in the order of their names."""
        before = len(self.server.mails)
        self.sweep(day)
        self.send(day)
        return self.arrived(before)

    # What arrived.

    def arrived(self, since: int = 0) -> list[tuple[str, str]]:
        """Who got which subject."""
        return sorted((reader(mail), str(mail.parsed["Subject"])) for mail in self.server.mails[since:])

    def readers(self) -> list[str]:
        """Who got a mail, each mail counted."""
        return sorted(map(reader, self.server.mails))

    def text_for(self, code: str) -> str:
        """The text of the latest mail to a person."""
        mail: EmailMessage = next(mail for mail in reversed(self.server.mails) if reader(mail) == code).parsed
        body = mail.get_body(("plain",))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")

    # What is written down.

    def rows(self, table: str, columns: str, where: str = "1 = 1") -> list[tuple[Any, ...]]:
        with self.store.read() as session:
            found = session.connection().execute(
                text(f"SELECT {columns} FROM {table} WHERE {where} ORDER BY {columns}")
            )
            return [tuple(row) for row in found]

    def count(self, table: str, column: str = "status") -> dict[str, int]:
        return dict(Counter(value for (value,) in self.rows(table, column)))

    def outcomes(self) -> list[tuple[str, str]]:
        """Every attempt in its order: the channel and the outcome."""
        ordered = self.rows(
            "attempt AS a JOIN outbox AS o ON o.id = a.outbox_id", "a.begun_at, a.outbox_id, a.no, o.channel, a.outcome"
        )
        return [(channel, outcome) for *_, channel, outcome in ordered]

    # What people do.

    def on_zalo(self, code: str, zalo: LoopbackZalo, channel: Channel = Channel.ZALOBOT) -> str:
        """Let a person be reached on Zalo and want it first; returns the id that Zalo knows them by."""
        chat = f"1{int.from_bytes(code.encode()) % 10**15:015d}"
        zalo.chats.add(chat)
        zalo.followers[chat] = 0.0
        with self.store.write() as session:
            link(session, load_person(session, code).id, channel, chat, at=self.office.at)
        self.prefer(code, channel)
        return chat

    def prefer(self, code: str, channel: Channel) -> None:
        """Let a person want this channel first, and mail where it fails."""
        with self.store.write() as session:
            person = load_person(session, code)
            set_preference(session, code, channels=[channel, Channel.EMAIL], by=person, origin=self.office.origin)

    def with_coordinators(self, number: int) -> list[str]:
        """Let more people check dossiers: each gets a digest of their own. Returns their codes."""
        codes = [f"dp{place:02d}" for place in range(1, number + 1)]
        with self.store.write() as session:
            for code in codes:
                name = f"Điều phối {code}"
                add_person(session, code, name, Role.COORDINATOR, self.office.origin, email=f"{code}@sct.example")
        return codes

    def without_address(self, *codes: str) -> None:
        with self.store.write() as session:
            for code in codes:
                edit_person(session, code, self.office.origin, email="")


def reader(mail: ArrivedMail) -> str:
    return mail.recipients[0].partition("@")[0]


def instant(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{time}:00+07:00")


@pytest.fixture
def again(mornings: Mornings, server: LoopbackSmtp, tmp_path: Path) -> Callable[[Path | Store], Mornings]:
    """Make a second office of the same kind: a copy of the register in another folder, or on another database."""
    office: Any = mornings.office

    def make(place: Path | Store) -> Mornings:
        if isinstance(place, Store):
            with place.read() as session:
                beneficiary = session.connection().execute(text("SELECT min(id) FROM beneficiary")).scalar_one()
            return Mornings(type(office)(place, beneficiary=beneficiary), server, tmp_path)
        # Whoever closes a file loses SQLite's locks on it, so nothing may be open here when it is copied. The last
        # connection to close brings the log home.
        office.store.close()
        place.mkdir()
        shutil.copy(office.store.url.removeprefix("sqlite:///"), place / "dean.db")
        store = open_store(f"sqlite:///{place / 'dean.db'}", place / "files")
        copied = Mornings.__new__(Mornings)
        copied.office = type(office)(store, at=office.at, beneficiary=office.beneficiary)
        copied.server, copied.store, copied.settings = server, store, mornings.settings
        return copied

    return make


@pytest.fixture
def server() -> Iterator[LoopbackSmtp]:
    with LoopbackSmtp() as running:
        yield running


@pytest.fixture
def zalo() -> Iterator[LoopbackZalo]:
    with LoopbackZalo() as running:
        yield running


@pytest.fixture
def mornings(office: Any, server: LoopbackSmtp, tmp_path: Path) -> Mornings:
    return Mornings(office, server, tmp_path)


@pytest.fixture
def mornings_on_both(office_on_both: Any, server: LoopbackSmtp, tmp_path: Path) -> Mornings:
    return Mornings(office_on_both, server, tmp_path)


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Demonstration]]:
    folder: Path = tmp_path_factory.mktemp("demonstration")
    store = open_store(f"sqlite:///{folder / 'demo.db'}", folder / "files")
    yield store, load_demonstration(store, at=datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    store.close()


@pytest.fixture
def register(loaded: tuple[Store, Demonstration]) -> Store:
    return loaded[0]


@pytest.fixture
def clerk(office: Any, tmp_path: Path) -> Clerk:
    return Clerk(office, tmp_path)
