"""Drain the outbox: take letters whose hour has come, hand them over, write down what became of each.

Any number of workers may do this at once, on one machine or many. Nothing is held in memory between the three steps:
a worker that dies leaves a lease that runs out, and its letter is handed over again by the next one: by e-mail under
the same Message-ID, and over a channel that has none by e-mail in its place.
"""

import os
import random
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flows.jobs.aftermath import settle
from flows.jobs.composing import message_of
from flows.jobs.links import SignedLinks
from flows.jobs.mistakes import raise_together
from flows.jobs.post_settings import Post, post_of
from flows.jobs.reminding import write_letters
from flows.jobs.settings import Settings
from flows.jobs.webhooks import hand_over_event
from models.desk.webhooks import write_next
from models.queries.places import bodies
from models.reminders.addresses import reach
from models.reminders.handover import LEASE, Ended, Held, claim, expire, ready, release
from models.reminders.sweep import cancel, one_at_a_time, pointless_in
from models.rulebook import rulebook
from models.store import Store
from notifications.message import BadMessage, recipient_address
from notifications.outcome import Delivery, Outcome
from notifications.post import deliver
from states.facts import OFFICE_TIME
from states.posting import Channel, Letter
from states.resending import Next
from states.sending_hours import next_open
from states.vocabulary import Authority

#: How many letters a worker takes at once: taking a few costs as much as taking these, and a worker that dies with
#: more of them keeps more people waiting for its lease to end.
BATCH = 50


@dataclass(slots=True)
class Delivered:
    """What a run did, by what became of each letter."""

    outcomes: dict[str, int] = field(default_factory=dict)
    expired: int = 0
    reason: str = ""

    @property
    def handed_over(self) -> int:
        return sum(self.outcomes.values())

    def count(self, outcome: str) -> None:
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    def as_json(self) -> dict[str, Any]:
        return {"outcomes": dict(sorted(self.outcomes.items())), "expired": self.expired, "reason": self.reason}


def drain(
    store: Store,
    settings: Settings,
    *,
    now: Callable[[], datetime],
    workers: int = 1,
    batch: int = BATCH,
    lease: timedelta = LEASE,
) -> Delivered:
    """Send until nothing is ready any more. `now` is the door's clock; where sending is off nothing leaves.

    Outside office hours reminders wait, however long ago their hour came. Letters whose time is over are given up
    first; what they owed is told by the next ones. A letter that our own mistake keeps from leaving waits for another
    attempt while the others leave; the mistake is raised at the end.
    """
    post, reason = post_of(settings, store, now)
    if post is None:
        return Delivered(reason=reason)
    done = Delivered()
    with store.write() as session:
        one_at_a_time(session)
        at = now()
        done.expired = expire(session, at=at)
        if done.expired:
            write_letters(session, as_of=at.astimezone(OFFICE_TIME).date(), at=at)
    desk = _Desk(store, settings, post, now, batch, lease, done)
    if workers == 1:
        desk.work(0)
    else:
        with ThreadPoolExecutor(workers) as pool:
            for future in [pool.submit(desk.work, place) for place in range(workers)]:
                future.result()
    raise_together("Lỗi của chương trình khi gửi thư", desk.bugs)
    return done


@dataclass(slots=True)
class _Desk:
    """What the workers of one process share."""

    store: Store
    settings: Settings
    post: Post
    now: Callable[[], datetime]
    batch: int
    lease: timedelta
    done: Delivered
    bugs: list[Exception] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self, place: int) -> None:
        worker = f"{socket.gethostname()}:{os.getpid()}:{place}"
        links = SignedLinks.of(self.settings)
        while taken := self._take(worker):
            held, reached, office_name = taken
            # A slow server must not outlast the lease: what is not begun by then goes back and is taken anew.
            enough = self.now() + self.lease / 2
            closed: set[Channel] = set()
            back = []
            for number, letter in enumerate(held):
                if letter.channel in closed or (number and self.now() >= enough):
                    back.append(letter)
                    continue
                ended = self._attempt(letter, reached, links, office_name)
                if self._settle(letter, ended, worker) in (Next.STOP_CHANNEL, Next.WAIT):
                    # Nine more wrong passwords would only lock the account.
                    closed.add(letter.channel)
            self._give_back(back, worker)

    def _take(self, worker: str) -> tuple[list[Held], Mapping[int, Mapping[Channel, str]], str] | None:
        """Take letters, after taking apart those that say what is no longer so."""
        at = self.now()
        today = at.astimezone(OFFICE_TIME).date()
        with self.store.write() as session:
            # Before any row is held: a sweep that waited for our rows while we wait for it would end in a deadlock.
            one_at_a_time(session)
            quiet = next_open(at, rulebook(session).calendar) != at
            if quiet:
                self.done.reason = "Ngoài giờ làm việc hoặc ngày nghỉ; thư nhắc việc chờ đến giờ mở cửa."
            pointless = pointless_in(session, ready(session, at=at, limit=self.batch, quiet=quiet), as_of=today)
            if pointless:
                cancel(session, pointless)
                write_letters(session, as_of=today, at=at)
            # A register that is only tried out, or rehearsed with, tells no other program anything.
            events = self.post.mode == "live"
            if events:
                write_next(session, at=at)
            how: dict[str, Any] = {"quiet": quiet, "events": events, "per_minute": self.post.per_minute}
            held = claim(session, worker, at=at, limit=self.batch, lease=self.lease, **how)
            people = [letter.person_id for letter in held if letter.person_id is not None]
            name = bodies(session).name(Authority.DEPARTMENT, today.isoformat(), "") or ""
            return (held, reach(session, people), name) if held else None

    def _attempt(
        self, held: Held, reached: Mapping[int, Mapping[Channel, str]], links: SignedLinks, office_name: str
    ) -> Ended:
        try:
            return self._hand_over(held, reached, links, office_name)
        except Exception as bug:
            # Raised by `drain` in the end: one letter that we cannot write must not keep back those behind it.
            with self.lock:
                self.bugs.append(bug)
            told = "Lỗi của chương trình khi gửi thư này; hãy báo người phát triển."
            return Ended(outcome=Outcome.UNKNOWN, mode=self.post.mode, code=type(bug).__name__, detail=told)

    def _hand_over(
        self, held: Held, reached: Mapping[int, Mapping[Channel, str]], links: SignedLinks, office_name: str
    ) -> Ended:
        """Hand one letter over; whatever happens is an end that can be written down."""
        if held.was_cut_off and not held.is_resendable:
            return Ended(outcome=Outcome.UNKNOWN, detail="Lần gửi trước bị ngắt giữa chừng; có thể đã đến nơi.")
        if held.letter is Letter.EVENT:
            return hand_over_event(self.store, self.settings, held, at=self.now(), mode=self.post.mode)
        own = "" if held.person_id is None else reached.get(held.person_id, {}).get(held.channel, "")
        way = self.post.way(held, own)
        if way.refused:
            return Ended(outcome=way.refused, mode=self.post.mode, detail=way.detail)
        try:
            recipient_address(way.address, "Địa chỉ người nhận")
        except BadMessage as refused:
            return Ended(outcome=Outcome.RECIPIENT, mode=self.post.mode, code="address", detail=str(refused))
        try:
            message = message_of(held, way.address, links, office_name=office_name, mark=way.mark)
        except BadMessage as refused:
            # Not the reader's fault: their address stays good.
            return Ended(outcome=Outcome.PERMANENT, mode=self.post.mode, code="message", detail=str(refused))
        delivery = deliver(message, way.url, way.tokens)
        return _ended(delivery, self.post.mode)

    def _settle(self, held: Held, ended: Ended, worker: str) -> Next | None:
        at, fraction = self.now(), random.random()
        with self.store.write() as session:
            following = settle(session, held, ended, self.settings, worker=worker, at=at, fraction=fraction)
        with self.lock:
            self.done.count(ended.outcome)
        return following

    def _give_back(self, letters: Sequence[Held], worker: str) -> None:
        if letters:
            with self.store.write() as session:
                for letter in letters:
                    release(session, letter, worker)


def _ended(delivery: Delivery, mode: str) -> Ended:
    return Ended(
        outcome=str(delivery.outcome),
        mode=mode,
        code=delivery.code or "",
        provider_id=delivery.provider_id or "",
        detail=delivery.detail,
    )
