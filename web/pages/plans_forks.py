"""What-if beside a plan: forks opened, changed, compared with it, made its draft or put aside."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.plan import forks
from models.plan.choices import fork_version, plan_choices, refuse_moved_fork
from models.plan.comparing import compare, fork_view
from models.plan.forks import PLAN, Changes, fork_list
from models.plan.life import PlanTaken
from models.plan.standing import open_plan
from states.planning import ForkStatus
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Route, Source
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.pages.plan_frame import PLANNERS, Which, Year, added, door_of, frame, grouped, refuse_too_many, which_plan
from web.pages.plans_steps import MOST_FIELDS
from web.reasons import on_page, on_pages
from web.roles import PROVINCE

pages = Pages()


@pages.show("/plans/{year}/{route}/forks", who=PROVINCE, label="Các phương án của kế hoạch")
def forks_page(visit: AtDesk, year: Year, route: Route, programme: str = "") -> Response:
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
    return _listed(visit, which, Fields())


def _listed(visit: Visit, which: Which, form: Fields, status: int = 200) -> Response:
    with visit.reading() as session:
        plan = open_plan(session, *which.key, lock=False)
        rows = fork_list(session, plan) if plan.id is not None else []
    has_plan = plan.id is not None
    return visit.page(
        "plans/forks.html",
        status=status,
        **frame(visit, which, "/forks", rows=rows, form=form, has_plan=has_plan, name_of_plan=PLAN),
    )


@pages.act("/plans/{year}/{route}/forks", who=PLANNERS, label="Lập một phương án")
async def open_fork(visit: AtDesk, request: Request, year: Year, route: Route, programme: str = "") -> Response:
    return await run_in_threadpool(_open, visit, year, route, programme, Fields(await request.form()))


def _open(visit: Visit, year: int, route: Route, programme: str, form: Fields) -> Response:
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
    name, note = form.line("name", "tên phương án", required=True), form.line("note", "ghi chú")
    copy_of = form.line("copy_of", "phương án gốc")
    if form.mistakes:
        return _listed(visit, which, form, 409)
    try:
        with visit.writing() as session:
            forks.open_fork(session, *which.key, name, door=door_of(visit), copy_of=copy_of or None, note=note)
    except Refused as refused:
        form.refused(Refused(*on_pages(refused.reasons)), {"name": ("đã có phương án", "tên gọi chính")})
        return _listed(visit, which, form, 409)
    return visit.go(which.at("/fork", name=name), told=f"Đã lập phương án «{name}»; kế hoạch chưa đổi gì.")


# --- one fork -----------------------------------------------------------------------------------------


@pages.show("/plans/{year}/{route}/fork", who=PROVINCE, label="Một phương án")
def fork_page(visit: AtDesk, year: Year, route: Route, name: str, programme: str = "") -> Response:
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
    return _one(visit, which, name, Fields())


def _one(visit: Visit, which: Which, name: str, form: Fields, status: int = 200) -> Response:
    with visit.reading() as session:
        refuse_too_many(session, which)
        fork = fork_view(session, *which.key, name, reader=visit.person)
        version = fork_version(session, *which.key, name)
        plan = open_plan(session, *which.key, lock=False)
        is_open = fork["status"] == ForkStatus.OPEN
        inside = {line["code"] for line in fork["lines"]}
        outside = [row for row in plan_choices(session, *which.key) if row["code"] not in inside] if is_open else []
    groups = grouped(fork["lines"])
    return visit.page(
        "plans/fork.html",
        status=status,
        **frame(visit, which, "/forks", fork=fork, form=form, groups=groups, total=added(groups), is_open=is_open),
        outside=outside,
        plan_status=plan.status,
        seen=form.typed("seen", version),
        fund=STATE_FUND[which.route],
    )


@pages.act("/plans/{year}/{route}/fork", who=PLANNERS, label="Sửa một phương án")
async def change_fork(
    visit: AtDesk, request: Request, year: Year, route: Route, name: str, programme: str = ""
) -> Response:
    form = Fields(await request.form(max_fields=MOST_FIELDS))
    return await run_in_threadpool(_change, visit, year, route, programme, name, form)


def _change(visit: Visit, year: int, route: Route, programme: str, name: str, form: Fields) -> Response:
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
        refuse_too_many(session, which)
        fork = fork_view(session, *which.key, name, reader=visit.person)
        outside = plan_choices(session, *which.key)
    changes = _changes(which, form, fork["lines"], outside)
    if form.mistakes:
        return _one(visit, which, name, form, 409)
    try:
        with visit.writing() as session:
            refuse_moved_fork(session, *which.key, name, _seen(form))
            forks.change_fork(session, *which.key, name, changes, door=door_of(visit))
    except Refused as refused:
        codes = {line["code"] for line in (*fork["lines"], *outside)}
        for reason in on_pages(refused.reasons):
            code = reason.partition(":")[0]
            form.mistaken(f"amount:{code}" if code in codes else "", reason)
        return _one(visit, which, name, form, 409)
    return visit.go(which.at("/fork", name=name), told=f"Đã sửa phương án «{name}»; kế hoạch chưa đổi gì.")


def _seen(form: Fields) -> int:
    seen = form.typed("seen")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else -1


def _changes(
    which: Which, form: Fields, lines: list[dict[str, Any]], outside: list[Mapping[str, Any]] | list[dict[str, Any]]
) -> Changes:
    """What the form has otherwise than the fork."""
    fund = STATE_FUND[which.route]
    dropped, taken = set(form.every("drop")), set(form.every("take"))
    money: dict[str, dict[Source, int]] = {}
    shift: dict[str, int] = {}
    for line in lines:
        code = line["code"]
        if line["approved"] or code in dropped:
            continue
        for source, field in ((fund, "amount"), (Source.COUNTERPART, "counterpart")):
            amount = form.amount(f"{field}:{code}")
            if amount is not None and amount != line["money"].get(str(source), 0):
                money.setdefault(code, {})[source] = amount
        months = form.read(f"months:{code}", _read_months)
        if months is not None and months != line["months"]:
            shift[code] = months - line["months"]
    add: dict[str, dict[Source, int]] = {}
    for row in outside:
        if row["code"] in taken:
            amount = form.amount(f"amount:{row['code']}")
            add[row["code"]] = {} if amount is None else {fund: amount}
    return Changes(add=add, drop=sorted(dropped), money=money, shift=shift, why=form.line("why", "lý do"))


def _read_months(text: str) -> int:
    digits = text.removeprefix("+").removeprefix("-").removeprefix("−")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 2:
        raise Refused("Số tháng không hợp lệ; hãy gõ ví dụ 3 (lùi 3 tháng), -1 (sớm 1 tháng) hoặc 0.")
    return -int(digits) if text.startswith(("-", "−")) else int(digits)


@pages.act("/plans/{year}/{route}/fork/end", who=PLANNERS, label="Lấy phương án làm dự thảo, hoặc bỏ phương án")
async def end_fork(
    visit: AtDesk, request: Request, year: Year, route: Route, name: str, programme: str = ""
) -> Response:
    return await run_in_threadpool(_end, visit, year, route, programme, name, Fields(await request.form()))


def _end(visit: Visit, year: int, route: Route, programme: str, name: str, form: Fields) -> Response:
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
    is_dropped = form.typed("do") == "drop"
    taken: PlanTaken | None = None
    try:
        with visit.writing() as session:
            refuse_moved_fork(session, *which.key, name, _seen(form))
            if is_dropped:
                forks.drop_fork(session, *which.key, name, door=door_of(visit))
            else:
                taken = forks.propose_fork(session, *which.key, name, door=door_of(visit))
    except Refused as refused:
        for reason in on_pages(refused.reasons):
            form.mistaken("", reason)
        return _one(visit, which, name, _only_mistakes(form), 409)
    if taken is None:
        return visit.go(which.at("/forks"), told=f"Đã bỏ phương án «{name}»; vẫn xem lại được.")
    told = [f"Phương án «{name}» nay là dự thảo, phiên bản {taken.version}, {taken.lines} đề án."]
    return visit.go(which.at(), told=" ".join([*told, *map(on_page, taken.changes)]))


def _only_mistakes(form: Fields) -> Fields:
    """A fresh form that shows why another one was refused: the buttons sent nothing to be kept."""
    fresh = Fields()
    fresh.mistakes = form.mistakes
    return fresh


# --- side by side -------------------------------------------------------------------------------------


@pages.show("/plans/{year}/{route}/compare", who=PROVINCE, label="So sánh phương án với kế hoạch")
def compare_page(
    visit: AtDesk, year: Year, route: Route, left: str = "", right: str = "", programme: str = ""
) -> Response:
    with visit.reading() as session:
        which = which_plan(session, year, route, programme)
        rows = fork_list(session, open_plan(session, *which.key, lock=False))
        found = compare(session, *which.key, left or None, right or None, reader=visit.person)
    return visit.page(
        "plans/compare.html",
        **frame(visit, which, "/forks", found=found, rows=rows, left=left, right=right, name_of_plan=PLAN),
    )
