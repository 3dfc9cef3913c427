import pytest

from notifications.outcome import BadChannel
from notifications.post import check_channel
from notifications.zalo_http import BaseUrl
from notifications.zalo_settings import BotSettings, OaSettings, ZnsSettings

BOT, APP = "123456:AbC-d_9xyz", "1002003004005:S3cret.Key"


def test_bot_url_is_read() -> None:
    assert BotSettings.from_url(f"zalobot://{BOT}") == BotSettings(
        token=BOT, base=BaseUrl("bot-api.zaloplatforms.com", 443, True), timeout=20.0
    )
    assert BotSettings.from_url(f"ZALOBOT://{BOT}/?base=https%3A%2F%2Fgw.example.vn:8443%2Fzalo/&timeout=2.5") == (
        BotSettings(token=BOT, base=BaseUrl("gw.example.vn", 8443, True, "/zalo"), timeout=2.5)
    )


def test_account_urls_are_read() -> None:
    oauth = BaseUrl("oauth.zaloapp.com", 443, True)

    assert OaSettings.from_url(f"zalooa://{APP}") == OaSettings(
        app_id="1002003004005", secret_key="S3cret.Key", base=BaseUrl("openapi.zalo.me", 443, True), oauth=oauth
    )
    assert ZnsSettings.from_url(f"zalozns://{APP}?template=290001&fill.ten=to_name") == ZnsSettings(
        app_id="1002003004005",
        secret_key="S3cret.Key",
        template="290001",
        fills={"ten": "to_name"},
        base=BaseUrl("business.openapi.zalo.me", 443, True),
        oauth=oauth,
    )


@pytest.mark.parametrize(
    "url",
    [
        f"zalobot://{BOT}",
        f"zalobot://{BOT}?base=http://127.0.0.1:8900",
        f"zalobot://{BOT}?base=http://localhost:8900",
        f"zalooa://{APP}",
        f"zalozns://{APP}?template=1",
        "smtp://mail.example.vn?from=a@example.vn",
        "json://gateway.example.vn/send?:phone={to}",
    ],
)
def test_usable_channel_has_nothing_wrong(url: str) -> None:
    assert check_channel(url) == []


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("", "Chưa có kênh gửi cho địa chỉ này; hãy dùng một trong các dạng: "),
        ("smtp://u:S3cret@h", "Thiếu người gửi: hãy thêm ?from="),
        ("mailto://u:S3cret@example.vn", "Không gửi qua mailto://; hãy dùng smtp://, "),
        ("zalo://S3cret/123", "Không gửi qua zalo://; hãy dùng zalobot://, "),
        ("nosuch://S3cret", "Apprise không đọc được địa chỉ kênh này; "),
        ("zalobot://", "Kênh Zalo này phải có dạng zalobot://MÃ:KHOÁ_BÍ_MẬT."),
        ("zalobot://S3cret", "Kênh Zalo Bot phải có dạng zalobot://TOKEN, "),
        (f"zalobot://{BOT}?host=S3cret", "Kênh zalobot:// có tham số lạ hoặc lặp lại; chỉ dùng: base, timeout."),
        (f"zalobot://{BOT}?timeout=1&timeout=2", "Kênh zalobot:// có tham số lạ hoặc lặp lại; "),
        (f"zalobot://{BOT}?timeout=0", "Tham số timeout của kênh Zalo là số giây, "),
        (f"zalobot://{BOT}?base=http://zalo.example.vn", "Địa chỉ máy chủ Zalo phải dùng https; "),
        (f"zalobot://{BOT}?base=https://S3cret@zalo.example.vn", "Địa chỉ máy chủ Zalo (base, oauth) phải có dạng "),
        (f"zalobot://{BOT}?base=ftp://zalo.example.vn", "Địa chỉ máy chủ Zalo (base, oauth) phải có dạng "),
        (f"zalobot://{BOT}?base=https://a:99999", "Địa chỉ máy chủ Zalo (base, oauth) phải có dạng "),
        (f"zalobot://{BOT}?base=https://a/%0d%0aX-Y:%20S3cret", "Địa chỉ máy chủ Zalo (base, oauth) "),
        ("zalooa://1:S3cret", "Kênh Zalo OA phải có dạng zalooa://APP_ID:KHOÁ_BÍ_MẬT, "),
        (f"zalooa://{APP}?template=1", "Kênh zalooa:// có tham số lạ hoặc lặp lại; "),
        (f"zalozns://{APP}", "Kênh ZNS cần ?template= là số của mẫu tin đã được Zalo duyệt."),
        (f"zalozns://{APP}?template=1&fill.=x", "Tham số fill. của kênh ZNS phải có dạng "),
    ],
)
def test_unusable_channel_is_told_in_a_sentence_without_its_secrets(url: str, wrong: str) -> None:
    (told,) = check_channel(url)

    assert told.startswith(wrong)
    assert "S3cret" not in told


@pytest.mark.parametrize("url", [f"zalooa://{APP}?base=http://10.0.0.1", "zalobot://12:S3cret"])
def test_refusal_repeats_nothing_of_the_url(url: str) -> None:
    reader = OaSettings if url.startswith("zalooa") else BotSettings

    with pytest.raises(BadChannel) as refused:
        reader.from_url(url)

    assert "S3cret" not in repr(refused.value) + repr(refused.value.__context__)


def test_settings_do_not_show_their_secrets() -> None:
    shown = repr(
        (
            BotSettings.from_url(f"zalobot://{BOT}"),
            OaSettings.from_url(f"zalooa://{APP}"),
            ZnsSettings.from_url(f"zalozns://{APP}?template=1"),
        )
    )

    assert [secret for secret in ("AbC", "S3cret") if secret in shown] == []
