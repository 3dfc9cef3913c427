"""A đề án in time: its history on both axes, and the proof sheet of each deadline."""

from typing import Any

from fastapi.responses import Response

from models.queries import history, refuse_hidden, show_project
from models.queries.deadlines import deadline_proof
from states.actions import Action
from states.reading import read_date
from states.refusal import Refused
from states.steps import STEP
from web.access import Pages
from web.desk import AtDesk
from web.fields import Fields
from web.reasons import on_pages
from web.roles import EVERYONE

pages = Pages()


@pages.show("/projects/{code}/history", who=EVERYONE, label="Lịch sử một đề án")
def history_page(visit: AtDesk, code: str, as_of: str = "", known_on: str = "") -> Response:
    form = Fields({name: typed for name, typed in (("as_of", as_of), ("known_on", known_on)) if typed})
    axes = {name: form.read(name, read_date) for name in ("as_of", "known_on")}
    then: dict[str, Any] | None = None
    with visit.reading() as session:
        sheet = show_project(session, code, reader=visit.person)
        events = history(session, code, reader=visit.person, **axes)
        if any(axes.values()) and not form.mistakes:
            try:
                then = show_project(session, code, reader=visit.person, **axes)
            except Refused as refused:
                form.refused(Refused(*on_pages(refused.reasons)))
    return visit.page(
        "project/history.html",
        status=400 if form.mistakes else 200,
        form=form,
        sheet=sheet,
        then=then,
        events=events,
        **axes,
    )


@pages.show("/projects/{code}/deadlines/{clock}", who=EVERYONE, label="Bảng chứng minh một thời hạn")
def proof_page(visit: AtDesk, code: str, clock: str) -> Response:
    with visit.reading() as session:
        refuse_hidden(session, code, visit.person)
        sheet = show_project(session, code, reader=visit.person)
        proofs = deadline_proof(session, code, clock.upper())
    return visit.page(
        "project/proof.html", sheet=sheet, proofs=proofs, label=_label, statuses=STATUSES, marks=MARKS, in_time=IN_TIME
    )


STATUSES = {"open": "đang chạy", "paused": "tạm dừng, chưa có ngày hết hạn", "closed": "đã xong"}
MARKS = {"printed": "hạn theo cách đếm", "rolled": "hạn", "safe": "ngày an toàn"}
IN_TIME = {True: "đúng hạn", False: "trễ hạn", None: ""}


def _label(action: str) -> str:
    return STEP[Action(action)].label
