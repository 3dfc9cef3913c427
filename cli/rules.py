"""`dean rules`: every kind of rule, looked up and changed on the word of a document."""

import click

from cli.lazy import Lazy, LazyGroup

COMMANDS = {
    "list": Lazy("cli.rules_reads:list_", "Liệt kê quy định, kể cả những quy định đã hết hiệu lực."),
    "show": Lazy("cli.rules_reads:show", "Xem một quy định và ai đã sửa nó, theo văn bản nào."),
    "set": Lazy("cli.rules_changes:set_", "Sửa một quy định."),
    "add": Lazy("cli.rules_changes:add", "Ghi thêm quy định từ một tệp YAML: tất cả các dòng, hoặc không dòng nào."),
}


@click.command(cls=LazyGroup, lazy=COMMANDS)
def rules() -> None:
    """Quy định về thời hạn, định mức hỗ trợ, mức tạm ứng, mức ưu tiên và mốc nhắc, có ngày hiệu lực."""
