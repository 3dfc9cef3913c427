"""The progress of a programme as a person reads it: targets, money, and what went over the budget."""

from collections.abc import Iterator
from typing import Any

import click

from cli.output import NOTHING, Column, print_heading, print_table, trieu
from states.vocabulary import Source
from states.words import format_number

NOT_APPLICABLE = "không áp dụng"
_FUNNEL = ("planned", "approved", "implemented", "settled")
_FUNNEL_HEADS = ("Đã lên kế hoạch", "Phê duyệt", "Thực hiện", "Quyết toán")


def print_status(status: dict[str, Any], *, with_projects: bool) -> None:
    head = status["programme"]
    mark = "" if head["verified"] else " – số liệu chương trình chưa kiểm chứng"
    click.echo(f"{head['name']} ({head['code']}){mark}")
    number = f"Quyết định {head['number']}; " if head["number"] else ""
    click.echo(f"{number}{head['start_year']}–{head['end_year']}; {format_number(head['projects'])} đề án đã nộp")
    print_heading("Chỉ tiêu")
    _print_targets(status["targets"])
    if with_projects:
        _print_projects(status["targets"])
    print_heading("Kinh phí (triệu đồng)")
    _print_money(status)
    for sentence in _overruns(status):
        click.secho(sentence, fg="red")
    if not with_projects:
        click.echo("\nXem các đề án đứng sau mỗi số: thêm --projects, hoặc dean project list --content SỐ.")


def _print_targets(targets: list[dict[str, Any]]) -> None:
    columns = [Column("STT", right=True), Column("Mã"), Column("Chỉ tiêu", flexible=True), Column("Đơn vị tính")]
    columns += [Column(head, right=True) for head in ("Giao", *_FUNNEL_HEADS, "%")]
    print_table(columns, [[*_target(number, row)] for number, row in enumerate(targets, 1)])


def _target(number: int, row: dict[str, Any]) -> Iterator[Any]:
    yield from (str(number), row["code"], row["name"], row["unit"], _goal(row))
    yield from (row[step] for step in _FUNNEL)
    yield NOT_APPLICABLE if row["percent"] is None else f"{row['percent']}%"


def _goal(row: dict[str, Any]) -> str:
    """The number of the programme, its range, or a dash where it set none."""
    if row["quantity"] is not None:
        return format_number(row["quantity"])
    bounds = [row["quantity_min"], row["quantity_max"]]
    if bounds == [None, None]:
        return NOTHING
    return "–".join("…" if bound is None else format_number(bound) for bound in bounds)


def _print_projects(targets: list[dict[str, Any]]) -> None:
    print_heading("Đề án đứng sau mỗi chỉ tiêu")
    for row in targets:
        codes = [project["code"] for project in row["projects"]]
        if codes:
            click.echo(f"  {row['code']} ({len(codes)} đề án): {', '.join(codes)}")


def _print_money(status: dict[str, Any]) -> None:
    columns = [Column("ND", right=True), Column("Nội dung", flexible=True), Column("Nguồn")]
    columns += [Column(head, right=True) for head in ("Dự toán", *_FUNNEL_HEADS)]
    rows = []
    for content in status["contents"]:
        sources = [source for source in Source if any(content["money"][source].values())]
        names = [(str(content["no"]), content["name"]), *[(" ", " ")] * 2]
        rows += [[*name, s.label, *_amounts(content["money"][s])] for name, s in zip(names, sources, strict=False)]
    rows += [[" ", "Tổng", source.label, *_amounts(status["money"][source])] for source in Source]
    rows.append([" ", "Tổng", "Cộng", *_amounts(status["money"]["total"])])
    print_table(columns, rows)


def _amounts(money: dict[str, int]) -> list[str]:
    return [trieu(money[step]) for step in ("budget", *_FUNNEL)]


def _overruns(status: dict[str, Any]) -> Iterator[str]:
    """Where decisions went over the programme's state budget. The counterpart is an expectation, never a ceiling."""
    for content in status["contents"]:
        for source in (Source.NATIONAL_FUND, Source.LOCAL_FUND):
            money = content["money"][source]
            excess = money["approved"] - money["budget"]
            if excess > 0:
                yield (
                    f"Vượt dự toán: nội dung {content['no']}, nguồn {source.label}, phê duyệt "
                    f"{trieu(money['approved'])} trên {trieu(money['budget'])} triệu, vượt {trieu(excess)} triệu."
                )
