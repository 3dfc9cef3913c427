"""The figures of a programme made ready for the charts: shares of a bar, running sums, and the table beside them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from states.vocabulary import Source

Figures = Mapping[str, Any]
#: A bar is drawn up to this many per cent of its goal; what goes beyond is said in figures.
WIDEST = 120
STEPS = ("planned", "approved", "implemented", "settled")
STEP_LABELS = {
    "planned": "Đã lên kế hoạch",
    "approved": "Đã phê duyệt",
    "implemented": "Đã nghiệm thu",
    "settled": "Đã quyết toán",
}


def target_bars(targets: list[Figures]) -> list[dict[str, Any]]:
    """One bar for each target: how far it is in whole per cent of the goal (of the largest step without one)."""
    bars = []
    for target in targets:
        goal = goal_of(target)
        most = goal or max((target[step] for step in STEPS), default=0) or 1
        shares = {step: min(target[step] * 100 // most, WIDEST) for step in STEPS}
        bars.append({"code": target["code"], "name": target["name"], "goal": goal, "shares": shares, "target": target})
    return bars


def goal_of(target: Figures) -> int | None:
    """The number of a target, the least of a range, None where the programme set none."""
    quantity: int | None = target["quantity"] if target["quantity"] is not None else target["quantity_min"]
    return quantity


def money_stacks(money: Figures) -> list[dict[str, Any]]:
    """One stack for each source: settled, accepted beyond that, approved beyond that, and what the budget has left.

    Parts in đồng; they add up to the budget, or to what was approved where that is more.
    """
    stacks = []
    for source in Source:
        sums = money[source]
        settled = sums["settled"]
        implemented = max(sums["implemented"] - settled, 0)
        approved = max(sums["approved"] - settled - implemented, 0)
        free = max(sums["budget"] - settled - implemented - approved, 0)
        parts = {"settled": settled, "implemented": implemented, "approved": approved, "free": free}
        over = max(sums["approved"] - sums["budget"], 0) if source is not Source.COUNTERPART else 0
        whole = sum(parts.values())
        stacks.append({"source": str(source), "label": source.label, "parts": parts, "whole": whole, "over": over})
    most = max((stack["whole"] for stack in stacks), default=0) or 1
    return [stack | {"most": most} for stack in stacks]


def running_lines(found: Figures) -> dict[str, Any] | None:
    """The running sums by month as points of a line: `x` in months since the start, `y` in thousandths of the top."""
    months = found["months"]
    if len(months) < 2:
        return None
    programme = found["programme"]
    first = min(_month(months[0]["part"]), _month(f"{programme['start_year']}-01"))
    last = max(_month(months[-1]["part"]), _month(f"{programme['end_year']}-12"))
    top = max(found["money"]["total"]["budget"], *(max(row["sum"].values()) for row in months)) or 1
    points = {
        step: [(_month(row["part"]) - first, row["sum"][step] * 1000 // top) for row in months] for step in STEPS[1:]
    }
    years = [{"year": year, "x": _month(f"{year}-01") - first} for year in range(first // 12, last // 12 + 1)]
    budget = found["money"]["total"]["budget"] * 1000 // top
    return {"points": points, "width": max(last - first, 1), "top": top, "years": years, "budget": budget}


def _month(text: str) -> int:
    """The number of a month since the year 0."""
    day = date.fromisoformat(f"{text[:7]}-01")
    return day.year * 12 + day.month - 1
