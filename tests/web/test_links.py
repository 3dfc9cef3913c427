"""Signed links and what Zalo posts: opening changes nothing, a button works once, only the real sender is believed."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from flows.jobs.linking import new_code
from models.loading import load_person
from models.reminders import reports
from models.reminders.addresses import link as link_account
from models.reminders.addresses import reach
from models.reminders.answers import answers
from models.reminders.links import Purpose, make_link, secret_key
from models.reminders.preferences import preference_of
from models.reminders.sweep import sweep
from notifications.demo_zalo import LoopbackZalo
from notifications.zalo_incoming import signature_of
from states.posting import Channel
from tests.web.reading import read

AT = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
CHAT = "e4ea2cd5189df1c3a88c"
SECRET, OA_SECRET = "bot-webhook-secret", "demo-oa-secret"


def key_of(web: Any) -> bytes:
    return secret_key(web.app.state.desk.settings.secret_key_path)


@pytest.fixture
def about(web: Any) -> str:
    """What Bình was reminded of on Thursday; the check ends on Tuesday."""
    web.office.submitted_in_2026()
    web.office.at = AT
    with web.office.store.write() as session:
        sweep(session, as_of=date(2026, 3, 5), at=AT)
    with web.office.store.read() as session:
        [found] = [row["about"] for row in reports.unwritten(session) if row["person"] == "binh"]
    return str(found)


def path(web: Any, purpose: Purpose, about: str, person: str = "binh", valid: timedelta = timedelta(days=30)) -> str:
    made: dict[str, Any] = {
        "purpose": purpose,
        "person": person,
        "about": about,
        "letter": "digest:binh:1",
        "expires_at": AT + valid,
    }
    return make_link(key_of(web), "", **made)


def state(web: Any) -> dict[str, Any]:
    """Everything but the browsers' own rows."""
    found = web.office.everything()
    return {name: rows for name, rows in found.items() if name not in ("web_session", "denial")}


def is_acknowledged(web: Any, about: str, person: str = "binh") -> bool:
    with web.office.store.read() as session:
        return (person, about) in answers(session).acknowledged


# --- links --------------------------------------------------------------------------------------------


def test_opening_a_link_shows_what_it_does_and_changes_nothing(web: Any, about: str) -> None:
    link = path(web, Purpose.ACKNOWLEDGE, about)
    before = state(web)

    answer = web.by().get(link)

    page = read(answer.text)
    assert answer.status_code == 200
    assert "Liên kết này trong thư gửi Trần Thị Bình." in page.text
    assert ("KC-VL-2025-001" in page.text, "10/03/2026" in page.text) == (True, True)
    assert "Hỗ trợ ứng dụng máy móc" not in page.text
    assert page.form(link).buttons == [("", "")]
    assert state(web) == before


def test_button_works_once_and_a_second_press_says_so_kindly(web: Any, about: str) -> None:
    link = path(web, Purpose.ACKNOWLEDGE, about)
    stranger = web.by()

    first, second, later = stranger.post(link), stranger.post(link), stranger.get(link)

    assert [answer.status_code for answer in (first, second, later)] == [200, 200, 200]
    assert "Đã ghi nhận: anh/chị đã nhận việc này." in first.text
    assert "Liên kết này đã được dùng rồi" in second.text
    assert "Liên kết này đã được dùng rồi" in later.text
    assert is_acknowledged(web, about)


def test_reminder_is_put_off_by_a_link_with_a_day_that_may_be_refused_first(web: Any, about: str) -> None:
    link = path(web, Purpose.SNOOZE, about)
    stranger = web.by()

    late = stranger.post(link, data={"until": "12/03/2026"})
    empty = stranger.post(link, data={"until": ""})
    done = stranger.post(link, data={"until": "06/03/2026"})

    assert (late.status_code, empty.status_code, done.status_code) == (409, 409, 200)
    assert read(late.text).form(link).fields["until"] == ["12/03/2026"]
    assert ("mistake-until" in late.text, "mistake-until" in empty.text) == (True, True)
    assert "Sẽ nhắc lại việc này từ ngày 06/03/2026." in done.text


def test_preferences_are_chosen_by_a_link(web: Any) -> None:
    link = path(web, Purpose.PREFERENCES, "")
    form = read(web.by().get(link).text).form(link)

    empty = web.by().post(link, data={"channel_1": ""})
    done = web.by().post(link, data=form.filled(channel_1="zalobot", channel_2="email"))

    assert (empty.status_code, done.status_code) == (409, 200)
    with web.office.store.read() as session:
        wanted = preference_of(session, load_person(session, "binh").id)
    assert wanted.channels == (Channel.ZALOBOT, Channel.EMAIL)


def test_mail_program_unsubscribes_with_one_click(web: Any) -> None:
    with web.office.store.write() as session:
        link_account(session, load_person(session, "binh").id, Channel.ZALOBOT, CHAT, at=AT)
    link = path(web, Purpose.UNSUBSCRIBE, "zalobot")
    program = web.by()
    del program.headers["sec-fetch-site"]

    answer = program.post(link, data={"List-Unsubscribe": "One-Click"})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    with web.office.store.read() as session:
        person = load_person(session, "binh").id
        assert reach(session, [person]).get(person, {}) == {}


def test_old_link_says_where_a_newer_one_is(web: Any, about: str) -> None:
    web.office.at = AT
    old = path(web, Purpose.ACKNOWLEDGE, about, valid=timedelta(days=-1))

    answers_ = [web.by().get(old), web.by().post(old)]

    assert [answer.status_code for answer in answers_] == [404, 404]
    assert all("Liên kết đã hết hạn ngày 04/03/2026; hãy mở liên kết trong thư" in answer.text for answer in answers_)
    assert not is_acknowledged(web, about)


@pytest.mark.parametrize("token", ["abc", "a.b", "x" * 3000, "%2e%2e"])
def test_forged_link_opens_nothing(web: Any, token: str) -> None:
    before = state(web)

    answers_ = [web.by().get(f"/l/{token}"), web.by().post(f"/l/{token}")]

    assert {answer.status_code for answer in answers_} <= {404, 405}
    assert state(web) == before


def test_changed_signature_opens_nothing(web: Any, about: str) -> None:
    link = path(web, Purpose.ACKNOWLEDGE, about)

    answer = web.by().post(link[:-1] + ("A" if link[-1] != "A" else "B"))

    assert answer.status_code == 404
    assert not is_acknowledged(web, about)


def test_other_sites_cannot_press_the_button(web: Any, about: str) -> None:
    link = path(web, Purpose.ACKNOWLEDGE, about)

    answer = web.by().post(link, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert not is_acknowledged(web, about)


# --- what Zalo posts ----------------------------------------------------------------------------------


@pytest.fixture
def zalo() -> Iterator[LoopbackZalo]:
    with LoopbackZalo() as running:
        yield running


@pytest.fixture
def linked_web(office: Any, make_web: Callable[..., Any], zalo: LoopbackZalo) -> Any:
    """A desk with both webhooks set up against a Zalo on this machine."""
    office.at = AT
    settings = {"zalobot_url": zalo.bot_url(), "zalobot_webhook_secret": SECRET}
    return make_web(office, **settings, zalooa_url=zalo.oa_url(), zalooa_webhook_secret=zalo.oa_secret)


def program(web: Any) -> Any:
    """A client that is no browser: no cookie, no origin."""
    client = web.by()
    del client.headers["sec-fetch-site"]
    return client


def code_of(web: Any, channel: Channel) -> str:
    with web.office.store.write() as session:
        return new_code(session, "binh", channel, key=key_of(web), by=load_person(session, "binh"), at=web.office.at)


def ways(web: Any) -> dict[Channel, str]:
    with web.office.store.read() as session:
        person = load_person(session, "binh").id
        return reach(session, [person]).get(person, {})


def bot_says(text: str, message_id: str = "m1") -> bytes:
    message: dict[str, Any] = {
        "chat": {"id": CHAT, "chat_type": "PRIVATE"},
        "message_id": message_id,
        "text": text,
        "from": {},
    }
    return json.dumps({"event_name": "message.text.received", "message": message}).encode()


def oa_says(text: str, message_id: str = "m1") -> bytes:
    event: dict[str, Any] = {
        "event_name": "user_send_text",
        "timestamp": "1772672400000",
        "app_id": LoopbackZalo.app_id,
    }
    event |= {"sender": {"id": "2468458835296197922"}, "message": {"msg_id": message_id, "text": text}}
    return json.dumps(event, indent=1).encode()


def signed(body: bytes) -> dict[str, str]:
    stamp = json.loads(body)["timestamp"]
    mac = signature_of(body, stamp, app_id=LoopbackZalo.app_id, oa_secret=OA_SECRET)
    return {"X-ZEvent-Signature": f"mac={mac}"}


def test_code_sent_to_the_bot_links_the_account_and_is_answered(linked_web: Any, zalo: LoopbackZalo) -> None:
    zalo.chats.add(CHAT)
    body = bot_says(code_of(linked_web, Channel.ZALOBOT))
    headers = {"X-Bot-Api-Secret-Token": SECRET}

    first, repeated = (program(linked_web).post("/zalo/bot", content=body, headers=headers) for _ in range(2))

    assert (first.status_code, repeated.status_code) == (200, 200)
    assert ways(linked_web) == {Channel.ZALOBOT: CHAT}
    assert [message.recipient for message in zalo.messages] == [CHAT]
    assert "Đã liên kết với Trần Thị Bình." in zalo.messages[0].text


def test_code_sent_to_the_account_is_believed_by_the_signature_over_the_raw_body(linked_web: Any) -> None:
    body = oa_says(code_of(linked_web, Channel.ZALOOA))

    answer = program(linked_web).post("/zalo/oa", content=body, headers=signed(body))

    assert answer.status_code == 200
    assert ways(linked_web) == {Channel.ZALOOA: "2468458835296197922"}


@pytest.mark.parametrize("headers", [{}, {"X-Bot-Api-Secret-Token": "guess"}, {"X-Bot-Api-Secret-Token": ""}])
def test_bot_event_of_somebody_else_is_refused(linked_web: Any, headers: dict[str, str]) -> None:
    body = bot_says(code_of(linked_web, Channel.ZALOBOT))

    answer = program(linked_web).post("/zalo/bot", content=body, headers=headers)

    assert answer.status_code == 403
    assert ways(linked_web) == {}


def test_account_event_that_was_changed_on_the_way_is_refused(linked_web: Any) -> None:
    text = code_of(linked_web, Channel.ZALOOA)
    body = oa_says(text)

    unsigned = program(linked_web).post("/zalo/oa", content=body)
    changed = program(linked_web).post("/zalo/oa", content=body.replace(b" ", b""), headers=signed(body))

    assert (unsigned.status_code, changed.status_code) == (403, 403)
    assert ways(linked_web) == {}


@pytest.mark.parametrize("body", [b"{}", b"", b" {} "])
def test_empty_probe_of_the_console_is_let_pass(linked_web: Any, body: bytes) -> None:
    assert program(linked_web).post("/zalo/oa", content=body).status_code == 200


@pytest.mark.parametrize("body", [b"[]", b"\xff", b"{" * 1000])
def test_body_that_is_no_event_is_refused(linked_web: Any, body: bytes) -> None:
    headers = {"X-Bot-Api-Secret-Token": SECRET}

    answers_ = [program(linked_web).post(f"/zalo/{door}", content=body, headers=headers) for door in ("bot", "oa")]

    assert [answer.status_code for answer in answers_] == [403, 403]


def test_endless_event_is_refused(linked_web: Any) -> None:
    assert program(linked_web).post("/zalo/bot", content=b"x" * 70_000).status_code == 413


def test_webhook_that_is_not_set_up_is_not_there(web: Any) -> None:
    assert [program(web).post(f"/zalo/{door}", content=b"{}").status_code for door in ("bot", "oa")] == [404, 404]


def test_lost_answer_leaves_the_link_standing(linked_web: Any, zalo: LoopbackZalo) -> None:
    body = bot_says(code_of(linked_web, Channel.ZALOBOT))

    answer = program(linked_web).post("/zalo/bot", content=body, headers={"X-Bot-Api-Secret-Token": SECRET})

    assert answer.status_code == 200
    assert ways(linked_web) == {Channel.ZALOBOT: CHAT}
