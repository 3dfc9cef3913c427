"""`dean comment`: what colleagues say about a project, and saying something oneself."""

import click

from cli.door import notice, open_desk
from cli.lazy import Command
from cli.options import as_json, by_writer, project_code
from cli.output import minute, print_json
from cli.typed import ROW_ID


@click.command(cls=Command)
@project_code
@click.argument("words", metavar="Ý KIẾN", required=False, help="Câu cần ghi; @mã nhắc tên một người, ví dụ @binh.")
@click.option("--take-back", metavar="SỐ", type=ROW_ID, help="Rút ý kiến mang số này của chính mình.")
@by_writer
@as_json
def comment(code: str, words: str | None, take_back: int | None, by: str | None, as_json: bool) -> None:
    """Xem, ghi hoặc rút ý kiến về một đề án.

    Không ghi câu nào thì liệt kê các ý kiến. Người được nhắc tên thấy ý kiến ở trang Hôm nay của mình.
    """
    from models.desk import comments
    from models.queries import refuse_hidden

    if words is not None and take_back is not None:
        raise click.UsageError("Ghi một ý kiến, hoặc --take-back SỐ: một trong hai.", click.get_current_context())
    with open_desk() as desk:
        if words is not None or take_back is not None:
            with desk.writing(by) as writing:
                if words is not None:
                    comments.remark(writing.session, code, words, by=writing.person, origin=writing.origin)
                else:
                    assert take_back is not None
                    refuse_hidden(writing.session, code, writing.person)
                    comments.take_back(writing.session, take_back, by=writing.person, origin=writing.origin)
        with desk.reading(by) as view:
            rows = comments.remarks(view.session, code, reader=view.reader)
    if as_json:
        print_json(rows)
    elif not rows:
        notice(f"Chưa có ý kiến nào về {code}.")
    for row in () if as_json else rows:
        click.echo(f"{row['id']:>6}  {row['author_name']} ({row['author']}), {minute(row['recorded_at'])}")
        for line in row["words"].splitlines():
            click.echo(f"        {line}")
