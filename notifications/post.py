"""The counter of the post office: one message for one person over one channel, one answer."""

from collections.abc import Mapping
from importlib import import_module

from notifications.message import Message
from notifications.outcome import Delivery, Outcome

# The modules that register a plug-in for these schemes with Apprise when imported.
_PLUGINS: Mapping[str, str] = {
    "smtp": "notifications.smtp_plugin",
    "smtps": "notifications.smtp_plugin",
}


def deliver(message: Message, channel_url: str) -> Delivery:
    """Hand one message over once and report what became of it.

    There is no second try in here: the caller keeps the row, the lease and the pauses, and may call again
    with the same message, which then bears the same Message-ID. A channel URL that cannot be used is the
    outcome `config` and not an exception, so that a worker can set the row aside like any other.
    """
    scheme = channel_url.partition("://")[0].lower()
    if scheme not in _PLUGINS:
        known = ", ".join(f"{name}://" for name in _PLUGINS)
        told = f"Chưa có kênh gửi cho địa chỉ này; hãy dùng một trong các dạng: {known}."
        return Delivery(outcome=Outcome.CONFIG, code="channel-url", detail=told)
    # Apprise costs half a second, which only a process that really sends should pay.
    import_module(_PLUGINS[scheme])
    from notifications.channel import hand_over

    return hand_over(message, channel_url)
