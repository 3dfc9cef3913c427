"""What was denied and what was done to how people sign in, for auditors and administrators."""

from typing import Any

from fastapi.responses import Response

from models.desk.access_log import access_log
from models.desk.denials import denials
from models.queries.scope import PAGE
from states.reading import read_quantity
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.log import WATCHERS, tabs

pages = Pages()


def _offset(visit: Visit) -> int:
    form = Fields(visit.request.query_params)
    return min(form.read("offset", read_quantity) or 0, 1_000_000)


@pages.show("/log/denials", who=WATCHERS, label="Nhật ký: những lần bị từ chối")
def denials_page(visit: AtDesk, person: str = "") -> Response:
    offset = _offset(visit)
    with visit.reading() as session:
        rows = denials(session, who=person.strip() or None, limit=PAGE + 1, offset=offset)
    values: dict[str, Any] = {"person": person, "offset": offset, "limit": PAGE, "has_more": len(rows) > PAGE}
    return visit.page("log_denials.html", rows=rows[:PAGE], tabs=tabs(visit), **values)


@pages.show("/log/access", who=WATCHERS, label="Nhật ký: đăng nhập và mật khẩu")
def access_page(visit: AtDesk, person: str = "") -> Response:
    offset = _offset(visit)
    with visit.reading() as session:
        rows = access_log(session, who=person.strip() or None, limit=PAGE + 1, offset=offset)
    values: dict[str, Any] = {"person": person, "offset": offset, "limit": PAGE, "has_more": len(rows) > PAGE}
    return visit.page("log_access.html", rows=rows[:PAGE], tabs=tabs(visit), **values)
