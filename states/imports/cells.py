"""What one cell of a register says: an amount, a day, a span of time, a line, or a refusal that says what to type."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from states.facts import LARGEST_AMOUNT
from states.folding import clean_line, fold, nfc, quoted
from states.imports.heads import Value
from states.reading import FIRST_YEAR, LAST_YEAR, read_amount, read_date, read_quantity
from states.refusal import Refused
from states.words import format_date, format_dong

#: A whole amount below this is triệu that somebody forgot to say, and never what a project costs in đồng.
SMALLEST_DONG = 100_000
_NOTHING = frozenset("-–—−./")
_UNIT_WORDS = {10**9: "tỷ", 10**6: "triệu", 10**3: "nghìn"}
_FAULTS = ("#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#N/A", "#NULL!", "#NUM!")


def says_nothing(value: Value) -> bool:
    """Is a cell empty, or a dash that stands for it?"""
    return value is None or (isinstance(value, str) and (not value.strip() or set(value.strip()) <= _NOTHING))


def read_line(value: Value, what: str) -> str:
    """One line of text; line breaks inside a cell are spaces. Raises Refused."""
    if isinstance(value, bool | date):
        raise Refused(f"{_begin(what)} phải là chữ, ô này là {_shown(value)}; hãy gõ lại.")
    text = str(value)
    _refuse_fault(text)
    return clean_line(" ".join(text.split()), what)


def read_money(value: Value, scale: int | None) -> int:
    """An amount in đồng. `scale` is what the head says one unit is; what the cell says itself wins.

    Raises Refused for what is not exact, and for a small number where nothing says that it is triệu.
    """
    if isinstance(value, bool | date) or value is None:
        raise Refused(f"Số tiền đang là {_shown(value)}; hãy gõ số đồng, ví dụ 300.000.000.")
    if isinstance(value, str):
        _refuse_fault(value)
        unit = None if any(letter.isalpha() or letter == "₫" for letter in value) else _UNIT_WORDS.get(scale or 1)
        says_unit = unit is None and any(letter.isalpha() or letter == "₫" for letter in value)
        amount = read_amount(f"{value} {unit}" if unit else value)
        if scale is None and not says_unit:
            _refuse_small(amount, value)
    else:
        exact = value * (scale or 1)
        if exact < 0:
            raise Refused(f"Số tiền {value} là số âm; hãy gõ số tiền từ 0 đồng trở lên.")
        if exact != int(exact):
            raise Refused(f"Số tiền {value} có phần lẻ nhỏ hơn một đồng; hãy gõ số đồng nguyên.")
        amount = int(exact)
        if scale is None:
            _refuse_small(amount, str(value))
    if amount > LARGEST_AMOUNT:
        raise Refused(f"Số tiền {format_dong(amount)} quá lớn; hãy kiểm tra đơn vị tính ghi ở tiêu đề cột.")
    return amount


def _refuse_small(amount: int, typed: str) -> None:
    if 0 < amount < SMALLEST_DONG:
        raise Refused(
            f"Số tiền {quoted(typed)} chưa rõ là đồng hay triệu đồng; hãy ghi đơn vị ở tiêu đề cột, ví dụ (triệu đồng)."
        )


def read_count(value: Value) -> int:
    """A count of things. Raises Refused."""
    if isinstance(value, bool | date) or value is None:
        raise Refused(f"Số lượng đang là {_shown(value)}; hãy gõ một số nguyên từ 0 trở lên.")
    if isinstance(value, str):
        _refuse_fault(value)
        return read_quantity(re.sub(r"[^0-9.,\- ]", "", value) if value[:1].isdigit() else value)
    if value < 0 or value != int(value) or value > LARGEST_AMOUNT:
        raise Refused(f"Số lượng {value} không dùng được; hãy gõ một số nguyên từ 0 trở lên.")
    return int(value)


def read_year(value: Value) -> int:
    """A year of four digits. Raises Refused."""
    found = re.search(r"(?<![0-9])(20[0-9]{2}|19[0-9]{2})(?![0-9])", str(value))
    if isinstance(value, date) or found is None:
        raise Refused(f"Năm {quoted(str(value))} không đọc được; hãy gõ năm bốn chữ số, ví dụ 2026.")
    return int(found[1])


@dataclass(frozen=True, slots=True)
class Span:
    """The first and last day of what a cell says; `note` tells how words were understood, empty for plain days."""

    first: date
    last: date
    note: str = ""


def read_span(value: Value, year: int | None) -> Span:
    """A day, month, quarter, year or a stretch between two of these; `year` is that of the row, for words without one.

    Raises Refused for what cannot be understood, and for words without a year where the row has none.
    """
    if isinstance(value, date):
        return Span(value, value)
    if isinstance(value, bool) or value is None:
        raise Refused("Thời gian không đọc được; hãy gõ ngày dạng 05/08/2026.")
    typed = nfc(str(value)).strip()
    _refuse_fault(typed)
    try:
        day = read_date(typed)
    except Refused as refused:
        if _LOOKS_WHOLE.fullmatch(typed):
            raise refused from None
    else:
        return Span(day, day)
    words = re.sub(r"\s*([/.])\s*", r"\1", fold(typed))
    first, last = _between(words, year, typed)
    return Span(first, last, f"{quoted(typed)} được hiểu là từ {format_date(first)} đến {format_date(last)}")


_LOOKS_WHOLE = re.compile(r"[0-9]{1,4} ?[-/.] ?[0-9]{1,2} ?[-/.] ?[0-9]{2,4}")
_TO = re.compile(r"\s*(?:\bden\b|\btoi\b|->|[–—-])\s*(?:het )?")
_YEAR = r"(?:(?:[/.\-, ]| nam )\s*(?P<year>[0-9]{4}))?"
_DAY = re.compile(rf"(?:ngay )?(?P<day>[0-9]{{1,2}})[/.](?P<month>[0-9]{{1,2}}){_YEAR}")
_MONTH = re.compile(rf"(?:thang|thg|t)[. ]*(?P<month>[0-9]{{1,2}}){_YEAR}")
_BARE_MONTH = re.compile(r"(?P<month>[0-9]{1,2})[/.](?P<year>[0-9]{4})")
_QUARTER = re.compile(rf"(?:quy|q)[. ]*(?P<quarter>iv|i{{1,3}}|[1-4]){_YEAR}")
_HALF = re.compile(r"(?:6|sau) thang (?P<half>dau|cuoi)(?: nam)?(?: (?P<year>[0-9]{4}))?")
_WHOLE = re.compile(r"(?:ca |trong )?(?:nam )?(?P<year>[0-9]{4})|(?:ca|trong) nam")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_UNITS = re.compile(r"(thang|thg|quy|ngay|t|q)[. ]*(?=[0-9iv])")


def _between(words: str, year: int | None, typed: str) -> tuple[date, date]:
    parts = [part for part in _TO.split(re.sub(r"^tu ", "", words)) if part]
    if len(parts) == 1:
        return _point(parts[0], year, typed)
    if len(parts) != 2:
        raise _unclear(typed)
    named = re.search(r"[0-9]{4}", parts[1]) or re.search(r"[0-9]{4}", parts[0])
    year = int(named[0]) if named else year
    # "tháng 3 - 11/2026", "quý I - III": what the first part is called holds for the second too.
    unit = _UNITS.match(parts[0])
    if unit and not _UNITS.match(parts[1]) and not parts[1].startswith("nam"):
        parts[1] = f"{unit[1]} {parts[1]}"
    first, _ = _point(parts[0], year, typed)
    _, last = _point(parts[1], year, typed)
    return first, last


def _point(words: str, year: int | None, typed: str) -> tuple[date, date]:
    words = words.strip(" .,;")
    for pattern in (_BARE_MONTH, _DAY, _MONTH, _QUARTER, _HALF, _WHOLE):
        found = pattern.fullmatch(words)
        if found is None:
            continue
        parts = found.groupdict()
        said = int(parts["year"]) if parts.get("year") else year
        if said is None:
            raise Refused(f"Thời gian {quoted(typed)} chưa có năm; hãy ghi thêm năm, ví dụ quý III/2026.")
        if not FIRST_YEAR <= said <= LAST_YEAR:
            raise _unclear(typed)
        return _days(parts, said, typed)
    raise _unclear(typed)


def _days(parts: dict[str, str], year: int, typed: str) -> tuple[date, date]:
    if parts.get("day"):
        day = read_date(f"{parts['day']}/{parts['month']}/{year}")
        return day, day
    if parts.get("half"):
        return (
            (date(year, 1, 1), date(year, 6, 30)) if parts["half"] == "dau" else (date(year, 7, 1), date(year, 12, 31))
        )
    if parts.get("quarter"):
        quarter = _QUARTERS.get(parts["quarter"]) or int(parts["quarter"])
        return date(year, 3 * quarter - 2, 1), date(year, 3 * quarter, monthrange(year, 3 * quarter)[1])
    if parts.get("month"):
        month = int(parts["month"])
        if not 1 <= month <= 12:
            raise _unclear(typed)
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)


def _unclear(typed: str) -> Refused:
    return Refused(
        f"Thời gian {quoted(typed)} không đọc được; hãy gõ ngày (05/08/2026), tháng (tháng 8/2026), quý (quý III/2026) "
        "hoặc hai mốc cách nhau bằng dấu gạch."
    )


def _refuse_fault(text: str) -> None:
    if text.strip().upper() in _FAULTS:
        raise Refused(f"Ô đang báo lỗi {text.strip()}; hãy sửa công thức hoặc gõ giá trị.")


def _begin(what: str) -> str:
    return what[:1].upper() + what[1:]


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "TRUE/FALSE"
    if isinstance(value, date):
        return f"ngày {format_date(value)}"
    return "ô trống" if value is None else quoted(str(value))


def as_number(value: Value) -> int | Decimal | None:
    """The number of a cell that holds one."""
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
