"""The pages, one module a subject. A module is found by being listed here."""

from collections.abc import Iterator
from importlib import import_module

from fastapi import APIRouter

#: In the order in which their addresses are tried: each takes time, so those that are opened all day come first.
MODULES = (
    "today",
    "projects",
    "projects_board",
    "entrance",
    "approvals",
    "approvals_decisions",
    "contracts_new",
    "contracts",
    "directory_beneficiaries",
    "directory",
    "setup",
    "oidc",
    "me",
    "me_second_factor",
    "me_tokens",
    "people",
    "people_access",
    "log",
    "log_access",
    "operations",
    "operations_webhooks",
    "permissions",
    "reports",
    "reports_one",
    "reminders",
    "reminders_ledger",
    "reminders_outbox",
    "reminders_preferences",
    "links",
    "calendar",
    "calendar_changes",
    "rules",
    "rules_dated",
    "rules_one",
    "rules_templates",
    "links_zalo",
    "plans",
    "plans_steps",
    "plans_forks",
    "plans_suggest",
    "programme",
    "programme_more",
    "public",
    "exports",
    "letters",
    # A code of a project takes any word after /projects/, so these come last.
    "projects_chosen",
    "projects_views",
    "project_new",
    "project_import",
    "project",
    "project_edit",
    "project_steps",
    "project_papers",
    "project_times",
)


def every() -> Iterator[APIRouter]:
    """The router of each module."""
    for name in MODULES:
        yield import_module(f"web.pages.{name}").pages
