"""What a calendar lists: the days that depart from the weekly rule, and what may not stand in one list."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from states.reading import FIRST_YEAR, LAST_YEAR
from states.vocabulary import Labelled
from states.words import format_date

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


class DayKind(Labelled):
    """What a listed day is, whatever its weekday."""

    OFF = "off", "ngày nghỉ"
    WORK = "work", "ngày làm việc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekend:
    """The weekly days of rest, as ISO weekdays (Monday is 1)."""

    weekdays: frozenset[int]
    basis: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDay:
    """One day that departs from the weekly rule, or that only gets a name and a paper (a holiday on a Sunday).

    `basis` is the paper as people cite it. A `switchable` day may be turned on and off by a person, which is
    how a day off that is announced but not yet law is kept; while `active` is false it changes nothing.
    `swap_with` is the other day of a swap: a weekday off and a Saturday worked name each other.
    """

    day: date
    kind: DayKind
    name: str
    basis: str
    verified: bool
    switchable: bool = False
    active: bool = True
    swap_with: date | None = None

    def departs(self, weekend: Weekend) -> bool:
        """Tell whether an office would behave differently without this line."""
        return (self.kind is DayKind.OFF) is not (self.day.isoweekday() in weekend.weekdays)


def weekday_name(day: date) -> str:
    """Return the weekday as Vietnamese papers write it."""
    return WEEKDAYS[day.weekday()]


def contradictions(days: Iterable[ListedDay], weekend: Weekend, confirmed_years: Iterable[int]) -> list[str]:
    """Return one sentence for everything that cannot stand in one calendar; none when it is sound."""
    by_day: dict[date, ListedDay] = {}
    reasons: list[str] = []
    for listed in sorted(days, key=lambda listed: listed.day):
        first = by_day.setdefault(listed.day, listed)
        reasons += [_twice(first, listed)] if first is not listed else _alone(listed)
    for listed in by_day.values():
        reasons += _swap(listed, by_day, weekend)
    listed_years = {day.year for day in by_day}
    reasons += [
        f"Năm {year} ghi đã xác nhận nhưng lịch không có ngày nào của năm đó; hãy nhập các ngày nghỉ trước."
        for year in sorted(set(confirmed_years) - listed_years)
    ]
    return reasons


def _twice(first: ListedDay, second: ListedDay) -> str:
    day = format_date(first.day)
    if first.kind is second.kind:
        return (
            f"Ngày {day} được ghi là {first.kind.label} hai lần (“{first.name}” và “{second.name}”);"
            " hãy chỉ giữ một dòng."
        )
    off, work = (first, second) if first.kind is DayKind.OFF else (second, first)
    return (
        f"Ngày {day} vừa là ngày nghỉ (“{off.name}”) vừa là ngày làm việc (“{work.name}”);"
        " hãy chỉ giữ dòng đúng với văn bản."
    )


def _alone(listed: ListedDay) -> Iterator[str]:
    """Yield what is wrong with a line by itself."""
    day = format_date(listed.day)
    if not FIRST_YEAR <= listed.day.year <= LAST_YEAR:
        yield f"Ngày {day} nằm ngoài lịch; hãy ghi năm từ {FIRST_YEAR} đến {LAST_YEAR}."
    if not listed.name.strip():
        yield f"Ngày {day} chưa có tên; hãy ghi tên ngày nghỉ hoặc lý do làm bù."
    if not listed.basis.strip():
        yield f"Ngày {day} chưa có căn cứ; hãy ghi số, ký hiệu của văn bản."
    if not (listed.active or listed.switchable):
        yield f"Ngày {day} đang tắt nhưng không phải ngày bật tắt được; hãy cho phép bật tắt hoặc bỏ dòng này."


def _swap(listed: ListedDay, by_day: Mapping[date, ListedDay], weekend: Weekend) -> Iterator[str]:
    """Yield what is wrong with one half of a swap; a fault of the pair is told once, at its first day."""
    if listed.swap_with is None:
        return
    day, partner = format_date(listed.day), format_date(listed.swap_with)
    other = by_day.get(listed.swap_with)
    if other is None:
        yield f"Ngày {day} hoán đổi với ngày {partner} nhưng lịch không có ngày {partner}; hãy ghi cả hai ngày."
    elif other.swap_with != listed.day:
        yield f"Ngày {day} hoán đổi với ngày {partner} nhưng ngày {partner} không ghi lại như vậy; hãy sửa cho khớp."
    elif listed.day <= other.day and listed.kind is other.kind:
        yield f"Ngày {day} và ngày {partner} hoán đổi cho nhau nên phải có một ngày nghỉ, một ngày làm; hãy sửa lại."
    elif listed.day < other.day and listed.active is not other.active:
        yield f"Ngày {day} và ngày {partner} hoán đổi cho nhau nên phải cùng bật hoặc cùng tắt; hãy sửa lại."
    if not listed.departs(weekend):
        already = "ngày nghỉ hằng tuần" if listed.kind is DayKind.OFF else "ngày làm việc"
        yield f"Ngày {day} là {weekday_name(listed.day)}, vốn là {already}, nên không hoán đổi được; hãy kiểm tra ngày."
