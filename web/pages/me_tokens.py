"""My tokens for programs that act for me, and the secret address of my calendar."""

from datetime import timedelta
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.desk.feeds import end_feed, feed_of, make_feed
from models.desk.tokens import LONGEST, make_token, revoke_token, tokens_of
from states.refusal import Refused
from states.scopes import Scope
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.roles import EVERYONE

pages = Pages()

#: How long a token lives when nobody says otherwise.
USUAL = timedelta(days=90)


@pages.show("/me/tokens", who=EVERYONE, label="Token và lịch của tôi")
def tokens_page(visit: AtDesk) -> Response:
    return _shown(visit, Fields())


def _shown(visit: Visit, form: Fields, status: int = 200, **shown_once: str) -> Response:
    """The page; a token or an address that was made just now is shown this once, for only its hash is kept."""
    with visit.reading() as session:
        tokens = tokens_of(session, visit.person.id)
        feed = feed_of(session, visit.person.id)
    today = visit.today.isoformat()
    rows = [row | {"is_over": bool(row["revoked_at"]) or (row["expires_on"] or today) < today} for row in tokens]
    values: dict[str, Any] = {"token": "", "address": ""} | shown_once
    return visit.page(
        "me_tokens.html",
        status=status,
        form=form,
        rows=rows,
        feed=feed,
        scopes=list(Scope),
        proposed=visit.today + USUAL,
        last=visit.today + LONGEST,
        **values,
    )


@pages.act("/me/tokens", who=EVERYONE, label="Lập token của mình")
async def make(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_make, visit, Fields(await request.form()))


def _make(visit: Visit, form: Fields) -> Response:
    name = form.line("name", "tên token, ví dụ tên chương trình sẽ dùng", required=True)
    expires_on = form.day("expires_on", required="Hãy ghi ngày hết hạn.")
    scopes = [scope for scope in Scope if form.ticked("scopes", scope)]
    if form.mistakes or expires_on is None:
        return _shown(visit, form, 409)
    try:
        with visit.writing() as session:
            token = make_token(session, visit.person, name, scopes, expires_on=expires_on, at=visit.at)
    except Refused as refused:
        form.refused(refused, {"scopes": ("quyền",), "expires_on": ("ngày hết hạn",), "name": ("tên token",)})
        return _shown(visit, form, 409)
    return _shown(visit, Fields(), token=token)


@pages.act("/me/tokens/{key}/revoke", who=EVERYONE, label="Thu hồi một token của mình")
def revoke(visit: AtDesk, key: str) -> Response:
    with visit.writing() as session:
        revoke_token(session, visit.person.id, key, at=visit.at)
    return visit.go("/me/tokens", told="Đã thu hồi token; chương trình dùng nó không vào được nữa.")


@pages.act("/me/feed", who=EVERYONE, label="Lập địa chỉ lịch của mình")
def new_feed(visit: AtDesk) -> Response:
    with visit.writing() as session:
        secret = make_feed(session, visit.person.id, at=visit.at)
    return _shown(visit, Fields(), address=f"{visit.desk.settings.base_url.rstrip('/')}/feeds/{secret}.ics")


@pages.act("/me/feed/end", who=EVERYONE, label="Thu hồi địa chỉ lịch của mình")
def no_feed(visit: AtDesk) -> Response:
    with visit.writing() as session:
        end_feed(session, visit.person.id, at=visit.at)
    return visit.go("/me/tokens", told="Đã thu hồi địa chỉ lịch; chương trình lịch dùng nó không đọc được nữa.")
