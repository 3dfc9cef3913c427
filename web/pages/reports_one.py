"""One frozen report: its figures, what stood in the way, what is proposed, its signature, and what changed since."""

from collections.abc import Iterable
from itertools import groupby
from typing import Annotated, Any

from fastapi import Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from models.report import reading
from models.report.differences import cell_value, compared, differences
from models.report.freezing import sign
from models.report.proposing import proposals_of, propose
from models.report.rows import Report, issues_beside, report_numbered
from models.stale import Stale
from states.reading import read_id
from states.refusal import Refused
from states.vocabulary import Role
from web.access import Pages
from web.desk import AtDesk, Visit
from web.fields import Fields
from web.roles import PROVINCE

pages = Pages()

#: Projects on one page of the list, and cells on the page of differences.
PAGE, MOST_CELLS = 50, 400
#: The number of a row in an address; the databases know no larger one.
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


@pages.show("/reports/{number}", who=PROVINCE, label="Một báo cáo")
def one_report(visit: AtDesk, number: Id, content: str = "", target: str = "", offset: int = 0) -> Response:
    return _shown(visit, number, Fields(), content=content, target=target, offset=max(offset, 0))


def _shown(
    visit: Visit, number: int, form: Fields, status: int = 200, *, content: str = "", target: str = "", offset: int = 0
) -> Response:
    with visit.reading() as session:
        report = report_numbered(session, number, reader=visit.person)
        proposals = proposals_of(session, report)
        issues = issues_beside(session, report)
    head, body = report.head(), report.body
    spans = reading.spans_of(head["kind"])
    projects = reading.project_rows(body, content=content or None, target=target or None)
    standing = head["status"] == "frozen" and issues[-1].id == report.id
    return visit.page(
        "reports/one.html",
        status=status,
        form=form,
        head=head,
        version=report.row["version"],
        body=body,
        proposals=proposals,
        issues=[(each.id, each.row["issue"]) for each in issues],
        spans=[reading.SPAN_LABELS[span] for span in spans],
        targets=reading.target_rows(body, spans),
        counts=reading.count_rows(body, spans),
        flows=[flow.label for flow in reading.SHOWN_FLOWS],
        money=_grouped(reading.money_rows(body, spans)),
        difficulties=reading.difficulty_rows(body),
        projects=projects[offset : offset + PAGE],
        number_of_projects=len(projects),
        limit=PAGE,
        offset=offset,
        content=content,
        target=target,
        may_propose=standing and visit.person.role is Role.COORDINATOR,
        may_sign=standing and visit.person.role is Role.LEADER,
        froze_it=report.row["frozen_by_id"] == visit.person.id,
    )


def _grouped(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Say of each row how many rows its content and its source span, where it is the first of them; else 0."""
    told = [row | {"span": reading.SPAN_LABELS[row["span"]], "contents": 0, "sources": 0} for row in rows]
    for _, group in groupby(told, key=lambda row: row["content"]):
        listed = list(group)
        listed[0]["contents"] = len(listed)
        for _, of_source in groupby(listed, key=lambda row: row["source"]):
            several = list(of_source)
            several[0]["sources"] = len(several)
    return told


@pages.show("/reports/{number}/differences", who=PROVINCE, label="Khác biệt của một báo cáo")
def report_differences(visit: AtDesk, number: Id, issue: int | None = None) -> Response:
    with visit.reading() as session:
        report = report_numbered(session, number, reader=visit.person)
        issues = issues_beside(session, report)
        other = next((each for each in issues if each.row["issue"] == issue), None)
        if issue is not None and other is None:
            raise Refused(f"Kỳ này có {len(issues)} lần phát hành; hãy chọn lần trong số đó.")
        changes = differences(session, report)["changes"] if other is None else compared(report, other)
    events = {event["id"]: event for change in changes for event in change.get("events", ())}
    return visit.page(
        "reports/differences.html",
        head=report.head(),
        issues=[(each.id, each.row["issue"]) for each in issues if each.id != report.id],
        other=issue,
        changes=[_told(change) for change in changes[:MOST_CELLS]],
        number_of_changes=len(changes),
        events=[event for _, event in sorted(events.items())],
    )


def _told(change: dict[str, Any]) -> dict[str, Any]:
    return change | {side: cell_value(change["cell"], change[side]) for side in ("was", "now")}


@pages.act("/reports/{number}/proposals", who=frozenset({Role.COORDINATOR}), label="Ghi đề xuất của báo cáo")
async def write_proposals(visit: AtDesk, request: Request, number: Id) -> Response:
    return await run_in_threadpool(_propose, visit, number, Fields(await request.form()))


def _propose(visit: Visit, number: int, form: Fields) -> Response:
    seen = form.read("seen", read_id)
    if form.mistakes:
        return _shown(visit, number, form, 409)
    try:
        with visit.writing() as session:
            report = _report(visit, session, number)
            who: dict[str, Any] = {"by": visit.person, "origin": visit.origin}
            propose(session, report, form.typed("proposals"), seen_version=seen, **who)
    except Refused as refused:
        if isinstance(refused, Stale):
            form.propose_anew("seen")
        form.refused(refused, {"proposals": ("đề xuất",)})
        return _shown(visit, number, form, 409)
    return visit.go(f"/reports/{number}#proposals", told="Đã ghi đề xuất, kiến nghị.")


@pages.act("/reports/{number}/sign", who=frozenset({Role.LEADER}), label="Ghi việc ký báo cáo")
async def sign_report(visit: AtDesk, request: Request, number: Id) -> Response:
    return await run_in_threadpool(_sign, visit, number, Fields(await request.form()))


def _sign(visit: Visit, number: int, form: Fields) -> Response:
    paper = form.line("number", "số văn bản", required=True)
    signer = form.line("signer", "họ tên người ký", required=True)
    signed_on = form.day("signed_on", required="Hãy ghi ngày ký trên văn bản.")
    if form.mistakes or signed_on is None:
        return _shown(visit, number, form, 409)
    try:
        with visit.writing() as session:
            report = _report(visit, session, number)
            who: dict[str, Any] = {"by": visit.person, "origin": visit.origin}
            sign(session, report, number=paper, signed_on=signed_on, signer=signer, **who)
    except Refused as refused:
        form.refused(refused, {"signed_on": ("ngày ký",)})
        return _shown(visit, number, form, 409)
    return visit.go(f"/reports/{number}", told=f"Đã ghi báo cáo ký số {paper}; số liệu và đề xuất từ nay là bản cuối.")


def _report(visit: Visit, session: Any, number: int) -> Report:
    return report_numbered(session, number, reader=visit.person)
