"""What follows the handing over of a letter: told, again later, another channel, a stopped channel, or given up."""

from datetime import datetime
from typing import Any

from flows.jobs.composing import alert_body
from flows.jobs.settings import Settings
from models.reminders.addresses import mark_problem, reach
from models.reminders.channels import pause_channel, stop_channel
from models.reminders.handover import Ended, Held, finish, is_held, note_end, put_back, reminders_in
from models.reminders.outbox import NewLetter, queue, to_operator
from models.reminders.preferences import preference_of
from models.rulebook import rulebook
from notifications.letters.values import Trouble
from states.facts import OFFICE_TIME
from states.posting import Channel, Letter, OutboxStatus
from states.resending import Next, pause_after, what_next
from states.sending_hours import next_open

#: A letter that does not expire is given up after so many attempts.
MOST_ATTEMPTS = 12
#: One for a subscriber is tried for about two days: a program that is down over a weekend misses little.
MOST_EVENT_ATTEMPTS = 72


def settle(
    session: Any, held: Held, ended: Ended, settings: Settings, *, worker: str, at: datetime, fraction: float
) -> Next | None:
    """Write down how an attempt ended and what follows, in the caller's transaction. Answers with what follows.

    A worker whose lease ran out only notes the end: the letter is in other hands, under the same Message-ID.
    """
    note_end(session, held, ended, at=at)
    if not is_held(session, held, worker):
        return None
    # Most letters arrive, and need no other way.
    other = None if ended.outcome == "ok" else _other_channel(session, held)
    following = what_next(ended.outcome, resendable=held.is_resendable, other_channel=other is not None, renewed=True)
    most = MOST_EVENT_ATTEMPTS if held.letter is Letter.EVENT else MOST_ATTEMPTS
    if following is Next.AGAIN and held.attempt >= most:
        following = Next.DEAD
    # What is wrong with the one mailbox of the mode redirect says nothing of the people.
    if ended.outcome == "recipient" and ended.mode == "live" and held.person_id is not None:
        mark_problem(session, held.person_id, held.channel, ended.detail, at=at)
    if following is Next.DONE:
        finish(session, held, OutboxStatus.SENT, ended, at=at)
    elif following is Next.FALLBACK and other is not None:
        _go_another_way(session, held, other, ended, at)
    elif following is Next.DEAD:
        finish(session, held, OutboxStatus.DEAD, ended, at=at)
        _alert_dead(session, settings, held, ended, at)
    else:
        _wait(session, held, ended, following, settings, at, fraction)
    return following


def _wait(
    session: Any, held: Held, ended: Ended, following: Next, settings: Settings, at: datetime, fraction: float
) -> None:
    """Let the letter wait, alone or with its whole channel."""
    if following is Next.STOP_CHANNEL:
        put_back(session, held, ended, not_before=at)
        if stop_channel(session, held.channel, ended.detail, at=at):
            _alert_stopped(session, settings, held, ended, at)
        return
    later = at + pause_after(held.attempt, ended.outcome, fraction)
    if following is Next.WAIT:
        pause_channel(session, held.channel, ended.detail, until=later)
    # Nobody is reminded at night because a server was busy in the afternoon.
    in_hours = held.letter not in (Letter.OPERATOR, Letter.EVENT)
    put_back(session, held, ended, not_before=next_open(later, rulebook(session).calendar) if in_hours else later)


# --- another channel ----------------------------------------------------------------------------------


def _other_channel(session: Any, held: Held) -> Channel | None:
    """The next channel of the person's own order that reaches them and was not tried for this letter."""
    if held.person_id is None:
        return None
    tried = {Channel(name) for name in held.key.split(">")[1:]} | {held.channel}
    reached = reach(session, [held.person_id]).get(held.person_id, {})
    wanted = (*preference_of(session, held.person_id).channels, Channel.EMAIL)
    return next((channel for channel in wanted if channel in reached and channel not in tried), None)


def _go_another_way(session: Any, held: Held, channel: Channel, ended: Ended, at: datetime) -> None:
    """Write the same letter for another channel, a child of the one that could not arrive."""
    finish(session, held, OutboxStatus.REPLACED, ended, at=at)
    child = NewLetter(
        key=f"{held.key}>{channel}",
        person_id=held.person_id,
        channel=channel,
        letter=held.letter,
        subject=held.subject,
        body=held.body,
        not_before=at,
        expires_at=held.expires_at,
        reminders=reminders_in(session, held.id),
        parent_id=held.id,
    )
    queue(session, [child], at=at)


# --- the operator -------------------------------------------------------------------------------------


def _alert_stopped(session: Any, settings: Settings, held: Held, ended: Ended, at: datetime) -> None:
    body = alert_body(Trouble.CHANNEL, held.channel.label, at, 1, ended.detail, f"dean outbox start {held.channel}")
    _to_operator(session, settings, f"operator:channel:{held.channel}:{at.isoformat()}", body, "Kênh gửi dừng", at)


def _alert_dead(session: Any, settings: Settings, held: Held, ended: Ended, at: datetime) -> None:
    """One letter a day about letters that were given up; the list is in `dean outbox`."""
    if held.letter is Letter.OPERATOR:
        return
    today = at.astimezone(OFFICE_TIME).date()
    body = alert_body(Trouble.DEAD_LETTERS, held.channel.label, at, 1, ended.detail, "dean outbox list --status dead")
    _to_operator(session, settings, f"operator:dead:{today}", body, "Thư không gửi được", at)


def _to_operator(session: Any, settings: Settings, key: str, body: str, subject: str, at: datetime) -> None:
    if not settings.operator_email:
        return
    queue(session, [to_operator(key, subject, body, at=at)], at=at)
