"""Events to a subscriber: one signed POST, no redirects, short time-outs; what became of it decides what follows."""

import hmac
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ssl import SSLError, create_default_context
from urllib.parse import urlsplit

from notifications.outcome import Delivery, Outcome

#: Seconds for connecting, and for each silence after it.
TIMEOUT = 8.0
SIGNATURE = "X-Dean-Signature"


def signature(secret: str, body: bytes, *, timestamp: int) -> str:
    """What the receiver compares: `t` must be recent, `v1` is the HMAC-SHA256 of `t`, a dot and the body."""
    signed = hmac.digest(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hex()
    return f"t={timestamp},v1={signed}"


def post_event(url: str, secret: str, *, key: str, body: bytes, timestamp: int, timeout: float = TIMEOUT) -> Delivery:
    """Hand an event over once. `key` is the same for the same event, so that the receiver knows a repetition."""
    parts = urlsplit(url)
    assert parts.hostname is not None, "the address was checked when it was entered"
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "dean-webhook/1",
        "Connection": "close",
        "X-Dean-Event": key,
        SIGNATURE: signature(secret, body, timestamp=timestamp),
    }
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _connected(parts.scheme, parts.hostname, parts.port, timeout)
    except (OSError, HTTPException) as broken:
        return _not_connected(broken)
    try:
        connection.request("POST", path, body=body, headers=headers)
        return _judged(connection.getresponse().status)
    except (OSError, HTTPException, ValueError):
        # From the first byte on silence means unknown; the receiver knows a repetition by its key.
        told = "Đã gửi nhưng nơi nhận không trả lời trọn vẹn; sẽ gửi lại cùng mã sự kiện."
        return Delivery(outcome=Outcome.UNKNOWN, code="no-answer", detail=told)
    finally:
        connection.close()


def _connected(scheme: str, host: str, port: int | None, timeout: float) -> HTTPConnection:
    connection = (
        HTTPSConnection(host, port, timeout=timeout, context=create_default_context())
        if scheme == "https"
        else HTTPConnection(host, port, timeout=timeout)
    )
    try:
        connection.connect()
    except BaseException:
        connection.close()
        raise
    return connection


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
