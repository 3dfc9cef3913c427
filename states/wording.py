"""What the words of a project say that it supports, and when two wordings mean the same thing.

Everything is compared folded (no accents, no case), because old registers were typed without accents. So dừa and
dứa read alike; a flag that people check may err on that side.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from states.folding import WORD, fold, nfc

Words = tuple[str, ...]

Share = tuple[int, int]
#: Two wordings are alike when three in four words of the shorter one stand in the other one. On the labelled pairs of
#: `tests/states/test_wording.py` this share mistakes none: two in three takes a plasma cutter for a laser cutter, four
#: in five loses who writes one machine with a word more on either side. Among 1,768 pairs of machines of different
#: firms in the demonstration 18 read alike, all of one kind of machine.
ENOUGH: Share = (3, 4)

#: What comes before says the machine, what comes after its use, its owner or its place.
_MARKED = re.compile(r"\b(?:trong|vào|tại|cho|của|để|nhằm|phục vụ)\b")
#: Without accents only these cannot be another word: cua is also the saw, tai the conveyor.
_MARKED_PLAIN = re.compile(r"\b(?:trong|vao|cho|nham|phuc vu)\b")
_SIZE = re.compile(r"\b(?:cong suat|nang suat|dung tich|nam \d{4}\b).*")
#: A number with its unit tells the size or the count of a machine, not what it is: 2 tấn/mẻ, 12 đầu, 400 lít.
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*\s*[^\W\d_]*(?:\s*/\s*[^\W\d_]+)?")
_SEPARATOR = re.compile(r"[,;+&/()]|\s[-–—]\s|\b(?:va|kem|cung|ket hop)\b")
#: Phrases and not syllables: the "động" of tự động and the "đóng" of đóng gói fold to the same word.
_EMPTY = (
    *("ho tro", "ung dung", "ap dung", "dau tu", "mua sam", "trang bi", "chuyen giao", "xay dung", "nang cap"),
    *("de an", "du an", "gian hang", "tham gia", "to chuc", "may moc", "thiet bi", "day chuyen", "he thong"),
    *("cong nghe", "ky thuat", "trung tam", "gia cong", "tien tien", "hien dai", "ban tu dong", "tu dong"),
    *("lien tuc", "lien hoan", "co so", "doanh nghiep", "hop tac xa", "cong ty", "san xuat", "che bien"),
    *("cong nghiep nong thon", "cong nghiep", "san pham", "quy trinh", "nang cao", "chat luong"),
    *("lo", "noi", "tu", "nha", "bon", "gian", "day", "bo", "cum", "chiec", "cai", "cac", "loai", "va", "cho", "nam"),
    # The sewing machine is a máy may: of the two only the first is empty.
    r"(?<!\bmay )may",
)
_NOTHING = re.compile(rf"\b(?:{'|'.join(_EMPTY)})\b")


def reads_alike(one: Words, other: Words, share: Share = ENOUGH) -> bool:
    """Does this share of the words of the shorter wording stand in the other one, in whatever order?"""
    ours, theirs = set(one), set(other)
    enough, of = share
    return len(ours & theirs) * of >= min(len(ours), len(theirs)) * enough


@lru_cache(maxsize=10_000)
def is_same_machine(one: str, other: str, share: Share = ENOUGH) -> bool:
    """Does a machine of the one text read like a machine of the other?

    A wording begins with what the machine does (sấy, đóng gói, cắt), so each must also contain the other's first
    word: a fryer and a dryer for the same sweet potatoes share all words but that.
    """
    return any(
        mine[0] in theirs and theirs[0] in mine and reads_alike(mine, theirs, share)
        for mine in machines(one)
        for theirs in machines(other)
    )


@lru_cache(maxsize=10_000)
def names_a_machine(text: str) -> bool:
    """Is a word left that tells this machine from others? "Máy móc, thiết bị tiên tiến" says nothing."""
    return any(_machines(part) for part in _parts(text))


@lru_cache(maxsize=10_000)
def machines(text: str) -> tuple[Words, ...]:
    """The machines that a text names, each as its meaningful words, folded, in their order.

    A project's name says the machine first and then where it is used ("máy sấy trong chế biến trái cây"): the use
    only speaks where the machine is not told. A text without any meaningful word is taken by all its words, so
    that two empty phrases are alike when they are the same phrase.
    """
    for part in _parts(text):
        if told := _machines(part):
            return told
    words = tuple(WORD.findall(fold(text)))
    return (words,) if words else ()


def is_same_subject(one: str, other: str, known: Sequence[str]) -> bool:
    """Do two texts about the same kind of activity, not a machine, speak of the same thing?

    `known` is what both say anyway: the activity's label and the names of the beneficiary. Where one of them says
    nothing beyond that, nothing tells them apart.
    """
    mine, theirs = (_subject(text, tuple(known)) for text in (one, other))
    return not mine or not theirs or reads_alike(mine, theirs)


@lru_cache(maxsize=10_000)
def _subject(text: str, known: tuple[str, ...]) -> Words:
    said = fold(re.split(r"\btại\b", nfc(text).casefold())[0])
    label, *names = map(fold, known)
    for name in names:
        said = said.replace(name, " ")
    words = _meaningful(_NUMBER.sub(" ", said))
    return tuple(word for word in words if word not in WORD.findall(label))


def _parts(text: str) -> tuple[str, ...]:
    """The text before the first mark of use, and the text after it, both folded."""
    typed, plain = " ".join(nfc(text).casefold().split()), fold(text)
    pieces = _MARKED_PLAIN.split(plain, 1) if typed == plain else _MARKED.split(typed, 1)
    return tuple(fold(piece) for piece in pieces)


def _machines(part: str) -> tuple[Words, ...]:
    items = _SEPARATOR.split(_NUMBER.sub(" ", _SIZE.sub(" ", part)))
    return tuple(words for words in map(_meaningful, items) if words)


def _meaningful(item: str) -> Words:
    return tuple(WORD.findall(_NOTHING.sub(" ", " ".join(WORD.findall(item)))))
