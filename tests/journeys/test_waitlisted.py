"""A project that waited for money: funded the year after, carried out and settled in that year."""

from datetime import UTC, datetime
from typing import Any

from models.waterfall import year_waterfall
from states.vocabulary import Source, Stage


def year_figures(office: Any, year: int) -> dict[str, int]:
    """The waterfall of a plan year from the local fund, in triệu đồng without the zeros."""
    with office.store.read() as session:
        sums = year_waterfall(session, year)["sources"][Source.LOCAL_FUND]
    return {kind: amount // 1_000_000 for kind, amount in sums.items() if amount}


def test_project_funded_a_year_later_is_carried_out_in_that_year(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.CLEARED)
    office.step(code, "waitlist", "binh", note="Chưa bố trí được vốn năm 2024")
    waiting = year_figures(office, 2024)
    office.at = datetime(2025, 3, 3, 2, tzinfo=UTC)
    office.step(code, "fund", "binh", note="Đã có vốn năm 2025")

    office.bring(code, Stage.SETTLED)

    facts = office.facts(code)
    assert (facts.stage, facts.plan_year, facts.work_year) == (Stage.SETTLED, 2024, 2025)
    assert waiting == {"asked": 300, "appraised": 300}
    # The money stands in the year whose plan the project belongs to.
    whole = {"asked": 300, "appraised": 300, "approved": 300, "contracted": 300}
    assert year_figures(office, 2024) == whole | {"accepted": 300, "paid": 300, "settled": 300}
    assert year_figures(office, 2025) == {}
    office.prove()
