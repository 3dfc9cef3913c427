"""`dean decision`: the approving decisions on record."""

import click

from cli.door import notice, open_desk
from cli.lazy import Group
from cli.options import as_json, by_reader, paging, signed_year
from cli.output import Column, day, print_json, print_table


@click.group(cls=Group)
def decision() -> None:
    """Quyết định phê duyệt đã ghi."""


@decision.command("list")
@signed_year
@paging
@by_reader
@as_json
def list_(year: int | None, limit: int, offset: int, by: str | None, as_json: bool) -> None:
    """Liệt kê quyết định phê duyệt, mới nhất trước."""
    from models.queries import decisions

    with open_desk() as desk, desk.reading(by) as view:
        rows = decisions(view.session, year=year, reader=view.reader, limit=limit + 1, offset=offset)
    if as_json:
        print_json(rows[:limit])
    else:
        columns = (Column("Số"), Column("Ngày"), Column("Cơ quan"), Column("Người ký"))
        amounts = (Column("Tổng của sổ này (đồng)", right=True), Column("Tổng phụ lục (đồng)", right=True))
        keys = ("number", "decided_on", "authority_label", "signer", "total", "annex_total")
        listed = [[row[key] if key != "decided_on" else day(row[key]) for key in keys] for row in rows[:limit]]
        projects = [len(row["projects"]) for row in rows[:limit]]
        print_table(
            (*columns, *amounts, Column("Số đề án", right=True)),
            [[*cells, count] for cells, count in zip(listed, projects, strict=True)],
        )
    if len(rows) > limit:
        notice(f"Còn nữa: xem trang sau bằng --offset {offset + limit}.")
