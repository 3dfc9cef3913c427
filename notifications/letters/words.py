"""Dates, counts and names as a letter prints them."""

import unicodedata
from datetime import date, datetime

from notifications.message import BadMessage

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

ELLIPSIS = "…"


def plain(value: str) -> str:
    """Bring a value to one line of NFC text without invisible characters.

    A letter must not be lost because of a name pasted from Word, so line breaks become spaces, and controls
    and format characters (which can turn the reading direction of a whole line) go.
    """
    if value.isprintable() and "  " not in value and unicodedata.is_normalized("NFC", value):
        return value.strip()
    kept = "".join(c for c in " ".join(value.split()) if unicodedata.category(c) not in {"Cc", "Cf", "Cs"})
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def web_link(value: str, label: str) -> str:
    """Check a link that a reader will press; raises BadMessage for anything that is not http(s).

    Brackets and quotes are refused because a mail header and a text part end a link at them.
    """
    well_formed = value.startswith(("https://", "http://")) and value.isascii() and value.isprintable()
    if not well_formed or set(' <>"') & set(value):
        raise BadMessage(f"{label} phải bắt đầu bằng https:// hoặc http:// và không có khoảng trắng; hãy sửa lại.")
    return value


def shorten(value: str, limit: int) -> str:
    """Cut a text to a number of characters, between words where there are any, never inside a letter."""
    if len(value) <= limit:
        return value
    end = limit - len(ELLIPSIS)
    space = value.rfind(" ", 0, end + 1)
    if space > 0:
        return value[:space].rstrip(" ,;:–-") + ELLIPSIS
    # A letter that Unicode has no single code for is a base with marks behind it.
    while end > 0 and unicodedata.combining(value[end]):
        end -= 1
    return value[:end] + ELLIPSIS


def short_date(day: date) -> str:
    """Print a date as dd/MM/yyyy."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def full_date(day: date) -> str:
    """Print a date with its weekday, which is how an office talks about a deadline."""
    return f"{_WEEKDAYS[day.weekday()]} {short_date(day)}"


def clock_time(at: datetime) -> str:
    """Print an instant in the zone it is given in."""
    return f"{at.hour:02d} giờ {at.minute:02d} ngày {short_date(at)}"


def workdays(count: int) -> str:
    return f"{count} ngày làm việc"


def upper_first(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
