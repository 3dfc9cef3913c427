"""Which papers of a list apply to the state of its plan, and what papers print that nobody has checked yet."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from flows.jobs.papers.letters.heads import ABOVE
from flows.jobs.papers.letters.making import possible_of
from flows.jobs.papers.letters.writing import APPROVER, REVIEWER, SIGNER
from models.plan.reads import plan_list
from models.queries import show_project
from models.queries.cleared import cleared, lines_to_approve, plans_in_way
from models.queries.letterheads import letterhead
from models.status import programme_heads
from models.store import Session
from states.facts import Person
from states.planning import PlanStatus
from states.vocabulary import Authority, Route

Offer = tuple[str, str]
#: What goes up with the list of a plan by its status: before it was sent up there is nothing to decide, and a closed
#: plan takes nothing in any more.
_OF_PLAN: Mapping[PlanStatus, frozenset[str]] = {
    PlanStatus.DRAFT: frozenset({"proposal_letter"}),
    PlanStatus.PROPOSED: frozenset({"proposal_letter", "approval_decision"}),
    PlanStatus.APPRAISED: frozenset({"proposal_letter", "approval_decision"}),
    PlanStatus.APPROVED: frozenset({"proposal_letter", "approval_decision"}),
    PlanStatus.CLOSED: frozenset(),
}


def possible_for_list(session: Session, person: Person, year: int, route: Route) -> list[Offer]:
    """The papers that a person may write for the list of a year now: none where nothing waits for its approval."""
    offered = possible_of(person, "list")
    if not offered or not _waits(session, person, year, route):
        return []
    statuses = [PlanStatus(row["status"]) for row in plan_list(session, year=year) if row["route"] == route]
    kinds = frozenset().union(*(_OF_PLAN[status] for status in statuses)) if statuses else {kind for kind, _ in offered}
    return [(kind, label) for kind, label in offered if kind in kinds]


def _waits(session: Session, person: Person, year: int, route: Route) -> bool:
    """Is there a project whose approval a paper of this list would be about?"""
    plan = next((plan for plan in plans_in_way(session, route) if plan["year"] == year), None)
    if plan is not None:
        return bool(lines_to_approve(session, person, plan))
    return bool(cleared(session, person, route=route, year=year, limit=1))


#: The bodies whose names stand in a paper, beside those above its issuer.
BODIES: Mapping[str, Callable[[Route], tuple[Authority, ...]]] = {
    "supplement_note": lambda _: (Authority.DEPARTMENT,),
    "appraisal_minutes": lambda _: (Authority.DEPARTMENT,),
    "proposal_letter": lambda route: (Authority.DEPARTMENT, APPROVER[route], REVIEWER[route]),
    "approval_decision": lambda route: (
        *(APPROVER[route], REVIEWER[route], Authority.DEPARTMENT, Authority.FINANCE_DEPARTMENT),
    ),
    "contract": lambda route: (SIGNER[route], APPROVER[route]),
    "acceptance_minutes": lambda route: (Authority.DEPARTMENT, SIGNER[route], APPROVER[route]),
    "payment_request": lambda route: (Authority.UNIT, Authority.DEPARTMENT, SIGNER[route]),
    "liquidation_minutes": lambda route: (SIGNER[route], APPROVER[route]),
    "reminder_letter": lambda _: (Authority.DEPARTMENT,),
}


def unverified(
    session: Session,
    letters: Iterable[Offer],
    *,
    route: Route,
    on: date,
    unit: str = "",
    programme: str = "",
    project: str = "",
) -> list[str]:
    """Names that the offered papers would print on a day and that were not checked against a document.

    `unit` is the name of the implementing unit, `programme` the code of the programme that they lean on, or that of the
    `project` where only this is known.
    """
    named = {authority for kind, _ in letters for authority in BODIES[kind](route)}
    if not named:
        return []
    named |= {ABOVE[authority] for authority in named if authority in ABOVE}
    heads = [letterhead(session, authority, on.isoformat(), unit) for authority in Authority if authority in named]
    names = [head.name for head in heads if not head.verified]
    if project and not programme:
        programme = show_project(session, project)["programme"]["code"]
    return names + [
        f"Quyết định số {head['number']}, {head['name']}"
        for head in programme_heads(session)
        if head["code"] == programme and head["number"] and not head["verified"]
    ]
