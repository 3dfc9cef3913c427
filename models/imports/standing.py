"""The projects that the rows of a file may be about, as they stand: read at once, within the reader's scope."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.loading import Loaded, load_projects
from models.queries.scope import Where, readable_by
from models.reminders.open_work import office_day
from states.facts import Person
from states.folding import sort_text
from states.lifecycle import ENDS
from states.vocabulary import Stage

_CHUNK = 5_000
#: `models.searching` keeps so much of a name's key.
_KEPT = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """A project of the register: its facts, its columns, and who is named in it."""

    loaded: Loaded
    row: dict[str, Any]
    unit: str
    beneficiaries: tuple[int, ...]


def standing_projects(session: Session, reader: Person, codes: Iterable[str]) -> dict[str, Standing]:
    """The projects of these codes that the reader may see."""
    wanted = sorted(set(codes))
    found: dict[str, Standing] = {}
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        where = readable_by(reader)
        where.add("p.code IN :codes", codes=some)
        rows = {row["code"]: row for row in where.rows(session, _ROWS)}
        loaded = load_projects(session, sorted(rows)) if rows else {}
        named = _named(session, sorted(rows))
        for code, row in rows.items():
            found[code] = Standing(loaded[code], row, row.pop("unit_code"), tuple(named[code]))
    return found


_ROWS = "SELECT p.*, u.code AS unit_code FROM project AS p JOIN unit AS u ON u.id = p.unit_id WHERE {where}"


def _named(session: Session, codes: Sequence[str]) -> defaultdict[str, list[int]]:
    named: defaultdict[str, list[int]] = defaultdict(list)
    if codes:
        where = Where()
        where.add("p.code IN :codes", codes=list(codes))
        for row in where.rows(session, _NAMED):
            named[row["code"]].append(row["beneficiary_id"])
    return named


_NAMED = """
    SELECT p.code, n.beneficiary_id, min(n.event_id) AS named_by, min(n.line) AS place
    FROM project_beneficiary AS n JOIN project AS p ON p.id = n.project_id WHERE {where}
    GROUP BY p.code, n.beneficiary_id HAVING sum(n.direction) > 0 ORDER BY p.code, named_by, place"""


def codes_by_name(session: Session, reader: Person, wanted: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Projects by the keys of their names: alike whatever the case and the place of the tone marks."""
    keys = sorted(set(wanted))
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for start in range(0, len(keys), _CHUNK):
        where = readable_by(reader)
        where.add("s.name_key IN :keys", keys=keys[start : start + _CHUNK])
        for row in where.rows(session, _ALIKE):
            found[row["name_key"]].append(row)
    return found


def name_key(name: str) -> str:
    return sort_text(name)[:_KEPT]


_ALIKE = """
    SELECT s.name_key, p.code, p.plan_year, u.code AS unit, g.code AS programme
    FROM project_search AS s JOIN project AS p ON p.id = s.project_id JOIN unit AS u ON u.id = p.unit_id
    JOIN programme AS g ON g.id = p.programme_id WHERE {where} ORDER BY p.code"""


def unit_of(session: Session, unit_id: int | None) -> str:
    """The code of a person's unit, empty for somebody without one."""
    where = Where()
    where.add("u.id = :id", id=unit_id or 0)
    rows = where.rows(session, "SELECT u.code FROM unit AS u WHERE {where}")
    return str(rows[0]["code"]) if rows else ""


def unit_ids(session: Session) -> dict[str, int]:
    return {row["code"]: row["id"] for row in Where().rows(session, "SELECT id, code FROM unit")}


def place_codes(session: Session) -> dict[int, str]:
    return {row["id"]: row["code"] for row in Where().rows(session, "SELECT id, code FROM place")}


def imported_before(session: Session, sha256: str) -> list[dict[str, Any]]:
    """When the very same file came in before, and through whom, the first time first."""
    where = Where()
    where.add("f.sha256 = :sha256", sha256=sha256)
    return [row | {"on": office_day(row["recorded_at"])} for row in where.rows(session, _BEFORE)]


_BEFORE = """
    SELECT f.id, f.file_name, f.sheet, f.opened, f.amended, f.unchanged, e.recorded_at, n.name AS by_name
    FROM import_file AS f JOIN event AS e ON e.id = f.id LEFT JOIN person AS n ON n.id = e.recorded_by
    WHERE {where} ORDER BY f.id"""


def codes_within(
    session: Session, reader: Person, *, area: Iterable[int] | None = None, unit_id: int | None = None
) -> list[str]:
    """The codes of the projects of some places or of a unit that are not over, in the order of codes."""
    where = readable_by(reader)
    where.add("p.stage NOT IN :ends", ends=[str(stage) for stage in (*ENDS, Stage.SETTLED)])
    if area is not None:
        where.add("p.place_id IN :area", area=sorted(area))
    if unit_id is not None:
        where.add("p.unit_id = :unit", unit=unit_id)
    return [row["code"] for row in where.rows(session, _CODES, most=_CHUNK)]


_CODES = "SELECT p.code FROM project AS p WHERE {where} ORDER BY p.code LIMIT :most"
