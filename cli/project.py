"""`dean project`: the commands about one đề án or a list of them."""

import click

from cli.lazy import Lazy, LazyGroup

COMMANDS = {
    "add": Lazy("cli.project_entries:add", "Lập một đề án (bản nháp)."),
    "list": Lazy("cli.project_reads:list_", "Liệt kê đề án theo năm, giai đoạn, đơn vị, địa bàn…"),
    "show": Lazy("cli.project_reads:show", "Xem một đề án, hôm nay hoặc ở một ngày đã qua."),
    "history": Lazy("cli.project_reads:history", "Xem mọi việc đã ghi của một đề án."),
    "search": Lazy("cli.project_reads:search", "Tìm đề án; gõ có dấu hay không dấu đều được."),
    "duplicates": Lazy("cli.project_reads:duplicates", "Dò trùng hỗ trợ: cùng đơn vị thụ hưởng, cùng máy móc."),
    "edit": Lazy("cli.project_entries:edit", "Sửa nội dung một đề án."),
    "copy": Lazy("cli.project_entries:copy", "Sao một đề án không được duyệt thành bản nháp mới."),
    "attach": Lazy("cli.project_entries:attach", "Bổ sung tài liệu vào hồ sơ, không chuyển bước."),
}


@click.command(cls=LazyGroup, lazy=COMMANDS)
def project() -> None:
    """Đề án: lập, tìm, xem, sửa."""
