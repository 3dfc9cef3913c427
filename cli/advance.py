"""`dean advance`: record one step of a project."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from cli.door import DOOR, notice, open_desk, os_user
from cli.lazy import Command
from cli.options import as_json, by_writer, decided_on, note, number, override, project_code, signer
from cli.output import print_json
from cli.papers import paper_option, read_papers, record
from cli.typed import AUTHORITY, SOURCE_AMOUNT, STEP, TARGET_QUANTITY, VERSION, line, once_each
from states.actions import Action
from states.vocabulary import Route, State

if TYPE_CHECKING:
    from cli.door import Writing
    from models.ledger import Advanced


@click.command(cls=Command)
@project_code
@click.argument("action", metavar="BƯỚC", type=STEP, help="Mã hoặc tên bước, ví dụ submit; xem dean why-not MÃ.")
@by_writer
@click.option("--authority", metavar="CƠ QUAN", type=AUTHORITY, help="Cơ quan quyết định, khi bước có nhiều lựa chọn.")
@number
@decided_on
@signer
@click.option(
    "--amount",
    "amounts",
    metavar="NGUỒN=TIỀN",
    type=SOURCE_AMOUNT,
    multiple=True,
    help="Số tiền của một nguồn, ví dụ local_fund=300tr; ghi nhiều lần được.",
)
@click.option(
    "--quantity",
    "quantities",
    metavar="CHỈ TIÊU=SỐ",
    type=TARGET_QUANTITY,
    multiple=True,
    help="Số lượng nghiệm thu của một chỉ tiêu, ví dụ T2_2=1.",
)
@click.option(
    "--missing",
    metavar="MỤC",
    type=line("Mục còn thiếu"),
    multiple=True,
    help="Một mục phải bổ sung; ghi nhiều lần được.",
)
@paper_option
@note
@override
@click.option(
    "--seen", "seen_version", metavar="PHIÊN BẢN", type=VERSION, help="Phiên bản đã xem; bị từ chối nếu nay đã khác."
)
@as_json
def advance(code: str, action: Action, by: str | None, papers: tuple[str, ...], as_json: bool, **typed: Any) -> None:
    """Ghi một bước của đề án.

    Người ghi chỉ ghi lại; cơ quan quyết định, số và ngày văn bản là của văn bản. Muốn biết bước nào làm được và
    cần gì: dean why-not MÃ. Phê duyệt theo danh mục: dean approve.
    """
    from models import ledger
    from models.loading import load_project
    from states.facts import Order
    from states.steps import STEP as STEP_OF

    typed["amounts"] = once_each(typed["amounts"], "--amount")
    typed["quantities"] = once_each(typed["quantities"], "--quantity")
    # What was not typed stays as an order has it by default.
    typed = {name: value for name, value in typed.items() if value is not None}
    with open_desk() as desk:
        with desk.store.read() as session:
            facts = load_project(session, code).facts
        bundle = read_papers(papers, facts=facts, step=STEP_OF[action])

        def entry(writing: "Writing") -> "Advanced":
            order = Order(action, writing.person, desk.at, papers=bundle.enclosures, **typed)
            return ledger.advance(writing.session, code, order, door=DOOR, os_user=os_user())

        done = record(desk, by, bundle, entry)
        with desk.store.read() as session:
            route = load_project(session, code).facts.route
    if as_json:
        print_json(as_read(done))
    else:
        click.echo(told(done, route))
    tell_warnings([done])


def tell_warnings(steps: "Sequence[Advanced]") -> None:
    """Print on stderr what the steps were allowed in spite of, each sentence once with the projects it is about."""
    about: dict[str, list[str]] = {}
    for step in steps:
        for warning in step.warnings:
            about.setdefault(warning, []).append(step.code)
    for warning, codes in about.items():
        whose = "" if len(steps) == 1 else f"{', '.join(codes[:5])}{' …' if len(codes) > 5 else ''}: "
        notice(f"Lưu ý: {whose}{warning}")


def as_read(done: "Advanced") -> dict[str, Any]:
    """What a step did, for scripts."""
    return {
        "project": done.code,
        "action": done.action,
        "from": done.from_stage,
        "to": done.to_stage,
        "state": done.state,
        "version": done.version,
        "event": done.event_id,
        "hash": done.hash,
        "warnings": list(done.warnings),
    }


def told(done: "Advanced", route: Route) -> str:
    """What a step did, for a person."""
    from states.lifecycle import stage_label
    from states.steps import STEP as STEP_OF

    before, after = (stage_label(stage, route) for stage in (done.from_stage, done.to_stage))
    moved = f"vẫn ở «{after}»" if done.from_stage is done.to_stage else f"«{before}» → «{after}»"
    state = State(done.state).label.lower()
    mark = f"Phiên bản {done.version}, sự kiện {done.event_id}."
    return f"{done.code}: {STEP_OF[done.action].label}; {moved}, đã {state}. {mark}"
