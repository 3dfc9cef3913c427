"""How each person wants to be told: over which channels, at once or in the morning, and who is in charge."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.append import Origin
from models.loading import load_person
from models.reminders.absences import ARRANGING, refuse_others_arranging
from models.statement import Statement
from models.subjects import change_subject, open_subject, row_of
from states.facts import Person
from states.posting import Channel
from states.refusal import Refused
from states.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person wants; these are the defaults of whoever said nothing.

    `channels` in their order: the first that has an address is used. `in_charge` makes a leader the supervisor.
    """

    channels: tuple[Channel, ...] = (Channel.EMAIL,)
    urgent_at_once: bool = True
    in_charge: bool = False

    def way(self, reached: Collection[Channel]) -> Channel | None:
        """The channel to use of those with an address: e-mail last even where nobody asked for it; None: no way."""
        return next((channel for channel in (*self.channels, Channel.EMAIL) if channel in reached), None)


def preferences(session: Session) -> dict[int, Wanted]:
    """What every person wants, by person id; the defaults for those who never said."""
    return {row.id: _wanted(row) for row in _PREFERENCES.rows(session)}


def preference_of(session: Session, person_id: int) -> Wanted:
    return _wanted(_PREFERENCE.one(session, id=person_id))


_SELECT = (
    "SELECT p.id, f.channels, f.urgent_at_once, f.in_charge FROM person AS p "
    "LEFT JOIN preference AS f ON f.person_id = p.id"
)
_PREFERENCES = Statement(f"{_SELECT} ORDER BY p.id")
_PREFERENCE = Statement(f"{_SELECT} WHERE p.id = :id")


def _wanted(row: Any) -> Wanted:
    if row.channels is None:
        return Wanted()
    channels = tuple(Channel(name) for name in row.channels.split())
    return Wanted(channels, bool(row.urgent_at_once), bool(row.in_charge))


def set_preference(
    session: Session,
    code: str,
    *,
    channels: Sequence[Channel] | None = None,
    urgent_at_once: bool | None = None,
    in_charge: bool | None = None,
    by: Person,
    origin: Origin,
    note: str = "",
) -> Wanted:
    """Change what is given and keep the rest, by an event. Raises Refused, also when nothing would change.

    Only a leader can be in charge, and only a leader or the administrator says who is.
    """
    person = load_person(session, code)
    refuse_others_arranging(by, person)
    # Two first answers of one person must not both open a row.
    row_of(session, "person", person.id, lock=True)
    was = preference_of(session, person.id)
    now = Wanted(
        was.channels if channels is None else _each_once(channels),
        was.urgent_at_once if urgent_at_once is None else urgent_at_once,
        was.in_charge if in_charge is None else in_charge,
    )
    if now.in_charge != was.in_charge:
        _refuse_charge(person, by, now.in_charge)
    if now == was:
        raise Refused(f"{person.name} đã nhận nhắc việc đúng như vậy; không có gì thay đổi.")
    _write(session, person.id, now, origin, note)
    return now


def _each_once(channels: Sequence[Channel]) -> tuple[Channel, ...]:
    if not channels:
        raise Refused("Chưa ghi kênh nào; hãy ghi ít nhất một kênh, ví dụ --channel email.")
    doubled = next((channel for channel in channels if list(channels).count(channel) > 1), None)
    if doubled is not None:
        raise Refused(f"Kênh {doubled.label} ghi hai lần; hãy giữ một lần.")
    return tuple(channels)


def _refuse_charge(person: Person, by: Person, in_charge: bool) -> None:
    if in_charge and person.role is not Role.LEADER:
        raise Refused(
            f"{person.name} ({person.role.label}) không phải lãnh đạo nên không phụ trách; hãy chọn lãnh đạo."
        )
    if by.role not in ARRANGING:
        wanted = ", ".join(role.label for role in ARRANGING)
        raise Refused(f"{by.name} không được đặt lãnh đạo phụ trách; cần: {wanted}.")


def _write(session: Session, person_id: int, wanted: Wanted, origin: Origin, note: str) -> None:
    values = {
        "channels": " ".join(wanted.channels),
        "urgent_at_once": int(wanted.urgent_at_once),
        "in_charge": int(wanted.in_charge),
    }
    known = _KNOWN.rows(session, id=person_id)
    if known:
        change_subject(session, "preference", known[0].id, values, origin, note=note)
    else:
        open_subject(session, "preference", {"person_id": person_id, **values}, origin, note=note)


_KNOWN = Statement("SELECT id FROM preference WHERE person_id = :id")
