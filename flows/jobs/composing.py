"""From what is owed to letters: the outbox keeps plain values, and the words are written when a letter leaves.

The same row always gives the same letter, so a second handing over is the first one again, byte for byte.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from pydantic import TypeAdapter

from models.reminders.gathering import Owed
from models.reminders.handover import Held
from notifications.letters.notices import write_operator_alert, write_test
from notifications.letters.page import Letter
from notifications.letters.reminders import write_digest, write_escalation, write_urgent
from notifications.letters.values import Alert, Cover, Digest, Escalated, Item, Mentioned, Told, Trouble, Waiting
from notifications.letters.zalo import write_zalo, write_zalo_item
from notifications.message import Message
from states import posting
from states.facts import OFFICE_TIME
from states.posting import Channel
from states.reminding import short_id

#: Raised when the form of the stored values changes; old rows keep theirs.
FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One reminder in a letter, and for whom a stand-in reads it."""

    owed: Owed
    stand_in_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A remark that mentions the reader, or the colleague in whose place they read."""

    code: str
    name: str
    author: str
    words: str
    on: date
    stand_in_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the outbox keeps of a letter about reminders."""

    form: int = FORM
    on: date
    entries: tuple[Entry, ...]
    remarks: tuple[Remark, ...] = ()


class Links(Protocol):
    """Where the links of a letter lead; the same letter always gets the same ones."""

    def project(self, code: str) -> str: ...

    def answer(self, outbox_key: str, person: str, about: str, *, snooze: bool, made_at: datetime) -> str: ...

    def settings(self, outbox_key: str, person: str, made_at: datetime) -> str: ...

    def leave(self, outbox_key: str, person: str, channel: str, made_at: datetime) -> str: ...


_STORED: TypeAdapter[Stored] = TypeAdapter(Stored)


def stored(entries: Sequence[Entry], remarks: Sequence[Remark] = (), *, on: date) -> str:
    """The values of a letter as text for its row."""
    return _STORED.dump_json(Stored(on=on, entries=tuple(entries), remarks=tuple(remarks))).decode()


def subject_of(letter: posting.Letter, entries: Sequence[Entry], *, on: date) -> str:
    """What lists of letters show: how many tasks, of which kind. The letter itself words its own."""
    several = f"{len(entries)} việc" if len(entries) > 1 else entries[0].owed.task if entries else "ý kiến nhắc tới"
    return (
        f"{letter.label} {on:%d/%m/%Y}: {several}" if letter is posting.Letter.DIGEST else f"{letter.label}: {several}"
    )


# --- the words ----------------------------------------------------------------------------------------


def message_of(held: Held, address: str, links: Links, *, office_name: str, mark: str = "") -> Message:
    """Write the letter of a row for the channel that carries it. Raises BadMessage for what cannot be addressed.

    `mark` stands before the subject of a letter that goes to another mailbox than its reader's; such a letter is an
    e-mail whatever its channel.
    """
    if held.channel is Channel.EMAIL or mark:
        letter = _letter(held, links, office_name)
        letter = replace(letter, subject=f"{mark}{letter.subject}")
        return letter.addressed(key=held.key, to_address=address, to_name=held.name, created_at=held.made_at)
    text, values = _short(held, links, office_name)
    subject = text.partition("\n")[0]
    return Message(
        key=held.key,
        to_address=address,
        to_name=held.name,
        subject=subject,
        text=text,
        template_values=values,
        created_at=held.made_at,
    )


def _letter(held: Held, links: Links, office_name: str) -> Letter:
    if held.letter is posting.Letter.OPERATOR:
        return write_operator_alert(_alert(held.body), _cover(held, links, office_name, _day(held.made_at)))
    if held.letter is posting.Letter.TEST:
        return write_test(_cover(held, links, office_name, _day(held.made_at)), held.channel.label)
    found = _STORED.validate_json(held.body)
    cover = _cover(held, links, office_name, found.on)
    if held.letter is posting.Letter.ESCALATION:
        return write_escalation(tuple(_case(held, each, links) for each in found.entries), cover)
    items = tuple(_task(held, each, links) for each in found.entries)
    if held.letter is posting.Letter.URGENT:
        return write_urgent(items[0], cover)
    return write_digest(_digest(cover, items, _mentioned(found.remarks, links)))


def _short(held: Held, links: Links, office_name: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text for a messenger, and the values for a template that its provider keeps."""
    if held.letter is posting.Letter.EVENT:
        return f"{held.subject}\n{held.body}", ()
    if held.letter in (posting.Letter.OPERATOR, posting.Letter.TEST):
        letter = _letter(held, links, office_name)
        return f"{letter.subject}\n{letter.text}", (("subject", letter.subject),)
    found = _STORED.validate_json(held.body)
    items = tuple(_task(held, each, links) for each in found.entries)
    remarks = _mentioned(found.remarks, links)
    if items:
        first = items[0]
        code, task, due = first.code, first.task, first.rolled_on if isinstance(first, Item) else first.since
    else:
        code, task, due = remarks[0].code, "Ý kiến nhắc tới", remarks[0].on
    values = (
        ("count", str(len(items) or len(remarks))),
        ("code", code),
        ("task", task),
        ("due", f"{due:%d/%m/%Y}"),
    )
    if held.letter is posting.Letter.URGENT:
        return write_zalo_item(items[0], on=found.on), values
    return write_zalo(_digest(_cover(held, links, office_name, found.on), items, remarks)), values


def _mentioned(remarks: Sequence[Remark], links: Links) -> tuple[Mentioned, ...]:
    return tuple(
        Mentioned(
            code=one.code,
            name=one.name,
            author=one.author,
            words=one.words,
            on=one.on,
            link=f"{links.project(one.code)}#remarks",
            stand_in_for=one.stand_in_for,
        )
        for one in remarks
    )


def _digest(cover: Cover, items: tuple[Item | Waiting, ...], mentions: tuple[Mentioned, ...] = ()) -> Digest:
    return Digest(
        to_name=cover.to_name,
        on=cover.on,
        office_name=cover.office_name,
        settings_link=cover.settings_link,
        unsubscribe_link=cover.unsubscribe_link,
        created_at=cover.created_at,
        items=items,
        mentions=mentions,
    )


def _cover(held: Held, links: Links, office_name: str, on: date) -> Cover:
    named = (held.key, held.person)
    return Cover(
        to_name=held.name,
        on=on,
        office_name=office_name,
        settings_link=links.settings(*named, held.made_at) if held.person else None,
        unsubscribe_link=links.leave(*named, str(held.channel), held.made_at) if held.person else None,
        created_at=held.made_at,
    )


def _task(held: Held, entry: Entry, links: Links) -> Item | Waiting:
    owed = entry.owed
    common: dict[str, Any] = {
        "obligation_id": short_id(owed.key),
        "ordinal": owed.ordinal,
        "code": owed.code,
        "name": owed.name,
        "task": owed.task,
        "why": owed.why,
        "link": links.project(owed.code),
        "acknowledge_link": links.answer(held.key, owed.person, owed.about, snooze=False, made_at=held.made_at),
        "snooze_link": links.answer(held.key, owed.person, owed.about, snooze=True, made_at=held.made_at),
        "stand_in_for": entry.stand_in_for,
    }
    if owed.rolled_on is None or owed.safe_on is None:
        assert owed.since is not None
        return Waiting(**common, since=owed.since, workdays=owed.workdays)
    return Item(
        **common,
        deadline_key=owed.series,
        sequence=owed.sequence,
        due_on=owed.printed_on or owed.rolled_on,
        rolled_on=owed.rolled_on,
        safe_on=owed.safe_on,
        workdays_left=owed.workdays,
        statutory=owed.statutory,
        provisional=owed.provisional,
        basis=owed.basis,
    )


def _case(held: Held, entry: Entry, links: Links) -> Escalated:
    item = _task(held, entry, links)
    assert isinstance(item, Item)
    return Escalated(
        # What is owed to a superior goes on until it is done: there is nothing to take note of.
        item=replace(item, acknowledge_link=None, snooze_link=None),
        owner_name=", ".join(entry.owed.owners) or "chưa nhắc ai",
        told=tuple(Told(on=one.on, channel=one.channel.label, arrived=one.arrived) for one in entry.owed.told),
        acknowledged_on=entry.owed.acknowledged_on,
    )


def alert_body(trouble: Trouble, name: str, since: datetime, count: int, detail: str = "", command: str = "") -> str:
    """The values of a letter to the operator."""
    told = {"trouble": str(trouble), "name": name, "since": since.isoformat(), "count": count}
    return json.dumps(told | {"detail": detail, "command": command}, ensure_ascii=False)


def _alert(body: str) -> Alert:
    told = json.loads(body)
    since = datetime.fromisoformat(told.pop("since")).astimezone(OFFICE_TIME)
    return Alert(trouble=Trouble(told.pop("trouble")), since=since, **told)


def _day(at: datetime) -> date:
    return at.astimezone(OFFICE_TIME).date()
