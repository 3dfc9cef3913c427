"""A frozen report as tables: exactly what was frozen, whatever the register says today."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flows.jobs.papers.tables.frame import SIGNERS, UNIT, CutOff, Occasion, Table, day_of
from models.report import reading
from models.report.proposing import proposals_of
from models.report.reading import SPAN_LABELS, spans_of
from models.report.rows import Report
from states.facts import OFFICE_TIME
from states.words import format_date

if TYPE_CHECKING:
    from documents.tables import Sheet


def report_table(occasion: Occasion, report: Report) -> Table:
    """The targets, money, projects and difficulties of a report. Who may read it was asked when it was read."""
    head, body = report.head(), report.body
    proposals = proposals_of(occasion.session, report)
    frozen_on = datetime.fromisoformat(head["frozen_at"]).astimezone(OFFICE_TIME).date()
    first, last = (date.fromisoformat(head[name]) for name in ("first_on", "last_on"))
    return Table(
        "report",
        f"bao-cao_{first:%Y%m%d}-{last:%Y%m%d}_lan-{head['issue']}",
        occasion,
        CutOff(head["cutoff_event"], frozen_on),
        lambda: (
            _targets(head, body, proposals.words),
            _money(head, body),
            _projects(head, body),
            _difficulties(head, body),
        ),
        lambda: {"report": head, "proposals": proposals.plain(), "body": body},
    )


def _over(head: Mapping[str, Any], body: Mapping[str, Any], title: str) -> dict[str, Any]:
    """What stands over each table of a report."""
    period = f"từ ngày {format_date(date.fromisoformat(head['first_on']))}"
    period += f" đến ngày {format_date(date.fromisoformat(head['last_on']))}"
    doubt = body["period"]["doubt"]
    signed = f", số {head['number']}" if head["number"] else ""
    return {
        "titles": (f"Báo cáo khuyến công {head['label']}", title),
        "subtitles": (
            f"Kỳ báo cáo {period}; lần phát hành {head['issue']}, {head['status_label'].lower()}{signed}",
            *((f"{doubt} (chưa kiểm chứng)",) if doubt else ()),
            f"Mã băm {head['sha256']}",
        ),
    }


def _targets(head: Mapping[str, Any], body: Mapping[str, Any], proposals: str) -> "Sheet":
    from documents.tables import Column, Group, Kind, Sheet

    spans = spans_of(head["kind"])
    columns = [Column("code", "Mã", width=8), Column("name", "Chỉ tiêu", width=50), Column("unit", "Đơn vị tính")]
    columns += [Column("goal", "Giao", Kind.NUMBER, 10), Column("planned", "Kế hoạch năm", Kind.NUMBER, 12)]
    columns += [Column(span, SPAN_LABELS[span], Kind.NUMBER, 13, "Thực hiện") for span in spans]
    columns += [Column("estimate", "Ước cả năm", Kind.NUMBER, 12)]
    told = ("code", "name", "unit", "goal", "planned")
    rows = [(*(row[name] for name in told), *row["done"], row["estimate"]) for row in reading.target_rows(body, spans)]
    words = f"Đề xuất, kiến nghị: {proposals}" if proposals else ""
    return Sheet(
        name="Chỉ tiêu",
        columns=tuple(columns),
        groups=iter([Group(rows)]),
        total="",
        notes=tuple(filter(None, (*body["method"], words))),
        signers=SIGNERS,
        **_over(head, body, "Thực hiện chỉ tiêu"),
    )


def _money(head: Mapping[str, Any], body: Mapping[str, Any]) -> "Sheet":
    from documents.tables import Column, Group, Kind, Sheet

    columns = [Column("source", "Nguồn", width=16), Column("span", "Tính", width=20)]
    columns += [Column(str(flow), flow.label, Kind.AMOUNT, 17) for flow in reading.SHOWN_FLOWS]
    columns += [
        Column("planned", "Kế hoạch năm", Kind.AMOUNT, 17),
        Column("expected", "Ước chi cả năm", Kind.AMOUNT, 17),
    ]
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for row in reading.money_rows(body, spans_of(head["kind"])):
        title = "Tổng" if row["content"] is None else f"{row['content']}. {row['name']}"
        cells = (row["source"].label, SPAN_LABELS[row["span"]], *row["flows"], row["planned"], row["expected"])
        groups.setdefault(title, []).append(cells)
    return Sheet(
        name="Kinh phí",
        columns=tuple(columns),
        # The spans contain each other, so nothing here is added up; the whole was frozen with the rest.
        groups=iter([Group(rows, title) for title, rows in groups.items()]),
        unit=UNIT,
        total="",
        grouped_by="Nội dung",
        **_over(head, body, "Kinh phí theo nội dung và nguồn"),
    )


def _projects(head: Mapping[str, Any], body: Mapping[str, Any]) -> "Sheet":
    from documents.tables import Column, Group, Kind, Sheet, amount

    columns = (
        Column("no", "STT", Kind.WHOLE, 5),
        Column("code", "Mã đề án", width=17),
        Column("name", "Tên đề án", width=40),
        Column("stage", "Giai đoạn", width=18),
        amount("planned", "Kế hoạch"),
        amount("given_in_period", "Chi trong kỳ"),
        amount("given_in_year", "Chi từ đầu năm"),
        amount("expected", "Ước chi cả năm"),
        Column("accepted", "Nghiệm thu từ đầu năm", width=16),
    )
    told = ("code", "name", "stage_label", "planned", "given_in_period", "given_in_year", "expected")
    rows = [
        (number, *(row[name] for name in told), row["accepted"]["year"])
        for number, row in enumerate(reading.project_rows(body), start=1)
    ]
    return Sheet(
        name="Đề án",
        columns=columns,
        groups=iter([Group(rows)]),
        unit=UNIT,
        frozen=3,
        **_over(head, body, "Đề án, kinh phí nhà nước"),
    )


def _difficulties(head: Mapping[str, Any], body: Mapping[str, Any]) -> "Sheet":
    from documents.tables import Column, Group, Kind, Sheet

    columns = [Column("code", "Mã đề án", width=17), Column("name", "Tên đề án", width=45)]
    columns += [Column("kind", "Loại", width=20), Column("what", "Việc", width=50), Column("on", "Ngày", Kind.DATE)]
    told = ("code", "name", "label", "what")
    rows = [(*(row[name] for name in told), day_of(row["day"])) for row in reading.difficulty_rows(body)]
    return Sheet(
        name="Khó khăn",
        columns=tuple(columns),
        groups=iter([Group(rows)]),
        **_over(head, body, "Khó khăn, vướng mắc"),
    )
