"""Deadlines as a calendar file (RFC 5545) that a mail program offers to take over."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from notifications.letters.entries import title
from notifications.letters.values import Item, Task
from notifications.letters.words import full_date
from notifications.message import Attachment

#: The method stands in the type too: without it Outlook shows a file and not an appointment.
_MEDIA_TYPE = "text/calendar; method=PUBLISH; charset=utf-8"
_FILE_NAME = "han-xu-ly.ics"

# RFC 5545 3.1: octets of a line without its end; a continuation begins with a space that counts.
_LINE_OCTETS = 75

_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def calendar_files(tasks: Iterable[Task], created_at: datetime) -> tuple[Attachment, ...]:
    """Write the deadlines among the tasks as one file, or none when no task has a deadline.

    A deadline that two obligations share (one's own and a colleague's) stands once, with its newest dates.
    """
    items = [task for task in tasks if isinstance(task, Item)]
    newest = {item.deadline_key: item for item in sorted(items, key=lambda item: item.sequence)}
    if not newest:
        return ()
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//dean//nhac viec//VI", "METHOD:PUBLISH"]
    for item in newest.values():
        lines += _event(item, created_at)
    content = "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])
    return (Attachment(name=_FILE_NAME, media_type=_MEDIA_TYPE, content=content.encode()),)


def calendar_feed(items: Iterable[tuple[Item, datetime]], *, name: str) -> bytes:
    """Write deadlines as a calendar that a program fetches again and again; each comes with when it last changed.

    The same deadlines give the same octets, so that a program which asks again can be told that nothing changed.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//dean//nhac viec//VI", "CALSCALE:GREGORIAN"]
    # RFC 7986 5.1 and 5.7, and the older names of the same that Outlook and Google read.
    called = name.translate(_ESCAPES)
    lines += [
        f"NAME:{called}",
        f"X-WR-CALNAME:{called}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    for item, changed_at in items:
        lines += _event(item, changed_at)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def event_id(deadline_key: str) -> str:
    """Name the event after its deadline, so that new dates replace the old entry in the reader's calendar."""
    return str(uuid5(NAMESPACE_URL, f"deadline:{deadline_key}"))


def _event(item: Item, created_at: datetime) -> list[str]:
    about = [f"Hạn: {full_date(item.rolled_on)}."]
    about += [f"Nên xong chậm nhất {full_date(item.safe_on)}."] if item.safe_on < item.rolled_on else []
    about += [f"Đề án {item.code}."]
    about += ["Tạm tính: lịch nghỉ chưa xác nhận."] if item.provisional else []
    return [
        "BEGIN:VEVENT",
        f"UID:{event_id(item.deadline_key)}",
        f"SEQUENCE:{item.sequence}",
        f"DTSTAMP:{created_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{_day(item.safe_on)}",
        f"DTEND;VALUE=DATE:{_day(item.safe_on + timedelta(days=1))}",
        f"SUMMARY:{f'Hạn: {title(item)} – {item.code}'.translate(_ESCAPES)}",
        f"DESCRIPTION:{chr(10).join(about).translate(_ESCAPES)}",
        f"URL:{item.link}",
        f"STATUS:{'TENTATIVE' if item.provisional else 'CONFIRMED'}",
        # A deadline does not make its day busy.
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _day(day: date) -> str:
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def _folded(line: str) -> str:
    """Fold a line to 75 octets, never inside a letter (base and marks are one code after NFC)."""
    if len(line) <= _LINE_OCTETS and line.isascii():
        return line
    parts: list[bytes] = []
    octets, start = line.encode(), 0
    while start < len(octets):
        end = start + _LINE_OCTETS - (1 if parts else 0)
        # An octet 10xxxxxx goes on with the letter before it.
        while end < len(octets) and octets[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(octets[start:end])
        start = end
    return b"\r\n ".join(parts).decode()
