"""Events to subscribers, on the way of the letters: written before they leave, held by one worker, tried again."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from flows.jobs.settings import Settings
from models.desk.webhooks import add_hook, hook_of, read_hook_url
from models.reminders.handover import Ended, Held
from models.reminders.links import secret_key
from models.store import Session, Store
from notifications.events import post_event
from notifications.outcome import Outcome
from notifications.targets import Allowed, BadTarget, checked
from states.facts import Person
from states.refusal import Refused

#: Seconds that looking up a name may take while a person waits for the form.
LOOKED_UP_WITHIN = 3.0


def subscribe(
    writing: Callable[[], AbstractContextManager[Session]],
    settings: Settings,
    *,
    name: str,
    url: str,
    topics: Iterable[str],
    by: Person,
    at: datetime,
) -> tuple[int, str]:
    """Subscribe an address to what happens from now on; answers its number and the secret, shown this once.

    Raises Refused as `add_hook` does, and for an address in a network that the settings do not allow. A name that
    leads nowhere yet is taken: it is judged again before each delivery.
    """
    parts = urlsplit(read_hook_url(url))
    try:
        # Before the transaction: nobody waits for the register while a name is looked up.
        checked(parts.hostname or "", parts.port or 443, _allowed(settings), seconds=LOOKED_UP_WITHIN)
    except BadTarget as refused:
        raise Refused(str(refused)) from refused
    except OSError:
        pass
    key = secret_key(settings.secret_key_path)
    with writing() as session:
        return add_hook(session, key, name=name, url=url, topics=topics, by=by, at=at)


def _allowed(settings: Settings) -> Allowed:
    return Allowed.read(settings.webhook_private)


def hand_over_event(store: Store, settings: Settings, held: Held, *, at: datetime, mode: str) -> Ended:
    """Post the event of one row once; one whose subscription has ended meanwhile is given up."""
    with store.read() as session:
        hook = hook_of(session, held.key, secret_key(settings.secret_key_path))
    if hook is None:
        return Ended(outcome=Outcome.PERMANENT, mode=mode, detail="Webhook đã tắt.")
    sent: dict[str, Any] = {"key": held.key, "body": held.body.encode(), "timestamp": int(at.timestamp())}
    found = post_event(hook.url, hook.secret, allowed=_allowed(settings), **sent)
    return Ended(outcome=str(found.outcome), mode=mode, code=found.code or "", detail=found.detail)
