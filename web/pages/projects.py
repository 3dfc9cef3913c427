"""Đề án: the list with its filters, order and columns, its totals, and the lists that a person keeps."""

from dataclasses import dataclass
from typing import Any

from fastapi.responses import Response

from models.desk.views import views_of
from models.patience import TooLong, patiently
from models.queries.projects import rows_of
from models.queries.projects_choices import Choices, choices
from models.queries.projects_pages import Page, narrowed, page_of
from models.queries.projects_sought import Conditions, Due, conditions
from models.queries.projects_sums import Count, Sums, count_of, exact_count_of, sums_of
from models.store import Session
from states.lifecycle import STATES_OF
from states.refusal import Refused
from states.vocabulary import Role, Route, State
from web.access import Pages
from web.desk import AtDesk, Visit
from web.pages.project_new import AUTHORS
from web.pages.projects_asked import COLUMNS, MONEY, SORTED_BY, Asked, kept_columns, read_asked
from web.pages.projects_cells import body, grouped, options
from web.roles import EVERYONE

pages = Pages()

PAGE = 50
#: Seconds for which a long list may be added up.
LONGEST_SUM = 3.0
#: Who approves a list.
APPROVERS = frozenset({Role.COORDINATOR, Role.LEADER})
TABS = (("/projects", "Danh sách"), ("/projects/board", "Bảng"), ("/projects/timeline", "Dòng thời gian"))
#: What has been reached, as the states are called over a column.
REACHED = {
    State.PROPOSED: "Đã đề xuất",
    State.APPRAISED: "Đã thẩm định",
    State.APPROVED: "Đã phê duyệt",
    State.IMPLEMENTED: "Đã thực hiện",
    State.SETTLED: "Đã quyết toán",
}
STAGES = {state: tuple(stage for stage, states in STATES_OF.items() if states[0] is state) for state in State}


@dataclass(slots=True)
class Listed:
    """One page of a list: how many there are in all, and their money where it was added up."""

    count: Count
    page: Page
    rows: list[dict[str, Any]]
    sums: Sums | None = None
    #: Why the list was not counted to its end though the address asks for it.
    given_up: str = ""


NOTHING = Listed(Count(0, True), Page([]), [])


@pages.show("/projects", who=EVERYONE, label="Danh sách đề án")
def list_page(visit: AtDesk) -> Response:
    with visit.reading() as session:
        asked = read(visit, session)
        found = found_by(visit, session, asked)
        listed = _listed(visit, session, asked, found) if found else NOTHING
        shown = around(visit, session, asked)
    return visit.page(
        "projects/list.html",
        status=400 if asked.form.mistakes else 200,
        listed=listed,
        body=body,
        columns=COLUMNS,
        money=MONEY,
        sorted_by=SORTED_BY,
        may_approve=visit.person.role in APPROVERS,
        **shown,
    )


def read(visit: Visit, session: Session) -> Asked:
    """Read the address with what the person has chosen before."""
    return read_asked(visit.request.query_params, kept_columns(session, visit.person.id))


def found_by(visit: Visit, session: Session, asked: Asked) -> Conditions | None:
    """What an address asks for, within the reader's scope; None where it cannot be understood."""
    if asked.form.mistakes:
        return None
    try:
        return narrowed(session, conditions(session, asked.sought, reader=visit.person, today=visit.today))
    except Refused as refused:
        asked.form.refused(refused, _BESIDE)
        return None


_BESIDE = {"words": ("từ khóa",), "place": ("đơn vị hành chính",), "unit": ("đơn vị",), "programme": ("chương trình",)}


def _listed(visit: Visit, session: Session, asked: Asked, found: Conditions) -> Listed:
    count, sums, given_up = _added_up(visit, session, found)
    try:
        page = page_of(
            session,
            found,
            asked.sort,
            limit=PAGE,
            after=asked.after,
            before=asked.before,
            is_short=count.is_short,
        )
    except Refused as refused:
        asked.form.refused(refused)
        return NOTHING
    return Listed(count, page, rows_of(session, page.ids, today=visit.today), sums, given_up)


def _added_up(visit: Visit, session: Session, found: Conditions) -> tuple[Count, Sums | None, str]:
    """Count a list and add its money up: at once where it is short, to its end where the address asks for it.

    To its end within a few seconds, and one such list at a time: nobody occupies the desk by asking for totals.
    """
    given_up = ""
    if visit.request.query_params.get("totals") == "all":
        try:
            with patiently(session, seconds=LONGEST_SUM):
                return exact_count_of(session, found), sums_of(session, found), ""
        except TooLong as refused:
            given_up = refused.reasons[0]
    count = count_of(session, found)
    return count, sums_of(session, found) if count.is_short else None, given_up


def around(visit: Visit, session: Session, asked: Asked) -> dict[str, Any]:
    """What stands around every list: its filters, its tabs, the lists that are kept."""
    known = choices(session)
    return {
        "asked": asked,
        "form": asked.form,
        "tabs": [(asked.here(path), label) for path, label in TABS],
        "views": views_of(session, visit.person.id),
        "filters": _filters(visit, asked, known),
        "may_open": visit.person.role in AUTHORS,
    }


def _filters(visit: Visit, asked: Asked, known: Choices) -> dict[str, Any]:
    """The choices of each filter; one that the reader's scope has made is not offered."""
    sought = asked.sought
    role = visit.person.role
    return {
        "options": options,
        "grouped": grouped,
        "programmes": [(g["code"], g["name"]) for g in known.programmes] if len(known.programmes) > 1 else [],
        "years": [(year, str(year)) for year in known.years],
        "states": list(REACHED.items()),
        "stages": [(state.label, [(stage, stage.label) for stage in STAGES[state]]) for state in State],
        "routes": [(route, route.label) for route in Route],
        "contents": [(no, f"{no}. {name}") for no, name in known.contents_of(sought.programme, sought.year)],
        "units": known.units if role is not Role.CENTRE_OFFICER else (),
        "communes": _communes(known, sought.place) if role is not Role.COMMUNE_VIEWER else (),
        "deadlines": [(due, due.label) for due in Due],
    }


def _communes(known: Choices, place: str | None) -> tuple[tuple[str, str], ...]:
    """The communes of today; a place of another kind that an address names stays chosen."""
    if place is None or place in (code for code, _ in known.communes):
        return known.communes
    return ((place, place), *known.communes)
