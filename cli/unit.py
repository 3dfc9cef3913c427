"""`dean unit`: executing units and offices."""

import click

from cli.door import open_desk
from cli.lazy import Group
from cli.options import as_json, by_writer
from cli.output import Column, print_json, print_table
from cli.typed import SHORT_CODE, line
from states.vocabulary import Role


@click.group(cls=Group)
def unit() -> None:
    """Đơn vị thực hiện và cơ quan."""


@unit.command()
@click.argument("code", metavar="MÃ", type=SHORT_CODE, help="Mã mới: chữ không dấu, số, dấu chấm, gạch.")
@click.option("--name", metavar="TÊN", required=True, type=line("Tên đơn vị"), help="Tên đầy đủ.")
@click.option("--office", is_flag=True, help="Là cơ quan quản lý, không thực hiện đề án.")
@by_writer
def add(code: str, name: str, office: bool, by: str | None) -> None:
    """Thêm một đơn vị (quản trị hoặc điều phối viên)."""
    from models.people import add_unit, refuse_others_than

    with open_desk() as desk, desk.writing(by) as writing:
        refuse_others_than(writing.person, Role.ADMINISTRATOR, Role.COORDINATOR)
        add_unit(writing.session, code, name, writing.origin, executes=not office)
    click.echo(f"Đã thêm đơn vị {code}: {name}.")


@unit.command("list")
@as_json
def list_(as_json: bool) -> None:
    """Liệt kê đơn vị và số đề án của mỗi đơn vị."""
    from models.queries import units

    with open_desk() as desk, desk.reading() as view:
        rows = units(view.session)
    if as_json:
        print_json(rows)
        return
    columns = (Column("Mã"), Column("Tên", flexible=True), Column("Thực hiện đề án"), Column("Số đề án", right=True))
    print_table(columns, [[row["code"], row["name"], row["executes"], row["projects"]] for row in rows])
