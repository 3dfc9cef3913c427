"""The approving decisions on record: a list, one with its lines, and its papers."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Path
from fastapi.responses import Response

from flows.jobs.papers.letters.making import possible_of
from flows.jobs.papers.letters.offering import unverified
from flows.jobs.papers.letters.writing import APPROVER
from models.queries.decided import decision_list, decision_sheet, paper_on, papers_on
from models.queries.scope import PAGE
from states.vocabulary import Route, Source
from web.access import Pages
from web.desk import AtDesk
from web.downloads import attached
from web.pages.calendar import read_year
from web.rendering import address
from web.roles import PROVINCE

pages = Pages()

SOURCES = {str(source): source.label for source in Source}
#: The number of a row in an address.
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


@pages.show("/approvals/decisions", who=PROVINCE, label="Các quyết định phê duyệt")
def decisions_page(visit: AtDesk, year: str = "", words: str = "", offset: int = 0) -> Response:
    first = min(max(offset, 0), 100_000)
    chosen = read_year(year) if year.strip() else None
    with visit.reading() as session:
        rows = decision_list(session, year=chosen, words=words.strip(), limit=PAGE + 1, offset=first)

    def here(offset: int) -> str:
        return address("/approvals/decisions", year=chosen, words=words.strip(), offset=offset or None)

    shown: dict[str, Any] = {"rows": rows[:PAGE], "has_more": len(rows) > PAGE, "size": PAGE, "offset": first}
    return visit.page("approvals/decisions.html", year=chosen, words=words.strip(), here=here, **shown)


@pages.show("/approvals/decisions/{decision}", who=PROVINCE, label="Một quyết định phê duyệt")
def decision_page(visit: AtDesk, decision: Id) -> Response:
    with visit.reading() as session:
        found = decision_sheet(session, decision, reader=visit.person)
        papers = papers_on(session, "decision", decision)
        letters = possible_of(visit.person, "decision")
        unsure = unverified(session, letters, **decided_about(found))
    shown: dict[str, Any] = {"papers": papers, "labels": SOURCES, "letters": letters, "unverified": unsure}
    return visit.page("approvals/decision.html", decision=found, **shown)


def decided_about(decision: Mapping[str, Any]) -> dict[str, Any]:
    """What the papers of a decision are about: the route by who decided it, its day, its first project."""
    route = Route.NATIONAL if decision["authority"] == APPROVER[Route.NATIONAL] else Route.LOCAL
    first = decision["lines"][0]["code"] if decision["lines"] else ""
    return {"route": route, "on": date.fromisoformat(decision["decided_on"]), "project": first}


@pages.show("/approvals/decisions/{decision}/papers/{event}/{line}", who=PROVINCE, label="Tệp của một quyết định")
def decision_file(visit: AtDesk, decision: Id, event: Id, line: Id) -> Response:
    with visit.reading() as session:
        paper = paper_on(session, "decision", decision, event, line)
    return attached(visit.desk.store.files, paper["sha256"], paper["file_name"])
