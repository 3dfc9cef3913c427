"""`dean recover`: money that has to come back, from the demand to the last receipt."""

from datetime import date
from typing import Any

import click

from cli.cash import tell_cash
from cli.door import notice, open_desk
from cli.lazy import Group
from cli.options import as_json, as_of, by_reader, fund_amounts, instalments, project_code
from cli.output import Column, day, print_fields, print_heading, print_json, print_table
from cli.step import paper_form, read_facts, take, take_step
from states.actions import Action
from states.vocabulary import Stage
from states.words import format_date, format_dong


@click.group(cls=Group)
def recover() -> None:
    """Thu hồi kinh phí: yêu cầu hoàn trả, ghi tiền nộp, theo dõi kỳ hạn."""


@recover.command()
@project_code
@instalments
@paper_form
def demand(code: str, by: str | None, papers: tuple[str, ...], as_json: bool, **typed: Any) -> None:
    """Ghi văn bản yêu cầu hoàn trả, hoặc quyết định thu hồi của đề án đã ngừng.

    Có thể kèm các kỳ hạn (--due); tổng các kỳ phải bằng số phải thu hồi, đúng đến từng đồng.
    """
    with open_desk() as desk:
        facts = read_facts(desk, code)
        action = Action.START_RECOVERY if facts.stage is Stage.STOPPED else Action.DEMAND_REFUND
        taken = take(desk, facts, action, by, papers, **typed)
    tell_cash(taken, as_json)


@recover.command()
@project_code
@fund_amounts
@paper_form
def receive(code: str, by: str | None, papers: tuple[str, ...], as_json: bool, **typed: Any) -> None:
    """Ghi một lần nộp trả.

    Tiền nộp được trừ vào kỳ hạn sớm nhất còn thiếu.
    """
    tell_cash(take_step(code, Action.RECEIVE_RECOVERY, by, papers, **typed), as_json)


@recover.command()
@project_code
@paper_form
def close(code: str, by: str | None, papers: tuple[str, ...], as_json: bool, **typed: Any) -> None:
    """Kết thúc thu hồi của đề án đã ngừng, khi tiền đã nộp đủ."""
    tell_cash(take_step(code, Action.CLOSE_RECOVERY, by, papers, **typed), as_json)


@recover.command("list")
@as_of
@by_reader
@as_json
def list_(as_of: date | None, by: str | None, as_json: bool) -> None:
    """Liệt kê các đề án còn tiền phải thu hồi, kỳ hạn sớm nhất trước."""
    from models.queries.recoveries import recoveries

    with open_desk() as desk, desk.reading(by) as view:
        on = as_of or desk.today
        rows = recoveries(view.session, as_of=on, reader=view.reader)
    if as_json:
        print_json(rows)
    elif rows:
        click.echo(f"Tính đến {format_date(on)} (đồng):")
        columns = [Column("Đề án"), Column("Tên", flexible=True), Column("Giai đoạn")]
        columns += [Column(head, right=True) for head in ("Còn phải thu", "Đã nộp", "Quá hạn")]
        print_table((*columns, Column("Kỳ tới")), [_row(row) for row in rows])
    else:
        notice("Không có đề án nào còn tiền phải thu hồi.")


def _row(row: dict[str, Any]) -> list[Any]:
    coming = day(row["next_due_on"]) or "chưa có kỳ hạn"
    amounts = (row["to_recover"], row["received"], row["overdue"])
    return [row["project"], row["name"], row["stage_label"], *amounts, coming]


@recover.command()
@project_code
@as_of
@by_reader
@as_json
def show(code: str, as_of: date | None, by: str | None, as_json: bool) -> None:
    """Xem việc thu hồi của một đề án: còn phải thu, kỳ hạn, từng lần nộp."""
    from cli.money import print_recovery
    from models.queries.recoveries import recovery

    with open_desk() as desk, desk.reading(by) as view:
        found = recovery(view.session, code, as_of=as_of or desk.today, reader=view.reader)
    if as_json:
        print_json(found)
        return
    click.echo(f"{code}  {found['name']}")
    print_fields((("Giai đoạn", found["stage_label"]), ("Còn phải thu hồi", format_dong(found["to_recover"]))))
    print_recovery(found["recovery"])
    if found["receipts"]:
        print_heading("Từng lần nộp (đồng)")
        columns = (Column("Ngày"), Column("Số văn bản"), Column("Số tiền", right=True))
        print_table(columns, [[day(row["date"]), row["number"], row["amount"]] for row in found["receipts"]])
