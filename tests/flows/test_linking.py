"""Polling the bot from a real server on loopback: each message is acted on once, then answered."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from flows.jobs.linking import Polled, new_code, poll_once, receive
from models.loading import load_person
from models.reminders.addresses import reach
from notifications.demo_zalo import LoopbackZalo
from notifications.demo_zalo_http import said
from notifications.outcome import BadChannel
from notifications.zalo_incoming import Incoming, NotPolled
from states.posting import Channel

KEY = bytes(32)
AT = datetime(2024, 1, 9, 2, 0, tzinfo=UTC)
CHAT, OTHER = "e4ea2cd5189df1c3a88c", "aa00bb11cc22dd33ee44"


@pytest.fixture
def zalo() -> Iterator[LoopbackZalo]:
    with LoopbackZalo() as running:
        yield running


def code_of(office: Any, person: str, channel: Channel = Channel.ZALOBOT) -> str:
    with office.store.write() as session:
        return new_code(session, person, channel, key=KEY, by=load_person(session, person), at=AT)


def poll(office: Any, zalo: LoopbackZalo) -> Polled:
    return poll_once(office.store, zalo.bot_url(), key=KEY, at=AT, wait_seconds=0)


def ways(office: Any, person: str) -> dict[Channel, str]:
    with office.store.read() as session:
        found = load_person(session, person).id
        return reach(session, [found]).get(found, {})


def test_people_who_send_their_codes_are_linked_and_answered(office_on_both: Any, zalo: LoopbackZalo) -> None:
    codes = {person: code_of(office_on_both, person) for person in ("binh", "bach")}
    zalo.write_to_bot(CHAT, codes["binh"], "Bình")
    zalo.write_to_bot(OTHER, f"Mã của tôi: {codes['bach'].replace('D', 'Đ')}", "Bách")

    polled = [poll(office_on_both, zalo) for _ in range(3)]

    assert polled == [Polled(1, 1, 0), Polled(1, 1, 0), Polled()]
    assert (ways(office_on_both, "binh"), ways(office_on_both, "bach")) == (
        {Channel.ZALOBOT: CHAT},
        {Channel.ZALOBOT: OTHER},
    )
    assert [message.recipient for message in zalo.messages] == [CHAT, OTHER]


def test_link_stands_even_when_its_answer_is_lost(office_on_both: Any, zalo: LoopbackZalo) -> None:
    zalo.write_to_bot(CHAT, code_of(office_on_both, "binh"))
    zalo.script("bot", said(ok=False, error_code=403, description="internal error"))

    assert poll(office_on_both, zalo) == Polled(1, 0, 1)
    assert ways(office_on_both, "binh") == {Channel.ZALOBOT: CHAT}


@pytest.mark.parametrize("text", ["DEAN DỪNG", "dean dung", "Đean  dừng", "DEAN HỦY"])
def test_person_leaves_by_writing_so(office_on_both: Any, zalo: LoopbackZalo, text: str) -> None:
    office = office_on_both
    zalo.write_to_bot(CHAT, code_of(office, "binh"))
    poll(office, zalo)

    zalo.write_to_bot(CHAT, text)
    poll(office, zalo)

    assert ways(office, "binh") == {}


def test_webhook_of_the_account_uses_the_same_door(office_on_both: Any) -> None:
    text = code_of(office_on_both, "binh", Channel.ZALOOA)
    incoming = Incoming(sender="2468458835296197922", text=text, message_id="96d3cdf3af150460909")

    with office_on_both.store.write() as session:
        answers = [receive(session, Channel.ZALOOA, incoming, key=KEY, at=AT) for _ in range(2)]

    assert answers[0] is not None
    assert answers[0].startswith("Đã liên kết với Trần Thị Bình.")
    assert answers[1] is None
    assert ways(office_on_both, "binh") == {Channel.ZALOOA: "2468458835296197922"}


def test_bot_that_cannot_be_asked_is_told(office_on_both: Any, zalo: LoopbackZalo) -> None:
    zalo.script("updates", said(ok=False, error_code=401, description="Unauthorized"))

    with pytest.raises(NotPolled):
        poll(office_on_both, zalo)
    with pytest.raises(BadChannel):
        poll_once(office_on_both.store, "zalooa://x", key=KEY, at=AT, wait_seconds=0)
