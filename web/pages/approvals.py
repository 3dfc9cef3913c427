"""Phê duyệt theo danh mục: one decision over a list, tried as often as one likes and recorded all at once."""

from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models import decisions
from models.plan import life
from models.queries.decided import decision_of
from models.recording import record_with_files, rehearsed
from models.store import Session
from states.folding import nfc
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Role
from states.words import amount_in_words_dong, format_dong
from web.access import Pages
from web.desk import DOOR, AtDesk, Visit
from web.fields import Fields
from web.pages.approvals_form import (
    BESIDE,
    Annex,
    Typed,
    annex_of,
    door_of,
    filled,
    kept,
    plan_changes,
    read_form,
    sums,
)
from web.placing import place
from web.reasons import on_pages
from web.uploads import hold_files

pages = Pages()

APPROVERS = frozenset({Role.COORDINATOR, Role.LEADER})
#: A list of a thousand projects has four fields a line.
MOST_FIELDS = 10_000


@pages.show("/approvals", who=APPROVERS, label="Phê duyệt theo danh mục")
def approvals_page(
    visit: AtDesk,
    route: str = "",
    year: str = "",
    plan: str = "",
    all: str = "",
    code: Annotated[list[str] | None, Query()] = None,
) -> Response:
    asked = Fields({"route": route, "year": year, "plan": plan, "all": all})
    with visit.reading() as session:
        annex = annex_of(session, visit, asked, code or ())
    wanted = [row["code"] for row in annex.rows if annex.plan or row["code"] in (code or ())]
    # Nothing was typed yet: only the ticks that the address, or the plan, asks for.
    form = Fields({"code": wanted, "all": all}) if wanted or all else Fields()
    return _shown(visit, annex, form)


def _shown(
    visit: Visit, annex: Annex, form: Fields, *, typed: Typed | None = None, status: int = 200, **more: Any
) -> Response:
    lines = typed.lines if typed else []
    return visit.page(
        "approvals/list.html",
        status=status,
        annex=annex,
        form=form,
        ticked=frozenset(form.every("code")),
        chosen=len(lines),
        sums=sums(annex, lines, form) if lines else [],
        fund=STATE_FUND[annex.route],
        **({"agrees": False, "warnings": []} | more),
    )


@pages.act("/approvals", who=APPROVERS, label="Phê duyệt theo danh mục")
async def approve(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_approve, visit, Fields(await request.form(max_fields=MOST_FIELDS), visit.waiting))


def _approve(visit: Visit, form: Fields) -> Response:
    doing = form.typed("do")
    with visit.reading() as session:
        if doing in ("paste", "all", "none"):
            return _ticked(visit, session, form, doing)
        annex = annex_of(session, visit, form, form.every("code"))
    typed = read_form(form, annex)
    if typed.paper is None:
        return _shown(visit, annex, form, typed=typed, status=409)
    try:
        if doing == "approve":
            return _recorded(visit, annex, typed)
        warnings = rehearsed(visit.writing, lambda session: _entry(session, visit, annex, typed))
    except Refused as refused:
        place(form, refused, [line.code for line in typed.lines], BESIDE)
        return _shown(visit, annex, form, typed=typed, status=409)
    return _shown(visit, annex, form, typed=typed, agrees=True, warnings=on_pages(warnings))


def _ticked(visit: Visit, session: Session, form: Fields, doing: str) -> Response:
    """The page with other ticks; everything else stays as it was typed."""
    annex = annex_of(session, visit, form, form.every("code"))
    hold_files(form)
    codes = [row["code"] for row in annex.rows]
    if doing != "paste":
        fresh = Fields(kept(form, codes) | {"code": codes if doing == "all" else []}, form.waiting)
        return _shown(visit, annex, fresh, typed=_silently(fresh, annex))
    try:
        fresh = Fields(filled(form, codes), form.waiting)
    except Refused as refused:
        form.mistaken("pasted", *refused.reasons)
        return _shown(visit, annex, form, status=409)
    annex = annex_of(session, visit, fresh, fresh.every("code"))
    for code in fresh.every("code"):
        if code not in annex.known:
            where = "trong kế hoạch này" if annex.plan else "trong sổ"
            fresh.mistaken("pasted", f"{code}: không có {where}; hãy kiểm tra mã.")
    return _shown(visit, annex, fresh, typed=_silently(fresh, annex), status=409 if fresh.mistakes else 200)


def _silently(form: Fields, annex: Annex) -> Typed:
    """The lines as far as they can be read: what is missing is said when the form is tried."""
    quiet = Fields(kept(form, form.every("code")))
    return read_form(quiet, annex)


def _entry(session: Session, visit: Visit, annex: Annex, typed: Typed) -> tuple[str, ...]:
    """Approve the list, in its plan where one is on the page; answer with what it was allowed in spite of."""
    assert typed.paper is not None
    if annex.plan is None:
        done = decisions.approve(session, typed.lines, typed.paper, by=visit.person, at=visit.at, door=DOOR)
        return tuple(f"{step.code}: {warning}" for step in done.projects for warning in step.warnings)
    plan, door = annex.plan, door_of(visit, DOOR)
    changes = plan_changes(annex, typed.lines)
    return tuple(
        life.approve(session, plan["programme"], plan["year"], annex.route, typed.paper, door=door, **changes).warnings
    )


def _recorded(visit: Visit, annex: Annex, typed: Typed) -> Response:
    files, contents = visit.desk.store.files, typed.bundle.contents
    record_with_files(visit.writing, files, contents, lambda session: _entry(session, visit, annex, typed))
    assert typed.paper is not None
    total = typed.paper.total
    with visit.reading() as session:
        decision = decision_of(session, " ".join(nfc(typed.paper.number).split()))
    told = f"Đã phê duyệt {len(typed.lines)} đề án: {format_dong(total)} ({amount_in_words_dong(total)})."
    return visit.go(f"/approvals/decisions/{decision}", told=told)
