"""Feed the forecast of a programme from the register: what was accepted when, and what stood open on the same day.

Everything is counted on the days of the papers. What was taken back never counted; acceptances that an upgrade
completed count from the day on which they were held, because the quantities stand in the acceptance's own event.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.queries.past import Happened, Past, fold, lines, past_of, programme_events
from states.effects import QuantityKind
from states.forecasting import Forecast, Outlook, Pursued, forecast
from states.lifecycle import BEFORE_APPROVAL, RUNNING
from states.pace import Counted, Waiting, same_day
from states.refusal import Refused
from states.vocabulary import Stage
from states.words import format_date


@dataclass(frozen=True, slots=True)
class Stock:
    """What one project still holds for one target on a day, for the year in which it is to be carried out."""

    project: str
    year: int
    approved: int
    planned: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """What one project added to one target on a day; a correction is negative."""

    project: str
    on: date
    quantity: int


@dataclass(slots=True)
class _Behind:
    """The projects behind the figures of one target; `then` by closed year, on the same day of it."""

    accepted: list[Accepted] = field(default_factory=list)
    now: list[Stock] = field(default_factory=list)
    then: defaultdict[int, list[Stock]] = field(default_factory=lambda: defaultdict(list))


def programme_forecast(session: Session, code: str, *, as_of: date, today: date) -> dict[str, Any]:
    """Forecast every target of a programme with what had been decided by a day.

    A closed year of which the register holds no project teaches nothing and is left out; `unknown_years` names it.
    Raises Refused for an unknown code, for a day to come, and with fewer than two closed years.
    """
    if as_of > today:
        raise Refused(f"Ngày {format_date(as_of)} chưa đến; hãy dự báo tại hôm nay hoặc một ngày đã qua.")
    programme = _programme(session, code)
    first, last = programme["start_year"], programme["end_year"]
    closed = range(first, min(as_of.year, last + 1))
    pasts = [past_of(project_id, events) for project_id, events in programme_events(session, programme["id"])]
    known = _known_years(pasts, as_of) & set(closed)
    behind = _behind(pasts, as_of, known)
    pursued = [_pursued(row, behind[row["code"]], known) for row in _targets(session, programme["id"])]
    found = forecast(pursued, first_year=first, last_year=last, as_of=as_of)
    return {
        "programme": {name: programme[name] for name in ("code", "name", "start_year", "end_year")},
        "as_of": as_of.isoformat(),
        "closed_years": sorted(known),
        "unknown_years": [year for year in closed if year not in known],
        "method": list(found.method),
        "targets": [_told(outlook, found, behind[outlook.target.code]) for outlook in found.outlooks],
    }


def _programme(session: Session, code: str) -> Mapping[str, Any]:
    found = session.connection().execute(_PROGRAMME, {"code": code}).mappings().one_or_none()
    if found is None:
        raise Refused(f"Không có chương trình «{code}»; hãy xem dean programme list.")
    return dict(found)


_PROGRAMME = text("SELECT id, code, name, start_year, end_year FROM programme WHERE code = :code")


def _targets(session: Session, programme_id: int) -> Iterable[Mapping[str, Any]]:
    return [dict(row) for row in session.connection().execute(_TARGETS, {"id": programme_id}).mappings()]


_TARGETS = text("""
    SELECT code, name, unit, coalesce(quantity, quantity_min) AS goal FROM target
    WHERE programme_id = :id ORDER BY content_no, line""")


# --- what the events of the projects say --------------------------------------------------------------


def _known_years(pasts: Iterable[Past], as_of: date) -> set[int]:
    """The years for which projects had been handed in."""
    known: set[int] = set()
    for past in pasts:
        if (events := past.until(as_of)) and (columns := fold(events))["stage"] != Stage.DRAFT:
            known |= {columns["plan_year"], columns["work_year"]}
    return known


def _behind(pasts: Iterable[Past], as_of: date, closed: Iterable[int]) -> defaultdict[str, _Behind]:
    behind: defaultdict[str, _Behind] = defaultdict(_Behind)
    for past in pasts:
        for target, accepted in _accepted(past, as_of):
            behind[target].accepted.append(accepted)
        for target, stock in _stocks(past.until(as_of)):
            behind[target].now.append(stock)
        for year in closed:
            for target, stock in _stocks(past.until(same_day(as_of, year))):
                # What is meant for a later year cannot be accepted in this one.
                if stock.year <= year:
                    behind[target].then[year].append(stock)
    for found in behind.values():
        found.accepted.sort(key=lambda row: (row.on, row.project))
    return behind


def _accepted(past: Past, as_of: date) -> Iterator[tuple[str, Accepted]]:
    events = past.until(as_of)
    for event in events:
        on = date.fromisoformat(past.since[event.id])
        for line in lines([event], "quantity_entry"):
            if line["kind"] == QuantityKind.ACCEPTED:
                code = events[0].body["set"]["code"]
                yield line["target_code"], Accepted(code, on, line["quantity"] * line["direction"])


def _stocks(events: list[Happened]) -> Iterator[tuple[str, Stock]]:
    """What a project holds open by target: approved and not accepted, or planned while nothing is approved."""
    if not events:
        return
    columns = fold(events)
    stage, year = Stage(columns["stage"]), int(columns["work_year"])
    for target, sums in quantities(events).items():
        approved, planned = 0, 0
        if stage in RUNNING:
            approved = max(sums[QuantityKind.APPROVED] - sums[QuantityKind.ACCEPTED], 0)
        elif stage in BEFORE_APPROVAL and stage is not Stage.DRAFT:
            planned = max(sums[QuantityKind.PLANNED], 0)
        if approved or planned:
            yield target, Stock(columns["code"], year, approved, planned)


def quantities(events: list[Happened]) -> dict[str, dict[str, int]]:
    """The quantities of a project after these events, by target and kind."""
    sums: dict[str, dict[str, int]] = {}
    for line in lines(events, "quantity_entry"):
        target = sums.setdefault(line["target_code"], dict.fromkeys(map(str, QuantityKind), 0))
        target[line["kind"]] += line["quantity"] * line["direction"]
    return sums


# --- in and out of the forecast -----------------------------------------------------------------------


def _pursued(target: Mapping[str, Any], behind: _Behind, closed: Iterable[int]) -> Pursued:
    return Pursued(
        code=target["code"],
        name=target["name"],
        unit=target["unit"],
        goal=target["goal"],
        accepted=tuple(Counted(row.on, row.quantity) for row in behind.accepted),
        waiting=tuple(_sum(year, behind.now) for year in sorted({stock.year for stock in behind.now})),
        closed=tuple(_sum(year, behind.then[year], of_earlier_years=True) for year in sorted(closed)),
    )


def _sum(year: int, stocks: Iterable[Stock], *, of_earlier_years: bool = False) -> Waiting:
    meant = [stock for stock in stocks if stock.year == year or (of_earlier_years and stock.year < year)]
    return Waiting(year, sum(stock.approved for stock in meant), sum(stock.planned for stock in meant))


def _told(outlook: Outlook, on: Forecast, behind: _Behind) -> dict[str, Any]:
    """The outlook of a target as plain values; numbers that are not whole are fractions in text, such as 7/2."""
    target = outlook.target
    names = ("accepted", "approved", "planned", "expected", "low", "high", "missing", "still_needed", "per_year")
    exact = ("rate", "usual", "by_method", "by_naive")
    return {
        **{name: getattr(target, name) for name in ("code", "name", "unit", "goal")},
        **{name: getattr(outlook, name) for name in names},
        "verdict": str(outlook.verdict),
        "verdict_label": outlook.verdict.label,
        "years_left": outlook.years_left,
        **{name: str(getattr(outlook, name)) for name in exact},
        "uses_naive": outlook.uses_naive,
        "back_test": _back_test(outlook),
        "sentences": list(on.sentences(outlook)),
        "projects": {
            "accepted": [
                {"project": a.project, "on": a.on.isoformat(), "quantity": a.quantity} for a in behind.accepted
            ],
            "waiting": [_plain(stock) for stock in behind.now],
            "closed": [
                {"year": stock.year, "day": same_day(on.as_of, stock.year).isoformat()}
                | {"waiting": [_plain(each) for each in behind.then[stock.year]]}
                for stock in target.closed
            ],
        },
    }


def _back_test(outlook: Outlook) -> dict[str, Any]:
    tested = outlook.back_test

    def exact(number: Fraction) -> str:
        return str(number)

    return {
        "method_error": exact(tested.method_error),
        "naive_error": exact(tested.naive_error),
        "trials": [
            {"year": trial.year, "result": trial.result}
            | {"by_method": exact(trial.by_method), "by_naive": exact(trial.by_naive)}
            for trial in tested.trials
        ],
    }


def _plain(stock: Stock) -> dict[str, Any]:
    return {name: getattr(stock, name) for name in ("project", "year", "approved", "planned")}
