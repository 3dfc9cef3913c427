"""Reports: the list of those that were frozen, and freezing the next one."""

from collections.abc import Iterator
from datetime import date

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.report.figures import programme_names
from models.report.freezing import freeze
from models.report.periods import other_programme, report_period
from models.report.rows import list_reports
from states.folding import quoted
from states.periods import Period, PeriodKind, period
from states.refusal import Refused
from states.vocabulary import Role
from states.words import format_date
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.roles import PROVINCE

pages = Pages()

KINDS = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF_YEAR, PeriodKind.YEAR)
_IN_A_YEAR = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4, PeriodKind.HALF_YEAR: 2, PeriodKind.YEAR: 1}


@pages.show("/reports", who=PROVINCE, label="Báo cáo")
def report_list(visit: AtDesk, programme: str = "", kind: str = "") -> Response:
    return _shown(visit, Fields(), programme=programme, kind=kind)


def _shown(visit: Visit, form: Fields, status: int = 200, programme: str = "", kind: str = "") -> Response:
    with visit.reading() as session:
        known = programme_names(session)
        if programme and programme not in dict(known):
            raise Refused(f"Không có chương trình {quoted(programme)}; hãy chọn một chương trình trong danh sách.")
        rows = list_reports(session, programme or None)
    rows = [row for row in rows if kind in ("", row["kind"])]
    return visit.page(
        "reports/list.html",
        status=status,
        form=form,
        rows=rows,
        programmes=known,
        programme=programme,
        kind=kind,
        kinds=list(PeriodKind),
        ended=list(ended_periods(visit.today)),
        may_freeze=visit.person.role is Role.COORDINATOR,
    )


def ended_periods(today: date) -> Iterator[Period]:
    """The window of each kind that ended last: what is most likely to be reported now."""
    for kind in KINDS:
        windows = (
            period(kind, year, no + 1) for year in (today.year - 1, today.year) for no in range(_IN_A_YEAR[kind])
        )
        yield max((window for window in windows if window.last <= today), key=lambda window: window.last)


@pages.act("/reports", who=frozenset({Role.COORDINATOR}), label="Chốt số liệu báo cáo")
async def freeze_report(visit: AtDesk, request: Request) -> Response:
    return await run_in_threadpool(_freeze, visit, Fields(await request.form()))


def _freeze(visit: Visit, form: Fields) -> Response:
    typed, programme = form.line("period", "kỳ báo cáo", required=True), form.line("programme", "mã chương trình")
    if form.mistakes:
        return _shown(visit, form, 409)
    try:
        with visit.writing() as session:
            code, reported = report_period(session, typed, programme or None, visit.today)
            found = freeze(session, code, reported, by=visit.person, origin=visit.origin)
            before = None if programme else other_programme(session, code, reported)
    except Refused as refused:
        form.refused(refused, {"programme": ("không có chương trình",), "period": ("kỳ báo cáo", "kỳ ")})
        return _shown(visit, form, 409)
    told = f"Đã chốt số liệu {reported.label}, lần phát hành {found.row['issue']}."
    if before is not None:
        told += (
            f" Kỳ này bắt đầu ngày {format_date(reported.first)}, khi chương trình {before} còn chạy; đề án của "
            "chương trình đó báo cáo riêng."
        )
    return visit.go(f"/reports/{found.id}", told=told)
