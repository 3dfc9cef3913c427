"""A group project of three workshops: accepted share by share, one of them failed, repaired and accepted."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from models.waterfall import project_waterfall
from states.facts import Asked
from states.vocabulary import Kind, MoneyKind, Paper, Source, Stage

TRIEU = 1_000_000
FUND, COUNTERPART = Source.LOCAL_FUND, Source.COUNTERPART
NAMES = ("Cơ sở Tàu hủ ky Mỹ Hòa", "Cơ sở Khô cá Long Hồ", "Lò chả lụa Cái Vồn")
SIGNED = {"signer": "Lê Minh Chi"}


def group_of_three(office: Any) -> tuple[str, tuple[int, int, int]]:
    """A group project of 300 triệu for three machines, whose work was reported on 03/06/2024."""
    members = (office.beneficiary, office.workshop(NAMES[1]), office.workshop(NAMES[2]))
    draft = office.open(kind=Kind.GROUP, beneficiaries=members, targets={"T2_2": 3})
    code = office.bring(draft, Stage.UNDERWAY)
    office.record("2024-06-03", code, "report_completion", "an", number="8/BC", papers=(Paper.VOUCHERS,))
    return code, members


def pass_share(office: Any, day: str, code: str, who: int, support: int, counterpart: int, **more: Any) -> None:
    """Accept the one machine of a workshop; amounts in triệu đồng."""
    amounts = {FUND: support * TRIEU, COUNTERPART: counterpart * TRIEU}
    done = {"amounts": amounts, "quantities": {"T2_2": 1}, "beneficiary_id": who} | more
    office.record(day, code, "accept_share", "chi", number="9/BB", **SIGNED, **done)


def fail_share(office: Any, day: str, code: str, who: int) -> None:
    office.record(day, code, "fail_share", "chi", number="10/BB", note="Máy chưa chạy thử", beneficiary_id=who)


def close(office: Any, day: str, code: str) -> str:
    """Accept the project itself, once every share has its result."""
    stage: str = office.record(day, code, "accept", "chi", number="12/BB", **SIGNED)
    return stage


def acceptances(office: Any) -> list[tuple[Any, ...]]:
    """Every row: whose, outcome, support and counterpart in triệu đồng, quantities, reason, direction."""
    with office.store.read() as session:
        rows = session.connection().execute(text(_ACCEPTANCES))
        return [
            (row.name, row.outcome, row.support, row.counterpart, json.loads(row.quantities), row.reason, row.direction)
            for row in rows
        ]


_ACCEPTANCES = """
    SELECT b.name, a.outcome, a.support / 1000000 AS support, a.counterpart / 1000000 AS counterpart, a.quantities,
           a.reason, a.direction
    FROM acceptance AS a JOIN beneficiary AS b ON b.id = a.beneficiary_id ORDER BY a.event_id"""


def shares(office: Any, code: str) -> dict[str, int]:
    """Accepted state support of each workshop as the entries say it, in triệu đồng."""
    with office.store.read() as session:
        rows = session.connection().execute(
            text(
                "SELECT b.name, sum(m.amount * m.direction) / 1000000 AS support FROM money_entry AS m "
                "JOIN beneficiary AS b ON b.id = m.beneficiary_id JOIN project AS p ON p.id = m.project_id "
                "WHERE m.kind = 'accepted' AND m.source <> 'counterpart' AND p.code = :code GROUP BY b.name"
            ),
            {"code": code},
        )
        return {row.name: int(row.support) for row in rows}


def test_group_is_accepted_share_by_share_with_one_repaired(office_on_both: Any) -> None:
    office = office_on_both
    code, (first, second, third) = group_of_three(office)

    pass_share(office, "2024-06-10", code, first, 100, 120)
    fail_share(office, "2024-06-11", code, second)
    with office.refusing(
        "Chưa có kết quả nghiệm thu của: Lò chả lụa Cái Vồn. Hãy ghi từng đơn vị (accept_share hoặc fail_share)."
    ):
        close(office, "2024-06-12", code)
    pass_share(office, "2024-06-12", code, third, 95, 110)
    before_repair = office.facts(code)
    pass_share(office, "2024-07-05", code, second, 80, 100)
    stage = close(office, "2024-07-08", code)

    assert before_repair.stage is Stage.AWAITING_ACCEPTANCE
    assert (before_repair.amount(MoneyKind.ACCEPTED), before_repair.accepted) == (195 * TRIEU, {"T2_2": 2})
    assert (stage, office.facts(code).accepted) == ("accepted", {"T2_2": 3})
    assert acceptances(office) == [
        (NAMES[0], "passed", 100, 120, {"T2_2": 1}, "", 1),
        (NAMES[1], "failed", 0, 0, {}, "Máy chưa chạy thử", 1),
        (NAMES[2], "passed", 95, 110, {"T2_2": 1}, "", 1),
        (NAMES[1], "passed", 80, 100, {"T2_2": 1}, "", 1),
    ]
    assert shares(office, code) == {NAMES[0]: 100, NAMES[1]: 80, NAMES[2]: 95}
    office.record("2024-07-15", code, "pay", "dung", number="UNC 1", amounts={FUND: 275 * TRIEU})
    office.record("2024-07-16", code, "submit_settlement", "an", number="11/ĐNTT")
    assert office.record("2024-07-20", code, "settle", "dung", number="12/TL", **SIGNED) == "settled"
    standing = {"asked": 300, "appraised": 300, "approved": 300, "contracted": 300, "accepted": 275}
    assert office.waterfall(code) == standing | {"paid": 275, "settled": 275, "released": 25}
    promised = {"asked": 350, "appraised": 350, "approved": 350, "contracted": 350, "accepted": 330}
    assert office.waterfall(code, COUNTERPART) == promised | {"paid": 330, "settled": 330, "released": 20}
    office.prove()


def test_waterfall_tells_each_share_by_its_name(office: Any) -> None:
    code, (first, second, _) = group_of_three(office)
    pass_share(office, "2024-06-10", code, first, 100, 120)
    fail_share(office, "2024-06-11", code, second)

    with office.store.read() as session:
        told = project_waterfall(session, code, as_of=office.today)["acceptances"]

    assert [(row["held_on"], row["beneficiary"], row["outcome_label"], row["support"] // TRIEU) for row in told] == [
        ("2024-06-10", NAMES[0], "Đạt", 100),
        ("2024-06-11", NAMES[1], "Không đạt", 0),
    ]


def test_failed_share_that_is_never_repaired_gets_nothing(office: Any) -> None:
    code, (first, second, third) = group_of_three(office)
    pass_share(office, "2024-06-10", code, first, 100, 120)
    fail_share(office, "2024-06-11", code, second)
    pass_share(office, "2024-06-12", code, third, 95, 110)

    stage = close(office, "2024-06-13", code)

    assert (stage, office.facts(code).accepted, shares(office, code)) == (
        "accepted",
        {"T2_2": 2},
        {NAMES[0]: 100, NAMES[2]: 95},
    )
    office.prove()


def test_shares_together_stay_within_the_approval(office: Any) -> None:
    code, (first, second, _) = group_of_three(office)
    pass_share(office, "2024-06-10", code, first, 180, 180)

    with office.refusing(
        "Tổng nghiệm thu 300.000.001 đồng vượt số phê duyệt 300.000.000 đồng là 1 đồng; hãy ghi không quá mức đó."
    ):
        amounts = {FUND: 120 * TRIEU + 1, COUNTERPART: 200 * TRIEU}
        pass_share(office, "2024-06-11", code, second, 0, 0, amounts=amounts)
    pass_share(office, "2024-06-11", code, second, 120, 200)

    assert office.waterfall(code)["accepted"] == 300


def test_support_of_a_share_is_computed_from_its_cost_and_from_what_is_left(office: Any) -> None:
    code, (first, second, third) = group_of_three(office)

    # Half of the cost each, until the approval is used up.
    for day, who, cost in (("10", first, 220), ("11", second, 300), ("12", third, 200)):
        typed = {"amounts": {}, "cost": cost * TRIEU}
        pass_share(office, f"2024-06-{day}", code, who, 0, 0, **typed)

    assert shares(office, code) == {NAMES[0]: 110, NAMES[1]: 150, NAMES[2]: 40}
    office.prove()


def test_share_above_half_of_its_cost_is_refused(office: Any) -> None:
    code, (first, _, _) = group_of_three(office)

    with office.refusing(
        "Vượt mức hỗ trợ tối đa 10.000.000 đồng theo chi phí nghiệm thu (50% chi phí hợp lệ, tối đa 300.000.000 "
        "đồng/cơ sở; TT 28/2018/TT-BTC Điều 8 khoản 4); hãy ghi không quá 90.000.000 đồng."
    ):
        pass_share(office, "2024-06-10", code, first, 100, 120, cost=180 * TRIEU)


def test_stranger_has_no_share_and_nobody_has_two(office: Any) -> None:
    code, (first, second, third) = group_of_three(office)
    stranger = office.workshop("Xưởng cơ khí Trà Ôn")
    own = "; ".join(f"{number} = {name}" for number, name in zip((first, second, third), NAMES, strict=True))
    pass_share(office, "2024-06-10", code, first, 100, 120)

    with office.refusing(f"Đơn vị thụ hưởng {stranger} không thuộc đề án; đơn vị của đề án: {own}."):
        pass_share(office, "2024-06-11", code, stranger, 50, 60)
    with office.refusing(
        f"{NAMES[0]} đã nghiệm thu đạt; mỗi đơn vị chỉ nghiệm thu đạt một lần, ghi nhầm thì hủy bước đó (revert)."
    ):
        pass_share(office, "2024-06-11", code, first, 50, 60)


def test_closing_a_group_takes_no_figures_of_its_own(office: Any) -> None:
    code, members = group_of_three(office)
    for who in members:
        pass_share(office, "2024-06-10", code, who, 90, 100)

    with office.refusing(
        "Đã nghiệm thu từng đơn vị, tổng hỗ trợ 270.000.000 đồng; hãy bỏ số tiền, số lượng và chi phí ở bước này."
    ):
        works = {"amounts": {FUND: 280 * TRIEU}, "cost": 600 * TRIEU}
        office.record("2024-06-11", code, "accept", "chi", number="12/BB", **SIGNED, **works)
    assert close(office, "2024-06-11", code) == "accepted"


def test_group_may_also_be_accepted_as_a_whole(office: Any) -> None:
    code, _ = group_of_three(office)

    works = {"amounts": {FUND: 280 * TRIEU, COUNTERPART: 350 * TRIEU}, "quantities": {"T2_2": 3}}
    stage = office.record("2024-06-10", code, "accept", "chi", number="12/BB", **SIGNED, **works)

    assert (stage, office.waterfall(code)["accepted"]) == ("accepted", 280)


def test_share_recorded_by_mistake_is_undone_and_recorded_for_another(office_on_both: Any) -> None:
    office = office_on_both
    code, (first, second, _) = group_of_three(office)
    pass_share(office, "2024-06-10", code, first, 100, 120)

    office.record("2024-06-11", code, "revert", "chau", number="1/PSS", note="Nhầm cơ sở")
    undone = office.facts(code)
    pass_share(office, "2024-06-12", code, second, 100, 120)

    assert (undone.stage, undone.amount(MoneyKind.ACCEPTED), undone.accepted) == (
        Stage.AWAITING_ACCEPTANCE,
        0,
        {"T2_2": 0},
    )
    assert [(name, support, way) for name, _, support, _, _, _, way in acceptances(office)] == [
        (NAMES[0], 100, 1),
        (NAMES[0], 100, -1),
        (NAMES[1], 100, 1),
    ]
    assert shares(office, code) == {NAMES[0]: 0, NAMES[1]: 100}
    office.prove()


def test_undone_failure_leaves_the_share_without_a_result(office: Any) -> None:
    code, (first, second, third) = group_of_three(office)
    for who in (first, third):
        pass_share(office, "2024-06-10", code, who, 100, 120)
    fail_share(office, "2024-06-11", code, second)
    office.record("2024-06-12", code, "revert", "chau", number="1/PSS", note="Nhầm cơ sở")

    with office.refusing(
        "Chưa có kết quả nghiệm thu của: Cơ sở Khô cá Long Hồ. Hãy ghi từng đơn vị (accept_share hoặc fail_share)."
    ):
        close(office, "2024-06-13", code)


@pytest.mark.parametrize("action", ["accept_share", "fail_share"])
def test_ordinary_project_has_no_shares(office: Any, action: str) -> None:
    code = office.bring(office.open(), Stage.AWAITING_ACCEPTANCE)

    with office.refusing(
        "Chỉ đề án nhóm nghiệm thu từng đơn vị thụ hưởng; đề án này nghiệm thu một lần (bước accept).",
        f"Đơn vị thụ hưởng {office.beneficiary} không thuộc đề án; đơn vị của đề án: chưa có.",
    ):
        if action == "accept_share":
            pass_share(office, "2024-06-10", code, office.beneficiary, 100, 120)
        else:
            fail_share(office, "2024-06-10", code, office.beneficiary)


def test_support_is_never_adjusted_below_the_shares_already_accepted(office: Any) -> None:
    code, (first, second, _) = group_of_three(office)
    pass_share(office, "2024-06-10", code, first, 100, 120)
    pass_share(office, "2024-06-10", code, second, 100, 120)
    office.ask(code, Asked(amounts={FUND: 150 * TRIEU}))
    paper = {"number": "1312/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Giảm quy mô"}

    with office.refusing("Số mới 150.000.000 đồng thấp hơn số đã nghiệm thu 200.000.000 đồng; hãy ghi không thấp hơn."):
        office.record("2024-06-20", code, "approve_adjustment", "binh", decided_on=date(2024, 6, 19), **paper)
