"""Draining the outbox: several workers, rates, leases, modes, and what must never leak or break a letter."""

import json
import logging
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import text

from flows.jobs.aftermath import settle
from flows.jobs.delivering import drain
from flows.jobs.post_settings import post_of
from flows.jobs.settings import Settings
from models.people import edit_person
from models.reminders.handover import Ended, claim
from models.setup import initialise
from models.store import open_store
from notifications.demo_servers import LoopbackSmtp
from notifications.demo_zalo import LoopbackZalo
from states.refusal import Refused

DAY = "2026-03-09"
OPENING = datetime.fromisoformat(f"{DAY}T07:30:00+07:00")


@pytest.fixture
def many(mornings_on_both: Any) -> Any:
    """A morning on which 22 coordinators have a letter."""
    mornings_on_both.with_coordinators(20)
    mornings_on_both.office.submitted_in_2026()
    mornings_on_both.sweep(DAY)
    return mornings_on_both


@pytest.fixture
def few(mornings_on_both: Any) -> Any:
    """A morning on which Bạch and Bình have a letter."""
    mornings_on_both.office.submitted_in_2026()
    mornings_on_both.sweep(DAY)
    return mornings_on_both


# --- several workers ------------------------------------------------------------------------------------


def test_workers_send_each_letter_once(many: Any) -> None:
    done = many.send(DAY, workers=4, batch=3)

    assert (done.outcomes, len(many.server.mails), len(set(many.readers()))) == ({"ok": 22}, 22, 22)
    assert many.count("outbox") == {"sent": 22}
    assert many.count("attempt", "outcome") == {"ok": 22}
    assert many.count("attempt", "no") == {1: 22}
    assert many.count("reminder") == {"told": 22, "covered": 44}


def test_letter_of_a_lost_lease_is_left_to_the_worker_who_took_it(few: Any) -> None:
    with few.store.write() as session:
        slow = claim(session, "slow", at=OPENING, limit=1)
    few.send(DAY, "07:36")
    before = few.count("outbox"), few.count("reminder")

    with few.store.write() as session:
        ended = Ended(outcome="retry", mode="live")
        following = settle(
            session, slow[0], ended, few.settings, worker="slow", at=OPENING + timedelta(minutes=7), fraction=0.5
        )

    assert following is None
    assert (few.count("outbox"), few.count("reminder")) == before == ({"sent": 2}, {"told": 2, "covered": 4})
    assert few.rows("attempt", "no, outcome", f"outbox_id = {slow[0].id}") == [(1, "retry"), (2, "ok")]


def test_letters_that_a_slow_server_keeps_waiting_go_back_before_the_lease_ends(many: Any) -> None:
    """Each mail takes three minutes of a lease of five: nobody may hold the other letters meanwhile."""

    def now() -> datetime:
        return OPENING + timedelta(minutes=3) * len(many.server.mails)

    done = drain(many.store, many.settings, now=now)

    assert done.outcomes == {"ok": 22}
    assert many.count("attempt", "no") == {1: 22}
    assert many.count("outbox", "attempts") == {1: 22}


def test_rate_of_a_channel_is_kept_over_all_workers(many: Any) -> None:
    many.change(email_per_minute=60)

    def sent_at(second: int) -> int:
        before = len(many.server.mails)
        drain(many.store, many.settings, now=lambda: OPENING + timedelta(seconds=second), workers=2)
        return len(many.server.mails) - before

    assert {second: sent_at(second) for second in (0, 5, 6, 11, 12, 18, 24)} == {
        0: 6,
        5: 0,
        6: 6,
        11: 0,
        12: 6,
        18: 4,
        24: 0,
    }


def test_letter_that_we_cannot_write_does_not_keep_back_the_others(many: Any) -> None:
    with many.store.write() as session:
        session.connection().execute(text("UPDATE outbox SET body = '{}' WHERE key LIKE 'digest:dp01:%'"))

    with pytest.raises(ValidationError):
        many.send(DAY)

    assert len(many.server.mails) == 21
    assert many.rows("outbox", "key, status, outcome", "status <> 'sent'") == [
        (f"digest:dp01:{DAY}:1", "waiting", "unknown")
    ]
    assert many.rows("attempt", "code, detail", "outcome = 'unknown'") == [
        ("ValidationError", "Lỗi của chương trình khi gửi thư này; hãy báo người phát triển.")
    ]


# --- modes ----------------------------------------------------------------------------------------------


def test_redirect_sends_everything_to_one_mailbox_and_says_for_whom(few: Any, zalo: LoopbackZalo) -> None:
    few.on_zalo("bach", zalo)
    few.change(notify_mode="redirect", notify_redirect="thu.nghiem@sct.example", zalobot_url=zalo.bot_url())
    few.sweep("2026-03-10")

    few.send("2026-03-10")

    assert few.arrived() == [
        ("thu.nghiem", "[Thư điện tử → Trần Thị Bình] 1 việc khuyến công đến hạn hôm nay – 10/03/2026"),
        ("thu.nghiem", "[Zalo Bot → Đỗ Xuân Bách] 1 việc khuyến công đến hạn hôm nay – 10/03/2026"),
    ]
    assert zalo.messages == []
    assert few.count("attempt", "mode") == {"redirect": 2}


def test_redirect_mailbox_that_is_refused_says_nothing_of_the_people(few: Any) -> None:
    few.change(notify_mode="redirect", notify_redirect="thu.nghiem@sct.example")
    few.server.script("recipient", "550 5.1.1 no such user", "550 5.1.1 no such user")

    few.send(DAY)

    assert few.count("outbox")["dead"] == 2
    assert few.rows("address", "problem") == []


def test_redirect_without_a_mailbox_sends_nothing(few: Any) -> None:
    few.change(notify_mode="redirect")

    done = few.send(DAY)

    assert done.reason == "Chế độ redirect cần một địa chỉ nhận (DEAN_NOTIFY_REDIRECT); chưa gửi gì."
    assert few.server.mails == []


def test_demonstration_register_never_writes_to_people(server: LoopbackSmtp, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'demo.db'}", tmp_path / "files")
    initialise(store, at=OPENING, demonstration=True)
    url = SecretStr(server.url("khuyencong@sct.example"))
    settings = Settings(home=tmp_path, notify_mode="live", smtp_url=url, _env_file=None)

    done = drain(store, settings, now=lambda: OPENING)

    store.close()
    assert done.reason == "Sổ minh họa không gửi cho người thật; hãy dùng DEAN_NOTIFY_MODE=redirect."


def test_fresh_install_sends_nothing() -> None:
    assert Settings(_env_file=None).notify_mode == "off"


# --- texts ----------------------------------------------------------------------------------------------


def test_decomposed_names_arrive_composed(mornings_on_both: Any) -> None:
    mornings = mornings_on_both
    name = "Hỗ trợ ứng dụng máy sấy lúa tại xã Hòa Hiệp"
    mornings.office.submitted_in_2026(name=unicodedata.normalize("NFD", name))
    with mornings.store.write() as session:
        edit_person(session, "binh", mornings.office.origin, name=unicodedata.normalize("NFD", "Nguyễn Thị Bưởi"))

    mornings.morning(DAY)

    written = mornings.text_for("binh")
    assert (unicodedata.is_normalized("NFC", written), name in written) == (True, True)
    assert "Kính gửi anh/chị Nguyễn Thị Bưởi," in written
    mail = next(mail for mail in mornings.server.mails if mail.recipients == ("binh@sct.example",)).parsed
    assert mail["To"].addresses[0].display_name == "Nguyễn Thị Bưởi"


def test_digest_longer_than_zalo_takes_is_cut_between_tasks(mornings_on_both: Any, zalo: LoopbackZalo) -> None:
    mornings = mornings_on_both
    mornings.change(zalobot_url=zalo.bot_url())
    mornings.on_zalo("binh", zalo)
    for _ in range(30):
        mornings.office.submitted_in_2026(name=f"Hỗ trợ {'máy móc ' * 25}")

    mornings.morning(DAY)

    [message] = zalo.messages
    assert 1_500 < len(message.text) <= 1_900
    assert message.text.splitlines()[0].endswith("30 việc khuyến công đến hạn trong 3 ngày làm việc.")
    assert message.text.rstrip().splitlines()[-1].endswith("việc khác, xem trong thư.")
    assert mornings.readers() == ["bach"]


def test_line_break_in_a_stored_code_cannot_add_a_header(mornings_on_both: Any) -> None:
    """No form lets one in; should it stand in the row all the same, it is a space of the subject."""
    mornings = mornings_on_both
    mornings.office.submitted_in_2026()
    mornings.without_address("bach")
    mornings.sweep(DAY)
    with mornings.store.write() as session:
        connection = session.connection()
        [(body,)] = connection.execute(text("SELECT body FROM outbox"))
        stored = json.loads(body)
        stored["entries"][0]["owed"]["code"] = "KC-1\r\nBcc: nguoi.la@xa.example"
        connection.execute(text("UPDATE outbox SET letter = 'urgent', body = :body"), {"body": json.dumps(stored)})

    mornings.send(DAY)

    [mail] = mornings.server.mails
    assert mail.recipients == ("binh@sct.example",)
    assert (
        str(mail.parsed["Subject"]) == "Còn 1 ngày làm việc: Kiểm tra thành phần hồ sơ – KC-1 Bcc: nguoi.la@xa.example"
    )
    assert "Bcc" not in mail.parsed


def test_form_refuses_a_line_break_in_the_name_of_a_project(mornings: Any) -> None:
    with pytest.raises(Refused, match="có dấu xuống dòng sau “Máy sấy”"):
        mornings.office.open(name="Máy sấy\r\nBcc: nguoi.la@xa.example")


def test_letter_that_cannot_be_addressed_leaves_the_address_of_its_reader_alone(few: Any) -> None:
    with few.store.write() as session:
        asked = text("UPDATE outbox SET key = key || :line_break WHERE key LIKE 'digest:binh:%'")
        session.connection().execute(asked, {"line_break": "\n"})

    done = few.send(DAY)

    assert done.outcomes == {"permanent": 1, "ok": 2}
    assert few.readers() == ["bach", "vanhanh"]
    assert few.rows("attempt", "code, detail", "outcome = 'permanent'") == [
        ("message", "Khoá của thư không được chứa dấu xuống dòng hay ký tự điều khiển; hãy viết trên một dòng.")
    ]
    assert few.rows("address", "problem") == []


# --- what must not leak ---------------------------------------------------------------------------------


def test_nothing_secret_is_logged_or_shown(few: Any, zalo: LoopbackZalo, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    few.change(zalobot_url=zalo.bot_url())
    few.server.script("recipient", "550 5.1.1 <binh@sct.example> unknown", "550 5.1.1 <bach@sct.example> unknown")
    few.on_zalo("binh", zalo)
    zalo.blocked |= zalo.chats
    few.send(DAY)
    few.morning("2026-03-10")

    post, _ = post_of(few.settings, few.store, lambda: OPENING)
    kept = few.rows("attempt", "detail, code, worker") + few.rows("outbox", "key, subject, body, detail")
    spoken = "\n".join([caplog.text, repr(post), repr(few.settings), repr(kept)])
    secrets = ("binh@", "bach@", "khuyencong@", zalo.bot_token, "demo-bot-token", *zalo.chats)
    assert [secret for secret in secrets if secret in spoken] == []
    assert few.count("attempt", "outcome") == {"recipient": 2, "permanent": 2, "ok": 2}


def test_addresses_of_others_stand_in_no_letter(few: Any) -> None:
    few.server.script("recipient", "550 5.1.1 <binh@sct.example> unknown")

    few.send(DAY)

    mails = {mail.recipients[0]: mail for mail in few.server.mails}
    assert set(mails) == {"bach@sct.example", "vanhanh@sct.example"}
    for address, mail in mails.items():
        parts = [part.get_payload(decode=True) or b"" for part in mail.parsed.walk() if not part.is_multipart()]
        assert b"@sct.example" not in b"".join(parts).replace(address.encode(), b"")
