"""What every step of a plan has in common: who may take it and when, and the one event that it writes.

Order inside one transaction: the plan is locked, the step judged, then one event sets the status, changes the lines
and keeps the plan as it now stands as an immutable version.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models.append import Draft, Origin, append
from models.plan.lines import Row, Wanted, changes
from models.plan.standing import Standing, small, whole_plan
from models.plan.versions import last_event, newest_no, version_row
from models.statement import Statement
from states.actions import Entry
from states.facts import OFFICE_TIME, Person
from states.planning import PLAN_STEPS, PlanStatus, PlanStep
from states.ranking import Placed
from states.steps.terms import OFFICE
from states.vocabulary import STATE_FUND, Authority, Role, Source
from states.words import format_date


@dataclass(frozen=True, slots=True)
class Door:
    """Who takes a step, at which instant, and through which door."""

    by: Person
    at: datetime
    door: str = "system"
    os_user: str = ""

    @property
    def today(self) -> date:
        return self.at.astimezone(OFFICE_TIME).date()

    @property
    def origin(self) -> Origin:
        return Origin(self.at, self.by.id, self.door, self.os_user)


@dataclass(frozen=True, slots=True)
class Letter:
    """The paper by which a step is taken; `decided_on` None is the day of the entry."""

    number: str = ""
    decided_on: date | None = None
    signer: str = ""
    note: str = ""
    authority: Authority | None = None


@dataclass(frozen=True, slots=True)
class PlanTaken:
    """What a step did: where the plan stands, which version was kept, its lines and state support in đồng."""

    plan_id: int
    step: PlanStep
    status: PlanStatus
    revision: int
    version: int
    hash: str
    event_id: int
    lines: int
    support: int
    changes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


# --- finding and judging ------------------------------------------------------------------------------


def refuse_step(plan: Standing, step: PlanStep, door: Door) -> list[str]:
    """Reasons against a step that lie in the plan's status or in the person."""
    reasons = refuse_person(door, f"ghi bước «{step.label}»")
    sources, _ = PLAN_STEPS[step]
    if plan.status not in sources:
        stages = " hoặc ".join(f"«{status.label}»" for status in PlanStatus if status in sources)
        now = f"{small(plan.key.words)} hiện «{plan.status.label}»"
        reasons.append(f"Bước «{step.label}» chỉ làm được khi kế hoạch {stages}; {now}.")
    return reasons


def refuse_person(door: Door, what: str = "lập phương án") -> list[str]:
    """Reasons against a person who would do something with a plan."""
    reasons = []
    if not door.by.active:
        reasons.append(f"Tài khoản của {door.by.name} đã khóa; hãy nhờ quản trị mở lại.")
    if door.by.role not in OFFICE:
        allowed = ", ".join(role.label for role in Role if role in OFFICE)
        reasons.append(f"{door.by.role.label} không được {what}; cần: {allowed}.")
    return reasons


def refuse_letter(
    session: Session, plan: Standing, letter: Letter, door: Door, *, needs: Collection[str] = ()
) -> list[str]:
    """Reasons against the paper of a step: what of it must be told, and a day that cannot be."""
    asked = {
        "number": "Phải ghi số văn bản (--number).",
        "decided_on": "Phải ghi ngày văn bản (--decided-on dd/mm/yyyy).",
        "signer": "Phải ghi người ký văn bản (--signer).",
        "note": "Phải ghi lý do (--note).",
    }
    reasons = [
        sentence for name, sentence in asked.items() if name in needs and not str(getattr(letter, name) or "").strip()
    ]
    on = letter.decided_on or door.today
    if on > door.today:
        reasons.append(
            f"Ngày văn bản {format_date(on)} ở tương lai (hôm nay {format_date(door.today)}); hãy kiểm tra lại ngày."
        )
    dated = [step for step in steps_of(session, plan.id) if step.decided_on]
    last = max(dated, key=lambda step: step.decided_on or date.min, default=None)
    if last and last.decided_on and on < last.decided_on:
        reasons.append(
            f"Ngày văn bản {format_date(on)} trước bước «{last.step.label}» của kế hoạch "
            f"({format_date(last.decided_on)}); hãy kiểm tra lại ngày."
        )
    return reasons


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step that was taken: which, by whom, and the day on its paper; building has no paper."""

    step: PlanStep
    by: int | None
    by_name: str
    decided_on: date | None


def steps_of(session: Session, plan_id: int | None) -> list[Recorded]:
    """The steps of a plan, oldest first."""
    found = []
    for row in _EVENTS.rows(session, id=plan_id or 0):
        body = json.loads(row.body)
        on = body["decided_on"]
        step = PlanStep(body["more"]["step"])
        found.append(Recorded(step, row.recorded_by, row.name or "", date.fromisoformat(on) if on else None))
    return found


_EVENTS = Statement(
    "SELECT e.recorded_by, e.body, p.name FROM event AS e LEFT JOIN person AS p ON p.id = e.recorded_by "
    "WHERE e.subject_kind = 'plan' AND e.subject_id = :id ORDER BY e.seq"
)


# --- writing ------------------------------------------------------------------------------------------


def take(
    session: Session,
    plan: Standing,
    step: PlanStep,
    door: Door,
    *,
    wanted: Mapping[int, Wanted],
    letter: Letter | None = None,
    ranked: Iterable[Placed] | None = None,
    revision: int | None = None,
    more: Mapping[str, Any] | None = None,
    told: Iterable[str] = (),
    warnings: Iterable[str] = (),
) -> PlanTaken:
    """Write the event of a judged step with its lines and the version that it leaves behind.

    `ranked` puts the lines in a new order; without it they keep that of the version before.
    """
    status, counted = PLAN_STEPS[step][1], plan.revision if revision is None else revision
    rows = changes(plan.id, plan.held, wanted)
    held = after(plan.held, wanted)
    no = newest_no(session, plan.id or 0) + 1
    paper = letter or Letter()
    # A list is put together without a paper, so that its day binds no paper that follows.
    decided_on = paper.decided_on or (door.today if letter and step is not PlanStep.BUILD else None)
    head: dict[str, Any] = {"version": no, "status": status, "status_label": status.label, "revision": counted}
    head |= {"step": step, "number": paper.number, "signer": paper.signer, "authority": paper.authority}
    head |= {"note": paper.note, "decided_on": decided_on, "recorded_on": door.today}
    body = whole_plan(session, plan, held, head, ranked, {at: line.why for at, line in wanted.items() if line.why})
    kept = version_row(
        plan.id,
        no,
        status=status,
        revision=counted,
        cutoff=last_event(session),
        on=door.today,
        number=paper.number,
        body=body,
    )
    draft = _draft(plan, step, status, counted, paper, decided_on, {"plan_line": rows, "plan_version": [kept]})
    draft.more |= dict(more or {})
    [written] = append(session, [draft], door.origin)
    fund = str(STATE_FUND[plan.route])
    support = sum(line["money"].get(fund, 0) for line in body["lines"])
    return PlanTaken(
        written.subject_id,
        step,
        status,
        counted,
        no,
        kept["sha256"],
        written.event_id,
        len(body["lines"]),
        support,
        tuple(told),
        tuple(warnings),
    )


def after(held: Mapping[int, Mapping[Source, int]], wanted: Mapping[int, Wanted]) -> dict[int, Mapping[Source, int]]:
    """What a plan holds once the wanted lines are written."""
    lines: dict[int, Mapping[Source, int]] = dict(held)
    for project_id, line in wanted.items():
        amounts = {source: amount for source, amount in line.amounts.items() if amount}
        if amounts:
            lines[project_id] = amounts
        else:
            lines.pop(project_id, None)
    return lines


def _draft(
    plan: Standing,
    step: PlanStep,
    status: PlanStatus,
    revision: int,
    paper: Letter,
    decided_on: date | None,
    lines: dict[str, list[Row]],
) -> Draft:
    values: dict[str, Any] = {"status": status, "revision": revision}
    was: dict[str, Any] = {"status": plan.status, "revision": plan.revision}
    if plan.id is None:
        values |= {"programme_id": plan.key.programme_id, "year": plan.key.year, "route": plan.route}
        was = {}
    else:
        values = {name: value for name, value in values.items() if value != was[name]}
        was = {name: was[name] for name in values}
    return Draft(
        kind="plan",
        action=str(Entry.OPEN if plan.id is None else Entry.EDIT),
        subject_id=plan.id,
        version=plan.version,
        previous=plan.previous,
        set=values,
        was=was,
        lines=lines,
        decided_on=decided_on,
        authority=paper.authority and str(paper.authority),
        number=paper.number,
        signer=paper.signer,
        note=paper.note,
        more={"step": str(step)},
    )
