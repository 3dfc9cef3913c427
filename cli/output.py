"""What a terminal shows: aligned tables, labelled lines, and JSON for scripts."""

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import click

from states.facts import OFFICE_TIME
from states.words import format_date, format_number, format_trieu

NOTHING = "–"
#: A column is never squeezed below this, however narrow the terminal is.
NARROWEST = 16


@dataclass(frozen=True, slots=True)
class Column:
    """`flexible` columns are cut when a terminal is too narrow; in a pipe nothing is ever cut."""

    head: str
    right: bool = False
    flexible: bool = False


def print_json(value: Any) -> None:
    """Write JSON to stdout: letters as they are, amounts as integers, days and instants as ISO text."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under their heads; None is shown as a dash, integers with dots."""
    cells = [[shown(value) for value in row] for row in rows]
    widths = [max(map(width, [column.head, *(row[i] for row in cells)])) for i, column in enumerate(columns)]
    if sys.stdout.isatty():
        widths = _squeezed(columns, widths, shutil.get_terminal_size().columns)
    click.echo(_line(columns, widths, [column.head for column in columns]))
    click.echo("  ".join("─" * each for each in widths))
    for row in cells:
        click.echo(_line(columns, widths, row))


def print_fields(fields: Iterable[tuple[str, Any]]) -> None:
    """Print labelled lines, leaving out what is empty."""
    told = [(label, shown(value)) for label, value in fields if value not in (None, "", [], ())]
    room = max((width(label) for label, _ in told), default=0)
    for label, value in told:
        click.echo(f"{padded(label, room)}  {value}")


def print_heading(title: str) -> None:
    click.echo(f"\n{title}")


def shown(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "có" if value else "không"
    return format_number(value) if isinstance(value, int) else str(value)


def trieu(amount: int) -> str:
    """An amount of đồng in million đồng without the unit, for columns whose head names it."""
    return format_trieu(amount).removesuffix(" triệu đồng")


def day(iso: str | None) -> str | None:
    """A day or an instant of a row (ISO text) as the office writes it."""
    if iso is None:
        return None
    if "T" in iso:
        return format_date(datetime.fromisoformat(iso).astimezone(OFFICE_TIME).date())
    return format_date(date.fromisoformat(iso))


def minute(iso: str) -> str:
    """An instant (ISO text) as the clock in the office showed it."""
    local = datetime.fromisoformat(iso).astimezone(OFFICE_TIME)
    return f"{format_date(local.date())} {local:%H:%M}"


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_cells(letter) for letter in text)


@cache
def _cells(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def padded(text: str, room: int, *, right: bool = False) -> str:
    blank = " " * (room - width(text))
    return blank + text if right else text + blank


def _line(columns: Sequence[Column], widths: Sequence[int], cells: Sequence[str]) -> str:
    parts = [
        padded(_cut(cell, room), room, right=column.right)
        for column, room, cell in zip(columns, widths, cells, strict=True)
    ]
    return "  ".join(parts).rstrip()


def _cut(text: str, room: int) -> str:
    if width(text) <= room:
        return text
    kept = ""
    for letter in text:
        if width(kept + letter) >= room:
            break
        kept += letter
    return f"{kept}…"


def _squeezed(columns: Sequence[Column], widths: list[int], room: int) -> list[int]:
    """Take what is missing from the widest flexible column, again and again."""
    squeezed = list(widths)
    flexible = [i for i, column in enumerate(columns) if column.flexible]
    excess = sum(squeezed) + 2 * (len(squeezed) - 1) - room
    while excess > 0 and any(squeezed[i] > NARROWEST for i in flexible):
        widest = max(flexible, key=lambda i: squeezed[i])
        squeezed[widest] -= 1
        excess -= 1
    return squeezed
