"""`dean upgrade`: bring the register in use to the schema of this program."""

import click

from cli.door import os_user, read_settings
from cli.lazy import Command


@click.command(cls=Command)
def upgrade() -> None:
    """Nâng cấu trúc của sổ lên phiên bản của chương trình.

    Hãy sao lưu tệp sổ trước. Điều còn thiếu được bổ sung bằng sự kiện; điều đã ghi không bị sửa. Sổ đã đúng cấu
    trúc thì không có gì thay đổi.
    """
    from flows.jobs.settings import clock, open_register
    from models.schema import REVISION, revision_of
    from models.setup import migrate
    from models.upgrading import fill_in
    from states.refusal import Refused

    settings = read_settings()
    store = open_register(settings, any_revision=True)
    try:
        before = revision_of(store)
        if before is None:
            raise Refused("Cơ sở dữ liệu này chưa có sổ; hãy tạo sổ bằng dean init.")
        migrate(store)
        entered = fill_in(store, at=clock(settings), os_user=os_user())
    finally:
        store.close()
    click.echo(f"Sổ ở cấu trúc {REVISION}." if before == REVISION else f"Đã nâng sổ từ {before} lên {REVISION}.")
    if entered:
        click.echo(f"Đã bổ sung {entered} sự kiện.")
