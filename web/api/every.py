"""The routers of the programming interface, and what machines ask."""

from collections.abc import Iterator
from importlib import import_module

from fastapi import APIRouter

MODULES: tuple[str, ...] = (
    "projects",
    "papers",
    "approvals",
    "contracts",
    "letters",
    "templates",
    "imports",
    "plans",
    "plan_steps",
    "programmes",
    "reports",
    "exports",
    "reminders",
    "outbox",
    "calendar",
    "rules",
    "directory",
    "log",
    "operations",
    "webhooks",
    "feeds",
    "description",
)


def every() -> Iterator[APIRouter]:
    """The router of each module."""
    yield import_module("web.api.health").pages
    for name in MODULES:
        yield import_module(f"web.api.{name}").endpoints
