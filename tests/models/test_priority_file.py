"""The file of priority rules: the shipped table as the documents have it, and what a row may not say."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.priority_file import read_priority_file, read_priority_row
from states.dated_rules import NATIONAL
from states.priorities import Criterion, rules_for
from states.refusal import Refused
from states.vocabulary import Route

#: The points of Vĩnh Long, the national ones, and the clause of Decision 3082 that names the criterion.
POINTS: dict[str, tuple[int, int, str]] = {
    "difficult_area": (10, 20, "II.3.1"),
    "specially_difficult_area": (15, 30, "II.3.1"),
    "new_rural_commune": (5, 10, "II.3.1"),
    "farm_machinery": (10, 20, "II.3.2.a"),
    "farm_processing": (10, 20, "II.3.2.a"),
    "supporting_industry": (10, 20, "II.3.2.a"),
    "cleaner_production": (10, 20, "II.3.2.a"),
    "typical_product": (5, 1, "II.3.2.b"),
    "key_product": (5, 1, "II.3.2.b"),
    "export_market": (5, 1, "II.3.2.b"),
    "local_material": (5, 1, "II.3.2.b"),
    "labour_intensive": (5, 1, "II.3.2.b"),
}
OWNERS = {"women_owned": (5, 1), "ethnic_minority_owned": (5, 1)}
AREAS_AND_SECTORS = [name for name, (_, _, clause) in POINTS.items() if clause != "II.3.2.b"]

ROW: dict[str, Any] = {
    "id": "R-VL",
    "criterion": "export_market",
    "jurisdiction": "vinh-long",
    "route": "local",
    "points": 5,
    "basis": "QĐ 3082/QĐ-UBND mục II.3.2.b",
    "verified": True,
    "effective_from": date(2020, 11, 12),
}


def write(folder: Path, *rows: Any) -> Path:
    path = folder / "uu-tien.yaml"
    path.write_text(yaml.safe_dump({"schema_version": 1, "rows": list(rows)}, allow_unicode=True), encoding="utf-8")
    return path


def points(route: Route, on: date, jurisdiction: str = "vinh-long") -> dict[str, int]:
    rules = rules_for(read_priority_file(), route=route, on=on, jurisdiction=jurisdiction)
    return {str(criterion): rule.points for criterion, rule in rules.items()}


# --- the shipped table --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "owners"),
    [
        (date(2020, 11, 12), {}),
        (date(2025, 10, 14), {}),
        (date(2025, 10, 15), OWNERS),
        (date(2025, 12, 31), OWNERS),
        (date(2026, 1, 1), OWNERS),
    ],
)
def test_local_table_is_decision_3082_and_the_owners_from_15_10_2025(
    on: date, owners: dict[str, tuple[int, int]]
) -> None:
    assert points(Route.LOCAL, on) == {
        **{name: local for name, (local, _, _) in POINTS.items()},
        **{name: local for name, (local, _) in owners.items()},
    }


def test_no_local_table_of_the_province_before_its_decision() -> None:
    before, frame = points(Route.LOCAL, date(2020, 11, 11)), points(Route.LOCAL, date(2020, 11, 11), "ben-tre")

    assert before == frame == {name: national for name, (_, national, _) in POINTS.items()}


@pytest.mark.parametrize(("on", "owners"), [(date(2014, 2, 10), {}), (date(2025, 10, 15), OWNERS)])
def test_national_table_puts_model_projects_first(on: date, owners: dict[str, tuple[int, int]]) -> None:
    assert points(Route.NATIONAL, on) == {
        "model_project": 0,
        **{name: national for name, (_, national, _) in POINTS.items()},
        **{name: national for name, (_, national) in owners.items()},
    }


def test_one_national_area_or_sector_counts_more_than_everything_else() -> None:
    national = points(Route.NATIONAL, date(2026, 3, 2))

    others = sum(count for name, count in national.items() if name not in AREAS_AND_SECTORS)
    assert min(national[name] for name in AREAS_AND_SECTORS) > others


def test_every_criterion_has_a_rule_and_a_province_has_no_model_projects() -> None:
    rules = read_priority_file()

    assert {rule.criterion for rule in rules} == set(Criterion)
    assert [rule.jurisdiction for rule in rules if rule.criterion is Criterion.MODEL_PROJECT] == [NATIONAL]


def test_points_are_in_doubt_and_only_the_place_of_model_projects_is_verified() -> None:
    rules = read_priority_file()

    assert [rule.id for rule in rules if rule.verified] == ["R-MODEL-PROJECT"]
    assert [rule.id for rule in rules if not rule.verified and "điểm" not in rule.doubt] == []


def test_criteria_of_the_province_cite_their_clause_and_those_after_2025_their_doubt() -> None:
    rules = [rule for rule in read_priority_file() if rule.jurisdiction == "vinh-long" and rule.criterion in POINTS]

    until_2025 = {rule.criterion: rule.basis for rule in rules if rule.effective_until == date(2025, 12, 31)}
    from_2026 = [rule for rule in rules if rule.effective_from == date(2026, 1, 1)]
    assert until_2025 == {name: f"QĐ 3082/QĐ-UBND mục {clause}" for name, (_, _, clause) in POINTS.items()}
    assert len(from_2026) == len(POINTS)
    assert [rule.id for rule in from_2026 if "2026–2030" not in rule.doubt or not rule.id.endswith("-26")] == []


# --- other files --------------------------------------------------------------------------------------


def test_row_is_called_by_its_criterion_unless_the_office_words_it(tmp_path: Path) -> None:
    worded = {**ROW, "id": "R-VL-2", "criterion": "key_product", "label": "Sản phẩm dừa"}

    plain, own = read_priority_file(write(tmp_path, ROW, worded))

    assert (plain.label, plain.points, plain.jobs) == (Criterion.EXPORT_MARKET.label, 5, 0)
    assert own.label == "Sản phẩm dừa"


def test_stored_rule_is_read_again_as_it_is() -> None:
    rules = read_priority_file()

    again = tuple(read_priority_row(asdict(rule)) for rule in rules)

    assert again == rules


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"points": -1}, "points (points)"),
        ({"points": 1001}, "points (points)"),
        ({"points": 5.0}, "points (points)"),
        ({"points": True}, "points (points)"),
        ({"jobs": -1}, "jobs (jobs)"),
        ({"criterion": "moon_base"}, "criterion (criterion)"),
        ({"criterion": None}, "criterion (criterion)"),
        ({"route": "lunar"}, "route (route)"),
        ({"activity": "machinery"}, "hoạt động (activity)"),
        ({"weight": 1}, "weight (weight)"),
    ],
)
def test_wrong_value_is_refused_by_row_and_field(tmp_path: Path, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        read_priority_file(write(tmp_path, {**ROW, **changed}))

    [reason] = refused.value.reasons
    assert reason.startswith(f"Tệp mức ưu tiên uu-tien.yaml, dòng “R-VL”: {field} ")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"points": 0}, "không cho điểm nào; hãy ghi points từ 1 trở lên hoặc bỏ dòng này."),
        (
            {"criterion": "model_project"},
            "là đề án điểm, được xếp trước chứ không cộng điểm; hãy ghi points: 0.",
        ),
        ({"jobs": 20}, "ghi số lao động (jobs) cho tiêu chí khác; hãy chỉ ghi với labour_intensive."),
        (
            {"route": None},
            "là mức ưu tiên của địa phương nên chỉ dùng cho khuyến công địa phương; hãy ghi route: local.",
        ),
    ],
)
def test_rule_that_is_not_whole_is_refused(tmp_path: Path, changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        read_priority_file(write(tmp_path, {**ROW, **changed}))

    assert refused.value.reasons == (f"Mức ưu tiên R-VL {sentence}",)


@pytest.mark.parametrize("field", ["criterion", "route", "points", "basis", "verified", "effective_from"])
def test_missing_value_is_refused(tmp_path: Path, field: str) -> None:
    row = {key: value for key, value in ROW.items() if key != field}

    with pytest.raises(Refused) as refused:
        read_priority_file(write(tmp_path, row))

    assert refused.value.reasons[0].endswith(f"({field}) còn thiếu; hãy ghi lại.")


def test_two_rows_of_one_criterion_on_one_day_are_refused_and_of_two_criteria_not(tmp_path: Path) -> None:
    other = {**ROW, "id": "R-VL-2", "effective_from": date(2026, 1, 1)}

    with pytest.raises(Refused) as refused:
        read_priority_file(write(tmp_path, ROW, other))

    assert refused.value.reasons == (
        "Mức ưu tiên R-VL và R-VL-2 cùng có hiệu lực từ ngày 01/01/2026 cho “Sản phẩm có thị trường xuất khẩu”;"
        " hãy sửa ngày hiệu lực của một trong hai.",
    )
    assert len(read_priority_file(write(tmp_path, ROW, {**other, "criterion": "key_product"}))) == 2
