"""Which way letters leave, by the mode and the settings: off, everything to one address, or to the people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flows.jobs.settings import Settings
from models.reminders.channel_tokens import StoredTokens
from models.reminders.handover import Held
from models.setup import is_demonstration
from models.store import Store
from notifications.outcome import Outcome
from notifications.zalo_tokens import NoTokens, TokenKeeper, Tokens
from states.posting import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one letter leaves; with `refused` (an outcome) it cannot."""

    url: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    mark: str = ""
    tokens: TokenKeeper | None = field(default=None, repr=False)
    refused: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """The channels of the office. In mode `redirect` every letter goes to one mailbox, marked with its reader."""

    mode: str
    urls: Mapping[Channel, str] = field(repr=False)
    tokens: Mapping[Channel, TokenKeeper] = field(repr=False)
    per_minute: Mapping[Channel, int]
    redirect: str = field(default="", repr=False)
    operator: str = field(default="", repr=False)

    def way(self, held: Held, own: str) -> Way:
        """The way of a letter whose reader has the address `own` on its channel."""
        address = self.operator if held.person_id is None else own
        if self.mode == "redirect":
            url = self.urls.get(Channel.EMAIL, "")
            mark = f"[{held.channel.label} → {held.name or 'người vận hành'}] "
            return _way(url, self.redirect, mark, None, "Chưa đặt máy chủ thư (DEAN_SMTP_URL).")
        url = self.urls.get(held.channel, "")
        detail = f"Chưa đặt kênh {held.channel.label}; hãy xem dean settings."
        return _way(url, address, "", self.tokens.get(held.channel), detail)


def _way(url: str, address: str, mark: str, tokens: TokenKeeper | None, no_url: str) -> Way:
    if not url:
        return Way(refused=Outcome.CONFIG, detail=no_url)
    if not address:
        return Way(refused=Outcome.RECIPIENT, detail="Người này chưa có địa chỉ trên kênh này.")
    return Way(url=url, address=address, mark=mark, tokens=tokens)


def post_of(settings: Settings, store: Store, now: Callable[[], datetime]) -> tuple[Post | None, str]:
    """The post as the settings have it; None with the sentence that says why nothing may leave."""
    if settings.notify_mode == "off":
        return None, "Chế độ gửi đang tắt (DEAN_NOTIFY_MODE=off); không gửi gì."
    if settings.notify_mode == "redirect" and not settings.notify_redirect:
        return None, "Chế độ redirect cần một địa chỉ nhận (DEAN_NOTIFY_REDIRECT); chưa gửi gì."
    with store.read() as session:
        demonstration = is_demonstration(session)
    if settings.notify_mode == "live" and demonstration:
        return None, "Sổ minh họa không gửi cho người thật; hãy dùng DEAN_NOTIFY_MODE=redirect."
    secrets = {
        Channel.EMAIL: settings.smtp_url,
        Channel.ZALOBOT: settings.zalobot_url,
        Channel.ZALOOA: settings.zalooa_url,
        Channel.ZALOZNS: settings.zalozns_url,
        Channel.WEBHOOK: settings.webhook_url,
    }
    urls = {channel: secret.get_secret_value() for channel, secret in secrets.items() if secret is not None}
    keepers: dict[Channel, TokenKeeper] = {
        channel: StoredTokens(store, channel, Tokens, NoTokens, now)
        for channel in (Channel.ZALOOA, Channel.ZALOZNS)
        if channel in urls
    }
    rates = {Channel.EMAIL: settings.email_per_minute} | {
        channel: settings.messages_per_minute for channel in Channel if channel is not Channel.EMAIL
    }
    post = Post(settings.notify_mode, urls, keepers, rates, settings.notify_redirect, settings.operator_email)
    return post, ""
