"""`dean seal`: the seals over the events, made each night under a key that is not in the database."""

from datetime import date, timedelta

import click

from cli.door import notice, open_desk
from cli.lazy import Group
from cli.options import as_json
from cli.output import Column, day, print_json, print_table
from cli.typed import DAY, line, whole_number
from states.refusal import Refused
from states.words import format_number


@click.group(cls=Group)
def seal() -> None:
    """Niêm phong sổ: mỗi đêm một niêm, ký bằng khóa để ngoài cơ sở dữ liệu."""


@seal.command("list")
@click.option("--last", metavar="N", type=whole_number("Số niêm", 1, 100_000), default=30, help="N niêm mới nhất.")
@as_json
def list_(last: int, as_json: bool) -> None:
    """Liệt kê các niêm mới nhất."""
    from models.seals import seals

    with open_desk() as desk, desk.reading() as view:
        found = seals(view.session, newest=last)
    if as_json:
        print_json([each.as_json() for each in found])
    elif not found:
        notice("Chưa có niêm nào; niêm được lập mỗi đêm (dean run nightly) hoặc ngay bây giờ (dean seal make).")
    else:
        columns = [Column("Niêm", right=True), Column("Ngày"), Column("Từ", right=True), Column("Đến", right=True)]
        columns += [Column("Sự kiện", right=True), Column("Mã")]
        rows = [
            [s.no, day(s.business_date.isoformat()), s.first_event, s.last_event, format_number(s.count), s.code]
            for s in found
        ]
        print_table(columns, rows)


@seal.command()
@click.option("--as-of", metavar="NGÀY", type=DAY, help="Niêm đến hết ngày này; bỏ trống là hết hôm qua.")
@as_json
def make(as_of: date | None, as_json: bool) -> None:
    """Lập niêm cho mọi đêm chưa có niêm.

    Niêm của một đêm lập muộn giống hệt niêm lập đúng đêm đó, nên lập lại bao nhiêu lần cũng được.
    """
    from models.reminders.links import secret_key
    from models.seals import seal_up_to

    with open_desk() as desk:
        until = as_of or desk.today - timedelta(days=1)
        if until >= desk.today:
            raise Refused("Ngày hôm nay chưa hết nên chưa niêm được; hãy niêm đến hết hôm qua.")
        key = secret_key(desk.settings.seal_key_path)
        with desk.store.write() as session:
            made = seal_up_to(session, key, until)
    if as_json:
        print_json([each.as_json() for each in made])
    elif not made:
        click.echo("Mọi đêm đã có niêm.")
    for each in [] if as_json else made:
        click.echo(each.words)


@seal.command()
@click.option("--printed", metavar="MÃ", type=line("Mã niêm"), help="Mã in trong báo cáo đêm, phải còn trong sổ.")
@as_json
def verify(printed: str | None, as_json: bool) -> None:
    """Kiểm tra mọi niêm: tính lại từ các sự kiện, bằng khóa niêm.

    Mã thoát 1 khi có niêm không khớp. --printed phát hiện cả việc thay sổ bằng một bản sao cũ.
    """
    from models.reminders.links import secret_key
    from models.seals import broken_seals, seals

    with open_desk() as desk:
        if not desk.settings.seal_key_path.exists():
            raise Refused("Chưa có khóa niêm; hãy đặt DEAN_SEAL_KEY_FILE, hoặc lập niêm đầu tiên (dean seal make).")
        key = secret_key(desk.settings.seal_key_path)
        with desk.reading() as view:
            number = len(seals(view.session))
            problems = list(broken_seals(view.session, key, printed=(printed or "").lower()))
    if as_json:
        told = [{"no": problem.no, "what": problem.what} for problem in problems]
        print_json({"ok": not problems, "seals": number, "problems": told})
    elif problems:
        click.echo(f"{len(problems)} sai lệch trong {format_number(number)} niêm:")
        for problem in problems:
            click.echo(f"  Niêm {problem.no}: {problem.what}" if problem.no else f"  {problem.what}")
    else:
        click.echo(f"{format_number(number)} niêm nguyên vẹn.")
    if problems:
        raise click.exceptions.Exit(1)
