"""What the filters of a list let people choose from: read again only when it changed, for it is on every page."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from models.statement import Statement
from states.folding import sort_key


@dataclass(frozen=True, slots=True)
class Choices:
    """Programmes with the years and contents of each, the latest first; units; the communes of today by name."""

    version: str
    programmes: tuple[dict[str, Any], ...]
    contents: dict[str, tuple[tuple[int, str], ...]]
    units: tuple[tuple[str, str], ...]
    communes: tuple[tuple[str, str], ...]

    @property
    def years(self) -> list[int]:
        """Every plan year, the latest first."""
        return sorted(
            {year for g in self.programmes for year in range(g["start_year"], g["end_year"] + 1)}, reverse=True
        )

    def contents_of(self, programme: str | None, year: int | None) -> tuple[tuple[int, str], ...]:
        """The contents of a programme; without one of the year's, or of the latest."""
        of_year = (g["code"] for g in self.programmes if year and g["start_year"] <= year <= g["end_year"])
        wanted = (programme, *of_year, *(g["code"] for g in self.programmes))
        # The next programme may be known before its contents are.
        return next((self.contents[code] for code in wanted if code in self.contents), ())


def choices(session: Session) -> Choices:
    """What there is to choose from in this register."""
    version: str = _VERSION.one(session).version
    key = str(session.get_bind().engine.url)
    known = _KNOWN.get(key)
    if known is None or known.version != version:
        known = _KNOWN[key] = _read(session, version)
    return known


#: One per database of this process; an immutable value, so that threads may share it.
_KNOWN: dict[str, Choices] = {}
# The hash and not the number: an event that was taken back with its transaction gives its number to another one.
_VERSION = Statement("""
    SELECT hash AS version FROM event WHERE id = (
        SELECT max(newest) FROM (
            SELECT max(last_event_id) AS newest FROM programme
            UNION ALL SELECT max(last_event_id) FROM unit
            UNION ALL SELECT max(last_event_id) FROM place) AS changed)""")


def _read(session: Session, version: str) -> Choices:
    contents: dict[str, list[tuple[int, str]]] = {}
    for row in _CONTENTS.rows(session):
        contents.setdefault(row.code, []).append((row.no, row.name))
    communes = [(row.code, f"{row.kind} {row.name}") for row in _COMMUNES.rows(session)]
    return Choices(
        version,
        tuple(row._asdict() for row in _PROGRAMMES.rows(session)),
        {code: tuple(rows) for code, rows in contents.items()},
        tuple((row.code, row.name) for row in _UNITS.rows(session)),
        tuple(sorted(communes, key=lambda place: sort_key(place[1]))),
    )


_PROGRAMMES = Statement("SELECT code, name, start_year, end_year FROM programme ORDER BY start_year DESC, code")
_CONTENTS = Statement("""
    SELECT g.code, c.no, c.name FROM content AS c JOIN programme AS g ON g.id = c.programme_id
    WHERE c.no > 0 ORDER BY g.id, c.no""")
_UNITS = Statement("SELECT code, name FROM unit WHERE executes = 1 ORDER BY id")
_COMMUNES = Statement("SELECT code, kind, name FROM place WHERE level = 'commune' AND valid_to IS NULL")
