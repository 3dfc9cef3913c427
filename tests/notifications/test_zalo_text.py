import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.message import Message
from notifications.zalo_text import LONGEST_TEXT, plain_text, shortened

REST = "… (Tin đã được rút gọn; nội dung đầy đủ có trong thư điện tử.)"
MESSAGE = Message(
    key="nhac:1",
    to_address="6ede9afa66b88fe6d6a9",
    to_name="Nguyễn Thị Hồng",
    subject="Còn 3 ngày",
    text="Hạn nộp: 10/8/2026.\n",
    created_at=datetime(2026, 8, 5, 0, 30, tzinfo=UTC),
)


def test_subject_stands_above_the_text_once() -> None:
    assert plain_text(MESSAGE) == "Còn 3 ngày\n\nHạn nộp: 10/8/2026."
    assert plain_text(replace(MESSAGE, text="Còn 3 ngày: hạn 10/8/2026.")) == "Còn 3 ngày: hạn 10/8/2026."


def test_text_that_fits_is_left_alone() -> None:
    text = "x" * LONGEST_TEXT

    assert shortened(text) == text


def test_long_text_ends_at_a_word_and_says_where_the_rest_is() -> None:
    text = ("dài " * 501)[:2_001]

    assert shortened(text) == ("dài " * 459).rstrip() + REST


def test_link_is_kept_whole_or_not_at_all() -> None:
    text = "x" * 1_800 + " https://dean.example.vn/d/KC-2026-014/" + "y" * 200

    assert shortened(text) == "x" * 1_800 + REST


def test_letter_is_not_torn_from_a_mark_that_has_no_composed_form() -> None:
    text = "q\u0323\u0301" * 900

    kept = shortened(text).removesuffix(REST)

    assert kept == "q\u0323\u0301" * (len(kept) // 3)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text(alphabet="ađếọ 😀\n", min_size=1, max_size=30), min_size=150, max_size=250).map(" ".join))
def test_shortened_text_always_fits_and_begins_the_text(text: str) -> None:
    short = shortened(text)

    assert len(short.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert text.startswith(short.removesuffix(REST))
    assert unicodedata.is_normalized("NFC", short)
