"""The yearly plans of the demonstration: proposed, appraised and approved, adjusted by a later decision, closed."""

from collections.abc import Sequence
from datetime import date, datetime

from flows.jobs.demonstration_days import office_instant, workdays_later
from flows.jobs.demonstration_lives import Closing, Happening
from flows.jobs.demonstration_plans import DECISIONS, SIGNERS, Decision, outside_number
from models.decisions import ApprovalLine, DecisionPaper
from models.plan import life
from models.plan.figures import plan_figures
from models.plan.life import Door, Letter
from models.store import Session
from states.facts import Person
from states.steps.terms import BY_REVIEWER
from states.vocabulary import Authority, Route

#: How long before the decision the department proposed the plan, and the body outside answered, in workdays.
_PROPOSED, _APPRAISED = -10, -3
#: The plans of which every line is settled, ended or carried on, and when that was entered; money still to come back
#: is followed outside the plan. Those of 2025 are still at work.
CLOSED: tuple[tuple[int, Route, date], ...] = tuple(
    (year, route, date(year + 1, 4, 15)) for year in (2021, 2022, 2023, 2024) for route in Route
)


def put_before_the_province(
    session: Session,
    programme: str,
    lines: Sequence[ApprovalLine],
    paper: DecisionPaper,
    decision: Decision,
    *,
    by: Person,
    second: Person,
    leader: str,
    at: datetime,
    door: str,
) -> None:
    """Approve a list by its plan: the first decision of a year approves the plan, the next one adjusts it.

    The coordinator enters the papers of the plan when the decision has come, as offices do, each under its own day.
    """
    which = (session, programme, decision.year, decision.route)
    if decision is not next(d for d in DECISIONS if (d.route, d.year) == (decision.route, decision.year)):
        life.adjust(*which, door=Door(by, at, door), add=lines, paper=paper)
        return
    codes = {line.code for line in lines}
    candidates = plan_figures(*which)["lines"]
    notes = {line.code: line.note for line in lines}
    flagged = {line["code"]: line["flags"] for line in candidates if line["code"] in codes}
    life.build(
        *which,
        door=Door(by, at, door),
        leave_out=[line["code"] for line in candidates if line["section"] != "carried" and line["code"] not in codes],
        despite={code: notes[code] or _LOOKED_AT for code, flags in flagged.items() if flags},
    )
    on = workdays_later(decision.decided_on, _PROPOSED)
    proposal = Letter(f"{on:%j}/TTr-SCT".lstrip("0"), on, leader)
    life.propose(*which, door=Door(by, at, door), letter=proposal)
    on = workdays_later(decision.decided_on, _APPRAISED)
    [reviewer] = BY_REVIEWER[decision.route]
    prefix = "STC" if reviewer is Authority.FINANCE_DEPARTMENT else "CV"
    answer = Letter(outside_number(reviewer, prefix, on, decision.number), on, SIGNERS[reviewer])
    life.appraise(*which, door=Door(second, at, door), letter=answer)
    amounts = {line.code: line.amounts for line in lines}
    life.approve(session, programme, decision.year, decision.route, paper, door=Door(by, at, door), amounts=amounts)


_LOOKED_AT = "Đã đối chiếu hồ sơ các năm trước, không trùng nội dung hỗ trợ"


def closings(coordinator: str) -> list[Happening]:
    """When the plans of the years were closed."""
    return [
        Happening(office_instant(on, "close", year, route), f"close/{year}/{route}", coordinator, Closing(year, route))
        for year, route, on in CLOSED
    ]


def close_the_year(session: Session, programme: str, closing: Closing, *, by: Person, at: datetime, door: str) -> None:
    """Close the plan of a year."""
    note = "Đã quyết toán xong các đề án trong kế hoạch"
    life.close(session, programme, closing.year, closing.route, door=Door(by, at, door), letter=Letter(note=note))
