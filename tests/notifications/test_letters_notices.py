"""The letters to the operator, the test letter, and a letter on its way through the mail."""

from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest

from notifications.letters.notices import write_operator_alert, write_test
from notifications.letters.values import Alert, Cover, Trouble
from notifications.mail import build
from notifications.message import BadMessage, Message

COVER = Cover(
    to_name="Giang",
    on=date(2026, 8, 5),
    office_name="Trung tâm Khuyến công",
    created_at=datetime(2026, 8, 5, 0, 30, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("trouble", "subject", "opening"),
    [
        (
            Trouble.CHANNEL,
            "[Vận hành] Kênh gửi “zalo” đã dừng vì cấu hình bị từ chối – 05/08/2026",
            "Nơi nhận chuyển thư từ chối cấu hình của kênh “zalo”, nên kênh đã dừng để không gửi sai thêm. "
            "12 thư đang chờ trong hộp gửi, chưa thư nào mất.",
        ),
        (
            Trouble.JOB,
            "[Vận hành] Công việc định kỳ “zalo” không chạy – 05/08/2026",
            "Công việc định kỳ “zalo” đáng lẽ phải chạy nhưng chưa thấy chạy. Việc bị sót sẽ được làm bù ở lần chạy "
            "sau, không nhắc hai lần.",
        ),
        (
            Trouble.DEAD_LETTERS,
            "[Vận hành] 12 thư qua kênh “zalo” không gửi được – 05/08/2026",
            "12 thư qua kênh “zalo” đã thử đủ số lần mà không gửi được, nên hệ thống thôi không thử nữa. Người nhận "
            "chưa biết các việc trong đó.",
        ),
    ],
)
def test_alert_says_what_happened(trouble: Trouble, subject: str, opening: str) -> None:
    alert = Alert(trouble=trouble, name="zalo", since=datetime(2026, 8, 5, 7, 5, tzinfo=UTC), count=12)

    letter = write_operator_alert(alert, COVER)

    assert letter.subject == subject
    assert " ".join(letter.text.split("\n\n")[1].split()) == opening
    assert "   Từ lúc:    07 giờ 05 ngày 05/08/2026\n" in letter.text


def test_alert_tells_what_to_run_and_hides_secrets() -> None:
    alert = Alert(
        trouble=Trouble.CHANNEL,
        name="smtps://ai:mat-khau@mail.example.vn",
        since=datetime(2026, 8, 5, 7, 5, tzinfo=UTC),
        count=1,
        detail="535 sai mật khẩu cho hong@example.vn, token=abc123",
        command="dean notify test giang",
    )

    letter = write_operator_alert(alert, COVER)

    assert "   Lệnh:      dean notify test giang\n" in letter.text
    for secret in ("mat-khau", "hong@example.vn", "abc123"):
        assert secret not in letter.text + letter.html + letter.subject


def test_test_letter_shows_marks_and_nothing_to_do() -> None:
    letter = write_test(COVER, "thư điện tử")

    assert letter.subject == "Thư thử – Trung tâm Khuyến công – 05/08/2026"
    assert letter.text.startswith("Kính gửi anh/chị Giang,\n\nĐây là thư thử qua thư điện tử. Anh/chị đọc được")
    assert (letter.attachments, letter.references, letter.unsubscribe) == ((), (), None)


def mailed(**changes: Any) -> Any:
    letter = write_test(COVER, "thư điện tử")
    whole: dict[str, Any] = {
        "key": "k",
        "to_address": "giang@example.vn",
        "to_name": "Giang",
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "created_at": COVER.created_at,
    }
    raw = build(Message(**whole | changes), sender_name="", sender_address="dean@example.vn")
    return message_from_bytes(raw, policy=policy.default)


@pytest.mark.parametrize(
    ("link", "post"),
    [
        ("https://khuyencong.example.vn/thoi?t=1&u=2", "List-Unsubscribe=One-Click"),
        ("mailto:dean@example.vn?subject=thoi", None),
        (f"https://khuyencong.example.vn/thoi?t={'x' * 850}", "List-Unsubscribe=One-Click"),
    ],
)
def test_mail_offers_one_click_for_https_only(link: str, post: str | None) -> None:
    mail = mailed(unsubscribe=link)

    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (f"<{link}>", post)


def test_mail_without_a_link_offers_no_leaving() -> None:
    mail = mailed()

    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (None, None)


@pytest.mark.parametrize(
    "link",
    [
        "http://a.vn/thoi",
        "https://a.vn/x>, <mailto:ke.la@example.org",
        "https://a.vn/ x",
        "javascript:x",
        "https://ă.vn/",
        f"https://a.vn/{'x' * 990}",
        "",
    ],
)
def test_odd_link_for_leaving_is_refused(link: str) -> None:
    with pytest.raises(BadMessage, match="Đường dẫn thôi nhận thư phải bắt đầu bằng https:// hoặc mailto:"):
        mailed(unsubscribe=link)


@pytest.mark.parametrize("breaker", ["\r\n", "\n", "\u2028"])
def test_header_injection_through_the_link_for_leaving_is_refused(breaker: str) -> None:
    with pytest.raises(BadMessage, match="không được chứa dấu xuống dòng"):
        mailed(unsubscribe=f"https://a.vn/{breaker}Bcc: ke.la@example.org")


def test_letter_comes_out_of_the_mail_as_it_went_in() -> None:
    letter = write_test(COVER, "thư điện tử")

    mail = mailed()

    assert str(mail["Subject"]) == letter.subject
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == letter.text
    assert mail.get_body(("html",)).get_content().replace("\r\n", "\n").strip() == letter.html.strip()
