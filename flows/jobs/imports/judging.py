"""Rows against the register: which of them are known, and what becomes of each."""

from collections.abc import Iterable
from typing import Any

from flows.jobs.imports.comparing import compare_new, compare_standing
from flows.jobs.imports.old_records import Old, compare_old_new, compare_old_standing
from flows.jobs.imports.rows import Row
from models.imports.standing import Standing, codes_by_name, name_key, place_codes, standing_projects, unit_ids
from models.queries.old_records import vouched_for
from models.store import Session
from states.facts import Person
from states.imports.known import Known, ProgrammeNames
from states.imports.wanted import Trouble, Wanted


class Judge:
    """Compares rows with the register; what it needs is read once."""

    def __init__(
        self, session: Session, by: Person, known: Known, programme: ProgrammeNames, old: Old | None = None
    ) -> None:
        self._session, self._by, self._known, self._programme = session, by, known, programme
        self._old, self._said = old, dict[int, dict[str, Any]]()
        self._units, self._places = unit_ids(session), place_codes(session)
        self._standing: dict[str, Standing] = {}

    def rows(self, wanted: list[Wanted]) -> list[Row]:
        self._find_codes(wanted)
        _refuse_doubles(wanted)
        self._load(one.code for one in wanted if one.code)
        return [self._row(one) for one in wanted]

    def _load(self, codes: Iterable[str]) -> None:
        unread = {code for code in codes if code not in self._standing}
        found = standing_projects(self._session, self._by, unread)
        self._standing |= found
        if self._old:
            self._said |= vouched_for(self._session, sorted(one.loaded.id for one in found.values()))

    def _row(self, wanted: Wanted) -> Row:
        about: dict[str, Any] = {
            "by": self._by,
            "programme": self._programme,
            "unit_ids": self._units,
            "place_codes": self._places,
        }
        if wanted.code is None and self._old:
            return compare_old_new(wanted, vouching=self._old.vouching, today=self._old.today, **about)
        if wanted.code is None:
            return compare_new(wanted, **about)
        if wanted.code not in self._standing:
            hidden = f"Không có đề án {wanted.code} trong phạm vi của {self._by.name}; đề án mới thì để trống cột mã."
            wanted.troubles.append(Trouble(wanted.places.get("code"), hidden))
            return Row.wrong(wanted)
        standing = self._standing[wanted.code]
        if self._old:
            said = self._said.get(standing.loaded.id)
            return compare_old_standing(wanted, standing, said, old=self._old, known=self._known)
        return compare_standing(wanted, standing, by=self._by, known=self._known)

    def _find_codes(self, wanted: list[Wanted]) -> None:
        """Find rows without a code again by year, unit, name and beneficiaries, so that a file may come twice."""
        nameless = [one for one in wanted if one.code is None and one.name]
        keys = {one.row: name_key(one.name) for one in nameless}
        alike = codes_by_name(self._session, self._by, keys.values())
        candidates = {one.row: self._alike(one, alike.get(keys[one.row], ())) for one in nameless}
        self._load(code for codes in candidates.values() for code in codes)
        for one in nameless:
            codes = [code for code in candidates[one.row] if _may_be(one, self._standing[code])]
            if len(codes) == 1:
                one.code = codes[0]
                one.notes.append(f"Dòng này là đề án {codes[0]} (cùng tên, năm, đơn vị).")
            elif codes:
                one.troubles.append(
                    Trouble(one.places.get("name"), f"Có nhiều đề án cùng tên: {', '.join(codes)}; hãy ghi mã đề án.")
                )

    def _alike(self, one: Wanted, rows: Iterable[dict[str, Any]]) -> list[str]:
        return [
            row["code"]
            for row in rows
            if (row["plan_year"], row["unit"], row["programme"]) == (one.plan_year, one.unit, self._programme.code)
        ]


def _may_be(wanted: Wanted, standing: Standing) -> bool:
    """Of projects with the same name the row means the one with its beneficiaries."""
    if wanted.beneficiaries is None:
        return True
    return not wanted.fresh and set(wanted.beneficiaries) == set(standing.beneficiaries)


def _refuse_doubles(wanted: list[Wanted]) -> None:
    first: dict[Any, Wanted] = {}
    for one in wanted:
        if one.code is None and not one.name:
            continue
        firms = (one.beneficiaries, tuple(firm.key for firm in one.fresh))
        same: Any = one.code or (one.plan_year, one.unit, name_key(one.name), firms)
        other = first.setdefault(same, one)
        if other is not one:
            what = f"đề án {one.code}" if one.code else "tên, năm, đơn vị và đơn vị thụ hưởng"
            one.troubles.append(
                Trouble(
                    one.places.get("code" if one.code else "name"),
                    f"Trùng {what} với dòng {other.row + 1}; hãy bỏ một dòng.",
                )
            )
