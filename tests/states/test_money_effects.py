"""What the steps after an approval write: the figures of whole lives, computed by hand from the law's words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from states.actions import Action
from states.effects import AcceptanceLine, Effects, MoneyLine, QuantityKind, QuantityLine, unchanged
from states.facts import Asked, Enclosure, Facts, Instalment, Order, Person, Request
from states.judge import completed, decide, judge
from states.steps import STEP
from states.vocabulary import Change, Kind, MoneyKind, Outcome, Paper, Role, Route, Source, Stage, State

TRIEU = 1_000_000
FUND, OWN = Source.LOCAL_FUND, Source.COUNTERPART
K, Q = MoneyKind, QuantityKind
TODAY = date(2024, 6, 3)
#: The minutes of the part of the work that was done.
ACCEPTED_PART = (Enclosure(Paper.FORM_5A),)
PEOPLE = {role: Person(50, str(role), "Trần Thị Bình", role) for role in (Role.COORDINATOR, Role.FINANCE, Role.LEADER)}


def project(stage: Stage, *, fund: Mapping[str, int], own: Mapping[str, int] | None = None, **more: Any) -> Facts:
    """A local project that plans two machines; its money in triệu đồng by kind, of the fund and of its owner."""
    money = {(FUND, K(kind)): amount * TRIEU for kind, amount in fund.items()}
    money |= {(OWN, K(kind)): amount * TRIEU for kind, amount in (own or {}).items()}
    facts = Facts(
        code="KC-VL-2024-001",
        route=Route.LOCAL,
        kind=Kind.ORDINARY,
        state=State.IMPLEMENTED if stage in (Stage.ACCEPTED, Stage.SETTLING) else State.APPROVED,
        stage=stage,
        plan_year=2024,
        work_year=2024,
        unit_id=7,
        author_id=1,
        author_name="Nguyễn Văn An",
        has_beneficiary=True,
        money=money,
        quantities={"T2_2": 2},
        papers=frozenset(Paper),
    )
    return replace(facts, **more)


def order(action: Action, **typed: Any) -> Order:
    """The step as typed by one who may record it, with number, day, signer and reason; `fund` and `own` in triệu."""
    amounts = {source: typed.pop(name) * TRIEU for name, source in (("fund", FUND), ("own", OWN)) if name in typed}
    by = next(person for role, person in PEOPLE.items() if role in STEP[action].recorders)
    full = Order(action, by, datetime(2024, 6, 3, 2, 0, tzinfo=UTC), TODAY, None, "15/SCT", "Lê Minh Chi", "Theo hồ sơ")
    return replace(full, amounts=amounts, **typed)


def folded(facts: Facts, taken: Order, effects: Effects) -> Facts:
    """The project after a step: every entry added to what stood before it."""
    money = Counter(dict(facts.money))
    for entry in effects.money:
        money[entry.source, entry.kind] += entry.amount * entry.direction
    counts = {Q.PLANNED: Counter(dict(facts.quantities)), Q.ACCEPTED: Counter(dict(facts.accepted))}
    for line in effects.quantities:
        counts.setdefault(line.kind, Counter())[line.target] += line.quantity * line.direction
    judged = {line.beneficiary_id: line.outcome is Outcome.PASSED for line in effects.acceptances}
    return replace(
        facts,
        state=effects.state,
        stage=effects.stage,
        work_year=effects.work_year,
        adjustment_open=effects.adjustment_open,
        missing=effects.missing,
        money=money,
        quantities=counts[Q.PLANNED],
        accepted=counts[Q.ACCEPTED],
        shares={**facts.shares, **{who: passed for who, passed in judged.items() if who is not None}},
        last_decided_on=taken.effective_on,
    )


def changes(facts: Facts, action: Action, **typed: Any) -> Effects:
    """What one lawful step changes; as in the ledger, the order is completed first."""
    return decide(facts, completed(STEP[action], facts, order(action, **typed)))


def take(facts: Facts, action: Action, **typed: Any) -> Facts:
    """Take one lawful step."""
    return folded(facts, order(action, **typed), changes(facts, action, **typed))


def amounts(facts: Facts, source: Source = FUND) -> dict[str, int]:
    """What stands of one source, in triệu đồng, by kind; without what is zero."""
    return {str(kind): amount // TRIEU for (of, kind), amount in facts.money.items() if of is source and amount}


def line(source: Source, kind: MoneyKind, trieu: int, direction: int = 1, of: int | None = None) -> MoneyLine:
    return MoneyLine(source, kind, trieu * TRIEU, direction, of)


# --- whole lives --------------------------------------------------------------------------------------------------


def test_accepted_280_of_300_is_paid_in_full_and_20_go_back_to_the_plan() -> None:
    accepted = take(
        project(Stage.AWAITING_ACCEPTANCE, fund={"approved": 300, "contracted": 300}, own={"approved": 350}),
        Action.ACCEPT,
        fund=280,
        own=350,
        quantities={"T2_2": 2},
    )
    paid = take(accepted, Action.PAY, fund=280)
    settled = take(take(paid, Action.SUBMIT_SETTLEMENT), Action.SETTLE)

    assert (accepted.payable, paid.payable, paid.outstanding) == (280 * TRIEU, 0, 280 * TRIEU)
    assert amounts(settled) == {
        "approved": 300,
        "contracted": 300,
        "accepted": 280,
        "paid": 280,
        "settled": 280,
        "released": 20,
    }
    assert amounts(settled, OWN) == {"approved": 350, "accepted": 350, "paid": 350, "settled": 350}
    assert (settled.stage, settled.outstanding) == (Stage.SETTLED, 0)


def test_accepted_130_of_200_after_140_in_advance_brings_10_back_in_cash_and_releases_70() -> None:
    running = project(Stage.AWAITING_ACCEPTANCE, fund={"approved": 200, "contracted": 200, "prepaid": 140})
    accepted = take(running, Action.ACCEPT, fund=130, quantities={"T2_2": 1})
    settling = take(accepted, Action.SUBMIT_SETTLEMENT)
    too_early = judge(settling, order(Action.SETTLE))
    returned = take(take(settling, Action.DEMAND_REFUND), Action.RECEIVE_RECOVERY, fund=10)
    settled = take(returned, Action.SETTLE)

    assert accepted.payable == -10 * TRIEU
    assert too_early.closed_by == (
        "Đã chi vượt 10.000.000 đồng so với nghiệm thu; cần thu hồi trước (bước receive_recovery).",
    )
    assert returned.payable == 0
    assert amounts(settled) == {
        "approved": 200,
        "contracted": 200,
        "prepaid": 140,
        "accepted": 130,
        "recovered": 10,
        "settled": 130,
        "released": 70,
    }
    assert (settled.stage, settled.outstanding) == (Stage.SETTLED, 0)


def test_stopped_work_worth_50_of_140_in_advance_brings_90_back_by_instalments() -> None:
    running = project(Stage.UNDERWAY, fund={"approved": 200, "prepaid": 140}, own={"approved": 100})
    schedule = (Instalment(date(2024, 7, 31), 60 * TRIEU), Instalment(date(2024, 8, 31), 30 * TRIEU))
    stopped = take(running, Action.STOP, fund=50, quantities={"T2_2": 1})
    recovering = take(stopped, Action.START_RECOVERY, instalments=schedule)
    half = take(recovering, Action.RECEIVE_RECOVERY, fund=60)
    too_early = judge(half, order(Action.CLOSE_RECOVERY))
    recovered = take(take(half, Action.RECEIVE_RECOVERY, fund=30), Action.CLOSE_RECOVERY)

    assert (stopped.outstanding, half.outstanding, recovered.outstanding) == (90 * TRIEU, 30 * TRIEU, 0)
    assert too_early.closed_by == ("Còn phải thu hồi 30.000.000 đồng; hãy ghi các lần nộp tiền trước.",)
    assert amounts(recovered) == {
        "approved": 200,
        "prepaid": 140,
        "accepted": 50,
        "settled": 50,
        "released": 150,
        "recovered": 90,
    }
    assert amounts(recovered, OWN) == {"approved": 100, "released": 100}
    assert (recovered.stage, recovered.state) == (Stage.RECOVERED, State.APPROVED)


def test_debt_written_off_stays_as_cash_that_never_came_back() -> None:
    stopped = take(project(Stage.UNDERWAY, fund={"approved": 200, "prepaid": 140}), Action.STOP)
    recovering = take(take(stopped, Action.START_RECOVERY), Action.RECEIVE_RECOVERY, fund=40)

    written_off = take(recovering, Action.WRITE_OFF)

    assert amounts(written_off) == {"approved": 200, "prepaid": 140, "released": 200, "recovered": 40}
    assert (written_off.stage, written_off.outstanding) == (Stage.WRITTEN_OFF, 100 * TRIEU)


def test_payable_is_what_acceptance_leaves_to_pay_and_is_nothing_once_settled() -> None:
    fund = {"approved": 300, "contracted": 300, "prepaid": 90}
    accepted = take(project(Stage.AWAITING_ACCEPTANCE, fund=fund), Action.ACCEPT, fund=280, quantities={"T2_2": 2})
    paid = take(accepted, Action.PAY, fund=190)
    settled = take(take(paid, Action.SUBMIT_SETTLEMENT), Action.SETTLE)

    assert [facts.payable // TRIEU for facts in (accepted, paid, settled)] == [190, 0, 0]


def test_payable_of_a_stopped_project_is_what_must_come_back() -> None:
    stopped = take(project(Stage.UNDERWAY, fund={"approved": 200, "prepaid": 140}), Action.STOP, fund=50)

    assert (stopped.outstanding, stopped.payable) == (90 * TRIEU, -90 * TRIEU)


# --- the owner's own money ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spent", "closing"),
    [
        (0, [line(OWN, K.RELEASED, 350)]),
        (320, [line(OWN, K.PAID, 320), line(OWN, K.SETTLED, 320), line(OWN, K.RELEASED, 30)]),
        (350, [line(OWN, K.PAID, 350), line(OWN, K.SETTLED, 350)]),
        (400, [line(OWN, K.ADJUSTED, 50), line(OWN, K.PAID, 400), line(OWN, K.SETTLED, 400)]),
    ],
)
@pytest.mark.parametrize("closed_by", [Action.SETTLE, Action.STOP])
def test_counterpart_closes_as_spent_and_what_was_promised_is_no_ceiling(
    closed_by: Action, spent: int, closing: list[MoneyLine]
) -> None:
    fund = {"approved": 300, "accepted": 300, "paid": 300}
    facts = project(Stage.SETTLING, fund=fund, own={"approved": 350, "accepted": spent})

    found = changes(facts, closed_by).money

    assert found == (line(FUND, K.SETTLED, 300), *closing)


def test_counterpart_lowered_before_closes_against_what_was_left_of_the_promise() -> None:
    own = {"approved": 350, "adjusted": -50, "accepted": 310}
    facts = project(Stage.SETTLING, fund={"approved": 300, "accepted": 300, "paid": 300}, own=own)

    settled = take(facts, Action.SETTLE)

    assert amounts(settled, OWN) == {"approved": 350, "adjusted": -40, "accepted": 310, "paid": 310, "settled": 310}


# --- stopping -----------------------------------------------------------------------------------------------------


def test_stop_of_work_that_yielded_something_writes_its_acceptance() -> None:
    facts = project(Stage.UNDERWAY, fund={"approved": 200, "prepaid": 140})

    stopped = changes(facts, Action.STOP, fund=50, quantities={"T2_2": 1})

    assert stopped.money == (
        line(FUND, K.ACCEPTED, 50),
        line(FUND, K.SETTLED, 50),
        line(FUND, K.RELEASED, 150),
    )
    assert stopped.quantities == (QuantityLine("T2_2", Q.ACCEPTED, 1), QuantityLine("T2_2", Q.SETTLED, 1))
    assert stopped.acceptances == (
        AcceptanceLine(Outcome.PASSED, TODAY, support=50 * TRIEU, quantities={"T2_2": 1}, reason="Theo hồ sơ"),
    )


def test_stop_that_says_no_amount_keeps_what_was_accepted_and_nothing_else() -> None:
    nothing = changes(project(Stage.UNDERWAY, fund={"approved": 200, "prepaid": 140}), Action.STOP)
    something = changes(
        project(Stage.ACCEPTED, fund={"approved": 300, "accepted": 200, "prepaid": 90}, accepted={"T2_2": 2}),
        Action.STOP,
    )

    assert (nothing.money, nothing.quantities, nothing.acceptances) == ((line(FUND, K.RELEASED, 200),), (), ())
    assert something.money == (line(FUND, K.SETTLED, 200), line(FUND, K.RELEASED, 100))
    assert (something.quantities, something.acceptances) == ((QuantityLine("T2_2", Q.SETTLED, 2),), ())


def test_stop_of_accepted_work_leaves_its_unpaid_rest_to_be_paid() -> None:
    facts = project(Stage.ACCEPTED, fund={"approved": 300, "accepted": 200, "prepaid": 90}, accepted={"T2_2": 2})
    stopped = take(facts, Action.STOP)

    paid = take(stopped, Action.PAY, fund=110)

    assert (stopped.outstanding, paid.outstanding) == (-110 * TRIEU, 0)
    assert judge(paid, order(Action.PAY, fund=1)).needs == (
        "Thanh toán 1.000.000 đồng vượt số còn phải trả 0 đồng là 1.000.000 đồng; hãy ghi không quá mức đó.",
    )


def test_stop_may_keep_less_or_more_than_the_shares_accepted_before() -> None:
    facts = project(
        Stage.AWAITING_ACCEPTANCE,
        fund={"approved": 300, "accepted": 120},
        kind=Kind.GROUP,
        accepted={"T2_2": 1},
        shares={11: True},
    )

    same = changes(facts, Action.STOP)
    less = changes(facts, Action.STOP, fund=100)
    more = changes(facts, Action.STOP, fund=150, quantities={"T2_2": 2}, papers=ACCEPTED_PART)

    assert (same.money, same.acceptances) == ((line(FUND, K.SETTLED, 120), line(FUND, K.RELEASED, 180)), ())
    assert less.money == (line(FUND, K.ACCEPTED, 20, -1), line(FUND, K.SETTLED, 100), line(FUND, K.RELEASED, 200))
    assert less.acceptances == (
        AcceptanceLine(Outcome.PASSED, TODAY, support=20 * TRIEU, reason="Theo hồ sơ", direction=-1),
    )
    assert same.quantities == less.quantities == (QuantityLine("T2_2", Q.SETTLED, 1),)
    assert more.money == (line(FUND, K.ACCEPTED, 30), line(FUND, K.SETTLED, 150), line(FUND, K.RELEASED, 150))
    assert more.quantities == (QuantityLine("T2_2", Q.ACCEPTED, 1), QuantityLine("T2_2", Q.SETTLED, 2))


def test_stop_may_find_that_accepted_work_does_not_count() -> None:
    facts = project(Stage.ACCEPTED, fund={"approved": 300, "accepted": 200, "prepaid": 90}, accepted={"T2_2": 2})

    stopped = changes(facts, Action.STOP, fund=0, quantities={"T2_2": 0})

    assert stopped.money == (line(FUND, K.ACCEPTED, 200, -1), line(FUND, K.RELEASED, 300))
    assert stopped.quantities == (QuantityLine("T2_2", Q.ACCEPTED, 2, -1),)


def test_rows_of_acceptance_add_up_to_what_counts_as_accepted_after_a_stop_too() -> None:
    before = project(
        Stage.AWAITING_ACCEPTANCE,
        fund={"approved": 300, "accepted": 120},
        kind=Kind.GROUP,
        accepted={"T2_2": 1},
        shares={11: True},
    )

    more = changes(before, Action.STOP, fund=150, quantities={"T2_2": 2}, papers=ACCEPTED_PART)
    nothing = changes(before, Action.STOP, fund=0, quantities={"T2_2": 0})

    assert more.acceptances == (
        AcceptanceLine(Outcome.PASSED, TODAY, support=30 * TRIEU, quantities={"T2_2": 1}, reason="Theo hồ sơ"),
    )
    assert nothing.acceptances == (
        AcceptanceLine(
            Outcome.PASSED, TODAY, support=120 * TRIEU, quantities={"T2_2": 1}, reason="Theo hồ sơ", direction=-1
        ),
    )


def test_stop_counts_only_towards_the_targets_of_the_project() -> None:
    facts = project(Stage.UNDERWAY, fund={"approved": 200, "prepaid": 140})

    found = judge(facts, order(Action.STOP, fund=50, quantities={"T2_1": 1}))

    assert found.needs == ("Đề án không đóng góp cho chỉ tiêu T2_1; chỉ tiêu của đề án: T2_2.",)


@pytest.mark.parametrize("adjusted", [-50, 50])
@pytest.mark.parametrize("closed_by", [Action.SETTLE, Action.STOP])
def test_what_is_released_is_the_rest_of_the_approval_as_it_was_adjusted(closed_by: Action, adjusted: int) -> None:
    fund = {"approved": 300, "adjusted": adjusted, "accepted": 200, "paid": 200}

    found = changes(project(Stage.SETTLING, fund=fund), closed_by).money

    assert found == (line(FUND, K.SETTLED, 200), line(FUND, K.RELEASED, 100 + adjusted))


# --- acceptance ---------------------------------------------------------------------------------------------------


def test_acceptance_of_the_whole_is_one_row_with_cost_support_counterpart_and_quantities() -> None:
    facts = project(Stage.AWAITING_ACCEPTANCE, fund={"approved": 300, "contracted": 300}, own={"approved": 350})

    accepted = changes(facts, Action.ACCEPT, fund=250, own=250, cost=500 * TRIEU, quantities={"T2_2": 2})

    assert accepted.money == (line(FUND, K.ACCEPTED, 250), line(OWN, K.ACCEPTED, 250))
    assert accepted.quantities == (QuantityLine("T2_2", Q.ACCEPTED, 2),)
    assert accepted.acceptances == (
        AcceptanceLine(
            Outcome.PASSED,
            TODAY,
            cost=500 * TRIEU,
            support=250 * TRIEU,
            counterpart=250 * TRIEU,
            quantities={"T2_2": 2},
        ),
    )


def test_failed_acceptance_is_a_row_too_and_grants_nothing() -> None:
    facts = project(Stage.AWAITING_ACCEPTANCE, fund={"approved": 300, "contracted": 300})

    failed = changes(facts, Action.FAIL_ACCEPTANCE)
    again = take(folded(facts, order(Action.FAIL_ACCEPTANCE), failed), Action.RETRY_ACCEPTANCE)

    assert (failed.stage, failed.money, failed.quantities) == (Stage.ACCEPTANCE_FAILED, (), ())
    assert failed.acceptances == (AcceptanceLine(Outcome.FAILED, TODAY, reason="Theo hồ sơ"),)
    assert take(again, Action.ACCEPT, fund=300, quantities={"T2_2": 2}).amount(K.ACCEPTED) == 300 * TRIEU


GROUP = project(
    Stage.AWAITING_ACCEPTANCE,
    fund={"approved": 300, "contracted": 300},
    own={"approved": 200},
    kind=Kind.GROUP,
    named={11: "Cơ sở Tân Phát", 12: "Hợp tác xã Long Hồ", 13: "Cơ sở Phước Hậu"},
)


@pytest.mark.parametrize("kind", [Kind.ORDINARY, Kind.MODEL])
@pytest.mark.parametrize("action", [Action.ACCEPT_SHARE, Action.FAIL_SHARE])
def test_only_a_group_project_is_accepted_share_by_share(action: Action, kind: Kind) -> None:
    amount: dict[str, Any] = {"fund": 100, "quantities": {"T2_2": 1}} if action is Action.ACCEPT_SHARE else {}

    found = judge(replace(GROUP, kind=kind), order(action, beneficiary_id=11, **amount))

    assert found.reasons == (
        "Chỉ đề án nhóm nghiệm thu từng đơn vị thụ hưởng; đề án này nghiệm thu một lần (bước accept).",
    )


def test_share_of_a_beneficiary_carries_its_name_on_money_and_row_and_keeps_the_stage() -> None:
    share = changes(
        GROUP, Action.ACCEPT_SHARE, fund=120, own=90, cost=210 * TRIEU, beneficiary_id=11, quantities={"T2_2": 1}
    )

    assert (share.stage, share.state) == (Stage.AWAITING_ACCEPTANCE, State.APPROVED)
    assert share.money == (line(FUND, K.ACCEPTED, 120, of=11), line(OWN, K.ACCEPTED, 90, of=11))
    assert share.quantities == (QuantityLine("T2_2", Q.ACCEPTED, 1),)
    assert share.acceptances == (
        AcceptanceLine(
            Outcome.PASSED,
            TODAY,
            11,
            cost=210 * TRIEU,
            support=120 * TRIEU,
            counterpart=90 * TRIEU,
            quantities={"T2_2": 1},
        ),
    )


def test_failed_share_is_a_row_of_its_beneficiary() -> None:
    failed = changes(GROUP, Action.FAIL_SHARE, beneficiary_id=12)

    assert (failed.stage, failed.money, failed.quantities) == (Stage.AWAITING_ACCEPTANCE, (), ())
    assert failed.acceptances == (AcceptanceLine(Outcome.FAILED, TODAY, 12, reason="Theo hồ sơ"),)


def test_group_is_accepted_when_every_share_is_judged_and_adds_nothing_of_its_own() -> None:
    first = take(GROUP, Action.ACCEPT_SHARE, fund=120, own=90, beneficiary_id=11, quantities={"T2_2": 1})
    two = take(first, Action.FAIL_SHARE, beneficiary_id=12)
    too_early = judge(two, order(Action.ACCEPT))
    three = take(two, Action.ACCEPT_SHARE, fund=100, own=60, beneficiary_id=13, quantities={"T2_2": 1})
    whole = changes(three, Action.ACCEPT)
    paid = take(folded(three, order(Action.ACCEPT), whole), Action.PAY, fund=220)
    settled = take(take(paid, Action.SUBMIT_SETTLEMENT), Action.SETTLE)

    assert too_early.closed_by == (
        "Chưa có kết quả nghiệm thu của: Cơ sở Phước Hậu. Hãy ghi từng đơn vị (accept_share hoặc fail_share).",
    )
    assert (whole.stage, whole.money, whole.quantities, whole.acceptances) == (Stage.ACCEPTED, (), (), ())
    assert amounts(settled) == {
        "approved": 300,
        "contracted": 300,
        "accepted": 220,
        "paid": 220,
        "settled": 220,
        "released": 80,
    }
    assert amounts(settled, OWN) == {"approved": 200, "accepted": 150, "paid": 150, "settled": 150, "released": 50}


def test_group_of_which_every_share_failed_has_failed_itself() -> None:
    failed = replace(GROUP, shares=dict.fromkeys(GROUP.named, False))

    accepted = judge(failed, order(Action.ACCEPT))
    repaired = take(take(failed, Action.FAIL_ACCEPTANCE), Action.RETRY_ACCEPTANCE)

    assert accepted.closed_by == (
        "Mọi đơn vị thụ hưởng đều không đạt; hãy ghi nghiệm thu không đạt cho cả đề án (fail_acceptance).",
    )
    assert (repaired.stage, repaired.shares) == (Stage.AWAITING_ACCEPTANCE, failed.shares)


def test_share_that_failed_may_pass_later_and_one_that_passed_may_not_again() -> None:
    failed = take(GROUP, Action.FAIL_SHARE, beneficiary_id=12)
    passed = take(failed, Action.ACCEPT_SHARE, fund=100, beneficiary_id=12, quantities={"T2_2": 0})

    once_more = judge(passed, order(Action.FAIL_SHARE, beneficiary_id=12))

    assert (failed.shares, passed.shares) == ({12: False}, {12: True})
    assert once_more.needs == (
        "Hợp tác xã Long Hồ đã nghiệm thu đạt; mỗi đơn vị chỉ nghiệm thu đạt một lần, "
        "ghi nhầm thì hủy bước đó (revert).",
    )


# --- contract and the days of money -------------------------------------------------------------------------------


def test_annex_moves_the_contract_down_and_up_by_the_difference() -> None:
    fund, own = {"approved": 300, "contracted": 300, "prepaid": 90}, {"approved": 350, "contracted": 330}
    facts = project(Stage.UNDERWAY, fund=fund, own=own)

    down = changes(facts, Action.AMEND_CONTRACT, fund=250)
    both = changes(facts, Action.AMEND_CONTRACT, fund=250, own=380)
    up = changes(take(facts, Action.AMEND_CONTRACT, fund=250), Action.AMEND_CONTRACT, fund=280)
    same = changes(facts, Action.AMEND_CONTRACT, fund=300)

    assert down.money == (line(FUND, K.CONTRACTED, 50, -1),)
    assert set(both.money) == {line(FUND, K.CONTRACTED, 50, -1), line(OWN, K.CONTRACTED, 50)}
    assert up.money == (line(FUND, K.CONTRACTED, 30),)
    assert (same.money, same.stage) == ((), Stage.UNDERWAY)


def test_annex_stays_between_the_prepayment_and_the_approval() -> None:
    facts = project(Stage.UNDERWAY, fund={"approved": 300, "contracted": 250, "prepaid": 90})

    below = judge(facts, order(Action.AMEND_CONTRACT, fund=89))
    above = judge(facts, order(Action.AMEND_CONTRACT, fund=301))

    assert below.needs == (
        "Giá trị mới 89.000.000 đồng thấp hơn số đã tạm ứng 90.000.000 đồng; hãy ghi không thấp hơn.",
    )
    assert above.needs == (
        "Hợp đồng 301.000.000 đồng vượt số phê duyệt 300.000.000 đồng là 1.000.000 đồng; hãy ghi không quá mức đó.",
    )


def test_annex_does_not_fall_below_the_shares_accepted_under_the_contract() -> None:
    accepted = take(GROUP, Action.ACCEPT_SHARE, fund=120, beneficiary_id=11, quantities={"T2_2": 1})

    below = judge(accepted, order(Action.AMEND_CONTRACT, fund=119))
    same = judge(accepted, order(Action.AMEND_CONTRACT, fund=120))

    assert below.reasons == (
        "Giá trị mới 119.000.000 đồng thấp hơn số đã nghiệm thu 120.000.000 đồng; hãy ghi không thấp hơn.",
    )
    assert same.reasons == ()


def test_what_is_accepted_is_under_contract_and_more_needs_an_annex_first() -> None:
    facts = project(Stage.AWAITING_ACCEPTANCE, fund={"approved": 300, "contracted": 280})
    accept: dict[str, Any] = {"fund": 281, "quantities": {"T2_2": 2}}

    too_much = judge(facts, order(Action.ACCEPT, **accept))
    with_annex = take(take(facts, Action.AMEND_CONTRACT, fund=300), Action.ACCEPT, **accept)
    by_shares = replace(GROUP, money=facts.money)
    second = take(by_shares, Action.ACCEPT_SHARE, fund=180, beneficiary_id=11, quantities={"T2_2": 1})
    too_much_together = judge(second, order(Action.ACCEPT_SHARE, fund=101, beneficiary_id=12, quantities={"T2_2": 1}))

    annex_first = (
        "Nghiệm thu 281.000.000 đồng vượt giá trị hợp đồng 280.000.000 đồng; hãy ký phụ lục hợp đồng "
        "(bước amend_contract) trước, hoặc ghi không quá giá trị hợp đồng.",
    )
    assert too_much.needs == too_much_together.needs == annex_first
    assert amounts(with_annex)["accepted"] == 281


def test_acceptance_that_counts_nothing_is_a_failed_one() -> None:
    facts = project(Stage.AWAITING_ACCEPTANCE, fund={"approved": 300, "contracted": 300})

    found = judge(facts, order(Action.ACCEPT, fund=100, quantities={"T2_2": 0}))

    assert found.needs == (
        "Nghiệm thu đạt phải có số lượng lớn hơn 0 ở ít nhất một chỉ tiêu; nếu không đạt, "
        "hãy ghi nghiệm thu không đạt.",
    )


def test_stop_keeps_more_than_was_accepted_or_given_only_with_the_minutes_of_the_work() -> None:
    facts = project(Stage.UNDERWAY, fund={"approved": 200, "prepaid": 140})

    bare = judge(facts, order(Action.STOP, fund=141))
    given = judge(facts, order(Action.STOP, fund=140))
    with_minutes = judge(facts, order(Action.STOP, fund=141, papers=ACCEPTED_PART))

    assert bare.needs == (
        "Giữ lại 141.000.000 đồng nhiều hơn số đã nghiệm thu hoặc đã chi 140.000.000 đồng; hãy kèm biên bản "
        "nghiệm thu phần đã làm (--paper form_5a=TỆP) hoặc ghi không quá số đó.",
    )
    assert given.reasons == with_minutes.reasons == ()


def test_new_schedule_may_be_demanded_while_money_is_coming_back() -> None:
    stopped = take(project(Stage.UNDERWAY, fund={"approved": 200, "prepaid": 140}), Action.STOP)
    half = take(take(stopped, Action.START_RECOVERY), Action.RECEIVE_RECOVERY, fund=60)
    schedule = (Instalment(date(2024, 12, 31), 80 * TRIEU),)

    demanded = changes(half, Action.DEMAND_REFUND, instalments=schedule)

    assert demanded == replace(unchanged(half), instalments=schedule)


def test_funds_that_arrive_leave_a_day_and_no_amount() -> None:
    facts = project(Stage.CONTRACTED, fund={"approved": 300, "allotted": 300})

    assert changes(facts, Action.RECEIVE_FUNDS) == unchanged(facts)


def test_demand_carries_its_schedule_and_no_money_moves() -> None:
    facts = project(Stage.SETTLING, fund={"approved": 300, "accepted": 200, "prepaid": 250})
    schedule = (Instalment(date(2024, 7, 31), 30 * TRIEU), Instalment(date(2024, 8, 31), 20 * TRIEU))

    demanded = changes(facts, Action.DEMAND_REFUND, instalments=schedule)

    assert demanded == replace(unchanged(facts), instalments=schedule)


# --- adjustments --------------------------------------------------------------------------------------------------


def asking(*, confirmed: bool = True, **asked: Any) -> Facts:
    """A project under way, 300 approved and 350 promised, with an open request."""
    request = Request(5, Asked(**{"kinds": frozenset({Change.OTHER_NOT_INCREASING})} | asked), confirmed)
    fund, own = {"approved": 300, "contracted": 300}, {"approved": 350}
    return project(Stage.UNDERWAY, fund=fund, own=own, adjustment_open=True, request=request)


def test_approved_adjustment_writes_what_the_request_asked_for() -> None:
    facts = asking(amounts={FUND: 250 * TRIEU, OWN: 400 * TRIEU})

    adjusted = changes(facts, Action.APPROVE_ADJUSTMENT)

    assert adjusted == replace(
        unchanged(facts),
        adjustment_open=False,
        money=(line(FUND, K.ADJUSTED, 50, -1), line(OWN, K.ADJUSTED, 50)),
    )


def test_decision_may_grant_another_amount_than_the_one_asked_for() -> None:
    facts = asking(amounts={FUND: 250 * TRIEU, OWN: 400 * TRIEU})

    adjusted = changes(facts, Action.APPROVE_ADJUSTMENT, fund=320)

    assert adjusted.money == (line(FUND, K.ADJUSTED, 20), line(OWN, K.ADJUSTED, 50))


def test_second_adjustment_starts_from_the_first() -> None:
    request = Request(6, Asked(amounts={FUND: 280 * TRIEU}, kinds=frozenset({Change.INCREASE_SUPPORT})), True)
    first = take(asking(amounts={FUND: 250 * TRIEU}), Action.APPROVE_ADJUSTMENT)

    second = changes(replace(first, adjustment_open=True, request=request), Action.APPROVE_ADJUSTMENT)

    assert (first.approved_now(), second.money) == (250 * TRIEU, (line(FUND, K.ADJUSTED, 30),))


def test_adjusted_targets_move_what_is_planned_and_what_is_approved_by_the_same_steps() -> None:
    facts = replace(asking(targets={"T2_1": 1, "T2_2": 3, "T2_3": 0}), quantities={"T2_2": 2, "T2_3": 4})

    adjusted = changes(facts, Action.APPROVE_ADJUSTMENT)

    moved = [("T2_1", 1, 1), ("T2_2", 1, 1), ("T2_3", 4, -1)]
    assert adjusted.quantities == tuple(
        QuantityLine(target, kind, number, direction)
        for kind in (Q.PLANNED, Q.APPROVED)
        for target, number, direction in moved
    )
    assert adjusted.money == ()


def test_adjusted_columns_beneficiaries_and_year_are_those_of_the_request() -> None:
    columns = {"partner": "Công ty Tiến Phát", "ends_on": date(2025, 3, 31)}
    facts = asking(columns=columns, beneficiaries=(11, 14), next_year=True)

    adjusted = changes(facts, Action.APPROVE_ADJUSTMENT)

    assert adjusted == replace(
        unchanged(facts), adjustment_open=False, columns=columns, beneficiaries=(11, 14), work_year=2025
    )


@pytest.mark.parametrize("ended_by", [Action.REFUSE_ADJUSTMENT, Action.STOP])
def test_request_that_is_refused_or_overtaken_by_a_stop_changes_nothing_it_asked_for(ended_by: Action) -> None:
    facts = asking(amounts={FUND: 250 * TRIEU}, targets={"T2_2": 3}, columns={"partner": "A"}, next_year=True)

    after = changes(facts, ended_by)

    assert (after.adjustment_open, after.columns, after.beneficiaries, after.work_year) == (False, {}, None, 2024)
    assert [entry for entry in after.money if entry.kind is K.ADJUSTED] == []
    assert [number for number in after.quantities if number.kind in (Q.PLANNED, Q.APPROVED)] == []


def test_confirmation_only_lets_the_request_go_on() -> None:
    facts = asking(confirmed=False, amounts={FUND: 250 * TRIEU})

    assert changes(facts, Action.CONFIRM_ADJUSTMENT) == unchanged(facts)


def test_request_raises_the_flag_and_writes_none_of_its_values() -> None:
    facts = project(Stage.UNDERWAY, fund={"approved": 300})
    asked = Asked(amounts={FUND: 250 * TRIEU}, columns={"partner": "A"}, next_year=True)

    after = changes(facts, Action.REQUEST_ADJUSTMENT, asked=asked)

    assert after == replace(unchanged(facts), adjustment_open=True)
