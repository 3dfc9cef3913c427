"""`dean why-not`: which steps are open, and what stands against the others."""

from typing import TYPE_CHECKING, Any

import click

from cli.door import open_desk
from cli.lazy import Command
from cli.options import as_json, project_code
from cli.output import print_heading, print_json
from cli.step import command_of
from cli.typed import STEP, line
from states.actions import Action
from states.step_rows import taken_by
from states.vocabulary import Role

if TYPE_CHECKING:
    from states.judge import Judgement


@click.command("why-not", cls=Command)
@project_code
@click.argument("action", metavar="BƯỚC", type=STEP, required=False, help="Chỉ xét một bước, ví dụ submit.")
@click.option("--by", metavar="MÃ", type=line("Mã người ghi"), help="Xét cho người này; bỏ trống thì lấy DEAN_BY.")
@as_json
def why_not(code: str, action: Action | None, by: str | None, as_json: bool) -> None:
    """Xem bước nào làm được, bước nào chưa và còn thiếu gì.

    Không ghi người thì chỉ xét hồ sơ: coi như đúng người đang hỏi.
    """
    from models.queries import refuse_hidden
    from models.queries.judged import in_place, judged, target_of
    from states.lifecycle import stage_label

    with open_desk() as desk, desk.reading(by) as view:
        # An officer of another unit gets the guard's own sentence; a viewer sees nothing outside the area.
        is_viewer = view.reader is not None and view.reader.role is Role.COMMUNE_VIEWER
        refuse_hidden(view.session, code, view.reader if is_viewer else None)
        facts, judgements = judged(view.session, code, desk.at, view.reader)
    wanted = [judgement for judgement in judgements if action is None or judgement.step.action is action]
    answer = {
        "project": code,
        "state": facts.state,
        "stage": facts.stage,
        "stage_label": stage_label(facts.stage, facts.route),
        "by": view.reader and view.reader.code,
        "actions": [_action(judgement, target_of(judgement.step, facts), code) for judgement in wanted],
    }
    if as_json:
        print_json(answer)
        return
    here = {str(judgement.step.action) for judgement in wanted if in_place(judgement.step, facts)}
    _print(answer, here, everything=action is not None)


def _action(judgement: "Judgement", target: str, code: str) -> dict[str, Any]:
    return {
        "action": judgement.step.action,
        "label": judgement.step.label,
        "target": target,
        "recorders": sorted(judgement.step.recorders),
        "open": judgement.is_open,
        "reasons": list(judgement.reasons),
        "needs": list(judgement.needs),
        "takes": taken_by(judgement.step),
        "command": command_of(judgement.step.action, code),
    }


def _print(answer: dict[str, Any], here: set[str], *, everything: bool) -> None:
    click.echo(f"{answer['project']}: {answer['stage_label']}")
    shown = [action for action in answer["actions"] if everything or action["action"] in here]
    for title, is_open in (("Làm được ngay:", True), ("Chưa làm được:", False)):
        steps = [action for action in shown if action["open"] is is_open]
        if steps:
            print_heading(title)
        for step in steps:
            click.echo(f"  {step['action']} – {step['label']}")
            if is_open:
                click.echo(f"      lệnh: {step['command']}")
            if is_open and step["takes"]:
                click.echo(f"      ghi được: {'; '.join(step['takes'].values())}")
            for reason in step["reasons"]:
                click.echo(f"      {'cần: ' if reason in step['needs'] else ''}{reason}")
    left = len(answer["actions"]) - len(shown)
    if left:
        click.echo(
            f"\n{left} bước khác không thuộc giai đoạn này; xem lý do bằng dean why-not {answer['project']} BƯỚC."
        )
