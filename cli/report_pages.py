"""A report as a person reads it: what is behind it, targets, money, projects, difficulties, and what changed since."""

from collections.abc import Sequence
from typing import Any

import click

from cli.output import NOTHING, Column, day, minute, print_fields, print_heading, print_table, trieu
from models.report.differences import SPAN_LABELS, cell_value
from states.lifecycle import stage_label
from states.periods import PeriodKind
from states.vocabulary import MoneyKind, Route, Source, Stage
from states.words import format_number

#: The flows of money that stand in the printed table; --json has all.
_FLOWS = (
    MoneyKind.APPROVED,
    MoneyKind.ALLOTTED,
    MoneyKind.PREPAID,
    MoneyKind.PAID,
    MoneyKind.SETTLED,
    MoneyKind.RECOVERED,
)
#: Spans that say the same as another one are printed once: a year's report counts the year, a whole one everything.
_SPANS = {PeriodKind.YEAR: ("year", "cumulative"), PeriodKind.PROGRAMME: ("cumulative",)}


def print_head(head: dict[str, Any], body: dict[str, Any]) -> None:
    due, doubt = head["due"], body["period"]["doubt"]
    signed = f"số {head['number']}, ngày {day(head['signed_on'])}, {head['signer']}" if head["signed_on"] else None
    provisional = " (tạm tính: lịch nghỉ chưa xác nhận)" if due and due["provisional"] else ""
    print_fields(
        [
            ("Báo cáo", f"{head['kind_label']}: {head['label']}, lần phát hành {head['issue']}"),
            ("Chương trình", f"{body['programme']['name']} ({head['programme']})"),
            ("Kỳ", f"từ {day(head['first_on'])} đến {day(head['last_on'])} ({body['period']['basis']})"),
            ("Lưu ý", doubt and f"{doubt}."),
            ("Hạn nộp sớm nhất", due and f"{day(due['on'])} ({due['basis']}){provisional}"),
            ("Chốt số liệu", f"{minute(head['frozen_at'])}, {head['frozen_by']}, đến sự kiện {head['cutoff_event']}"),
            ("Tình trạng", head["status_label"]),
            ("Đã ký", signed),
            ("Mã băm", head["sha256"]),
        ]
    )


def print_report(head: dict[str, Any], body: dict[str, Any]) -> None:
    figures, names = body["figures"], body["labels"]
    spans = _SPANS.get(PeriodKind(head["kind"]), tuple(SPAN_LABELS))
    print_head(head, body)
    print_heading("Chỉ tiêu")
    _print_targets(figures["targets"], names["targets"], spans)
    print_heading("Số đề án")
    _print_counts(figures["totals"]["projects"], spans)
    print_heading("Kinh phí (triệu đồng)")
    _print_money(figures, names["contents"], spans)
    print_heading("Đề án (kinh phí nhà nước, triệu đồng)")
    _print_projects(figures["projects"])
    print_heading("Khó khăn, vướng mắc")
    _print_difficulties(figures["projects"])
    print_heading("Đề xuất, kiến nghị")
    click.echo(body["proposals"] or "(để người lập báo cáo ghi)")
    print_heading("Cách tính")
    for sentence in body["method"]:
        click.echo(f"- {sentence}")


def _print_targets(targets: dict[str, Any], names: dict[str, Any], spans: Sequence[str]) -> None:
    columns = [Column("Mã"), Column("Chỉ tiêu", flexible=True), Column("Đơn vị tính"), Column("Giao", right=True)]
    heads = ("Kế hoạch năm", *(f"Thực hiện {SPAN_LABELS[span]}" for span in spans), "Ước cả năm")
    columns += [Column(head, right=True) for head in heads]
    order = sorted(targets, key=lambda code: (names[code]["content_no"], _numbers(code)))
    cells = ("planned", *spans, "estimate")
    print_table(
        columns,
        [
            [code, *(names[code][name] for name in ("name", "unit", "goal")), *(targets[code][name] for name in cells)]
            for code in order
        ],
    )


def _numbers(code: str) -> list[int]:
    return [int(part) for part in code.lstrip("T").split("_") if part.isdigit()]


def _print_counts(counted: dict[str, Any], spans: Sequence[str]) -> None:
    steps = [("Phê duyệt", "approved"), ("Nghiệm thu", "accepted"), ("Quyết toán", "settled"), ("Ngừng", "stopped")]
    print_table(
        [Column("Bước"), *(Column(SPAN_LABELS[span], right=True) for span in spans)],
        [[label, *(counted[step][span] for span in spans)] for label, step in steps],
    )
    click.echo(f"Đề án trong kế hoạch năm: {format_number(counted['planned'])}")


def _print_money(figures: dict[str, Any], contents: dict[str, str], spans: Sequence[str]) -> None:
    columns = [Column("ND", right=True), Column("Nội dung", flexible=True), Column("Nguồn"), Column("Tính")]
    columns += [Column(kind.label, right=True) for kind in _FLOWS]
    columns += [Column("Kế hoạch năm", right=True), Column("Ước chi cả năm", right=True)]
    groups = [(no, contents[no], figures["contents"][no]["money"]) for no in sorted(figures["contents"], key=int)]
    rows: list[list[Any]] = []
    for number, name, money in [*groups, (" ", "Tổng", figures["totals"]["money"])]:
        for source in Source:
            if any(_amounts(money[source])):
                rows += _of_source(number, name, source, money[source], spans)
    print_table(columns, rows)


def _amounts(money: dict[str, Any]) -> list[int]:
    return [amount for cell in money.values() for amount in (cell.values() if isinstance(cell, dict) else [cell])]


def _of_source(number: str, name: str, source: Source, money: dict[str, Any], spans: Sequence[str]) -> list[list[Any]]:
    """A line for each span of one source; what was planned and is expected stands where the whole year does."""
    rows = []
    for span in spans:
        is_whole = span == ("year" if "year" in spans else "cumulative")
        whole = [trieu(money[key]) for key in ("planned", "expected")] if is_whole else [NOTHING, NOTHING]
        amounts = (trieu(money[str(kind)][span]) for kind in _FLOWS)
        rows.append([number, name, source.label, SPAN_LABELS[span], *amounts, *whole])
    return rows


def _print_projects(projects: dict[str, Any]) -> None:
    columns = [Column("Mã"), Column("Tên", flexible=True), Column("Giai đoạn"), Column("Kế hoạch", right=True)]
    columns += [Column(f"Chi {SPAN_LABELS[span]}", right=True) for span in ("period", "year")]
    columns += [Column("Ước chi cả năm", right=True), Column("Nghiệm thu trong kỳ"), Column("Từ đầu năm")]
    print_table(columns, [_project(code, row) for code, row in sorted(projects.items())])


def _project(code: str, row: dict[str, Any]) -> list[Any]:
    funds = [money for source, money in row.get("money", {}).items() if source != Source.COUNTERPART]
    given = {
        span: sum(money[str(kind)][span] for money in funds for kind in (MoneyKind.PREPAID, MoneyKind.PAID))
        for span in ("period", "year")
    }
    return [
        code,
        row["name"],
        stage_label(Stage(row["stage"]), Route(row["route"])),
        trieu(sum(money["planned"] for money in funds)),
        trieu(given["period"]),
        trieu(given["year"]),
        trieu(sum(money["expected"] for money in funds)),
        *(_accepted(row.get("targets", {}), span) for span in ("period", "year")),
    ]


def _accepted(targets: dict[str, Any], span: str) -> str:
    return ", ".join(f"{code}={numbers[span]}" for code, numbers in sorted(targets.items()) if numbers[span])


def _print_difficulties(projects: dict[str, Any]) -> None:
    rows = [
        [code, found["label"], found["what"], day(found["day"])]
        for code, row in sorted(projects.items())
        for _, found in sorted(row.get("difficulties", {}).items())
    ]
    if rows:
        print_table([Column("Mã"), Column("Loại"), Column("Việc", flexible=True), Column("Ngày")], rows)
    else:
        click.echo("Không có đề án quá hạn, tạm dừng hoặc ngừng triển khai.")


def print_differences(found: dict[str, Any]) -> None:
    head = found["report"]
    about = f"Báo cáo {head['label']}, lần phát hành {head['issue']}, chốt đến sự kiện {head['cutoff_event']}"
    if found["same"]:
        click.echo(f"{about}: số liệu hôm nay vẫn như vậy.")
        return
    click.echo(f"{about}: {len(found['changes'])} ô nay đã khác. Báo cáo đã chốt giữ nguyên.")
    columns = [Column("Ô", flexible=True), Column("Đã chốt", right=True), Column("Hôm nay", right=True)]
    rows = [
        [
            change["label"],
            *(cell_value(change["cell"], change[side]) for side in ("was", "now")),
            ", ".join(str(event["id"]) for event in change["events"]),
        ]
        for change in found["changes"]
    ]
    print_table([*columns, Column("Sự kiện")], rows)
    print_heading("Sự kiện ghi sau khi chốt")
    events = {event["id"]: event for change in found["changes"] for event in change["events"]}
    columns = [Column("Sự kiện", right=True), Column("Đề án"), Column("Bước", flexible=True), Column("Ngày văn bản")]
    columns += [Column("Số"), Column("Ghi lúc"), Column("Người ghi")]
    print_table(columns, [_event(event) for _, event in sorted(events.items())])


def _event(event: dict[str, Any]) -> list[Any]:
    return [
        str(event["id"]),
        event["project"],
        event["label"],
        day(event["decided_on"]),
        event["number"],
        minute(event["recorded_at"]),
        event["recorded_by"],
    ]
