"""`dean run`: the periodic jobs, run now and without any server."""

from datetime import date

import click

from cli.door import open_desk
from cli.lazy import Group
from cli.options import as_json
from cli.output import print_json
from cli.typed import DAY
from states.facts import OFFICE_TIME


@click.group(cls=Group)
def run() -> None:
    """Chạy một việc định kỳ ngay bây giờ."""


@run.command()
@click.option("--as-of", metavar="NGÀY", type=DAY, help="Ngày của báo cáo; bỏ trống thì là hôm nay.")
@as_json
def nightly(as_of: date | None, as_json: bool) -> None:
    """Báo cáo đêm: kiểm tra sổ, đối chiếu số tiền, tiến độ chương trình, đề án chờ lâu nhất.

    Chỉ đọc, nên chạy lại bao nhiêu lần cũng được. Mã thoát 1 khi kiểm tra hoặc đối chiếu thấy sai lệch.
    """
    from flows.jobs.nightly import nightly as report_of

    with open_desk() as desk:
        report = report_of(desk.store, as_of=as_of or desk.at.astimezone(OFFICE_TIME).date(), at=desk.at)
    if as_json:
        print_json(report.as_json())
    else:
        click.echo(report.text(), nl=False)
    if not report.ok:
        raise click.exceptions.Exit(1)
