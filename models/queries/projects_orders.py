"""The orders of a list of projects: by which columns, of which table, and how their keys are read from an address."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from models.columns import instant_text
from models.searching import MONEY_NOW
from states.vocabulary import STATE_FUND, Labelled, Source

FUND = "CASE p.route " + " ".join(f"WHEN '{route}' THEN '{fund}'" for route, fund in STATE_FUND.items()) + " END"


class Order(Labelled):
    """What a list is sorted by."""

    CODE = "code", "Mã đề án"
    NAME = "name", "Tên đề án"
    DEADLINE = "deadline", "Hạn gần nhất"
    AMOUNT = "amount", "Kinh phí"
    MOVED = "moved", "Ngày chuyển bước"


class Sort(NamedTuple):
    """An order and its direction."""

    by: Order
    down: bool = False


@dataclass(frozen=True, slots=True)
class Keys:
    """The columns of an order: `k` is the table that has them, where that is not the project itself.

    `said` are conditions on `k` alone, `fits` one that needs the project's fund, for which `carried` comes along.
    `alone` is the first key of one project `w`, where it is found more quickly than by joining `k`.
    `read` reads the first key from the text of an address; the others are numbers.
    """

    columns: tuple[str, ...]
    read: Callable[[str], int | str]
    table: str = ""
    said: str = "1 = 1"
    carried: str = ""
    fits: str = "1 = 1"
    alone: str = ""


def number(value: str) -> int:
    """Read a key that is a number; raises ValueError for anything else."""
    if not _NUMBER.fullmatch(value):
        raise ValueError(value)
    return int(value)


_NUMBER = re.compile(r"-?\d{1,18}")


def _instant(value: str) -> str:
    return instant_text(datetime.fromisoformat(value))


def _day(value: str) -> str:
    return date.fromisoformat(value).isoformat()


#: What is open is not closed: said twice, because an index is of those that are not closed.
_OPEN = "o.status <> 'closed' AND o.status = 'open'"
#: A project has one most urgent deadline: the open one that comes first.
_FIRST = f"""NOT EXISTS (
    SELECT 1 FROM deadline AS o WHERE o.project_id = k.project_id AND {_OPEN}
    AND (o.safe_on, o.clock, o.started_by) < (k.safe_on, k.clock, k.started_by))"""
NO_DEADLINE = f"NOT EXISTS (SELECT 1 FROM deadline AS o WHERE o.project_id = p.id AND {_OPEN})"
KEYS = {
    Order.CODE: Keys(("p.programme_id", "p.plan_year", "p.serial"), number),
    Order.MOVED: Keys(("p.moved_at", "p.id"), _instant),
    Order.NAME: Keys(("k.name_key", "k.project_id"), str, "project_search AS k"),
    Order.AMOUNT: Keys(
        (MONEY_NOW.format(f="k."), "k.project_id"),
        number,
        "funding AS k",
        f"k.source <> '{Source.COUNTERPART}'",
        carried="k.source",
        fits="{k}.source = {fund}",
    ),
    Order.DEADLINE: Keys(
        ("k.safe_on", "k.project_id"),
        _day,
        "deadline AS k",
        f"k.status = 'open' AND {_FIRST}",
        alone=f"(SELECT min(o.safe_on) FROM deadline AS o WHERE o.project_id = w.id AND {_OPEN})",
    ),
}
