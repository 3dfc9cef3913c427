"""`dean reconcile`: every figure of money against every other way of computing it, to the đồng."""

import click

from cli.door import open_desk
from cli.lazy import Command
from cli.options import as_json
from cli.output import print_json


@click.command(cls=Command)
@as_json
def reconcile(as_json: bool) -> None:
    """Đối chiếu số tiền của cả sổ, đúng đến từng đồng.

    Số dư với từng khoản, từng khoản với các sự kiện tính lại, hai vế của đề án đã kết thúc, hợp đồng, quyết định,
    nghiệm thu, thu hồi, và tổng theo năm, nội dung, chương trình. Mã thoát 1 khi có chỗ lệch.
    """
    from models.reconciliation import reconcile as check

    with open_desk() as desk, desk.store.read() as session:
        found = check(session)
    if as_json:
        print_json(found.as_json())
    else:
        click.echo("\n".join(found.lines()))
    if not found.ok:
        raise click.exceptions.Exit(1)
