"""The commands that read projects: list, search, show, history."""

from datetime import date
from typing import Any

import click

from cli.door import notice, open_desk
from cli.lazy import Command
from cli.options import as_json, by_reader, paging, project_code, project_filters
from cli.output import Column, print_json, print_table
from cli.typed import CODE, DAY, YEAR
from states.old_records import marked
from states.vocabulary import Route

_LISTED = (
    Column("Mã"),
    Column("Tên đề án", flexible=True),
    Column("Tuyến"),
    Column("Giai đoạn"),
    Column("Hạn"),
    Column("Đơn vị"),
    Column("Đề nghị (đồng)", right=True),
    Column("Phê duyệt (đồng)", right=True),
)
_ROUTE_SHORT = {Route.LOCAL: "ĐP", Route.NATIONAL: "QG"}


@click.command("list", cls=Command)
@project_filters
@paging
@by_reader
@as_json
def list_(by: str | None, as_json: bool, limit: int, offset: int, **filters: Any) -> None:
    """Liệt kê đề án theo năm, giai đoạn, đơn vị, địa bàn…"""
    from models.queries import list_projects

    with open_desk() as desk, desk.reading(by) as view:
        rows = list_projects(
            view.session, reader=view.reader, today=desk.today, limit=limit + 1, offset=offset, **filters
        )
    _print_page(rows, limit, offset, as_json)


@click.command(cls=Command)
@click.argument("words", metavar="CHỮ…", nargs=-1, required=True, help="Mọi chữ đều phải có; không cần dấu.")
@paging
@by_reader
@as_json
def search(words: tuple[str, ...], by: str | None, as_json: bool, limit: int, offset: int) -> None:
    """Tìm đề án; gõ có dấu hay không dấu đều được.

    Tìm trong mã, tên, mục tiêu của đề án, và tên hoặc mã số thuế của đơn vị thụ hưởng.
    """
    from models.queries import search as find

    with open_desk() as desk, desk.reading(by) as view:
        rows = find(view.session, " ".join(words), reader=view.reader, today=desk.today, limit=limit + 1, offset=offset)
    _print_page(rows, limit, offset, as_json)


def _print_page(rows: list[dict[str, Any]], limit: int, offset: int, as_json: bool) -> None:
    """Print one page; one row more than the page was read, to know whether another follows."""
    page = rows[:limit]
    if as_json:
        print_json(page)
    elif page:
        print_table(_LISTED, [_listed(row) for row in page])
    else:
        notice("Không có đề án nào như vậy; hãy bớt điều kiện hoặc gõ ít chữ hơn.")
    if len(rows) > limit:
        notice(f"Còn nữa: xem trang sau bằng --offset {offset + limit}.")


def _listed(row: dict[str, Any]) -> tuple[Any, ...]:
    approved = row["approved"] or None
    short = _ROUTE_SHORT[Route(row["route"])]
    left = row["deadline"] and row["deadline"]["left"]
    stage = marked(row["stage_label"], is_old=row["old_record"])
    return row["code"], row["name"], short, stage, left, row["unit"], row["asked"], approved


@click.command(cls=Command)
@project_code
@click.option("--as-of", metavar="NGÀY", type=DAY, help="Như đã quyết định đến ngày này (theo ngày văn bản).")
@click.option("--known-on", metavar="NGÀY", type=DAY, help="Như sổ đã biết đến ngày này (theo ngày ghi).")
@by_reader
@as_json
def show(code: str, as_of: date | None, known_on: date | None, by: str | None, as_json: bool) -> None:
    """Xem một đề án, hôm nay hoặc ở một ngày đã qua.

    --as-of hỏi theo ngày văn bản, --known-on hỏi theo ngày ghi vào sổ; dùng cả hai để biết vào ngày ghi ấy sổ
    nói gì về ngày văn bản kia.
    """
    from cli.sheet import print_sheet
    from models.queries import show_project
    from models.queries.judged import open_by_role

    with open_desk() as desk, desk.reading(by) as view:
        sheet = show_project(view.session, code, as_of=as_of, known_on=known_on, reader=view.reader, today=desk.today)
        past = as_of is not None or known_on is not None
        steps = [] if past or as_json else open_by_role(view.session, code, desk.at, view.reader)
    if as_json:
        print_json(sheet)
    else:
        print_sheet(sheet, steps)


_TOLD = (
    Column("Đề án"),
    Column("Năm", right=True),
    Column("Tên đề án", flexible=True),
    Column("Mức"),
    Column("Đề án trước"),
    Column("Năm", right=True),
    Column("Tuyến"),
    Column("Đơn vị thụ hưởng", flexible=True),
    Column("Phê duyệt (đồng)", right=True),
)


@click.command(cls=Command)
@click.argument("code", metavar="MÃ", type=CODE, required=False, help="Mã đề án; bỏ trống thì dò cả sổ.")
@click.option("--year", metavar="NĂM", type=YEAR, help="Khi dò cả sổ: chỉ những đề án của một năm kế hoạch.")
@by_reader
@as_json
def duplicates(code: str | None, year: int | None, by: str | None, as_json: bool) -> None:
    """Dò trùng hỗ trợ: cùng đơn vị thụ hưởng, cùng máy móc.

    Dò ở mọi năm, hai tuyến và mọi đơn vị thực hiện; đề án nháp, bị loại, đã rút hoặc hết hạn bổ sung không tính.
    Đây là cảnh báo để đối chiếu trước khi phê duyệt, không phải lý do từ chối.
    """
    from models.queries import all_duplicates, duplicates_of

    if code is not None and year is not None:
        raise click.UsageError("--year chỉ dùng khi dò cả sổ; hãy bỏ mã đề án hoặc bỏ --year.")
    with open_desk() as desk, desk.reading(by) as view:
        if code is None:
            found = all_duplicates(view.session, year=year, reader=view.reader)
        else:
            found = duplicates_of(view.session, code, reader=view.reader)
    if as_json:
        print_json(found if code is None else {"project": code, "duplicates": found})
    elif not found:
        click.echo("Không thấy đề án nào trùng hỗ trợ.")
    elif code is None:
        print_table(_TOLD, [_told(row) for row in found])
    else:
        for row in found:
            click.echo(row["sentence"])


def _told(row: dict[str, Any]) -> tuple[Any, ...]:
    later = row["project"]
    route = row["route"] and _ROUTE_SHORT[Route(row["route"])]
    # Years are names and not quantities: no dots.
    return (
        *(later["code"], str(later["plan_year"]), later["name"], row["certainty_label"], row["code"]),
        *(str(row["plan_year"]), route, row["beneficiary"], row["approved"] or None),
    )


@click.command(cls=Command)
@project_code
@by_reader
@as_json
def history(code: str, by: str | None, as_json: bool) -> None:
    """Xem mọi việc đã ghi của một đề án.

    Mỗi sự kiện có cơ quan quyết định, ngày văn bản, người ghi, lúc ghi và mã băm.
    """
    from cli.sheet import print_history
    from models.queries import history as told

    with open_desk() as desk, desk.reading(by) as view:
        events = told(view.session, code, reader=view.reader)
    if as_json:
        print_json({"project": code, "events": events})
    else:
        print_history(code, events)
