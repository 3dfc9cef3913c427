"""Which rows below the head are projects, which are groups, and whether the totals agree with what they sum."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from states.folding import fold, nfc, quoted
from states.imports.cells import read_money, says_nothing
from states.imports.head_words import MONEY, Field
from states.imports.heads import Head, Merged, Rows, Value, is_numbering, repeats_head
from states.refusal import Refused
from states.vocabulary import Route
from states.words import format_dong

_TOTAL = re.compile(
    r"(?:tổng\s*cộng|tổng\s*số|tổng|cộng|tong cong|tong so|cong)"
    r"(?:\s*[:.(\[].*|\s+(?:nhóm|nhom|mục|phần|nội dung|tuyến|kinh phí|chung|các|cả|toàn|[ivx]+\b|[0-9a-d]\b).*)?",
)
_GROUP = re.compile(
    r"(?:(?:[ivx]{1,5}|[a-h])[.)/:\-]\s*\S.*|(?:nhóm|nhom|mục|phần|nội dung|noi dung)\s*(?:[0-9]|[ivx]+\b).*)"
)
_GROUP_ORDINAL = re.compile(r"[ivx]{1,5}\.?|[a-h]\.?")
_SIGNED = re.compile(
    r"nguoi lap|lap bieu|giam doc|thu truong|ke toan|truong phong|noi nhan|ky ten|ghi ro ho ten|lanh dao|"
    r"ngay\b.*\bthang\b.*\bnam\b|^ghi chu ?:|^(?:tm|kt|tl)\.|chu tich"
)
#: Letters of a heading that stands below a grand total.
_LONGEST_HEADING = 120
#: What a heading never says, and a project does.
_OF_PROJECTS = (
    *(Field.CODE, Field.UNIT, Field.BENEFICIARY, Field.TAX_CODE, Field.PLACE, Field.ACTIVITY, Field.PERIOD),
    *(Field.STARTS_ON, Field.ENDS_ON, Field.EQUIPMENT, Field.KIND),
)
_EMPTY_WORDS = frozenset(("ho", "tro", "cac", "va", "de", "an", "nhom", "noi", "dung", "cho", "cua", "theo", "xay")) | {
    *("hoat", "dong", "khuyen", "cong", "chuong", "trinh"),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One row that is a project: its cells by column, and what the headings above it say."""

    row: int
    cells: Mapping[int, Value]
    content: int | None = None
    route: Route | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about a row that is no project; `column` where it is about one cell. A warning wants to be checked."""

    row: int
    column: int | None
    sentence: str
    is_warning: bool = False


@dataclass(slots=True)
class Layout:
    """The rows of a table, sorted out."""

    listed: list[Listed] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


@dataclass(slots=True)
class _Sums:
    """Amounts of the rows since a heading; a column with a cell that cannot be read is not compared."""

    amounts: dict[int, int] = field(default_factory=dict)
    unclear: set[int] = field(default_factory=set)
    rows: int = 0


def lay_out(rows: Rows, head: Head, merged: Sequence[Merged], contents: Mapping[int, str]) -> Layout:
    """Sort the rows below a head. `contents` are the names of the programme's contents by number."""
    sorter = _Sorter(head, contents)
    filled = _filled(rows, head, merged)
    for number, row in filled:
        sorter.take(number, row)
    return sorter.layout


def _filled(rows: Rows, head: Head, merged: Sequence[Merged]) -> Iterator[tuple[int, list[Value]]]:
    """Rows below the head; a cell merged downwards says the same on each of its rows, an amount only once."""
    money = {column.index for column in head.columns if column.field in MONEY}
    down: dict[tuple[int, int], Value] = {}
    for (top, left), (bottom, right) in merged:
        if top > head.last and bottom > top and left == right and left not in money:
            value = rows[top][left] if top < len(rows) else None
            down |= {(row, left): value for row in range(top + 1, bottom + 1)}
    below = {row for row, _ in down}
    for number in range(head.last + 1, len(rows)):
        row = list(rows[number])
        if number in below:
            row = [down.get((number, index)) if value is None else value for index, value in enumerate(row)]
        yield number, row


class _Sorter:
    def __init__(self, head: Head, contents: Mapping[int, str]) -> None:
        self.layout = Layout()
        self._head, self._contents = head, contents
        self._at: dict[Field, int] = {
            column.field: column.index for column in head.columns if column.field is not Field.TARGET
        }
        self._money = {column.index: column.scale for column in head.columns if column.field in MONEY}
        self._content: int | None = None
        self._route: Route | None = None
        self._all, self._group = _Sums(), _Sums()
        self._is_over = False

    def take(self, number: int, row: Sequence[Value]) -> None:
        if all(says_nothing(value) for value in row) or repeats_head(row, self._head):
            return
        if number == self._head.last + 1 and is_numbering(row):
            return
        label = self._label(row)
        if label and not self._of(row, Field.CODE) and _TOTAL.fullmatch(nfc(label).lower().strip()):
            self._check_total(number, row, label)
        elif self._is_signature(row, label):
            self.layout.remarks.append(Remark(number, None, "Dòng chữ ký hoặc ghi chú cuối bảng, bỏ qua."))
        elif label and self._is_group(row, label):
            self._begin_group(number, row, label)
        elif self._is_idle(row):
            self._remark_idle(number, row)
        else:
            self._list(number, row)

    def _of(self, row: Sequence[Value], wanted: Field) -> Value:
        index = self._at.get(wanted)
        value = row[index] if index is not None else None
        return None if says_nothing(value) else value

    def _label(self, row: Sequence[Value]) -> str:
        """The words with which a row begins: a heading may stand under the number, or merged from the first cell on."""
        until = max(self._at.get(Field.NAME, 0), self._at.get(Field.CODE, 0))
        texts = [value for value in row[: until + 1] if isinstance(value, str) and not says_nothing(value)]
        return next((text for text in reversed(texts) if not _GROUP_ORDINAL.fullmatch(text.strip().lower())), "")

    def _has_digits(self, row: Sequence[Value]) -> bool:
        told = [str(row[index]) for index in self._money if row[index] is not None]
        return any(any(letter.isdigit() for letter in text) and not _SIGNED.search(fold(text)) for text in told)

    def _is_signature(self, row: Sequence[Value], label: str) -> bool:
        if self._is_over and self._is_footnote(row, label):
            return True
        if self._of(row, Field.CODE) or self._of(row, Field.ORDINAL) or self._has_digits(row):
            return False
        said = [fold(value) for value in row if isinstance(value, str) and not says_nothing(value)]
        if any(_SIGNED.search(text) for text in said):
            return True
        # Below the grand total only names of those who signed are left.
        return self._is_over and not any(self._of(row, name) for name in _OF_PROJECTS)

    def _is_footnote(self, row: Sequence[Value], label: str) -> bool:
        """A sentence alone in its row, below the grand total; a heading of the next part is shorter, or numbered."""
        others = [value for value in row if not says_nothing(value) and value != label]
        is_sentence = label.strip().endswith(".") or len(label) > _LONGEST_HEADING
        return bool(label) and not others and is_sentence and not _GROUP.fullmatch(nfc(label).lower().strip())

    def _is_group(self, row: Sequence[Value], label: str) -> bool:
        if any(self._of(row, name) is not None for name in _OF_PROJECTS):
            return False
        ordinal = self._of(row, Field.ORDINAL)
        lowered = nfc(label).lower().strip()
        if isinstance(ordinal, str) and (_GROUP_ORDINAL.fullmatch(ordinal.strip().lower()) or ordinal == label):
            return True
        if _GROUP.fullmatch(lowered) or (_route_of(label) and not isinstance(ordinal, int)):
            return True
        others = [value for index, value in enumerate(row) if not says_nothing(value) and value != label]
        return not others and Field.ORDINAL in self._at and len(self._at) > 2

    def _begin_group(self, number: int, row: Sequence[Value], label: str) -> None:
        content, route = content_of(label, self._contents), _route_of(label)
        if content is not None or route is None:
            self._content = content
        if route is not None:
            self._route = route
        self._group = _Sums()
        understood = f"nội dung {content}" if content is not None else route.label if route else "tiêu đề nhóm"
        self.layout.remarks.append(Remark(number, None, f"Dòng {quoted(label)} được hiểu là {understood}."))

    def _is_idle(self, row: Sequence[Value]) -> bool:
        return not self._of(row, Field.NAME) and not self._of(row, Field.CODE) and not self._has_digits(row)

    def _remark_idle(self, number: int, row: Sequence[Value]) -> None:
        ordinal = self._at.get(Field.ORDINAL)
        if any(index != ordinal and not says_nothing(value) for index, value in enumerate(row)):
            self.layout.remarks.append(Remark(number, None, "Dòng không có tên đề án và số tiền, bỏ qua."))

    def _list(self, number: int, row: Sequence[Value]) -> None:
        cells = {column.index: row[column.index] for column in self._head.columns}
        self.layout.listed.append(Listed(number, cells, self._content, self._route))
        self._is_over = False
        for sums in (self._all, self._group):
            sums.rows += 1
            for index, scale in self._money.items():
                self._add(sums, index, row[index], scale)

    def _add(self, sums: _Sums, index: int, value: Value, scale: int | None) -> None:
        if says_nothing(value):
            return
        try:
            sums.amounts[index] = sums.amounts.get(index, 0) + read_money(value, scale)
        except Refused:
            sums.unclear.add(index)

    def _check_total(self, number: int, row: Sequence[Value], label: str) -> None:
        """Compare a total with the rows above: a grand total with all, another with those of its group."""
        is_grand = fold(label).startswith("tong")
        compared = [self._all] if is_grand else [self._group, self._all]
        for index, scale in self._money.items():
            if says_nothing(row[index]) or any(index in sums.unclear for sums in compared):
                continue
            try:
                printed = read_money(row[index], scale)
            except Refused as refused:
                self.layout.remarks.append(Remark(number, index, refused.reasons[0], is_warning=True))
                continue
            found = [sums.amounts.get(index, 0) for sums in compared]
            if printed not in found:
                sentence = (
                    f"Dòng {quoted(label)} ghi {format_dong(printed)}, cộng {compared[0].rows} dòng phía trên được "
                    f"{format_dong(found[0])}; hãy kiểm tra."
                )
                self.layout.remarks.append(Remark(number, index, sentence, is_warning=True))
        self._group = _Sums()
        self._is_over = self._is_over or is_grand


def _route_of(label: str) -> Route | None:
    words = fold(label)
    national = "quoc gia" in words or "kcqg" in words
    local = "dia phuong" in words or "kcdp" in words or "khuyen cong tinh" in words
    return None if national == local else Route.NATIONAL if national else Route.LOCAL


def content_of(label: str, contents: Mapping[int, str]) -> int | None:
    """The content that words name: by its number, or by most of the words of its name. None where that is not clear."""
    words = fold(label)
    numbered = re.search(r"\b(?:nhom|noi dung|nd)(?: noi dung)?(?: so)? ?([0-9]{1,2})\b", words)
    number = int(numbered[1]) if numbered else int(words) if words.isdigit() and len(words) < 3 else None
    if number is not None:
        return number if number in contents else None
    told = set(re.findall(r"[a-z0-9]{2,}", words)) - _EMPTY_WORDS
    if not told:
        return None
    scores = {no: len(told & set(re.findall(r"[a-z0-9]{2,}", fold(name)))) for no, name in contents.items()}
    best = max(scores.values(), default=0)
    winners = [no for no, score in scores.items() if score == best]
    return winners[0] if len(winners) == 1 and 5 * best >= 3 * len(told) else None
