"""What stood in the way of each project on the last day of a report: overdue deadlines, suspensions, stops."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from models.queries.past import Happened, Past, fold
from models.rulebook import Rulebook
from states.actions import Action, Entry
from states.clocks import Run, Taken
from states.clocks import fold as run_clocks
from states.deadlines import ContractShare, Measured, governing, hang_on_contract, last_acceptance, measure, rule_for
from states.lifecycle import RUNNING
from states.vocabulary import Labelled, Route, Stage


class Difficulty(Labelled):
    """Why a project is named among the difficulties."""

    OVERDUE = "overdue", "Quá hạn"
    SUSPENDED = "suspended", "Đang tạm dừng"
    STOPPED = "stopped", "Ngừng triển khai trong kỳ"
    RECOVERING = "recovering", "Đang thu hồi kinh phí"


Contracts = Mapping[int, list[list[Taken]]]


def steps_of(events: Iterable[Happened]) -> list[Taken]:
    """The steps among these events as the clocks see them."""
    taken: list[Taken] = []
    standing: dict[str, Any] = {"route": "", "plan_year": 0, "work_year": 0}
    for event in events:
        standing |= {name: event.body["set"][name] for name in standing if name in event.body["set"]}
        if event.action not in set(Entry):
            taken.append(
                Taken(
                    event_id=event.id,
                    action=Action(event.action),
                    on=date.fromisoformat(str(event.decided_on)),
                    route=Route(standing["route"]),
                    stage=Stage(event.body["to"]),
                    plan_year=standing["plan_year"],
                    work_year=standing["work_year"],
                )
            )
    return taken


def contracts_of(pasts: Iterable[Past], last: date) -> Contracts:
    """The steps of the national projects of each contract: the term of settlement is that of the contract."""
    found: defaultdict[int, list[list[Taken]]] = defaultdict(list)
    for past in pasts:
        events = past.until(last)
        contract = fold(events).get("contract_id") if events else None
        if contract is not None and (taken := steps_of(events)) and taken[-1].route is Route.NATIONAL:
            found[contract].append(taken)
    return found


def difficulties_of(
    past: Past, first: str, last: date, book: Rulebook, contracts: Contracts
) -> dict[str, dict[str, str]]:
    """The difficulties of a project on the last day of a period that began on `first`, by clock or kind."""
    events = past.until(last)
    if not events:
        return {}
    columns, taken = fold(events), steps_of(events)
    found = {
        clock: _said(Difficulty.OVERDUE, label, day)
        for clock, label, day in _overdue(columns, taken, last, book, contracts)
    }
    stage = columns["stage"]
    if stage == Stage.SUSPENDED:
        found["suspended"] = _stopped_by(Difficulty.SUSPENDED, Action.SUSPEND, events)
    if stage == Stage.RECOVERING:
        found["recovering"] = _stopped_by(Difficulty.RECOVERING, Action.START_RECOVERY, events)
    if any(event.action == Action.STOP and past.since[event.id] >= first for event in events):
        found["stopped"] = _stopped_by(Difficulty.STOPPED, Action.STOP, events)
    return found


def _stopped_by(kind: Difficulty, action: Action, events: Iterable[Happened]) -> dict[str, str]:
    step = [event for event in events if event.action == action][-1]
    return _said(kind, step.body["note"], str(step.decided_on))


def _said(kind: Difficulty, what: str, day: str) -> dict[str, str]:
    return {"kind": str(kind), "label": kind.label, "what": what, "day": day}


def _overdue(
    columns: Mapping[str, object], taken: list[Taken], last: date, book: Rulebook, contracts: Contracts
) -> Iterator[tuple[str, str, str]]:
    """Clocks that still ran after their day: clock, what is late, the day. Of two of one duty the earlier governs."""
    measured = list(_measured(_runs(columns, taken, contracts), book))
    governed = governing(measured)
    for item in measured:
        if item.due is not None and item.due.rolled_on < last and governed[item.rule.clock] is item:
            yield item.rule.clock, item.rule.label, item.due.rolled_on.isoformat()


def _measured(runs: Iterable[Run], book: Rulebook) -> Iterator[Measured]:
    for run in runs:
        rule = rule_for(book.rules, run.clock, run.route, run.started_on)
        if run.is_open and not run.is_paused and rule is not None:
            yield measure(run, rule, book.calendar)


def _runs(columns: Mapping[str, object], taken: list[Taken], contracts: Contracts) -> list[Run]:
    runs = run_clocks(taken)
    contract = columns.get("contract_id")
    siblings = contracts.get(contract, []) if isinstance(contract, int) else []
    if len(siblings) > 1 and taken[-1].route is Route.NATIONAL:
        runs = hang_on_contract(runs, last_acceptance([_share(steps) for steps in _of_year(siblings, taken[-1])]))
    return runs


def _of_year(siblings: Iterable[list[Taken]], now: Taken) -> Iterator[list[Taken]]:
    """Work carried on to a later year is settled with that year."""
    return (steps for steps in siblings if steps[-1].work_year <= now.work_year)


def _share(steps: list[Taken]) -> ContractShare:
    accepted = [step.on for step in steps if step.action is Action.ACCEPT]
    return ContractShare(0, accepted[-1] if accepted else None, steps[-1].stage not in RUNNING)
