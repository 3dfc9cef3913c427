"""Load what a fresh register knows: administrative units and the bodies behind the authorities."""

from typing import Any

import yaml
from sqlmodel import Session

from models.append import Draft, Origin, append
from models.shipped import REFERENCE
from models.subjects import open_subjects, row_of
from states.actions import Entry
from states.folding import fold


def load_places(session: Session, origin: Origin) -> dict[str, int]:
    """Record every administrative unit, parents first, then who succeeded whom; returns ids by code."""
    listed = _read("places.yaml")
    units, bases = listed["units"], listed["bases"]
    ids: dict[str, int] = {}
    for level in ("province", "district", "commune"):
        rows = [unit for unit in units if unit["level"] == level]
        values = [_place(unit, bases, ids) for unit in rows]
        new = open_subjects(session, "place", values, origin)
        ids.update(zip((unit["code"] for unit in rows), new, strict=True))
    _load_successors(session, units, ids, origin)
    return ids


def _place(unit: dict[str, Any], bases: dict[str, str], ids: dict[str, int]) -> dict[str, Any]:
    return {
        "code": unit["code"],
        "name": unit["name"],
        "kind": unit["kind"],
        "level": unit["level"],
        "parent_id": ids[unit["parent"]] if unit["parent"] else None,
        "valid_from": unit["valid_from"],
        "valid_to": unit["valid_to"],
        "folded_name": fold(f"{unit['kind']} {unit['name']}"),
        "basis": bases.get(unit["basis"], unit["basis"]),
        "verified": int(unit["verified"]),
    }


def _load_successors(session: Session, units: list[dict[str, Any]], ids: dict[str, int], origin: Origin) -> None:
    drafts = []
    for unit in units:
        if not unit["successors"]:
            continue
        row = row_of(session, "place", ids[unit["code"]])
        lines = [
            {"place_id": row["id"], "successor_id": ids[successor], "verified": int(unit["verified"])}
            for successor in unit["successors"]
        ]
        drafts.append(
            Draft(
                "place",
                str(Entry.EDIT),
                row["id"],
                row["version"],
                row["previous"],
                lines={"place_successor": lines},
            )
        )
    append(session, drafts, origin)


def load_bodies(session: Session, places: dict[str, int], origin: Origin) -> None:
    """Record which body stood behind each authority at which time."""
    rows = [
        {
            "authority": body["authority"],
            "name": body["name"],
            "letters": body["letters"],
            "head": body["head"],
            "place_id": places[body["place"]] if body["place"] else None,
            "valid_from": body["valid_from"],
            "valid_to": body["valid_to"],
            "basis": body["basis"],
            "verified": int(body["verified"]),
        }
        for body in _read("bodies.yaml")["bodies"]
    ]
    open_subjects(session, "body", rows, origin)


def _read(name: str) -> Any:
    return yaml.safe_load((REFERENCE / name).read_text(encoding="utf-8"))
