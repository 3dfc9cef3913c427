"""Any other service Apprise knows (`json://`, `xml://` …): for an office's own gateway, by configuration alone.

Apprise answers yes or no here, so the outcome is `ok` or `retry` and nothing finer; whoever needs to know
more uses a channel of ours.
"""

from urllib.parse import quote

from apprise import Apprise, NotifyBase

from notifications.channel import ASSET
from notifications.discretion import silenced
from notifications.message import Message
from notifications.outcome import BadChannel, Delivery, Outcome

_UNKNOWN_CHANNEL = "Apprise không đọc được địa chỉ kênh này; hãy kiểm tra dạng địa chỉ và các tham số."


def hand_over_plainly(message: Message, channel_url: str) -> Delivery:
    """Pass subject and text through Apprise's own plug-in, once, and report its yes or no.

    `{to}`, `{name}` and `{key}` in the URL stand for the recipient, the name and the key of the message:
    `json://gateway.example.vn/send?:phone={to}&:id={key}`. No time-out, refusal or drop can be told from
    another; nothing of the URL is logged or repeated.
    """
    with silenced():
        try:
            plugin = _opened(_addressed(channel_url, message))
        except BadChannel as wrong:
            return Delivery(outcome=Outcome.CONFIG, code="channel-url", detail=str(wrong))
        taken = Apprise(plugin, asset=ASSET).notify(title=message.subject, body=message.text)
    if taken:
        return Delivery(outcome=Outcome.OK, code="yes", detail="Dịch vụ đã nhận tin; Apprise không cho biết gì thêm.")
    told = "Dịch vụ không nhận tin hoặc không trả lời; Apprise không cho biết lý do, sẽ thử lại."
    return Delivery(outcome=Outcome.RETRY, code="no", detail=told)


def check(channel_url: str) -> None:
    """Raise BadChannel when Apprise cannot read the URL; nothing is sent."""
    with silenced():
        _opened(channel_url.replace("{to}", "84901234567").replace("{name}", "x").replace("{key}", "x"))


def _addressed(channel_url: str, message: Message) -> str:
    values = {"{to}": message.to_address, "{name}": message.to_name, "{key}": message.key}
    for place, value in values.items():
        channel_url = channel_url.replace(place, quote(value, safe=""))
    return channel_url


def _opened(channel_url: str) -> NotifyBase:
    plugin = Apprise.instantiate(channel_url, asset=ASSET)
    if plugin is None:
        raise BadChannel(_UNKNOWN_CHANNEL)
    # The URL may ask for repetitions, or for a failure to be called a success; both are the outbox's business.
    plugin.retry, plugin.optional = 0, False
    return plugin
