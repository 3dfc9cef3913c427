"""`dean advance`: record one step of a project."""

from typing import Any, NoReturn

import click

from cli.lazy import Command
from cli.options import authority, cost, instalments, override, progress, project_code, quantities, share
from cli.step import command_of, paper_form, take_step, tell
from cli.typed import SOURCE_AMOUNT, STEP, line
from states.actions import Action
from states.refusal import Refused


def _refuse_asked(ctx: click.Context, _param: click.Parameter, typed: tuple[str, ...]) -> None:
    if typed:
        _refuse_request(ctx.params.get("code", "MÃ"))


def _refuse_request(code: str) -> NoReturn:
    command = command_of(Action.REQUEST_ADJUSTMENT, code)
    raise Refused(f"Nội dung đề nghị điều chỉnh được ghi bằng lệnh riêng; hãy dùng {command} --kind … --note …")


@click.command(cls=Command)
@project_code
@click.argument("action", metavar="BƯỚC", type=STEP, help="Mã hoặc tên bước, ví dụ submit; xem dean why-not MÃ.")
@authority
@click.option(
    "--amount",
    "amounts",
    metavar="NGUỒN=TIỀN",
    type=SOURCE_AMOUNT,
    multiple=True,
    help="Số tiền của một nguồn, ví dụ local_fund=300tr; ghi nhiều lần được.",
)
@quantities
@cost
@progress
@share
@instalments
@click.option(
    "--missing",
    metavar="MỤC",
    type=line("Mục còn thiếu"),
    multiple=True,
    help="Một mục phải bổ sung; ghi nhiều lần được.",
)
@override
@click.option(
    *("--kind", "--target", "--place", "--partner", "--starts-on", "--ends-on", "--scope", "--activity"),
    *("--equipment", "--objectives", "--total-cost", "asked"),
    multiple=True,
    hidden=True,
    expose_value=False,
    callback=_refuse_asked,
    help="Nội dung đề nghị điều chỉnh; ghi bằng dean adjust request.",
)
@paper_form
def advance(code: str, action: Action, by: str | None, papers: tuple[str, ...], as_json: bool, **typed: Any) -> None:
    """Ghi một bước của đề án.

    Người ghi chỉ ghi lại; cơ quan quyết định, số và ngày văn bản là của văn bản. Muốn biết bước nào làm được và
    cần gì: dean why-not MÃ. Phê duyệt theo danh mục: dean approve. Đề nghị điều chỉnh: dean adjust request.
    """
    if action is Action.REQUEST_ADJUSTMENT:
        _refuse_request(code)
    tell(take_step(code, action, by, papers, **typed), as_json)
