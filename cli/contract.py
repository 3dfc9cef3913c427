"""`dean contract`: sign a contract over one or several projects, amend it, and see what it waits for."""

from typing import TYPE_CHECKING, Any

import click

from cli.cash import owed_in_words, tell_cash
from cli.door import DOOR, notice, open_desk, os_user
from cli.due import print_deadlines
from cli.lazy import Group
from cli.options import as_json, by_reader, by_writer, fund_amounts, paging, project_code, signed_year
from cli.output import Column, day, print_fields, print_heading, print_json, print_table
from cli.papers import bare_file_as, paper_option, read_papers, record
from cli.step import as_read, command_of, on_state_funds, paper_form, take_step, tell_warnings
from cli.typed import AMOUNT, DAY, PROJECT_AMOUNT, YEAR, line
from states.actions import Action
from states.vocabulary import Authority, Paper, Route, Source
from states.words import amount_in_words_dong, format_dong

if TYPE_CHECKING:
    from cli.door import Desk, Writing
    from models.contracts import Signed


@click.group(cls=Group)
def contract() -> None:
    """Hợp đồng: ký cho một hoặc nhiều đề án, ký phụ lục, xem."""


@contract.command()
@click.argument(
    "lines",
    metavar="MÃ[=TIỀN]…",
    nargs=-1,
    required=True,
    type=PROJECT_AMOUNT,
    help="Mã đề án, hoặc MÃ=SỐ TIỀN khi hỗ trợ theo hợp đồng khác số phê duyệt.",
)
@click.option("--number", metavar="SỐ", required=True, type=line("Số hợp đồng"), help="Số hợp đồng.")
@click.option("--signed-on", metavar="NGÀY", required=True, type=DAY, help="Ngày ký.")
@click.option("--signer", metavar="HỌ TÊN", required=True, type=line("Người ký"), help="Người ký của bên A.")
@click.option("--total", metavar="TIỀN", type=AMOUNT, help="Tổng hỗ trợ ghi trên hợp đồng, khớp đến từng đồng.")
@click.option("--party-a", metavar="TÊN", type=line("Bên A"), help="Bên A; mặc định: cơ quan ký.")
@click.option("--party-b", metavar="TÊN", type=line("Bên B"), help="Bên B; mặc định: đơn vị thực hiện.")
@paper_option
@by_writer
@as_json
def sign(
    lines: tuple[tuple[str, int | None], ...], papers: tuple[str, ...], by: str | None, as_json: bool, **printed: Any
) -> None:
    """Ký một hợp đồng cho một hoặc nhiều đề án cùng tuyến, cùng đơn vị thực hiện.

    Một đề án không ký được thì cả hợp đồng không được ghi, và mọi lý do được liệt kê.
    """
    from models import contracts

    bundle = read_papers([bare_file_as(Paper.CONTRACT, text) for text in papers])
    given = {name: value for name, value in printed.items() if value is not None}
    paper = contracts.ContractPaper(**given, papers=bundle.enclosures)
    with open_desk() as desk:

        def entry(writing: "Writing") -> "Signed":
            amounts = on_state_funds(writing.session, dict(lines))
            wanted = [contracts.ContractedProject(code, amounts[code]) for code, _ in lines]
            return contracts.sign(
                writing.session, wanted, paper, by=writing.person, at=desk.at, door=DOOR, os_user=os_user()
            )

        done = record(desk, by, bundle, entry)
    tell_warnings(done.projects)
    if as_json:
        signed = [as_read(step) for step in done.projects]
        print_json({"contract": done.number, "total": done.total, "projects": signed})
        return
    click.echo(f"Đã ký hợp đồng {done.number} cho {len(done.projects)} đề án: hỗ trợ {format_dong(done.total)}")
    click.echo(f"({amount_in_words_dong(done.total)}).")
    for step in done.projects:
        click.echo(f"  {step.code}  phiên bản {step.version}")


@contract.command()
@project_code
@fund_amounts
@paper_form
def annex(code: str, by: str | None, papers: tuple[str, ...], as_json: bool, **typed: Any) -> None:
    """Ghi phụ lục hợp đồng: giá trị mới của một đề án.

    Giá trị mới không quá số phê duyệt và không thấp hơn số đã tạm ứng.
    """
    tell_cash(take_step(code, Action.AMEND_CONTRACT, by, papers, **typed), as_json)


@contract.command("list")
@signed_year
@paging
@by_reader
@as_json
def list_(year: int | None, limit: int, offset: int, by: str | None, as_json: bool) -> None:
    """Liệt kê hợp đồng, mới nhất trước."""
    from models.queries.contracts import contracts

    with open_desk() as desk, desk.reading(by) as view:
        rows = contracts(view.session, year=year, reader=view.reader, limit=limit + 1, offset=offset)
    shown = rows[:limit]
    if as_json:
        print_json(shown)
    elif not shown:
        notice("Không có hợp đồng nào.")
    else:
        columns = [Column("Số"), Column("Ngày ký"), Column("Bên A"), Column("Bên B", flexible=True)]
        columns += [Column("Hỗ trợ (đồng)", right=True), Column("Số đề án", right=True)]
        keys = ("number", "signed_on", "party_a", "party_b", "total", "projects")
        print_table(columns, [[row[key] if key != "signed_on" else day(row[key]) for key in keys] for row in shown])
    if len(rows) > limit:
        notice(f"Còn nữa: xem trang sau bằng --offset {offset + limit}.")


# --- one contract -------------------------------------------------------------------------------------


@contract.command()
@click.argument("number", metavar="SỐ", type=line("Số hợp đồng"), help="Số hợp đồng, ví dụ 45/2024/HĐ-KC.")
@click.option("--year", metavar="NĂM", type=YEAR, help="Năm ký, khi nhiều năm có cùng số.")
@by_reader
@as_json
def show(number: str, year: int | None, by: str | None, as_json: bool) -> None:
    """Xem một hợp đồng: các bên, các đề án, mỗi đề án đang chờ gì, hạn quyết toán."""
    with open_desk() as desk:
        found = _sheet(desk, number, year, by)
    if as_json:
        print_json(found)
    else:
        _print(found)


def _sheet(desk: "Desk", number: str, year: int | None, by: str | None) -> dict[str, Any]:
    from models.contracts import contract_of
    from models.queries.contract_sheets import contract_sheet

    with desk.reading(by) as view:
        found = contract_of(view.session, number, year)
        return contract_sheet(view.session, found["id"], reader=view.reader, at=desk.at)


def _print(found: dict[str, Any]) -> None:
    click.echo(f"Hợp đồng {found['number']} ngày {day(found['signed_on'])}, {Route(found['route']).label.lower()}")
    print_fields(
        (
            ("Bên A", found["party_a"]),
            ("Bên B", found["party_b"]),
            ("Cơ quan ký", f"{Authority(found['authority']).label}, {found['signer']}"),
            ("Đơn vị thực hiện", found["unit"]),
            ("Hỗ trợ", f"{format_dong(found['total'])} ({amount_in_words_dong(found['total'])})"),
        )
    )
    print_heading("Đề án (đồng)")
    columns = [Column("Mã"), Column("Tên", flexible=True), Column("Giai đoạn")]
    columns += [Column("Hỗ trợ", right=True), Column("Đối ứng", right=True)]
    print_table(columns, [_row(project) for project in found["projects"]])
    print_heading("Đang chờ")
    for project in found["projects"]:
        _print_waiting(project)
    if found["deadlines"]:
        print_heading("Hạn quyết toán")
        print_deadlines(found["deadlines"])
    elif found["waits_for"] and found["route"] == Route.NATIONAL:
        waits = ", ".join(found["waits_for"])
        click.echo(f"\nHạn quyết toán chạy từ lần nghiệm thu cuối cùng của hợp đồng; còn chờ: {waits}.")


def _row(project: dict[str, Any]) -> list[Any]:
    contracted = project["contracted"]
    support = contracted.get(project["money"]["source"], 0)
    head = (project["code"], project["name"], project["stage_label"])
    return [*head, support, contracted.get(Source.COUNTERPART, 0) or None]


def _print_waiting(project: dict[str, Any]) -> None:
    waiting, owed = project["waiting_for"], owed_in_words(project["money"])
    then = f"{waiting['label']} ({command_of(waiting['action'], project['code'])})" if waiting else "không còn bước nào"
    click.echo(f"  {project['code']}: {then}" + (f"; {owed}" if owed else ""))
    for reason in waiting["reasons"] if waiting else ():
        click.echo(f"      {reason}")
