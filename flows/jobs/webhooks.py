"""Events to subscribers, on the way of the letters: written before they leave, held by one worker, tried again."""

from datetime import datetime

from flows.jobs.settings import Settings
from models.desk.webhooks import hook_of
from models.reminders.handover import Ended, Held
from models.reminders.links import secret_key
from models.store import Store
from notifications.events import post_event
from notifications.outcome import Outcome


def hand_over_event(store: Store, settings: Settings, held: Held, *, at: datetime, mode: str) -> Ended:
    """Post the event of one row once; one whose subscription has ended meanwhile is given up."""
    with store.read() as session:
        hook = hook_of(session, held.key, secret_key(settings.secret_key_path))
    if hook is None:
        return Ended(outcome=Outcome.PERMANENT, mode=mode, detail="Webhook đã tắt.")
    found = post_event(hook.url, hook.secret, key=held.key, body=held.body.encode(), timestamp=int(at.timestamp()))
    return Ended(outcome=str(found.outcome), mode=mode, code=found.code or "", detail=found.detail)
