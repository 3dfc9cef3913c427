"""`dean mart`: the register as one SQLite file a night: made, listed, shown, compared, thinned out."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from cli.door import Desk, open_desk
from cli.lazy import Group
from cli.options import as_json, as_of
from cli.output import Column, minute, print_fields, print_heading, print_json, print_table
from cli.typed import DAY
from states.refusal import Refused
from states.vocabulary import MoneyKind, Source
from states.words import format_date, format_number

#: Lines of each kind of change that a terminal shows; --json tells all.
SHOWN = 50


@click.group(cls=Group)
def mart() -> None:
    """Tệp số liệu mỗi đêm: lập, liệt kê, xem, so hai đêm, dọn."""


def _shelf(desk: Desk) -> Path:
    from models.mart import shelf_of
    from models.setup import is_demonstration

    with desk.store.read() as session:
        return shelf_of(desk.settings.home, demonstration=is_demonstration(session))


@mart.command()
@as_of
@as_json
def make(as_of: date | None, as_json: bool) -> None:
    """Lập tệp số liệu của một ngày, thay tệp cũ của ngày đó nếu có.

    Số liệu là của sổ lúc này. Hai cách cộng số liệu tổng hợp lệch nhau thì không lập, tệp cũ giữ nguyên, mã thoát 1.
    """
    from models.mart import publish

    with open_desk() as desk:
        made = publish(desk.store, desk.settings.home, as_of=as_of or desk.today, at=desk.at)
    if as_json:
        print_json(made.as_json())
        if not made.agrees:
            raise click.exceptions.Exit(1)
        return
    if not made.agrees:
        raise Refused(*made.reasons)
    click.echo(f"Đã lập {made.path}\nDấu nội dung: {made.content_hash}")


@mart.command("list")
@as_json
def list_(as_json: bool) -> None:
    """Liệt kê các tệp số liệu, mới nhất trước, và vì sao còn giữ."""
    from models.mart import marts

    with open_desk() as desk:
        found = marts(_shelf(desk))
    if as_json:
        print_json([each.as_json() for each in found])
        return
    columns = (Column("Ngày"), Column("Kích thước (KB)", right=True), Column("Giữ vì"), Column("Tệp"))
    rows = [(format_date(each.on), each.size // 1024, each.why or "không còn lý do", str(each.place)) for each in found]
    print_table(columns, rows)


@mart.command()
@click.argument("on", metavar="NGÀY", type=DAY, help="Ngày của tệp (dd/mm/yyyy hoặc ISO).")
@as_json
def show(on: date, as_json: bool) -> None:
    """Xem một tệp: tính đến sự kiện nào, mỗi bảng bao nhiêu dòng, nội dung còn nguyên không.

    Mã thoát 1 khi nội dung không còn đúng với dấu đã ghi lúc lập.
    """
    from models.mart import about, mart_on

    with open_desk() as desk:
        found = about(mart_on(_shelf(desk), on))
    if as_json:
        print_json(found)
    else:
        meta = found["meta"]
        intact = "còn nguyên" if found["intact"] else "ĐÃ BỊ SỬA sau khi lập"
        print_fields(
            [
                ("Tệp", found["path"]),
                ("Sổ", meta["title"]),
                ("Ngày", format_date(date.fromisoformat(meta["as_of"]))),
                (
                    "Số liệu ghi đến",
                    f"{format_date(date.fromisoformat(meta['cutoff_on']))}, sự kiện {meta['cutoff_event']}",
                ),
                ("Lập lúc", f"{minute(meta['made_at'])} bằng {meta['generator']}"),
                ("Dấu nội dung", f"{meta['content_hash']} ({intact})"),
            ]
        )
        print_heading("Số dòng")
        print_fields([(name, format_number(count)) for name, count in found["rows"].items()])
    if not found["intact"]:
        raise click.exceptions.Exit(1)


@mart.command()
@click.argument("before", metavar="NGÀY", type=DAY, help="Đêm trước.")
@click.argument("after", metavar="NGÀY", type=DAY, help="Đêm sau.")
@as_json
def diff(before: date, after: date, as_json: bool) -> None:
    """So hai đêm: đề án mới, đề án đổi bước, đổi tiền, và tổng chênh lệch."""
    from models.mart import difference, mart_on

    with open_desk() as desk:
        shelf = _shelf(desk)
        found = difference(mart_on(shelf, before), mart_on(shelf, after))
    if as_json:
        print_json(found)
    else:
        _print_difference(found)


def _print_difference(found: dict[str, Any]) -> None:
    nights = (format_date(date.fromisoformat(found[side]["as_of"])) for side in ("before", "after"))
    events = (f"sự kiện {found[side]['cutoff_event']}" for side in ("before", "after"))
    click.echo(f"{' → '.join(nights)} ({' → '.join(events)})")
    if not any(found[name] for name in ("appeared", "disappeared", "stages", "money")):
        click.echo("Không đề án nào đổi.")
        return
    for name, title in (("appeared", "Đề án mới"), ("disappeared", "Đề án không còn")):
        rows = [[row["project"], row["name"], row["stage_label"]] for row in found[name]]
        _print_part(title, (Column("Đề án"), Column("Tên", flexible=True), Column("Bước")), rows)
    rows = [[row["project"], row["name"], row["was_label"], row["now_label"]] for row in found["stages"]]
    _print_part("Đổi bước", (Column("Đề án"), Column("Tên", flexible=True), Column("Từ"), Column("Đến")), rows)
    money = (Column("Nguồn"), Column("Loại"), *(Column(head, right=True) for head in ("Trước", "Sau", "Chênh")))
    rows = [[row["project"], *_amounts(row["source"], row["kind"], row)] for row in found["money"]]
    _print_part("Đổi tiền (đồng)", (Column("Đề án"), *money), rows)
    totals = [
        _amounts(source, kind, pair)
        for source, kinds in found["totals"]["money"].items()
        for kind, pair in kinds.items()
    ]
    _print_part("Cộng (đồng)", money, totals)


def _amounts(source: str, kind: str, pair: dict[str, int]) -> list[Any]:
    labels = (Source(source).label, MoneyKind(kind).label)
    return [*labels, pair["was"], pair["now"], pair["now"] - pair["was"]]


def _print_part(title: str, columns: tuple[Column, ...], rows: list[list[Any]]) -> None:
    if not rows:
        return
    print_heading(f"{title}: {format_number(len(rows))}")
    print_table(columns, rows[:SHOWN])
    if len(rows) > SHOWN:
        click.echo(f"… và {format_number(len(rows) - SHOWN)} dòng nữa (--json để xem đủ)")


@mart.command()
@click.option("--dry-run", is_flag=True, help="Chỉ cho xem sẽ xóa tệp nào.")
@as_json
def prune(dry_run: bool, as_json: bool) -> None:
    """Xóa những tệp không còn lý do giữ.

    Giữ 35 đêm gần nhất, tệp cuối của 24 tháng gần nhất và tệp cuối của mỗi năm.
    """
    from models.mart import prune as remove

    with open_desk() as desk:
        gone = remove(_shelf(desk), at=desk.at, dry_run=dry_run)
    if as_json:
        print_json({"dry_run": dry_run, "removed": [str(place) for place in gone]})
        return
    for place in gone:
        click.echo(f"{'Sẽ xóa' if dry_run else 'Đã xóa'} {place}")
    click.echo(f"{format_number(len(gone))} tệp." if gone else "Không có tệp nào cần xóa.")
