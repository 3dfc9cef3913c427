"""What a person finds in the morning: what is due, whose turn it is, and what happened since the last workday.

Every read is cut off where a page ends, so that it costs the same over 165 projects and over a million.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlmodel import Session

from models.columns import instant_text
from models.queries.deadlines import most_urgent, shown
from models.queries.histories import ENTRY_LABELS
from models.queries.scope import Where, readable_by
from models.rulebook import rulebook
from states.actions import Action, Entry
from states.awaiting import Money, Turn, step_to, turns_of, turns_of_others
from states.counting import Workdays
from states.facts import OFFICE_TIME, Person
from states.lifecycle import BEFORE_APPROVAL, stage_label
from states.steps import STEP
from states.vocabulary import STATE_FUND, Authority, Paper, Role, Route, Stage

#: Where a page stops counting and says "more than".
MOST = 500
#: Of how many projects of a stage the money is looked at, those that wait longest.
_LOOKED_AT = 500
#: Among how many of the newest events the changes are looked for.
_NEWEST = 5_000
#: The horizons of a morning, in workdays; the last one is that of every due list.
SOON, AHEAD = Workdays(3), Workdays(7)


class Counted(NamedTuple):
    """The first rows of a list, and of how many; `is_more` says that counting stopped there."""

    rows: list[dict[str, Any]]
    how_many: int
    is_more: bool


def _counted(rows: list[dict[str, Any]], count: int) -> Counted:
    return Counted(rows, min(count, MOST), count > MOST)


# --- deadlines ----------------------------------------------------------------------------------------


def has_deadlines(reader: Person) -> bool:
    """Are deadlines anything to this person? The auditor and the administrator have none to keep."""
    return reader.role not in (Role.AUDITOR, Role.ADMINISTRATOR)


def due(session: Session, reader: Person, *, as_of: date, limit: int) -> dict[str, Counted]:
    """The open deadlines of the reader's projects: `overdue`, due within 3 workdays, and within 7 (`3`, `7`).

    Within a horizon means until the safe day, as everywhere; each deadline stands in one of the three. The counts are
    of deadlines. Cashiers see those of projects that have money.
    """
    calendar = rulebook(session).calendar
    soon, ahead = (calendar.workday(as_of, days.count).isoformat() for days in (SOON, AHEAD))
    today = as_of.isoformat()
    # A rolled day is never before its safe day: the first condition is for the index, the second is the truth.
    spans = {
        "overdue": "d.safe_on < :today AND d.rolled_on < :today",
        "3": "d.safe_on <= :soon AND d.rolled_on >= :today",
        "7": "d.safe_on > :soon AND d.safe_on <= :ahead AND d.rolled_on >= :today",
    }
    days = {"today": today, "soon": soon, "ahead": ahead}
    return {name: _due(session, reader, span, _used(span, days), as_of, limit) for name, span in spans.items()}


def _used(condition: str, parameters: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in parameters.items() if f":{name}" in condition}


def _due(session: Session, reader: Person, span: str, days: dict[str, str], as_of: date, limit: int) -> Counted:
    where = readable_by(reader)
    where.add("d.status = 'open'")
    where.add(span, **days)
    if reader.role is Role.FINANCE:
        where.add("p.stage NOT IN :before", before=sorted(map(str, BEFORE_APPROVAL)))
    book = rulebook(session)
    rows = [shown(row, book, as_of) | _solved(row) for row in where.rows(session, _DUE, limit=limit)]
    count = len(rows) if len(rows) < limit else int(where.rows(session, _DUE_COUNT, most=MOST + 1)[0]["n"])
    return _counted(rows, count)


def _solved(row: dict[str, Any]) -> dict[str, Any]:
    route, stage = Route(row["route"]), Stage(row["stage"])
    action = step_to(row["clock"], stage, route)
    return {"unit_name": row["unit_name"], "stage_label": stage_label(stage, route), "action": action}


# The order is that of the partial index, so that the database stops reading at the limit.
_DUE = """
    SELECT d.clock, d.rule, p.route, d.status, d.started_on, d.printed_on, d.rolled_on, d.safe_on, d.provisional,
           d.stopped_on, p.code AS project, p.name, p.stage, u.code AS unit, u.name AS unit_name
    FROM deadline AS d JOIN project AS p ON p.id = d.project_id JOIN unit AS u ON u.id = p.unit_id
    WHERE {where} ORDER BY d.safe_on, d.rolled_on, d.project_id, d.clock LIMIT :limit"""
# CROSS JOIN keeps SQLite from reading every project of a large unit: few of them have anything due.
_DUE_COUNT = """
    SELECT count(*) AS n FROM (
        SELECT 1 AS one FROM deadline AS d CROSS JOIN project AS p WHERE p.id = d.project_id AND {where} LIMIT :most
    ) AS found"""


# --- whose turn it is ---------------------------------------------------------------------------------


class Awaited(NamedTuple):
    """One page of projects whose next step is awaited, the longest waiting first, and how many wait by step."""

    rows: list[dict[str, Any]]
    by_step: list[dict[str, Any]]
    has_more: bool


def waiting_on(
    session: Session, reader: Person, *, at: datetime, limit: int, offset: int = 0, step: Action | None = None
) -> Awaited:
    """The projects whose next step the reader may record: by stage and money, as the lifecycle table has it.

    `step` leaves only those that wait for this one; the counts stay those of all.
    """
    return _awaited(session, reader, turns_of(reader.role), step, at, limit, offset)


def waiting_elsewhere(
    session: Session, reader: Person, *, at: datetime, limit: int, offset: int = 0, step: Action | None = None
) -> Awaited:
    """The projects of the reader's scope that wait for somebody else, with whom they lie and since when."""
    return _awaited(session, reader, turns_of_others(reader.role), step, at, limit, offset)


def _awaited(
    session: Session, reader: Person, turns: Sequence[Turn], only: Action | None, at: datetime, limit: int, offset: int
) -> Awaited:
    if not turns:
        return Awaited([], [], False)
    where = readable_by(reader)
    where.parameters |= {"me": reader.id} if any(turn.is_not_for_authors for turn in turns) else {}
    scope = str(where)
    chosen = {number: _chosen(turn, number, scope) for number, turn in enumerate(turns)}
    counted = (_counted_of(turn, number, chosen[number], scope) for number, turn in enumerate(turns))
    found = where.rows(session, " UNION ALL ".join(counted), most=MOST + 1)
    counts = {row["turn"]: row for row in found if row["n"]}
    asked = [number for number in counts if only in (None, turns[number].key)]
    rows = _rows(session, where, [(number, chosen[number]) for number in asked], limit, offset) if asked else []
    urgent = most_urgent(session, [row["code"] for row in rows[:limit]], as_of=_office_day(at)) if rows else {}
    told = [_told(row, turns[row["turn"]], at) | {"deadline": urgent.get(row["code"])} for row in rows[:limit]]
    return Awaited(told, _by_step((turns[number], row) for number, row in counts.items()), len(rows) > limit)


def _rows(
    session: Session, where: Where, chosen: Sequence[tuple[int, str]], limit: int, offset: int
) -> list[dict[str, Any]]:
    """One row more than a page, the longest waiting first."""
    turns = (f"SELECT * FROM ({sql} ORDER BY p.moved_at, p.id LIMIT :far) AS t{n}" for n, sql in chosen)
    used = Where(parameters={k: v for k, v in where.parameters.items() if any(f":{k}" in sql for _, sql in chosen)})
    sql = _PAGE.format(turns=" UNION ALL ".join(turns))
    return used.rows(session, sql, far=offset + limit + 1, limit=limit + 1, offset=offset)


_PAGE = """
    SELECT w.turn, w.moved_at, p.code, p.name, p.route, p.stage, p.plan_year, p.adjustment_open,
           u.code AS unit, u.name AS unit_name
    FROM (SELECT * FROM ({turns}) AS everything ORDER BY moved_at, id LIMIT :limit OFFSET :offset) AS w
    JOIN project AS p ON p.id = w.id JOIN unit AS u ON u.id = p.unit_id ORDER BY w.moved_at, w.id"""
_FUND = "CASE p.route " + " ".join(f"WHEN '{route}' THEN '{fund}'" for route, fund in STATE_FUND.items()) + " END"
#: What is still to be paid of the state fund, in đồng; negative is what has to come back. Basis: design §9, "Money".
_PAYABLE = """(CASE WHEN f.settled > 0 OR f.released > 0 THEN 0 ELSE f.accepted END
               - f.prepaid - f.paid + f.settled + f.recovered)"""
_STANDS = {
    Money.TO_PAY: f"{_PAYABLE} > 0",
    Money.TO_COME_BACK: f"{_PAYABLE} < 0",
    Money.EVEN: f"{_PAYABLE} = 0",
    Money.ASKED_FOR: f"""f.prepaid = 0 AND EXISTS (
        SELECT 1 FROM paper AS r WHERE r.subject_kind = 'project' AND r.subject_id = p.id
        AND r.kind = '{Paper.PREPAYMENT_REQUEST}')""",
}


def _chosen(turn: Turn, number: int, scope: str) -> str:
    """The ids of the projects of one turn. Each stage by itself, so that an index gives the oldest of it first."""
    if turn.money is Money.ANYHOW:
        return f"SELECT {number} AS turn, p.id, p.moved_at FROM project AS p WHERE {_of_stage(turn, scope)}"
    return (
        f"SELECT {number} AS turn, p.id, p.moved_at FROM ({_oldest(turn, scope)}) AS p "
        f"JOIN funding AS f ON f.project_id = p.id AND f.source = {_FUND} WHERE {_STANDS[turn.money]}"
    )


def _of_stage(turn: Turn, scope: str) -> str:
    conditions = [f"p.stage = '{turn.stage}'", scope]
    conditions += ["p.adjustment_open = 0"] if turn.is_free_of_adjustments else []
    conditions += ["p.author_id <> :me"] if turn.is_not_for_authors else []
    return " AND ".join(conditions)


def _oldest(turn: Turn, scope: str) -> str:
    """Those of a stage that wait longest, of which the money is looked at."""
    of_stage = f"SELECT p.id, p.route, p.moved_at FROM project AS p WHERE {_of_stage(turn, scope)}"
    return f"{of_stage} ORDER BY p.moved_at, p.id LIMIT {_LOOKED_AT}"


def _counted_of(turn: Turn, number: int, sql: str, scope: str) -> str:
    """How many projects a turn has, and how many were looked at to know: more are beyond what was looked at."""
    looked = "0" if turn.money is Money.ANYHOW else f"(SELECT count(*) FROM ({_oldest(turn, scope)}) AS l{number})"
    return f"SELECT {number} AS turn, count(*) AS n, {looked} AS looked FROM ({sql} LIMIT :most) AS c{number}"


def _told(row: dict[str, Any], turn: Turn, at: datetime) -> dict[str, Any]:
    route, stage = Route(row["route"]), Stage(row["stage"])
    action, body = turn.actions[route], turn.body(route)
    inside = row["unit_name"] if turn.role is Role.CENTRE_OFFICER else turn.role.label
    return row | {
        "action": action,
        "label": STEP[action].label,
        "stage_label": stage_label(stage, route),
        "with": body.label if body else inside,
        "since": _office_day(datetime.fromisoformat(row["moved_at"])).isoformat(),
        "days": (_office_day(at) - _office_day(datetime.fromisoformat(row["moved_at"]))).days,
    }


def _by_step(counts: Iterable[tuple[Turn, dict[str, Any]]]) -> list[dict[str, Any]]:
    """How many wait for each step, over its stages and both routes."""
    sums: dict[Action, dict[str, Any]] = {}
    for turn, row in counts:
        labels = [step.label for step in turn.steps]
        known = sums.setdefault(turn.key, {"action": turn.key, "labels": labels, "count": 0, "is_more": False})
        known["count"] += min(row["n"], MOST)
        known["is_more"] |= row["n"] > MOST or row["looked"] >= _LOOKED_AT
    return list(sums.values())


def _office_day(at: datetime) -> date:
    return at.astimezone(OFFICE_TIME).date()


# --- adjustment requests ------------------------------------------------------------------------------


def open_requests(session: Session, reader: Person, *, limit: int) -> list[dict[str, Any]]:
    """Adjustment requests without an answer, the oldest first; `confirmed_on` says that the department has spoken."""
    where = readable_by(reader)
    where.add("a.status = 'open'")
    rows = where.rows(session, _REQUESTS, limit=limit)
    return [row | _lies_with(row) for row in rows]


def _lies_with(row: dict[str, Any]) -> dict[str, str]:
    """The department confirms first, then the request lies with the body that decides."""
    if row["confirmed_on"] is None:
        return {"action": Action.CONFIRM_ADJUSTMENT, "with": Authority.DEPARTMENT.label}
    return {"action": Action.APPROVE_ADJUSTMENT, "with": Authority(row["authority"]).label}


# Few requests are open, and many projects may be in an area: the requests are read first.
_REQUESTS = """
    SELECT p.code, p.name, p.route, p.stage, u.name AS unit_name, a.number, a.requested_on, a.reason, a.authority,
           a.confirmed_on
    FROM adjustment AS a CROSS JOIN project AS p JOIN unit AS u ON u.id = p.unit_id
    WHERE p.id = a.project_id AND {where} ORDER BY a.requested_on, a.id LIMIT :limit"""


# --- what happened ------------------------------------------------------------------------------------


def last_workday(session: Session, as_of: date) -> date:
    """The workday before a day."""
    return rulebook(session).calendar.workday(as_of, -1)


def changes_since(session: Session, reader: Person, *, since: date, limit: int) -> list[dict[str, Any]]:
    """What others did to the reader's projects since the beginning of a day, the latest first.

    One act over many projects under one number is one row, with `projects` of them. Looked for among the newest
    five thousand events of the register.
    """
    where = readable_by(reader)
    where.add("coalesce(e.recorded_by, 0) <> :me", me=reader.id)
    rows = where.rows(session, _CHANGES, since=_instant(session, since), newest=_NEWEST, limit=limit)
    return [_change(row) for row in rows]


# Events without a number are acts of their own; those of one number, person and kind are one act over many projects.
_CHANGES = """
    SELECT e.id, e.action, e.recorded_at, e.number, e.from_stage, e.to_stage, r.name AS by_name, p.code, p.name,
           p.route, g.projects
    FROM (
        SELECT max(e.id) AS id, count(*) AS projects
        FROM event AS e JOIN project AS p ON p.id = e.subject_id
        WHERE e.subject_kind = 'project' AND e.recorded_at >= :since
          AND e.id > (SELECT last_event_id FROM ledger_head) - :newest AND {where}
        GROUP BY e.action, e.number, e.recorded_by, CASE WHEN e.number = '' THEN e.id ELSE 0 END
        ORDER BY max(e.id) DESC LIMIT :limit) AS g
    JOIN event AS e ON e.id = g.id JOIN project AS p ON p.id = e.subject_id
    LEFT JOIN person AS r ON r.id = e.recorded_by ORDER BY g.id DESC"""


def _instant(session: Session, day: date) -> Any:
    begins = datetime.combine(day, time.min, OFFICE_TIME)
    return begins if session.get_bind().dialect.name == "postgresql" else instant_text(begins)


def _change(row: dict[str, Any]) -> dict[str, Any]:
    route = Route(row["route"])
    moved = row["from_stage"] != row["to_stage"] and row["to_stage"] is not None
    to_label = stage_label(Stage(row["to_stage"]), route) if moved else None
    return row | {"label": _label(row["action"]), "to_label": to_label}


def _label(action: str) -> str:
    return STEP[Action(action)].label if action in set(Action) else ENTRY_LABELS[Entry(action)]


# --- for those who keep the register ------------------------------------------------------------------


def latest_events(session: Session, *, limit: int) -> list[dict[str, Any]]:
    """The newest events of the whole register."""
    return Where().rows(session, _LATEST, limit=limit)


_LATEST = """
    SELECT e.id, e.subject_kind, e.action, e.recorded_at, e.number, r.name AS by_name, p.code, p.name
    FROM event AS e LEFT JOIN person AS r ON r.id = e.recorded_by
    LEFT JOIN project AS p ON e.subject_kind = 'project' AND p.id = e.subject_id
    ORDER BY e.id DESC LIMIT :limit"""


def undelivered(session: Session, *, limit: int) -> list[dict[str, Any]]:
    """The newest letters that reached nobody."""
    return Where().rows(session, _DEAD, limit=limit)


_DEAD = """
    SELECT o.id, o.subject, o.channel, o.detail, o.finished_at, n.name AS person_name
    FROM outbox AS o LEFT JOIN person AS n ON n.id = o.person_id
    WHERE o.status = 'dead' ORDER BY o.id DESC LIMIT :limit"""


def without_password(session: Session) -> list[dict[str, Any]]:
    """Active people who cannot sign in yet."""
    return Where().rows(session, _WITHOUT)


_WITHOUT = """
    SELECT n.code, n.name FROM person AS n LEFT JOIN credential AS c ON c.person_id = n.id
    WHERE n.active = 1 AND coalesce(c.password_hash, '') = '' AND c.oidc_subject IS NULL ORDER BY n.id"""
