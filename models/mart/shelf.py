"""The folder of marts: one file a night, found by its date, kept as long as its date says."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from models.mart.shape import ALL_TABLES, SCHEMA_VERSION
from models.mart.writing import content_hash, opened
from states.refusal import Refused
from states.words import format_date

#: Nights that are all kept, and months of which the last mart is; of each year the last one is kept for ever.
NIGHTS, MONTHS = 35, 24
#: A draft that nobody finished within a day never will be.
_ABANDONED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """One mart on the shelf; `why` is the reason that keeps it, or None when it may go."""

    on: date
    place: Path
    size: int
    why: str | None

    def as_json(self) -> dict[str, Any]:
        return {"date": self.on.isoformat(), "path": str(self.place), "bytes": self.size, "kept": self.why}


def shelf_of(home: Path, *, demonstration: bool) -> Path:
    """The folder of a register's marts; those of the demonstration lie apart, as its files do."""
    return home / ("demo-marts" if demonstration else "marts")


def place_of(shelf: Path, on: date) -> Path:
    return shelf / f"{on.isoformat()}.db"


def draft_of(shelf: Path, on: date, process: int) -> Path:
    """Where a process writes before the file gets its name."""
    return shelf / f".{on.isoformat()}.{process}.part"


def marts(shelf: Path) -> list[Kept]:
    """The marts on a shelf, the newest first."""
    found = dict(_found(shelf))
    why = reasons_to_keep(found)
    return [Kept(on, found[on], found[on].stat().st_size, why.get(on)) for on in sorted(found, reverse=True)]


def _found(shelf: Path) -> Iterator[tuple[date, Path]]:
    for place in shelf.glob("????-??-??.db"):
        try:
            yield date.fromisoformat(place.stem), place
        except ValueError:
            # Somebody else's file with a name like ours.
            continue


def reasons_to_keep(dates: Iterable[date]) -> dict[date, str]:
    """Of the dates of all marts those that are kept, each with its reason.

    Counted in marts and not in days: after an outage the last ones before it still stand.
    """
    newest_first = sorted(dates, reverse=True)
    last_of_month: dict[tuple[int, int], date] = {}
    last_of_year: dict[int, date] = {}
    for on in newest_first:
        last_of_month.setdefault((on.year, on.month), on)
        last_of_year.setdefault(on.year, on)
    kept = dict.fromkeys(newest_first[:NIGHTS], f"{NIGHTS} đêm gần nhất")
    kept |= {on: "cuối tháng" for on in list(last_of_month.values())[:MONTHS] if on not in kept}
    return kept | {on: "cuối năm" for on in last_of_year.values() if on not in newest_first[:NIGHTS]}


def prune(shelf: Path, *, at: datetime, dry_run: bool = False) -> list[Path]:
    """Remove the marts that nothing keeps, and what crashed writers left; return what was (or would be) removed."""
    gone = [mart.place for mart in marts(shelf) if mart.why is None]
    for draft in shelf.glob(".????-??-??.*.part"):
        if at - datetime.fromtimestamp(draft.stat().st_mtime, UTC) > _ABANDONED:
            gone.append(draft)
    if not dry_run:
        for place in gone:
            place.unlink(missing_ok=True)
    return gone


def mart_on(shelf: Path, on: date) -> Path:
    """The mart of a night. Raises Refused when there is none, naming the nearest that there are."""
    place = place_of(shelf, on)
    if place.exists():
        return place
    known = sorted(dict(_found(shelf)), key=lambda each: abs(each - on))[:3]
    if not known:
        raise Refused("Chưa có tệp số liệu nào; hãy lập bằng dean mart make.")
    near = ", ".join(format_date(each) for each in known)
    raise Refused(f"Không có tệp số liệu của ngày {format_date(on)}; gần nhất có: {near} (dean mart list).")


def refuse_unreadable(place: Path) -> None:
    """Raise Refused for a file that is no mart, or one of another shape than this program reads."""
    try:
        with opened(place) as mart:
            [version] = mart.execute("PRAGMA user_version").fetchone()
            mart.execute("SELECT count(*) FROM meta").fetchone()
    except sqlite3.Error as error:
        raise Refused(f"Không đọc được tệp số liệu {place.name} ({error}); hãy lập lại bằng dean mart make.") from error
    if version != SCHEMA_VERSION:
        raise Refused(
            f"Tệp số liệu {place.name} có cấu trúc {version}, chương trình đọc cấu trúc {SCHEMA_VERSION}; "
            "hãy mở tệp bằng công cụ SQLite."
        )


def about(place: Path) -> dict[str, Any]:
    """What a mart says of itself, how many rows its tables have, and whether its content is still what was written."""
    refuse_unreadable(place)
    with opened(place) as mart:
        meta = dict(mart.execute("SELECT key, value FROM meta ORDER BY key").fetchall())
        counts = {table.name: mart.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0] for table in ALL_TABLES}
        intact = content_hash(mart) == meta.get("content_hash")
    return {"path": str(place), "intact": intact, "meta": meta, "rows": counts}
