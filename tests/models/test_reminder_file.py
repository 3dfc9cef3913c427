"""The file of reminder rules: the shipped ladder, and what a row may not say."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from models.reminder_file import read_reminder_file, read_reminder_row
from states.dated_rules import NATIONAL
from states.refusal import Refused

ROW: dict[str, Any] = {
    "id": "N-X",
    "kind": "ladder",
    "audience": "owner",
    "workdays": -3,
    "basis": "Quy định nội bộ",
    "verified": False,
    "doubt": "đề xuất nội bộ",
    "effective_from": date(2026, 1, 1),
}


def write(folder: Path, *rows: Any) -> Path:
    path = folder / "moc-nhac.yaml"
    path.write_text(yaml.safe_dump({"schema_version": 1, "rows": list(rows)}, allow_unicode=True), encoding="utf-8")
    return path


def test_shipped_ladder_is_that_of_the_design() -> None:
    rules = read_reminder_file()

    assert [(rule.workdays, str(rule.audience)) for rule in rules if rule.kind == "ladder"] == [
        (-7, "owner"),
        (-3, "owner"),
        (-1, "owner"),
        (0, "owner"),
        (1, "owner"),
        (2, "supervisor"),
        (5, "next_level"),
    ]
    assert [(str(rule.kind), rule.every, str(rule.audience)) for rule in rules if rule.every] == [
        ("waiting", 10, "owner"),
        ("inactivity", 20, "supervisor"),
    ]
    assert [rule.id for rule in rules if rule.urgent] == ["N-T0"]


def test_shipped_rules_are_the_offices_own_and_in_doubt() -> None:
    rules = read_reminder_file()

    assert {(rule.basis, rule.verified, rule.jurisdiction) for rule in rules} == {("Quy định nội bộ", False, NATIONAL)}
    assert all(rule.doubt and rule.active and rule.clock is None and rule.route is None for rule in rules)


def test_row_is_called_by_what_it_does_unless_the_office_words_it(tmp_path: Path) -> None:
    plain, own = read_reminder_file(write(tmp_path, ROW, {**ROW, "id": "N-Y", "workdays": -5, "label": "Nhắc sớm"}))

    assert (plain.label, own.label) == ("trước hạn 3 ngày làm việc, người phải xử lý", "Nhắc sớm")


def test_stored_rule_is_read_again_as_it_is(tmp_path: Path) -> None:
    special = {**ROW, "clock": "D-22JAN", "route": "national", "urgent": True, "active": False}
    rules = (*read_reminder_file(), *read_reminder_file(write(tmp_path, special)))

    again = tuple(read_reminder_row(asdict(rule)) for rule in rules)

    assert again == rules


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "hourly"}, "kind (kind)"),
        ({"audience": "minister"}, "audience (audience)"),
        ({"workdays": -61}, "workdays (workdays)"),
        ({"workdays": 1.0}, "workdays (workdays)"),
        ({"workdays": True}, "workdays (workdays)"),
        ({"every": -1}, "every (every)"),
        ({"every": 251}, "every (every)"),
        ({"urgent": 1}, "urgent (urgent)"),
        ({"active": "no"}, "active (active)"),
        ({"route": "lunar"}, "route (route)"),
        ({"activity": "machinery"}, "hoạt động (activity)"),
        ({"minutes": 5}, "minutes (minutes)"),
    ],
)
def test_wrong_value_is_refused_by_row_and_field(tmp_path: Path, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        read_reminder_file(write(tmp_path, {**ROW, **changed}))

    [reason] = refused.value.reasons
    assert reason.startswith(f"Tệp mốc nhắc moc-nhac.yaml, dòng “N-X”: {field} ")


def test_clock_that_is_none_is_refused_with_an_example(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_reminder_file(write(tmp_path, {**ROW, "clock": "deadline/1"}))

    assert refused.value.reasons == (
        "Tệp mốc nhắc moc-nhac.yaml, dòng “N-X”: Loại hạn “deadline/1” không đúng mẫu; hãy ghi mã của hạn như D-CHECK,"
        " D-22JAN.",
    )


@pytest.mark.parametrize("field", ["kind", "audience", "basis", "verified", "effective_from"])
def test_missing_value_is_refused(tmp_path: Path, field: str) -> None:
    row = {key: value for key, value in ROW.items() if key != field}

    with pytest.raises(Refused) as refused:
        read_reminder_file(write(tmp_path, row))

    assert refused.value.reasons[0].endswith(f"({field}) còn thiếu; hãy ghi lại.")


def test_two_rows_of_one_rung_are_refused_and_a_special_one_beside_a_general_one_is_not(tmp_path: Path) -> None:
    twin = {**ROW, "id": "N-Y", "effective_from": date(2026, 6, 1)}

    with pytest.raises(Refused) as refused:
        read_reminder_file(write(tmp_path, ROW, twin))

    assert refused.value.reasons == (
        "Mốc nhắc N-X và N-Y cùng có hiệu lực từ ngày 01/06/2026 cho “trước hạn 3 ngày làm việc, người phải xử lý”;"
        " hãy sửa ngày hiệu lực của một trong hai.",
    )
    assert len(read_reminder_file(write(tmp_path, ROW, {**twin, "clock": "D-END"}))) == 2
