"""`dean prepay`: record the prepayment of a project, or see how much may be prepaid and why."""

from datetime import date
from typing import Any

import click

from cli.calendar import warn
from cli.cash import tell_cash
from cli.door import open_desk
from cli.lazy import Command
from cli.options import fund_amounts, only_check, progress, project_code
from cli.output import print_fields, print_heading, print_json
from cli.step import paper_form, take_step
from states.actions import Action
from states.vocabulary import Paper
from states.words import amount_in_words_dong, format_date, format_dong


@click.command(cls=Command)
@project_code
@fund_amounts
@progress
@only_check
@paper_form
def prepay(
    code: str,
    check: bool,
    by: str | None,
    papers: tuple[str, ...],
    as_json: bool,
    decided_on: date | None,
    **typed: Any,
) -> None:
    """Ghi tạm ứng một lần cho đề án, hoặc xem được tạm ứng bao nhiêu (--check).

    Tỷ lệ theo quy định có hiệu lực ngày tạm ứng (dean rules list); chưa có quy định thì chưa tạm ứng được.
    """
    if check:
        found = _limit(code, decided_on, by)
        if as_json:
            print_json(found)
        else:
            _print(found)
        return
    tell_cash(take_step(code, Action.PREPAY, by, papers, decided_on=decided_on, **typed), as_json)


def _limit(code: str, decided_on: date | None, by: str | None) -> dict[str, Any]:
    from models.loading import load_project
    from models.prepayments import prepayment_limit
    from models.queries import refuse_hidden
    from models.queries.judged import judged
    from models.rulebook import rulebook

    with open_desk() as desk, desk.reading(by) as view:
        refuse_hidden(view.session, code, view.reader)
        on = decided_on or desk.today
        found = prepayment_limit(rulebook(view.session), load_project(view.session, code), on)
        facts, judgements = judged(view.session, code, desk.at, None)
    [judgement] = [judgement for judgement in judgements if judgement.step.action is Action.PREPAY]
    reasons = [*judgement.closed_by, *([found["reason"]] if found["reason"] else [])]
    return (
        {"project": code, "on": on.isoformat()}
        | found
        | {
            "source": facts.fund,
            "open": not reasons,
            "reasons": reasons,
            "needs": list(judgement.needs),
        }
    )


def _print(found: dict[str, Any]) -> None:
    on = format_date(date.fromisoformat(found["on"]))
    if found["allowed"] is None:
        click.echo(f"{found['project']}: ngày {on} chưa xác định được mức tạm ứng.")
    else:
        click.echo(f"{found['project']}: ngày {on} mức tạm ứng tối đa là {format_dong(found['allowed'])}")
        click.echo(f"({amount_in_words_dong(found['allowed'])}).")
    if found["rule"] is not None:
        _print_rule(found)
    print_heading("Khi ghi, còn cần:" if found["open"] else "Chưa tạm ứng được:")
    for reason in found["needs"] if found["open"] else found["reasons"]:
        click.echo(f"  {reason}")
    warn(found.get("warnings", ()))


def _print_rule(found: dict[str, Any]) -> None:
    papers = ", ".join(Paper(paper).label for paper in found["papers"])
    print_fields(
        (
            ("Cách tính", found["base"] is not None and f"{found['percent']}% {found['base_in_words']}"),
            ("Khối lượng", f"phải trên {found['progress']}% (--progress)" if found["progress"] else None),
            ("Giấy tờ thêm", papers),
            ("Quy định", f"{found['level']} ({found['rule']})"),
            ("Căn cứ", found["basis"] if found["verified"] else f"{found['basis']} (chưa kiểm chứng)"),
            ("Đã tạm ứng", format_dong(found["prepaid"]) if found["prepaid"] else None),
        )
    )
