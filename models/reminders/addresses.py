"""Where people are reached on each channel, and which of these places proved wrong.

E-mail and phone are contact data, edited with the person; the ids that a provider gave stand in the table `address`.
None of them is evidence: no event carries them, no sentence here repeats them, and they may be erased.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlmodel import Session

from models.columns import instant_text
from models.queries.scope import Where
from models.statement import Statement
from states.folding import clean_line
from states.posting import Channel
from states.refusal import Refused

#: Channels that use what the contact of a person says: the column of `contact`. The office's gateway is addressed
#: by number, as ZNS is.
_OF_CONTACT = {Channel.EMAIL: "email", Channel.ZALOZNS: "phone", Channel.WEBHOOK: "phone"}
#: Channels whose provider knows a person by an id that only linking tells.
LINKED = (Channel.ZALOBOT, Channel.ZALOOA)
_LONGEST_PROBLEM = 200
#: How many values go into one statement.
_CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is reached on a channel, since when, and what was wrong with it; empty: nothing."""

    channel: Channel
    address: str = field(repr=False)
    linked_at: datetime | None = None
    problem: str = ""
    problem_at: datetime | None = None


def reach(session: Session, people: Collection[int]) -> dict[int, dict[Channel, str]]:
    """The usable addresses of people by id: places with a problem are left out, and so are people without any."""
    found = places(session, people)
    usable = {
        person: {place.channel: place.address for place in known if not place.problem}
        for person, known in found.items()
    }
    return {person: ways for person, ways in usable.items() if ways}


def places(session: Session, people: Collection[int]) -> dict[int, list[Place]]:
    """Every place of people by id, those with a problem too, in the order of the channels."""
    contacts = {row["person_id"]: row for row in _select(session, _CONTACTS, people)}
    known = {(row["person_id"], Channel(row["channel"])): row for row in _select(session, _ADDRESSES, people)}
    found: dict[int, list[Place]] = {}
    for person in people:
        each = (_place(channel, contacts.get(person, {}), known.get((person, channel))) for channel in Channel)
        found[person] = [place for place in each if place is not None]
    return found


def _select(session: Session, sql: str, people: Iterable[int]) -> list[dict[str, Any]]:
    listed, found = sorted(people), []
    for start in range(0, len(listed), _CHUNK):
        where = Where()
        where.add("person_id IN :people", people=listed[start : start + _CHUNK])
        found += where.rows(session, sql)
    return found


_CONTACTS = "SELECT person_id, email, phone FROM contact WHERE {where}"
_ADDRESSES = "SELECT person_id, channel, address, linked_at, problem, problem_at FROM address WHERE {where}"


def _place(channel: Channel, contact: Mapping[str, Any], row: Mapping[str, Any] | None) -> Place | None:
    column = _OF_CONTACT.get(channel)
    said = contact.get(column, "") if column else ""
    if column and not said:
        return None
    if row is None or (column and row["address"] != _mark(contact["person_id"], said)):
        # What was wrong with an address that has been replaced says nothing of the new one.
        return Place(channel, said) if column else None
    return Place(
        channel, said or row["address"], _instant(row["linked_at"]), row["problem"], _instant(row["problem_at"])
    )


def _mark(person_id: int, said: str) -> str:
    """What stands in `address` for contact data, so that they stay in one table; people may share a mailbox."""
    return f"contact:{person_id}:{sha256(said.encode()).hexdigest()[:16]}"


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def link(session: Session, person_id: int, channel: Channel, address: str, *, at: datetime) -> None:
    """Keep the id by which a provider knows a person; a new one takes the place of the old one.

    Raises Refused when another person is reached there.
    """
    if channel not in LINKED:
        raise Refused(f"{channel.label} dùng liên hệ của người dùng; hãy sửa bằng dean user edit.")
    if owner_of(session, channel, address) not in (None, person_id):
        raise Refused(
            "Tài khoản này đang nhận nhắc việc của một người khác; hãy nhờ quản trị gỡ liên kết cũ "
            "(dean zalo unlink) rồi gửi lại mã."
        )
    _put(session, person_id, channel, clean_line(address, "Tài khoản Zalo"), at, "", None)


def owner_of(session: Session, channel: Channel, address: str) -> int | None:
    """The id of the person who is reached there."""
    found = _OWNER.rows(session, channel=str(channel), address=address)
    return found[0].person_id if found else None


_OWNER = Statement("SELECT person_id FROM address WHERE channel = :channel AND address = :address")


def unlink(session: Session, person_id: int, channel: Channel) -> bool:
    """Forget where a person is reached on a channel, and say whether there was anything to forget."""
    return bool(_FORGET.rows(session, person=person_id, channel=str(channel)))


_FORGET = Statement("DELETE FROM address WHERE person_id = :person AND channel = :channel RETURNING person_id")


def mark_problem(session: Session, person_id: int, channel: Channel, problem: str, *, at: datetime) -> None:
    """Remember that nobody is reached there, so that other ways are used until it is put right.

    `problem` is the sentence of the delivery, which holds no address. Where the person has no place on this
    channel (any more) there is nothing to remember.
    """
    place = next((one for one in places(session, [person_id])[person_id] if one.channel is channel), None)
    if place is None:
        return
    stored = _mark(person_id, place.address) if channel in _OF_CONTACT else place.address
    _put(session, person_id, channel, stored, place.linked_at or at, problem[:_LONGEST_PROBLEM] or "?", at)


def clear_problem(session: Session, person_id: int, channel: Channel) -> bool:
    """Use a place again, and say whether there was a problem."""
    return bool(_CLEAR.rows(session, person=person_id, channel=str(channel)))


def use_again(session: Session, person_id: int, *, email: bool, phone: bool) -> None:
    """Try an address again that somebody typed just now, also where it is the one that proved wrong."""
    typed = ((email, (Channel.EMAIL,)), (phone, (Channel.ZALOZNS, Channel.WEBHOOK)))
    for channel in (channel for is_typed, channels in typed if is_typed for channel in channels):
        clear_problem(session, person_id, channel)


_CLEAR = Statement(
    "UPDATE address SET problem = '', problem_at = NULL "
    "WHERE person_id = :person AND channel = :channel AND problem <> '' RETURNING person_id"
)


def _put(
    session: Session,
    person_id: int,
    channel: Channel,
    stored: str,
    linked_at: datetime,
    problem: str,
    problem_at: datetime | None,
) -> None:
    _PUT.run(
        session,
        [
            {
                "person": person_id,
                "channel": str(channel),
                "address": stored,
                "linked_at": instant_text(linked_at),
                "problem": problem,
                "problem_at": instant_text(problem_at) if problem_at else None,
            }
        ],
    )


_PUT = Statement("""
    INSERT INTO address (person_id, channel, address, linked_at, problem, problem_at)
    VALUES (:person, :channel, :address, :linked_at, :problem, :problem_at)
    ON CONFLICT (person_id, channel) DO UPDATE SET address = excluded.address, linked_at = excluded.linked_at,
        problem = excluded.problem, problem_at = excluded.problem_at""")
