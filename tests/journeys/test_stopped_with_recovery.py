"""A project stopped with money outstanding: what is kept is settled, the rest is released, the cash comes back."""

from datetime import date
from typing import Any

import pytest

from models.queries.histories import history
from states.refusal import Refused
from states.vocabulary import MoneyKind, Paper, Source, Stage

TRIEU = 1_000_000
FUND = Source.LOCAL_FUND
STOP = {
    "number": "2001/QĐ-UBND",
    "decided_on": date(2024, 8, 20),
    "signer": "Lê Quang Trung",
    "note": "Cơ sở chuyển nhượng nhà xưởng",
}


def refusal(office: Any, day: str, code: str, action: str, by: str, **typed: Any) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        office.record(day, code, action, by, **typed)
    return refused.value.reasons


def standing(office: Any, code: str, *kinds: MoneyKind) -> dict[MoneyKind, int]:
    facts = office.facts(code)
    return {kind: facts.amount(kind) // TRIEU for kind in kinds}


def stopped(office: Any, prepaid: int = 140, kept: int = 50) -> str:
    """Stop a project of 300 triệu while it is underway; amounts in triệu đồng."""
    code: str = office.bring(office.open(), Stage.UNDERWAY)
    if prepaid:
        asked = {"number": "UNC 0117", "papers": (Paper.PREPAYMENT_REQUEST,)}
        office.record("2024-03-01", code, "prepay", "dung", amounts={FUND: prepaid * TRIEU}, **asked)
    # More than was given so far is kept only for work that was accepted.
    left = {"amounts": {FUND: kept * TRIEU}, "papers": (Paper.FORM_5A,) if kept > prepaid else ()}
    assert office.record("2024-08-22", code, "stop", "binh", **left, **STOP) == "stopped"
    return code


RECOVERY = {"number": "120/QĐ-SCT", "signer": "Lê Minh Chi"}


def test_what_was_not_earned_is_recovered_in_two_receipts(office_on_both: Any) -> None:
    office = office_on_both
    code = stopped(office)

    assert standing(office, code, MoneyKind.SETTLED, MoneyKind.RELEASED) == {
        MoneyKind.SETTLED: 50,
        MoneyKind.RELEASED: 250,
    }
    assert office.facts(code).outstanding == 90 * TRIEU
    assert office.record("2024-09-03", code, "start_recovery", "chi", **RECOVERY) == "recovering"
    first = {"number": "GNT 11", "amounts": {FUND: 30 * TRIEU}}
    assert office.record("2024-09-20", code, "receive_recovery", "dung", **first) == "recovering"
    assert refusal(office, "2024-09-21", code, "close_recovery", "dung") == (
        "Còn phải thu hồi 60.000.000 đồng; hãy ghi các lần nộp tiền trước.",
    )
    too_much = {"number": "GNT 12", "amounts": {FUND: 60 * TRIEU + 1}}
    assert refusal(office, "2024-10-01", code, "receive_recovery", "dung", **too_much) == (
        "Số nộp 60.000.001 đồng vượt số phải thu hồi 60.000.000 đồng là 1 đồng; hãy ghi không quá mức đó.",
    )
    second = {"number": "GNT 12", "amounts": {FUND: 60 * TRIEU}}
    assert office.record("2024-10-01", code, "receive_recovery", "dung", **second) == "recovering"
    assert office.record("2024-10-02", code, "close_recovery", "dung") == "recovered"

    facts = office.facts(code)
    assert (facts.state, facts.outstanding) == ("approved", 0)
    assert standing(office, code, MoneyKind.PREPAID, MoneyKind.SETTLED, MoneyKind.RELEASED, MoneyKind.RECOVERED) == {
        MoneyKind.PREPAID: 140,
        MoneyKind.SETTLED: 50,
        MoneyKind.RELEASED: 250,
        MoneyKind.RECOVERED: 90,
    }
    office.prove()


def test_history_explains_the_stop_and_every_receipt(office: Any) -> None:
    code = stopped(office)
    office.record("2024-09-03", code, "start_recovery", "chi", **RECOVERY)
    office.record("2024-09-20", code, "receive_recovery", "dung", number="GNT 11", amounts={FUND: 90 * TRIEU})
    office.record("2024-10-02", code, "close_recovery", "dung")

    with office.store.read() as session:
        told = history(session, code)[-4:]

    money = [[(line["source"], line["kind"], line["amount"] // TRIEU) for line in event["money"]] for event in told]
    assert [event["label"] for event in told] == [
        "Ngừng triển khai",
        "Quyết định thu hồi",
        "Ghi tiền nộp trả",
        "Kết thúc thu hồi",
    ]
    assert money == [
        [
            ("local_fund", "accepted", 50),
            ("local_fund", "settled", 50),
            ("local_fund", "released", 250),
            ("counterpart", "released", 350),
        ],
        [],
        [("local_fund", "recovered", 90)],
        [],
    ]
    assert (told[0]["decided_on"], told[0]["recorded_at"][:10], told[0]["note"]) == (
        "2024-08-20",
        "2024-08-22",
        "Cơ sở chuyển nhượng nhà xưởng",
    )


def test_debt_is_written_off_by_a_decision_of_the_province(office: Any) -> None:
    code = stopped(office)
    office.record("2024-09-03", code, "start_recovery", "chi", **RECOVERY)
    office.record("2024-09-20", code, "receive_recovery", "dung", number="GNT 11", amounts={FUND: 30 * TRIEU})
    decision = {"number": "99/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Cơ sở đã giải thể"}

    by_finance = refusal(office, "2025-03-03", code, "write_off", "dung", decided_on=date(2025, 2, 28), **decision)
    stage = office.record("2025-03-03", code, "write_off", "chi", decided_on=date(2025, 2, 28), **decision)

    assert by_finance == (
        "Kế toán của Sở không được ghi bước «Xóa nợ theo quyết định»; cần: Lãnh đạo Sở.",
        "Người có thể ghi bước này: Lê Minh Chi (chi), Võ Thị Châu (chau).",
    )
    assert (stage, office.facts(code).outstanding) == ("written_off", 60 * TRIEU)
    office.prove()


def test_nothing_is_recovered_where_nothing_is_owed(office: Any) -> None:
    code = stopped(office, prepaid=50, kept=50)

    assert office.facts(code).outstanding == 0
    assert refusal(office, "2024-09-03", code, "start_recovery", "chi", **RECOVERY) == (
        "Không còn tiền phải thu hồi của đề án này; không cần bước thu hồi.",
    )


def test_work_done_before_the_stop_is_paid_for(office: Any) -> None:
    code = stopped(office, prepaid=0, kept=40)

    assert office.facts(code).outstanding == -40 * TRIEU
    more = {"number": "UNC 300", "amounts": {FUND: 41 * TRIEU}}
    assert refusal(office, "2024-09-03", code, "pay", "dung", **more) == (
        "Thanh toán 41.000.000 đồng vượt số còn phải trả 40.000.000 đồng là 1.000.000 đồng; hãy ghi không quá mức đó.",
    )
    due = {"number": "UNC 300", "amounts": {FUND: 40 * TRIEU}}
    assert office.record("2024-09-03", code, "pay", "dung", **due) == "stopped"
    assert office.facts(code).outstanding == 0


def test_more_than_was_given_is_not_kept_at_a_stop_without_evidence(office: Any) -> None:
    code = office.bring(office.open(), Stage.UNDERWAY)

    reasons = refusal(office, "2024-08-22", code, "stop", "binh", amounts={FUND: 40 * TRIEU}, **STOP)

    assert reasons == (
        "Giữ lại 40.000.000 đồng nhiều hơn số đã nghiệm thu hoặc đã chi 0 đồng; hãy kèm biên bản nghiệm thu phần đã "
        "làm (--paper form_5a=TỆP) hoặc ghi không quá số đó.",
    )


def test_more_than_was_approved_is_not_kept_at_a_stop(office: Any) -> None:
    code = office.bring(office.open(), Stage.UNDERWAY)

    reasons = refusal(
        office, "2024-08-22", code, "stop", "binh", amounts={FUND: 301 * TRIEU}, papers=(Paper.FORM_5A,), **STOP
    )

    assert reasons == (
        "Quyết toán 301.000.000 đồng vượt số phê duyệt 300.000.000 đồng là 1.000.000 đồng; hãy ghi không quá mức đó.",
    )


def test_stop_after_acceptance_keeps_what_was_accepted_unless_told_otherwise(office: Any) -> None:
    code = office.bring(office.open(), Stage.AWAITING_ACCEPTANCE)
    works = {"amounts": {FUND: 120 * TRIEU}, "quantities": {"T2_2": 1}}
    office.record("2024-08-01", code, "accept", "chi", number="9/BB", signer="Lê Minh Chi", **works)

    stage = office.record("2024-08-22", code, "stop", "binh", **STOP)

    assert (stage, office.facts(code).state) == ("stopped", "implemented")
    assert standing(office, code, MoneyKind.SETTLED, MoneyKind.RELEASED) == {
        MoneyKind.SETTLED: 120,
        MoneyKind.RELEASED: 180,
    }
