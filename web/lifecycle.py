"""The lifecycle of one route as a drawing: boxes by state, arrows by step. Only places; the template draws."""

from dataclasses import dataclass

from states.actions import Action
from states.lifecycle import STATES_OF, Step, stage_label
from states.machine import step_edges
from states.steps import STEPS
from states.vocabulary import Route, Stage, State
from web.words import t

BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, HEAD, MARGIN = 156, 46, 62, 26, 44, 32
#: Longer labels stand on two lines.
_LINE = 21
#: A step from more stages than this is drawn from the head of the state, or nobody could follow the arrows.
_MANY = 3
#: The straight road, drawn stronger than what leaves it or comes back.
ROAD = frozenset(
    {
        Action.SUBMIT,
        Action.START_APPRAISAL,
        Action.PASS_APPRAISAL,
        Action.SEND_TO_AGENCY,
        Action.SEND_TO_FINANCE,
        Action.PASS_REVIEW,
        Action.APPROVE,
        Action.SIGN_CONTRACT,
        Action.START,
        Action.REPORT_COMPLETION,
        Action.ACCEPT,
        Action.SUBMIT_SETTLEMENT,
        Action.SETTLE,
    }
)


@dataclass(frozen=True, slots=True)
class Box:
    """A stage, with its label cut into lines."""

    stage: Stage
    x: int
    y: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: a state, or the ends."""

    label: str
    x: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """A step from box to box, as the path of an SVG."""

    path: str
    label: str
    is_road: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole picture with its size."""

    width: int
    height: int
    heads: tuple[Head, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def draw(route: Route) -> Drawing:
    """Place the stages of a route in columns by state, the ends last, and the steps between them.

    Labels are cut into lines in the language of the page.
    """
    columns = [[stage for stage in Stage if STATES_OF[stage] == (state,)] for state in State]
    columns.append([stage for stage in Stage if len(STATES_OF[stage]) > 1])
    boxes = {stage: _box(stage, route, x, y) for x, column in enumerate(columns) for y, stage in enumerate(column)}
    heads = [Head(state.label, _left(x)) for x, state in enumerate(State)] + [Head("Các kết cục", _left(len(State)))]
    arrows = [arrow for step in STEPS if route in step.authorities for arrow in _arrows(step, boxes)]
    return Drawing(
        width=_left(len(columns)) - GAP_X + MARGIN,
        height=_top(max(map(len, columns))) - GAP_Y + MARGIN,
        heads=tuple(heads),
        boxes=tuple(boxes.values()),
        arrows=tuple(sorted(arrows, key=lambda arrow: arrow.is_road)),
    )


def _left(column: int) -> int:
    return MARGIN + column * (BOX_WIDTH + GAP_X)


def _top(row: int) -> int:
    return MARGIN + HEAD + row * (BOX_HEIGHT + GAP_Y)


def _box(stage: Stage, route: Route, column: int, row: int) -> Box:
    lines = [""]
    for word in t(stage_label(stage, route)).split():
        if lines[-1] and len(lines[-1]) + len(word) >= _LINE:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return Box(stage, _left(column), _top(row), tuple(lines[:2]))


def _arrows(step: Step, boxes: dict[Stage, Box]) -> list[Arrow]:
    """Compensating and staying steps are left to the table; suspending is drawn from the commonest stage only."""
    if step.action is Action.REVERT:
        return []
    is_road = step.action in ROAD
    if step.action in (Action.SUSPEND, Action.RESUME):
        moves = [move for move in step_edges(step) if Stage.UNDERWAY in move]
    elif len(step.sources) > _MANY and step.target is not None:
        columns = sorted({boxes[source].x for source in step.sources})
        target = boxes[step.target]
        return [Arrow(_from_head(x, target), step.label, is_road) for x in columns if x != target.x]
    else:
        moves = sorted(move for move in step_edges(step) if move[0] is not move[1])
    return [Arrow(_path(boxes[source], boxes[target]), step.label, is_road) for source, target in moves]


def _from_head(x: int, target: Box) -> str:
    """From below the head of a column, along the top, down to the left side of the target."""
    start_x, start_y = x + BOX_WIDTH, MARGIN + HEAD // 2
    end_y = target.y + BOX_HEIGHT // 2
    return f"M{start_x} {start_y} C{target.x - GAP_X} {start_y}, {target.x - GAP_X} {end_y}, {target.x} {end_y}"


def _path(source: Box, target: Box) -> str:
    middle, half = BOX_HEIGHT // 2, BOX_WIDTH // 2
    if source.x < target.x:
        start, end = (source.x + BOX_WIDTH, source.y + middle), (target.x, target.y + middle)
        bend = (end[0] - start[0]) // 2
        return f"M{start[0]} {start[1]} C{start[0] + bend} {start[1]}, {end[0] - bend} {end[1]}, {end[0]} {end[1]}"
    if source.x == target.x and target.y - source.y == BOX_HEIGHT + GAP_Y:
        return f"M{source.x + half} {source.y + BOX_HEIGHT} L{target.x + half} {target.y}"
    if source.x == target.x:
        # Around the side: down on the right, back on the left, wider the farther it goes.
        down = target.y > source.y
        side = source.x + BOX_WIDTH if down else source.x
        reach = min(18 + abs(target.y - source.y) // 8, GAP_X // 2) * (1 if down else -1)
        start_y, end_y = source.y + middle, target.y + middle
        return f"M{side} {start_y} C{side + reach} {start_y}, {side + reach} {end_y}, {side} {end_y}"
    start, end = (source.x, source.y + middle), (target.x + BOX_WIDTH, target.y + middle)
    bend = (start[0] - end[0]) // 2
    return f"M{start[0]} {start[1]} C{start[0] - bend} {start[1]}, {end[0] + bend} {end[1]}, {end[0]} {end[1]}"
