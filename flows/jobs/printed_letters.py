"""A letter as its reader gets it, for eyes that are not the reader's: without address, and without links that act."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from flows.jobs.composing import message_of
from flows.jobs.settings import Settings
from models.reminders.handover import Held
from notifications.mail import build
from notifications.message import BadMessage, Message
from notifications.outcome import BadChannel
from notifications.smtp_settings import SmtpSettings
from states.refusal import Refused

#: Stands for whatever is nobody else's business.
HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class HiddenLinks:
    """The links of a letter without their signatures: whoever reads the printout cannot act in the reader's name."""

    base_url: str

    def project(self, code: str) -> str:
        return f"{self.base_url}/projects/{quote(code)}"

    def answer(self, outbox_key: str, person: str, about: str, *, snooze: bool, made_at: datetime) -> str:
        return self._hidden

    def settings(self, outbox_key: str, person: str, made_at: datetime) -> str:
        return self._hidden

    def leave(self, outbox_key: str, person: str, channel: str, made_at: datetime) -> str:
        return self._hidden

    @property
    def _hidden(self) -> str:
        return f"{self.base_url}/l/{HIDDEN}"


def printed(held: Held, settings: Settings, office_name: str) -> Message:
    """Write a letter to be looked at. Raises Refused for one that could not be sent either."""
    links = HiddenLinks(settings.base_url.rstrip("/"))
    try:
        return message_of(held, f"{HIDDEN}@localhost", links, office_name=office_name)
    except BadMessage as bad:
        raise Refused(f"Thư số {held.id} không soạn được: {bad}") from None


def raw(message: Message, settings: Settings, office_name: str) -> str:
    """The mail with its headers as it goes over the wire; of the sender only the domain, which is in the Message-ID."""
    domain = "localhost"
    if settings.smtp_url is not None:
        try:
            domain = SmtpSettings.from_url(settings.smtp_url.get_secret_value()).sender_address.rpartition("@")[2]
        except BadChannel as wrong:
            raise Refused(str(wrong)) from None
    return build(message, sender_name=office_name, sender_address=f"{HIDDEN}@{domain}").decode("ascii")
