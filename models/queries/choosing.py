"""What the forms of a project let people choose from: programmes with contents and targets, units, places, people."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.queries.places import gazetteer
from models.queries.scope import Where, plain_row
from states.folding import sort_key


def programme_choices(session: Session) -> list[dict[str, Any]]:
    """Every programme, the latest first."""
    rows = session.connection().execute(_PROGRAMMES).mappings()
    return [plain_row(row) for row in rows]


def content_choices(session: Session, programme: str) -> list[dict[str, Any]]:
    """The contents of a programme in their order."""
    return [plain_row(row) for row in session.connection().execute(_CONTENTS, {"code": programme}).mappings()]


def target_choices(session: Session, programme: str) -> list[dict[str, Any]]:
    """The targets of a programme in the order of the programme, each with its content."""
    return [plain_row(row) for row in session.connection().execute(_TARGETS, {"code": programme}).mappings()]


def unit_choices(session: Session) -> list[dict[str, Any]]:
    """The units that carry projects out."""
    return [plain_row(row) for row in session.connection().execute(_UNITS).mappings()]


_PROGRAMMES = text("SELECT code, name, prefix, start_year, end_year FROM programme ORDER BY start_year DESC, code")
_CONTENTS = text("""
    SELECT c.no, c.name FROM content AS c JOIN programme AS g ON g.id = c.programme_id
    WHERE g.code = :code ORDER BY c.no""")
_TARGETS = text("""
    SELECT t.code, t.name, t.unit, t.content_no FROM target AS t JOIN programme AS g ON g.id = t.programme_id
    WHERE g.code = :code ORDER BY t.content_no, t.line""")
_UNITS = text("SELECT code, name FROM unit WHERE executes = 1 AND active = 1 ORDER BY id")


def place_choices(session: Session, *, on: date, also: str | None = None) -> list[dict[str, str]]:
    """Places that exist on a day, by their names; `also` keeps the place that is chosen already, though it is gone."""
    names, day = gazetteer(session), on.isoformat()
    known = [
        {"code": str(unit["code"]), "name": names.name(number, on=day) or str(unit["name"])}
        for number, unit in names.units.items()
        if unit["code"] == also or (unit["valid_from"] or "") <= day <= (unit["valid_to"] or "9999")
    ]
    return sorted(known, key=lambda row: sort_key(row["name"]))


def beneficiaries_by_id(session: Session, ids: Iterable[int]) -> list[dict[str, Any]]:
    """Beneficiaries by their numbers, in the order in which they are named."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    where, names = Where(), gazetteer(session)
    where.add("b.id IN :ids", ids=wanted)
    found = {row["id"]: row for row in where.rows(session, _BENEFICIARIES)}
    return [{**found[number], "place": names.name(found[number]["place_id"])} for number in wanted if number in found]


_BENEFICIARIES = "SELECT b.id, b.name, b.kind, b.tax_code, b.place_id FROM beneficiary AS b WHERE {where}"
