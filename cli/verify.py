"""`dean verify`: recompute everything from the events and name the rows that do not follow."""

import click

from cli.door import open_desk
from cli.lazy import Command
from cli.options import as_json
from cli.output import Column, print_json, print_table
from states.words import format_number


@click.command(cls=Command)
@as_json
def verify(as_json: bool) -> None:
    """Kiểm tra sổ có bị sửa ngoài hệ thống không.

    Tính lại chuỗi mã băm, giai đoạn, số tiền và tệp từ các sự kiện. Mã thoát 1 khi có dòng không khớp.
    """
    from models.verify import verify as check

    with open_desk() as desk:
        found = check(desk.store)
    problems = [{"table": p.table, "key": p.key, "what": p.what} for p in found.problems]
    if as_json:
        print_json({"ok": found.ok, "events": found.events, "problems": problems})
    elif found.ok:
        click.echo(f"Sổ nguyên vẹn: {format_number(found.events)} sự kiện, không có dòng nào sai lệch.")
    else:
        click.echo(f"Sổ có {len(problems)} chỗ sai lệch trong {format_number(found.events)} sự kiện:")
        print_table(
            (Column("Bảng"), Column("Dòng"), Column("Sai lệch", flexible=True)),
            [(problem["table"], problem["key"], problem["what"]) for problem in problems],
        )
    if not found.ok:
        raise click.exceptions.Exit(1)
