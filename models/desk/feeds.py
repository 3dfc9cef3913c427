"""The secret address of a person's calendar: made anew as often as one likes, the one before ending with it."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.columns import instant_text
from models.desk.credentials import hash_of_token
from models.loading import load_person
from models.queries.deadlines import shown
from models.queries.scope import plain_row, readable_by
from models.rulebook import rulebook
from models.statement import Statement
from states.facts import Person
from states.refusal import Refused

#: Deadlines in one calendar: more than a person looks at, less than a telephone chokes on.
MOST = 2_000
#: What was overdue for longer has left the calendar; the lists of the desk still have it.
BACK = timedelta(days=90)


def make_feed(session: Session, person_id: int, *, at: datetime) -> str:
    """Make the secret of a person's calendar and answer with it, shown this once; an older one stops working."""
    _END.run(session, [{"person": person_id, "at": instant_text(at)}])
    secret = secrets.token_urlsafe(24)
    _MAKE.run(session, [{"hash": hash_of_token(secret), "person": person_id, "at": instant_text(at)}])
    return secret


def end_feed(session: Session, person_id: int, *, at: datetime) -> None:
    """Withdraw the address of a person's calendar. Raises Refused where there is none."""
    if feed_of(session, person_id) is None:
        raise Refused("Chưa có địa chỉ lịch nào đang dùng; hãy tải lại trang.")
    _END.run(session, [{"person": person_id, "at": instant_text(at)}])


_END = Statement("UPDATE feed SET revoked_at = :at WHERE person_id = :person AND revoked_at IS NULL")
_MAKE = Statement("INSERT INTO feed (secret_hash, person_id, made_at) VALUES (:hash, :person, :at)")


def feed_of(session: Session, person_id: int) -> dict[str, Any] | None:
    """When the living address of a person was made, or None."""
    rows = _OF.rows(session, person=person_id)
    return plain_row(rows[0]._asdict()) if rows else None


_OF = Statement("SELECT made_at FROM feed WHERE person_id = :person AND revoked_at IS NULL")


def feed_owner(session: Session, secret: str) -> Person:
    """Whose calendar an address is. Raises Refused alike for one unknown, withdrawn, or of a person locked."""
    rows = _OWNER.rows(session, hash=hash_of_token(secret))
    if not rows:
        raise Refused("Địa chỉ lịch này không còn dùng được; hãy lập địa chỉ mới ở trang Token và lịch của tôi.")
    return load_person(session, rows[0].code)


_OWNER = Statement("""
    SELECT p.code FROM feed AS f JOIN person AS p ON p.id = f.person_id
    WHERE f.secret_hash = :hash AND f.revoked_at IS NULL AND p.active = 1""")


def calendar_rows(
    session: Session, person: Person | None, *, as_of: date, project: str | None = None
) -> list[dict[str, Any]]:
    """The open deadlines in a person's scope, the earliest first, as `due_list` tells them; perhaps of one project.

    `series` names a deadline through all its dates as reminders do; `sequence` grows with every event that
    can move it, of its project, the working calendar or the rules, so that new dates replace the entry in the
    calendar; `moved_at` is the instant of its project's last event.
    """
    where = readable_by(person)
    where.add("d.status = 'open'")
    where.add("d.safe_on >= :since", since=(as_of - BACK).isoformat())
    if project is not None:
        where.add("p.code = :project", project=project)
    book = rulebook(session)
    rows = where.rows(session, _OPEN, limit=MOST)
    return [
        shown(row, book, as_of)
        | {name: row[name] for name in ("sequence", "moved_at", "started_by")}
        | {"series": f"deadline:{row['project']}/{row['clock']}/{row['started_by']}"}
        for row in rows
    ]


_OPEN = """
    SELECT d.clock, d.rule, d.status, d.started_by, d.started_on, d.printed_on, d.rolled_on, d.safe_on, d.provisional,
           d.stopped_on, p.code AS project, p.name, p.stage, u.code AS unit,
           p.version + (SELECT sum(version) FROM calendar) + (SELECT sum(version) FROM deadline_rule) AS sequence,
           e.recorded_at AS moved_at
    FROM deadline AS d JOIN project AS p ON p.id = d.project_id JOIN unit AS u ON u.id = p.unit_id
    JOIN event AS e ON e.id = p.last_event_id
    WHERE {where} ORDER BY d.safe_on, p.code, d.clock LIMIT :limit"""
