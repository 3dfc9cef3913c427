"""The head of a table: where it stands, and what each of its columns says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from states.folding import fold
from states.imports.head_words import HEADS, MONEY, Field
from states.refusal import Refused

Value = str | int | Decimal | date | bool | None
Rows = Sequence[Sequence[Value]]
#: First and last cell of a merged range, as (row, column) from 0.
Merged = tuple[tuple[int, int], tuple[int, int]]

#: A head stands below the titles; further down no office writes one.
DEEPEST_HEAD = 60


_UNITS = (
    (r"ty dong|ty", 10**9),
    (r"trieu dong|trieu|trd|tr\.? ?d(?:ong)?|tr", 10**6),
    (r"nghin dong|ngan dong|nghin|ngan|1\.?000 ?d(?:ong)?", 10**3),
    (r"dong|vnd|d", 1),
)
_UNIT = re.compile(
    r"(?:[(\[,:]|\bdvt\b|\bdon vi(?: tinh)?\b)[ :]*(?:dvt|don vi(?: tinh)?)?[ :]*(?:"
    + "|".join(f"(?P<u{zeros}>{words})" for words, zeros in _UNITS)
    + r")(?![a-z])"
)
_PARENTHESES = re.compile(r"[(\[][^)\]]*[)\]]?")
_TITLE_YEAR = re.compile(r"\bnam (20[0-9]{2})\b")
#: Other papers and days that titles name: their years are not that of the list.
_OTHER_PAPERS = re.compile(
    r"(?:\(?\b(?:kem theo|ban hanh kem|can cu|theo (?:quyet dinh|to trinh|cong van|ke hoach|van ban))\b.*)"
    r"|(?:\bngay\b.{0,12}\bthang\b.{0,12}\bnam (?:20[0-9]{2})\b)"
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column that was understood. `scale` is what one unit of its amounts is in đồng, None where unsaid."""

    index: int
    field: Field
    head: str
    scale: int | None = None
    target: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table: its rows, what was understood, and heads that say nothing to us.

    `year` is the only year that the titles above name.
    """

    first: int
    last: int
    columns: tuple[Column, ...]
    unknown: tuple[tuple[int, str], ...] = ()
    year: int | None = None
    texts: frozenset[str] = field(default_factory=frozenset)

    def column(self, wanted: Field) -> Column | None:
        return next((column for column in self.columns if column.field is wanted), None)


def find_head(rows: Rows, merged: Sequence[Merged] = (), targets: Sequence[str] = ()) -> Head:
    """Find the head of a register among the first rows.

    `targets` are codes of the programme's targets: a column under such a code holds quantities. Raises Refused when
    no row is the head of a list of projects, or when two columns say the same.
    """
    best: tuple[int, Head] | None = None
    units = [_row_unit(row) for row in rows[:DEEPEST_HEAD]]
    for row in range(min(len(rows), DEEPEST_HEAD)):
        for last in (row, row + 1):
            if last < len(rows) and (head := _head(rows, merged, (row, last), targets, _nearest(units[:row]))):
                # One row wins over two that say the same: the second would be the first row of the list.
                score = 2 * len(head.columns) - (last - row)
                if best is None or score > best[0]:
                    best = (score, head)
    if best is None:
        raise Refused(
            "Không tìm thấy dòng tiêu đề của danh sách đề án; hãy đặt một dòng có cột «Tên đề án» (hoặc «Mã đề án») và "
            "các cột như «Đơn vị thực hiện», «Kinh phí hỗ trợ» ngay trên danh sách."
        )
    _refuse_twice(best[1])
    return best[1]


def _nearest(units: Sequence[int | None]) -> int | None:
    """The unit that the closest line above a head names."""
    return next((unit for unit in reversed(units) if unit), None)


def _head(
    rows: Rows, merged: Sequence[Merged], span: tuple[int, int], targets: Sequence[str], unit_above: int | None
) -> Head | None:
    first, last = span
    own = [_text(value) for value in rows[first]]
    if sum(bool(text) for text in own) < 2 and first == last:
        return None
    below = [_text(value) for value in rows[last]] if last > first else [""] * len(own)
    groups = _carried(own, below, merged, first) if last > first else own
    if last > first and not any(below):
        return None
    columns, unknown = [], []
    for index, (text, group) in enumerate(zip(below, groups, strict=True)):
        heads = [f"{group} {text}", text] if text and last > first else [group]
        column = _column(index, [head for head in heads if head.strip()], group, unit_above, targets)
        if column is not None:
            columns.append(column)
        elif text or group:
            unknown.append((index, " ".join(f"{group} {text}".split())))
    found = {column.field for column in columns}
    if not found & {Field.NAME, Field.CODE} or len(found - {Field.ORDINAL}) < 2:
        return None
    if last > first and not _is_second_row(below, own, columns):
        return None
    years = {year for row in rows[:first] for value in row if isinstance(value, str) for year in _title_years(value)}
    texts = frozenset(key(text) for text in (*own, *below) if text)
    return Head(first, last, tuple(columns), tuple(unknown), years.pop() if len(years) == 1 else None, texts)


def _title_years(title: str) -> set[int]:
    said = (_OTHER_PAPERS.sub(" ", fold(line)) for line in title.splitlines())
    return {int(year) for line in said for year in _TITLE_YEAR.findall(line)}


def _is_second_row(below: list[str], own: list[str], columns: list[Column]) -> bool:
    """A second row of a head stands under groups, and says nothing under the name of a project."""
    named = {column.index: column.field for column in columns}
    speaking = [index for index, text in enumerate(below) if text]
    for index in speaking:
        if named.get(index) in (Field.NAME, Field.CODE) and own[index] and key(below[index]) not in HEADS:
            return False
    understood = [index for index in speaking if key(below[index]) in HEADS or (index in named and not own[index])]
    return bool(understood) and 2 * len(understood) >= len(speaking)


def _text(value: Value) -> str:
    return " ".join(value.split()) if isinstance(value, str) else str(value) if type(value) is int else ""


def _carried(own: list[str], below: list[str], merged: Sequence[Merged], row: int) -> list[str]:
    """Groups reach over the columns that they were merged over; unmerged, over those that speak below them."""
    groups = list(own)
    for (top, left), (bottom, right) in merged:
        if top <= row <= bottom and left < len(groups):
            for index in range(left + 1, min(right + 1, len(groups))):
                groups[index] = groups[index] or own[left]
    for index in range(1, len(groups)):
        if not groups[index] and below[index] and below[index - 1]:
            groups[index] = groups[index - 1]
    return groups


def _column(
    index: int, heads: Sequence[str], group: str, unit_above: int | None, targets: Sequence[str]
) -> Column | None:
    for head in heads:
        code = head.strip().upper()
        if code in targets:
            return Column(index, Field.TARGET, head, target=code)
        name = HEADS.get(key(head))
        if name is not None:
            scale = _unit(head) or _unit(group) or unit_above if name in MONEY else None
            return Column(index, name, head, scale)
    return None


def key(head: str) -> str:
    """What a head is compared by: folded words without units, marks and what stands in parentheses."""
    words = fold(_PARENTHESES.sub(" ", head)) or fold(head)
    words = _UNIT.sub(" ", words)
    return " ".join(re.sub(r"[^a-z0-9_]+", " ", words).split())


def _unit(head: str) -> int | None:
    found = _UNIT.search(fold(head))
    return next((zeros for _, zeros in _UNITS if found[f"u{zeros}"]), None) if found else None


def _row_unit(row: Sequence[Value]) -> int | None:
    """The unit that a line above the head names: "Đơn vị tính: triệu đồng"."""
    said = [fold(_text(value)) for value in row]
    named = (_unit(text) for text in said if "dvt" in text or "don vi" in text)
    return next((unit for unit in named if unit), None)


def _refuse_twice(head: Head) -> None:
    seen: dict[tuple[Field, str], Column] = {}
    reasons = []
    for column in head.columns:
        if column.field in (Field.ORDINAL, Field.NOTE):
            continue
        other = seen.setdefault((column.field, column.target), column)
        if other is not column:
            reasons.append(
                f"Hai cột cùng là «{column.field.label}»: «{other.head}» và «{column.head}»; hãy bỏ một cột."
            )
    if reasons:
        raise Refused(*reasons)


def repeats_head(row: Sequence[Value], head: Head) -> bool:
    """Is a row the head again, as on every page of a printed list?"""
    texts = [text for value in row if isinstance(value, str) and (text := _text(value))]
    return len(texts) >= 2 and all(key(text) in head.texts for text in texts)


def is_numbering(row: Sequence[Value]) -> bool:
    """Is a row the numbers or letters of the columns, as under the head of official tables?"""
    told = [_text(value) for value in row if value is not None]
    return len(told) >= 3 and all(_NUMBER_OF_COLUMN.fullmatch(text) for text in told)


_NUMBER_OF_COLUMN = re.compile(r"[(\[]?(?:[0-9]{1,2}|[A-Za-z])[)\]]?(?: ?[=+-] ?[(\[]?[0-9]{1,2}[)\]]?)*[)\]]?")


def spoken(rows: Rows) -> Iterator[int]:
    """The rows that say anything."""
    return (number for number, row in enumerate(rows) if any(value is not None for value in row))
