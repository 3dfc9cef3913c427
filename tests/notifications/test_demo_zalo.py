import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message as Headers
from http.client import HTTPConnection

import pytest

from notifications.demo_servers import HOST
from notifications.demo_zalo import ArrivedZalo, LoopbackZalo
from notifications.demo_zalo_http import Listener, Said, push
from notifications.zalo_incoming import Incoming, poll, read_bot_webhook, read_oa_webhook

CHAT, USER = "e4ea2cd5189df1c3a88c", "2468458835296197922"
SECRET = "wh-secret-1"


@contextmanager
def webhook(status: int = 200) -> Iterator[tuple[str, list[tuple[Headers, bytes]]]]:
    """A web server of ours that keeps what is posted to it."""
    got: list[tuple[Headers, bytes]] = []

    def take(_: str, headers: Headers, body: bytes) -> Said:
        got.append((headers, body))
        return Said("{}", status)

    listener = Listener(0, take)
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://{HOST}:{listener.server_port}/zalo", got
    finally:
        listener.closing.set()
        listener.shutdown()
        listener.server_close()
        thread.join()


@pytest.mark.parametrize("enveloped", [True, False])
def test_bot_events_are_pushed_with_the_secret(enveloped: bool) -> None:
    with LoopbackZalo() as zalo, webhook() as (url, got):
        zalo.push_bot_events(url, SECRET, enveloped=enveloped)
        message_id = zalo.write_to_bot(CHAT, "DEAN 482913", "Hồng")

    ((headers, body),) = got
    assert ("result" in json.loads(body)) is enveloped
    assert read_bot_webhook(body, headers["X-Bot-Api-Secret-Token"], secret=SECRET) == Incoming(
        sender=CHAT, text="DEAN 482913", message_id=message_id, display_name="Hồng"
    )
    assert zalo.push_statuses == [200]


def test_oa_events_are_pushed_with_a_signature_of_the_raw_body() -> None:
    with LoopbackZalo() as zalo, webhook() as (url, got):
        zalo.push_oa_events(url)
        message_id = zalo.write_to_oa(USER, "Xin chào chị Hồng")

    ((headers, body),) = got
    read = read_oa_webhook(body, headers["X-ZEvent-Signature"], app_id=zalo.app_id, oa_secret=zalo.oa_secret)
    assert read == Incoming(sender=USER, text="Xin chào chị Hồng", message_id=message_id)


def test_push_nobody_takes_is_noted() -> None:
    with LoopbackZalo() as zalo, webhook(status=500) as (url, _):
        zalo.push_bot_events(url, SECRET)
        zalo.write_to_bot(CHAT, "một")
        zalo.push_bot_events("http://127.0.0.1:1/zalo", SECRET)
        zalo.write_to_bot(CHAT, "hai")

    assert zalo.push_statuses == [500, 0]


def test_long_poll_is_answered_as_soon_as_someone_writes() -> None:
    with LoopbackZalo() as zalo:
        found: list[tuple[Incoming, ...]] = []
        asking = threading.Thread(target=lambda: found.append(poll(zalo.bot_url(), wait_seconds=30)))
        asking.start()
        zalo.write_to_bot(CHAT, "DEAN 482913")
        asking.join(timeout=10)

    assert [incoming.text for (incoming,) in found] == ["DEAN 482913"]


def test_person_can_be_played_over_http() -> None:
    with LoopbackZalo() as zalo:
        status = push(f"{zalo.base}/demo/write", b'{"chat_id": "e4ea2cd5189df1c3a88c", "text": "DEAN 1"}', {})
        push(f"{zalo.base}/demo/write", b'{"user_id": "2468458835296197922", "text": "x"}', {})
        (incoming,) = poll(zalo.bot_url(), wait_seconds=0)

    assert (status, incoming.sender, incoming.text) == (200, CHAT, "DEAN 1")
    assert (zalo.chats, set(zalo.followers)) == ({CHAT}, {USER})


def test_whoever_asks_to_be_told_is_told_of_each_message() -> None:
    told: list[ArrivedZalo] = []
    with LoopbackZalo(on_message=told.append) as zalo:
        zalo.chats.add(CHAT)
        push(f"{zalo.base}/bot{zalo.bot_token}/sendMessage", json.dumps({"chat_id": CHAT, "text": "x"}).encode(), {})

    assert told == zalo.messages == [ArrivedZalo("bot", CHAT, "x")]


def test_text_longer_than_two_thousand_characters_is_refused() -> None:
    with LoopbackZalo() as zalo:
        zalo.chats.add(CHAT)
        connection = HTTPConnection(HOST, zalo.port, timeout=5)
        asked = json.dumps({"chat_id": CHAT, "text": "x" * 2_001})
        connection.request("POST", f"/bot{zalo.bot_token}/sendMessage", asked)
        answer = connection.getresponse()
        spoken = json.loads(answer.read())
        connection.close()

    assert (answer.status, spoken["ok"], spoken["error_code"]) == (200, False, 400)


def test_clock_of_its_own_may_be_given() -> None:
    now = [100.0]
    zalo = LoopbackZalo(clock=lambda: now[0])
    with zalo:
        zalo.write_to_oa(USER, "Xin chào")

    assert zalo.followers == {USER: 100.0}


def test_closing_lets_go_of_those_who_wait() -> None:
    with LoopbackZalo() as zalo:
        waiting = HTTPConnection(HOST, zalo.port, timeout=10)
        waiting.request("POST", f"/bot{zalo.bot_token}/getUpdates", b'{"timeout": 60}')

    with pytest.raises(ConnectionError):
        waiting.getresponse()
    waiting.close()
