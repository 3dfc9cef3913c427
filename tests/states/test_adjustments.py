"""Who approves an adjustment, and what a request says: the table of the circular, written out by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

import pytest

from states.adjustments import AuthorityRule, adjustment_authority, kinds_of, read_change, refused_request
from states.facts import Asked, Facts
from states.refusal import Refused
from states.vocabulary import STATE_FUND, Authority, Change, Kind, MoneyKind, Route, Source, Stage, State

MINISTRY, AGENCY = Authority.MINISTRY, Authority.AGENCY
WHO_DECIDES = {
    "increase_support": MINISTRY,
    "change_content": MINISTRY,
    "carry_to_next_year": MINISTRY,
    "additional_project": MINISTRY,
    "stop": MINISTRY,
    "change_place": AGENCY,
    "change_beneficiary": AGENCY,
    "change_partner": AGENCY,
    "change_time_within_year": AGENCY,
    "other_not_increasing": AGENCY,
}


def test_every_kind_of_change_is_in_the_table() -> None:
    assert [str(change) for change in Change] == list(WHO_DECIDES)


@pytest.mark.parametrize(("change", "authority"), WHO_DECIDES.items())
def test_national_change_goes_to_the_ministry_or_the_agency(change: str, authority: Authority) -> None:
    found = adjustment_authority(Route.NATIONAL, [Change(change)])

    assert found == AuthorityRule(
        authority,
        "TT 36/2013/TT-BCT Điều 11 (sửa đổi tại TT 17/2018/TT-BCT Điều 1 khoản 10, 11)",
        verified=True,
    )


@pytest.mark.parametrize("change", Change)
def test_local_change_goes_to_the_province_and_delegation_is_not_silent(change: Change) -> None:
    found = adjustment_authority(Route.LOCAL, [change])

    assert (found.authority, found.basis, found.verified) == (
        Authority.PROVINCE,
        "QĐ 3082/QĐ-UBND mục VI.11",
        True,
    )
    assert found.warnings == (
        "Một số tỉnh ủy quyền cho cấp dưới quyết định một số loại điều chỉnh (chưa kiểm chứng);"
        " nếu có văn bản ủy quyền, hãy ghi số văn bản khi ghi quyết định.",
    )


def test_of_several_changes_the_highest_body_decides_all() -> None:
    answers = {
        pair: adjustment_authority(Route.NATIONAL, [Change(change) for change in pair]).authority
        for pair in combinations(WHO_DECIDES, 2)
    }

    assert answers == {
        pair: MINISTRY if MINISTRY in (WHO_DECIDES[pair[0]], WHO_DECIDES[pair[1]]) else AGENCY for pair in answers
    }
    assert adjustment_authority(Route.NATIONAL, Change).authority is MINISTRY


@pytest.mark.parametrize("route", Route)
def test_request_that_changes_nothing_is_refused(route: Route) -> None:
    with pytest.raises(Refused) as refused:
        adjustment_authority(route, [])

    assert refused.value.reasons == (
        f"Chưa nêu nội dung điều chỉnh; hãy chọn ít nhất một trong: {', '.join(WHO_DECIDES)}.",
    )


@pytest.mark.parametrize("typed", ["change_place", "Thay đổi địa điểm", "thay doi dia diem"])
def test_change_is_read_by_code_and_by_label(typed: str) -> None:
    assert read_change(typed) is Change.CHANGE_PLACE


def test_unknown_change_is_refused_with_every_code() -> None:
    with pytest.raises(Refused) as refused:
        read_change("đổi tên")

    assert refused.value.reasons == (
        f"Không có loại điều chỉnh “đổi tên”; hãy chọn một trong: {', '.join(WHO_DECIDES)}.",
    )


# --- what a request asks for ----------------------------------------------------------------------------------------

TRIEU = 1_000_000
OWN = Source.COUNTERPART


def facts_on(route: Route) -> Facts:
    """A project under way: 300 triệu approved of which 20 were taken back, 350 promised by its owner."""
    fund = STATE_FUND[route]
    money = {
        (fund, MoneyKind.APPROVED): 300 * TRIEU,
        (fund, MoneyKind.ADJUSTED): -20 * TRIEU,
        (OWN, MoneyKind.APPROVED): 350 * TRIEU,
    }
    return Facts(
        code="KC-VL-2024-001",
        route=route,
        kind=Kind.ORDINARY,
        state=State.APPROVED,
        stage=Stage.UNDERWAY,
        plan_year=2024,
        work_year=2024,
        unit_id=7,
        author_id=1,
        author_name="Nguyễn Văn An",
        money=money,
        quantities={"T2_2": 1},
    )


def support(trieu: int, route: Route) -> dict[Source, int]:
    return {STATE_FUND[route]: trieu * TRIEU}


def asking(*kinds: str, **asked: Any) -> Asked:
    return Asked(kinds=frozenset(Change(kind) for kind in kinds), **asked)


# A new value, and the kind of change that it is.
NEW_VALUES: dict[str, tuple[Mapping[str, Any], str]] = {
    "place": ({"columns": {"place_id": 71}}, "change_place"),
    "partner": ({"columns": {"partner": "Công ty Tiến Phát"}}, "change_partner"),
    "start": ({"columns": {"starts_on": date(2024, 7, 1)}}, "change_time_within_year"),
    "end": ({"columns": {"ends_on": date(2024, 12, 31)}}, "change_time_within_year"),
    "activity": ({"columns": {"activity": "packaging"}}, "change_content"),
    "scope": ({"columns": {"scope": "Hai máy"}}, "change_content"),
    "objectives": ({"columns": {"objectives": "Tăng sản lượng"}}, "change_content"),
    "equipment": ({"columns": {"equipment": "Máy ép"}}, "change_content"),
    "cost": ({"columns": {"total_cost": 500 * TRIEU}}, "other_not_increasing"),
    "targets": ({"targets": {"T2_2": 2}}, "change_content"),
    "beneficiary": ({"beneficiaries": (12,)}, "change_beneficiary"),
    "next year": ({"next_year": True}, "carry_to_next_year"),
    "own money": ({"amounts": {OWN: 900 * TRIEU}}, "other_not_increasing"),
}


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize(("values", "kind"), NEW_VALUES.values(), ids=NEW_VALUES)
def test_kind_follows_from_the_new_value_whether_it_was_declared_or_not(
    values: Mapping[str, Any], kind: str, route: Route
) -> None:
    facts = facts_on(route)

    for asked in (asking(**values), asking(kind, **values)):
        assert kinds_of(facts, asked) == {Change(kind)}
        assert refused_request(facts, asked) == []


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize(
    ("trieu", "kind"),
    [(1, "other_not_increasing"), (280, "other_not_increasing"), (281, "increase_support"), (400, "increase_support")],
)
def test_support_rises_above_what_is_approved_today_and_not_above_the_first_approval(
    trieu: int, kind: str, route: Route
) -> None:
    facts = facts_on(route)

    found = kinds_of(facts, asking(amounts=support(trieu, route)))

    assert found == {Change(kind)}
    assert refused_request(facts, asking(amounts=support(trieu, route))) == []


def test_several_new_values_are_several_kinds() -> None:
    columns = {"place_id": 71, "partner": "A", "ends_on": date(2025, 3, 31)}
    asked = asking(amounts=support(250, Route.LOCAL), targets={"T2_2": 2}, columns=columns, next_year=True)

    found = kinds_of(facts_on(Route.LOCAL), asked)

    assert found == {
        Change.OTHER_NOT_INCREASING,
        Change.CHANGE_CONTENT,
        Change.CHANGE_PLACE,
        Change.CHANGE_PARTNER,
        Change.CHANGE_TIME_WITHIN_YEAR,
        Change.CARRY_TO_NEXT_YEAR,
    }
    assert refused_request(facts_on(Route.LOCAL), asked) == []


NEW_PROJECT = "Đề án bổ sung là một đề án mới, được phê duyệt theo quyết định bổ sung (dean approve)."
# What is said to a request that declares a kind and brings no new value.
DECLARED_ALONE: dict[str, tuple[str, ...]] = {
    "increase_support": ("Chưa ghi mức hỗ trợ mới cao hơn mức đang được duyệt cho «Tăng tổng kinh phí hỗ trợ».",),
    "change_content": (
        "Chưa ghi phạm vi, hoạt động, máy móc hoặc số lượng chỉ tiêu mới cho «Thay đổi nội dung hoạt động».",
    ),
    "carry_to_next_year": ("Chưa ghi việc chuyển sang năm sau cho «Chuyển thực hiện sang năm ngân sách sau».",),
    "additional_project": (NEW_PROJECT,),
    "stop": (),
    "change_place": ("Chưa ghi địa điểm mới cho «Thay đổi địa điểm».",),
    "change_beneficiary": ("Chưa ghi đơn vị thụ hưởng mới cho «Thay đổi đơn vị thụ hưởng».",),
    "change_partner": ("Chưa ghi đơn vị phối hợp mới cho «Thay đổi đơn vị phối hợp».",),
    "change_time_within_year": (
        "Chưa ghi ngày bắt đầu hoặc kết thúc mới cho «Thay đổi thời gian trong năm ngân sách».",
    ),
    "other_not_increasing": (),
}


@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize("kind", Change)
def test_kind_that_is_only_declared_asks_for_its_new_value(kind: Change, route: Route) -> None:
    assert refused_request(facts_on(route), asking(kind)) == list(DECLARED_ALONE[kind])


@pytest.mark.parametrize("route", Route)
def test_increase_that_is_none_asks_for_a_higher_level(route: Route) -> None:
    found = refused_request(facts_on(route), asking("increase_support", amounts=support(280, route)))

    assert found == list(DECLARED_ALONE["increase_support"])


@pytest.mark.parametrize("route", Route)
def test_request_without_kind_and_value_names_every_kind(route: Route) -> None:
    assert refused_request(facts_on(route), Asked()) == [
        f"Chưa nêu nội dung điều chỉnh; hãy ghi --kind, một trong: {', '.join(WHO_DECIDES)}."
    ]


@pytest.mark.parametrize("route", Route)
def test_stop_is_asked_for_alone(route: Route) -> None:
    alone = refused_request(facts_on(route), asking("stop"))
    with_place = refused_request(facts_on(route), asking("stop", columns={"place_id": 71}))
    with_other = refused_request(facts_on(route), asking("stop", "other_not_increasing"))

    assert alone == []
    assert (
        with_place == with_other == ["Đề nghị ngừng triển khai không đi cùng thay đổi khác; hãy bỏ các thay đổi kia."]
    )


@pytest.mark.parametrize("route", Route)
def test_support_is_not_asked_down_to_nothing_and_the_owner_may_withdraw_his_own(route: Route) -> None:
    nothing = refused_request(facts_on(route), asking(amounts=support(0, route)))
    own_nothing = refused_request(facts_on(route), asking(amounts={OWN: 0}))

    assert nothing == ["Giảm hỗ trợ về 0 đồng là ngừng triển khai; hãy đề nghị --kind stop."]
    assert own_nothing == []


@pytest.mark.parametrize(("route", "other"), [(Route.LOCAL, Route.NATIONAL), (Route.NATIONAL, Route.LOCAL)])
def test_money_of_the_other_route_is_not_asked_for(route: Route, other: Route) -> None:
    found = refused_request(facts_on(route), asking(amounts=support(10, other)))

    assert found == [f"Đề án không dùng nguồn {STATE_FUND[other].label}; muốn đổi nguồn, hãy chuyển nguồn (reroute)."]


def test_approved_project_keeps_at_least_one_beneficiary() -> None:
    nobody = refused_request(facts_on(Route.LOCAL), asking(beneficiaries=()))
    somebody = refused_request(facts_on(Route.LOCAL), asking(beneficiaries=(11,)))

    assert nobody == ["Đề án đã phê duyệt phải còn ít nhất một đơn vị thụ hưởng."]
    assert somebody == []


@pytest.mark.parametrize("route", Route)
def test_days_in_the_next_year_need_the_work_to_be_carried_there(route: Route) -> None:
    last_day, next_day = {"ends_on": date(2024, 12, 31)}, {"ends_on": date(2025, 1, 1)}
    late_start = {"starts_on": date(2025, 1, 1)}
    carried = replace(facts_on(route), work_year=2025)

    within = refused_request(facts_on(route), asking(columns=last_day))
    beyond = refused_request(facts_on(route), asking(columns=next_day))
    with_year = refused_request(facts_on(route), asking(columns=next_day, next_year=True))
    after_carrying = refused_request(carried, asking(columns=next_day))
    without_end = refused_request(facts_on(route), asking(columns={"ends_on": None}))
    starting_beyond = refused_request(facts_on(route), asking(columns=late_start))

    assert within == with_year == after_carrying == without_end == []
    assert (
        beyond
        == starting_beyond
        == ["Thực hiện sau 31/12/2024 là chuyển sang năm ngân sách sau; hãy ghi thêm --kind carry_to_next_year."]
    )


@pytest.mark.parametrize("route", Route)
def test_increase_is_not_passed_off_as_another_change(route: Route) -> None:
    raised = support(281, route)

    declared = refused_request(facts_on(route), asking("other_not_increasing", amounts=raised))
    with_cost = asking(amounts=raised, columns={"total_cost": 700 * TRIEU})

    assert declared == ["Mức hỗ trợ mới cao hơn mức đang được duyệt; hãy bỏ --kind other_not_increasing."]
    assert kinds_of(facts_on(route), with_cost) == {Change.INCREASE_SUPPORT}
    assert refused_request(facts_on(route), with_cost) == []


def test_accepted_shares_keep_their_beneficiary_and_their_quantities() -> None:
    named = {11: "Cơ sở Tân Phát", 12: "Hợp tác xã Long Hồ"}
    group = replace(facts_on(Route.LOCAL), named=named, shares={11: True, 12: False}, accepted={"T2_2": 2})

    kept = refused_request(group, asking(beneficiaries=(11, 13), targets={"T2_2": 2, "T2_1": 0}))
    dropped = refused_request(group, asking(beneficiaries=(12, 13)))
    lowered = refused_request(group, asking(targets={"T2_2": 1}))

    assert kept == []
    assert dropped == ["Cơ sở Tân Phát đã nghiệm thu đạt nên không thay được; hãy giữ tên trong danh sách."]
    assert lowered == ["Chỉ tiêu T2_2 đã nghiệm thu 2; hãy ghi không thấp hơn."]


def test_every_fault_of_a_request_is_said_at_once() -> None:
    asked = asking("change_place", "stop", amounts={Source.NATIONAL_FUND: 1}, beneficiaries=())

    found = refused_request(facts_on(Route.LOCAL), asked)

    assert found == [
        "Chưa ghi địa điểm mới cho «Thay đổi địa điểm».",
        "Đề nghị ngừng triển khai không đi cùng thay đổi khác; hãy bỏ các thay đổi kia.",
        "Đề án không dùng nguồn KC quốc gia; muốn đổi nguồn, hãy chuyển nguồn (reroute).",
        "Đề án đã phê duyệt phải còn ít nhất một đơn vị thụ hưởng.",
    ]
