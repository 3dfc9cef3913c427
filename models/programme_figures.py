"""The figures of a programme for a page: fresh from the balances while that is quick, else those of the night.

A register of a province has some hundred projects, and adding them up takes a few milliseconds. Beyond `LIVE_UP_TO` a
page shows what the last night published, with its cut-off. A reader with a scope always gets the own projects, live;
on a large register such sums are remembered until the next event, because they take up to some seconds.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlmodel import Session

from models.queries.scope import Where, readable_by
from models.rollups import statements
from models.rollups.rolled import read_cutoff
from models.status import STEPS, Sums, dressed, sums_of, unknown_programme
from states.facts import Person
from states.rollups import Step

if TYPE_CHECKING:
    from models.mart.reading import Night

#: So many projects are added up for every look at a page.
LIVE_UP_TO = 3_000
#: Decided in a month: what is planned has no paper of its own.
DATED = (Step.APPROVED, Step.IMPLEMENTED, Step.SETTLED)


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where the figures come from: their sums, what was decided by month, the cut-off, and which night if any."""

    sums: Sums
    months: Mapping[str, Mapping[str, int]]
    cutoff: dict[str, Any]
    night: str | None


def programme_figures(
    session: Session, code: str, *, shelf: Path, reader: Person | None = None, live_up_to: int = LIVE_UP_TO
) -> dict[str, Any]:
    """Targets and money as `programme_status` tells them, with `years`, the `cutoff` and, of a night, its `night`.

    `limited_to` names a reader who gets the sums of the own projects only. Raises Refused for an unknown code.
    """
    head = session.connection().execute(_HEAD, {"code": code}).mappings().one_or_none()
    if head is None:
        raise unknown_programme(code)
    where = readable_by(reader)
    limited = bool(where.conditions)
    is_large = not is_small(session, live_up_to)
    origin = _of_the_night(shelf, code) if is_large and not limited else None
    if origin is None:
        origin = _remembered(session, head["id"], where) if is_large else _live(session, head["id"], where)
    programme = {name: head[name] for name in _SHOWN} | {"verified": bool(head["verified"])}
    return {
        "programme": programme,
        **dressed(session, head["id"], origin.sums),
        "years": _years(origin.months),
        "months": _cumulated(origin.months),
        "cutoff": origin.cutoff,
        "night": origin.night,
        "limited_to": reader.name if reader is not None and limited else None,
    }


def published_figures(session: Session, code: str, night: "Night", steps: Collection[str]) -> dict[str, Any]:
    """The same of a published night and with these steps only. Raises Refused for an unknown code."""
    head = session.connection().execute(_HEAD, {"code": code}).mappings().one_or_none()
    if head is None:
        raise unknown_programme(code)
    origin = _of_night(night, code)
    told = dressed(session, head["id"], origin.sums)
    sums = [*told["money"].values(), *(sums for content in told["contents"] for sums in content["money"].values())]
    for one in (*sums, *told["targets"]):
        for step in set(STEPS) - set(steps):
            del one[step]
    for target in told["targets"]:
        del target["projects"]
    return {
        "programme": {name: head[name] for name in _SHOWN} | {"verified": bool(head["verified"])},
        **told,
        "years": _years(origin.months),
        "months": _cumulated(origin.months),
        "cutoff": origin.cutoff,
        "night": night.as_of,
    }


_SHOWN = ("code", "name", "number", "issued_on", "issuer", "start_year", "end_year")
_HEAD = text("""
    SELECT id, code, name, number, CAST(issued_on AS TEXT) AS issued_on, issuer, start_year, end_year, verified
    FROM programme WHERE code = :code""")


def is_small(session: Session, up_to: int = LIVE_UP_TO) -> bool:
    """Has the register so few projects that adding them up is quick? Counts no further than that."""
    found = session.connection().execute(_MORE, {"most": up_to + 1}).scalar_one()
    return int(found) <= up_to


_MORE = text("SELECT count(*) FROM (SELECT 1 FROM project LIMIT :most) AS first_ones")


# --- where the sums come from -------------------------------------------------------------------------


def _of_the_night(shelf: Path, code: str) -> _Origin | None:
    from models.mart.reading import newest_night

    night = newest_night(shelf)
    return None if night is None else _of_night(night, code)


def _of_night(night: "Night", code: str) -> _Origin:
    from models.mart.reading import night_money, night_months, night_work

    sums = Sums(night_money(night, code), night_work(night, code))
    return _Origin(sums, night_months(night, code), night.cutoff, night.as_of)


def _live(session: Session, programme_id: int, where: Where) -> _Origin:
    where.parameters["programme"] = programme_id
    sums = _own_sums(session, where) if where.conditions else sums_of(session, programme_id)
    sql = _MONTHS.format(month=statements.MONTH[session.get_bind().dialect.name], where="{where}")
    months = {row["month"]: {step: int(row[step]) for step in map(str, DATED)} for row in where.rows(session, sql)}
    return _Origin(sums, months, read_cutoff(session).as_json(), None)


#: Sums that took long, by register, programme, scope and the last event that they saw.
_REMEMBERED: OrderedDict[tuple[Any, ...], _Origin] = OrderedDict()
_MOST_REMEMBERED = 64
_REMEMBERING = Lock()


def _remembered(session: Session, programme_id: int, where: Where) -> _Origin:
    """Add up, or say again what was added up since the last event: nothing but events changes a balance."""
    bind = session.get_bind()
    scope = repr((where.conditions, sorted(where.parameters.items())))
    key = (str(bind.engine.url), programme_id, scope, read_cutoff(session))
    with _REMEMBERING:
        known = _REMEMBERED.get(key)
    if known is None:
        known = _live(session, programme_id, where)
        with _REMEMBERING:
            _REMEMBERED[key] = known
            while len(_REMEMBERED) > _MOST_REMEMBERED:
                _REMEMBERED.popitem(last=False)
    return known


def _own_sums(session: Session, where: Where) -> Sums:
    def read(sql: str, key: Callable[[Mapping[str, Any]], Any]) -> dict[Any, dict[str, int]]:
        return {key(row): {step: int(row[step]) for step in STEPS} for row in where.rows(session, sql)}

    money = read(_OWN_MONEY, lambda row: (row["content_no"], row["source"]))
    return Sums(money, read(_OWN_WORK, lambda row: row["target_code"]))


def _sums(expressions: Mapping[Step, str]) -> str:
    return ", ".join(f"sum({expressions[Step(step)]}) AS {step}" for step in STEPS)


_OWN_MONEY = f"""
    SELECT f.content_no, f.source, {_sums(statements.MONEY_BALANCE)}
    FROM project AS p JOIN funding AS f ON f.project_id = p.id
    WHERE p.programme_id = :programme AND {{where}} GROUP BY f.content_no, f.source"""
_OWN_WORK = f"""
    SELECT f.target_code, {_sums(statements.WORK_BALANCE)}
    FROM project AS p JOIN contribution AS f ON f.project_id = p.id
    WHERE p.programme_id = :programme AND {{where}} GROUP BY f.target_code"""
_BY_MONTH = ", ".join(
    f"sum(CASE WHEN {statements.of_kinds(step)} THEN m.amount * m.direction ELSE 0 END) AS {step}" for step in DATED
)
_MONTHS = f"""
    SELECT {{month}} AS month, {_BY_MONTH}
    FROM project AS p JOIN money_entry AS m ON m.project_id = p.id JOIN event AS e ON e.id = m.event_id
    WHERE p.programme_id = :programme AND {{where}} GROUP BY {{month}}"""


# --- in the order of time -----------------------------------------------------------------------------


def _years(months: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """What was decided in each year, with what had come together by its end."""
    by_year: dict[str, dict[str, int]] = {}
    for month, steps in months.items():
        year = by_year.setdefault(month[:4], dict.fromkeys(map(str, DATED), 0))
        for step in year:
            year[step] += steps[step]
    return [{"year": int(row["part"]), "decided": by_year[row["part"]], **row} for row in _cumulated(by_year)]


def _cumulated(parts: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """The running sums, oldest first; a month in which nothing was decided is left out."""
    running = dict.fromkeys(map(str, DATED), 0)
    rows = []
    for part in sorted(part for part, steps in parts.items() if any(steps[step] for step in running)):
        for step in running:
            running[step] += parts[part][step]
        rows.append({"part": part, "sum": dict(running)})
    return rows
