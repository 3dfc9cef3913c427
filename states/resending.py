"""What follows an attempt to hand over a message: another one, another channel, or none; and after which pause.

The outcomes are the codes of `notifications.outcome.Outcome`, which rules must not import.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from states.vocabulary import Labelled


class Next(Labelled):
    """What the sender does with a message after an attempt."""

    DONE = "done", "Đã gửi"
    AGAIN = "again", "Gửi lại sau"
    RENEW = "renew", "Đổi mã truy cập rồi gửi lại ngay"
    FALLBACK = "fallback", "Chuyển sang kênh khác"
    DEAD = "dead", "Không gửi được"
    STOP_CHANNEL = "stop_channel", "Dừng kênh, báo người vận hành"
    WAIT = "wait", "Cả kênh chờ"


@dataclass(frozen=True, slots=True)
class Policy:
    """What an outcome leads to, and between which pauses: the longest one doubles with each attempt up to `cap`."""

    next: Next
    floor: timedelta = timedelta()
    base: timedelta = timedelta()
    cap: timedelta = timedelta()


_SOON = timedelta(seconds=10)

POLICIES: Mapping[str, Policy] = MappingProxyType(
    {
        "ok": Policy(Next.DONE),
        "retry": Policy(Next.AGAIN, _SOON, timedelta(minutes=1), timedelta(hours=1)),
        # The message may have arrived: there is less hurry, and a mailbox sees fewer copies.
        "unknown": Policy(Next.AGAIN, timedelta(minutes=1), timedelta(minutes=5), timedelta(hours=2)),
        "refresh": Policy(Next.RENEW),
        # What one provider never takes (too long, taken for spam) another one may carry.
        "permanent": Policy(Next.FALLBACK),
        "recipient": Policy(Next.FALLBACK),
        "window": Policy(Next.FALLBACK),
        "config": Policy(Next.STOP_CHANNEL),
        # 429 and used-up quotas: asking again soon is what the provider complains about.
        "quota": Policy(Next.WAIT, timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=4)),
    }
)


def what_next(outcome: str, *, resendable: bool, other_channel: bool, renewed: bool = False) -> Next:
    """Say what follows an attempt.

    `resendable` says that the channel recognises a message handed over twice (e-mail does, by its Message-ID): only
    there one that may have arrived goes out again. Without another channel a message that needs one is dead. A
    token that is refused although it was just `renewed` is a fault of our settings.
    """
    found = POLICIES[outcome].next
    if outcome == "unknown" and not resendable:
        found = Next.FALLBACK
    if found is Next.RENEW and renewed:
        found = Next.STOP_CHANNEL
    return Next.DEAD if found is Next.FALLBACK and not other_channel else found


def pause_after(attempt: int, outcome: str, fraction: float) -> timedelta:
    """Say how long to wait after the attempt of this number, from 1: anything from the floor to a growing length.

    `fraction` from 0 to 1 is drawn by the caller (full jitter), so that a thousand mails refused at once do not
    come back at once. Raises ValueError for an attempt or a fraction out of range.
    """
    if attempt < 1 or not 0 <= fraction <= 1:
        raise ValueError(f"no such attempt or fraction: {attempt}, {fraction}")
    policy = POLICIES[outcome]
    # 2**30 times any base is above every cap; without a bound a long row of attempts would overflow.
    longest = min(policy.cap, policy.base * 2 ** min(attempt - 1, 30)) if policy.base else timedelta()
    return policy.floor + fraction * max(longest - policy.floor, timedelta())
