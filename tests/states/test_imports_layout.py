"""Which rows are projects, groups, totals, signatures."""

from typing import Any

import pytest

from states.imports.heads import find_head
from states.imports.layout import Layout, content_of, lay_out
from states.vocabulary import Route

CONTENTS = {
    1: "Hỗ trợ nâng cao năng lực quản lý",
    2: "Mô hình trình diễn kỹ thuật; ứng dụng máy móc thiết bị, dây chuyền; mô hình thí điểm SXSH",
    3: "Bình chọn sản phẩm CNNT tiêu biểu; hội chợ, triển lãm; xây dựng, đăng ký nhãn hiệu",
}
HEAD = ["STT", "Tên đề án", "Đơn vị thực hiện", "Kinh phí hỗ trợ (đồng)"]


def laid(*rows: list[Any], merged: Any = ()) -> Layout:
    table = [HEAD, *rows]
    return lay_out(table, find_head(table), merged, CONTENTS)


def names(layout: Layout) -> list[Any]:
    return [listed.cells[1] for listed in layout.listed]


def warnings(layout: Layout) -> list[str]:
    return [remark.sentence for remark in layout.remarks if remark.is_warning]


def test_groups_give_content_and_route_to_the_rows_below() -> None:
    layout = laid(
        ["A", "Khuyến công địa phương", None, None],
        ["I", "Ứng dụng máy móc thiết bị", None, 500_000_000],
        [1, "Máy sấy", "TTKC", 300_000_000],
        [2, "Máy đóng gói", "TTKC", 200_000_000],
        ["II", "Nội dung 3: hội chợ", None, None],
        [3, "Gian hàng", "TTKC", 100_000_000],
        ["B. KHUYẾN CÔNG QUỐC GIA", None, None, None],
        [4, "Dây chuyền", "TTKC", 900_000_000],
    )

    assert [(listed.cells[1], listed.content, listed.route) for listed in layout.listed] == [
        ("Máy sấy", 2, Route.LOCAL),
        ("Máy đóng gói", 2, Route.LOCAL),
        ("Gian hàng", 3, Route.LOCAL),
        ("Dây chuyền", 3, Route.NATIONAL),
    ]


def test_totals_are_left_out_and_compared_with_what_they_sum() -> None:
    layout = laid(
        [1, "Máy sấy", "TTKC", 300_000_000],
        [2, "Máy xát", "TTKC", 200_000_000],
        [None, "Cộng nhóm 2", None, 500_000_000],
        [3, "Máy ép", "TTKC", 100_000_000],
        ["TỔNG CỘNG:", None, None, 650_000_000],
    )

    assert names(layout) == ["Máy sấy", "Máy xát", "Máy ép"]
    assert warnings(layout) == [
        "Dòng “TỔNG CỘNG:” ghi 650.000.000 đồng, cộng 3 dòng phía trên được 600.000.000 đồng; hãy kiểm tra."
    ]


def test_a_company_is_no_total_although_it_folds_alike() -> None:
    layout = laid(
        [None, "Công ty Hưng Thịnh ứng dụng máy sấy", "TTKC", 1_000_000], [2, "Cộng đồng nghề gốm", "TTKC", 2_000_000]
    )

    assert len(layout.listed) == 2


def test_titles_numbers_repeated_heads_empty_rows_and_signatures_are_no_projects() -> None:
    layout = laid(
        ["(1)", "(2)", "(3)", "(4)"],
        [1, "Máy sấy", "TTKC", 300_000_000],
        [None, None, None, None],
        HEAD,
        [2, None, None, None],
        [3, "Máy ép", "TTKC", "-"],
        [None, "Tổng cộng", None, 300_000_000],
        [None, "Người lập biểu", None, "Vĩnh Long, ngày 5 tháng 1 năm 2026"],
        [None, "Nguyễn Văn An", None, None],
    )

    assert names(layout) == ["Máy sấy", "Máy ép"]
    assert warnings(layout) == []


def test_a_cell_merged_downwards_speaks_for_each_of_its_rows_and_an_amount_once() -> None:
    layout = laid(
        [1, "Máy sấy", "TTKC", 300_000_000], [2, "Máy ép", None, None], merged=[((1, 2), (2, 2)), ((1, 3), (2, 3))]
    )

    assert [(listed.cells[2], listed.cells[3]) for listed in layout.listed] == [("TTKC", 300_000_000), ("TTKC", None)]


@pytest.mark.parametrize(
    ("label", "content"),
    [
        ("I. Hỗ trợ máy móc, thiết bị", 2),
        ("Nhóm 3", 3),
        ("nội dung số 1", 1),
        ("2", 2),
        ("Nâng cao năng lực quản lý", 1),
        ("Nhóm 9", None),
        ("Kế hoạch bổ sung", None),
    ],
)
def test_contents_by_number_or_name(label: str, content: int | None) -> None:
    assert content_of(label, CONTENTS) == content


def test_footnotes_below_the_grand_total_are_no_headings() -> None:
    layout = laid(
        [1, "Máy sấy", "TTKC", 300_000_000],
        ["Tổng cộng", None, None, 300_000_000],
        ["Kinh phí phê duyệt là số sau điều chỉnh; khuyến công quốc gia ghi riêng.", None, None, None],
        ["B. KHUYẾN CÔNG QUỐC GIA", None, None, None],
        [2, "Dây chuyền", "TTKC", 900_000_000],
    )

    assert [(listed.cells[1], listed.route) for listed in layout.listed] == [
        ("Máy sấy", None),
        ("Dây chuyền", Route.NATIONAL),
    ]
    assert layout.remarks[0].sentence == "Dòng chữ ký hoặc ghi chú cuối bảng, bỏ qua."
