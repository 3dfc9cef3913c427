"""The command that suggests what to take into the plan of a year, and says why the rest stays out."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from cli.calendar import warn
from cli.door import DOOR, open_desk, os_user
from cli.lazy import Command
from cli.options import as_json, by_reader
from cli.output import Column, print_heading, print_json, print_table, trieu
from cli.plan_options import one_plan, programme_of, route_words
from cli.typed import CODE, SOURCE_AMOUNT, line, once_each, whole_number
from states.folding import quoted
from states.vocabulary import STATE_FUND, Route, Source
from states.words import format_dong

if TYPE_CHECKING:
    from flows.jobs.suggestion import Suggestion


@click.command(cls=Command)
@one_plan
@click.option(
    "--budget",
    "budgets",
    metavar="NGUỒN=TIỀN",
    multiple=True,
    type=SOURCE_AMOUNT,
    help="Vốn được giao của năm, ví dụ local_fund=5tỷ; bỏ trống là số chương trình còn lại.",
)
@click.option("--must", metavar="MÃ", multiple=True, type=CODE, help="Đề án này phải có; nhiều lần được.")
@click.option("--never", metavar="MÃ", multiple=True, type=CODE, help="Để đề án này ngoài; nhiều lần được.")
@click.option(
    "--seconds",
    metavar="N",
    type=whole_number("Số giây", 1, 3600),
    help="Tìm và chứng minh trong N giây (mặc định 3).",
)
@click.option(
    "--fork", "fork", metavar="TÊN", type=line("Tên phương án"), help="Ghi đề xuất thành phương án của kế hoạch."
)
@by_reader
@as_json
def suggest(
    year: int,
    route: Route,
    programme: str | None,
    budgets: tuple[tuple[Source, int], ...],
    must: tuple[str, ...],
    never: tuple[str, ...],
    seconds: int | None,
    fork: str | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Đề xuất chọn đề án: bao phủ nhiều nhất chỉ tiêu trong số tiền có.

    Trước hết là bao phủ chỉ tiêu còn thiếu (mỗi chỉ tiêu tính như nhau), rồi đề án điểm, điểm ưu tiên, sau cùng là ít
    tiền nhất. Tính chính xác đến từng đồng; nói rõ vì sao từng đề án ở ngoài. Không ghi gì vào sổ, trừ khi
    có --fork.
    """
    from flows.jobs.suggesting import SECONDS
    from flows.jobs.suggesting import suggest as find

    amounts = once_each(budgets, "--budget")
    with open_desk() as desk, desk.reading(by) as view:
        code = programme_of(view.session, year, programme)
        found = find(
            view.session,
            code,
            year,
            route,
            on=desk.today,
            budgets=amounts,
            reader=view.reader,
            must=must,
            never=never,
            seconds=SECONDS if seconds is None else seconds,
        )
    if fork is not None:
        _keep(found, code, fork, by)
    if as_json:
        print_json(found.as_json() | {"fork": fork})
        return
    print_suggestion(found)
    if fork is not None:
        route_option = f"{year} --route {route}"
        click.echo(f"Đã ghi phương án {quoted(fork)}; so sánh: dean plan compare {route_option} {quoted(fork)}.")


def _keep(found: "Suggestion", programme: str, name: str, by: str | None) -> None:
    """Write the suggestion as a fork of the plan, where it can be changed, compared and proposed."""
    from models.plan.forks import Trial, open_fork
    from models.plan.steps import Door

    lines = {at: Trial(amounts) for at, amounts in found.wanted.items()}
    with open_desk() as desk, desk.writing(by) as writing:
        door = Door(writing.person, desk.at, DOOR, os_user())
        which = (programme, found.year, found.route, name)
        open_fork(writing.session, *which, door=door, lines=lines, note=f"Theo đề xuất: {found.proof}")


def print_suggestion(found: "Suggestion") -> None:
    told = found.as_json()
    fund = STATE_FUND[found.route]
    spent = sum(option.cost for option in found.taken)
    click.echo(f"Đề xuất kế hoạch năm {found.year}, {route_words(found.route)}: {found.programme_name}")
    click.echo(f"Chọn {len(found.taken)} đề án, {format_dong(spent)} {fund.label}. {found.proof}")
    _print_chosen(told, fund)
    _print_targets(told, found)
    _print_money(told["money"])
    _print_left_out(told["left_out"])
    warn(found.warnings)


def _print_chosen(told: Mapping[str, Any], fund: Source) -> None:
    print_heading("Đề án (triệu đồng)")
    columns = [Column("Hạng", right=True), Column("Mã"), Column("Tên", flexible=True), Column("ND", right=True)]
    columns += [Column(fund.label, right=True), Column(Source.COUNTERPART.label, right=True)]
    columns += [Column("Điểm", right=True), Column("Góp chỉ tiêu"), Column("Vì sao")]
    rows = [_row(line, fund, "đã phê duyệt") for line in told["approved"]]
    rows += [_row(line, fund, "bắt buộc (--must)" if line["must"] else "được chọn") for line in told["chosen"]]
    print_table(columns, rows)


def _row(line: Mapping[str, Any], fund: Source, why: str) -> list[Any]:
    money = [trieu(line["money"].get(source, 0)) for source in (fund, Source.COUNTERPART)]
    brings = ", ".join(f"{code} {quantity}" for code, quantity in line["targets"].items())
    points = "đi trước" if line["goes_first"] else line["points"]
    return [line["position"], line["code"], line["name"], line["content"], *money, points, brings, why]


def _print_targets(told: Mapping[str, Any], found: "Suggestion") -> None:
    print_heading("Chỉ tiêu còn thiếu")
    if not told["targets"]:
        click.echo("  Không chỉ tiêu nào còn thiếu.")
        return
    columns = [Column("Mã"), Column("Chỉ tiêu", flexible=True), Column("ĐVT")]
    columns += [Column(head, right=True) for head in ("Còn thiếu", "Đề xuất góp", "Thiếu sau đó")]
    numbers = ("code", "name", "unit", "missing_before", "covered", "missing_after")
    print_table(columns, [[row[name] for name in numbers] for row in told["targets"]])
    before, after = (found.coverage_words(options) for options in ((), found.taken))
    click.echo(f"  Bao phủ bình quân các chỉ tiêu: {before} trước, {after} sau đề xuất (làm tròn xuống).")


def _print_money(limits: Iterable[Mapping[str, Any]]) -> None:
    print_heading("Kinh phí (triệu đồng)")
    columns = [Column("Nội dung"), Column("Nguồn")]
    columns += [Column(head, right=True) for head in ("Hạn mức", "Đã dùng", "Đề xuất", "Còn lại")]
    rows = []
    for limit in limits:
        where = "Cả kế hoạch" if limit["content"] is None else f"Nội dung {limit['content']}"
        amounts = [trieu(limit[name]) for name in ("budget", "taken", "chosen", "left")]
        rows.append([where, Source(limit["source"]).label, *amounts])
    print_table(columns, rows)


def _print_left_out(rows: Iterable[Mapping[str, Any]]) -> None:
    listed = list(rows)
    if not listed:
        return
    print_heading(f"Để ngoài: {len(listed)} đề án")
    for row in listed:
        click.echo(f"  {row['code']}  {row['name']}")
        for reason in row["reasons"]:
            click.echo(f"      {reason}")
