"""Opening the register for one command: settings and clock read once, who acts, and what is told beforehand."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from states.facts import OFFICE_TIME
from states.folding import clean_line, quoted
from states.refusal import Refused
from states.words import format_date

# The database's packages take 0.4 s to import: every command imports them when it runs, none when it is listed.
if TYPE_CHECKING:
    from flows.jobs.settings import Settings
    from models.append import Origin
    from models.store import Store
    from states.facts import Person

DOOR = "cli"


class Reading(NamedTuple):
    """An open view of the register, and whose scope it has (None: everything)."""

    session: Any
    reader: "Person | None"


class Writing(NamedTuple):
    """An open transaction, who acts in it, and how its events are signed."""

    session: Any
    person: "Person"
    origin: "Origin"


@dataclass(frozen=True, slots=True)
class Desk:
    """The open register and the instant of the command."""

    settings: "Settings"
    store: "Store"
    at: datetime

    @property
    def today(self) -> date:
        """The office's calendar day of the command."""
        return self.at.astimezone(OFFICE_TIME).date()

    @contextmanager
    def reading(self, by: str | None = None) -> Iterator[Reading]:
        """A consistent view with the scope of `--by` or DEAN_BY, or of nobody in particular."""
        name = by or self.settings.by
        with self.store.read() as session:
            yield Reading(session, self._person(session, name) if name else None)

    @contextmanager
    def writing(self, by: str | None) -> Iterator[Writing]:
        """One transaction: everything that the command records, or nothing."""
        from models.append import Origin

        name = by or self.settings.by
        if not name:
            raise click.UsageError(
                "Chưa biết ai ghi: hãy thêm --by MÃ (hoặc đặt DEAN_BY).", click.get_current_context()
            )
        with self.store.write() as session:
            person = self._person(session, name)
            yield Writing(session, person, Origin(self.at, person.id, DOOR, os_user()))

    def _person(self, session: Any, code: str) -> "Person":
        from models.loading import load_person

        person = load_person(session, clean_line(code, "Mã người dùng"))
        if not person.active:
            raise Refused(f"Tài khoản của {person.name} đã khóa; hãy nhờ quản trị mở lại (dean user unlock).")
        return person


@contextmanager
def open_desk() -> Iterator[Desk]:
    """Open the register in use. Raises Refused when there is none, or when a setting cannot be understood."""
    from flows.jobs.settings import clock, open_register
    from models.queries import register

    settings = read_settings()
    store = open_register(settings)
    try:
        about = register(store)
        if about["is_demonstration"]:
            notice("SỔ MINH HỌA: số liệu không có thật, không dùng để báo cáo.")
        tell_the_day(settings)
        yield Desk(settings, store, clock(settings))
    finally:
        store.close()


def read_settings() -> "Settings":
    """Read the environment and `.env`. Raises Refused with one sentence for each setting that is wrong."""
    from pydantic import ValidationError

    from flows.jobs.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        raise Refused(*(_wrong_setting(found) for found in error.errors())) from error
    except UnicodeDecodeError as error:
        raise Refused("Tệp .env không phải UTF-8; hãy lưu lại tệp ở dạng UTF-8.") from error


_EXPECTED = {
    "today": "một ngày dạng 2026-08-05",
    "demo": "1 hoặc 0",
    "paper_deputy": "1 hoặc 0",
    "notify_mode": "off, redirect hoặc live",
    "email_per_minute": "một số nguyên từ 0 (không giới hạn)",
    "messages_per_minute": "một số nguyên từ 0 (không giới hạn)",
}


def _wrong_setting(found: Any) -> str:
    name = str(found["loc"][0])
    expected = _EXPECTED.get(name, "một giá trị khác")
    return f"DEAN_{name.upper()}={quoted(str(found['input']))} không dùng được; hãy đặt {expected}, hoặc bỏ biến này."


def tell_the_day(settings: "Settings") -> None:
    if settings.today is not None:
        notice(f"DEAN_TODAY={settings.today.isoformat()}: lệnh này coi hôm nay là {format_date(settings.today)}.")


def notice(text: str) -> None:
    """Tell the person something without touching what a script reads from stdout."""
    click.echo(text, err=True)


def os_user() -> str:
    """Who is logged in to the machine; `--by` is only what that person says."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number without a name.
        return str(os.getuid()) if hasattr(os, "getuid") else ""
