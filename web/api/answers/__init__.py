"""What every endpoint answers, field by field: for the description only, the rows are sent as they are.

Each module beside this one describes the operations of an area in `ANSWERS` (JSON) and `FILES` (media types).
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from web.api.answers.parts import COMPONENTS, Schema

MODULES = (
    "projects",
    "approvals",
    "papers",
    "plans",
    "programmes",
    "reports",
    "exports",
    "reminders",
    "rules",
    "directory",
    "log",
)


class Described(NamedTuple):
    """The answers of all operations by their names, the media types of files, and the rows that answers share."""

    answers: Mapping[str, Schema]
    files: Mapping[str, tuple[str, ...]]
    components: Mapping[str, Schema]


@cache
def described_answers() -> Described:
    """Everything that is described; read when somebody asks for the description, not when the desk starts."""
    answers: dict[str, Schema] = {}
    files: dict[str, tuple[str, ...]] = {}
    for name in MODULES:
        module = import_module(f"web.api.answers.{name}")
        answers |= module.ANSWERS
        files |= getattr(module, "FILES", {})
    return Described(answers, files, COMPONENTS)


def content_of(operation: str) -> dict[str, Any]:
    """The content of an operation's answer by media type. Raises KeyError for an operation that nobody described."""
    known = described_answers()
    kinds = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in known.files.get(operation, ())}
    if operation in known.answers:
        return {"application/json": {"schema": known.answers[operation]}} | kinds
    return kinds or {"": {"schema": known.answers[operation]}}
