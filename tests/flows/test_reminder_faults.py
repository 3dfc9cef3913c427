"""Mail servers and Zalo that refuse, fall silent or cut the line: what becomes of a letter and of what it tells."""

from datetime import datetime
from typing import Any

import pytest

from models.people import edit_person
from models.reminders.addresses import places
from models.reminders.channel_tokens import store_tokens
from models.reminders.channels import start_channel
from models.reminders.handover import claim
from models.reminders.outbox import retry
from notifications.demo_servers import Fault, LoopbackSmtp
from notifications.demo_zalo import LoopbackZalo
from notifications.demo_zalo_http import HTML_PAGE, Said, said
from notifications.zalo_tokens import Tokens
from states.posting import Channel

DAY = "2026-03-09"
OPENING = datetime.fromisoformat(f"{DAY}T07:30:00+07:00")
NOBODY = "550 5.1.1 no such user"


@pytest.fixture
def one(mornings_on_both: Any) -> Any:
    """A morning on which Bình alone has a letter: Bạch has no address."""
    mornings_on_both.office.submitted_in_2026()
    mornings_on_both.without_address("bach")
    mornings_on_both.sweep(DAY)
    return mornings_on_both


@pytest.fixture
def on_zalo(mornings_on_both: Any, zalo: LoopbackZalo) -> Any:
    """The same, and Bình wants it by Zalo Bot."""
    mornings_on_both.office.submitted_in_2026()
    mornings_on_both.without_address("bach")
    mornings_on_both.change(zalobot_url=zalo.bot_url())
    mornings_on_both.on_zalo("binh", zalo)
    mornings_on_both.sweep(DAY)
    return mornings_on_both


def told(mornings: Any) -> dict[str, int]:
    """What became of the reminders that were to be told to somebody reachable."""
    counted = mornings.rows("reminder AS r JOIN person AS p ON p.id = r.person_id", "r.status", "p.code = 'binh'")
    return {status: counted.count((status,)) for (status,) in set(counted) if status != "covered"}


# --- mail servers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        ("greeting", "421 4.3.2 shutting down"),
        ("greeting", Fault.DROP),
        ("sender", "451 4.3.0 try later"),
        ("recipient", "450 4.2.1 mailbox busy"),
        ("start", "452 4.3.1 no room"),
        ("content", "451 4.7.1 greylisted"),
        ("recipient", Fault.DROP),
    ],
)
def test_passing_refusal_is_tried_again(one: Any, moment: Any, answer: Any) -> None:
    one.server.script(moment, answer)

    first = one.send(DAY, "07:30")
    too_early = one.send(DAY, "07:30")
    second = one.send(DAY, "07:31")

    assert (first.outcomes, too_early.outcomes, second.outcomes) == ({"retry": 1}, {}, {"ok": 1})
    assert (one.readers(), told(one)) == (["binh"], {"told": 1})
    assert one.outcomes() == [("email", "retry"), ("email", "ok")]


def test_retries_do_not_run_into_the_night(one: Any) -> None:
    one.server.script("recipient", "450 4.2.1 mailbox busy")

    afternoon, evening = (one.send(DAY, hour).outcomes for hour in ("16:59", "17:01"))

    assert (afternoon, evening, one.server.mails) == ({"retry": 1}, {}, [])
    assert one.morning("2026-03-10") == [("binh", "1 việc khuyến công đến hạn hôm nay – 10/03/2026")]


def test_letter_that_is_never_taken_rides_in_the_digest_of_the_next_morning(one: Any) -> None:
    one.server.script("recipient", *["450 4.2.1 mailbox busy"] * 5)
    for hour in ("07:30", "09:00", "11:00", "13:00", "16:00"):
        one.send(DAY, hour)

    next_morning = one.morning("2026-03-10")

    assert next_morning == [("binh", "1 việc khuyến công đến hạn hôm nay – 10/03/2026")]
    assert one.rows("outbox", "key, status") == [
        (f"digest:binh:{DAY}:1", "expired"),
        ("digest:binh:2026-03-10:1", "sent"),
    ]
    assert told(one) == {"told": 2}


def test_unknown_mailbox_is_marked_and_the_operator_told(one: Any) -> None:
    one.server.script("recipient", NOBODY)

    one.send(DAY)
    again = one.sweep("2026-03-10")

    assert one.arrived() == [("vanhanh", "[Vận hành] 1 thư qua kênh “Thư điện tử” không gửi được – 09/03/2026")]
    assert (one.count("outbox"), told(one)) == ({"dead": 1, "sent": 1}, {"untold": 1, "waiting": 1})
    assert again.unreachable == ("Trần Thị Bình", "Đỗ Xuân Bách")
    with one.store.read() as session:
        [(person,)] = one.rows("person", "id", "code = 'binh'")
        [place] = places(session, [person])[person]
    assert place.problem == "Máy chủ thư từ chối địa chỉ người nhận: 550 5.1.1 no such user"


def test_corrected_mailbox_gets_the_dead_letter_and_what_was_owed(one: Any) -> None:
    one.server.script("recipient", NOBODY)
    one.send(DAY)
    one.sweep("2026-03-10")
    [(dead,)] = one.rows("outbox", "id", "status = 'dead'")
    with one.store.write() as session:
        edit_person(session, "binh", one.office.origin, email="tran.binh@sct.example")
        again = retry(session, [dead], at=one.office.at)

    told_now = one.morning("2026-03-10")

    assert again == 1
    assert told_now == [
        ("tran.binh", "1 việc khuyến công đến hạn hôm nay – 10/03/2026"),
        ("tran.binh", "1 việc khuyến công đến hạn trong 3 ngày làm việc – 09/03/2026"),
    ]
    assert told(one) == {"told": 2}


def test_refused_content_is_given_up_without_blaming_the_address(one: Any) -> None:
    one.server.script("content", "554 5.7.1 looks like spam")

    one.send(DAY)

    assert one.readers() == ["vanhanh"]
    assert (one.outcomes(), told(one)) == ([("email", "permanent"), ("email", "ok")], {"untold": 1})
    assert one.rows("address", "problem") == []


def test_two_dead_letters_of_a_day_are_one_letter_to_the_operator(mornings_on_both: Any) -> None:
    mornings = mornings_on_both
    mornings.office.submitted_in_2026()
    mornings.server.script("recipient", NOBODY, NOBODY)
    mornings.sweep(DAY)

    mornings.send(DAY)

    assert (mornings.readers(), mornings.count("outbox")) == (["vanhanh"], {"dead": 2, "sent": 1})


@pytest.mark.parametrize("fault", [Fault.DROP, Fault.HANG])
def test_silence_after_the_content_is_handed_over_again_as_the_same_mail(one: Any, fault: Fault) -> None:
    one.change(smtp_url=one.server.url("khuyencong@sct.example", timeout="1"))
    one.server.script("content", fault)

    first = one.send(DAY, "07:30")
    second = one.send(DAY, "07:36")

    assert (first.outcomes, second.outcomes) == ({"unknown": 1}, {"ok": 1})
    before, after = one.server.mails
    assert before.content == after.content
    assert before.parsed["Message-ID"] == after.parsed["Message-ID"]
    assert (one.count("outbox"), told(one)) == ({"sent": 1}, {"told": 1})


def test_server_that_says_nothing_is_tried_again(one: Any) -> None:
    one.change(smtp_url=one.server.url("khuyencong@sct.example", timeout="1"))
    one.server.script("greeting", Fault.HANG)

    assert one.send(DAY, "07:30").outcomes == {"retry": 1}
    assert one.send(DAY, "07:31").outcomes == {"ok": 1}


def test_wrong_password_stops_the_channel_tells_once_and_goes_on_when_mended(mornings_on_both: Any) -> None:
    mornings = mornings_on_both
    mornings.with_coordinators(20)
    mornings.office.submitted_in_2026()
    mornings.sweep(DAY)
    with LoopbackSmtp(user="dean", password="đúng".encode().hex()) as guarded:
        url = guarded.url("khuyencong@sct.example")
        mornings.change(smtp_url=url.replace(guarded.password or "", "sai"))
        refused = [mornings.send(DAY, hour).outcomes for hour in ("07:30", "07:40", "09:00")]
        stopped = mornings.rows("channel_state", "channel, detail")
        mornings.change(smtp_url=url)
        still = mornings.send(DAY, "09:05").outcomes
        with mornings.store.write() as session:
            started = start_channel(session, Channel.EMAIL)
        drained = mornings.send(DAY, "09:10", workers=2)

        # One attempt, not one for each letter: many wrong passwords lock an account.
        assert (refused, still, started) == ([{"config": 1}, {}, {}], {}, True)
        assert stopped[0][0] == "email"
        assert "535" in stopped[0][1]
        assert drained.outcomes == {"ok": 23}
        subjects = [str(mail.parsed["Subject"]) for mail in guarded.mails if mail.recipients[0].startswith("vanhanh")]
    assert subjects == ["[Vận hành] Kênh gửi “Thư điện tử” đã dừng vì cấu hình bị từ chối – 09/03/2026"]
    assert mornings.count("reminder") == {"told": 22, "covered": 44}


# --- Zalo Bot -------------------------------------------------------------------------------------------


def test_zalo_carries_the_digest_of_whoever_wants_it_there(on_zalo: Any, zalo: LoopbackZalo) -> None:
    done = on_zalo.send(DAY)

    assert (done.outcomes, on_zalo.server.mails, told(on_zalo)) == ({"ok": 1}, [], {"told": 1})
    [message] = zalo.messages
    assert message.text.splitlines()[0] == (
        "Chào anh/chị, ngày 09/03/2026 anh/chị có 1 việc khuyến công đến hạn trong 3 ngày làm việc."
    )
    assert "Hỗ trợ ứng dụng" not in message.text


@pytest.mark.parametrize("answer", [HTML_PAGE, Fault.DROP, Said("", 502, "text/html")])
def test_zalo_message_that_perhaps_arrived_goes_on_by_mail_and_never_twice_by_zalo(
    on_zalo: Any, zalo: LoopbackZalo, answer: Any
) -> None:
    zalo.script("bot", answer)

    done = on_zalo.send(DAY)
    later = on_zalo.send(DAY, "12:00")

    assert (done.outcomes, later.outcomes) == ({"unknown": 1, "ok": 1}, {})
    assert on_zalo.outcomes() == [("zalobot", "unknown"), ("email", "ok")]
    assert on_zalo.rows("outbox", "key, channel, status") == [
        (f"digest:binh:{DAY}:1", "zalobot", "replaced"),
        (f"digest:binh:{DAY}:1>email", "email", "sent"),
    ]
    assert len(zalo.messages) == (0 if isinstance(answer, Said) else 1)
    assert (on_zalo.readers(), told(on_zalo)) == (["binh"], {"told": 1})


@pytest.mark.parametrize("answer", [said(429, ok=False, error_code=429, description="Slow down"), Said("", 429)])
def test_zalo_that_is_overrun_is_asked_again(on_zalo: Any, zalo: LoopbackZalo, answer: Said) -> None:
    zalo.script("bot", answer)

    assert on_zalo.send(DAY, "07:30").outcomes == {"retry": 1}
    assert on_zalo.send(DAY, "07:31").outcomes == {"ok": 1}
    assert (len(zalo.messages), on_zalo.server.mails) == (1, [])


def test_worker_that_died_with_a_zalo_message_is_followed_by_a_mail(on_zalo: Any, zalo: LoopbackZalo) -> None:
    """Nobody knows whether it was sent, and Zalo could not tell the second from the first."""
    on_zalo.change(messages_per_minute=0)
    with on_zalo.store.write() as session:
        claim(session, "dead", at=OPENING, limit=20)

    within = on_zalo.send(DAY, "07:34")
    done = on_zalo.send(DAY, "07:36")

    assert (within.outcomes, done.outcomes) == ({}, {"unknown": 1, "ok": 1})
    assert (zalo.messages, on_zalo.readers(), told(on_zalo)) == ([], ["binh"], {"told": 1})


# --- Zalo OA and ZNS ------------------------------------------------------------------------------------


def account(mornings: Any, zalo: LoopbackZalo) -> Tokens:
    """Link the Official Account and let nothing but Zalo itself slow the sending down."""
    tokens = zalo.grant()
    with mornings.store.write() as session:
        store_tokens(session, Channel.ZALOOA, tokens.access, tokens.refresh, at=mornings.office.at)
    mornings.change(zalooa_url=zalo.oa_url(), zalozns_url=zalo.zns_url(), messages_per_minute=0)
    return tokens


def test_token_that_ran_out_is_renewed_once_for_twelve_senders(mornings_on_both: Any, zalo: LoopbackZalo) -> None:
    mornings = mornings_on_both
    for code in (*mornings.with_coordinators(10), "binh", "bach"):
        mornings.on_zalo(code, zalo, Channel.ZALOOA)
    old = account(mornings, zalo)
    zalo.expire_access()
    mornings.office.submitted_in_2026()
    mornings.sweep(DAY)

    done = mornings.send(DAY, workers=12, batch=1)

    assert (done.outcomes, zalo.refreshes) == ({"ok": 12}, 1)
    assert len({message.recipient for message in zalo.messages}) == len(zalo.messages) == 12
    [(access, refresh)] = mornings.rows("channel_token", "access, refresh")
    assert (access != old.access, refresh != old.refresh) == (True, True)
    assert mornings.server.mails == []


def test_refused_renewal_stops_the_channel(mornings_on_both: Any, zalo: LoopbackZalo) -> None:
    mornings = mornings_on_both
    mornings.without_address("bach")
    mornings.on_zalo("binh", zalo, Channel.ZALOOA)
    tokens = account(mornings, zalo)
    zalo.expire_access()
    zalo.script("token", said(error=-14014, error_name="Invalid refresh token"))
    mornings.office.submitted_in_2026()
    mornings.sweep(DAY)

    done = mornings.send(DAY)

    assert (done.outcomes, mornings.readers()) == ({"config": 1, "ok": 1}, ["vanhanh"])
    assert told(mornings) == {"queued": 1}
    assert mornings.rows("channel_token", "access, refresh") == [(tokens.access, tokens.refresh)]


def test_person_who_blocked_the_account_is_marked_and_gets_a_mail(mornings_on_both: Any, zalo: LoopbackZalo) -> None:
    mornings = mornings_on_both
    mornings.without_address("bach")
    zalo.blocked.add(mornings.on_zalo("binh", zalo, Channel.ZALOOA))
    account(mornings, zalo)
    mornings.office.submitted_in_2026()

    first = mornings.morning(DAY)
    second = mornings.morning("2026-03-10")

    assert mornings.outcomes() == [("zalooa", "recipient"), ("email", "ok"), ("email", "ok")]
    assert [[code for code, _ in mails] for mails in (first, second)] == [["binh"], ["binh"]]
    [(problem,)] = mornings.rows("address", "problem")
    assert problem.startswith("Zalo OA từ chối (mã -244")
    [(parent,)] = mornings.rows("outbox", "id", "status = 'replaced'")
    assert mornings.rows("outbox", "key, parent_id", f"parent_id = {parent}") == [
        (f"digest:binh:{DAY}:1>email", parent)
    ]
    assert told(mornings) == {"told": 2}


def test_closed_window_lets_the_mail_take_over_and_marks_nobody(mornings_on_both: Any, zalo: LoopbackZalo) -> None:
    mornings = mornings_on_both
    mornings.without_address("bach")
    mornings.on_zalo("binh", zalo, Channel.ZALOOA)
    zalo.pass_time(8 * 24 * 3600)
    account(mornings, zalo)
    mornings.office.submitted_in_2026()

    mornings.morning(DAY)

    assert mornings.outcomes() == [("zalooa", "window"), ("email", "ok")]
    assert mornings.rows("address", "problem") == [("",)]


def test_used_up_quota_pauses_the_whole_channel(mornings_on_both: Any, zalo: LoopbackZalo) -> None:
    mornings = mornings_on_both
    for code in ("binh", "bach"):
        mornings.on_zalo(code, zalo, Channel.ZALOOA)
    account(mornings, zalo)
    zalo.script("oa", said(error=-211, message="Quota exceeded"))
    mornings.office.submitted_in_2026()
    mornings.sweep(DAY)

    first = mornings.send(DAY, "07:30")
    paused = mornings.send(DAY, "07:34")
    later = mornings.send(DAY, "08:00")

    assert (first.outcomes, paused.outcomes, later.outcomes) == ({"quota": 1}, {}, {"ok": 2})


def test_template_message_is_filled_with_plain_values(mornings_on_both: Any, zalo: LoopbackZalo) -> None:
    mornings = mornings_on_both
    mornings.without_address("bach")
    account(mornings, zalo)
    names = {"so_viec": "count", "ma": "code", "viec": "task", "han": "due"}
    mornings.change(zalozns_url=zalo.zns_url(**{f"fill.{name}": source for name, source in names.items()}))
    zalo.phones.add("84912345678")
    code = mornings.office.submitted_in_2026()
    with mornings.store.write() as session:
        edit_person(session, "binh", mornings.office.origin, phone="0912345678")
    mornings.prefer("binh", Channel.ZALOZNS)

    mornings.morning(DAY)

    [message] = zalo.messages
    assert message.values == {
        "so_viec": "1",
        "ma": code,
        "viec": "Kiểm tra thành phần hồ sơ",
        "han": "10/03/2026",
    }
