"""The demonstration mail server comes and goes at any moment."""

import threading
from typing import Any

import pytest

from notifications.demo_servers import LoopbackSmtp


def test_server_closed_at_once_ends_without_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    faults: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", faults.append)

    for _ in range(200):
        with LoopbackSmtp():
            pass

    assert faults == []
