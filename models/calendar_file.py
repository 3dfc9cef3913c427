"""The calendar as a file: read, checked, and handed on as the value that states count with."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, ValidationError
from pydantic_core import ErrorDetails

from models.forms import Line
from states.calendar import Calendar
from states.folding import quoted
from states.listed_days import DayKind, ListedDay, Weekend
from states.refusal import Refused
from states.words import format_date

CALENDAR = Path(__file__).parent / "reference" / "calendar.yaml"
LARGEST_VERSION = 2**31 - 1

Text = Annotated[Line, Field(min_length=1)]
Weekday = Annotated[StrictInt, Field(ge=1, le=7)]


# What pydantic calls the commonest slips.
SENTENCES = {
    "missing": "còn thiếu",
    "extra_forbidden": "không có trong mẫu",
    "string_too_short": "không được để trống",
    # What a text that became empty when it was trimmed is called.
    "too_short": "không được để trống",
    "string_type": "phải là dòng chữ",
    "bool_type": "phải là true hoặc false",
    "int_type": "phải là số nguyên",
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DayLine(_Part):
    """A line of a year: without `verified` a day is as sure as its year."""

    date: dt.date
    name: Text
    basis: Text
    verified: StrictBool | None = None
    switchable: StrictBool = False
    active: StrictBool = True
    swap_with: dt.date | None = None


class YearPart(_Part):
    """A year with the days off and the weekend days worked that stand in its notices."""

    year: StrictInt
    confirmed: StrictBool
    days_off: tuple[DayLine, ...] = ()
    working_days: tuple[DayLine, ...] = ()


class WeekendPart(_Part):
    """The weekly rule."""

    weekdays: tuple[Weekday, ...] = Field(max_length=6)
    basis: Text
    verified: StrictBool


class CalendarFile(_Part):
    """The whole file. `bases` maps the short names that the lines cite to the papers that people read."""

    schema_version: Literal[1]
    version: StrictInt = Field(ge=1, le=LARGEST_VERSION)
    jurisdiction: Text
    weekend: WeekendPart
    bases: dict[str, Text]
    years: tuple[YearPart, ...]


def read_calendar_file(path: Path = CALENDAR) -> Calendar:
    """Read a calendar file.

    Raises Refused, with every reason found, for a file that cannot be read, lines of the wrong form, papers
    that are cited and not named, lines under the wrong year, and days that contradict each other.
    """
    file = _parse(path)
    if reasons := _misplaced(file):
        raise Refused(*reasons)
    return Calendar(
        jurisdiction=file.jurisdiction,
        version=file.version,
        weekend=Weekend(
            weekdays=frozenset(file.weekend.weekdays), basis=file.weekend.basis, verified=file.weekend.verified
        ),
        days=tuple(
            _listed(line, kind, file.bases, confirmed=part.confirmed)
            for part in file.years
            for kind, lines in ((DayKind.OFF, part.days_off), (DayKind.WORK, part.working_days))
            for line in lines
        ),
        confirmed_years=frozenset(part.year for part in file.years if part.confirmed),
    )


def _parse(path: Path) -> CalendarFile:
    subject = f"Tệp lịch {path.name}"
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{subject} không mở được; hãy kiểm tra đường dẫn và bảng mã UTF-8.") from error
    except yaml.YAMLError as error:
        raise Refused(f"{subject} không đúng cú pháp YAML{_line_of(error)}; hãy sửa rồi nạp lại.") from error
    except ValueError as error:
        # The YAML reader itself turns 2026-02-30 into a date, and fails without telling where.
        raise Refused(f"{subject} có một ngày không có thật (ví dụ 30/02); hãy sửa rồi nạp lại.") from error
    try:
        return CalendarFile.model_validate(loaded)
    except ValidationError as error:
        raise Refused(*(_say(found, subject) for found in error.errors())) from error


def _say(found: ErrorDetails, subject: str) -> str:
    """Put one finding into words, with the place in the file, such as years.6.days_off.2.name."""
    place = ".".join(str(part) for part in found["loc"])
    cause = found.get("ctx", {}).get("error")
    if isinstance(cause, Refused):
        return f"{subject}, mục {place}: {cause}"
    wrong = SENTENCES.get(found["type"], "không đúng dạng")
    return f"{subject}{', mục ' if place else ''}{place} {wrong}; hãy xem phần ghi chú đầu tệp mẫu rồi sửa lại."


def _listed(line: DayLine, kind: DayKind, bases: dict[str, str], *, confirmed: bool) -> ListedDay:
    return ListedDay(
        day=line.date,
        kind=kind,
        name=line.name,
        basis=bases[line.basis],
        verified=confirmed if line.verified is None else line.verified,
        switchable=line.switchable,
        active=line.active,
        swap_with=line.swap_with,
    )


def _misplaced(file: CalendarFile) -> list[str]:
    """Return what is wrong with the arrangement of the file, which the calendar itself cannot see."""
    reasons: list[str] = []
    seen: set[int] = set()
    for part in file.years:
        if part.year in seen:
            reasons.append(f"Năm {part.year} được ghi hai lần trong tệp lịch; hãy gộp thành một năm.")
        seen.add(part.year)
        for line in (*part.days_off, *part.working_days):
            day = format_date(line.date)
            if line.date.year != part.year:
                reasons.append(
                    f"Ngày {day} nằm trong năm {part.year} của tệp lịch; hãy chuyển về năm {line.date.year}."
                )
            if line.basis not in file.bases:
                reasons.append(f"Ngày {day} dẫn căn cứ {quoted(line.basis)} chưa có ở mục bases; hãy thêm văn bản đó.")
    return reasons


def _line_of(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f" (dòng {mark.line + 1})" if mark else ""
