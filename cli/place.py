"""`dean place`: administrative units, those of today and those that ended."""

from datetime import date

import click

from cli.door import notice, open_desk
from cli.lazy import Group
from cli.options import as_json, paging
from cli.output import Column, day, print_fields, print_json, print_table
from cli.typed import DAY, Coded, line

LEVEL = Coded("cấp", {"province": "tỉnh", "district": "huyện", "commune": "xã"})


@click.group(cls=Group)
def place() -> None:
    """Đơn vị hành chính, cũ và mới."""


@place.command("list")
@click.option("--words", metavar="CHỮ", type=line("Từ khóa"), help="Có những chữ này trong tên, không cần dấu.")
@click.option("--level", metavar="CẤP", type=LEVEL, help="province (tỉnh), district (huyện) hoặc commune (xã).")
@click.option("--on", metavar="NGÀY", type=DAY, help="Chỉ những đơn vị có vào ngày này.")
@paging
@as_json
def list_(words: str | None, level: str | None, on: date | None, limit: int, offset: int, as_json: bool) -> None:
    """Liệt kê đơn vị hành chính."""
    from models.queries import places

    with open_desk() as desk, desk.reading() as view:
        rows = places(view.session, words=words, level=level, on=on, limit=limit + 1, offset=offset)
    if as_json:
        print_json(rows[:limit])
    else:
        columns = (Column("Mã"), Column("Tên", flexible=True), Column("Từ ngày"), Column("Đến ngày"))
        print_table(
            columns,
            [[row["code"], row["full_name"], day(row["valid_from"]), day(row["valid_to"])] for row in rows[:limit]],
        )
    if len(rows) > limit:
        notice(f"Còn nữa: xem trang sau bằng --offset {offset + limit}.")


@place.command()
@click.argument("code", metavar="MÃ", type=line("Mã địa bàn"), help="Mã đơn vị hành chính.")
@as_json
def show(code: str, as_json: bool) -> None:
    """Xem một đơn vị hành chính, trước và sau khi sắp xếp."""
    from models.queries import place as found

    with open_desk() as desk, desk.reading() as view:
        row = found(view.session, code)
    if as_json:
        print_json(row)
        return
    print_fields(
        [
            ("Mã", row["code"]),
            ("Tên", row["full_name"]),
            ("Từ ngày", day(row["valid_from"])),
            ("Đến ngày", day(row["valid_to"])),
            ("Nhập từ", "; ".join(f"{old['name']} ({old['code']})" for old in row["predecessors"])),
            ("Nay thuộc", "; ".join(f"{new['name']} ({new['code']})" for new in row["successors"])),
            ("Số đề án trên địa bàn", row["projects"]),
            ("Lưu ý", "" if row["verified"] else "chưa kiểm chứng"),
        ]
    )
