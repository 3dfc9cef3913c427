"""Vietnamese text: its one normal form, how it is compared, and the order it is listed in."""

import re
import unicodedata
from functools import lru_cache

from states.refusal import Refused

# Old keyboards and fonts write the letter as the Icelandic eth or the African D, which look the same.
STROKED_D = "đðɖ"
TO_PLAIN_D = str.maketrans(dict.fromkeys(STROKED_D, "d"))
TO_ONE_STROKED_D = str.maketrans(dict.fromkeys(STROKED_D, "đ"))

# Letters that no Vietnamese word uses (f j w z) stand where the Latin alphabet has them.
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
LETTER_RANK = {letter: rank for rank, letter in enumerate(ALPHABET, start=1)}
# Ngang (no mark), huyền, hỏi, ngã, sắc, nặng.
TONE_RANK = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

WORD = re.compile(r"[0-9]+|[^\W0-9_]+")
LINE_BREAKS = frozenset("\n\r\v\f\x85\u2028\u2029")
# Control, invisible formatting, and half a character (a byte of the command line that was not UTF-8).
UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
LONGEST_ECHO = 80

Syllable = tuple[tuple[int, ...], int]


def nfc(text: str) -> str:
    """Return the text in the normal form that every stored text has."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Reduce text to what a person types without accents, for searching and finding duplicates.

    Lower case, no diacritics, plain d, one space between words, nothing invisible. Folding twice changes
    nothing, so a stored folded column may be folded again without harm.
    """
    # Case folding can bring new marks and decomposition new capitals, so one round of each is not enough.
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).casefold()
    kept = (letter for letter in letters if unicodedata.category(letter) not in ("Mn", "Me", "Cf"))
    return " ".join("".join(kept).translate(TO_PLAIN_D).split())


def sort_key(text: str) -> tuple[Syllable, ...]:
    """Return a key that sorts as a Vietnamese dictionary does.

    Syllable by syllable; within one, first the letters (a ă â b c d đ …), then the tone (ngang, huyền, hỏi,
    ngã, sắc, nặng). Numbers stand before letters and count by value ("Khóm 2" before "Khóm 10"). Case,
    punctuation and the place of the tone mark (hoà, hòa) make no difference.
    """
    return tuple(_syllable(word) for word in WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def sort_text(text: str) -> str:
    """Write the order of `sort_key` into ASCII text, for databases that compare text by its bytes."""
    return "".join(
        "".join(_letter_text(rank) for rank in letters) + (str(tone) if tone < 10 else f":{tone:06x}")
        for letters, tone in sort_key(text)
    )


def _letter_text(rank: int) -> str:
    """One character from @ on, above the digits that end a syllable; foreign letters come after all of ours."""
    return chr(ord("@") + rank) if rank <= len(ALPHABET) else f"z{rank:06x}"


def person_sort_key(name: str) -> tuple[Syllable, ...]:
    """Return a key that lists people by given name (the last word), then family name, then middle names."""
    syllables = sort_key(name)
    return (*syllables[-1:], *syllables[:-1])


def clean_line(text: str, what: str) -> str:
    """Return one printable line in NFC with single spaces between words.

    `what` names the field in Vietnamese. Raises Refused when nothing is left, or when a line break or an
    invisible character stands inside: what cannot be seen on a decision must not be stored in a register.
    """
    line = nfc(text).strip()
    subject = what[:1].upper() + what[1:]
    if not line:
        raise Refused(f"{subject} đang để trống; hãy nhập một dòng chữ.")
    for position, character in enumerate(line):
        if character not in LINE_BREAKS and unicodedata.category(character) not in UNPRINTABLE:
            continue
        place = f"sau {quoted(line[:position])}" if position else "ở đầu"
        if character in LINE_BREAKS:
            raise Refused(f"{subject} có dấu xuống dòng {place}; hãy viết trên một dòng.")
        raise Refused(
            f"{subject} có ký tự không in được (U+{ord(character):04X}) {place}; hãy xóa ký tự đó rồi nhập lại."
        )
    return " ".join(line.split())


def clean_text(text: str, what: str) -> str:
    """Several lines of text in NFC, without anything invisible. Raises Refused as `clean_line` does."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(clean_line(line, what) if line.strip() else "" for line in lines).strip("\n")


def quoted(text: str) -> str:
    """Return what a person typed, safe to print inside a sentence: quoted, on one line, not endless."""
    line = " ".join(nfc(text).split())
    # An escape sequence in somebody's input must not reach the terminal of the person who reads the refusal.
    visible = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)
    shown = visible if len(visible) <= LONGEST_ECHO else f"{visible[:LONGEST_ECHO]}…"
    return f"“{shown}”"


# A register repeats few syllables very often.
@lru_cache(maxsize=20_000)
def _syllable(word: str) -> Syllable:
    if word[0] in "0123456789":
        digits = word.lstrip("0")
        # Longer numbers are larger; the leading zeros decide only between equal values.
        return (0, len(digits), *map(int, digits)), len(word)
    letters: list[int] = []
    tone = 0
    for letter in unicodedata.normalize("NFC", word.translate(TO_ONE_STROKED_D)):
        base, tone_here = _split_tone(letter)
        tone = tone or tone_here
        letters += [LETTER_RANK.get(part, len(ALPHABET) + ord(part)) for part in base]
    return tuple(letters), tone


def _split_tone(letter: str) -> tuple[str, int]:
    """Return the letter as the alphabet has it and the rank of its tone; foreign marks are dropped."""
    marks = unicodedata.normalize("NFD", letter)
    tone = next((TONE_RANK[mark] for mark in marks if mark in TONE_RANK), 0)
    toneless = nfc("".join(mark for mark in marks if mark not in TONE_RANK))
    if all(part in LETTER_RANK for part in toneless):
        return toneless, tone
    return "".join(mark for mark in marks if unicodedata.category(mark) != "Mn"), tone
