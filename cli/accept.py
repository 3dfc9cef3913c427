"""`dean accept`: record the acceptance of the work, or see how much support a cost would bring."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from cli.calendar import warn
from cli.cash import cash, cash_in_words
from cli.door import open_desk
from cli.lazy import Command
from cli.options import cost, fund_amounts, only_check, project_code, quantities, share
from cli.output import print_heading, print_json
from cli.step import Taken, paper_form, take, tell
from states.actions import Action
from states.facts import Facts
from states.words import amount_in_words_dong, format_dong

if TYPE_CHECKING:
    from cli.door import Desk
    from models.loading import Loaded

#: By whether the work failed, and whether it is that of one beneficiary.
_ACTIONS = {
    (False, False): Action.ACCEPT,
    (False, True): Action.ACCEPT_SHARE,
    (True, False): Action.FAIL_ACCEPTANCE,
    (True, True): Action.FAIL_SHARE,
}


@click.command(cls=Command)
@project_code
@cost
@fund_amounts
@quantities
@share
@click.option("--failed", is_flag=True, help="Nghiệm thu không đạt; phải ghi lý do (--note).")
@only_check
@paper_form
def accept(
    code: str,
    failed: bool,
    check: bool,
    by: str | None,
    papers: tuple[str, ...],
    as_json: bool,
    cost: int | None,
    beneficiary_id: int | None,
    decided_on: date | None,
    **typed: Any,
) -> None:
    """Ghi nghiệm thu cơ sở: cả đề án, từng đơn vị thụ hưởng, đạt hoặc không đạt.

    Chỉ ghi chi phí (--cost) thì hỗ trợ là số nhỏ nhất của: số phê duyệt, tỷ lệ theo chi phí, mức trần. Muốn tính
    trước mà không ghi: --check --cost TIỀN.
    """
    action = _ACTIONS[failed, beneficiary_id is not None]
    if check:
        if failed or cost is None:
            raise click.UsageError("--check đi với --cost TIỀN, không đi với --failed.", click.get_current_context())
        _tell_limit(_rehearsed(code, action, by, cost, decided_on), as_json)
        return
    given = {"cost": cost, "beneficiary_id": beneficiary_id, "decided_on": decided_on} | typed
    with open_desk() as desk:
        before, limit = _before(desk, code, action, cost, decided_on)
        taken = take(desk, before, action, by, papers, **given)
    is_stated = any(source in (None, before.fund) for source, _ in typed["amounts"])
    _tell(taken, before, None if is_stated else limit, as_json)


def _before(
    desk: "Desk", code: str, action: Action, cost: int | None, decided_on: date | None
) -> tuple[Facts, dict[str, Any] | None]:
    """The facts before the step, and how much the cost would bring; nothing where none was typed."""
    from models.loading import load_project

    with desk.store.read() as session:
        loaded = load_project(session, code)
        return loaded.facts, None if cost is None else _limit(session, loaded, action, cost, decided_on or desk.today)


def _limit(session: Any, loaded: "Loaded", action: Action, cost: int, on: date) -> dict[str, Any]:
    from models.queries.acceptances import acceptance_limit

    return acceptance_limit(session, loaded, cost=cost, on=on, of_share=action is Action.ACCEPT_SHARE)


def _rehearsed(code: str, action: Action, by: str | None, cost: int, decided_on: date | None) -> dict[str, Any]:
    from models.loading import load_project
    from models.queries import refuse_hidden
    from models.queries.judged import judged

    with open_desk() as desk, desk.reading(by) as view:
        refuse_hidden(view.session, code, view.reader)
        on = decided_on or desk.today
        limit = _limit(view.session, load_project(view.session, code), action, cost, on)
        _, judgements = judged(view.session, code, desk.at, None)
    [judgement] = [judgement for judgement in judgements if judgement.step.action is action]
    words = None if limit["support"] is None else amount_in_words_dong(limit["support"])
    more = {"support_in_words": words, "open": judgement.is_open, "reasons": list(judgement.closed_by)}
    return {"project": code, "action": action, "on": on.isoformat()} | limit | more


def _tell_limit(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(found)
        return
    if found["support"] is None:
        click.echo(f"{found['project']}: chưa có định mức nên không tự tính được; hãy ghi số hỗ trợ (--amount).")
    else:
        click.echo(f"{found['project']}: hỗ trợ nghiệm thu {format_dong(found['support'])}")
        click.echo(f"({found['support_in_words']}).")
        click.echo(_least_of(found))
    if found["reasons"]:
        print_heading("Chưa nghiệm thu được:")
    for reason in found["reasons"]:
        click.echo(f"  {reason}")
    warn(found["warnings"])


def _tell(taken: Taken, before: Facts, limit: dict[str, Any] | None, as_json: bool) -> None:
    """Tell what was accepted; where it was computed from the cost, also how."""
    accepted = taken.facts.accepted_support
    support = accepted - (before.accepted_support if taken.done.action is Action.ACCEPT_SHARE else 0)
    standing = cash(taken.facts)
    if taken.done.action in (Action.FAIL_ACCEPTANCE, Action.FAIL_SHARE):
        tell(taken, as_json, money=standing)
        return
    words = amount_in_words_dong(support)
    told = [f"Hỗ trợ nghiệm thu {format_dong(support)} ({words})."]
    if limit is not None and limit["support"] is not None:
        told.append(_least_of(limit))
    told.append(cash_in_words(standing))
    tell(taken, as_json, *told, support=support, support_in_words=words, limit=limit, money=standing)


def _least_of(limit: dict[str, Any]) -> str:
    """Of which numbers the support is the least one."""
    parts = [f"số phê duyệt {format_dong(limit['approved'])}"]
    share = f"{limit['percent']}% của " if limit["percent"] is not None else ""
    worth = f" là {format_dong(limit['by_percent'])}" if limit["percent"] is not None else ""
    parts.append(f"{share}chi phí nghiệm thu {format_dong(limit['cost'])}{worth}")
    if limit["cap"] is not None:
        parts.append(f"mức trần {format_dong(limit['cap'])}")
    return f"Là số nhỏ nhất của: {'; '.join(parts)} ({limit['basis']})."
