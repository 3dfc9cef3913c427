"""Linking Zalo accounts: one-time codes, and what people write to our bot or account."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from models.reminders.linking import Note, offer_code, receive_note
from models.store import Session, Store
from notifications.message import BadMessage, Message
from notifications.outcome import Outcome
from notifications.post import deliver
from notifications.zalo_codes import CODE_DIGITS, code_of, code_text, find_code
from notifications.zalo_incoming import Incoming, poll
from states.facts import Person
from states.folding import fold
from states.posting import Channel

#: Words by which a person leaves, as they look without accents.
_LEAVING = frozenset({"dean dung", "dean huy", "dean stop"})


@dataclass(frozen=True, slots=True)
class Polled:
    """What one question to the bot's server brought: messages, those answered, and answers that did not arrive."""

    read: int = 0
    answered: int = 0
    unanswered: int = 0


def new_code(session: Session, code: str, channel: Channel, *, key: bytes, by: Person, at: datetime) -> str:
    """Draw the code of a person and return the line that the person has to send. Raises Refused."""
    digits = offer_code(session, code, channel, draw=_draw, key=key, by=by, at=at)
    return code_text(digits)


def _draw() -> str:
    return code_of(secrets.randbelow(10**CODE_DIGITS))


def receive(session: Session, channel: Channel, incoming: Incoming, *, key: bytes, at: datetime) -> str | None:
    """Do what a message asks for and return the answer to send back, or None; for polling and webhooks alike."""
    note = Note(
        sender=incoming.sender,
        message_id=incoming.message_id,
        code=find_code(incoming.text),
        leaves=fold(incoming.text) in _LEAVING,
    )
    return receive_note(session, channel, note, key=key, at=at)


def poll_once(store: Store, channel_url: str, *, key: bytes, at: datetime, wait_seconds: int = 20) -> Polled:
    """Ask the bot's server for news once, act on it and answer its writers. Raises BadChannel and NotPolled.

    Each message is a transaction of its own, committed before its answer leaves.
    """
    found = Polled()
    for incoming in poll(channel_url, wait_seconds=wait_seconds):
        with store.write() as session:
            answer = receive(session, Channel.ZALOBOT, incoming, key=key, at=at)
        found = replace(found, read=found.read + 1)
        if answer is None:
            continue
        if _arrives(answer, incoming, channel_url, at):
            found = replace(found, answered=found.answered + 1)
        else:
            found = replace(found, unanswered=found.unanswered + 1)
    return found


def _arrives(answer: str, incoming: Incoming, channel_url: str, at: datetime) -> bool:
    try:
        message = Message(
            key=f"answer:{incoming.message_id}",
            to_address=incoming.sender,
            to_name="",
            subject="Liên kết tài khoản",
            text=answer,
            created_at=at,
        )
    except BadMessage:
        return False
    return deliver(message, channel_url).outcome is Outcome.OK
