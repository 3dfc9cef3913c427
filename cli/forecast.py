"""`dean forecast`: which targets will be missed by the end of the programme, and how far that may be trusted."""

from datetime import date
from fractions import Fraction
from typing import Any

import click

from cli.door import open_desk
from cli.lazy import Command
from cli.options import as_json, as_of
from cli.output import NOTHING, Column, print_heading, print_json, print_table
from cli.typed import line
from states.forecasting import one_decimal
from states.words import format_date, format_number


@click.command(cls=Command)
@click.argument("code", metavar="MÃ", type=line("Mã chương trình"), required=False, help="Mã chương trình.")
@as_of
@as_json
def forecast(code: str | None, as_of: date | None, as_json: bool) -> None:
    """Dự báo từng chỉ tiêu: đạt, có nguy cơ hay sẽ không đạt.

    Dự báo đến hết chương trình, cần ít nhất hai năm đã khép lại. Không ghi mã thì lấy chương trình của ngày dự báo.
    Với --json mỗi số kèm mã các đề án đứng sau.
    """
    from models.forecasting import programme_forecast
    from models.status import current_programme

    with open_desk() as desk, desk.reading() as view:
        day = as_of or desk.today
        found = programme_forecast(
            view.session, code or current_programme(view.session, day), as_of=day, today=desk.today
        )
    if as_json:
        print_json(found)
    else:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    head = found["programme"]
    click.echo(f"{head['name']} ({head['code']})")
    click.echo(f"Dự báo tại ngày {format_date(date.fromisoformat(found['as_of']))}, đến 31/12/{head['end_year']}")
    if unknown := found["unknown_years"]:
        click.echo(f"Sổ không có đề án của năm {', '.join(map(str, unknown))}: không dùng được để dự báo.")
    print_heading("Chỉ tiêu")
    columns = [Column("Mã"), Column("Chỉ tiêu", flexible=True), Column("Đơn vị tính"), Column("Giao", right=True)]
    columns += [Column(name, right=True) for name in ("Đã nghiệm thu", "Dự kiến", "Thấp – cao")]
    columns += [Column("Đánh giá"), Column("Dự kiến thiếu", right=True), Column("Mỗi năm cần", right=True)]
    print_table(columns, [_row(target) for target in found["targets"]])
    print_heading("Kiểm lại trên các năm đã khép lại (sai số bình quân một năm)")
    columns = [Column("Mã"), Column("Năm"), Column("Phương pháp sai", right=True)]
    columns += [Column("Nhịp bình quân sai", right=True), Column("Dùng")]
    print_table(columns, [_tested(target) for target in found["targets"]])
    print_heading("Cách tính")
    for sentence in found["method"]:
        click.echo(f"- {sentence}")


def _row(target: dict[str, Any]) -> list[Any]:
    between = NOTHING
    if target["years_left"]:
        between = f"{format_number(target['low'])} – {format_number(target['high'])}"
    return [
        *(target[name] for name in ("code", "name", "unit", "goal", "accepted", "expected")),
        between,
        *(target[name] for name in ("verdict_label", "missing", "per_year")),
    ]


def _tested(target: dict[str, Any]) -> list[Any]:
    tested = target["back_test"]
    return [
        target["code"],
        ", ".join(str(trial["year"]) for trial in tested["trials"]),
        *(one_decimal(Fraction(tested[name])) for name in ("method_error", "naive_error")),
        "nhịp bình quân" if target["uses_naive"] else "phương pháp",
    ]
