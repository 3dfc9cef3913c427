"""One national contract over three projects: the settlement term starts from its last acceptance only."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.contracts import ContractedProject, contract_of
from models.waterfall import contract_waterfall
from states.facts import Asked
from states.refusal import Refused
from states.vocabulary import Authority, Paper, Route, Source, Stage

TRIEU = 1_000_000
FUND, COUNTERPART = Source.NATIONAL_FUND, Source.COUNTERPART
NUMBER = "07/HĐ-KCQG"
SIGNED = {"signer": "Lê Minh Chi"}
MINISTRY = {"signer": "Vũ Đức Hải", "note": "Cơ sở gặp khó khăn"}
#: What each of the three was approved and is contracted for, in triệu đồng.
SUPPORT = (300, 200, 100)


def contract_of_three(office: Any) -> list[str]:
    """Three projects under one contract of 01/03/2024, all at work."""
    codes = []
    for place, support in enumerate(SUPPORT, start=1):
        amounts = {FUND: support * TRIEU, COUNTERPART: support * TRIEU}
        named = {"name": f"Hỗ trợ máy sấy số {place}", "beneficiaries": (office.workshop(f"Cơ sở Khô cá số {place}"),)}
        draft = office.open(route=Route.NATIONAL, amounts=amounts, total_cost=2 * support * TRIEU, **named)
        codes.append(office.bring(draft, Stage.APPROVED))
    on_the_day(office, "2024-03-01")
    office.sign(*codes, number=NUMBER, total=600 * TRIEU, signer="Đinh Công Thành")
    for code in codes:
        office.record("2024-03-04", code, "start", "an", number="7/KH")
    return codes


def on_the_day(office: Any, day: str) -> None:
    """Make the next act happen on this day."""
    office.at = office.at.replace(*map(int, day.split("-"))) - timedelta(days=1)


def report(office: Any, code: str, day: str) -> None:
    office.record(day, code, "report_completion", "an", number="8/BC", papers=(Paper.VOUCHERS,))


def accept(office: Any, code: str, day: str, support: int) -> None:
    done = {"amounts": {FUND: support * TRIEU, COUNTERPART: support * TRIEU}, "quantities": {"T2_2": 1}}
    office.record(day, code, "accept", "chi", number="9/BB", **done, **SIGNED)


def submit(office: Any, code: str, day: str) -> str:
    stage: str = office.record(day, code, "submit_settlement", "an", number="11/ĐNTT")
    return stage


def terms(office: Any) -> dict[str, tuple[str, str]]:
    """The settlement terms that run: since when and until when, by project."""
    with office.store.read() as session:
        rows = session.connection().execute(text(_TERMS))
        return {row.code: (str(row.started_on), str(row.printed_on)) for row in rows}


_TERMS = """
    SELECT p.code, d.started_on, d.printed_on FROM deadline AS d JOIN project AS p ON p.id = d.project_id
    WHERE d.clock = 'D-15' AND d.status <> 'closed' ORDER BY p.code"""


def waiting_for(*codes: str) -> tuple[str, ...]:
    return (
        f"Cùng hợp đồng còn đề án chưa nghiệm thu: {', '.join(codes)}; "
        "hồ sơ quyết toán nộp khi mọi đề án của hợp đồng đã nghiệm thu, ngừng hoặc chuyển năm.",
    )


def test_contract_is_settled_after_its_last_acceptance(office_on_both: Any) -> None:
    office = office_on_both
    first, second, third = contract_of_three(office)
    for code in (first, second, third):
        report(office, code, "2024-05-06")

    accept(office, second, "2024-05-10", 200)
    after_one = terms(office)
    accept(office, first, "2024-05-20", 280)
    after_two = terms(office)
    with pytest.raises(Refused) as too_early:
        submit(office, second, "2024-05-21")
    accept(office, third, "2024-06-03", 100)

    assert (after_one, after_two) == ({}, {})
    assert too_early.value.args == waiting_for(third)
    assert terms(office) == dict.fromkeys((first, second, third), ("2024-06-03", "2024-06-18"))
    assert submit(office, second, "2024-06-04") == "settling"
    assert sorted(terms(office)) == [first, third]
    settle_all(office, {first: 280, second: 200, third: 100})
    assert figures(office) == {
        "asked": 600,
        "appraised": 600,
        "approved": 600,
        "contracted": 600,
        "accepted": 580,
        "paid": 580,
        "settled": 580,
        "released": 20,
    }
    office.prove()


def settle_all(office: Any, due: dict[str, int]) -> None:
    for code, amount in due.items():
        if office.stage(code) is Stage.ACCEPTED:
            submit(office, code, "2024-06-10")
        agency = {"decided_on": date(2024, 6, 20), "number": "20/CTĐP"}
        office.record("2024-06-21", code, "pay", "dung", amounts={FUND: amount * TRIEU}, **agency)
        assert office.record("2024-06-28", code, "settle", "dung", signer="Đinh Công Thành", **agency) == "settled"


def figures(office: Any) -> dict[str, int]:
    """The waterfall of the contract from the national fund, in triệu đồng without the zeros."""
    with office.store.read() as session:
        sums = contract_waterfall(session, NUMBER)["sources"][FUND]
    return {kind: amount // TRIEU for kind, amount in sums.items() if amount}


def test_contract_holds_what_each_project_is_contracted_for(office_on_both: Any) -> None:
    office = office_on_both
    codes = contract_of_three(office)

    with office.store.read() as session:
        contract = contract_of(session, NUMBER)

    heads = ("signed_on", "signer", "authority", "total", "projects")
    assert tuple(contract[name] for name in heads) == (
        date(2024, 3, 1),
        "Đinh Công Thành",
        Authority.AGENCY,
        600 * TRIEU,
        3,
    )
    assert (contract["party_a"], contract["party_b"]) == ("Cục Công Thương địa phương", "Trung tâm Khuyến công")
    assert [(line["code"], line["source"], line["amount"] // TRIEU) for line in contract["lines"]] == [
        (code, source, support)
        for code, support in zip(codes, SUPPORT, strict=True)
        for source in ("counterpart", "national_fund")
    ]


def test_stop_of_the_last_open_project_frees_the_others(office: Any) -> None:
    first, second, third = contract_of_three(office)
    for code in (first, second):
        report(office, code, "2024-05-06")
    accept(office, first, "2024-05-10", 300)
    accept(office, second, "2024-05-20", 200)
    before = terms(office)

    stop = {"number": "88/QĐ-BCT", "decided_on": date(2024, 6, 3), **MINISTRY}
    office.record("2024-06-05", third, "stop", "binh", **stop)

    assert before == {}
    assert terms(office) == dict.fromkeys((first, second), ("2024-05-20", "2024-06-04"))
    assert submit(office, first, "2024-06-06") == "settling"
    assert {kind: figures(office)[kind] for kind in ("approved", "contracted", "released")} == {
        "approved": 600,
        "contracted": 600,
        "released": 100,
    }
    office.prove()


def carried_by_decision(office: Any, code: str) -> None:
    decision = {"number": "99/QĐ-BCT", "decided_on": date(2024, 12, 16), **MINISTRY}
    office.record("2024-12-18", code, "carry_over", "binh", **decision)


def carried_by_adjustment(office: Any, code: str) -> None:
    on_the_day(office, "2024-12-02")
    office.ask(code, Asked(next_year=True))
    decision = {"number": "99/QĐ-BCT", "decided_on": date(2024, 12, 16), **MINISTRY}
    office.record("2024-12-18", code, "approve_adjustment", "binh", **decision)


@pytest.mark.parametrize("carry", [carried_by_decision, carried_by_adjustment])
def test_carry_over_of_the_last_open_project_frees_the_others(office: Any, carry: Any) -> None:
    first, second, third = contract_of_three(office)
    for code in (first, second):
        report(office, code, "2024-05-06")
    accept(office, first, "2024-05-10", 300)
    accept(office, second, "2024-05-20", 200)

    carry(office, third)

    assert terms(office) == dict.fromkeys((first, second), ("2024-05-20", "2024-06-04"))
    assert submit(office, first, "2024-12-20") == "settling"
    office.prove()


def test_acceptance_of_the_next_year_leaves_the_term_of_this_year_alone(office: Any) -> None:
    first, second, third = contract_of_three(office)
    for code in (first, second):
        report(office, code, "2024-05-06")
    accept(office, first, "2024-05-10", 300)
    accept(office, second, "2024-05-20", 200)
    carried_by_decision(office, third)
    report(office, third, "2025-02-03")

    accept(office, third, "2025-02-10", 100)

    of_this_year = dict.fromkeys((first, second), ("2024-05-20", "2024-06-04"))
    assert terms(office) == of_this_year | {third: ("2025-02-10", "2025-02-25")}
    office.prove()


def test_projects_carried_to_the_same_year_wait_for_each_other(office: Any) -> None:
    first, second, third = contract_of_three(office)
    for code in (first, second, third):
        carried_by_decision(office, code)
    for code in (second, third):
        report(office, code, "2025-02-03")
        accept(office, code, "2025-02-10", 100)

    with pytest.raises(Refused) as refused:
        submit(office, third, "2025-02-11")

    assert refused.value.args == waiting_for(first)
    assert terms(office) == {}
    office.prove()


def test_project_carried_over_still_waits_for_the_others(office: Any) -> None:
    first, second, third = contract_of_three(office)
    carried_by_decision(office, third)
    report(office, third, "2025-02-03")
    accept(office, third, "2025-02-10", 100)

    with pytest.raises(Refused) as refused:
        submit(office, third, "2025-02-11")

    assert refused.value.args == waiting_for(first, second)


def test_one_project_takes_its_signing_back_and_the_contract_shrinks(office_on_both: Any) -> None:
    office = office_on_both
    first, second, third = contract_of_three(office)
    mistake = {"number": "1/PSS", "note": "Ghi nhầm hợp đồng"}
    office.record("2024-03-06", third, "revert", "bach", **mistake)

    stage = office.record("2024-03-07", third, "revert", "bach", **mistake)
    with office.store.read() as session:
        contract = contract_of(session, NUMBER)
    on_the_day(office, "2024-03-11")
    signed = office.sign(ContractedProject(third, {FUND: 90 * TRIEU}), number="09/HĐ-KCQG", total=90 * TRIEU)

    assert stage == "approved"
    assert (contract["total"], contract["projects"]) == (500 * TRIEU, 2)
    assert {line["code"] for line in contract["lines"]} == {first, second}
    assert (signed.number, signed.total, office.waterfall(third)["contracted"]) == ("09/HĐ-KCQG", 90 * TRIEU, 90)
    assert figures(office)["contracted"] == 500
    office.prove()


# --- what a contract refuses --------------------------------------------------------------------------


def test_printed_total_of_a_contract_is_compared_to_the_dong(office: Any) -> None:
    codes = [office.bring(office.open(route=Route.NATIONAL), Stage.APPROVED) for _ in range(2)]

    with office.refusing(
        "Tổng hỗ trợ của 2 đề án là 600.000.000 đồng, hợp đồng ghi 600.000.001 đồng, chênh lệch 1 đồng; "
        "hãy đối chiếu từng đề án với hợp đồng.",
    ):
        office.sign(*codes, number=NUMBER, total=600 * TRIEU + 1)


def test_contract_mixes_no_routes_and_names_no_project_twice(office: Any) -> None:
    national = office.bring(office.open(route=Route.NATIONAL), Stage.APPROVED)
    local = office.bring(office.open(), Stage.APPROVED)

    with office.refusing(
        f"{local}: ghi hai lần trong hợp đồng; hãy bỏ một dòng.",
        "KC-VL-2024-999: không có đề án này; hãy kiểm tra mã (dean project search).",
        "Một hợp đồng chỉ gồm đề án cùng tuyến, cùng đơn vị thực hiện; hãy tách thành nhiều hợp đồng.",
    ):
        office.sign(national, local, local, "KC-VL-2024-999", number=NUMBER)


def test_number_stands_for_one_contract_of_the_year(office: Any) -> None:
    first, second = (office.bring(office.open(route=Route.NATIONAL), Stage.APPROVED) for _ in range(2))
    office.sign(first, number=NUMBER, signed_on=date(2024, 1, 12))

    with office.refusing(
        f"Đã có hợp đồng {NUMBER} ngày 12/01/2024 với Trung tâm Khuyến công (khuyến công quốc gia); "
        "mỗi số chỉ dùng cho một hợp đồng trong năm. Hãy kiểm tra số, ngày ký và đơn vị thực hiện.",
    ):
        office.sign(second, number=NUMBER.lower(), signed_on=date(2024, 1, 15))
    office.at = office.at.replace(year=2025)
    next_year = office.sign(second, number=NUMBER)

    assert next_year.projects[0].to_stage is Stage.CONTRACTED
    with office.store.read() as session:
        assert contract_of(session, NUMBER, 2025)["total"] == 300 * TRIEU
        with pytest.raises(Refused, match=r"Có 2 hợp đồng số «07/HĐ-KCQG» \(năm 2025, 2024\); hãy ghi thêm --year."):
            contract_of(session, NUMBER)
