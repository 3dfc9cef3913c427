"""The deadlines in a person's scope as a calendar file, for a program that fetches it with a secret address."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from notifications.letters.events import calendar_feed
from notifications.letters.values import Item
from states.facts import Person


def calendar_of(person: Person, rows: Iterable[Mapping[str, Any]], *, base_url: str) -> bytes:
    """Write rows of `calendar_rows`; links lead to the pages of the projects, where one signs in."""
    return calendar_feed(
        ((_item(row, base_url.rstrip("/")), datetime.fromisoformat(row["moved_at"])) for row in rows),
        name=f"Hạn khuyến công – {person.name}",
    )


def project_calendar(code: str, rows: Iterable[Mapping[str, Any]], *, base_url: str) -> bytes:
    """Write the deadlines of one project; taken over again, new dates replace the entries that are there."""
    return calendar_feed(
        ((_item(row, base_url.rstrip("/")), datetime.fromisoformat(row["moved_at"])) for row in rows),
        name=f"Hạn của đề án {code}",
    )


def _item(row: Mapping[str, Any], base_url: str) -> Item:
    return Item(
        obligation_id=row["series"],
        ordinal=1,
        code=row["project"],
        name=row["name"],
        task=row["label"],
        link=f"{base_url}/projects/{quote(row['project'])}",
        deadline_key=row["series"],
        sequence=int(row["sequence"]),
        due_on=date.fromisoformat(row["printed_on"] or row["due_on"]),
        rolled_on=date.fromisoformat(row["due_on"]),
        safe_on=date.fromisoformat(row["safe_on"]),
        workdays_left=row["workdays_left"],
        statutory=row["statutory"],
        provisional=row["provisional"],
        basis=row["basis"],
    )
