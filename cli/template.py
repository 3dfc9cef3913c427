"""`dean template`: the Word templates of the office, which win over the ones that we ship."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.door import Desk, notice, open_desk, read_settings
from cli.handing_over import saved
from cli.lazy import Group
from cli.options import as_json, by_writer
from cli.output import Column, print_fields, print_heading, print_json, print_table
from cli.typed import line
from states.file_kinds import clean_file_name
from states.folding import quoted
from states.refusal import Refused

if TYPE_CHECKING:
    from flows.jobs.papers.letters.keeping import Keeping

kind_typed = click.argument("kind", metavar="LOẠI", type=line("Loại văn bản"), help="Loại văn bản, ví dụ contract.")
maybe_kind = click.argument(
    "kind", metavar="LOẠI", type=line("Loại văn bản"), required=False, help="Bỏ trống là mọi loại."
)


@click.group(cls=Group)
def template() -> None:
    """Mẫu văn bản Word của đơn vị: liệt kê, lấy để sửa, kiểm tra, đặt làm mẫu.

    Tệp LOẠI.docx trong thư mục templates của DEAN_HOME được dùng thay mẫu có sẵn.
    """


@template.command("list")
@as_json
def list_(as_json: bool) -> None:
    """Liệt kê các loại văn bản: của ai, cần gì trong sổ trước khi soạn."""
    from flows.jobs.papers.letters.templates import misnamed, template_states

    rows = template_states(read_settings())
    for stray in misnamed(read_settings()):
        notice(stray)
    if as_json:
        print_json(
            [
                {"kind": row.kind, "label": row.label, "own": row.own is not None, "needs": row.needs}
                | {"fields": dict(row.fields)}
                for row in rows
            ]
        )
        return
    columns = [Column("Loại"), Column("Văn bản", flexible=True), Column("Mẫu"), Column("Cần có", flexible=True)]
    print_table(columns, [(row.kind, row.label, "của đơn vị" if row.own else "có sẵn", row.needs) for row in rows])


@template.command()
@kind_typed
@as_json
def fields(kind: str, as_json: bool) -> None:
    """Liệt kê các trường dùng được trong mẫu của một loại."""
    from flows.jobs.papers.letters.templates import template_states

    [found] = template_states(read_settings(), kind)
    if as_json:
        print_json(dict(found.fields))
        return
    print_heading(found.label)
    print_fields(found.fields)


@template.command()
@kind_typed
@click.option("--output", metavar="TỆP", help="Ghi vào tệp hoặc thư mục này; - là in ra stdout.")
@click.option("--force", is_flag=True, help="Ghi đè tệp đã có.")
def export(kind: str, output: str | None, force: bool) -> None:
    """Lấy mẫu có sẵn ra tệp Word để sửa theo cách của đơn vị."""
    from flows.jobs.papers.letters.templates import exported

    name, content = exported(kind)
    saved([content], name, output, force=force)


@template.command()
@maybe_kind
@as_json
def check(kind: str | None, as_json: bool) -> None:
    """Kiểm tra mẫu của đơn vị: trường lạ, thẻ viết sai, tệp không dùng được, tệp sai tên.

    Mã thoát 1 khi có mẫu chưa dùng được.
    """
    from flows.jobs.papers.letters.templates import misnamed, template_states

    rows, strays = template_states(read_settings(), kind, check=True), misnamed(read_settings())
    for stray in strays:
        notice(stray)
    if as_json:
        print_json(
            [
                {"kind": row.kind, "own": row.own is not None, "ok": not row.problems, "problems": list(row.problems)}
                for row in rows
            ]
        )
    else:
        for row in rows:
            state = "chưa dùng được" if row.problems else "dùng được" if row.own else "mẫu có sẵn"
            click.echo(f"{row.kind}: {state}")
            for problem in row.problems:
                click.echo(f"  {problem}")
    # Whoever asks about one kind is told of stray files, and only that kind decides about the exit code.
    if any(row.problems for row in rows) or (strays and kind is None):
        raise click.exceptions.Exit(1)


@template.command()
@kind_typed
@click.argument("file", metavar="TỆP", type=click.Path(path_type=Path), help="Tệp Word (.docx).")
@by_writer
def use(kind: str, file: Path, by: str | None) -> None:
    """Đặt một tệp Word làm mẫu của đơn vị, sau khi kiểm tra; ai đặt được ghi vào sổ.

    Chỉ quản trị. Tệp chưa dùng được thì bị từ chối với mọi điểm phải sửa, không ghi gì.
    """
    from flows.jobs.papers.letters.templates import letter_of

    if not file.is_file():
        raise Refused(f"Không có tệp {quoted(str(file))}; hãy kiểm tra đường dẫn.")
    label = letter_of(kind).label
    with open_desk() as desk:
        _keeping(desk, by).use(kind, file.read_bytes(), clean_file_name(file.name))
    click.echo(f"Đã đặt {file.name} làm mẫu «{label}».")


@template.command()
@kind_typed
@by_writer
def default(kind: str, by: str | None) -> None:
    """Trở lại mẫu có sẵn của phần mềm; mẫu của đơn vị vẫn còn trong kho giấy tờ.

    Chỉ quản trị.
    """
    from flows.jobs.papers.letters.templates import letter_of

    label = letter_of(kind).label
    with open_desk() as desk:
        _keeping(desk, by).use_ours(kind)
    click.echo(f"«{label}» dùng lại mẫu có sẵn.")


def _keeping(desk: Desk, by: str | None) -> "Keeping":
    from flows.jobs.papers.letters.keeping import Keeping

    with desk.writing(by) as writing:
        person, origin = writing.person, writing.origin
    return Keeping(desk.settings, desk.store, desk.store.write, person, origin)
