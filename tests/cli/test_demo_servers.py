"""Servers on this machine that show what arrives, run as a newcomer runs them."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from notifications.demo_servers import HOST
from notifications.message import Message
from notifications.outcome import Outcome
from notifications.post import deliver

MESSAGE = Message(
    key="thu:1",
    to_address="an@sct.example",
    to_name="Nguyễn Văn An",
    subject="Hai việc khuyến công",
    text="Kính gửi anh An,\n\nHai việc đến hạn.\n",
    created_at=datetime(2026, 8, 5, tzinfo=UTC),
)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    words = ["demo-servers", "--smtp-port", "0", "--zalo-port", "0"]
    program = [sys.executable, "-c", "from cli.main import main; main()", *words]
    plain = {name: value for name, value in os.environ.items() if not name.startswith("DEAN_")}
    running = subprocess.Popen(
        program,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=plain | {"DEAN_HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=tmp_path,
    )
    yield running
    running.kill()
    running.communicate()


def _until(running: subprocess.Popen[str], last: str) -> str:
    """What is printed up to the line that holds `last`."""
    assert running.stdout is not None
    found = ""
    for line in running.stdout:
        found += line
        if last in line:
            return found
    raise AssertionError(f"ended without {last!r}: {found}")


def _value(printed: str, name: str) -> str:
    [value] = re.findall(rf"(?:export|set) {name}='?([^'\n]+)'?$", printed, re.MULTILINE)
    return str(value)


def test_demo_servers_print_settings_and_what_arrives_until_they_are_stopped(servers: Any, tmp_path: Path) -> None:
    printed = _until(servers, "Dừng bằng Ctrl+C")

    delivery = deliver(MESSAGE, _value(printed, "DEAN_SMTP_URL"))
    arrived = _until(servers, "Hai việc đến hạn.")
    servers.send_signal(signal.SIGINT)
    ended, _ = servers.communicate(timeout=20)

    assert (delivery.outcome, servers.returncode) == (Outcome.OK, 0)
    assert "Đến: an@sct.example\nTiêu đề: Hai việc khuyến công\n" in arrived
    assert ended.strip() == "Đã dừng: nhận 1 thư, 0 tin Zalo."
    assert list(tmp_path.iterdir()) == []


def test_demo_servers_show_zalo_messages(servers: Any) -> None:
    printed = _until(servers, "Dừng bằng Ctrl+C")
    url = _value(printed, "DEAN_ZALOBOT_URL")
    stranger = deliver(replace(MESSAGE, to_address="demo-chat-01"), url)
    [base] = re.findall(r"(http://\S+)/demo/write", printed)
    _write(base, '{"chat_id": "demo-chat-01", "text": "xin chào"}')

    known = deliver(replace(MESSAGE, to_address="demo-chat-01"), url)
    arrived = _until(servers, "Hai việc đến hạn.")

    assert (stranger.outcome, known.outcome) == (Outcome.PERMANENT, Outcome.OK)
    assert "── Tin Zalo 1 (bot)\nĐến: demo-chat-01\n" in arrived


def _write(base: str, body: str) -> None:
    with urlopen(f"{base}/demo/write", body.encode(), timeout=10) as answer:
        assert answer.status == 200


def test_demo_servers_say_that_a_port_is_taken(dean: Any) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]

        mail = dean("demo-servers", "--smtp-port", str(port), "--zalo-port", "0")
        zalo = dean("demo-servers", "--smtp-port", "0", "--zalo-port", str(port))

    said = f"Không mở được cổng {port} (đang có chương trình khác dùng?); hãy chọn cổng khác: --%s-port 0.\n"
    assert (mail.code, mail.err) == (1, said % "smtp")
    assert (zalo.code, zalo.err) == (1, said % "zalo")
