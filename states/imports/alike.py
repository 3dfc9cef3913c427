"""Names that may be meant by a name that nobody has: offered to a person, never taken by themselves."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from difflib import SequenceMatcher

from states.folding import fold

#: Words that say what kind of firm it is, or where; they make no two names alike.
_KIND_WORDS = (
    "cong ty tnhh co phan cp mtv mot thanh vien doanh nghiep tu nhan dntn hop tac xa htx to ho kinh doanh hkd san xuat "
    "sx thuong mai tm dich vu dv va cac lien hiep chi nhanh so"
)
_KINDS = frozenset(_KIND_WORDS.split())
_CLOSE = 0.8
_MOST_OFFERED = 3
#: A word in more names than this says nothing; comparing all of them would take seconds.
_COMMON = 200


class Alike:
    """Finds the known names that are spelled nearly like another one; each name is looked up once."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = names
        self._words: dict[int, frozenset[str]] = {number: _words(name) for number, name in names.items()}
        self._having: defaultdict[str, list[int]] = defaultdict(list)
        for number, words in self._words.items():
            for word in words:
                self._having[word].append(number)
        self._found: dict[str, tuple[int, ...]] = {}

    def find(self, name: str) -> tuple[int, ...]:
        """Numbers of the names that are alike, the nearest first."""
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> tuple[int, ...]:
        words = _words(name)
        shared = Counter(
            number
            for word in words
            if len(self._having.get(word, ())) <= _COMMON
            for number in self._having.get(word, ())
        )
        near = [number for number, count in shared.items() if 2 * count >= len(words)]
        scored = {number: self._nearness(name, words, number) for number in near}
        return tuple(sorted((n for n in near if scored[n] >= _CLOSE), key=lambda n: (-scored[n], n))[:_MOST_OFFERED])

    def _nearness(self, name: str, words: frozenset[str], number: int) -> float:
        if words and (words <= self._words[number] or self._words[number] <= words):
            return 1.0
        return SequenceMatcher(None, fold(name), fold(self._names[number])).ratio()


def _words(name: str) -> frozenset[str]:
    return frozenset(fold(name).replace("-", " ").split()) - _KINDS
