"""`dean due`: what is overdue and what falls due soon, the most urgent first."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from cli.calendar import warn
from cli.door import Reading, notice, open_desk
from cli.lazy import Command
from cli.options import as_json, by_reader, paging
from cli.output import Column, day, print_json, print_table
from cli.typed import DAY, line, whole_number
from states.counting import Workdays
from states.folding import clean_line
from states.refusal import Refused
from states.vocabulary import Role
from states.words import format_date

if TYPE_CHECKING:
    from states.facts import Person

#: These see only a part of the register, so they may not ask with the eyes of somebody else.
_LIMITED = frozenset({Role.CENTRE_OFFICER, Role.COMMUNE_VIEWER})


@click.command(cls=Command)
@click.option("--as-of", metavar="NGÀY", type=DAY, help="Tính đến ngày này; bỏ trống là hôm nay.")
@click.option("--who", metavar="MÃ", type=line("Mã người dùng"), help="Trong phạm vi của người này.")
@click.option(
    "--within",
    metavar="N",
    type=whole_number("Số ngày làm việc", 0, 1000),
    default=7,
    help="Hạn trong N ngày làm việc tới (mặc định 7); hạn đã quá luôn có.",
)
@click.option("--unit", metavar="MÃ", type=line("Mã đơn vị"), help="Của một đơn vị thực hiện.")
@paging
@by_reader
@as_json
def due(
    as_of: date | None,
    who: str | None,
    within: int,
    unit: str | None,
    limit: int,
    offset: int,
    by: str | None,
    as_json: bool,
) -> None:
    """Liệt kê việc quá hạn và sắp đến hạn, gấp nhất trước.

    Số ngày còn lại đếm đến ngày an toàn; quá hạn đếm từ hạn đã chuyển ngày nghỉ. Hạn nội bộ không phải là luật.
    """
    from models.codes import id_of
    from models.queries.deadlines import due_list

    with open_desk() as desk, desk.reading(by) as view:
        day_asked = as_of or desk.today
        reader = _eyes(view, who)
        id_of(view.session, "unit", unit)
        rows = due_list(
            view.session,
            as_of=day_asked,
            within=Workdays(within),
            reader=reader,
            unit=unit,
            limit=limit + 1,
            offset=offset,
        )
    # A deadline of the year (registration) belongs to no project and takes no place on a page.
    of_projects = [row for row in rows if row["project"] is not None]
    last = of_projects[limit:]
    shown = [row for row in rows if row not in last]
    if as_json:
        print_json(shown)
    elif shown:
        click.echo(f"Tính đến {format_date(day_asked)}:")
        print_deadlines(shown)
    else:
        notice(f"Không có việc nào quá hạn hoặc đến hạn trong {Workdays(within)} tới.")
    if last:
        notice(f"Còn nữa: xem trang sau bằng --offset {offset + limit}.")


def _eyes(view: Reading, who: str | None) -> "Person | None":
    from models.loading import load_person

    if who is None or (view.reader is not None and view.reader.code == who):
        return view.reader
    if view.reader is not None and view.reader.role in _LIMITED:
        raise Refused(f"{view.reader.name} chỉ xem được việc trong phạm vi của mình; hãy bỏ --who.")
    return load_person(view.session, clean_line(who, "Mã người dùng"))


def print_deadlines(rows: list[dict[str, Any]], *, with_project: bool = True) -> None:
    """Print deadlines with what is left, and whether they are law, the office's own, or provisional."""
    columns = [Column("Đề án")] if with_project else []
    columns += [Column("Việc", flexible=True), Column("Hạn"), Column("Ngày an toàn"), Column("Còn lại")]
    listed = [
        (
            *([row["project"]] if with_project else []),
            # A deadline of the year says for which year.
            row["label"] if row["project"] else row["name"],
            day(row["due_on"]),
            day(row["safe_on"]),
            row["left"],
            remarks(row),
            row["basis"],
        )
        for row in rows
    ]
    print_table((*columns, Column("Tính chất"), Column("Căn cứ", flexible=True)), listed)
    warn(_doubts(rows))


def remarks(row: dict[str, Any]) -> str:
    """Law or the office's own, and what is uncertain."""
    more = [row["standing"]]
    more += ["tạm tính"] if row["provisional"] else []
    more += [f"theo {row['governed_by']} vì đến trước"] if row["governed_by"] else []
    return ", ".join(more)


def _doubts(rows: list[dict[str, Any]]) -> list[str]:
    if any(row["provisional"] for row in rows):
        return ["Hạn ghi “tạm tính” đi qua năm chưa xác nhận lịch nghỉ; hãy xem dean calendar show NĂM."]
    return []
