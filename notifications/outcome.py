"""What became of one attempt to hand over one message: classes that decide what happens next."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How an attempt ended, named after what the sender must do about it."""

    OK = "ok"
    """The provider took the message and answers for it from here on."""

    RETRY = "retry"
    """Nothing was taken and nothing is wrong with us: the same attempt may succeed later, after a pause."""

    REFRESH = "refresh"
    """The access token has run out: renew it once, then resend at once."""

    PERMANENT = "permanent"
    """The provider will never take this message; sending the same content again is useless."""

    RECIPIENT = "recipient"
    """This person cannot be reached on this channel: correct the address or use another channel."""

    WINDOW = "window"
    """The provider does not allow a message to this person now; another channel takes over."""

    CONFIG = "config"
    """Our own settings are refused (password, sender, certificate): stop the channel, tell the operator."""

    QUOTA = "quota"
    """What we may send is used up for now: pause the whole channel, not only this message."""

    UNKNOWN = "unknown"
    """The content was sent and no answer came: it may have arrived (RFC 1047).

    E-mail is handed over again under the same Message-ID; a channel without such an identity is not.
    """


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The answer to one attempt.

    `provider_id` is the name under which the provider's own records know the message (the Message-ID for
    e-mail). `code` is what the provider or the connection answered, for machines; `detail` is a Vietnamese
    sentence for the operator. Neither ever holds an address, a password or a token.
    """

    outcome: Outcome
    provider_id: str | None = None
    code: str | None = None
    detail: str = ""


class BadChannel(ValueError):  # noqa: N818  # the name says what it is about
    """A channel URL that cannot be used; the argument is a Vietnamese sentence and no part of the URL."""
