import json
import logging
import socket
import threading
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message as Headers

import pytest

from notifications.demo_servers import HOST, Fault
from notifications.demo_zalo_http import Listener, Said
from notifications.message import Message
from notifications.outcome import Delivery, Outcome
from notifications.post import deliver

TOKEN = "Kh0ng-Ai-Biet"
TEXT = "Hạn nộp hồ sơ nghiệm thu: 10/8/2026.\n"
MESSAGE = Message(
    key="nhac:17:2",
    to_address="84901234567",
    to_name="Nguyễn Thị Hồng & Bách",
    subject="Đề án KC-2026-014 còn 3 ngày làm việc",
    text=TEXT,
    created_at=datetime(2026, 8, 5, 0, 30, tzinfo=UTC),
)


class Gateway:
    """An office's own gateway on loopback: keeps what is posted to it and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[str, Headers, bytes]] = []
        self.answers: list[Said | Fault] = []
        self.listener = Listener(0, self._take)

    @property
    def address(self) -> str:
        return f"{HOST}:{self.listener.server_port}"

    def _take(self, path: str, headers: Headers, body: bytes) -> Said | Fault:
        self.got.append((path, headers, body))
        return self.answers.pop(0) if self.answers else Said("{}")


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    running = Gateway()
    thread = threading.Thread(target=running.listener.serve_forever, args=(0.05,))
    thread.start()
    yield running
    running.listener.closing.set()
    running.listener.shutdown()
    running.listener.server_close()
    thread.join()


def test_json_gateway_gets_the_message_and_whom_it_is_for(gateway: Gateway) -> None:
    url = f"json://{gateway.address}/send/{{to}}?:phone={{to}}&:name={{name}}&:id={{key}}&+X-Token={TOKEN}"

    delivery = deliver(MESSAGE, url)

    ((path, headers, body),) = gateway.got
    spoken = json.loads(body)
    assert delivery == Delivery(
        outcome=Outcome.OK, code="yes", detail="Dịch vụ đã nhận tin; Apprise không cho biết gì thêm."
    )
    assert (path, headers["X-Token"]) == ("/send/84901234567", TOKEN)
    assert {name: spoken[name] for name in ("title", "message", "phone", "name", "id")} == {
        "title": MESSAGE.subject,
        "message": TEXT.rstrip(),
        "phone": "84901234567",
        "name": "Nguyễn Thị Hồng & Bách",
        "id": "nhac:17:2",
    }
    assert unicodedata.is_normalized("NFC", spoken["message"])


def test_xml_gateway_gets_the_message(gateway: Gateway) -> None:
    delivery = deliver(MESSAGE, f"xml://{gateway.address}/send")

    assert delivery.outcome is Outcome.OK
    assert MESSAGE.subject in gateway.got[0][2].decode()


@pytest.mark.parametrize("answer", [Said("no", 400), Said("busy", 503), Fault.DROP, Fault.HANG])
def test_whatever_goes_wrong_is_retry_and_never_tried_twice(gateway: Gateway, answer: Said | Fault) -> None:
    gateway.answers = [answer]

    delivery = deliver(MESSAGE, f"json://{gateway.address}/send?retry=3&optional=yes&rto=0.3")

    assert delivery == Delivery(
        outcome=Outcome.RETRY,
        code="no",
        detail="Dịch vụ không nhận tin hoặc không trả lời; Apprise không cho biết lý do, sẽ thử lại.",
    )
    assert len(gateway.got) == 1


def test_nobody_listening_is_retry() -> None:
    with socket.create_server((HOST, 0)) as closing:
        port = closing.getsockname()[1]

    assert deliver(MESSAGE, f"json://{HOST}:{port}").outcome is Outcome.RETRY


@pytest.mark.parametrize(
    "url", [f"nosuch://{TOKEN}@example.vn", "json://", f"mailtos://u:{TOKEN}@example.vn", f"zalo://{TOKEN}", "json:x"]
)
def test_url_that_cannot_be_used_is_config(url: str) -> None:
    delivery = deliver(MESSAGE, url)

    assert (delivery.outcome, delivery.code) == (Outcome.CONFIG, "channel-url")
    assert TOKEN not in delivery.detail


def test_nothing_of_the_url_or_the_message_reaches_the_logs(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)
    for name in ("apprise", "urllib3", "requests"):
        caplog.set_level(1, logger=name)
    url = f"json://{TOKEN}:{TOKEN}@{gateway.address}/{TOKEN}/{{to}}?-key={TOKEN}&+X-Token={TOKEN}&:phone={{to}}"
    gateway.answers = [Said(f"{TOKEN} {MESSAGE.to_address}", 500)]

    deliveries = [deliver(MESSAGE, url), deliver(MESSAGE, url), deliver(MESSAGE, f"nosuch://{TOKEN}")]
    logging.getLogger("apprise").warning("heard again")
    told = caplog.text + repr(deliveries)

    assert [each.outcome for each in deliveries] == [Outcome.RETRY, Outcome.OK, Outcome.CONFIG]
    assert [each for each in (TOKEN, "901234567", "KC-2026", "Hồng") if each in told] == []
    assert "heard again" in caplog.text
