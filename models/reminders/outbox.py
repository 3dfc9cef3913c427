"""The outbox: letters written before they are sent, held by one worker at a time, finished by what became of them.

One row is one letter to one person over one channel. It is committed with the reminders that ride in it, so that no
crash can lose a reminder or put it into two letters.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models.columns import instant_text
from models.statement import Statement
from states.posting import Channel, Letter, ObligationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLetter:
    """A letter to be sent. Without `person_id` it is for the operator; `reminders` are the keys that ride in it.

    `mentions` are the remarks in it: the id of the person mentioned and of the remark.
    """

    key: str
    person_id: int | None
    channel: Channel
    letter: Letter
    subject: str
    body: str
    not_before: datetime
    expires_at: datetime | None = None
    reminders: Sequence[str] = ()
    mentions: Sequence[tuple[int, int]] = ()
    parent_id: int | None = None


def to_operator(key: str, subject: str, body: str, *, at: datetime) -> NewLetter:
    """A letter to the operator, who has an address in the settings and no row; it leaves at any hour."""
    return NewLetter(
        key=key,
        person_id=None,
        channel=Channel.EMAIL,
        letter=Letter.OPERATOR,
        subject=subject,
        body=body,
        not_before=at,
    )


def queue(session: Session, letters: Sequence[NewLetter], *, at: datetime) -> list[int]:
    """Write letters with the reminders that ride in them, and answer with their numbers.

    A key that is there already writes nothing: whoever wrote it took the same reminders along.
    """
    ids = []
    for new in letters:
        row = _PUT.rows(
            session,
            key=new.key,
            person_id=new.person_id,
            channel=str(new.channel),
            letter=str(new.letter),
            subject=new.subject,
            body=new.body,
            made_at=instant_text(at),
            not_before=instant_text(new.not_before),
            expires_at=new.expires_at and instant_text(new.expires_at),
            parent_id=new.parent_id,
        )
        if not row:
            continue
        ids.append(int(row[0].id))
        if new.reminders:
            _RIDE.run(session, [{"key": key, "outbox": row[0].id} for key in new.reminders])
        if new.mentions:
            _MENTION.run(session, [{"person": who, "comment": what, "outbox": row[0].id} for who, what in new.mentions])
    return ids


_PUT = Statement(
    "INSERT INTO outbox (key, person_id, channel, letter, status, subject, body, made_at, not_before, expires_at, "
    "attempts, leased_by, parent_id, outcome, detail) VALUES (:key, :person_id, :channel, :letter, 'waiting', "
    ":subject, :body, :made_at, :not_before, :expires_at, 0, '', :parent_id, '', '') "
    "ON CONFLICT (key) DO NOTHING RETURNING id"
)
_MENTION = Statement(
    "INSERT INTO mention_told (person_id, comment_id, outbox_id) VALUES (:person, :comment, :outbox) "
    "ON CONFLICT (person_id, comment_id) DO UPDATE SET outbox_id = excluded.outbox_id"
)
_RIDE = Statement(
    f"UPDATE reminder SET status = '{ObligationStatus.QUEUED}', outbox_id = :outbox "
    f"WHERE key = :key AND status IN ('{ObligationStatus.WAITING}', '{ObligationStatus.QUEUED}')"
)


# --- by hand ------------------------------------------------------------------------------------------


def retry(session: Session, ids: Collection[int], *, at: datetime) -> int:
    """Send dead letters again, now; their reminders are owed again. Answers how many."""
    found = _AGAIN.rows(session, at=instant_text(at), ids=0) if not ids else []
    for outbox_id in ids:
        found += _AGAIN.rows(session, at=instant_text(at), ids=outbox_id)
    for row in found:
        _OWE.run(session, [{"outbox": row.id}])
    return len(found)


_AGAIN = Statement("""
    UPDATE outbox SET status = 'waiting', not_before = :at, expires_at = NULL, finished_at = NULL
    WHERE status = 'dead' AND (:ids = 0 OR id = :ids) RETURNING id""")
_OWE = Statement(
    f"UPDATE reminder SET status = '{ObligationStatus.QUEUED}' "
    f"WHERE outbox_id = :outbox AND status = '{ObligationStatus.UNTOLD}'"
)


def withdraw(session: Session, outbox_id: int, *, reason: str, at: datetime) -> bool:
    """Cancel a letter that was not sent yet, and the reminders in it with the reason. Answers whether there was one."""
    if not _WITHDRAW.rows(session, id=outbox_id, reason=reason, at=instant_text(at)):
        return False
    _DROP.run(session, [{"outbox": outbox_id, "reason": reason}])
    return True


_WITHDRAW = Statement("""
    UPDATE outbox SET status = 'cancelled', detail = :reason, finished_at = :at
    WHERE id = :id AND status IN ('waiting', 'dead') RETURNING id""")
_DROP = Statement(
    f"UPDATE reminder SET status = '{ObligationStatus.COVERED}', reason = :reason WHERE outbox_id = :outbox"
)
