"""A worker's turn: it takes letters whose hour has come, holds them for a while, and writes down how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.columns import instant_text
from models.statement import Statement
from states.posting import Channel, Letter, ObligationStatus, OutboxStatus

#: How long a worker may hold a letter; sending one takes seconds, whatever the server does.
LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A letter in the hands of a worker. `attempt` counts from 1; `was_cut_off`: the one before never ended."""

    id: int
    key: str
    person_id: int | None
    person: str
    name: str
    channel: Channel
    letter: Letter
    subject: str
    body: str
    made_at: datetime
    expires_at: datetime | None
    attempt: int
    was_cut_off: bool

    @property
    def is_resendable(self) -> bool:
        """May it be handed over again though it perhaps arrived? An event bears a key by which its receiver knows."""
        return self.channel.is_resendable or self.letter is Letter.EVENT


def expire(session: Session, *, at: datetime) -> int:
    """Give up letters whose time is over; their reminders wait for the next one. Answers how many."""
    expired = _EXPIRE.rows(session, at=instant_text(at))
    if expired:
        _LET_GO.run(session, [{"outbox": row.id} for row in expired])
    return len(expired)


_EXPIRE = Statement("""
    UPDATE outbox SET status = 'expired', detail = 'Quá giờ; việc còn nợ vào thư sau.', finished_at = :at
    WHERE status IN ('waiting', 'leased') AND expires_at <= :at AND (status = 'waiting' OR leased_until <= :at)
    RETURNING id""")
_LET_GO = Statement(
    f"UPDATE reminder SET status = '{ObligationStatus.WAITING}', outbox_id = NULL "
    f"WHERE outbox_id = :outbox AND status = '{ObligationStatus.QUEUED}'"
)


def claim(
    session: Session,
    worker: str,
    *,
    at: datetime,
    limit: int,
    quiet: bool = False,
    events: bool = False,
    per_minute: Mapping[Channel, int] | None = None,
    lease: timedelta = LEASE,
) -> list[Held]:
    """Take letters whose hour has come, and open an attempt for each, in one transaction.

    A letter whose lease ran out is taken again. Channels that are stopped, paused, or have used up their `per_minute`
    are left alone. In `quiet` hours only letters leave that somebody at work waits for: tests, and to the operator.
    With `events` those for other programs come too: at any hour, and whatever became of the channels.
    """
    now = instant_text(at)
    rates = dict(per_minute or {})
    rows = _ready(session, now, limit, rates, quiet)
    told = _claimable(session, str(Channel.WEBHOOK), now, limit, quiet=False, events=True) if events else []
    if not rows and not told:
        return []
    _spend(session, rows, rates, at)
    rows += told
    until = instant_text(at + lease)
    _LEASE.run(session, [{"id": row.id, "worker": worker, "until": until} for row in rows])
    _CUT_OFF.run(session, [{"id": row.id, "at": now} for row in rows])
    _BEGIN.run(session, [{"id": row.id, "no": row.attempts + 1, "worker": worker, "at": now} for row in rows])
    return [_held(row) for row in rows]


def take_one(session: Session, worker: str, outbox_id: int, *, at: datetime, lease: timedelta = LEASE) -> Held | None:
    """Take one waiting letter by its number, whatever its hour and its channel's; None when it does not wait."""
    found = _ONE_WAITING.rows(session, id=outbox_id)
    if not found:
        return None
    [row] = found
    _LEASE.run(session, [{"id": row.id, "worker": worker, "until": instant_text(at + lease)}])
    _BEGIN.run(session, [{"id": row.id, "no": row.attempts + 1, "worker": worker, "at": instant_text(at)}])
    return _held(row)


def ready(session: Session, *, at: datetime, limit: int, quiet: bool = False) -> list[int]:
    """The numbers of the letters whose hour has come, oldest first."""
    return [row.id for row in _ready(session, instant_text(at), limit, {}, quiet)]


def _ready(session: Session, now: str, limit: int, rates: Mapping[Channel, int], quiet: bool) -> list[Any]:
    closed = _closed_channels(session, now)
    rows: list[Any] = []
    for channel in Channel:
        if str(channel) not in closed and len(rows) < limit:
            batch = min(limit - len(rows), _burst(rates.get(channel, 0)))
            rows += _claimable(session, str(channel), now, batch, quiet)
    return rows


def _burst(per_minute: int) -> int:
    """How many letters may leave at once: a tenth of the minute, so that several workers share it."""
    return max(1, per_minute // 10) if per_minute else 1_000_000


def _closed_channels(session: Session, now: str) -> set[str]:
    return {row.channel for row in _CLOSED.rows(session, at=now)}


_CLOSED = Statement("""
    SELECT channel FROM channel_state
    WHERE stopped_at IS NOT NULL OR paused_until > :at OR next_at > :at""")


def _claimable(session: Session, channel: str, now: str, limit: int, quiet: bool, *, events: bool = False) -> list[Any]:
    skip = " FOR UPDATE OF o SKIP LOCKED" if session.get_bind().dialect.name == "postgresql" else ""
    return _CLAIMABLE[skip].rows(session, channel=channel, at=now, limit=limit, quiet=int(quiet), events=int(events))


_CLAIMABLE = {
    skip: Statement(
        "SELECT o.id, o.key, o.person_id, o.channel, o.letter, o.subject, o.body, o.made_at, o.expires_at, "
        "o.attempts, o.status, coalesce(n.code, '') AS person, coalesce(n.name, '') AS name "
        "FROM outbox AS o LEFT JOIN person AS n ON n.id = o.person_id "
        # The first condition is that of the partial index, in its own words: years of sent letters are not read.
        "WHERE o.status IN ('waiting', 'leased') AND o.not_before <= :at AND o.channel = :channel "
        "AND (o.status = 'waiting' OR o.leased_until <= :at) AND (:quiet = 0 OR o.letter IN ('operator', 'test')) "
        "AND CASE WHEN o.letter = 'event' THEN 1 ELSE 0 END = :events "
        "ORDER BY o.not_before, o.id LIMIT :limit" + skip
    )
    for skip in ("", " FOR UPDATE OF o SKIP LOCKED")
}
_ONE_WAITING = Statement(
    "SELECT o.id, o.key, o.person_id, o.channel, o.letter, o.subject, o.body, o.made_at, o.expires_at, o.attempts, "
    "o.status, coalesce(n.code, '') AS person, coalesce(n.name, '') AS name "
    "FROM outbox AS o LEFT JOIN person AS n ON n.id = o.person_id WHERE o.id = :id AND o.status = 'waiting'"
)
_LEASE = Statement(
    "UPDATE outbox SET status = 'leased', leased_by = :worker, leased_until = :until, attempts = attempts + 1 "
    "WHERE id = :id"
)
#: Nobody will ever know how an attempt ended that has no end: the letter may have arrived.
_CUT_OFF = Statement(
    "UPDATE attempt SET ended_at = :at, outcome = 'unknown', detail = 'Bị ngắt giữa chừng; có thể đã đến nơi.' "
    "WHERE outbox_id = :id AND ended_at IS NULL"
)
_BEGIN = Statement(
    "INSERT INTO attempt (outbox_id, no, worker, mode, begun_at, outcome, code, provider_id, detail) "
    "VALUES (:id, :no, :worker, '', :at, '', '', '', '')"
)


def _spend(session: Session, rows: Sequence[Any], rates: Mapping[Channel, int], at: datetime) -> None:
    """Set when the next letter of a channel may leave."""
    for channel, rate in rates.items():
        number = sum(row.channel == channel for row in rows)
        if rate and number:
            next_at = at + timedelta(minutes=1) * number / rate
            _STATE.run(session, [{"channel": str(channel), "next_at": instant_text(next_at)}])


_STATE = Statement(
    "INSERT INTO channel_state (channel, next_at, detail) VALUES (:channel, :next_at, '') "
    "ON CONFLICT (channel) DO UPDATE SET next_at = excluded.next_at"
)


def _held(row: Any) -> Held:
    made_at, expires_at = (_instant(value) for value in (row.made_at, row.expires_at))
    assert made_at is not None
    return Held(
        id=row.id,
        key=row.key,
        person_id=row.person_id,
        person=row.person,
        name=row.name,
        channel=Channel(row.channel),
        letter=Letter(row.letter),
        subject=row.subject,
        body=row.body,
        made_at=made_at,
        expires_at=expires_at,
        attempt=row.attempts + 1,
        was_cut_off=row.status == OutboxStatus.LEASED,
    )


def _instant(value: Any) -> datetime | None:
    """An instant as it is read: text on SQLite, a value on PostgreSQL."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


# --- how it ended -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How an attempt ended: the codes of `notifications.outcome`, in words for the operator without any address."""

    outcome: str
    mode: str = ""
    code: str = ""
    provider_id: str = ""
    detail: str = ""


def is_held(session: Session, held: Held, worker: str) -> bool:
    """Does the worker still hold the letter? A lease that ran out may have been taken by another one."""
    return bool(_HOLDS.rows(session, id=held.id, worker=worker, no=held.attempt))


_HOLDS = Statement(
    "SELECT id FROM outbox WHERE id = :id AND status = 'leased' AND leased_by = :worker AND attempts = :no"
)


def note_end(session: Session, held: Held, ended: Ended, *, at: datetime) -> None:
    """Write the end of an attempt beside its beginning, also where the lease was lost meanwhile."""
    values = {"id": held.id, "no": held.attempt, "at": instant_text(at), "outcome": ended.outcome, "mode": ended.mode}
    more = {"code": ended.code, "provider": ended.provider_id, "detail": ended.detail}
    _END.run(session, [values | more])


_END = Statement(
    "UPDATE attempt SET ended_at = :at, outcome = :outcome, mode = :mode, code = :code, provider_id = :provider, "
    "detail = :detail WHERE outbox_id = :id AND no = :no"
)


def finish(session: Session, held: Held, status: OutboxStatus, ended: Ended, *, at: datetime) -> None:
    """Close a letter. Its reminders are told, left untold, or ride on in the letter that replaced it."""
    _FINISH.run(
        session,
        [
            {
                "id": held.id,
                "status": str(status),
                "outcome": ended.outcome,
                "detail": ended.detail,
                "at": instant_text(at),
            }
        ],
    )
    became = {OutboxStatus.SENT: ObligationStatus.TOLD, OutboxStatus.DEAD: ObligationStatus.UNTOLD}.get(status)
    if became is not None:
        _BECAME.run(session, [{"outbox": held.id, "status": str(became)}])


_FINISH = Statement(
    "UPDATE outbox SET status = :status, leased_by = '', leased_until = NULL, outcome = :outcome, detail = :detail, "
    "finished_at = :at WHERE id = :id"
)
_BECAME = Statement(
    f"UPDATE reminder SET status = :status WHERE outbox_id = :outbox AND status = '{ObligationStatus.QUEUED}'"
)


def put_back(session: Session, held: Held, ended: Ended, *, not_before: datetime) -> None:
    """Let a letter wait for its next attempt."""
    values = {"id": held.id, "not_before": instant_text(not_before), "outcome": ended.outcome, "detail": ended.detail}
    _PUT_BACK.run(session, [values])


_PUT_BACK = Statement(
    "UPDATE outbox SET status = 'waiting', leased_by = '', leased_until = NULL, not_before = :not_before, "
    "outcome = :outcome, detail = :detail WHERE id = :id"
)


def release(session: Session, held: Held, worker: str) -> None:
    """Give a letter back that was not handed over, as if it had never been taken."""
    if is_held(session, held, worker):
        _RELEASE.run(session, [{"id": held.id}])
        _NEVER_BEGUN.run(session, [{"id": held.id, "no": held.attempt}])


_RELEASE = Statement(
    "UPDATE outbox SET status = 'waiting', leased_by = '', leased_until = NULL, attempts = attempts - 1 WHERE id = :id"
)
_NEVER_BEGUN = Statement("DELETE FROM attempt WHERE outbox_id = :id AND no = :no AND ended_at IS NULL")


def reminders_in(session: Session, outbox_id: int) -> list[str]:
    """The keys of the reminders that ride in a letter."""
    return [row.key for row in _RIDING.rows(session, id=outbox_id)]


_RIDING = Statement("SELECT key FROM reminder WHERE outbox_id = :id ORDER BY key")
