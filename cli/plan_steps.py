"""The commands that bring a plan to its decision: build, propose, return, appraise."""

from datetime import date
from typing import Any

import click

from cli.lazy import Command
from cli.options import as_json, by_writer, decided_on, note, number, signer
from cli.plan_options import one_plan, record_step
from cli.typed import CODE, once_each, pair
from states.folding import clean_line
from states.reading import read_code
from states.vocabulary import Route


@click.command(cls=Command)
@one_plan
@click.option(
    "--without", "leave_out", metavar="MÃ", multiple=True, type=CODE, help="Để đề án này ngoài dự thảo; nhiều lần được."
)
@click.option(
    "--include",
    "despite",
    metavar="MÃ=LÝ DO",
    multiple=True,
    type=pair("Đề án", "mã=lý do", read_code, lambda text: clean_line(text, "Lý do")),
    help="Vẫn đưa vào đề án bị nghi trùng hỗ trợ, kèm lý do; nhiều lần được.",
)
@by_writer
@as_json
def build(
    year: int,
    route: Route,
    programme: str | None,
    leave_out: tuple[str, ...],
    despite: tuple[tuple[str, str], ...],
    by: str | None,
    as_json: bool,
) -> None:
    """Tổng hợp danh mục: lập hoặc lập lại bản dự thảo kế hoạch.

    Lấy mọi đề án không vướng gì (dean plan show cho biết vướng gì), xếp theo mức ưu tiên.
    """
    reasons = once_each(despite, "--include")

    def step(session: Any, code: str, door: Any) -> Any:
        from models.plan import life

        return life.build(session, code, year, route, door=door, leave_out=leave_out, despite=reasons)

    record_step(year, programme, by, as_json, step)


@click.command(cls=Command)
@one_plan
@number
@decided_on
@signer
@note
@by_writer
@as_json
def propose(year: int, route: Route, programme: str | None, by: str | None, as_json: bool, **paper: Any) -> None:
    """Ghi tờ trình kế hoạch."""
    _take("propose", year, route, programme, by, as_json, **paper)


@click.command("return", cls=Command)
@one_plan
@number
@decided_on
@signer
@note
@by_writer
@as_json
def return_(year: int, route: Route, programme: str | None, by: str | None, as_json: bool, **paper: Any) -> None:
    """Trả kế hoạch về để lập lại."""
    _take("put_back", year, route, programme, by, as_json, **paper)


@click.command(cls=Command)
@one_plan
@number
@decided_on
@signer
@note
@by_writer
@as_json
def appraise(year: int, route: Route, programme: str | None, by: str | None, as_json: bool, **paper: Any) -> None:
    """Ghi kết quả thẩm định kế hoạch của cơ quan ngoài Sở.

    Tuyến địa phương: Sở Tài chính; tuyến quốc gia: Cục. Người ghi việc trình không ghi bước này.
    """
    _take("appraise", year, route, programme, by, as_json, **paper)


def _take(
    name: str,
    year: int,
    route: Route,
    programme: str | None,
    by: str | None,
    as_json: bool,
    *,
    number: str | None,
    decided_on: date | None,
    signer: str | None,
    note: str | None,
) -> None:
    def step(session: Any, code: str, door: Any) -> Any:
        from models.plan import life

        letter = life.Letter(number or "", decided_on, signer or "", note or "")
        return getattr(life, name)(session, code, year, route, letter=letter, door=door)

    record_step(year, programme, by, as_json, step)
