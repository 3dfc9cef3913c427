"""Names of places and bodies as they were at their time."""

from dataclasses import dataclass
from typing import Any

import yaml
from sqlalchemy import text
from sqlmodel import Session

from models.queries.scope import plain_row
from models.shipped import REFERENCE
from states.eligibility import Place, PlaceKind
from states.refusal import Refused
from states.vocabulary import Authority


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Every administrative unit by its id, and who took over which: a few hundred rows, read once per command."""

    units: dict[int, dict[str, Any]]
    successors: dict[int, list[int]]

    def name(self, place_id: int | None, *, on: str | None = None) -> str | None:
        """The full name with the units around it, and what it is today when it no longer exists.

        `on` (ISO date) is the day from which one looks: nothing that came later is told.
        """
        if place_id is None:
            return None
        unit = self.units[place_id]
        names = self._full(place_id)
        if unit["valid_to"] is None or (on is not None and on <= unit["valid_to"]):
            return names
        heirs = self.heirs(place_id, on=on)
        today = " hoặc ".join(self._short(heir) for heir in heirs)
        # A province that took over one of the same name is told once.
        is_same = [self._full(heir) for heir in heirs] == [names]
        return f"{names} (nay: {today})" if today and not is_same else names

    def on_paper(self, place_id: int | None, on: str) -> str | None:
        """The full name as a paper of a day (ISO) has it; None where that day knew no such unit.

        Of a unit that was split before that day nobody knows the right successor: "…" stands there, for the hand.
        """
        if place_id is None or (self.units[place_id]["valid_from"] or "") > on:
            return None
        until = self.units[place_id]["valid_to"]
        if until is not None and until < on and len(self.heirs(place_id, on=on)) > 1:
            return f"{self._full(place_id)} (nay: …)"
        return self.name(place_id, on=on)

    def around(self, place_id: int) -> list[dict[str, Any]]:
        """The unit and those it lies in, the smallest first."""
        unit = self.units[place_id]
        return [unit, *(self.around(unit["parent_id"]) if unit["parent_id"] else ())]

    def heirs(self, place_id: int, *, on: str | None = None) -> list[int]:
        """The units of today, or of a day (ISO), that took it over; a successor may itself have been united again."""
        found: dict[int, None] = {}
        for successor in self.successors.get(place_id, ()):
            until = self.units[successor]["valid_to"]
            is_over = until is not None and (on is None or until < on)
            later = self.heirs(successor, on=on) if is_over else [successor]
            found |= dict.fromkeys(later)
        return list(found)

    def _full(self, place_id: int) -> str:
        return ", ".join(f"{part['kind']} {part['name']}" for part in self.around(place_id))

    def _short(self, place_id: int) -> str:
        return f"{self.units[place_id]['kind']} {self.units[place_id]['name']}"


def gazetteer(session: Session) -> Gazetteer:
    """Every administrative unit of this database; kept until one changes, because reading them takes milliseconds."""
    version = session.connection().execute(_VERSION).scalar()
    key = str(session.get_bind().engine.url)
    known = _KNOWN.get(key)
    if version is None or known is None or known[0] != version:
        known = _KNOWN[key] = (version, _read(session))
    return known[1]


#: One per database of this process, with the hash of the newest event behind it; nobody changes what it holds.
_KNOWN: dict[str, tuple[str | None, Gazetteer]] = {}
_VERSION = text("SELECT hash FROM event WHERE id = (SELECT max(last_event_id) FROM place)")


def _read(session: Session) -> Gazetteer:
    units = {row["id"]: plain_row(row) for row in session.connection().execute(_UNITS).mappings()}
    successors: dict[int, list[int]] = {}
    for row in session.connection().execute(_SUCCESSORS):
        successors.setdefault(row.place_id, []).append(row.successor_id)
    return Gazetteer(units, successors)


_UNITS = text("SELECT id, code, name, kind, level, parent_id, valid_from, valid_to, basis, verified FROM place")
_SUCCESSORS = text("SELECT place_id, successor_id FROM place_successor ORDER BY event_id, line")


def shipped_gazetteer() -> Gazetteer:
    """The units of the reference file, for questions that are asked without a register."""
    listed = yaml.safe_load((REFERENCE / "places.yaml").read_text(encoding="utf-8"))["units"]
    ids = {unit["code"]: number for number, unit in enumerate(listed, start=1)}
    kept = ("code", "name", "kind", "level", "valid_from", "valid_to", "basis", "verified")
    units = {
        ids[unit["code"]]: plain_row({name: unit[name] for name in kept})
        | {"id": ids[unit["code"]], "parent_id": unit["parent"] and ids[unit["parent"]]}
        for unit in listed
    }
    return Gazetteer(units, {ids[unit["code"]]: [ids[heir] for heir in unit["successors"]] for unit in listed})


def beneficiary_place(
    session: Session | None, code: str, *, city_grade: int | None = None, craft_village: bool | None = None
) -> tuple[str, Place]:
    """The full name of a place, and what of it decides whether support may go there.

    Without a session the shipped units are asked. `city_grade` and `craft_village` are not on record and have to
    be told. Raises Refused for an unknown code.
    """
    places = gazetteer(session) if session is not None else shipped_gazetteer()
    found = next((place_id for place_id, unit in places.units.items() if unit["code"] == code), None)
    if found is None:
        raise Refused(f"Không có đơn vị hành chính «{code}»; hãy tìm bằng dean place list --words TÊN.")
    kinds = {unit["level"]: PlaceKind(unit["kind"]) for unit in places.around(found)}
    place = Place(
        kind=PlaceKind(places.units[found]["kind"]),
        province=kinds["province"],
        district=kinds.get("district"),
        city_grade=city_grade,
        craft_village=craft_village,
    )
    return places.name(found) or code, place


@dataclass(frozen=True, slots=True)
class Bodies:
    """Which body stood behind an authority on which day."""

    rows: tuple[dict[str, Any], ...]

    def name(self, authority: str | None, on: str, unit_name: str) -> str | None:
        """The body's name on a day (ISO). A unit decides under its own name, there are several of them."""
        if authority is None:
            return None
        if authority == Authority.UNIT:
            return unit_name
        for body in self.rows:
            since, until = body["valid_from"] or "", body["valid_to"] or "9999"
            if body["authority"] == authority and since <= on <= until:
                return str(body["name"])
        return Authority(authority).label


def bodies(session: Session) -> Bodies:
    return Bodies(tuple(plain_row(row) for row in session.connection().execute(_BODIES).mappings()))


_BODIES = text("SELECT authority, name, valid_from, valid_to FROM body ORDER BY id")
