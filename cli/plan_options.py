"""What the commands of a plan share: which plan is meant, and how a step is recorded and told."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cli.door import DOOR, notice, open_desk, os_user
from cli.output import print_json
from cli.typed import ROUTE, YEAR, line
from states.vocabulary import Route
from states.words import format_dong

if TYPE_CHECKING:
    from models.plan.steps import Door, PlanTaken

Function = TypeVar("Function", bound=Callable[..., Any])

plan_year = click.argument("year", metavar="NĂM", type=YEAR, help="Năm kế hoạch.")
programme = click.option(
    "--programme", metavar="MÃ", type=line("Mã chương trình"), help="Chương trình; bỏ trống thì theo năm."
)
route = click.option("--route", metavar="TUYẾN", type=ROUTE, required=True, help="Tuyến: local hoặc national.")
any_route = click.option("--route", metavar="TUYẾN", type=ROUTE, help="Chỉ một tuyến: local hoặc national.")


def one_plan(function: Function) -> Function:
    """Add what names one plan: its year, its route, its programme."""
    for option in (programme, route, plan_year):
        function = option(function)
    return function


def programme_of(session: Any, year: int, given: str | None) -> str:
    """The programme that is named, or the one that runs in a year. Raises Refused where that is not exactly one."""
    from models.status import programme_of_year

    return programme_of_year(session, year, given)


Step = Callable[[Any, str, "Door"], "PlanTaken"]


def record_step(year: int, given: str | None, by: str | None, as_json: bool, step: Step) -> None:
    """Take one step in a transaction of its own, and tell what it did. `step` gets session, programme and door."""
    from models.plan.steps import Door

    with open_desk() as desk, desk.writing(by) as writing:
        code = programme_of(writing.session, year, given)
        done = step(writing.session, code, Door(writing.person, desk.at, DOOR, os_user()))
    tell(done, year, as_json)


def tell(done: "PlanTaken", year: int, as_json: bool) -> None:
    for warning in done.warnings:
        notice(f"Lưu ý: {warning}")
    if as_json:
        told = ("step", "status", "revision", "version", "hash", "lines", "support")
        print_json(
            {"year": year}
            | {name: getattr(done, name) for name in told}
            | {"event": done.event_id, "changes": done.changes}
        )
        return
    click.echo(
        f"Kế hoạch năm {year}: {done.step.label}; nay «{done.status.label}», phiên bản {done.version}"
        f"{f', điều chỉnh lần {done.revision}' if done.revision else ''}."
    )
    click.echo(f"{done.lines} đề án, hỗ trợ {format_dong(done.support)}. Mã băm {done.hash[:16]}…")
    for sentence in done.changes:
        click.echo(f"  {sentence}")
    if not done.lines and done.status == "draft":
        click.echo("Chưa đề án nào vào được dự thảo; hãy xem từng đề án còn vướng gì (dean plan show).")


def route_words(code: str | None) -> str:
    return "cả hai tuyến" if code is None else Route(code).label.lower()
