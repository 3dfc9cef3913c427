"""`dean calendar`: the working-day calendar, counting with it, and changing it on the word of a document."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from cli.door import notice, open_desk
from cli.in_force import rules_in_force
from cli.lazy import Group
from cli.options import as_json, by_writer
from cli.output import Column, print_fields, print_json, print_table
from cli.typed import DAY, YEAR, Coded, Member, line, whole_number
from states.counting import TERMS, Roll, Term, Workdays
from states.listed_days import weekday_name
from states.words import format_date, format_number

if TYPE_CHECKING:
    from models.calendars import Moved, Moves

_N = whole_number("Số", 0, 100_000)
_KIND = Coded("loại ngày", {"off": "nghỉ", "work": "làm việc"}, {"làm": "work"})
_ROLL = Member("cách chuyển", Roll)
_basis = click.option(
    "--basis", metavar="VĂN BẢN", required=True, type=line("Căn cứ"), help="Văn bản làm căn cứ, ví dụ số thông báo."
)


@click.group(cls=Group)
def calendar() -> None:
    """Lịch làm việc: xem, đếm ngày, sửa theo thông báo nghỉ."""


@calendar.command()
@click.argument("year", metavar="NĂM", type=YEAR, help="Năm cần xem.")
@as_json
def show(year: int, as_json: bool) -> None:
    """Xem các ngày nghỉ và ngày làm bù của một năm."""
    from models.queries.calendar import calendar_year

    with rules_in_force() as rules:
        answer = calendar_year(rules.book.calendar, year)
    if as_json:
        print_json(answer)
        return
    state = "đã xác nhận" if answer["confirmed"] else "chưa xác nhận, mọi hạn tính qua năm này là tạm tính"
    click.echo(f"Lịch {answer['jurisdiction']} năm {year}, bản {answer['version']}: {state}.")
    click.echo(f"{answer['workdays']} ngày làm việc; nghỉ hằng tuần theo {answer['weekend_basis']}.\n")
    columns = (Column("Ngày"), Column("Thứ"), Column("Là"), Column("Tên", flexible=True), Column("Căn cứ"))
    print_table((*columns, Column("Lưu ý")), [_day_row(row) for row in answer["days"]])


def _day_row(row: dict[str, Any]) -> tuple[Any, ...]:
    remarks = [
        *([] if row["active"] else ["chưa áp dụng"]),
        *([] if row["verified"] else ["chưa kiểm chứng"]),
        *([f"hoán đổi với {_shown(row['swap_with'])}"] if row["swap_with"] else []),
    ]
    kind = "nghỉ" if row["kind"] == "off" else "làm việc"
    return _shown(row["date"]), row["weekday"], kind, row["name"], row["basis"], ", ".join(remarks)


def _shown(iso: str) -> str:
    return format_date(date.fromisoformat(iso))


@calendar.command()
@click.argument("start", metavar="TỪ NGÀY", type=DAY, help="Ngày bắt đầu, không tính vào thời hạn.")
@click.argument("number", metavar="N", type=_N, help="Độ dài của thời hạn.")
@click.option("--workdays", "unit", flag_value="workdays", default="workdays", help="Ngày làm việc (mặc định).")
@click.option("--days", "unit", flag_value="days", help="Ngày theo lịch.")
@click.option("--months", "unit", flag_value="months", help="Tháng.")
@click.option("--roll", metavar="CÁCH", type=_ROLL, default="forward", help="Gặp ngày nghỉ: forward, safe hoặc none.")
@as_json
def add(start: date, number: int, unit: str, roll: Roll, as_json: bool) -> None:
    """Cộng một thời hạn vào một ngày và liệt kê từng ngày đã đếm.

    In ba ngày: hạn theo cách đếm, hạn sau khi chuyển ngày nghỉ, và ngày làm việc an toàn không sau hạn.
    """
    from models.queries.calendar import added

    term = TERMS[unit](number)
    with rules_in_force() as rules:
        answer = added(rules.book.calendar, start, term, roll)
    if as_json:
        print_json({"from": start.isoformat(), "number": number, "unit": unit, "roll": str(roll)} | answer)
        return
    _print_due(start, term, answer, roll)
    click.echo("")
    print_days(answer["days"])
    warn(answer["warnings"])


def _print_due(start: date, term: Term, answer: dict[str, Any], roll: Roll) -> None:
    click.echo(f"{term} từ ngày {format_date(start)}:")
    print_fields(
        (name, f"{_shown(answer[which])} ({weekday_name(date.fromisoformat(answer[which]))})")
        for name, which in (
            ("  Hạn theo cách đếm", "printed_on"),
            (f"  Hạn ({roll.label})", "rolled_on"),
            ("  Ngày an toàn", "safe_on"),
        )
    )


def print_days(days: Iterable[dict[str, Any]]) -> None:
    """Print a proof sheet: each day, the number it was counted as, why, and on whose word."""
    columns = (Column("Ngày"), Column("Thứ"), Column("Đếm", right=True), Column("Lý do", flexible=True))
    rows = [
        (
            _shown(row["date"]),
            row["weekday"],
            row["ordinal"],
            row["reason"],
            row["basis"] if row["verified"] else f"{row['basis']} (chưa kiểm chứng)",
            ", ".join(_MARKS[mark] for mark in row["marks"]),
        )
        for row in days
    ]
    print_table((*columns, Column("Căn cứ", flexible=True), Column("Ghi chú")), rows)


_MARKS = {"printed": "hạn theo cách đếm", "rolled": "hạn", "safe": "ngày an toàn"}


def warn(warnings: Iterable[str]) -> None:
    for warning in warnings:
        notice(f"Lưu ý: {warning}")


@calendar.command()
@click.argument("start", metavar="TỪ NGÀY", type=DAY, help="Ngày đầu, không đếm.")
@click.argument("end", metavar="ĐẾN NGÀY", type=DAY, help="Ngày cuối, có đếm.")
@as_json
def count(start: date, end: date, as_json: bool) -> None:
    """Đếm số ngày làm việc sau ngày đầu đến hết ngày cuối.

    Ngày cuối trước ngày đầu thì kết quả là số âm.
    """
    from models.queries.calendar import between

    with rules_in_force() as rules:
        answer = between(rules.book.calendar, start, end)
    if as_json:
        print_json(answer)
        return
    days = format_number((end - start).days)
    click.echo(f"{Workdays(answer['workdays'])} ({days} ngày) sau {format_date(start)} đến hết {format_date(end)}.")
    for row in answer["listed"]:
        click.echo(f"  {_shown(row['date'])}  {row['weekday']}: {row['reason']} ({row['basis']})")
    warn(answer["warnings"])


@calendar.command("set")
@click.argument("day", metavar="NGÀY", type=DAY, help="Ngày nghỉ hoặc ngày làm việc.")
@click.argument("kind", metavar="off|work", type=_KIND, help="off: nghỉ; work: làm việc.")
@click.option("--with", "partner", metavar="NGÀY", type=DAY, help="Ngày hoán đổi: nghỉ ngày này, làm bù ngày kia.")
@click.option("--name", metavar="TÊN", type=line("Tên ngày"), help="Tên ngày nghỉ hoặc lý do làm bù.")
@_basis
@by_writer
@as_json
def set_(
    day: date, kind: str, partner: date | None, name: str | None, basis: str, by: str | None, as_json: bool
) -> None:
    """Ghi một ngày nghỉ hoặc làm việc theo văn bản; các hạn đang chạy dời theo.

    Quản trị hoặc lãnh đạo ghi. In những hạn đã dời.
    """
    from models.calendars import day_or_swap, refuse_others_ruling, set_days

    days = day_or_swap(day, kind, partner)
    with open_desk() as desk, desk.writing(by) as writing:
        refuse_others_ruling(writing.person)
        moved = set_days(writing.session, days, name=name or "", basis=basis, origin=writing.origin)
    what = "; ".join(f"{format_date(each)} {'nghỉ' if kind == 'off' else 'làm việc'}" for each, kind in days.items())
    _print_moved(f"Đã ghi lịch: {what} ({basis}).", moved, as_json)


@calendar.command()
@click.argument("year", metavar="NĂM", type=YEAR, help="Năm đã đối chiếu với các thông báo nghỉ.")
@_basis
@by_writer
@as_json
def confirm(year: int, basis: str, by: str | None, as_json: bool) -> None:
    """Xác nhận lịch của một năm; các hạn qua năm đó không còn là tạm tính."""
    from models.calendars import confirm_year, refuse_others_ruling

    with open_desk() as desk, desk.writing(by) as writing:
        refuse_others_ruling(writing.person)
        moved = confirm_year(writing.session, year, basis=basis, origin=writing.origin)
    _print_moved(f"Đã xác nhận lịch năm {year} ({basis}).", moved, as_json)


def _print_moved(done: str, moved: "Moves", as_json: bool) -> None:
    from models.calendars import describe

    if as_json:
        print_json({"count": moved.count, "moved": [_moved(each) for each in moved.listed]})
        return
    click.echo(done)
    if not moved.count:
        click.echo("Không hạn nào dời.")
        return
    click.echo(f"{format_number(moved.count)} hạn đã dời:")
    for each in moved.listed:
        click.echo(f"  {describe(each)}")
    if moved.count > len(moved.listed):
        click.echo(f"  … và {format_number(moved.count - len(moved.listed))} hạn khác (dean due).")


def _moved(each: "Moved") -> dict[str, Any]:
    return {
        "project": each.project,
        "kind": each.clock,
        "rule": each.rule,
        "was": each.was and each.was.isoformat(),
        "now": each.now and each.now.isoformat(),
    }
