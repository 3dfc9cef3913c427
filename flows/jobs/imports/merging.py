"""Three sides of a cell: what was handed out, what came back, what stands now. Only what came back changed is taken."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from documents.reading import Value, address
from states.folding import nfc
from states.imports.head_words import Field
from states.imports.heads import Head
from states.imports.layout import Listed, Remark
from states.imports.wanted import Defaults
from states.reading import read_code
from states.refusal import Refused
from states.vocabulary import Route
from states.words import format_date, format_number

OURS, THEIRS = "ours", "theirs"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that was changed on both sides. Texts: when it was handed out, in the register now, in the file."""

    address: str
    code: str
    label: str
    was: str
    now: str
    theirs: str

    def __str__(self) -> str:
        return (
            f"{self.address}: {self.label} của {self.code} đã đổi ở cả hai nơi: lúc tải về là «{self.was}», "
            f"trong sổ nay là «{self.now}», trong tệp là «{self.theirs}»; hãy chọn giữ sổ hay lấy theo tệp "
            f"(--choose {self.address}=ours hoặc {self.address}=theirs)."
        )


@dataclass(frozen=True, slots=True)
class Merged:
    """Rows in which only cells to be taken are left, conflicts nobody has decided, and what else is to be said."""

    listed: list[Listed]
    conflicts: list[Conflict]
    remarks: list[Remark]
    changed: set[str] = field(default_factory=set)


def code_of(listed: Listed, head: Head) -> str | None:
    column = head.column(Field.CODE)
    try:
        return read_code(str(listed.cells[column.index])) if column else None
    except Refused:
        return None


def merge(
    listed: Sequence[Listed],
    head: Head,
    names: Sequence[str],
    base: Mapping[str, Sequence[Value]],
    now: Mapping[str, Sequence[Value]],
    choices: Mapping[str, str],
) -> Merged:
    """Merge the rows of a file that was handed out.

    `names` are the fields of its columns, in the order of the cells of `base` and `now`; `choices` say by address whose
    cell counts, "ours" or "theirs". Raises Refused for another choice, and for a cell that the file did not change.
    """
    if strange := sorted(set(choices.values()) - {OURS, THEIRS}):
        raise Refused(f"Lựa chọn {', '.join(strange)} không có; hãy chọn ours (giữ sổ) hoặc theirs (lấy theo tệp).")
    merged = Merged([], [], [])
    seen = set()
    for one in listed:
        code = code_of(one, head)
        if code is None or code not in base or code not in now:
            merged.listed.append(one)
            continue
        seen.add(code)
        cells = dict(one.cells)
        for place, name in enumerate(names):
            column = head.column(Field(name))
            if column is None or column.field is Field.CODE:
                continue
            sides = (base[code][place], now[code][place], cells[column.index])
            taken = _taken(merged, one.row, column.index, code, column.field.label, sides, choices)
            cells[column.index] = sides[2] if taken else None
        merged.listed.append(replace(one, cells=cells))
    refuse_idle(choices, merged.changed)
    for code in base:
        if code not in seen and code in now:
            sentence = f"Đề án {code} có khi tải về mà không còn dòng trong tệp; sổ giữ nguyên đề án này."
            merged.remarks.append(Remark(head.last, None, sentence))
    return merged


def added_in_place(listed: Sequence[Listed], head: Head, place: str | None) -> list[Listed]:
    """Rows that were added to a workbook of a place lie there, unless they say otherwise."""
    column = head.column(Field.PLACE)
    if place is None or column is None:
        return list(listed)
    return [
        replace(one, cells={**one.cells, column.index: place})
        if _is_added(one, head) and one.cells[column.index] is None
        else one
        for one in listed
    ]


def _is_added(listed: Listed, head: Head) -> bool:
    column = head.column(Field.CODE)
    return column is not None and listed.cells[column.index] is None


def completed(defaults: Defaults, made_for: Mapping[str, str]) -> Defaults:
    """What holds for added rows: what the person says now, else what the workbook was made for."""
    year, content, route = (made_for.get(name) for name in ("plan_year", "content", "route"))
    return replace(
        defaults,
        plan_year=defaults.plan_year or (int(year) if year else None),
        content=defaults.content if defaults.content is not None or content is None else int(content),
        route=defaults.route or (Route(route) if route else None),
        unit=defaults.unit or made_for.get("unit", ""),
    )


def refuse_idle(choices: Mapping[str, str], changed: Collection[str]) -> None:
    """Raise Refused for choices about cells that the file did not change: somebody meant another cell."""
    if idle := sorted(set(choices) - set(changed)):
        raise Refused(f"Ô {', '.join(idle)} không có gì phải chọn; hãy xem lại địa chỉ ô ở bản xem trước.")


def _taken(
    merged: Merged,
    row: int,
    column: int,
    code: str,
    label: str,
    sides: tuple[Value, Value, Value],
    choices: Mapping[str, str],
) -> bool:
    was, now, theirs = sides
    if not _same(theirs, was):
        merged.changed.add(address(row, column))
    if _same(theirs, was) or _same(theirs, now):
        return False
    if theirs is None:
        sentence = f"{label} của {code} bị xóa trống trong tệp; sổ giữ nguyên điều đang ghi."
        merged.remarks.append(Remark(row, column, sentence))
        return False
    if _same(now, was):
        return True
    where = address(row, column)
    if where not in choices:
        merged.conflicts.append(Conflict(where, code, label, _shown(was), _shown(now), _shown(theirs)))
    return choices.get(where) == THEIRS


def _same(one: Value, other: Value) -> bool:
    """Programs that save a file again may change the blanks and the form of letters, never a figure or a day."""
    if isinstance(one, str) and isinstance(other, str):
        return " ".join(nfc(one).split()) == " ".join(nfc(other).split())
    return one == other


def _shown(value: Value) -> str:
    if value is None:
        return "(trống)"
    if isinstance(value, date):
        return format_date(value)
    return format_number(value) if type(value) is int else str(value)
