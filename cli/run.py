"""`dean run`: the periodic jobs, run now and without any server."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from cli.door import notice, open_desk
from cli.lazy import Group
from cli.options import as_json
from cli.outbox import workers_option
from cli.output import print_json
from cli.typed import DAY, YEAR
from states.refusal import Refused

if TYPE_CHECKING:
    from flows.jobs.nightly import NightlyReport
    from flows.jobs.settings import Settings


@click.group(cls=Group)
def run() -> None:
    """Chạy một việc định kỳ ngay bây giờ."""


@run.command()
@click.option("--as-of", metavar="NGÀY", type=DAY, help="Ngày của báo cáo; bỏ trống thì là hôm nay.")
@click.option("--mail", is_flag=True, help="Gửi báo cáo cho người vận hành, như lịch ban đêm vẫn làm.")
@as_json
def nightly(as_of: date | None, mail: bool, as_json: bool) -> None:
    """Việc ban đêm: kiểm tra sổ, đối chiếu số tiền, công bố số liệu, niêm ngày đã qua, in báo cáo.

    Chạy lại bao nhiêu lần cũng được, sổ không đổi. Mã thoát 1 khi có sai lệch, hoặc khi nơi khác đang chạy việc này.
    """
    from flows.jobs.night import Nights
    from flows.jobs.settings import clock

    with open_desk() as desk:
        on = as_of or desk.today
        nights = Nights(desk.store, desk.settings)
        [ran] = nights.run(now=lambda: clock(desk.settings), as_of=on)
        if on not in nights.reports:
            raise Refused(ran.reason)
        report = nights.reports[on]
        if mail:
            _mail(report, desk.settings)
    if as_json:
        print_json(report.as_json())
    else:
        click.echo(report.text(), nl=False)
    if not report.ok:
        raise click.exceptions.Exit(1)


def _mail(report: "NightlyReport", settings: "Settings") -> None:
    from flows.jobs.mail_report import mail_report

    delivery = mail_report(report, settings)
    if delivery is None:
        notice("Không gửi được: chưa có người vận hành hoặc máy chủ thư, hoặc chế độ gửi đang tắt (dean settings).")
    elif delivery.outcome != "ok":
        notice(f"Không gửi được báo cáo: {delivery.detail}")


@run.command()
@click.option(
    "--as-of", metavar="NGÀY", type=DAY, help="Nhắc những gì đến hạn nhắc tính đến ngày này; mặc định hôm nay."
)
@as_json
def reminders(as_of: date | None, as_json: bool) -> None:
    """Nhắc việc buổi sáng: tìm những gì đến hạn nhắc và viết thư, như dean remind.

    Chạy lại bao nhiêu lần cũng không nhắc hai lần; những đêm bị lỡ được nhắc bù.
    """
    from cli.remind import refuse_the_future, run_reminders
    from flows.jobs.running import run_slot
    from states.slots import Job

    with open_desk() as desk:
        on = as_of or desk.today
        refuse_the_future(desk, on)

        def work(day: date, _: datetime) -> dict[str, Any]:
            return run_reminders(desk, day, as_json).as_json()

        ran = run_slot(desk.store, Job.REMINDERS, on, work, now=lambda: desk.at, again=True)
    if ran.status is None:
        raise Refused(ran.reason)


@run.command("yearly-plan")
@click.option("--year", metavar="NĂM", type=YEAR, help="Năm kế hoạch; bỏ trống là năm đang lập kế hoạch.")
@as_json
def yearly_plan(year: int | None, as_json: bool) -> None:
    """Tổng hợp kế hoạch năm của cả hai tuyến thành các bảng, như lịch hằng tháng.

    Chỉ đọc. Xem cả danh mục và các số của một tuyến bằng dean plan show.
    """
    from flows.jobs.plan_tables import plan_tables, year_in_the_making

    with open_desk() as desk:
        tables = plan_tables(desk.store, year or year_in_the_making(desk.today))
    if as_json:
        print_json({key: list(rows) for key, (_, rows) in tables.items()})
        return
    for title, rows in tables.values():
        click.echo(f"{title}: {len(rows)} dòng")


@run.command()
@workers_option
@as_json
def deliver(workers: int, as_json: bool) -> None:
    """Gửi những thư đã đến giờ, như dean outbox send; lịch chạy việc này vài phút một lần."""
    from cli.outbox import run_delivery

    with open_desk() as desk:
        run_delivery(desk, workers, as_json)


@run.command()
@click.option("--as-of", metavar="NGÀY", type=DAY, help="Ngày của lần chạy; bản sao lưu luôn mang ngày thật.")
@as_json
def housekeeping(as_of: date | None, as_json: bool) -> None:
    """Dọn dẹp: sao lưu sổ và kiểm tra bản sao, bỏ bản sao cũ, khép những lần chạy bị ngắt.

    Giữ 7 ngày, 8 tuần, 12 tháng gần nhất. Mã thoát 1 khi không sao lưu được, hoặc sổ thiếu sự kiện mà bản sao lưu có.
    """
    from flows.jobs.housekeeping import Housekeeper
    from flows.jobs.running import run_slot
    from flows.jobs.settings import clock
    from states.slots import Job

    with open_desk() as desk:
        keeper = Housekeeper(desk.store, desk.settings)
        on = as_of or desk.today
        ran = run_slot(desk.store, Job.HOUSEKEEPING, on, keeper.work, now=lambda: clock(desk.settings), again=True)
    if keeper.last is None:
        raise Refused(ran.reason)
    if as_json:
        print_json(keeper.last.as_json())
    else:
        click.echo(keeper.last.text(), nl=False)
    if not keeper.last.ok:
        raise click.exceptions.Exit(1)
