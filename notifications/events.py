"""Events to a subscriber: one signed POST, no redirects, one limit of time; what became of it decides the rest."""

import hmac
import io
import re
import socket
from collections.abc import Sequence
from ssl import SSLError, create_default_context
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from notifications.outcome import Delivery, Outcome
from notifications.targets import Allowed, BadTarget, Endpoint, checked

#: Seconds for a whole delivery: the name, the connection, the event and the first line of the answer.
TIMEOUT = 8.0
#: Bytes of an answer that are read at most; what follows its first line is nobody's concern.
MOST_READ = 16 * 1024
SIGNATURE = "X-Dean-Signature"
_PORTS = {"http": 80, "https": 443}
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)(?: .*)?\r?\n", re.DOTALL)


def signature(secret: str, body: bytes, *, timestamp: int) -> str:
    """What the receiver compares: `t` must be recent, `v1` is the HMAC-SHA256 of `t`, a dot and the body."""
    signed = hmac.digest(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hex()
    return f"t={timestamp},v1={signed}"


def post_event(
    url: str, secret: str, *, key: str, body: bytes, timestamp: int, allowed: Allowed, timeout: float = TIMEOUT
) -> Delivery:
    """Hand an event over once. `key` is the same for the same event, so that the receiver knows a repetition.

    Where the address leads is judged now, whatever it led to when it was entered, and what was judged is connected to.
    """
    parts, until = urlsplit(url), monotonic() + timeout
    assert parts.hostname is not None, "the address was checked when it was entered"
    signed = {"X-Dean-Event": key, SIGNATURE: signature(secret, body, timestamp=timestamp)}
    try:
        port = parts.port or _PORTS[parts.scheme]
        targets = checked(parts.hostname, port, allowed, seconds=timeout)
        connection = _connected(parts, targets, until)
    except BadTarget as refused:
        return Delivery(outcome=Outcome.RETRY, code="private", detail=str(refused))
    except OSError as broken:
        return _not_connected(broken)
    with connection:
        try:
            connection.settimeout(_left(until))
            connection.sendall(_request(parts, signed, body))
            return _judged(_status(connection, until))
        except (OSError, ValueError):
            # From the first byte on silence means unknown; the receiver knows a repetition by its key.
            told = "Đã gửi nhưng nơi nhận không trả lời trọn vẹn; sẽ gửi lại cùng mã sự kiện."
            return Delivery(outcome=Outcome.UNKNOWN, code="no-answer", detail=told)


def _left(until: float) -> float:
    """The seconds that are left. Raises TimeoutError for none."""
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _connected(parts: SplitResult, targets: Sequence[Endpoint], until: float) -> socket.socket:
    """Connect to the first target that answers; the certificate must be that of the name."""
    broken: OSError = ConnectionError("the name has no address")
    for target in targets:
        plain = socket.socket(target.family, socket.SOCK_STREAM)
        try:
            plain.settimeout(_left(until))
            plain.connect(target.address)
            if parts.scheme == "http":
                return plain
            return create_default_context().wrap_socket(plain, server_hostname=parts.hostname)
        except OSError as failed:
            plain.close()
            broken = failed
    raise broken


def _request(parts: SplitResult, more: dict[str, str], body: bytes) -> bytes:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(body)),
        "User-Agent": "dean-webhook/1",
        "Connection": "close",
    } | more
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


class _Answer(io.RawIOBase):
    """What comes back, as long as there is time, and no more than is of use."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection, self._until, self._more = connection, until, MOST_READ

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        if self._more <= 0:
            raise ValueError("the answer has no end")
        self._connection.settimeout(_left(self._until))
        read = self._connection.recv_into(buffer, min(len(buffer), self._more))
        self._more -= read
        return read


def _status(connection: socket.socket, until: float) -> int:
    """The status of the answer, after any that only announces one. Raises ValueError for what is no answer."""
    with io.BufferedReader(_Answer(connection, until), 1024) as answer:
        while True:
            found = _STATUS.fullmatch(answer.readline(MOST_READ))
            if found is None:
                raise ValueError("no answer of HTTP")
            if (status := int(found[1])) >= 200:
                return status
            while answer.readline(MOST_READ).strip():
                pass


def _not_connected(broken: Exception) -> Delivery:
    """Nothing was sent. Also a wrong certificate is tried again: only the receiver can mend it."""
    if isinstance(broken, SSLError):
        return Delivery(outcome=Outcome.RETRY, code="tls", detail="Không thiết lập được kết nối mã hóa với nơi nhận.")
    code = "timeout" if isinstance(broken, TimeoutError) else "no-connection"
    return Delivery(outcome=Outcome.RETRY, code=code, detail="Không kết nối được với nơi nhận; sẽ thử lại.")


def _judged(status: int) -> Delivery:
    if 200 <= status < 300:
        return Delivery(outcome=Outcome.OK, code=str(status), detail="Nơi nhận đã nhận.")
    if 300 <= status < 400:
        told = f"Nơi nhận chuyển hướng (HTTP {status}); webhook không đi theo chuyển hướng, hãy sửa địa chỉ."
        return Delivery(outcome=Outcome.RETRY, code=str(status), detail=told)
    return Delivery(outcome=Outcome.RETRY, code=str(status), detail=f"Nơi nhận trả lời HTTP {status}; sẽ thử lại.")
