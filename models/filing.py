"""Compare the folder of uploaded files with the papers that name them."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from sqlalchemy import Connection, bindparam, text

from models.problem import Problem, named
from models.store import file_path

#: File names that are asked for in one statement.
_AT_A_TIME = 500
_DIGEST = re.compile(r"[0-9a-f]{64}")


def lost_or_changed(connection: Connection, files: Path, read: str | None = None) -> Iterator[Problem]:
    """Name every paper whose file is missing or is no longer what was handed in.

    `read` is SQL that says of a paper whether its file is read; of other files only the size is looked at.
    """
    statement = text(_WITH_FILE.format(read=read or "1 = 1")).execution_options(yield_per=_AT_A_TIME)
    for sha256, grouped in groupby(connection.execute(statement), key=lambda paper: str(paper.sha256)):
        papers = list(grouped)
        size, what = _read(files, sha256, whole=any(paper.is_read for paper in papers))
        for paper in papers:
            key = named("paper", (paper.event_id, paper.line))
            if what:
                yield Problem("paper", key, what)
            elif paper.size != size:
                yield Problem("paper", key, f"tệp {sha256} dài {size} byte, cột size ghi {paper.size} byte.")


_WITH_FILE = """
    SELECT sha256, size, event_id, line, CASE WHEN {read} THEN 1 ELSE 0 END AS is_read
    FROM paper WHERE sha256 <> '' ORDER BY sha256, event_id, line"""


def _read(files: Path, sha256: str, *, whole: bool) -> tuple[int, str]:
    """Read one file, or ask for its size, and return that with what is wrong with it, or with nothing."""
    if not _DIGEST.fullmatch(sha256):
        return 0, "cột sha256 không phải mã băm của tệp nào; cột này đã bị sửa."
    place = file_path(files, sha256)
    try:
        if not whole:
            return place.stat().st_size, ""
        with place.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
            size = stream.tell()
    except FileNotFoundError:
        return 0, f"thiếu tệp {sha256}; hãy lấy lại từ bản sao lưu."
    except OSError as error:
        return 0, f"không đọc được tệp {sha256} ({error.strerror}); hãy kiểm tra ổ đĩa và quyền đọc."
    if found != sha256:
        return size, f"tệp {sha256} không còn là nội dung đã nộp; hãy lấy lại từ bản sao lưu."
    return size, ""


def unclaimed(connection: Connection, files: Path) -> set[Path]:
    """Find the files that no paper names: uploads that broke off, or files put there behind the ledger's back."""
    return {place for places in _folders(files) for place in still_unclaimed(connection, files, places)}


def still_unclaimed(connection: Connection, files: Path, places: Iterable[Path]) -> set[Path]:
    """Which of these files are there and named by no paper?"""
    left = {place for place in places if os.path.lexists(place)}
    named_alike = sorted({place.name for place in left if _is_in_its_place(files, place)})
    for start in range(0, len(named_alike), _AT_A_TIME):
        claimed = connection.execute(_CLAIMED, {"names": named_alike[start : start + _AT_A_TIME]}).scalars()
        left -= {file_path(files, sha256) for sha256 in claimed}
    return left


_CLAIMED = text("SELECT DISTINCT sha256 FROM paper WHERE sha256 IN :names").bindparams(
    bindparam("names", expanding=True)
)


def strange_files(files: Path, places: Iterable[Path]) -> Iterator[Problem]:
    for place in sorted(places):
        key = place.relative_to(files).as_posix()
        if place.suffix == ".part":
            what = "tệp tải lên dở dang; nếu không ai đang tải lên, hãy xóa tệp này."
        else:
            what = "tệp không thuộc tài liệu nào trong sổ; hãy xem tệp từ đâu đến rồi chuyển đi nơi khác."
        yield Problem("files", key, what)


def _is_in_its_place(files: Path, place: Path) -> bool:
    return bool(_DIGEST.fullmatch(place.name)) and place == file_path(files, place.name)


def _folders(files: Path) -> Iterator[list[Path]]:
    for folder, _, names in os.walk(files):
        yield [Path(folder) / name for name in names]
