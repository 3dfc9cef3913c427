"""What an old record comes to, who may vouch for it, and what cannot have been so."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.actions import Action
from states.effects import QuantityKind
from states.facts import Facts, Order, Person
from states.judge import FROM_AN_OLD_REGISTER, judge
from states.lifecycle import OLD_ENDS
from states.old_records import (
    STATE_AT,
    VOUCHERS,
    Ended,
    Told,
    money_of,
    read_end,
    reasons_against,
    reasons_against_vouching,
    work_of,
)
from states.refusal import Refused
from states.steps import STEPS
from states.vocabulary import Kind, MoneyKind, Role, Route, Source, Stage

TRIEU = 1_000_000
TODAY = date(2026, 8, 3)
DRYER = Ended(
    stage=Stage.SETTLED,
    route=Route.LOCAL,
    plan_year=2022,
    approved=300 * TRIEU,
    settled=280 * TRIEU,
    counterpart=350 * TRIEU,
    targets={"T2_2": 1},
    decided_on=date(2022, 3, 15),
)


def person(number: int, role: Role, **more: object) -> Person:
    return Person(number, f"p{number}", f"Người {number}", role, **more)  # type: ignore[arg-type]


BY, CHI = person(1, Role.COORDINATOR), person(2, Role.LEADER)


def test_a_settled_record_books_what_follows_from_its_two_figures() -> None:
    told = {(str(source), str(kind)): amount // TRIEU for (source, kind), amount in money_of(DRYER).items()}

    assert told == {
        **{("local_fund", kind): 300 for kind in ("asked", "approved")},
        **{("local_fund", kind): 280 for kind in ("accepted", "paid", "settled")},
        ("local_fund", "released"): 20,
        **{("counterpart", kind): 350 for kind in ("asked", "approved", "accepted", "paid", "settled")},
    }


def test_a_stopped_record_spends_nothing_of_the_owners_money() -> None:
    stopped = replace(DRYER, stage=Stage.STOPPED, settled=40 * TRIEU, asked=320 * TRIEU)

    told = {(str(source), str(kind)): amount // TRIEU for (source, kind), amount in money_of(stopped).items()}

    assert told == {
        ("local_fund", "asked"): 320,
        ("local_fund", "approved"): 300,
        **{("local_fund", kind): 40 for kind in ("accepted", "paid", "settled")},
        ("local_fund", "released"): 260,
        **{("counterpart", kind): 350 for kind in ("asked", "approved", "released")},
    }


amounts = st.integers(min_value=0, max_value=10**15)


@given(
    stage=st.sampled_from(OLD_ENDS),
    route=st.sampled_from(Route),
    approved=amounts,
    kept=st.fractions(min_value=0, max_value=1),
    own=amounts,
    reached=st.dictionaries(st.sampled_from(("T1_1", "T2_2")), st.integers(min_value=0, max_value=99)),
)
def test_both_equations_close_and_the_funnel_is_one(
    stage: Stage, route: Route, approved: int, kept: float, own: int, reached: dict[str, int]
) -> None:
    ended = Ended(stage, route, 2023, approved, int(approved * kept), own, targets=reached)

    levels, work = money_of(ended), work_of(ended)

    for source in Source:
        of = {kind: levels.get((source, kind), 0) for kind in MoneyKind}
        assert of[MoneyKind.APPROVED] == of[MoneyKind.SETTLED] + of[MoneyKind.RELEASED]
        assert of[MoneyKind.PAID] == of[MoneyKind.SETTLED] == of[MoneyKind.ACCEPTED]
        assert of[MoneyKind.ASKED] >= of[MoneyKind.APPROVED] >= of[MoneyKind.ACCEPTED] >= of[MoneyKind.SETTLED] >= 0
    assert {kind: sum(n for (_, of), n in work.items() if of is kind) for kind in QuantityKind} == dict.fromkeys(
        QuantityKind, sum(reached.values())
    )


@pytest.mark.parametrize(
    ("words", "stage"),
    [
        ("Đã quyết toán", Stage.SETTLED),
        ("hoàn thành", Stage.SETTLED),
        ("Đã thanh lý.", Stage.SETTLED),
        ("DỪNG", Stage.STOPPED),
        ("Đã hủy", Stage.STOPPED),
        ("Ngừng triển khai", Stage.STOPPED),
        ("settled", Stage.SETTLED),
    ],
)
def test_ends_are_recognised_as_offices_write_them(words: str, stage: Stage) -> None:
    assert read_end(words) is stage


@pytest.mark.parametrize("words", ["Đang thực hiện", "Tạm dừng", "Đã nghiệm thu", "Chưa quyết toán", "Trong kế hoạch"])
def test_what_has_not_ended_is_refused(words: str) -> None:
    with pytest.raises(Refused, match="sổ cũ chỉ nhận đề án đã kết thúc; đề án đang làm hãy nhập như thường"):
        read_end(words)


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"approved": 0, "settled": 0, "stage": Stage.STOPPED}, [Told.APPROVED]),
        ({"settled": 301 * TRIEU}, [Told.SETTLED]),
        ({"settled": 0}, [Told.SETTLED]),
        ({"stage": Stage.UNDERWAY}, [Told.STAGE]),
        ({"decided_on": date(2026, 8, 4)}, [Told.DECIDED_ON]),
        ({"settled_on": date(2022, 3, 1)}, [Told.SETTLED_ON]),
        ({"settled_on": date(2021, 3, 1), "decided_on": None}, [Told.SETTLED_ON]),
        ({"plan_year": 2027}, [Told.STAGE]),
        ({}, []),
    ],
)
def test_what_cannot_have_been_so_is_told_of_its_cell(changes: dict[str, object], about: list[Told]) -> None:
    assert [told for told, _ in reasons_against(replace(DRYER, **changes), TODAY)] == about  # type: ignore[arg-type]


def test_a_record_counts_from_its_settlement_else_from_the_end_of_its_year_and_never_from_a_day_to_come() -> None:
    assert DRYER.counts_from(TODAY) == date(2022, 12, 31)
    assert replace(DRYER, settled_on=date(2023, 1, 20)).counts_from(TODAY) == date(2023, 1, 20)
    assert replace(DRYER, plan_year=2026).counts_from(TODAY) == TODAY


def test_the_milestone_of_a_stopped_record_is_its_approval() -> None:
    assert {stage: str(state) for stage, state in STATE_AT.items()} == {
        Stage.SETTLED: "settled",
        Stage.STOPPED: "approved",
    }


@pytest.mark.parametrize("role", Role)
def test_coordinators_bring_in_what_others_who_answer_for_it_vouch_for(role: Role) -> None:
    as_bringer = reasons_against_vouching(person(3, role), CHI, "Sổ theo dõi")
    as_voucher = reasons_against_vouching(BY, person(3, role), "Sổ theo dõi")

    assert (not as_bringer, not as_voucher) == (role is Role.COORDINATOR, role in VOUCHERS)


def test_nobody_vouches_for_what_the_own_hand_brings_in_nor_without_a_basis() -> None:
    assert reasons_against_vouching(BY, BY, "Sổ") == [
        "Người 1 nhập sổ cũ thì không tự xác nhận; hãy ghi một người khác xác nhận."
    ]
    assert reasons_against_vouching(BY, CHI, "  ") == ["Phải ghi căn cứ xác nhận: sổ, quyết định hoặc biên bản nào."]
    assert reasons_against_vouching(BY, person(3, Role.LEADER, active=False), "Sổ") != []


def test_every_step_of_an_old_record_is_closed_with_the_same_sentence() -> None:
    at = "2026-08-03T02:00:00+00:00"
    from datetime import datetime

    for stage in OLD_ENDS:
        facts = Facts(
            code="KC-VL-2022-001",
            route=Route.LOCAL,
            kind=Kind.ORDINARY,
            state=STATE_AT[stage],
            stage=stage,
            plan_year=2022,
            work_year=2022,
            unit_id=1,
            author_id=1,
            author_name="Bình",
            is_vouched=True,
        )
        for step in STEPS:
            for role in Role:
                order = Order(Action(step.action), person(9, role), datetime.fromisoformat(at))
                assert judge(facts, order).closed_by == (FROM_AN_OLD_REGISTER,)
