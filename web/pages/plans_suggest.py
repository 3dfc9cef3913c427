"""The suggestion of what to take into a plan: aims and limits in, a selection with reasons out, kept as a fork."""

from threading import Semaphore

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from flows.jobs.suggesting import SECONDS, suggest
from flows.jobs.suggestion import Suggestion
from models.plan.choices import plan_choices, refuse_moved, seen_version, trials_of
from models.plan.forks import open_fork
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Route, Source
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.plan_frame import PLANNERS, Which, Year, door_of, frame, refuse_too_many, which_plan
from web.pages.plans_steps import MOST_FIELDS
from web.reasons import on_page, on_pages
from web.roles import PROVINCE

pages = Pages()

#: The longest search that a page waits for; `dean plan suggest --seconds` searches longer.
MOST_SECONDS = 60
#: The search takes a whole core, and the desk has others to serve: one at a time.
AT_WORK = Semaphore()


@pages.show("/plans/{year}/{route}/suggest", who=PROVINCE, label="Đề xuất chọn đề án")
def suggest_page(visit: AtDesk, year: Year, route: Route, programme: str = "") -> Response:
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
    return _shown(visit, which, Fields())


def _shown(visit: Visit, which: Which, form: Fields, status: int = 200, found: Suggestion | None = None) -> Response:
    with visit.reading() as session:
        refuse_too_many(session, which)
        rows = [row for row in plan_choices(session, *which.key) if not row["approved"] and not row["ended"]]
        seen = seen_version(session, *which.key)
    told = found.as_json() if found else None
    return visit.page(
        "plans/suggest.html",
        status=status,
        **frame(visit, which, "/suggest", rows=rows, form=form, found=told, suggestion=found, has_plan=bool(seen)),
        fund=STATE_FUND[which.route],
        usual_seconds=f"{SECONDS:g}",
        most_seconds=MOST_SECONDS,
        seen=seen,
    )


@pages.act("/plans/{year}/{route}/suggest", who=PROVINCE, label="Tính đề xuất chọn đề án")
async def compute(visit: AtDesk, request: Request, year: Year, route: Route, programme: str = "") -> Response:
    form = Fields(await request.form(max_fields=MOST_FIELDS))
    return await run_in_threadpool(_compute, visit, year, route, programme, form)


def _compute(visit: Visit, year: int, route: Route, programme: str, form: Fields) -> Response:
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
        refuse_too_many(session, which)
        rows = plan_choices(session, *which.key)
    budget, seconds = form.amount("budget"), form.read("seconds", _read_seconds)
    wishes = {row["code"]: form.typed(f"wish:{row['code']}") for row in rows}
    if form.mistakes:
        return _shown(visit, which, form, 409)
    budgets: dict[Source, int] = {} if budget is None else {STATE_FUND[which.route]: budget}
    if not AT_WORK.acquire(blocking=False):
        form.mistaken("", "Đang có người khác tính đề xuất; hãy đợi một phút rồi bấm lại.")
        return _shown(visit, which, form, 409)
    try:
        with visit.reading() as session:
            found = suggest(
                session,
                *which.key,
                on=visit.today,
                budgets=budgets,
                reader=visit.person,
                must=[code for code, wish in wishes.items() if wish == "must"],
                never=[code for code, wish in wishes.items() if wish == "never"],
                seconds=SECONDS if seconds is None else seconds,
            )
    except Refused as refused:
        for reason in on_pages(refused.reasons):
            code = reason.partition(":")[0]
            form.mistaken(f"wish:{code}" if code in wishes else "", reason)
        return _shown(visit, which, form, 409)
    finally:
        AT_WORK.release()
    return _shown(visit, which, form, found=found)


def _read_seconds(text: str) -> float:
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not 1 <= int(text) <= MOST_SECONDS:
        raise Refused(f"Số giây phải là số nguyên từ 1 đến {MOST_SECONDS}.")
    return float(text)


@pages.act("/plans/{year}/{route}/suggest/keep", who=PLANNERS, label="Ghi đề xuất thành phương án")
async def keep(visit: AtDesk, request: Request, year: Year, route: Route, programme: str = "") -> Response:
    form = Fields(await request.form(max_fields=MOST_FIELDS))
    return await run_in_threadpool(_keep, visit, year, route, programme, form)


def _keep(visit: Visit, year: int, route: Route, programme: str, form: Fields) -> Response:
    """Keep the selection that was seen, with the amounts of the dossiers."""
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
    name, note = form.line("name", "tên phương án", required=True), form.line("note", "ghi chú")
    seen = form.typed("seen")
    if form.mistakes:
        raise Refused(*(sentence for sentences in form.mistakes.values() for sentence in sentences))
    with visit.writing() as session:
        refuse_moved(session, *which.key, int(seen) if seen.isdecimal() and len(seen) < 10 else -1)
        lines = trials_of(session, *which.key, form.every("chosen"))
        open_fork(session, *which.key, name, door=door_of(visit), lines=lines, note=on_page(note))
    return visit.go(
        which.at("/fork", name=name), told=f"Đã ghi đề xuất thành phương án «{name}»; kế hoạch chưa đổi gì."
    )
