"""The papers on a project's file, each version with who put it there, and the file behind one of them."""

from typing import Any

from sqlmodel import Session

from models.queries.scope import Where, project_id_of
from states.facts import Person
from states.refusal import Refused
from states.vocabulary import Paper

_PAPERS = """
    SELECT a.event_id AS event, a.line, a.kind, a.title, a.version, a.number, a.issued_on, a.signer, a.sha256, a.size,
           a.file_name, e.recorded_at, w.name AS recorded_by_name
    FROM paper AS a JOIN event AS e ON e.id = a.event_id LEFT JOIN person AS w ON w.id = e.recorded_by
    WHERE {where} ORDER BY a.event_id DESC, a.line"""


def papers_of(session: Session, code: str, *, reader: Person | None = None) -> list[dict[str, Any]]:
    """Every paper of a project, those of one kind together, the newest version first; `newest` marks it.

    Raises Refused for a project that the reader may not see.
    """
    where = Where()
    project = project_id_of(session, code, reader)
    where.add("a.subject_kind = 'project' AND a.subject_id = :project", project=project)
    rows = where.rows(session, _PAPERS)
    # Papers of no kind of their own are told apart by their titles.
    keys = [(row["kind"], row["title"] if row["kind"] == Paper.OTHER else "") for row in rows]
    order = {key: place for place, key in reversed(list(enumerate(keys)))}
    shown = [
        row | {"label": Paper(row["kind"]).label, "newest": order[key] == place}
        for place, (row, key) in enumerate(zip(rows, keys, strict=True))
    ]
    return [row for _, row in sorted(zip(keys, shown, strict=True), key=lambda pair: order[pair[0]])]


def paper_of(session: Session, code: str, event: int, line: int, *, reader: Person | None = None) -> dict[str, Any]:
    """One paper of a project. Raises Refused for one that is not on this project's file or came without a file."""
    found = [row for row in papers_of(session, code, reader=reader) if (row["event"], row["line"]) == (event, line)]
    if not found:
        raise Refused(f"Không có giấy tờ này trong hồ sơ {code}; hãy mở lại trang đề án.")
    if not found[0]["sha256"]:
        raise Refused(f"{found[0]['title']} chỉ có bản giấy, không có tệp để tải.")
    return found[0]
