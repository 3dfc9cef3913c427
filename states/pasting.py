"""A list copied from a table: lines with cells, of which one is a project's code and one may be an amount."""

import re
from dataclasses import dataclass

from states.folding import clean_line, fold
from states.reading import read_amount, read_code
from states.refusal import Refused

#: A list is pasted whole; beyond this it is not an annex any more.
MOST_LINES = 5_000
#: A cell with fewer digits is an ordinal, a content or a year, and never what a project is granted in đồng.
_ORDINAL = re.compile(r"[0-9]{1,4}\.?")
#: Words by which the head of a column tells that it holds what is granted.
_GRANTED = ("ho tro", "so tien", "kinh phi", "phe duyet", "duoc duyet", "amount")
_NOT_GRANTED = ("tong", "doi ung", "chu dau tu", "don vi")


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One line: the code, the amount in đồng where the line has one, and what else stands behind it."""

    code: str
    amount: int | None = None
    note: str = ""


def pasted_lines(text: str, *, in_trieu: bool = False) -> list[PastedLine]:
    """Read a list as it was copied from Excel, Word or a text with semicolons.

    The first line may be a head; its words then say which column holds the amount. Lines without a code, such as
    headings and sums, are left out. `in_trieu` says that amounts are printed in triệu đồng. Raises Refused with the
    place of every line that can be read in two ways, and for a text without any code.
    """
    lines = [(number, _cells(line)) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise Refused(f"Danh sách có {len(lines)} dòng; mỗi lần dán nhiều nhất {MOST_LINES} dòng, hãy chia ra.")
    column = next((_column(cells) for _, cells in lines if _code_at(cells) is None and len(cells) > 1), None)
    found: list[PastedLine] = []
    reasons: list[str] = []
    for number, cells in lines:
        place = _code_at(cells)
        if place is None:
            continue
        try:
            found.append(_line(cells, place, column, in_trieu))
        except Refused as refused:
            reasons += [f"Dòng {number}: {reason}" for reason in refused.reasons]
    if not found and not reasons:
        reasons.append("Không thấy mã đề án nào trong đoạn đã dán; hãy chép cả cột mã đề án, ví dụ KC-VL-2026-001.")
    seen: set[str] = set()
    for line in found:
        if line.code in seen:
            reasons.append(f"{line.code}: có hai dòng trong danh sách đã dán; hãy bỏ một dòng.")
        seen.add(line.code)
    if reasons:
        raise Refused(*dict.fromkeys(reasons))
    return found


def _cells(line: str) -> list[str]:
    mark = next((mark for mark in ("\t", ";", "|") if mark in line), None)
    cells = line.split(mark) if mark else line.split("=") if "=" in line else [line]
    return [cell.strip().strip('"').strip() for cell in cells]


def _code_at(cells: list[str]) -> int | None:
    return next((place for place, cell in enumerate(cells) if _is_code(cell)), None)


def _is_code(cell: str) -> bool:
    try:
        read_code(cell)
    except Refused:
        return False
    return True


def _column(cells: list[str]) -> int | None:
    """The column whose head says that it holds what is granted; None where no head or more than one says so."""
    heads = [fold(cell) for cell in cells]
    named = [
        place
        for place, head in enumerate(heads)
        if any(word in head for word in _GRANTED) and not any(word in head for word in _NOT_GRANTED)
    ]
    return named[0] if len(named) == 1 else None


def _line(cells: list[str], place: int, column: int | None, in_trieu: bool) -> PastedLine:
    code, behind = read_code(cells[place]), cells[place + 1 :]
    if column is not None and column < len(cells) and column != place:
        return PastedLine(code, _amount(cells[column], in_trieu) if cells[column] else None)
    amounts = [cell for cell in behind if _looks_like_amount(cell, in_trieu)]
    if len(amounts) > 1:
        raise Refused(
            f"{code} có {len(amounts)} số tiền ({'; '.join(amounts[:4])}); hãy chỉ dán cột mã và cột số tiền hỗ trợ."
        )
    if not amounts:
        return PastedLine(code)
    after = behind[behind.index(amounts[0]) + 1 :]
    return PastedLine(code, _amount(amounts[0], in_trieu), _note(after))


def _looks_like_amount(cell: str, in_trieu: bool) -> bool:
    if not cell or not cell[0].isdigit() or (not in_trieu and _ORDINAL.fullmatch(cell)):
        return False
    try:
        _amount(cell, in_trieu)
    except Refused:
        return False
    return True


def _amount(cell: str, in_trieu: bool) -> int:
    has_unit = any(letter.isalpha() or letter == "₫" for letter in cell)
    return read_amount(f"{cell} triệu" if in_trieu and not has_unit else cell)


def _note(cells: list[str]) -> str:
    """The words behind the amount."""
    words = next((cell for cell in cells if cell), "")
    return clean_line(words, "Ghi chú") if words else ""
