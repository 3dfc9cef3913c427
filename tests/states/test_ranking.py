"""Ranking: which criteria a project meets, what they count, and who stands before whom for which reason."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from states.activities import Activity
from states.dated_rules import NATIONAL
from states.priorities import Criterion, Merits, PriorityRule, criteria_of, read_criterion, rules_for, score
from states.ranking import Candidate, Ranking, Record, rank
from states.refusal import Refused
from states.vocabulary import Kind, Route

ON = date(2026, 3, 2)
OWNERS_FROM = date(2025, 10, 15)
C = Criterion


def rule(criterion: Criterion, points: int, **changed: Any) -> PriorityRule:
    said: dict[str, Any] = {
        "id": f"R-{criterion}",
        "label": criterion.label,
        "jurisdiction": "vinh-long",
        "route": Route.LOCAL,
        "basis": "QĐ 3082/QĐ-UBND mục II.3",
        "verified": False,
        "doubt": "điểm là đề xuất nội bộ",
        "effective_from": date(2020, 11, 12),
        "effective_until": None,
    }
    return PriorityRule(criterion=criterion, points=points, **(said | changed))


LOCAL = (
    rule(C.DIFFICULT_AREA, 10),
    rule(C.SPECIALLY_DIFFICULT_AREA, 15),
    rule(C.CLEANER_PRODUCTION, 10),
    rule(C.EXPORT_MARKET, 5),
    rule(C.LABOUR_INTENSIVE, 5, jobs=20),
    rule(C.WOMEN_OWNED, 5, basis="NĐ 235/2025/NĐ-CP", effective_from=OWNERS_FROM),
)
TT36 = {"jurisdiction": NATIONAL, "route": None, "basis": "TT 36/2013/TT-BCT Điều 7"}
FIRST = rule(C.MODEL_PROJECT, 0, verified=True, doubt="", **(TT36 | {"route": Route.NATIONAL}))
RULES = (*LOCAL, FIRST, rule(C.DIFFICULT_AREA, 20, **TT36), rule(C.EXPORT_MARKET, 1, **TT36))
LOCAL_RULES = rules_for(RULES, route=Route.LOCAL, on=ON, jurisdiction="vinh-long")

PLAIN = Merits(activity="machinery")
GOOD = Record(approved=12, settled_on_time=10, stopped=1)
POOR = Record(approved=20, settled_on_time=9, stopped=2, recovered=1)


def candidate(number: int, *priorities: str, merits: Merits = PLAIN, **changed: Any) -> Candidate:
    said: dict[str, Any] = {
        "code": f"KC-VL-2026-{number:03d}",
        "name": "Hỗ trợ máy móc",
        "route": Route.LOCAL,
        "unit": "Trung tâm A",
        "record": GOOD,
        "submitted_on": date(2026, 1, 5),
    }
    return Candidate(merits=replace(merits, priorities=priorities), **(said | changed))


def only(*candidates: Candidate, on: date = ON) -> Ranking:
    [ranking] = rank(candidates, RULES, on, jurisdiction="vinh-long")
    return ranking


def order(*candidates: Candidate) -> list[int]:
    return [int(placed.candidate.code[-3:]) for placed in only(*candidates).placed]


# --- criteria -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["export_market", "Sản phẩm có thị trường xuất khẩu", "SAN PHAM CO THI TRUONG XUAT KHAU"]
)
def test_criterion_is_read_by_code_or_label_without_accents(typed: str) -> None:
    assert read_criterion(typed) is C.EXPORT_MARKET


def test_labels_of_criteria_are_read_as_themselves() -> None:
    assert [read_criterion(criterion.label) for criterion in Criterion] == list(Criterion)


@pytest.mark.parametrize(
    ("merits", "met"),
    [
        (PLAIN, {}),
        (replace(PLAIN, kind=Kind.GROUP), {}),
        (replace(PLAIN, kind=Kind.MODEL), {C.MODEL_PROJECT: "loại đề án là đề án điểm"}),
        (
            replace(PLAIN, activity=Activity.CLEANER_PRODUCTION_MODEL),
            {C.CLEANER_PRODUCTION: "hoạt động là mô hình thí điểm sản xuất sạch hơn"},
        ),
        (replace(PLAIN, women_owned=True), {C.WOMEN_OWNED: "đơn vị thụ hưởng do phụ nữ làm chủ"}),
        (
            replace(PLAIN, ethnic_minority_owned=True),
            {C.ETHNIC_MINORITY_OWNED: "đơn vị thụ hưởng do người dân tộc thiểu số làm chủ"},
        ),
        (replace(PLAIN, expected_jobs=19), {}),
        (replace(PLAIN, expected_jobs=20), {C.LABOUR_INTENSIVE: "dự kiến 20 lao động, từ 20 trở lên"}),
        (replace(PLAIN, priorities=("xuất khẩu", "export_market")), {C.EXPORT_MARKET: "đề án đăng ký tiêu chí này"}),
        (
            replace(PLAIN, priorities=("difficult_area", "specially_difficult_area")),
            {C.SPECIALLY_DIFFICULT_AREA: "đề án đăng ký tiêu chí này"},
        ),
    ],
)
def test_criteria_come_from_what_is_said_and_from_what_is_recorded(merits: Merits, met: dict[Criterion, str]) -> None:
    assert criteria_of(merits, many_jobs=20)[0] == met


def test_nobody_is_labour_intensive_by_number_where_no_number_is_set() -> None:
    many = replace(PLAIN, expected_jobs=5000)

    assert criteria_of(many)[0] == {}
    assert criteria_of(replace(many, priorities=("labour_intensive",)))[0] == {
        C.LABOUR_INTENSIVE: "đề án đăng ký tiêu chí này"
    }


def test_claims_that_are_unknown_or_not_in_the_register_are_said_and_not_counted() -> None:
    claimed = replace(PLAIN, priorities=("Vùng khó khăn", "women_owned", "đề án điểm"))

    met, remarks = criteria_of(claimed)

    assert met == {}
    assert remarks == (
        "Tiêu chí “Vùng khó khăn” không có trong danh mục nên không tính điểm; hãy ghi lại bằng mã hoặc tên tiêu chí"
        " (--priority).",
        "Đề án tự ghi “Cơ sở do phụ nữ làm chủ” nhưng sổ không ghi như vậy nên không tính; hãy ghi ở đơn vị thụ hưởng.",
        "Đề án tự ghi “Đề án điểm” nhưng sổ không ghi như vậy nên không tính; hãy ghi ở loại đề án.",
    )


def test_claim_that_the_register_confirms_is_counted_once_and_not_remarked() -> None:
    owner = replace(PLAIN, women_owned=True, priorities=("women_owned",))

    got = score(owner, LOCAL_RULES)

    assert (got.points, got.remarks) == (5, ())


def test_score_explains_every_line_in_the_order_of_the_criteria() -> None:
    merits = Merits(
        activity=Activity.CLEANER_PRODUCTION_MODEL,
        priorities=("export_market", "Áp dụng sản xuất sạch hơn"),
        expected_jobs=25,
        women_owned=True,
    )

    got = score(merits, LOCAL_RULES)

    assert [(line.criterion, line.points, line.basis, line.why) for line in got.lines] == [
        (C.CLEANER_PRODUCTION, 10, "QĐ 3082/QĐ-UBND mục II.3", "hoạt động là mô hình thí điểm sản xuất sạch hơn"),
        (C.EXPORT_MARKET, 5, "QĐ 3082/QĐ-UBND mục II.3", "đề án đăng ký tiêu chí này"),
        (C.LABOUR_INTENSIVE, 5, "QĐ 3082/QĐ-UBND mục II.3", "dự kiến 25 lao động, từ 20 trở lên"),
        (C.WOMEN_OWNED, 5, "NĐ 235/2025/NĐ-CP", "đơn vị thụ hưởng do phụ nữ làm chủ"),
    ]
    assert got.points == 25


def test_owners_count_from_15_10_2025_only() -> None:
    owner = candidate(1, merits=replace(PLAIN, women_owned=True))

    [before] = only(owner, on=date(2025, 10, 14)).placed
    [after] = only(owner, on=OWNERS_FROM).placed

    assert (before.points, after.points, after.remarks) == (0, 5, ())
    assert before.remarks == (
        "Tiêu chí “Cơ sở do phụ nữ làm chủ” (đơn vị thụ hưởng do phụ nữ làm chủ) không có trong bảng ưu tiên đang áp"
        " dụng nên không tính.",
    )


def test_two_rules_of_one_criterion_in_force_are_refused() -> None:
    double = (rule(C.EXPORT_MARKET, 5, id="R-1"), rule(C.EXPORT_MARKET, 6, id="R-2"))

    with pytest.raises(Refused) as refused:
        rules_for(double, route=Route.LOCAL, on=ON, jurisdiction="vinh-long")

    assert refused.value.reasons == (
        "Mức ưu tiên R-1 và R-2 cùng có hiệu lực cho “Sản phẩm có thị trường xuất khẩu”; hãy sửa ngày hiệu lực của một"
        " trong hai.",
    )


# --- the order ----------------------------------------------------------------------------------------


def test_each_route_has_its_own_table_with_its_own_points() -> None:
    given = (candidate(2, "difficult_area", route=Route.NATIONAL), candidate(1, "difficult_area"))

    local, national = rank(given, RULES, ON, jurisdiction="vinh-long")

    assert [(local.route, local.placed[0].points), (national.route, national.placed[0].points)] == [
        (Route.LOCAL, 10),
        (Route.NATIONAL, 20),
    ]


def test_route_without_candidates_has_no_table() -> None:
    assert rank((), RULES, ON, jurisdiction="vinh-long") == ()


def test_more_points_stand_before_a_better_unit_and_an_earlier_day() -> None:
    better = candidate(1, "export_market", submitted_on=date(2025, 12, 1))
    richer = candidate(2, "difficult_area", record=POOR, submitted_on=None)

    assert order(better, richer) == [2, 1]
    assert [placed.tie for placed in only(better, richer).placed] == ["", ""]


def test_national_model_project_stands_before_more_points_and_a_local_one_does_not() -> None:
    model = replace(PLAIN, kind=Kind.MODEL)
    national = [candidate(1, "difficult_area", route=Route.NATIONAL), candidate(2, merits=model, route=Route.NATIONAL)]

    assert order(*national) == [2, 1]
    assert order(candidate(1, "difficult_area"), candidate(2, merits=model)) == [1, 2]


def test_two_model_projects_are_ordered_by_points_and_a_model_is_no_tie_with_another_kind() -> None:
    model = replace(PLAIN, kind=Kind.MODEL)
    given = [
        candidate(1, merits=model, route=Route.NATIONAL),
        candidate(2, "export_market", merits=model, route=Route.NATIONAL),
        candidate(3, route=Route.NATIONAL),
    ]

    placed = only(*given).placed

    assert [(it.candidate.code[-3:], it.points, it.score.goes_first, it.tie) for it in placed] == [
        ("002", 1, True, ""),
        ("001", 0, True, ""),
        ("003", 0, False, ""),
    ]


def test_tie_goes_to_the_unit_with_the_better_record_in_words() -> None:
    poor = candidate(1, "export_market", unit="Trung tâm B", record=POOR, submitted_on=date(2026, 1, 1))
    good = candidate(2, "export_market")

    first, second = only(poor, good).placed

    assert (first.position, first.candidate.code, first.tie) == (1, "KC-VL-2026-002", "")
    assert (second.position, second.tie) == (
        2,
        "Cùng 5 điểm với KC-VL-2026-002; xếp sau vì Trung tâm B (20 đề án đã duyệt, 9 quyết toán đúng hạn, 2 ngừng,"
        " 1 thu hồi) có kết quả thực hiện kém hơn Trung tâm A (12 đề án đã duyệt, 10 quyết toán đúng hạn, 1 ngừng,"
        " 0 thu hồi).",
    )


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (Record(approved=3, settled_on_time=3), Record(approved=30, settled_on_time=4, stopped=1, recovered=1)),
        (Record(approved=5, settled_on_time=2), Record(approved=4, settled_on_time=2)),
        (Record(), Record(approved=1, settled_on_time=1, stopped=2)),
    ],
)
def test_record_is_what_was_settled_less_what_failed_and_then_experience(better: Record, worse: Record) -> None:
    assert order(candidate(1, record=worse), candidate(2, record=better)) == [2, 1]


def test_record_that_is_negative_is_no_record() -> None:
    with pytest.raises(ValueError, match="counts projects"):
        Record(approved=1, stopped=-1)


def test_local_tie_of_equal_units_goes_to_the_earlier_submission_and_drafts_come_last() -> None:
    late, early = candidate(1, submitted_on=date(2026, 1, 6)), candidate(2)
    draft = candidate(3, submitted_on=None)

    placed = only(draft, late, early).placed

    assert [it.candidate.code[-3:] for it in placed] == ["002", "001", "003"]
    assert [it.tie for it in placed] == [
        "",
        "Cùng 0 điểm với KC-VL-2026-002, đơn vị thực hiện ngang nhau; xếp sau vì nộp ngày 06/01/2026 còn KC-VL-2026-002"
        " nộp ngày 05/01/2026.",
        "Cùng 0 điểm với KC-VL-2026-001, đơn vị thực hiện ngang nhau; xếp sau vì chưa nộp hồ sơ còn KC-VL-2026-001 nộp"
        " ngày 06/01/2026.",
    ]


def test_national_tie_of_equal_units_is_not_decided_by_the_day() -> None:
    late = candidate(1, route=Route.NATIONAL, submitted_on=date(2026, 2, 1))
    early = candidate(2, route=Route.NATIONAL)

    placed = only(early, late).placed

    assert [it.candidate.code for it in placed] == ["KC-VL-2026-001", "KC-VL-2026-002"]
    assert placed[1].tie == "Cùng 0 điểm với KC-VL-2026-001 và ngang nhau về mọi căn cứ khác; xếp theo mã đề án."


def test_codes_are_compared_as_numbers() -> None:
    thousand, last = candidate(0, code="KC-VL-2026-1000"), candidate(999)

    assert [placed.candidate.code for placed in only(thousand, last).placed] == ["KC-VL-2026-999", "KC-VL-2026-1000"]


def test_project_given_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="KC-VL-2026-001"):
        only(candidate(1), candidate(1))


def test_warnings_say_each_doubt_once_and_nothing_of_verified_rules() -> None:
    [local, national] = rank([candidate(1), candidate(2, route=Route.NATIONAL)], RULES, ON, jurisdiction="vinh-long")

    said = "mức ưu tiên chưa kiểm chứng: điểm là đề xuất nội bộ; hãy đối chiếu văn bản gốc trước khi dùng."
    assert (local.warnings, national.warnings) == ((f"6 {said}",), (f"2 {said}",))


def test_day_without_any_rule_says_so_and_still_ranks() -> None:
    [ranking] = rank([candidate(2), candidate(1)], (), ON, jurisdiction="vinh-long")

    assert [(placed.position, placed.candidate.code, placed.points) for placed in ranking.placed] == [
        (1, "KC-VL-2026-001", 0),
        (2, "KC-VL-2026-002", 0),
    ]
    assert ranking.warnings == (
        "Tại ngày 02/03/2026 chưa có mức ưu tiên nào cho nguồn khuyến công địa phương nên mọi đề án đều 0 điểm; hãy"
        " nhập mức ưu tiên (dean rules add --priorities TỆP).",
    )


CLAIMS = st.lists(st.sampled_from(["export_market", "difficult_area", "cleaner_production", "?"]), max_size=3)
COUNTS = st.integers(0, 3)


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    return [
        candidate(
            number,
            *draw(CLAIMS),
            merits=replace(PLAIN, kind=draw(st.sampled_from(Kind))),
            route=draw(st.sampled_from(Route)),
            record=Record(approved=draw(COUNTS), settled_on_time=draw(COUNTS), stopped=draw(COUNTS)),
            submitted_on=draw(st.sampled_from([None, date(2026, 1, 5), date(2026, 1, 6)])),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


@settings(max_examples=60)
@given(candidates(), st.randoms(use_true_random=False))
def test_ranking_does_not_depend_on_the_order_given(given_first: list[Candidate], random: Any) -> None:
    shuffled = random.sample(given_first, len(given_first))

    ranking = rank(given_first, RULES, ON, jurisdiction="vinh-long")

    assert rank(shuffled, RULES, ON, jurisdiction="vinh-long") == ranking
    assert sum(len(table.placed) for table in ranking) == len(given_first)


@settings(max_examples=60)
@given(candidates())
def test_a_tie_is_explained_exactly_where_points_do_not_decide(given_first: list[Candidate]) -> None:
    for table in rank(given_first, RULES, ON, jurisdiction="vinh-long"):
        for above, below in pairwise(table.placed):
            assert (above.score.goes_first, above.points) >= (below.score.goes_first, below.points)
            same = (above.score.goes_first, above.points) == (below.score.goes_first, below.points)
            assert bool(below.tie) is same
