"""`dean export`: the office's tables as files for Excel, for printing and for programs; and the data of a night."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from cli.door import Desk, Reading, open_desk
from cli.handing_over import Target, handed_over, saved, to_file
from cli.lazy import Group
from cli.options import as_json, by_reader, of_programme, project_code, project_filters
from cli.output import print_json
from cli.typed import CODE, DAY, ROUTE, VERSION, YEAR, Member, line
from states.posting import ObligationStatus
from states.vocabulary import Route

if TYPE_CHECKING:
    from flows.jobs.papers.tables.frame import Occasion
    from flows.jobs.papers.tables.plans import Chosen


@click.group(cls=Group)
def export() -> None:
    """Tải số liệu ra tệp: Excel, CSV, PDF, JSON; lịch các hạn; tệp số liệu của đêm.

    Không ghi --output thì tệp nằm ở thư mục đang đứng, tên nói là biểu gì, ngày nào. Không ghi đè tệp đã có.
    """


def _occasion(desk: Desk, view: Reading) -> "Occasion":
    from flows.jobs.papers.tables.frame import Occasion
    from models.queries import register as about

    return Occasion(view.session, view.reader, desk.at, about(desk.store)["is_demonstration"])


@export.command()
@project_filters
@handed_over
@by_reader
def register(by: str | None, to: Target, **filters: Any) -> None:
    """Danh mục đề án, lọc như dean project list; mấy vạn dòng cũng được."""
    from flows.jobs.papers.tables.register import register_table
    from models.queries.projects_sought import Sought

    with open_desk() as desk, desk.reading(by) as view:
        to_file(register_table(_occasion(desk, view), Sought(**filters)), to)


# --- the plan -----------------------------------------------------------------------------------------


def _which_plan(function: Any) -> Any:
    """Add the year, the route and the version of a plan."""
    function = click.option("--now", is_flag=True, help="Danh mục theo số liệu hiện nay, không theo bản đã lưu.")(
        function
    )
    function = click.option(
        "--version", metavar="N", type=VERSION, help="Phiên bản đã lưu; bỏ trống là bản cuối, chưa có thì như hiện nay."
    )(function)
    function = of_programme(function)
    function = click.option(
        "--route", metavar="TUYẾN", type=ROUTE, help="Tuyến: local hoặc national; bỏ trống là cả hai, như hiện nay."
    )(function)
    return click.argument("year", metavar="NĂM", type=YEAR, help="Năm kế hoạch.")(function)


def _chosen(year: int, route: Route | None, programme: str | None, version: int | None, now: bool) -> "Chosen":
    from flows.jobs.papers.tables.plans import Chosen

    if now and version is not None:
        raise click.UsageError("Ghi --now hoặc --version, không ghi cả hai.", click.get_current_context())
    return Chosen(year, route, programme, version, now)


@export.command()
@_which_plan
@handed_over
@by_reader
def plan(by: str | None, to: Target, **which: Any) -> None:
    """Kế hoạch năm: danh mục theo nội dung, cộng theo địa bàn, đơn vị, tuyến, so với chương trình."""
    from flows.jobs.papers.tables.plans import plan_table

    with open_desk() as desk, desk.reading(by) as view:
        to_file(plan_table(_occasion(desk, view), _chosen(**which)), to)


@export.command()
@_which_plan
@handed_over
@by_reader
def consolidated(by: str | None, to: Target, **which: Any) -> None:
    """Bảng tổng hợp đề án gửi cấp trên, theo Mẫu số 2 (các cột chưa kiểm chứng)."""
    from flows.jobs.papers.tables.plans import consolidated_table

    with open_desk() as desk, desk.reading(by) as view:
        to_file(consolidated_table(_occasion(desk, view), _chosen(**which)), to)


# --- figures ------------------------------------------------------------------------------------------


@export.command("programme")
@click.argument("code", metavar="MÃ", type=line("Mã chương trình"), required=False, help="Bỏ trống: của năm nay.")
@handed_over
@by_reader
def programme_(code: str | None, by: str | None, to: Target) -> None:
    """Tình hình chương trình: chỉ tiêu và kinh phí từ kế hoạch đến quyết toán."""
    from flows.jobs.papers.tables.programmes import programme_table
    from models.mart import shelf_of
    from models.status import current_programme

    with open_desk() as desk, desk.reading(by) as view:
        occasion = _occasion(desk, view)
        shelf = shelf_of(desk.settings.home, demonstration=occasion.is_demonstration)
        chosen = code or current_programme(view.session, desk.today)
        to_file(programme_table(occasion, chosen, shelf=shelf), to)


@export.command()
@of_programme
@click.option("--year", metavar="NĂM", type=YEAR, help="Của một năm kế hoạch thay cho cả chương trình.")
@click.option("--route", metavar="TUYẾN", type=ROUTE, help="Chỉ một tuyến của năm: local hoặc national.")
@handed_over
@by_reader
def settlement(programme: str | None, year: int | None, route: Route | None, by: str | None, to: Target) -> None:
    """Bảng quyết toán: dòng tiền từng đề án, từng nguồn, và phần còn mở của hai đẳng thức."""
    from flows.jobs.papers.tables.settlements import settlement_table
    from models.status import current_programme

    with open_desk() as desk, desk.reading(by) as view:
        if programme is None and year is None:
            programme = current_programme(view.session, desk.today)
        to_file(settlement_table(_occasion(desk, view), programme=programme, year=year, route=route), to)


@export.command()
@click.option("--since", metavar="NGÀY", type=DAY, help="Từ ngày này.")
@click.option("--until", metavar="NGÀY", type=DAY, help="Đến ngày này.")
@click.option("--who", metavar="MÃ", type=line("Mã người dùng"), help="Của một người, kể cả khi người khác đọc thay.")
@click.option("--project", metavar="MÃ", type=CODE, help="Của một đề án.")
@click.option("--rule", metavar="MÃ", type=line("Mã mốc nhắc"), help="Theo một mốc nhắc.")
@click.option("--status", metavar="KẾT QUẢ", type=Member("kết quả", ObligationStatus), help="Chỉ một kết quả.")
@handed_over
@by_reader
def reminders(by: str | None, to: Target, **wanted: Any) -> None:
    """Báo cáo nhắc việc: ai được nhắc việc gì, khi nào, qua kênh nào, và vì sao không."""
    from flows.jobs.papers.tables.reminders import Wanted, reminders_table

    with open_desk() as desk, desk.reading(by) as view:
        to_file(reminders_table(_occasion(desk, view), Wanted(**wanted)), to)


@export.command("report")
@click.argument("period", metavar="KỲ…", nargs=-1, required=True, help='Kỳ báo cáo, ví dụ "quý 1/2024", "năm 2024".')
@of_programme
@click.option("--issue", metavar="N", type=VERSION, help="Lần phát hành; bỏ trống là lần cuối.")
@handed_over
@by_reader
def report_(period: tuple[str, ...], programme: str | None, issue: int | None, by: str | None, to: Target) -> None:
    """Báo cáo đã chốt: chỉ tiêu, kinh phí, đề án, khó khăn, đúng như lúc chốt."""
    from flows.jobs.papers.tables.reports import report_table
    from models.report.periods import report_period
    from models.report.rows import read_report

    with open_desk() as desk, desk.reading(by) as view:
        code, reported = report_period(view.session, " ".join(period), programme, desk.today)
        found = read_report(view.session, code, reported, issue=issue, reader=view.reader)
        to_file(report_table(_occasion(desk, view), found), to)


# --- what is no table ---------------------------------------------------------------------------------

_output = click.option("--output", metavar="TỆP", help="Ghi vào tệp này; - là in ra stdout.")
_force = click.option("--force", is_flag=True, help="Ghi đè tệp đã có.")


@export.command()
@project_code
@click.option("--ics", is_flag=True, help="Dạng iCalendar (.ics), là dạng duy nhất.")
@_output
@_force
@by_reader
def calendar(code: str, ics: bool, output: str | None, force: bool, by: str | None) -> None:
    """Lịch các hạn đang chạy của một đề án, để nhập vào Outlook, Google Calendar…"""
    from flows.jobs.papers.calendars import calendar_file
    from models.queries import register as about

    with open_desk() as desk, desk.reading(by) as view:
        more = {"base_url": desk.settings.base_url, "demonstration": about(desk.store)["is_demonstration"]}
        found = calendar_file(view.session, code, reader=view.reader, as_of=desk.today, **more)
    saved([found.content], found.name, output, force=force)


@export.command()
@click.option("--on", metavar="NGÀY", type=DAY, help="Đêm nào; bỏ trống là đêm mới nhất.")
@_output
@_force
@as_json
def mart(on: date | None, output: str | None, force: bool, as_json: bool) -> None:
    """Tệp số liệu mở của một đêm (SQLite); --json in mô tả các bảng và cột (Data Package)."""
    from flows.jobs.papers.open_data import description, mart_name, newest_mart
    from models.mart import shelf_of
    from models.queries import register as about

    with open_desk() as desk:
        is_demonstration = about(desk.store)["is_demonstration"]
        place = newest_mart(shelf_of(desk.settings.home, demonstration=is_demonstration), on)
        if as_json:
            print_json(description(place, demonstration=is_demonstration))
            return
        saved([place.read_bytes()], mart_name(place, demonstration=is_demonstration), output, force=force)


@export.command()
@click.argument("code", metavar="MÃ", required=False, type=line("Mã địa bàn"), help="Xã, phường (dean place list).")
@click.option("--unit", metavar="MÃ", type=line("Mã đơn vị"), help="Đề án của một đơn vị thực hiện thay cho địa bàn.")
@click.option("--xlsx", is_flag=True, help="Dạng Excel, là dạng duy nhất.")
@_output
@_force
@by_reader
def commune(code: str | None, unit: str | None, xlsx: bool, output: str | None, force: bool, by: str | None) -> None:
    """Bảng để xã hoặc đơn vị điền khi không vào mạng, rồi nhập lại bằng dean import.

    Chỉ những ô đã sửa được ghi; ô mà sổ cũng vừa sửa thì dean import hỏi giữ bên nào.
    """
    from flows.jobs.imports.handing_out import offline_workbook

    with open_desk() as desk, desk.reading(by) as view:
        if view.reader is None:
            raise click.UsageError(
                "Chưa biết ai tải: hãy thêm --by MÃ (hoặc đặt DEAN_BY).", click.get_current_context()
            )
        name, content = offline_workbook(view.session, reader=view.reader, today=desk.today, place=code, unit=unit)
    saved([content], name, output, force=force)
