"""When two supports are for the same thing, and when two records are the same beneficiary."""

from typing import Any

import pytest

from states.activities import Activity
from states.duplicates import Certainty, Kinship, Recipient, Support, certainty, duplicates, kinship

OLD, OTHER_OLD, NEW, NEWER, ELSEWHERE = 1, 2, 3, 4, 5
#: Two communes were merged into one, which was renamed later.
SUCCESSORS = {OLD: [NEW], OTHER_OLD: [NEW], NEW: [NEWER]}
OWNER = Recipient(1, "Cơ sở Tàu hủ ky Mỹ Hòa", "9900912345", OLD)
PACKER, DRYER = "Máy đóng gói hút chân không", "Máy sấy thăng hoa"
NAME = "Hỗ trợ ứng dụng máy móc, thiết bị tiên tiến trong sản xuất tàu hủ ky"


def support(number: int = 1, **changes: Any) -> Support:
    said: dict[str, Any] = {
        "plan_year": 2024,
        "activity": "machinery",
        "name": NAME,
        "equipment": PACKER,
        "recipients": (OWNER,),
    }
    return Support(number, **(said | changes))


# --- the same beneficiary -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "kin"),
    [
        (Recipient(1, "Tên khác"), Kinship.RECORD),
        (Recipient(2, "Tên khác", "9900912345-001"), Kinship.TAX_CODE),
        (Recipient(2, "Tên khác", "9900912346"), None),
        (Recipient(2, "Tên khác", None, OLD), None),
        (Recipient(2, "CO SO TAU HU KY MY HOA", None, OLD), Kinship.NAME_AND_PLACE),
        (Recipient(2, OWNER.name, None, NEW), Kinship.NAME_AND_PLACE),
        (Recipient(2, OWNER.name, None, NEWER), Kinship.NAME_AND_PLACE),
        # Both communes went into the same new one, and were two places before.
        (Recipient(2, OWNER.name, None, OTHER_OLD), None),
        (Recipient(2, OWNER.name, None, ELSEWHERE), None),
        (Recipient(2, OWNER.name, None, None), None),
    ],
)
def test_a_beneficiary_is_recognised_by_record_by_firm_or_by_name_and_place(
    other: Recipient, kin: Kinship | None
) -> None:
    assert kinship(OWNER, other, SUCCESSORS) is kin
    assert kinship(other, OWNER, SUCCESSORS) is kin


def test_two_records_of_one_name_without_places_stay_two() -> None:
    assert kinship(Recipient(1, "Cơ sở Ba"), Recipient(2, "Cơ sở Ba"), {}) is None


def test_successors_that_go_round_are_followed_once() -> None:
    one, other = Recipient(1, "Cơ sở Ba", None, 1), Recipient(2, "Cơ sở Ba", None, 3)

    assert kinship(one, other, {1: [2], 2: [1]}) is None


# --- the same thing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("same", [PACKER, "máy  đóng gói, hút chân không", "MAY DONG GOI - HUT CHAN KHONG"])
def test_equal_equipment_is_the_same_whatever_the_names_say(same: str) -> None:
    assert certainty(support(), support(equipment=same, name="Đề án khác")) is Certainty.SAME


@pytest.mark.parametrize(
    ("changes", "sure"),
    [
        ({"equipment": "Máy hút chân không, đóng gói"}, Certainty.LIKELY),
        ({"equipment": f"02 {PACKER}"}, Certainty.LIKELY),
        ({"equipment": DRYER}, None),
        # Without equipment on one side the names speak, or the equipment and the other's name.
        ({"equipment": None}, Certainty.LIKELY),
        ({"equipment": "Máy móc, thiết bị"}, Certainty.LIKELY),
        ({"equipment": None, "name": "Hỗ trợ máy đóng gói cho Cơ sở Mỹ Hòa"}, Certainty.LIKELY),
        ({"equipment": None, "name": "Hỗ trợ ứng dụng máy sấy"}, None),
    ],
)
def test_wordings_decide_where_equipment_is_not_equal(changes: dict[str, Any], sure: Certainty | None) -> None:
    assert certainty(support(), support(**changes)) is sure
    assert certainty(support(**changes), support()) is sure


def test_two_phrases_that_say_nothing_are_never_certain() -> None:
    empty = support(equipment="Máy móc, thiết bị", name="Hỗ trợ ứng dụng máy sấy")

    assert certainty(empty, empty) is Certainty.LIKELY
    assert certainty(empty, support(equipment="Máy móc, thiết bị", name="Hỗ trợ máy đóng gói")) is None


@pytest.mark.parametrize(
    ("one", "other", "sure"),
    [
        ("machinery", "production_line", Certainty.SAME),
        ("machinery", "Ứng dụng dây chuyền công nghệ", Certainty.SAME),
        ("machinery", "demonstration_model", None),
        ("showroom", "showroom", Certainty.SAME),
        ("Việc chưa có mã", "viec chua co ma", Certainty.SAME),
        ("Việc chưa có mã", "machinery", None),
    ],
)
def test_only_machines_and_lines_are_one_class(one: str, other: str, sure: Certainty | None) -> None:
    assert certainty(support(activity=one), support(activity=other)) is sure


@pytest.mark.parametrize(
    ("activity", "in_another_year"),
    [(activity, None) for activity in (Activity.FAIR_PARTICIPATION, Activity.TRAINING, Activity.PUBLICATION)]
    + [(activity, Certainty.LIKELY) for activity in (Activity.TRADEMARK, Activity.CONSULTING, Activity.SHOWROOM)],
)
def test_what_comes_back_every_year_is_doubled_only_within_one(
    activity: Activity, in_another_year: Certainty | None
) -> None:
    now, again, later = (
        support(activity=str(activity), equipment=None, name=f"{activity.label} của cơ sở", plan_year=year)
        for year in (2024, 2024, 2025)
    )

    assert certainty(now, again) is Certainty.LIKELY
    assert certainty(now, later) is in_another_year


# --- together -----------------------------------------------------------------------------------------


def test_duplicates_are_told_the_certain_ones_first_and_then_by_year() -> None:
    others = [
        support(1),
        support(2, plan_year=2025),
        support(3, plan_year=2022, equipment=None),
        support(4, plan_year=2023),
        support(5, equipment=DRYER),
        support(6, recipients=(Recipient(9, "Cơ sở khác"),)),
    ]

    found = duplicates(support(1), others, SUCCESSORS)

    assert [(one.support.id, one.certainty) for one in found] == [
        (4, Certainty.SAME),
        (2, Certainty.SAME),
        (3, Certainty.LIKELY),
    ]


def test_of_several_recipients_the_surest_is_named() -> None:
    branch = Recipient(2, "Chi nhánh Mỹ Hòa", "9900912345-001")
    stranger = Recipient(9, "Cơ sở khác")

    [found] = duplicates(support(1), [support(2, recipients=(stranger, branch, OWNER))], SUCCESSORS)

    assert (found.recipient, found.kinship) == (OWNER, Kinship.RECORD)
