import socket
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from notifications.demo_servers import HOST, Fault
from notifications.demo_zalo import ArrivedZalo, LoopbackZalo, Service
from notifications.demo_zalo_http import HTML_PAGE, Said, said
from notifications.message import Message
from notifications.outcome import Delivery, Outcome
from notifications.post import deliver
from notifications.zalo_tokens import InProcessKeeper

CHAT, USER, PHONE = "6ede9afa66b88fe6d6a9", "2468458835296197922", "84901234567"
SUBJECT = "Đề án KC-2026-014 còn 3 ngày làm việc"
TEXT = "Hạn nộp hồ sơ nghiệm thu: 10/8/2026.\nhttps://dean.example.vn/d/KC-2026-014\n"
WHOLE = f"{SUBJECT}\n\n{TEXT.rstrip()}"
VALUES = (("viec", "Nộp hồ sơ nghiệm thu"), ("han", "10/8/2026"))
WEEK = 7 * 24 * 3600


def message(to_address: str) -> Message:
    return Message(
        key="nhac:17:2:T-3:41:zalo",
        to_address=to_address,
        to_name="Nguyễn Thị Hồng",
        subject=SUBJECT,
        text=TEXT,
        template_values=VALUES,
        created_at=datetime(2026, 8, 5, 0, 30, tzinfo=UTC),
    )


@pytest.fixture
def zalo() -> Iterator[LoopbackZalo]:
    with LoopbackZalo() as running:
        running.chats.add(CHAT)
        running.followers[USER] = 0.0
        running.phones.add(PHONE)
        yield running


def by_bot(zalo: LoopbackZalo, **parameters: str) -> Delivery:
    return deliver(message(CHAT), zalo.bot_url(**parameters))


def by_oa(zalo: LoopbackZalo, **parameters: str) -> Delivery:
    return deliver(message(USER), zalo.oa_url(**parameters), InProcessKeeper(zalo.grant()))


def by_zns(zalo: LoopbackZalo, **parameters: str) -> Delivery:
    return deliver(message(PHONE), zalo.zns_url(**parameters), InProcessKeeper(zalo.grant()))


Sender = Callable[..., Delivery]
SENDERS: list[tuple[Service, Sender]] = [("bot", by_bot), ("oa", by_oa), ("zns", by_zns)]


def test_bot_message_arrives_whole(zalo: LoopbackZalo) -> None:
    delivery = by_bot(zalo)

    assert zalo.messages == [ArrivedZalo("bot", CHAT, WHOLE)]
    assert delivery == Delivery(
        outcome=Outcome.OK, provider_id="00000000000000000001", code="0", detail="Zalo Bot đã nhận tin."
    )


def test_oa_message_arrives_whole(zalo: LoopbackZalo) -> None:
    delivery = by_oa(zalo)

    assert zalo.messages == [ArrivedZalo("oa", USER, WHOLE)]
    assert (delivery.outcome, delivery.provider_id) == (Outcome.OK, "00000000000000000001")


def test_zns_message_fills_the_template(zalo: LoopbackZalo) -> None:
    zalo.template_names = {"viec", "han"}

    delivery = by_zns(zalo)

    (arrived,) = zalo.messages
    assert (arrived.recipient, arrived.values) == (PHONE, dict(VALUES))
    assert arrived.tracking_id == "047bb269e65ff1fd6acba08a7dbe049a"
    assert (delivery.outcome, delivery.provider_id) == (Outcome.OK, "00000000000000000001")


def test_zns_template_with_names_of_its_own_is_filled_by_the_url(zalo: LoopbackZalo) -> None:
    zalo.template_names = {"khach_hang", "noi_dung"}

    delivery = by_zns(zalo, **{"fill.khach_hang": "to_name", "fill.noi_dung": "viec"})

    assert delivery.outcome is Outcome.OK
    assert zalo.messages[0].values == {"khach_hang": "Nguyễn Thị Hồng", "noi_dung": "Nộp hồ sơ nghiệm thu"}


def test_zns_message_without_a_value_the_template_needs_is_not_sent(zalo: LoopbackZalo) -> None:
    lacking = replace(message(PHONE), template_values=())
    keeper = InProcessKeeper(zalo.grant())

    deliveries = [
        deliver(lacking, zalo.zns_url(), keeper),
        deliver(message(PHONE), zalo.zns_url(**{"fill.a": "so_tien"}), keeper),
    ]

    assert [(each.outcome, each.code) for each in deliveries] == [(Outcome.PERMANENT, "template-values")] * 2
    assert zalo.messages == []


def test_same_message_bears_the_same_tracking_id(zalo: LoopbackZalo) -> None:
    by_zns(zalo)
    by_zns(zalo)

    first, second = zalo.messages
    assert first.tracking_id == second.tracking_id
    assert len(first.tracking_id) == 32


def test_decomposed_text_arrives_composed(zalo: LoopbackZalo) -> None:
    decomposed = replace(
        message(CHAT), subject=unicodedata.normalize("NFD", SUBJECT), text=unicodedata.normalize("NFD", TEXT)
    )

    deliver(decomposed, zalo.bot_url())

    assert zalo.messages[0].text == WHOLE


def test_two_thousand_and_one_characters_arrive_shortened(zalo: LoopbackZalo) -> None:
    text = "án " + "đề án " * 333
    text = text.strip().ljust(2_001, "!")

    delivery = deliver(replace(message(CHAT), subject="án", text=text), zalo.bot_url())

    (arrived,) = zalo.messages
    assert delivery.outcome is Outcome.OK
    kept, mark, rest = arrived.text.partition("…")
    assert len(arrived.text) <= 1_900
    assert (text.startswith(f"{kept} "), mark) == (True, "…")
    assert rest == " (Tin đã được rút gọn; nội dung đầy đủ có trong thư điện tử.)"


@pytest.mark.parametrize(
    ("address", "send"),
    [
        ("hong.nguyen@example.vn", "bot_url"),
        ("hong.nguyen@example.vn", "oa_url"),
        ("hong.nguyen@example.vn", "zns_url"),
        (CHAT, "oa_url"),
        (PHONE, "oa_url"),
        (CHAT, "zns_url"),
        (USER, "zns_url"),
        ("84281234567", "zns_url"),
    ],
)
def test_address_of_another_channel_is_recipient_and_nothing_is_sent(
    zalo: LoopbackZalo, address: str, send: str
) -> None:
    delivery = deliver(message(address), getattr(zalo, send)(), InProcessKeeper(zalo.grant()))

    assert (delivery.outcome, delivery.code) == (Outcome.RECIPIENT, "address")
    assert address not in delivery.detail
    assert zalo.messages == []


def test_people_zalo_does_not_know_or_who_blocked_us(zalo: LoopbackZalo) -> None:
    zalo.blocked |= {CHAT, USER, PHONE}
    blocked = [send(zalo) for _, send in SENDERS]
    zalo.chats.clear()
    zalo.followers.clear()
    zalo.phones.clear()
    unknown = [send(zalo) for _, send in SENDERS]

    assert [(each.outcome, each.code) for each in blocked] == [
        (Outcome.PERMANENT, "400"),
        (Outcome.RECIPIENT, "-244"),
        (Outcome.RECIPIENT, "-119"),
    ]
    assert [(each.outcome, each.code) for each in unknown] == [
        (Outcome.PERMANENT, "404"),
        (Outcome.RECIPIENT, "-213"),
        (Outcome.RECIPIENT, "-118"),
    ]
    assert zalo.messages == []


def test_follower_is_reached_for_seven_days_after_the_last_word(zalo: LoopbackZalo) -> None:
    zalo.pass_time(WEEK)
    on_the_last_second = by_oa(zalo)
    zalo.pass_time(1)
    too_late = by_oa(zalo)
    zalo.write_to_oa(USER, "Xin chào")
    after_a_word = by_oa(zalo)

    assert [each.outcome for each in (on_the_last_second, too_late, after_a_word)] == [
        Outcome.OK,
        Outcome.WINDOW,
        Outcome.OK,
    ]


FAULTS: list[tuple[Said | Fault, Outcome, str, bool]] = [
    (HTML_PAGE, Outcome.UNKNOWN, "http 200", False),
    (Said("", 200), Outcome.UNKNOWN, "http 200", False),
    (Said("[]", 200), Outcome.UNKNOWN, "http 200", False),
    (Said('{"ok": "true", "error": "none"}', 200), Outcome.UNKNOWN, "http 200", False),
    (Said("<html>moved</html>", 302, "text/html"), Outcome.CONFIG, "http 302", False),
    (Said("<html>no</html>", 403, "text/html"), Outcome.CONFIG, "http 403", False),
    (Said("slow down", 429, "text/plain"), Outcome.RETRY, "http 429", False),
    (Said("<html>oops</html>", 500, "text/html"), Outcome.RETRY, "http 500", False),
    (Said("<html>bad gateway</html>", 502, "text/html"), Outcome.UNKNOWN, "http 502", False),
    (Said("<html>busy</html>", 503, "text/html"), Outcome.RETRY, "http 503", False),
    (Said("<html>gateway</html>", 504, "text/html"), Outcome.UNKNOWN, "http 504", False),
    (Fault.DROP, Outcome.UNKNOWN, "no-answer", True),
    (Fault.HANG, Outcome.UNKNOWN, "no-answer", True),
]


@pytest.mark.parametrize(("fault", "outcome", "code", "arrived"), FAULTS)
@pytest.mark.parametrize(("service", "send"), SENDERS)
def test_fault_has_its_outcome_and_nothing_is_sent_twice(
    zalo: LoopbackZalo, service: Service, send: Sender, fault: Said | Fault, outcome: Outcome, code: str, arrived: bool
) -> None:
    zalo.script(service, fault)

    delivery = send(zalo, timeout="0.3")

    assert (delivery.outcome, delivery.code) == (outcome, code)
    assert len(zalo.messages) == arrived
    assert send(zalo).outcome is Outcome.OK


@pytest.mark.parametrize(("service", "send"), SENDERS)
def test_late_answer_is_unknown(zalo: LoopbackZalo, service: Service, send: Sender) -> None:
    zalo.script(service, Said('{"ok": true, "error": 0}', pause_seconds=5))

    delivery = send(zalo, timeout="0.2")

    assert (delivery.outcome, delivery.code) == (Outcome.UNKNOWN, "no-answer")


def test_success_in_the_body_of_an_http_error_is_unknown(zalo: LoopbackZalo) -> None:
    zalo.script("bot", said(500, ok=True, result={}))
    zalo.script("oa", said(500, error=0))

    assert [by_bot(zalo).outcome, by_oa(zalo).outcome] == [Outcome.UNKNOWN, Outcome.UNKNOWN]


def test_error_of_another_service_is_no_success_for_the_bot(zalo: LoopbackZalo) -> None:
    zalo.script("bot", said(error=-216, message="Access token is invalid"))

    assert by_bot(zalo).outcome is Outcome.UNKNOWN


def test_nobody_listening_is_retry() -> None:
    with socket.create_server((HOST, 0)) as closing:
        port = closing.getsockname()[1]
    base = f"base=http://{HOST}:{port}&oauth=http://{HOST}:{port}"
    keeper = InProcessKeeper(LoopbackZalo().grant())

    deliveries = [
        deliver(message(CHAT), f"zalobot://100200:secret-1?{base.partition('&')[0]}"),
        deliver(message(USER), f"zalooa://100200:secret-1?{base}", keeper),
    ]

    assert [(each.outcome, each.code) for each in deliveries] == [(Outcome.RETRY, "refused")] * 2


def test_server_that_speaks_no_tls_is_config(zalo: LoopbackZalo) -> None:
    delivery = deliver(message(CHAT), f"zalobot://100200:secret-1?base=https://{HOST}:{zalo.port}&timeout=2")

    assert (delivery.outcome, delivery.code) == (Outcome.CONFIG, "tls")
    assert zalo.messages == []


def test_wrong_bot_token_is_config(zalo: LoopbackZalo) -> None:
    delivery = deliver(message(CHAT), zalo.bot_url().replace("demo-bot-token", "another-token"))

    assert (delivery.outcome, delivery.code) == (Outcome.CONFIG, "401")


@pytest.mark.parametrize(
    "url", ["zalobot://", "zalobot://abc-secret", "zalooa://100200:secret-1?base=http://10.0.0.9", "zalozns://1:2"]
)
def test_unusable_channel_is_config(url: str) -> None:
    delivery = deliver(message(CHAT), url)

    assert (delivery.outcome, delivery.code) == (Outcome.CONFIG, "channel-url")
    assert "secret" not in delivery.detail


def test_nothing_secret_reaches_logs_repr_or_detail(zalo: LoopbackZalo, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)
    caplog.set_level(1, logger="apprise")
    tokens = zalo.grant()
    keeper = InProcessKeeper(tokens)
    phones = f"{PHONE} 0{PHONE[2:]} +{PHONE}"
    zalo.script("bot", said(ok=False, error_code=400, description=f"{CHAT} {zalo.bot_token}"), HTML_PAGE)
    zalo.script("oa", said(error=-213, message=f"{USER} {tokens.access} {zalo.secret_key}"), Fault.DROP)
    zalo.script("zns", said(error=-118, message=f"{phones} {tokens.access}"), Said(phones, 500))

    deliveries = [
        deliver(message(to), url, keeper)
        for to, url in ((CHAT, zalo.bot_url()), (USER, zalo.oa_url()), (PHONE, zalo.zns_url()))
        for _ in range(3)
    ]
    told = caplog.text + repr(deliveries) + repr(tokens) + repr(zalo.messages) + repr(message(PHONE))

    assert [each.outcome for each in deliveries].count(Outcome.OK) == 3
    own = [zalo.bot_token, "demo-bot-token", zalo.secret_key, tokens.access, tokens.refresh, PHONE[2:]]
    assert [secret for secret in [*own, SUBJECT] if secret in told] == []
    assert "apprise" in caplog.text
    first_of_each = [deliveries[0], deliveries[3], deliveries[6]]
    assert [id_ for id_, each in zip((CHAT, USER, PHONE), first_of_each, strict=True) if id_ in each.detail] == []
