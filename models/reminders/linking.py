"""Linking a Zalo account to a person by a one-time code, and what a message to our bot or account does.

A code is six digits, so it lives ten minutes, works once, and few may be tried. Only a keyed hash of it is stored, and
of who wrote to us too; the key lies outside the database.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.columns import instant_text
from models.loading import load_person
from models.reminders.addresses import LINKED, link, owner_of, unlink
from models.reminders.preferences import preference_of
from models.statement import Statement
from models.subjects import row_of
from states.facts import Person
from states.posting import Channel
from states.refusal import Refused
from states.vocabulary import Role
from states.words import format_number

LIFE = timedelta(minutes=10)
#: Wrong codes of one sender within a code's life before nothing of theirs is read, and of all senders together
#: before no code is taken: a guess hits one of a million.
WRONG_OF_ONE = 5
WRONG_OF_ALL = 30
#: Providers repeat a message within hours.
_REMEMBERED = timedelta(days=7)
_STRIKES = 20


@dataclass(frozen=True, slots=True)
class Note:
    """A text that somebody wrote to us; `code` are the digits found in it, `leaves` says that they want no more."""

    sender: str = field(repr=False)
    message_id: str
    code: str | None = field(default=None, repr=False)
    leaves: bool = False


# --- the code -------------------------------------------------------------------------------------------


def offer_code(
    session: Session,
    code: str,
    channel: Channel,
    *,
    draw: Callable[[], str],
    key: bytes,
    by: Person,
    at: datetime,
) -> str:
    """Make the code by which a person links an account, in the place of the one before; it is told only once.

    `draw` draws the digits. Whoever holds the code gets the reminders, so only the person and the administrator
    may ask for it. Raises Refused.
    """
    refuse_unlinkable(channel)
    person = load_person(session, code)
    refuse_others_linking(by, person)
    if not person.active:
        raise Refused(f"Tài khoản của {person.name} đã khóa; hãy nhờ quản trị mở lại (dean user unlock).")
    row_of(session, "person", person.id, lock=True)
    _FORGET.run(session, [{"person": person.id, "channel": str(channel), "now": instant_text(at)}])
    for _ in range(_STRIKES):
        digits = draw()
        row = {
            "hash": _code_hash(key, channel, digits),
            "person": person.id,
            "channel": str(channel),
            "expires": instant_text(at + LIFE),
        }
        # Two people must never hold the same code at once.
        if _OFFER.rows(session, **row):
            return digits
    raise Refused("Đang có quá nhiều mã chờ liên kết; hãy thử lại sau mười phút.")


_FORGET = Statement(
    "DELETE FROM link_code WHERE (person_id = :person AND channel = :channel AND used_at IS NULL) OR expires_at <= :now"
)
_OFFER = Statement(
    "INSERT INTO link_code (code_hash, person_id, channel, expires_at) VALUES (:hash, :person, :channel, :expires) "
    "ON CONFLICT (code_hash) DO NOTHING RETURNING code_hash"
)


def refuse_unlinkable(channel: Channel) -> None:
    if channel not in LINKED:
        names = ", ".join(LINKED)
        raise Refused(f"{channel.label} không cần liên kết bằng mã; chỉ liên kết: {names}.")


def refuse_others_linking(by: Person, person: Person) -> None:
    if by.active and (by.id == person.id or by.role is Role.ADMINISTRATOR):
        return
    raise Refused(
        f"{by.name} không được liên kết tài khoản cho {person.name}; cần: chính người đó, {Role.ADMINISTRATOR.label}."
    )


def remove_link(session: Session, code: str, channel: Channel, *, by: Person) -> None:
    """Forget the account of a person. Raises Refused where there is none."""
    refuse_unlinkable(channel)
    person = load_person(session, code)
    refuse_others_linking(by, person)
    if not unlink(session, person.id, channel):
        raise Refused(f"{person.name} chưa liên kết {channel.label}; không có gì để gỡ.")


def _code_hash(key: bytes, channel: Channel, digits: str) -> str:
    return hmac.digest(key, f"code\0{channel}\0{digits}".encode(), "sha256").hex()


# --- what people write to us ----------------------------------------------------------------------------


def receive_note(session: Session, channel: Channel, note: Note, *, key: bytes, at: datetime) -> str | None:
    """Do what a message asks for, once, and return the answer to its writer, or None for no answer.

    Whatever the provider repeats does nothing the second time. Nobody is named but the person who holds the code.
    """
    _one_at_a_time(session)
    sender = hmac.digest(key, f"sender\0{channel}\0{note.sender}".encode(), "sha256").hex()
    if not _first_time(session, channel, note, sender, at):
        return None
    tried = _tried(session, channel, sender, at)
    if tried.of_one >= WRONG_OF_ONE:
        return None
    if note.leaves:
        return _leave(session, channel, note)
    if note.code is None:
        return _explain(session, channel, note)
    if tried.of_all >= WRONG_OF_ALL:
        return "Đang có quá nhiều mã sai gửi đến; hãy gửi lại mã sau mười phút."
    return _link(session, channel, note, key=key, at=at)


def _one_at_a_time(session: Session) -> None:
    """Count tries one after the other: a hundred guesses sent at once must not all be the first one."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("LOCK TABLE incoming_message IN SHARE ROW EXCLUSIVE MODE")


def _first_time(session: Session, channel: Channel, note: Note, sender: str, at: datetime) -> bool:
    _PRUNE.run(session, [{"old": instant_text(at - _REMEMBERED)}])
    row = {"channel": str(channel), "id": note.message_id, "at": instant_text(at), "sender": sender}
    return bool(_READ.rows(session, **row))


_PRUNE = Statement("DELETE FROM incoming_message WHERE read_at < :old")
_READ = Statement(
    "INSERT INTO incoming_message (channel, message_id, read_at, sender, wrong) "
    "VALUES (:channel, :id, :at, :sender, 0) ON CONFLICT (channel, message_id) DO NOTHING RETURNING message_id"
)


def _tried(session: Session, channel: Channel, sender: str, at: datetime) -> Any:
    return _TRIED.one(session, channel=str(channel), sender=sender, since=instant_text(at - LIFE))


_TRIED = Statement(
    "SELECT count(*) AS of_all, coalesce(sum(CASE WHEN sender = :sender THEN 1 ELSE 0 END), 0) AS of_one "
    "FROM incoming_message WHERE wrong = 1 AND read_at > :since AND channel = :channel"
)


def _link(session: Session, channel: Channel, note: Note, *, key: bytes, at: datetime) -> str:
    assert note.code is not None
    now = instant_text(at)
    found = _HOLDER.rows(session, hash=_code_hash(key, channel, note.code), now=now)
    if not found:
        _WRONG.run(session, [{"channel": str(channel), "id": note.message_id}])
        return "Mã không đúng hoặc đã hết hạn; hãy lấy mã mới rồi gửi lại trong mười phút."
    [holder] = found
    try:
        link(session, holder.id, channel, note.sender, at=at)
    except Refused as refused:
        return " ".join(refused.reasons)
    _SPEND.run(session, [{"hash": _code_hash(key, channel, note.code), "now": now}])
    wanted = preference_of(session, holder.id).channels
    told = (
        "Nhắc việc sẽ được gửi vào đây."
        if wanted[0] is channel
        else f"Để nhận nhắc việc ở đây, hãy chọn kênh {channel.label} trong cách nhận nhắc việc của mình."
    )
    return f"Đã liên kết với {holder.name}. {told} Muốn thôi nhận, hãy nhắn: DEAN DỪNG."


_HOLDER = Statement(
    "SELECT p.id, p.name FROM link_code AS c JOIN person AS p ON p.id = c.person_id "
    "WHERE c.code_hash = :hash AND c.used_at IS NULL AND c.expires_at > :now AND p.active = 1"
)
_SPEND = Statement("UPDATE link_code SET used_at = :now WHERE code_hash = :hash")
_WRONG = Statement("UPDATE incoming_message SET wrong = 1 WHERE channel = :channel AND message_id = :id")


def _leave(session: Session, channel: Channel, note: Note) -> str:
    owner = owner_of(session, channel, note.sender)
    if owner is None:
        return "Tài khoản này chưa liên kết với người dùng nào; không có gì để gỡ."
    unlink(session, owner, channel)
    return "Đã gỡ liên kết; từ nay không gửi nhắc việc vào đây. Thư điện tử vẫn được gửi."


def _explain(session: Session, channel: Channel, note: Note) -> str:
    if owner_of(session, channel, note.sender) is None:
        minutes = format_number(int(LIFE.total_seconds()) // 60)
        return f"Để nhận nhắc việc ở đây, hãy lấy mã liên kết (dùng trong {minutes} phút) rồi gửi: DEAN và sáu chữ số."
    return "Tài khoản này chỉ dùng để nhận nhắc việc, không ai đọc tin gửi đến. Muốn thôi nhận, hãy nhắn: DEAN DỪNG."


def link_status(session: Session, *, at: datetime) -> dict[str, int]:
    """How many accounts are linked, how many of them have a problem, and how many codes wait."""
    [row] = _STATUS.rows(session, now=instant_text(at))
    return {"linked": row.linked, "troubled": row.troubled, "codes": row.codes}


_STATUS = Statement(
    "SELECT (SELECT count(*) FROM address WHERE channel IN ('zalobot', 'zalooa')) AS linked, "
    "(SELECT count(*) FROM address WHERE channel IN ('zalobot', 'zalooa') AND problem <> '') AS troubled, "
    "(SELECT count(*) FROM link_code WHERE used_at IS NULL AND expires_at > :now) AS codes"
)
