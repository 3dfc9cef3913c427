"""The yearly plan as tables: which year is in the making, and figures that are those of `dean plan show`."""

from datetime import date
from typing import Any

import pytest

from flows.jobs.plan_tables import plan_tables, year_in_the_making
from models.plan.figures import plan_figures


@pytest.mark.parametrize(("on", "year"), [(date(2026, 4, 30), 2026), (date(2026, 5, 1), 2027)])
def test_from_may_on_the_plan_of_the_coming_year_is_made(on: date, year: int) -> None:
    assert year_in_the_making(on) == year


def test_tables_hold_the_figures_of_the_plan(office: Any) -> None:
    code = office.bring(office.open(), "cleared")

    tables = plan_tables(office.store, 2024)

    with office.store.read() as session:
        figures = plan_figures(session, "KC-VL-2021-2025", 2024)
    assert [row["code"] for row in tables["plan-2024-lines"][1]] == [code]
    assert tables["plan-2024-targets"][1] == figures["targets"]
    assert sum(row["amount"] for row in tables["plan-2024-sources"][1]) == figures["totals"]["total"] == 650_000_000
    contents = {row["code"]: row["local_fund"] for row in tables["plan-2024-contents"][1] if row["local_fund"]}
    assert list(contents.values()) == [300_000_000]
