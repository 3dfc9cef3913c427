"""The steps of a đề án in the browser: each row of the lifecycle table as a form, recorded through the ledger."""

from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response

from models.loading import load_project
from models.queries import refuse_hidden
from models.queries.acceptances import acceptance_limit
from models.queries.scope import OUT_OF_SIGHT
from models.recording import record_with_files
from models.stale import Stale
from states.actions import Action
from states.activities import ACTIVITIES
from states.folding import quoted
from states.lifecycle import Field, stage_label
from states.refusal import Refused
from states.steps import STEP
from states.vocabulary import Change, Paper
from web import words
from web.access import Pages, log_denial
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.project_picking import picker
from web.pages.project_step_form import StepForm, marks, step_form
from web.pages.project_step_reading import read_step, rows_of_instalments, take_step
from web.reasons import on_pages
from web.rendering import address
from web.roles import RECORDERS
from web.uploads import paper_choices

pages = Pages()


def hidden(visit: Visit, refused: Refused) -> Response:
    """Say that there is no such project: in the same words whether it is unknown or outside the person's scope."""
    if out_of_sight := next((reason for reason in refused.reasons if OUT_OF_SIGHT in reason), ""):
        log_denial(visit.request, out_of_sight)
    reasons = on_pages(refused.reasons)
    return visit.page("refused.html", status=404, title="Không tìm thấy", reasons=reasons)


def step_named(name: str) -> Action:
    try:
        return Action(name)
    except ValueError:
        raise Refused(f"Không có bước {quoted(name)}; hãy chọn một bước ở trang của đề án.") from None


@pages.show("/projects/{code}/steps/{action}", who=RECORDERS, label="Ghi một bước của đề án")
def step_page(visit: AtDesk, code: str, action: str) -> Response:
    wanted = step_named(action)
    if wanted is Action.APPROVE:
        with visit.reading() as session:
            refuse_hidden(session, code, visit.person)
        return RedirectResponse(address("/approvals", code=code), 303)
    with visit.reading() as session:
        form = step_form(session, visit, code, wanted)
    return _shown(visit, form, Fields())


@pages.act("/projects/{code}/steps/{action}", who=RECORDERS, label="Ghi một bước của đề án")
async def record_step(visit: AtDesk, request: Request, code: str, action: str) -> Response:
    typed = Fields(await request.form(), visit.waiting)
    return await run_in_threadpool(_record_step, visit, code, step_named(action), typed)


def _record_step(visit: Visit, code: str, action: Action, typed: Fields) -> Response:
    if action is Action.APPROVE:
        raise Refused("Phê duyệt được ghi theo quyết định; hãy dùng trang Phê duyệt theo danh mục.")
    try:
        with visit.reading() as session:
            form = step_form(session, visit, code, action)
    except Refused as refused:
        return hidden(visit, refused)
    if any(typed.ticked(name) for name in ("find", "more", "try")):
        return _shown(visit, form, typed)
    read = read_step(form, typed)
    if typed.mistakes:
        return _shown(visit, form, typed, 409)
    try:
        done = record_with_files(
            visit.writing,
            visit.desk.store.files,
            read.bundle.contents,
            lambda session: take_step(session, visit, form, read),
        )
    except Refused as refused:
        if isinstance(refused, Stale):
            typed.propose_anew("seen")
        typed.refused(Refused(*on_pages(refused.reasons)), marks(form))
        # What another person did meanwhile is told; what may be done now is judged anew.
        with visit.reading() as session:
            form = step_form(session, visit, code, action)
        return _shown(visit, form, typed, 409)
    with visit.reading() as session:
        route = load_project(session, code).facts.route
    before, after = (stage_label(stage, route) for stage in (done.from_stage, done.to_stage))
    with words.spoken(visit.language):
        label = words.t(STEP[action].label)
        moved = words.t("nay ở giai đoạn") if done.from_stage is not done.to_stage else words.t("vẫn ở giai đoạn")
        told = f"{words.t('Đã ghi')} «{label}»; {moved} «{words.t(after if before != after else before)}»."
        if done.warnings:
            told = " ".join((told, words.t("Lưu ý:"), *on_pages(done.warnings)))
    return visit.go(f"/projects/{code}", told=told)


def _shown(visit: Visit, form: StepForm, typed: Fields, status: int = 200) -> Response:
    values: dict[str, Any] = {"picking": None, "limit": None}
    if form.choice.is_open:
        with visit.reading() as session:
            if form.has(Field.ASKED):
                standing = [row["id"] for row in form.sheet["beneficiaries"]]
                values["picking"] = picker(session, typed, visit.person, standing)
            if typed.ticked("try") and form.takes_cost:
                values["limit"] = _limit(session, visit, form, typed)
    return visit.page(
        "project/step.html",
        status=status,
        step_form=form,
        form=typed,
        sheet=form.sheet,
        step=form.step,
        choice=form.choice,
        closed_by=on_pages(form.choice.judgement.closed_by),
        bases=[basis.text for basis in form.step.basis_on(form.facts.route)] if form.choice.target else [],
        rows=rows_of_instalments(typed),
        paper_choices=paper_choices,
        changes=[change for change in Change if change is not Change.ADDITIONAL_PROJECT],
        activities=ACTIVITIES,
        fields=Field,
        other=Paper.OTHER,
        **values,
    )


def _limit(session: Any, visit: Visit, form: StepForm, typed: Fields) -> dict[str, Any] | None:
    """How much support the typed cost would bring, before anything is recorded."""
    cost = typed.amount("cost", required="Hãy ghi chi phí hợp lệ được nghiệm thu để tính.")
    if not cost:
        return None
    day = typed.day("decided_on") or visit.today
    of_share = form.step.action is Action.ACCEPT_SHARE
    return acceptance_limit(session, form.loaded, cost=cost, on=day, of_share=of_share)
