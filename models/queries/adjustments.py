"""Adjustment requests as people read them: the old value beside the new one, who decides, what was decided."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import bindparam, text
from sqlmodel import Session

from models.adjusting import requests_of
from models.queries.histories import FIELD_LABELS
from models.queries.places import Gazetteer, gazetteer
from models.queries.scope import project_id_of
from states.adjustments import adjustment_authority
from states.facts import Person
from states.judge import out_of_scope
from states.vocabulary import RequestStatus, Route, Source


def adjustments(
    session: Session, *, code: str | None = None, only_open: bool = False, reader: Person | None = None
) -> list[dict[str, Any]]:
    """The requests of one project or of all that the reader may see, newest first.

    Each of its `changes` holds the old, the new and, after a decision in its favour, the granted value; amounts are
    in đồng. Raises Refused for a project that the reader may not see.
    """
    if code is not None:
        project_id_of(session, code, reader)
    found = requests_of(session, code, only_open=only_open)
    seen = [row for row in found if reader is None or not out_of_scope(reader, row["unit_id"], row["place_id"])]
    names = _Names(session, seen)
    return [_shown(row, names) for row in seen]


class _Names:
    """The names that the values of requests stand for, read once for a list."""

    def __init__(self, session: Session, rows: list[dict[str, Any]]) -> None:
        self.places: Gazetteer = gazetteer(session)
        ids = {who for row in rows for side in ("asked", "was") for who in row[side].get("beneficiaries") or ()}
        found = session.connection().execute(_NAMES, {"ids": sorted(ids)}) if ids else ()
        self.beneficiaries = {row.id: row.name for row in found}

    def of(self, ids: list[int]) -> str:
        return "; ".join(f"số {who}: {self.beneficiaries[who]}" for who in ids)

    def said(self, column: str, value: Any) -> Any:
        return self.places.name(value) if column == "place_id" else value


_NAMES = text("SELECT id, name FROM beneficiary WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))


def _shown(row: dict[str, Any], names: _Names) -> dict[str, Any]:
    route, status = Route(row["route"]), row["status"]
    rule = adjustment_authority(route, row["kinds"])
    return {
        **{name: row[name] for name in ("project", "name", "number", "reason", "kinds", "kind_labels")},
        "route": str(route),
        "status": str(status),
        "status_label": status.label,
        "requested_on": _iso(row["requested_on"]),
        "authority": str(row["authority"]),
        "authority_label": row["authority"].label,
        "basis": rule.basis,
        "changes": _changes(row, names),
        "confirmed": _paper(row["confirmed"]),
        "decision": _paper(row["decision"]),
    }


def _paper(paper: dict[str, Any]) -> dict[str, Any] | None:
    """A paper as plain values; nothing while it does not exist."""
    return None if paper["on"] is None else paper | {"on": _iso(paper["on"])}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _changes(row: dict[str, Any], names: _Names) -> list[dict[str, Any]]:
    """What shall become of what, in the order of the form."""
    return [
        {"field": field, "label": label, "old": old, "new": new, "granted": _granted(row, field, new)}
        for field, label, old, new in _asked(row["asked"], row["was"], names)
    ]


def _asked(asked: dict[str, Any], was: dict[str, Any], names: _Names) -> Iterator[tuple[str, str, Any, Any]]:
    for source, new in asked.get("amounts", {}).items():
        yield source, f"{Source(source).label} (đồng)", was["amounts"][source], new
    for target, new in asked.get("targets", {}).items():
        yield target, f"Chỉ tiêu {target}", was["targets"][target], new
    for column, new in asked.get("columns", {}).items():
        yield column, FIELD_LABELS[column], names.said(column, was["columns"][column]), names.said(column, new)
    if "beneficiaries" in asked:
        yield (
            "beneficiaries",
            FIELD_LABELS["beneficiaries"],
            names.of(was["beneficiaries"]),
            names.of(asked["beneficiaries"]),
        )
    if asked.get("next_year"):
        yield "work_year", "Năm thực hiện", "năm ngân sách này", "năm ngân sách sau"


def _granted(row: dict[str, Any], field: str, new: Any) -> Any:
    """What a decision in favour gave: an amount may be another one than asked for, all else is as asked."""
    if row["status"] is not RequestStatus.APPROVED:
        return None
    return row["granted"].get("amounts", {}).get(field, new)
