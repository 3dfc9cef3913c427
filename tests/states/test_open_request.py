"""The life of an adjustment request: asked by the unit, confirmed by the department, decided by whom it needs."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from states.actions import Action
from states.facts import Asked, Facts, Order, Person, Request
from states.judge import completed, decide, judge
from states.steps import STEP
from states.vocabulary import (
    STATE_FUND,
    Authority,
    Change,
    Kind,
    MoneyKind,
    Paper,
    Role,
    Route,
    Source,
    Stage,
    State,
)

TRIEU = 1_000_000
DAY = date(2024, 6, 3)
BINH = Person(2, "binh", "Trần Thị Bình", Role.COORDINATOR)
LOCAL, NATIONAL = Route.LOCAL, Route.NATIONAL
CONFIRM, APPROVE, REFUSE = Action.CONFIRM_ADJUSTMENT, Action.APPROVE_ADJUSTMENT, Action.REFUSE_ADJUSTMENT


def project(route: Route, *kinds: Change, confirmed: bool = True, **asked: Any) -> Facts:
    """A project under way with 300 triệu approved, 100 of them given in advance, and an open request."""
    money = {MoneyKind.APPROVED: 300, MoneyKind.CONTRACTED: 300, MoneyKind.PREPAID: 100}
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
        adjustment_open=True,
        money={(STATE_FUND[route], kind): amount * TRIEU for kind, amount in money.items()},
        papers=frozenset(Paper),
        request=Request(5, Asked(kinds=frozenset(kinds), **asked), confirmed),
    )


def order(action: Action, authority: Authority | None = None, **typed: Any) -> Order:
    full = Order(
        action,
        BINH,
        datetime(2024, 6, 3, 2, 0, tzinfo=UTC),
        decided_on=DAY,
        authority=authority,
        number="15/SCT",
        signer="Lê Minh Chi",
        note="Theo hồ sơ kèm theo",
    )
    return replace(full, **typed)


def filled(facts: Facts, typed: Order) -> Order:
    return completed(STEP[typed.action], facts, typed)


# --- what follows from the request --------------------------------------------------------------------------------


@pytest.mark.parametrize("action", [APPROVE, REFUSE])
@pytest.mark.parametrize(
    ("route", "kind", "body"),
    [
        (LOCAL, Change.CHANGE_PLACE, Authority.PROVINCE),
        (LOCAL, Change.INCREASE_SUPPORT, Authority.PROVINCE),
        (NATIONAL, Change.CHANGE_PLACE, Authority.AGENCY),
        (NATIONAL, Change.INCREASE_SUPPORT, Authority.MINISTRY),
    ],
)
def test_confirmed_request_says_which_body_decides_it(
    route: Route, kind: Change, body: Authority, action: Action
) -> None:
    facts = project(route, kind)

    assert filled(facts, order(action)) == order(action, body)
    assert judge(facts, order(action)).reasons == ()


def test_body_that_was_typed_stays() -> None:
    facts = project(NATIONAL, Change.CHANGE_PLACE)

    assert filled(facts, order(APPROVE, Authority.MINISTRY)).authority is Authority.MINISTRY


def test_ministry_may_decide_what_the_agency_could_and_not_the_other_way_round() -> None:
    minor, major = project(NATIONAL, Change.CHANGE_PARTNER), project(NATIONAL, Change.CHANGE_CONTENT)

    by_ministry = judge(minor, order(APPROVE, Authority.MINISTRY))
    by_agency = judge(major, order(APPROVE, Authority.AGENCY))

    assert by_ministry.reasons == ()
    assert by_agency.reasons == (
        "«Thay đổi nội dung hoạt động» phải do Bộ Công Thương quyết định (TT 36/2013/TT-BCT Điều 11 "
        "(sửa đổi tại TT 17/2018/TT-BCT Điều 1 khoản 10, 11)); hãy ghi --authority ministry.",
    )


def test_decision_that_says_no_amount_grants_what_was_asked_for() -> None:
    asked = {Source.LOCAL_FUND: 250 * TRIEU, Source.COUNTERPART: 400 * TRIEU}
    facts = project(LOCAL, Change.OTHER_NOT_INCREASING, amounts=asked)

    granted = filled(facts, order(APPROVE))
    other = filled(facts, order(APPROVE, amounts={Source.LOCAL_FUND: 260 * TRIEU}))
    refused = filled(facts, order(REFUSE))

    assert granted.amounts == asked
    assert other.amounts == {Source.LOCAL_FUND: 260 * TRIEU, Source.COUNTERPART: 400 * TRIEU}
    assert refused.amounts == {}


def test_decide_computes_what_it_judged() -> None:
    facts = project(LOCAL, Change.OTHER_NOT_INCREASING, amounts={Source.LOCAL_FUND: 250 * TRIEU})

    assert decide(facts, order(APPROVE)) == decide(facts, filled(facts, order(APPROVE)))


@pytest.mark.parametrize("action", [action for action in Action if action not in (APPROVE, REFUSE)])
def test_request_fills_in_no_other_step(action: Action) -> None:
    facts = project(LOCAL, Change.OTHER_NOT_INCREASING, amounts={Source.LOCAL_FUND: 250 * TRIEU})
    typed = order(action, Authority.UNIT)

    assert filled(facts, typed) == typed
    assert filled(facts, order(action)).amounts == {}


def test_request_does_not_say_who_returns_a_settlement_dossier() -> None:
    assert filled(project(LOCAL, Change.CHANGE_PLACE), order(Action.RETURN_SETTLEMENT)).authority is None


def test_body_of_a_step_with_no_choice_needs_not_be_typed() -> None:
    facts = project(NATIONAL, Change.STOP)

    assert filled(facts, order(Action.STOP)).authority is Authority.MINISTRY
    assert filled(facts, order(Action.PREPAY)).authority is Authority.AGENCY


# --- before and after the confirmation ----------------------------------------------------------------------------


def test_request_is_confirmed_once_and_by_another_than_its_author() -> None:
    waiting = project(NATIONAL, Change.CHANGE_PLACE, confirmed=False)
    author = Person(1, "an", "Nguyễn Văn An", Role.COORDINATOR)

    first = judge(waiting, order(CONFIRM))
    by_author = judge(waiting, order(CONFIRM, by=author))
    again = judge(project(NATIONAL, Change.CHANGE_PLACE), order(CONFIRM))
    without = judge(replace(waiting, adjustment_open=False, request=None), order(CONFIRM))

    assert first.reasons == ()
    assert by_author.closed_by == (
        "Người lập hồ sơ (Nguyễn Văn An) không được ghi kết quả này; cần một người khác ghi.",
    )
    assert again.closed_by == ("Sở đã xác nhận đề nghị này; hãy ghi kết quả điều chỉnh.",)
    assert without.closed_by == ("Không có đề nghị điều chỉnh nào đang chờ; hãy ghi đề nghị trước.",)


@pytest.mark.parametrize("route", Route)
def test_nobody_grants_what_the_department_has_not_confirmed(route: Route) -> None:
    waiting = project(route, Change.CHANGE_PLACE, confirmed=False)
    body = Authority.PROVINCE if route is LOCAL else Authority.AGENCY

    found = judge(waiting, order(APPROVE, body))

    assert found.closed_by == (
        "Đề nghị chưa có xác nhận của Sở Công Thương; hãy ghi văn bản xác nhận (bước confirm_adjustment) trước.",
    )


@pytest.mark.parametrize("route", Route)
def test_department_refuses_what_it_has_not_sent_on_and_nothing_else(route: Route) -> None:
    above = Authority.PROVINCE if route is LOCAL else Authority.AGENCY
    waiting, sent = (project(route, Change.CHANGE_PLACE, confirmed=confirmed) for confirmed in (False, True))

    found = {
        (facts.request.confirmed, body): judge(facts, order(REFUSE, body)).reasons
        for facts in (waiting, sent)
        for body in (Authority.DEPARTMENT, above)
        if facts.request is not None
    }

    assert found == {
        (False, Authority.DEPARTMENT): (),
        (False, above): (
            "Đề nghị chưa được Sở xác nhận và gửi đi; nếu Sở không đồng ý, hãy ghi --authority department.",
        ),
        (True, Authority.DEPARTMENT): (
            "Sở đã xác nhận đề nghị này nên không tự từ chối; hãy ghi quyết định của cấp trên.",
        ),
        (True, above): (),
    }


def test_department_refuses_by_its_own_word_and_a_body_above_by_its_paper() -> None:
    bare = replace(order(REFUSE), number="", signer="", decided_on=None)

    by_department = judge(
        project(LOCAL, Change.CHANGE_PLACE, confirmed=False), replace(bare, authority=Authority.DEPARTMENT)
    )
    by_province = judge(project(LOCAL, Change.CHANGE_PLACE), bare)

    assert by_department.reasons == ()
    assert by_province.reasons == (
        "Phải ghi ngày văn bản của UBND tỉnh (--decided-on dd/mm/yyyy).",
        "Phải ghi số văn bản của UBND tỉnh (--number).",
    )


def test_refusal_before_the_confirmation_is_the_departments_without_being_told() -> None:
    bare = replace(order(REFUSE), number="", signer="", decided_on=None)
    facts = project(LOCAL, Change.CHANGE_PLACE, confirmed=False)

    assert filled(facts, bare).authority is Authority.DEPARTMENT
    assert judge(facts, bare).reasons == ()


@pytest.mark.parametrize("action", [CONFIRM, APPROVE, REFUSE])
def test_papers_on_a_request_follow_each_other(action: Action) -> None:
    facts = project(LOCAL, Change.CHANGE_PLACE, confirmed=action is not CONFIRM)
    since = replace(
        facts, request=Request(5, Asked(kinds=frozenset({Change.CHANGE_PLACE})), action is not CONFIRM, DAY)
    )

    before = judge(since, order(action, decided_on=DAY - timedelta(days=1)))
    same_day = judge(since, order(action))

    assert before.reasons == (
        "Ngày 02/06/2024 trước ngày đề nghị hoặc ngày Sở xác nhận (03/06/2024); hãy kiểm tra lại ngày trên văn bản.",
    )
    assert same_day.reasons == ()


# --- what the decision may not do ---------------------------------------------------------------------------------


def test_request_to_stop_is_decided_by_the_stop_itself_and_may_be_refused() -> None:
    facts = project(NATIONAL, Change.STOP)

    assert judge(facts, order(APPROVE)).closed_by == (
        "Đề nghị ngừng triển khai được quyết định bằng bước ngừng triển khai (stop).",
    )
    assert judge(facts, order(REFUSE)).reasons == ()
    assert judge(facts, order(Action.STOP)).reasons == ()


def test_support_rises_only_by_the_body_that_approves_plans() -> None:
    asked = project(NATIONAL, Change.CHANGE_PLACE)
    raised = {Source.NATIONAL_FUND: 301 * TRIEU}

    by_agency = judge(asked, order(APPROVE, amounts=raised))
    by_ministry = judge(asked, order(APPROVE, Authority.MINISTRY, amounts=raised))
    unchanged = judge(asked, order(APPROVE, amounts={Source.NATIONAL_FUND: 300 * TRIEU}))

    assert by_agency.reasons == ("Tăng mức hỗ trợ phải do Bộ Công Thương quyết định (--authority ministry).",)
    assert by_ministry.reasons == unchanged.reasons == ()


def test_support_asked_for_is_held_like_support_that_is_typed() -> None:
    too_low = project(LOCAL, Change.OTHER_NOT_INCREASING, amounts={Source.LOCAL_FUND: 99 * TRIEU})
    nothing = replace(project(LOCAL, Change.OTHER_NOT_INCREASING, amounts={Source.LOCAL_FUND: 0}), money={})
    foreign = project(LOCAL, Change.OTHER_NOT_INCREASING, amounts={Source.NATIONAL_FUND: 1})

    assert judge(too_low, order(APPROVE)).reasons == (
        "Số mới 99.000.000 đồng thấp hơn số đã chi 100.000.000 đồng; hãy ghi không thấp hơn số đã chi, "
        "phần chi vượt được tính khi nghiệm thu và thu hồi sau đó.",
    )
    assert judge(nothing, order(APPROVE)).reasons == (
        "Giảm hỗ trợ về 0 đồng là ngừng triển khai; hãy ghi bước ngừng triển khai (stop).",
    )
    assert judge(foreign, order(APPROVE)).reasons == (
        "Đề án khuyến công địa phương chỉ dùng nguồn KC địa phương và đối ứng, không dùng KC quốc gia; "
        "hãy kiểm tra nguồn.",
    )


def test_support_does_not_fall_below_the_shares_that_were_accepted() -> None:
    asked = project(LOCAL, Change.OTHER_NOT_INCREASING, amounts={Source.LOCAL_FUND: 150 * TRIEU})
    accepted = {**asked.money, (Source.LOCAL_FUND, MoneyKind.ACCEPTED): 200 * TRIEU}
    group = replace(asked, kind=Kind.GROUP, stage=Stage.AWAITING_ACCEPTANCE, shares={11: True}, money=accepted)

    below = judge(group, order(APPROVE))
    same = judge(group, order(APPROVE, amounts={Source.LOCAL_FUND: 200 * TRIEU}))

    assert below.reasons == (
        "Số mới 150.000.000 đồng thấp hơn số đã nghiệm thu 200.000.000 đồng; hãy ghi không thấp hơn.",
    )
    assert same.reasons == ()


def test_work_is_carried_to_the_next_year_before_its_own_year_ends() -> None:
    facts = project(LOCAL, Change.CARRY_TO_NEXT_YEAR, next_year=True)
    in_january = datetime(2025, 1, 2, 2, 0, tzinfo=UTC)

    in_time = judge(facts, order(APPROVE, at=in_january, decided_on=date(2024, 12, 31)))
    late = judge(facts, order(APPROVE, at=in_january, decided_on=date(2025, 1, 2)))

    assert in_time.reasons == ()
    assert late.reasons == ("Quyết định chuyển năm phải có trước hết ngày 31/12/2024.",)
