"""Wordings as offices write them: what says the same machine and what does not."""

import unicodedata
from typing import Any

import pytest

from states.folding import fold
from states.wording import ENOUGH, is_same_machine, is_same_subject, machines, names_a_machine

SAME = [
    # Word order, punctuation, and how much was left out.
    ("Máy đóng gói hút chân không", "Máy hút chân không, đóng gói"),
    ("Máy chạm khắc gỗ CNC", "Máy CNC chạm khắc gỗ"),
    ("Lò nung gốm con thoi dùng gas", "Lò con thoi nung gốm"),
    ("Máy chiết rót – đóng nắp", "Máy chiết rót và đóng nắp tự động"),
    ("Máy nghiền và lọc bột gạo", "Thiết bị nghiền lọc bột gạo"),
    ("Máy dệt chiếu tự động", "Máy dệt chiếu"),
    ("Máy tráng bánh tự động", "Máy tráng bánh hấp hơi liên tục"),
    ("Máy sấy lúa dạng tháp", "Máy sấy lúa tháp tuần hoàn"),
    ("Máy đóng gói trà túi lọc", "Máy đóng gói túi lọc tam giác"),
    # Sizes, counts and years.
    ("Máy sấy thăng hoa", "Hệ thống máy sấy thăng hoa công suất 500 kg/mẻ"),
    ("Máy sấy bơm nhiệt", "Tủ sấy bơm nhiệt 2,5 tấn/mẻ"),
    ("01 máy ghép mí lon", "02 máy ghép mí lon bán tự động"),
    ("Máy thêu vi tính 12 đầu", "Máy thêu vi tính nhiều đầu"),
    ("Nồi hơi điện 500 kg/h", "Nồi hơi điện"),
    ("Máy may công nghiệp 1 kim", "Máy may công nghiệp"),
    # One of several machines, and the machine in a line.
    ("Máy hàn robot và máy chấn thủy lực", "Máy chấn thủy lực"),
    ("Máy ép nước cốt dừa và lò sấy cơm dừa", "Lò sấy cơm dừa"),
    ("Máy xay xát – lau bóng gạo", "Máy lau bóng gạo"),
    ("Dây chuyền rửa, phân loại và đóng gói trứng muối", "Máy đóng gói trứng muối"),
    # Typed without accents.
    ("Máy cắt laser sợi quang CNC", "may cat laser CNC"),
    ("Ho tro ung dung may say lua thap trong xay xat", "Hỗ trợ máy sấy lúa tháp"),
    # Names of projects.
    ("Hỗ trợ ứng dụng máy sấy thăng hoa trong chế biến trái cây", "Máy sấy thăng hoa"),
    (
        "Hỗ trợ ứng dụng máy đóng gói tự động trong sản xuất tàu hủ ky",
        "Hỗ trợ máy đóng gói cho Cơ sở Tàu hủ ky Mỹ Hòa",
    ),
    (
        "Hỗ trợ ứng dụng dây chuyền nướng và đóng gói bánh trong sản xuất bánh",
        "Đề án hỗ trợ dây chuyền nướng bánh tự động năm 2025",
    ),
    (
        "Hỗ trợ ứng dụng máy móc, thiết bị tiên tiến trong sản xuất bún khô",
        "Ứng dụng máy móc thiết bị tiên tiến vào sản xuất bún khô tại Cơ sở Ba Phát",
    ),
    ("Hỗ trợ ứng dụng máy móc, thiết bị tiên tiến", "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến"),
]
DIFFERENT = [
    # Another operation on the same product, or with the same means.
    ("Máy đóng gói hút chân không", "Máy chiên chân không"),
    ("Máy chiên chân không khoai lang", "Máy sấy chân không khoai lang"),
    ("Máy sấy tàu hủ ky", "Máy đóng gói tàu hủ ky"),
    ("Máy tách màu gạo", "Máy đóng gói gạo"),
    ("Máy nghiền bột gạo", "Máy trộn bột gạo"),
    ("Máy xay cà phê", "Máy rang cà phê"),
    ("Máy cưa gỗ", "Máy bào gỗ bốn mặt"),
    ("Máy cắt laser CNC", "Máy phay CNC"),
    ("Lò sấy 2 tấn/mẻ", "Máy ép dầu 2 tấn/mẻ"),
    ("Máy sấy lạnh nông sản", "Kho lạnh bảo quản nông sản"),
    ("Thiết bị tự động đóng gói", "Thiết bị tự động cấp liệu"),
    ("Máy may công nghiệp", "Máy trải cắt vải tự động"),
    # The same operation by another machine.
    ("Máy cắt plasma CNC", "Máy cắt laser CNC"),
    ("Máy sấy bơm nhiệt", "Máy sấy thăng hoa"),
    ("Máy dệt chiếu tự động", "Máy dệt thảm lác bán tự động"),
    ("Máy ép gạch không nung", "Máy ép viên thức ăn chăn nuôi"),
    ("Dây chuyền ép phun nhựa", "Dây chuyền thổi màng nhựa"),
    ("Máy in offset 4 màu", "Máy in ống đồng"),
    # Names of projects.
    (
        "Hỗ trợ ứng dụng máy sấy trong chế biến trái cây sấy dẻo",
        "Hỗ trợ ứng dụng máy đóng gói trong chế biến trái cây sấy dẻo",
    ),
    (
        "Hỗ trợ ứng dụng máy chiết rót trong sản xuất rượu nếp tại Cơ sở Năm Thành, xã Hiếu Thành",
        "Hỗ trợ ứng dụng nồi chưng cất trong sản xuất rượu nếp tại Cơ sở Năm Thành, xã Hiếu Thành",
    ),
    (
        "Hỗ trợ ứng dụng máy móc tiên tiến trong sản xuất bún",
        "Hỗ trợ ứng dụng máy móc tiên tiến trong sản xuất nước mắm",
    ),
    ("Hỗ trợ ứng dụng máy móc, thiết bị tiên tiến", "Hỗ trợ ứng dụng máy sấy"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_wordings_of_one_machine_are_alike(one: str, other: str) -> None:
    assert is_same_machine(one, other)
    assert is_same_machine(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_wordings_of_different_machines_are_not(one: str, other: str) -> None:
    assert not is_same_machine(one, other)
    assert not is_same_machine(other, one)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_the_normal_form_makes_no_difference(form: Any) -> None:
    written = unicodedata.normalize(form, "Hỗ trợ ứng dụng máy sấy thăng hoa trong chế biến trái cây")

    assert machines(written) == (("say", "thang", "hoa"),)


@pytest.mark.parametrize(
    ("share", "missed", "invented"),
    [((1, 2), 0, 3), ((2, 3), 0, 1), (ENOUGH, 0, 0), ((4, 5), 1, 0), ((1, 1), 2, 0)],
)
def test_no_other_share_of_words_mistakes_no_pair(share: tuple[int, int], missed: int, invented: int) -> None:
    lost = [pair for pair in SAME if not is_same_machine(*pair, share)]
    found = [pair for pair in DIFFERENT if is_same_machine(*pair, share)]

    assert (len(lost), len(found)) == (missed, invented)


def test_a_machine_is_what_stands_before_its_use() -> None:
    text = "Hỗ trợ ứng dụng máy rửa, máy đóng gói 5 tấn/ngày trong chế biến rau tại xã Tân Quới"

    assert machines(text) == (("rua",), ("dong", "goi"))


def test_where_no_machine_is_told_its_use_speaks() -> None:
    assert machines("Hỗ trợ ứng dụng máy móc, thiết bị tiên tiến trong sản xuất bún khô") == (("bun", "kho"),)


def test_a_sewing_machine_keeps_its_name() -> None:
    assert machines("Máy may công nghiệp") == (("may",),)


@pytest.mark.parametrize("empty", ["", "Máy móc, thiết bị tiên tiến", "Dây chuyền sản xuất hiện đại", "02 máy", "–"])
def test_some_wordings_name_no_machine(empty: str) -> None:
    assert not names_a_machine(empty)
    assert names_a_machine(f"{empty} sấy")


TRADEMARK = "Xây dựng và đăng ký nhãn hiệu"
OWNER = "Hộ kinh doanh Ba Phát"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            "Hỗ trợ xây dựng và đăng ký nhãn hiệu cho sản phẩm bánh tráng nem",
            "Đăng ký nhãn hiệu bánh tráng nem",
            True,
        ),
        (
            "Hỗ trợ xây dựng và đăng ký nhãn hiệu cho sản phẩm bánh tráng nem",
            "Hỗ trợ xây dựng và đăng ký nhãn hiệu cho sản phẩm kẹo chuối",
            False,
        ),
        # The owner's name is in both and says nothing; what is told by neither cannot tell them apart.
        ("Đăng ký nhãn hiệu kẹo dừa của Hộ kinh doanh Ba Phát", "Nhãn hiệu mứt gừng Hộ kinh doanh Ba Phát", False),
        ("Đăng ký nhãn hiệu cho Hộ kinh doanh Ba Phát", "Hỗ trợ đăng ký nhãn hiệu năm 2025", True),
    ],
)
def test_other_subjects_are_compared_by_what_the_activity_does_not_say(one: str, other: str, same: bool) -> None:
    assert is_same_subject(one, other, (TRADEMARK, OWNER)) is same
    assert is_same_subject(other, one, (TRADEMARK, OWNER)) is same
    assert is_same_subject(fold(one), other, (TRADEMARK, OWNER)) is same
