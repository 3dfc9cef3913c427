"""Talking to a mail server: one mail, one recipient, and what exactly became of it."""

import contextlib
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from notifications.discretion import discreet
from notifications.outcome import Delivery, Outcome
from notifications.smtp_settings import Security, SmtpSettings

# How long we wait for the answer to QUIT: the mail is delivered by then, and only manners are left.
_FAREWELL_SECONDS = 2.0
_LONGEST_REPLY = 200

_ENHANCED_CODE = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")
_LEADING_DOT = re.compile(rb"(?m)^\.")


class Step(StrEnum):
    """How far the conversation has come, in the words that go into the operator's sentence."""

    PREPARE = "trước khi kết nối"
    CONNECT = "khi kết nối"
    PROTECT = "khi thiết lập mã hoá"
    LOGIN = "khi đăng nhập"
    SENDER = "địa chỉ người gửi"
    RECIPIENT = "địa chỉ người nhận"
    START = "khi bắt đầu nhận nội dung"
    CONTENT = "nội dung thư"


@dataclass(frozen=True)
class Reply:
    """What the server said: the three-digit code and its text, addresses and credentials included."""

    code: int
    text: str

    @property
    def enhanced(self) -> str | None:
        """The enhanced status code (RFC 3463) at the head of the text, such as 5.1.1."""
        found = _ENHANCED_CODE.match(self.text)
        return found[1] if found else None

    @property
    def codes(self) -> str:
        return f"{self.code} {self.enhanced}" if self.enhanced else str(self.code)


def judge(step: Step, reply: Reply) -> Outcome:
    """Say what a refusal at this step means; the reply is not the one we hoped for."""
    if 400 <= reply.code < 500:
        return Outcome.RETRY
    if not 500 <= reply.code < 600:
        # Not SMTP: before the content nothing can have been taken, afterwards nobody knows.
        return Outcome.UNKNOWN if step is Step.CONTENT else Outcome.RETRY
    if reply.enhanced == "5.4.5":
        # RFC 3463 calls it congestion; large providers answer so when the day's sending limit is used up.
        return Outcome.QUOTA
    if reply.code in {530, 535, 538}:
        # RFC 4954: log in first, or better. Every other recipient would be answered the same.
        return Outcome.CONFIG
    if step is Step.SENDER and (reply.code == 552 or reply.enhanced == "5.3.4"):
        # RFC 1870: the announced size is refused here already; the sender is in order.
        return Outcome.PERMANENT
    if step is Step.RECIPIENT:
        return Outcome.RECIPIENT
    return Outcome.PERMANENT if step in {Step.START, Step.CONTENT} else Outcome.CONFIG


def transmit(mail: bytes, recipient: str, settings: SmtpSettings) -> Delivery:
    """Hand one mail over for one recipient and report what became of it; a refusal never raises."""
    conversation = _Conversation(settings)
    try:
        reply = conversation.hand_over(mail, recipient)
    except smtplib.SMTPResponseException as refused:
        reply = _reply(refused.smtp_code, refused.smtp_error)
        outcome, code = judge(conversation.step, reply), reply.codes
        told = f"Máy chủ thư từ chối {conversation.step}: {reply.code} {reply.text}"
    except (smtplib.SMTPException, OSError) as broken:
        outcome, code, told = _explain(broken, conversation.step)
    else:
        outcome, code, told = Outcome.OK, reply.codes, f"Máy chủ thư đã nhận: {reply.text}"
    finally:
        conversation.close()
    return Delivery(outcome=outcome, code=code, detail=_told(told, recipient, settings))


@dataclass
class _Conversation:
    """One connection that remembers how far it came: silence means "again" early and "unknown" late."""

    settings: SmtpSettings
    step: Step = Step.PREPARE
    client: smtplib.SMTP | None = field(default=None, repr=False)

    def hand_over(self, mail: bytes, recipient: str) -> Reply:
        self.client = client = self._connected()
        size = [f"size={len(mail)}"] if client.has_extn("size") else []
        self.step = Step.SENDER
        _expect(2, client.mail(self.settings.sender_address, size))
        self.step = Step.RECIPIENT
        _expect(2, client.rcpt(recipient))
        self.step = Step.START
        _expect(3, client.docmd("data"))
        # From the first byte on silence means unknown: how much of it the server read, nobody can tell.
        self.step = Step.CONTENT
        client.send(_LEADING_DOT.sub(b"..", mail) + b".\r\n")
        return _expect(2, client.getreply())

    def _connected(self) -> smtplib.SMTP:
        settings = self.settings
        # Loaded before anything is said: a missing certificate file is our mistake, not the server's.
        context = None if settings.security is Security.PLAIN else settings.tls_context
        self.step = Step.CONNECT
        opened = smtplib.SMTP if settings.security is not Security.TLS else partial(smtplib.SMTP_SSL, context=context)
        self.client = client = opened(
            settings.host, settings.port, local_hostname=settings.helo, timeout=settings.timeout
        )
        client.ehlo_or_helo_if_needed()
        if settings.security is Security.STARTTLS:
            self.step = Step.PROTECT
            client.starttls(context=context)
            client.ehlo_or_helo_if_needed()
        if settings.user is not None and settings.password is not None:
            self.step = Step.LOGIN
            client.login(settings.user, settings.password)
        return client

    def close(self) -> None:
        """Take leave; whatever goes wrong now changes nothing about the mail."""
        if self.client is None:
            return
        with contextlib.suppress(smtplib.SMTPException, OSError):
            if self.client.sock is not None:
                self.client.sock.settimeout(_FAREWELL_SECONDS)
                self.client.quit()
        self.client.close()


def _expect(hundreds: int, answer: tuple[int, bytes]) -> Reply:
    code, text = answer
    if code // 100 != hundreds:
        raise smtplib.SMTPResponseException(code, text)
    return _reply(code, text)


def _reply(code: int, text: bytes | str) -> Reply:
    spoken = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return Reply(code, " ".join(spoken.split()))


def _explain(broken: Exception, step: Step) -> tuple[Outcome, str, str]:
    """Say what it means that no SMTP reply came: outcome, code and sentence."""
    if step is Step.CONTENT:
        return (
            Outcome.UNKNOWN,
            "no-answer",
            "Đã gửi nội dung nhưng máy chủ thư không trả lời; thư có thể đã đến.",
        )
    if step is Step.PREPARE:
        return (
            Outcome.CONFIG,
            "ca-file",
            "Không đọc được tệp chứng thư gốc (tham số ca); hãy kiểm tra đường dẫn.",
        )
    if isinstance(broken, ssl.SSLCertVerificationError):
        told = "Chứng thư của máy chủ thư không hợp lệ; hãy thay, hoặc chỉ tệp chứng thư gốc bằng tham số ca."
        return Outcome.CONFIG, "certificate", told
    if isinstance(broken, ssl.SSLError) and not isinstance(broken, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return (
            Outcome.CONFIG,
            "tls",
            "Không thiết lập được mã hoá với máy chủ thư; hãy kiểm tra cổng và tham số mode.",
        )
    if not isinstance(broken, smtplib.SMTPException) or isinstance(broken, smtplib.SMTPServerDisconnected):
        return Outcome.RETRY, _silence(broken), f"Không liên lạc được với máy chủ thư {step}; sẽ thử lại."
    # What smtplib itself gives up on: the server does not offer what the settings ask for.
    if step is Step.PROTECT:
        return Outcome.CONFIG, "no-starttls", "Máy chủ thư không hỗ trợ STARTTLS; hãy sửa tham số mode."
    return Outcome.CONFIG, "no-login", "Máy chủ thư không có cách đăng nhập phù hợp; hãy kiểm tra mode và tài khoản."


def _silence(broken: Exception) -> str:
    names = {ConnectionRefusedError: "refused", TimeoutError: "timeout", socket.gaierror: "no-such-host"}
    return next((name for kind, name in names.items() if isinstance(broken, kind)), "dropped")


def _told(told: str, recipient: str, settings: SmtpSettings) -> str:
    """Hide who was meant: servers repeat addresses, mailbox names and users in their replies."""
    mailboxes = (address.rpartition("@")[0] for address in (recipient, settings.sender_address))
    return discreet(told, *mailboxes, settings.user or "", settings.password or "")[:_LONGEST_REPLY]
