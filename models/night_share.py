"""Which subjects a night rebuilds from their events, and the cheap look that all others get in the same night.

A small register is rebuilt whole every night. On a large one that takes longer than a night's work should, so a night
rebuilds the subjects that had events since the night before, and one seventh of all others, chosen by the number of
the subject and the business date: each subject once in seven nights. The shares of nights that never ran are taken up
by the next one, so no gap leaves a subject out; after seven such nights the whole register is rebuilt.

Rejected: a cursor kept from night to night (whoever edits it decides what is never looked at; a date cannot be
edited), oldest first (a column more on every subject), and two processes (half the time, for a start-up of its own
and one core less for the people at their desks). `dean verify` knows no shares: it rebuilds everything.

What the cheap look cannot see is a row that differs from its events in a column that is neither money nor where the
subject stands; that waits for its share. An event that was sealed cannot change for a single night: every night hashes
all sealed bodies again for their seals.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, text
from sqlmodel import Session

from models.problem import Problem, named
from models.replay import SUBJECT_TABLES
from models.statement import Statement
from states.slots import Job, SlotStatus

#: In so many nights every subject is rebuilt.
NIGHTS = 7
#: Registers of so many events are rebuilt whole every night; that takes two or three seconds.
WHOLE_UP_TO = 20_000


@dataclass(frozen=True, slots=True)
class Share:
    """The subjects that are rebuilt: those of some of the seven shares, and those with an event after `after`."""

    numbers: frozenset[int]
    after: int

    def has(self, subject_id: str) -> str:
        """SQL that asks whether a subject belongs to the share; the argument is SQL too.

        Its id tells a subject from those of all kinds, because it is that of the event which opened it.
        """
        numbers = ", ".join(map(str, sorted(self.numbers)))
        # A forged row may have a negative number: it must not fall between the shares.
        return (
            f"(abs({subject_id} % {NIGHTS}) IN ({numbers}) OR {subject_id} IN "
            f"(SELECT touched.subject_id FROM event AS touched WHERE touched.id > {self.after}))"
        )


def share_of_night(session: Session, on: date, *, whole_up_to: int = WHOLE_UP_TO) -> Share | None:
    """The share that the night of a business date rebuilds, or None for the whole register.

    It follows from the date, the nights done before it and their seals, so a night that is repeated has the same one.
    """
    events: int = session.connection().execute(text("SELECT count(*) FROM event")).scalar_one()
    before = _night_before(session, on)
    if events <= whole_up_to or before is None or (on - before).days >= NIGHTS:
        return None
    # The night before sealed the day that was over then; whatever came later it may not have seen.
    after = _SEALED.one(session, on=(before - timedelta(days=1)).isoformat()).last
    if after is None:
        return None
    days = (on - timedelta(days=n) for n in range((on - before).days))
    return Share(frozenset(day.toordinal() % NIGHTS for day in days), int(after))


def _night_before(session: Session, on: date) -> date | None:
    found = _DONE.one(session, on=on.isoformat()).slot
    return date.fromisoformat(found) if found else None


_DONE = Statement(
    f"SELECT max(slot) AS slot FROM slot WHERE job = '{Job.NIGHTLY}' AND slot < :on "
    f"AND status IN ('{SlotStatus.RAN}', '{SlotStatus.LATE}')"
)
_SEALED = Statement("SELECT max(last_event) AS last FROM seal WHERE business_date <= :on")


# --- the cheap look at all others ---------------------------------------------------------------------


def looked_at(connection: Connection, share: Share) -> Iterator[Problem]:
    """Check by SQL alone that the subjects outside the share stand where their last events left them."""
    for table in SUBJECT_TABLES:
        yield from _heads(connection, share, table)


def _heads(connection: Connection, share: Share, table: str) -> Iterator[Problem]:
    """Every row stands at the last event of its subject, a project also in the stage that this event reached."""
    stage = " OR e.to_stage <> t.stage" if table == "project" else ""
    sql = f"""
        SELECT t.id, t.version, t.last_event_id FROM {table} AS t LEFT JOIN event AS e ON e.id = t.last_event_id
        WHERE NOT {share.has("t.id")}
          AND (e.id IS NULL OR e.subject_kind <> '{table}' OR e.subject_id <> t.id OR e.seq <> t.version{stage}
               OR EXISTS (SELECT 1 FROM event AS n
                          WHERE n.subject_kind = '{table}' AND n.subject_id = t.id AND n.seq > t.version))
        ORDER BY t.id"""
    for row in connection.execute(text(sql)):
        what = f"dòng dừng ở lần sửa {row.version}, sự kiện {row.last_event_id}; các sự kiện của hồ sơ nói khác."
        yield Problem(table, named(table, (row.id,)), what)
    yield from _gone(connection, share, table)


def _gone(connection: Connection, share: Share, table: str) -> Iterator[Problem]:
    """Every subject that was opened has its row."""
    sql = f"""
        SELECT e.subject_id FROM event AS e WHERE e.subject_kind = '{table}' AND e.seq = 1
          AND NOT {share.has("e.subject_id")}
          AND NOT EXISTS (SELECT 1 FROM {table} AS t WHERE t.id = e.subject_id) ORDER BY e.subject_id"""
    for subject_id in connection.execute(text(sql)).scalars():
        what = "thiếu dòng mà sự kiện đã ghi; dòng này đã bị xóa hoặc đổi khóa."
        yield Problem(table, named(table, (subject_id,)), what)
