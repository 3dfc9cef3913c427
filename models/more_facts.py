"""What only some steps are judged on, read when such a step is judged and added to the facts of a project."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlmodel import Session

from models.asked import read_asked
from models.loading import Loaded, day_of
from models.statement import Statement
from states.actions import Action
from states.facts import LastStep, Request
from states.lifecycle import RUNNING
from states.steps import STEP
from states.vocabulary import Kind, Outcome, Stage


def with_supplement_due(session: Session, loaded: Loaded) -> Loaded:
    """Add the day until which a returned dossier may be supplemented, where a rule sets one."""
    found = _SUPPLEMENT.rows(session, id=loaded.id)
    due = day_of(found[0].rolled_on) if found else None
    return replace(loaded, facts=replace(loaded.facts, supplement_due_on=due))


_SUPPLEMENT = Statement(
    "SELECT rolled_on FROM deadline WHERE project_id = :id AND clock = 'D-SUPP' AND status = 'open'"
)


def with_open_request(session: Session, loaded: Loaded) -> Loaded:
    """Add what the open adjustment request asks for; a project without the flag is left as it is."""
    if not loaded.facts.adjustment_open:
        return loaded
    found = _REQUEST.rows(session, id=loaded.id)
    if not found:
        return loaded
    [row] = found
    since = day_of(row.confirmed_on or row.requested_on)
    request = Request(row.id, read_asked(row.asked, row.kinds), row.confirmed_on is not None, since)
    return replace(loaded, facts=replace(loaded.facts, request=request))


_REQUEST = Statement(
    "SELECT id, asked, kinds, requested_on, confirmed_on FROM adjustment WHERE project_id = :id AND status = 'open'"
)


def with_contract(session: Session, loaded: Loaded) -> Loaded:
    """Add the projects of the same contract whose work is neither accepted nor ended nor carried over."""
    if loaded.contract_id is None:
        return loaded
    rows = _SIBLINGS.rows(session, contract=loaded.contract_id, id=loaded.id, year=loaded.facts.work_year)
    waits = tuple(row.code for row in rows if row.stage in RUNNING)
    return replace(loaded, facts=replace(loaded.facts, contract_waits_for=waits))


_SIBLINGS = Statement("""
    SELECT code, stage FROM project WHERE contract_id = :contract AND id <> :id AND work_year <= :year ORDER BY code""")


def with_shares(session: Session, loaded: Loaded) -> Loaded:
    """Add who is named in a group project, and of whom the work was accepted share by share."""
    if loaded.facts.kind is not Kind.GROUP:
        return loaded
    named = {row.id: row.name for row in _NAMED.rows(session, id=loaded.id)}
    shares: dict[int, bool] = {}
    for row in _SHARES.rows(session, id=loaded.id):
        if row.standing > 0:
            shares[row.beneficiary_id] = shares.get(row.beneficiary_id, False) or row.outcome == Outcome.PASSED
    return replace(loaded, facts=replace(loaded.facts, named=named, shares=shares))


_NAMED = Statement("""
    SELECT b.id, b.name FROM project_beneficiary AS p JOIN beneficiary AS b ON b.id = p.beneficiary_id
    WHERE p.project_id = :id GROUP BY b.id, b.name HAVING sum(p.direction) > 0 ORDER BY b.id""")
_SHARES = Statement("""
    SELECT beneficiary_id, outcome, sum(direction) AS standing FROM acceptance
    WHERE project_id = :id AND beneficiary_id IS NOT NULL GROUP BY beneficiary_id, outcome""")


def with_last_step(session: Session, loaded: Loaded) -> Loaded:
    """Add the latest step that still stands: what a compensating step would undo."""
    undone: set[int] = set()
    rows = _HISTORY.rows(session, id=loaded.id)
    for row in rows:
        body = json.loads(row.body)
        if row.action == Action.REVERT:
            undone.add(body["more"]["reverts"])
        elif row.id not in undone and row.action in set(Action):
            action = Action(row.action)
            step = LastStep(row.id, action, STEP[action].label, Stage(row.from_stage), row.recorded_by)
            return replace(loaded, facts=replace(loaded.facts, last_step=step))
    return loaded


_HISTORY = Statement(
    "SELECT id, action, from_stage, recorded_by, body FROM event "
    "WHERE subject_kind = 'project' AND subject_id = :id ORDER BY seq DESC"
)


#: What else is read before a step is judged; most steps need none of it.
_ALSO: Mapping[Action, tuple[Callable[[Session, Loaded], Loaded], ...]] = {
    Action.REVERT: (with_last_step,),
    Action.LAPSE: (with_supplement_due,),
    Action.SUBMIT_SETTLEMENT: (with_contract,),
    Action.REQUEST_ADJUSTMENT: (with_shares,),
    Action.CONFIRM_ADJUSTMENT: (with_open_request,),
    Action.APPROVE_ADJUSTMENT: (with_open_request,),
    Action.REFUSE_ADJUSTMENT: (with_open_request,),
    Action.STOP: (with_open_request,),
    Action.ACCEPT: (with_shares,),
    Action.ACCEPT_SHARE: (with_shares,),
    Action.FAIL_SHARE: (with_shares,),
}
_EVERYTHING = tuple(dict.fromkeys(add for adds in _ALSO.values() for add in adds))


def with_all(session: Session, loaded: Loaded, action: Action | None = None) -> Loaded:
    """Add what the guards of one step look at; of every step when none is named."""
    wanted = _EVERYTHING if action is None else _ALSO.get(action, ())
    for add in wanted:
        loaded = add(session, loaded)
    return loaded
