"""`dean beneficiary`: the rural industrial establishments that projects support."""

from typing import Any

import click

from cli.door import notice, open_desk
from cli.lazy import Group
from cli.options import as_json, by_reader, by_writer, note, paging
from cli.output import Column, print_json, print_table
from cli.typed import ROW_ID, Coded, line
from states.beneficiaries import BENEFICIARY_KINDS as KINDS
from states.vocabulary import Role

_COLUMNS = (
    Column("Số", right=True),
    Column("Tên", flexible=True),
    Column("Loại"),
    Column("Mã số thuế"),
    Column("Địa điểm", flexible=True),
    Column("Số đề án", right=True),
)


@click.group(cls=Group)
def beneficiary() -> None:
    """Đơn vị thụ hưởng."""


@beneficiary.command()
@click.option("--name", metavar="TÊN", required=True, type=line("Tên đơn vị thụ hưởng"), help="Tên đầy đủ.")
@click.option("--kind", metavar="LOẠI", required=True, type=Coded("loại", KINDS), help=f"Loại: {', '.join(KINDS)}.")
@click.option("--tax-code", metavar="MST", type=line("Mã số thuế"), help="Mã số thuế, 10 số hoặc 10 số-3 số.")
@click.option("--place", metavar="MÃ", type=line("Mã địa bàn"), help="Nơi sản xuất (dean place list).")
@click.option("--women-owned", is_flag=True, help="Do phụ nữ làm chủ.")
@click.option("--ethnic-minority-owned", is_flag=True, help="Do người dân tộc thiểu số làm chủ.")
@click.option("--distinct", is_flag=True, help="Xác nhận là đơn vị khác dù tên gần giống đơn vị đã có.")
@by_writer
@as_json
def add(by: str | None, as_json: bool, distinct: bool, **written: Any) -> None:
    """Thêm một đơn vị thụ hưởng, dùng chung cho mọi năm.

    Mã số thuế đã có hoặc tên gần giống thì bị từ chối, kèm số của đơn vị đã có.
    """
    from pydantic import ValidationError

    from models.forms import BeneficiaryForm, refuse_invalid
    from models.people import add_beneficiary, refuse_others_than

    try:
        form = BeneficiaryForm.model_validate(written)
    except ValidationError as error:
        raise refuse_invalid(error, "Đơn vị thụ hưởng") from error
    with open_desk() as desk, desk.writing(by) as writing:
        refuse_others_than(writing.person, Role.CENTRE_OFFICER, Role.COORDINATOR, Role.ADMINISTRATOR)
        number = add_beneficiary(writing.session, form, writing.origin, distinct=distinct)
    if as_json:
        print_json({"id": number, "name": form.name})
    else:
        click.echo(f"Đã thêm đơn vị thụ hưởng số {number}: {form.name}.")


@beneficiary.command()
@click.argument("number", metavar="SỐ", type=ROW_ID, help="Số của đơn vị thụ hưởng (dean beneficiary list).")
@click.option("--name", metavar="TÊN", type=line("Tên đơn vị thụ hưởng"), help="Tên đầy đủ.")
@click.option("--kind", metavar="LOẠI", type=Coded("loại", KINDS), help=f"Loại: {', '.join(KINDS)}.")
@click.option("--tax-code", metavar="MST", type=line("Mã số thuế"), help="Mã số thuế, 10 số hoặc 10 số-3 số.")
@click.option("--place", metavar="MÃ", type=line("Mã địa bàn"), help="Nơi sản xuất (dean place list).")
@click.option("--women-owned/--not-women-owned", default=None, help="Do phụ nữ làm chủ, hoặc không.")
@click.option(
    "--ethnic-minority-owned/--not-ethnic-minority-owned",
    default=None,
    help="Do người dân tộc thiểu số làm chủ, hoặc không.",
)
@click.option("--distinct", is_flag=True, help="Xác nhận là đơn vị khác dù tên gần giống đơn vị đã có.")
@note
@by_writer
def edit(number: int, distinct: bool, note: str | None, by: str | None, **written: Any) -> None:
    """Sửa một đơn vị thụ hưởng (điều phối viên hoặc quản trị); phần không ghi thì giữ nguyên."""
    from models.beneficiaries import edit_beneficiary

    changes = {name: value for name, value in written.items() if value is not None}
    with open_desk() as desk, desk.writing(by) as writing:
        edit_beneficiary(
            writing.session,
            number,
            changes,
            by=writing.person,
            origin=writing.origin,
            distinct=distinct,
            note=note or "",
        )
    click.echo(f"Đã sửa đơn vị thụ hưởng số {number}.")


@beneficiary.command("list")
@click.option("--words", metavar="CHỮ", type=line("Từ khóa"), help="Có những chữ này trong tên hoặc mã số thuế.")
@paging
@by_reader
@as_json
def list_(words: str | None, limit: int, offset: int, by: str | None, as_json: bool) -> None:
    """Liệt kê đơn vị thụ hưởng và số đề án của mỗi đơn vị."""
    from models.queries import beneficiaries

    with open_desk() as desk, desk.reading(by) as view:
        rows = beneficiaries(view.session, words=words, reader=view.reader, limit=limit + 1, offset=offset)
    if as_json:
        print_json(rows[:limit])
    else:
        print_table(_COLUMNS, [_row(row) for row in rows[:limit]])
    if len(rows) > limit:
        notice(f"Còn nữa: xem trang sau bằng --offset {offset + limit}.")


@beneficiary.command()
@as_json
def duplicates(as_json: bool) -> None:
    """Tìm những đơn vị có thể đã ghi hai lần (trùng tên không dấu hoặc trùng mã số thuế gốc)."""
    from models.queries import duplicate_beneficiaries

    with open_desk() as desk, desk.reading() as view:
        groups = duplicate_beneficiaries(view.session)
    if as_json:
        print_json(groups)
    elif not groups:
        click.echo("Không thấy đơn vị thụ hưởng nào ghi hai lần.")
    else:
        print_table(_COLUMNS, [_row(row) for group in groups for row in group])


def _row(row: dict[str, Any]) -> list[Any]:
    kind = KINDS.get(row["kind"], row["kind"])
    return [str(row["id"]), row["name"], kind, row["tax_code"], row["place"], row["projects"]]
