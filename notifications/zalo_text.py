"""A message as Zalo shows it: plain text, and not more of it than Zalo takes."""

import unicodedata

from notifications.message import Message

LONGEST_TEXT = 1_900
"""Zalo documents 2,000 characters without saying what it counts; the rest is distance."""

_REST_IN_MAIL = "… (Tin đã được rút gọn; nội dung đầy đủ có trong thư điện tử.)"


def plain_text(message: Message) -> str:
    """Write subject and text, shortened at a word where they are longer than Zalo takes."""
    text = message.text.rstrip("\n")
    return shortened(text if text.startswith(message.subject) else f"{message.subject}\n\n{text}")


def shortened(text: str) -> str:
    """Keep the whole words that fit, and say where the rest is."""
    if _length(text) <= LONGEST_TEXT:
        return text
    room = LONGEST_TEXT - _length(_REST_IN_MAIL)
    kept = text[:room]
    while _length(kept) > room:
        kept = kept[: len(kept) - (_length(kept) - room + 1) // 2]
    whole_words = kept if text[len(kept)].isspace() else kept[: _last_space(kept)]
    # A text without spaces is cut between letters, never between a letter and its marks.
    cut = whole_words.rstrip() or kept[: _last_letter(kept, text)]
    return f"{cut}{_REST_IN_MAIL}"


def _length(text: str) -> int:
    """Count as Java and JavaScript do: most servers that limit "characters" mean these."""
    return len(text.encode("utf-16-le")) // 2


def _last_space(text: str) -> int:
    return max((place for place, character in enumerate(text) if character.isspace()), default=0)


def _last_letter(kept: str, text: str) -> int:
    end = len(kept)
    while end > 1 and unicodedata.combining(text[end]):
        end -= 1
    return end
