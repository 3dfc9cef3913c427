"""Prepayment rules: whose rule holds, the last đồng that it allows, and every reason against a prepayment."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.activities import Activity
from states.dated_rules import contradictions
from states.prepayments import PrepaymentRule, check_prepayment, limit, no_rule, rule_for
from states.refusal import Refused
from states.vocabulary import Paper, Route

TRIEU = 1_000_000
TODAY = date(2026, 3, 2)

TRAINING = PrepaymentRule(
    id="P-TRAINING",
    activity=Activity.TRAINING,
    label="Tập huấn",
    jurisdiction="national",
    route=Route.NATIONAL,
    percent=70,
    progress=0,
    papers=(),
    basis="TT 36/2013/TT-BCT Điều 15",
    verified=True,
    doubt="",
    effective_from=date(2014, 2, 10),
    effective_until=None,
)
CLUSTER = replace(
    TRAINING,
    id="P-CLUSTER",
    activity=Activity.CLUSTER_INFRASTRUCTURE,
    percent=30,
    progress=50,
    papers=(Paper.SUPPORT_CONTRACT, Paper.PROGRESS_REPORT),
)
TABLE = (TRAINING, CLUSTER)

ANYTHING = replace(
    TRAINING,
    id="P-VL",
    activity=None,
    label="Mọi hoạt động",
    jurisdiction="vinh-long",
    route=Route.LOCAL,
    percent=60,
    basis="QĐ 1/2015/QĐ-UBND",
    effective_from=date(2015, 1, 1),
)
OWN_TRAINING = replace(ANYTHING, id="P-VL-TRAINING", activity=Activity.TRAINING, percent=40)


def used(*rules: PrepaymentRule, activity: str = "training", **changed: Any) -> str | None:
    context: dict[str, Any] = {"route": Route.NATIONAL, "on": TODAY, "jurisdiction": "vinh-long", **changed}
    found = rule_for(rules, activity, **context)
    return None if found is None else found.id


# --- which rule ---------------------------------------------------------------------------------------


def test_a_rule_serves_its_activity_and_its_route_only() -> None:
    assert used(*TABLE) == "P-TRAINING"
    assert used(*TABLE, activity="machinery") is None
    assert used(*TABLE, activity="nuôi tôm") is None
    assert used(*TABLE, route=Route.LOCAL) is None


def test_the_rule_of_the_activity_wins_over_the_one_for_every_activity() -> None:
    rules = (ANYTHING, OWN_TRAINING)

    assert used(*rules, route=Route.LOCAL) == "P-VL-TRAINING"
    assert used(*reversed(rules), route=Route.LOCAL) == "P-VL-TRAINING"
    assert used(*rules, route=Route.LOCAL, activity="machinery") == "P-VL"
    assert used(*rules, route=Route.LOCAL, activity="nuôi tôm") == "P-VL"


def test_the_rule_of_a_province_holds_there_and_on_the_local_route_only() -> None:
    careless = replace(ANYTHING, route=Route.NATIONAL)

    assert used(ANYTHING, route=Route.LOCAL) == "P-VL"
    assert used(ANYTHING, route=Route.LOCAL, jurisdiction="dong-thap") is None
    assert used(ANYTHING) is None
    assert used(careless) is None


def test_the_province_is_asked_before_the_national_table() -> None:
    common = replace(TRAINING, id="P-LOCAL", route=Route.LOCAL)

    assert used(common, route=Route.LOCAL) == "P-LOCAL"
    assert used(common, ANYTHING, route=Route.LOCAL) == "P-VL"


def test_a_rule_holds_on_its_first_and_its_last_day() -> None:
    old = replace(TRAINING, effective_until=date(2026, 6, 30))
    new = replace(TRAINING, id="P-TRAINING-2026", percent=50, effective_from=date(2026, 7, 1))

    days = (date(2014, 2, 9), date(2014, 2, 10), date(2026, 6, 30), date(2026, 7, 1))

    assert [used(old, new, on=day) for day in days] == [None, "P-TRAINING", "P-TRAINING", "P-TRAINING-2026"]


def test_two_rules_in_force_are_refused_rather_than_chosen_between() -> None:
    with pytest.raises(Refused) as refused:
        used(TRAINING, replace(TRAINING, id="P-TWIN"))

    assert refused.value.reasons == (
        "Mức tạm ứng P-TRAINING và P-TWIN cùng có hiệu lực từ ngày 10/02/2014 cho “Tập huấn”;"
        " hãy sửa ngày hiệu lực của một trong hai.",
    )


@pytest.mark.parametrize(
    ("changed", "contradicts"),
    [
        ({}, True),
        ({"activity": None}, False),
        ({"activity": Activity.CONSULTING}, False),
        ({"route": Route.LOCAL}, False),
        ({"effective_from": date(2026, 6, 30)}, True),
        ({"effective_from": date(2026, 7, 1)}, False),
    ],
)
def test_a_contradiction_is_a_day_that_two_rules_of_one_activity_share(
    changed: dict[str, Any], contradicts: bool
) -> None:
    one = replace(TRAINING, effective_until=date(2026, 6, 30))

    found = contradictions([one, replace(TRAINING, id="P-OTHER", **changed)])

    assert bool(found) is contradicts


def test_two_rules_for_every_activity_contradict_each_other() -> None:
    assert len(contradictions([ANYTHING, replace(ANYTHING, id="P-VL-B")])) == 1


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"basis": ""}, "chưa ghi căn cứ; hãy ghi văn bản và điều khoản."),
        ({"effective_until": date(2014, 2, 9)}, "hết hiệu lực trước khi có hiệu lực; hãy sửa ngày."),
        ({"verified": False}, "phải ghi lý do (doubt) khi chưa kiểm chứng, và bỏ lý do khi đã kiểm chứng."),
        ({"papers": (Paper.PROGRESS_REPORT,) * 2}, "ghi một giấy tờ hai lần; hãy giữ một lần."),
        (
            {"jurisdiction": "vinh-long"},
            "là mức tạm ứng của địa phương nên chỉ dùng cho khuyến công địa phương; hãy ghi route: local.",
        ),
    ],
)
def test_a_rule_that_is_not_whole_is_named(changed: dict[str, Any], reason: str) -> None:
    assert contradictions([TRAINING]) == ()
    assert contradictions([replace(TRAINING, **changed)]) == (f"Mức tạm ứng P-TRAINING {reason}",)


# --- how much, and on what conditions -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "approved", "contracted", "allowed"),
    [
        (70, 300 * TRIEU, 300 * TRIEU, 210 * TRIEU),
        (70, 300 * TRIEU, 280 * TRIEU, 196 * TRIEU),
        (70, 250 * TRIEU, 280 * TRIEU, 175 * TRIEU),
        (30, 333_333_333, 333_333_333, 99_999_999),
        (30, 3, 3, 0),
        (100, 1, 1, 1),
        (70, 300 * TRIEU, 0, 0),
    ],
)
def test_the_limit_is_a_share_of_the_smaller_of_approval_and_contract(
    percent: int, approved: int, contracted: int, allowed: int
) -> None:
    rule = replace(TRAINING, percent=percent)

    assert limit(rule, approved=approved, contracted=contracted) == allowed


def test_a_negative_amount_is_a_broken_promise() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        limit(TRAINING, approved=-1, contracted=1)


@given(st.integers(1, 100), st.integers(0, 10**15), st.integers(0, 10**15))
def test_the_limit_rounds_down_by_less_than_one_dong(percent: int, approved: int, contracted: int) -> None:
    allowed = limit(replace(TRAINING, percent=percent), approved=approved, contracted=contracted)

    assert 0 <= min(approved, contracted) * percent - allowed * 100 < 100


def reasons(rule: PrepaymentRule = CLUSTER, **changed: Any) -> tuple[str, ...]:
    """What speaks against 90 of 300 triệu for a cluster with 51 percent done, unless something is changed."""
    asked: dict[str, Any] = {
        "amount": 90 * TRIEU,
        "approved": 300 * TRIEU,
        "contracted": 300 * TRIEU,
        "progress": 51,
        "papers": {Paper.SUPPORT_CONTRACT, Paper.PROGRESS_REPORT, Paper.CONTRACT},
    }
    return check_prepayment(rule, **(asked | changed))


BASIS = CLUSTER.basis


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, ()),
        (
            {"amount": 90 * TRIEU + 1},
            (
                "Tạm ứng 90.000.001 đồng vượt mức tối đa 90.000.000 đồng (30% giá trị hợp đồng 300.000.000 đồng;"
                f" {BASIS}); hãy giảm số tiền.",
            ),
        ),
        (
            {"approved": 200 * TRIEU},
            (
                "Tạm ứng 90.000.000 đồng vượt mức tối đa 60.000.000 đồng (30% số phê duyệt 200.000.000 đồng;"
                f" {BASIS}); hãy giảm số tiền.",
            ),
        ),
        (
            {"progress": None},
            (
                f"Chỉ tạm ứng khi hoàn thành trên 50% khối lượng được hỗ trợ ({BASIS});"
                " hãy ghi tỷ lệ đã hoàn thành theo báo cáo (--progress N).",
            ),
        ),
        (
            {"progress": 50},
            (
                f"Mới hoàn thành 50% khối lượng được hỗ trợ, phải trên 50% mới được tạm ứng ({BASIS});"
                " hãy đợi khối lượng hoàn thành thêm.",
            ),
        ),
        (
            {"papers": {Paper.CONTRACT}},
            (
                "Thiếu hợp đồng hỗ trợ với chủ đầu tư; hãy kèm theo (--paper support_contract=TỆP).",
                "Thiếu báo cáo tiến độ khối lượng; hãy kèm theo (--paper progress_report=TỆP).",
            ),
        ),
    ],
    ids=["lawful", "one đồng too much", "approval below contract", "no progress told", "just half", "papers"],
)
def test_each_condition_of_a_rule_is_a_reason_of_its_own(changed: dict[str, Any], found: tuple[str, ...]) -> None:
    assert reasons(**changed) == found


def test_all_reasons_are_told_at_once() -> None:
    assert len(reasons(amount=91 * TRIEU, progress=0, papers=())) == 4


def test_a_rule_without_conditions_asks_for_nothing_but_the_amount() -> None:
    assert reasons(TRAINING, amount=210 * TRIEU, progress=None, papers=()) == ()


def test_levels_and_doubts_are_said_in_words() -> None:
    unverified = replace(TRAINING, verified=False, doubt="suy ra từ danh mục")

    assert (TRAINING.level, CLUSTER.level) == ("tạm ứng 70%", "tạm ứng 30% khi hoàn thành trên 50% khối lượng")
    assert TRAINING.doubts() == ()
    assert unverified.doubts() == (
        "Mức tạm ứng 70% (TT 36/2013/TT-BCT Điều 15) chưa kiểm chứng: suy ra từ danh mục;"
        " hãy đối chiếu văn bản gốc trước khi dùng.",
    )


@pytest.mark.parametrize(
    ("activity", "route", "sentence"),
    [
        (
            "machinery",
            Route.LOCAL,
            "Tại ngày 02/03/2026 chưa có mức tạm ứng cho “Ứng dụng máy móc tiên tiến, chuyển giao công nghệ”, nguồn "
            "khuyến công địa phương; hãy nhập quy định của tỉnh (dean rules add --prepayments TỆP) rồi tạm ứng.",
        ),
        (
            "nuôi tôm",
            Route.NATIONAL,
            "Tại ngày 02/03/2026 chưa có mức tạm ứng cho hoạt động “nuôi tôm” (không có trong danh mục), nguồn "
            "khuyến công quốc gia; hãy nhập quy định (dean rules add --prepayments TỆP) rồi tạm ứng.",
        ),
    ],
)
def test_a_missing_rule_is_said_with_what_to_enter(activity: str, route: Route, sentence: str) -> None:
    assert no_rule(activity, route, TODAY) == sentence
