"""What pages say in Vietnamese, in English too, and how they print figures and days.

The Vietnamese sentence is the key: `t("Hôm nay")`. An English reader sees its translation from web/english/*.yaml;
reasons and legal terms that have none stay Vietnamese, the language in which they are binding.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from states.facts import OFFICE_TIME
from states.words import format_date

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
_SPOKEN: ContextVar[str] = ContextVar("spoken", default="vi")


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Speak a language while a page is made."""
    token = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def language() -> str:
    """The language that is being spoken."""
    return _SPOKEN.get()


def t(sentence: str, /, **values: Any) -> str:
    """Say a sentence in the language of the page; `{name}` in it stands for a value."""
    said = english().get(sentence, sentence) if _SPOKEN.get() == "en" else sentence
    return said.format(**values) if values else said


def translated(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Codes or addresses with their sentences said in the language of the page, for lists and tabs."""
    return [(code, t(sentence)) for code, sentence in pairs]


@cache
def english() -> dict[str, str]:
    """Every translation. Two files that translate one sentence differently are a mistake of ours."""
    import yaml

    found: dict[str, str] = {}
    for path in sorted((Path(__file__).parent / "english").glob("*.yaml")):
        for sentence, translated in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
            if found.setdefault(sentence, translated) != translated:
                raise ValueError(f"{path.name}: “{sentence}” is translated in two ways")
    return found


def number(value: int | None) -> str:
    """A whole number with its thousands parted as the language does; nothing is a dash."""
    if value is None:
        return "–"
    grouped = f"{value:,}"
    return (grouped if _SPOKEN.get() == "en" else grouped.replace(",", ".")).replace("-", "−")


def dong(amount: int | None) -> str:
    """An amount in đồng, without the unit: the head of the column names it."""
    return number(amount)


def trieu(amount: int | None) -> str:
    """An amount in triệu đồng with as many decimals as it needs, at most six; never rounded."""
    if amount is None:
        return "–"
    whole, rest = divmod(abs(amount), 1_000_000)
    mark = "." if _SPOKEN.get() == "en" else ","
    decimals = f"{mark}{rest:06d}".rstrip("0") if rest else ""
    return f"{'−' if amount < 0 else ''}{number(whole)}{decimals}"


def day(value: date | str | None) -> str:
    """A day as dd/MM/yyyy; queries give days as ISO text."""
    if not value:
        return "–"
    return format_date(date.fromisoformat(value[:10]) if isinstance(value, str) else value)


def instant(value: datetime | str | None) -> str:
    """An instant on the office's clock."""
    if not value:
        return "–"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(OFFICE_TIME).strftime("%d/%m/%Y %H:%M")


def short_name(name: str) -> str:
    """A person's given name, as colleagues call each other."""
    return name.split()[-1]


def left_words(deadline: dict[str, Any]) -> str:
    """What is left of a deadline, in workdays, as people say it."""
    left = deadline["workdays_left"]
    if left is None:
        return day(deadline["due_on"])
    if left < 0:
        return t("quá hạn {count} ngày làm việc", count=number(-left))
    return t("còn {count} ngày làm việc", count=number(left)) if left else t("đến hạn hôm nay")


def left_kind(deadline: dict[str, Any]) -> str:
    """How urgent a deadline is: overdue, today, soon (three workdays), later."""
    left = deadline["workdays_left"]
    if left is None:
        return "later"
    return "overdue" if left < 0 else "today" if not left else "soon" if left <= 3 else "later"
