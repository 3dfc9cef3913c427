"""`dean deadline`: the deadlines of one project, the proof of each, and making all of them anew."""

from typing import Any

import click

from cli.calendar import print_days, warn
from cli.door import notice, open_desk
from cli.due import print_deadlines
from cli.lazy import Group
from cli.options import as_json, by_reader, project_code
from cli.output import day, print_fields, print_heading, print_json
from cli.typed import line
from states.words import format_number


@click.group(cls=Group)
def deadline() -> None:
    """Hạn của đề án: liệt kê, chứng minh cách đếm, tính lại."""


@deadline.command("list")
@project_code
@click.option("--all", "every", is_flag=True, help="Cả những hạn đã xong.")
@by_reader
@as_json
def list_(code: str, every: bool, by: str | None, as_json: bool) -> None:
    """Liệt kê các hạn đang chạy hoặc tạm dừng của một đề án."""
    from models.queries import refuse_hidden
    from models.queries.deadlines import deadlines_of

    with open_desk() as desk, desk.reading(by) as view:
        refuse_hidden(view.session, code, view.reader)
        rows = deadlines_of(view.session, code, as_of=desk.today, every=every)
    if as_json:
        print_json(rows)
    elif rows:
        print_deadlines(rows, with_project=False)
    else:
        notice(f"Đề án {code} không có hạn nào đang chạy; xem cả hạn đã xong bằng --all.")


@deadline.command()
@project_code
@click.option("--clock", metavar="MÃ", type=line("Mã thời hạn"), help="Chỉ một thời hạn, ví dụ D-CHECK.")
@by_reader
@as_json
def proof(code: str, clock: str | None, by: str | None, as_json: bool) -> None:
    """In bảng chứng minh: từng ngày được đếm hay bỏ qua, lý do và căn cứ.

    Kèm các sự kiện đã bắt đầu, tạm dừng và kết thúc thời hạn, để người khác đếm lại được bằng tay.
    """
    from models.queries import refuse_hidden
    from models.queries.deadlines import deadline_proof

    with open_desk() as desk, desk.reading(by) as view:
        refuse_hidden(view.session, code, view.reader)
        sheets = deadline_proof(view.session, code, clock and clock.upper())
    if as_json:
        print_json(sheets)
        return
    for sheet in sheets:
        _print_sheet(sheet)


def _print_sheet(sheet: dict[str, Any]) -> None:
    click.echo(f"{sheet['project']}  {sheet['label']} ({sheet['rule']}, {sheet['standing']})")
    print_fields(
        (
            ("Căn cứ", sheet["basis"]),
            ("Tình trạng", _STATUS[sheet["status"]]),
            ("Bắt đầu", f"{day(sheet['started_on'])} (ngày này không tính)"),
            ("Hạn theo cách đếm", day(sheet["printed_on"])),
            ("Hạn", day(sheet["rolled_on"])),
            ("Ngày an toàn", day(sheet["safe_on"])),
            ("Đã tạm dừng", sheet["paused"] or None),
            ("Kết thúc", _ended(sheet)),
        )
    )
    print_heading("Sự kiện")
    for event in sheet["events"]:
        number = f", số {event['number']}" if event["number"] else ""
        who = event["recorded_by"] or "hệ thống"
        click.echo(f"  {day(event['decided_on'])}  {_step(event['action'])}{number} (sự kiện {event['id']}, {who} ghi)")
    if sheet["days"]:
        print_heading("Từng ngày")
        print_days(sheet["days"])
    warn(sheet["warnings"])
    click.echo("")


_STATUS = {"open": "đang chạy", "paused": "tạm dừng, chưa có ngày hết hạn", "closed": "đã xong"}


def _ended(sheet: dict[str, Any]) -> str | None:
    if sheet["stopped_on"] is None:
        return None
    return f"{day(sheet['stopped_on'])}{'' if sheet['in_time'] is None else _IN_TIME[sheet['in_time']]}"


_IN_TIME = {True: " (đúng hạn)", False: " (trễ hạn)"}


def _step(action: str) -> str:
    from states.actions import Action
    from states.steps import STEP

    return STEP[Action(action)].label


@deadline.command()
@as_json
def rebuild(as_json: bool) -> None:
    """Tính lại mọi hạn từ các sự kiện và sửa hạn sai.

    Mã thoát 1 khi có hạn sai (đã được sửa): nguyên nhân cần được tìm, vì sổ luôn giữ các hạn đúng.
    """
    from models.deadlines import rebuild as make_anew

    with open_desk() as desk, desk.store.write() as session:
        wrong = make_anew(session)
    if as_json:
        print_json({"ok": wrong == 0, "wrong": wrong})
    elif wrong:
        click.echo(f"{format_number(wrong)} đề án có hạn sai, đã tính lại đúng theo sự kiện; hãy tìm nguyên nhân.")
    else:
        click.echo("Mọi hạn đều đúng theo sự kiện; không phải sửa gì.")
    if wrong:
        raise click.exceptions.Exit(1)
