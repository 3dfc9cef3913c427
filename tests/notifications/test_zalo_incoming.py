import json
from hashlib import sha256
from typing import Any

import pytest

from notifications.demo_servers import Fault
from notifications.demo_zalo import LoopbackZalo
from notifications.demo_zalo_http import HTML_PAGE, Said, said
from notifications.outcome import BadChannel, Outcome
from notifications.zalo_incoming import (
    LONGEST_BODY,
    BadUpdate,
    Incoming,
    NotPolled,
    has_secret,
    is_signed,
    poll,
    read_bot_webhook,
    read_oa_webhook,
)

SECRET, APP, OA_SECRET = "wh-secret-1", "1002003004005", "oa-secret"
CHAT, USER = "e4ea2cd5189df1c3a88c", "2468458835296197922"
EVENT: dict[str, Any] = {
    "event_name": "message.text.received",
    "message": {
        "from": {"id": CHAT, "display_name": "Hồng", "is_bot": False},
        "chat": {"id": CHAT, "chat_type": "PRIVATE"},
        "text": "DEAN 482913",
        "message_id": "16f6366b3f02645a3d15",
        "date": 1766619597466,
    },
}
WRITTEN = Incoming(sender=CHAT, text="DEAN 482913", message_id="16f6366b3f02645a3d15", display_name="Hồng")
OA_EVENT: dict[str, Any] = {
    "app_id": APP,
    "sender": {"id": USER},
    "recipient": {"id": "900800700600500400"},
    "event_name": "user_send_text",
    "message": {"text": "DEAN 482913", "msg_id": "96d3cdf3af150460909"},
    "timestamp": "154390853474",
}


def body(event: object) -> bytes:
    return json.dumps(event, ensure_ascii=False).encode()


def changed(**message: Any) -> dict[str, Any]:
    return EVENT | {"message": EVENT["message"] | message}


def mac(raw: bytes, timestamp: str = "154390853474") -> str:
    return "mac=" + sha256(APP.encode() + raw + timestamp.encode() + OA_SECRET.encode()).hexdigest()


@pytest.mark.parametrize("event", [EVENT, {"ok": True, "result": EVENT}, {"ok": True, "result": [EVENT]}])
def test_bot_event_is_read_with_and_without_its_envelope(event: object) -> None:
    assert read_bot_webhook(body(event), SECRET, secret=SECRET) == WRITTEN


@pytest.mark.parametrize(
    ("writer", "name"),
    [({"first_name": "Nguyen Van A"}, "Nguyen Van A"), ({"name": "An", "display_name": None}, "An"), ({}, "")],
)
def test_name_is_found_where_zalo_puts_it(writer: dict[str, Any], name: str) -> None:
    incoming = read_bot_webhook(body(changed(**{"from": writer})), SECRET, secret=SECRET)

    assert incoming is not None
    assert incoming.display_name == name


def test_ids_may_be_numbers() -> None:
    event = changed(chat={"id": 12345678, "chat_type": "PRIVATE"}, message_id=44)

    incoming = read_bot_webhook(body(event), SECRET, secret=SECRET)

    assert incoming is not None
    assert (incoming.sender, incoming.message_id) == ("12345678", "44")


@pytest.mark.parametrize(
    "event",
    [
        changed(chat={"id": CHAT, "chat_type": "GROUP"}),
        changed(**{"from": {"id": CHAT, "is_bot": True}}),
        changed(text=None),
        changed(text=""),
        EVENT | {"event_name": "message.sticker.received"},
        {"ok": True, "result": None},
        {"ok": True},
    ],
)
def test_what_is_no_private_text_of_a_person_is_nothing(event: object) -> None:
    assert read_bot_webhook(body(event), SECRET, secret=SECRET) is None


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b"null", b"{", b"\xff", body({"message": {"text": "x"}}), b" " * (LONGEST_BODY + 1)]
)
def test_body_that_is_no_event_is_refused_without_being_repeated(raw: bytes) -> None:
    with pytest.raises(BadUpdate) as refused:
        read_bot_webhook(raw, SECRET, secret=SECRET)

    assert refused.value.args == ("Nội dung nhận được không phải sự kiện của Zalo Bot.",)
    assert refused.value.__context__ is None


@pytest.mark.parametrize("given", [None, "", "wh-secret-2", "WH-SECRET-1", "wh-secret-1 ", "ŵ"])
def test_wrong_secret_is_refused(given: str | None) -> None:
    with pytest.raises(BadUpdate, match="không mang đúng mã bí mật"):
        read_bot_webhook(body(EVENT), given, secret=SECRET)


def test_webhook_without_a_secret_of_ours_lets_nobody_in() -> None:
    assert [has_secret("", ""), has_secret(None, ""), has_secret("x", ""), has_secret("x", "x")] == [
        False,
        False,
        False,
        True,
    ]


def test_signed_oa_event_is_read() -> None:
    raw = body(OA_EVENT)

    incoming = read_oa_webhook(raw, mac(raw), app_id=APP, oa_secret=OA_SECRET)

    assert incoming == Incoming(sender=USER, text="DEAN 482913", message_id="96d3cdf3af150460909")


def test_signature_holds_for_the_raw_body_only() -> None:
    raw = body(OA_EVENT)
    rewritten = json.dumps(OA_EVENT, separators=(",", ":")).encode()

    assert is_signed(raw, "154390853474", mac(raw), app_id=APP, oa_secret=OA_SECRET)
    with pytest.raises(BadUpdate, match="Chữ ký"):
        read_oa_webhook(rewritten, mac(raw), app_id=APP, oa_secret=OA_SECRET)


@pytest.mark.parametrize("signature", [None, "", "mac=", "mac=0", "ŵ"])
def test_unsigned_oa_event_is_refused(signature: str | None) -> None:
    with pytest.raises(BadUpdate, match="Chữ ký"):
        read_oa_webhook(body(OA_EVENT), signature, app_id=APP, oa_secret=OA_SECRET)


def test_account_without_a_secret_accepts_no_signature() -> None:
    raw = body(OA_EVENT)
    forged = "mac=" + sha256(APP.encode() + raw + b"154390853474").hexdigest()

    assert not is_signed(raw, "154390853474", forged, app_id=APP, oa_secret="")


@pytest.mark.parametrize("raw", [b"{}", b"", b" {}\n"])
def test_unsigned_probe_is_nothing(raw: bytes) -> None:
    assert read_oa_webhook(raw, None, app_id=APP, oa_secret=OA_SECRET) is None


def test_other_oa_events_are_nothing() -> None:
    for event in (OA_EVENT | {"event_name": "user_seen_message"}, {"event_name": "follow", "timestamp": 154390853474}):
        raw = body(event)

        assert read_oa_webhook(raw, mac(raw), app_id=APP, oa_secret=OA_SECRET) is None


def test_oa_body_that_is_no_event_is_refused() -> None:
    for raw in (b"[]", b"x", b" " * LONGEST_BODY + b"{...}"):
        with pytest.raises(BadUpdate, match="không phải sự kiện của Zalo OA"):
            read_oa_webhook(raw, mac(raw), app_id=APP, oa_secret=OA_SECRET)


def test_poll_brings_each_text_once_and_nothing_when_nobody_writes() -> None:
    with LoopbackZalo() as zalo:
        first = zalo.write_to_bot(CHAT, "DEAN 482913", "Hồng")
        second = zalo.write_to_bot("aa00bb11cc22dd33ee44", "Xin chào", "Bách")

        polled = [poll(zalo.bot_url(), wait_seconds=0) for _ in range(3)]

    assert polled == [
        (Incoming(sender=CHAT, text="DEAN 482913", message_id=first, display_name="Hồng"),),
        (Incoming(sender="aa00bb11cc22dd33ee44", text="Xin chào", message_id=second, display_name="Bách"),),
        (),
    ]


@pytest.mark.parametrize(
    ("answer", "outcome", "code"),
    [
        (HTML_PAGE, Outcome.RETRY, "http 200"),
        (Said("<html>busy</html>", 503), Outcome.RETRY, "http 503"),
        (said(500, ok=True, result=EVENT), Outcome.RETRY, "http 500"),
        (said(ok=False, error_code=429, description="slow down"), Outcome.RETRY, "429"),
        (said(ok=False, error_code=401, description="Unauthorized"), Outcome.CONFIG, "401"),
        (said(ok=False, error_code=400, description="webhook is active"), Outcome.CONFIG, "400"),
        (Fault.DROP, Outcome.RETRY, "no-answer"),
        (Fault.HANG, Outcome.RETRY, "no-answer"),
    ],
)
def test_poll_that_fails_says_whether_to_ask_again(answer: Said | Fault, outcome: Outcome, code: str) -> None:
    with LoopbackZalo() as zalo:
        zalo.script("updates", answer)
        with pytest.raises(NotPolled) as failed:
            poll(zalo.bot_url(timeout="0.3"), wait_seconds=0)

    assert (failed.value.delivery.outcome, failed.value.delivery.code) == (outcome, code)
    assert zalo.bot_token not in repr(failed.value) + failed.value.delivery.detail


def test_timeout_of_the_question_is_no_news() -> None:
    with LoopbackZalo() as zalo:
        zalo.script("updates", Said("", 408))

        assert poll(zalo.bot_url(), wait_seconds=0) == ()


def test_poll_of_another_channel_is_refused() -> None:
    with pytest.raises(BadChannel):
        poll(f"zalooa://{APP}:secret-1")


def test_incoming_shows_neither_person_nor_text() -> None:
    assert repr(WRITTEN) == "Incoming(message_id='16f6366b3f02645a3d15')"
