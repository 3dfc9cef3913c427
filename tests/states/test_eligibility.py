"""Eligibility by place: the law's words before and after 15/10/2025, and unknown where the data cannot tell."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from states.eligibility import DISTRICTS_ENDED, NEW_RULE_FROM, Eligibility, Place, PlaceKind, eligibility

LAST_OLD_DAY, FIRST_NEW_DAY = date(2025, 10, 14), date(2025, 10, 15)
OLD = "TT 28/2018/TT-BTC Điều 2"
NEW = "NĐ 235/2025/NĐ-CP Điều 1 khoản 1"
P = PlaceKind


def place(kind: str, province: str, district: str | None = None) -> Place:
    return Place(kind=P(kind), province=P(province), district=P(district) if district else None)


@pytest.mark.parametrize(
    ("kind", "province", "craft_village", "eligible"),
    [
        ("xã", "tỉnh", None, True),
        ("phường", "tỉnh", None, True),
        ("đặc khu", "tỉnh", None, True),
        ("xã", "thành phố", None, True),
        ("đặc khu", "thành phố", None, True),
        ("phường", "thành phố", False, False),
        ("phường", "thành phố", None, None),
        ("phường", "thành phố", True, True),
        ("xã", "tỉnh", True, True),
        ("thị trấn", "tỉnh", None, None),
        ("tỉnh", "tỉnh", None, None),
        ("thành phố", "thành phố", None, None),
    ],
)
def test_new_rule(kind: str, province: str, craft_village: bool | None, eligible: bool | None) -> None:
    where = replace(place(kind, province), craft_village=craft_village)

    found = eligibility(where, on=FIRST_NEW_DAY)

    assert (found.eligible, found.basis) == (eligible, NEW)


@pytest.mark.parametrize(
    ("kind", "district", "province", "grade", "eligible"),
    [
        ("xã", "huyện", "tỉnh", None, True),
        ("thị trấn", "huyện", "tỉnh", None, True),
        ("xã", "huyện", "thành phố", None, True),
        ("phường", "thị xã", "tỉnh", None, True),
        ("xã", "thị xã", "tỉnh", None, True),
        ("phường", "thành phố", "tỉnh", 2, True),
        ("phường", "thành phố", "tỉnh", 3, True),
        ("xã", "thành phố", "tỉnh", 2, True),
        ("phường", "thành phố", "tỉnh", None, None),
        ("phường", "thành phố", "tỉnh", 1, None),
        ("phường", "quận", "thành phố", None, False),
        ("xã", None, "tỉnh", None, None),
        ("huyện", None, "tỉnh", None, None),
        ("tỉnh", None, "tỉnh", None, None),
    ],
)
def test_old_rule(kind: str, district: str | None, province: str, grade: int | None, eligible: bool | None) -> None:
    where = replace(place(kind, province, district), city_grade=grade)

    found = eligibility(where, on=date(2025, 6, 30))

    assert (found.eligible, found.basis) == (eligible, OLD)


def test_rule_changes_on_15_october_2025() -> None:
    old_unit, new_unit = place("xã", "tỉnh", "huyện"), place("phường", "tỉnh")

    assert eligibility(old_unit, on=LAST_OLD_DAY) == Eligibility(True, OLD)
    assert eligibility(new_unit, on=LAST_OLD_DAY).eligible is None
    assert eligibility(new_unit, on=FIRST_NEW_DAY) == Eligibility(True, NEW)
    assert eligibility(old_unit, on=FIRST_NEW_DAY).eligible is None


@pytest.mark.parametrize(
    ("approved_on", "eligible"),
    [(None, False), (LAST_OLD_DAY, True), (FIRST_NEW_DAY, False)],
)
def test_what_was_approved_before_the_change_goes_on(approved_on: date | None, eligible: bool) -> None:
    ward = replace(place("phường", "thành phố"), craft_village=False)

    found = eligibility(ward, on=date(2026, 2, 2), approved_on=approved_on)

    assert found.eligible is eligible


def test_earlier_approval_says_on_what_basis_it_goes_on() -> None:
    found = eligibility(place("phường", "tỉnh", "thành phố"), on=FIRST_NEW_DAY, approved_on=date(2024, 5, 23))

    assert found == Eligibility(True, "NĐ 235/2025/NĐ-CP (điều khoản chuyển tiếp)")


@pytest.mark.parametrize(
    ("where", "on", "warning"),
    [
        (
            place("phường", "tỉnh", "thành phố"),
            date(2024, 5, 23),
            "Chưa biết thành phố là đô thị loại mấy; hãy ghi loại đô thị (được hỗ trợ: loại 2, 3).",
        ),
        (
            replace(place("phường", "tỉnh", "thành phố"), city_grade=1),
            date(2024, 5, 23),
            "Thành phố không thuộc loại 2, loại 3; phần còn lại của điều này chưa kiểm chứng,"
            " hãy đối chiếu văn bản gốc và ghi kết luận của Sở.",
        ),
        (
            place("xã", "tỉnh"),
            date(2025, 6, 30),
            "Quy định cũ xét theo huyện, thị xã, thành phố; hãy ghi đơn vị cấp huyện của địa điểm.",
        ),
        (
            place("xã", "tỉnh"),
            date(2025, 7, 1),
            "Từ ngày 01/07/2025 không còn cấp huyện, còn quy định theo đơn vị mới có hiệu lực từ ngày 15/10/2025;"
            " hãy ghi địa điểm theo đơn vị hành chính cũ.",
        ),
        (
            place("xã", "tỉnh", "huyện"),
            FIRST_NEW_DAY,
            "Đơn vị hành chính này thuộc hệ thống cũ, đã hết từ ngày 01/07/2025;"
            " hãy ghi xã, phường hoặc đặc khu hiện nay của cơ sở.",
        ),
        (
            place("phường", "thành phố"),
            FIRST_NEW_DAY,
            "Phường của thành phố trực thuộc trung ương chỉ được hỗ trợ khi cơ sở ở làng nghề đã được công nhận;"
            " hãy ghi rõ cơ sở có ở làng nghề được công nhận hay không.",
        ),
        (
            place("tỉnh", "tỉnh"),
            FIRST_NEW_DAY,
            "Địa điểm rộng hơn một xã, phường; hãy ghi xã, phường hoặc đặc khu của cơ sở thụ hưởng.",
        ),
    ],
)
def test_unknown_says_what_is_missing(where: Place, on: date, warning: str) -> None:
    found = eligibility(where, on=on)

    assert (found.eligible, found.warnings) == (None, (warning,))


def test_unknown_is_never_silent_and_every_answer_has_a_basis() -> None:
    days = (date(2018, 5, 11), DISTRICTS_ENDED, LAST_OLD_DAY, NEW_RULE_FROM, date(2026, 11, 23))
    combinations = product(P, (P.PROVINCE, P.CITY), (None, *P), (None, 0, 1, 2, 3), (None, False, True), days)

    answers = [
        eligibility(
            Place(kind=kind, province=province, district=district, city_grade=grade, craft_village=village), on=on
        )
        for kind, province, district, grade, village, on in combinations
    ]

    assert [answer for answer in answers if (answer.eligible is None) != bool(answer.warnings)] == []
    assert {answer.basis for answer in answers} == {OLD, NEW}
