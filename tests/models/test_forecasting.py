"""What the register tells the forecast: accepted with days, open on the same day of closed years, and behind whom."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.forecasting import programme_forecast
from states.refusal import Refused
from states.vocabulary import Source, Stage

PROGRAMME = "KC-VL-2021-2025"
TODAY = date(2026, 1, 5)


def worked(office: Any, year: int, stage: Stage, **changes: Any) -> str:
    """A project of a plan year, begun on 1 February of it and brought on a day at a time."""
    office.at = datetime(year, 2, 1, 1, 0, tzinfo=UTC)
    code: str = office.bring(office.open(plan_year=year, **changes), stage)
    return code


def machinery(office: Any, as_of: date, today: date = TODAY) -> dict[str, Any]:
    with office.store.read() as session:
        found: dict[str, Any] = programme_forecast(session, PROGRAMME, as_of=as_of, today=today)
    target: dict[str, Any]
    [target] = [row for row in found["targets"] if row["code"] == "T2_2"]
    return target | {"found": found}


def test_forecast_names_the_projects_behind_every_number(office_on_both: Any) -> None:
    office = office_on_both
    first, second = worked(office, 2021, Stage.ACCEPTED), worked(office, 2022, Stage.ACCEPTED)
    approved, cleared = worked(office, 2023, Stage.APPROVED), worked(office, 2023, Stage.CLEARED)
    coming = worked(office, 2024, Stage.SUBMITTED)
    worked(office, 2023, Stage.DRAFT)

    target = machinery(office, date(2023, 3, 1))

    assert target["found"]["closed_years"] == [2021, 2022]
    assert (target["goal"], target["accepted"], target["approved"], target["planned"]) == (50, 2, 1, 1)
    assert target["projects"] == {
        "accepted": [
            {"project": first, "on": "2021-02-11", "quantity": 1},
            {"project": second, "on": "2022-02-11", "quantity": 1},
        ],
        # What is handed in later is unknown on the day.
        "waiting": [
            {"project": approved, "year": 2023, "approved": 1, "planned": 0},
            {"project": cleared, "year": 2023, "approved": 0, "planned": 1},
        ],
        "closed": [
            {"year": 2021, "day": "2021-03-01", "waiting": []},
            {"year": 2022, "day": "2022-03-01", "waiting": []},
        ],
    }
    assert coming not in str(target["projects"])


def test_what_stood_open_on_the_same_day_is_told_as_it_stood(office_on_both: Any) -> None:
    office = office_on_both
    first, second = worked(office, 2021, Stage.ACCEPTED), worked(office, 2022, Stage.ACCEPTED)

    submitted = machinery(office, date(2023, 2, 3))["projects"]["closed"]
    approved = machinery(office, date(2023, 2, 8))["projects"]["closed"]

    assert submitted == [
        {"year": 2021, "day": "2021-02-03"}
        | {"waiting": [{"project": first, "year": 2021, "approved": 0, "planned": 1}]},
        {"year": 2022, "day": "2022-02-03"}
        | {"waiting": [{"project": second, "year": 2022, "approved": 0, "planned": 1}]},
    ]
    assert [year["waiting"][0]["approved"] for year in approved] == [1, 1]


def test_acceptance_taken_back_never_counted(office_on_both: Any) -> None:
    office = office_on_both
    worked(office, 2021, Stage.ACCEPTED)
    code = worked(office, 2022, Stage.ACCEPTED)
    before = machinery(office, date(2023, 3, 1))
    office.step(code, "revert", "bach", number="31/SCT", note="Ghi nhầm đề án")

    after = machinery(office, date(2023, 3, 1))

    assert (before["accepted"], after["accepted"]) == (2, 1)
    assert [row["project"] for row in after["projects"]["waiting"]] == [code]


def test_work_stopped_or_suspended_waits_as_its_stage_says(office: Any) -> None:
    for year in (2021, 2022):
        worked(office, year, Stage.ACCEPTED)
    stopped, suspended = worked(office, 2023, Stage.UNDERWAY), worked(office, 2023, Stage.UNDERWAY)
    paper = {"signer": "Lê Quang Trung", "note": "Cơ sở giải thể"}
    office.step(stopped, "stop", "binh", number="9/QĐ", decided_on=(office.at + timedelta(days=1)).date(), **paper)
    office.step(suspended, "suspend", "chi", number="10/QĐ", **paper | {"signer": "Lê Minh Chi"})

    target = machinery(office, date(2023, 4, 1))

    assert target["projects"]["waiting"] == [{"project": suspended, "year": 2023, "approved": 1, "planned": 0}]


def test_year_without_projects_teaches_nothing(office: Any) -> None:
    worked(office, 2022, Stage.ACCEPTED)
    worked(office, 2023, Stage.ACCEPTED)

    found = machinery(office, date(2024, 3, 1))["found"]

    assert (found["closed_years"], found["unknown_years"]) == ([2022, 2023], [2021])


def test_forecast_is_refused_below_two_closed_years_and_for_a_day_to_come(office: Any) -> None:
    worked(office, 2022, Stage.ACCEPTED)

    with pytest.raises(Refused) as too_few:
        machinery(office, date(2024, 3, 1))
    with pytest.raises(Refused) as to_come:
        machinery(office, date(2026, 1, 6))
    with office.store.read() as session, pytest.raises(Refused) as unknown:
        programme_forecast(session, "KC-XX", as_of=TODAY, today=TODAY)

    assert too_few.value.reasons == (
        "Mới có một năm đã khép lại (2022) nên không kiểm lại được dự báo; hãy dự báo khi đã có ít nhất 2 năm, hoặc"
        " nhập số liệu các năm trước của chương trình.",
    )
    assert to_come.value.reasons == ("Ngày 06/01/2026 chưa đến; hãy dự báo tại hôm nay hoặc một ngày đã qua.",)
    assert unknown.value.reasons == ("Không có chương trình «KC-XX»; hãy xem dean programme list.",)


def test_group_accepted_in_part_waits_for_the_rest(office: Any) -> None:
    for year in (2021, 2022):
        worked(office, year, Stage.ACCEPTED)
    other = office.workshop("Xưởng Khô cá Long Hồ")
    shared = {"kind": "group", "beneficiaries": (office.beneficiary, other), "targets": {"T2_2": 2}}
    code = worked(office, 2023, Stage.AWAITING_ACCEPTANCE, **shared)
    trieu = 1_000_000
    share = {
        "amounts": {Source.LOCAL_FUND: 150 * trieu, Source.COUNTERPART: 175 * trieu},
        "quantities": {"T2_2": 1},
        "beneficiary_id": office.beneficiary,
    }
    office.step(code, "accept_share", "chi", number="40/BB", signer="Lê Minh Chi", **share)

    target = machinery(office, date(2023, 4, 1))

    assert (target["accepted"], target["approved"]) == (3, 1)
