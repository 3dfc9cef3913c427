"""What people type: amounts, dates, codes and numbers, read in one way or refused with a sentence."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from states.folding import fold, nfc, quoted
from states.refusal import Refused
from states.vocabulary import Labelled
from states.words import format_date, format_dong, format_number

Word = TypeVar("Word", bound=Labelled)

LARGEST = 2**63 - 1
# Longer figures are far above LARGEST; Python itself refuses to convert some thousands of digits.
LONGEST_FIGURES = 60
# A year outside these is a slip of the finger: every paper of this work was signed within living memory.
FIRST_YEAR, LAST_YEAR = 1900, 2100

AMOUNT_EXAMPLES = "300.000.000, 300tr hoặc 1,5 tỷ"
DATE_EXAMPLES = "05/08/2026 hoặc 2026-08-05"
CODE_EXAMPLE = "KC-VL-2024-007"

# How many zeros each unit adds to the digits before it.
UNIT_ZEROS = {
    **dict.fromkeys(("tỷ", "tỉ", "ty", "ti"), 9),
    **dict.fromkeys(("triệu", "trieu", "tr"), 6),
    **dict.fromkeys(("nghìn", "ngàn", "nghin", "ngan", "k"), 3),
}
FIGURES = r"[0-9]+(?:[., ][0-9]+)*"
AMOUNT = re.compile(
    rf"(?P<figures>{FIGURES})(?: ?(?P<unit>{'|'.join(UNIT_ZEROS)})\.?)?(?: ?(?:đồng|dong|đ|d|vnđ|vnd|₫)\.?)?"
)
NOT_EXACT = re.compile(
    r"[~≈±]|(?:khoảng|khoang|gần|gan|hơn|hon|trên|tren|dưới|duoi|độ|chừng|chung|tầm|tam)\b",
)

DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4}) ?(?P<mark>[-/.]) ?(?P<month>[0-9]{1,2}) ?(?P=mark) ?(?P<day>[0-9]{1,2})")
DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2}) ?(?P<mark>[-/.]) ?(?P<month>[0-9]{1,2}) ?(?P=mark) ?(?P<year>[0-9]{2,4})")
SPELLED_OUT = re.compile(
    r"(?:(?:ngày|ngay) )?(?P<day>[0-9]{1,2}) (?:tháng|thang) (?P<month>[0-9]{1,2})"
    r" (?:năm|nam) (?P<year>[0-9]{2,4})"
)
CODE = re.compile(r"kc[- ]*(?P<province>[a-z]{2,4})[- ]*(?P<year>[0-9]{4})[- ]+0*(?P<number>[1-9][0-9]{0,6})")


def read_amount(text: str) -> int:
    """Read an amount of money in đồng, at most what a 64-bit column holds.

    A dot or a space separates groups of three; a comma before "tỷ", "triệu" or "nghìn" starts the
    decimals. Equal marks, when there are several, separate groups; of two different marks the last starts
    the decimals. Raises Refused for every form that could mean two amounts ("1.5tr", "1,500 triệu"), and
    for anything that is not a whole, non-negative amount.
    """
    typed, subject = _typed(text), f"Số tiền {quoted(text)}"
    if not typed:
        raise Refused(f"Chưa có số tiền; hãy gõ số tiền, ví dụ {AMOUNT_EXAMPLES}.")
    if typed.startswith("-"):
        raise Refused(f"{subject} là số âm; hãy gõ số tiền từ 0 đồng trở lên, ví dụ {AMOUNT_EXAMPLES}.")
    if NOT_EXACT.match(typed):
        raise Refused(f"{subject} chưa phải con số chính xác; hãy gõ đúng số tiền, ví dụ {AMOUNT_EXAMPLES}.")
    match = AMOUNT.fullmatch(typed)
    zeros = UNIT_ZEROS[match["unit"]] if match and match["unit"] else 0
    readings = _readings(match["figures"], before_unit=zeros > 0) if match else []
    if not readings:
        raise Refused(f"{subject} không đọc được; hãy gõ số tiền, ví dụ {AMOUNT_EXAMPLES}.")
    remedy = f"hãy gõ số đồng nguyên hoặc ghi rõ đơn vị, ví dụ {AMOUNT_EXAMPLES}"
    return _one_number(subject, readings, zeros, show=format_dong, not_whole=f"có phần lẻ nhỏ hơn một đồng; {remedy}")


def read_quantity(text: str) -> int:
    """Read a count of things, never a part of one: digits, with or without dots between groups of three."""
    typed, subject = _typed(text), f"Số lượng {quoted(text)}"
    remedy = "hãy gõ một số nguyên từ 0 trở lên, ví dụ 17 hoặc 1.200"
    if not typed:
        raise Refused(f"Chưa có số lượng; {remedy}.")
    if typed.startswith("-"):
        raise Refused(f"{subject} là số âm; {remedy}.")
    readings = _readings(typed, before_unit=False) if re.fullmatch(FIGURES, typed) else []
    if not readings:
        raise Refused(f"{subject} không đọc được; {remedy}.")
    return _one_number(subject, readings, zeros=0, show=format_number, not_whole=f"không phải số nguyên; {remedy}")


def read_id(text: str) -> int:
    """Read the number of a row: from 1 to what a 64-bit column holds."""
    typed = _typed(text)
    remedy = f"hãy gõ một số nguyên từ 1 đến {LARGEST}, ví dụ 12"
    if not typed:
        raise Refused(f"Chưa có mã số; {remedy}.")
    if re.fullmatch(rf"[0-9]{{1,{LONGEST_FIGURES}}}", typed) and 1 <= int(typed) <= LARGEST:
        return int(typed)
    raise Refused(f"Mã số {quoted(text)} không hợp lệ; {remedy}.")


def read_date(text: str) -> date:
    """Read a date: ISO, day first as Vietnam writes it, or "ngày 5 tháng 8 năm 2026".

    Raises Refused for a year of two digits (05-08-26 has three readings), for a day that the calendar
    does not have, and for a year that no paper of this work can carry.
    """
    typed, shown = _typed(text), quoted(text)
    remedy = f"hãy gõ đủ ngày, tháng và năm bốn chữ số, ví dụ {DATE_EXAMPLES}"
    if not typed:
        raise Refused(f"Chưa có ngày tháng; {remedy}.")
    match = YEAR_FIRST.fullmatch(typed) or DAY_FIRST.fullmatch(typed) or SPELLED_OUT.fullmatch(typed)
    if match is None:
        raise Refused(f"Không đọc được ngày {shown}; {remedy}.")
    if len(match["year"]) < 4:
        raise Refused(f"Năm trong ngày {shown} chưa đủ bốn chữ số; {remedy}.")
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"Ngày {shown} có năm {year}; hãy gõ lại với năm từ {FIRST_YEAR} đến {LAST_YEAR}.")
    if not 1 <= month <= 12:
        raise Refused(f"Ngày {shown} có tháng {month}; hãy gõ ngày trước, tháng sau (từ 1 đến 12), ví dụ 05/08/2026.")
    last_day = monthrange(year, month)[1]
    if not 1 <= day <= last_day:
        month_ends = format_date(date(year, month, last_day))
        raise Refused(f"Ngày {shown} không có trong lịch; hãy gõ từ 01/{month:02d}/{year} đến {month_ends}.")
    return date(year, month, day)


def read_code(text: str) -> str:
    """Read the code of a project and return it as the register writes it: KC-<PROVINCE>-<YEAR>-<NUMBER>.

    Case, kinds of dashes, spaces, Đ for D and leading zeros do not matter: "kc vl 2024 7" is
    KC-VL-2024-007.
    """
    typed = _typed(text).replace("đ", "d")
    if not typed:
        raise Refused(f"Chưa có mã đề án; hãy gõ mã như {CODE_EXAMPLE}.")
    match = CODE.fullmatch(typed)
    if match is None or not FIRST_YEAR <= int(match["year"]) <= LAST_YEAR:
        raise Refused(f"Mã đề án {quoted(text)} không đúng mẫu; hãy gõ KC-TỈNH-NĂM-SỐ, ví dụ {CODE_EXAMPLE}.")
    return f"KC-{match['province'].upper()}-{match['year']}-{int(match['number']):03d}"


def read_pair(text: str, what: str) -> tuple[str, str]:
    """Read an option written NAME=VALUE; the value may hold further equals signs.

    `what` names the option in Vietnamese and begins the refusal.
    """
    subject = f"{what[:1].upper()}{what[1:]} {quoted(text)}"
    name, equals, value = (part.strip() for part in nfc(text).partition("="))
    if not equals:
        raise Refused(f"{subject} thiếu dấu “=”; hãy gõ theo mẫu TÊN=GIÁ TRỊ.")
    if not name:
        raise Refused(f"{subject} thiếu tên trước dấu “=”; hãy gõ theo mẫu TÊN=GIÁ TRỊ.")
    if not value:
        raise Refused(f"{subject} thiếu giá trị sau dấu “=”; hãy gõ theo mẫu TÊN=GIÁ TRỊ.")
    return name, value


def _typed(text: str) -> str:
    """Return the text in NFC and lower case, with plain spaces and hyphens."""
    return DASHES.sub("-", " ".join(nfc(text).split()).lower())


def _readings(figures: str, *, before_unit: bool) -> list[tuple[str, str]]:
    """Return every way to read the figures, as (digits, decimals); none when the groups are wrong."""
    marks = re.sub("[0-9]", "", figures)
    if not marks:
        return [(figures, "")]
    if len(set(marks)) > 1:
        head, mark, decimals = figures.rpartition(marks[-1])
        return [(_joined(head), decimals)] if mark != " " and _is_grouped(head) else []
    joined = (_joined(figures), "")
    if len(marks) > 1 or marks == " ":
        return [joined] if _is_grouped(figures) else []
    whole, decimals = figures.split(marks)
    if marks == "." and _is_grouped(figures):
        return [joined]
    if marks == "," and before_unit and not _is_grouped(figures):
        return [(whole, decimals)]
    return [(whole, decimals), joined]


def _is_grouped(figures: str) -> bool:
    """Tell whether one mark separates the digits into groups of three, as in 1.234.567."""
    return re.fullmatch(r"[1-9][0-9]{0,2}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*", figures) is not None


def _joined(figures: str) -> str:
    return re.sub("[., ]", "", figures)


def _whole_numbers(readings: list[tuple[str, str]], zeros: int) -> list[int]:
    """Shift each reading by the zeros of its unit; a reading that keeps decimals is left out."""
    exact = [(whole, decimals.rstrip("0")) for whole, decimals in readings]
    return [int(whole + decimals.ljust(zeros, "0")) for whole, decimals in exact if len(decimals) <= zeros]


def _one_number(
    subject: str, readings: list[tuple[str, str]], zeros: int, *, show: Callable[[int], str], not_whole: str
) -> int:
    """Return the number when there is one way to read it; `show` prints the numbers that a refusal names."""
    too_large = f"{subject} quá lớn; hãy gõ số không quá {show(LARGEST)}."
    if any(len(whole) > LONGEST_FIGURES for whole, _ in readings):
        raise Refused(too_large)
    numbers = _whole_numbers(readings, zeros)
    if len(numbers) < len(readings):
        raise Refused(f"{subject} {not_whole}.")
    if len(numbers) > 1:
        meanings = " hoặc ".join(show(number) for number in numbers)
        raise Refused(f"{subject} có thể hiểu là {meanings}; hãy gõ lại một trong hai cách viết đó.")
    if numbers[0] > LARGEST:
        raise Refused(too_large)
    return numbers[0]


def read_labelled(codes: type[Word], text: str, noun: str) -> Word:
    """Read a word of the vocabulary by its code or its label, accents optional. Raises Refused with every code."""
    typed = fold(text)
    for word in codes:
        if typed in (fold(word.value), fold(word.label)):
            return word
    raise Refused(f"Không có {noun} {quoted(text)}; hãy chọn một trong: {', '.join(codes)}.")


#: How far from its deadline a rung of the reminders may stand, in workdays.
FARTHEST_RUNG = 60


def read_day_of_year(value: str) -> tuple[int, int]:
    """Read a day and month that every year has. Raises Refused."""
    found = re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})", value.strip())
    if found and 1 <= int(found[2]) <= 12 and 1 <= int(found[1]) <= (28 if int(found[2]) == 2 else 30):
        return int(found[1]), int(found[2])
    raise Refused(f"Ngày trong năm {quoted(value)} không hợp lệ; hãy gõ ngày/tháng có ở mọi năm, ví dụ 15/06.")


def read_workdays(value: str) -> int:
    """Read how many workdays before (negative) or after a deadline a rung stands. Raises Refused."""
    found = re.fullmatch(r"([+-]?)([0-9]{1,2})", value.strip().replace("−", "-"), re.ASCII)
    if found and int(found[2]) <= FARTHEST_RUNG:
        return int(found[2]) * (-1 if found[1] == "-" else 1)
    raise Refused(
        f"Số ngày làm việc {quoted(value)} không hợp lệ; hãy gõ từ -{FARTHEST_RUNG} (trước hạn) đến {FARTHEST_RUNG} "
        "(quá hạn)."
    )
