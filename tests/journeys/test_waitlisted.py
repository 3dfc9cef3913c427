"""A project that waited for money: funded the year after, carried out and settled in that year."""

from datetime import UTC, datetime
from typing import Any

from states.vocabulary import Stage


def test_project_funded_a_year_later_is_carried_out_in_that_year(office: Any) -> None:
    code = office.bring(office.open(), Stage.CLEARED)
    office.step(code, "waitlist", "binh", note="Chưa bố trí được vốn năm 2024")
    office.at = datetime(2025, 3, 3, 2, tzinfo=UTC)
    office.step(code, "fund", "binh", note="Đã có vốn năm 2025")

    office.bring(code, Stage.SETTLED)

    facts = office.facts(code)
    assert (facts.stage, facts.plan_year, facts.work_year) == (Stage.SETTLED, 2024, 2025)
