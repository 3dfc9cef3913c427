"""The names of the register for `states.imports`: programmes, units, places, beneficiaries."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlmodel import Session

from models.loading import day_of
from models.queries.places import Gazetteer, gazetteer
from models.statement import Statement
from states.imports.known import Known, PlaceName, ProgrammeNames


def known_names(session: Session) -> Known:
    """Everything that the cells of a workbook may name."""
    by_tax: dict[str, int] = {}
    by_name: defaultdict[str, list[int]] = defaultdict(list)
    names: dict[int, str] = {}
    for row in _BENEFICIARIES.rows(session):
        names[row.id] = row.name
        by_name[row.folded_name].append(row.id)
        if row.tax_code:
            by_tax[row.tax_code] = row.id
    places = gazetteer(session)
    return Known(
        programmes=_programmes(session),
        units={row.code: row.name for row in _UNITS.rows(session)},
        places=tuple(_place(places, unit) for unit in places.units.values()),
        by_tax=by_tax,
        by_name={name: tuple(ids) for name, ids in by_name.items()},
        beneficiaries=names,
    )


_BENEFICIARIES = Statement("SELECT id, name, folded_name, tax_code FROM beneficiary ORDER BY id")
_UNITS = Statement("SELECT code, name FROM unit WHERE executes = 1 AND active = 1 ORDER BY id")


def _programmes(session: Session) -> dict[str, ProgrammeNames]:
    contents: defaultdict[int, dict[int, str]] = defaultdict(dict)
    targets: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for row in _CONTENTS.rows(session):
        contents[row.programme_id][row.no] = row.name
    for row in _TARGETS.rows(session):
        targets[row.programme_id][row.code] = row.name
    return {
        row.code: ProgrammeNames(row.code, row.start_year, row.end_year, contents[row.id], targets[row.id])
        for row in _PROGRAMMES.rows(session)
    }


_PROGRAMMES = Statement("SELECT id, code, start_year, end_year FROM programme ORDER BY start_year, code")
_CONTENTS = Statement("SELECT programme_id, no, name FROM content ORDER BY programme_id, no")
_TARGETS = Statement("SELECT programme_id, code, name FROM target ORDER BY programme_id, code")


def _place(places: Gazetteer, unit: dict[str, Any]) -> PlaceName:
    around = [(part["kind"], part["name"]) for part in places.around(unit["id"])]
    return PlaceName(
        id=unit["id"],
        code=unit["code"],
        kind=unit["kind"],
        name=unit["name"],
        full=places.name(unit["id"]) or unit["name"],
        around=tuple(around[1:]),
        valid_from=_day(unit["valid_from"]),
        valid_to=_day(unit["valid_to"]),
        heirs=tuple(places.name(heir) or "" for heir in places.heirs(unit["id"])) if unit["valid_to"] else (),
    )


def _day(value: Any) -> date | None:
    return day_of(value) if value else None
