"""Support ceilings: exact đồng, the rule of the day and the jurisdiction, and what is never silent."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states.activities import ACTIVITIES, Activity, read_activity
from states.ceilings import Base, Ceiling, CeilingRule, Override, ceiling, check_support, rule_for
from states.dated_rules import contradictions
from states.refusal import Refused
from states.vocabulary import Route

M = 1_000_000
VERIFIED_FROM = date(2018, 5, 11)
TODAY = date(2026, 3, 2)

MACHINERY = CeilingRule(
    id="C-MACHINERY",
    activity=Activity.MACHINERY,
    label="Máy móc",
    jurisdiction="national",
    route=None,
    percent=50,
    cap=300 * M,
    per="cơ sở",
    base=Base.ELIGIBLE_COST,
    basis="TT 28/2018/TT-BTC Điều 8 khoản 4",
    verified=True,
    doubt="",
    condition="",
    notes="",
    effective_from=VERIFIED_FROM,
    effective_until=None,
)
MODEL = replace(MACHINERY, id="C-MODEL", activity=Activity.DEMONSTRATION_MODEL, percent=30, cap=1000 * M, per="mô hình")
NEW_ENTERPRISE = replace(
    MACHINERY, id="C-NEW", activity=Activity.NEW_ENTERPRISE, percent=None, cap=10 * M, per="doanh nghiệp"
)
FAIR_ABROAD = replace(MACHINERY, id="C-FAIR", activity=Activity.FAIR_ABROAD, percent=100, cap=None, per="")
LINE = replace(
    MACHINERY,
    id="C-LINE",
    activity=Activity.PRODUCTION_LINE,
    cap=450 * M,
    verified=False,
    doubt="tỷ lệ cho dây chuyền là suy ra",
)
INTEREST = replace(MACHINERY, id="C-INTEREST", activity=Activity.INTEREST_SUPPORT, cap=500 * M, base=Base.INTEREST)
TABLE = (MACHINERY, MODEL, NEW_ENTERPRISE, FAIR_ABROAD, LINE, INTEREST)

PROVINCIAL = replace(
    MACHINERY,
    id="C-VL-MACHINERY",
    jurisdiction="vinh-long",
    route=Route.LOCAL,
    percent=40,
    cap=250 * M,
    basis="NQ 11/2025/NQ-HĐND Điều 5",
    effective_from=date(2025, 7, 10),
)


def measure(activity: str, *, cost: int, ask: int, rules: tuple[CeilingRule, ...] = TABLE, **changed: Any) -> Ceiling:
    context: dict[str, Any] = {"route": Route.NATIONAL, "on": TODAY, "jurisdiction": "vinh-long", **changed}
    return ceiling(rules, activity, cost=cost, ask=ask, **context)


@pytest.mark.parametrize(
    ("activity", "cost", "ask", "allowed", "over"),
    [
        ("machinery", 500 * M, 300 * M, 250 * M, 50 * M),
        ("machinery", 500 * M, 250 * M, 250 * M, 0),
        ("machinery", 500 * M, 250 * M + 1, 250 * M, 1),
        ("machinery", 600 * M, 300 * M, 300 * M, 0),
        ("machinery", 2_000 * M, 300 * M + 1, 300 * M, 1),
        ("machinery", 1, 1, 0, 1),
        ("machinery", 0, 0, 0, 0),
        ("demonstration_model", 333_333_333, 100 * M, 99_999_999, 1),
        ("demonstration_model", 3_333_333_333, 1_000 * M, 999_999_999, 1),
        ("demonstration_model", 3_333_333_334, 1_000 * M, 1_000 * M, 0),
        ("new_enterprise", 28 * M, 12 * M, 10 * M, 2 * M),
        ("new_enterprise", 8 * M, 9 * M, 8 * M, 1 * M),
        ("fair_abroad", 20_000 * M, 20_000 * M, 20_000 * M, 0),
        ("interest_support", 700_000_001, 400 * M, 350 * M, 50 * M),
    ],
)
def test_ceiling_is_the_smaller_of_share_and_cap_in_whole_dong(
    activity: str, cost: int, ask: int, allowed: int, over: int
) -> None:
    found = measure(activity, cost=cost, ask=ask)

    assert (found.allowed, found.over, found.ok) == (allowed, over, over == 0)


def test_ceiling_tells_the_rule_it_used() -> None:
    found = measure("machinery", cost=500 * M, ask=300 * M)

    assert found == Ceiling(
        allowed=250 * M,
        over=50 * M,
        ok=False,
        percent=50,
        cap=300 * M,
        rule_id="C-MACHINERY",
        per="cơ sở",
        base=Base.ELIGIBLE_COST,
        level="50% chi phí hợp lệ, tối đa 300.000.000 đồng/cơ sở",
        basis="TT 28/2018/TT-BTC Điều 8 khoản 4",
        jurisdiction="national",
        verified=True,
    )


def test_level_names_only_the_limits_that_there_are() -> None:
    levels = [rule.level for rule in (NEW_ENTERPRISE, FAIR_ABROAD, INTEREST)]

    assert levels == [
        "tối đa 10.000.000 đồng/doanh nghiệp",
        "100% chi phí hợp lệ",
        "50% lãi vay đã trả trong 2 năm đầu, tối đa 500.000.000 đồng/cơ sở",
    ]


def test_cap_is_granted_once_for_each_and_the_sharing_is_not_silent() -> None:
    found = measure("new_enterprise", cost=40 * M, ask=31 * M, quantity=3)

    assert (found.allowed, found.over, found.cap, found.quantity) == (30 * M, 1 * M, 10 * M, 3)
    assert found.warnings == (
        "Tính chung cho 3 doanh nghiệp; hãy kiểm tra để mỗi doanh nghiệp không quá 10.000.000 đồng.",
    )


def test_unverified_rule_still_answers_and_warns() -> None:
    found = measure("production_line", cost=1_000 * M, ask=450 * M)

    assert (found.allowed, found.ok, found.verified) == (450 * M, True, False)
    assert found.warnings == (
        "Mức 50% chi phí hợp lệ, tối đa 450.000.000 đồng/cơ sở (TT 28/2018/TT-BTC Điều 8 khoản 4) chưa kiểm chứng:"
        " tỷ lệ cho dây chuyền là suy ra; hãy đối chiếu văn bản gốc trước khi dùng.",
    )


def test_level_that_is_not_a_share_of_the_cost_says_what_the_cost_has_to_be() -> None:
    found = measure("interest_support", cost=100 * M, ask=50 * M)

    assert found.warnings == (
        "Mức này tính trên lãi vay đã trả trong 2 năm đầu; hãy nhập chi phí là lãi vay đã trả trong 2 năm đầu.",
    )


@pytest.mark.parametrize(
    ("activity", "what"),
    [
        ("trademark", "“Xây dựng và đăng ký nhãn hiệu”"),
        ("moon_base", "hoạt động “moon_base” (không có trong danh mục)"),
    ],
)
def test_activity_without_a_rule_is_not_ok_and_says_so(activity: str, what: str) -> None:
    found = measure(activity, cost=10 * M, ask=1 * M)

    assert found == Ceiling(
        allowed=None,
        over=None,
        ok=False,
        warnings=(
            f"Tại ngày 02/03/2026 chưa có định mức cho {what}, nguồn khuyến công quốc gia;"
            " cần nhập quy định rồi tính lại.",
        ),
    )


@pytest.mark.parametrize(("cost", "ask", "quantity"), [(-1, 1, 1), (1, -1, 1), (1, 1, 0)])
def test_impossible_amounts_are_a_broken_promise(cost: int, ask: int, quantity: int) -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        measure("machinery", cost=cost, ask=ask, quantity=quantity)


# --- which rule ---------------------------------------------------------------------------------------


def test_province_wins_on_the_local_route_only() -> None:
    rules = (*TABLE, PROVINCIAL)

    local = measure("machinery", cost=500 * M, ask=300 * M, rules=rules, route=Route.LOCAL)
    national = measure("machinery", cost=500 * M, ask=300 * M, rules=rules, route=Route.NATIONAL)
    neighbour = measure(
        "machinery", cost=500 * M, ask=300 * M, rules=rules, route=Route.LOCAL, jurisdiction="dong-thap"
    )

    assert (local.rule_id, local.allowed, local.over, local.warnings) == ("C-VL-MACHINERY", 200 * M, 100 * M, ())
    assert (national.rule_id, national.allowed, national.over) == ("C-MACHINERY", 250 * M, 50 * M)
    assert (neighbour.rule_id, neighbour.allowed) == ("C-MACHINERY", 250 * M)


def test_province_wins_also_where_it_gives_more() -> None:
    generous = replace(PROVINCIAL, percent=70, cap=400 * M)

    found = measure("machinery", cost=600 * M, ask=400 * M, rules=(*TABLE, generous), route=Route.LOCAL)

    assert (found.allowed, found.ok) == (400 * M, True)


def test_national_route_uses_the_national_table_even_where_a_provincial_row_names_no_route() -> None:
    careless = replace(PROVINCIAL, route=None)

    found = measure("machinery", cost=500 * M, ask=300 * M, rules=(careless, MACHINERY), route=Route.NATIONAL)

    assert found.rule_id == "C-MACHINERY"


def test_national_table_asked_for_by_name_misses_no_province() -> None:
    found = measure("machinery", cost=500 * M, ask=200 * M, route=Route.LOCAL, jurisdiction="national")

    assert (found.rule_id, found.warnings) == ("C-MACHINERY", ())


def test_local_route_on_the_national_table_says_that_the_province_is_missing() -> None:
    found = measure("machinery", cost=500 * M, ask=200 * M, route=Route.LOCAL)

    assert found.warnings == (
        "Chưa nhập định mức của địa phương (vinh-long) cho “Máy móc” nên đang dùng định mức quốc gia"
        " (TT 28/2018/TT-BTC Điều 8 khoản 4); cần nhập nghị quyết của HĐND tỉnh.",
    )


def test_rule_holds_on_its_first_and_its_last_day() -> None:
    old = replace(MACHINERY, effective_until=date(2026, 6, 30))
    new = replace(MACHINERY, id="C-MACHINERY-2026", cap=400 * M, effective_from=date(2026, 7, 1))

    def used(on: date) -> str | None:
        return measure("machinery", cost=1, ask=0, rules=(old, new), on=on).rule_id

    assert used(date(2018, 5, 10)) is None
    assert used(date(2018, 5, 11)) == "C-MACHINERY"
    assert used(date(2026, 6, 30)) == "C-MACHINERY"
    assert used(date(2026, 7, 1)) == "C-MACHINERY-2026"


def test_changed_rule_does_not_move_a_project_approved_under_the_old_one() -> None:
    approved_on = date(2024, 5, 23)
    before = measure("machinery", cost=600 * M, ask=300 * M, on=approved_on)
    closed = replace(MACHINERY, effective_until=date(2026, 6, 30))
    lower = replace(MACHINERY, id="C-MACHINERY-2026", cap=100 * M, effective_from=date(2026, 7, 1))

    after = measure("machinery", cost=600 * M, ask=300 * M, on=approved_on, rules=(closed, lower))

    assert after == before


def test_rule_of_one_route_does_not_serve_the_other() -> None:
    local_only = (replace(MACHINERY, route=Route.LOCAL),)

    local = rule_for(local_only, "machinery", route=Route.LOCAL, on=TODAY, jurisdiction="vinh-long")
    national = rule_for(local_only, "machinery", route=Route.NATIONAL, on=TODAY, jurisdiction="vinh-long")

    assert (local, national) == (local_only[0], None)


def test_two_rules_in_force_are_refused_rather_than_chosen_between() -> None:
    twin = replace(MACHINERY, id="C-MACHINERY-B", cap=1 * M)

    with pytest.raises(Refused) as refused:
        measure("machinery", cost=1, ask=1, rules=(MACHINERY, twin))

    assert refused.value.reasons == (
        "Định mức C-MACHINERY và C-MACHINERY-B cùng có hiệu lực từ ngày 11/05/2018 cho “Máy móc”;"
        " hãy sửa ngày hiệu lực của một trong hai.",
    )


@pytest.mark.parametrize(
    ("changed", "contradicts"),
    [
        ({}, True),
        ({"effective_from": date(2026, 6, 30)}, True),
        ({"effective_from": date(2026, 7, 1)}, False),
        ({"effective_from": date(2010, 1, 1), "effective_until": date(2018, 5, 10)}, False),
        ({"effective_from": date(2010, 1, 1), "effective_until": date(2018, 5, 11)}, True),
        ({"route": Route.LOCAL}, True),
        ({"activity": Activity.CONSULTING}, False),
        ({"jurisdiction": "vinh-long", "route": Route.LOCAL}, False),
    ],
)
def test_contradiction_is_a_day_and_a_route_that_two_rules_share(changed: dict[str, Any], contradicts: bool) -> None:
    one = replace(MACHINERY, effective_until=date(2026, 6, 30))

    found = contradictions([one, replace(MACHINERY, id="C-OTHER", **changed)])

    assert bool(found) is contradicts


def test_rules_of_different_routes_do_not_contradict() -> None:
    local, national = replace(MACHINERY, route=Route.LOCAL), replace(MACHINERY, id="C-N", route=Route.NATIONAL)

    assert contradictions([local, national]) == ()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"percent": None, "cap": None}, "không có tỷ lệ và cũng không có mức trần; hãy ghi ít nhất một."),
        ({"per": ""}, "có mức trần nhưng chưa ghi tính cho cái gì; hãy ghi per (cơ sở, mô hình, …)."),
        ({"basis": ""}, "chưa ghi căn cứ; hãy ghi văn bản và điều khoản."),
        ({"effective_until": date(2018, 5, 10)}, "hết hiệu lực trước khi có hiệu lực; hãy sửa ngày."),
        ({"verified": False}, "phải ghi lý do (doubt) khi chưa kiểm chứng, và bỏ lý do khi đã kiểm chứng."),
        ({"doubt": "chưa rõ"}, "phải ghi lý do (doubt) khi chưa kiểm chứng, và bỏ lý do khi đã kiểm chứng."),
        (
            {"jurisdiction": "vinh-long"},
            "là định mức của địa phương nên chỉ dùng cho khuyến công địa phương; hãy ghi route: local.",
        ),
    ],
)
def test_rule_that_is_not_whole_is_named(changed: dict[str, Any], reason: str) -> None:
    assert contradictions([replace(MACHINERY, **changed)]) == (f"Định mức C-MACHINERY {reason}",)


def test_id_given_twice_is_named() -> None:
    twice = replace(MODEL, id="C-MACHINERY")

    assert contradictions([MACHINERY, twice]) == ("Định mức C-MACHINERY ghi hai lần; hãy đặt mã khác cho một dòng.",)


# --- going above --------------------------------------------------------------------------------------

EXCESS = (
    "Vượt mức hỗ trợ tối đa 50.000.000 đồng (50% chi phí hợp lệ, tối đa 300.000.000 đồng/cơ sở;"
    " TT 28/2018/TT-BTC Điều 8 khoản 4); hãy giảm số tiền, hoặc ghi lý do và số quyết định cho phép vượt."
)
NO_REASON = "Chưa ghi lý do vượt định mức; hãy ghi lý do."
NO_DECISION = "Chưa ghi số quyết định cho phép vượt định mức; hãy ghi số quyết định."


@pytest.mark.parametrize(
    ("override", "reasons"),
    [
        (None, (EXCESS,)),
        (Override("Cơ sở ở xã khó khăn", "980/QĐ-UBND"), ()),
        (Override(" ", "980/QĐ-UBND"), (EXCESS, NO_REASON)),
        (Override("Cơ sở ở xã khó khăn", ""), (EXCESS, NO_DECISION)),
        (Override("", "\t"), (EXCESS, NO_REASON, NO_DECISION)),
    ],
)
def test_excess_needs_a_reason_and_a_decision(override: Override | None, reasons: tuple[str, ...]) -> None:
    found = measure("machinery", cost=500 * M, ask=300 * M)

    assert check_support(found, override) == reasons


def test_support_within_the_ceiling_needs_no_override() -> None:
    found = measure("machinery", cost=500 * M, ask=250 * M)

    assert check_support(found) == check_support(found, Override("", "")) == ()


def test_missing_level_forbids_until_a_decision_allows() -> None:
    found = measure("trademark", cost=10 * M, ask=1 * M)

    assert check_support(found) == (
        "Chưa có định mức để so sánh; hãy nhập quy định, hoặc ghi lý do và số quyết định cho phép.",
    )
    assert check_support(found, Override("Chờ nghị quyết", "12/QĐ-UBND")) == ()


# --- activities ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["machinery", "MACHINERY", "ung dung may moc tien tien, chuyen giao cong nghe"])
def test_activity_is_read_by_code_and_by_label(typed: str) -> None:
    assert read_activity(typed) is Activity.MACHINERY


def test_unknown_activity_is_refused_with_every_code() -> None:
    with pytest.raises(Refused) as refused:
        read_activity("máy")

    assert refused.value.reasons == (f"Không có hoạt động “máy”; hãy chọn một trong: {', '.join(ACTIVITIES)}.",)


def test_activity_labels_are_distinct() -> None:
    assert len(set(ACTIVITIES.values())) == len(ACTIVITIES) == len(Activity)


# --- for every sum ------------------------------------------------------------------------------------

AMOUNTS = st.integers(0, 10**15)
PERCENTS = st.one_of(st.none(), st.integers(1, 100))
CAPS = st.one_of(st.none(), st.integers(0, 10**13))


@given(PERCENTS, CAPS, AMOUNTS, AMOUNTS)
def test_allowed_stays_within_cap_and_cost_and_over_is_the_rest(
    percent: int | None, cap: int | None, cost: int, ask: int
) -> None:
    found = measure("machinery", cost=cost, ask=ask, rules=(replace(MACHINERY, percent=percent, cap=cap),))

    assert found.allowed is not None
    assert 0 <= found.allowed <= (cost if cap is None else min(cap, cost))
    assert found.over == max(0, ask - found.allowed)
    assert found.ok is (ask <= found.allowed)


@given(PERCENTS, CAPS, AMOUNTS, AMOUNTS)
def test_allowed_never_falls_when_the_cost_rises(percent: int | None, cap: int | None, cost: int, more: int) -> None:
    rules = (replace(MACHINERY, percent=percent, cap=cap),)
    less, larger = (measure("machinery", cost=c, ask=0, rules=rules).allowed for c in (cost, cost + more))

    assert less is not None
    assert larger is not None
    assert less <= larger


@given(st.integers(1, 100), AMOUNTS)
def test_share_rounds_down_by_less_than_one_dong(percent: int, cost: int) -> None:
    found = measure("machinery", cost=cost, ask=0, rules=(replace(MACHINERY, percent=percent, cap=None),))

    assert found.allowed is not None
    assert 0 <= cost * percent - found.allowed * 100 < 100


@given(st.lists(st.integers(0, 3_000), min_size=1, max_size=6, unique=True), st.integers(0, 3_500))
def test_adjoining_rules_leave_no_day_with_two_or_none(starts: list[int], offset: int) -> None:
    days = sorted(VERIFIED_FROM + timedelta(days=start) for start in starts)
    ends = [day - timedelta(days=1) for day in days[1:]] + [None]
    rules = tuple(
        replace(MACHINERY, id=f"C-{number}", effective_from=first, effective_until=last)
        for number, (first, last) in enumerate(zip(days, ends, strict=True))
    )
    on = VERIFIED_FROM + timedelta(days=offset)

    found = rule_for(rules, "machinery", route=Route.NATIONAL, on=on, jurisdiction="vinh-long")

    assert contradictions(rules) == ()
    assert (found is None) is (on < days[0])
