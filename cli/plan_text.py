"""A yearly plan as a person reads it: its lines, its totals, what the programme has left, what is missing."""

from collections.abc import Iterable, Mapping
from typing import Any

import click

from cli.output import NOTHING, Column, day, print_heading, print_table, trieu
from cli.plan_options import route_words
from states.duplicates import Certainty
from states.planning import PlanStatus
from states.vocabulary import Source
from states.words import format_number

_MONEY = [Column(source.label, right=True) for source in Source]


def print_plan(found: Mapping[str, Any]) -> None:
    _print_head(found)
    print_figures(found)
    _print_blocked(found["blocked"], found)


def print_figures(found: Mapping[str, Any]) -> None:
    """The lines of a plan or a fork with their figures."""
    _print_lines(found["lines"])
    for sentence in found.get("pending", ()):
        click.echo(f"  Chờ điều chỉnh: {sentence}")
    _print_totals(found["totals"])
    _print_carried(found)
    _print_envelope(found["envelope"])
    _print_targets(found["targets"])


def _print_head(found: Mapping[str, Any]) -> None:
    click.echo(f"Kế hoạch năm {found['year']}, {route_words(found['route'])}: {found['programme']['name']}")
    if found["version"] is None:
        drafts = f"; {found['drafts']} bản nháp chưa nộp" if found["drafts"] else ""
        click.echo(f"Chưa lưu phiên bản nào: danh mục theo số liệu hiện nay{drafts}.")
    else:
        adjusted = f", điều chỉnh lần {found['revision']}" if found["revision"] else ""
        paper = f", {found['number']} ngày {day(found['decided_on'])}" if found["number"] else ""
        click.echo(f"«{found['status_label']}»{adjusted}{paper}; phiên bản {found['version']}.")
        click.echo(
            f"Số liệu đến {day(found['cutoff_on'])} (sự kiện {found['cutoff_event']}), mã băm {found['hash'][:16]}…"
        )
    if found["limited_to"]:
        whole = "" if found["version"] is None else "; các số cộng là của cả kế hoạch"
        click.echo(f"(chỉ gồm đề án trong phạm vi xem của {found['limited_to']}{whole})")


def _print_lines(lines: Iterable[Mapping[str, Any]]) -> None:
    print_heading("Danh mục (triệu đồng)")
    columns = [Column("STT", right=True), Column("Mã"), Column("Tên", flexible=True), Column("ND", right=True)]
    columns += [Column("Đơn vị"), Column("Địa bàn", flexible=True)]
    planned = [line for line in lines if line["section"] != "carried"]
    # A plan of one route has nothing from the other fund.
    sources = [source for source in Source if any(line["money"].get(str(source)) for line in planned)]
    columns += [*(Column(source.label, right=True) for source in sources), Column("Cộng", right=True)]
    columns += [Column("Điểm", right=True), Column("Giai đoạn", flexible=True)]
    print_table(columns, [_line(place, line, sources) for place, line in enumerate(planned, start=1)])


def _line(place: int, line: Mapping[str, Any], sources: Iterable[Source]) -> list[Any]:
    rank = line.get("rank") or {}
    points = "đi trước" if rank.get("goes_first") else rank.get("points")
    waits = " (chờ vốn)" if line["section"] == "waiting" else ""
    head = [place, line["code"], f"{line['name']}{waits}", line["content"], line["unit"], line["place_name"]]
    money = [*_by_source(line["money"], sources), trieu(sum(line["money"].values()))]
    return [*head, *money, points, line["stage_label"]]


def _by_source(money: Mapping[str, int], sources: Iterable[Source] = tuple(Source)) -> list[str]:
    return [trieu(amount) if (amount := money.get(source, 0)) else NOTHING for source in map(str, sources)]


def _print_totals(totals: Mapping[str, Any]) -> None:
    print_heading(f"Tổng hợp: {format_number(totals['projects'])} đề án (triệu đồng)")
    columns = [Column("Theo", flexible=True), Column("Đề án", right=True), *_MONEY, Column("Cộng", right=True)]
    rows = [[f"{row['no']}. {row['name']}", *_sums(row)] for row in totals["contents"] if row["projects"]]
    rows += [[f"{row['name']} ({row['code']})", *_sums(row)] for row in totals["units"]]
    rows += [[row["name"] or "Chưa ghi địa bàn", *_sums(row)] for row in totals["places"]]
    print_table(columns, [*rows, ["Cộng", *_sums(totals)]])


def _sums(row: Mapping[str, Any]) -> list[Any]:
    return [row["projects"], *_by_source(row["money"]), trieu(row["total"])]


def _print_carried(found: Mapping[str, Any]) -> None:
    carried = found["carried"]
    if not carried["projects"]:
        return
    print_heading(f"Chuyển tiếp từ năm trước: {carried['projects']} đề án, không tính lại (triệu đồng)")
    lines = found.get("carried_lines") or [line for line in found["lines"] if line["section"] == "carried"]
    columns = [Column("Mã"), Column("Tên", flexible=True), *_MONEY, Column("Giai đoạn", flexible=True)]
    print_table(
        columns, [[line["code"], line["name"], *_by_source(line["money"]), line["stage_label"]] for line in lines]
    )


def _print_envelope(envelope: Iterable[Mapping[str, Any]]) -> None:
    print_heading("So với kinh phí chương trình (triệu đồng)")
    columns = [Column("ND", right=True), Column("Nguồn")]
    heads = ("Dự toán", "Các năm trước", "Năm nay", "Tuyến kia", "Còn lại")
    columns += [Column(head, right=True) for head in heads]
    amounts = ("budget", "earlier", "this_year", "other_route", "remaining")
    rows = [
        [row["content"], Source(row["source"]).label, *(trieu(row[name]) for name in amounts)]
        for row in envelope
        if any(row[name] for name in amounts)
    ]
    print_table(columns, rows)
    over = [row for row in envelope if row["remaining"] < 0 and row["source"] != Source.COUNTERPART]
    for row in over:
        click.echo(
            f"  Vượt {trieu(-row['remaining'])} triệu đồng {Source(row['source']).label} của nội dung {row['content']}."
        )


def _print_targets(targets: Iterable[Mapping[str, Any]]) -> None:
    print_heading("So với chỉ tiêu")
    columns = [Column("Mã"), Column("Chỉ tiêu", flexible=True), Column("ĐVT")]
    heads = ("Giao", "Đã đạt", "Đang làm", "Năm nay", "Tuyến kia", "Còn thiếu")
    columns += [Column(head, right=True) for head in heads]
    numbers = ("quantity", "accepted_before", "open_before", "adds", "other_route", "missing")
    print_table(columns, [[row["code"], row["name"], row["unit"], *(row[n] for n in numbers)] for row in targets])


def _print_blocked(blocked: Iterable[Mapping[str, Any]], plan: Mapping[str, Any]) -> None:
    rows = list(blocked)
    if not rows:
        return
    print_heading(f"Chưa vào kế hoạch: {len(rows)} đề án")
    for row in rows:
        click.echo(f"  {row['code']}  {row['name']}")
        for reason in row["blockers"]:
            click.echo(f"      {reason}")
    is_open = plan["status"] in (None, PlanStatus.DRAFT)
    doubts = tuple(f"{certainty.label}:" for certainty in Certainty)
    if is_open and plan["route"] and any(reason.startswith(doubts) for row in rows for reason in row["blockers"]):
        build = f"dean plan build {plan['year']} --route {plan['route']} --include MÃ=LÝ DO"
        click.echo(f"  Đề án chỉ còn vướng nghi trùng hỗ trợ: đối chiếu xong thì đưa vào kèm lý do ({build}).")
