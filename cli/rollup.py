"""`dean rollup`: figures by content, source, target, commune, unit, month or state, added up in two ways."""

from datetime import date
from typing import Any

import click

from cli.door import open_desk
from cli.lazy import Group
from cli.options import as_json, as_of
from cli.output import Column, print_json, print_table, trieu
from cli.typed import YEAR, Member, line
from states.rollups import By, Step
from states.vocabulary import Source, State
from states.words import format_date, format_number

_HEADS = ("Kế hoạch", "Phê duyệt", "Thực hiện", "Quyết toán")

programme = click.option(
    "--programme", metavar="MÃ", type=line("Mã chương trình"), help="Chương trình; bỏ trống là của hôm nay."
)
year = click.option("--year", metavar="NĂM", type=YEAR, help="Chỉ đề án của một năm kế hoạch.")
by_what = click.option(
    "--by",
    "what",
    metavar="CHIỀU",
    type=Member("chiều", By),
    default=By.CONTENT,
    help=f"Cộng theo: {', '.join(By)} (mặc định content).",
)
reader = click.option(
    "--reader",
    metavar="MÃ",
    type=line("Mã người xem"),
    help="Xem trong phạm vi của người này; bỏ trống thì lấy DEAN_BY.",
)


@click.group(cls=Group)
def rollup() -> None:
    """Số liệu tổng hợp theo nội dung, nguồn, chỉ tiêu, địa bàn, đơn vị, tháng, cộng hai cách."""


@rollup.command()
@programme
@year
@by_what
@as_of
@reader
@as_json
def show(
    programme: str | None, year: int | None, what: By, as_of: date | None, reader: str | None, as_json: bool
) -> None:
    """Xem số liệu tổng hợp: kế hoạch, phê duyệt, thực hiện, quyết toán; số đề án và số tiền.

    Mỗi số được cộng hai cách độc lập, lệch một đồng thì không công bố. Địa bàn là nơi ghi trong đề án; tháng là tháng
    của văn bản, không có văn bản thì tháng ghi sổ.
    """
    from models.rollups import rollup_by
    from models.status import current_programme

    with open_desk() as desk, desk.reading(reader) as view:
        code = programme or current_programme(view.session, desk.today)
        day = as_of or desk.today
        found = rollup_by(view.session, code, what, as_of=day, year=year, reader=view.reader)
    if as_json:
        print_json(found)
    else:
        _print(found)


@rollup.command()
@programme
@as_of
@as_json
def check(programme: str | None, as_of: date | None, as_json: bool) -> None:
    """Cộng mọi số liệu tổng hợp bằng hai cách độc lập và so từng ô, đến từng đồng.

    Không ghi mã thì kiểm tra mọi chương trình đã có đề án. Mã thoát 1 khi có ô lệch.
    """
    from models.rollups import rollups
    from models.status import programmes

    with open_desk() as desk, desk.store.read() as session:
        codes = [programme] if programme else [row["code"] for row in programmes(session) if row["projects"]]
        found = [rollups(session, code, as_of=as_of or desk.today) for code in codes]
    agrees = all(each.agrees for each in found)
    if as_json:
        told = [each.head() | {"cells": len(each.cells), "differences": _differences(each)} for each in found]
        print_json({"ok": agrees, "programmes": told})
    else:
        for each in found:
            click.echo(f"{each.names.programme}: {_verdict(each)} ({_cutoff(each.cutoff.as_json())})")
    if not agrees:
        raise click.exceptions.Exit(1)


def _differences(found: Any) -> list[dict[str, Any]]:
    return [apart.as_json() for apart in found.differences]


def _verdict(found: Any) -> str:
    if found.agrees:
        return f"hai cách cộng khớp ở {format_number(len(found.cells))} ô"
    return "\n  ".join([f"LỆCH {format_number(len(found.differences))} số:", *found.reasons[1:]])


@rollup.command()
@click.argument("key", metavar="MÃ", type=line("Mã của dòng"), help="Mã của dòng như dean rollup show in ra.")
@by_what
@click.option(
    "--step",
    metavar="BƯỚC",
    type=Member("bước", Step),
    default=Step.APPROVED,
    help=f"Cột: {', '.join(Step)} (mặc định approved).",
)
@click.option("--source", metavar="NGUỒN", type=Member("nguồn", Source), help="Chỉ tiền của một nguồn.")
@click.option("--state", metavar="TRẠNG THÁI", type=Member("trạng thái", State), help="Chỉ đề án ở một trạng thái.")
@programme
@year
@reader
@as_json
def rows(
    key: str,
    what: By,
    step: Step,
    source: Source | None,
    state: State | None,
    programme: str | None,
    year: int | None,
    reader: str | None,
    as_json: bool,
) -> None:
    """Xem các đề án đứng sau một số của dean rollup show, mỗi đề án góp bao nhiêu."""
    from models.rollups import read_cutoff, rows_behind
    from models.status import current_programme

    with open_desk() as desk, desk.reading(reader) as view:
        code = programme or current_programme(view.session, desk.today)
        asked: dict[str, Any] = {"source": source, "state": state, "year": year, "reader": view.reader}
        found = rows_behind(view.session, code, what, key, step, **asked)
        cutoff = read_cutoff(view.session)
    total = sum(row["amount"] for row in found)
    if as_json:
        asked_for = {"programme": code, "by": str(what), "key": key, "step": str(step), "year": year}
        said = {"source": source and str(source), "state": state and str(state), "cutoff": cutoff.as_json()}
        print_json(asked_for | said | {"rows": found, "projects": len(found), "amount": total})
        return
    columns = (Column("Đề án"), Column("Tên", flexible=True), Column("Số", right=True))
    print_table(columns, [[row["project"], row["name"], row["amount"]] for row in found])
    click.echo(f"\n{format_number(len(found))} đề án, cộng {format_number(total)}; {_cutoff(cutoff.as_json())}")


def _print(found: dict[str, Any]) -> None:
    of_year = f", năm kế hoạch {found['year']}" if found["year"] else ""
    click.echo(f"{found['programme']['name']} ({found['programme']['code']}){of_year}, theo {By(found['by']).label}")
    scope = f"; trong phạm vi xem của {found['limited_to']}" if found["limited_to"] else ""
    click.echo(_cutoff(found["cutoff"]).capitalize() + scope)
    if found["by"] == "target":
        columns = [Column("Mã"), Column("Chỉ tiêu", flexible=True), Column("Đơn vị tính")]
        columns += [Column(head, right=True) for name in _HEADS for head in (name, "đề án")]
        print_table(columns, [[row["key"], row["name"], row["unit"], *_work(row["figures"])] for row in found["rows"]])
        return
    click.echo("Triệu đồng; một đề án có hai nguồn chỉ đếm một lần ở dòng cộng.")
    columns = [Column("Mã"), Column("Tên", flexible=True), Column("Nguồn")]
    columns += [Column(head, right=True) for name in _HEADS for head in (name, "đề án")]
    lines = [line for row in found["rows"] for line in _money(row["key"], row["name"], row["figures"])]
    print_table(columns, [*lines, *_money(" ", "Tổng", found["total"])])


def _work(figures: dict[str, Any]) -> list[Any]:
    return [figures["total"][step][measure] for step in Step for measure in ("amount", "projects")]


def _money(key: str, name: str, figures: dict[str, Any]) -> list[list[Any]]:
    """The lines of one row: each source that says something, then all sources together."""
    told = {column: steps for column, steps in figures.items() if any(any(step.values()) for step in steps.values())}
    if "total" not in told:
        return []
    # One source alone says what the total says.
    columns = [column for column in told if column != "total" and len(told) > 2] + ["total"]
    lines = []
    for place, column in enumerate(columns):
        head = [key, name] if place == 0 else [" ", " "]
        label = "Cộng" if column == "total" else Source(column).label
        lines.append([*head, label, *_steps(told[column])])
    return lines


def _steps(steps: dict[str, dict[str, int]]) -> list[Any]:
    return [cell for step in Step for cell in (trieu(steps[step]["amount"]), steps[step].get("projects"))]


def _cutoff(cutoff: dict[str, Any]) -> str:
    return f"số liệu ghi đến ngày {format_date(date.fromisoformat(cutoff['on']))}, sự kiện {cutoff['event']}"
