"""The links in letters: where a project is read, and the signed ones by which its reader answers."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

from flows.jobs.settings import Settings
from models.reminders.links import Purpose, make_link, secret_key

#: How long a link works after its letter was written.
VALID = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SignedLinks:
    """Links under the office's own address, signed by the key beside the database."""

    base_url: str
    key: bytes = field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> "SignedLinks":
        return cls(settings.base_url.rstrip("/"), secret_key(settings.secret_key_path))

    def project(self, code: str) -> str:
        return f"{self.base_url}/projects/{quote(code)}"

    def answer(self, outbox_key: str, person: str, about: str, *, snooze: bool, made_at: datetime) -> str:
        purpose = Purpose.SNOOZE if snooze else Purpose.ACKNOWLEDGE
        return self._signed(purpose, outbox_key, person, about, made_at)

    def settings(self, outbox_key: str, person: str, made_at: datetime) -> str:
        return self._signed(Purpose.PREFERENCES, outbox_key, person, "", made_at)

    def leave(self, outbox_key: str, person: str, channel: str, made_at: datetime) -> str:
        return self._signed(Purpose.UNSUBSCRIBE, outbox_key, person, channel, made_at)

    def _signed(self, purpose: Purpose, letter: str, person: str, about: str, made_at: datetime) -> str:
        return make_link(
            self.key,
            self.base_url,
            purpose=purpose,
            person=person,
            about=about,
            letter=letter,
            expires_at=made_at + VALID,
        )


def project_link(settings: Settings, code: str) -> str:
    """Where a project is read, for pages that carry no signed link."""
    return f"{settings.base_url.rstrip('/')}/projects/{quote(code)}"
