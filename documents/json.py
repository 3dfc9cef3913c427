"""Values as JSON for programs: letters as they are, amounts as integers, days as ISO text; lists as they come."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

MEDIA_TYPE = "application/json"


def lines(values: Mapping[str, Any]) -> Iterator[bytes]:
    """One object in pieces. A value that is an iterator becomes a list, written item by item as it comes."""
    opening = "{\n"
    for name, value in values.items():
        yield f"{opening}  {_told(name)}: ".encode()
        opening = ",\n"
        if isinstance(value, Iterator):
            yield from _items(value)
        else:
            yield _told(value, indent=2).replace("\n", "\n  ").encode()
    yield b"{}\n" if opening == "{\n" else b"\n}\n"


def _items(items: Iterator[Any]) -> Iterator[bytes]:
    opening = "[\n"
    for item in items:
        yield f"{opening}    {_told(item)}".encode()
        opening = ",\n"
    yield b"[]" if opening == "[\n" else b"\n  ]"


def _told(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, default=_day)


def _day(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON")
