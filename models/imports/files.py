"""The row that an import leaves: which file, whose, what became of its rows; the file itself is its paper."""

from sqlmodel import Session

from models.append import SELF, Origin
from models.papers import paper_lines
from models.subjects import open_subject
from states.facts import Enclosure
from states.vocabulary import Paper


def record_import(
    session: Session,
    file: Enclosure,
    sheet: str,
    *,
    opened: int,
    amended: int,
    unchanged: int,
    origin: Origin,
    note: str = "",
) -> int:
    """Write the first and only event of an imported file and return its number."""
    values = {
        "sha256": file.sha256,
        "file_name": file.file_name,
        "sheet": sheet,
        "opened": opened,
        "amended": amended,
        "unchanged": unchanged,
    }
    lines = {"paper": paper_lines("import_file", SELF, (file,), {})}
    told = "; ".join(part for part in (f"Nhập từ tệp {file.file_name}", note) if part)
    return open_subject(session, "import_file", values, origin, lines=lines, note=told)


def imported_paper(name: str, sha256: str, size: int) -> Enclosure:
    return Enclosure(Paper.OTHER, title="Bảng đã nhập", sha256=sha256, size=size, file_name=name)
