"""Backups of the register: one checked SQLite file for each day, beside the register and readable by any tool.

A register on a server is backed up by its server; the papers and the keys are files of their own.
"""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import make_url

from models.store import Store
from states.folding import quoted
from states.refusal import Refused
from states.retention import kept

#: An event by which a copy is known: its number and its hash.
Head = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was checked; `size` in bytes, `last_event` is the newest event in it."""

    path: Path
    size: int
    last_event: int


def is_on_server(store: Store) -> bool:
    """Is the register kept by a database server, whose backups are not ours?"""
    return make_url(store.url).get_backend_name() != "sqlite"


def back_up(store: Store, folder: Path, *, on: date) -> Backup:
    """Copy the register as it is now into the file of a day, check the copy, and only then give it its name.

    A second one of the day takes the place of the first. Raises Refused when the copy is not whole, or when the one
    it would replace holds events that the register has lost.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.part"):
        left.unlink()
    path = folder / f"{on.isoformat()}.db"
    if path.exists() and (lost := lost_since(store, path)):
        raise Refused(lost)
    draft = folder / f"{path.name}.part"
    try:
        with closing(_register(store)) as register:
            before = _head(register)
            register.execute("VACUUM INTO ?", (str(draft),))
        _refuse_unsound(store, draft, at_least=before)
        _settle(draft, path)
    except sqlite3.Error as error:
        raise Refused(
            f"Không sao lưu được sổ ({quoted(str(error))}); hãy kiểm tra chỗ trống trên đĩa và quyền ghi vào {folder}."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    with closing(_connect(path)) as copy:
        return Backup(path, path.stat().st_size, _head(copy)[0])


def _refuse_unsound(store: Store, draft: Path, *, at_least: Head) -> None:
    with closing(_connect(draft)) as copy:
        found = [row[0] for row in copy.execute("PRAGMA integrity_check(5)")]
        orphans = copy.execute("PRAGMA foreign_key_check").fetchone()
        head = _head(copy)
    if found != ["ok"] or orphans is not None:
        what = "; ".join(found) if found != ["ok"] else f"khóa ngoài sai trong bảng {orphans[0]}"
        raise Refused(f"Bản sao lưu không nguyên vẹn ({what}); hãy kiểm tra ổ đĩa rồi chạy dean verify.")
    if head[0] < at_least[0] or not _has(store, head):
        raise Refused("Bản sao lưu không có sự kiện mới nhất của sổ; hãy chạy lại dean run housekeeping.")


def _settle(draft: Path, path: Path) -> None:
    """Give the copy its name when it is on the disk. It holds personal data, so only its owner may read it."""
    draft.chmod(0o600)
    with draft.open("rb+") as stream:
        os.fsync(stream.fileno())
    draft.replace(path)


# --- those there are ----------------------------------------------------------------------------------


def backups(folder: Path) -> dict[date, Path]:
    """The backups by their day, oldest first; other files in the folder are nobody's business."""
    found = {}
    for path in sorted(folder.glob("????-??-??.db")):
        try:
            found[date.fromisoformat(path.stem)] = path
        except ValueError:
            continue
    return found


def lost_since(store: Store, path: Path) -> str:
    """Say which event of a backup the register no longer has; empty while it has them all.

    So a register that was replaced by an older copy is found before its backups are written over.
    """
    try:
        with closing(_connect(path)) as copy:
            head = _head(copy)
    except sqlite3.Error as error:
        return f"Không đọc được bản sao lưu {path.name} ({quoted(str(error))}); hãy chuyển tệp đó ra nơi khác."
    if _has(store, head):
        return ""
    return (
        f"Bản sao lưu {path.name} có sự kiện {head[0]} mà sổ hiện nay không có: sổ đã bị thay bằng bản cũ hoặc bản "
        "khác; hãy xem lại, rồi chuyển tệp đó ra nơi khác để sao lưu tiếp."
    )


def thin_out(folder: Path) -> list[date]:
    """Remove the backups that are not kept any more and answer with their days."""
    found = backups(folder)
    stay = kept(found)
    gone = [day for day in found if day not in stay]
    for day in gone:
        found[day].unlink()
    return gone


def _register(store: Store) -> sqlite3.Connection:
    """Never makes a file. It may write, because SQLite lets no other connection copy the database into a new file."""
    place = Path(make_url(store.url).database or "")
    return sqlite3.connect(f"{place.absolute().as_uri()}?mode=rw", uri=True, timeout=10)


def _connect(path: Path) -> sqlite3.Connection:
    """Read only: a copy that is looked at stays what it was."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)


def _head(connection: sqlite3.Connection) -> Head:
    row = connection.execute("SELECT id, hash FROM event ORDER BY id DESC LIMIT 1").fetchone()
    return (int(row[0]), str(row[1])) if row else (0, "")


def _has(store: Store, head: Head) -> bool:
    """Does the register hold this event? Without any event there is nothing to hold."""
    with closing(_register(store)) as register:
        row = register.execute("SELECT hash FROM event WHERE id = ?", (head[0],)).fetchone()
    return head[0] == 0 or (row is not None and row[0] == head[1])
