import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from notifications.message import Attachment, BadMessage, Message, message_id

AT = datetime(2026, 8, 5, 0, 30, tzinfo=UTC)
MESSAGE = Message(
    key="nhac:17:2:T-3:41:mail",
    to_address="hong.nguyen@congthuong.example.vn",
    to_name="Nguyễn Thị Hồng",
    subject="Đề án KC-2026-014 còn 3 ngày làm việc",
    text="Kính gửi chị Hồng,\n\nĐề án còn 3 ngày làm việc.\n",
    created_at=AT,
)


def changed(field: str, value: str) -> Message:
    changes: dict[str, Any] = {field: value}
    return replace(MESSAGE, **changes)


@pytest.mark.parametrize("field", ["to_name", "subject", "text", "html"])
def test_message_holds_every_text_in_nfc(field: str) -> None:
    decomposed = unicodedata.normalize("NFD", "Nghiệm thu đợt 1: thiết bị đóng gói")

    message = changed(field, decomposed)

    assert getattr(message, field).rstrip("\n") == unicodedata.normalize("NFC", decomposed)


def test_key_in_nfd_gives_the_same_message_id() -> None:
    composed = replace(MESSAGE, key="đề án 1")
    decomposed = replace(MESSAGE, key=unicodedata.normalize("NFD", "đề án 1"))

    assert decomposed == composed


@pytest.mark.parametrize("field", ["key", "to_address", "to_name", "subject"])
@pytest.mark.parametrize("breaker", ["\r\n", "\n", "\r", "\x00", "\x85", "\u2028", "\u2029", "\v"])
def test_header_injection_is_refused(field: str, breaker: str) -> None:
    value = f"{getattr(MESSAGE, field)}{breaker}Bcc: ke.la@example.org"

    with pytest.raises(BadMessage) as refused:
        changed(field, value)

    assert refused.value.args[0].endswith(
        "không được chứa dấu xuống dòng hay ký tự điều khiển; hãy viết trên một dòng."
    )


def test_header_injection_through_references_and_attachment_names_is_refused() -> None:
    with pytest.raises(BadMessage, match="Khoá của thư liên quan không được chứa"):
        replace(MESSAGE, references=("một", "hai\nBcc: ke.la@example.org"))
    with pytest.raises(BadMessage, match="Tên tệp đính kèm không được chứa"):
        Attachment(name="a.txt\r\nX: y", media_type="text/plain", content=b"")


@pytest.mark.parametrize("address", ["", "   "])
def test_empty_recipient_is_refused(address: str) -> None:
    with pytest.raises(BadMessage) as refused:
        replace(MESSAGE, to_address=address)

    assert refused.value.args == ("Địa chỉ người nhận còn trống; hãy nhập địa chỉ thư điện tử.",)


@pytest.mark.parametrize(
    "address",
    [
        "hong",
        "hong@",
        "@example.vn",
        "hong@example",
        "hong nguyen@example.vn",
        "hồng@example.vn",
        "hong@@example.vn",
        "hong..nguyen@example.vn",
        "hong@-example.vn",
        "hong@example.vn, ke.la@example.org",
        "Hồng <hong@example.vn>",
        f"{'a' * 65}@example.vn",
        f"hong@{'a' * 64}.vn",
        f"hong@{'abcdefghi.' * 25}vn",
    ],
)
def test_malformed_address_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(BadMessage) as refused:
        replace(MESSAGE, to_address=address)

    assert refused.value.args == (
        "Địa chỉ người nhận không đúng dạng tên@tên-miền (chữ không dấu, không khoảng trắng); hãy sửa lại địa chỉ.",
    )


@pytest.mark.parametrize("address", ["hong@example.vn", "hong+kc@sct.vinhlong.gov.vn", "root@localhost"])
def test_plain_address_is_accepted(address: str) -> None:
    message = replace(MESSAGE, to_address=f" {address} ")

    assert message.to_address == address


@pytest.mark.parametrize("address", ["6ede9afa66b88fe6d6a9", "2468458835296197922", "84901234567"])
def test_what_a_provider_calls_a_person_is_accepted(address: str) -> None:
    message = replace(MESSAGE, to_address=f" {address} ")

    assert message.to_address == address


@pytest.mark.parametrize(
    "address", ["nguyenthihong", "1234567", "8490 1234567", "đề-án-2026", "-84901234567", "1" * 65]
)
def test_junk_is_no_recipient(address: str) -> None:
    with pytest.raises(BadMessage, match="Địa chỉ người nhận không đúng dạng"):
        replace(MESSAGE, to_address=address)


def test_template_values_are_checked_and_normalised() -> None:
    message = replace(MESSAGE, template_values=(("viec", unicodedata.normalize("NFD", " Nộp hồ sơ ")), ("han", "")))

    assert message.template_values == (("viec", "Nộp hồ sơ"), ("han", ""))
    assert "Nộp" not in repr(message)


@pytest.mark.parametrize("name", ["", "việc", "a b", "a-b", "1a", "a\n", "viec"])
def test_template_name_that_is_odd_or_repeated_is_refused(name: str) -> None:
    with pytest.raises(BadMessage, match="Tên trường của tin theo mẫu"):
        replace(MESSAGE, template_values=(("viec", "x"), (name, "y")))


def test_template_value_of_two_lines_is_refused() -> None:
    with pytest.raises(BadMessage, match="Giá trị trong tin theo mẫu không được chứa"):
        replace(MESSAGE, template_values=(("viec", "x\ny"),))


@pytest.mark.parametrize(
    ("field", "label"), [("key", "Khoá của thư"), ("subject", "Tiêu đề thư"), ("text", "Nội dung thư")]
)
def test_empty_part_is_refused(field: str, label: str) -> None:
    with pytest.raises(BadMessage) as refused:
        changed(field, "  ")

    assert refused.value.args == (f"{label} còn trống; hãy điền trước khi gửi.",)


def test_naive_time_is_refused() -> None:
    with pytest.raises(BadMessage, match="phải có múi giờ"):
        replace(MESSAGE, created_at=datetime(2026, 8, 5, 7, 30))  # noqa: DTZ001


def test_text_pasted_from_word_loses_only_its_control_characters() -> None:
    message = replace(MESSAGE, text="Dòng một\vDòng hai\r\nDòng\x07 ba\x00\n\n\n")

    assert message.text == "Dòng một\nDòng hai\nDòng ba\n"


@pytest.mark.parametrize("name", ["", "a/b.txt", "..\\b.txt", "c:d.txt", '"e".txt', "=?utf-8?q?f?=.txt"])
def test_file_name_that_is_no_file_name_is_refused(name: str) -> None:
    with pytest.raises(BadMessage, match="Tên tệp đính kèm còn trống hoặc có"):
        Attachment(name=name, media_type="text/plain", content=b"")


@pytest.mark.parametrize("media_type", ["", "pdf", "multipart/mixed", "text/plain\r\nX: y", "a/b; c"])
def test_odd_media_type_is_refused(media_type: str) -> None:
    with pytest.raises(BadMessage, match="không đúng dạng loại/kiểu"):
        Attachment(name="a.bin", media_type=media_type, content=b"")


def test_repr_shows_neither_person_nor_text() -> None:
    attachment = Attachment(name="a.pdf", media_type="application/pdf", content=b"secret")

    shown = repr(replace(MESSAGE, html="<p>Hồng</p>", attachments=(attachment,)))

    assert shown == (
        "Message(key='nhac:17:2:T-3:41:mail', attachments=(Attachment(name='a.pdf', media_type='application/pdf'),), "
        "created_at=datetime.datetime(2026, 8, 5, 0, 30, tzinfo=datetime.timezone.utc))"
    )


def test_message_id_depends_on_the_key_and_the_domain_of_the_sender_only() -> None:
    first = message_id("k-1", "dean@sct.example.vn")

    assert first == message_id("k-1", "van.thu@sct.example.vn")
    assert first != message_id("k-2", "dean@sct.example.vn")
    assert first == "<7c35c5a1785d20704e44d5de4beb81c1@sct.example.vn>"
