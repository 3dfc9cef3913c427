import pytest

from notifications.message import BadMessage
from notifications.zalo_recipients import chat_id, oa_user_id, phone_number


@pytest.mark.parametrize("written", ["84901234567", "0901234567", "+84 901 234 567", "0901.234.567", "(090) 123-4567"])
def test_mobile_number_is_read_however_it_is_written(written: str) -> None:
    assert phone_number(written, "Số điện thoại") == "84901234567"


@pytest.mark.parametrize("written", ["", "901234567", "84201234567", "849012345678", "090123456x", "٠٩٠١٢٣٤٥٦٧"])
def test_what_is_no_mobile_number_is_refused(written: str) -> None:
    with pytest.raises(BadMessage) as refused:
        phone_number(written, "Số điện thoại")

    assert refused.value.args == (
        "Số điện thoại không phải số điện thoại di động Việt Nam (dạng 84901234567); hãy sửa lại.",
    )


def test_ids_of_zalo_are_told_apart() -> None:
    assert chat_id(" 6ede9afa66b88fe6d6a9 ", "Mã") == "6ede9afa66b88fe6d6a9"
    assert oa_user_id("2468458835296197922", "Mã") == "2468458835296197922"
    for wrong in ("84901234567", "6ede9afa66b88fe6d6a9", "", "2468458835296197922\n"):
        with pytest.raises(BadMessage):
            oa_user_id(wrong, "Mã")
    for wrong in ("", "hong", "a@example.vn", "6ede9afa 66b88fe6", "6ede9afa/66b88fe6"):
        with pytest.raises(BadMessage):
            chat_id(wrong, "Mã")
