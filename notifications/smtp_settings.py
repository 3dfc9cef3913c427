"""Which mail server carries our mail and how: one URL, as it stands in the settings."""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urlsplit

from notifications.message import BadMessage, mail_address, one_line
from notifications.outcome import BadChannel

# The underscore is for the machine names of Windows networks.
_LABEL = r"\w(?:[\w-]{0,61}\w)?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*", re.ASCII)
_MAILBOX = re.compile(r"\s*(?:\"(?P<quoted>[^\"]*)\"|(?P<plain>[^<>]*?))\s*<(?P<address>[^<>]*)>\s*")
_PARAMETERS = frozenset({"from", "mode", "starttls", "verify", "ca", "timeout", "helo"})
_YES = frozenset({"1", "yes", "true", "on"})
_NO = frozenset({"0", "no", "false", "off"})
_DEFAULT_TIMEOUT_SECONDS = 30.0
_MAX_TIMEOUT_SECONDS = 600.0


class Security(StrEnum):
    """How the connection to the mail server is protected."""

    PLAIN = "plain"
    """Not at all: for a server on the same machine or wire."""

    STARTTLS = "starttls"
    """Upgraded before anything is said; a server that does not offer it is not spoken to in clear."""

    TLS = "tls"
    """Encrypted from the first byte (`smtps://`)."""


_DEFAULT_PORT: Mapping[Security, int] = {Security.PLAIN: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True, kw_only=True)
class SmtpSettings:
    """A mail server and the mailbox we write from; what must stay secret is not in the repr."""

    host: str
    port: int
    security: Security
    sender_address: str = field(repr=False)
    sender_name: str = field(default="", repr=False)
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    verify: bool = True
    ca_file: str | None = None
    timeout: float = _DEFAULT_TIMEOUT_SECONDS
    helo: str = "localhost"
    """How we introduce ourselves (the sender's domain). Given, because smtplib would ask the name server and wait."""

    @classmethod
    def from_url(cls, url: str) -> "SmtpSettings":
        """Read `smtp://user:password@host:port?from=Name <a@b>` or `smtps://…`; raises BadChannel.

        Parameters: `from` (or the user, when that is an address), `mode=plain|starttls|tls`, `starttls=1`,
        `verify=no` (any certificate), `ca=FILE`, `timeout=SECONDS` (for each step), `helo=NAME`. Names and
        passwords are percent-encoded where they contain `@ : / ? # & %`; a plus sign is a plus sign.
        """
        parts = _split(url)
        asked = _parameters(parts.query)
        user = unquote(parts.username) if parts.username else None
        password = unquote(parts.password) if parts.password else None
        if not (user or "").isascii() or not (password or "").isascii():
            raise BadChannel("Tên đăng nhập và mật khẩu máy chủ thư chỉ được gồm ký tự không dấu; hãy đặt lại.")
        if (user is None) != (password is None):
            raise BadChannel("Máy chủ thư cần cả tên đăng nhập lẫn mật khẩu, hoặc bỏ cả hai.")
        security = _security(parts.scheme, asked)
        name, address = _sender(asked.get("from"), user)
        return cls(
            host=_host(parts.hostname),
            port=_port(parts) or _DEFAULT_PORT[security],
            security=security,
            sender_address=address,
            sender_name=name,
            user=user,
            password=password,
            verify=_yes_or_no(asked, "verify", default=True),
            ca_file=asked.get("ca"),
            timeout=_timeout(asked.get("timeout")),
            helo=_host(asked.get("helo", address.rpartition("@")[2])),
        )

    @property
    def tls_context(self) -> ssl.SSLContext:
        """The TLS rules for this server; raises OSError when the certificate file cannot be read."""
        return _tls_context(self.verify, self.ca_file)


@lru_cache(maxsize=8)
def _tls_context(verify: bool, ca_file: str | None) -> ssl.SSLContext:
    # Kept, because reading the certificates of the system takes longer than sending a mail.
    context = ssl.create_default_context(cafile=ca_file)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _split(url: str) -> SplitResult:
    try:
        parts: SplitResult | None = urlsplit(url)
    except ValueError:
        parts = None
    # Raised out here, because the error of urlsplit quotes the URL and would travel along as the context.
    if parts is None or parts.scheme not in {"smtp", "smtps"} or not parts.netloc:
        raise BadChannel("Địa chỉ máy chủ thư phải có dạng smtp://máy-chủ:cổng?from=… hoặc smtps://….")
    if parts.fragment or parts.path not in {"", "/"}:
        raise BadChannel("Trong địa chỉ máy chủ thư, ký tự # / ? @ của mật khẩu phải viết %23 %2F %3F %40.")
    return parts


def _port(parts: SplitResult) -> int | None:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise BadChannel("Cổng của máy chủ thư phải là số từ 1 đến 65535 (ký tự : trong mật khẩu viết %3A).")
    return port


def _host(value: str | None) -> str:
    if not value or not _HOST.fullmatch(value):
        raise BadChannel("Tên máy chủ thư còn trống hoặc sai; hãy ghi tên miền hoặc địa chỉ IP.")
    return value


def _parameters(query: str) -> dict[str, str]:
    """Read the parameters without turning plus signs into spaces: addresses may contain them."""
    asked: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        if name not in _PARAMETERS or name in asked:
            raise BadChannel(
                "Địa chỉ máy chủ thư có tham số lạ hoặc lặp lại; chỉ dùng: " + ", ".join(sorted(_PARAMETERS)) + "."
            )
        asked[name] = unquote(value)
    return asked


def _security(scheme: str, asked: Mapping[str, str]) -> Security:
    wishes = {Security.TLS} if scheme == "smtps" else set()
    if _yes_or_no(asked, "starttls", default=False):
        wishes.add(Security.STARTTLS)
    if "mode" in asked:
        if asked["mode"] not in set(Security):
            raise BadChannel("Tham số mode của máy chủ thư chỉ nhận: " + ", ".join(Security) + ".")
        wishes.add(Security(asked["mode"]))
    if len(wishes) > 1:
        raise BadChannel(
            "Địa chỉ máy chủ thư yêu cầu hai cách bảo mật khác nhau; chỉ giữ một trong smtps, starttls, mode."
        )
    return wishes.pop() if wishes else Security.PLAIN


def _yes_or_no(asked: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = asked.get(name)
    if value is None:
        return default
    if value.lower() not in _YES | _NO:
        raise BadChannel(f"Tham số {name} của máy chủ thư chỉ nhận yes hoặc no.")
    return value.lower() in _YES


def _timeout(value: str | None) -> float:
    if value is None:
        return _DEFAULT_TIMEOUT_SECONDS
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", value) or not 0 < float(value) <= _MAX_TIMEOUT_SECONDS:
        raise BadChannel("Tham số timeout của máy chủ thư là số giây, lớn hơn 0 và không quá 600.")
    return float(value)


def _sender(value: str | None, user: str | None) -> tuple[str, str]:
    """Read who writes: `Name <address>`, a bare address, or the user when that is an address."""
    wanted = value or (user if user and "@" in user else None)
    if wanted is None:
        raise BadChannel("Thiếu người gửi: hãy thêm ?from=Tên cơ quan <địa-chỉ> vào địa chỉ máy chủ thư.")
    boxed = _MAILBOX.fullmatch(wanted)
    name, address = (boxed["quoted"] or boxed["plain"] or "", boxed["address"]) if boxed else ("", wanted)
    try:
        return one_line(name, "Tên người gửi"), mail_address(address, "Địa chỉ người gửi")
    except BadMessage as refused:
        raise BadChannel(str(refused)) from None
