"""Money recorded by mistake and undone: signings, adjustments, acceptances, refunds, settlements, stops."""

from datetime import date
from typing import Any

from sqlalchemy import text

from models.contracts import contract_of
from models.loading import load_person
from models.projects import amend
from models.queries.adjustments import adjustments
from states.facts import Asked, Facts, Instalment
from states.vocabulary import Paper, Source, Stage

TRIEU = 1_000_000
FUND, COUNTERPART = Source.LOCAL_FUND, Source.COUNTERPART
SIGNED = {"signer": "Lê Minh Chi"}
MISTAKE = {"number": "1/PSS", "note": "Ghi nhầm đề án"}
PROVINCE = {"number": "1312/QĐ-UBND", "signer": "Lê Quang Trung", "note": "Theo đề nghị của Sở"}


def standing(office: Any, code: str) -> tuple[Any, ...]:
    """What a project is when its version, its papers and its history are put aside."""
    facts: Facts = office.facts(code)
    with office.store.read() as session:
        row = session.connection().execute(text("SELECT * FROM project WHERE code = :code"), {"code": code}).mappings()
        columns = {name: value for name, value in row.one().items() if name not in _MOVING}
        names = session.connection().execute(
            text(
                "SELECT b.beneficiary_id FROM project_beneficiary AS b JOIN project AS p ON p.id = b.project_id "
                "WHERE p.code = :code GROUP BY b.beneficiary_id HAVING sum(b.direction) > 0"
            ),
            {"code": code},
        )
        named = sorted(names.scalars())
    money = {key: amount for key, amount in facts.money.items() if amount}
    accepted = {target: quantity for target, quantity in facts.accepted.items() if quantity}
    return columns, named, money, facts.quantities, accepted


#: The last event, its number, and the instant of the last move are those of the undoing itself.
_MOVING = ("version", "last_event_id", "moved_at")


def undo(office: Any, code: str, by: str = "chau") -> None:
    office.step(code, "revert", by, **MISTAKE)


def rows(office: Any, columns: str, table: str) -> list[tuple[Any, ...]]:
    with office.store.read() as session:
        return [
            tuple(row)
            for row in session.connection().execute(text(f"SELECT {columns} FROM {table} ORDER BY event_id, line"))
        ]


# --- the contract -------------------------------------------------------------------------------------


def test_undone_signing_empties_the_contract_that_is_signed_again(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.APPROVED)
    before = standing(office, code)
    office.sign(code, number="06/HĐ", signed_on=date(2024, 1, 9), total=300 * TRIEU)

    undo(office, code)
    undone = standing(office, code)
    with office.store.read() as session:
        emptied = contract_of(session, "06/HĐ")
    again = office.sign(code, number="06/HĐ", signed_on=date(2024, 1, 9), total=300 * TRIEU)

    assert undone == before
    assert (emptied["total"], emptied["projects"], emptied["lines"]) == (0, 0, [])
    assert again.contract_id == emptied["id"]
    assert rows(office, "source, amount * direction / 1000000", "contract_line") == [
        ("local_fund", 300),
        ("counterpart", 350),
        ("local_fund", -300),
        ("counterpart", -350),
        ("local_fund", 300),
        ("counterpart", 350),
    ]
    office.prove()


def test_number_of_an_emptied_contract_is_free_for_the_right_day(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.APPROVED)
    wrong = office.sign(code, number="06/HĐ", signed_on=date(2024, 1, 8), total=300 * TRIEU)
    undo(office, code)

    again = office.sign(code, number="06/HĐ", signed_on=date(2024, 1, 9), total=300 * TRIEU)

    with office.store.read() as session:
        contract = contract_of(session, "06/HĐ")
    assert again.contract_id == wrong.contract_id
    assert (contract["signed_on"], contract["projects"], contract["total"]) == (date(2024, 1, 9), 1, 300 * TRIEU)
    office.prove()


def test_undone_annex_gives_the_contract_its_value_back(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.CONTRACTED)
    before = standing(office, code)
    annex = {"number": "01/PLHĐ", "note": "Bớt một máy", "amounts": {FUND: 250 * TRIEU}, **SIGNED}
    office.step(code, "amend_contract", "chi", **annex)
    lowered = contract_total(office)

    undo(office, code)

    assert (lowered, contract_total(office)) == (250 * TRIEU, 300 * TRIEU)
    assert standing(office, code) == before
    office.prove()


def contract_total(office: Any) -> int:
    with office.store.read() as session:
        return int(session.connection().execute(text("SELECT total FROM contract")).scalar_one())


# --- the adjustment -----------------------------------------------------------------------------------


def test_undone_adjustment_puts_everything_back_and_the_request_waits_again(office_on_both: Any) -> None:
    office = office_on_both
    amounts = {FUND: 200 * TRIEU, COUNTERPART: 450 * TRIEU}
    code = office.bring(office.open(amounts=amounts, objectives="Một máy"), Stage.UNDERWAY)
    new = office.workshop("Cơ sở Tàu hủ ky Bình Minh")
    asked = Asked(
        amounts={FUND: 250 * TRIEU},
        targets={"T2_2": 2, "T2_1": 1},
        columns={"objectives": "Hai máy", "equipment": "Máy hút chân không", "ends_on": date(2024, 11, 30)},
        beneficiaries=(new,),
    )
    office.ask(code, asked)
    before = standing(office, code)
    decision = {"decided_on": office.today, **PROVINCE}
    office.step(code, "approve_adjustment", "binh", **decision)
    granted = standing(office, code)

    undo(office, code)
    undone = standing(office, code)
    [waiting] = requests(office, code)
    office.step(code, "approve_adjustment", "binh", **decision)

    assert undone == before
    assert (granted[0]["objectives"], granted[0]["equipment"], granted[1]) == ("Hai máy", "Máy hút chân không", [new])
    assert (granted[2][FUND, "adjusted"], granted[3]) == (50 * TRIEU, {"T2_2": 2, "T2_1": 1})
    assert (waiting["status"], waiting["decision"], waiting["changes"][0]["granted"]) == ("open", None, None)
    assert standing(office, code) == granted
    assert [request["status"] for request in requests(office, code)] == ["approved"]
    office.prove()


def requests(office: Any, code: str) -> list[dict[str, Any]]:
    with office.store.read() as session:
        return adjustments(session, code=code)


def test_undone_adjustment_leaves_what_was_corrected_since(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.UNDERWAY)
    office.ask(code, Asked(columns={"total_cost": 600 * TRIEU, "partner": "Hội Nông dân"}))
    office.step(code, "approve_adjustment", "binh", decided_on=office.today, **PROVINCE)
    with office.store.write() as session:
        chi = load_person(session, "chi")
        amend(session, code, {"total_cost": 620 * TRIEU}, by=chi, origin=office.origin, note="Ghi nhầm tổng kinh phí")

    undo(office, code)

    columns = standing(office, code)[0]
    assert (columns["total_cost"], columns["partner"]) == (620 * TRIEU, "")
    office.prove()


def test_undone_request_is_void_and_another_one_may_be_made(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.UNDERWAY)
    before = standing(office, code)
    office.ask(code, Asked(amounts={FUND: 250 * TRIEU}))

    undo(office, code, "binh")
    unconfirmed = requests(office, code)[0]
    undo(office, code)
    undone = standing(office, code)
    office.ask(code, Asked(amounts={FUND: 240 * TRIEU}))

    assert (unconfirmed["status"], unconfirmed["confirmed"]) == ("open", None)
    assert undone == before
    assert [request["status"] for request in requests(office, code)] == ["open", "withdrawn"]
    office.prove()


def test_undone_refusal_and_undone_stop_leave_the_request_open(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.UNDERWAY)
    office.ask(code, Asked(amounts={FUND: 250 * TRIEU}))
    waiting = standing(office, code)

    for action in ("refuse_adjustment", "stop"):
        office.step(code, action, "binh", decided_on=office.today, **PROVINCE)
        ended = [request["status"] for request in requests(office, code)]
        undo(office, code)

        assert ended == ["refused" if action == "refuse_adjustment" else "closed"]
        assert standing(office, code) == waiting
        assert [request["status"] for request in requests(office, code)] == ["open"]
    office.prove()


# --- acceptance, refund, settlement -------------------------------------------------------------------


def accepted(office: Any, support: int = 280) -> str:
    code: str = office.bring(office.open(), Stage.AWAITING_ACCEPTANCE)
    works = {"amounts": {FUND: support * TRIEU, COUNTERPART: 400 * TRIEU}, "quantities": {"T2_2": 1}}
    office.step(code, "accept", "chi", number="9/BB", **works, **SIGNED)
    return code


def test_undone_acceptance_is_a_row_the_other_way_round(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.AWAITING_ACCEPTANCE)
    before = standing(office, code)
    works = {"amounts": {FUND: 280 * TRIEU, COUNTERPART: 400 * TRIEU}, "quantities": {"T2_2": 1}}
    office.step(code, "accept", "chi", number="9/BB", **works, **SIGNED)

    undo(office, code)
    undone = standing(office, code)
    office.step(code, "accept", "chi", number="9/BB", cost=500 * TRIEU, quantities={"T2_2": 1}, **SIGNED)

    assert undone == before
    taken = rows(office, "outcome, support / 1000000, counterpart / 1000000, cost / 1000000, direction", "acceptance")
    assert taken == [
        ("passed", 280, 400, 0, 1),
        ("passed", 280, 400, 0, -1),
        ("passed", 250, 250, 500, 1),
    ]
    office.prove()


def test_undone_failure_counts_no_more(office: Any) -> None:
    code = office.bring(office.open(), Stage.AWAITING_ACCEPTANCE)
    before = standing(office, code)
    office.step(code, "fail_acceptance", "chi", number="9/BB", note="Máy chưa chạy")

    undo(office, code)

    assert standing(office, code) == before
    assert rows(office, "outcome, reason, direction", "acceptance") == [
        ("failed", "Máy chưa chạy", 1),
        ("failed", "Máy chưa chạy", -1),
    ]
    office.prove()


def test_undone_demand_takes_its_schedule_back(office_on_both: Any) -> None:
    office = office_on_both
    code = office.bring(office.open(), Stage.UNDERWAY)
    cash = {"papers": (Paper.PREPAYMENT_REQUEST,), "amounts": {FUND: 140 * TRIEU}}
    office.step(code, "prepay", "dung", number="UNC 1", **cash)
    office.step(code, "report_completion", "an", number="8/BC", papers=(Paper.VOUCHERS,))
    works = {"amounts": {FUND: 130 * TRIEU, COUNTERPART: 400 * TRIEU}, "quantities": {"T2_2": 1}}
    office.step(code, "accept", "chi", number="9/BB", **works, **SIGNED)
    before = standing(office, code)
    parts = (Instalment(date(2024, 7, 1), 4 * TRIEU), Instalment(date(2024, 8, 1), 6 * TRIEU))
    office.step(code, "demand_refund", "dung", number="50/SCT", instalments=parts)
    office.step(code, "receive_recovery", "dung", number="GNT 1", amounts={FUND: 4 * TRIEU})

    undo(office, code)
    undo(office, code)

    assert standing(office, code) == before
    assert rows(office, "amount / 1000000, direction", "recovery_due") == [(4, 1), (6, 1), (4, -1), (6, -1)]
    office.prove()


def test_undone_settlement_opens_both_sides_again(office_on_both: Any) -> None:
    office = office_on_both
    code = accepted(office)
    office.step(code, "pay", "dung", number="UNC 2", amounts={FUND: 280 * TRIEU})
    office.step(code, "submit_settlement", "an", number="11/ĐNTT")
    before = standing(office, code)
    office.step(code, "settle", "dung", number="12/TL", **SIGNED)
    closed = office.waterfall(code), office.waterfall(code, COUNTERPART)

    undo(office, code)

    assert [(sums["settled"], sums.get("released", 0), "balance" in sums) for sums in closed] == [
        (280, 20, False),
        (400, 0, False),
    ]
    assert standing(office, code) == before
    assert office.waterfall(code)["balance"] == 300
    assert "adjusted" not in office.waterfall(code, COUNTERPART)
    office.prove()


def test_undone_stop_gives_back_what_it_took_and_what_it_accepted(office_on_both: Any) -> None:
    office = office_on_both
    code = accepted(office)
    before = standing(office, code)
    kept = {"amounts": {FUND: 100 * TRIEU}, "quantities": {"T2_2": 0}, "decided_on": office.today}
    office.step(code, "stop", "binh", **kept, **PROVINCE)
    stopped = office.waterfall(code), office.facts(code).accepted

    undo(office, code)

    figures = {kind: stopped[0].get(kind) for kind in ("accepted", "settled", "released")}
    assert (figures, stopped[1]) == ({"accepted": 100, "settled": 100, "released": 200}, {"T2_2": 0})
    assert standing(office, code) == before
    office.prove()
