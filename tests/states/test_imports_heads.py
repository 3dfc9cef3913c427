"""Heads of registers as offices write them."""

import unicodedata
from typing import Any

import pytest

from states.imports.head_words import Field
from states.imports.heads import find_head, is_numbering, key, repeats_head
from states.refusal import Refused


def fields(*rows: list[Any], **more: Any) -> dict[Field, tuple[int, int | None]]:
    head = find_head(rows, **more)
    return {column.field: (column.index, column.scale) for column in head.columns}


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("Tên ĐA", Field.NAME),
        ("TÊN ĐỀ ÁN", Field.NAME),
        (unicodedata.normalize("NFD", "Đơn vị thực hiện"), Field.UNIT),
        ("Đơn\u00a0vị\nthụ hưởng", Field.BENEFICIARY),
        ("Kinh phí KCĐP (triệu đồng)", Field.LOCAL_FUND),
        ("MST", Field.TAX_CODE),
        ("Ðịa điểm", Field.PLACE),
        ("Nội dung/nhóm", Field.CONTENT),
        ("Thời gian thực hiện:", Field.PERIOD),
        ("total_cost", Field.TOTAL_COST),
    ],
)
def test_heads_are_known_however_they_are_written(head: str, field: Field) -> None:
    assert fields(["STT", "Mã đề án", "Kết thúc", head])[field] == (3, 1_000_000 if field is Field.LOCAL_FUND else None)


@pytest.mark.parametrize(
    ("head", "scale"),
    [
        ("Tổng kinh phí (đồng)", 1),
        ("Tổng kinh phí (tr.đ)", 10**6),
        ("Tổng kinh phí\n(ĐVT: nghìn đồng)", 10**3),
        ("Tổng kinh phí [tỷ đồng]", 10**9),
        ("Tổng kinh phí", None),
        ("Tổng kinh phí (dự kiến)", None),
    ],
)
def test_the_unit_in_a_head_scales_its_amounts(head: str, scale: int | None) -> None:
    assert fields(["Tên đề án", head])[Field.TOTAL_COST] == (1, scale)


def test_the_unit_line_above_the_head_is_for_columns_without_one() -> None:
    rows: list[list[Any]] = [[None, None, "Đơn vị tính: triệu đồng"], ["Tên đề án", "Đối ứng (đồng)", "Tổng kinh phí"]]

    found = fields(*rows)

    assert (found[Field.COUNTERPART], found[Field.TOTAL_COST]) == ((1, 1), (2, 10**6))


def test_a_head_over_two_rows_with_merged_groups() -> None:
    rows: list[list[Any]] = [
        ["SỞ CÔNG THƯƠNG", None, None, None, None, None],
        ["KẾ HOẠCH KHUYẾN CÔNG NĂM 2026", None, None, None, None, None],
        ["STT", "Tên đề án", "Kinh phí hỗ trợ (triệu đồng)", None, "Thời gian", None],
        [None, None, "KCQG", "KCĐP", "Bắt đầu", "Kết thúc"],
        [1, "Máy sấy", 0, 300, "tháng 3", "tháng 8"],
    ]

    head = find_head(rows, merged=[((2, 2), (2, 3)), ((2, 4), (2, 5))])

    assert [(column.field, column.index, column.scale) for column in head.columns] == [
        (Field.ORDINAL, 0, None),
        (Field.NAME, 1, None),
        (Field.NATIONAL_FUND, 2, 10**6),
        (Field.LOCAL_FUND, 3, 10**6),
        (Field.STARTS_ON, 4, None),
        (Field.ENDS_ON, 5, None),
    ]
    assert (head.first, head.last, head.year) == (2, 3, 2026)


def test_a_group_without_merging_reaches_over_what_speaks_below_it() -> None:
    found = fields(["Tên đề án", "Đơn vị thụ hưởng", None], [None, "Tên", "Mã số thuế"], ["Máy", "Lan", "9900912345"])

    assert (found[Field.BENEFICIARY], found[Field.TAX_CODE]) == ((1, None), (2, None))


def test_the_first_project_is_no_second_row_of_the_head() -> None:
    assert find_head([["Tên đề án", "Đơn vị thực hiện"], ["Máy sấy", "Trung tâm"]]).last == 0


def test_a_column_under_the_code_of_a_target_holds_quantities() -> None:
    head = find_head([["Tên đề án", "Năm", "T2_2"]], targets=["T2_1", "T2_2"])

    assert [(column.field, column.target) for column in head.columns][2] == (Field.TARGET, "T2_2")


def test_unknown_heads_are_told_and_not_used() -> None:
    assert find_head([["Tên đề án", "Năm", "Cán bộ theo dõi"]]).unknown == ((2, "Cán bộ theo dõi"),)


def test_a_sheet_without_a_head_is_refused() -> None:
    with pytest.raises(Refused, match="Không tìm thấy dòng tiêu đề"):
        find_head([["Kính gửi", None], ["Tổng kinh phí", 300]])


def test_two_columns_that_say_the_same_are_refused() -> None:
    with pytest.raises(Refused, match="Hai cột cùng là «kinh phí đối ứng»"):
        find_head([["Tên đề án", "Đối ứng", "Vốn đối ứng"]])


def test_repeated_heads_and_numbers_of_columns_are_recognised() -> None:
    head = find_head([["STT", "Tên đề án", "Đơn vị thực hiện"]])

    assert [
        repeats_head(row, head) for row in (["STT", "TÊN ĐỀ ÁN", "Đơn vị thực hiện"], ["1", "Tên đề án A", "x"])
    ] == [
        True,
        False,
    ]
    numbered: list[list[Any]] = [[1, 2, 3], ["(1)", "(2)", "(3)=(1)+(2)"], ["A", "B", "C"], ["1", "Máy", 3]]
    assert [is_numbering(row) for row in numbered] == [True, True, True, False]
    assert key("Tổng KP\n(triệu đồng)") == "tong kp"


@pytest.mark.parametrize(
    ("titles", "year"),
    [
        (["DANH MỤC ĐỀ ÁN NĂM 2026", "(Kèm theo Tờ trình số 12/TTr-SCT ngày 03 tháng 11 năm 2025)"], 2026),
        (["DANH MỤC ĐỀ ÁN NĂM 2026\n(Kèm theo Tờ trình năm 2025)"], 2026),
        (["DANH MỤC NĂM 2026 (kèm theo Quyết định số 1 năm 2025)"], 2026),
        (["Vĩnh Long, ngày     tháng 12 năm 2025", "KẾ HOẠCH KHUYẾN CÔNG NĂM 2026"], 2026),
        (["KẾ HOẠCH NĂM 2025 VÀ NĂM 2026"], None),
        (["Kèm theo Tờ trình năm 2025"], None),
    ],
)
def test_the_year_of_a_list_is_not_that_of_the_paper_it_came_with(titles: list[str], year: int | None) -> None:
    rows: list[list[Any]] = [*([title, None, None] for title in titles), ["STT", "Tên đề án", "Đơn vị thực hiện"]]

    assert find_head(rows).year == year
