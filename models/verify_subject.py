"""Prove one subject: its chain from the first event to the last, and its rows, lines and sums as these say.

What `models.verify` does for the whole register, for the page of one event. A subject taken out whole, a hole in the
numbers and the files are not seen from here.
"""

from sqlalchemy import text
from sqlmodel import Session

from models.problem import Problem
from models.replay import COLUMNS, SUBJECT_TABLES, replay
from models.verify import compared, plain_values
from states.refusal import Refused

#: Events that a page replays; a subject with more waits for the night.
MOST_EVENTS = 5_000


def verify_subject(session: Session, kind: str, subject_id: int) -> tuple[int, list[Problem]]:
    """Replay a subject: how many events it has, and what does not follow from them.

    Raises Refused for a kind that is not kept in the ledger, for a subject without events, and for one with too many.
    """
    if kind not in SUBJECT_TABLES:
        raise Refused("Không có loại hồ sơ này trong sổ.")
    connection = session.connection()
    found = connection.execute(_EVENTS, {"kind": kind, "subject": subject_id, "most": MOST_EVENTS + 1}).all()
    if not found:
        raise Refused("Hồ sơ này không có sự kiện nào trong sổ.")
    if len(found) > MOST_EVENTS:
        raise Refused("Hồ sơ này có quá nhiều sự kiện để kiểm tra trên trang; hãy chạy dean verify.")
    rows = [dict(zip(COLUMNS["event"], plain_values(row), strict=True)) for row in found]
    problems: list[Problem] = []
    following = replay(kind, subject_id, rows)
    while True:
        try:
            problems.append(next(following))
        except StopIteration as end:
            problems += compared(connection, [end.value])
            return len(rows), problems


_EVENTS = text(
    f"SELECT {', '.join(COLUMNS['event'])} FROM event "
    "WHERE subject_kind = :kind AND subject_id = :subject ORDER BY seq LIMIT :most"
)
