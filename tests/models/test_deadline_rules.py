"""New deadline rules: no clock that runs is moved by accident, and what was changed can be looked up."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.append import Origin
from models.calendars import set_rule
from models.deadline_rules import add_deadline_rules, set_pace
from models.deadlines import rebuild
from models.queries import list_projects, show_project
from models.queries.deadlines import deadlines_of
from models.queries.rules import DEADLINE, rule_changes, rule_list
from models.rule_file import DeadlineRuleFile
from models.rulebook import rulebook
from models.verify import verify
from states.refusal import Refused

NOTE = "QĐ 15/QĐ-SCT"


def submitted(office: Any) -> str:
    """A project handed in on 03/03/2026 by the clock of the office."""
    office.at = datetime(2026, 3, 2, 1, tzinfo=UTC)
    return str(office.bring(office.open(plan_year=2025), "submitted"))


def origin(office: Any) -> Origin:
    with office.store.read() as session:
        [person] = session.connection().exec_driver_sql("SELECT id FROM person WHERE code = 'giang'").scalars()
    return Origin(office.at, person, "test")


def pace(office: Any, code: str, **wanted: Any) -> str:
    by = origin(office)
    with office.store.write() as session:
        return set_pace(session, code, **wanted, note=NOTE, origin=by)


def check(office: Any, code: str) -> tuple[str, str]:
    with office.store.read() as session:
        [row] = deadlines_of(session, code, as_of=office.today)
    return row["rule"], row["due_on"]


def rule(**changes: Any) -> DeadlineRuleFile:
    values = {
        "id": "D-CHECK-NEW",
        "clock": "D-CHECK",
        "label": "Kiểm tra hồ sơ theo quy chế mới",
        "route": None,
        "unit": "workdays",
        "length": 3,
        "roll": "forward",
        "basis": NOTE,
        "statutory": False,
        "verified": True,
        "active": True,
        "effective_from": date(2026, 3, 3),
        "effective_until": None,
    }
    return DeadlineRuleFile.model_validate(values | changes)


def test_a_new_pace_holds_for_clocks_that_start_from_its_day(office_on_both: Any) -> None:
    office = office_on_both
    running = submitted(office)

    successor = pace(office, "D-CHECK", length=2)
    later = office.bring(office.open(plan_year=2025), "submitted")

    assert (check(office, running), check(office, later)) == (("D-CHECK", "2026-03-10"), (successor, "2026-03-06"))
    with office.store.write() as session:
        assert rebuild(session) == 0
    assert verify(office.store).ok


def test_every_change_of_a_rule_is_kept_with_who_and_why(office_on_both: Any) -> None:
    office = office_on_both
    submitted(office)

    successor = pace(office, "D-CHECK", length=2)

    with office.store.read() as session:
        ended, opened = (rule_changes(session, DEADLINE, code) for code in ("D-CHECK", successor))
        in_force = rule_list(rulebook(session), on=date(2026, 3, 4))["deadlines"]
    assert [(row["seq"], row["recorded_by"], row["note"], row["changes"]) for row in ended[1:]] == [
        (2, "giang", NOTE, [{"field": "effective_until", "old": None, "new": "2026-03-03"}])
    ]
    assert [(row["recorded_by"], row["note"]) for row in opened] == [("giang", NOTE)]
    assert [row["code"] for row in in_force if row["clock"] == "D-CHECK"] == [successor]


def test_a_rule_entered_after_its_day_measures_the_clocks_since_then(office_on_both: Any) -> None:
    office = office_on_both
    office.at = datetime(2026, 3, 2, 1, tzinfo=UTC)
    by = origin(office)
    with office.store.write() as session:
        set_rule(session, "D-CHECK", {"effective_until": date(2026, 3, 2)}, note=NOTE, origin=by)
    code = submitted(office)
    with office.store.read() as session:
        unmeasured = deadlines_of(session, code, as_of=office.today)

    with office.store.write() as session:
        moved = add_deadline_rules(session, [rule()], note=NOTE, origin=origin(office))

    assert (unmeasured, moved, check(office, code)) == ([], 1, ("D-CHECK-NEW", "2026-03-06"))
    assert verify(office.store).ok


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "Quy định D-CHECK-NEW trùng hiệu lực với D-CHECK; hãy ghi ngày hết hiệu lực của D-CHECK trước"),
        ({"id": "D-CHECK"}, "Mã D-CHECK đã có; hãy đặt mã khác."),
    ],
)
def test_rules_that_would_hold_together_are_refused(office_on_both: Any, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused) as refused, office_on_both.store.write() as session:
        add_deadline_rules(session, [rule(**changes)], note=NOTE, origin=Origin(office_on_both.at, None))

    assert refused.value.reasons[0].startswith(reason)


def test_what_measures_running_clocks_is_not_edited_in_place(office_on_both: Any) -> None:
    office = office_on_both
    yesterday = office.today - timedelta(days=1)

    with pytest.raises(Refused) as edited, office.store.write() as session:
        set_rule(session, "D-CHECK", {"length": 3}, note=NOTE, origin=Origin(office.at, None))
    with pytest.raises(Refused) as backdated, office.store.write() as session:
        set_rule(session, "D-CHECK", {"effective_until": yesterday}, note=NOTE, origin=Origin(office.at, None))

    assert edited.value.reasons == ("Không sửa length của D-CHECK tại chỗ; hãy ghi quy định mới từ một ngày sắp tới.",)
    assert backdated.value.reasons[0].startswith("Ngày hết hiệu lực 01/01/2024 đã qua")


def test_lists_carry_the_most_urgent_deadline_of_each_project(office_on_both: Any) -> None:
    office = office_on_both
    code, returned, draft = submitted(office), submitted(office), office.open(plan_year=2025)
    office.step(returned, "return", "binh", number="TB1", note="Thiếu", missing=("báo giá",))

    with office.store.read() as session:
        rows = list_projects(session, today=date(2026, 3, 12))
        timeless = list_projects(session)
        sheet = show_project(session, returned, today=date(2026, 3, 12))

    urgent = {row["code"]: row["deadline"] and (row["deadline"]["kind"], row["deadline"]["left"]) for row in rows}
    assert urgent == {
        code: ("D-CHECK", "Quá hạn 2 ngày làm việc"),
        returned: ("D-SUPP", "Còn 4 ngày làm việc"),
        draft: None,
    }
    assert [row["deadline"] for row in timeless] == [None] * 3
    assert [(row["kind"], row["left"]) for row in sheet["deadlines"]] == [
        ("D-SUPP", "Còn 4 ngày làm việc"),
        ("D-CHECK", "Tạm dừng"),
    ]
