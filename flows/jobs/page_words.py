"""Reasons as a page or a marked file says them: options and commands of the terminal help nobody there."""

import re
from collections.abc import Iterable
from functools import cache

from models.queries.histories import FIELD_LABELS
from states.vocabulary import Authority, Change, Labelled, Source

#: Said in brackets after what is missing: an option, a command, the code of a step or of a body.
_BRACKETS = re.compile(r" \((?:[^()]*--[^()]*|[^()]*\bdean [^()]*|(?:bước )?[a-z_]{3,}(?: hoặc [a-z_]{3,})*)\)")
_COMMAND = re.compile(r"[;,] (?:hãy )?(?:xem|dùng|tìm bằng|xem danh sách bằng|chạy|kiểm tra bằng) dean [^.;]*")
_OPTION_VALUE = re.compile(r"--([a-z-]+)[ =]([a-z_]+)\b")
_OPTION_OPEN = re.compile(r"--quantity (\w+)=…")
_OPTION = re.compile(r"--([a-z-]+)")
_OPTION_WORDS = {
    "amount": "số tiền",
    "authority": "cơ quan quyết định",
    "kind": "loại điều chỉnh",
    "number": "số văn bản",
    "decided-on": "ngày văn bản",
    "signer": "người ký",
    "note": "lý do",
    "paper": "giấy tờ",
    "due": "kỳ hạn",
    "missing": "mục còn thiếu",
    "total-cost": "tổng kinh phí",
    "place": "địa điểm",
    "unit": "đơn vị",
    "distinct": "ô “đây là đơn vị khác”",
}


def on_page(reason: str) -> str:
    """A refusal without what only a terminal understands."""
    said = _BRACKETS.sub("", reason)
    said = _COMMAND.sub("", said)
    said = said.replace("--amount ", "số tiền ")
    said = _OPTION_OPEN.sub(lambda found: found[1], said).replace("=…", "")
    said = _OPTION_VALUE.sub(lambda found: f"{_option(found[1])} «{_named(found[2])}»", said)
    said = _OPTION.sub(lambda found: _option(found[1]), said)
    return _codes().sub(lambda found: _named(found[1]), said)


def on_pages(reasons: Iterable[str]) -> list[str]:
    """Several refusals, each said once."""
    return list(dict.fromkeys(map(on_page, reasons)))


def _option(name: str) -> str:
    return _OPTION_WORDS.get(name, name)


def _named(code: str) -> str:
    return _labels().get(code, code)


@cache
def _labels() -> dict[str, str]:
    """Codes as the rules list them; they are English words that no sentence of ours holds otherwise."""
    words: tuple[type[Labelled], ...] = (Source, Authority, Change)
    labels = {str(member): member.label for kind in words for member in kind}
    return labels | {name: label.lower() for name, label in FIELD_LABELS.items()}


@cache
def _codes() -> "re.Pattern[str]":
    return re.compile(rf"\b({'|'.join(sorted(_labels(), key=len, reverse=True))})\b")
