"""The steps of a yearly plan, from the list of candidates to its close: a form for each, with a trial before it."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.plan.choices import pending_lines, plan_choices, plan_steps, refuse_moved, seen_version
from models.plan.life import PlanTaken
from models.recording import record_with_files
from models.store import Session
from states.facts import Enclosure
from states.planning import PlanStep
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Paper, Route
from states.words import format_dong
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.plan_entries import Entry, read_entry
from web.pages.plan_frame import PLANNERS, Which, Year, door_of, frame, refuse_too_many, which_plan
from web.reasons import on_page
from web.uploads import Bundle, take_paper

pages = Pages()

MOST_FIELDS = 50_000

#: The words by which a reason is known to belong to a field.
_FIELDS = {
    "number": ("số văn bản", "số quyết định"),
    "decided_on": ("ngày văn bản", "ngày quyết định"),
    "signer": ("người ký",),
    "note": ("phải ghi lý do (",),
    "annex_total": ("cả phụ lục",),
    "total": ("tổng hỗ trợ", "quyết định ghi"),
}


class _TriedOnlyError(Exception):
    """Takes a step back that was only tried, with what it would have done."""

    def __init__(self, taken: PlanTaken) -> None:
        self.taken = taken


@pages.show("/plans/{year}/{route}/steps/{step}", who=PLANNERS, label="Biểu mẫu một bước của kế hoạch")
def step_page(visit: AtDesk, year: Year, route: Route, step: PlanStep, programme: str = "") -> Response:
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
    return _shown(visit, which, step, Fields())


def _shown(
    visit: Visit, which: Which, step: PlanStep, form: Fields, status: int = 200, tried: PlanTaken | None = None
) -> Response:
    with visit.reading() as session:
        lines = _rows_of(session, which, step)
        [told] = [each for each in plan_steps(session, *which.key, door_of(visit)) if each["step"] == step]
        seen = seen_version(session, *which.key)
    return visit.page(
        "plans/step.html",
        status=status,
        **frame(visit, which, step=step, form=form, rows=lines, told_of=told, tried=tried),
        seen=form.typed("seen", seen),
        fund=STATE_FUND[which.route],
    )


def _rows_of(session: Session, which: Which, step: PlanStep) -> list[dict[str, Any]]:
    """The projects among which the form of a step chooses; the other steps take the plan as it is."""
    if step in (PlanStep.BUILD, PlanStep.ADJUST):
        refuse_too_many(session, which)
    if step is PlanStep.BUILD:
        return plan_choices(session, *which.key)
    if step is PlanStep.APPROVE and seen_version(session, *which.key):
        return pending_lines(session, *which.key)
    if step is PlanStep.ADJUST:
        return [line for line in plan_choices(session, *which.key) if not line["held"] and not line["ended"]]
    return []


@pages.act("/plans/{year}/{route}/steps/{step}", who=PLANNERS, label="Ghi một bước của kế hoạch")
async def take_step(
    visit: AtDesk, request: Request, year: Year, route: Route, step: PlanStep, programme: str = ""
) -> Response:
    # A plan of a thousand lines has some fields for each of them.
    form = Fields(await request.form(max_fields=MOST_FIELDS), visit.waiting)
    return await run_in_threadpool(_take, visit, year, route, programme, step, form)


def _take(visit: Visit, year: int, route: Route, programme: str, step: PlanStep, form: Fields) -> Response:
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
        rows = _rows_of(session, which, step)
    bundle = Bundle()
    take_paper(form, bundle, "decision_file", Enclosure(Paper.APPROVAL_DECISION, number=form.typed("number").strip()))
    entry = read_entry(step, which, form, rows, tuple(bundle.enclosures))
    if entry is None or form.mistakes:
        return _shown(visit, which, step, form, 409)
    try:
        if form.typed("do") == "try":
            return _shown(visit, which, step, form, tried=_try_out(visit, which, form, entry))
        taken = _record(visit, which, form, entry, bundle)
    except Refused as refused:
        _put_beside(form, refused, {row["code"] for row in rows})
        return _shown(visit, which, step, form, 409)
    return visit.go(which.at(), told=_words_of(taken))


def _step_of(visit: Visit, which: Which, form: Fields, entry: Entry) -> Callable[[Session], PlanTaken]:
    seen = form.typed("seen")

    def step(session: Session) -> PlanTaken:
        refuse_moved(session, *which.key, int(seen) if seen.isdecimal() and len(seen) < 10 else -1)
        return entry(session, door_of(visit))

    return step


def _try_out(visit: Visit, which: Which, form: Fields, entry: Entry) -> PlanTaken:
    """What the step would do; nothing of it stays."""
    try:
        with visit.writing() as session:
            raise _TriedOnlyError(_step_of(visit, which, form, entry)(session))
    except _TriedOnlyError as tried:
        return tried.taken


def _record(visit: Visit, which: Which, form: Fields, entry: Entry, bundle: Bundle) -> PlanTaken:
    step = _step_of(visit, which, form, entry)
    return record_with_files(visit.writing, visit.desk.store.files, bundle.contents, step)


def _put_beside(form: Fields, refused: Refused, codes: set[str]) -> None:
    """Each reason beside its field; one that begins with the code of a row, beside that row."""
    for reason in refused.reasons:
        code = reason.partition(":")[0]
        if code in codes:
            form.mistaken(f"amount:{code}", on_page(reason))
        else:
            form.refused(Refused(reason), _FIELDS)
    form.mistakes = {name: [on_page(reason) for reason in reasons] for name, reasons in form.mistakes.items()}


def _words_of(taken: PlanTaken) -> str:
    """What the next page says on top: the step, what it left behind, and what it was allowed in spite of."""
    head = (
        f"{taken.step.label}: đã ghi, nay «{taken.status.label}», phiên bản {taken.version}, {taken.lines} đề án, "
        f"hỗ trợ {format_dong(taken.support)}."
    )
    more: Mapping[str, tuple[str, ...]] = {"": taken.changes, "Lưu ý: ": taken.warnings}
    told = [f"{before}{on_page(sentence)}" for before, sentences in more.items() for sentence in sentences]
    rest = len(told) - _MOST_TOLD
    return " ".join([head, *told[:_MOST_TOLD], *([f"… và {rest} điều nữa."] if rest > 0 else [])])


_MOST_TOLD = 8
