"""What people write to our bot or Official Account: read, checked for its sender, and fetched by polling.

Written from public documents; not tried against the live service.
"""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from notifications.outcome import Delivery, Outcome
from notifications.zalo_answers import judge_bot
from notifications.zalo_http import NoAnswer, post
from notifications.zalo_settings import BotSettings

_TEXT_FROM_BOT = "message.text.received"
_TEXT_FROM_OA = "user_send_text"
_SIGNED = "mac="

# No longer message can be an answer to us, and a webhook is open to the whole world.
LONGEST_BODY = 64 * 1024


class BadUpdate(ValueError):  # noqa: N818  # the name says what it is about
    """A body that is no event of Zalo, or not signed by it; the argument holds nothing of the body."""


class NotPolled(Exception):  # noqa: N818  # the name says what happened
    """Zalo did not say whether there is news; the delivery says what to do about it."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery.detail)
        self.delivery = delivery


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A text someone wrote to us. Zalo repeats events; `message_id` tells a repetition."""

    sender: str = field(repr=False)
    """Where an answer goes: the chat id for the bot, the user id for the Official Account."""

    text: str = field(repr=False)
    message_id: str
    display_name: str = field(default="", repr=False)
    """What the person calls themselves, which proves nothing; the Official Account does not tell it."""


class _Spoken(BaseModel):
    # Ids have been seen as numbers and as strings.
    model_config = ConfigDict(coerce_numbers_to_str=True, hide_input_in_errors=True)


class _Chat(_Spoken):
    id: str = Field(min_length=1)
    chat_type: str = "PRIVATE"


class _Writer(_Spoken):
    display_name: str | None = None
    name: str | None = None
    first_name: str | None = None
    is_bot: bool = False


class _BotMessage(_Spoken):
    chat: _Chat
    message_id: str = Field(min_length=1)
    text: str | None = None
    writer: _Writer = Field(default_factory=_Writer, validation_alias="from")


class _BotUpdate(_Spoken):
    event_name: str = _TEXT_FROM_BOT
    message: _BotMessage


class _Envelope(_Spoken):
    ok: bool
    result: _BotUpdate | list[_BotUpdate] | None = None


class _Person(_Spoken):
    id: str = Field(min_length=1)


class _OaText(_Spoken):
    msg_id: str = Field(min_length=1)
    text: str = ""


class _OaEvent(_Spoken):
    event_name: str
    timestamp: str = ""
    app_id: str = ""
    # Other events have other shapes; only a text needs these.
    sender: _Person | None = None
    message: _OaText | None = None


_Update: TypeAlias = _Envelope | _BotUpdate


def read_bot_webhook(body: bytes, secret_header: str | None, *, secret: str) -> Incoming | None:
    """Read what the Bot Platform posts to us, with or without its outer envelope; None when it is no text.

    `secret_header` is the value of X-Bot-Api-Secret-Token. Raises BadUpdate when it is not `secret` or the
    body is no event.
    """
    if not has_secret(secret_header, secret):
        raise BadUpdate("Yêu cầu không mang đúng mã bí mật của webhook.")
    _, found = _bot_texts(body)
    return found[0] if found else None


def has_secret(given: str | None, secret: str) -> bool:
    """Compare the secret of a webhook in constant time; without a secret of ours nobody is let in."""
    return bool(secret) and hmac.compare_digest((given or "").encode(), secret.encode())


def read_oa_webhook(body: bytes, signature: str | None, *, app_id: str, oa_secret: str) -> Incoming | None:
    """Read what an Official Account posts to us; None when it is no text, or the empty probe of the console.

    `signature` is the value of X-ZEvent-Signature and `body` what came over the wire, not parsed and written
    again. Raises BadUpdate when the signature is wrong or the body is no event.
    """
    if body.strip() in {b"", b"{}"}:
        return None
    event = _oa_event(body)
    if not is_signed(body, event.timestamp, signature, app_id=app_id, oa_secret=oa_secret):
        raise BadUpdate("Chữ ký của sự kiện Zalo OA không đúng.")
    if event.event_name != _TEXT_FROM_OA or event.sender is None or event.message is None or not event.message.text:
        return None
    return Incoming(sender=event.sender.id, text=event.message.text, message_id=event.message.msg_id)


def is_signed(body: bytes, timestamp: str, signature: str | None, *, app_id: str, oa_secret: str) -> bool:
    """Check `mac=` and SHA-256 of app id, raw body, timestamp and secret, in constant time."""
    wanted = _SIGNED + signature_of(body, timestamp, app_id=app_id, oa_secret=oa_secret)
    return bool(oa_secret) and hmac.compare_digest((signature or "").encode(), wanted.encode())


def signature_of(body: bytes, timestamp: str, *, app_id: str, oa_secret: str) -> str:
    """Compute the signature as Zalo documents it: plain SHA-256 over the four parts in a row."""
    return sha256(app_id.encode() + body + timestamp.encode() + oa_secret.encode()).hexdigest()


def poll(channel_url: str, *, wait_seconds: int = 20) -> tuple[Incoming, ...]:
    """Ask the bot's server for news and wait up to `wait_seconds` for some; raises BadChannel and NotPolled.

    Zalo gives each event to one question only and takes no offset: what is lost on the way back is lost, and
    the person has to write again. Does not work while a webhook is set.
    """
    settings = BotSettings.from_url(channel_url)
    body = f'{{"timeout": "{wait_seconds}"}}'.encode()
    path = f"/bot{settings.token}/getUpdates"
    try:
        answer = post(settings.base, path, body, {"Content-Type": "application/json"}, settings.timeout + wait_seconds)
    except NoAnswer as silence:
        failed = silence.delivery
    else:
        try:
            granted, found = _bot_texts(answer.body)
        except BadUpdate:
            granted, found = False, ()
        if granted and 200 <= answer.status < 300:
            return found
        failed = judge_bot(answer, settings.token)
        if failed.code in {"408", "http 408"}:
            # This is how the server says that nobody wrote while we waited.
            return ()
    # To a question nothing is lost by asking again.
    again = failed.outcome in {Outcome.UNKNOWN, Outcome.OK, Outcome.RETRY}
    outcome = Outcome.RETRY if again else Outcome.CONFIG
    told = "Chưa hỏi được tin mới từ Zalo Bot; sẽ hỏi lại." if again else failed.detail
    raise NotPolled(Delivery(outcome=outcome, code=failed.code, detail=told))


def _bot_texts(body: bytes) -> tuple[bool, tuple[Incoming, ...]]:
    """Read the events in a body: whether the server was content, and the private texts by people."""
    update = _bot_update(body)
    if isinstance(update, _BotUpdate):
        events, granted = [update], True
    else:
        several = update.result if isinstance(update.result, list) else [update.result]
        events, granted = [event for event in several if event is not None], update.ok
    return granted, tuple(filter(None, map(_bot_text, events)))


def _bot_text(event: _BotUpdate) -> Incoming | None:
    message, writer = event.message, event.message.writer
    # A code read out in a group would link the group: everyone in it would get one person's reminders.
    private = message.chat.chat_type.upper() == "PRIVATE" and not writer.is_bot
    if event.event_name != _TEXT_FROM_BOT or not message.text or not private:
        return None
    name = writer.display_name or writer.name or writer.first_name or ""
    return Incoming(sender=message.chat.id, text=message.text, message_id=message.message_id, display_name=name)


def _bot_update(body: bytes) -> _Update:
    if len(body) <= LONGEST_BODY:
        for shape in (_Envelope, _BotUpdate):
            try:
                return shape.model_validate_json(body)
            except ValidationError:
                continue
    raise BadUpdate("Nội dung nhận được không phải sự kiện của Zalo Bot.")


def _oa_event(body: bytes) -> _OaEvent:
    if len(body) <= LONGEST_BODY:
        try:
            return _OaEvent.model_validate_json(body)
        except ValidationError:
            pass
    raise BadUpdate("Nội dung nhận được không phải sự kiện của Zalo OA.")
