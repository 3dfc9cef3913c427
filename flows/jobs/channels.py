"""The channels as whoever looks after the post sees them: set, running or stopped, and what waits on each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flows.jobs.post_settings import post_of
from flows.jobs.settings import Settings
from models.reminders.channels import channel_states
from models.reminders.reports import letter_counts
from models.store import Store
from notifications.post import check_channel
from states.posting import Channel, OutboxStatus

#: Where the address of each channel is set, and in which form.
SETTING = {
    Channel.EMAIL: ("smtp_url", "smtp://…"),
    Channel.ZALOBOT: ("zalobot_url", "zalobot://…"),
    Channel.ZALOOA: ("zalooa_url", "zalooa://…"),
    Channel.ZALOZNS: ("zalozns_url", "zalozns://…"),
    Channel.WEBHOOK: ("webhook_url", "json://…"),
}
MODES = {
    "off": "không gửi gì.",
    "redirect": "mọi thư gửi bằng thư điện tử về một địa chỉ (DEAN_NOTIFY_REDIRECT), ghi rõ gửi thay cho ai.",
    "live": "gửi cho từng người.",
}


def channel_rows(store: Store, settings: Settings, *, at: datetime) -> tuple[str, list[dict[str, Any]]]:
    """Why nothing leaves (empty when it does), and each channel with its faults and letters; no secret among it."""
    with store.read() as session:
        counts = letter_counts(session)
        states = {row["channel"]: row for row in channel_states(session)}
    _, reason = post_of(settings, store, lambda: at)
    return reason, [_row(channel, settings, states.get(channel, {}), counts[channel], at) for channel in Channel]


def _row(
    channel: Channel, settings: Settings, state: Mapping[str, Any], counts: Mapping[OutboxStatus, int], at: datetime
) -> dict[str, Any]:
    name, form = SETTING[channel]
    secret = getattr(settings, name)
    paused = state.get("paused_until")
    return {
        "channel": str(channel),
        "label": channel.label,
        "setting": f"DEAN_{name.upper()}",
        "form": form,
        "configured": secret is not None,
        "faults": check_channel(secret.get_secret_value()) if secret is not None else [],
        "stopped_at": state.get("stopped_at"),
        "paused_until": paused if paused and datetime.fromisoformat(paused) > at else None,
        "detail": state.get("detail", ""),
        "waiting": counts[OutboxStatus.WAITING] + counts[OutboxStatus.LEASED],
        "dead": counts[OutboxStatus.DEAD],
        "sent": counts[OutboxStatus.SENT],
    }
