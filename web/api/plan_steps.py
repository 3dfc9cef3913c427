"""Yearly plans as they are made: each step up to the close, forks opened, changed and ended, the suggestion."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from flows.jobs.suggesting import SECONDS, suggest
from models.decisions import ApprovalLine
from models.plan import forks, life
from models.plan.choices import refuse_moved, refuse_moved_fork, trials_of
from models.plan.forks import Changes
from models.store import Session
from states.planning import PlanStep
from states.refusal import Refused
from states.scopes import Scope
from states.vocabulary import Authority, Route
from web.api.approvals import ApprovedLine
from web.api.asked import Json, Words
from web.api.bodies import Amounts, Body, Code, DecisionBody, LongText, RowId, ShortText
from web.api.routing import Endpoints
from web.desk import AtDesk
from web.pages.plan_frame import PLANNERS, Which, Year, door_of, which_plan
from web.pages.plans_suggest import AT_WORK, MOST_SECONDS
from web.roles import PROVINCE

endpoints = Endpoints(tags=["plans"])

Months = Annotated[int, Field(strict=True, ge=-99, le=99)]
Codes = tuple[Code, ...]
Seen = Annotated[int, Field(strict=True, ge=0, le=10**9, description="Phiên bản đã xem; 0 trước bản dự thảo đầu")]


class PlanStepBody(Body):
    """What a step of a plan takes: each its paper; building, approving and adjusting also which projects.

    build: `leave_out`, `despite`. approve: `decision`, `amounts`, `leave_out`, `overrides`.
    adjust: `add`, with a `decision` where what is added was not approved yet.
    """

    seen_version: Seen
    number: ShortText = ""
    decided_on: date | None = None
    signer: ShortText = ""
    note: LongText = ""
    authority: Authority | None = None
    decision: DecisionBody | None = None
    leave_out: Codes = ()
    despite: Mapping[str, ShortText] = Field(default_factory=dict, description="Mã: lý do vẫn đưa vào")
    amounts: Mapping[str, Amounts] = Field(default_factory=dict)
    overrides: Mapping[str, LongText] = Field(default_factory=dict, description="Mã: lý do vượt định mức")
    add: tuple[ApprovedLine, ...] = ()

    def letter(self) -> life.Letter:
        return life.Letter(self.number, self.decided_on, self.signer, self.note, self.authority)


def _build(session: Session, which: Which, door: life.Door, body: PlanStepBody) -> life.PlanTaken:
    more: Json = {"leave_out": body.leave_out, "despite": dict(body.despite)}
    return life.build(session, *which.key, door=door, note=body.note, **more)


def _approve(session: Session, which: Which, door: life.Door, body: PlanStepBody) -> life.PlanTaken:
    if body.decision is None:
        raise Refused("Phê duyệt kế hoạch cần quyết định (decision); hãy ghi số, ngày, người ký và tổng hỗ trợ.")
    amounts = {code: dict(granted) for code, granted in body.amounts.items()}
    more: Json = {"amounts": amounts, "leave_out": body.leave_out, "overrides": dict(body.overrides)}
    return life.approve(session, *which.key, body.decision.paper(), door=door, **more)


def _adjust(session: Session, which: Which, door: life.Door, body: PlanStepBody) -> life.PlanTaken:
    lines: list[ApprovalLine] = [line.line() for line in body.add]
    paper = body.decision.paper() if body.decision else None
    return life.adjust(session, *which.key, door=door, letter=body.letter(), add=lines, paper=paper)


def _by_letter(take: Callable[..., life.PlanTaken]) -> "Step":
    return lambda session, which, door, body: take(session, *which.key, letter=body.letter(), door=door)


Step = Callable[[Session, Which, life.Door, PlanStepBody], life.PlanTaken]
_STEPS: Mapping[PlanStep, Step] = {
    PlanStep.BUILD: _build,
    PlanStep.PROPOSE: _by_letter(life.propose),
    PlanStep.RETURN: _by_letter(life.put_back),
    PlanStep.APPRAISE: _by_letter(life.appraise),
    PlanStep.APPROVE: _approve,
    PlanStep.ADJUST: _adjust,
    PlanStep.CLOSE: _by_letter(life.close),
}


@endpoints.write(
    "/plans/{year}/{route}/steps/{step}", who=PLANNERS, scope=Scope.PLAN, label="Ghi một bước của kế hoạch"
)
def take(visit: AtDesk, year: Year, route: Route, step: PlanStep, body: PlanStepBody, programme: Words = "") -> Json:
    """Take a step with the plan as a whole; of two that saw the same version one wins."""
    with visit.writing() as session:
        which = which_plan(session, year, route, programme)
        refuse_moved(session, *which.key, body.seen_version)
        taken = _STEPS[step](session, which, door_of(visit), body)
    return _taken(taken, year)


def _taken(done: life.PlanTaken, year: int) -> Json:
    told = ("step", "status", "revision", "version", "hash", "lines", "support")
    more = {"event": done.event_id, "changes": list(done.changes), "warnings": list(done.warnings)}
    return {"year": year} | {name: getattr(done, name) for name in told} | more


# --- forks --------------------------------------------------------------------------------------------


class ChangesBody(Body):
    """What to try otherwise; amounts in đồng by source, times in months."""

    add: Mapping[str, Amounts] = Field(default_factory=dict)
    drop: Codes = ()
    money: Mapping[str, Amounts] = Field(default_factory=dict)
    shift: Mapping[str, Months] = Field(default_factory=dict)
    why: LongText = ""

    def changes(self) -> Changes:
        add, money = ({code: dict(by) for code, by in each.items()} for each in (self.add, self.money))
        return Changes(add=add, drop=self.drop, money=money, shift=dict(self.shift), why=self.why)


class ForkBody(Body):
    """A new fork: a copy of the plan or of another fork, changed, or (`lines`) chosen candidates."""

    name: ShortText = Field(min_length=1)
    copy_of: ShortText | None = None
    lines: Codes | None = None
    note: LongText = ""
    changes: ChangesBody | None = None


class ForkChangesBody(ChangesBody):
    """Changes of a fork that was seen as it is."""

    seen_version: RowId


class SeenBody(Body):
    """Which version of the fork was seen."""

    seen_version: RowId


@endpoints.write("/plans/{year}/{route}/forks", who=PLANNERS, scope=Scope.PLAN, label="Lập một phương án", status=201)
def open_fork(visit: AtDesk, year: Year, route: Route, body: ForkBody, programme: Words = "") -> Json:
    """Try something out beside the plan, which stays as it is."""
    with visit.writing() as session:
        which = which_plan(session, year, route, programme)
        lines = None if body.lines is None else trials_of(session, *which.key, body.lines)
        changes = body.changes.changes() if body.changes else None
        more: Json = {"copy_of": body.copy_of, "lines": lines, "changes": changes, "note": body.note}
        made = forks.open_fork(session, *which.key, body.name, door=door_of(visit), **more)
    return _forked(made)


def _forked(fork: forks.Fork) -> Json:
    return {"id": fork.id, "name": fork.name, "status": fork.status, "note": fork.note, "lines": len(fork.trials)}


@endpoints.write(
    "/plans/{year}/{route}/fork", who=PLANNERS, scope=Scope.PLAN, label="Sửa một phương án", method="PATCH"
)
def change_fork(
    visit: AtDesk, year: Year, route: Route, name: Words, body: ForkChangesBody, programme: Words = ""
) -> Json:
    with visit.writing() as session:
        which = which_plan(session, year, route, programme)
        refuse_moved_fork(session, *which.key, name, body.seen_version)
        return _forked(forks.change_fork(session, *which.key, name, body.changes(), door=door_of(visit)))


@endpoints.write(
    "/plans/{year}/{route}/fork/drop", who=PLANNERS, scope=Scope.PLAN, label="Bỏ một phương án; vẫn xem lại được"
)
def drop_fork(visit: AtDesk, year: Year, route: Route, name: Words, body: SeenBody, programme: Words = "") -> Json:
    with visit.writing() as session:
        which = which_plan(session, year, route, programme)
        refuse_moved_fork(session, *which.key, name, body.seen_version)
        return _forked(forks.drop_fork(session, *which.key, name, door=door_of(visit)))


@endpoints.write(
    "/plans/{year}/{route}/fork/propose", who=PLANNERS, scope=Scope.PLAN, label="Lấy một phương án làm dự thảo"
)
def propose_fork(visit: AtDesk, year: Year, route: Route, name: Words, body: SeenBody, programme: Words = "") -> Json:
    with visit.writing() as session:
        which = which_plan(session, year, route, programme)
        refuse_moved_fork(session, *which.key, name, body.seen_version)
        return _taken(forks.propose_fork(session, *which.key, name, door=door_of(visit)), year)


# --- the suggestion -----------------------------------------------------------------------------------


class AimsBody(Body):
    """The money of the year, what must be in and what must not, and how long to search."""

    budgets: Amounts = Field(default_factory=dict)
    must: Codes = ()
    never: Codes = ()
    seconds: Annotated[float, Field(gt=0, le=MOST_SECONDS)] = SECONDS


@endpoints.write("/plans/{year}/{route}/suggestions", who=PROVINCE, scope=Scope.READ, label="Tính đề xuất chọn đề án")
def suggestion(visit: AtDesk, year: Year, route: Route, body: AimsBody, programme: Words = "") -> Json:
    """Choose what covers most of the missing targets within the money, with reasons. Nothing is recorded."""
    if not AT_WORK.acquire(blocking=False):
        raise Refused("Đang có người khác tính đề xuất; hãy đợi một phút rồi gọi lại.")
    try:
        with visit.reading() as session:
            which = which_plan(session, year, route, programme)
            aims: dict[str, Any] = {"must": body.must, "never": body.never, "budgets": dict(body.budgets)}
            aims |= {"reader": visit.person, "seconds": body.seconds}
            return suggest(session, *which.key, on=visit.today, **aims).as_json()
    finally:
        AT_WORK.release()
