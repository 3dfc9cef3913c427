"""Signed links in letters: what one lets its reader do stands in it, and it does it once.

A link names no table row and needs none: it is the purpose, the person, the thing, its last day and a nonce, with a
signature by a key that lies in a file outside the database. A letter composed twice holds the same links.
"""

import hmac
import json
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from sqlmodel import Session

from models.append import Origin
from models.columns import instant_text
from models.loading import load_person
from models.reminders.addresses import unlink
from models.reminders.answers import acknowledge, snooze
from models.reminders.preferences import Wanted, preference_of, set_preference
from models.statement import Statement
from states.facts import OFFICE_TIME, Person
from states.folding import quoted
from states.posting import Channel
from states.refusal import Refused
from states.vocabulary import Labelled
from states.words import format_date

KEY_BYTES = 32
_FORM = 1
_NONCE_BYTES = 16
#: No link of ours is longer; what is longer is not worth decoding.
_LONGEST = 2_000


class Purpose(Labelled):
    """What a link lets its reader do."""

    ACKNOWLEDGE = "acknowledge", "Báo đã nhận việc"
    SNOOZE = "snooze", "Nhắc lại sau"
    UNSUBSCRIBE = "unsubscribe", "Thôi nhận qua kênh này"
    PREFERENCES = "preferences", "Chọn cách nhận nhắc việc"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was read and is ours. `about` is the thing, and of UNSUBSCRIBE the code of the channel."""

    purpose: Purpose
    person: str
    about: str
    expires_at: datetime
    nonce: str


@dataclass(frozen=True, slots=True)
class Used:
    """What became of a use: the sentence for its reader, and whether anything changed."""

    sentence: str
    changed: bool


def secret_key(path: Path) -> bytes:
    """The key that signs the links, made on the first use and readable by its owner only.

    Raises Refused for a file that holds no key. Whoever reads this file can write links in anybody's name.
    """
    if not path.exists():
        _make_key(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise Refused(
            f"Tệp khóa {quoted(path.name)} không phải {KEY_BYTES} byte; hãy lấy lại từ bản sao lưu, hoặc xóa để tạo "
            "khóa mới (các liên kết đã gửi sẽ hết dùng được)."
        )
    return key


def _make_key(path: Path) -> None:
    """Write a whole file beside and give it its name at once; of two processes the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def make_link(
    key: bytes, base_url: str, *, purpose: Purpose, person: str, about: str, letter: str, expires_at: datetime
) -> str:
    """Write the link of one purpose in one letter; `letter` is the key of its row in the outbox.

    The same arguments give the same link, so that a letter composed again is the same letter.
    """
    seed = "\0".join((letter, about, purpose, person))
    nonce = _text(hmac.digest(key, f"nonce\0{seed}".encode(), "sha256")[:_NONCE_BYTES])
    said = [_FORM, str(purpose), person, about, int(expires_at.timestamp()), nonce]
    payload = _text(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode())
    return f"{base_url.rstrip('/')}/l/{payload}.{_signature(key, payload)}"


def read_link(key: bytes, token: str, *, at: datetime) -> Link:
    """Read what follows `/l/` in a link. Raises Refused for what we did not sign, and for what is too old."""
    payload, divider, signature = token.partition(".")
    ours = (
        len(token) <= _LONGEST
        and divider
        and hmac.compare_digest(signature.encode(), _signature(key, payload).encode())
    )
    if not ours:
        raise Refused("Liên kết không đúng hoặc bị cắt mất một phần; hãy mở lại từ thư nhắc việc.")
    form, purpose, person, about, expires, nonce = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if form != _FORM:
        raise Refused("Liên kết của phiên bản khác; hãy mở liên kết trong thư nhắc việc mới nhất.")
    link = Link(Purpose(purpose), person, about, datetime.fromtimestamp(expires, UTC), nonce)
    if link.expires_at <= at:
        day = format_date(link.expires_at.astimezone(OFFICE_TIME).date())
        raise Refused(f"Liên kết đã hết hạn ngày {day}; hãy mở liên kết trong thư nhắc việc mới nhất.")
    return link


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _signature(key: bytes, payload: str) -> str:
    return _text(hmac.new(key, f"link\0{payload}".encode(), sha256).digest())


def is_used(session: Session, link: Link) -> bool:
    """Was the link used before? For the page that shows what it would do."""
    return bool(_USED.rows(session, nonce=link.nonce))


_USED = Statement("SELECT nonce FROM used_link WHERE nonce = :nonce")


def use_link(
    session: Session,
    link: Link,
    *,
    door: str,
    at: datetime,
    until: date | None = None,
    reason: str = "",
    wanted: Wanted | None = None,
) -> Used:
    """Do once what the link is for, in the name of its person; a second use says so and changes nothing.

    `until` and `reason` are what the reader of a SNOOZE link chose, `wanted` what that of a PREFERENCES link did.
    Raises Refused for what the rules do not allow; the link may then be used again.
    """
    person = load_person(session, link.person)
    if not person.active:
        raise Refused(f"Tài khoản của {person.name} đã khóa nên liên kết không dùng được; hãy hỏi quản trị.")
    if not _CLAIM.rows(session, nonce=link.nonce, at=instant_text(at)):
        return Used("Liên kết này đã được dùng rồi; không có gì thay đổi.", False)
    origin = Origin(at, person.id, door)
    if link.purpose is Purpose.ACKNOWLEDGE:
        acknowledge(session, link.about, person=person.code, by=person, origin=origin, reason=reason)
        return Used("Đã ghi nhận: anh/chị đã nhận việc này.", True)
    if link.purpose is Purpose.SNOOZE:
        if until is None:
            raise Refused("Chưa chọn ngày nhắc lại; hãy chọn một ngày.")
        snooze(session, link.about, until=until, person=person.code, by=person, origin=origin, reason=reason)
        return Used(f"Sẽ nhắc lại việc này từ ngày {format_date(until)}.", True)
    if link.purpose is Purpose.UNSUBSCRIBE:
        return _unsubscribe(session, person, Channel(link.about), origin)
    return _prefer(session, person, wanted, origin)


# The row is the claim: of two presses of one button one finds it taken.
_CLAIM = Statement(
    "INSERT INTO used_link (nonce, used_at) VALUES (:nonce, :at) ON CONFLICT (nonce) DO NOTHING RETURNING nonce"
)


def _unsubscribe(session: Session, person: Person, channel: Channel, origin: Origin) -> Used:
    """Leave a channel. E-mail is the record of the office and goes on, once in the morning."""
    was = preference_of(session, person.id)
    if channel is Channel.EMAIL:
        if not was.urgent_at_once:
            return Used("Anh/chị chỉ còn nhận thư nhắc việc buổi sáng; không có gì thay đổi.", False)
        set_preference(session, person.code, urgent_at_once=False, by=person, origin=origin, note="Theo liên kết")
        return Used("Từ nay anh/chị chỉ nhận một thư nhắc việc vào buổi sáng, không nhận thư gấp riêng.", True)
    forgotten = unlink(session, person.id, channel)
    if channel in was.channels:
        others = tuple(one for one in was.channels if one is not channel) or (Channel.EMAIL,)
        set_preference(session, person.code, channels=others, by=person, origin=origin, note="Theo liên kết")
    elif not forgotten:
        return Used(f"Anh/chị không nhận nhắc việc qua {channel.label}; không có gì thay đổi.", False)
    return Used(f"Từ nay không gửi nhắc việc qua {channel.label}; thư điện tử vẫn được gửi.", True)


def _prefer(session: Session, person: Person, wanted: Wanted | None, origin: Origin) -> Used:
    if wanted is None:
        raise Refused("Chưa chọn cách nhận nhắc việc; hãy chọn rồi gửi lại.")
    # Who is in charge is no matter of taste: a link never changes it.
    set_preference(
        session,
        person.code,
        channels=wanted.channels,
        urgent_at_once=wanted.urgent_at_once,
        by=person,
        origin=origin,
        note="Theo liên kết",
    )
    return Used("Đã ghi cách nhận nhắc việc của anh/chị.", True)
