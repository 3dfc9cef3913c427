"""The one-time code by which a person shows that a Zalo chat is theirs: how it is written and found."""

import re
import unicodedata

_WORD = "DEAN"
CODE_DIGITS = 6

_GAP = r"[\s.:_-]*"
_SPOKEN = re.compile(rf"(?<!\w)DEAN{_GAP}(\d(?:{_GAP}\d){{{CODE_DIGITS - 1}}})(?!\w)")
_BARE = re.compile(rf"\d(?:{_GAP}\d){{{CODE_DIGITS - 1}}}")


def code_of(number: int) -> str:
    """Write a number drawn below 10**CODE_DIGITS as the digits of a code."""
    if not 0 <= number < 10**CODE_DIGITS:
        raise ValueError(f"a code has {CODE_DIGITS} digits")
    return f"{number:0{CODE_DIGITS}d}"


def code_text(digits: str) -> str:
    """Write the line the person is asked to send, such as "DEAN 482913"."""
    return f"{_WORD} {digits}"


def find_code(text: str) -> str | None:
    """Find the digits of a code in what a person wrote, or None.

    Case, spaces and marks between do not matter, nor a Đ that a keyboard made of the D. Six digits alone are
    a code when nothing else is written. Two different codes are none: nobody can say which was meant.
    """
    plain = unicodedata.normalize("NFKC", text).upper().replace("Đ", "D").strip()
    found = _BARE.findall(plain) if _BARE.fullmatch(plain) else _SPOKEN.findall(plain)
    codes = {"".join(str(int(c)) for c in each if c.isdecimal()) for each in found}
    return codes.pop() if len(codes) == 1 else None
