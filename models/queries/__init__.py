"""Reads for the doors: bounded lists, sheets and histories as plain values that can be written as JSON.

Ids of rows stay inside; outside, codes are used. Days and instants come as ISO text, amounts as integers in đồng.
Every read of projects takes the `reader`, whose scope is part of the SQL: what a person may not see is not read.
"""

from models.queries.directory import (
    beneficiaries,
    decisions,
    duplicate_beneficiaries,
    people,
    person,
    place,
    places,
    reach,
    register,
    units,
)
from models.queries.duplicates import all_duplicates, duplicates_of
from models.queries.histories import history
from models.queries.projects import list_projects, search, waiting_longest
from models.queries.scope import refuse_hidden
from models.queries.sheets import show_project

__all__ = [
    "all_duplicates",
    "beneficiaries",
    "decisions",
    "duplicate_beneficiaries",
    "duplicates_of",
    "history",
    "list_projects",
    "people",
    "person",
    "place",
    "places",
    "reach",
    "refuse_hidden",
    "register",
    "search",
    "show_project",
    "units",
    "waiting_longest",
]
