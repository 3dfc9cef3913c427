"""The commands that show plans: as they were kept, as the candidates stand now, and in the order of priority."""

from datetime import date
from typing import Any

import click

from cli.calendar import warn
from cli.door import notice, open_desk
from cli.lazy import Command
from cli.options import as_json, by_reader
from cli.output import Column, day, print_heading, print_json, print_table, trieu
from cli.plan_options import any_route, plan_year, programme, programme_of, route
from cli.plan_text import print_plan
from cli.typed import CODE, DAY, VERSION, YEAR, line
from states.vocabulary import Route
from states.words import format_date


@click.command(cls=Command)
@plan_year
@any_route
@programme
@click.option("--version", "no", metavar="N", type=VERSION, help="Phiên bản đã lưu; bỏ trống là phiên bản mới nhất.")
@click.option("--now", is_flag=True, help="Danh mục theo số liệu hiện nay, không phải phiên bản đã lưu.")
@by_reader
@as_json
def show(
    year: int,
    route: Route | None,
    programme: str | None,
    no: int | None,
    now: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """Xem kế hoạch của một năm: danh mục, tổng hợp, đối chiếu chương trình.

    Một tuyến đã lập kế hoạch thì xem phiên bản đã lưu; chưa lập, hoặc cả hai tuyến, thì xem số liệu hiện nay.
    """
    from models.plan.reads import live_plan, plan_version, shown_plan

    if no is not None and (route is None or now):
        raise click.UsageError("--version đi với --route và không đi với --now.", click.get_current_context())
    with open_desk() as desk, desk.reading(by) as view:
        code = programme_of(view.session, year, programme)
        found: dict[str, Any] | None = None
        if no is not None and route is not None:
            found = plan_version(view.session, code, year, route, no, reader=view.reader)
        elif route is not None and not now:
            found = shown_plan(view.session, code, year, route, reader=view.reader)
        if found is None:
            found = live_plan(view.session, code, year, route, reader=view.reader)
    if as_json:
        print_json(found)
    else:
        print_plan(found)


@click.command("list", cls=Command)
@click.option("--year", metavar="NĂM", type=YEAR, help="Chỉ kế hoạch của năm này.")
@click.option("--programme", metavar="MÃ", type=line("Mã chương trình"), help="Chỉ kế hoạch của chương trình này.")
@as_json
def list_(year: int | None, programme: str | None, as_json: bool) -> None:
    """Liệt kê các kế hoạch đã lập."""
    from models.plan.reads import plan_list

    with open_desk() as desk, desk.reading() as view:
        rows = plan_list(view.session, programme=programme, year=year)
    if as_json:
        print_json(rows)
    elif not rows:
        notice("Chưa có kế hoạch nào; hãy tổng hợp (dean plan build NĂM --route local).")
    else:
        columns = [Column("Năm"), Column("Tuyến"), Column("Chương trình"), Column("Trạng thái")]
        columns += [Column(head, right=True) for head in ("Phiên bản", "Điều chỉnh", "Đề án", "Hỗ trợ (triệu)")]
        columns += [Column("Số văn bản"), Column("Số liệu đến")]
        print_table(columns, [_listed(row) for row in rows])


def _listed(row: dict[str, Any]) -> list[Any]:
    head = [str(row["year"]), row["route_label"], row["programme"], row["status_label"]]
    numbers = [row["version"], row["revision"], row["lines"], trieu(row["support"])]
    return [*head, *numbers, row["number"], day(row["cutoff_on"])]


@click.command(cls=Command)
@plan_year
@route
@programme
@click.option("--on", metavar="NGÀY", type=DAY, help="Theo mức ưu tiên của ngày này; bỏ trống là hôm nay.")
@click.option("--explain", metavar="MÃ", type=CODE, help="Giải thích từng điểm của một đề án.")
@by_reader
@as_json
def rank(
    year: int,
    route: Route,
    programme: str | None,
    on: date | None,
    explain: str | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Xếp hạng đề án của một năm theo mức ưu tiên, giải thích từng điểm."""
    from models.plan.ranking import placed_of, rank_plan
    from models.plan.standing import place_of
    from models.queries.scope import readable_by

    with open_desk() as desk, desk.reading(by) as view:
        code = programme_of(view.session, year, programme)
        ranking = rank_plan(view.session, code, year, route, on=on or desk.today, reader=view.reader)
    placed = ranking.placed if explain is None else (placed_of(ranking, explain),)
    rows = [
        {"project": one.candidate.code, "name": one.candidate.name, "unit": one.candidate.unit}
        | place_of(one)
        | {"record": str(one.candidate.record)}
        for one in placed
    ]
    if as_json:
        head = {"year": year, "route": str(route), "on": ranking.on.isoformat()}
        print_json(head | {"ranked": rows, "warnings": list(ranking.warnings)})
        return
    if not rows:
        notice(f"Năm {year}, {route.label.lower()} chưa có đề án nào để xếp hạng.")
        return
    click.echo(f"Xếp hạng năm {year}, {route.label.lower()}, mức ưu tiên ngày {format_date(ranking.on)}")
    if view.reader is not None and readable_by(view.reader).conditions:
        click.echo(f"(chỉ gồm đề án trong phạm vi xem của {view.reader.name}; hạng là hạng trong cả danh mục)")
    if explain is None:
        columns = [Column("Hạng", right=True), Column("Mã"), Column("Tên", flexible=True)]
        columns += [Column("Điểm", right=True), Column("Ưu tiên", flexible=True)]
        print_table(columns, [_ranked(row) for row in rows])
    for row in rows if explain is not None else []:
        _print_explained(row)
    warn(ranking.warnings)


def _ranked(row: dict[str, Any]) -> list[Any]:
    why = "; ".join(each["label"] for each in row["lines"])
    points = "đi trước" if row["goes_first"] else str(row["points"])
    return [row["position"], row["project"], row["name"], points, why]


def _print_explained(row: dict[str, Any]) -> None:
    first = ", đề án điểm xếp trước" if row["goes_first"] else ""
    click.echo(f"{row['project']}  {row['name']}")
    click.echo(f"Hạng {row['position']}, {row['points']} điểm{first}; {row['unit']}: {row['record']}")
    print_heading("Điểm")
    for each in row["lines"]:
        click.echo(f"  {each['points']:>4}  {each['label']}: {each['why']} ({each['basis']})")
    if not row["lines"]:
        click.echo("  Không có tiêu chí ưu tiên nào.")
    for sentence in (row["tie"], *row["remarks"]):
        if sentence:
            click.echo(f"  {sentence}")
