"""The pages, one module a subject. A module is found by being listed here."""

from collections.abc import Iterator
from importlib import import_module

from fastapi import APIRouter

#: In the order in which their addresses are tried.
MODULES = ("entrance", "me")


def every() -> Iterator[APIRouter]:
    """The router of each module."""
    for name in MODULES:
        yield import_module(f"web.pages.{name}").pages
