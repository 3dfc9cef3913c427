"""The commands that only read about adjustments: list, show, and who decides what."""

from typing import Any

import click

from cli.calendar import warn
from cli.door import notice, open_desk
from cli.lazy import Command
from cli.options import as_json, by_reader, project_code
from cli.output import NOTHING, Column, day, print_fields, print_json, print_table
from cli.typed import CHANGE, ROUTE
from states.adjustments import adjustment_authority
from states.vocabulary import Change, Route


@click.command("list", cls=Command)
@click.option("--open", "only_open", is_flag=True, help="Chỉ những đề nghị đang chờ quyết định.")
@by_reader
@as_json
def list_(only_open: bool, by: str | None, as_json: bool) -> None:
    """Liệt kê đề nghị điều chỉnh, mới nhất trước."""
    from models.queries.adjustments import adjustments

    with open_desk() as desk, desk.reading(by) as view:
        rows = adjustments(view.session, only_open=only_open, reader=view.reader)
    if as_json:
        print_json(rows)
    elif rows:
        columns = (Column("Đề án"), Column("Ngày"), Column("Số"), Column("Nội dung", flexible=True))
        print_table((*columns, Column("Cơ quan quyết định"), Column("Tình trạng")), [_row(row) for row in rows])
    else:
        notice("Không có đề nghị điều chỉnh nào.")


def _row(row: dict[str, Any]) -> list[Any]:
    kinds = "; ".join(row["kind_labels"])
    return [row["project"], day(row["requested_on"]), row["number"], kinds, row["authority_label"], _status(row)]


def _status(row: dict[str, Any]) -> str:
    waiting = row["status"] == "open" and row["confirmed"] is None
    return "Chờ Sở xác nhận" if waiting else str(row["status_label"])


@click.command(cls=Command)
@project_code
@by_reader
@as_json
def show(code: str, by: str | None, as_json: bool) -> None:
    """Xem các đề nghị của một đề án: cũ và mới, ai quyết định.

    Đề nghị mới nhất trước.
    """
    from models.queries.adjustments import adjustments

    with open_desk() as desk, desk.reading(by) as view:
        rows = adjustments(view.session, code=code, reader=view.reader)
    if as_json:
        print_json({"project": code, "requests": rows})
        return
    if not rows:
        notice(f"Đề án {code} không có đề nghị điều chỉnh nào.")
    for place, row in enumerate(rows):
        if place:
            click.echo("")
        _print(row)


def _print(row: dict[str, Any]) -> None:
    number = f" số {row['number']}" if row["number"] else ""
    click.echo(f"{row['project']}: đề nghị{number} ngày {day(row['requested_on'])} – {_status(row)}")
    print_fields(
        (
            ("Nội dung", "; ".join(row["kind_labels"])),
            ("Lý do", row["reason"]),
            ("Cơ quan quyết định", f"{row['authority_label']} ({row['basis']})"),
            ("Sở xác nhận", _paper(row["confirmed"])),
            ("Quyết định", _paper(row["decision"])),
        )
    )
    columns = [Column("Mục", flexible=True), Column("Cũ", flexible=True), Column("Mới", flexible=True)]
    differs = any(change["granted"] not in (None, change["new"]) for change in row["changes"])
    columns += [Column("Được duyệt", flexible=True)] if differs else []
    names = ("old", "new", "granted") if differs else ("old", "new")
    if row["changes"]:
        click.echo("")
        print_table(columns, [[each["label"], *(_value(each, name) for name in names)] for each in row["changes"]])


def _value(change: dict[str, Any], name: str) -> Any:
    value = change[name]
    return day(value) if value and change["field"] in ("starts_on", "ends_on") else value


def _paper(paper: dict[str, Any] | None) -> str | None:
    if paper is None:
        return None
    number = paper["number"] or NOTHING
    return f"số {number}, ngày {day(paper['on'])}" + (f", ký: {paper['signer']}" if paper["signer"] else "")


@click.command(cls=Command)
@click.option("--route", metavar="TUYẾN", required=True, type=ROUTE, help="Tuyến: local hoặc national.")
@click.option(
    "--kind",
    "kinds",
    metavar="LOẠI",
    required=True,
    multiple=True,
    type=CHANGE,
    help=f"Nội dung điều chỉnh, ghi nhiều lần được: {', '.join(Change)}.",
)
@as_json
def authority(route: Route, kinds: tuple[Change, ...], as_json: bool) -> None:
    """Cho biết cơ quan nào quyết định một đề nghị điều chỉnh.

    Nhiều nội dung trong một đề nghị thì cơ quan cao nhất quyết định tất cả.
    """
    found = adjustment_authority(route, kinds)
    if as_json:
        print_json(
            {
                "authority": found.authority,
                "authority_label": found.authority.label,
                "basis": found.basis,
                "verified": found.verified,
                "warnings": list(found.warnings),
                "route": route,
                "kinds": list(dict.fromkeys(kinds)),
            }
        )
        return
    changes = "; ".join(kind.label for kind in dict.fromkeys(kinds))
    print_fields(
        (
            ("Nội dung", changes),
            ("Tuyến", route.label),
            ("Cơ quan quyết định", f"{found.authority.label} ({found.authority})"),
            ("Căn cứ", found.basis if found.verified else f"{found.basis} (chưa kiểm chứng)"),
        )
    )
    warn(found.warnings)
