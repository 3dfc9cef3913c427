"""What many endpoints ask for alike: a page of rows, a year, the number of a row; and how such a page is answered."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import AfterValidator

from models.queries.scope import LARGEST_PAGE
from states.reading import FIRST_YEAR, LAST_YEAR

Json = dict[str, Any]


def _of_this_work(day: date) -> date:
    """A day whose midnight every clock can tell, with one before and one after."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR} is meant")
    return day


#: A day that is compared with instants.
Day = Annotated[date, AfterValidator(_of_this_work)]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="Số dòng một trang")]
Offset = Annotated[int, Query(ge=0, le=10**9, description="Số dòng bỏ qua")]
#: A plan year, or none in particular.
AnyYear = Annotated[int | None, Query(ge=2000, le=2100)]
#: A year of the working calendar.
CalendarYear = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]
#: The number of a row in an address; the databases know no larger one.
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Words = Annotated[str, Query(max_length=200)]


def paged(name: str, rows: Sequence[Mapping[str, Any]], limit: int, offset: int) -> Json:
    """One page of rows under a name; of `rows` one more was read than a page has, to know whether another follows."""
    return {name: list(rows[:limit]), "next_offset": offset + limit if len(rows) > limit else None}
