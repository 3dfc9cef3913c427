"""The templates: one environment, strict about names that do not exist, with the house's words and figures."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from web import words
from web.navigation import is_here, rooms_of

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def asset(name: str) -> str:
    """The address of a file of ours, with its content in it, so that browsers keep it for ever."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{mark}/{name}"


def address(path: str, **query: Any) -> str:
    """An address with a query; what is None or empty is left out, a list is repeated."""
    pairs = [
        (name, one)
        for name, value in query.items()
        for one in (value if isinstance(value, list | tuple) else (value,))
        if one not in (None, "")
    ]
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {"translated": words.translated}
    environment.globals |= {"t": words.t, "asset": asset, "address": address, "language": words.language}
    environment.globals |= {
        "rooms_of": rooms_of,
        "is_here": is_here,
        "left_words": words.left_words,
        "left_kind": words.left_kind,
    }
    environment.filters |= {
        "dong": words.dong,
        "trieu": words.trieu,
        "number": words.number,
        "day": words.day,
        "instant": words.instant,
        "short_name": words.short_name,
    }
    return environment


TEMPLATES = _environment()
