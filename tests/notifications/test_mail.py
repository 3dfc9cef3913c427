import random
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr

from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.mail import build
from notifications.message import Attachment, BadMessage, Message, message_id

HANOI = timezone(timedelta(hours=7))
MESSAGE = Message(
    key="nhac:17:2:T-3:41:mail",
    to_address="hong.nguyen@congthuong.example.vn",
    to_name="Nguyễn Thị Hồng, Phòng QLCN",
    subject="Đề án KC-2026-014 còn 3 ngày làm việc: nộp hồ sơ nghiệm thu trước 17 giờ ngày 10/8/2026",
    text="Kính gửi chị Hồng,\n\n.Dòng bắt đầu bằng dấu chấm\nFrom đầu dòng  \n\tcòn 3 ngày làm việc.\n",
    html="<p>Kính gửi chị <b>Hồng</b>,</p>\n",
    attachments=(
        Attachment(name="Báo cáo đêm.txt", media_type="text/plain; charset=utf-8", content="đủ\n".encode()),
        Attachment(name="han-nop.ics", media_type="text/calendar; method=PUBLISH; charset=utf-8", content=b"BEGIN"),
    ),
    references=("de-an:14", "nhac:17:2:T-7:41:mail"),
    created_at=datetime(2026, 8, 5, 7, 30, tzinfo=HANOI),
)
SENDER = "dean@sct.example.vn"
WORDS = (
    "Báo cáo đêm nhắc việc hạn nộp hồ sơ đề án khuyến công thiết bị đóng gói Nguyễn Hồng, (Phòng) QLCN: <x> "
    '"y" \\ ABC =?utf-8?q?x?= 2026 _ __ a=b @ - [DA-001] 😀 Thẩm_định ; . ! Rat' + "dai" * 40
).split(" ")


def written(message: Message) -> bytes:
    return build(message, sender_name="Trung tâm Khuyến công", sender_address=SENDER)


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def content(part: MIMEPart | None) -> str:
    """Read a text part; on the wire its lines end with CRLF."""
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def decoded(value: str) -> str:
    return str(make_header(decode_header(value.replace("\r\n", ""))))


def test_mail_reads_back_exactly() -> None:
    mail = read(written(MESSAGE))
    attached = [
        (part.get_filename(), part.get_content_type(), part.get_payload(decode=True))
        for part in mail.iter_attachments()
    ]

    assert str(mail["Subject"]) == MESSAGE.subject
    assert content(mail.get_body(("plain",))) == MESSAGE.text
    assert content(mail.get_body(("html",))) == MESSAGE.html
    assert attached == [
        ("Báo cáo đêm.txt", "text/plain", "đủ\n".encode()),
        ("han-nop.ics", "text/calendar", b"BEGIN"),
    ]
    assert [part.get_param("method") for part in mail.iter_attachments()] == [None, "PUBLISH"]
    assert [(box.display_name, box.addr_spec) for box in mail["To"].addresses] == [
        ("Nguyễn Thị Hồng, Phòng QLCN", "hong.nguyen@congthuong.example.vn")
    ]
    assert [(box.display_name, box.addr_spec) for box in mail["From"].addresses] == [("Trung tâm Khuyến công", SENDER)]


def test_mail_bears_the_headers_of_an_automatic_notice() -> None:
    mail = read(written(MESSAGE))

    names = ["Date", "Message-ID", "References", "Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version"]
    assert {name: str(mail[name]) for name in names} == {
        "Date": "Wed, 05 Aug 2026 07:30:00 +0700",
        "Message-ID": message_id(MESSAGE.key, SENDER),
        "References": f"{message_id('de-an:14', SENDER)} {message_id('nhac:17:2:T-7:41:mail', SENDER)}",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
    }


def test_file_name_is_written_as_rfc_2231_says() -> None:
    raw = written(MESSAGE)

    assert b"filename*=utf-8''B%C3%A1o%20c%C3%A1o%20%C4%91%C3%AAm.txt" in raw


def test_plain_mail_has_no_parts() -> None:
    mail = read(written(replace(MESSAGE, html=None, attachments=(), references=())))

    assert (mail.get_content_type(), mail["References"]) == ("text/plain", None)
    assert content(mail) == MESSAGE.text


def test_same_message_gives_the_same_bytes() -> None:
    assert written(MESSAGE) == written(replace(MESSAGE))
    assert written(MESSAGE) != written(replace(MESSAGE, key="nhac:18:1:T-3:41:mail"))


def test_recipient_without_a_name_stands_alone() -> None:
    mail = read(written(replace(MESSAGE, to_name="")))

    assert str(mail["To"]) == MESSAGE.to_address


def test_any_subject_and_name_survive_any_reader() -> None:
    """Python's own folding fails this in one of ten subjects; mail programs know encoded words only."""
    dice = random.Random(3082)
    for _ in range(500):
        subject, name = (" ".join(dice.choices(WORDS, k=dice.randint(1, 25))) for _ in range(2))
        raw = written(replace(MESSAGE, subject=subject, to_name=name, html=None, attachments=()))
        modern, plain = read(raw), message_from_bytes(raw)

        assert str(modern["Subject"]) == subject
        assert [box.addr_spec for box in modern["To"].addresses] == [MESSAGE.to_address]
        assert decoded(plain["Subject"]) == subject
        coded_name, address = parseaddr(plain["To"])
        assert (decoded(coded_name), address) == (name, MESSAGE.to_address)
        head = raw.partition(b"\r\n\r\n")[0]
        assert max(map(len, head.split(b"\r\n"))) <= 78
        assert max(map(len, re.findall(rb"=\?utf-8\?b\?[^?]*\?=", head)), default=0) <= 75


@settings(deadline=None, max_examples=300)
@given(text=st.text(max_size=400), name=st.text(max_size=120))
def test_any_text_and_file_name_read_back_or_are_refused(text: str, name: str) -> None:
    try:
        attachment = Attachment(name=name, media_type="application/octet-stream", content=name.encode())
        message = replace(MESSAGE, text=text, html=text, attachments=(attachment,))
    except BadMessage:
        return
    raw = written(message)
    mail = read(raw)
    (attached,) = mail.iter_attachments()

    assert content(mail.get_body(("plain",))) == message.text
    assert attached.get_filename() == attachment.name
    assert raw.isascii()
    assert raw.endswith(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
