"""One HTTP request to Zalo, and how far it came when no answer returns.

http.client and not a library on top of it: only here can be told whether anything was written before the
silence, and nothing is sent twice, followed elsewhere or logged.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from urllib.parse import urlsplit

from notifications.outcome import BadChannel, Delivery, Outcome

# The longest answer we read; what Zalo says fits in one kilobyte, a page of a proxy is cut off.
_LONGEST_ANSWER = 64 * 1024


@dataclass(frozen=True)
class BaseUrl:
    """Where a service lives; its requests go to paths below."""

    host: str
    port: int
    secure: bool
    path: str = ""

    @classmethod
    def parse(cls, value: str) -> "BaseUrl":
        """Read `https://host[:port][/path]`; raises BadChannel.

        Plain http is taken for this machine only: with the first request a token would travel in clear.
        """
        try:
            parts, port = urlsplit(value), urlsplit(value).port
        except ValueError:
            parts, port = urlsplit(""), None
        host = parts.hostname or ""
        plain = bool(host) and host.replace("-", "").replace(".", "").replace(":", "").isalnum() and host.isascii()
        if parts.scheme not in {"http", "https"} or not plain or "@" in parts.netloc or parts.query or parts.fragment:
            raise BadChannel("Địa chỉ máy chủ Zalo (base, oauth) phải có dạng https://tên-máy-chủ.")
        if port == 0 or any(character.isspace() or not character.isprintable() for character in parts.path):
            raise BadChannel("Địa chỉ máy chủ Zalo (base, oauth) có cổng hoặc đường dẫn sai; hãy sửa lại.")
        secure = parts.scheme == "https"
        if not secure and not _is_this_machine(host):
            raise BadChannel("Địa chỉ máy chủ Zalo phải dùng https; http chỉ dùng được với máy này (127.0.0.1).")
        return cls(host, port or (443 if secure else 80), secure, parts.path.rstrip("/"))


@dataclass(frozen=True)
class Answer:
    """What came back, as it came."""

    status: int
    body: bytes = field(repr=False)


class NoAnswer(Exception):  # noqa: N818  # the name says what happened
    """Nothing usable came back; the delivery says whether the request may have been taken."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery.detail)
        self.delivery = delivery


def post(base: BaseUrl, path: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Answer:
    """Send one request and wait for the answer, `timeout` seconds for each step; raises NoAnswer."""
    connection = _connected(base, timeout)
    try:
        connection.request("POST", base.path + path, body=body, headers={"Connection": "close", **headers})
        response = connection.getresponse()
        return Answer(response.status, response.read(_LONGEST_ANSWER))
    except (OSError, HTTPException):
        # From the first byte on silence means unknown: how much of it the server read, nobody can tell.
        told = "Đã gửi yêu cầu nhưng Zalo không trả lời; tin có thể đã đến."
    finally:
        connection.close()
    raise NoAnswer(Delivery(outcome=Outcome.UNKNOWN, code="no-answer", detail=told))


def _connected(base: BaseUrl, timeout: float) -> HTTPConnection:
    connection = (
        HTTPSConnection(base.host, base.port, timeout=timeout, context=_tls_context())
        if base.secure
        else HTTPConnection(base.host, base.port, timeout=timeout)
    )
    try:
        connection.connect()
    except OSError as broken:
        failed = _not_connected(broken)
    else:
        return connection
    connection.close()
    raise NoAnswer(failed)


def _not_connected(broken: OSError) -> Delivery:
    """Say why there is no connection; nothing was sent, so nothing can have been taken."""
    if isinstance(broken, ssl.SSLCertVerificationError):
        told = "Chứng thư của máy chủ Zalo không hợp lệ; hãy kiểm tra tham số base hoặc máy chủ trung gian."
        return Delivery(outcome=Outcome.CONFIG, code="certificate", detail=told)
    if isinstance(broken, ssl.SSLError) and not isinstance(broken, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        told = "Không thiết lập được mã hoá với máy chủ Zalo; hãy kiểm tra tham số base."
        return Delivery(outcome=Outcome.CONFIG, code="tls", detail=told)
    code = "refused" if isinstance(broken, ConnectionRefusedError) else "no-connection"
    code = "timeout" if isinstance(broken, TimeoutError) else code
    told = "Không kết nối được với máy chủ Zalo; sẽ thử lại."
    return Delivery(outcome=Outcome.RETRY, code=code, detail=told)


@lru_cache(maxsize=1)
def _tls_context() -> ssl.SSLContext:
    # Kept, because reading the certificates of the system takes longer than a message.
    return ssl.create_default_context()


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
