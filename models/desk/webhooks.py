"""Subscribers to the events of the ledger: who gets what, how far each is, and the next event as an outbox row.

A subscriber gets its events in their order, each at least once: the next one is written only when the one before is
finished, together with how far the subscriber is. So nothing is lost, and nothing is written twice.
"""

import hmac
import json
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session

from models.columns import instant_text
from models.people import refuse_others_than
from models.queries.scope import Where, plain_row
from models.reminders.outbox import NewLetter, queue
from models.statement import Statement
from states.facts import Person
from states.folding import clean_line
from states.posting import Channel, Letter, OutboxStatus
from states.refusal import Refused
from states.vocabulary import Role
from states.webhooks import LONGEST_URL, Topic, read_topics

PREFIX = "whsec_"
MOST_HOOKS = 20
#: Events that one look passes over: a subscriber to little must not read the whole ledger at once.
WINDOW = 20_000


@dataclass(frozen=True, slots=True)
class Hook:
    """Where the events of a subscription go, and what they are signed with."""

    url: str
    secret: str = field(repr=False)


def secret_of(key: bytes, seed: str) -> str:
    """The signing secret of a seed: it follows from a key outside the database, so a copy of that cannot sign."""
    return PREFIX + hmac.digest(key, f"webhook\0{seed}".encode(), "sha256").hex()


def add_hook(
    session: Session, key: bytes, *, name: str, url: str, topics: Iterable[str], by: Person, at: datetime
) -> tuple[int, str]:
    """Subscribe an address to what happens from now on; answers its number and the secret, shown this once.

    For administrators. Raises Refused for an address or topics that cannot be, and for one too many.
    """
    refuse_others_than(by, Role.ADMINISTRATOR)
    called, where = clean_line(name, "Tên nơi nhận"), read_hook_url(url)
    wanted = read_topics(topics)
    if not called:
        raise Refused("Hãy ghi tên nơi nhận.")
    if len([row for row in hooks(session) if not row["ended_at"]]) >= MOST_HOOKS:
        raise Refused(f"Đã có {MOST_HOOKS} webhook đang chạy; hãy tắt bớt.")
    seed = secrets.token_hex(16)
    values = {"name": called, "url": where, "topics": " ".join(wanted), "seed": seed, "by": by.id}
    [made] = _ADD.rows(session, **values, at=instant_text(at))
    return int(made.id), secret_of(key, seed)


_ADD = Statement("""
    INSERT INTO webhook (name, url, topics, seed, made_at, made_by_id, cursor)
    VALUES (:name, :url, :topics, :seed, :at, :by, (SELECT last_event_id FROM ledger_head)) RETURNING id""")


def read_hook_url(typed: str) -> str:
    """An address to which events may be posted. Raises Refused."""
    url = typed.strip()
    try:
        parts, _ = urlsplit(url), urlsplit(url).port
    except ValueError:
        parts = urlsplit("")
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain:
        raise Refused(f"Địa chỉ nhận phải dạng https://… hoặc http://…, không dấu, tối đa {LONGEST_URL} ký tự.")
    if "@" in parts.netloc or parts.fragment:
        raise Refused("Địa chỉ nhận không ghi tên đăng nhập, mật khẩu hay dấu #; chữ ký đã chứng minh nguồn gửi.")
    return url


def end_hook(session: Session, number: int, *, by: Person, at: datetime) -> None:
    """End a subscription for good; an event that waits for it is cancelled. For administrators.

    Raises Refused where there is no such subscription, or it has ended.
    """
    refuse_others_than(by, Role.ADMINISTRATOR)
    if not _END.rows(session, id=number, at=instant_text(at)):
        raise Refused(f"Không có webhook số {number} đang chạy; hãy tải lại danh sách.")
    _CANCEL.run(session, [{"id": number, "at": instant_text(at)}])


_END = Statement("UPDATE webhook SET ended_at = :at WHERE id = :id AND ended_at IS NULL RETURNING id")
_CANCEL = Statement("""
    UPDATE outbox SET status = 'cancelled', detail = 'Webhook đã tắt.', finished_at = :at
    WHERE status = 'waiting' AND id = (SELECT outbox_id FROM webhook WHERE id = :id)""")


def hooks(session: Session) -> list[dict[str, Any]]:
    """Every subscription, those that run first; `waiting` counts the events that it was not told of yet."""
    rows = [plain_row(row._asdict()) for row in _LIST.rows(session)]
    return [row | {"topics": row["topics"].split()} for row in rows]


_LIST = Statement("""
    SELECT w.id, w.name, w.url, w.topics, w.made_at, p.name AS made_by, w.ended_at, w.cursor AS told_to,
           h.last_event_id - w.cursor AS behind, o.status, o.attempts, o.not_before, o.detail
    FROM webhook AS w JOIN person AS p ON p.id = w.made_by_id JOIN ledger_head AS h ON h.id = 1
    LEFT JOIN outbox AS o ON o.id = w.outbox_id
    ORDER BY CASE WHEN w.ended_at IS NULL THEN 0 ELSE 1 END, w.id""")


def deliveries(session: Session, number: int, *, limit: int) -> list[dict[str, Any]]:
    """The last events that were written for a subscription, newest first. Raises Refused for an unknown number."""
    if not _KNOWN.rows(session, id=number):
        raise Refused(f"Không có webhook số {number}; hãy tải lại danh sách.")
    where = Where()
    where.add("o.letter = 'event' AND o.key LIKE :key", key=f"event:{number}:%")
    rows = where.rows(session, _DELIVERIES, limit=limit)
    return [row | {"status_label": OutboxStatus(row["status"]).label} for row in rows]


_KNOWN = Statement("SELECT 1 AS one FROM webhook WHERE id = :id")
_DELIVERIES = """
    SELECT o.id, o.key, o.subject, o.status, o.attempts, o.made_at, o.not_before, o.finished_at, o.outcome, o.detail
    FROM outbox AS o WHERE {where} ORDER BY o.id DESC LIMIT :limit"""


# --- what is sent -------------------------------------------------------------------------------------


def hook_of(session: Session, letter_key: str, key: bytes) -> Hook | None:
    """Where the event of an outbox row goes; None where its subscription has ended."""
    rows = _HOOK.rows(session, id=int(letter_key.split(":")[1]))
    return Hook(rows[0].url, secret_of(key, rows[0].seed)) if rows else None


_HOOK = Statement("SELECT url, seed FROM webhook WHERE id = :id AND ended_at IS NULL")


def write_next(session: Session, *, at: datetime) -> int:
    """Write the next event of each subscription that waits for none, in the caller's transaction; answers how many.

    The caller lets one transaction at a time do this.
    """
    return sum(_write_one(session, row, at) for row in _FREE.rows(session))


_FREE = Statement("""
    SELECT w.id, w.topics, w.cursor, h.last_event_id AS head FROM webhook AS w JOIN ledger_head AS h ON h.id = 1
    WHERE w.ended_at IS NULL AND w.cursor < h.last_event_id AND NOT EXISTS (
        SELECT 1 FROM outbox AS o WHERE o.id = w.outbox_id AND o.status IN ('waiting', 'leased'))""")


def _write_one(session: Session, hook: Any, at: datetime) -> int:
    after, found = int(hook.cursor), None
    while found is None and after < int(hook.head):
        until = min(int(hook.head), after + WINDOW)
        found = _next_event(session, hook.topics.split(), after, until)
        after = until
    if found is None:
        _MOVE.run(session, [{"id": hook.id, "cursor": after, "outbox": None}])
        return 0
    told = NewLetter(
        key=f"event:{hook.id}:{found['id']}",
        person_id=None,
        channel=Channel.WEBHOOK,
        letter=Letter.EVENT,
        subject=f"{found['type']} #{found['id']}",
        body=json.dumps(found, ensure_ascii=False, separators=(",", ":")),
        not_before=at,
    )
    written = queue(session, [told], at=at)
    _MOVE.run(session, [{"id": hook.id, "cursor": found["id"], "outbox": written[0] if written else None}])
    return len(written)


_MOVE = Statement("UPDATE webhook SET cursor = :cursor, outbox_id = :outbox WHERE id = :id")


def _next_event(session: Session, topics: Collection[str], after: int, until: int) -> dict[str, Any] | None:
    where = Where()
    where.add("e.id > :after AND e.id <= :until", after=after, until=until)
    where.add("e.subject_kind IN :topics", topics=sorted(topics))
    rows = where.rows(session, _EVENT)
    return _told(rows[0]) if rows else None


_EVENT = """
    SELECT e.id, e.subject_kind, e.subject_id, e.seq, e.action, e.from_stage, e.to_stage, e.decided_on, e.recorded_at,
           e.number, e.hash, e.body, n.code AS recorded_by, p.code AS project
    FROM event AS e LEFT JOIN person AS n ON n.id = e.recorded_by
    LEFT JOIN project AS p ON e.subject_kind = 'project' AND p.id = e.subject_id
    WHERE {where} ORDER BY e.id LIMIT 1"""


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """An event as a subscriber reads it: what happened to which subject. Details are read over the interface."""
    body = json.loads(row["body"])
    same = ("id", "seq", "action", "from_stage", "to_stage", "decided_on", "recorded_at", "recorded_by", "number")
    subject = {"kind": row["subject_kind"], "id": row["subject_id"], "project": row["project"]}
    status = (body.get("set") or {}).get("status")
    return {
        "type": f"{Topic(row['subject_kind'])}.{row['action']}",
        **{name: row[name] for name in same},
        "subject": subject,
        "status": status,
        "hash": row["hash"],
    }
