"""Record an entry together with its files, so that neither stands without the other."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from models.store import keep_file

Unit = TypeVar("Unit")
Result = TypeVar("Result")


class _TriedOnlyError(Exception):
    """Takes a rehearsed entry back."""


def record_with_files(
    writing: Callable[[], AbstractContextManager[Unit]],
    files: Path,
    contents: Sequence[bytes],
    entry: Callable[[Unit], Result],
) -> Result:
    """Make an entry in one transaction. One that has files is tried first and taken back: a refused one leaves none.

    The files are complete on disk before the transaction that names them begins.
    """
    if contents:
        try:
            with writing() as unit:
                entry(unit)
                raise _TriedOnlyError
        except _TriedOnlyError:
            pass
        for content in contents:
            keep_file(files, content)
    with writing() as unit:
        return entry(unit)


def rehearsed(writing: Callable[[], AbstractContextManager[Unit]], entry: Callable[[Unit], Result]) -> Result:
    """Make an entry and take it back: what it would do, or the refusal that it would meet."""
    kept: list[Result] = []
    try:
        with writing() as unit:
            kept.append(entry(unit))
            raise _TriedOnlyError
    except _TriedOnlyError:
        return kept[0]
