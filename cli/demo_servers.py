"""`dean demo-servers`: a mail server and a Zalo on this machine, so that a newcomer sees real messages arrive."""

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

import click

from cli.lazy import Command
from cli.typed import whole_number
from states.refusal import Refused

if TYPE_CHECKING:
    from notifications.demo_servers import ArrivedMail, LoopbackSmtp
    from notifications.demo_zalo import ArrivedZalo, LoopbackZalo

#: How much of a text is shown; the links that follow are the reader's own.
_FIRST_LINES = 12
_SENDER = "Sở Công Thương (thử) <khuyencong@demo.example>"
_PORT = whole_number("Cổng", 0, 65_535)


@click.command(cls=Command)
@click.option("--smtp-port", metavar="CỔNG", type=_PORT, default=2525, help="Cổng thư (mặc định 2525; 0: cổng trống).")
@click.option("--zalo-port", metavar="CỔNG", type=_PORT, default=8322, help="Cổng Zalo (mặc định 8322; 0: cổng trống).")
def demo_servers(smtp_port: int, zalo_port: int) -> None:
    """Chạy máy chủ thư và Zalo minh họa trên máy này, in mỗi tin nhận được; dừng bằng Ctrl+C.

    Không gửi gì ra ngoài, không cần tài khoản. Lệnh in sẵn các biến cấu hình để dùng ở cửa sổ khác.
    """
    inbox = _Inbox()
    try:
        with _mail_server(smtp_port, inbox) as mail, _zalo_server(zalo_port, inbox) as zalo:
            _print_settings(mail, zalo)
            _wait()
    except ModuleNotFoundError as missing:
        # The server belongs to the tools of development; an office that only works with the register has none.
        raise Refused(f"Máy chủ thư minh họa cần gói {missing.name}; hãy cài: pip install {missing.name}.") from None
    click.echo(f"Đã dừng: nhận {inbox.mails} thư, {inbox.messages} tin Zalo.")


class _Inbox:
    """Prints what arrives, one message at a time; servers call it from their own threads."""

    def __init__(self) -> None:
        self.mails = self.messages = 0
        self._lock = threading.Lock()

    def mail(self, arrived: "ArrivedMail") -> None:
        parsed = arrived.parsed
        body = parsed.get_body(("plain",))
        heads = [
            ("Từ", str(parsed["From"])),
            ("Đến", ", ".join(arrived.recipients)),
            ("Tiêu đề", str(parsed["Subject"])),
            ("Mã thư", str(parsed["Message-ID"])),
        ]
        with self._lock:
            self.mails += 1
            _print_message(f"Thư {self.mails}", heads, str(body.get_content()) if body else "")

    def message(self, arrived: "ArrivedZalo") -> None:
        text = arrived.text or "\n".join(f"{name}: {value}" for name, value in arrived.values.items())
        with self._lock:
            self.messages += 1
            _print_message(f"Tin Zalo {self.messages} ({arrived.service})", [("Đến", arrived.recipient)], text)


def _print_message(title: str, heads: list[tuple[str, str]], text: str) -> None:
    lines = [each for each in text.splitlines() if each.strip()]
    shown = [f"── {title}", *(f"{name}: {value}" for name, value in heads)]
    shown += [f"  │ {each}".rstrip() for each in lines[:_FIRST_LINES]]
    shown += [f"  │ … còn {len(lines) - _FIRST_LINES} dòng"] if len(lines) > _FIRST_LINES else []
    click.echo("\n".join([*shown, ""]))


def _mail_server(port: int, inbox: _Inbox) -> "LoopbackSmtp":
    from notifications.demo_servers import LoopbackSmtp

    try:
        return LoopbackSmtp(port=port, on_mail=inbox.mail)
    except OSError as taken:
        raise _no_port(port, "--smtp-port") from taken


def _zalo_server(port: int, inbox: _Inbox) -> "LoopbackZalo":
    from notifications.demo_zalo import LoopbackZalo

    try:
        return LoopbackZalo(port=port, clock=time.time, on_message=inbox.message)
    except OSError as taken:
        raise _no_port(port, "--zalo-port") from taken


def _no_port(port: int, option: str) -> Refused:
    return Refused(f"Không mở được cổng {port} (đang có chương trình khác dùng?); hãy chọn cổng khác: {option} 0.")


def _print_settings(mail: "LoopbackSmtp", zalo: "LoopbackZalo") -> None:
    settings = {
        "DEAN_SMTP_URL": mail.url(_SENDER),
        "DEAN_NOTIFY_MODE": "redirect",
        "DEAN_NOTIFY_REDIRECT": "toi@demo.example",
        "DEAN_ZALOBOT_URL": zalo.bot_url(),
        "DEAN_ZALOOA_URL": zalo.oa_url(),
    }
    click.echo("Máy chủ minh họa đang chạy trên máy này, không gửi gì ra ngoài. Ở cửa sổ lệnh khác, hãy đặt:\n")
    for name, value in settings.items():
        click.echo(f"  set {name}={value}" if os.name == "nt" else f"  export {name}='{value}'")
    click.echo(
        "\nrồi thử: dean notify test MÃ · dean remind --dry-run · dean remind · dean outbox send\n"
        "Tin Zalo chỉ đến ở chế độ live, với sổ của đơn vị (không phải sổ minh họa). Đóng vai người nhắn cho bot:\n"
        f"""  curl -d '{{"chat_id": "demo-chat-01", "text": "DEAN …"}}' {zalo.base}/demo/write\n"""
        "Dừng bằng Ctrl+C.\n"
    )


def _wait() -> None:
    """Wait for Ctrl+C or the end of the session, in short turns: on Windows an endless wait does not hear it."""
    for each in (signal.SIGINT, signal.SIGTERM):
        # A shell that starts us in the background makes us deaf to Ctrl+C.
        signal.signal(each, signal.default_int_handler)
    try:
        while True:
            time.sleep(0.5)
    except KeyboardInterrupt:
        click.echo("")
