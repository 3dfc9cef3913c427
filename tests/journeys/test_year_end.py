"""Work that is not done by 31 December: refused in January, or carried to the next year by a decision in time."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.status import programme_status
from models.waterfall import year_waterfall
from states.facts import Asked
from states.refusal import Refused
from states.vocabulary import Change, MoneyKind, Paper, Route, Source, Stage

TRIEU = 1_000_000
PROGRAMME = "KC-VL-2021-2025"
DONE = {"quantities": {"T2_2": 1}, "number": "9/BB", "signer": "Lê Minh Chi"}
TOO_LATE = (
    "Nghiệm thu ngày 06/01/2025 sau 31/12/2024; khối lượng chỉ được tính đến hết năm, "
    "trừ khi đã có quyết định chuyển năm (carry_over) từ trước. "
    "Phần làm xong trong năm được ghi nhận ở bước ngừng triển khai (stop)."
)
DECIDERS = {Route.LOCAL: "Lê Quang Trung", Route.NATIONAL: "Vũ Đức Hải"}


def underway(office: Any, route: Route = Route.LOCAL) -> str:
    """A project of 300 triệu of the plan of 2024, at work since January."""
    code: str = office.bring(office.open(route=route), Stage.UNDERWAY)
    return code


def ask_for_the_next_year(office: Any, code: str, **asked: Any) -> None:
    office.at = office.at.replace(month=12, day=1)
    office.ask(code, Asked(next_year=True, **asked), note="Máy nhập khẩu về chậm")


def decide(office: Any, code: str, decided_on: date, recorded_on: str) -> None:
    signer = DECIDERS[office.facts(code).route]
    paper = {"number": "99/QĐ", "decided_on": decided_on, "signer": signer, "note": "Máy nhập khẩu về chậm"}
    office.record(recorded_on, code, "approve_adjustment", "binh", **paper)


def finish(office: Any, code: str, support: int = 300) -> str:
    """Report the work and accept it on 06/01/2025; support in triệu đồng."""
    if office.stage(code) is Stage.UNDERWAY:
        office.record("2025-01-03", code, "report_completion", "an", number="8/BC", papers=(Paper.VOUCHERS,))
    amounts = {office.facts(code).fund: support * TRIEU, Source.COUNTERPART: 350 * TRIEU}
    stage: str = office.record("2025-01-06", code, "accept", "chi", amounts=amounts, **DONE)
    return stage


def year_ends(office: Any, code: str) -> list[tuple[str, str]]:
    with office.store.read() as session:
        rows = session.connection().execute(
            text(
                "SELECT d.status, d.printed_on FROM deadline AS d JOIN project AS p ON p.id = d.project_id "
                "WHERE d.clock = 'D-END' AND p.code = :code ORDER BY d.started_by"
            ),
            {"code": code},
        )
        return [(row.status, str(row.printed_on)) for row in rows]


def year_figures(office: Any, year: int, source: Source = Source.LOCAL_FUND) -> dict[str, int]:
    """The waterfall of a plan year in triệu đồng, without the zeros."""
    with office.store.read() as session:
        sums = year_waterfall(session, year)["sources"][source]
    return {kind: amount // TRIEU for kind, amount in sums.items() if amount}


def test_work_finished_in_january_is_refused_without_a_decision(office_on_both: Any) -> None:
    office = office_on_both
    code = underway(office)
    office.record("2025-01-03", code, "report_completion", "an", number="8/BC", papers=(Paper.VOUCHERS,))

    with office.refusing(TOO_LATE):
        finish(office, code)

    assert year_figures(office, 2024) == {
        "asked": 300,
        "appraised": 300,
        "approved": 300,
        "contracted": 300,
        "balance": 300,
    }


def test_share_of_a_group_is_held_to_the_same_day(office: Any) -> None:
    other = office.workshop("Cơ sở Bánh tráng")
    code = office.bring(office.open(kind="group", beneficiaries=(office.beneficiary, other)), Stage.AWAITING_ACCEPTANCE)

    with office.refusing(TOO_LATE):
        share = {"amounts": {Source.LOCAL_FUND: 150 * TRIEU}, "beneficiary_id": other}
        office.record("2025-01-06", code, "accept_share", "chi", cost=325 * TRIEU, **share, **DONE)


@pytest.mark.parametrize("route", list(Route))
def test_work_carried_on_in_time_is_accepted_and_keeps_its_plan_year(office_on_both: Any, route: Route) -> None:
    office = office_on_both
    code = underway(office, route)
    fund = office.facts(code).fund
    ask_for_the_next_year(office, code)

    # The decision of December reaches the office in January.
    decide(office, code, date(2024, 12, 27), "2025-01-02")
    stage = finish(office, code)

    facts = office.facts(code)
    assert (stage, facts.plan_year, facts.work_year) == ("accepted", 2024, 2025)
    assert year_ends(office, code) == [("closed", "2024-12-31"), ("closed", "2025-12-31")]
    pay_and_settle(office, code)
    whole = {"asked": 300, "appraised": 300, "approved": 300, "contracted": 300}
    whole |= {"accepted": 300, "paid": 300, "settled": 300}
    assert (year_figures(office, 2024, fund), year_figures(office, 2025, fund)) == (whole, {})
    assert status_figures(office, fund) == {"planned": 300, "approved": 300, "implemented": 300, "settled": 300}
    office.prove()


def pay_and_settle(office: Any, code: str) -> None:
    paper = {"decided_on": date(2025, 1, 10), "number": "20/QĐ"}
    office.record("2025-01-10", code, "submit_settlement", "an", number="11/ĐNTT")
    office.record("2025-01-13", code, "pay", "dung", amounts={office.facts(code).fund: 300 * TRIEU}, **paper)
    assert office.record("2025-01-20", code, "settle", "dung", signer="Lê Minh Chi", **paper) == "settled"


def status_figures(office: Any, fund: Source) -> dict[str, int]:
    with office.store.read() as session:
        money = programme_status(session, PROGRAMME)["money"][fund]
    return {step: money[step] // TRIEU for step in ("planned", "approved", "implemented", "settled")}


def test_decision_of_january_comes_too_late(office: Any) -> None:
    code = underway(office)
    ask_for_the_next_year(office, code)

    with office.refusing("Quyết định chuyển năm phải có trước hết ngày 31/12/2024."):
        decide(office, code, date(2025, 1, 2), "2025-01-03")

    decide(office, code, date(2024, 12, 31), "2025-01-03")
    assert office.facts(code).work_year == 2025


def test_end_of_the_work_in_the_next_year_asks_for_the_next_year(office: Any) -> None:
    code = underway(office)
    later = {"ends_on": date(2025, 3, 31)}

    with office.refusing(
        "Thực hiện sau 31/12/2024 là chuyển sang năm ngân sách sau; hãy ghi thêm --kind carry_to_next_year.",
    ):
        office.ask(code, Asked(columns=later))
    ask_for_the_next_year(office, code, columns=later)
    decide(office, code, date(2024, 12, 27), "2024-12-30")

    assert (office.facts(code).work_year, shown(office, code, "ends_on")) == (2025, "2025-03-31")


def shown(office: Any, code: str, column: str) -> str:
    with office.store.read() as session:
        row = session.connection().execute(text(f"SELECT {column} FROM project WHERE code = :code"), {"code": code})
        return str(row.scalar_one())


def twice_by_decision(office: Any, code: str) -> None:
    paper = {"number": "99/QĐ-UBND", "decided_on": date(2024, 12, 27), "signer": "Lê Quang Trung", "note": "Về chậm"}
    office.record("2024-12-30", code, "carry_over", "binh", **paper)


def twice_by_adjustment(office: Any, code: str) -> None:
    office.ask(code, Asked(next_year=True))
    decide(office, code, date(2024, 12, 27), f"{office.today + timedelta(days=1)}")


@pytest.mark.parametrize("again", [twice_by_decision, twice_by_adjustment])
def test_work_is_carried_once_out_of_a_year(office: Any, again: Callable[[Any, str], None]) -> None:
    code = underway(office)
    ask_for_the_next_year(office, code)
    decide(office, code, date(2024, 12, 20), "2024-12-23")

    with pytest.raises(Refused, match="Đề án đã được chuyển sang năm 2025; mỗi năm chỉ chuyển một lần"):
        again(office, code)

    assert office.facts(code).work_year == 2025


def test_undone_carry_on_gives_the_year_and_its_end_back(office_on_both: Any) -> None:
    office = office_on_both
    code = underway(office)
    before = year_ends(office, code)
    ask_for_the_next_year(office, code, kinds=frozenset({Change.CARRY_TO_NEXT_YEAR}))
    decide(office, code, date(2024, 12, 20), "2024-12-23")
    carried = year_ends(office, code)

    office.record("2024-12-24", code, "revert", "chi", number="1/PSS", note="Ghi nhầm đề án")

    assert (before, carried) == (
        [("open", "2024-12-31")],
        [("closed", "2024-12-31"), ("open", "2025-12-31")],
    )
    assert (year_ends(office, code), office.facts(code).work_year) == (before, 2024)
    assert office.facts(code).adjustment_open
    assert office.facts(code).amount(MoneyKind.APPROVED) == 300 * TRIEU
    office.prove()
