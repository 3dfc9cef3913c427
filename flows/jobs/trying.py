"""A letter that only shows whether somebody is reached: written, handed over once, and never sent again by itself."""

import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flows.jobs.composing import message_of
from flows.jobs.links import SignedLinks
from flows.jobs.post_settings import Post, post_of
from flows.jobs.settings import Settings
from models.loading import load_person
from models.queries.places import bodies
from models.reminders.addresses import clear_problem, mark_problem, reach
from models.reminders.handover import Ended, Held, finish, is_held, note_end, take_one
from models.reminders.outbox import NewLetter, queue
from models.reminders.preferences import preference_of
from models.store import Session, Store
from notifications.message import BadMessage
from notifications.outcome import Outcome
from notifications.post import deliver
from states.facts import OFFICE_TIME, Person
from states.posting import Channel, Letter, OutboxStatus
from states.refusal import Refused
from states.vocabulary import Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of a test; `outbox_id` is its letter. In mode `redirect` it went to the one mailbox."""

    person: str
    name: str
    channel: Channel
    mode: str
    outbox_id: int
    outcome: str
    code: str
    detail: str

    @property
    def arrived(self) -> bool:
        return self.outcome == Outcome.OK


def try_channel(
    store: Store, settings: Settings, code: str, channel: Channel | None, *, now: Callable[[], datetime]
) -> Tried:
    """Send a test to a person over a channel, or over the one that their reminders take.

    An address that was refused before is tried again. Raises Refused where sending is off, and for a person whom the
    channel does not reach.
    """
    post, reason = post_of(settings, store, now)
    if post is None:
        raise Refused(reason)
    worker = f"{socket.gethostname()}:{os.getpid()}:test"
    with store.write() as session:
        person = load_person(session, code)
        used = _channel(session, person, channel, post)
        clear_problem(session, person.id, used)
        own = reach(session, [person.id]).get(person.id, {}).get(used, "")
        if not own and post.mode == "live":
            raise Refused(_no_address(person, used))
        held = _write(session, person, used, worker, now())
        name = bodies(session).name(Authority.DEPARTMENT, _day(held), "") or ""
    ended = _hand_over(held, own, post, SignedLinks.of(settings), name)
    with store.write() as session:
        _note(session, held, ended, worker, now())
    return Tried(
        person=person.code,
        name=person.name,
        channel=used,
        mode=post.mode,
        outbox_id=held.id,
        outcome=ended.outcome,
        code=ended.code,
        detail=ended.detail,
    )


def _channel(session: Session, person: Person, asked: Channel | None, post: Post) -> Channel:
    if not person.active:
        raise Refused(f"Tài khoản của {person.name} đã khóa nên không gửi thử; hãy mở lại trước (dean user unlock).")
    if asked is not None:
        return asked
    usual = preference_of(session, person.id).way(reach(session, [person.id]).get(person.id, {}))
    return usual or Channel.EMAIL


def _no_address(person: Person, channel: Channel) -> str:
    how = {
        Channel.EMAIL: f"dean user edit {person.code} --email ĐỊA-CHỈ",
        Channel.ZALOBOT: f"dean zalo link {person.code}",
        Channel.ZALOOA: f"dean zalo link {person.code} --channel zalooa",
    }.get(channel, f"dean user edit {person.code} --phone SỐ")
    return f"{person.name} chưa có địa chỉ trên kênh {channel.label}; hãy ghi bằng {how}."


def _write(session: Session, person: Person, channel: Channel, worker: str, at: datetime) -> Held:
    """Write the letter and take it in one transaction, so that nobody else sends it too."""
    letter = NewLetter(
        key=f"{Letter.TEST}:{person.code}:{channel}:{secrets.token_hex(8)}",
        person_id=person.id,
        channel=channel,
        letter=Letter.TEST,
        subject=Letter.TEST.label,
        body="",
        not_before=at,
    )
    [outbox_id] = queue(session, [letter], at=at)
    held = take_one(session, worker, outbox_id, at=at)
    assert held is not None
    return held


def _hand_over(held: Held, own: str, post: Post, links: SignedLinks, office_name: str) -> Ended:
    way = post.way(held, own)
    if way.refused:
        return Ended(outcome=way.refused, mode=post.mode, detail=way.detail)
    try:
        message = message_of(held, way.address, links, office_name=office_name, mark=way.mark)
    except BadMessage as bad:
        return Ended(outcome=Outcome.RECIPIENT, mode=post.mode, code="message", detail=str(bad))
    found = deliver(message, way.url, way.tokens)
    more = {"code": found.code or "", "provider_id": found.provider_id or "", "detail": found.detail}
    return Ended(outcome=str(found.outcome), mode=post.mode, **more)


def _note(session: Session, held: Held, ended: Ended, worker: str, at: datetime) -> None:
    """Close the letter whatever came of it: who tests again writes a new one."""
    note_end(session, held, ended, at=at)
    if not is_held(session, held, worker):
        return
    assert held.person_id is not None
    if ended.outcome == Outcome.RECIPIENT and ended.mode == "live":
        mark_problem(session, held.person_id, held.channel, ended.detail, at=at)
    status = OutboxStatus.SENT if ended.outcome == Outcome.OK else OutboxStatus.CANCELLED
    finish(session, held, status, ended, at=at)


def _day(held: Held) -> str:
    return held.made_at.astimezone(OFFICE_TIME).date().isoformat()
