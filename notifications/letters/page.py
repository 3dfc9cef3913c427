"""The parts of every letter; the text and the HTML are two printings of one Page, so they say the same."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notifications.message import Attachment, Message


class Tone(StrEnum):
    """How urgent a section looks; the value is the class in the template."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    CALM = "calm"


@dataclass(frozen=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True)
class Action:
    """A link: the label stands before the address in the text part, and on the button in HTML."""

    label: str
    href: str


@dataclass(frozen=True)
class Entry:
    """One task: its facts, its links, and the line by which support finds it (“Nhắc lần 2 – mã …”)."""

    title: str
    facts: tuple[Fact, ...]
    actions: tuple[Action, ...] = ()
    trace: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    tone: Tone
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """A whole letter before it is printed; each string is one line of plain text."""

    subject: str
    greeting: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...] = ()
    closing: tuple[str, ...] = ()
    office_name: str
    footer: tuple[Action, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What goes into a Message: the words, the files, and what its headers need to know.

    `references` are keys of the threads it belongs to; `unsubscribe` is an https link or None.
    """

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    references: tuple[str, ...] = ()
    unsubscribe: str | None = None

    def addressed(self, *, key: str, to_address: str, to_name: str, created_at: datetime) -> Message:
        """Make the message of one outbox row; raises BadMessage when the address or the name cannot be used."""
        return Message(
            key=key,
            to_address=to_address,
            to_name=to_name,
            subject=self.subject,
            text=self.text,
            html=self.html,
            attachments=self.attachments,
            references=self.references,
            unsubscribe=self.unsubscribe,
            created_at=created_at,
        )
