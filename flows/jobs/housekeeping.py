"""Housekeeping: a checked backup of the register, no more backups than are of use, no run that seems to go on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flows.jobs.settings import Settings
from models.backups import Backup, back_up, backups, is_on_server, lost_since, thin_out
from models.desk.sessions import forget_old
from models.setup import is_demonstration
from models.slots import close_cut_off
from models.store import Store
from states.facts import OFFICE_TIME
from states.refusal import Refused
from states.slots import Job
from states.words import format_date, format_number

ON_SERVER = "Sổ nằm trên máy chủ PostgreSQL: máy chủ đó phải tự sao lưu (pg_dump hoặc sao lưu liên tục)."
BESIDE = "Tệp hồ sơ và hai khóa (secret.key, seal.key) không nằm trong bản sao lưu; hãy chép chúng ra nơi khác."


@dataclass(frozen=True, slots=True, kw_only=True)
class Housekept:
    """What a run did. `backup` is None where the server backs up, or where a problem says why there is none."""

    as_of: date
    backup: Backup | None = None
    on_server: bool = False
    removed: tuple[date, ...] = ()
    marts_removed: int = 0
    cut_off: tuple[tuple[Job, date], ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        copy = self.backup
        return {
            "as_of": self.as_of.isoformat(),
            "backup": {"file": copy.path.name, "bytes": copy.size, "last_event": copy.last_event} if copy else None,
            "removed": [day.isoformat() for day in self.removed],
            "marts_removed": self.marts_removed,
            "cut_off": [f"{job} {on.isoformat()}" for job, on in self.cut_off],
            "problems": list(self.problems),
            "note": ON_SERVER if self.on_server else BESIDE,
        }

    def text(self) -> str:
        """What was done, for a person."""
        lines = [f"CẢNH BÁO: {problem}" for problem in self.problems]
        if self.backup:
            size = format_number(-(-self.backup.size // 1024))
            event = format_number(self.backup.last_event)
            lines += [f"Đã sao lưu và kiểm tra: {self.backup.path}, {size} KiB, đến sự kiện {event}."]
        if self.removed:
            lines += [f"Đã bỏ {len(self.removed)} bản cũ: {', '.join(map(format_date, self.removed))}."]
        if self.marts_removed:
            lines += [f"Đã bỏ {self.marts_removed} tệp số liệu cũ."]
        lines += [f"{job.label} ngày {format_date(on)}: bị ngắt giữa chừng." for job, on in self.cut_off]
        return "\n".join([*lines, ON_SERVER if self.on_server else BESIDE]) + "\n"


def housekeeping(store: Store, settings: Settings, *, as_of: date, at: datetime) -> Housekept:
    """Back up, remove what is not kept (backups, marts, sessions long ended), close the runs that were cut off.

    A backup bears the day on which it was made and never another one: `as_of` only names the run.
    """
    # Brings sqlite-utils along, which half the commands that import this room never need.
    from models.mart import prune, shelf_of

    with store.write() as session:
        cut_off = tuple(close_cut_off(session, at=at))
        forget_old(session, at=at)
        shelf = shelf_of(settings.home, demonstration=is_demonstration(session))
    marts_removed = len(prune(shelf, at=at))
    if is_on_server(store):
        return Housekept(as_of=as_of, on_server=True, cut_off=cut_off, marts_removed=marts_removed)
    folder = backup_folder(store, settings)
    problems = [lost for lost in [_lost(store, folder)] if lost]
    copy = None
    try:
        copy = back_up(store, folder, on=at.astimezone(OFFICE_TIME).date())
    except Refused as refused:
        problems += [reason for reason in refused.reasons if reason not in problems]
    # While something is wrong every copy may be the one that is needed.
    removed = () if problems else tuple(thin_out(folder))
    return Housekept(
        as_of=as_of,
        backup=copy,
        removed=removed,
        marts_removed=marts_removed,
        cut_off=cut_off,
        problems=tuple(problems),
    )


def backup_folder(store: Store, settings: Settings) -> Path:
    """Where the backups of a register lie; those of the demonstration apart, as its papers do."""
    return settings.home / store.files.name.replace("files", "backups")


def _lost(store: Store, folder: Path) -> str:
    newest = next(reversed(backups(folder).values()), None)
    return lost_since(store, newest) if newest else ""


@dataclass(slots=True)
class Housekeeper:
    """Housekeeping as work of the slot ledger; it keeps what it did last for whoever shows it."""

    store: Store
    settings: Settings
    last: Housekept | None = None

    def work(self, on: date, at: datetime) -> Mapping[str, Any]:
        """Raises Refused with what is wrong: a night without a good backup is a failed run, and is mailed as one."""
        self.last = housekeeping(self.store, self.settings, as_of=on, at=at)
        if self.last.problems:
            raise Refused(*self.last.problems)
        return self.last.as_json()
