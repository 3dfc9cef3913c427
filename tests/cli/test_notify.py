"""Does a letter arrive, which channels work, and who was told what: asked at a terminal."""

from typing import Any

import pytest

from cli.settings import MEANINGS
from flows.jobs.channels import SETTING
from flows.jobs.settings import Settings
from models.people import edit_person
from notifications.demo_servers import LoopbackSmtp
from states.posting import Channel


def test_test_letter_leaves_at_once_and_alone(dean: Any, mailbox: LoopbackSmtp, morning: str) -> None:
    dean("remind")
    dean.set(today="2026-03-07")

    sent = dean("notify", "test", "binh")

    [mail] = mailbox.mails
    assert (sent.code, mail.recipients) == (0, ("binh@sct.example",))
    assert sent.out == "Thư thử số 3 qua Thư điện tử đến Trần Thị Bình (binh): đã gửi (mã 250 2.0.0).\n"
    assert str(mail.parsed["Subject"]).startswith("Thư thử – Sở Công Thương tỉnh Vĩnh Long")


def test_two_tests_are_two_letters(dean: Any, mailbox: LoopbackSmtp, morning: str) -> None:
    first, second = (dean("notify", "test", "binh", "--json").json for _ in range(2))

    assert (first["outcome"], second["outcome"], len(mailbox.mails)) == ("ok", "ok", 2)
    assert len({mail.parsed["Message-ID"] for mail in mailbox.mails}) == 2


def test_test_that_fails_says_why_and_is_never_sent_again(dean: Any, mailbox: LoopbackSmtp, morning: str) -> None:
    mailbox.script("content", "451 4.3.0 try later")

    failed = dean("notify", "test", "binh")
    later = dean("outbox", "send")

    [row] = dean("outbox", "list", "--json").json
    assert (failed.code, failed.out, later.out) == (1, "", "Không có thư nào đến giờ gửi.\n")
    assert "qua Thư điện tử đến Trần Thị Bình (binh): gửi lại sau (mã 451" in failed.err
    assert (row["letter"], row["status"], row["outcome"]) == ("test", "cancelled", "retry")
    assert ("binh@" in failed.err, mailbox.mails) == (False, [])


def test_test_tries_a_refused_address_again(dean: Any, mailbox: LoopbackSmtp, morning: str) -> None:
    mailbox.script("recipient", "550 5.1.1 no such user")

    refused, again = dean("notify", "test", "binh"), dean("notify", "test", "binh")

    assert (refused.code, again.code) == (1, 0)
    assert "không đến được người nhận" in refused.err


def test_redirected_test_goes_to_the_one_mailbox(dean: Any, mailbox: LoopbackSmtp, morning: str) -> None:
    dean.set(notify_mode="redirect", notify_redirect="toi@sct.example")

    sent = dean("notify", "test", "dung")

    [mail] = mailbox.mails
    assert mail.recipients == ("toi@sct.example",)
    assert str(mail.parsed["Subject"]).startswith("[Thư điện tử → Phan Tiến Dũng] Thư thử")
    assert "đến địa chỉ chung (DEAN_NOTIFY_REDIRECT): đã gửi" in sent.out
    assert "toi@" not in sent.out


@pytest.mark.parametrize(
    ("settings", "words", "sentence"),
    [
        (
            {"notify_mode": "off"},
            ("binh",),
            "Chế độ gửi đang tắt (DEAN_NOTIFY_MODE=off) nên không gửi thử được.",
        ),
        ({"notify_mode": "redirect"}, ("binh",), "Chế độ redirect cần một địa chỉ nhận (DEAN_NOTIFY_REDIRECT)"),
        (
            {},
            ("dung",),
            "Phan Tiến Dũng chưa có địa chỉ trên kênh Thư điện tử; hãy ghi bằng dean user edit dung",
        ),
        (
            {},
            ("binh", "--channel", "zalobot"),
            "Trần Thị Bình chưa có địa chỉ trên kênh Zalo Bot; hãy ghi bằng dean",
        ),
        ({}, ("khong-co",), "Không có người dùng"),
    ],
)
def test_test_that_cannot_be_sent_is_refused_and_leaves_nothing(
    office: Any, dean: Any, morning: str, settings: dict[str, str], words: tuple[str, ...], sentence: str
) -> None:
    dean.set(**settings)
    before = office.everything()

    refused = dean("notify", "test", *words)

    assert (refused.code, office.everything() == before) == (1, True)
    assert refused.err.splitlines()[-1].startswith(sentence)


def test_test_to_a_locked_person_is_refused(office: Any, dean: Any, morning: str) -> None:
    with office.store.write() as session:
        edit_person(session, "binh", office.origin, active=False)

    refused = dean("notify", "test", "binh")

    assert (refused.code, "đã khóa nên không gửi thử" in refused.err) == (1, True)


def test_channels_tell_settings_faults_and_counts_and_no_secret(dean: Any, morning: str) -> None:
    dean("remind")
    dean.set(zalobot_url="zalobot://123", webhook_url="mailtos://user:matkhau@host")

    told, printed = dean("notify", "channels", "--json").json, dean("notify", "channels")

    mail, bot, oa, _, webhook = told["channels"]
    assert (told["mode"], told["reason"]) == ("live", "")
    assert (mail["configured"], mail["faults"], mail["waiting"], mail["stopped_at"]) == (True, [], 2, None)
    assert (bot["configured"], len(bot["faults"])) == (True, 1)
    assert (oa["configured"], oa["setting"]) == (False, "DEAN_ZALOOA_URL")
    assert webhook["faults"] == ["Không gửi qua mailtos://; hãy dùng smtps://, là kênh cho biết rõ kết quả."]
    assert [secret for secret in ("matkhau", "sct.example", "127.0.0.1") if secret in printed.out] == []


def test_channels_say_why_nothing_leaves(dean: Any, morning: str) -> None:
    dean.set(notify_mode="redirect")

    told = dean("notify", "channels", "--json").json

    assert told["reason"] == "Chế độ redirect cần một địa chỉ nhận (DEAN_NOTIFY_REDIRECT); chưa gửi gì."


def test_every_channel_and_setting_is_explained() -> None:
    assert set(SETTING) == set(Channel)
    assert set(MEANINGS) == set(Settings.model_fields)


def test_report_says_who_was_told_what_when_and_how(dean: Any, mailbox: LoopbackSmtp, morning: str) -> None:
    dean("remind")
    mailbox.script("recipient", "550 5.1.1 no such user")
    dean("outbox", "send")

    told, printed = dean("notify", "report", "--json").json, dean("notify", "report")

    rows = [(row["person"], row["rule"], row["status"], row["told_at"]) for row in told["reminders"]]
    assert rows == [
        ("bach", "N-T3", "told", "2026-03-05T05:00:00.000000Z"),
        ("bach", "N-T7", "covered", None),
        ("binh", "N-T3", "untold", None),
        ("binh", "N-T7", "covered", None),
    ]
    assert [each["outcome"] for each in told["reminders"][2]["attempts"]] == ["recipient"]
    assert told["reminders"][1]["reason"] == "Đã gộp vào lần nhắc mới hơn."
    assert printed.lines[0] == "4 nhắc việc: 2 không nhắc riêng, 1 đã gửi, 1 không gửi được."
    assert "Đã gửi, Thư điện tử, thư số 2, lúc 05/03/2026 12:00" in printed.out
    assert "Không gửi được, Thư điện tử, thư số 1, 1 lần chưa được: không đến được người nhận" in printed.out
    assert "@sct" not in printed.out


def test_report_chooses_by_days_person_and_project(dean: Any, morning: str) -> None:
    dean("remind")

    def found(*words: str) -> int:
        return len(dean("notify", "report", *words, "--json").json["reminders"])

    assert (found("--from", "05/03/2026"), found("--from", "06/03/2026"), found("--to", "04/03/2026")) == (4, 0, 0)
    assert (found("--who", "binh"), found("--who", "an"), found("--project", morning)) == (2, 0, 4)
    backwards = dean("notify", "report", "--from", "06/03/2026", "--to", "05/03/2026")
    assert (backwards.code, "hãy đổi chỗ --from và --to" in backwards.err) == (1, True)


def test_report_shows_each_reader_the_own_projects(dean: Any, morning: str) -> None:
    dean("remind")

    own, foreign = (dean("notify", "report", "--by", who, "--json").json for who in ("an", "yen"))
    hidden = dean("notify", "report", "--by", "yen", "--project", morning)

    assert (len(own["reminders"]), own["counts"]["queued"]) == (4, 2)
    assert (foreign["reminders"], set(foreign["counts"].values())) == ([], {0})
    assert hidden.err.splitlines()[-1] == f"Không có đề án {morning} để xem; hãy kiểm tra mã (dean project search)."
