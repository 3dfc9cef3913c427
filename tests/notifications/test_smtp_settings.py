import pytest

from notifications.outcome import BadChannel
from notifications.smtp_settings import Security, SmtpSettings


def test_url_with_everything_is_read() -> None:
    url = (
        "smtp://dean%40sct.example.vn:p%40ss%2Fw+rd%25@mail.sct.example.vn:2525"
        "?from=Trung tâm Khuyến công <dean+kc@sct.example.vn>&starttls=1&verify=no&timeout=2.5&helo=dean.example.vn"
    )

    settings = SmtpSettings.from_url(url)

    assert settings == SmtpSettings(
        host="mail.sct.example.vn",
        port=2525,
        security=Security.STARTTLS,
        sender_address="dean+kc@sct.example.vn",
        sender_name="Trung tâm Khuyến công",
        user="dean@sct.example.vn",
        password="p@ss/w+rd%",
        verify=False,
        timeout=2.5,
        helo="dean.example.vn",
    )


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtp://mail.example.vn?from=a@example.vn", Security.PLAIN, 25),
        ("smtp://mail.example.vn?from=a@example.vn&mode=plain", Security.PLAIN, 25),
        ("smtp://mail.example.vn?from=a@example.vn&starttls=yes", Security.STARTTLS, 587),
        ("smtp://mail.example.vn?from=a@example.vn&starttls=no", Security.PLAIN, 25),
        ("smtp://mail.example.vn?from=a@example.vn&mode=starttls&starttls=1", Security.STARTTLS, 587),
        ("smtp://mail.example.vn?from=a@example.vn&mode=tls", Security.TLS, 465),
        ("smtps://mail.example.vn?from=a@example.vn", Security.TLS, 465),
        ("SMTPS://10.0.0.5:1465/?from=a@example.vn", Security.TLS, 1465),
        ("smtp://[fd00::25]:26?from=a@example.vn", Security.PLAIN, 26),
        ("smtp://MAIL_SRV01?from=a@example.vn", Security.PLAIN, 25),
    ],
)
def test_security_decides_the_port(url: str, security: Security, port: int) -> None:
    settings = SmtpSettings.from_url(url)

    assert (settings.security, settings.port) == (security, port)


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("dean@example.vn", "", "dean@example.vn"),
        ("<dean@example.vn>", "", "dean@example.vn"),
        ("Sở Công Thương <dean@example.vn>", "Sở Công Thương", "dean@example.vn"),
        ('"Sở Công Thương, TTKC" <dean@example.vn>', "Sở Công Thương, TTKC", "dean@example.vn"),
        ("S%E1%BB%9F%20C%C3%B4ng%20Th%C6%B0%C6%A1ng%20%3Cdean%40example.vn%3E", "Sở Công Thương", "dean@example.vn"),
    ],
)
def test_sender_is_read_as_people_write_it(sender: str, name: str, address: str) -> None:
    settings = SmtpSettings.from_url(f"smtp://mail.example.vn?from={sender}")

    assert (settings.sender_name, settings.sender_address) == (name, address)


def test_user_that_is_an_address_is_the_sender() -> None:
    settings = SmtpSettings.from_url("smtps://dean%40example.vn:mat-khau@mail.example.vn")

    assert settings.sender_address == "dean@example.vn"


SECRET = "Kh0ng-Ai-Biet"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "phải có dạng smtp://"),
        ("mail.example.vn", "phải có dạng smtp://"),
        (f"http://u:{SECRET}@mail.example.vn?from=a@example.vn", "phải có dạng smtp://"),
        (f"smtp://u:{SECRET}@[mail?from=a@example.vn", "phải có dạng smtp://"),
        (f"smtp://u:{SECRET}@?from=a@example.vn", "Tên máy chủ thư còn trống"),
        (f"smtp://u:{SECRET}@mail..vn?from=a@example.vn", "Tên máy chủ thư còn trống"),
        (f"smtp://u:{SECRET}@{'a' * 64}.vn?from=a@example.vn", "Tên máy chủ thư còn trống"),
        (f"smtp://u:{SECRET}#1@mail.example.vn?from=a@example.vn", "phải viết %23"),
        (f"smtp://u:{SECRET}/1@mail.example.vn?from=a@example.vn", "phải viết %23"),
        (f"smtp://u:{SECRET}@mail.example.vn:{SECRET}?from=a@example.vn", "Cổng của máy chủ thư"),
        (f"smtp://u:{SECRET}@mail.example.vn:70000?from=a@example.vn", "Cổng của máy chủ thư"),
        (f"smtp://u:{SECRET}@mail.example.vn:0?from=a@example.vn", "Cổng của máy chủ thư"),
        (f"smtp://u:{SECRET}ạ@mail.example.vn?from=a@example.vn", "chỉ được gồm ký tự không dấu"),
        ("smtp://u@mail.example.vn?from=a@example.vn", "cả tên đăng nhập lẫn mật khẩu"),
        (f"smtp://:{SECRET}@mail.example.vn?from=a@example.vn", "cả tên đăng nhập lẫn mật khẩu"),
        (f"smtp://u:{SECRET}@mail.example.vn", "Thiếu người gửi"),
        (f"smtp://u:{SECRET}@mail.example.vn?from=a", "Địa chỉ người gửi không đúng dạng"),
        (f"smtp://u:{SECRET}@mail.example.vn?from=A%0ABcc: x <a@example.vn>", "Tên người gửi không được chứa"),
        (f"smtp://u:{SECRET}@mail.example.vn?from=a@example.vn&pass={SECRET}", "tham số lạ hoặc lặp lại"),
        (f"smtp://u:{SECRET}@mail.example.vn?from=a@example.vn&from=b@example.vn", "tham số lạ hoặc lặp lại"),
        (f"smtp://u:{SECRET}@mail.example.vn?from=a@example.vn&mode={SECRET}", "mode của máy chủ thư chỉ nhận"),
        (f"smtps://u:{SECRET}@mail.example.vn?from=a@example.vn&starttls=1", "hai cách bảo mật khác nhau"),
        (f"smtps://u:{SECRET}@mail.example.vn?from=a@example.vn&mode=plain", "hai cách bảo mật khác nhau"),
        (f"smtp://u:{SECRET}@mail.example.vn?from=a@example.vn&verify=maybe", "verify của máy chủ thư chỉ nhận"),
        (f"smtp://u:{SECRET}@mail.example.vn?from=a@example.vn&timeout=0", "timeout của máy chủ thư"),
        (f"smtp://u:{SECRET}@mail.example.vn?from=a@example.vn&timeout=601", "timeout của máy chủ thư"),
        (f"smtp://u:{SECRET}@mail.example.vn?from=a@example.vn&timeout=nan", "timeout của máy chủ thư"),
        (f"smtp://u:{SECRET}@mail.example.vn?from=a@example.vn&helo=a b", "Tên máy chủ thư còn trống"),
    ],
)
def test_bad_url_is_refused_without_being_repeated(url: str, reason: str) -> None:
    with pytest.raises(BadChannel) as refused:
        SmtpSettings.from_url(url)

    assert reason in refused.value.args[0]
    assert SECRET not in refused.value.args[0]
    assert SECRET not in repr(refused.value.__context__)


def test_repr_shows_neither_login_nor_mailbox() -> None:
    settings = SmtpSettings.from_url(f"smtp://u:{SECRET}@mail.example.vn?from=An <a@example.vn>")

    assert repr(settings) == (
        "SmtpSettings(host='mail.example.vn', port=25, security=<Security.PLAIN: 'plain'>, verify=True, "
        "ca_file=None, timeout=30.0, helo='example.vn')"
    )
