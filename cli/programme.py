"""`dean programme`: programmes, how far they are, and whether a programme file adds up."""

from pathlib import Path
from typing import Any

import click

from cli.door import open_desk
from cli.lazy import Group
from cli.options import as_json, by_writer
from cli.output import Column, print_heading, print_json, print_table, trieu
from cli.typed import line
from states.facts import OFFICE_TIME
from states.vocabulary import Role, Source

UNVERIFIED = "chưa kiểm chứng"


@click.group(cls=Group)
def programme() -> None:
    """Chương trình: chỉ tiêu, kinh phí, tiến độ."""


@programme.command("list")
@as_json
def list_(as_json: bool) -> None:
    """Liệt kê các chương trình trong sổ."""
    from models.status import programmes

    with open_desk() as desk, desk.reading() as view:
        rows = programmes(view.session)
    if as_json:
        print_json(rows)
        return
    columns = (Column("Mã"), Column("Tên", flexible=True), Column("Quyết định"), Column("Giai đoạn"))
    print_table(
        (*columns, Column("Số đề án", right=True), Column("Lưu ý")),
        [
            [*(row[key] for key in ("code", "name", "number")), _years(row), row["projects"], _remark(row)]
            for row in rows
        ],
    )


def _remark(row: dict[str, Any]) -> str:
    return " " if row["verified"] else UNVERIFIED


def _years(row: dict[str, Any]) -> str:
    return f"{row['start_year']}–{row['end_year']}"


@programme.command()
@click.argument("code", metavar="MÃ", type=line("Mã chương trình"), required=False, help="Mã chương trình.")
@click.option("--projects", is_flag=True, help="Kèm mã các đề án đứng sau mỗi chỉ tiêu.")
@as_json
def status(code: str | None, projects: bool, as_json: bool) -> None:
    """Xem tiến độ: chỉ tiêu và kinh phí theo nội dung và nguồn.

    Không ghi mã thì lấy chương trình của năm nay, hoặc chương trình duy nhất đã có đề án.
    """
    from cli.progress import print_status
    from models.status import current_programme, programme_status

    with open_desk() as desk, desk.reading() as view:
        chosen = code or current_programme(view.session, desk.at.astimezone(OFFICE_TIME).date())
        found = programme_status(view.session, chosen)
    if as_json:
        print_json(found)
    else:
        print_status(found, with_projects=projects)


@programme.command()
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path), help="Tệp chương trình (YAML).")
@as_json
def check(file: Path, as_json: bool) -> None:
    """Cộng lại một tệp chương trình và đối chiếu với số in trong quyết định.

    Không ghi gì vào sổ. Có chênh lệch thì in từng chênh lệch, mã thoát 1.
    """
    from models.programmes import TRIEU, read_programme_file

    found = read_programme_file(file)
    contents: list[dict[str, Any]] = [
        {"no": number, "money": {str(s): budget.amounts().get(s, 0) * TRIEU for s in Source}}
        for number, budget in found.budgets()
    ]
    totals = {str(source): sum(content["money"][str(source)] for content in contents) for source in Source}
    names = {content.number: content.name for content in found.content_groups}
    if as_json:
        head = {"programme": found.programme.code, "ok": True, "verified": found.verified}
        print_json(head | {"contents": contents, "totals": totals | {"total": sum(totals.values())}})
        return
    click.echo(f"{found.programme.name} ({found.programme.code}): {len(found.targets())} chỉ tiêu")
    if not found.verified:
        click.echo(f"(số liệu {UNVERIFIED})")
    print_heading("Kinh phí (triệu đồng)")
    columns = [Column("ND", right=True), Column("Nội dung", flexible=True)]
    columns += [Column(source.label, right=True) for source in Source]
    rows = [[str(c["no"]), names.get(c["no"], "Chưa phân bổ"), *_row(c["money"])] for c in contents]
    print_table([*columns, Column("Cộng", right=True)], [*rows, [" ", "Tổng", *_row(totals)]])
    click.echo("\nCác tổng khớp với số in trong văn bản.")


def _row(money: dict[str, int]) -> list[str]:
    return [*(trieu(money[str(source)]) for source in Source), trieu(sum(money[str(source)] for source in Source))]


@programme.command()
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path), help="Tệp chương trình (YAML).")
@by_writer
def load(file: Path, by: str | None) -> None:
    """Nạp một chương trình vào sổ (điều phối viên, lãnh đạo hoặc quản trị).

    Số liệu phải khớp như dean programme check; chương trình đã có thì không bị ghi đè.
    """
    from models.people import refuse_others_than
    from models.programmes import load_programme, read_programme_file

    with open_desk() as desk, desk.writing(by) as writing:
        refuse_others_than(writing.person, Role.COORDINATOR, Role.LEADER, Role.ADMINISTRATOR)
        load_programme(writing.session, file, writing.origin)
    click.echo(f"Đã nạp chương trình {read_programme_file(file).programme.code}.")


@programme.command("publish")
@click.argument("code", metavar="MÃ", type=line("Mã chương trình"), help="Mã chương trình.")
@by_writer
def publish_(code: str, by: str | None) -> None:
    """Mở trang công khai của chương trình (lãnh đạo).

    Trang chỉ có số liệu đã công bố của đêm gần nhất và đề án đã phê duyệt; không có bản nháp, không có tên người.
    """
    _switch(code, by, shown=True)
    click.echo(f"Đã mở trang công khai /public/{code}; ai cũng xem được.")


@programme.command()
@click.argument("code", metavar="MÃ", type=line("Mã chương trình"), help="Mã chương trình.")
@by_writer
def unpublish(code: str, by: str | None) -> None:
    """Đóng trang công khai của chương trình (lãnh đạo)."""
    _switch(code, by, shown=False)
    click.echo("Đã đóng trang công khai.")


def _switch(code: str, by: str | None, *, shown: bool) -> None:
    from models.desk.publication import publish

    with open_desk() as desk, desk.writing(by) as writing:
        publish(writing.session, code, shown=shown, by=writing.person, origin=writing.origin)


@programme.command()
@as_json
def published(as_json: bool) -> None:
    """Liệt kê các chương trình đang có trang công khai."""
    from models.desk.publication import publications

    with open_desk() as desk, desk.reading() as view:
        rows = publications(view.session)
    if as_json:
        print_json(rows)
        return
    print_table(
        (Column("Mã"), Column("Tên", flexible=True), Column("Trang")),
        [[row["code"], row["name"], f"/public/{row['code']}"] for row in rows],
    )
