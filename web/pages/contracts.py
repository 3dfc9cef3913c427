"""Hợp đồng: what was signed, what each contract waits for, and everything that stands under one."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Path
from fastapi.responses import Response

from flows.jobs.papers.letters.making import possible_of
from flows.jobs.papers.letters.offering import unverified
from models.queries import contract_sheets as sheets
from models.queries import units
from models.queries.decided import paper_on, papers_on
from models.queries.scope import PAGE
from states.actions import Action
from states.steps import STEP
from states.vocabulary import Authority, Role, Route, Source, Stage
from states.words import amount_in_words_dong
from web.access import Pages
from web.desk import AtDesk
from web.downloads import attached
from web.fields import Fields
from web.pages.calendar import read_year
from web.reasons import on_page
from web.rendering import address
from web.roles import OFFICE
from web.steps import step_path
from web.words import t

pages = Pages()

#: The number of a row in an address.
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
SIGNERS = frozenset({Role.COORDINATOR, Role.LEADER})
#: What is recorded on the projects of a contract beside the next step, in the words of the page.
ENTRIES = {
    Action.AMEND_CONTRACT: "Ký phụ lục",
    Action.PREPAY: "Tạm ứng",
    Action.PAY: "Thanh toán",
    Action.DEMAND_REFUND: "Yêu cầu hoàn trả",
    Action.RECEIVE_RECOVERY: "Ghi tiền nộp trả",
}
FARTHEST = 100_000


@pages.show("/contracts", who=OFFICE, label="Hợp đồng")
def contracts_page(
    visit: AtDesk, year: str = "", unit: str = "", route: str = "", waiting: str = "", due: str = "", offset: int = 0
) -> Response:
    asked = Fields({"year": year, "unit": unit, "route": route, "waiting": waiting, "due": due})
    chosen: dict[str, Any] = {
        "year": read_year(year) if year.strip() else None,
        "unit": unit.strip(),
        "route": asked.code("route", Route),
        "waiting": asked.code("waiting", sheets.Waiting),
        "due": asked.code("due", sheets.Due),
    }
    first = min(max(offset, 0), FARTHEST)
    with visit.reading() as session:
        rows = sheets.contract_list(
            session, reader=visit.person, as_of=visit.today, limit=PAGE + 1, offset=first, **chosen
        )
        years = sheets.contract_years(session)
        named = [] if visit.person.role is Role.CENTRE_OFFICER else [row for row in units(session) if row["executes"]]

    def here(offset: int) -> str:
        return address("/contracts", **chosen, offset=offset or None)

    choices: dict[str, Any] = {"years": years, "units": named, "waits": list(sheets.Waiting), "dues": list(sheets.Due)}
    shown: dict[str, Any] = {"rows": rows[:PAGE], "has_more": len(rows) > PAGE, "size": PAGE, "offset": first}
    may_sign = visit.person.role in SIGNERS
    return visit.page("contracts/list.html", form=asked, here=here, may_sign=may_sign, **choices, **shown)


def signed_about(contract: Mapping[str, Any]) -> dict[str, Any]:
    """What the papers of a contract are about: its route, unit and first project."""
    first = contract["projects"][0]["code"] if contract["projects"] else ""
    return {"route": Route(contract["route"]), "unit": contract["unit"], "project": first}


@pages.show("/contracts/{contract}", who=OFFICE, label="Một hợp đồng")
def contract_page(visit: AtDesk, contract: Id) -> Response:
    with visit.reading() as session:
        # The words of the sheet's own refusal name the contract, which is told to nobody outside.
        sheets.refuse_hidden_contract(session, contract, visit.person)
        found = sheets.contract_sheet(session, contract, reader=visit.person, at=visit.at)
        papers = papers_on(session, "contract", contract)
        events = sheets.contract_events(session, contract, reader=visit.person)
        letters = possible_of(visit.person, "contract")
        unsure = unverified(session, letters, on=visit.today, **signed_about(found))
    return visit.page(
        "contracts/one.html",
        id=contract,
        letters=letters,
        unverified=unsure,
        contract=found,
        papers=papers,
        events=events,
        route_label=Route(found["route"]).label,
        authority_label=Authority(found["authority"]).label,
        in_words=amount_in_words_dong(found["total"]),
        counterpart=str(Source.COUNTERPART),
        is_national=found["route"] == Route.NATIONAL,
        entries_of=lambda stage: _entries(Stage(stage), visit.person.role),
        may=frozenset(action for action, step in STEP.items() if visit.person.role in step.recorders),
        who=lambda action: ", ".join(t(role.label) for role in Role if role in STEP[action].recorders),
        path=step_path,
        say=on_page,
    )


def _entries(stage: Stage, role: Role) -> list[tuple[Action, str]]:
    """What the role may record on a project of this stage beside its next step."""
    steps = ((STEP[action], label) for action, label in ENTRIES.items())
    return [(step.action, label) for step, label in steps if stage in step.sources and role in step.recorders]


@pages.show("/contracts/{contract}/papers/{event}/{line}", who=OFFICE, label="Tệp của một hợp đồng")
def contract_file(visit: AtDesk, contract: Id, event: Id, line: Id) -> Response:
    with visit.reading() as session:
        sheets.refuse_hidden_contract(session, contract, visit.person)
        paper = paper_on(session, "contract", contract, event, line)
    return attached(visit.desk.store.files, paper["sha256"], paper["file_name"])
