"""Draw the lifecycle table for people: a Mermaid diagram and a Markdown table, both checked against the README."""

from states.actions import Action
from states.lifecycle import STATES_OF, Basis, Step, stage_label
from states.machine import step_edges
from states.steps import STEPS
from states.vocabulary import Role, Route, Stage, State
from states.words import format_date


def lifecycle_mermaid(route: Route) -> str:
    """The moves of one route, the stages boxed by state.

    Compensating and staying steps are left to the table; suspending is drawn from the commonest stage only.
    """
    lines = ["stateDiagram-v2", "    direction LR", "    [*] --> draft"]
    for state in State:
        own = [stage for stage in Stage if STATES_OF[stage] == (state,)]
        lines.append(f'    state "{state.label}" as {state}_box {{')
        lines.extend(f"        {stage} : {stage_label(stage, route)}" for stage in own)
        lines.append("    }")
    lines.extend(f"    {stage} : {stage.label}" for stage in Stage if len(STATES_OF[stage]) > 1)
    lines.extend(arrow for step in STEPS if route in step.authorities for arrow in _arrows(step))
    return "\n".join(lines)


#: A step from more stages than this is drawn from the box of the state, or nobody could follow the arrows.
_MANY = 3


def _arrows(step: Step) -> list[str]:
    if step.action is Action.REVERT:
        return []
    if step.action in (Action.SUSPEND, Action.RESUME):
        moves: list[tuple[str, str]] = [m for m in step_edges(step) if Stage.UNDERWAY in m]
    elif len(step.sources) > _MANY and step.target is not None:
        boxes = sorted({STATES_OF[source][0] for source in step.sources}, key=list(State).index)
        moves = [(f"{state}_box", step.target) for state in boxes]
    else:
        moves = sorted(move for move in step_edges(step) if move[0] is not move[1])
    return [f"    {source} --> {target} : {step.label}" for source, target in moves]


def lifecycle_table() -> str:
    """Every row of the lifecycle table as a Markdown table in the words of the office."""
    head = ("Bước", "Từ → đến", "Tuyến: cơ quan quyết định", "Người ghi", "Giấy tờ", "Hạn", "Căn cứ")
    return "\n".join([f"| {' | '.join(head)} |", "|---|---|---|---|---|---|---|", *(_row(step) for step in STEPS)])


def _row(step: Step) -> str:
    papers = [paper.label for paper in step.papers] + ([f"**{step.act.label}**"] if step.act else [])
    cells = (
        f"`{step.action}` {step.label}",
        f"{_sources(step)} → {_target(step)}",
        "; ".join(
            f"{_SHORT[route]}: {', '.join(a.label for a in bodies)}" for route, bodies in step.authorities.items()
        ),
        ", ".join(role.label for role in Role if role in step.recorders),
        "; ".join(papers) or "–",
        _deadlines(step),
        "; ".join(_basis(basis) for basis in step.basis),
    )
    return "| " + " | ".join(cells) + " |"


_SHORT = {Route.LOCAL: "ĐP", Route.NATIONAL: "QG"}


def _sources(step: Step) -> str:
    if len(step.sources) == len(Stage):
        return "mọi giai đoạn"
    return ", ".join(str(stage) for stage in Stage if stage in step.sources)


def _target(step: Step) -> str:
    if step.action is Action.RESUME:
        return "giai đoạn trước khi tạm dừng"
    if step.action is Action.REVERT:
        return "giai đoạn trước bước bị hủy"
    return str(step.target) if step.target else "giữ nguyên"


def _deadlines(step: Step) -> str:
    parts = (("mở", step.opens), ("dừng", step.pauses), ("chạy tiếp", step.resumes), ("đóng", step.closes_deadlines))
    return "; ".join(f"{word} {', '.join(ids)}" for word, ids in parts if ids) or "–"


def _basis(basis: Basis) -> str:
    return basis.text if basis.since is None else f"{basis.text} (từ {format_date(basis.since)})"
