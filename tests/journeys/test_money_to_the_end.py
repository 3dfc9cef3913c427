"""The money of one project from the approval to the last đồng: less accepted than approved, prepaid, or cost."""

from datetime import date
from typing import Any

import pytest

from models.waterfall import project_waterfall
from states.facts import Instalment
from states.refusal import Refused
from states.vocabulary import Paper, Source, Stage

TRIEU = 1_000_000
FUND, COUNTERPART = Source.LOCAL_FUND, Source.COUNTERPART
SIGNED = {"signer": "Lê Minh Chi"}
MACHINE = {"quantities": {"T2_2": 1}}


def waiting(office: Any, *, approved: int = 300, prepaid: int = 0, total_cost: int = 650) -> str:
    """A project whose work is reported as done on 03/06/2024; amounts in triệu đồng."""
    amounts = {FUND: approved * TRIEU, COUNTERPART: (total_cost - approved) * TRIEU}
    code: str = office.bring(office.open(amounts=amounts, total_cost=total_cost * TRIEU), Stage.UNDERWAY)
    if prepaid:
        cash = {"papers": (Paper.PREPAYMENT_REQUEST,), "amounts": {FUND: prepaid * TRIEU}}
        office.record("2024-04-01", code, "prepay", "dung", number="UNC 1", **cash)
    office.record("2024-06-03", code, "report_completion", "an", number="8/BC", papers=(Paper.VOUCHERS,))
    return code


def works(support: int, counterpart: int) -> dict[str, Any]:
    return {"amounts": {FUND: support * TRIEU, COUNTERPART: counterpart * TRIEU}, **MACHINE}


def still_open(office: Any, code: str) -> dict[str, int]:
    """What the waterfall says is open of the state fund, in triệu đồng by reason."""
    with office.store.read() as session:
        found = project_waterfall(session, code, as_of=office.today)["open"]
    return {row["kind"]: row["amount"] // TRIEU for row in found if row["source"] == FUND}


def settle(office: Any, code: str) -> str:
    office.record("2024-07-01", code, "submit_settlement", "an", number="11/ĐNTT")
    stage: str = office.record("2024-07-15", code, "settle", "dung", number="12/TL", **SIGNED)
    return stage


# --- approved 300, accepted 280 -----------------------------------------------------------------------


def test_less_accepted_than_approved_is_paid_and_the_rest_released(office_on_both: Any) -> None:
    office = office_on_both
    code = waiting(office)

    office.record("2024-06-10", code, "accept", "chi", number="9/BB", **SIGNED, **works(280, 370))
    accepted, left_open = office.waterfall(code), still_open(office, code)
    with pytest.raises(Refused) as too_much:
        office.record("2024-06-20", code, "pay", "dung", number="UNC 2", amounts={FUND: 280 * TRIEU + 1})
    office.record("2024-06-20", code, "pay", "dung", number="UNC 2", amounts={FUND: 280 * TRIEU})
    stage = settle(office, code)

    assert too_much.value.args == (
        "Thanh toán 280.000.001 đồng vượt số còn phải trả 280.000.000 đồng là 1 đồng; hãy ghi không quá mức đó.",
    )
    standing = {"asked": 300, "appraised": 300, "approved": 300, "contracted": 300, "accepted": 280}
    assert accepted == standing | {"balance": 300}
    assert left_open == {"not_settled": 300, "to_pay": 280}
    assert stage == "settled"
    assert office.waterfall(code) == standing | {"paid": 280, "settled": 280, "released": 20}
    # The owner spent 20 triệu more than he promised: his own money, booked as it was spent.
    promised = {"asked": 350, "appraised": 350, "approved": 350, "adjusted": 20, "contracted": 350}
    assert office.waterfall(code, COUNTERPART) == promised | {"accepted": 370, "paid": 370, "settled": 370}
    assert still_open(office, code) == {}
    office.prove()


def test_less_spent_by_the_owner_than_promised_is_released_too(office: Any) -> None:
    code = waiting(office)
    office.record("2024-06-10", code, "accept", "chi", number="9/BB", **SIGNED, **works(280, 300))
    office.record("2024-06-20", code, "pay", "dung", number="UNC 2", amounts={FUND: 280 * TRIEU})

    settle(office, code)

    figures = office.waterfall(code, COUNTERPART)
    assert {kind: figures.get(kind, 0) for kind in ("approved", "adjusted", "paid", "settled", "released")} == {
        "approved": 350,
        "adjusted": 0,
        "paid": 300,
        "settled": 300,
        "released": 50,
    }
    office.prove()


# --- approved 200, prepaid 140, accepted 130 ----------------------------------------------------------


def overpaid(office: Any) -> str:
    code = waiting(office, approved=200, prepaid=140, total_cost=450)
    office.record("2024-06-10", code, "accept", "chi", number="9/BB", **SIGNED, **works(130, 250))
    return code


def recovery(office: Any, code: str) -> dict[str, Any]:
    with office.store.read() as session:
        found: dict[str, Any] = project_waterfall(session, code, as_of=office.today)["recovery"]
    return found


def test_prepayment_above_the_acceptance_comes_back_in_two_instalments(office_on_both: Any) -> None:
    office = office_on_both
    code = overpaid(office)

    office.record("2024-06-17", code, "submit_settlement", "an", number="11/ĐNTT")
    with pytest.raises(Refused) as too_early:
        office.record("2024-06-18", code, "settle", "dung", number="12/TL", **SIGNED)
    halves = (Instalment(date(2024, 7, 15), 4 * TRIEU), Instalment(date(2024, 8, 15), 6 * TRIEU))
    office.record("2024-06-20", code, "demand_refund", "dung", number="50/SCT-TC", instalments=halves)
    owed, due = still_open(office, code), recovery(office, code)
    office.record("2024-07-12", code, "receive_recovery", "dung", number="GNT 1", amounts={FUND: 4 * TRIEU})
    half_way = recovery(office, code)
    office.record("2024-08-20", code, "receive_recovery", "dung", number="GNT 2", amounts={FUND: 6 * TRIEU})
    stage = office.record("2024-08-22", code, "settle", "dung", number="12/TL", **SIGNED)

    assert too_early.value.args == (
        "Đã chi vượt 10.000.000 đồng so với nghiệm thu; cần thu hồi trước (bước receive_recovery).",
    )
    assert owed == {"not_settled": 200, "cash_not_settled": 130, "to_recover": 10}
    assert [(part["due_on"], part["amount"] // TRIEU, part["left"] // TRIEU) for part in due["due"]] == [
        ("2024-07-15", 4, 4),
        ("2024-08-15", 6, 6),
    ]
    assert [part["left"] // TRIEU for part in half_way["due"]] == [0, 6]
    assert stage == "settled"
    assert office.waterfall(code) == {
        "asked": 200,
        "appraised": 200,
        "approved": 200,
        "contracted": 200,
        "prepaid": 140,
        "accepted": 130,
        "settled": 130,
        "released": 70,
        "recovered": 10,
        "returned": 10,
    }
    assert still_open(office, code) == {}
    office.prove()


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (
            ((15, 4), (16, 5)),
            "Tổng các kỳ hoàn trả là 9.000.000 đồng, phải thu hồi 10.000.000 đồng; chênh lệch 1.000.000 đồng, "
            "hãy ghi lại các kỳ (--due NGÀY=TIỀN).",
        ),
        (((15, 0), (16, 10)), "Mỗi kỳ hoàn trả phải lớn hơn 0 đồng (--due NGÀY=TIỀN)."),
        (((1, 10),), "Kỳ hoàn trả 01/07/2024 trước ngày văn bản; hãy kiểm tra lại ngày."),
    ],
    ids=["too little", "nothing", "before the demand"],
)
def test_schedule_covers_what_must_come_back_to_the_dong(
    office: Any, parts: tuple[tuple[int, int], ...], sentence: str
) -> None:
    code = overpaid(office)
    instalments = tuple(Instalment(date(2024, 7, day), amount * TRIEU) for day, amount in parts)

    with pytest.raises(Refused) as refused:
        office.record("2024-07-08", code, "demand_refund", "dung", number="50/SCT-TC", instalments=instalments)

    assert refused.value.args == (sentence,)


def test_nothing_is_demanded_back_where_nothing_is_owed(office: Any) -> None:
    code = waiting(office, approved=200, prepaid=100, total_cost=450)
    office.record("2024-06-10", code, "accept", "chi", number="9/BB", **SIGNED, **works(130, 250))

    with pytest.raises(Refused) as refused:
        office.record("2024-06-20", code, "demand_refund", "dung", number="50/SCT-TC")

    assert refused.value.args == ("Không có khoản nào phải thu hồi của đề án này.",)


# --- the cost fell from 600 to 500 --------------------------------------------------------------------


def test_lower_cost_lowers_the_support_to_half_of_it(office_on_both: Any) -> None:
    office = office_on_both
    code = waiting(office, total_cost=600)
    bill = {"cost": 500 * TRIEU, **MACHINE}
    typed, counterpart = {FUND: 260 * TRIEU, COUNTERPART: 240 * TRIEU}, {COUNTERPART: 250 * TRIEU}

    with pytest.raises(Refused) as refused:
        office.record("2024-06-10", code, "accept", "chi", number="9/BB", amounts=typed, **bill, **SIGNED)
    office.record("2024-06-10", code, "accept", "chi", number="9/BB", amounts=counterpart, **bill, **SIGNED)
    computed = office.waterfall(code)
    office.record("2024-06-20", code, "pay", "dung", number="UNC 2", amounts={FUND: 250 * TRIEU})
    settle(office, code)

    assert refused.value.args == (
        "Vượt mức hỗ trợ tối đa 10.000.000 đồng theo chi phí nghiệm thu (50% chi phí hợp lệ, tối đa 300.000.000 "
        "đồng/cơ sở; TT 28/2018/TT-BTC Điều 8 khoản 4); hãy ghi không quá 250.000.000 đồng.",
    )
    standing = {"asked": 300, "appraised": 300, "approved": 300, "contracted": 300, "accepted": 250}
    assert computed == standing | {"balance": 300}
    assert office.waterfall(code) == standing | {"paid": 250, "settled": 250, "released": 50}
    office.prove()


def test_higher_cost_never_raises_the_support_above_the_approval(office: Any) -> None:
    code = waiting(office, total_cost=600)

    office.record("2024-06-10", code, "accept", "chi", number="9/BB", cost=900 * TRIEU, **MACHINE, **SIGNED)

    assert office.waterfall(code)["accepted"] == 300


# --- settled ------------------------------------------------------------------------------------------


def test_settlement_of_another_amount_than_accepted_is_refused(office: Any) -> None:
    code = waiting(office)
    office.record("2024-06-10", code, "accept", "chi", number="9/BB", **SIGNED, **works(280, 350))
    office.record("2024-06-20", code, "pay", "dung", number="UNC 2", amounts={FUND: 280 * TRIEU})
    office.record("2024-07-01", code, "submit_settlement", "an", number="11/ĐNTT")

    with pytest.raises(Refused) as refused:
        office.record("2024-07-15", code, "settle", "dung", number="12/TL", amounts={FUND: 279 * TRIEU}, **SIGNED)

    assert refused.value.args == ("Số quyết toán phải bằng số nghiệm thu 280.000.000 đồng; đang ghi 279.000.000 đồng.",)
