"""Who made which Word file the office's template of a kind of paper, and who went back to the one that we ship."""

from typing import Any

from sqlmodel import Session

from models.append import SELF, Origin
from models.papers import paper_lines
from models.people import refuse_others_than
from models.queries.scope import plain_row
from models.statement import Statement
from models.subjects import change_subject, open_subject
from states.facts import Enclosure, Person
from states.refusal import Refused
from states.vocabulary import Paper, Role

#: Who changes templates.
KEEPERS = (Role.ADMINISTRATOR,)


def record_template(session: Session, kind: str, file: Enclosure | None, *, by: Person, origin: Origin) -> None:
    """Record that a file is the template of a kind from now on, or that ours is again.

    Raises Refused for others than administrators, and where it is so already.
    """
    refuse_others_than(by, *KEEPERS)
    values: dict[str, Any] = {"sha256": "", "file_name": "", "size": 0}
    if file is not None:
        values = {"sha256": file.sha256, "file_name": file.file_name, "size": file.size}
    found = _FIND.rows(session, kind=kind)
    if not found:
        lines = _lines(SELF, file, 0)
        open_subject(session, "letter_template", {"kind": kind} | values, origin, lines=lines)
        return
    if found[0].sha256 == values["sha256"]:
        raise Refused("Mẫu đã được ghi như vậy; không có gì thay đổi.")
    number = int(found[0].id)
    lines = _lines(number, file, int(_FILES.one(session, id=number).files))
    change_subject(session, "letter_template", number, values, origin, lines=lines)


def _lines(subject: int | str, file: Enclosure | None, before: int) -> dict[str, list[dict[str, Any]]]:
    """The file as a paper of its template, of which so many were recorded before."""
    return {"paper": paper_lines("letter_template", subject, (file,), {Paper.OTHER: before})} if file else {}


def recorded_templates(session: Session) -> dict[str, dict[str, Any]]:
    """By kind, the last file that was recorded (none: `sha256` empty), when and by whom."""
    return {row.kind: plain_row(row._asdict()) for row in _LIST.rows(session)}


_FIND = Statement("SELECT id, sha256 FROM letter_template WHERE kind = :kind")
_FILES = Statement(
    "SELECT count(*) AS files FROM paper WHERE subject_kind = 'letter_template' AND subject_id = :id AND kind = 'other'"
)
_LIST = Statement(
    "SELECT s.kind, s.sha256, s.file_name, e.recorded_at, p.name AS recorded_by_name FROM letter_template AS s "
    "JOIN event AS e ON e.id = s.last_event_id LEFT JOIN person AS p ON p.id = e.recorded_by"
)
