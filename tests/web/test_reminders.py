"""Nhắc việc: my own and my answers, the ledger, the outbox, how I want to be told, and a rehearsal."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.loading import load_person
from models.people import edit_person
from models.reminders import reports
from models.reminders.addresses import link
from models.reminders.channel_tokens import store_tokens
from models.reminders.channels import stop_channel
from models.reminders.handover import Ended, claim, finish, note_end
from models.reminders.outbox import NewLetter, queue
from models.reminders.preferences import preference_of
from models.reminders.sweep import sweep
from states.posting import Channel, Letter, OutboxStatus
from tests.web.reading import read

THURSDAY = date(2026, 3, 5)
AT = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)


@pytest.fixture
def code(web: Any) -> str:
    """A project whose check ends in three workdays; Thursday's sweep wrote what is due, and it is Thursday."""
    found: str = web.office.submitted_in_2026()
    web.office.at = AT
    with web.office.store.write() as session:
        sweep(session, as_of=THURSDAY, at=AT)
    return found


def lettered(web: Any, person: str = "binh", outcome: str = "") -> int:
    """Write a letter with whatever waits for a person; with an outcome it was tried."""
    with web.office.store.write() as session:
        keys = [row["key"] for row in reports.unwritten(session) if row["person"] == person]
        letter = NewLetter(
            key=f"digest:{person}:1",
            person_id=load_person(session, person).id,
            channel=Channel.EMAIL,
            letter=Letter.TEST,
            subject="Thư nhắc việc",
            body="{}",
            not_before=AT,
            reminders=keys,
        )
        [number] = queue(session, [letter], at=AT)
    if outcome:
        with web.office.store.write() as session:
            [held] = claim(session, "máy:1", at=AT, limit=1)
            ended = Ended(outcome=outcome, mode="live", code="550", detail="Máy chủ từ chối hẳn.")
            note_end(session, held, ended, at=AT)
            status = OutboxStatus.SENT if outcome == "ok" else OutboxStatus.DEAD
            finish(session, held, status, ended, at=AT)
    return number


def told(web: Any, person: str) -> list[str]:
    with web.office.store.read() as session:
        return [row["status"] for row in reports.told(session, who=person)]


# --- mine ---------------------------------------------------------------------------------------------


def test_my_reminders_say_what_why_and_until_when(web: Any, code: str) -> None:
    page = read(web.by("binh").get("/reminders").text)

    [row] = page.tables[0][1:]
    assert row[0].split()[0] == code
    assert row[1:3] == ["trước hạn 3 ngày làm việc, người phải xử lý", "10/03/2026"]
    assert "Chờ vào thư" in row[3]


def test_others_see_nothing_of_mine(web: Any, code: str) -> None:
    for person in ("yen", "hanh", "dung"):
        assert code not in web.by(person).get("/reminders").text


def test_acknowledged_task_is_not_owed_any_more(web: Any, code: str) -> None:
    browser = web.by("binh")
    key = read(browser.get("/reminders").text).form("/reminders/acknowledge").fields["key"]

    done = browser.post("/reminders/acknowledge", data={"key": key})
    again = browser.post("/reminders/acknowledge", data={"key": key})

    assert (done.status_code, again.status_code) == (303, 409)
    assert "waiting" not in told(web, "binh")
    assert "waiting" in told(web, "bach")
    assert "đã được báo nhận trước đó" in again.text


def test_snoozed_task_comes_again_on_the_day(web: Any, code: str) -> None:
    browser = web.by("binh")
    key = read(browser.get("/reminders").text).form("/reminders/acknowledge").fields["key"][0]
    page = read(browser.get("/reminders/answer", params={"key": key}).text)

    form = page.form("/reminders/snooze")
    late = browser.post("/reminders/snooze", data=form.filled(until="12/03/2026", reason="Đi công tác"))
    done = browser.post("/reminders/snooze", data=form.filled())

    assert form.fields["until"] == ["06/03/2026"]
    assert "Chậm nhất 09/03/2026." in page.text
    assert late.status_code == 409
    kept = read(late.text).form("/reminders/snooze").fields
    assert (kept["until"], kept["reason"]) == (["12/03/2026"], ["Đi công tác"])
    assert "mistake-until" in late.text
    assert (done.status_code, "waiting" in told(web, "binh")) == (303, False)
    assert "nhắc lại từ 06/03/2026" in browser.get("/reminders").text


def test_task_that_was_done_moves_to_what_is_past(web: Any, code: str) -> None:
    lettered(web, outcome="ok")
    web.office.step(code, "start_appraisal", "binh", number="02/SCT")

    page = read(web.by("binh").get("/reminders").text)

    assert "Không có việc nào đã nhắc mà còn phải xử lý." in page.text
    assert page.tables[0][1][0].split()[0] == code


@pytest.mark.parametrize("person", ["yen", "hanh", "dung"])
def test_nobody_answers_for_a_stranger(web: Any, code: str, person: str) -> None:
    with web.office.store.read() as session:
        [key] = [row["key"] for row in reports.unwritten(session) if row["person"] == "binh"]
    browser = web.by(person)

    answers = [
        browser.get("/reminders/answer", params={"key": key}),
        browser.post("/reminders/acknowledge", data={"key": key}),
        browser.post("/reminders/snooze", data={"key": key, "until": "06/03/2026"}),
    ]

    assert {answer.status_code for answer in answers} <= {200, 400, 409}
    assert [answer.status_code for answer in answers[1:]] == [409, 409]
    if person != "dung":
        assert not any("Hỗ trợ ứng dụng" in answer.text or "10/03/2026" in answer.text for answer in answers)
    assert "waiting" in told(web, "binh")


# --- the ledger ---------------------------------------------------------------------------------------


def test_ledger_tells_of_everyone_and_is_filtered(web: Any, code: str) -> None:
    lettered(web, outcome="permanent")
    browser = web.by("em")

    everyone = read(browser.get("/reminders/ledger").text)
    mine = read(browser.get("/reminders/ledger?who=binh&rule=N-T3&since=05/03/2026&until=05/03/2026").text)
    dead = read(browser.get(f"/reminders/ledger?status=untold&project={code}").text)
    other_day = read(browser.get("/reminders/ledger?until=04/03/2026").text)

    assert {row[1] for row in everyone.tables[0][1:]} == {"Trần Thị Bình", "Đỗ Xuân Bách"}
    [row] = mine.tables[0][1:]
    assert "Không gửi được" in row[5]
    assert "Máy chủ từ chối hẳn." in row[5]
    assert [row[1] for row in dead.tables[0][1:]] == ["Trần Thị Bình"]
    assert "Chưa có nhắc việc nào như vậy." in other_day.text


def test_ledger_says_what_it_cannot_read(web: Any) -> None:
    browser = web.by("binh")

    answers = [browser.get(f"/reminders/ledger?{asked}") for asked in ("project=abc", "since=hôm qua", "status=gone")]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert read(answers[0].text).form("/reminders/ledger", "get").fields["project"] == ["abc"]


@pytest.mark.parametrize("person", ["an", "yen", "hanh", "dung"])
def test_ledger_and_rehearsal_are_closed_to_others(web: Any, code: str, person: str) -> None:
    browser = web.by(person)

    answers = [browser.get("/reminders/ledger"), browser.get("/reminders/rehearsal?day=06/03/2026")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not any(code in answer.text for answer in answers)


# --- the rehearsal ------------------------------------------------------------------------------------


def test_rehearsal_shows_tomorrows_letters_and_writes_nothing(web: Any) -> None:
    code = web.office.submitted_in_2026()
    with web.office.store.write() as session:
        edit_person(session, "binh", web.office.origin, email="binh@example.vn")
    before = web.office.everything()

    answer = web.by("chi").get("/reminders/rehearsal?day=05/03/2026")

    page = read(answer.text)
    assert "Ngày 05/03/2026: 1 thư" in page.text
    assert f"{code} , hạn 10/03/2026" in page.text or f"{code}, hạn 10/03/2026" in page.text
    assert "Chưa vào thư nào" in page.text
    assert ("binh@example.vn" in answer.text, "/l/" in answer.text) == (False, False)
    after = web.office.everything()
    assert {name for name in before if before[name] != after[name]} <= {"web_session"}


def test_rehearsal_looks_ahead_and_not_for_ever(web: Any) -> None:
    browser = web.by("chi")

    assert [browser.get(f"/reminders/rehearsal?day={day}").status_code for day in ("01/01/2020", "01/01/2030")] == [
        400,
        400,
    ]
    assert browser.get("/reminders/rehearsal").status_code == 200


# --- the outbox ---------------------------------------------------------------------------------------


def test_dead_letter_is_sent_again_by_hand(web: Any, code: str) -> None:
    number = lettered(web, outcome="permanent")
    browser = web.by("giang")
    shown = read(browser.get(f"/reminders/outbox/{number}").text)

    done = browser.post(f"/reminders/outbox/{number}/retry")
    again = browser.post(f"/reminders/outbox/{number}/retry")

    assert "Máy chủ từ chối hẳn." in shown.text
    assert (done.status_code, again.status_code) == (303, 409)
    assert "Chờ gửi" in browser.get(f"/reminders/outbox/{number}").text
    assert "queued" in told(web, "binh")


def test_letter_is_cancelled_with_a_reason(web: Any, code: str) -> None:
    number = lettered(web)
    browser = web.by("giang")

    without = browser.post(f"/reminders/outbox/{number}/cancel", data={"note": ""})
    done = browser.post(f"/reminders/outbox/{number}/cancel", data={"note": "Gửi nhầm"})
    again = browser.post(f"/reminders/outbox/{number}/cancel", data={"note": "Gửi nhầm"})

    assert (without.status_code, done.status_code, again.status_code) == (409, 303, 409)
    assert "mistake-note" in without.text
    assert "Bùi Trường Giang hủy thư: Gửi nhầm" in browser.get(f"/reminders/outbox/{number}").text
    assert "nên không hủy được" in again.text


def test_stopped_channel_goes_on_by_hand(web: Any) -> None:
    with web.office.store.write() as session:
        stop_channel(session, Channel.EMAIL, "Sai mật khẩu.", at=AT)
    browser = web.by("giang")
    before = read(browser.get("/reminders/outbox").text)

    done = browser.post("/reminders/channels/email/start")
    again = browser.post("/reminders/channels/email/start")

    assert "Sai mật khẩu." in before.text
    assert (done.status_code, again.status_code) == (303, 409)
    assert "DỪNG" not in browser.get("/reminders/outbox").text


@pytest.mark.parametrize("person", ["an", "em", "dung", "hanh"])
def test_post_is_left_alone_by_others(web: Any, code: str, person: str) -> None:
    number = lettered(web, outcome="permanent")
    browser = web.by(person)

    answers = [
        browser.post("/reminders/outbox/retry"),
        browser.post(f"/reminders/outbox/{number}/retry"),
        browser.post(f"/reminders/outbox/{number}/cancel", data={"note": "x"}),
        browser.post("/reminders/channels/email/start"),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4


@pytest.mark.parametrize("person", ["an", "yen", "hanh"])
def test_centre_and_commune_see_their_own_letters_only(web: Any, code: str, person: str) -> None:
    number = lettered(web)
    browser = web.by(person)

    listed, one = browser.get("/reminders/outbox"), browser.get(f"/reminders/outbox/{number}")

    assert (listed.status_code, one.status_code) == (200, 404)
    assert ("Thư nhắc việc" in read(listed.text).text, "Trần Thị Bình" in one.text) == (False, False)
    assert "Các kênh" not in listed.text


# --- how I want to be told ----------------------------------------------------------------------------


def wanted(web: Any, person: str) -> Any:
    with web.office.store.read() as session:
        return preference_of(session, load_person(session, person).id)


def test_channels_and_urgent_ones_are_chosen(web: Any) -> None:
    browser = web.by("binh")
    typed = {"channel_1": "zalobot", "channel_2": "email"}

    done = browser.post("/reminders/preferences", data=typed)
    same = browser.post("/reminders/preferences", data=typed)

    assert (done.status_code, same.status_code) == (303, 409)
    assert (wanted(web, "binh").channels, wanted(web, "binh").urgent_at_once) == (
        (Channel.ZALOBOT, Channel.EMAIL),
        False,
    )
    form = read(browser.get("/reminders/preferences").text).form("/reminders/preferences")
    assert [form.fields[f"channel_{place}"] for place in (1, 2, 3)] == [["zalobot"], ["email"], [""]]


@pytest.mark.parametrize("typed", [{}, {"channel_1": "pigeon"}, {"channel_1": "email", "channel_2": "email"}])
def test_choice_that_cannot_stand_is_refused(web: Any, typed: dict[str, str]) -> None:
    answer = web.by("binh").post("/reminders/preferences", data={"urgent_at_once": "1", **typed})

    assert answer.status_code == 409
    assert "mistake-channel_1" in answer.text


def test_others_are_arranged_by_leaders_and_administrators_only(web: Any) -> None:
    typed = {"who": "chi", "channel_1": "email", "urgent_at_once": "1", "says_in_charge": "1", "in_charge": "1"}

    refused = web.by("binh").post("/reminders/preferences", data=typed)
    hidden = web.by("binh").get("/reminders/preferences?who=chi")
    done = web.by("giang").post("/reminders/preferences", data=typed)

    assert ([refused.status_code, hidden.status_code], done.status_code) == ([409, 400], 303)
    assert done.headers["location"] == "/reminders/preferences?who=chi"
    assert wanted(web, "chi").in_charge


def test_absence_is_entered_and_ended(web: Any) -> None:
    browser = web.by("binh")
    last = f"{web.office.today + timedelta(days=5):%d/%m/%Y}"

    done = browser.post("/reminders/absences", data={"last_on": last, "substitute": "bach"})
    twice = browser.post("/reminders/absences", data={"last_on": last, "substitute": "bach"})
    page = read(browser.get("/reminders/preferences").text)
    ended = browser.post("/reminders/absences/end", data=page.form("/reminders/absences/end").filled())

    assert (done.status_code, twice.status_code, ended.status_code) == (303, 409, 303)
    assert f"{last}: Đỗ Xuân Bách đọc thay" in page.text
    assert read(twice.text).form("/reminders/absences").fields["last_on"] == [last]
    assert read(twice.text).form("/reminders/preferences").fields["channel_1"] == ["email"]
    assert "Không có lần vắng nào" in browser.get("/reminders/preferences").text


def test_linking_code_is_shown_once(web: Any) -> None:
    browser = web.by("binh")

    shown = browser.post("/reminders/zalo/zalobot/code")

    assert shown.status_code == 200
    assert "Mã liên kết, chỉ hiện một lần" in shown.text
    assert "Mã liên kết, chỉ hiện một lần" not in browser.get("/reminders/preferences").text


def test_account_is_unlinked_by_its_owner(web: Any) -> None:
    with web.office.store.write() as session:
        link(session, load_person(session, "binh").id, Channel.ZALOBOT, "chat-1", at=web.office.at)
    browser = web.by("binh")
    before = browser.get("/reminders/preferences").text

    strange = web.by("bach").post("/reminders/zalo/zalobot/unlink", data={"who": "binh"})
    done = browser.post("/reminders/zalo/zalobot/unlink")
    again = browser.post("/reminders/zalo/zalobot/unlink")

    assert ("đã liên kết từ" in before, "chat-1" in before) == (True, False)
    assert (strange.status_code, done.status_code, again.status_code) == (409, 303, 409)


@pytest.mark.parametrize("person", ["bach", "chi"])
def test_nobody_gets_the_code_of_somebody_else(web: Any, person: str) -> None:
    answer = web.by(person).post("/reminders/zalo/zalobot/code", data={"who": "binh"})

    assert answer.status_code == 409
    assert "DEAN" not in read(answer.text).text.replace("DEAN_", "")


def test_test_letter_is_refused_while_sending_is_off_and_for_others(web: Any) -> None:
    own = web.by("binh").post("/reminders/try", data={"channel": "email"})
    other = web.by("binh").post("/reminders/try", data={"who": "bach"})

    assert (own.status_code, other.status_code) == (409, 409)
    assert "Bình chỉ gửi thử cho mình được" in other.text


def test_outbox_says_how_zalo_stands_without_any_address(web: Any) -> None:
    with web.office.store.write() as session:
        link(session, load_person(session, "binh").id, Channel.ZALOBOT, "chat-1", at=web.office.at)
        store_tokens(session, Channel.ZALOOA, "access-1", "refresh-1", at=web.office.at)

    answer = web.by("em").get("/reminders/outbox")

    assert "1 tài khoản Zalo đã liên kết, 0 không gửi được; 0 mã đang chờ." in answer.text
    assert "Token zalooa: làm mới" in answer.text
    assert not any(secret in answer.text for secret in ("chat-1", "access-1", "refresh-1"))
