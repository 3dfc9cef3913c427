"""Reporting periods: from which day to which day a report counts, and when it is due. Basis: NĐ 09/2019/NĐ-CP."""

import re
from dataclasses import dataclass
from datetime import date

from states.calendar import Calendar
from states.counting import Days, Due, Workdays, add_days, due
from states.folding import fold, quoted
from states.refusal import Refused
from states.vocabulary import Labelled

#: The article of the windows was not seen, only what it says.
WINDOW_BASIS = "NĐ 09/2019/NĐ-CP"
DUE_BASIS = "NĐ 09/2019/NĐ-CP Điều 8 khoản 5"
#: A report may not be asked for sooner than one working day after its cut-off.
DUE_AFTER = Workdays(1)
#: A window runs from the 15th of a month to the 14th of another.
FIRST_DAY, LAST_DAY = 15, 14
#: The years in which a plan or a report can stand; the first window of a year begins in the year before.
FIRST_YEAR, LAST_YEAR = 2000, 2100

EXAMPLES = "tháng 3/2026, quý 1/2026, 6 tháng đầu năm 2026, năm 2026 hoặc giai đoạn 2021-2025"


class PeriodKind(Labelled):
    """How much a report covers."""

    MONTH = "month", "Báo cáo tháng"
    QUARTER = "quarter", "Báo cáo quý"
    HALF_YEAR = "half_year", "Báo cáo 6 tháng"
    YEAR = "year", "Báo cáo năm"
    PROGRAMME = "programme", "Báo cáo cả giai đoạn"


#: How many months a period has; those of a year follow each other without a gap.
_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF_YEAR: 6, PeriodKind.YEAR: 12}
_NUMBERED = {PeriodKind.MONTH: "tháng", PeriodKind.QUARTER: "quý", PeriodKind.HALF_YEAR: "nửa năm thứ"}
#: What is known of these windows comes from secondary sources. Basis: domain notes §2.5, §4.
_SECOND_HAND = frozenset({PeriodKind.MONTH, PeriodKind.QUARTER})


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a report counts, both included. `label` is how sentences and headings call it.

    `doubt` says what about the window was not verified, and is empty where nothing is in doubt.
    """

    kind: PeriodKind
    first: date
    last: date
    label: str
    basis: str
    doubt: str = ""

    @property
    def cutoff(self) -> date:
        """The day of the data: what happened later belongs to the next report."""
        return self.last

    @property
    def verified(self) -> bool:
        return not self.doubt

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last


def period(kind: PeriodKind, year: int, no: int = 1) -> Period:
    """The window of the no-th month, quarter or half of a year, or of the year itself.

    Raises Refused for a year or number that there is not, and ValueError for a programme, which has no window of
    its own: see `programme_period`.
    """
    if kind is PeriodKind.PROGRAMME:
        raise ValueError("a programme has two years: use programme_period")
    _check_year(year)
    months = _MONTHS[kind]
    if kind is PeriodKind.YEAR and no != 1:
        raise Refused(f"Báo cáo năm không có số thứ tự; hãy bỏ số {no}.")
    if not 1 <= no <= 12 // months:
        raise Refused(f"Không có {_NUMBERED[kind]} {no} trong một năm; hãy gõ số từ 1 đến {12 // months}.")
    before, end = months * (no - 1), months * no
    first = date(year, before, FIRST_DAY) if before else date(year - 1, 12, FIRST_DAY)
    doubt = ""
    if kind in _SECOND_HAND:
        doubt = f"kỳ {_NUMBERED[kind]} từ ngày {FIRST_DAY} đến ngày {LAST_DAY} mới đọc qua nguồn thứ cấp"
    return Period(kind, first, date(year, end, LAST_DAY), _label(kind, year, no), WINDOW_BASIS, doubt)


def programme_period(first_year: int, last_year: int) -> Period:
    """The whole of a programme, whose years are calendar years. Raises Refused when they are not in order.

    Basis: the programme itself; no decree gives its report a window.
    """
    _check_year(first_year)
    _check_year(last_year)
    if last_year < first_year:
        raise Refused(
            f"Giai đoạn {first_year}–{last_year} kết thúc trước khi bắt đầu; hãy gõ năm đầu rồi đến năm cuối."
        )
    label = f"giai đoạn {first_year}–{last_year}"
    basis = "Quyết định ban hành chương trình"
    return Period(PeriodKind.PROGRAMME, date(first_year, 1, 1), date(last_year, 12, 31), label, basis)


def due_on(reported: Period, calendar: Calendar) -> Due:
    """The earliest day on which the report can be due: one working day after the cut-off. Basis: DUE_BASIS."""
    return due(reported.cutoff, DUE_AFTER, calendar)


def next_period(reported: Period) -> Period:
    """The window that begins on the day after this one. Raises Refused after the last year, and for a programme."""
    if reported.kind is PeriodKind.PROGRAMME:
        raise Refused("Sau một giai đoạn không có kỳ báo cáo kế tiếp; hãy gõ kỳ báo cáo của giai đoạn sau.")
    first = add_days(reported.last, Days(1))
    # A window that begins in December belongs to the year after, as its first one.
    months = first.month % 12
    return period(reported.kind, first.year + (first.month == 12), months // _MONTHS[reported.kind] + 1)


_HALVES = {"dau": 1, "cuoi": 2}
_ROMAN_NUMERALS = ("I", "II", "III", "IV")
_ROMAN = {numeral.lower(): no for no, numeral in enumerate(_ROMAN_NUMERALS, start=1)}
_YEAR = r"(?:nam )?(?P<year>[0-9]{4})"
_FORMS = (
    (PeriodKind.MONTH, re.compile(rf"(?:thang |t)?(?P<no>[0-9]{{1,2}}) ?(?:[/-] ?| ){_YEAR}")),
    (PeriodKind.QUARTER, re.compile(rf"(?:quy |q)(?P<no>[0-9]{{1,2}}|i{{1,3}}|iv) ?(?:[/-] ?| ){_YEAR}")),
    (PeriodKind.HALF_YEAR, re.compile(rf"(?:6|sau) thang (?P<no>dau|cuoi) {_YEAR}")),
    (PeriodKind.YEAR, re.compile(_YEAR)),
)
_PROGRAMME = re.compile(r"giai doan(?: (?P<first>[0-9]{4}) ?- ?(?P<last>[0-9]{4}))?")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")


def read_period(text: str, *, programme: tuple[int, int] | None = None) -> Period:
    """Read "tháng 3/2026", "quý I/2026", "6 tháng đầu năm 2026", "năm 2026", "giai đoạn 2021-2025"; accents optional.

    `programme` gives the years of "giai đoạn" alone. Raises Refused with examples for anything else.
    """
    typed = _DASHES.sub("-", fold(text))
    if whole := _PROGRAMME.fullmatch(typed):
        years = (int(whole["first"]), int(whole["last"])) if whole["first"] else programme
        if years is None:
            raise Refused("Chưa biết giai đoạn nào; hãy gõ cả hai năm, ví dụ giai đoạn 2021-2025.")
        return programme_period(*years)
    for kind, form in _FORMS:
        if match := form.fullmatch(typed):
            return period(kind, int(match["year"]), _number(match.groupdict().get("no") or "1"))
    raise Refused(f"Không đọc được kỳ báo cáo {quoted(text)}; hãy gõ {EXAMPLES}.")


def _number(typed: str) -> int:
    return _HALVES.get(typed) or _ROMAN.get(typed) or int(typed)


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"Năm {year} không có kỳ báo cáo; hãy gõ năm từ {FIRST_YEAR} đến {LAST_YEAR}.")


def _label(kind: PeriodKind, year: int, no: int) -> str:
    match kind:
        case PeriodKind.MONTH:
            return f"tháng {no:02d} năm {year}"
        case PeriodKind.QUARTER:
            return f"quý {_ROMAN_NUMERALS[no - 1]} năm {year}"
        case PeriodKind.HALF_YEAR:
            return f"6 tháng {'đầu' if no == 1 else 'cuối'} năm {year}"
        case _:
            return f"năm {year}"
