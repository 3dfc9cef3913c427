"""Open and change the subjects that have no lifecycle of their own: people, units, beneficiaries, places, bodies."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.append import Appended, Draft, Origin, append
from models.chain import plain
from states.actions import Entry
from states.refusal import Refused


def open_subject(
    session: Session,
    kind: str,
    values: Mapping[str, Any],
    origin: Origin,
    *,
    lines: Mapping[str, list[dict[str, Any]]] | None = None,
    note: str = "",
) -> int:
    """Write the first event of a new subject and return its id."""
    draft = Draft(kind, str(Entry.OPEN), set=dict(values), lines=dict(lines or {}), note=note)
    return append(session, [draft], origin)[0].subject_id


def open_subjects(
    session: Session, kind: str, rows: Sequence[Mapping[str, Any]], origin: Origin, *, note: str = ""
) -> list[int]:
    """Write the first events of many subjects of one kind at once and return their ids in order."""
    drafts = [Draft(kind, str(Entry.OPEN), set=dict(row), note=note) for row in rows]
    return [written.subject_id for written in append(session, drafts, origin)]


def change_subject(
    session: Session,
    kind: str,
    subject_id: int,
    values: Mapping[str, Any],
    origin: Origin,
    *,
    lines: Mapping[str, list[dict[str, Any]]] | None = None,
    note: str = "",
) -> Appended:
    """Write an event that sets columns of a subject, with the old values beside the new ones.

    Raises Refused when nothing would change: an event that says nothing has no place in the ledger.
    """
    was = row_of(session, kind, subject_id, lock=True)
    changed = {column: value for column, value in values.items() if plain(was[column]) != plain(value)}
    if not changed and not lines:
        raise Refused("Không có gì thay đổi so với dữ liệu đang ghi.")
    draft = Draft(
        kind,
        str(Entry.CORRECT),
        subject_id,
        was["version"],
        was["previous"],
        set=changed,
        was={column: was[column] for column in changed},
        lines=dict(lines or {}),
        note=note,
    )
    return append(session, [draft], origin)[0]


def row_of(session: Session, kind: str, subject_id: int, *, lock: bool = False) -> dict[str, Any]:
    """A subject's stored columns with the hash of its last event (`previous`)."""
    if lock and session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text(f"SELECT id FROM {kind} WHERE id = :id FOR UPDATE"), {"id": subject_id})
    statement = text(
        f"SELECT s.*, e.hash AS previous FROM {kind} AS s JOIN event AS e ON e.id = s.last_event_id WHERE s.id = :id"
    )
    return dict(session.connection().execute(statement, {"id": subject_id}).mappings().one())
