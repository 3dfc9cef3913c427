"""What a report counts of each project, from the events that had been decided by the last day of its period.

A figure stands at a path, such as ("money", "local_fund", "paid", "period"). What a project adds to the figures of
its content, of its targets and of the whole stands at their paths too, so that every sum is one of these additions
and an event can be named for each figure that it changes. Amounts in đồng; spans are the period, the year up to its
last day, and everything since the programme began.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.queries.past import Happened, Past, fold, lines
from states.actions import Action
from states.effects import QuantityKind
from states.lifecycle import BEFORE_APPROVAL, ENDS, RUNNING
from states.periods import Period, PeriodKind, period
from states.vocabulary import MoneyKind, Route, Stage

Path = tuple[str, ...]
Cells = dict[Path, int | str]

SPANS = ("period", "year", "cumulative")
#: What is told of money besides what was planned and what is expected; adjustments stand with the approval.
FLOWS = (
    MoneyKind.APPROVED,
    MoneyKind.ALLOTTED,
    MoneyKind.PREPAID,
    MoneyKind.ACCEPTED,
    MoneyKind.PAID,
    MoneyKind.SETTLED,
    MoneyKind.RELEASED,
    MoneyKind.RECOVERED,
)
#: Steps by which projects are counted.
COUNTED_STEPS = {
    Action.APPROVE: "approved",
    Action.ACCEPT: "accepted",
    Action.SETTLE: "settled",
    Action.STOP: "stopped",
}
METHOD = (
    "Kế hoạch: số và kinh phí của đề án có năm thực hiện là năm báo cáo; đã phê duyệt thì lấy số phê duyệt sau điều"
    " chỉnh, chưa phê duyệt thì lấy số đã thẩm định hoặc đề nghị; đề án đã ra khỏi kế hoạch không tính.",
    "Thực hiện: số đã nghiệm thu; trong kỳ, từ đầu năm và từ đầu chương trình, theo ngày trên văn bản.",
    "Ước cả năm: số đã thực hiện từ đầu năm cộng số còn lại của đề án chưa kết thúc của năm báo cáo và các năm trước;"
    " đề án chờ bố trí vốn không tính. Kinh phí ước chi: số đã tạm ứng, thanh toán từ đầu năm cộng số còn được chi.",
)
#: Asked and not approved, but still on the way to a decision of this year.
_ON_THE_WAY = BEFORE_APPROVAL - {Stage.DRAFT, Stage.WAITLISTED}
_AFTER_WORK = frozenset({Stage.ACCEPTED, Stage.SETTLING})


@dataclass(frozen=True, slots=True)
class Window:
    """The days that a report counts. `year` is None for a report on the whole programme: all its years at once."""

    last: date
    since: Mapping[str, str]
    year: int | None

    def spans_of(self, day: str) -> Iterable[str]:
        return (span for span in SPANS if self.since[span] <= day)

    def planned(self, work_year: int) -> bool:
        """Is it work of the year of the report?"""
        return self.year is None or work_year == self.year

    def due(self, work_year: int) -> bool:
        """Is it work of that year or left over from an earlier one?"""
        return self.year is None or work_year <= self.year


def window_of(reported: Period) -> Window:
    whole = reported.kind is PeriodKind.PROGRAMME
    year = None if whole else reported.last.year
    # A report on the programme counts from its first event: what was prepared the year before belongs to it.
    first = "" if year is None else reported.first.isoformat()
    new_year = "" if year is None else period(PeriodKind.YEAR, year).first.isoformat()
    return Window(reported.last, {"period": first, "year": new_year, "cumulative": ""}, year)


@dataclass(slots=True)
class Line:
    """One project in a report: where it stood on the last day, and its figures by path below the project."""

    code: str
    content: str
    stage: Stage
    route: Route
    work_year: int
    columns: dict[str, Any]
    figures: dict[Path, int] = field(default_factory=dict)
    difficulties: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, *path: str, amount: int) -> None:
        self.figures[path] = self.figures.get(path, 0) + amount


def line_of(past: Past, window: Window, difficulties: Mapping[str, dict[str, str]]) -> Line | None:
    """The line of a project, or None while it was not handed in by the last day."""
    events = past.until(window.last)
    if not events or (columns := fold(events))["stage"] == Stage.DRAFT:
        return None
    line = Line(
        code=columns["code"],
        content=str(columns["content_no"]),
        stage=Stage(columns["stage"]),
        route=Route(columns["route"]),
        work_year=columns["work_year"],
        columns=columns,
        difficulties=dict(difficulties),
    )
    _count_steps(line, events, past, window)
    _count_money(line, events, past, window)
    _count_quantities(line, events, past, window)
    return line


def _count_steps(line: Line, events: list[Happened], past: Past, window: Window) -> None:
    if line.columns["counted"] and window.planned(line.work_year):
        line.add("projects", "planned", amount=1)
    last = {event.action: past.since[event.id] for event in events if event.action in COUNTED_STEPS}
    for action, day in last.items():
        for span in window.spans_of(day):
            line.add("projects", COUNTED_STEPS[Action(action)], span, amount=1)


def _count_money(line: Line, events: list[Happened], past: Past, window: Window) -> None:
    sums: dict[tuple[str, str], int] = {}
    for event in events:
        for row in lines([event], "money_entry"):
            source, kind, amount = row["source"], row["kind"], row["amount"] * row["direction"]
            sums[source, kind] = sums.get((source, kind), 0) + amount
            told = MoneyKind.APPROVED if kind == MoneyKind.ADJUSTED else kind
            if told in FLOWS:
                for span in window.spans_of(past.since[event.id]):
                    line.add("money", source, str(told), span, amount=amount)
    for source in sorted({source for source, _ in sums}):
        line.figures = no_money(source) | line.figures
        _plan_money(line, source, sums, window)


def _plan_money(line: Line, source: str, sums: Mapping[tuple[str, str], int], window: Window) -> None:
    """What the year planned to support from one source, and what should be given by its end."""

    def sum_of(*kinds: MoneyKind) -> int:
        return sum(sums.get((source, kind), 0) for kind in kinds)

    approved, given = sum_of(MoneyKind.APPROVED, MoneyKind.ADJUSTED), sum_of(MoneyKind.PREPAID, MoneyKind.PAID)
    asked = sum_of(MoneyKind.APPRAISED) or sum_of(MoneyKind.ASKED)
    wanted = approved if line.stage not in BEFORE_APPROVAL else asked
    if line.columns["counted"] and window.planned(line.work_year):
        line.add("money", source, "planned", amount=wanted)
    left = 0
    if window.due(line.work_year):
        if line.stage in RUNNING:
            left = max(approved - given, 0)
        elif line.stage in _AFTER_WORK:
            left = max(sum_of(MoneyKind.ACCEPTED) - given, 0)
        elif line.stage in _ON_THE_WAY:
            left = asked
    in_year = sum(line.figures["money", source, str(kind), "year"] for kind in (MoneyKind.PREPAID, MoneyKind.PAID))
    line.add("money", source, "expected", amount=in_year + left)


def no_money(source: str) -> dict[Path, int]:
    """The figures of money from one source where nothing was counted."""
    zeros: dict[Path, int] = {("money", source, str(kind), span): 0 for kind in FLOWS for span in SPANS}
    return zeros | dict.fromkeys((("money", source, "planned"), ("money", source, "expected")), 0)


def no_quantity(target: str) -> dict[Path, int]:
    """The figures of a target where nothing was counted."""
    return {("targets", target, name): 0 for name in ("planned", *SPANS, "estimate")}


def no_projects() -> dict[Path, int]:
    """The numbers of projects where nothing was counted."""
    steps: dict[Path, int] = {("projects", step, span): 0 for step in COUNTED_STEPS.values() for span in SPANS}
    return steps | {("projects", "planned"): 0}


def _count_quantities(line: Line, events: list[Happened], past: Past, window: Window) -> None:
    sums: dict[str, dict[str, int]] = {}
    for event in events:
        for row in lines([event], "quantity_entry"):
            target, kind, number = row["target_code"], row["kind"], row["quantity"] * row["direction"]
            of_target = sums.setdefault(target, dict.fromkeys(map(str, QuantityKind), 0))
            of_target[kind] += number
            if kind == QuantityKind.ACCEPTED:
                for span in window.spans_of(past.since[event.id]):
                    line.add("targets", target, span, amount=number)
    for target, of_target in sums.items():
        wanted = of_target[QuantityKind.PLANNED if line.stage in BEFORE_APPROVAL else QuantityKind.APPROVED]
        if line.columns["counted"] and window.planned(line.work_year):
            line.add("targets", target, "planned", amount=wanted)
        left = 0
        if window.due(line.work_year):
            if line.stage in RUNNING:
                left = max(wanted - of_target[QuantityKind.ACCEPTED], 0)
            elif line.stage in _ON_THE_WAY:
                left = max(wanted, 0)
        line.figures = no_quantity(target) | line.figures
        line.add("targets", target, "estimate", amount=line.figures["targets", target, "year"] + left)


# --- from lines to cells ------------------------------------------------------------------------------


def is_listed(line: Line, window: Window) -> bool:
    """Work of the year, work left over from earlier years, and whatever moved in the year."""
    if window.planned(line.work_year) or line.difficulties:
        return True
    if line.stage not in ENDS and window.due(line.work_year):
        return True
    return any(path[-1] == "year" and number for path, number in line.figures.items())


def cells_of(line: Line, window: Window) -> Cells:
    """What a project puts into the cells of a report: its own ones, those of its content and targets, the totals."""
    cells: Cells = {}
    if is_listed(line, window):
        cells |= {("projects", line.code, *path): value for path, value in _own(line)}
    for path, number in line.figures.items():
        if path[0] == "targets":
            cells[path] = number
        else:
            cells["totals", *path] = number
            cells["contents", line.content, *path] = number
    for found in line.difficulties.values():
        path = ("totals", "difficulties", found["kind"])
        cells[path] = int(cells.get(path, 0)) + 1
    return cells


#: What a report says of a project beside figures; the work year and the stage move with its steps.
_TOLD = ("name", "plan_year", "work_year", "content_no")


def _own(line: Line) -> Iterable[tuple[Path, int | str]]:
    # How often a project counts among its content's is no figure of its own.
    yield from ((path, number) for path, number in line.figures.items() if path[0] != "projects")
    yield ("stage",), str(line.stage)
    yield ("route",), str(line.route)
    for name in _TOLD:
        yield (name,), line.columns[name]
    for key, found in line.difficulties.items():
        for name, said in found.items():
            yield ("difficulties", key, name), said


def added(parts: Iterable[Cells]) -> Cells:
    """Add up numbers at the same path; a text stands at one path only, that of its own project."""
    total: Cells = {}
    for cells in parts:
        for path, value in cells.items():
            known = total.get(path)
            total[path] = known + value if isinstance(known, int) and isinstance(value, int) else value
    return total
