"""What the parts of roll-ups are called, and which part a person means by a code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session

from models.codes import id_of
from models.rollups.cells import Key
from states.folding import quoted
from states.refusal import Refused
from states.rollups import By
from states.vocabulary import Source, State

#: The code of the projects that have no place written down.
NO_PLACE = "none"


@dataclass(frozen=True, slots=True)
class Named:
    """One part: its code as people type it, its name, and for a target the unit that it is counted in."""

    code: str
    name: str
    unit: str = "đồng"


@dataclass(frozen=True, slots=True)
class Names:
    """A programme with the names of all its parts, by cut and by the part of a cell's key."""

    programme_id: int
    programme: str
    programme_name: str
    parts: Mapping[By, Mapping[int | str | None, Named]]

    def named(self, by: By, part: int | str | None) -> Named:
        """The names of one part. What the register does not know (a forged row) is called by its bare key."""
        if by is By.MONTH:
            year, _, month = str(part).partition("-")
            return Named(str(part), f"tháng {month}/{year}")
        return self.parts.get(by, {}).get(part, Named(str(part), str(part)))

    def code(self, by: By, part: int | str | None) -> str:
        return self.named(by, part).code

    def unit_of(self, key: Key) -> str:
        return self.named(key.by, key.part).unit if key.by is By.TARGET else "đồng"

    def words(self, key: Key) -> str:
        """The cell as a sentence begins with it."""
        state = f", {State(key.state).label}" if key.by is By.CONTENT else ""
        return f"{self.programme} năm {key.year}, {key.by.label} {self.code(key.by, key.part)}{state}"

    def part_of(self, by: By, code: str) -> int | str | None:
        """The part that a code means. Raises Refused for an unknown one, with some that are known."""
        if by is By.MONTH:
            if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", code):
                raise Refused(f"Không hiểu tháng {quoted(code)}; hãy ghi dạng 2024-03.")
            return code
        known = self.parts[by]
        for part, named in known.items():
            if named.code == code:
                return part
        some = ", ".join(named.code for named in list(known.values())[:10])
        raise Refused(f"Không có {by.label} {quoted(code)} trong {self.programme}; hãy chọn: {some} …")


def read_names(session: Session, programme: str) -> Names:
    """Raises Refused for an unknown programme."""
    programme_id = id_of(session, "programme", programme)
    assert programme_id is not None

    def rows(sql: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in session.connection().execute(text(sql), {"id": programme_id})]

    places = {row[0]: Named(str(row[1]), f"{row[2]} {row[3]}") for row in rows(_PLACES)}
    parts: dict[By, Mapping[int | str | None, Named]] = {
        By.CONTENT: {row[0]: Named(str(row[0]), str(row[1])) for row in rows(_CONTENTS)},  # type: ignore[misc]
        By.TARGET: {str(row[0]): Named(str(row[0]), str(row[1]), str(row[2])) for row in rows(_TARGETS)},
        By.COMMUNE: places | {None: Named(NO_PLACE, "Chưa ghi địa bàn")},  # type: ignore[dict-item]
        By.UNIT: {row[0]: Named(str(row[1]), str(row[2])) for row in rows(_UNITS)},  # type: ignore[misc]
        By.SOURCE: {str(source): Named(str(source), source.label) for source in Source},
        By.STATE: {str(state): Named(str(state), state.label) for state in State},
    }
    [(name,)] = rows("SELECT name FROM programme WHERE id = :id")
    return Names(programme_id, programme, str(name), parts)


_CONTENTS = "SELECT no, name FROM content WHERE programme_id = :id ORDER BY no"
_TARGETS = "SELECT code, name, unit FROM target WHERE programme_id = :id ORDER BY content_no, line"
_UNITS = "SELECT id, code, name FROM unit ORDER BY id"
_PLACES = "SELECT id, code, kind, name FROM place ORDER BY id"
