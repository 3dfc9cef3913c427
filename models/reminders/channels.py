"""Whether a channel may be used now: stopped until its settings are mended, or paused for a while."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.columns import instant_text
from models.queries.scope import Where
from models.statement import Statement
from states.posting import Channel


def stop_channel(session: Session, channel: Channel, detail: str, *, at: datetime) -> bool:
    """Stop a channel until its settings are mended. Answers whether it was running: only then somebody is told."""
    return bool(_STOP.rows(session, channel=str(channel), at=instant_text(at), detail=detail))


_STOP = Statement("""
    INSERT INTO channel_state (channel, stopped_at, detail) VALUES (:channel, :at, :detail)
    ON CONFLICT (channel) DO UPDATE SET stopped_at = excluded.stopped_at, detail = excluded.detail
    WHERE channel_state.stopped_at IS NULL RETURNING channel""")


def pause_channel(session: Session, channel: Channel, detail: str, *, until: datetime) -> None:
    """Let a whole channel wait: what we may send over it is used up for now."""
    _PAUSE.run(session, [{"channel": str(channel), "until": instant_text(until), "detail": detail}])


_PAUSE = Statement(
    "INSERT INTO channel_state (channel, paused_until, detail) VALUES (:channel, :until, :detail) "
    "ON CONFLICT (channel) DO UPDATE SET paused_until = excluded.paused_until, detail = excluded.detail"
)


def start_channel(session: Session, channel: Channel) -> bool:
    """Let a stopped or paused channel go on. Answers whether it stood."""
    return bool(_START.rows(session, channel=str(channel)))


_START = Statement("""
    UPDATE channel_state SET stopped_at = NULL, paused_until = NULL, next_at = NULL, detail = ''
    WHERE channel = :channel AND (stopped_at IS NOT NULL OR paused_until IS NOT NULL) RETURNING channel""")


def channel_states(session: Session) -> list[dict[str, Any]]:
    """Every channel that is stopped or paused, and why."""
    where = Where()
    where.add("s.stopped_at IS NOT NULL OR s.paused_until IS NOT NULL")
    return where.rows(session, "SELECT channel, stopped_at, paused_until, detail FROM channel_state AS s WHERE {where}")
