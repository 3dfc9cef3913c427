"""The yearly plan as tables for whoever shows them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from models.plan.figures import plan_figures
from models.status import current_programme
from models.store import Store

#: From this month on the plan that is being made is that of the coming year.
_TURN = 5


def year_in_the_making(on: date) -> int:
    """The year whose plan the office works on at a date: proposals for the next one are gathered from May on."""
    return on.year + 1 if on.month >= _TURN else on.year


def plan_tables(store: Store, year: int) -> dict[str, tuple[str, Sequence[Mapping[str, Any]]]]:
    """The tables of a plan by their keys, each with its title; amounts in đồng. Raises Refused without a programme."""
    with store.read() as session:
        programme = current_programme(session, date(year, 1, 1))
        figures = plan_figures(session, programme, year)
    totals = figures["totals"]
    lines = [{name: _flat(value) for name, value in line.items()} for line in figures["lines"]]
    head = f"Kế hoạch năm {year}"
    return {
        f"plan-{year}-lines": (f"{head}: danh mục đề án", lines),
        f"plan-{year}-contents": (f"{head}: theo nội dung", _flat_rows(totals["contents"])),
        f"plan-{year}-sources": (f"{head}: theo nguồn", _flat_rows(totals["sources"])),
        f"plan-{year}-places": (f"{head}: theo địa bàn", _flat_rows(totals["places"])),
        f"plan-{year}-units": (f"{head}: theo đơn vị", _flat_rows(totals["units"])),
        f"plan-{year}-envelope": (f"{head}: so với kinh phí chương trình", figures["envelope"]),
        f"plan-{year}-targets": (f"{head}: so với chỉ tiêu", figures["targets"]),
    }


def _flat_rows(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows whose money by source stands in columns of its own."""
    flat = []
    for row in rows:
        money = row.get("money", {})
        flat.append({name: value for name, value in row.items() if name != "money"} | dict(money))
    return flat


def _flat(value: Any) -> Any:
    """A value as one cell of a table."""
    return value if value is None or isinstance(value, bool | int | str) else str(value)
