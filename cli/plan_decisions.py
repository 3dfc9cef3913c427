"""The commands of what is decided over a plan: approve, adjust, close."""

from datetime import date
from typing import Any

import click

from cli.door import DOOR, open_desk, os_user
from cli.lazy import Command
from cli.options import as_json, by_writer, decided_on, note, number, signer
from cli.papers import bare_file_as, paper_option, read_papers, record
from cli.plan_options import one_plan, programme_of, record_step, tell
from cli.step import on_state_funds
from cli.typed import AMOUNT, CODE, DAY, PROJECT_AMOUNT, line, once_each, pair
from states.folding import clean_line
from states.reading import read_code
from states.refusal import Refused
from states.vocabulary import Paper, Route

_override = click.option(
    "--override",
    "overrides",
    metavar="MÃ=LÝ DO",
    multiple=True,
    type=pair("Lý do vượt định mức", "mã=lý do", read_code, lambda text: clean_line(text, "Lý do vượt định mức")),
    help="Lý do một đề án được hỗ trợ vượt định mức theo quyết định này; ghi nhiều lần được.",
)


@click.command(cls=Command)
@one_plan
@click.option("--decision", metavar="SỐ", required=True, type=line("Số quyết định"), help="Số quyết định.")
@click.option("--decided-on", metavar="NGÀY", required=True, type=DAY, help="Ngày quyết định.")
@click.option("--signer", metavar="HỌ TÊN", required=True, type=line("Người ký"), help="Người ký quyết định.")
@click.option(
    "--total", metavar="TIỀN", required=True, type=AMOUNT, help="Tổng hỗ trợ các đề án được duyệt, đúng đến từng đồng."
)
@click.option("--annex-total", metavar="TIỀN", type=AMOUNT, help="Tổng in trên phụ lục, nếu gồm cả tỉnh khác.")
@click.option(
    "--amount",
    "amounts",
    metavar="MÃ=TIỀN",
    multiple=True,
    type=PROJECT_AMOUNT,
    help="Số hỗ trợ được duyệt khác với kế hoạch trình; ghi nhiều lần được.",
)
@click.option(
    "--without",
    "leave_out",
    metavar="MÃ",
    multiple=True,
    type=CODE,
    help="Đề án trong kế hoạch mà quyết định không duyệt; ghi nhiều lần được.",
)
@_override
@paper_option
@by_writer
@as_json
def approve(
    year: int,
    route: Route,
    programme: str | None,
    decision: str,
    decided_on: date,
    signer: str,
    total: int,
    annex_total: int | None,
    amounts: tuple[tuple[str, int | None], ...],
    leave_out: tuple[str, ...],
    overrides: tuple[tuple[str, str], ...],
    papers: tuple[str, ...],
    by: str | None,
    as_json: bool,
) -> None:
    """Ghi quyết định phê duyệt kế hoạch và mọi đề án trong đó.

    Một đề án không duyệt được thì không gì được ghi, và mọi lý do được liệt kê.
    """
    from models.decisions import DecisionPaper
    from models.plan import life

    bundle = read_papers([bare_file_as(Paper.APPROVAL_DECISION, text) for text in papers])
    paper = DecisionPaper(decision, decided_on, signer, total, None, annex_total, bundle.enclosures)
    typed, above = once_each(amounts, "--amount"), once_each(overrides, "--override")
    with open_desk() as desk:

        def entry(writing: Any) -> life.PlanTaken:
            return life.approve(
                writing.session,
                programme_of(writing.session, year, programme),
                year,
                route,
                paper,
                door=life.Door(writing.person, desk.at, DOOR, os_user()),
                amounts=on_state_funds(writing.session, typed) if typed else {},
                leave_out=leave_out,
                overrides=above,
            )

        done = record(desk, by, bundle, entry)
    tell(done, year, as_json)


@click.command(cls=Command)
@one_plan
@click.option(
    "--add",
    metavar="MÃ[=TIỀN]",
    multiple=True,
    type=PROJECT_AMOUNT,
    help="Bổ sung đề án, theo quyết định bổ sung nếu chưa được phê duyệt; ghi nhiều lần được.",
)
@click.option("--decision", metavar="SỐ", type=line("Số quyết định"), help="Số quyết định bổ sung.")
@decided_on
@signer
@click.option("--total", metavar="TIỀN", type=AMOUNT, help="Tổng hỗ trợ các đề án bổ sung, đúng đến từng đồng.")
@number
@note
@_override
@paper_option
@by_writer
@as_json
def adjust(
    year: int,
    route: Route,
    programme: str | None,
    add: tuple[tuple[str, int | None], ...],
    decision: str | None,
    decided_on: date | None,
    signer: str | None,
    total: int | None,
    number: str | None,
    note: str | None,
    overrides: tuple[tuple[str, str], ...],
    papers: tuple[str, ...],
    by: str | None,
    as_json: bool,
) -> None:
    """Điều chỉnh kế hoạch đã duyệt: bổ sung đề án, cập nhật thay đổi.

    Đề án đã ngừng được bỏ ra, số tiền đã điều chỉnh được cập nhật theo từng đề án.
    """
    from models.decisions import ApprovalLine, DecisionPaper
    from models.plan import life

    bundle = read_papers([bare_file_as(Paper.APPROVAL_DECISION, text) for text in papers])
    paper = None
    if decision is not None:
        if decided_on is None or signer is None or total is None:
            raise Refused("Quyết định bổ sung phải có ngày, người ký và tổng hỗ trợ (--decided-on, --signer, --total).")
        paper = DecisionPaper(decision, decided_on, signer, total, papers=bundle.enclosures)
    wanted, above = once_each(add, "--add"), once_each(overrides, "--override")
    if strange := sorted(set(above) - set(wanted)):
        raise Refused(f"Lý do vượt định mức ghi cho {', '.join(strange)} không có trong --add; hãy kiểm tra mã.")
    with open_desk() as desk:

        def entry(writing: Any) -> life.PlanTaken:
            amounts = on_state_funds(writing.session, wanted) if wanted else {}
            lines = [ApprovalLine(code, amounts[code], override=above.get(code, "")) for code in wanted]
            return life.adjust(
                writing.session,
                programme_of(writing.session, year, programme),
                year,
                route,
                door=life.Door(writing.person, desk.at, DOOR, os_user()),
                letter=life.Letter(number or "", decided_on, signer or "", note or ""),
                add=lines,
                paper=paper,
            )

        done = record(desk, by, bundle, entry)
    tell(done, year, as_json)


@click.command(cls=Command)
@one_plan
@number
@decided_on
@signer
@note
@by_writer
@as_json
def close(
    year: int,
    route: Route,
    programme: str | None,
    number: str | None,
    decided_on: date | None,
    signer: str | None,
    note: str | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Khép kế hoạch khi mọi đề án đã xong hoặc chuyển năm."""

    def step(session: Any, code: str, door: Any) -> Any:
        from models.plan import life

        letter = life.Letter(number or "", decided_on, signer or "", note or "")
        return life.close(session, code, year, route, door=door, letter=letter)

    record_step(year, programme, by, as_json, step)
