"""The figures of a night as open data: the file itself, and what stands in it for programs that have never seen it.

The description follows the Data Package form of frictionlessdata.io: one resource a table, its columns with meanings.
"""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

from flows.jobs.papers.tables.frame import File
from models.mart import about, mart_on, marts
from models.mart.shape import ALL_TABLES
from models.mart.shape import Table as MartTable
from states.refusal import Refused

MEDIA_TYPE = "application/vnd.sqlite3"
#: The words of the form for the types of SQLite.
_TYPES = {"INTEGER": "integer", "TEXT": "string", "REAL": "number"}


def newest_mart(shelf: Path, on: date | None = None) -> Path:
    """The file of a night, the newest when none is named. Raises Refused where there is none."""
    if on is not None:
        return mart_on(shelf, on)
    kept = marts(shelf)
    if not kept:
        raise Refused("Chưa có tệp số liệu nào; đêm nay hệ thống sẽ lập, hoặc hãy lập ngay bằng dean mart make.")
    return kept[0].place


def mart_name(place: Path, *, demonstration: bool) -> str:
    """Under which name the file of a night is handed over."""
    return f"{'MINH-HOA_' if demonstration else ''}so-lieu-khuyen-cong_{place.stem}.db"


def description(place: Path, *, demonstration: bool) -> dict[str, Any]:
    """What a mart holds (a data package): tables, columns, rows, cut-off. Raises Refused for a file that is none."""
    told = about(place)
    meta = told["meta"]
    name = mart_name(place, demonstration=demonstration)
    return {
        "profile": "data-package",
        "name": Path(name).stem.lower().replace("_", "-"),
        "title": f"Số liệu khuyến công ngày {meta['as_of']}" + (" – MINH HỌA, không có thật" if demonstration else ""),
        "description": (
            "Mỗi đêm một tệp SQLite. Không nêu tên người, đơn vị thụ hưởng hay mã số thuế. Tiền là số nguyên đồng."
        ),
        "created": meta["made_at"],
        "version": meta["as_of"],
        "demonstration": demonstration,
        "cutoff": {"event": int(meta["cutoff_event"]), "on": meta["cutoff_on"]},
        "content_hash": meta["content_hash"],
        "intact": told["intact"],
        "bytes": place.stat().st_size,
        "hash": f"sha256:{hashlib.sha256(place.read_bytes()).hexdigest()}",
        "resources": [_resource(table, name, told["rows"][table.name]) for table in ALL_TABLES],
    }


def description_file(place: Path, *, demonstration: bool) -> File:
    """The same as a file, under the name that programs look for."""
    from documents.json import lines

    told = description(place, demonstration=demonstration)
    return File("datapackage.json", "application/json", b"".join(lines(told)))


def _resource(table: MartTable, file: str, rows: int) -> dict[str, Any]:
    fields = [
        {
            "name": column.name,
            "type": _TYPES.get(column.kind.split()[0], "any"),
            "description": column.meaning,
            "constraints": {"required": "NOT NULL" in column.kind or "PRIMARY KEY" in column.kind},
        }
        for column in table.columns
    ]
    key = list(table.key) or [table.columns[0].name]
    return {
        "name": table.name,
        "title": table.meaning,
        "path": file,
        "format": "sqlite",
        "mediatype": MEDIA_TYPE,
        "dialect": {"table": table.name},
        "rows": rows,
        "schema": {"fields": fields, "primaryKey": key},
    }
