"""The same reminders for Zalo: short, plain, and without what must not leave the office.

A project's name may hold that of a firm, so only the task, the code, the deadline and the link are sent. The
first line of each text is fit to be the subject of its Message; a channel does not repeat it.
"""

from datetime import date

from notifications.letters.entries import ranked, time_left, title, trace
from notifications.letters.reminders import count_tasks
from notifications.letters.values import Digest, Item, Waiting
from notifications.letters.words import short_date, shorten

#: Zalo takes 2,000; the rest is a margin for a server that counts line ends or marks otherwise.
LIMIT = 1900

_CODE = 60


def write_zalo(digest: Digest) -> str:
    """Write the morning digest: whole tasks as long as they fit, the others counted in the last line."""
    lines = [f"Chào anh/chị, ngày {short_date(digest.on)} anh/chị có {count_tasks(digest)}."]
    left = len(digest.items)
    for each, items in ranked(digest.items, digest.on):
        heading = f"\n{each.title.upper()} ({len(items)})\n"
        for item in items:
            block = f"{heading}• {_line(item, digest.on)}\n  {item.link}"
            rest = _rest(left - 1)
            if _size("\n".join([*lines, block, *rest])) > LIMIT:
                return "\n".join([*lines, *_rest(left)]) + "\n"
            lines.append(block)
            heading, left = "", left - 1
    called = [] if digest.items else list(dict.fromkeys(mention.link for mention in digest.mentions))
    for link in called:
        if _size("\n".join([*lines, link])) > LIMIT:
            break
        lines.append(link)
    return "\n".join(lines) + "\n"


def write_zalo_item(item: Item | Waiting, *, on: date) -> str:
    """Write about one task; a link too long to fit is left to the letter, never cut."""
    lines = [f"[Khuyến công] {_line(item, on)}.", trace(item)]
    whole = [lines[0], f"Mở hồ sơ: {item.link}", lines[1]]
    return "\n".join(whole if _size("\n".join(whole)) < LIMIT else lines) + "\n"


def _line(item: Item | Waiting, on: date) -> str:
    named = f"{title(item)} – {shorten(item.code, _CODE)}"
    if isinstance(item, Waiting):
        return f"{named}: chờ từ {short_date(item.since)}"
    provisional = " (tạm tính)" if item.provisional else ""
    if on == item.rolled_on:
        return f"{named}: hạn hôm nay {short_date(on)}{provisional}"
    aim = f", nên xong {short_date(item.safe_on)}" if on <= item.safe_on < item.rolled_on else ""
    return f"{named}: hạn {short_date(item.rolled_on)}{provisional}{aim}, {time_left(item, on)}"


def _rest(count: int) -> list[str]:
    return [f"\n… và {count} việc khác, xem trong thư."] if count else []


def _size(text: str) -> int:
    """Count as Zalo may count: in UTF-16, where a rare sign is two; the line end that closes the text is one."""
    return len(text.encode("utf-16-le")) // 2 + 1
