"""The file of prepayment rules: the shipped table as the circular has it, and what a row may not say."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.prepayment_file import read_prepayment_file
from states.activities import Activity
from states.dated_rules import NATIONAL
from states.prepayments import rule_for
from states.refusal import Refused
from states.vocabulary import Paper, Route

CLUSTER_PAPERS = (Paper.SUPPORT_CONTRACT, Paper.INVESTOR_CONTRACT, Paper.PROGRESS_REPORT)

#: Percent, progress, papers, verified: TT 36/2013/TT-BCT Điều 15 as far as it was read. What is not here has no rule.
SHARES: dict[str, tuple[int, int, tuple[Paper, ...], bool]] = {
    "cluster_infrastructure": (30, 50, CLUSTER_PAPERS, True),
    "cluster_pollution_treatment": (30, 50, CLUSTER_PAPERS, True),
    "cluster_planning": (70, 0, (), True),
    "cluster_linkage": (70, 0, (), True),
    "training": (70, 0, (), True),
    "consulting": (70, 0, (), True),
    "packaging": (70, 0, (), False),
    "conference": (70, 0, (), True),
    "study_tour": (70, 0, (), True),
    "study_abroad": (70, 0, (), False),
    "trademark": (70, 0, (), True),
    "showroom": (70, 0, (), True),
    "association": (70, 0, (), True),
    "fair_organisation": (70, 0, (), True),
    "fair_participation": (70, 0, (), False),
    "fair_abroad": (70, 0, (), False),
    "broadcasting": (70, 0, (), True),
    "publication": (70, 0, (), False),
}

ROW: dict[str, Any] = {
    "id": "P-VL",
    "activity": None,
    "jurisdiction": "vinh-long",
    "route": "local",
    "percent": 50,
    "basis": "QĐ 1/2015/QĐ-UBND Điều 5",
    "verified": True,
    "effective_from": date(2015, 1, 1),
}


def write(folder: Path, *rows: Any) -> Path:
    path = folder / "tam-ung.yaml"
    path.write_text(yaml.safe_dump({"schema_version": 1, "rows": list(rows)}, allow_unicode=True), encoding="utf-8")
    return path


# --- the shipped table --------------------------------------------------------------------------------


def test_shipped_shares_are_those_of_the_circular() -> None:
    rules = read_prepayment_file()

    found = {str(rule.activity): (rule.percent, rule.progress, rule.papers, rule.verified) for rule in rules}
    assert found == SHARES
    assert len(rules) == len(SHARES)


def test_shipped_rules_are_national_and_none_is_for_every_activity() -> None:
    rules = read_prepayment_file()

    assert {(rule.jurisdiction, rule.route) for rule in rules} == {(NATIONAL, Route.NATIONAL)}
    assert {rule.basis for rule in rules} == {"TT 36/2013/TT-BCT Điều 15 (sửa đổi tại TT 17/2018/TT-BCT)"}
    assert {(rule.effective_from, rule.effective_until) for rule in rules} == {(date(2014, 2, 10), None)}
    assert [rule.id for rule in rules if rule.verified == bool(rule.doubt)] == []


@pytest.mark.parametrize("activity", sorted(Activity))
def test_no_share_is_assumed_for_what_was_not_read(activity: Activity) -> None:
    rules, on = read_prepayment_file(), date(2026, 3, 2)

    local, national = (rule_for(rules, activity, route=route, on=on, jurisdiction="vinh-long") for route in Route)

    assert local is None
    assert (national is not None) is (activity in SHARES)


# --- other files --------------------------------------------------------------------------------------


def test_row_of_a_province_serves_every_activity_without_conditions(tmp_path: Path) -> None:
    [rule] = read_prepayment_file(write(tmp_path, ROW))

    assert (rule.activity, rule.label, rule.route, rule.percent) == (None, "Mọi hoạt động", Route.LOCAL, 50)
    assert (rule.progress, rule.papers, rule.doubt, rule.effective_until) == (0, (), "", None)


def test_row_names_its_activity_its_condition_and_its_papers(tmp_path: Path) -> None:
    row = {**ROW, "activity": "machinery", "progress": 99, "papers": ["progress_report", "vouchers"]}

    [rule] = read_prepayment_file(write(tmp_path, row))

    assert (rule.activity, rule.label) == (Activity.MACHINERY, Activity.MACHINERY.label)
    assert (rule.progress, rule.papers) == (99, (Paper.PROGRESS_REPORT, Paper.VOUCHERS))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"percent": 0}, "percent (percent)"),
        ({"percent": 101}, "percent (percent)"),
        ({"percent": 70.0}, "percent (percent)"),
        ({"percent": None}, "percent (percent)"),
        ({"progress": -1}, "progress (progress)"),
        ({"progress": 100}, "progress (progress)"),
        ({"progress": True}, "progress (progress)"),
        ({"papers": ["moon_paper"]}, "papers.0 (papers.0)"),
        ({"papers": "progress_report"}, "papers (papers)"),
        ({"route": None}, "route (route)"),
        ({"activity": "moon_base"}, "hoạt động (activity)"),
        ({"cap": 1}, "cap (cap)"),
    ],
)
def test_wrong_value_is_refused_by_row_and_field(tmp_path: Path, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        read_prepayment_file(write(tmp_path, {**ROW, **changed}))

    [reason] = refused.value.reasons
    assert reason.startswith(f"Tệp mức tạm ứng tam-ung.yaml, dòng “P-VL”: {field} ")


@pytest.mark.parametrize("field", ["activity", "route", "percent", "basis", "verified", "effective_from"])
def test_missing_value_is_refused(tmp_path: Path, field: str) -> None:
    row = {key: value for key, value in ROW.items() if key != field}

    with pytest.raises(Refused) as refused:
        read_prepayment_file(write(tmp_path, row))

    assert refused.value.reasons[0].endswith(f"({field}) còn thiếu; hãy ghi lại.")


def test_two_rows_in_force_on_one_day_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_prepayment_file(write(tmp_path, ROW, {**ROW, "id": "P-VL-2", "effective_from": date(2026, 1, 1)}))

    assert refused.value.reasons == (
        "Mức tạm ứng P-VL và P-VL-2 cùng có hiệu lực từ ngày 01/01/2026 cho “Mọi hoạt động”;"
        " hãy sửa ngày hiệu lực của một trong hai.",
    )


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_prepayment_file(tmp_path / "khong-co.yaml")

    assert refused.value.reasons == ("Không đọc được tệp mức tạm ứng khong-co.yaml; hãy kiểm tra lại tệp YAML.",)
