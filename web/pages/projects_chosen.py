"""Projects that were ticked, or a whole short list: their totals, the way to their approval, and a list for paper."""

from dataclasses import dataclass, field
from typing import Any

from fastapi.responses import Response

from models.queries.projects import rows_of
from models.queries.projects_orders import Order, Sort
from models.queries.projects_pages import named, page_of
from models.queries.projects_sought import readable_ids
from models.queries.projects_sums import Sums, exact_count_of, sums_of
from models.queries.scope import LARGEST_PAGE
from models.store import Session
from states.refusal import Refused
from web.access import Pages
from web.desk import AtDesk, Visit
from web.pages.projects import APPROVERS, found_by, read
from web.pages.projects_asked import COLUMNS, MONEY, Asked
from web.pages.projects_cells import body
from web.roles import EVERYONE

pages = Pages()

#: What a choice shows of each project.
SUMMED = ("stage", "unit", "asked", "appraised", "approved", "accepted", "settled")


@dataclass(slots=True)
class Chosen:
    """The rows of a choice with their money; `unknown` are codes that name nothing the reader may see."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    sums: Sums = field(default_factory=lambda: Sums([]))
    unknown: list[str] = field(default_factory=list)


@pages.show("/projects/selection", who=EVERYONE, label="Tổng của các đề án đã chọn")
def selection_page(visit: AtDesk) -> Response:
    asked, chosen = _read(visit)
    return _shown(visit, "projects/selection.html", asked, chosen)


@pages.show("/projects/print", who=EVERYONE, label="Danh sách đề án để in")
def print_page(visit: AtDesk) -> Response:
    asked, chosen = _read(visit)
    return _shown(visit, "projects/print.html", asked, chosen)


def _shown(visit: Visit, template: str, asked: Asked, chosen: Chosen) -> Response:
    return visit.page(
        template,
        status=400 if asked.form.mistakes else 200,
        asked=asked,
        form=asked.form,
        chosen=chosen,
        body=body,
        shown=SUMMED,
        codes=[row["code"] for row in chosen.rows],
        columns=COLUMNS,
        money=MONEY,
        may_approve=visit.person.role in APPROVERS,
    )


def _read(visit: Visit) -> tuple[Asked, Chosen]:
    """By the codes of the address, or all that its filters leave."""
    codes = list(dict.fromkeys(code for code in visit.request.query_params.getlist("code") if code))
    with visit.reading() as session:
        asked = read(visit, session)
        if codes or "all" not in visit.request.query_params:
            return asked, _named(visit, session, asked, codes[: LARGEST_PAGE + 1])
        return asked, _whole(visit, session, asked)


def _named(visit: Visit, session: Session, asked: Asked, codes: list[str]) -> Chosen:
    if len(codes) > LARGEST_PAGE:
        raise Refused(TOO_MANY)
    ids = readable_ids(session, codes, reader=visit.person)
    found = named(list(ids.values()))
    page = page_of(session, found, Sort(Order.CODE), limit=max(len(ids), 1))
    rows = rows_of(session, page.ids, today=visit.today)
    return Chosen(rows, sums_of(session, found), [code for code in codes if code not in ids])


TOO_MANY = f"Mỗi lần chọn nhiều nhất {LARGEST_PAGE} đề án; hãy lọc danh sách ngắn hơn."


def _whole(visit: Visit, session: Session, asked: Asked) -> Chosen:
    found = found_by(visit, session, asked)
    if found is None:
        return Chosen()
    page = page_of(session, found, asked.sort, limit=LARGEST_PAGE)
    if page.after:
        count = exact_count_of(session, found).n
        asked.form.mistaken("", f"Danh sách này có {count} đề án. {TOO_MANY}")
        return Chosen()
    return Chosen(rows_of(session, page.ids, today=visit.today), sums_of(session, found))
