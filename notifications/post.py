"""The counter of the post office: one message for one person over one channel, one answer."""

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from notifications.message import Message
from notifications.outcome import BadChannel, Delivery, Outcome
from notifications.smtp_settings import SmtpSettings
from notifications.zalo_settings import BotSettings, OaSettings, ZnsSettings

if TYPE_CHECKING:
    from notifications.zalo_tokens import TokenKeeper

# The modules that register a plug-in for these schemes with Apprise when imported.
_PLUGINS: Mapping[str, str] = {
    "smtp": "notifications.smtp_plugin",
    "smtps": "notifications.smtp_plugin",
    "zalobot": "notifications.zalo_plugins",
    "zalooa": "notifications.zalo_plugins",
    "zalozns": "notifications.zalo_plugins",
}

# Who reads the channel URLs of these schemes, raising BadChannel.
_READERS: Mapping[str, Callable[[str], object]] = {
    "smtp": SmtpSettings.from_url,
    "smtps": SmtpSettings.from_url,
    "zalobot": BotSettings.from_url,
    "zalooa": OaSettings.from_url,
    "zalozns": ZnsSettings.from_url,
}

# What Apprise would carry too, but worse than ours: lost codes, doubled mails, a token in the logs.
_BETTER: Mapping[str, str] = {"mailto": "smtp://", "mailtos": "smtps://", "zalo": "zalobot://"}

_SCHEME = re.compile(r"[a-z][a-z0-9+]{1,31}")


def deliver(message: Message, channel_url: str, tokens: "TokenKeeper | None" = None) -> Delivery:
    """Hand one message over once and report what became of it.

    There is no second try in here: the caller keeps the row, the lease and the pauses, and may call again
    with the same message, which then bears the same Message-ID. A channel URL that cannot be used is the
    outcome `config` and not an exception, so that a worker can set the row aside like any other. `tokens` is
    needed by `zalooa://` and `zalozns://` only; it is asked for tokens, and to renew them, in here.
    """
    scheme = _scheme(channel_url)
    refused = _not_ours(scheme)
    if refused is not None:
        return Delivery(outcome=Outcome.CONFIG, code="channel-url", detail=refused)
    # Apprise costs half a second, which only a process that really sends should pay.
    if scheme not in _PLUGINS:
        from notifications.webhook import hand_over_plainly

        return hand_over_plainly(message, channel_url)
    import_module(_PLUGINS[scheme])
    from notifications.channel import hand_over

    return hand_over(message, channel_url, tokens)


def check_channel(channel_url: str) -> list[str]:
    """Say in sentences what is wrong with a channel URL, without sending anything; empty when it can be used.

    The sentences name what to correct and never repeat the URL. Whether a password or token is right, only
    the first message shows.
    """
    scheme = _scheme(channel_url)
    refused = _not_ours(scheme)
    if refused is not None:
        return [refused]
    try:
        if scheme in _READERS:
            _READERS[scheme](channel_url)
        else:
            from notifications.webhook import check

            check(channel_url)
    except BadChannel as wrong:
        return [str(wrong)]
    return []


def _scheme(channel_url: str) -> str:
    scheme, divider, _ = channel_url.partition("://")
    return scheme.lower() if divider else ""


def _not_ours(scheme: str) -> str | None:
    """Say why nothing is sent by this scheme, or None when something may be."""
    if not _SCHEME.fullmatch(scheme):
        known = ", ".join(f"{name}://" for name in _PLUGINS)
        return f"Chưa có kênh gửi cho địa chỉ này; hãy dùng một trong các dạng: {known} hoặc json://."
    if scheme in _BETTER:
        return f"Không gửi qua {scheme}://; hãy dùng {_BETTER[scheme]}, là kênh cho biết rõ kết quả."
    return None
