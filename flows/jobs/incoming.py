"""What Zalo posts to us: believed by its signature, acted on once, and answered after Zalo got its own answer.

Written from public documents; not tried against the live service.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import SecretStr

from flows.jobs.linking import receive
from flows.jobs.settings import Settings
from models.reminders.channel_tokens import StoredTokens
from models.reminders.links import secret_key
from models.store import Store
from notifications.message import BadMessage, Message
from notifications.outcome import BadChannel, Outcome
from notifications.post import deliver
from notifications.zalo_incoming import LONGEST_BODY, BadUpdate, Incoming, read_bot_webhook, read_oa_webhook
from notifications.zalo_settings import OaSettings
from notifications.zalo_tokens import NoTokens, TokenKeeper, Tokens
from states.posting import Channel
from states.refusal import Refused

#: No longer body is read: a webhook is open to the whole world.
LONGEST = LONGEST_BODY


class NotBelieved(Exception):  # noqa: N818  # the name says what it is about
    """Whoever posted this did not prove to be Zalo, or posted no event of it; the argument holds nothing of it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be written back to whoever wrote to us."""

    channel: Channel
    to_address: str = field(repr=False)
    message_id: str
    text: str


def hear_bot(store: Store, settings: Settings, body: bytes, secret: str | None, *, at: datetime) -> Answer | None:
    """Act on what the bot's webhook posts; `secret` is the value of X-Bot-Api-Secret-Token.

    Raises NotBelieved, and Refused where no webhook of the bot is set up.
    """
    wanted = _set(settings.zalobot_webhook_secret, "DEAN_ZALOBOT_WEBHOOK_SECRET")
    try:
        incoming = read_bot_webhook(body, secret, secret=wanted)
    except BadUpdate as bad:
        raise NotBelieved(str(bad)) from None
    return _act(store, settings, Channel.ZALOBOT, incoming, at)


def hear_account(
    store: Store, settings: Settings, body: bytes, signature: str | None, *, at: datetime
) -> Answer | None:
    """Act on what the Official Account's webhook posts; `signature` is X-ZEvent-Signature, over the raw body.

    Raises NotBelieved, and Refused where no webhook of the account is set up. The empty probe of Zalo's console
    is let pass unsigned.
    """
    url = _set(settings.zalooa_url, "DEAN_ZALOOA_URL")
    wanted = _set(settings.zalooa_webhook_secret, "DEAN_ZALOOA_WEBHOOK_SECRET")
    try:
        app_id = OaSettings.from_url(url).app_id
        incoming = read_oa_webhook(body, signature, app_id=app_id, oa_secret=wanted)
    except BadChannel as wrong:
        raise Refused(str(wrong)) from None
    except BadUpdate as bad:
        raise NotBelieved(str(bad)) from None
    return _act(store, settings, Channel.ZALOOA, incoming, at)


def _set(secret: SecretStr | None, name: str) -> str:
    if secret is None:
        raise Refused(f"Chưa đặt {name} nên không nhận sự kiện của Zalo.")
    return secret.get_secret_value()


def _act(store: Store, settings: Settings, channel: Channel, incoming: Incoming | None, at: datetime) -> Answer | None:
    if incoming is None:
        return None
    key = secret_key(settings.secret_key_path)
    with store.write() as session:
        text = receive(session, channel, incoming, key=key, at=at)
    return None if text is None else Answer(channel, incoming.sender, incoming.message_id, text)


def write_back(store: Store, settings: Settings, answer: Answer, *, now: Callable[[], datetime]) -> bool:
    """Send an answer and say whether it arrived. What it tells stands in the register, so it is not tried again."""
    url = settings.zalobot_url if answer.channel is Channel.ZALOBOT else settings.zalooa_url
    if url is None:
        return False
    try:
        message = Message(
            key=f"answer:{answer.message_id}",
            to_address=answer.to_address,
            to_name="",
            subject="Liên kết tài khoản",
            text=answer.text,
            created_at=now(),
        )
    except BadMessage:
        return False
    tokens: TokenKeeper | None = None
    if answer.channel is Channel.ZALOOA:
        tokens = StoredTokens(store, answer.channel, Tokens, NoTokens, now)
    return deliver(message, url.get_secret_value(), tokens).outcome is Outcome.OK
