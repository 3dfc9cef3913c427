"""`dean forecast` on the office: a table, the method under it, JSON with the projects, and its refusals."""

from datetime import UTC, datetime
from typing import Any

import pytest


@pytest.fixture
def two_years(office: Any, dean: Any) -> Any:
    """A machine accepted in 2021 and one in 2022, one approved in 2023."""
    for year, stage in ((2021, "accepted"), (2022, "accepted"), (2023, "approved")):
        office.at = datetime(year, 2, 1, 1, 0, tzinfo=UTC)
        office.bring(office.open(plan_year=year), stage)
    return dean


def test_forecast_prints_verdicts_the_back_test_and_the_method(two_years: Any) -> None:
    printed = two_years("forecast", "--as-of", "15/03/2023")

    assert printed.code == 0
    [verdict] = [line for line in printed.lines if line.startswith("T2_2 lượt")]
    # 2 accepted + 1 open × 291/365 of the year left + 1 for each of two years, and no closed year was missed.
    assert verdict.endswith("50 2 4 4 – 5 Sẽ không đạt 46 16")
    assert "Dự báo tại ngày 15/03/2023, đến 31/12/2025" in printed.lines
    assert any(line.startswith("T2_2 2021, 2022 ") for line in printed.lines)
    assert any(line.startswith("- Kiểm lại: ") for line in printed.lines)


def test_forecast_in_json_names_the_projects(two_years: Any) -> None:
    found = two_years("forecast", "KC-VL-2021-2025", "--as-of", "2023-03-15", "--json").json

    [target] = [row for row in found["targets"] if row["code"] == "T2_2"]
    assert (found["as_of"], target["verdict"], target["missing"], target["per_year"]) == (
        "2023-03-15",
        "missed",
        46,
        16,
    )
    assert [row["project"] for row in target["projects"]["accepted"]] == ["KC-VL-2021-001", "KC-VL-2022-001"]
    assert [row["project"] for row in target["projects"]["waiting"]] == ["KC-VL-2023-001"]


def test_forecast_is_refused_too_early_and_for_a_day_to_come(two_years: Any) -> None:
    early, later = two_years("forecast", "--as-of", "2022-03-15"), two_years("forecast", "--as-of", "2024-06-04")

    assert (early.code, later.code) == (1, 1)
    assert early.err.splitlines()[-1].startswith("Mới có một năm đã khép lại (2021) nên không kiểm lại được dự báo;")
    assert later.err.splitlines()[-1].startswith("Ngày 04/06/2024 chưa đến;")
