"""The canonical text of an event and its hash: what makes a change behind the ledger's back visible."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from models.columns import instant_text

#: Raised when the canonical form changes; old events keep the form they were hashed in.
FORM = 1
#: The "previous hash" of a subject's first event.
GENESIS = "0" * 64


def plain(value: Any) -> Any:
    """Turn a value into what canonical JSON may hold: NFC text, integers, None, lists and mappings of these.

    Raises TypeError for anything else, floats above all: their text differs between languages and releases.
    """
    kind = type(value)
    if value is None or kind is int:
        return value
    if kind is str:
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if kind is dict:
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(value: Mapping[str, Any]) -> str:
    """Write already plain values as canonical JSON: sorted keys, no spaces, UTF-8 letters as they are."""
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
