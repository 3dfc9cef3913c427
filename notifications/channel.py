"""What our Apprise plug-ins have in common: the message goes in whole and the outcome comes out whole.

Apprise itself passes on a title and a text and answers yes or no. So the message and the place for the
outcome travel beside the call in a ContextVar, which Apprise copies into the threads it may start.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from apprise import Apprise, AppriseAsset, NotifyBase
from apprise.common import NotifyType
from apprise.manager_plugins import NotificationManager

from notifications.discretion import quiet_libraries
from notifications.message import Message
from notifications.outcome import BadChannel, Delivery, Outcome
from notifications.zalo_tokens import TokenKeeper

_NO_LIMIT = 2**31

# Nothing is sent from threads of Apprise and nothing is tried twice: the outbox does both, and knows why.
ASSET = AppriseAsset(async_mode=False, secure_logging=True, default_service_retry=0)


@dataclass
class _Handover:
    """One call on its way through Apprise: the message, and what the plug-in laid beside it."""

    message: Message
    tokens: TokenKeeper | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    bugs: list[Exception] = field(default_factory=list)


_HANDOVER: ContextVar[_Handover] = ContextVar("notifications_handover")


class Channel(NotifyBase, ABC):  # type: ignore[no-untyped-call]  # the hook of Apprise under every class statement
    """A plug-in that carries one whole Message to one person and hands back a Delivery."""

    service_name: str  # type: ignore[assignment]  # Apprise writes None for "not given"
    protocol: str  # type: ignore[assignment]
    secure_protocol: str  # type: ignore[assignment]
    templates: tuple[str, ...]  # type: ignore[assignment]
    template_tokens: Mapping[str, Mapping[str, Any]]  # type: ignore[assignment]

    # Pauses, rates and repetitions are the outbox's business, and tokens live in our database.
    request_rate_per_sec = 0
    persistent_storage = False
    # Without limits Apprise passes everything on in one call; a text cut in two would be two mails.
    body_maxlen = _NO_LIMIT
    title_maxlen = _NO_LIMIT
    category = "custom"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]

    @abstractmethod
    def carry(self, message: Message) -> Delivery:
        """Hand the message to the provider once and report what became of it."""

    @property
    def tokens(self) -> TokenKeeper | None:
        """Who keeps the access tokens of this channel, as given with the message on its way."""
        return _HANDOVER.get().tokens

    def send(self, body: str, title: str = "", notify_type: NotifyType = NotifyType.INFO, **kwargs: object) -> bool:
        """Answer Apprise; the text it passes is ignored in favour of the whole message."""
        handover = _HANDOVER.get()
        try:
            delivery = self.carry(handover.message)
        except Exception as bug:
            # Apprise would swallow it and log the traceback; hand_over lets it go on to whoever called.
            handover.bugs.append(bug)
            return False
        handover.deliveries.append(delivery)
        return delivery.outcome is Outcome.OK


def register(channel: type[Channel]) -> None:
    """Make Apprise know the plug-in under its schemes.

    Apprise loads all its own plug-ins for that (0.3 s), so each of our plug-in modules is imported only
    when its first message leaves.
    """
    NotificationManager().add(channel)  # type: ignore[no-untyped-call]


def hand_over(message: Message, channel_url: str, tokens: TokenKeeper | None = None) -> Delivery:
    """Pass one message through one Apprise instance for one channel URL, and return what became of it.

    `tokens` travel beside the message to a channel that needs them, and are never part of its URL. Raises
    what a plug-in raised by mistake; whatever a provider answers is a Delivery.
    """
    quiet_libraries()
    try:
        plugin = Apprise.instantiate(channel_url, asset=ASSET, suppress_exceptions=False)
    except BadChannel as refused:
        return Delivery(outcome=Outcome.CONFIG, code="channel-url", detail=str(refused))
    handover = _Handover(message, tokens)
    token = _HANDOVER.set(handover)
    try:
        apprise = Apprise(plugin, asset=ASSET)
        apprise.notify(title=message.subject, body=message.text)
    finally:
        _HANDOVER.reset(token)
    if handover.bugs:
        raise handover.bugs[0]
    (delivery,) = handover.deliveries
    return delivery
