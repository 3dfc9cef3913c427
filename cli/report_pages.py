"""A report as a person reads it: what is behind it, targets, money, projects, difficulties, and what changed since."""

from collections.abc import Sequence
from typing import Any

import click

from cli.output import NOTHING, Column, day, minute, print_fields, print_heading, print_table, trieu
from models.report import reading
from models.report.differences import cell_value
from models.report.reading import SPAN_LABELS, spans_of
from states.words import format_number


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


def print_report(head: dict[str, Any], body: dict[str, Any], proposals: str) -> None:
    spans = spans_of(head["kind"])
    print_head(head, body)
    print_heading("Chỉ tiêu")
    _print_targets(body, spans)
    print_heading("Số đề án")
    _print_counts(body, spans)
    print_heading("Kinh phí (triệu đồng)")
    _print_money(body, spans)
    print_heading("Đề án (kinh phí nhà nước, triệu đồng)")
    _print_projects(body)
    print_heading("Khó khăn, vướng mắc")
    _print_difficulties(body)
    print_heading("Đề xuất, kiến nghị")
    click.echo(proposals or "(để người lập báo cáo ghi)")
    print_heading("Cách tính")
    for sentence in body["method"]:
        click.echo(f"- {sentence}")


def _print_targets(body: dict[str, Any], spans: Sequence[str]) -> None:
    columns = [Column("Mã"), Column("Chỉ tiêu", flexible=True), Column("Đơn vị tính"), Column("Giao", right=True)]
    heads = ("Kế hoạch năm", *(f"Thực hiện {SPAN_LABELS[span]}" for span in spans), "Ước cả năm")
    columns += [Column(head, right=True) for head in heads]
    named = ("code", "name", "unit", "goal", "planned")
    rows = reading.target_rows(body, spans)
    print_table(columns, [[*(row[name] for name in named), *row["done"], row["estimate"]] for row in rows])


def _print_counts(body: dict[str, Any], spans: Sequence[str]) -> None:
    columns = [Column("Bước"), *(Column(SPAN_LABELS[span], right=True) for span in spans)]
    print_table(columns, [[label, *counts] for label, counts in reading.count_rows(body, spans)])
    click.echo(f"Đề án trong kế hoạch năm: {format_number(body['figures']['totals']['projects']['planned'])}")


def _print_money(body: dict[str, Any], spans: Sequence[str]) -> None:
    columns = [Column("ND", right=True), Column("Nội dung", flexible=True), Column("Nguồn"), Column("Tính")]
    columns += [Column(kind.label, right=True) for kind in reading.SHOWN_FLOWS]
    columns += [Column("Kế hoạch năm", right=True), Column("Ước chi cả năm", right=True)]
    print_table(columns, [_money_line(row) for row in reading.money_rows(body, spans)])


def _money_line(row: dict[str, Any]) -> list[Any]:
    amounts = [*map(trieu, row["flows"]), *(_or_nothing(row[name]) for name in ("planned", "expected"))]
    return [row["content"] or " ", row["name"], row["source"].label, SPAN_LABELS[row["span"]], *amounts]


def _or_nothing(amount: int | None) -> Any:
    return NOTHING if amount is None else trieu(amount)


def _print_projects(body: dict[str, Any]) -> None:
    columns = [Column("Mã"), Column("Tên", flexible=True), Column("Giai đoạn"), Column("Kế hoạch", right=True)]
    columns += [Column(f"Chi {SPAN_LABELS[span]}", right=True) for span in ("period", "year")]
    columns += [Column("Ước chi cả năm", right=True), Column("Nghiệm thu trong kỳ"), Column("Từ đầu năm")]
    print_table(columns, [_project_line(row) for row in reading.project_rows(body)])


def _project_line(row: dict[str, Any]) -> list[Any]:
    amounts = (trieu(row[name]) for name in ("planned", "given_in_period", "given_in_year", "expected"))
    return [row["code"], row["name"], row["stage_label"], *amounts, *row["accepted"].values()]


def _print_difficulties(body: dict[str, Any]) -> None:
    rows = [[row["code"], row["label"], row["what"], day(row["day"])] for row in reading.difficulty_rows(body)]
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
