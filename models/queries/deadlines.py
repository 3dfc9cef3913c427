"""What is due, of whom, by which rule; and the proof sheet on which every day can be recounted."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlmodel import Session

from models.clock_rows import run_of
from models.queries.scope import PAGE, Where, page, readable_by
from models.rulebook import Rulebook, rulebook
from states.calendar import Calendar
from states.clocks import Run
from states.counting import Workdays, time_left, workdays_left
from states.deadlines import GOVERNED_TOGETHER, Rule, measure, rule_for
from states.facts import Person
from states.proof import proof
from states.refusal import Refused
from states.vocabulary import Route

_DEADLINES = """
    SELECT d.project_id, d.clock, d.rule, d.route, d.status, d.started_by, d.started_on, d.printed_on, d.rolled_on,
           d.safe_on, d.provisional, d.plan_year, d.work_year, d.pauses, d.stopped_on, d.stopped_by,
           p.code AS project, p.name, p.stage, u.code AS unit, u.name AS unit_name
    FROM deadline AS d JOIN project AS p ON p.id = d.project_id JOIN unit AS u ON u.id = p.unit_id
    WHERE {where} ORDER BY d.safe_on, p.code, d.clock LIMIT :limit OFFSET :offset"""
#: How far a due list looks ahead when nobody says otherwise, in workdays.
AHEAD = Workdays(7)


def due_list(
    session: Session,
    *,
    as_of: date,
    within: Workdays = AHEAD,
    reader: Person | None = None,
    unit: str | None = None,
    limit: int = PAGE,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """Open deadlines that are overdue or whose safe day comes within so many workdays, the most urgent first.

    On the national route the registration of the coming years stands among them: a deadline of the year.
    """
    book = rulebook(session)
    until = book.calendar.workday(as_of, within.count)
    where = readable_by(reader)
    where.add("d.status = 'open'")
    where.add("d.safe_on <= :until", until=until.isoformat())
    if unit is not None:
        where.add("u.code = :unit", unit=unit)
    found = where.rows(session, _DEADLINES, **page(limit, offset))
    rows = [shown(row, book, as_of) for row in found]
    if reader is None and unit is None and not offset:
        rows += [row for row in registrations(session, book, as_of) if row["safe_on"] <= until.isoformat()]
    return sorted(_governed(rows), key=lambda row: (row["safe_on"], row["project"] or "", row["kind"]))


def deadlines_of(session: Session, code: str, *, as_of: date, every: bool = False) -> list[dict[str, Any]]:
    """The deadlines of one project that still run, paused ones included; `every` adds those that are closed."""
    where = Where()
    where.add("p.code = :code", code=code)
    if not every:
        where.add("d.status <> 'closed'")
    book = rulebook(session)
    found = where.rows(session, _DEADLINES, **page(1000, 0))
    return _governed([shown(row, book, as_of) for row in sorted(found, key=urgency)])


def most_urgent(session: Session, codes: Iterable[str], *, as_of: date) -> dict[str, dict[str, Any]]:
    """Of each project on a page the open deadline that comes first, or a paused one where nothing else runs."""
    wanted = list(codes)
    where = Where()
    where.add("p.code IN :codes", codes=wanted)
    where.add("d.status <> 'closed'")
    book = rulebook(session)
    found: dict[str, dict[str, Any]] = {}
    # The page bounds the rows: a project has at most one running deadline of each rule.
    for row in where.rows(session, _DEADLINES, limit=len(wanted) * len(book.rules), offset=0):
        known = found.get(row["project"])
        if known is None or urgency(row) < urgency(known):
            found[row["project"]] = row
    return {code: shown(row, book, as_of) for code, row in found.items()}


def urgency(row: dict[str, Any]) -> tuple[bool, str, str]:
    """The earliest first, the paused ones last; the databases do not agree on where a day that is missing stands."""
    return row["safe_on"] is None, row["safe_on"] or "", row["rolled_on"] or ""


def shown(row: dict[str, Any], book: Rulebook, as_of: date) -> dict[str, Any]:
    """One row of deadlines in the words of its rule, with what is left of it."""
    rule = _rule(book, row["rule"])
    told = {
        "project": row["project"],
        "name": row["name"],
        "stage": row["stage"],
        "unit": row["unit"],
        "kind": row["clock"],
        "rule": rule.code,
        "label": rule.label,
        "status": row["status"],
        "started_on": row["started_on"],
        "due_on": row["rolled_on"],
        "printed_on": row["printed_on"],
        "safe_on": row["safe_on"],
        "stopped_on": row["stopped_on"],
        "statutory": rule.statutory,
        "verified": rule.verified,
        "standing": rule.standing,
        "provisional": bool(row["provisional"]),
        "basis": rule.basis,
        "governed_by": None,
    }
    return told | _left(told, book.calendar, as_of)


def _left(row: dict[str, Any], calendar: Calendar, as_of: date) -> dict[str, Any]:
    """Workdays to the safe day while there is time, and from the rolled day once it is overdue."""
    if row["status"] == "closed":
        late = row["stopped_on"] > row["due_on"] if row["due_on"] else False
        return {"workdays_left": None, "left": "Xong trễ hạn" if late else "Xong đúng hạn"}
    if row["due_on"] is None:
        return {"workdays_left": None, "left": "Tạm dừng"}
    rolled, safe = date.fromisoformat(row["due_on"]), date.fromisoformat(row["safe_on"])
    aim = rolled if as_of > rolled else max(safe, as_of) if as_of > safe else safe
    left = workdays_left(as_of, aim, calendar)
    return {"workdays_left": left.count, "left": time_left(as_of, rolled if as_of > safe else safe, calendar)}


def _governed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of the settlement term and 22/01 the earlier one governs; the other says so and stays."""
    earliest: dict[str, dict[str, Any]] = {}
    pairs = [row for row in rows if row["kind"] in GOVERNED_TOGETHER and row["due_on"] and row["status"] == "open"]
    for row in pairs:
        first = earliest.setdefault(row["project"], row)
        if row["due_on"] < first["due_on"]:
            earliest[row["project"]] = row
    for row in pairs:
        first = earliest[row["project"]]
        if first is not row:
            row["governed_by"] = first["kind"]
    return rows


def _rule(book: Rulebook, code: str) -> Rule:
    return next(rule for rule in book.rules if rule.code == code)


def registrations(session: Session, book: Rulebook, as_of: date) -> list[dict[str, Any]]:
    """The registration of next year's national projects, until a `register` event meets it: at most one row.

    A deadline of the year and not of a project. Basis: TT 17/2018/TT-BCT Điều 1 khoản 9.
    """
    plan_year = as_of.year + 1
    # The clock of a plan year starts with the year in which it has to be registered.
    run = Run("D-REG", Route.NATIONAL, date(as_of.year, 1, 1), 0, plan_year, plan_year)
    rule = rule_for(book.rules, run.clock, run.route, run.started_on)
    due = measure(run, rule, book.calendar).due if rule else None
    met = set(session.connection().exec_driver_sql(_REGISTERED).scalars())
    if rule is None or due is None or plan_year in met:
        return []
    row = {
        "project": None,
        "name": f"Đăng ký đề án khuyến công quốc gia năm {plan_year}",
        "stage": None,
        "unit": None,
        "clock": run.clock,
        "rule": rule.code,
        "status": "open",
        "started_on": run.started_on.isoformat(),
        "printed_on": due.printed_on.isoformat(),
        "rolled_on": due.rolled_on.isoformat(),
        "safe_on": due.safe_on.isoformat(),
        "stopped_on": None,
        "provisional": due.provisional,
    }
    return [shown(row, book, as_of)]


_REGISTERED = """
    SELECT DISTINCT p.plan_year FROM event AS e JOIN project AS p ON p.id = e.subject_id
    WHERE e.subject_kind = 'project' AND e.action = 'register'"""


def deadline_proof(session: Session, code: str, clock: str | None = None) -> list[dict[str, Any]]:
    """The proof sheets of a project: each deadline with each day counted or skipped, why, and on whose word.

    Raises Refused for a project that does not exist or has no such deadline.
    """
    where = Where()
    where.add("p.code = :code", code=code)
    if clock is not None:
        where.add("d.clock = :clock", clock=clock)
    found = where.rows(session, _DEADLINES, **page(1000, 0))
    if not found:
        named = f" {clock}" if clock else ""
        raise Refused(f"Đề án {code} không có hạn{named} nào; hãy xem dean deadline list {code}.")
    book = rulebook(session)
    return [_sheet(session, row, book) for row in sorted(found, key=lambda row: row["started_by"])]


def _sheet(session: Session, row: dict[str, Any], book: Rulebook) -> dict[str, Any]:
    rule = _rule(book, row["rule"])
    run = run_of(_Row(row))
    measured = measure(run, rule, book.calendar)
    until = date.fromisoformat(row["stopped_on"]) if row["stopped_on"] else None
    pauses = [event for pause in run.pauses for event in (pause.paused_by, pause.resumed_by)]
    events = _events(session, [event for event in (run.started_by, *pauses, run.stopped_by) if event])
    return {
        "project": row["project"],
        "kind": row["clock"],
        "rule": rule.code,
        "label": rule.label,
        "standing": rule.standing,
        "basis": rule.basis,
        "statutory": rule.statutory,
        "verified": rule.verified,
        "status": row["status"],
        "started_on": row["started_on"],
        "printed_on": row["printed_on"],
        "rolled_on": row["rolled_on"],
        "safe_on": row["safe_on"],
        "stopped_on": row["stopped_on"],
        "in_time": None if until is None or measured.due is None else until <= measured.due.rolled_on,
        "paused": measured.paused_units,
        "warnings": list(measured.due.warnings) if measured.due else [],
        "events": events,
        "days": [day.plain() for day in proof(measured, book.calendar)] if measured.due else [],
    }


class _Row:
    """A mapping read by attribute, as the rows of the hot path are."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.__dict__.update(row)


def _events(session: Session, ids: Iterable[int]) -> list[dict[str, Any]]:
    listed = ", ".join(str(int(number)) for number in ids)
    rows = session.connection().exec_driver_sql(
        "SELECT e.id, e.seq, e.action, e.decided_on, e.recorded_at, e.number, p.name AS recorded_by "
        f"FROM event AS e LEFT JOIN person AS p ON p.id = e.recorded_by WHERE e.id IN ({listed}) ORDER BY e.id"
    )
    return [{key: str(value) if value is not None else None for key, value in row.items()} for row in rows.mappings()]
