"""The suggestion of a year: held against every selection there is, to the đồng, and each reason against the figures."""

import itertools
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.jobs.selecting import Gap, Limit, Option, Problem, Selected, select, why_left_out
from flows.jobs.suggesting import suggest
from flows.jobs.suggestion import Suggestion
from models.loading import load_person
from models.plan import life
from models.plan.life import Door
from models.plan.lines import Wanted
from states.refusal import Refused
from states.vocabulary import Kind, Route, Source

TRIEU = 1_000_000
QUADRILLION = 999_999_999_999_999
PROGRAMME = "KC-VL-2021-2025"
FUND, COUNTERPART = Source.LOCAL_FUND, Source.COUNTERPART


def option(place: int, cost: int, content: int = 2, **more: Any) -> Option:
    code = f"KC-{place}"
    changes: dict[str, Any] = {"brings": {"T": 1}, "position": place + 1, "money": {FUND: cost}} | more
    return Option(id=place, code=code, name=code, content=content, cost=cost, **changes)


def limit(budget: int, content: int | None = None, taken: int = 0) -> Limit:
    return Limit(source=FUND, content=content, budget=budget, taken=taken)


def gap(code: str, missing: int, held: int = 0) -> Gap:
    return Gap(code=code, name=code, unit="cơ sở", missing=missing, held=held)


# --- against every selection there is -----------------------------------------------------------------


def worth(problem: Problem, chosen: tuple[int, ...]) -> tuple[Fraction, int, int, int]:
    """What a selection is worth, in fractions and without the code under test."""
    taken = [problem.options[place] for place in chosen]
    coverage = Fraction(0)
    for target in problem.gaps:
        reached = target.held + sum(one.brings.get(target.code, 0) for one in taken)
        coverage += Fraction(min(reached, target.missing), target.missing)
    return coverage, sum(one.goes_first for one in taken), sum(o.points for o in taken), -sum(o.cost for o in taken)


def keeps(problem: Problem, chosen: tuple[int, ...]) -> bool:
    for one in problem.limits:
        spent = sum(problem.options[p].cost for p in chosen if one.content in (None, problem.options[p].content))
        if spent > max(one.budget - one.taken, 0):
            return False
    return True


def best_of_all(problem: Problem) -> tuple[tuple[Fraction, int, int, int], tuple[int, ...]]:
    """The best selection; of equally good ones that with the earlier option where two of them differ."""
    places = range(len(problem.options))
    every = (chosen for size in range(len(places) + 1) for chosen in itertools.combinations(places, size))
    ranked = (
        (worth(problem, chosen), tuple(place in chosen for place in places))
        for chosen in every
        if keeps(problem, chosen)
    )
    value, flags = max(ranked)
    return value, tuple(place for place in places if flags[place])


@st.composite
def problems(draw: Any) -> Problem:
    """Up to ten options in three contents; amounts of a few đồng or of a quadrillion, budgets hit exactly or by one."""
    number = draw(st.integers(0, 10))
    size = draw(st.sampled_from([4, 300 * TRIEU, QUADRILLION]))
    amount = st.one_of(st.integers(size - 1, size + 1), st.integers(1, size))
    quantities = st.dictionaries(st.sampled_from("ABC"), st.integers(1, 3), max_size=2)
    options = tuple(
        option(
            place,
            draw(amount),
            draw(st.integers(1, 3)),
            brings=draw(quantities),
            points=draw(st.sampled_from([0, 0, 5, 10])),
            goes_first=draw(st.integers(0, 4)) == 0,
        )
        for place in range(number)
    )
    limits = []
    for content in draw(st.lists(st.sampled_from([None, 1, 2, 3]), unique=True)):
        spent = sum(one.cost for one in options if content in (None, one.content) and draw(st.booleans()))
        taken = draw(st.integers(0, 5))
        limits.append(limit(max(spent + draw(st.integers(-1, 1)), 0) + taken, content, taken))
    gaps = tuple(gap(code, draw(st.integers(1, 7)), draw(st.integers(0, 3))) for code in "ABC" if draw(st.booleans()))
    return Problem(options, tuple(limits), gaps)


@given(problems())
@settings(max_examples=100, deadline=None)
def test_selection_is_the_best_there_is_and_keeps_every_limit(problem: Problem) -> None:
    value, chosen = best_of_all(problem)

    found = select(problem, seconds=20)

    places = tuple(sorted(found.chosen))
    assert found.proven
    assert keeps(problem, places)
    assert worth(problem, places) == value
    assert places == chosen


@given(problems())
@settings(max_examples=60, deadline=None)
def test_every_reason_is_true(problem: Problem) -> None:
    chosen = tuple(sorted(select(problem, seconds=20).chosen))

    whys = why_left_out(problem, chosen)

    assert sorted([*whys, *chosen]) == list(range(len(problem.options)))
    for place, why in whys.items():
        _holds(problem, chosen, place, why)


def _holds(problem: Problem, chosen: tuple[int, ...], place: int, why: str) -> None:
    more = worth(problem, (*chosen, place))[:3]
    if why.startswith("Riêng đề án này cần"):
        assert not keeps(problem, (place,))
    elif why.startswith("Không góp vào chỉ tiêu nào"):
        assert worth(problem, (place,))[:3] == worth(problem, ())[:3]
    elif why.startswith("Chỉ tiêu mà đề án góp"):
        assert keeps(problem, (*chosen, place))
        assert more == worth(problem, chosen)[:3]
    else:
        assert why.startswith("Hết chỗ:")
        assert not keeps(problem, (*chosen, place))
        _exchange_holds(problem, chosen, place, why)


def _exchange_holds(problem: Problem, chosen: tuple[int, ...], place: int, why: str) -> None:
    swapped = {out: tuple(sorted({*chosen, place} - {out})) for out in chosen}
    possible = {out: worth(problem, swap) for out, swap in swapped.items() if keeps(problem, swap)}
    if "chỉ bỏ riêng nó là đủ chỗ" in why:
        assert possible == {}
        return
    now, best = worth(problem, chosen), max(possible.values())
    [named] = [out for out in possible if f"bỏ KC-{out}:" in why]
    assert possible[named] == best
    says = {
        "bao phủ ít hơn (": best[0] < now[0],
        "bớt một đề án điểm": best[0] == now[0] and best[1] == now[1] - 1,
        f"bớt {now[2] - best[2]} điểm ưu tiên": best[:2] == now[:2] and best[2] < now[2],
        "tốn thêm": best[:3] == now[:3] and best[3] < now[3],
        "xếp hạng cao hơn": best == now and named < place,
    }
    assert [words for words, holds in says.items() if words in why] == [w for w, holds in says.items() if holds]


# --- the aims, one before the other -------------------------------------------------------------------


def selected(*options: Option, budget: int, gaps: tuple[Gap, ...] = ()) -> tuple[str, ...]:
    found = select(Problem(options, (limit(budget),), gaps), seconds=20)
    assert found.proven
    return tuple(options[place].code for place in sorted(found.chosen))


def test_coverage_comes_before_model_projects_points_and_money() -> None:
    model, cover = option(0, 10, brings={}, goes_first=True, points=90), option(1, 10)

    assert selected(model, cover, budget=10, gaps=(gap("T", 1),)) == ("KC-1",)
    assert selected(model, cover, budget=10) == ("KC-0",)


def test_model_project_comes_before_points_and_points_before_money() -> None:
    points, model = option(0, 10, points=90), option(1, 10, goes_first=True)
    dear, cheap = option(0, 10, points=5), option(1, 1)

    assert selected(points, model, budget=10) == ("KC-1",)
    assert selected(dear, cheap, budget=10, gaps=(gap("T", 1),)) == ("KC-0",)


def test_of_equals_the_better_ranked_is_taken() -> None:
    assert selected(option(0, 5), option(1, 5), option(2, 5), budget=10, gaps=(gap("T", 2),)) == ("KC-0", "KC-1")


def test_small_target_counts_as_much_as_a_large_one() -> None:
    many, few = option(0, 10, brings={"T": 20}), option(1, 10, brings={"S": 1})

    assert selected(many, few, budget=10, gaps=(gap("T", 50), gap("S", 2))) == ("KC-1",)


def test_target_counts_at_most_what_is_missing() -> None:
    much, both = option(0, 10, brings={"T": 40}), option(1, 10, brings={"T": 3, "S": 1})

    assert selected(much, both, budget=10, gaps=(gap("T", 3), gap("S", 90))) == ("KC-1",)


@pytest.mark.parametrize(("more", "chosen"), [(-1, ("KC-1",)), (0, ("KC-0", "KC-1")), (1, ("KC-0", "KC-1"))])
def test_budget_is_hit_exactly_and_never_gone_over(more: int, chosen: tuple[str, ...]) -> None:
    options = option(0, QUADRILLION), option(1, QUADRILLION - 1)

    assert selected(*options, budget=2 * QUADRILLION - 1 + more, gaps=(gap("T", 9),)) == chosen


def test_out_of_time_the_selection_is_good_and_called_unproven() -> None:
    options = tuple(option(place, 3 + place % 4, points=place % 3 * 5) for place in range(12))
    problem = Problem(options, (limit(20),), (gap("T", 9),))

    found = select(problem, seconds=0)

    places = tuple(sorted(found.chosen))
    assert (found.proven, found.settled, found.room) == (False, 0, None)
    assert keeps(problem, places)
    for place, why in why_left_out(problem, places).items():
        _holds(problem, places, place, why)


def test_target_too_large_to_count_is_refused() -> None:
    with pytest.raises(Refused, match=r"Chỉ tiêu T còn thiếu 2\.000\.000 cơ sở, phép tính chính xác chỉ nhận đến"):
        selected(option(0, 1, brings={"T": 2_000_000}), budget=1, gaps=(gap("T", 5_000_000),))


# --- on the register ----------------------------------------------------------------------------------


def cleared(office: Any, support: int = 300, **changes: Any) -> str:
    firm = office.workshop(f"Cơ sở {office.at:%j%H}")
    amounts = {FUND: support * TRIEU, COUNTERPART: 350 * TRIEU}
    form = {"beneficiaries": (firm,), "amounts": amounts, "total_cost": (support + 350) * TRIEU} | changes
    code: str = office.bring(office.open(**form), "cleared")
    return code


def suggested(office: Any, budget: int | None = None, **more: Any) -> Suggestion:
    budgets = None if budget is None else {FUND: budget}
    typed = {"on": office.today, "budgets": budgets, "seconds": 20} | more
    with office.store.read() as session:
        return suggest(session, PROGRAMME, 2024, Route.LOCAL, **typed)


def codes(options: tuple[Option, ...]) -> list[str]:
    return [one.code for one in options]


def reasons(found: Suggestion) -> dict[str, tuple[str, ...]]:
    return {left.code: left.reasons for left in found.left_out}


def test_suggestion_covers_most_within_what_the_year_was_allotted(office_on_both: Any) -> None:
    office = office_on_both
    machine, model = cleared(office, 250), cleared(office, 250, targets={"T2_3": 1})
    big = cleared(office, 300, targets={"T2_1": 1})
    handed_in = office.bring(office.open(), "submitted")

    found = suggested(office, 500 * TRIEU)

    assert codes(found.taken) == [machine, model]
    assert found.selected.proven
    assert found.coverage(found.taken) == (Fraction(1, 50) + Fraction(1, 3)) / 21
    whole, second = found.as_json()["money"][0], found.as_json()["money"][2]
    assert [whole[name] for name in ("budget", "taken", "chosen", "left")] == [500 * TRIEU, 0, 500 * TRIEU, 0]
    assert [second[name] for name in ("content", "budget", "chosen")] == [2, 18_100 * TRIEU, 500 * TRIEU]
    assert reasons(found)[big] == (
        "Hết chỗ: KC địa phương của kế hoạch còn 0 đồng, đề án cần 300.000.000 đồng. "
        "Không có đề án được chọn nào mà chỉ bỏ riêng nó là đủ chỗ.",
    )
    assert reasons(found)[handed_in][0].startswith("Vướng: Ở giai đoạn «Đã nộp")


def test_one_dong_less_leaves_a_project_out_with_the_exchange_that_comes_nearest(office: Any) -> None:
    machine, model = cleared(office), cleared(office, targets={"T2_3": 1})

    found = suggested(office, 600 * TRIEU - 1)

    assert codes(found.taken) == [model]
    assert reasons(found) == {
        machine: (
            "Hết chỗ: KC địa phương của kế hoạch còn 299.999.999 đồng, đề án cần 300.000.000 đồng. "
            f"Đổi có lợi nhất là bỏ {model}: bao phủ ít hơn (T2_2 từ 0/50 lên 1/50, T2_3 từ 1/3 còn 0/3).",
        )
    }


def test_approved_projects_stay_in_and_their_money_and_work_count(office_on_both: Any) -> None:
    office = office_on_both
    approved, candidate = cleared(office, targets={"T2_3": 2}), cleared(office, targets={"T2_3": 1})
    late = cleared(office, targets={"T2_3": 1})
    office.approve(approved)

    found = suggested(office, 900 * TRIEU)

    assert (codes(found.approved), codes(found.taken)) == ([approved], [candidate])
    assert found.limits[0].room == 600 * TRIEU
    [target] = [row for row in found.as_json()["targets"] if row["code"] == "T2_3"]
    assert [target[name] for name in ("missing_before", "covered", "missing_after")] == [1, 1, 0]
    assert reasons(found)[late] == (
        "Chỉ tiêu mà đề án góp (T2_3) đã đủ nhờ các đề án được chọn; không có điểm ưu tiên nên không chi thêm.",
    )
    amounts = {FUND: 300 * TRIEU, COUNTERPART: 350 * TRIEU}
    assert sorted(found.wanted.values(), key=repr) == [amounts, amounts]


def test_waiting_project_that_was_approved_is_counted_once(office_on_both: Any) -> None:
    office = office_on_both
    waited = office.bring(office.open(plan_year=2023, targets={"T2_3": 1}), "cleared")
    office.step(waited, "waitlist", "binh", number="36/SCT", note="Hết vốn")
    office.step(waited, "fund", "binh", number="37/SCT", note="Có vốn")
    office.approve(waited)
    cleared(office)

    allotted, whole = suggested(office, 400 * TRIEU), suggested(office)

    assert codes(allotted.approved) == [waited]
    assert (allotted.limits[0].taken, allotted.taken) == (300 * TRIEU, ())
    content = [one for one in whole.limits if one.content == 2]
    assert [(one.budget, one.taken) for one in content] == [(18_100 * TRIEU, 300 * TRIEU)]
    assert [(one.missing, one.held) for one in whole.gaps if one.code == "T2_3"] == [(2, 0)]


def test_content_keeps_to_what_the_programme_leaves(office: Any) -> None:
    office.bring(office.open(content=7, activity="conference", targets={"T7_2": 1}), "cleared")
    code = cleared(office, 301, content=7, activity="conference", targets={"T7_2": 1})

    found = suggested(office, 900 * TRIEU)

    assert len(found.taken) == 1
    assert reasons(found)[code] == (
        "Riêng đề án này cần 301.000.000 đồng; trước khi chọn, KC địa phương của nội dung 7 chỉ còn 300.000.000 đồng.",
    )


def test_must_and_never_are_followed(office: Any) -> None:
    machine, model, third = cleared(office), cleared(office, targets={"T2_3": 1}), cleared(office)

    found = suggested(office, 600 * TRIEU, must=(machine,), never=(model,))

    assert (codes(found.must), codes(found.chosen)) == ([machine], [third])
    assert reasons(found) == {model: ("Người dùng yêu cầu để ngoài (--never).",)}


def test_wishes_that_cannot_be_followed_are_refused_together(office: Any) -> None:
    code, approved = cleared(office), cleared(office)
    handed_in = office.bring(office.open(), "submitted")
    office.approve(approved)

    with pytest.raises(Refused) as refused:
        suggested(office, must=(code, handed_in, "KC-VL-2024-999"), never=(code, approved))

    assert refused.value.reasons == (
        "KC-VL-2024-999: không phải đề án của năm và tuyến này; hãy kiểm tra mã (dean plan show).",
        f"{code}: vừa --must vừa --never; hãy giữ một.",
        f"{handed_in}: không thể bắt buộc. Ở giai đoạn «Đã nộp»: chưa thẩm định; hãy thẩm định ở Sở trước.",
        f"{approved}: đã phê duyệt nên ở trong kế hoạch; hãy bỏ --never.",
    )


def test_possible_duplicate_that_must_be_in_is_refused_with_the_way_to_take_it_in(office: Any) -> None:
    _, twin = (office.bring(office.open(equipment="Máy đóng gói"), "cleared") for _ in range(2))

    with pytest.raises(Refused) as refused, office.store.read() as session:
        suggest(session, "KC-VL-2021-2025", 2024, Route.LOCAL, on=office.today, must=(twin,))

    assert refused.value.reasons[-1] == (
        f"{twin}: nếu đã đối chiếu và không trùng, hãy đưa vào dự thảo trước (dean plan build --include {twin}=LÝ DO)."
    )


def test_must_over_the_money_is_refused_with_the_amount(office: Any) -> None:
    both = cleared(office), cleared(office)

    assert codes(suggested(office, 600 * TRIEU, must=both).must) == list(both)
    with office.refusing(
        "Các đề án bắt buộc (--must) cần 600.000.000 đồng KC địa phương của kế hoạch, chỉ còn 599.999.999 đồng, vượt "
        "1 đồng; hãy bỏ bớt đề án bắt buộc hoặc tăng hạn mức."
    ):
        suggested(office, 600 * TRIEU - 1, must=both)


def test_budget_of_what_limits_nothing_is_refused(office: Any) -> None:
    with office.refusing(
        "Khuyến công địa phương không dùng KC quốc gia; hãy ghi --budget local_fund=SỐ TIỀN.",
        "Đối ứng là số dự kiến, không phải hạn mức; hãy bỏ --budget counterpart.",
    ):
        suggested(office, budgets={Source.NATIONAL_FUND: 1, COUNTERPART: 1})


def test_money_that_is_gone_already_is_told_and_nothing_is_chosen(office: Any) -> None:
    office.approve(cleared(office))
    code = cleared(office)

    found = suggested(office, 100 * TRIEU)

    assert found.taken == ()
    assert found.warnings[0] == (
        "KC địa phương của kế hoạch: đã dùng vượt hạn mức 200.000.000 đồng, không còn để chọn."
    )
    assert reasons(found)[code][0].endswith("KC địa phương của kế hoạch chỉ còn 0 đồng.")


def test_model_projects_go_first_on_the_national_route(office: Any) -> None:
    national: dict[str, Any] = {
        "route": Route.NATIONAL,
        "amounts": {Source.NATIONAL_FUND: 300 * TRIEU, COUNTERPART: 350 * TRIEU},
    }
    plain = cleared(office, priorities=("farm_processing",), **national)
    model = cleared(office, kind=Kind.MODEL, **national)

    with office.store.read() as session:
        budgets = {Source.NATIONAL_FUND: 300 * TRIEU}
        found = suggest(session, PROGRAMME, 2024, Route.NATIONAL, on=office.today, budgets=budgets, seconds=20)

    assert codes(found.taken) == [model]
    assert reasons(found)[plain][0].endswith(
        f"Đổi có lợi nhất là bỏ {model}: bao phủ như nhau nhưng bớt một đề án điểm."
    )


def test_possible_duplicate_is_left_out_until_a_draft_took_it_in_with_a_reason(office: Any) -> None:
    twins = [office.bring(office.open(equipment="Máy đóng gói"), "cleared") for _ in range(2)]

    before = suggested(office)
    with office.store.write() as session:
        door = Door(load_person(session, "binh"), office.at, "test")
        despite = dict.fromkeys(twins, "Máy thứ hai cho xưởng mới")
        life.build(session, PROGRAMME, 2024, Route.LOCAL, door=door, despite=despite)

    assert before.taken == ()
    assert all(why.startswith("Vướng: ") for whys in reasons(before).values() for why in whys)
    assert codes(suggested(office).taken) == twins


def test_what_is_wanted_becomes_the_draft(office: Any) -> None:
    approved, model, machine = cleared(office), cleared(office, targets={"T2_3": 1}), cleared(office)
    office.approve(approved)
    found = suggested(office, 600 * TRIEU)

    with office.store.write() as session:
        door = Door(load_person(session, "binh"), office.at, "test")
        lines = {at: Wanted(amounts) for at, amounts in found.wanted.items()}
        taken = life.build(session, PROGRAMME, 2024, Route.LOCAL, door=door, lines=lines)

    assert (codes(found.taken), list(reasons(found))) == ([model], [machine])
    assert (taken.lines, taken.support) == (2, 600 * TRIEU)


def test_reader_who_does_not_see_every_candidate_gets_no_suggestion(office: Any) -> None:
    cleared(office)
    with office.store.read() as session:
        hanh, em = load_person(session, "hanh"), load_person(session, "em")

    assert len(suggested(office, reader=em).taken) == 1
    with office.refusing(
        "Ngô Mỹ Hạnh chỉ xem được một phần danh mục, còn đề xuất phải so sánh mọi đề án; "
        "hãy nhờ điều phối viên hoặc lãnh đạo Sở chạy lệnh này."
    ):
        suggested(office, reader=hanh)


def test_proof_says_what_is_proven_and_what_might_be_better(office: Any) -> None:
    cleared(office)
    found = suggested(office, seconds=0)
    again = "hãy chạy lại với --seconds lớn hơn 0 để chứng minh."

    def proof(settled: int, room: int | None) -> str:
        return replace(found, selected=Selected(frozenset(), settled, False, room)).proof

    assert len(found.taken) == 1
    assert found.proof == f"Hết 0 giây: mức bao phủ chỉ tiêu là tốt nhất tìm được, chưa chứng minh; {again}"
    assert proof(3, 5) == (
        "Hết 0 giây: đã chứng minh mức bao phủ chỉ tiêu, số đề án điểm, điểm ưu tiên; số tiền ít nhất là tốt nhất tìm "
        f"được, chưa chứng minh (có thể bớt được nhiều nhất 5 đồng); {again}"
    )
    assert "(có thể hơn nhiều nhất 0,01 điểm phần trăm)" in proof(0, 1)
    assert proof(4, None) == (
        f"Đã chứng minh không có lựa chọn nào tốt hơn; các lựa chọn ngang nhau chưa xét hết thứ tự, {again}"
    )


def test_year_without_candidates_is_answered(office: Any) -> None:
    found = suggested(office)

    assert (found.taken, found.left_out, found.selected.proven) == ((), (), True)
