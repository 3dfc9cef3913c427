"""How a person likes the list: the columns, and lists kept under a name."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.datastructures import QueryParams

from models.desk.personal import keep_personal
from models.desk.views import LONGEST_QUERY, drop_view, save_view
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.projects import TABS
from web.pages.projects_asked import COLUMNS, KEPT, Asked, plain_query, read_asked
from web.roles import EVERYONE

pages = Pages()

PATHS = {path for path, _ in TABS}


def _list_of(form: Fields) -> tuple[str, Asked]:
    """The list from which a form was sent: only what a list understands comes back into an address."""
    sent = form.typed("query")[:LONGEST_QUERY]
    page = form.typed("page")
    return page if page in PATHS else "/projects", read_asked(QueryParams(parse_qsl(sent)))


@pages.act("/projects/columns", who=EVERYONE, label="Chọn cột của danh sách đề án")
async def choose_columns(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_choose_columns, visit, Fields(await request.form()))


def _choose_columns(visit: Visit, form: Fields) -> Response:
    page, asked = _list_of(form)
    chosen = [name for name in COLUMNS if name in form.every("columns")]
    asked.told_columns = False
    with visit.writing() as session:
        keep_personal(session, visit.person.id, KEPT, ",".join(chosen))
    return visit.go(asked.here(page), told="Đã giữ các cột cho những lần xem sau.")


@pages.act("/projects/views", who=EVERYONE, label="Lưu bộ lọc đề án")
async def keep_view(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_keep_view, visit, Fields(await request.form()))


def _keep_view(visit: Visit, form: Fields) -> Response:
    page, asked = _list_of(form)
    with visit.writing() as session:
        query = plain_query(asked.query)
        name = save_view(session, visit.person.id, page, form.typed("name"), query, at=visit.at)
    return visit.go(asked.here(page), told=f"Đã lưu bộ lọc «{name}».")


@pages.act("/projects/views/{number}/delete", who=EVERYONE, label="Xóa một bộ lọc đã lưu của mình")
async def forget_view(visit: AtDesk, request: Request, number: Annotated[int, Path(ge=1, le=2**63 - 1)]) -> Response:
    return await run_in_threadpool(_forget_view, visit, number, Fields(await request.form()))


def _forget_view(visit: Visit, number: int, form: Fields) -> Response:
    page, asked = _list_of(form)
    with visit.writing() as session:
        name = drop_view(session, visit.person.id, number)
    return visit.go(asked.here(page), told=f"Đã xóa bộ lọc «{name}».")
