"""The reference file of deadline rules: whole, with basis and dates, and refused when it contradicts itself."""

from pathlib import Path

import pytest

from models.rule_file import read_rule_file
from models.shipped import REFERENCE
from states.refusal import Refused
from states.steps import STEPS

RULES = read_rule_file(REFERENCE / "deadline_rules.yaml")


def test_every_rule_has_a_basis() -> None:
    assert [rule.id for rule in RULES if not rule.basis.strip()] == []


def test_every_clock_of_the_lifecycle_has_a_rule() -> None:
    clocks = {clock for step in STEPS for clock in (*step.opens, *step.pauses, *step.resumes)}

    assert clocks - {rule.clock for rule in RULES} == set()


def test_office_rules_are_never_law_and_law_is_never_an_office_rule() -> None:
    for rule in RULES:
        assert rule.statutory != (rule.basis == "Quy định nội bộ") or not rule.active, rule.id


def test_local_route_has_only_budget_dates_as_law() -> None:
    law = {rule.id for rule in RULES if rule.statutory and rule.active and rule.route in (None, "local")}

    assert law == {"D-END", "D-31JAN", "D-31MAR"}


def test_registration_of_20_june_follows_that_of_20_may_without_a_gap() -> None:
    old, new = (next(rule for rule in RULES if rule.id == code) for code in ("D-REG-OLD", "D-REG"))

    assert (old.month, old.day, str(old.effective_until)) == (5, 20, "2018-12-31")
    assert (new.month, new.day, str(new.effective_from)) == (6, 20, "2019-01-01")


LINE = (
    '{{id: {id}, clock: D-CHECK, label: "x", route: null, unit: {unit}, {length}, roll: forward, basis: "b", '
    "statutory: false, verified: true, active: true, effective_from: 2020-01-01, effective_until: null}}"
)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            [
                {"id": "A", "unit": "workdays", "length": "length: 5"},
                {"id": "B", "unit": "days", "length": "length: 5"},
            ],
            "Quy định A và B cùng có hiệu lực cho D-CHECK; hãy sửa ngày hiệu lực của một trong hai.",
        ),
        ([{"id": "A", "unit": "date", "length": "length: 5"}], "Tệp quy định rules.yaml"),
        ([{"id": "A", "unit": "weeks", "length": "length: 5"}], "Tệp quy định rules.yaml"),
    ],
    ids=["two in force", "date with length", "unknown unit"],
)
def test_contradicting_file_is_refused(tmp_path: Path, lines: list[dict[str, str]], sentence: str) -> None:
    path = tmp_path / "rules.yaml"
    listed = "\n".join(f"  - {LINE.format(**line)}" for line in lines)
    path.write_text(f"schema_version: 1\nrules:\n{listed}\n", encoding="utf-8")

    with pytest.raises(Refused) as refused:
        read_rule_file(path)

    assert refused.value.reasons[0].startswith(sentence)
