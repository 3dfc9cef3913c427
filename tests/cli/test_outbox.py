"""The outbox from a terminal: what became of each letter, sending again, cancelling, starting a channel."""

from typing import Any

import pytest

from notifications.demo_servers import LoopbackSmtp


@pytest.fixture
def written(dean: Any, morning: str) -> str:
    """The morning's two letters, to bình (1) and bách (2), wait."""
    assert dean("remind").code == 0
    return morning


@pytest.fixture
def dead(dean: Any, mailbox: LoopbackSmtp, written: str) -> str:
    """The first letter was refused for good."""
    mailbox.script("recipient", "550 5.1.1 no such user")
    assert dean("outbox", "send", "--json").json["outcomes"] == {"ok": 1, "recipient": 1}
    return written


def _standing(dean: Any) -> dict[int, str]:
    return {row["id"]: row["status"] for row in dean("outbox", "list", "--json").json}


def test_list_chooses_by_status_channel_person_and_day(dean: Any, dead: str) -> None:
    def found(*words: str) -> list[int]:
        return [row["id"] for row in dean("outbox", "list", *words, "--json").json]

    assert (found(), found("--limit", "1"), found("--limit", "1", "--offset", "1")) == ([2, 1], [2], [1])
    assert (found("--status", "dead"), found("--status", "sent"), found("--status", "waiting")) == ([1], [2], [])
    assert (found("--channel", "email"), found("--channel", "zalobot")) == ([2, 1], [])
    assert (found("--who", "binh"), found("--who", "an")) == ([1], [])
    assert (found("--since", "05/03/2026"), found("--since", "06/03/2026")) == ([2, 1], [])


def test_list_is_one_line_a_letter_without_addresses(dean: Any, dead: str) -> None:
    printed = dean("outbox", "list")

    assert printed.lines[2].startswith("2 05/03/2026 12:00 Đỗ Xuân Bách (bach) Thư điện tử Thư nhắc việc buổi sáng")
    assert " Không gửi được 1 " in printed.lines[3]
    assert "@" not in printed.out


def test_show_tells_attempts_reminders_and_the_text_and_hides_links(dean: Any, dead: str) -> None:
    told, printed = dean("outbox", "show", "1", "--json").json, dean("outbox", "show", "1")

    assert (told["person"], told["status"], told["tries"]) == ("binh", "dead", 1)
    assert [(each["no"], each["outcome"], each["mode"]) for each in told["attempts"]] == [(1, "recipient", "live")]
    assert told["attempts"][0]["code"].startswith("550")
    assert [(row["project"], row["rule"], row["status"]) for row in told["reminders"]] == [(dead, "N-T3", "untold")]
    assert "Đã nắm: http://127.0.0.1:8321/l/***" in printed.lines
    # The Message-ID bears the office's domain; a mailbox stands nowhere.
    assert [mailbox for mailbox in ("binh@", "khuyencong@") if mailbox in printed.out + str(told)] == []


def test_show_prints_one_part_alone(dean: Any, written: str) -> None:
    text, html, raw = (dean("outbox", "show", "2", f"--{part}").out for part in ("text", "html", "raw"))

    assert text.startswith("Kính gửi anh/chị Đỗ Xuân Bách,\n")
    assert html.lstrip().lower().startswith("<!doctype html")
    assert "\nMessage-ID: <" in raw
    assert "<***@localhost>" in raw
    assert [part for part in (text, html, raw) if "bach@" in part or "khuyencong@" in part] == []


def test_raw_bears_the_message_id_of_the_mail_that_left(dean: Any, mailbox: LoopbackSmtp, written: str) -> None:
    dean("outbox", "send")

    raw = dean("outbox", "show", "1", "--raw").out

    sent = {mail.recipients[0]: mail.parsed["Message-ID"] for mail in mailbox.mails}
    assert f"\nMessage-ID: {sent['binh@sct.example']}\n" in raw


def test_who_sees_a_part_of_the_register_sees_own_letters_only(dean: Any, written: str) -> None:
    own, foreign = dean("outbox", "list", "--by", "an", "--json").json, dean("outbox", "show", "1", "--by", "an")
    unknown, leader = dean("outbox", "show", "99"), dean("outbox", "show", "1", "--by", "chi")

    assert (own, foreign.code, leader.code) == ([], 1, 0)
    assert foreign.err.splitlines()[-1] == "Không có thư số 1 để xem; hãy kiểm tra số (dean outbox list)."
    assert unknown.err.splitlines()[-1] == "Không có thư số 99 để xem; hãy kiểm tra số (dean outbox list)."


def test_retry_sends_a_dead_letter_again(dean: Any, mailbox: LoopbackSmtp, dead: str) -> None:
    again = dean("outbox", "retry", "1")
    # The address that was refused is used again after a test or a correction.
    dean("notify", "test", "binh")
    sent = dean("outbox", "send")

    assert again.out == "1 thư được gửi lại từ 05/03/2026 12:00: dean outbox send.\n"
    assert (sent.out, _standing(dean)[1]) == ("Thư: 1 đã gửi.\n", "sent")
    told = dean("notify", "report", "--who", "binh", "--json").json
    assert (told["counts"]["told"], told["counts"]["untold"]) == (1, 0)


def test_retry_waits_for_the_office_to_open(dean: Any, dead: str) -> None:
    dean.set(today="2026-03-07")

    again = dean("outbox", "retry", "--all")

    assert again.out == "1 thư được gửi lại từ 09/03/2026 07:30: dean outbox send.\n"


def test_retry_refuses_what_is_not_dead_and_changes_nothing(office: Any, dean: Any, dead: str) -> None:
    before = office.everything()

    sent, unknown, nothing, both = (
        dean("outbox", "retry", "1", "2"),
        dean("outbox", "retry", "99"),
        dean("outbox", "retry"),
        dean("outbox", "retry", "1", "--all"),
    )

    assert (sent.code, unknown.code, nothing.code, both.code) == (1, 1, 2, 2)
    assert sent.err.splitlines()[-1] == (
        "Thư số 2 đã gửi; chỉ gửi lại được thư không gửi được (dean outbox list --status dead)."
    )
    assert office.everything() == before


def test_cancel_drops_a_letter_with_its_reminders_and_says_why(dean: Any, written: str) -> None:
    cancelled = dean("outbox", "cancel", "1", "--note", "Đã báo bằng điện thoại", "--by", "chi")

    [row] = [row for row in dean("notify", "report", "--json").json["reminders"] if row["letter_id"] == 1]
    assert cancelled.out == "Đã hủy thư số 1 với 1 nhắc việc.\n"
    assert (row["status"], row["reason"]) == ("covered", "Lê Minh Chi hủy thư: Đã báo bằng điện thoại")
    assert _standing(dean) == {1: "cancelled", 2: "waiting"}


def test_cancel_refuses_a_sent_letter_and_a_person_without_the_role(office: Any, dean: Any, dead: str) -> None:
    before = office.everything()

    sent = dean("outbox", "cancel", "2", "--note", "Thôi")
    stranger = dean("outbox", "cancel", "1", "--note", "Thôi", "--by", "an")
    silent = dean("outbox", "cancel", "1")

    assert (sent.code, stranger.code, silent.code, office.everything() == before) == (1, 1, 2, True)
    assert sent.err.splitlines()[-1] == "Thư số 2 đã gửi nên không hủy được; chỉ hủy thư chờ gửi hoặc không gửi được."
    assert "Nguyễn Văn An (Cán bộ đơn vị thực hiện) không được làm việc này" in stranger.err


def test_a_channel_that_stopped_goes_on_after_start(dean: Any, mailbox: LoopbackSmtp, written: str) -> None:
    mailbox.script("sender", "530 5.7.0 Authentication required")
    stopped = dean("outbox", "send", "--json").json
    waits = dean("outbox", "send")
    shown = dean("notify", "channels", "--json").json["channels"][0]

    started, twice = dean("outbox", "start", "email"), dean("outbox", "start", "email")
    sent = dean("outbox", "send", "--json").json

    assert (stopped["outcomes"], waits.out) == ({"config": 1}, "Không có thư nào đến giờ gửi.\n")
    assert (shown["stopped_at"], shown["waiting"]) == ("2026-03-05T05:00:00.000000Z", 2)
    assert started.out == "Kênh Thư điện tử chạy tiếp; 2 thư đang chờ: dean outbox send.\n"
    assert (twice.code, "không dừng" in twice.err) == (1, True)
    assert sent["outcomes"] == {"ok": 2}


def test_nothing_leaves_while_sending_is_off(dean: Any, mailbox: LoopbackSmtp, written: str) -> None:
    dean.set(notify_mode="off")

    sent = dean("outbox", "send")

    assert (sent.code, sent.out, mailbox.mails) == (
        0,
        "Chế độ gửi đang tắt (DEAN_NOTIFY_MODE=off); không gửi gì.\n",
        [],
    )
    assert "DEAN_NOTIFY_MODE=live" in sent.err
