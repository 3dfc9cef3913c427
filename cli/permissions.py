"""`dean permissions`: who may open which page, and who may record which step, for an auditor's folder."""

from typing import Any

import click

from cli.lazy import Command
from cli.options import as_json
from cli.output import Column, print_heading, print_json, print_table
from cli.typed import ROLE
from states.vocabulary import Role

YES, STRANGERS = "x", "mọi người, kể cả người chưa đăng nhập"


@click.command(cls=Command)
@click.option("--role", metavar="VAI TRÒ", type=ROLE, help="Chỉ những gì một vai trò được mở và được ghi.")
@as_json
def permissions(role: Role | None, as_json: bool) -> None:
    """In bảng phân quyền: ai ghi được bước nào, ai mở được trang nào.

    Bảng lấy từ chính chương trình như trang /permissions. Được mở trang chưa phải là thấy mọi đề án: cán bộ đơn vị
    thực hiện chỉ thấy đề án của đơn vị mình, cán bộ xã chỉ thấy đề án trong địa bàn mình và không thấy bản nháp.
    """
    from flows.jobs.permitted import permission_rows
    from states.steps import STEPS

    steps = [
        {
            "action": str(step.action),
            "label": step.label,
            "recorders": [str(one) for one in Role if one in step.recorders],
        }
        for step in STEPS
        if role is None or role in step.recorders
    ]
    pages = [row for row in permission_rows() if role is None or row["who"] is None or role in row["who"]]
    if as_json:
        print_json({"steps": steps, "pages": pages})
        return
    roles = [one for one in Role if role in (None, one)]
    click.echo("Vai trò: " + "; ".join(f"{number} {one.label}" for number, one in enumerate(roles, start=1)))
    heads = [Column(str(number)) for number, _ in enumerate(roles, start=1)]
    print_heading("Ai ghi được bước nào")
    print_table(
        [Column("Bước", flexible=True), *heads], [[step["label"], *_marks(roles, step["recorders"])] for step in steps]
    )
    print_heading("Ai mở được trang nào")
    print_table(
        [Column("Trang", flexible=True), Column("Cách gọi", flexible=True), Column("Token"), *heads],
        [[row["label"], f"{row['method']} {row['path']}", row["scope"], *_marks(roles, row["who"])] for row in pages],
    )
    click.echo(f"\n{YES}: được; o: {STRANGERS}.")


def _marks(roles: list[Role], who: Any) -> list[str]:
    return ["o" if who is None else YES if role in who else "" for role in roles]
