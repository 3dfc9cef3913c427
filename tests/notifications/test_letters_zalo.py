"""Reminders as Zalo carries them: short, whole lines, nothing that must stay in the office."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from notifications.letters.values import Digest, Item, Waiting
from notifications.letters.words import shorten
from notifications.letters.zalo import LIMIT, write_zalo, write_zalo_item

ON = date(2026, 8, 5)
ITEM = Item(
    obligation_id="3f9a01c2",
    ordinal=3,
    code="KC-VL-2026-014",
    name="Hỗ trợ Công ty TNHH Bánh tráng Cù Lao Mây",
    task="trả kết quả thẩm định",
    why="anh/chị được giao đề án này",
    link="https://khuyencong.example.vn/de-an/14",
    stand_in_for="Lê Văn Ân",
    deadline_key="KC-VL-2026-014/D-APPRAISE/5",
    sequence=2,
    due_on=date(2026, 8, 3),
    rolled_on=date(2026, 8, 3),
    safe_on=date(2026, 8, 3),
    workdays_left=-2,
    statutory=True,
    provisional=False,
    basis="",
)
ROLLED = replace(
    ITEM,
    code="KC-VL-2026-020",
    due_on=date(2026, 8, 9),
    rolled_on=date(2026, 8, 10),
    safe_on=date(2026, 8, 7),
    workdays_left=2,
    provisional=True,
)
WAITING = Waiting(
    obligation_id="0c",
    ordinal=1,
    code="KC-VL-2026-031",
    name="",
    task="bổ sung hồ sơ",
    link="https://khuyencong.example.vn/de-an/31",
    since=date(2026, 8, 3),
    workdays=2,
)


def digest(*items: Item | Waiting) -> Digest:
    return Digest(
        to_name="Trần Thị Bình",
        on=ON,
        office_name="Trung tâm Khuyến công",
        created_at=datetime(2026, 8, 5, 0, 30, tzinfo=UTC),
        items=items,
    )


def test_digest_names_tasks_codes_deadlines_and_links_only() -> None:
    today = replace(ITEM, code="KC-VL-2026-015", rolled_on=ON, due_on=ON, safe_on=ON, workdays_left=0)

    text = write_zalo(digest(WAITING, ROLLED, today, ITEM))

    assert text == (
        "Chào anh/chị, ngày 05/08/2026 anh/chị có 4 việc khuyến công: 1 quá hạn, 1 đến hạn hôm nay, "
        "1 đến hạn trong 3 ngày làm việc, 1 chờ anh/chị xử lý.\n"
        """
QUÁ HẠN (1)
• Trả kết quả thẩm định – KC-VL-2026-014: hạn 03/08/2026, quá hạn 2 ngày làm việc
  https://khuyencong.example.vn/de-an/14

HÔM NAY (1)
• Trả kết quả thẩm định – KC-VL-2026-015: hạn hôm nay 05/08/2026
  https://khuyencong.example.vn/de-an/14

TRONG 3 NGÀY LÀM VIỆC (1)
• Trả kết quả thẩm định – KC-VL-2026-020: hạn 10/08/2026 (tạm tính), nên xong 07/08/2026, còn 2 ngày làm việc
  https://khuyencong.example.vn/de-an/14

MỚI GIAO, CHỜ ANH/CHỊ XỬ LÝ (1)
• Bổ sung hồ sơ – KC-VL-2026-031: chờ từ 03/08/2026
  https://khuyencong.example.vn/de-an/31
"""
    )


def test_single_task_is_named_at_once() -> None:
    assert write_zalo_item(ITEM, on=ON) == (
        "[Khuyến công] Trả kết quả thẩm định – KC-VL-2026-014: hạn 03/08/2026, quá hạn 2 ngày làm việc.\n"
        "Mở hồ sơ: https://khuyencong.example.vn/de-an/14\n"
        "Nhắc lần 3 – mã 3f9a01c2\n"
    )


@pytest.mark.parametrize("length", range(10, 320, 7))
def test_digest_keeps_whole_tasks_and_counts_the_rest(length: int) -> None:
    task = ("Thẩm định 😀 " * 30)[:length]
    items = [replace(ITEM, code=f"KC-{number}", task=task, link=f"https://a.vn/{number}") for number in range(60)]

    text = write_zalo(digest(*items))
    lines = text.rstrip("\n").split("\n")
    shown = [line for line in lines if line.startswith("• ")]
    links = [line for line in lines if line.startswith("  https://a.vn/")]

    assert len(text.encode("utf-16-le")) // 2 <= LIMIT
    assert len(shown) == len(links) > 0
    assert all(line.endswith("quá hạn 2 ngày làm việc") for line in shown)
    assert lines[-1] == f"… và {60 - len(shown)} việc khác, xem trong thư."


def test_digest_that_just_fits_counts_nothing() -> None:
    items = [replace(ITEM, code=f"KC-{number}") for number in range(12)]

    assert "việc khác" not in write_zalo(digest(*items))


def test_link_too_long_for_zalo_is_left_to_the_letter_and_not_cut() -> None:
    far = replace(ITEM, link=f"https://a.vn/{'x' * 2001}")

    alone, among = write_zalo_item(far, on=ON), write_zalo(digest(far))

    assert "https" not in alone + among
    assert alone.endswith("Nhắc lần 3 – mã 3f9a01c2\n")
    assert among.endswith("… và 1 việc khác, xem trong thư.\n")


@pytest.mark.parametrize(
    ("value", "limit", "short"),
    [
        ("đóng gói", 8, "đóng gói"),
        ("đóng gói bánh", 10, "đóng gói…"),
        ("đóng gói, bánh", 10, "đóng gói…"),
        ("a" * 20, 10, "aaaaaaaaa…"),
        ("b\u0302\u0301" * 6, 9, "b\u0302\u0301b\u0302\u0301…"),
    ],
)
def test_cut_falls_between_words_and_never_inside_a_letter(value: str, limit: int, short: str) -> None:
    assert shorten(value, limit) == short
