"""What stands behind the figures of a programme: the projects of a number, the forecast, last night's checks."""

import json
from collections import OrderedDict
from datetime import date
from fractions import Fraction
from threading import Lock
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response

from models.forecasting import programme_forecast
from models.mart.reading import newest_night
from models.mart.shelf import shelf_of
from models.programme_figures import is_small
from models.reconciliation import reconcile
from models.rollups import read_cutoff
from models.rollups.row_page import Behind, row_page
from models.slots import slot_list
from models.status import programme_heads, unknown_programme
from models.store import Session
from states.forecasting import one_decimal
from states.reading import read_date
from states.refusal import Refused
from states.rollups import By, Step
from states.slots import Job
from states.vocabulary import Source
from web.access import Pages
from web.desk import AtDesk, Visit
from web.pages.programme import programme_tabs
from web.pages.programme_charts import STEP_LABELS
from web.rendering import address
from web.roles import EVERYONE, PROVINCE

pages = Pages()

PlanYear = Annotated[int | None, Query(ge=2000, le=2100)]


@pages.show("/programme/{code}/rows", who=EVERYONE, label="Các đề án đứng sau một số của chương trình")
def rows_page(
    visit: AtDesk,
    code: str,
    step: Step = Step.APPROVED,
    by: By | None = None,
    key: str = "",
    source: Source | None = None,
    year: PlanYear = None,
    after: str = "",
) -> Response:
    behind = Behind(step, by, key, source, year)
    with visit.reading() as session:
        head = _head(session, code)
        found = row_page(session, code, behind, after=after, reader=visit.person)
        cutoff = read_cutoff(session)
    query: dict[str, Any] = {"step": step, "by": by, "key": key, "source": source, "year": year}
    return visit.page(
        "programme/rows.html",
        code=code,
        head=head,
        behind=behind,
        found=found,
        cutoff=cutoff,
        after=after,
        step_label=STEP_LABELS[step],
        first=address(f"/programme/{code}/rows", **query),
        next=address(f"/programme/{code}/rows", **query, after=found["next"]) if found["next"] else "",
        steps=[(address(f"/programme/{code}/rows", **query | {"step": each}), STEP_LABELS[each]) for each in Step],
    )


def _head(session: Session, code: str) -> dict[str, Any]:
    """The programme of an address. Raises Refused for an unknown one."""
    for head in programme_heads(session):
        if head["code"] == code:
            return head
    raise unknown_programme(code)


# --- the forecast -------------------------------------------------------------------------------------

#: The forecasts asked for lately, by register, programme, day and last event: folding every life of a programme anew
#: takes a fifth of a second for some hundred projects, and gives the same until something is recorded.
_KNOWN: OrderedDict[tuple[Any, ...], dict[str, Any]] = OrderedDict()
_MOST_KNOWN = 8
_KEEPING = Lock()


@pages.show("/programme/{code}/forecast", who=PROVINCE, label="Dự báo chỉ tiêu của chương trình")
def forecast_page(visit: AtDesk, code: str, on: str = "", anyway: bool = False) -> Response:
    day = read_date(on) if on.strip() else visit.today
    found: dict[str, Any] | None = None
    reasons: tuple[str, ...] = ()
    with visit.reading() as session:
        head = _head(session, code)
        is_quick = anyway or is_small(session)
        if is_quick:
            try:
                found = _forecast(visit, session, code, day)
            except Refused as refused:
                reasons = refused.reasons
    return visit.page(
        "programme/forecast.html",
        status=409 if reasons else 200,
        code=code,
        tabs=programme_tabs(visit, code),
        head=head,
        found=found,
        reasons=reasons,
        is_quick=is_quick,
        on=day,
        one_decimal=lambda number: one_decimal(Fraction(number)),
    )


def _forecast(visit: Visit, session: Session, code: str, day: date) -> dict[str, Any]:
    key = (visit.desk.about["title"], id(visit.desk.store), code, day, visit.today, read_cutoff(session).event)
    with _KEEPING:
        if key in _KNOWN:
            _KNOWN.move_to_end(key)
            return _KNOWN[key]
    found = programme_forecast(session, code, as_of=day, today=visit.today)
    with _KEEPING:
        _KNOWN[key] = found
        while len(_KNOWN) > _MOST_KNOWN:
            _KNOWN.popitem(last=False)
    return found


# --- what the nights found ----------------------------------------------------------------------------


@pages.show("/programme/{code}/checks", who=PROVINCE, label="Đối soát số liệu của chương trình")
def checks_page(visit: AtDesk, code: str, now: bool = False) -> Response:
    shelf = shelf_of(visit.desk.settings.home, demonstration=visit.desk.is_demonstration)
    with visit.reading() as session:
        head = _head(session, code)
        nights = [_night(row) for row in slot_list(session, job=Job.NIGHTLY, limit=7)]
        may_check = is_small(session)
        checked = reconcile(session) if now and may_check else None
    return visit.page(
        "programme/checks.html",
        code=code,
        tabs=programme_tabs(visit, code),
        head=head,
        nights=nights,
        published=newest_night(shelf),
        may_check=may_check,
        checked=checked,
    )


def _night(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"found": json.loads(row["result"]) if row["result"] else {}}
