"""dean zalo: codes that are shown once, a bot that is asked for news, tokens that never pass a command line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import dean as root
from models.loading import load_person
from models.reminders.addresses import reach
from notifications.demo_servers import Fault
from notifications.demo_zalo import LoopbackZalo
from notifications.demo_zalo_http import said
from states.posting import Channel

CHAT = "e4ea2cd5189df1c3a88c"
TOKENS = "access-token-1\nrefresh-token-1\n"


@pytest.fixture
def zalo(office: Any, dean: Any) -> Iterator[LoopbackZalo]:
    with LoopbackZalo() as running:
        dean.set(zalobot_url=running.bot_url(timeout="1"))
        yield running


def linked(office: Any) -> dict[Channel, str]:
    with office.store.read() as session:
        person = load_person(session, "binh").id
        return reach(session, [person]).get(person, {})


def typed(words: tuple[str, ...], stdin: str) -> Any:
    return CliRunner().invoke(root, list(words), input=stdin)


def test_code_sent_to_the_bot_links_its_writer(office: Any, dean: Any, zalo: LoopbackZalo) -> None:
    code, told = dean("zalo", "link", "binh", "--by", "binh").out.splitlines()[:2]
    zalo.write_to_bot(CHAT, f"  {code.lower()} ", "Bình")

    polled = dean("zalo", "poll", "--once", "--json")

    assert told == "Hãy nhắn đúng dòng trên cho Zalo Bot của đơn vị trước 03/06/2024 12:10."
    assert polled.json == {"read": 1, "answered": 1, "unanswered": 0}
    assert linked(office) == {Channel.ZALOBOT: CHAT}
    [answer] = zalo.messages
    assert (answer.recipient, answer.text.splitlines()[0]) == (CHAT, "Liên kết tài khoản")
    assert "Đã liên kết với Trần Thị Bình." in answer.text


def test_every_code_is_drawn_anew_and_its_key_lies_beside_the_register(office: Any, dean: Any, tmp_path: Path) -> None:
    link = ("zalo", "link", "binh", "--by", "giang", "--json")

    words, digits = zip(*(dean(*link).json["text"].split() for _ in range(5)), strict=True)

    assert set(words) == {"DEAN"}
    assert [code for code in digits if not (len(code) == 6 and code.isdigit())] == []
    # Five equal draws of a million would be a constant.
    assert len(set(digits)) > 1
    assert (tmp_path / "secret.key").stat().st_size == 32


def test_nobody_gets_the_code_of_another_person(office: Any, dean: Any) -> None:
    answer = dean("zalo", "link", "binh", "--by", "bach")

    assert (answer.code, answer.out) == (1, "")
    assert answer.err.splitlines()[-1] == (
        "Đỗ Xuân Bách không được liên kết tài khoản cho Trần Thị Bình; cần: chính người đó, Quản trị hệ thống."
    )


def test_nobody_writing_is_no_trouble(office: Any, dean: Any, zalo: LoopbackZalo) -> None:
    assert dean("zalo", "poll", "--once").out == "Đã đọc 0 tin, trả lời 0.\n"


def test_answer_that_does_not_arrive_is_told(office: Any, dean: Any, zalo: LoopbackZalo) -> None:
    zalo.write_to_bot(CHAT, "Xin chào")
    zalo.script("bot", said(ok=False, error_code=400, description="blocked"))

    assert dean("zalo", "poll", "--once").out == "Đã đọc 1 tin, trả lời 0, 1 câu trả lời không đến.\n"


def test_polling_without_a_bot_names_the_setting(office: Any, dean: Any) -> None:
    answer = dean("zalo", "poll", "--once")

    assert (answer.code, answer.err.splitlines()[-1]) == (
        1,
        "Chưa đặt DEAN_ZALOBOT_URL; hãy đặt zalobot://TOKEN trong môi trường hoặc tệp .env.",
    )


@pytest.mark.parametrize("trouble", ["url", "answer", "webhook"])
def test_trouble_with_the_bot_is_a_sentence_without_its_token(
    office: Any, dean: Any, zalo: LoopbackZalo, trouble: str
) -> None:
    if trouble == "url":
        dean.set(zalobot_url=f"zalobot://{zalo.bot_token}?bases=x")
    elif trouble == "answer":
        zalo.script("updates", Fault.DROP)
    else:
        zalo.script("updates", said(ok=False, error_code=400, description="webhook is active"))

    answer = dean("zalo", "poll", "--once")

    assert (answer.code, answer.out) == (1, "")
    assert zalo.bot_token not in answer.err
    assert answer.err.splitlines()[-1].endswith(".")


def test_link_is_removed(office: Any, dean: Any, zalo: LoopbackZalo) -> None:
    zalo.write_to_bot(CHAT, dean("zalo", "link", "binh", "--by", "binh").lines[0])
    dean("zalo", "poll", "--once")

    removed, again = (dean("zalo", "unlink", "binh", "--by", "giang") for _ in range(2))

    assert (removed.code, removed.out, again.code) == (0, "Đã gỡ liên kết Zalo Bot của binh.\n", 1)
    assert linked(office) == {}


def test_tokens_are_read_from_the_keyboard_only(office: Any, dean: Any) -> None:
    words = ("zalo", "token", "zalooa", "--refresh", "-", "--by", "giang", "--access")

    refused, stored = typed((*words, "access-token-1"), TOKENS), typed((*words, "-"), TOKENS)

    assert (refused.exit_code, stored.exit_code, stored.stdout) == (2, 0, "Đã ghi token của Zalo OA.\n")
    assert "access-token-1" not in refused.output
    with office.store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT channel, access, refresh FROM channel_token").all()
    assert [tuple(row) for row in rows] == [("zalooa", "access-token-1", "refresh-token-1")]


@pytest.mark.parametrize(
    ("by", "stdin", "sentence"),
    [
        ("binh", TOKENS, "cần: Quản trị hệ thống."),
        ("giang", "", "Access token trống hoặc có ký tự lạ; hãy chép lại nguyên một dòng từ trang của Zalo."),
        ("giang", "access-token-1\n", "Refresh token trống hoặc có ký tự lạ;"),
    ],
)
def test_tokens_are_refused(office: Any, dean: Any, by: str, stdin: str, sentence: str) -> None:
    answer = typed(("zalo", "token", "zalooa", "--access", "-", "--refresh", "-", "--by", by), stdin)

    assert (answer.exit_code, answer.stdout) == (1, "")
    assert sentence in answer.stderr
    assert "access-token-1" not in answer.stderr


def test_status_shows_settings_links_and_the_end_of_tokens(office: Any, dean: Any, zalo: LoopbackZalo) -> None:
    dean.set(zalooa_url="zalooa://app")
    typed(("zalo", "token", "zalooa", "--access", "-", "--refresh", "-", "--by", "giang"), TOKENS)
    dean("zalo", "link", "binh", "--by", "binh")

    shown, printed = dean("zalo", "status", "--json").json, dean("zalo", "status")

    assert shown["channels"]["zalobot"] == []
    assert shown["channels"]["zalooa"] != []
    assert shown["channels"]["zalozns"] is None
    assert shown["links"] == {"linked": 0, "troubled": 0, "codes": 1}
    assert "Zalo Bot đã cấu hình" in printed.lines
    assert "Zalo ZNS chưa cấu hình" in printed.lines
    assert "Token zalooa làm mới 03/06/2024 12:00, đến 04/06/2024" in printed.lines
    assert "0 tài khoản đã liên kết; 1 mã đang chờ." in printed.lines
    assert [secret for secret in (zalo.bot_token, "access-token-1") if secret in printed.out] == []


def test_settings_never_print_the_urls_of_channels(office: Any, dean: Any, zalo: LoopbackZalo) -> None:
    printed = dean("settings")

    [shown] = [line for line in printed.lines if line.startswith("DEAN_ZALOBOT_URL")]
    assert shown.startswith("DEAN_ZALOBOT_URL (đã đặt, không in) môi trường")
    assert zalo.bot_token not in printed.out
