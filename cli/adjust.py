"""`dean adjust`: requests to change an approved project, their confirmation, their decision."""

import click

from cli.lazy import Lazy, LazyGroup

COMMANDS = {
    "request": Lazy("cli.adjust_steps:request", "Ghi đề nghị điều chỉnh: giá trị mới và lý do."),
    "confirm": Lazy("cli.adjust_steps:confirm", "Ghi văn bản của Sở xác nhận đề nghị."),
    "approve": Lazy("cli.adjust_steps:approve", "Ghi quyết định đồng ý điều chỉnh."),
    "refuse": Lazy("cli.adjust_steps:refuse", "Ghi việc không đồng ý điều chỉnh."),
    "list": Lazy("cli.adjust_reads:list_", "Liệt kê đề nghị điều chỉnh, mới nhất trước."),
    "show": Lazy("cli.adjust_reads:show", "Xem các đề nghị của một đề án: cũ và mới, ai quyết định."),
    "authority": Lazy("cli.adjust_reads:authority", "Cho biết cơ quan nào quyết định một đề nghị điều chỉnh."),
}


@click.command(cls=LazyGroup, lazy=COMMANDS)
def adjust() -> None:
    """Điều chỉnh đề án đã phê duyệt: đề nghị, xác nhận, quyết định."""
