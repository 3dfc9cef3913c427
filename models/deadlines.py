"""Move the clocks with each step, and make all deadlines anew from the events: both ways give the same rows."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from models.clock_rows import COLUMNS, row_of, rows_of, run_of
from models.rulebook import Rulebook, rulebook
from models.statement import Statement
from states.actions import Action, Entry
from states.clocks import Taken, fold, tick
from states.deadlines import ContractShare, hang_on_contract, last_acceptance, measure
from states.lifecycle import RUNNING
from states.vocabulary import Route, Stage

#: Steps after which the settlement term of a contract may begin, end or move: a project joins the contract, is
#: accepted, or no longer holds the others up. Basis: design §9 "Deadlines".
_MOVES_CONTRACT = frozenset(
    {Action.SIGN_CONTRACT, Action.ACCEPT, Action.STOP, Action.CARRY_OVER, Action.APPROVE_ADJUSTMENT}
)


def move_clocks(session: Session, moves: Sequence[tuple[int, Taken]], book: Rulebook) -> None:
    """Apply one step of each project to its clocks, in the transaction of the step."""
    rows: list[dict[str, Any]] = []
    for project_id, taken in moves:
        running = {row.clock: run_of(row) for row in _RUNNING.rows(session, id=project_id)}
        going, stopped = tick(running, taken)
        changed = [run for clock, run in going.items() if running.get(clock) != run] + stopped
        rows += rows_of(project_id, changed, book)
    if rows:
        _PUT.run(session, rows)
    for project_id, taken in moves:
        if taken.route is Route.NATIONAL and taken.action in _MOVES_CONTRACT:
            _rehang(session, _CONTRACT.one(session, id=project_id).contract_id, book)


_CONTRACT = Statement("SELECT contract_id FROM project WHERE id = :id")
_RUNNING = Statement("SELECT * FROM deadline WHERE project_id = :id AND status <> 'closed'")
_KEY = ("project_id", "clock", "started_by")
_PUT = Statement(
    f"INSERT INTO deadline ({', '.join(COLUMNS)}) VALUES ({', '.join(':' + c for c in COLUMNS)}) "
    f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET "
    + ", ".join(f"{c} = excluded.{c}" for c in COLUMNS if c not in _KEY)
)


def rebuild_after_undoing(session: Session, project_id: int, contract_id: int | None, book: Rulebook) -> None:
    """Make the deadlines of a project anew after a compensating step, and those of the contract it was in."""
    rebuild_project(session, project_id, book)
    # One project may stay behind alone, and then no longer waits for the one that left.
    for sibling in _in_contract(session, contract_id):
        if sibling != project_id:
            rebuild_project(session, sibling, book)


def _rehang(session: Session, contract_id: int | None, book: Rulebook) -> None:
    """Measure the settlement term anew for every project of a contract; alone, a project hangs on itself."""
    siblings = _in_contract(session, contract_id)
    if len(siblings) > 1:
        for sibling in siblings:
            rebuild_project(session, sibling, book)


def _in_contract(session: Session, contract_id: int | None) -> list[int]:
    """The projects of a national contract; the term of TT 36/2013/TT-BCT Điều 18 is theirs alone."""
    if contract_id is None:
        return []
    return [row.id for row in _IN_CONTRACT.rows(session, id=contract_id)]


_IN_CONTRACT = Statement("SELECT id FROM project WHERE contract_id = :id AND route = 'national' ORDER BY id")


def rebuild_project(session: Session, project_id: int, book: Rulebook | None = None) -> bool:
    """Make the deadlines of one project anew from its events; answer whether a row changed."""
    wanted, stored = _wanted_and_stored(session, project_id, book or rulebook(session))
    if wanted == stored:
        return False
    _DROP.run(session, [{"id": project_id}])
    if wanted:
        _PUT.run(session, list(wanted.values()))
    return True


def wrong_rows(session: Session, only: str | None = None) -> Iterator[tuple[int, str]]:
    """The deadlines that are not what the events say, as (project id, clock): nothing on a sound register.

    `only` is SQL that says of the id of a project whether it is looked at.
    """
    book = rulebook(session)
    for project_id in _project_ids(session, only or "1 = 1"):
        wanted, stored = _wanted_and_stored(session, project_id, book)
        for key in wanted.keys() | stored.keys():
            if wanted.get(key) != stored.get(key):
                yield project_id, str(key[1])


def _wanted_and_stored(
    session: Session, project_id: int, book: Rulebook
) -> tuple[dict[tuple[Any, ...], dict[str, Any]], dict[tuple[Any, ...], dict[str, Any]]]:
    wanted = {_key(row): row for row in _derived(session, project_id, book)}
    stored = [_texts(found._asdict()) for found in _STORED.rows(session, id=project_id)]
    return wanted, {_key(row): row for row in stored}


_STORED = Statement(f"SELECT {', '.join(COLUMNS)} FROM deadline WHERE project_id = :id")
_DROP = Statement("DELETE FROM deadline WHERE project_id = :id")


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column] for column in _KEY)


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    """Days as ISO text, which is how rows are made; PostgreSQL gives dates back."""
    return {column: _as_text(value) for column, value in row.items()}


def _derived(session: Session, project_id: int, book: Rulebook) -> list[dict[str, Any]]:
    taken = steps_taken(session, project_id)
    runs = fold(taken)
    if any(run.clock == "D-15" and run.route is Route.NATIONAL for run in runs):
        siblings = _in_contract(session, _CONTRACT.one(session, id=project_id).contract_id)
        if len(siblings) > 1:
            shares = _shares(session, siblings, taken[-1].work_year)
            runs = hang_on_contract(runs, last_acceptance(shares))
    return rows_of(project_id, runs, book)


def _shares(session: Session, siblings: Sequence[int], work_year: int) -> list[ContractShare]:
    """What the projects of a contract add to its settlement in one year.

    Work carried on to a later year is settled with that year: it neither holds up the settlement of this one nor
    moves it. This year's work holds up that of the next.
    """
    shares = []
    for project_id in siblings:
        taken = steps_taken(session, project_id)
        if taken[-1].work_year <= work_year:
            accepted = [step.on for step in taken if step.action is Action.ACCEPT]
            ended = taken[-1].stage not in RUNNING
            shares.append(ContractShare(project_id, accepted[-1] if accepted else None, ended))
    return shares


def steps_taken(session: Session, project_id: int) -> list[Taken]:
    """The steps of a project that stand, oldest first; compensated ones and their compensations left out."""
    events = [(row.id, row.action, json.loads(row.body)) for row in _EVENTS.rows(session, id=project_id)]
    undone = {body["more"]["reverts"] for _, action, body in events if action == Action.REVERT}
    standing = {"route": "", "plan_year": 0, "work_year": 0}
    taken = []
    for event_id, action, body in events:
        if event_id in undone or action == Action.REVERT:
            continue
        standing |= {key: body["set"][key] for key in standing if key in body["set"]}
        if action not in _ENTRIES:
            taken.append(_taken(event_id, body, standing))
    return taken


_EVENTS = Statement(
    "SELECT id, action, body FROM event WHERE subject_kind = 'project' AND subject_id = :id ORDER BY seq"
)
_ENTRIES = frozenset(str(entry) for entry in Entry)


def _taken(event_id: int, body: dict[str, Any], standing: dict[str, Any]) -> Taken:
    return Taken(
        event_id=event_id,
        action=Action(body["action"]),
        on=date.fromisoformat(body["decided_on"]),
        route=Route(standing["route"]),
        stage=Stage(body["to"]),
        plan_year=standing["plan_year"],
        work_year=standing["work_year"],
    )


def rebuild(session: Session) -> int:
    """Make all deadlines anew from the events and answer how many projects had a wrong row (0 is the promise)."""
    book = rulebook(session)
    return sum(rebuild_project(session, project_id, book) for project_id in _project_ids(session))


def _project_ids(session: Session, only: str = "1 = 1") -> Iterator[int]:
    last = 0
    ids = Statement(f"SELECT id FROM project WHERE id > :last AND {only} ORDER BY id LIMIT 1000")
    while page := ids.rows(session, last=last):
        for row in page:
            yield row.id
        last = page[-1].id


#: What a change of the calendar can change in a row.
_MEASURED = ("printed_on", "rolled_on", "safe_on", "provisional", "paused_units")


def remeasure(session: Session, book: Rulebook, since: date) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Measure open deadlines by a calendar that differs from `since` on; yield (old row, new values) of the changed.

    Nothing is written. The rule of a running clock stays the one it started with; only its calendar is never
    pinned. Many deadlines started on the same day under the same rule, so each such case is measured once.
    """
    rules = {rule.code: rule for rule in book.rules}
    measured: dict[tuple[Any, ...], dict[str, Any]] = {}
    last: tuple[int, str, int] = (0, "", 0)
    while page := _OPEN_PAGE.rows(session, project=last[0], clock=last[1], started=last[2], since=since.isoformat()):
        for row in page:
            case = (row.rule, row.route, row.started_on, row.plan_year, row.work_year, row.status, row.pauses)
            if case not in measured:
                new = row_of(0, measure(run_of(row), rules[row.rule], book.calendar))
                measured[case] = {column: new[column] for column in _MEASURED}
            values = measured[case]
            if any(_as_text(getattr(row, column)) != values[column] for column in _MEASURED):
                yield row, values
        last = (page[-1].project_id, page[-1].clock, page[-1].started_by)


def _as_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


# What ends before the first changed day stands as it is; a pause may have reached beyond it.
_OPEN_PAGE = Statement("""
    SELECT d.*, p.code FROM deadline AS d JOIN project AS p ON p.id = d.project_id
    WHERE d.status <> 'closed' AND (d.project_id, d.clock, d.started_by) > (:project, :clock, :started)
      AND (d.status = 'paused' OR d.printed_on >= :since OR d.rolled_on >= :since)
    ORDER BY d.project_id, d.clock, d.started_by LIMIT 5000""")


def put_measured(session: Session, rows: list[tuple[Any, dict[str, Any]]]) -> None:
    """Write new days over those of the given rows."""
    if rows:
        _MEASURE.run(session, [{key: getattr(row, key) for key in _KEY} | values for row, values in rows])


_MEASURE = Statement(
    f"UPDATE deadline SET {', '.join(f'{c} = :{c}' for c in _MEASURED)} "
    f"WHERE {' AND '.join(f'{key} = :{key}' for key in _KEY)}"
)
