"""A programme in figures: targets and money as a funnel, with charts, and the switch of its public page."""

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from models.desk.publication import is_published, publish
from models.mart.shelf import shelf_of
from models.programme_figures import programme_figures
from models.queries.old_records import old_records_in
from models.status import current_programme, programme_heads
from states.refusal import Refused
from states.vocabulary import Role, Source
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.programme_charts import STEP_LABELS, STEPS, WIDEST, goal_of, money_stacks, running_lines, target_bars
from web.rendering import address
from web.roles import EVERYONE, PROVINCE

pages = Pages()


@pages.show("/programme", who=EVERYONE, label="Chương trình")
def choose_programme(visit: AtDesk) -> Response:
    with visit.reading() as session:
        code = current_programme(session, visit.today)
    return RedirectResponse(f"/programme/{code}", 303)


def programme_tabs(visit: Visit, code: str) -> list[tuple[str, str]]:
    """The parts of a programme that the visitor may open; the others tell of projects outside a scope."""
    tabs = [(f"/programme/{code}", "Chỉ tiêu và kinh phí")]
    if visit.person.role in PROVINCE:
        tabs += [(f"/programme/{code}/forecast", "Dự báo"), (f"/programme/{code}/checks", "Đối soát")]
    return tabs


@pages.show("/programme/{code}", who=EVERYONE, label="Chỉ tiêu và kinh phí của chương trình")
def programme_page(visit: AtDesk, code: str) -> Response:
    shelf = shelf_of(visit.desk.settings.home, demonstration=visit.desk.is_demonstration)
    with visit.reading() as session:
        found = programme_figures(session, code, shelf=shelf, reader=visit.person)
        known = programme_heads(session)
        shown = is_published(session, code)
        old = old_records_in(session, code, visit.person)
    return visit.page(
        "programme/figures.html",
        code=code,
        tabs=programme_tabs(visit, code),
        found=found,
        old=old,
        known=known,
        is_published=shown,
        may_publish=visit.person.role is Role.LEADER,
        steps=STEPS,
        step_labels=STEP_LABELS,
        sources=[*((str(source), source.label) for source in Source), ("total", "Cộng")],
        goal_of=goal_of,
        bars=target_bars(found["targets"]),
        widest=WIDEST,
        stacks=money_stacks(found["money"]),
        lines=running_lines(found),
        rows_at=lambda **query: address(f"/programme/{code}/rows", **query),
    )


@pages.act(
    "/programme/{code}/publication", who=frozenset({Role.LEADER}), label="Mở hoặc đóng trang công khai của chương trình"
)
async def change_publication(visit: AtDesk, request: Request, code: str) -> Response:
    return await run_in_threadpool(_change_publication, visit, code, Fields(await request.form()))


def _change_publication(visit: Visit, code: str, form: Fields) -> Response:
    if form.typed("shown") not in ("0", "1"):
        raise Refused("Hãy chọn mở hoặc đóng trang công khai trên trang chương trình.")
    shown = form.typed("shown") == "1"
    with visit.writing() as session:
        publish(session, code, shown=shown, by=visit.person, origin=visit.origin)
    told = f"Đã mở trang công khai /public/{code}; ai cũng xem được." if shown else "Đã đóng trang công khai."
    return visit.go(f"/programme/{code}", told=told)
