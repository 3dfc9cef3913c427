"""The file of support ceilings: the shipped table as the circular has it, and what a file may not say."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.ceiling_file import CEILINGS, read_ceiling_file
from states.activities import Activity
from states.ceilings import Base, ceiling, rule_for
from states.dated_rules import NATIONAL
from states.refusal import Refused
from states.vocabulary import Route

TRIEU = 1_000_000
IN_FORCE = date(2018, 5, 11)

#: Percent, cap in triệu đồng, for each what, verified: TT 28/2018/TT-BTC Điều 8 as far as it was read.
LEVELS: dict[str, tuple[int | None, int | None, str, bool]] = {
    "new_enterprise": (None, 10, "doanh nghiệp", True),
    "demonstration_model": (30, 1_000, "mô hình", True),
    "model_replication": (30, 100, "mô hình", False),
    "cleaner_production_model": (30, 500, "mô hình", True),
    "machinery": (50, 300, "cơ sở", True),
    "production_line": (50, 450, "cơ sở", False),
    "interest_support": (50, 500, "cơ sở", True),
    "pollution_treatment": (30, 300, "cơ sở", False),
    "product_selection_nation": (None, 400, "lần bình chọn", True),
    "product_selection_region": (None, 200, "lần bình chọn", True),
    "product_selection": (None, 100, "lần bình chọn", False),
    "product_selection_district": (None, 50, "lần bình chọn", False),
    "fair_abroad": (100, None, "", True),
    "study_abroad": (100, None, "", True),
    "fair_participation": (100, None, "", False),
    "fair_organisation": (100, None, "", False),
    "trademark": (50, 35, "nhãn hiệu", False),
    "showroom": (50, 35, "phòng trưng bày", False),
    "consulting": (50, 35, "cơ sở", False),
    "packaging": (50, 35, "cơ sở", False),
    "association": (30, 50, "hiệp hội", False),
    "cluster_linkage": (30, 150, "cụm liên kết", False),
    "cluster_planning": (50, 500, "cụm công nghiệp", False),
    "cluster_infrastructure": (30, 6_000, "cụm công nghiệp", False),
    "cluster_pollution_treatment": (30, 1_500, "cụm công nghiệp", False),
    "conference": (100, None, "", False),
    "broadcasting": (100, None, "", False),
    "publication": (100, None, "", False),
    "ministry_delegation": (100, None, "", False),
    "training": (100, None, "", False),
    "study_tour": (100, None, "", False),
    "collaborator_network": (100, None, "", False),
}

ROW: dict[str, Any] = {
    "id": "C-VL-MACHINERY",
    "activity": "machinery",
    "jurisdiction": "vinh-long",
    "route": "local",
    "percent": 40,
    "cap": 250 * TRIEU,
    "per": "cơ sở",
    "basis": "NQ 11/2025/NQ-HĐND Điều 5",
    "verified": True,
    "effective_from": date(2025, 7, 10),
    "effective_until": None,
}


def write(folder: Path, *rows: Any, **head: Any) -> Path:
    path = folder / "dinh-muc.yaml"
    content = {"schema_version": 1, "rows": list(rows), **head}
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def refusal_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        read_ceiling_file(path)
    return refused.value.reasons


# --- the shipped table --------------------------------------------------------------------------------


def test_shipped_levels_are_those_of_the_circular() -> None:
    rules = read_ceiling_file()

    assert {
        str(rule.activity): (rule.percent, rule.cap and rule.cap // TRIEU, rule.per, rule.verified) for rule in rules
    } == LEVELS
    assert [rule for rule in rules if rule.cap is not None and rule.cap % TRIEU] == []


def test_shipped_rules_have_basis_dates_and_one_row_for_every_activity() -> None:
    rules = read_ceiling_file()

    assert sorted(rule.activity for rule in rules) == sorted(Activity)
    assert [rule.id for rule in rules if not rule.basis or rule.effective_from < IN_FORCE] == []
    assert [rule.id for rule in rules if rule.verified == bool(rule.doubt)] == []
    assert {rule.jurisdiction for rule in rules} == {NATIONAL}


def test_shipped_rules_that_measure_something_else_than_the_cost() -> None:
    bases = {rule.activity: rule.base for rule in read_ceiling_file() if rule.base is not Base.ELIGIBLE_COST}

    assert bases == {Activity.INTEREST_SUPPORT: Base.INTEREST, Activity.STUDY_ABROAD: Base.AIR_TICKETS}


def test_shipped_district_round_ends_with_the_district_level() -> None:
    rules = read_ceiling_file()

    def found(on: date) -> bool:
        return rule_for(rules, "product_selection_district", route=Route.LOCAL, on=on, jurisdiction="x") is not None

    assert (found(date(2025, 6, 30)), found(date(2025, 7, 1))) == (True, False)


def test_shipped_levels_of_another_province_do_not_serve_the_national_route() -> None:
    borrowed = [rule.activity for rule in read_ceiling_file() if rule.route is Route.LOCAL]

    assert borrowed == [Activity.PRODUCT_SELECTION, Activity.PRODUCT_SELECTION_DISTRICT]


def test_machinery_of_500_million_gets_250_and_asks_50_too_much() -> None:
    found = ceiling(
        read_ceiling_file(),
        "machinery",
        cost=500 * TRIEU,
        ask=300 * TRIEU,
        route=Route.NATIONAL,
        on=date(2026, 3, 2),
        jurisdiction="vinh-long",
    )

    assert (found.allowed, found.over, found.ok, found.verified) == (250 * TRIEU, 50 * TRIEU, False, True)
    assert (found.basis, found.warnings) == ("TT 28/2018/TT-BTC Điều 8 khoản 4", ())


def test_demonstration_uses_no_other_activity_and_agrees_where_the_level_was_read() -> None:
    listed = yaml.safe_load((CEILINGS.parent / "demonstration.yaml").read_text(encoding="utf-8"))["activities"]
    read = {rule.activity: (rule.percent or 100, rule.cap) for rule in read_ceiling_file() if rule.verified}

    assert {activity["code"] for activity in listed} <= set(Activity)
    assert [a["code"] for a in listed if a["verified"] and read[a["code"]] != (a["percent"], a["cap"])] == []


# --- other files --------------------------------------------------------------------------------------


def test_row_of_a_province_is_read_with_the_label_of_its_activity(tmp_path: Path) -> None:
    [rule] = read_ceiling_file(write(tmp_path, ROW))

    assert (rule.activity, rule.route, rule.percent, rule.cap) == (Activity.MACHINERY, Route.LOCAL, 40, 250 * TRIEU)
    assert (rule.label, rule.base, rule.doubt) == (Activity.MACHINERY.label, Base.ELIGIBLE_COST, "")
    assert (rule.effective_from, rule.effective_until) == (date(2025, 7, 10), None)


def test_row_keeps_the_words_of_its_office(tmp_path: Path) -> None:
    [rule] = read_ceiling_file(write(tmp_path, {**ROW, "label": "  Máy móc,  thiết bị "}))

    assert rule.label == "Máy móc, thiết bị"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"percent": 0}, "percent"),
        ({"percent": 101}, "percent"),
        ({"percent": 50.0}, "percent"),
        ({"percent": "50"}, "percent"),
        ({"percent": True}, "percent"),
        ({"cap": -1}, "cap"),
        ({"cap": 2.5e8}, "cap"),
        ({"cap": "250.000.000"}, "cap"),
        ({"cap": 2**63}, "cap"),
        ({"verified": 1}, "verified"),
        ({"activity": "moon_base"}, "hoạt động (activity)"),
        ({"route": "both"}, "route"),
        ({"base": "anything"}, "base"),
        ({"effective_from": "tháng 7"}, "effective_from"),
        ({"effective_from": None}, "effective_from"),
        ({"colour": "xanh"}, "colour"),
    ],
)
def test_wrong_value_is_refused_by_row_and_field(tmp_path: Path, changed: dict[str, Any], field: str) -> None:
    reasons = refusal_of(write(tmp_path, {**ROW, **changed}))

    [reason] = reasons
    named = field if " " in field else f"{field} ({field})"
    assert reason.startswith(f"Tệp định mức dinh-muc.yaml, dòng “C-VL-MACHINERY”: {named} ")
    assert reason.endswith("; hãy ghi lại.")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (
            {"id": "C-máy"},
            "dòng “C-máy”: Mã “C-máy” không đúng mẫu; hãy dùng chữ hoa không dấu, số và gạch nối, như C-VL-MACHINERY.",
        ),
        (
            {"jurisdiction": "Vĩnh Long"},
            "dòng “C-VL-MACHINERY”: Địa phương “Vĩnh Long” không đúng mẫu;"
            " hãy ghi national, hoặc tên tỉnh không dấu như vinh-long.",
        ),
        (
            {"basis": "NQ 11\x07"},
            "dòng “C-VL-MACHINERY”: Dòng chữ có ký tự không in được (U+0007) sau “NQ 11”;"
            " hãy xóa ký tự đó rồi nhập lại.",
        ),
        ({"basis": " "}, "Định mức C-VL-MACHINERY chưa ghi căn cứ; hãy ghi văn bản và điều khoản."),
    ],
)
def test_wrong_words_are_refused_with_what_would_do(tmp_path: Path, changed: dict[str, Any], reason: str) -> None:
    [found] = refusal_of(write(tmp_path, {**ROW, **changed}))

    assert found.removeprefix("Tệp định mức dinh-muc.yaml, ") == reason


@pytest.mark.parametrize("field", ["id", "activity", "jurisdiction", "route", "percent", "cap", "basis", "verified"])
def test_missing_value_is_refused(tmp_path: Path, field: str) -> None:
    row = {key: value for key, value in ROW.items() if key != field}

    reasons = refusal_of(write(tmp_path, row))

    name = "1" if field == "id" else "“C-VL-MACHINERY”"
    label = "hoạt động" if field == "activity" else field
    assert reasons == (f"Tệp định mức dinh-muc.yaml, dòng {name}: {label} ({field}) còn thiếu; hãy ghi lại.",)


def test_every_wrong_row_is_named_at_once(tmp_path: Path) -> None:
    reasons = refusal_of(write(tmp_path, {**ROW, "percent": 0}, "không phải một dòng", {**ROW, "basis": "a\x07b"}))

    assert [reason.split(":")[0] for reason in reasons] == [
        "Tệp định mức dinh-muc.yaml, dòng “C-VL-MACHINERY”",
        "Tệp định mức dinh-muc.yaml, dòng 2",
        "Tệp định mức dinh-muc.yaml, dòng “C-VL-MACHINERY”",
    ]


def test_two_rows_in_force_on_one_day_are_refused(tmp_path: Path) -> None:
    later = {**ROW, "id": "C-VL-MACHINERY-2026", "effective_from": date(2026, 1, 1)}

    reasons = refusal_of(write(tmp_path, ROW, later))

    assert reasons == (
        "Định mức C-VL-MACHINERY và C-VL-MACHINERY-2026 cùng có hiệu lực từ ngày 01/01/2026 cho"
        " “Ứng dụng máy móc tiên tiến, chuyển giao công nghệ”; hãy sửa ngày hiệu lực của một trong hai.",
    )


def test_row_that_follows_another_is_read(tmp_path: Path) -> None:
    ended = {**ROW, "effective_until": date(2025, 12, 31)}
    later = {**ROW, "id": "C-VL-MACHINERY-2026", "effective_from": date(2026, 1, 1)}

    rules = read_ceiling_file(write(tmp_path, ended, later))

    assert [rule.id for rule in rules] == ["C-VL-MACHINERY", "C-VL-MACHINERY-2026"]


def test_unverified_row_needs_its_doubt(tmp_path: Path) -> None:
    reasons = refusal_of(write(tmp_path, {**ROW, "verified": False}))

    assert reasons == (
        "Định mức C-VL-MACHINERY phải ghi lý do (doubt) khi chưa kiểm chứng, và bỏ lý do khi đã kiểm chứng.",
    )


@pytest.mark.parametrize(
    "content",
    ["rows: [", "a: 2025-02-30", b"\xff\xfe\x00rows".decode("latin-1")],
    ids=["open bracket", "no such day", "control character"],
)
def test_file_that_is_not_yaml_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "dinh-muc.yaml"
    path.write_text(content, encoding="utf-8")

    assert refusal_of(path) == ("Không đọc được tệp định mức dinh-muc.yaml; hãy kiểm tra lại tệp YAML.",)


def test_file_that_is_not_text_or_not_there_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "dinh-muc.yaml"
    binary.write_bytes(b"\xff\xfe rows")

    assert refusal_of(binary) == ("Không đọc được tệp định mức dinh-muc.yaml; hãy kiểm tra lại tệp YAML.",)
    assert refusal_of(tmp_path / "khong-co.yaml") == (
        "Không đọc được tệp định mức khong-co.yaml; hãy kiểm tra lại tệp YAML.",
    )


@pytest.mark.parametrize("head", [{"schema_version": 2}, {"rows": "không"}, {"rows": None}, {"extra": 1}])
def test_file_of_another_form_is_refused(tmp_path: Path, head: dict[str, Any]) -> None:
    assert refusal_of(write(tmp_path, ROW, **head)) == (
        "Tệp định mức dinh-muc.yaml không đúng mẫu; hãy ghi schema_version: 1 và danh sách rows.",
    )
