"""`dean pay` and `dean settle`: the last payment, the settlement, and what still stands in its way."""

from typing import Any

import click

from cli.cash import cash, figures, owed_in_words, tell_cash
from cli.door import open_desk
from cli.lazy import Command
from cli.options import fund_amounts, only_check, project_code
from cli.output import print_fields, print_heading, print_json
from cli.step import command_of, paper_form, take_step
from states.actions import Action


@click.command(cls=Command)
@project_code
@fund_amounts
@paper_form
def pay(code: str, by: str | None, papers: tuple[str, ...], as_json: bool, **typed: Any) -> None:
    """Ghi thanh toán phần còn lại sau nghiệm thu.

    Tổng tạm ứng và thanh toán không quá số nghiệm thu; xem còn phải trả bao nhiêu: dean settle MÃ --check.
    """
    tell_cash(take_step(code, Action.PAY, by, papers, **typed), as_json)


@click.command(cls=Command)
@project_code
@fund_amounts
@only_check
@paper_form
def settle(code: str, check: bool, by: str | None, papers: tuple[str, ...], as_json: bool, **typed: Any) -> None:
    """Ghi quyết toán, thanh lý; hoặc xem còn phải trả, phải thu và còn thiếu gì (--check).

    Số quyết toán bằng số nghiệm thu, phần phê duyệt không dùng được trả lại kế hoạch.
    """
    if check:
        found = _standing(code, by)
        if as_json:
            print_json(found)
        else:
            _print(found)
        return
    tell_cash(take_step(code, Action.SETTLE, by, papers, **typed), as_json)


def _standing(code: str, by: str | None) -> dict[str, Any]:
    from models.queries import refuse_hidden
    from models.queries.judged import next_step
    from states.lifecycle import stage_label

    with open_desk() as desk, desk.reading(by) as view:
        refuse_hidden(view.session, code, view.reader)
        facts, judgement = next_step(view.session, code, desk.at)
    step = judgement and {"action": judgement.step.action, "label": judgement.step.label}
    return {
        "project": code,
        "stage": facts.stage,
        "stage_label": stage_label(facts.stage, facts.route),
        "money": cash(facts),
        "next": step,
        "reasons": list(judgement.closed_by) if judgement else [],
        "needs": list(judgement.needs) if judgement else [],
    }


def _print(found: dict[str, Any]) -> None:
    money = found["money"]
    click.echo(f"{found['project']}: {found['stage_label']}")
    print_fields(figures(money))
    owed = owed_in_words(money) or "chưa nghiệm thu nên chưa biết phải trả hay phải thu"
    click.echo(f"{owed[:1].upper()}{owed[1:]}.")
    if money["payable"]:
        click.echo(
            f"  Ghi thanh toán: {command_of(Action.PAY, found['project'])} --amount {money['payable']} --number …"
        )
    if money["to_recover"]:
        click.echo(f"  Yêu cầu hoàn trả: {command_of(Action.DEMAND_REFUND, found['project'])} --number …")
    if found["next"] is None:
        return
    print_heading(f"Bước tiếp theo: {found['next']['label']} ({command_of(found['next']['action'], found['project'])})")
    for reason in (*found["reasons"], *found["needs"]):
        click.echo(f"  {reason}")
